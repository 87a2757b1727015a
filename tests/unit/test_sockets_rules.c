/* host/net: each way around the rules that a host may try by WIPsoft's sockets (README.md of
 * host/net). */
#include "socket_test.h"

#include <ifaddrs.h>

#include "codec/dns.h"
#include "codec/ip.h"

/* ---- what is not ---------------------------------------------------------------------- */

/* Each leads to the listening socket in another stack, or would to the world. */
static const struct {
	const char *host;
	int port; /* 0: that of the socket */
	enum socket_end why;
} ways_out[] = {
	{ "127.0.0.1", 0, SOCKET_UNREACHABLE },
	{ "127.8.8.8", 0, SOCKET_UNREACHABLE },
	{ "0.0.0.0", 0, SOCKET_UNREACHABLE },
	{ "10.0.2.2", 0, SOCKET_UNREACHABLE },
	{ "10.0.2.3", 0, SOCKET_UNREACHABLE },
	{ "10.0.2.101", 80, SOCKET_UNREACHABLE },
	{ "10.0.2.255", 0, SOCKET_UNREACHABLE },
	{ "192.0.2.53", 53, SOCKET_UNREACHABLE }, /* a name server of the network */
	{ "10.0.2.100", 0, SOCKET_UNREACHABLE },
	{ "plc", 0, SOCKET_UNREACHABLE },
	{ "plc", 81, SOCKET_UNREACHABLE },
	{ "169.254.169.254", 80, SOCKET_UNREACHABLE },
	{ "224.0.0.251", 5353, SOCKET_UNREACHABLE },
	{ "255.255.255.255", 0, SOCKET_UNREACHABLE },
	{ "127.1", 0, SOCKET_NO_NAME },
	{ "127.0.0.01", 0, SOCKET_NO_NAME },
	{ "2130706433", 0, SOCKET_NO_NAME },
	{ "0x7f000001", 0, SOCKET_NO_NAME },
	{ "127.0.0.0x1", 0, SOCKET_NO_NAME },
	{ ".", 0, SOCKET_NO_NAME },
	{ "plc..", 80, SOCKET_NO_NAME },
	{ " plc", 80, SOCKET_NO_NAME },
	{ "plc\t", 80, SOCKET_NO_NAME },
	{ "::1", 0, SOCKET_NO_NAME },
	{ "::ffff:127.0.0.1", 0, SOCKET_NO_NAME },
	{ "[::1]", 0, SOCKET_NO_NAME },
	{ "127.0.0.1:80", 0, SOCKET_NO_NAME },
	{ "plc:80", 80, SOCKET_NO_NAME },
};

