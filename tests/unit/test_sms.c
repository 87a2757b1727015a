/* gsm/sms, gsm/smsc: slots, statuses, and a service centre with a modem that accepts,
 * refuses or is unreachable. */
#include "unit.h"

#include <string.h>

#include "gsm/sms.h"
#include "gsm/smsc.h"

static const struct log silent = { NULL };
static struct sched sched;
static struct network world;
static struct smsc centre;
static struct smsc_memory centre_memory;
static struct sms stores;
static struct sms_memory stores_memory;

/* The other side of the service centre. */
static enum smsc_answer answer;
static struct tpdu got[16];
static int n_got, cause, told;

static enum smsc_answer deliver(void *ctx, const struct address *sc, const struct tpdu *t)
{
	(void)ctx;
	assert_string_equal(sc->text, "33609001390");
	if ((answer == SMSC_TAKEN || answer == SMSC_PENDING) && n_got < 16)
		got[n_got++] = *t;
	return answer;
}

static void submitted(void *ctx, int result)
{
	(void)ctx;
	cause = result;
}

static void told_of(void *ctx, const struct smsc_sent *s)
{
	(void)ctx;
	assert_non_null(s);
	told++;
}

static int begin(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	world.sms.others.submit = SEC(3);
	world.sms.others.deliver = SEC(2);
	world.sms.others.reports = true;
	world.sms.retry = SEC(60);
	world.sms.wake = SEC(1);
	sched_init(&sched, 1);
	memset(&centre_memory, 0, sizeof(centre_memory));
	smsc_init(&centre, &centre_memory, &world, "+33609001390", "+33600000017",
		1262347200, &sched, &silent);
	centre.deliver = deliver;
	centre.submitted = submitted;
	centre.told = told_of;
	answer = SMSC_TAKEN;
	n_got = told = 0;
	cause = -1;
	return 0;
}

/* "Hello" with a validity period of 24 hours. */
static void submit(const char *to, uint8_t fo)
{
	struct tpdu t;

	tpdu_init(&t, TPDU_SUBMIT);
	t.fo = fo;
	t.vp.octets[0] = 167;
	assert_int_equal(address_parse(&t.address, to, strlen(to), 0), PDU_OK);
	t.udl = 5;
	t.ud_octets = 5;
	memcpy(t.ud, "\xC8\x32\x9B\xFD\x06", 5);
	smsc_submit(&centre, &t, 0);
}

static void run(usec_t for_)
{
	sched_run(&sched, sched.now + for_);
}

/* ---- stores ---------------------------------------------------------------------- */

static void the_lowest_free_place_is_taken(void **state)
{
	int i;

	(void)state;
	sms_init(&stores, &stores_memory, 3, 10);
	for (i = 1; i <= 3; i++) {
		assert_int_equal(sms_free(&stores, SMS_SM), i);
		sms_write(&stores, sms_slot(&stores, SMS_SM, i), SMS_UNREAD, "\0", 1);
	}
	assert_int_equal(sms_free(&stores, SMS_SM), 0);
	sms_slot(&stores, SMS_SM, 2)->used = false;
	assert_int_equal(sms_free(&stores, SMS_SM), 2);
	assert_int_equal(sms_used(&stores, SMS_SM), 2);
	assert_int_equal(sms_oldest(&stores, SMS_SM), 1);
	assert_null(sms_slot(&stores, SMS_SM, 0));
	assert_null(sms_slot(&stores, SMS_SM, 4));
	assert_int_equal(sms_used(&stores, SMS_ME), 0);
	sms_clear(&stores, SMS_SM);
	assert_int_equal(sms_used(&stores, SMS_SM), 0);
}

/* ---- the service centre ---------------------------------------------------------- */

static void a_message_to_the_own_number_comes_back(void **state)
{
	(void)state;
	submit("0600000017", 0x11);
	run(SEC(3) - 1);
	assert_int_equal(cause, -1);
	run(1);
	assert_int_equal(cause, 0);
	run(SEC(2));
	assert_int_equal(n_got, 1);
	assert_int_equal(got[0].kind, TPDU_DELIVER);
	assert_string_equal(got[0].address.text, "33600000017");
	assert_int_equal(got[0].udl, 5);
}

static void a_report_follows_for_those_who_ask(void **state)
{
	(void)state;
	submit("+33612345678", 0x31);
	run(SEC(10));
	assert_int_equal(n_got, 1);
	assert_int_equal(got[0].kind, TPDU_STATUS_REPORT);
	assert_int_equal(got[0].st, 0);
	submit("+33612345678", 0x11);
	run(SEC(10));
	assert_int_equal(n_got, 1);
}

static void a_full_modem_gets_it_when_it_has_room(void **state)
{
	(void)state;
	answer = SMSC_FULL;
	submit("+33600000017", 0x11);
	run(SEC(10));
	assert_int_equal(smsc_waiting(&centre), 1);
	answer = SMSC_TAKEN;
	smsc_memory_available(&centre);
	run(SEC(1));
	assert_int_equal(n_got, 1);
	assert_int_equal(smsc_waiting(&centre), 0);
}

