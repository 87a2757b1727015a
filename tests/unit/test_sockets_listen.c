/* host/net: UDP sockets and TCP servers of WIPsoft. */
#include "socket_test.h"

/* ---- UDP ------------------------------------------------------------------------------ */

static int start_udp(uint16_t *port)
{
	char udp[FORWARD_TEXT];
	const char *const forwards[] = { udp, "listen:udp:8000=127.0.0.1:0", NULL };
	int fd = net_bind(SOCK_DGRAM, port);

	snprintf(udp, sizeof(udp), "udp:gcs:14550=127.0.0.1:%u", *port);
	socket_rig_init(&r, forwards, false, NULL);
	return fd;
}

static void datagrams_go_to_a_named_port_and_back(void **state)
{
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	char buf[2000] = { 0 };
	uint16_t port;
	int fd = start_udp(&port);

	(void)state;
	assert_true(socket_rig_opened(&r, 0, SOCKET_UDP, "gcs", 14550, 14555));
	assert_int_equal(r.of[0].local, 14555);
	assert_int_equal(r.ports.room(r.ports.ctx, 0), SOCKET_DATAGRAM);
	r.ports.tx(r.ports.ctx, 0, "ping", 4);
	assert_true(socket_rig_readable(&r, fd));
	assert_int_equal(
		recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &size), 4);
	/* each is whole: a datagram waits until there is room for it */
	r.of[0].room = 9;
	sendto(fd, "0123456789", 10, 0, (struct sockaddr *)&from, size);
	socket_rig_run(&r, 30);
	assert_int_equal(r.of[0].datagrams, 0);
	r.of[0].room = 10;
	r.ports.take(r.ports.ctx, 0);
	assert_true(socket_rig_until_len(&r, &r.of[0].len, 10));
	assert_int_equal(r.of[0].datagrams, 1);
	assert_memory_equal(r.of[0].from.addr, "\012\000\002\144", 4);
	assert_int_equal(r.of[0].from.port, 14550);
	/* one that no packet of the network carries is lost */
	r.of[0].room = 16384;
	sendto(fd, buf, 1473, 0, (struct sockaddr *)&from, size);
	sendto(fd, buf, 1472, 0, (struct sockaddr *)&from, size);
	assert_true(socket_rig_until_len(&r, &r.of[0].len, 1482));
	assert_int_equal(r.of[0].datagrams, 2);
	finish(fd);
}

static void a_closed_udp_port_is_no_error(void **state)
{
	uint16_t port;
	int fd = start_udp(&port);

	(void)state;
	close(fd);
	assert_true(socket_rig_opened(&r, 0, SOCKET_UDP, "gcs", 14550, 0));
	r.ports.tx(r.ports.ctx, 0, "a", 1);
	socket_rig_run(&r, 20);
	r.ports.tx(r.ports.ctx, 0, "b", 1);
	socket_rig_run(&r, 20);
	assert_false(r.of[0].ended);
	finish(-1);
}

static void a_listening_udp_socket_hears_and_the_sender_can_be_answered(void **state)
{
	struct sockaddr_in to = { .sin_family = AF_INET }, mine;
	socklen_t size = sizeof(mine);
	uint16_t port;
	int other = start_udp(&port), fd = net_bind(SOCK_DGRAM, &port);

	(void)state;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)r.listens[0]);
	/* from before it was opened: lost */
	sendto(fd, "early", 5, 0, (struct sockaddr *)&to, sizeof(to));
	assert_true(socket_rig_opened(&r, 0, SOCKET_UDP, "", 0, 8000));
	sendto(fd, "hello", 5, 0, (struct sockaddr *)&to, sizeof(to));
	got(0, "hello");
	assert_memory_equal(r.of[0].from.addr, "\012\000\002\002", 4);
	assert_int_equal(r.of[0].from.port, port);
	/* one that a name leads to has its address */
	sendto(other, "named", 5, 0, (struct sockaddr *)&to, sizeof(to));
	assert_true(socket_rig_until_len(&r, &r.of[0].len, 10));
	assert_memory_equal(r.of[0].from.addr, "\012\000\002\144", 4);
	assert_int_equal(r.of[0].from.port, 14550);
	/* the way back, and only there */
	assert_true(socket_rig_opened(&r, 1, SOCKET_UDP, "10.0.2.2", port, 0));
	r.ports.tx(r.ports.ctx, 1, "reply", 5);
	expect(fd, "reply");
	assert_false(socket_rig_opened(
		&r, 2, SOCKET_UDP, "10.0.2.2", (uint16_t)(port + 1), 0));
	assert_false(socket_rig_opened(&r, 3, SOCKET_TCP, "10.0.2.2", port, 0));
	assert_int_equal(getsockname(fd, (struct sockaddr *)&mine, &size), 0);
	close(other);
	finish(fd);
}

