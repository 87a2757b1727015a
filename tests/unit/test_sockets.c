/* host/net: TCP connections of WIPsoft. UDP and servers: test_sockets_listen.c; what they
 * must not reach: test_sockets_rules.c. This takes real time, some tenths of a second. */
#include "socket_test.h"

#define MEGABYTES 2000000u

/* ---- TCP ------------------------------------------------------------------------------ */

static void a_named_port_leads_to_its_target(void **state)
{
	uint16_t port;
	int listens = start(&port), fd;

	(void)state;
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "PLC.", 80, 0));
	assert_memory_equal(r.of[3].peer.addr, "\012\000\002\144", 4);
	assert_int_equal(r.of[3].peer.port, 80);
	assert_true(r.of[3].local);
	fd = client_of(listens);
	socket_rig_send(&r, 3, "GET /\n", 6);
	expect(fd, "GET /\n");
	assert_int_equal(write(fd, "hello", 5), 5);
	got(3, "hello");
	close(fd);
	assert_true(socket_rig_until(&r, &r.of[3].ended));
	assert_int_equal(r.of[3].why, SOCKET_SHUT);
	r.ports.close(r.ports.ctx, 3);
	finish(listens);
}

static void the_modem_shuts_first_and_still_reads(void **state)
{
	uint16_t port;
	int listens = start(&port), fd;
	char c;

	(void)state;
	/* the address of the name will do, too */
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "10.0.2.100", 80, 0));
	fd = client_of(listens);
	socket_rig_send(&r, 3, "bye", 3);
	r.ports.shut(r.ports.ctx, 3);
	expect(fd, "bye");
	assert_true(socket_rig_readable(&r, fd));
	assert_int_equal(read(fd, &c, 1), 0);
	assert_int_equal(write(fd, "see you", 7), 7);
	got(3, "see you");
	close(fd);
	assert_true(socket_rig_until(&r, &r.of[3].ended));
	assert_int_equal(r.of[3].why, SOCKET_SHUT);
	finish(listens);
}

static void the_peer_shuts_first_and_still_reads(void **state)
{
	int listens, fd = connected(&listens);

	(void)state;
	assert_int_equal(write(fd, "last", 4), 4);
	shutdown(fd, SHUT_WR);
	assert_true(socket_rig_until(&r, &r.of[3].ended));
	assert_int_equal(r.of[3].why, SOCKET_SHUT);
	/* its last octet came before */
	got(3, "last");
	socket_rig_send(&r, 3, "more", 4);
	expect(fd, "more");
	assert_int_equal(r.of[3].ends, 1);
	close(fd);
	finish(listens);
}

static void a_reset_is_told_as_such(void **state)
{
	int listens, fd = connected(&listens);

	(void)state;
	assert_int_equal(write(fd, "last", 4), 4);
	reset(fd);
	assert_true(socket_rig_until(&r, &r.of[3].ended));
	assert_int_equal(r.of[3].why, SOCKET_RESET);
	got(3, "last");
	/* nothing more comes of it */
	assert_int_equal(r.ports.room(r.ports.ctx, 3), 0);
	socket_rig_run(&r, 30);
	assert_int_equal(r.of[3].ends, 1);
	finish(listens);
}

static void what_is_sent_to_a_peer_that_is_gone_is_a_reset(void **state)
{
	int listens, fd = connected(&listens);

	(void)state;
	close(fd);
	assert_true(socket_rig_until(&r, &r.of[3].ended));
	assert_int_equal(r.of[3].why, SOCKET_SHUT);
	r.of[3].ended = false;
	/* the first one is answered by a reset, which the next one finds */
	socket_rig_send(&r, 3, "x", 1);
	socket_rig_run(&r, 20);
	if (!r.of[3].ended)
		socket_rig_send(&r, 3, "y", 1);
	assert_true(socket_rig_until(&r, &r.of[3].ended));
	assert_int_equal(r.of[3].why, SOCKET_RESET);
	finish(listens);
}

static void a_closed_target_has_refused(void **state)
{
	uint16_t port;
	int listens = start(&port);

	(void)state;
	close(listens);
	assert_false(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	assert_int_equal(r.of[3].why, SOCKET_REFUSED);
	finish(-1);
}

static void a_target_that_does_not_answer_is_waited_for(void **state)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int listens, fd[8], i;
	uint16_t port;

	(void)state;
	listens = start(&port);
	/* its backlog is full: the kernel drops further SYNs */
	assert_int_equal(listen(listens, 0), 0);
	a.sin_port = htons(port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (i = 0; i < 8; i++) {
		fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fd[i], (struct sockaddr *)&a, sizeof(a));
	}
	socket_rig_open(&r, 3, SOCKET_TCP, "plc", 80, 0);
	socket_rig_run(&r, 60);
	assert_false(r.of[3].there || r.of[3].ended);
	/* and may be closed meanwhile, and its number be used again */
	r.ports.close(r.ports.ctx, 3);
	assert_false(socket_rig_opened(&r, 3, SOCKET_TCP, "nobody", 80, 0));
	for (i = 0; i < 8; i++)
		close(fd[i]);
	finish(listens);
}

