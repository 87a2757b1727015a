/* codec/ip, codec/dns, codec/forward: packets against published vectors, and texts. */
#include "unit.h"

#include <string.h>

#include "codec/dns.h"
#include "codec/forward.h"
#include "codec/ip.h"

/* RFC 1071's method applied by hand: an echo request as Linux sends it. */
static const uint8_t ping[] = { 0x45, 0x00, 0x00, 0x1c, 0x12, 0x34, 0x40, 0x00, 0x40,
	0x01, 0x57, 0xf4, 0xc0, 0xa8, 0x00, 0x01, 0x08, 0x08, 0x08, 0x08, 0x08, 0x00,
	0xf7, 0xfd, 0x00, 0x01, 0x00, 0x01 };

static unsigned sum(const uint8_t *p, size_t len)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < len; i += 2)
		n += (unsigned)(p[i] << 8 | p[i + 1]);
	return (n & 0xffff) + (n >> 16);
}

static void an_echo_is_read_and_answered(void **state)
{
	uint8_t reply[64];
	struct ip p;
	size_t n;

	(void)state;
	/* the vector itself */
	assert_int_equal(sum(ping, 20), 0xffff);
	assert_int_equal(sum(ping + 20, 8), 0xffff);
	assert_true(ip_read(ping, sizeof(ping), &p));
	assert_int_equal(p.protocol, IP_ICMP);
	assert_int_equal(p.icmp.type, IP_ICMP_ECHO);
	n = ip_make_echo_reply(reply, sizeof(reply), &p);
	assert_int_equal(n, sizeof(ping));
	assert_int_equal(sum(reply, 20), 0xffff);
	assert_int_equal(sum(reply + 20, 8), 0xffff);
	assert_memory_equal(reply + 12, ping + 16, 4);
	assert_memory_equal(reply + 24, ping + 24, 4);
	assert_int_equal(reply[20], 0);
	assert_int_equal(ip_make_echo_reply(reply, 27, &p), 0);
}

static void every_cut_and_every_changed_octet_is_noticed(void **state)
{
	uint8_t packet[sizeof(ping)];
	struct ip p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ping); i++) {
		assert_false(ip_read(ping, i, &p));
		memcpy(packet, ping, sizeof(ping));
		packet[i] ^= 0x40;
		if (ip_read(packet, sizeof(ping), &p))
			assert_true(p.fragment);
	}
}

static void lengths_inside_are_checked(void **state)
{
	const struct ip_ends e = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, 1000, 2000 };
	const struct ip_segment s = { 1, 2, IP_TCP_ACK, 3 };
	uint8_t packet[100];
	struct ip p;
	size_t n;

	(void)state;
	n = ip_make_udp(packet, sizeof(packet), &e, "abc", 3);
	assert_true(ip_read(packet, n, &p));
	assert_int_equal(p.payload_len, 3);
	packet[25] = 40; /* longer than the packet */
	assert_false(ip_read(packet, n, &p));
	packet[25] = 7; /* shorter than its header */
	assert_false(ip_read(packet, n, &p));
	n = ip_make_tcp(packet, sizeof(packet), &e, &s, "abc", 3);
	assert_true(ip_read(packet, n, &p));
	assert_int_equal(p.tcp.seq, 1);
	assert_int_equal(p.tcp.ack, 2);
	assert_int_equal(p.tcp.window, 3);
	packet[32] = 0xf0; /* a header longer than the packet */
	assert_false(ip_read(packet, n, &p));
	packet[32] = 0x40;
	assert_false(ip_read(packet, n, &p));
	assert_int_equal(ip_make_udp(packet, 30, &e, "abc", 3), 0);
}

static void an_address_changes_with_its_checksums(void **state)
{
	static const uint8_t to[4] = { 10, 0, 2, 100 };
	const struct ip_ends e = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, 1000, 2000 };
	const struct ip_segment s = { 1, 2, IP_TCP_ACK, 3 };
	uint8_t packet[100];
	struct ip p;
	size_t n;

	(void)state;
	n = ip_make_tcp(packet, sizeof(packet), &e, &s, "abc", 3);
	ip_readdress(packet, n, false, to);
	assert_true(ip_read(packet, n, &p));
	assert_memory_equal(p.dst, to, 4);
	ip_readdress(packet, n, true, to);
	assert_true(ip_read(packet, n, &p));
	assert_memory_equal(p.src, to, 4);
	n = ip_make_udp(packet, sizeof(packet), &e, "abc", 3);
	ip_readdress(packet, n, false, to);
	assert_true(ip_read(packet, n, &p));
	packet[26] = packet[27] = 0; /* none was made */
	ip_readdress(packet, n, true, to);
	assert_true(ip_read(packet, n, &p));
	assert_int_equal(packet[26] | packet[27], 0);
}

