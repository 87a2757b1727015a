/* host/play/ppp_host: what the host of scenarios says to a modem that the test plays, byte
 * for byte, and that two of them understand each other. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/rand.h"
#include "codec/hex.h"
#include "host/play/ppp_client.h"
#include "host/play/ppp_host.h"

#define LINE 20000

/* What a host has sent: its bytes, and how many of them were looked at. */
struct side {
	struct ppp_host host;
	uint8_t sent[LINE];
	size_t len, seen;
	struct ppp_decoder rx; /* of `sent` */
	uint8_t packet[1500];  /* the last that came */
	size_t packet_len;
	char trace[400]; /* the last line */
};

static struct side a, b;

/* pppd's usual requests */
static const struct ppp_host_conf usual = { .user = "me",
	.password = "secret",
	.magic = true,
	.pfc = true,
	.acfc = true,
	.dns = true };

static void keep(void *ctx, const void *bytes, size_t len)
{
	struct side *s = ctx;

	assert_true(s->len + len <= sizeof(s->sent));
	memcpy(s->sent + s->len, bytes, len);
	s->len += len;
}

static void packet(void *ctx, const void *p, size_t len)
{
	struct side *s = ctx;

	memcpy(s->packet, p, len);
	s->packet_len = len;
}

static void trace(void *ctx, bool sent, const char *text)
{
	struct side *s = ctx;

	snprintf(s->trace, sizeof(s->trace), "%c %s", sent ? '>' : '<', text);
}

static void make(struct side *s, const struct ppp_host_conf *conf)
{
	const struct ppp_host_ops ops = { s, keep, packet, trace };

	s->len = s->seen = s->packet_len = 0;
	ppp_decoder_init(&s->rx);
	ppp_host_init(&s->host, conf, &ops);
}

static size_t octets(const char *text, uint8_t *out, size_t max)
{
	size_t n = 0, one;

	for (; *text; text += 2 + (text[2] == ' ')) {
		assert_true(n < max && hex_decode(text, 2, out + n, 1, &one));
		n++;
	}
	return n;
}

/* The modem says a frame, with address and control. */
static void modem(const char *frame)
{
	uint8_t plain[PPP_FRAME_MAX] = { 0xff, 0x03 };
	char line[2 * PPP_FRAME_MAX + 8];
	size_t len = 2 + octets(frame, plain + 2, sizeof(plain) - 2), i;
	struct buf out;

	buf_init(&out, line, sizeof(line));
	assert_true(ppp_encode(&out, plain, len, PPP_ACCM_ALL));
	for (i = 0; i < out.len; i++)
		ppp_host_rx(&a.host, (uint8_t)line[i]);
}

/* The next frame of the host, as it stands in the line, but unescaped; 0: none. */
static size_t next_frame(const uint8_t **p)
{
	size_t len = 0;

	while (!len && a.seen < a.len)
		len = ppp_decode(&a.rx, a.sent[a.seen++]);
	*p = a.rx.data;
	return len;
}

/* It must be this one. */
static void host_whole(const char *frame)
{
	uint8_t want[PPP_FRAME_MAX];
	const uint8_t *p;
	size_t len = octets(frame, want, sizeof(want));

	assert_int_equal(next_frame(&p), len);
	assert_memory_equal(p, want, len);
}

static void host(const char *frame)
{
	char whole[2 * PPP_FRAME_MAX];

	snprintf(whole, sizeof(whole), "FF03 %s", frame);
	host_whole(whole);
}

static void host_is_silent(void)
{
	const uint8_t *p;

	assert_int_equal(next_frame(&p), 0);
}

static const char *value(const char *name)
{
	static char text[PPP_HOST_TEXT];
	const struct name *row = name_find(ppp_host_values, name);

	assert_non_null(row);
	ppp_host_value(&a.host, row->value, text);
	return text;
}

/* ---- LCP ------------------------------------------------------------------------- */

#define MODEM_LCP                                                                     \
	"C021 01 01 001C 01 04 05DC 02 06 00000000 05 06 00000000 07 02 08 02 03 04 " \
	"C023"
