/* An outside program as the service centre, in virtual time: what it is told and how
 * often, and what it may say. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "codec/tpdu.h"
#include "rig.h"
#include "state/modem_state.h"

static struct profile *profile;
static struct rig r;
static unsigned told;
static char last[800]; /* the text of the last notice */
static long number;    /* its value */

static void on_notice(struct rig *rig, const struct notice *n)
{
	(void)rig;
	if (n->kind != NOTICE_CENTRE)
		return;
	told++;
	number = n->value;
	assert_true(strlen(n->text) < sizeof(last));
	strcpy(last, n->text);
}

static int begin(void **state)
{
	static const struct kv outside[] = { { "network.sms.centre", "outside" } };

	(void)state;
	profile = rig_profile_with("fastrack-supreme-20-r74", outside, 1);
	rig_init(&r, profile);
	told = 0;
	r.notify = on_notice;
	rig_boot(&r);
	rig_say(&r, "ATE0;+CMEE=1;+CMGF=1;+CNMI=2,2,0,1\r", SEC(1));
	rig_say(&r, "AT+CSMP=49,167,0,0\r", SEC(1));
	rig_clear(&r);
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_free(&r);
	rig_profile_free(profile);
	return 0;
}

static void send(const char *text)
{
	rig_say(&r, "AT+CMGS=\"+33612345678\"\r", SEC(1));
	rig_type(&r, text, strlen(text));
	rig_say(&r, "\x1a", SEC(6));
}

static bool heard(const char *text)
{
	return memmem(r.out, r.len, text, strlen(text));
}

static void acknowledge(uint64_t ref, uint8_t status)
{
	assert_true(smsc_acknowledge(&r.modem->smsc, ref, status));
	rig_pass(&r, SEC(1));
}

static unsigned waiting(void)
{
	struct modem_handed h;
	uint64_t ref = 0;
	unsigned n = 0;

	for (; modem_handed_next(r.modem, ref, &h); ref = h.ref)
		n++;
	return n;
}

static void a_message_is_told_until_it_is_acknowledged(void **state)
{
	unsigned before;

	(void)state;
	send("hello");
	assert_int_equal(told, 1);
	assert_int_equal(number, 1);
	rig_pass(&r, SEC(600));
	assert_in_range(told, 9, 11); /* each minute */
	assert_int_equal(number, 1);
	assert_false(heard("+CDS"));
	acknowledge(1, 0);
	assert_true(heard("+CDS: 6,0,"));
	before = told;
	rig_pass(&r, SEC(600));
	assert_int_equal(told, before);
	assert_int_equal(waiting(), 0);
	assert_false(smsc_acknowledge(&r.modem->smsc, 1, 0));
}

/* A reset of the modem, or its way back to the network, repeats nothing and loses
 * nothing. */
static void a_reset_loses_nothing(void **state)
{
	(void)state;
	send("hello");
	rig_say(&r, "AT+CFUN=1\r", SEC(30));
	assert_int_equal(told, 1);
	assert_int_equal(waiting(), 1);
	acknowledge(1, 0x41);
	assert_int_equal(waiting(), 0);
}

static void the_list_has_what_its_recipient_gets(void **state)
{
	char digits[500];
	struct modem_handed h;
	struct address centre;
	struct tpdu t;
	struct buf b;

	(void)state;
	send("one");
	send("two");
	assert_true(modem_handed_next(r.modem, 0, &h));
	assert_int_equal(h.ref, 1);
	assert_true(modem_handed_next(r.modem, 1, &h));
	assert_int_equal(h.ref, 2);
	assert_string_equal(h.to, "+33612345678");
	assert_string_equal(h.from, "+33600000017");
	assert_int_equal(h.message, 2);
	assert_int_equal(h.reference, 1);
	assert_true(h.report_asked);
	assert_true(h.expires != USEC_NEVER);
	assert_false(modem_handed_next(r.modem, 2, &h));
	buf_init(&b, digits, sizeof(digits) - 1);
	assert_true(modem_handed_pdu(r.modem, 2, &b));
	digits[b.len] = '\0';
	assert_int_equal(tpdu_read_any(b.data, b.len, true, &centre, &t), PDU_OK);
	assert_int_equal(t.kind, TPDU_DELIVER);
	assert_string_equal(t.address.text, "33600000017");
	assert_true(centre.len);
	/* the event has the same */
	assert_memory_equal(last, "+33612345678 ", 13);
	assert_string_equal(last + 13, digits);
	assert_false(modem_handed_pdu(r.modem, 3, &b));
	assert_false(modem_handed_pdu(r.modem, 0, &b));
}

/* A centre that is never there: 32 messages wait, then the network is congested. */
static void it_keeps_32_messages(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 32; i++)
		send("x");
	assert_int_equal(waiting(), 32);
	assert_false(heard("+CMS ERROR"));
	send("x");
	assert_true(heard("+CMS ERROR: 42\r\n"));
	assert_int_equal(waiting(), 32);
	acknowledge(7, 0);
	rig_clear(&r);
	send("x");
	assert_true(heard("+CMGS: "));
	assert_int_equal(waiting(), 32);
}

/* Its own number too: the program is the whole centre. */
static void a_message_to_oneself_goes_there_too(void **state)
{
	(void)state;
	rig_say(&r, "AT+CMGS=\"+33600000017\"\r", SEC(1));
	rig_say(&r, "me\x1a", SEC(60));
	assert_false(heard("+CMT"));
	assert_int_equal(waiting(), 1);
}

#define OUTSIDE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		OUTSIDE(a_message_is_told_until_it_is_acknowledged),
		OUTSIDE(a_reset_loses_nothing),
		OUTSIDE(the_list_has_what_its_recipient_gets),
		OUTSIDE(it_keeps_32_messages),
		OUTSIDE(a_message_to_oneself_goes_there_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