static bool has_client(int listens)
{
	struct pollfd p = { .fd = listens, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

static void is_refused(
	enum socket_kind kind, const char *host, uint16_t port, enum socket_end why)
{
	if (socket_rig_opened(&r, 3, kind, host, port, 0) || r.of[3].why != why)
		fail_msg("%s:%u is %s", host, port,
			r.of[3].there ? "reached"
				      : name_of(socket_ends, (int)r.of[3].why));
	r.ports.close(r.ports.ctx, 3);
}

static void try_all(int listens, int hears, uint16_t port)
{
	size_t i;

	for (i = 0; i < sizeof(ways_out) / sizeof(ways_out[0]); i++) {
		uint16_t to = (uint16_t)(ways_out[i].port ? ways_out[i].port : port);

		is_refused(SOCKET_TCP, ways_out[i].host, to, ways_out[i].why);
		is_refused(SOCKET_UDP, ways_out[i].host, to, ways_out[i].why);
		assert_false(has_client(listens));
		assert_false(has_client(hears));
	}
}

/* A socket that hears at the same port. */
static int hears_at(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void nothing_else_of_the_machine_or_the_world_is_reached(void **state)
{
	uint16_t port;
	int listens = start(&port), hears = hears_at(port);

	(void)state;
	is_refused(SOCKET_TCP, "93.184.216.34", 443, SOCKET_UNREACHABLE);
	assert_non_null(strstr(r.logged,
		"--forward tcp:93.184.216.34:443=127.0.0.1:PORT, or --internet"));
	is_refused(SOCKET_TCP, "www.example.com", 80, SOCKET_NO_NAME);
	assert_non_null(strstr(
		r.logged, "\"www.example.com\", which is not a name here; to give it"));
	is_refused(SOCKET_TCP, "plc", 81, SOCKET_UNREACHABLE);
	assert_non_null(strstr(r.logged, "--forward tcp:plc:81="));
	/* of what is named, only that protocol */
	is_refused(SOCKET_UDP, "plc", 80, SOCKET_UNREACHABLE);
	is_refused(SOCKET_TCP, "plc", 90, SOCKET_UNREACHABLE);
	try_all(listens, hears, port);
	close(hears);
	finish(listens);
}

static void each_refusal_is_logged_once(void **state)
{
	uint16_t port;
	int listens = start(&port), i;
	size_t len;

	(void)state;
	is_refused(SOCKET_TCP, "nobody", 80, SOCKET_NO_NAME);
	is_refused(SOCKET_TCP, "192.0.2.1", 80, SOCKET_UNREACHABLE);
	len = strlen(r.logged);
	for (i = 0; i < 3; i++) {
		is_refused(SOCKET_TCP, "nobody", 80, SOCKET_NO_NAME);
		is_refused(SOCKET_TCP, "192.0.2.1", 80, SOCKET_UNREACHABLE);
	}
	assert_int_equal(strlen(r.logged), len);
	finish(listens);
}

/* ---- --internet ------------------------------------------------------------------------ */

/* A name server that says what the test wants. */
static struct {
	int fd;
	struct resolve_server at;
	unsigned questions;
	uint8_t addr[4];
	int code;
	char name[DNS_NAME];
} dns;

static void start_dns(void)
{
	uint16_t port;

	memset(&dns, 0, sizeof(dns));
	dns.fd = net_bind(SOCK_DGRAM, &port);
	dns.at = (struct resolve_server){ { 127, 0, 0, 1 }, port };
}

static void answer(void *ctx)
{
	uint8_t query[DNS_MAX], reply[DNS_MAX];
	struct dns_question q;
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(
		dns.fd, query, sizeof(query), 0, (struct sockaddr *)&from, &size);
	size_t len;
	int code;

	(void)ctx;
	assert_true(n > 0);
	assert_true(dns_read(query, (size_t)n, &q, &code));
	assert_int_equal(q.type, DNS_A);
	assert_true(q.recursion);
	strcpy(dns.name, q.name);
	dns.questions++;
	/* an answer to another question first: it is nobody's */
	query[0] ^= 1;
	len = dns_answer(query, &q, DNS_GOOD, (const uint8_t *)"\1\1\1\1", reply);
	sendto(dns.fd, reply, len, 0, (struct sockaddr *)&from, size);
	query[0] ^= 1;
	len = dns_answer(query, &q, dns.code, dns.code ? NULL : dns.addr, reply);
	sendto(dns.fd, reply, len, 0, (struct sockaddr *)&from, size);
}

static void says(const char *addr)
{
	assert_true(ip_addr_read(addr, strlen(addr), dns.addr));
}

static void the_loopback_stays_closed_with_internet(void **state)
{
	struct loop_fd *w;
	uint16_t port;
	int listens, hears, fd;

	(void)state;
	start_dns();
	listens = start_with(true, &dns.at, &port);
	hears = hears_at(port);
	dns.code = DNS_NO_NAME;
	w = loop_fd_new(r.loop, dns.fd, answer, NULL);
	try_all(listens, hears, port);
	/* nor does a name server get to see what may be an address */
	assert_int_equal(dns.questions, 0);
	/* and what is named goes on as before */
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	fd = client_of(listens);
	assert_int_equal(dns.questions, 0);
	close(fd);
	loop_fd_free(w);
	close(hears);
	close(dns.fd);
	finish(listens);
}

static void no_name_server_opens_the_loopback(void **state)
{
	static const char *const lies[] = { "127.0.0.1", "127.8.8.8", "0.0.0.0",
		"10.0.2.2", "10.0.2.3", "169.254.169.254", "192.0.2.53",
		"255.255.255.255" };
	struct loop_fd *w;
	uint16_t port;
	int listens, hears;
	size_t i;

	(void)state;
	start_dns();
	listens = start_with(true, &dns.at, &port);
	hears = hears_at(port);
	w = loop_fd_new(r.loop, dns.fd, answer, NULL);
	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		says(lies[i]);
		is_refused(SOCKET_TCP, "Rebind.Example.", port, SOCKET_UNREACHABLE);
		assert_string_equal(dns.name, "rebind.example");
		is_refused(SOCKET_UDP, "rebind.example", port, SOCKET_UNREACHABLE);
	}
	assert_int_equal(dns.questions, 2 * i);
	assert_false(has_client(listens));
	assert_false(has_client(hears));
	/* the address of a name is that name, with its ports */
	says("10.0.2.100");
	is_refused(SOCKET_TCP, "alias.example", port, SOCKET_UNREACHABLE);
	assert_true(socket_rig_opened(&r, 4, SOCKET_TCP, "alias.example", 80, 0));
	close(client_of(listens));
	loop_fd_free(w);
	close(hears);
	close(dns.fd);
	finish(listens);
}

static void an_address_of_this_machine_is_none_of_the_internet(void **state)
{
	struct ifaddrs *all, *a;
	struct sockaddr_in in;
	char text[IP_ADDR_TEXT];
	struct loop_fd *w;
	uint8_t addr[4];
	uint16_t port;
	int listens, hears;

	(void)state;
	start_dns();
	listens = start_with(true, &dns.at, &port);
	hears = hears_at(port);
	w = loop_fd_new(r.loop, dns.fd, answer, NULL);
	assert_int_equal(getifaddrs(&all), 0);
	for (a = all; a; a = a->ifa_next) {
		if (!a->ifa_addr || a->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&in, a->ifa_addr, sizeof(in));
		memcpy(addr, &in.sin_addr, 4);
		is_refused(
			SOCKET_TCP, ip_addr_text(addr, text), port, SOCKET_UNREACHABLE);
		is_refused(
			SOCKET_UDP, ip_addr_text(addr, text), port, SOCKET_UNREACHABLE);
		says(text);
		is_refused(SOCKET_UDP, "rebind.example", port, SOCKET_UNREACHABLE);
	}
	freeifaddrs(all);
	assert_false(has_client(hears));
	loop_fd_free(w);
	close(hears);
	close(dns.fd);
	finish(listens);
}

static void a_name_without_an_address_is_no_name(void **state)
{
	struct loop_fd *w;
	uint16_t port;
	int listens;

	(void)state;
	start_dns();
	listens = start_with(true, &dns.at, &port);
	w = loop_fd_new(r.loop, dns.fd, answer, NULL);
	dns.code = DNS_NO_NAME;
	is_refused(SOCKET_TCP, "www.example.com", 80, SOCKET_NO_NAME);
	assert_non_null(strstr(r.logged, "knows no address of \"www.example.com\""));
	/* one that is closed while the question is on its way */
	loop_fd_free(w);
	socket_rig_open(&r, 3, SOCKET_TCP, "www.example.com", 80, 0);
	socket_rig_run(&r, 20);
	r.ports.close(r.ports.ctx, 3);
	assert_true(socket_rig_readable(&r, dns.fd));
	answer(NULL);
	socket_rig_run(&r, 20);
	assert_false(r.of[3].there || r.of[3].ended);
	/* no label may be longer than 63 */
	is_refused(SOCKET_TCP,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
		"example",
		80, SOCKET_NO_NAME);
	close(dns.fd);
	finish(listens);
}

static void what_may_be_connected(void **state)
{
	static const struct net_options o = { .internet = true };
	struct reach_target t;

	(void)state;
	assert_int_equal(reach_host(&o, "93.184.216.34", false, 443, &t), REACH_TARGET);
	assert_memory_equal(t.to, t.seen, 4);
	assert_int_equal(t.to_port, 443);
	assert_int_equal(reach_host(&o, "www.example.com", false, 443, &t), REACH_ASK);
}

/* ---- echoes ---------------------------------------------------------------------------- */

static void echoes_are_answered_as_those_of_ppp(void **state)
{
	static const struct {
		const char *host;
		const char *addr; /* NULL: none */
	} pings[] = {
		{ "plc", "10.0.2.100" },
		{ "PLC.", "10.0.2.100" },
		{ "10.0.2.100", "10.0.2.100" },
		{ "10.0.2.2", "10.0.2.2" },
		{ "10.0.2.3", "10.0.2.3" },
		{ "192.0.2.53", "192.0.2.53" },
		{ "10.0.2.101", NULL },
		{ "127.0.0.1", NULL },
		{ "0.0.0.0", NULL },
		{ "nobody", NULL },
		{ "", NULL },
	};
	uint8_t addr[4];
	char text[IP_ADDR_TEXT];
	uint16_t port;
	int listens = start(&port);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pings) / sizeof(pings[0]); i++) {
		assert_int_equal(r.ports.ping(r.ports.ctx, pings[i].host, addr),
			pings[i].addr != NULL);
		if (pings[i].addr)
			assert_string_equal(ip_addr_text(addr, text), pings[i].addr);
	}
	finish(listens);
}

