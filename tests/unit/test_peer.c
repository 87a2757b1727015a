/* host/net/peer and host/play/ppp_client: a network in memory, and the programs that meet
 * it, without PPP between them. */
#include "unit.h"

#include <string.h>

#include "codec/hex.h"
#include "codec/ip.h"
#include "host/net/peer.h"
#include "host/play/ppp_client.h"

#define HOST "0A800304"

static const struct packet_link usual = { .host = { 10, 128, 3, 4 },
	.peer = { 192, 168, 111, 111 },
	.dns = { { 10, 0, 2, 3 }, { 0 } },
	.mtu = 1500 };
static const struct peer_host hosts[] = { { "meter.example", { 10, 0, 2, 100 } } };
static const uint8_t gateway[4] = { 10, 0, 2, 2 }, nobody[4] = { 10, 0, 2, 77 };

/* Packets in flight, in the order in which they were sent. */
static struct flight {
	bool to_peer;
	size_t len;
	uint8_t octets[IP_MAX];
} flights[256];
static size_t n_flights;
static size_t most; /* octets of the longest packet of the peer */
static struct peer peer;
static struct ppp_client client;

static void fly(bool to_peer, const void *packet, size_t len)
{
	struct flight *f = &flights[n_flights++];

	assert_true(n_flights <= 256 && len <= IP_MAX);
	f->to_peer = to_peer;
	f->len = len;
	memcpy(f->octets, packet, len);
}

static void to_peer(void *ctx, const void *packet, size_t len)
{
	(void)ctx;
	fly(true, packet, len);
}

static void to_client(void *ctx, const void *packet, size_t len)
{
	(void)ctx;
	most = len > most ? len : most;
	fly(false, packet, len);
}

static void land(void)
{
	struct flight f;

	while (n_flights) {
		f = flights[0];
		memmove(flights, flights + 1, --n_flights * sizeof(f));
		if (f.to_peer)
			peer_packet(&peer, f.octets, f.len);
		else
			ppp_client_packet(&client, f.octets, f.len);
	}
}

static int begin(void **state)
{
	(void)state;
	n_flights = most = 0;
	peer_init(&peer, hosts, 1, to_client, NULL);
	peer_link(&peer, &usual);
	client = (struct ppp_client){ .address = { 10, 128, 3, 4 }, .send = to_peer };
	return 0;
}

static size_t octets(const char *hex, uint8_t *out)
{
	size_t n = 0;

	assert_true(hex_decode(hex, strlen(hex), out, IP_MAX, &n));
	return n;
}

/* The peer answers a packet with this one; NULL: with none. */
static void answers(const char *packet, const char *answer)
{
	uint8_t p[IP_MAX], want[IP_MAX];
	size_t len = octets(packet, p);

	n_flights = 0;
	peer_packet(&peer, p, len);
	assert_int_equal(n_flights, answer ? 1 : 0);
	if (!answer)
		return;
	assert_int_equal(flights[0].len, octets(answer, want));
	assert_memory_equal(flights[0].octets, want, flights[0].len);
}

/* ---- ping and DNS ---------------------------------------------------------------- */

#define PING                                           \
	"4500001F0000000040016159" HOST "0A0002020800" \
	"216812340001616263"

static void a_ping_is_answered_byte_for_byte(void **state)
{
	(void)state;
	answers(PING, "4500001F00004000400121590A000202" HOST "0000"
		      "296812340001616263");
}

static void a_damaged_packet_is_not_answered(void **state)
{
	uint8_t p[IP_MAX];
	size_t len = octets(PING, p), i;

	(void)state;
	for (i = 0; i < len; i++) {
		p[i] ^= 0x10;
		peer_packet(&peer, p, len);
		p[i] ^= 0x10;
		peer_packet(&peer, p, i); /* cut off */
	}
	assert_int_equal(n_flights, 0);
	peer_packet(&peer, p, len);
	assert_int_equal(n_flights, 1);
}

static bool pinged(const uint8_t to[4])
{
	ppp_client_ping(&client, to, 1000);
	land();
	return client.state == PPP_CLIENT_DONE;
}