#define MODEM_LCP_ACK                                                                 \
	"C021 02 01 001C 01 04 05DC 02 06 00000000 05 06 00000000 07 02 08 02 03 04 " \
	"C023"
#define HOST_LCP "C021 01 01 0014 02 06 00000000 05 06 0FA4FA00 07 02 08 02"

static void start(const struct ppp_host_conf *conf)
{
	make(&a, conf);
	ppp_host_start(&a.host);
}

/* Up to and with LCP. */
static void open_lcp(const struct ppp_host_conf *conf)
{
	start(conf);
	host(HOST_LCP);
	modem(MODEM_LCP);
	host(MODEM_LCP_ACK);
	modem("C021 02 01 0014 02 06 00000000 05 06 0FA4FA00 07 02 08 02");
}

static void the_request_of_a_q2686_is_acknowledged(void **state)
{
	/* gprs.md LCP request, as it was posted */
	static const char line[] =
		"7EFF7D23C0217D217D217D207D3C7D217D247D25DC7D227D267D207D207D207D207D257D"
		"267D207D207D207D207D277D227D287D227D237D24C02389557E";
	uint8_t bytes[sizeof(line) / 2];
	size_t n, i;

	(void)state;
	start(&usual);
	host(HOST_LCP);
	assert_true(hex_decode(line, strlen(line), bytes, sizeof(bytes), &n));
	for (i = 0; i < n; i++)
		ppp_host_rx(&a.host, bytes[i]);
	host(MODEM_LCP_ACK);
	assert_string_equal(value("auth"), "pap");
	assert_string_equal(value("mru"), "1500");
	assert_string_equal(value("accm"), "00000000");
	assert_string_equal(value("magic"), "00000000");
	assert_string_equal(value("phase"), "establish");
}

static void an_option_that_is_rejected_is_not_asked_for_again(void **state)
{
	(void)state;
	start(&usual);
	host(HOST_LCP);
	/* an M1206B: gprs.md LCP answers */
	modem("C021 04 01 000A 05 06 0FA4FA00");
	host("C021 01 02 000E 02 06 00000000 07 02 08 02");
	assert_string_equal(value("rejected"), "magic");
	/* without a magic number the modem's is absent too */
	modem("C021 01 01 0016 01 04 05DC 02 06 00000000 07 02 08 02 03 04 C023");
	host("C021 02 01 0016 01 04 05DC 02 06 00000000 07 02 08 02 03 04 C023");
	assert_string_equal(value("magic"), "none");
}

static void a_nak_changes_what_is_asked_for(void **state)
{
	struct ppp_host_conf c = { .mru = 2000, .accm = -1 };

	(void)state;
	start(&c);
	host("C021 01 01 0008 01 04 07D0");
	modem("C021 03 01 0008 01 04 05DC");
	host("C021 01 02 0008 01 04 05DC");
	/* the answer to an earlier request is none */
	modem("C021 02 01 0008 01 04 07D0");
	modem("C021 04 01 0008 01 04 07D0");
	host_is_silent();
}

static void what_is_not_understood_is_rejected(void **state)
{
	(void)state;
	start(&usual);
	host(HOST_LCP);
	/* callback, an MRU of three octets; the rest would be good */
	modem("C021 01 05 0012 0D 03 06 01 05 000000 05 06 12345678");
	host("C021 04 05 000C 0D 03 06 01 05 000000");
	assert_string_equal(value("phase"), "establish");
}

static void authentication_is_as_configured(void **state)
{
	struct ppp_host_conf c = usual;

	(void)state;
	c.auth = PPP_HOST_CHAP;
	start(&c);
	host(HOST_LCP);
	modem("C021 01 01 0008 03 04 C023");
	host("C021 03 01 0009 03 05 C223 05");
	modem("C021 01 02 0009 03 05 C223 05");
	host("C021 02 02 0009 03 05 C223 05");
	c.auth = PPP_HOST_PAP;
	start(&c);
	host(HOST_LCP);
	modem("C021 01 01 0009 03 05 C223 05");
	host("C021 03 01 0008 03 04 C023");
	modem("C021 01 01 0009 03 05 C223 80"); /* MS-CHAP */
	host("C021 03 01 0008 03 04 C023");
	c.auth = PPP_HOST_NONE;
	start(&c);
	host(HOST_LCP);
	modem("C021 01 01 0008 03 04 C023");
	host("C021 04 01 0008 03 04 C023");
}

