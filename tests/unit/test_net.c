/* host/net: what a host reaches through PPP, and each way around the rules that it may
 * try. Names have their own test; this one takes real time, some tenths of a second. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net_rig.h"

#define NAMED "10.0.2.100" /* the first name */

static struct net_rig r;

/* A listening target, which is "plc:80" for the host. */
static int start_with(bool internet, uint16_t *port)
{
	char tcp[FORWARD_TEXT];
	const char *const forwards[] = { tcp, NULL };
	int listens = net_rig_listen(port);

	snprintf(tcp, sizeof(tcp), "tcp:plc:80=127.0.0.1:%u", *port);
	net_rig_init(&r, forwards, internet);
	return listens;
}

static int start(uint16_t *port)
{
	return start_with(false, port);
}

static uint64_t refused(enum net_refusal why)
{
	struct net_counts c;

	net_count(r.net, &c);
	return c.refused[why];
}

static int client_of(int listens)
{
	int fd;

	assert_true(net_rig_readable(&r, listens));
	fd = accept4(listens, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	assert_true(fd >= 0);
	return fd;
}

static void expect(int fd, const char *text)
{
	char got[200];
	size_t len = 0;
	ssize_t n;

	while (len < strlen(text)) {
		assert_true(net_rig_readable(&r, fd));
		n = read(fd, got + len, sizeof(got) - len);
		assert_true(n > 0);
		len += (size_t)n;
	}
	assert_int_equal(len, strlen(text));
	assert_memory_equal(got, text, len);
}

/* ---- what is named ------------------------------------------------------------------- */

static void a_named_port_leads_to_its_target(void **state)
{
	struct net_rig_tcp t;
	uint16_t port;
	int listens = start(&port), fd;

	(void)state;
	assert_true(net_rig_open(&r, &t, NAMED, 80));
	fd = client_of(listens);
	net_rig_segment(&r, &t, IP_TCP_PSH, "GET /\n", 6);
	expect(fd, "GET /\n");
	assert_int_equal(write(fd, "hello", 5), 5);
	net_rig_read(&r, &t, 5);
	assert_int_equal(t.len, 5);
	assert_memory_equal(t.got, "hello", 5);
	close(fd);
	net_rig_read(&r, &t, 6);
	assert_true(t.fin);
	net_rig_tcp_free(&t);
	close(listens);
	net_rig_free(&r);
}

static void the_host_closes_first_and_still_reads(void **state)
{
	struct net_rig_tcp t;
	uint16_t port;
	int listens = start(&port), fd;
	char c;

	(void)state;
	assert_true(net_rig_open(&r, &t, NAMED, 80));
	fd = client_of(listens);
	net_rig_segment(&r, &t, IP_TCP_FIN, "bye", 3);
	expect(fd, "bye");
	assert_true(net_rig_readable(&r, fd));
	assert_int_equal(read(fd, &c, 1), 0);
	assert_int_equal(write(fd, "see you", 7), 7);
	net_rig_read(&r, &t, 7);
	assert_memory_equal(t.got, "see you", 7);
	close(fd);
	net_rig_read(&r, &t, 8);
	assert_true(t.fin);
	net_rig_tcp_free(&t);
	close(listens);
	net_rig_free(&r);
}

static void two_connections_to_one_name_are_apart(void **state)
{
	struct net_rig_tcp a, b;
	uint16_t port;
	int listens = start(&port), fda, fdb;

	(void)state;
	assert_true(net_rig_open(&r, &a, NAMED, 80));
	fda = client_of(listens);
	assert_true(net_rig_open(&r, &b, NAMED, 80));
	fdb = client_of(listens);
	net_rig_segment(&r, &a, IP_TCP_PSH, "from a", 6);
	net_rig_segment(&r, &b, IP_TCP_PSH, "from b", 6);
	expect(fdb, "from b");
	expect(fda, "from a");
	close(fda);
	net_rig_read(&r, &a, 1);
	assert_true(a.fin);
	assert_int_equal(write(fdb, "still", 5), 5);
	net_rig_read(&r, &b, 5);
	assert_int_equal(b.len, 5);
	close(fdb);
	net_rig_tcp_free(&a);
	net_rig_tcp_free(&b);
	close(listens);
	net_rig_free(&r);
}

#define BULK 2000000u

static void two_megabytes_come_whole(void **state)
{
	char *data = malloc(BULK);
	struct net_rig_tcp t;
	size_t sent = 0, i;
	uint16_t port;
	int listens = start(&port), fd;
	ssize_t n;

	(void)state;
	assert_non_null(data);
	for (i = 0; i < BULK; i++)
		data[i] = (char)(i * 7 + i / 251);
	assert_true(net_rig_open(&r, &t, NAMED, 80));
	fd = client_of(listens);
	while (t.len < BULK && !t.reset) {
		n = sent < BULK ? write(fd, data + sent, BULK - sent) : 0;
		if (n > 0)
			sent += (size_t)n;
		i = t.len;
		net_rig_read(&r, &t, t.len + 1);
		assert_true(t.len > i);
	}
	assert_int_equal(t.len, BULK);
	assert_memory_equal(t.got, data, BULK);
	assert_int_equal(refused(NET_OVERFLOW), 0);
	close(fd);
	net_rig_tcp_free(&t);
	free(data);
	close(listens);
	net_rig_free(&r);
}

static void a_closed_target_is_a_reset(void **state)
{
	struct net_rig_tcp t;
	uint16_t port;

	(void)state;
	close(start(&port));
	assert_false(net_rig_open(&r, &t, NAMED, 80));
	assert_false(r.late);
	assert_int_equal(refused(NET_FAILED), 1);
	net_rig_free(&r);
}

static void a_name_may_be_an_address(void **state)
{
	char tcp[FORWARD_TEXT];
	const char *const forwards[] = { tcp, NULL };
	struct net_rig_tcp t;
	uint16_t port;
	int listens = net_rig_listen(&port), fd;

	(void)state;
	snprintf(tcp, sizeof(tcp), "tcp:192.0.2.7:502=127.0.0.1:%u", port);
	net_rig_init(&r, forwards, false);
	assert_true(net_rig_open(&r, &t, "192.0.2.7", 502));
	fd = client_of(listens);
	assert_int_equal(write(fd, "x", 1), 1);
	net_rig_read(&r, &t, 1);
	assert_int_equal(t.len, 1);
	close(fd);
	net_rig_tcp_free(&t);
	close(listens);
	net_rig_free(&r);
}

static void datagrams_go_to_a_named_port_and_back(void **state)
{
	char udp[FORWARD_TEXT], got[20];
	const char *const forwards[] = { udp, NULL };
	struct sockaddr_storage from;
	socklen_t size = sizeof(from);
	struct ip_ends e;
	uint16_t port;
	int fd = net_rig_bind_udp(&port);

	(void)state;
	snprintf(udp, sizeof(udp), "udp:plc:5000=127.0.0.1:%u", port);
	net_rig_init(&r, forwards, false);
	e = net_rig_to(&r, NAMED, 5000);
	net_rig_udp(&r, &e, "ping", 4);
	assert_true(net_rig_readable(&r, fd));
	assert_int_equal(
		recvfrom(fd, got, sizeof(got), 0, (struct sockaddr *)&from, &size), 4);
	sendto(fd, "pong!", 5, 0, (struct sockaddr *)&from, size);
	assert_true(net_rig_next(&r, 1000));
	assert_int_equal(r.ip.protocol, IP_UDP);
	assert_int_equal(r.ip.sport, 5000);
	assert_int_equal(r.ip.dport, e.sport);
	assert_int_equal(r.ip.payload_len, 5);
	assert_memory_equal(r.ip.payload, "pong!", 5);
	/* the name's port of the other protocol is closed */
	net_rig_syn(&r, &e, 1);
	assert_true(net_rig_next(&r, 1000));
	assert_true(r.ip.tcp.flags & IP_TCP_RST);
	close(fd);
	net_rig_free(&r);
}

/* ---- names and echoes ---------------------------------------------------------------- */

static void the_name_server_knows_the_names_and_no_others(void **state)
{
	uint8_t addr[4];
	uint16_t port;
	int listens = start(&port);

	(void)state;
	assert_int_equal(net_rig_ask(&r, "10.0.2.3", "plc", 1, addr), 0);
	assert_memory_equal(addr, "\012\000\002\144", 4);
	assert_int_equal(net_rig_ask(&r, "192.0.2.53", "PLC", 1, addr), 0);
	assert_memory_equal(addr, "\012\000\002\144", 4);
	/* no IPv6 address */
	assert_int_equal(net_rig_ask(&r, "10.0.2.3", "plc", 28, addr), 0);
	assert_memory_equal(addr, "\0\0\0\0", 4);
	assert_int_equal(net_rig_ask(&r, "10.0.2.3", "www.example.com", 1, addr), 3);
	assert_int_equal(net_rig_ask(&r, "10.0.2.3", "www.example.com", 1, addr), 3);
	assert_int_equal(net_rig_ask(&r, "10.0.2.3", "localhost", 1, addr), 3);
	assert_int_equal(refused(NET_NO_NAME), 3);
	/* one line for each name, with the remedy */
	assert_non_null(strstr(r.logged, "--forward tcp:www.example.com:80="));
	assert_null(
		strstr(strstr(r.logged, "www.example.com:80") + 1, "www.example.com:80"));
	/* no name server elsewhere */
	assert_int_equal(net_rig_ask(&r, "8.8.8.8", "plc", 1, addr), -1);
	close(listens);
	net_rig_free(&r);
}

static bool pings(const char *addr)
{
	net_rig_ping(&r, addr);
	if (!net_rig_next(&r, 60))
		return false;
	assert_int_equal(r.ip.protocol, IP_ICMP);
	assert_int_equal(r.ip.icmp.type, IP_ICMP_ECHO_REPLY);
	assert_int_equal(r.ip.sport, 0x1234);
	assert_int_equal(r.ip.payload_len, 8);
	assert_memory_equal(r.ip.payload, "abcdefgh", 8);
	return true;
}

static void echoes_come_from_the_names_and_the_modem_only(void **state)
{
	uint16_t port;
	int listens = start(&port);

	(void)state;
	assert_true(pings("10.0.2.2"));
	assert_true(pings("192.168.111.111"));
	assert_true(pings("192.0.2.53"));
	assert_true(pings(NAMED));
	assert_false(pings("10.0.2.101"));
	assert_false(pings("127.0.0.1"));
	assert_false(pings("1.1.1.1"));
	close(listens);
	net_rig_free(&r);
}

/* ---- what is not --------------------------------------------------------------------- */

/* Each leads to the listening socket in another stack, or would to the world. */
static const struct {
	const char *addr;
	int port; /* 0: that of the socket */
} ways_out[] = {
	{ "127.0.0.1", 0 },
	{ "127.8.8.8", 0 },
	{ "0.0.0.0", 0 },
	{ "10.0.2.2", 0 },
	{ "10.0.2.3", 0 },
	{ "10.0.2.3", 53 },
	{ "10.0.2.255", 0 },
	{ "10.0.2.101", 80 },
	{ NAMED, 0 },
	{ NAMED, 81 },
	{ "192.168.111.111", 0 },
	{ "10.128.3.4", 0 },
	{ "169.254.169.254", 80 },
};

static void try_all(int listens, uint16_t port)
{
	struct net_rig_tcp t;
	struct ip_ends e;
	size_t i;

	for (i = 0; i < sizeof(ways_out) / sizeof(ways_out[0]); i++) {
		uint16_t to = (uint16_t)(ways_out[i].port ? ways_out[i].port : port);

		assert_false(net_rig_open(&r, &t, ways_out[i].addr, to));
		/* refused at once */
		assert_false(r.late);
		e = net_rig_to(&r, ways_out[i].addr, to == 53 ? port : to);
		net_rig_udp(&r, &e, "x", 1);
		assert_true(net_rig_silent(&r));
		assert_false(net_rig_has_client(listens));
	}
}

static void nothing_else_of_the_machine_or_the_world_is_reached(void **state)
{
	struct net_rig_tcp t;
	uint16_t port;
	int listens = start(&port);

	(void)state;
	try_all(listens, port);
	assert_false(net_rig_open(&r, &t, "93.184.216.34", 443));
	assert_non_null(strstr(r.logged,
		"--forward tcp:93.184.216.34:443=127.0.0.1:PORT, or --internet"));
	assert_non_null(strstr(r.logged, "--forward tcp:plc:81="));
	close(listens);
	net_rig_free(&r);
}

static void the_loopback_stays_closed_with_internet(void **state)
{
	struct net_rig_tcp t;
	uint16_t port;
	int listens = start_with(true, &port), fd;

	(void)state;
	try_all(listens, port);
	assert_true(refused(NET_LOOPBACK) > 0);
	/* and what is named goes on as before */
	assert_true(net_rig_open(&r, &t, NAMED, 80));
	fd = client_of(listens);
	net_rig_segment(&r, &t, IP_TCP_PSH, "GET /\n", 6);
	expect(fd, "GET /\n");
	close(fd);
	close(listens);
	net_rig_free(&r);
}

static void forged_packets_reach_nothing(void **state)
{
	const struct ip_segment syn = { .seq = 1, .flags = IP_TCP_SYN, .window = 1000 };
	uint8_t packet[IP_MAX], optioned[IP_MAX];
	struct ip_ends e;
	uint16_t port;
	int listens = start(&port);
	size_t len, i;

	(void)state;
	/* another source */
	e = net_rig_to(&r, NAMED, 80);
	e.src[3]++;
	len = ip_make_tcp(packet, sizeof(packet), &e, &syn, NULL, 0);
	net_packet(r.net, packet, len);
	assert_int_equal(refused(NET_SOURCE), 1);
	/* fragments, with and without a port in them */
	e = net_rig_to(&r, NAMED, 80);
	len = ip_make_tcp(packet, sizeof(packet), &e, &syn, NULL, 0);
	packet[6] = 0x20;
	packet[10] = (uint8_t)(packet[10] + 0x20); /* from 0x40 to 0x20 */
	net_packet(r.net, packet, len);
	assert_int_equal(refused(NET_FRAGMENT) + refused(NET_MALFORMED), 1);
	/* each length, and each octet changed: the checksums say so */
	len = ip_make_tcp(packet, sizeof(packet), &e, &syn, NULL, 0);
	for (i = 0; i < len; i++) {
		net_packet(r.net, packet, i);
		packet[i] ^= 0x11;
		net_packet(r.net, packet, len);
		packet[i] ^= 0x11;
	}
	assert_int_equal(refused(NET_MALFORMED) + refused(NET_FRAGMENT), 1 + 2 * len);
	/* too long, empty, IPv6 */
	net_packet(r.net, optioned, sizeof(optioned));
	memset(optioned, 0x60, sizeof(optioned));
	net_packet(r.net, optioned, 60);
	net_packet(r.net, packet, 0);
	assert_true(net_rig_silent(&r));
	assert_false(net_rig_has_client(listens));
	close(listens);
	net_rig_free(&r);
}

static void floods_are_bounded(void **state)
{
	struct net_counts c;
	struct ip_ends e;
	uint16_t port;
	char udp[FORWARD_TEXT];
	const char *const forwards[] = { "tcp:far:80=192.0.2.1:80", udp, NULL };
	int fd = net_rig_bind_udp(&port);
	unsigned i;

	(void)state;
	snprintf(udp, sizeof(udp), "udp:plc:5000=127.0.0.1:%u", port);
	net_rig_init(&r, forwards, false);
	for (i = 0; i < 1000; i++) {
		e = net_rig_to(&r, NAMED, 80);
		net_rig_syn(&r, &e, i);
		e = net_rig_to(&r, "10.0.2.101", 5000);
		net_rig_udp(&r, &e, "x", 1);
	}
	net_count(r.net, &c);
	assert_true(c.connecting <= 64);
	assert_int_equal(c.relays, 64);
	/* resets of refused segments, until nobody takes them */
	for (i = 0; i < 20000; i++) {
		e = net_rig_to(&r, "1.1.1.1", 80);
		net_rig_syn(&r, &e, i);
	}
	net_count(r.net, &c);
	assert_true(c.refused[NET_OVERFLOW] > 0);
	/* and few lines in the log */
	assert_true(strlen(r.logged) < 8000);
	close(fd);
	net_rig_free(&r);
}

static void a_link_that_goes_down_ends_all(void **state)
{
	struct net_rig_tcp t;
	uint16_t port;
	int listens = start(&port), fd;
	char c;

	(void)state;
	assert_true(net_rig_open(&r, &t, NAMED, 80));
	fd = client_of(listens);
	net_link(r.net, NULL);
	assert_true(net_rig_readable(&r, fd));
	assert_int_equal(read(fd, &c, 1), 0);
	close(fd);
	assert_true(net_rig_silent(&r));
	net_rig_ping(&r, NAMED);
	assert_true(net_rig_silent(&r));
	net_link(r.net, &r.link);
	assert_true(net_rig_open(&r, &t, NAMED, 80));
	close(client_of(listens));
	close(listens);
	net_rig_free(&r);
}

static void packets_are_counted(void **state)
{
	struct net_counts c;
	uint16_t port;
	int listens = start(&port);

	(void)state;
	assert_true(pings(NAMED));
	net_count(r.net, &c);
	assert_int_equal(c.out, 1);
	assert_int_equal(c.out_octets, 36);
	assert_int_equal(c.in, 1);
	assert_int_equal(c.in_octets, 36);
	close(listens);
	net_rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_named_port_leads_to_its_target),
		UNIT(the_host_closes_first_and_still_reads),
		UNIT(two_connections_to_one_name_are_apart),
		UNIT(two_megabytes_come_whole),
		UNIT(a_closed_target_is_a_reset),
		UNIT(a_name_may_be_an_address),
		UNIT(datagrams_go_to_a_named_port_and_back),
		UNIT(the_name_server_knows_the_names_and_no_others),
		UNIT(echoes_come_from_the_names_and_the_modem_only),
		UNIT(nothing_else_of_the_machine_or_the_world_is_reached),
		UNIT(the_loopback_stays_closed_with_internet),
		UNIT(forged_packets_reach_nothing),
		UNIT(floods_are_bounded),
		UNIT(a_link_that_goes_down_ends_all),
		UNIT(packets_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