/* RFC 9293 3.10.7.1 */
static void a_closed_port_answers_by_a_reset(void **state)
{
	const struct ip_ends e = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, 1000, 2000 };
	struct ip_segment s = { 100, 0, IP_TCP_SYN, 3 };
	uint8_t packet[100], reset[100];
	struct ip p;

	(void)state;
	assert_true(ip_read(
		packet, ip_make_tcp(packet, sizeof(packet), &e, &s, NULL, 0), &p));
	assert_int_equal(ip_make_reset(reset, sizeof(reset), &p), 40);
	assert_true(ip_read(reset, 40, &p));
	assert_int_equal(p.tcp.flags, IP_TCP_RST | IP_TCP_ACK);
	assert_int_equal(p.tcp.seq, 0);
	assert_int_equal(p.tcp.ack, 101);
	/* never a reset for a reset */
	assert_int_equal(ip_make_reset(packet, sizeof(packet), &p), 0);
}

static void addresses_are_four_numbers(void **state)
{
	static const char *const bad[] = { "", "1.2.3", "1.2.3.4.5", "1.2.3.256",
		"1..3.4", "01.2.3.4", "1.2.3.4 ", "a.2.3.4", "1.2.3.", "1.2.3.0004" };
	char text[IP_ADDR_TEXT];
	uint8_t addr[4];
	size_t i;

	(void)state;
	assert_true(ip_addr_read("255.0.10.2", 10, addr));
	assert_string_equal(ip_addr_text(addr, text), "255.0.10.2");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(ip_addr_read(bad[i], strlen(bad[i]), addr));
}

/* ---- DNS ----------------------------------------------------------------------------- */

static const uint8_t query[] = { 0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'W', 'w',
	'w', 2, 'e', 'x', 0, 0, 1, 0, 1 };

static void a_question_is_read_and_answered(void **state)
{
	static const uint8_t addr[4] = { 10, 0, 2, 100 };
	static const uint8_t want[] = { 0xab, 0xcd, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 3,
		'W', 'w', 'w', 2, 'e', 'x', 0, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0,
		60, 0, 4, 10, 0, 2, 100 };
	struct dns_question q;
	uint8_t out[DNS_MAX];
	int code;

	(void)state;
	assert_true(dns_read(query, sizeof(query), &q, &code));
	assert_string_equal(q.name, "www.ex");
	assert_int_equal(q.type, DNS_A);
	assert_int_equal(dns_answer(query, &q, DNS_GOOD, addr, out), sizeof(want));
	assert_memory_equal(out, want, sizeof(want));
	assert_int_equal(dns_answer(query, &q, DNS_NO_NAME, NULL, out), sizeof(query));
	assert_int_equal(out[3], 0x83);
	assert_int_equal(out[7], 0);
}

static void malformed_questions_are_refused(void **state)
{
	uint8_t bad[600];
	struct dns_question q;
	size_t i;
	int code;

	(void)state;
	for (i = 0; i < sizeof(query); i++) {
		assert_false(dns_read(query, i, &q, &code));
		assert_int_equal(code, i < 12 ? -1 : DNS_FORMAT);
	}
	memcpy(bad, query, sizeof(query));
	bad[2] |= 0x80; /* an answer: never answered, or two servers talk for ever */
	assert_false(dns_read(bad, sizeof(query), &q, &code));
	assert_int_equal(code, -1);
	bad[2] = 0x10;
	assert_false(dns_read(bad, sizeof(query), &q, &code));
	assert_int_equal(code, DNS_NOT_DONE);
	memcpy(bad, query, sizeof(query));
	bad[12] = 0xc0; /* a pointer, to itself */
	assert_false(dns_read(bad, sizeof(query), &q, &code));
	assert_int_equal(code, DNS_FORMAT);
	/* longer than a name may be */
	memset(bad + 12, 1, sizeof(bad) - 12);
	assert_false(dns_read(bad, sizeof(bad), &q, &code));
}

