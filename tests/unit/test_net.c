/* host/net: what a host reaches through PPP. What it must not reach: test_net_rules.c. This
 * takes real time, some tenths of a second. */
#include "host/net/net_int.h"
#include "net_test.h"

/* ---- what is named ------------------------------------------------------------------- */

static void a_named_port_leads_to_its_target(void **state)
{
	struct net_rig_tcp t;
	int listens, fd;

	(void)state;
	fd = connected(&t, &listens);
	net_rig_segment(&r, &t, IP_TCP_PSH, "GET /\n", 6);
	expect(fd, "GET /\n");
	assert_int_equal(write(fd, "hello", 5), 5);
	net_rig_read(&r, &t, 5);
	assert_int_equal(t.len, 5);
	assert_memory_equal(t.got, "hello", 5);
	close(fd);
	net_rig_read(&r, &t, 6);
	assert_true(t.fin);
	disconnect(&t, listens);
}

static void the_host_closes_first_and_still_reads(void **state)
{
	struct net_rig_tcp t;
	int listens, fd;
	char c;

	(void)state;
	fd = connected(&t, &listens);
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
	disconnect(&t, listens);
}

static void a_target_that_resets_is_a_reset(void **state)
{
	const struct linger at_once = { .l_onoff = 1 };
	struct net_rig_tcp t;
	int listens, fd, i;

	(void)state;
	fd = connected(&t, &listens);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
	/* both may be written before the reset is seen */
	for (i = 0; i < 3; i++)
		net_rig_segment(&r, &t, IP_TCP_PSH, "more", 4);
	net_rig_read(&r, &t, 1);
	assert_true(t.reset);
	disconnect(&t, listens);
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
	int listens, fd;
	ssize_t n;

	(void)state;
	assert_non_null(data);
	for (i = 0; i < BULK; i++)
		data[i] = (char)(i * 7 + i / 251);
	fd = connected(&t, &listens);
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
	disconnect(&t, listens);
	free(data);
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

static void a_link_that_goes_down_ends_all(void **state)
{
	struct net_rig_tcp t;
	int listens, fd;
	char c;

	(void)state;
	fd = connected(&t, &listens);
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

static void an_idle_network_asks_for_no_time(void **state)
{
	uint16_t port;
	int listens = start(&port);

	(void)state;
	assert_int_equal(r.net->ops->wait(r.net->slirp), USEC_NEVER);
	assert_true(pings(NAMED));
	assert_int_equal(r.net->ops->wait(r.net->slirp), USEC_NEVER);
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
		UNIT(a_target_that_resets_is_a_reset),
		UNIT(two_connections_to_one_name_are_apart),
		UNIT(two_megabytes_come_whole),
		UNIT(a_closed_target_is_a_reset),
		UNIT(a_name_may_be_an_address),
		UNIT(datagrams_go_to_a_named_port_and_back),
		UNIT(the_name_server_knows_the_names_and_no_others),
		UNIT(echoes_come_from_the_names_and_the_modem_only),
		UNIT(a_link_that_goes_down_ends_all),
		UNIT(an_idle_network_asks_for_no_time),
		UNIT(packets_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
