/* host/net: each way around the rules that a host may try (README.md of host/net). */
#include "net_test.h"

extern const struct slirp_ops slirp_module_ops;

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

/* ---- --internet, without a way out --------------------------------------------------- */

static struct slirp_setup setup;
static uint8_t gone[IP_MAX]; /* the last packet that went out */
static size_t gone_len;

static struct slirp *fake_open(const struct slirp_setup *s, char *why, size_t size)
{
	(void)why;
	(void)size;
	setup = *s;
	return (struct slirp *)&setup;
}

static void fake_close(struct slirp *s)
{
	(void)s;
}

static void fake_input(struct slirp *s, const void *packet, size_t len)
{
	(void)s;
	memcpy(gone, packet, len);
	gone_len = len;
}

static int fake_fd(const struct slirp *s)
{
	(void)s;
	return 0;
}

static usec_t fake_wait(const struct slirp *s)
{
	(void)s;
	return USEC_NEVER;
}

static void with_internet_the_rest_goes_out(void **state)
{
	static const struct slirp_ops fake = { fake_open, fake_close, fake_input, fake_fd,
		fake_close, fake_wait };
	static const uint8_t answer[] = { 0x12, 0x34, 0x81, 0x80, 0, 0, 0, 0, 0, 0, 0,
		0 };
	uint8_t packet[IP_MAX], addr[4];
	struct ip_ends e, back;
	uint16_t port;
	int listens;
	struct ip p;

	(void)state;
	net_rig_ops = &fake;
	listens = start_with(true, &port);
	assert_true(setup.internet);
	assert_int_equal(setup.doors, 1);
	e = net_rig_to(&r, "93.184.216.34", 443);
	net_rig_syn(&r, &e, 1);
	assert_true(ip_read(gone, gone_len, &p));
	assert_memory_equal(p.dst, e.dst, 4);
	assert_int_equal(p.dport, 443);
	/* names are ours, others are asked for on the machine's resolver */
	gone_len = 0;
	assert_int_equal(net_rig_ask(&r, "192.0.2.53", "plc", 1, addr), 0);
	assert_int_equal(gone_len, 0);
	assert_int_equal(net_rig_ask(&r, "192.0.2.53", "www.example.com", 1, addr), -1);
	assert_true(ip_read(gone, gone_len, &p));
	assert_memory_equal(p.dst, SLIRP_DNS, 4);
	/* and the answer comes from where the host has asked */
	back = ip_back(&p);
	setup.packet(setup.ctx, packet,
		ip_make_udp(packet, sizeof(packet), &back, answer, sizeof(answer)));
	assert_true(net_rig_next(&r, 100));
	assert_memory_equal(r.ip.src, "\300\000\002\065", 4);
	assert_int_equal(r.ip.payload_len, sizeof(answer));
	close(listens);
	net_rig_free(&r);
	net_rig_ops = &slirp_module_ops;
}

/* Of an IP header of any length. */
static void set_checksum(uint8_t *p, size_t len)
{
	unsigned sum = 0;
	size_t i;

	p[10] = p[11] = 0;
	for (i = 0; i < len; i += 2)
		sum += (unsigned)(p[i] << 8 | p[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	p[10] = (uint8_t)(sum >> 8);
	p[11] = (uint8_t)sum;
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
	set_checksum(packet, 20);
	net_packet(r.net, packet, len);
	assert_int_equal(refused(NET_FRAGMENT), 1);
	/* each length, and each octet changed: the checksums say so */
	len = ip_make_tcp(packet, sizeof(packet), &e, &syn, NULL, 0);
	for (i = 0; i < len; i++) {
		net_packet(r.net, packet, i);
		packet[i] ^= 0x11;
		net_packet(r.net, packet, len);
		packet[i] ^= 0x11;
	}
	assert_int_equal(refused(NET_MALFORMED) + refused(NET_FRAGMENT), 1 + 2 * len);
	/* a source route, which might lead elsewhere */
	memcpy(optioned, packet, 20);
	memcpy(optioned + 20, "\203\007\004\177\000\000\001\000", 8);
	memcpy(optioned + 28, packet + 20, len - 20);
	optioned[0] = 0x47;
	optioned[3] = (uint8_t)(len + 8);
	set_checksum(optioned, 28);
	net_packet(r.net, optioned, len + 8);
	assert_int_equal(refused(NET_PROTOCOL), 1);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(nothing_else_of_the_machine_or_the_world_is_reached),
		UNIT(the_loopback_stays_closed_with_internet),
		UNIT(with_internet_the_rest_goes_out),
		UNIT(forged_packets_reach_nothing),
		UNIT(floods_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
