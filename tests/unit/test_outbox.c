/* The outbox in the facade: messages that a modem has sent, as their recipients read
 * them. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "rig.h"

/* Sends a text and waits until the service centre has it. */
static void send(struct rig *r, const char *to, const char *text)
{
	char line[64];

	snprintf(line, sizeof(line), "AT+CMGS=\"%s\"\r", to);
	rig_say(r, line, SEC(1));
	rig_type(r, text, strlen(text));
	rig_say(r, "\x1a", SEC(3));
}

static void send_pdu(struct rig *r, int length, const char *digits)
{
	char line[32];

	rig_say(r, "AT+CMGF=0\r", SEC(1));
	snprintf(line, sizeof(line), "AT+CMGS=%d\r", length);
	rig_say(r, line, SEC(1));
	rig_type(r, digits, strlen(digits));
	rig_say(r, "\x1a", SEC(10));
}

static struct modem_sent first(const struct rig *r)
{
	struct modem_sent sent;

	assert_true(modem_outbox_next(r->modem, 0, &sent));
	assert_false(modem_outbox_next(r->modem, sent.id, &sent));
	return sent;
}

static void assert_pdu(const struct rig *r, uint32_t id, int part, const char *digits)
{
	char mem[400];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	assert_true(modem_outbox_pdu(r->modem, id, part, &b));
	assert_int_equal(b.len, strlen(digits));
	assert_memory_equal(b.data, digits, b.len);
}

static void a_text_is_read_with_all_about_it(void **state)
{
	struct rig *r = *state;
	struct modem_sent sent;

	assert_false(modem_outbox_next(r->modem, 0, &sent));
	rig_say(r, "AT+CMGF=1;+CNMI=2,1,0,1;+CSMP=49,167,0,0\r", SEC(1));
	send(r, "+33612345678", "Hello");
	sent = first(r);
	assert_int_equal(sent.id, 1);
	assert_string_equal(sent.to, "+33612345678");
	assert_string_equal(sent.from, "+33600000017");
	assert_string_equal(sent.text, "Hello");
	assert_int_equal(sent.alphabet, MODEM_SMS_GSM7);
	assert_int_equal(sent.class, -1);
	assert_int_equal(sent.reference, 0);
	assert_int_equal(sent.parts, 1);
	assert_int_equal(sent.total, 1);
	assert_true(sent.report_asked);
	assert_false(sent.report_sent);
	assert_int_equal(sent.result, MODEM_SENT_WAITING);
	assert_int_equal(sent.status, -1);
	assert_true(sent.at > 0 && sent.at <= r->now);
	/* the rig starts at 2010-01-01T12:00:00Z */
	assert_int_equal(sent.clock - (int64_t)(sent.at / SEC(1)), 1262347200);
	assert_pdu(r, 1, 1, "31000B913316325476F80000A705C8329BFD06");
	rig_pass(r, SEC(10));
	sent = first(r);
	assert_true(sent.report_sent);
	assert_int_equal(sent.result, MODEM_SENT_DELIVERED);
	assert_int_equal(sent.status, 0);
}

static void parts_are_joined_and_their_pdus_kept(void **state)
{
	struct rig *r = *state;
	struct modem_sent sent;
	struct buf none;

	send_pdu(r, 28, "0051000B913316325476F80000A70F0500032A0202E061391D44BFBF01");
	sent = first(r);
	assert_int_equal(sent.parts, 1);
	assert_int_equal(sent.total, 2);
	assert_int_equal(sent.result, MODEM_SENT_WAITING);
	buf_init(&none, NULL, 0);
	assert_false(modem_outbox_pdu(r->modem, sent.id, 1, &none));
	send_pdu(r, 28, "0051000B913316325476F80000A7100500032A0201A061391DF4769741");
	sent = first(r);
	assert_int_equal(sent.parts, 2);
	assert_string_equal(sent.text, "Part one part two");
	assert_int_equal(sent.result, MODEM_SENT_DELIVERED);
	assert_pdu(r, sent.id, 1,
		"51010B913316325476F80000A7100500032A0201A061391DF4769741");
	assert_pdu(r, sent.id, 2,
		"51000B913316325476F80000A70F0500032A0202E061391D44BFBF01");
}

static void alphabet_and_class_are_reported(void **state)
{
	struct rig *r = *state;
	struct modem_sent sent;

	rig_say(r, "AT+CMGF=1;+CSMP=17,167,0,25\r", SEC(1)); /* UCS2, class 1 */
	send(r, "+33612345678", "0416");
	sent = first(r);
	assert_int_equal(sent.alphabet, MODEM_SMS_UCS2);
	assert_int_equal(sent.class, 1);
	assert_string_equal(sent.text, "\xD0\x96");
	assert_int_equal(sent.dcs, 25);
	rig_say(r, "AT+CSMP=17,167,0,4\r", SEC(1));
	send(r, "+33612345678", "00FF");
	assert_true(modem_outbox_next(r->modem, 1, &sent));
	assert_int_equal(sent.alphabet, MODEM_SMS_DATA);
	assert_int_equal(sent.class, -1);
	assert_string_equal(sent.text, "00FF");
}

static void the_outcome_is_reported(void **state)
{
	struct rig *r = *state;
	struct modem_sent sent;

	rig_say(r, "AT+CMGF=1;+CSMP=17,0\r", SEC(1));
	send(r, "+33600000803", "never there");
	send(r, "+33600000805", "refused by its recipient");
	send(r, "+33600000804", "refused by the network");
	rig_pass(r, SEC(10));
	assert_true(modem_outbox_next(r->modem, 0, &sent));
	assert_int_equal(sent.result, MODEM_SENT_WAITING);
	rig_pass(r, SEC(300));
	assert_true(modem_outbox_next(r->modem, 0, &sent));
	assert_int_equal(sent.result, MODEM_SENT_EXPIRED);
	assert_false(sent.report_asked || sent.report_sent);
	assert_true(modem_outbox_next(r->modem, 1, &sent));
	assert_int_equal(sent.result, MODEM_SENT_FAILED);
	assert_int_equal(sent.status, 66);
	assert_false(modem_outbox_next(r->modem, 2, &sent));
}

static void the_oldest_are_forgotten_first(void **state)
{
	struct rig *r = *state;
	struct modem_sent sent;
	uint32_t id = 0;
	char text[16];
	struct buf b;
	int i, n = 0;

	rig_say(r, "AT+CMGF=1\r", SEC(1));
	for (i = 1; i <= 40; i++) {
		snprintf(text, sizeof(text), "%d", i);
		send(r, "+33612345678", text);
	}
	while (modem_outbox_next(r->modem, id, &sent)) {
		assert_int_equal(sent.id, 9 + n++);
		snprintf(text, sizeof(text), "%u", sent.id);
		assert_string_equal(sent.text, text);
		id = sent.id;
	}
	assert_int_equal(n, 32);
	buf_init(&b, text, sizeof(text));
	assert_false(modem_outbox_pdu(r->modem, 41, 1, &b));
}

#define ON_A_MODEM(name) cmocka_unit_test_setup_teardown(name, rig_begin, rig_end)

static const struct CMUnitTest tests[] = {
	ON_A_MODEM(a_text_is_read_with_all_about_it),
	ON_A_MODEM(parts_are_joined_and_their_pdus_kept),
	ON_A_MODEM(alphabet_and_class_are_reported),
	ON_A_MODEM(the_outcome_is_reported),
	ON_A_MODEM(the_oldest_are_forgotten_first),
};

UNIT_MAIN(tests)