static void a_local_port_of_udp_is_one_sockets(void **state)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	uint16_t port;
	int fd = start_udp(&port);

	(void)state;
	assert_true(socket_rig_opened(&r, 0, SOCKET_UDP, "gcs", 14550, 8000));
	assert_false(socket_rig_opened(&r, 1, SOCKET_UDP, "", 0, 8000));
	assert_int_equal(r.of[1].why, SOCKET_PORT_TAKEN);
	/* bound to its peer, it hears nobody else */
	r.ports.tx(r.ports.ctx, 0, "from 8000", 9);
	expect(fd, "from 8000");
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)r.listens[0]);
	sendto(fd, "peer", 4, 0, (struct sockaddr *)&to, sizeof(to));
	got(0, "peer");
	close(fd);
	fd = net_bind(SOCK_DGRAM, &port);
	sendto(fd, "other", 5, 0, (struct sockaddr *)&to, sizeof(to));
	socket_rig_run(&r, 30);
	assert_int_equal(r.of[0].len, 4);
	/* once it is closed the port is free */
	r.ports.close(r.ports.ctx, 0);
	r.ports.close(r.ports.ctx, 1);
	assert_true(socket_rig_opened(&r, 1, SOCKET_UDP, "", 0, 8000));
	finish(fd);
}

/* ---- servers -------------------------------------------------------------------------- */

static int connect_to(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

static bool is_reset(int fd)
{
	char c;

	return socket_rig_readable(&r, fd) && read(fd, &c, 1) < 0 && errno == ECONNRESET;
}

static void a_client_of_this_machine_reaches_a_server(void **state)
{
	static const char *const forwards[] = { "listen:tcp:80=127.0.0.1:0", NULL };
	struct sockaddr_in a;
	socklen_t size = sizeof(a);
	int fd;

	(void)state;
	socket_rig_init(&r, forwards, false, NULL);
	/* before there is a server */
	fd = connect_to(r.listens[0]);
	assert_true(is_reset(fd));
	close(fd);
	assert_true(socket_rig_opened(&r, 16, SOCKET_SERVER, "", 0, 80));
	assert_int_equal(r.of[16].local, 80);
	assert_false(socket_rig_opened(&r, 17, SOCKET_SERVER, "", 0, 80));
	assert_int_equal(r.of[17].why, SOCKET_PORT_TAKEN);
	r.child = 12;
	fd = connect_to(r.listens[0]);
	assert_true(socket_rig_until(&r, &r.of[12].there));
	assert_int_equal(r.server, 16);
	assert_memory_equal(r.of[12].peer.addr, "\012\000\002\002", 4);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &size), 0);
	assert_int_equal(r.of[12].peer.port, ntohs(a.sin_port));
	assert_int_equal(write(fd, "GET", 3), 3);
	got(12, "GET");
	/* the child outlives its server */
	r.ports.close(r.ports.ctx, 16);
	socket_rig_send(&r, 12, "200", 3);
	expect(fd, "200");
	r.ports.close(r.ports.ctx, 12);
	assert_true(socket_rig_readable(&r, fd));
	assert_int_equal(read(fd, &a, 1), 0);
	close(fd);
	fd = connect_to(r.listens[0]);
	assert_true(is_reset(fd));
	finish(fd);
}

static void a_client_is_reset_when_no_socket_is_free(void **state)
{
	static const char *const forwards[] = { "listen:tcp:80=127.0.0.1:0", NULL };
	int fd;

	(void)state;
	socket_rig_init(&r, forwards, false, NULL);
	assert_true(socket_rig_opened(&r, 16, SOCKET_SERVER, "", 0, 80));
	r.child = -1;
	fd = connect_to(r.listens[0]);
	assert_true(is_reset(fd));
	finish(fd);
}

static void a_server_that_nobody_can_reach_is_there_and_logged(void **state)
{
	static const char *const forwards[] = { NULL };

	(void)state;
	socket_rig_init(&r, forwards, false, NULL);
	assert_true(socket_rig_opened(&r, 16, SOCKET_SERVER, "", 0, 502));
	assert_non_null(strstr(r.logged, "--forward listen:tcp:502=127.0.0.1:PORT"));
	assert_true(socket_rig_opened(&r, 0, SOCKET_UDP, "", 0, 80));
	assert_non_null(strstr(r.logged, "--forward listen:udp:80=127.0.0.1:PORT"));
	finish(-1);
}

static void a_port_in_use_is_named(void **state)
{
	static const char *const none[] = { NULL };
	struct forward f;
	char text[60], why[200];
	uint16_t port;
	int fd;

	(void)state;
	socket_rig_init(&r, none, false, NULL);
	fd = net_bind(SOCK_STREAM, &port);
	snprintf(text, sizeof(text), "listen:tcp:80=127.0.0.1:%u", port);
	assert_null(forward_read(text, &f));
	assert_int_equal(listeners_add(r.listeners, &f, 1, why, sizeof(why)), 0);
	snprintf(text, sizeof(text), "127.0.0.1 port %u: Address already in use; ", port);
	assert_non_null(strstr(why, text));
	/* the ports of several modems follow each other */
	f.to_port = 65535;
	assert_int_equal(listeners_add(r.listeners, &f, 2, why, sizeof(why)), 0);
	assert_non_null(strstr(why, "65536"));
	finish(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(datagrams_go_to_a_named_port_and_back),
		UNIT(a_closed_udp_port_is_no_error),
		UNIT(a_listening_udp_socket_hears_and_the_sender_can_be_answered),
		UNIT(a_local_port_of_udp_is_one_sockets),
		UNIT(a_client_of_this_machine_reaches_a_server),
		UNIT(a_client_is_reset_when_no_socket_is_free),
		UNIT(a_server_that_nobody_can_reach_is_there_and_logged),
		UNIT(a_port_in_use_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
