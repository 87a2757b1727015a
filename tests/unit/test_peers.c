/* host/play/peers: the world beyond WIPsoft in memory. The rig plays the modem: it writes
 * down what it is told. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "host/play/peers.h"

static const struct hosts_conf hosts = {
	.text = { "tcp:meter.example:80=127.0.0.1:8080" }, .n = 1
};
static struct peers *world;
static struct socket_ports port;
static char told[2048]; /* since the last check */
static char octets[200000];
static size_t n_octets;
static size_t rooms = 1000;
static int accepted = 9;
static int readies;

__attribute__((format(printf, 1, 2))) static void note(const char *fmt, ...)
{
	size_t len = strlen(told);
	va_list args;

	va_start(args, fmt);
	vsnprintf(told + len, sizeof(told) - len, fmt, args);
	va_end(args);
}

static const char *address(const struct socket_peer *p)
{
	static char text[32];

	if (!p)
		return "-";
	snprintf(text, sizeof(text), "%d.%d.%d.%d:%d", p->addr[0], p->addr[1], p->addr[2],
		p->addr[3], p->port);
	return text;
}

static void there(void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	(void)ctx;
	note("[%u there %u %s]", id, local, address(peer));
}

static int accepts(void *ctx, unsigned server, const struct socket_peer *peer)
{
	(void)ctx;
	note("[%u accepts %s]", server, address(peer));
	return accepted;
}

static size_t room(void *ctx, unsigned id)
{
	(void)ctx;
	(void)id;
	return rooms;
}

static void rx(void *ctx, unsigned id, const struct socket_peer *from, const void *buf,
	size_t len)
{
	(void)ctx;
	assert_true(len <= rooms);
	assert_true(n_octets + len <= sizeof(octets));
	memcpy(octets + n_octets, buf, len);
	n_octets += len;
	note("[%u %zu from %s]", id, len, address(from));
}

static void ended(void *ctx, unsigned id, enum socket_end why)
{
	(void)ctx;
	note("[%u ended %s]", id, name_of(socket_ends, (int)why));
}

static void ready(void *ctx)
{
	(void)ctx;
	readies++;
}

static void begun(void *ctx, unsigned id)
{
	(void)ctx;
	note("[%u begun]", id);
}

static void done(void *ctx, unsigned id, const struct socket_result *r)
{
	(void)ctx;
	note("[%u done %d %d %s %lld]", id, r->error, r->status, r->reason,
		(long long)r->size);
}