/* ---- listeners ------------------------------------------------------------------------- */

static void a_listener_is_this_machines_only(void **state)
{
	static const char *const forwards[] = { "listen:tcp:80=127.0.0.1:0",
		"listen:udp:80=127.0.0.1:0", NULL };
	struct sockaddr_in a;
	socklen_t size;
	struct forward f;
	unsigned i;

	(void)state;
	assert_non_null(forward_read("listen:tcp:80=0.0.0.0:8080", &f));
	assert_non_null(forward_read("listen:tcp:80=192.168.1.5:8080", &f));
	socket_rig_init(&r, forwards, true, NULL);
	for (i = 0; i < 2; i++) {
		size = sizeof(a);
		assert_int_equal(
			getsockname(listener_fd(listeners_find(r.listeners, i, 80)),
				(struct sockaddr *)&a, &size),
			0);
		assert_int_equal(ntohl(a.sin_addr.s_addr), INADDR_LOOPBACK);
	}
	/* a server opens no port by itself */
	assert_true(socket_rig_opened(&r, 16, SOCKET_SERVER, "", 0, 81));
	assert_null(r.sockets->of[16]->listener);
	assert_int_equal(r.sockets->of[16]->fd, -1);
	finish(-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(nothing_else_of_the_machine_or_the_world_is_reached),
		UNIT(each_refusal_is_logged_once),
		UNIT(the_loopback_stays_closed_with_internet),
		UNIT(no_name_server_opens_the_loopback),
		UNIT(an_address_of_this_machine_is_none_of_the_internet),
		UNIT(a_name_without_an_address_is_no_name),
		UNIT(what_may_be_connected),
		UNIT(echoes_are_answered_as_those_of_ppp),
		UNIT(a_listener_is_this_machines_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