static void only_known_addresses_answer(void **state)
{
	(void)state;
	assert_true(pinged(gateway));
	assert_true(pinged(usual.peer));
	assert_true(pinged(usual.dns[0]));
	assert_true(pinged(hosts[0].address));
	assert_false(pinged(nobody));
	assert_false(pinged((const uint8_t[]){ 0, 0, 0, 0 }));
}

static void only_the_host_is_answered_while_the_link_is_up(void **state)
{
	(void)state;
	client.address[3]++;
	assert_false(pinged(gateway));
	client.address[3]--;
	peer_link(&peer, NULL);
	assert_false(pinged(gateway));
	peer_link(&peer, &usual);
	assert_true(pinged(gateway));
}

static void a_name_is_answered_byte_for_byte(void **state)
{
	(void)state;
	answers("450000370000000040116130" HOST "0A0002030401003500237C67BEEF01000001"
		"000000000000045065657204546573740000010001",
		"4500004700004000401121200A000203" HOST "003504010033A6F9BEEF85800001"
		"000100000000045065657204546573740000010001C00C000100010000003C0004"
		"0A000202");
}

static bool resolves(const char *name, const uint8_t to[4])
{
	ppp_client_resolve(&client, usual.dns[0], name);
	land();
	return client.state == PPP_CLIENT_DONE && !memcmp(client.found, to, 4);
}

static void names_of_the_profile_resolve(void **state)
{
	(void)state;
	assert_true(resolves("meter.example", hosts[0].address));
	assert_true(resolves("METER.Example.", hosts[0].address));
	assert_true(resolves(PEER_NAME, gateway));
	assert_false(resolves("eter.example", hosts[0].address));
	assert_string_equal(client.why, "there is no such name");
	assert_false(resolves("a..b", gateway));
	assert_string_equal(client.why, "this is not a name");
}

/* The answer to a DNS message: its code, -1 if there is none. */
static int asked(const uint8_t *message, size_t len, size_t *answers)
{
	const struct ip_ends e = { { 10, 128, 3, 4 }, { 10, 0, 2, 3 }, 1025, 53 };
	uint8_t packet[IP_MAX];
	struct ip ip;

	n_flights = 0;
	peer_packet(&peer, packet, ip_make_udp(packet, sizeof(packet), &e, message, len));
	if (!n_flights)
		return -1;
	assert_true(ip_read(flights[0].octets, flights[0].len, &ip));
	assert_true(ip.payload_len >= 12 && !memcmp(ip.payload, message, 2));
	*answers = ip.payload[7];
	return ip.payload[3] & 15;
}

static void other_questions_get_the_right_code(void **state)
{
	static const uint8_t aaaa[] = { 0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 'p', 'e',
		'e', 'r', 4, 't', 'e', 's', 't', 0, 0, 28, 0, 1 };
	uint8_t message[sizeof(aaaa)];
	size_t len = sizeof(aaaa), n, i;

	(void)state;
	memcpy(message, aaaa, len);
	/* the name is there, but it has no AAAA */
	assert_int_equal(asked(message, len, &n), 0);
	assert_int_equal(n, 0);
	message[24] = 1;
	assert_int_equal(asked(message, len, &n), 0);
	assert_int_equal(n, 1);
	message[5] = 2; /* two questions */
	assert_int_equal(asked(message, len, &n), 1);
	message[5] = 1;
	message[2] = 2 << 3; /* STATUS */
	assert_int_equal(asked(message, len, &n), 4);
	message[2] = 0x80; /* an answer */
	assert_int_equal(asked(message, len, &n), -1);
	message[2] = 1;
	for (i = 0; i < len; i++)
		assert_int_equal(asked(message, i, &n), i < 12 ? -1 : 1);
	message[12] = 0xc0; /* a pointer, to itself */
	assert_int_equal(asked(message, len, &n), 1);
}

/* ---- TCP ------------------------------------------------------------------------- */

static char text[50000], back[50000];

/* Whether this comes back from port 7. */
static bool echoes(size_t len)
{
	struct buf in;
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = (char)(i * 7 + i / 256);
	buf_init(&in, back, sizeof(back));
	ppp_client_connect(&client, gateway, 7, text, len, &in, len);
	land();
	return client.state == PPP_CLIENT_DONE && in.len == len &&
	       !memcmp(text, back, len);
}