static void tell(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static int begin(void **state)
{
	const struct peers_ops ops = { NULL, there, accepts, room, rx, ended, ready,
		begun, done, tell };

	(void)state;
	world = peers_new(&hosts, &ops);
	port = peers_ports(world);
	*told = '\0';
	n_octets = 0;
	rooms = 1000;
	readies = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	peers_free(world);
	return 0;
}

static void settle(void)
{
	while (peers_next(world))
		;
}

/* What the modem was told since the last call of this. */
#define TOLD(text)                               \
	do {                                     \
		settle();                        \
		assert_string_equal(told, text); \
		*told = '\0';                    \
	} while (0)

static void open_at(unsigned id, enum socket_kind kind, const char *host, uint16_t to,
	uint16_t local, const char *user)
{
	const struct socket_order o = { .kind = kind,
		.host = host,
		.port = to,
		.local = local,
		.user = user,
		.password = "pwd",
		.account = "" };

	port.open(port.ctx, id, &o);
}

static void tx(unsigned id, const char *text)
{
	port.tx(port.ctx, id, text, strlen(text));
}

static void heard(const char *text)
{
	size_t len;
	const char *got = peers_got(peers_find(world, "", 0), &len);

	assert_int_equal(len, strlen(text));
	assert_memory_equal(got, text, len);
	peers_heard(peers_find(world, "", 0), len);
}

/* ---- tests ----------------------------------------------------------------------- */

static void names_have_the_addresses_of_the_other_world(void **state)
{
	uint8_t addr[4];

	(void)state;
	open_at(8, SOCKET_TCP, "Peer.Test", 7, 0, "");
	TOLD("[8 there 49152 10.0.2.2:7]");
	open_at(9, SOCKET_TCP, "meter.example", 9, 0, "");
	TOLD("[9 there 49153 10.0.2.100:9]");
	open_at(10, SOCKET_TCP, "10.0.2.100", 80, 0, "");
	TOLD("[10 there 49154 10.0.2.100:80]");
	assert_true(port.ping(port.ctx, "meter.example", addr));
	assert_int_equal(addr[3], 100);
	assert_false(port.ping(port.ctx, "nobody.example", addr));
}

static void a_failure_is_told_once(void **state)
{
	(void)state;
	open_at(8, SOCKET_TCP, "nobody.example", 80, 0, "");
	open_at(9, SOCKET_TCP, "192.0.2.10", 80, 0, "");
	open_at(10, SOCKET_TCP, "peer.test", 4000, 0, "");
	TOLD("[8 ended no-name][9 ended unreachable][10 ended refused]");
	TOLD("");
}

static void the_silent_are_given_up(void **state)
{
	uint8_t addr[4];

	(void)state;
	peers_serve(world, "192.0.2.10", 5000)->kind = PEERS_SILENT;
	peers_serve(world, "192.0.2.11", 0)->kind = PEERS_SILENT;
	assert_true(port.ping(port.ctx, "192.0.2.10", addr));
	assert_false(port.ping(port.ctx, "192.0.2.11", addr));
	peers_time(world, SEC(1));
	open_at(8, SOCKET_TCP, "192.0.2.10", 5000, 0, "");
	TOLD("");
	assert_true(peers_due(world) == SEC(76));
	peers_time(world, SEC(76) - 1);
	TOLD("");
	peers_time(world, SEC(76));
	TOLD("[8 ended unreachable]");
	assert_true(peers_due(world) == USEC_NEVER);
	port.close(port.ctx, 8);
	open_at(8, SOCKET_TCP, "192.0.2.10", 5000, 0, "");
	port.close(port.ctx, 8);
	assert_true(peers_due(world) == USEC_NEVER);
	TOLD("");
}

static void echo_and_page(void **state)
{
	(void)state;
	open_at(8, SOCKET_TCP, "peer.test", 7, 0, "");
	tx(8, "hello");
	TOLD("[8 there 49152 10.0.2.2:7][8 5 from -]");
	port.shut(port.ctx, 8);
	TOLD("[8 ended shut]");
	port.close(port.ctx, 8);
	open_at(8, SOCKET_TCP, "peer.test", 80, 0, "");
	settle();
	*told = '\0';
	n_octets = 0;
	tx(8, "GET / HTTP/1.0\r\n");
	TOLD("");
	tx(8, "\r\n");
	TOLD("[8 74 from -][8 ended shut]");
	assert_memory_equal(octets, "HTTP/1.0 200 OK\r\n", 17);
}

static void octets_wait_for_room(void **state)
{
	size_t i;

	(void)state;
	*peers_serve(world, "peer.test", 19) = (struct peers_server){
		.host = "peer.test", .port = 19, .kind = PEERS_STREAM, .after = 2500
	};
	rooms = 0;
	open_at(8, SOCKET_TCP, "peer.test", 19, 0, "");
	TOLD("[8 there 49152 10.0.2.2:19]");
	rooms = 1000;
	TOLD("[8 1000 from -][8 1000 from -][8 500 from -][8 ended shut]");
	for (i = 0; i < n_octets; i++)
		assert_int_equal(octets[i], peers_octet(i));
}

static void a_far_side_may_stall(void **state)
{
	static const char many[10000];
	struct peers_far *f;

	(void)state;
	open_at(8, SOCKET_TCP, "peer.test", 9, 0, "");
	settle();
	f = peers_find(world, "peer.test", 9);
	peers_stall(world, f, true);
	port.tx(port.ctx, 8, many, sizeof(many));
	assert_int_equal(port.room(port.ctx, 8), 6384);
	port.tx(port.ctx, 8, many, 6384);
	assert_int_equal(port.room(port.ctx, 8), 0);
	settle();
	assert_int_equal(readies, 0);
	peers_stall(world, f, false);
	settle();
	assert_int_equal(readies, 1);
	assert_int_equal(port.room(port.ctx, 8), 16384);
}

static void ends_of_every_kind(void **state)
{
	struct peers_far *f;

	(void)state;
	peers_serve(world, "peer.test", 1)->kind = PEERS_CLOSES;
	peers_serve(world, "peer.test", 2)->kind = PEERS_RESETS;
	peers_serve(world, "peer.test", 2)->after = 4;
	peers_serve(world, "peer.test", 3)->kind = PEERS_TALK;
	open_at(8, SOCKET_TCP, "peer.test", 1, 0, "");
	TOLD("[8 there 49152 10.0.2.2:1][8 ended shut]");
	open_at(9, SOCKET_TCP, "peer.test", 2, 0, "");
	tx(9, "abc");
	TOLD("[9 there 49153 10.0.2.2:2]");
	tx(9, "d");
	TOLD("[9 ended reset]");
	open_at(10, SOCKET_TCP, "peer.test", 3, 0, "");
	settle();
	*told = '\0';
	f = peers_find(world, "", 0);
	port.shut(port.ctx, 10);
	TOLD("");
	assert_int_equal(peers_state(f), PEERS_HALF);
	assert_true(peers_send(world, f, "bye", 3));
	peers_shut(world, f);
	assert_false(peers_send(world, f, "x", 1));
	TOLD("[10 3 from -][10 ended shut]");
	assert_int_equal(peers_state(f), PEERS_CLOSED);
	tx(10, "late");
	port.close(port.ctx, 10);
	heard("");
	TOLD("");
}

static void what_was_got_outlives_the_socket(void **state)
{
	(void)state;
	peers_serve(world, "peer.test", 3)->kind = PEERS_TALK;
	open_at(8, SOCKET_TCP, "peer.test", 3, 0, "");
	settle();
	tx(8, "one");
	port.close(port.ctx, 8);
	heard("one");
	open_at(8, SOCKET_TCP, "peer.test", 3, 0, "");
	tx(8, "two");
	heard("two");
	heard("");
}

static void datagrams_keep_their_bounds(void **state)
{
	const struct socket_peer from = { { 192, 0, 2, 10 }, 4711 };

	(void)state;
	peers_serve(world, "192.0.2.10", 4711)->kind = PEERS_TALK;
	open_at(0, SOCKET_UDP, "192.0.2.10", 4711, 80, "");
	TOLD("[0 there 80 192.0.2.10:4711]");
	tx(0, "one");
	tx(0, "three");
	heard("one");
	heard("three");
	rooms = 4;
	assert_true(peers_datagram(world, &from, 80, "hello", 5));
	TOLD("");
	rooms = 1000;
	TOLD("[0 5 from 192.0.2.10:4711]");
	assert_false(peers_datagram(world, &from, 81, "hello", 5));
	open_at(1, SOCKET_UDP, "", 0, 80, "");
	TOLD("[1 ended port-taken]");
	open_at(2, SOCKET_UDP, "", 0, 82, "");
	TOLD("[2 there 82 -]");
}

static void clients_connect_to_a_server(void **state)
{
	const struct socket_peer from = { { 192, 0, 2, 10 }, 4711 };
	struct peers_far *f;

	(void)state;
	assert_false(peers_connect(world, &from, 80));
	open_at(16, SOCKET_SERVER, "", 0, 80, "");
	TOLD("[16 there 80 -]");
	assert_true(peers_connect(world, &from, 80));
	f = peers_find(world, "192.0.2.10", 4711);
	assert_true(peers_send(world, f, "hi", 2));
	TOLD("[16 accepts 192.0.2.10:4711][9 2 from -]");
	tx(9, "ho");
	heard("ho");
	accepted = -1;
	assert_true(peers_connect(world, &from, 80));
	TOLD("[16 accepts 192.0.2.10:4711]");
	assert_int_equal(peers_state(peers_find(world, "", 0)), PEERS_RESET);
	accepted = 9;
}

static int mode = 1;

static void transfer(unsigned id, enum socket_deed deed, const char *name)
{
	const struct socket_transfer t = { .deed = deed,
		.mode = mode,
		.name = name,
		.user = "",
		.password = "",
		.headers = "Accept: text/html\n",
		.passive = true,
		.type = 'I',
		.from = "a@example.org",
		.to = "b@example.org, c@example.org" };

	port.transfer(port.ctx, id, &t);
}

static void sessions_log_in(void **state)
{
	struct peers_server *s = peers_serve(world, "ftp.example.org", 21);

	(void)state;
	s->kind = PEERS_FTP;
	strcpy(s->user, "user");
	strcpy(s->password, "pwd");
	open_at(20, SOCKET_FTP, "ftp.example.org", 0, 0, "user");
	TOLD("[20 done 0 257 \"/\" is the current directory -1]"
	     "[20 there 49152 10.0.2.101:21]");
	open_at(21, SOCKET_FTP, "ftp.example.org", 21, 0, "other");
	TOLD("[21 done 0 530 Login failed -1][21 ended user]");
	strcpy(s->password, "other");
	open_at(22, SOCKET_FTP, "ftp.example.org", 21, 0, "user");
	TOLD("[22 done 0 530 Login failed -1][22 ended login]");
	open_at(23, SOCKET_SMTP, "ftp.example.org", 21, 0, "user");
	TOLD("[23 ended unreachable]");
	port.close(port.ctx, 22);
	s->error = 866;
	open_at(22, SOCKET_FTP, "ftp.example.org", 21, 0, "user");
	TOLD("[22 ended not-ready]");
	s = peers_serve(world, "pop.example.org", 110);
	s->kind = PEERS_POP3;
	peers_store(s, "1", "hello", 5);
	port.close(port.ctx, 22);
	open_at(22, SOCKET_POP3, "pop.example.org", 0, 0, "user");
	TOLD("[22 done 0 0 +OK 1 5 -1][22 there 49157 10.0.2.102:110]");
}

static void files_go_both_ways(void **state)
{
	struct peers_server *s = peers_serve(world, "ftp.example.org", 21);

	(void)state;
	s->kind = PEERS_FTP;
	peers_store(s, "a.txt", "hello", 5);
	open_at(20, SOCKET_FTP, "ftp.example.org", 0, 0, "user");
	settle();
	*told = '\0';
	transfer(20, DEED_GET, "a.txt");
	TOLD("[20 begun][20 5 from -][20 done 0 226 Transfer complete 5]");
	assert_string_equal(
		peers_asked(peers_find(world, "", 0)), "get a.txt, type I, passive");
	transfer(20, DEED_PUT, "b.txt");
	TOLD("[20 begun]");
	tx(20, "one");
	TOLD("");
	port.shut(port.ctx, 20);
	TOLD("[20 done 0 226 OK -1]");
	transfer(20, DEED_APPEND, "b.txt");
	settle();
	tx(20, "two");
	port.shut(port.ctx, 20);
	settle();
	*told = '\0';
	assert_int_equal(peers_file(s, "b.txt")->len, 6);
	assert_memory_equal(peers_file(s, "b.txt")->data, "onetwo", 6);
	transfer(20, DEED_LIST, "");
	TOLD("[20 begun][20 14 from -][20 done 0 226 Transfer complete -1]");
	transfer(20, DEED_DELETE, "a.txt");
	TOLD("[20 done 0 250 Deleted -1]");
	assert_null(peers_file(s, "a.txt"));
	transfer(20, DEED_GET, "a.txt");
	TOLD("[20 done 860 550 File not found -1]");
}

static void pages_and_mails(void **state)
{
	struct peers_server *s = peers_serve(world, "web.example.org", 80);

	(void)state;
	s->kind = PEERS_HTTP;
	peers_store(s, "/a", "page", 4);
	open_at(20, SOCKET_HTTP, "", 0, 0, "");
	TOLD("[20 there 49152 -]");
	transfer(20, DEED_GET, "http://web.example.org/a");
	TOLD("[20 begun][20 4 from -][20 done 0 200 OK 4]");
	transfer(20, DEED_GET, "http://web.example.org:80/b");
	TOLD("[20 begun][20 done 0 404 Not Found -1]");
	assert_string_equal(peers_asked(peers_find(world, "", 0)),
		"get http://web.example.org:80/b, mode 1, Accept: text/html");
	transfer(20, DEED_GET, "/b");
	TOLD("[20 done 842 0  -1]");
	mode = 4;
	transfer(20, DEED_GET, "http://web.example.org/a");
	TOLD("[20 begun][20 done 0 200 OK 4]");
	mode = 1;
	transfer(20, DEED_DELETE, "http://web.example.org/a");
	TOLD("[20 begun][20 done 0 200 OK -1]");
	assert_null(peers_file(s, "/a"));
	transfer(20, DEED_DELETE, "http://web.example.org/a");
	TOLD("[20 begun][20 done 0 404 Not Found -1]");

	s = peers_serve(world, "smtp.example.org", 25);
	s->kind = PEERS_SMTP;
	open_at(21, SOCKET_SMTP, "smtp.example.org", 25, 0, "");
	settle();
	*told = '\0';
	transfer(21, DEED_SEND, "");
	TOLD("[21 begun]");
	tx(21, "body");
	port.shut(port.ctx, 21);
	TOLD("[21 done 0 250 OK -1]");
	assert_string_equal(peers_asked(peers_find(world, "", 0)),
		"send from a@example.org, to b@example.org, c@example.org");
	s->error = 881;
	transfer(21, DEED_SEND, "");
	TOLD("[21 done 881 0  -1]");
	s->error = 884;
	transfer(21, DEED_SEND, "");
	TOLD("[21 begun]");
	port.shut(port.ctx, 21);
	TOLD("[21 done 884 0  -1]");
}

static void a_new_modem_finds_the_servers(void **state)
{
	(void)state;
	peers_serve(world, "peer.test", 3)->kind = PEERS_TALK;
	open_at(8, SOCKET_TCP, "peer.test", 3, 0, "");
	peers_clear(world);
	TOLD("");
	open_at(8, SOCKET_TCP, "peer.test", 3, 0, "");
	TOLD("[8 there 49153 10.0.2.2:3]");
}

static void many_sockets_come_and_go(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		open_at(8 + i % 8, SOCKET_TCP, "peer.test", 7, 0, "");
		tx(8 + i % 8, "x");
		settle();
		*told = '\0';
		if (i >= 7)
			port.close(port.ctx, 8 + (i + 1) % 8);
	}
	assert_int_equal(n_octets, 1000);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(names_have_the_addresses_of_the_other_world),
		T(a_failure_is_told_once),
		T(the_silent_are_given_up),
		T(echo_and_page),
		T(octets_wait_for_room),
		T(a_far_side_may_stall),
		T(ends_of_every_kind),
		T(what_was_got_outlives_the_socket),
		T(datagrams_keep_their_bounds),
		T(clients_connect_to_a_server),
		T(sessions_log_in),
		T(files_go_both_ways),
		T(pages_and_mails),
		T(a_new_modem_finds_the_servers),
		T(many_sockets_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