static void echoes_are_answered_when_lcp_is_open(void **state)
{
	(void)state;
	start(&usual);
	host(HOST_LCP);
	modem("C021 09 07 0008 00000000");
	host_is_silent();
	open_lcp(&usual);
	host_whole("C023 01 02 000E 02 6D65 06 736563726574");
	modem("C021 09 07 000C 00000000 AABBCCDD");
	host("C021 0A 07 000C 0FA4FA00 AABBCCDD");
	modem("C021 0B 08 0008 00000000"); /* Discard-Request */
	host_is_silent();
}

/* md5sum of 07, "secret" and 00112233445566778899AABBCCDDEEFF */
#define CHAP_HASH "15C1682EB7AC3DACA85D727884AF20A0"

/* ---- authentication, IPCP -------------------------------------------------------- */

static void pap_then_ipcp_bring_an_address(void **state)
{
	(void)state;
	open_lcp(&usual);
	assert_string_equal(value("phase"), "authenticate");
	host_whole("C023 01 02 000E 02 6D65 06 736563726574");
	modem("C023 02 01 0005 00"); /* for another request */
	assert_string_equal(value("phase"), "authenticate");
	modem("C023 02 02 000D 08 57656C636F6D6521");
	assert_string_equal(value("message"), "Welcome!");
	/* compressed from here on: the modem has asked for it */
	host_whole("80 21 01 03 00 16 03 06 00000000 81 06 00000000 83 06 00000000");
	modem("8021 01 01 000A 03 06 C0A86F6F");
	host_whole("80 21 02 01 00 0A 03 06 C0A86F6F");
	modem("8021 03 03 0016 03 06 0A800304 81 06 0A000203 83 06 00000000");
	host_whole("80 21 01 04 00 16 03 06 0A800304 81 06 0A000203 83 06 00000000");
	assert_string_equal(value("address"), "none");
	modem("8021 02 04 0016 03 06 0A800304 81 06 0A000203 83 06 00000000");
	assert_string_equal(value("phase"), "up");
	assert_string_equal(value("address"), "10.128.3.4");
	assert_string_equal(value("peer"), "192.168.111.111");
	assert_string_equal(value("dns1"), "10.0.2.3");
	assert_string_equal(value("dns2"), "none");
	assert_string_equal(value("rejected"), "none");
	host_is_silent();
}

static void a_refused_password_stops_there(void **state)
{
	(void)state;
	open_lcp(&usual);
	modem("C023 03 02 0007 02 6E6F");
	assert_string_equal(value("phase"), "authenticate");
	assert_string_equal(value("message"), "no");
	assert_true(a.host.refused);
}

static void chap_answers_with_the_hash(void **state)
{
	(void)state;
	start(&usual);
	modem("C021 01 01 0009 03 05 C223 05");
	modem("C021 02 01 0014 02 06 00000000 05 06 0FA4FA00 07 02 08 02");
	host(HOST_LCP);
	host("C021 02 01 0009 03 05 C223 05");
	host_is_silent();
	modem("C223 01 07 0016 10 00112233445566778899AABBCCDDEEFF 6D");
	host("C223 02 07 0017 10 " CHAP_HASH " 6D65");
	modem("C223 03 07 0006 6F6B");
	assert_string_equal(value("phase"), "network");
	assert_string_equal(value("message"), "ok");
}