/* ---- forwards ------------------------------------------------------------------------ */

static void a_forward_is_read(void **state)
{
	struct forward f;

	(void)state;
	assert_null(forward_read("tcp:Www.Example-1.com:80=127.0.0.1:8080", &f));
	assert_false(f.udp);
	assert_string_equal(f.name, "www.example-1.com");
	assert_int_equal(f.port, 80);
	assert_memory_equal(f.to, "\177\0\0\1", 4);
	assert_int_equal(f.to_port, 8080);
	assert_true(forward_loops(&f));
	assert_null(forward_read("udp:192.0.2.7:65535=192.168.1.5:1", &f));
	assert_true(f.udp);
	assert_false(forward_loops(&f));
	assert_null(forward_read("tcp:plc:502=localhost:502", &f));
	assert_true(forward_loops(&f));
	assert_false(f.listens);
}

static void a_listener_is_read(void **state)
{
	struct forward f;

	(void)state;
	assert_null(forward_read("listen:tcp:80=127.0.0.1:8080", &f));
	assert_true(f.listens && !f.udp);
	assert_string_equal(f.name, "");
	assert_int_equal(f.port, 80);
	assert_int_equal(f.to_port, 8080);
	assert_null(forward_read("listen:udp:65535=localhost:0", &f));
	assert_true(f.listens && f.udp);
	assert_memory_equal(f.to, "\177\0\0\1", 4);
	assert_int_equal(f.to_port, 0);
}

static void a_wrong_forward_says_what_and_the_remedy(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "", "neither tcp: nor udp:" },
		{ "http:a:80=127.0.0.1:80", "neither tcp: nor udp:" },
		{ "tcp:a:80", "the target is missing" },
		{ "tcp::80=127.0.0.1:80", "the name before =" },
		{ "tcp:a=127.0.0.1:80", "the name before =" },
		{ "tcp:a b:80=127.0.0.1:80", "the name before =" },
		{ "tcp:a..b:80=127.0.0.1:80", "the name before =" },
		{ "tcp:.a:80=127.0.0.1:80", "the name before =" },
		{ "tcp:a:0=127.0.0.1:80", "the port before =" },
		{ "tcp:a:65536=127.0.0.1:80", "the port before =" },
		{ "tcp:a:8x=127.0.0.1:80", "the port before =" },
		{ "tcp:a:80=example.com:80", "the address after =" },
		{ "tcp:a:80=0.0.0.0:80", "the address after =" },
		{ "tcp:a:80=224.0.0.1:80", "the address after =" },
		{ "tcp:a:80=127.0.0.1", "the port after =" },
		{ "tcp:a:80=127.0.0.1:80:80", "the port after =" },
		{ "tcp:a:80=127.0.0.1:0", "the port after =" },
		{ "listen:80=127.0.0.1:80", "must follow listen:" },
		{ "listen:tcp:80", "the address is missing" },
		{ "listen:tcp:a:80=127.0.0.1:80", "the port before =" },
		{ "listen:tcp:0=127.0.0.1:80", "the port before =" },
		{ "listen:tcp:80=0.0.0.0:80", "the address after =" },
		{ "listen:tcp:80=192.168.1.5:80", "from other machines" },
		{ "listen:tcp:80=126.255.255.255:80", "from other machines" },
		{ "listen:udp:80=127.1:80", "the address after =" },
		{ "listen:udp:80=127.0.0.1:00", "the port after =" },
		{ "tcp:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  ":80=127.0.0.1:80",
			"the name before =" },
	};
	struct forward f;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = forward_read(bad[i].text, &f);
		assert_non_null(why);
		assert_non_null(strstr(why, bad[i].says));
		assert_non_null(strstr(why, "; write "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(an_echo_is_read_and_answered),
		UNIT(every_cut_and_every_changed_octet_is_noticed),
		UNIT(lengths_inside_are_checked),
		UNIT(an_address_changes_with_its_checksums),
		UNIT(a_closed_port_answers_by_a_reset),
		UNIT(addresses_are_four_numbers),
		UNIT(a_question_is_read_and_answered),
		UNIT(malformed_questions_are_refused),
		UNIT(a_forward_is_read),
		UNIT(a_listener_is_read),
		UNIT(a_wrong_forward_says_what_and_the_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
