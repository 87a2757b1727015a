/* host/net/peer and host/play/ppp_client: a network in memory, and the programs that meet
 * it, without PPP between them. */
#include "unit.h"

#include <string.h>

#include "codec/hex.h"
#include "host/net/ip4.h"
#include "host/net/peer.h"
#include "host/net/peer_dns.h"
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
	uint8_t octets[IP4_MAX];
} flights[256];
static size_t n_flights;
static size_t most; /* octets of the longest packet of the peer */
static struct peer peer;
static struct ppp_client client;

static void fly(bool to_peer, const void *packet, size_t len)
{
	struct flight *f = &flights[n_flights++];

	assert_true(n_flights <= 256 && len <= IP4_MAX);
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

	assert_true(hex_decode(hex, strlen(hex), out, IP4_MAX, &n));
	return n;
}

/* The peer answers a packet with this one; NULL: with none. */
static void answers(const char *packet, const char *answer)
{
	uint8_t p[IP4_MAX], want[IP4_MAX];
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
	answers(PING, "4500001F00000000400161590A000202" HOST "0000"
		      "296812340001616263");
}

static void a_damaged_packet_is_not_answered(void **state)
{
	uint8_t p[IP4_MAX];
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
		"4500004700000000401161200A000203" HOST "003504010033AAF9BEEF81800001"
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

/* The answer to a DNS message; false: there is none. */
static bool asked(const uint8_t *message, size_t len, struct dns *out)
{
	struct ip4 ip = { .source = { 10, 128, 3, 4 },
		.dest = { 10, 0, 2, 3 },
		.protocol = IP4_UDP,
		.source_port = 1025,
		.dest_port = DNS_PORT,
		.data = message,
		.len = len };
	uint8_t packet[IP4_MAX];

	n_flights = 0;
	peer_packet(&peer, packet, ip4_make(&ip, packet));
	return n_flights && ip4_read(&ip, flights[0].octets, flights[0].len) &&
	       dns_read(out, ip.data, ip.len);
}

static void other_questions_get_the_right_code(void **state)
{
	struct dns q = { .id = 7, .name = PEER_NAME, .type = 28 }, a;
	uint8_t message[DNS_MAX] = { 0 };
	size_t len = dns_make(&q, message), i;

	(void)state;
	/* the name is there, but it has no AAAA */
	assert_true(asked(message, len, &a));
	assert_true(a.answer && a.code == DNS_OK && !a.found && a.id == 7);
	message[5] = 2; /* two questions */
	assert_true(asked(message, len, &a));
	assert_int_equal(a.code, DNS_FORMAT_ERROR);
	message[5] = 1;
	message[2] = 2 << 3; /* STATUS */
	assert_true(asked(message, len, &a));
	assert_int_equal(a.code, DNS_NOT_IMPLEMENTED);
	message[2] = 0x80; /* an answer */
	assert_false(asked(message, len, &a));
	message[2] = 0;
	for (i = 0; i < len; i++) {
		assert_int_equal(asked(message, i, &a), i >= 12);
		assert_true(i < 12 || a.code == DNS_FORMAT_ERROR);
	}
	message[12] = 0xc0; /* a pointer, to itself */
	assert_true(asked(message, len, &a));
	assert_int_equal(a.code, DNS_FORMAT_ERROR);
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
static size_t segment(struct ip4 *in, unsigned flags, uint32_t seq, uint32_t ack,
	uint16_t window, const char *data)
{
	struct ip4 ip = { .source = { 10, 128, 3, 4 },
		.dest = { 10, 0, 2, 2 },
		.protocol = IP4_TCP,
		.source_port = 5000,
		.dest_port = 7,
		.seq = seq,
		.ack = ack,
		.flags = (uint8_t)flags,
		.window = window,
		.data = (const uint8_t *)data,
		.len = strlen(data) };
	uint8_t packet[IP4_MAX];

	n_flights = 0;
	peer_packet(&peer, packet, ip4_make(&ip, packet));
	if (n_flights)
		assert_true(ip4_read(in, flights[0].octets, flights[0].len));
	return n_flights;
}

static void the_host_s_window_is_respected(void **state)
{
	struct ip4 in;
	uint32_t isn;

	(void)state;
	assert_int_equal(segment(&in, TCP_SYN, 99, 0, 3, ""), 1);
	isn = in.seq;
	assert_true(in.flags == (TCP_SYN | TCP_ACK) && in.ack == 100 && in.mss == 1460);
	assert_int_equal(segment(&in, TCP_ACK, 100, isn + 1, 3, "hello"), 1);
	assert_true(in.len == 3 && !memcmp(in.data, "hel", 3) && in.ack == 105);
	/* the window is closed, then open again */
	assert_int_equal(segment(&in, TCP_ACK, 105, isn + 4, 0, ""), 0);
	assert_int_equal(segment(&in, TCP_ACK, 105, isn + 4, 10, ""), 1);
	assert_true(in.len == 2 && !memcmp(in.data, "lo", 2));
}

static void old_and_wrong_segments_get_an_ack(void **state)
{
	struct ip4 in;
	uint32_t isn;

	(void)state;
	segment(&in, TCP_SYN, 99, 0, 1000, "");
	isn = in.seq;
	segment(&in, TCP_ACK, 100, isn + 1, 1000, "one");
	assert_int_equal(segment(&in, TCP_ACK, 100, isn + 4, 1000, "one"), 1);
	assert_true(in.flags == TCP_ACK && in.ack == 103 && !in.len);
	assert_int_equal(segment(&in, TCP_ACK, 200, isn + 4, 1000, "late"), 1);
	assert_int_equal(in.ack, 103);
	assert_int_equal(segment(&in, TCP_ACK, 103, isn + 9, 1000, "ahead"), 1);
	assert_int_equal(in.ack, 103);
	/* a reset ends it only at the right number (RFC 9293 clause 3.10.7.4) */
	assert_int_equal(segment(&in, TCP_RST, 104, 0, 0, ""), 0);
	assert_int_equal(connections(), 1);
	assert_int_equal(segment(&in, TCP_RST, 103, 0, 0, ""), 0);
	assert_int_equal(connections(), 0);
	/* without a connection */
	assert_int_equal(segment(&in, TCP_ACK, 103, isn, 0, ""), 1);
	assert_true(in.flags == TCP_RST && in.seq == isn);
	assert_int_equal(segment(&in, TCP_FIN, 103, 0, 0, "ab"), 1);
	assert_true(in.flags == (TCP_RST | TCP_ACK) && in.ack == 106);
	assert_int_equal(segment(&in, TCP_RST, 103, 0, 0, ""), 0);
}

static void a_repeated_fin_is_acknowledged_once_more(void **state)
{
	struct ip4 in;
	uint32_t isn;

	(void)state;
	segment(&in, TCP_SYN, 99, 0, 1000, "");
	isn = in.seq;
	assert_int_equal(segment(&in, TCP_ACK | TCP_FIN, 100, isn + 1, 1000, "x"), 2);
	assert_int_equal(in.ack, 102);
	assert_int_equal(segment(&in, TCP_ACK | TCP_FIN, 100, isn + 1, 1000, "x"), 1);
	assert_true(in.flags == TCP_ACK && in.ack == 102 && in.seq == isn + 3);
	assert_int_equal(segment(&in, TCP_ACK, 102, isn + 3, 1000, ""), 0);
	assert_int_equal(connections(), 0);
}

/* ---- packets --------------------------------------------------------------------- */

static void a_packet_of_another_maker_is_read(void **state)
{
	uint8_t p[IP4_MAX], again[IP4_MAX];
	size_t len = octets("4500002C0000000040066147" HOST "0A000202040100070000"
			    "03E800000000600201F4787D0000020401F4",
		p);
	struct ip4 ip;

	(void)state;
	assert_true(ip4_read(&ip, p, len));
	assert_true(ip.source_port == 1025 && ip.dest_port == 7 && ip.seq == 1000);
	assert_true(ip.flags == TCP_SYN && ip.window == 500 && ip.mss == 500 && !ip.len);
	assert_int_equal(ip4_make(&ip, again), len);
	assert_memory_equal(again, p, len);
}

static void addresses_are_read_strictly(void **state)
{
	static const char *const wrong[] = { "", "1.2.3", "1.2.3.4.", "1.2.3.256",
		"1.2.3.4 ", "1..2.3", "a.b.c.d", "1.2.3.0004", "-1.2.3.4" };
	uint8_t a[4];
	char mem[IP4_TEXT];
	size_t i;

	(void)state;
	assert_true(ip4_address("255.0.12.1", a));
	assert_string_equal(ip4_text(a, mem), "255.0.12.1");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(ip4_address(wrong[i], a));
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
	NET(a_packet_of_another_maker_is_read),
	NET(addresses_are_read_strictly),
};

UNIT_MAIN(tests)