static void what_the_modem_lacks_is_remembered(void **state)
{
	struct ppp_host_conf c = { .accm = -1,
		.vj = true,
		.wins = true,
		.ccp = true,
		.ipv6cp = true,
		.address = "10.1.2.3" };

	(void)state;
	start(&c);
	host("C021 01 01 0004");
	modem("C021 02 01 0004");
	modem("C021 01 01 0004");
	host("C021 02 01 0004");
	host("8021 01 02 001C 03 06 0A010203 82 06 00000000 84 06 00000000 02 06 "
	     "002D0F01");
	host("80FD 01 03 000B 1A 04 7800 15 03 2F");
	host("8057 01 04 000E 01 0A 020000FFFE000001");
	modem("C021 08 02 0011 80FD 01 03 000B 1A 04 7800 15 03 2F");
	modem("C021 08 03 0014 8057 01 04 000E 01 0A 020000FFFE000001");
	modem("8021 04 02 0016 82 06 00000000 84 06 00000000 02 06 002D0F01");
	host("8021 01 05 000A 03 06 0A010203");
	host_is_silent();
	assert_string_equal(value("rejected"), "wins1 wins2 vj");
	assert_string_equal(value("unknown"), "CCP IPV6CP");
}

static void unknown_protocols_are_rejected(void **state)
{
	(void)state;
	open_lcp(&usual);
	host_whole("C023 01 02 000E 02 6D65 06 736563726574");
	modem("80FB 01 09 0004");
	host("C021 08 03 000A 80FB 01 09 0004");
}

/* ---- the end, and time ----------------------------------------------------------- */

static void the_host_ends_the_link(void **state)
{
	(void)state;
	open_lcp(&usual);
	host_whole("C023 01 02 000E 02 6D65 06 736563726574");
	ppp_host_terminate(&a.host);
	host("C021 05 03 0004");
	ppp_host_again(&a.host);
	host("C021 05 04 0004");
	assert_string_equal(value("ended"), "no");
	modem("C021 06 04 0004");
	assert_string_equal(value("ended"), "host");
	assert_string_equal(value("phase"), "ended");
}

static void the_modem_ends_the_link(void **state)
{
	(void)state;
	open_lcp(&usual);
	host_whole("C023 01 02 000E 02 6D65 06 736563726574");
	modem("C021 05 09 0004");
	host("C021 06 09 0004");
	assert_string_equal(value("ended"), "modem");
}

static void what_is_not_answered_is_sent_again(void **state)
{
	(void)state;
	start(&usual);
	host(HOST_LCP);
	ppp_host_again(&a.host);
	host("C021 01 02 0014 02 06 00000000 05 06 0FA4FA00 07 02 08 02");
	modem(MODEM_LCP);
	host(MODEM_LCP_ACK);
	modem("C021 02 02 0014 02 06 00000000 05 06 0FA4FA00 07 02 08 02");
	host_whole("C023 01 03 000E 02 6D65 06 736563726574");
	ppp_host_again(&a.host);
	host_whole("C023 01 04 000E 02 6D65 06 736563726574");
	host_is_silent();
}

static void a_new_request_of_the_modem_opens_lcp_anew(void **state)
{
	(void)state;
	open_lcp(&usual);
	host_whole("C023 01 02 000E 02 6D65 06 736563726574");
	modem("C021 01 02 0008 03 04 C023");
	host("C021 01 03 0014 02 06 00000000 05 06 0FA4FA00 07 02 08 02");
	host("C021 02 02 0008 03 04 C023");
	assert_string_equal(value("phase"), "establish");
	assert_string_equal(value("accm"), "FFFFFFFF");
}

/* ---- two hosts ------------------------------------------------------------------- */

static void carry(struct side *from, struct side *to)
{
	while (from->seen < from->len)
		ppp_host_rx(&to->host, from->sent[from->seen++]);
}

static void carry_all(void)
{
	while (a.seen < a.len || b.seen < b.len) {
		carry(&a, &b);
		carry(&b, &a);
	}
}