static void it_is_tried_again_after_a_while(void **state)
{
	(void)state;
	answer = SMSC_AWAY;
	submit("+33600000017", 0x11);
	run(SEC(10));
	answer = SMSC_TAKEN;
	run(SEC(60));
	assert_int_equal(n_got, 1);
}

static void what_is_too_old_is_given_up_and_reported(void **state)
{
	(void)state;
	answer = SMSC_AWAY;
	submit("+33600000017", 0x31);
	run(SEC(25 * 3600));
	answer = SMSC_TAKEN;
	smsc_reachable(&centre);
	run(SEC(5));
	assert_int_equal(n_got, 1);
	assert_int_equal(got[0].kind, TPDU_STATUS_REPORT);
	assert_int_equal(got[0].st, 0x46);
}

static void one_delivery_at_a_time(void **state)
{
	const struct smsc_message m = {
		.from = "1234", .text = "x", .class = -1, .copies = 2
	};
	enum pdu_error why;

	(void)state;
	answer = SMSC_PENDING;
	assert_int_equal(smsc_send(&centre, &m, &why), 1);
	run(SEC(5));
	assert_int_equal(n_got, 1);
	smsc_answer(&centre, SMSC_TAKEN);
	run(SEC(5));
	assert_int_equal(n_got, 2);
	smsc_answer(&centre, SMSC_REFUSED);
	assert_int_equal(smsc_waiting(&centre), 0);
}

static void causes_come_after_the_given_number_of_messages(void **state)
{
	(void)state;
	world.sms.others.cause = 512;
	world.sms.others.accept = 2;
	submit("+33612345678", 0x11);
	run(SEC(10));
	assert_int_equal(cause, 0);
	submit("+33612345678", 0x11);
	run(SEC(10));
	assert_int_equal(cause, 0);
	submit("+33612345678", 0x11);
	run(SEC(10));
	assert_int_equal(cause, 512);
}

static void the_outbox_keeps_the_newest(void **state)
{
	const struct smsc_sent *sent;
	int i;

	(void)state;
	assert_null(smsc_outbox_next(&centre, 0));
	for (i = 0; i < SMSC_OUTBOX + 3; i++) {
		submit("+33612345678", 0x11);
		run(SEC(10));
	}
	assert_int_equal(smsc_outbox_next(&centre, 0)->id, 4);
	for (i = 3; i < SMSC_OUTBOX + 3; i++) {
		sent = smsc_outbox_next(&centre, (uint32_t)i);
		assert_int_equal(sent->id, i + 1);
		assert_string_equal(smsc_outbox_text(&centre, sent), "Hello");
		assert_int_equal(sent->status, 0);
	}
	assert_null(smsc_outbox_next(&centre, SMSC_OUTBOX + 3));
	/* reported on acceptance and on arrival */
	assert_int_equal(told, 2 * (SMSC_OUTBOX + 3));
}

static void texts_for_the_modem_are_checked(void **state)
{
	struct smsc_message m = {
		.from = "a name of far too many", .text = "x", .class = -1, .copies = 1
	};
	enum pdu_error why;

	(void)state;
	assert_int_equal(smsc_send(&centre, &m, &why), 0);
	assert_int_not_equal(why, PDU_OK);
	m.from = "1234";
	m.data = true;
	m.text = "0";
	assert_int_equal(smsc_send(&centre, &m, &why), 0);
	assert_int_equal(why, PDU_DIGITS);
	assert_int_equal(smsc_send_pdu(&centre, "00", 2, 0, 1), PDU_SHORT);
	assert_int_equal(smsc_waiting(&centre), 0);
}

static void a_reset_gives_up_what_is_under_way(void **state)
{
	(void)state;
	submit("+33612345678", 0x11);
	smsc_abort(&centre);
	run(SEC(10));
	assert_int_equal(cause, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lowest_free_place_is_taken),
		cmocka_unit_test_setup(a_message_to_the_own_number_comes_back, begin),
		cmocka_unit_test_setup(a_report_follows_for_those_who_ask, begin),
		cmocka_unit_test_setup(a_full_modem_gets_it_when_it_has_room, begin),
		cmocka_unit_test_setup(it_is_tried_again_after_a_while, begin),
		cmocka_unit_test_setup(what_is_too_old_is_given_up_and_reported, begin),
		cmocka_unit_test_setup(one_delivery_at_a_time, begin),
		cmocka_unit_test_setup(
			causes_come_after_the_given_number_of_messages, begin),
		cmocka_unit_test_setup(the_outbox_keeps_the_newest, begin),
		cmocka_unit_test_setup(texts_for_the_modem_are_checked, begin),
		cmocka_unit_test_setup(a_reset_gives_up_what_is_under_way, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