static void octets_that_were_taken_go_out_after_close(void **state)
{
	char *data = pattern(MEGABYTES / 8);
	size_t len = 0, n;
	int listens, fd = connected(&listens);

	(void)state;
	/* as much as there is room for, and the peer does not read */
	while ((n = r.ports.room(r.ports.ctx, 3)) && len < MEGABYTES / 8) {
		n = n < MEGABYTES / 8 - len ? n : MEGABYTES / 8 - len;
		r.ports.tx(r.ports.ctx, 3, data + len, n);
		len += n;
	}
	r.ports.close(r.ports.ctx, 3);
	expect_data(fd, data, len);
	assert_true(socket_rig_readable(&r, fd));
	assert_int_equal(read(fd, data, 1), 0);
	close(fd);
	free(data);
	finish(listens);
}

/* ---- back-pressure --------------------------------------------------------------------- */

static void two_megabytes_go_out_whole(void **state)
{
	char *data = pattern(MEGABYTES), *seen = malloc(MEGABYTES);
	size_t out = 0, in = 0, n, most = 0;
	uint16_t port;
	int listens = start(&port), fd;
	ssize_t k;

	(void)state;
	assert_non_null(seen);
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	fd = client_of(listens);
	while (in < MEGABYTES) {
		n = r.ports.room(r.ports.ctx, 3);
		assert_true(n <= SOCKET_OUT);
		n = n < MEGABYTES - out ? n : MEGABYTES - out;
		if (n) {
			r.ports.tx(r.ports.ctx, 3, data + out, n);
			out += n;
			most = out - in > most ? out - in : most;
			continue;
		}
		/* the peer reads only when the modem is stopped */
		k = read(fd, seen + in, MEGABYTES - in < 50000 ? MEGABYTES - in : 50000);
		if (k > 0)
			in += (size_t)k;
		else
			assert_true(socket_rig_readable(&r, fd));
	}
	assert_memory_equal(data, seen, MEGABYTES);
	assert_true(r.readies > 2);
	/* what waits is bounded: ours, and the kernel's two buffers */
	assert_true(most < MEGABYTES);
	close(fd);
	free(data);
	free(seen);
	finish(listens);
}

static void two_megabytes_come_whole(void **state)
{
	char *data = pattern(MEGABYTES);
	struct socket_rig_one *o = &r.of[3];
	size_t sent = 0, held;
	uint16_t port;
	int listens = start(&port), fd, small = 1 << 16;
	ssize_t n;

	(void)state;
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	fd = client_of(listens);
	o->room = 0;
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)), 0);
	/* the modem takes nothing: the peer is stopped, at last */
	do {
		n = write(fd, data + sent, MEGABYTES - sent);
		sent += n > 0 ? (size_t)n : 0;
	} while (sent < MEGABYTES && (n > 0 || !held_up(fd)));
	held = sent;
	assert_int_equal(o->len, 0);
	assert_true(sent < MEGABYTES);
	while (o->len < MEGABYTES) {
		o->room = 4000;
		r.ports.take(r.ports.ctx, 3);
		if (sent < MEGABYTES &&
			(n = write(fd, data + sent, MEGABYTES - sent)) > 0)
			sent += (size_t)n;
		assert_true(socket_rig_until_len(&r, &o->len, o->len + 1));
	}
	assert_memory_equal(o->got, data, MEGABYTES);
	assert_true(held > 0);
	close(fd);
	free(data);
	finish(listens);
}

static void close_while_octets_come(struct socket_rig *rig, unsigned id)
{
	rig->ports.close(rig->ports.ctx, id);
	rig->on_rx = NULL;
}

static void the_modem_may_close_while_octets_come(void **state)
{
	int listens, fd = connected(&listens);

	(void)state;
	r.on_rx = close_while_octets_come;
	assert_int_equal(write(fd, "hello", 5), 5);
	assert_true(socket_rig_until_len(&r, &r.of[3].len, 5));
	assert_int_equal(write(fd, "more", 4), 4);
	socket_rig_run(&r, 20);
	assert_int_equal(r.of[3].len, 5);
	assert_false(r.of[3].ended);
	close(fd);
	finish(listens);
}