static void two_hosts_understand_each_other(void **state)
{
	struct ppp_host_conf c = usual, d = usual;
	uint8_t p[1500];
	size_t i;

	(void)state;
	strcpy(c.address, "10.0.0.1");
	strcpy(d.address, "10.0.0.2");
	c.dns = d.dns = false;
	d.mru = 300;
	make(&a, &c);
	make(&b, &d);
	ppp_host_start(&a.host);
	ppp_host_start(&b.host);
	carry_all();
	assert_int_equal(a.host.phase, PPP_HOST_UP);
	assert_int_equal(b.host.phase, PPP_HOST_UP);
	assert_string_equal(value("peer"), "10.0.0.2");
	for (i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)i;
	assert_false(ppp_host_packet(&a.host, p, 301));
	assert_true(ppp_host_packet(&a.host, p, 300));
	assert_true(ppp_host_packet(&b.host, p, 1500));
	/* flags, protocol, FCS; few octets are escaped */
	assert_true(a.len - a.seen < 310);
	carry_all();
	assert_int_equal(b.packet_len, 300);
	assert_int_equal(a.packet_len, 1500);
	assert_memory_equal(a.packet, p, 1500);
	ppp_host_terminate(&b.host);
	carry_all();
	assert_int_equal(b.host.phase, PPP_HOST_ENDED);
	assert_string_equal(value("ended"), "modem");
	assert_false(ppp_host_packet(&a.host, p, 20));
}

static void frames_are_traced_in_words(void **state)
{
	(void)state;
	open_lcp(&usual);
	assert_string_equal(
		a.trace, "> PAP Authenticate-Request, id 2: 026D6506736563726574");
	modem("8035 01 02 03");
	assert_string_equal(a.trace, "> LCP Protocol-Reject, id 3: 8035010203");
}

/* Frames cut off and changed at random change nothing, or end in another phase. */
static void a_hostile_modem_costs_nothing(void **state)
{
	static const char *const frames[] = { MODEM_LCP, MODEM_LCP_ACK,
		"C023 02 02 000D 08 57656C636F6D6521",
		"C223 01 07 0016 10 00112233445566778899AABBCCDDEEFF 6D",
		"8021 03 03 0016 03 06 0A800304 81 06 0A000203 83 06 00000000",
		"C021 08 02 0011 80FD 01 03 000B 1A 04 7800 15 03 2F", "C021 05 09 0004",
		"C021 09 07 000C 00000000 AABBCCDD" };
	uint8_t frame[100];
	char text[3 * sizeof(frame) + 1];
	struct rand r;
	size_t n, i, round;

	(void)state;
	rand_init(&r, 1);
	for (round = 0; round < 20000; round++) {
		if (round % 50 == 0)
			start(&usual);
		n = octets(frames[rand_below(&r, 8)], frame, sizeof(frame));
		frame[rand_below(&r, (uint32_t)n)] = (uint8_t)rand_below(&r, 256);
		n = rand_below(&r, 4) ? n : rand_below(&r, (uint32_t)n + 1);
		for (i = 0; i < n; i++)
			snprintf(text + 3 * i, 4, "%02X ", frame[i]);
		text[n ? 3 * n - 1 : 0] = '\0';
		modem(text);
		a.len = a.seen = 0;
	}
}

static const struct CMUnitTest tests[] = {
	UNIT(the_request_of_a_q2686_is_acknowledged),
	UNIT(an_option_that_is_rejected_is_not_asked_for_again),
	UNIT(a_nak_changes_what_is_asked_for),
	UNIT(what_is_not_understood_is_rejected),
	UNIT(authentication_is_as_configured),
	UNIT(echoes_are_answered_when_lcp_is_open),
	UNIT(pap_then_ipcp_bring_an_address),
	UNIT(a_refused_password_stops_there),
	UNIT(chap_answers_with_the_hash),
	UNIT(what_the_modem_lacks_is_remembered),
	UNIT(unknown_protocols_are_rejected),
	UNIT(the_host_ends_the_link),
	UNIT(the_modem_ends_the_link),
	UNIT(what_is_not_answered_is_sent_again),
	UNIT(a_new_request_of_the_modem_opens_lcp_anew),
	UNIT(two_hosts_understand_each_other),
	UNIT(frames_are_traced_in_words),
	UNIT(a_hostile_modem_costs_nothing),
};

UNIT_MAIN(tests)