static size_t connections(void)
{
	size_t i, n = 0;

	for (i = 0; i < PEER_CONNECTIONS; i++)
		n += peer.connection[i].state != PEER_FREE;
	return n;
}

static void what_is_sent_to_port_7_comes_back(void **state)
{
	int i;

	(void)state;
	assert_true(echoes(1));
	assert_true(echoes(sizeof(text)));
	for (i = 0; i < 3 * PEER_CONNECTIONS; i++)
		assert_true(echoes(100));
	assert_int_equal(connections(), 0);
}

static void packets_fit_the_mtu(void **state)
{
	struct packet_link small = usual;

	(void)state;
	small.mtu = 296;
	peer_link(&peer, &small);
	assert_true(echoes(5000));
	assert_int_equal(most, 296);
}

static void the_page_comes_by_http(void **state)
{
	static const char head[] = "HTTP/1.0 200 OK\r\n";
	static const char request[] = "GET / HTTP/1.0\r\nA: b\r\r\n\r\n";
	struct buf in;

	(void)state;
	buf_init(&in, back, sizeof(back) - 1);
	ppp_client_connect(&client, gateway, 80, request, sizeof(request) - 1, &in, 0);
	land();
	assert_int_equal(client.state, PPP_CLIENT_DONE);
	back[in.len] = '\0';
	assert_memory_equal(back, head, sizeof(head) - 1);
	assert_non_null(strstr(back, peer_page));
	assert_int_equal(connections(), 0);
}

static void what_port_9_gets_is_discarded(void **state)
{
	struct buf in;

	(void)state;
	buf_init(&in, back, sizeof(back));
	ppp_client_connect(&client, gateway, 9, text, sizeof(text), &in, 1);
	land();
	assert_int_equal(client.sent, sizeof(text));
	assert_int_equal(client.state, PPP_CLIENT_WAITS);
	assert_int_equal(in.len, 0);
}

static void other_ports_refuse(void **state)
{
	struct buf in;

	(void)state;
	buf_init(&in, back, sizeof(back));
	ppp_client_connect(&client, gateway, 22, "x", 1, &in, 1);
	land();
	assert_int_equal(client.state, PPP_CLIENT_FAILED);
	assert_string_equal(client.why, "the connection is refused");
}

static void connections_are_bounded_and_end_with_the_link(void **state)
{
	struct buf in;
	int i;

	(void)state;
	buf_init(&in, back, sizeof(back));
	for (i = 0; i <= PEER_CONNECTIONS; i++) {
		ppp_client_connect(&client, gateway, 9, "x", 1, &in, 1);
		land();
		assert_int_equal(client.state,
			i < PEER_CONNECTIONS ? PPP_CLIENT_WAITS : PPP_CLIENT_FAILED);
	}
	assert_int_equal(connections(), PEER_CONNECTIONS);
	peer_link(&peer, &usual);
	assert_int_equal(connections(), 0);
	assert_true(echoes(10));
}

/* A segment of a host that the test plays by itself; the answer, if one came, is in
 * *in. Returns the number of answers. */
static size_t segment(struct ip *in, unsigned flags, uint32_t seq, uint32_t ack,
	uint16_t window, const char *data)
{
	const struct ip_ends e = { { 10, 128, 3, 4 }, { 10, 0, 2, 2 }, 5000, 7 };
	const struct ip_segment s = {
		.seq = seq, .ack = ack, .flags = flags, .window = window
	};
	uint8_t packet[IP_MAX];

	n_flights = 0;
	peer_packet(&peer, packet,
		ip_make_tcp(packet, sizeof(packet), &e, &s, data, strlen(data)));
	if (n_flights)
		assert_true(ip_read(flights[0].octets, flights[0].len, in));
	return n_flights;
}

static void the_host_s_window_is_respected(void **state)
{
	struct ip in;
	uint32_t isn;

	(void)state;
	assert_int_equal(segment(&in, IP_TCP_SYN, 99, 0, 3, ""), 1);
	isn = in.tcp.seq;
	assert_true(in.tcp.flags == (IP_TCP_SYN | IP_TCP_ACK) && in.tcp.ack == 100 &&
		    !in.payload_len);
	assert_int_equal(segment(&in, IP_TCP_ACK, 100, isn + 1, 3, "hello"), 1);
	assert_true(in.payload_len == 3 && !memcmp(in.payload, "hel", 3) &&
		    in.tcp.ack == 105);
	/* the window is closed, then open again */
	assert_int_equal(segment(&in, IP_TCP_ACK, 105, isn + 4, 0, ""), 0);
	assert_int_equal(segment(&in, IP_TCP_ACK, 105, isn + 4, 10, ""), 1);
	assert_true(in.payload_len == 2 && !memcmp(in.payload, "lo", 2));
}

