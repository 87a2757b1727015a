/* Messages typed and read on a whole modem: the worked examples of the reference (sms.md
 * +CMGS, Text prompt), the count of references, and every character of the alphabet in
 * every set. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/charset.h"
#include "codec/gsm7.h"
#include "codec/hex.h"
#include "rig.h"

static struct profile *profile;
static struct rig *r;

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	r = calloc(1, sizeof(*r));
	rig_init(r, profile);
	rig_boot(r);
	/* PDUs, with a validity period in the messages that are typed as text */
	rig_type(r, "AT+CMGF=0;+CSMP=17,167,0,0\r", 27);
	rig_pass(r, SEC(1));
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_free(r);
	rig_profile_free(profile);
	free(r);
	return 0;
}

/* Types bytes, lets time pass, and compares all that was said. */
static void talk(const char *typed, usec_t time, const char *said)
{
	rig_clear(r);
	rig_type(r, typed, strlen(typed));
	rig_pass(r, time);
	if (r->len != strlen(said) || memcmp(r->out, said, r->len) != 0)
		fail_msg("%s: said \"%.*s\", expected \"%s\"", typed, (int)r->len, r->out,
			said);
}

/* Sends a message in PDU mode, without echo. */
static void send_pdu(const char *command, const char *pdu, int reference)
{
	char said[64];

	talk(command, SEC(1), "\r\n> ");
	snprintf(said, sizeof(said), "\r\n+CMGS: %d\r\n\r\nOK\r\n", reference);
	rig_clear(r);
	rig_type(r, pdu, strlen(pdu));
	talk("\x1a", SEC(3), said);
}

static void the_worked_examples_come_byte_by_byte(void **state)
{
	int i;

	(void)state;
	talk("ATE0\r", SEC(1), "ATE0\r\r\nOK\r\n");
	for (i = 0; i < 4; i++)
		send_pdu("AT+CMGS=19\r", "0011000B913316325476F80000A705C8329BFD06", i);
	send_pdu("AT+CMGS=14\r", "0001030691214365000004C9E9340B", 4);
	for (i = 5; i < 12; i++)
		send_pdu("AT+CMGS=19\r", "0031000B913316325476F80000A705C8329BFD06", i);
	rig_pass(r, SEC(60));
	talk("ATE1\r", SEC(1), "\r\nOK\r\n");
	talk("AT+CMGF=1\r", SEC(1), "AT+CMGF=1\r\r\nOK\r\n");
	talk("AT+CMGS=\"+33146290800\"\r", SEC(1), "AT+CMGS=\"+33146290800\"\r\r\n> ");
	talk("Please call me soon, Fred.", SEC(1), "Please call me soon, Fred.");
	talk("\x1a", SEC(8), "\r\n+CMGS: 12\r\n\r\nOK\r\n");
	talk("ATE0\r", SEC(1), "ATE0\r\r\nOK\r\n");
	talk("AT+CMGF=0\r", SEC(1), "\r\nOK\r\n");
	send_pdu("AT+CMGS=19\r", "0011000B913316325476F80000A705C8329BFD06", 13);
}

static void references_count_to_255_and_begin_again(void **state)
{
	int i;

	(void)state;
	talk("ATE0\r", SEC(1), "ATE0\r\r\nOK\r\n");
	for (i = 0; i < 258; i++)
		send_pdu("AT+CMGS=19\r", "0011000B913316325476F80000A705C8329BFD06",
			i % 256);
}

/* ---- the alphabet ---------------------------------------------------------------- */

/* A message of septets `first` to `last` but the escape, or of all the extension
 * characters, as it is written in PDU mode. */
static size_t make_septets(unsigned char first, unsigned char last, uint8_t *out)
{
	unsigned char c;
	size_t n = 0;

	for (c = first; c <= last; c++) {
		if (c != GSM7_ESC)
			out[n++] = c;
		if (gsm7_extension(c) && n < 150) {
			out[n++] = GSM7_ESC;
			out[n++] = c;
		}
	}
	return n;
}