static void many_at_once_are_apart(void **state)
{
	struct sockets_counts c;
	char text[20];
	uint16_t port;
	int listens = start(&port), fd[SOCKET_TCPS];
	unsigned i;

	(void)state;
	for (i = 0; i < SOCKET_TCPS; i++) {
		assert_true(socket_rig_opened(&r, 8 + i, SOCKET_TCP, "plc", 80, 0));
		fd[i] = client_of(listens);
	}
	sockets_count(r.sockets, &c);
	assert_int_equal(c.tcp, SOCKET_TCPS);
	for (i = 0; i < SOCKET_TCPS; i++) {
		snprintf(text, sizeof(text), "to %u", i);
		socket_rig_send(&r, 8 + i, text, strlen(text));
		snprintf(text, sizeof(text), "from %u", i);
		assert_true(write(fd[i], text, strlen(text)) > 0);
	}
	for (i = 0; i < SOCKET_TCPS; i++) {
		snprintf(text, sizeof(text), "from %u", i);
		got(8 + i, text);
		snprintf(text, sizeof(text), "to %u", i);
		expect(fd[i], text);
		close(fd[i]);
	}
	finish(listens);
}

static void options_of_ip_and_tcp_are_set(void **state)
{
	int listens, fd, value = 0;
	socklen_t size = sizeof(value);
	uint16_t port;

	(void)state;
	listens = start(&port);
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	fd = socket_of(&r, 3);
	assert_int_equal(getsockopt(fd, IPPROTO_IP, IP_TTL, &value, &size), 0);
	assert_int_equal(value, 64);
	r.ports.set(r.ports.ctx, 3, 32, 16, true);
	assert_int_equal(getsockopt(fd, IPPROTO_IP, IP_TTL, &value, &size), 0);
	assert_int_equal(value, 32);
	assert_int_equal(getsockopt(fd, IPPROTO_IP, IP_TOS, &value, &size), 0);
	assert_int_equal(value, 16);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
	assert_true(value);
	/* a TTL of 0 leaves no machine, and the kernel has none */
	r.ports.set(r.ports.ctx, 3, 0, 0, false);
	assert_int_equal(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
	assert_false(value);
	finish(listens);
}

static void without_a_free_descriptor_it_is_unreachable(void **state)
{
	struct rlimit limit, few;
	uint16_t port;
	int listens = start(&port), next = dup(listens);

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	few = limit;
	few.rlim_cur = (rlim_t)next;
	close(next);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_false(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	assert_int_equal(r.of[3].why, SOCKET_UNREACHABLE);
	assert_false(socket_rig_opened(&r, 0, SOCKET_UDP, "plc", 90, 0));
	assert_non_null(strstr(r.logged,
		"plc:80 cannot be reached: Too many open files; see ulimit -n"));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	r.ports.close(r.ports.ctx, 3);
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	finish(listens);
}

/* ---- all of them ----------------------------------------------------------------------- */

static void all_ends_at_once(void **state)
{
	int listens, fd = connected(&listens);

	(void)state;
	assert_true(socket_rig_opened(&r, 16, SOCKET_SERVER, "", 0, 80));
	socket_rig_send(&r, 3, "last", 4);
	sockets_clear(r.sockets);
	assert_int_equal(r.ports.room(r.ports.ctx, 3), 0);
	expect(fd, "last");
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	close(fd);
	finish(listens);
}

static void a_session_without_its_part_says_so(void **state)
{
	static const char *const forwards[] = { "tcp:proxy:3128=127.0.0.1:9", NULL };

	(void)state;
	socket_rig_init(&r, forwards, false, NULL);
	assert_false(socket_rig_opened(&r, 20, SOCKET_HTTP, "proxy", 3128, 0));
	assert_int_equal(r.of[20].why, SOCKET_NO_PARTS);
	finish(-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_named_port_leads_to_its_target),
		UNIT(the_modem_shuts_first_and_still_reads),
		UNIT(the_peer_shuts_first_and_still_reads),
		UNIT(a_reset_is_told_as_such),
		UNIT(what_is_sent_to_a_peer_that_is_gone_is_a_reset),
		UNIT(a_closed_target_has_refused),
		UNIT(a_target_that_does_not_answer_is_waited_for),
		UNIT(octets_that_were_taken_go_out_after_close),
		UNIT(two_megabytes_go_out_whole),
		UNIT(two_megabytes_come_whole),
		UNIT(the_modem_may_close_while_octets_come),
		UNIT(many_at_once_are_apart),
		UNIT(options_of_ip_and_tcp_are_set),
		UNIT(without_a_free_descriptor_it_is_unreachable),
		UNIT(all_ends_at_once),
		UNIT(a_session_without_its_part_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