static void old_and_wrong_segments_get_an_ack(void **state)
{
	struct ip in;
	uint32_t isn;

	(void)state;
	segment(&in, IP_TCP_SYN, 99, 0, 1000, "");
	isn = in.tcp.seq;
	segment(&in, IP_TCP_ACK, 100, isn + 1, 1000, "one");
	assert_int_equal(segment(&in, IP_TCP_ACK, 100, isn + 4, 1000, "one"), 1);
	assert_true(in.tcp.flags == IP_TCP_ACK && in.tcp.ack == 103 && !in.payload_len);
	assert_int_equal(segment(&in, IP_TCP_ACK, 200, isn + 4, 1000, "late"), 1);
	assert_int_equal(in.tcp.ack, 103);
	assert_int_equal(segment(&in, IP_TCP_ACK, 103, isn + 9, 1000, "ahead"), 1);
	assert_int_equal(in.tcp.ack, 103);
	/* a reset ends it only at the right number (RFC 9293 clause 3.10.7.4) */
	assert_int_equal(segment(&in, IP_TCP_RST, 104, 0, 0, ""), 0);
	assert_int_equal(connections(), 1);
	assert_int_equal(segment(&in, IP_TCP_RST, 103, 0, 0, ""), 0);
	assert_int_equal(connections(), 0);
	/* without a connection */
	assert_int_equal(segment(&in, IP_TCP_ACK, 103, isn, 0, ""), 1);
	assert_true(in.tcp.flags == IP_TCP_RST && in.tcp.seq == isn);
	assert_int_equal(segment(&in, IP_TCP_FIN, 103, 0, 0, "ab"), 1);
	assert_true(in.tcp.flags == (IP_TCP_RST | IP_TCP_ACK) && in.tcp.ack == 106);
	assert_int_equal(segment(&in, IP_TCP_RST, 103, 0, 0, ""), 0);
}

static void a_repeated_fin_is_acknowledged_once_more(void **state)
{
	struct ip in;
	uint32_t isn;

	(void)state;
	segment(&in, IP_TCP_SYN, 99, 0, 1000, "");
	isn = in.tcp.seq;
	assert_int_equal(
		segment(&in, IP_TCP_ACK | IP_TCP_FIN, 100, isn + 1, 1000, "x"), 2);
	assert_int_equal(in.tcp.ack, 102);
	assert_int_equal(
		segment(&in, IP_TCP_ACK | IP_TCP_FIN, 100, isn + 1, 1000, "x"), 1);
	assert_true(
		in.tcp.flags == IP_TCP_ACK && in.tcp.ack == 102 && in.tcp.seq == isn + 3);
	assert_int_equal(segment(&in, IP_TCP_ACK, 102, isn + 3, 1000, ""), 0);
	assert_int_equal(connections(), 0);
}

#define NET(name) cmocka_unit_test_setup(name, begin)

static const struct CMUnitTest tests[] = {
	NET(a_ping_is_answered_byte_for_byte),
	NET(a_damaged_packet_is_not_answered),
	NET(only_known_addresses_answer),
	NET(only_the_host_is_answered_while_the_link_is_up),
	NET(a_name_is_answered_byte_for_byte),
	NET(names_of_the_profile_resolve),
	NET(other_questions_get_the_right_code),
	NET(what_is_sent_to_port_7_comes_back),
	NET(packets_fit_the_mtu),
	NET(the_page_comes_by_http),
	NET(what_port_9_gets_is_discarded),
	NET(other_ports_refuse),
	NET(connections_are_bounded_and_end_with_the_link),
	NET(the_host_s_window_is_respected),
	NET(old_and_wrong_segments_get_an_ack),
	NET(a_repeated_fin_is_acknowledged_once_more),
};

UNIT_MAIN(tests)