/* Takes what stands between the header line of +CMGR and its OK. */
static size_t data_of(const char *prefix, char *out, size_t size)
{
	const char *end = "\r\n\r\nOK\r\n";
	char *p = memmem(r->out, r->len, prefix, strlen(prefix)), *q;
	size_t n = strlen(end);

	assert_non_null(p);
	p = memmem(p, r->len - (size_t)(p - r->out), "\r\n", 2);
	assert_non_null(p);
	p += 2;
	q = r->out + r->len - n;
	assert_memory_equal(q, end, n);
	assert_true(q >= p && (size_t)(q - p) < size);
	memcpy(out, p, (size_t)(q - p));
	out[q - p] = '\0';
	return (size_t)(q - p);
}

static void command(const char *line)
{
	rig_clear(r);
	rig_type(r, line, strlen(line));
	rig_pass(r, SEC(1));
}

/* Writes septets in PDU mode, reads them as text in a set, writes that text, and has the
 * same user data in PDU mode. */
static void comes_back(const char *set, const uint8_t *septets, size_t n)
{
	char line[64], pdu[400], text[700], back[400];
	uint8_t packed[140];
	struct buf b;
	size_t len = gsm7_pack(septets, n, 0, packed);

	command("AT+CMGD=1,4\r");
	command("AT+CMGF=0\r");
	buf_init(&b, pdu, sizeof(pdu));
	buf_printf(&b, "0011000A8160214365870000A7%02X", (unsigned)n);
	hex_put(&b, packed, len);
	snprintf(line, sizeof(line), "AT+CMGW=%zu\r", b.len / 2 - 1);
	command(line);
	rig_type(r, pdu, b.len);
	command("\x1a");
	snprintf(line, sizeof(line), "AT+CMGF=1;+CSCS=\"%s\"\r", set);
	command(line);
	assert_memory_equal(r->out, "\r\nOK\r\n", 6);
	command("AT+CMGR=1\r");
	len = data_of("+CMGR:", text, sizeof(text));
	command("AT+CMGW=\"0612345678\"\r");
	rig_type(r, text, len);
	command("\x1a");
	command("AT+CMGF=0\r");
	command("AT+CMGR=2\r");
	data_of("+CMGR:", back, sizeof(back));
	pdu[b.len] = '\0';
	assert_string_equal(back, pdu);
}

static void every_character_comes_back_where_it_can_be_typed(void **state)
{
	uint8_t septets[160];
	unsigned char c;
	size_t n;

	(void)state;
	command("ATE0\r");
	n = make_septets(0, 63, septets);
	comes_back("HEX", septets, n);
	n = make_septets(64, 127, septets);
	comes_back("HEX", septets, n);
	/* as bytes: what edits, ends or aborts cannot be typed */
	for (c = 0, n = 0; c < 128; c++)
		if (!c || !strchr("\x08\x1a\x1b", c))
			septets[n++] = c;
	comes_back("GSM", septets, n);
	/* code page 437 lacks some */
	for (c = 0, n = 0; c < 128; c++)
		if (!c || !strchr("\x0b\x0c\x10\x14\x16\x17\x1a\x1b\x24\x5f", c))
			septets[n++] = c;
	comes_back("PCCP437", septets, n);
}

static void every_length_comes_back(void **state)
{
	uint8_t septets[160];
	size_t n;

	(void)state;
	command("ATE0\r");
	for (n = 0; n < 160; n++)
		septets[n] = (uint8_t)('A' + n % 26);
	for (n = 1; n <= 160; n++)
		comes_back(n % 2 ? "GSM" : "PCCP437", septets, n);
}

#define ON_A_MODEM(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	ON_A_MODEM(the_worked_examples_come_byte_by_byte),
	ON_A_MODEM(references_count_to_255_and_begin_again),
	ON_A_MODEM(every_character_comes_back_where_it_can_be_typed),
	ON_A_MODEM(every_length_comes_back),
};

UNIT_MAIN(tests)
