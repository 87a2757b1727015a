/* Messages between two modems in memory (host/exchange/), in virtual time. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/exchange/neighbours.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/unit_numbers.h"

#define A      "+33600000017"
#define B      "+33600000018"
#define A_OA   "0B913306000010F7" /* as the PDU has it */
#define B_DA   "0B913306000010F8"
#define CENTRE 16 /* digits of the centre's address before a TPDU */

#define HALF (SEC(1) / 2)

struct pair {
	struct profile *profile;
	struct rig r[2];
	struct neighbours *n;
	bool woken;
};

static struct modem *enter(void *ctx, usec_t *now)
{
	struct rig *r = ctx;

	*now = r->now;
	return r->modem;
}

static void leave(void *ctx)
{
	(void)ctx;
}

static void wake(void *ctx)
{
	struct pair *p = ctx;

	assert_false(p->woken);
	p->woken = true;
}

static void make(struct pair *p, int i)
{
	struct unit_numbers numbers = unit_numbers_of(p->profile);
	struct rig *r = &p->r[i];

	snprintf(numbers.own, sizeof(numbers.own), "%s", i ? B : A);
	rig_init_unit(r, p->profile, &numbers);
	r->modem->ports.neighbours = neighbours_ports(p->n, (unsigned)i);
	neighbours_attach(
		p->n, (unsigned)i, &(struct neighbour_modem){ r, enter, leave, NULL });
	rig_boot(r);
}

static int begin(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));
	unsigned a, b;

	if (!p)
		abort();
	p->profile = rig_profile("fastrack-supreme-20-r74");
	p->profile->sim.messages.capacity = 50;
	p->n = neighbours_new(2, wake, p);
	neighbours_set_number(p->n, 0, A);
	neighbours_set_number(p->n, 1, B);
	assert_true(neighbours_settle(p->n, &a, &b));
	make(p, 0);
	make(p, 1);
	*state = p;
	return 0;
}

static int end(void **state)
{
	struct pair *p = *state;

	neighbours_free(p->n);
	rig_free(&p->r[0]);
	rig_free(&p->r[1]);
	rig_profile_free(p->profile);
	free(p);
	return 0;
}

static void pass(struct pair *p, usec_t time)
{
	for (; time; time -= HALF) {
		rig_pass(&p->r[0], HALF);
		rig_pass(&p->r[1], HALF);
		while (p->woken) {
			p->woken = false;
			while (neighbours_run(p->n, 1))
				;
		}
	}
}

static void say(struct pair *p, int i, const char *text, usec_t time)
{
	rig_type(&p->r[i], text, strlen(text));
	pass(p, time);
}

/* Hosts that read everything at once, in text or PDU mode. */
static void listen(struct pair *p, int mode)
{
	char line[64];
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "ATE0;+CMEE=1;+CMGF=%d;+CNMI=2,2,0,1,0\r",
			mode);
		say(p, i, line, SEC(1));
		say(p, i, "AT+CSMP=49,167,0,0\r", SEC(1));
		rig_clear(&p->r[i]);
	}
}

static void send(struct pair *p, int i, const char *to, const char *text)
{
	char line[64];

	snprintf(line, sizeof(line), "AT+CMGS=\"%s\"\r", to);
	say(p, i, line, SEC(1));
	say(p, i, text, SEC(1));
	say(p, i, "\x1a", SEC(4));
}

/* The TPDU alone; the service centre is the SIM's. */
static void send_pdu(struct pair *p, int i, const char *tpdu)
{
	char line[32];

	snprintf(line, sizeof(line), "AT+CMGS=%zu\r", strlen(tpdu) / 2);
	say(p, i, line, SEC(1));
	say(p, i, "00", SEC(1));
	say(p, i, tpdu, SEC(1));
	say(p, i, "\x1a", SEC(4));
}

static int count(const struct rig *r, const char *what)
{
	size_t n = strlen(what), i;
	int found = 0;

	for (i = 0; i + n <= r->len; i++)
		found += !memcmp(r->out + i, what, n);
	return found;
}

static void has(const struct rig *r, const char *what, int times)
{
	if (count(r, what) != times)
		fail_msg("\"%s\" is not there %d times: %.*s", what, times, (int)r->len,
			r->out);
}

/* The PDU `nth` of those received: what is before and after the time stamp. */
static void got_pdu(const struct rig *r, int nth, const char *head, const char *data)
{
	size_t i, h = strlen(head), d = strlen(data);

	for (i = 0; i + 10 < r->len; i++) {
		if (memcmp(r->out + i, "+CMT: ", 6) != 0 || nth--)
			continue;
		while (r->out[i] != '\n')
			i++;
		i += 1 + CENTRE;
		assert_true(i + h + 14 + d <= r->len);
		assert_memory_equal(r->out + i, head, h);
		assert_memory_equal(r->out + i + h + 14, data, d);
		assert_int_equal(r->out[i + h + 14 + d], '\r');
		return;
	}
	fail_msg("it has not come: %.*s", (int)r->len, r->out);
}

static void a_text_goes_over_and_its_report_comes_back(void **state)
{
	struct pair *p = *state;

	listen(p, 1);
	send(p, 0, B, "Hello");
	pass(p, SEC(10));
	has(&p->r[1], "+CMT: \"" A "\"", 1);
	has(&p->r[1], "\r\nHello\r\n", 1);
	has(&p->r[0], "+CMGS: 0", 1);
	has(&p->r[0], "+CDS: 6,0,\"" B "\",145,", 1);
	has(&p->r[0], ",0\r\n", 1);
	send(p, 1, "0600000017", "Back"); /* without country code */
	pass(p, SEC(10));
	has(&p->r[0], "\r\nBack\r\n", 1);
	has(&p->r[1], "+CDS: ", 1);
	has(&p->r[1], "+CMT: ", 1);
	assert_int_equal(neighbours_queued(p->n), 0);
}

static void a_number_that_nobody_has_is_as_before(void **state)
{
	struct pair *p = *state;

	listen(p, 1);
	send(p, 0, "+33612345678", "Hello");
	pass(p, SEC(10));
	has(&p->r[0], "+CDS: 6,0,", 1);
	has(&p->r[1], "+CMT: ", 0);
}

/* The network of the profile refuses messages to 804; here modem b has such a number. */
static void what_the_network_has_for_a_neighbours_number_does_not_count(void **state)
{
	struct pair *p = *state;
	struct sms_subscriber *other = &p->profile->network.sms.subscribers[0];

	snprintf(other->number, sizeof(other->number), "%s", B);
	other->behaviour.cause = 38;
	listen(p, 1);
	send(p, 0, B, "Hello");
	pass(p, SEC(10));
	has(&p->r[1], "\r\nHello\r\n", 1);
	has(&p->r[0], "+CDS: 6,0,", 1);
	has(&p->r[0], "ERROR", 0);
}

static void parts_and_their_alphabet_are_as_sent(void **state)
{
	struct pair *p = *state;
	char tpdu[120];
	int i;

	listen(p, 0);
	for (i = 1; i <= 3; i++) {
		snprintf(tpdu, sizeof(tpdu),
			"6100" B_DA "0008"
			"0A050003AA030%d0416043%d",
			i, i);
		send_pdu(p, 0, tpdu);
	}
	pass(p, SEC(20));
	has(&p->r[1], "+CMT: ", 3);
	has(&p->r[0], "+CDS: ", 3);
	for (i = 1; i <= 3; i++) {
		snprintf(tpdu, sizeof(tpdu), "0A050003AA030%d0416043%d", i, i);
		got_pdu(&p->r[1], i - 1, "64" A_OA "0008", tpdu);
	}
}

static void data_for_a_port_and_class_0_are_as_sent(void **state)
{
	struct pair *p = *state;

	listen(p, 0);
	send_pdu(p, 0, "4100" B_DA "00040A0605040B8423F0DEADBE");
	send_pdu(p, 0, "0100" B_DA "421005C8329BFD06"); /* a PID that replaces */
	pass(p, SEC(20));
	got_pdu(&p->r[1], 0, "44" A_OA "0004", "0A0605040B8423F0DEADBE");
	got_pdu(&p->r[1], 1, "04" A_OA "4210", "05C8329BFD06");
	has(&p->r[0], "+CDS: ", 0); /* none was asked for */
}

static void off(struct pair *p, int i)
{
	modem_power(p->r[i].modem, p->r[i].now, false);
	pass(p, SEC(5));
}

static void on(struct pair *p, int i)
{
	modem_power(p->r[i].modem, p->r[i].now, true);
	pass(p, SEC(60));
}

static void a_message_waits_for_a_modem_that_is_off(void **state)
{
	struct pair *p = *state;

	listen(p, 1);
	off(p, 1);
	send(p, 0, B, "Later");
	pass(p, SEC(300));
	has(&p->r[0], "+CDS: ", 0);
	on(p, 1);
	say(p, 1, "AT+CMGF=1;+CMGL=\"ALL\"\r", SEC(5));
	has(&p->r[1], "\r\nLater\r\n", 1);
	has(&p->r[0], "+CDS: 6,0,", 1);
	pass(p, SEC(300));
	has(&p->r[0], "+CDS: ", 1);
	assert_int_equal(neighbours_queued(p->n), 0);
}

static void a_message_waits_for_memory(void **state)
{
	struct pair *p = *state;
	int i;

	listen(p, 1);
	say(p, 1, "AT+CNMI=2,1\r", SEC(1));
	for (i = 1; i <= 50; i++) /* fills it */
		say(p, 1, "AT+CMGW=\"" A "\"\rx\x1a", SEC(2));
	has(&p->r[1], "+CMGW: ", 50);
	send(p, 0, B, "Full");
	pass(p, SEC(100));
	has(&p->r[0], "+CDS: ", 0);
	has(&p->r[1], "+CMTI: ", 0);
	say(p, 1, "AT+CMGD=7\r", SEC(100));
	has(&p->r[1], "+CMTI: \"SM\",7", 1);
	has(&p->r[0], "+CDS: 6,0,", 1);
}

static void a_message_expires_at_the_neighbour(void **state)
{
	struct pair *p = *state;

	listen(p, 1);
	say(p, 0, "AT+CSMP=49,0,0,0\r", SEC(1)); /* 5 minutes */
	off(p, 1);
	send(p, 0, B, "Too late");
	pass(p, SEC(240));
	has(&p->r[0], "+CDS: ", 0);
	pass(p, SEC(180));
	has(&p->r[0], "+CDS: 6,0,", 1);
	has(&p->r[0], ",70\r\n", 1); /* validity period expired */
	on(p, 1);
	say(p, 1, "AT+CMGF=1;+CMGL=\"ALL\"\r", SEC(5));
	has(&p->r[1], "Too late", 0);
}

/* 24 wait at the receiver, the others at the sender, which then refuses more. */
static void many_messages_wait_and_none_is_lost(void **state)
{
	struct pair *p = *state;
	char text[16], want[24];
	int i;

	listen(p, 1);
	off(p, 1);
	for (i = 1; i <= 32; i++) {
		snprintf(text, sizeof(text), "no %d.", i);
		send(p, 0, B, text);
	}
	has(&p->r[0], "+CMGS: ", 32);
	send(p, 0, B, "one more");
	has(&p->r[0], "+CMS ERROR: 42\r\n", 1);
	on(p, 1);
	pass(p, SEC(200));
	has(&p->r[0], "+CDS: 6,", 32);
	say(p, 1, "AT+CMGF=1;+CMGL=\"ALL\"\r", SEC(20));
	for (i = 1; i <= 32; i++) {
		snprintf(want, sizeof(want), "\r\nno %d.\r\n", i);
		has(&p->r[1], want, 1);
	}
	assert_int_equal(neighbours_queued(p->n), 0);
}

static void a_modem_that_is_made_anew_gets_what_it_had_not(void **state)
{
	struct pair *p = *state;

	listen(p, 1);
	off(p, 1);
	send(p, 0, B, "Again");
	pass(p, SEC(10));
	rig_free(&p->r[1]);
	make(p, 1);
	say(p, 1, "AT+CMGF=1\r", SEC(130));
	say(p, 1, "AT+CMGL=\"ALL\"\r", SEC(5));
	has(&p->r[1], "\r\nAgain\r\n", 1);
	has(&p->r[0], "+CDS: 6,0,", 1);
}

static void a_sender_that_is_made_anew_is_not_told(void **state)
{
	struct pair *p = *state;

	listen(p, 1);
	off(p, 1);
	send(p, 0, B, "Orphan");
	pass(p, SEC(10));
	rig_free(&p->r[0]);
	make(p, 0);
	listen(p, 1);
	off(p, 1);
	send(p, 0, B, "Other"); /* has the same place in the queue */
	on(p, 1);
	say(p, 1, "AT+CMGF=1;+CMGL=\"ALL\"\r", SEC(5));
	has(&p->r[1], "\r\nOrphan\r\n", 1);
	has(&p->r[1], "\r\nOther\r\n", 1);
	has(&p->r[0], "+CDS: ", 1);
}

/* ---- other processes ---- */

static struct {
	bool has, away;
	int sent, ended, status;
	struct sms_post p;
} far;

static bool far_has(void *ctx, unsigned modem, const char *number)
{
	(void)ctx;
	(void)modem;
	return far.has && !strcmp(number, "+49600000099");
}

static bool far_away(void *ctx, unsigned modem)
{
	(void)ctx;
	(void)modem;
	return far.away;
}

static void far_send(void *ctx, unsigned modem, const struct sms_post *p)
{
	(void)ctx;
	assert_int_equal(modem, 0);
	far.sent++;
	far.p = *p;
}

static void far_done(void *ctx, unsigned modem, uint64_t sender, uint64_t ref, int status)
{
	(void)ctx;
	assert_int_equal(modem, 1);
	assert_true(sender == 77 && ref == 5);
	far.ended++;
	far.status = status;
}

static void begin_far(struct pair *p)
{
	memset(&far, 0, sizeof(far));
	neighbours_set_beyond(
		p->n, &(struct beyond){ NULL, far_has, far_away, far_send, far_done });
	listen(p, 1);
}

static void a_number_of_another_process_goes_there_and_its_end_comes_back(void **state)
{
	struct pair *p = *state;

	begin_far(p);
	far.has = true;
	send(p, 0, "+49600000099", "Far");
	pass(p, SEC(10));
	assert_int_equal(far.sent, 1);
	has(&p->r[0], "+CDS: ", 0);
	neighbours_tell(p->n, 0, far.p.sender, far.p.ref, 0);
	pass(p, SEC(10));
	has(&p->r[0], "+CDS: 6,0,", 1);
	send(p, 0, B, "Near");
	pass(p, SEC(10));
	assert_int_equal(far.sent, 1);
	has(&p->r[1], "\r\nNear\r\n", 1);
}

static void a_message_of_another_process_comes_once_and_its_end_is_told_each_time(
	void **state)
{
	struct pair *p = *state;
	struct sms_post post = { .sender = 77, .ref = 5, .left = USEC_NEVER };
	int i;

	begin_far(p);
	tpdu_init(&post.t, TPDU_DELIVER);
	address_parse(&post.t.address, "+4915", 5, 0);
	for (i = 1; i <= 3; i++) {
		neighbours_bring(p->n, 1, &post);
		pass(p, SEC(10));
		has(&p->r[1], "+CMT: \"+4915\"", 1);
		assert_int_equal(far.ended, i);
		assert_int_equal(far.status, 0);
	}
}

/* 332 is 27.005's network timeout. */
static void without_the_way_to_others_only_known_numbers_get_messages(void **state)
{
	struct pair *p = *state;

	begin_far(p);
	far.away = true;
	send(p, 0, "+49600000099", "Far");
	has(&p->r[0], "+CMS ERROR: 332\r\n", 1);
	far.has = true;
	send(p, 0, "+49600000099", "Far");
	has(&p->r[0], "+CMS ERROR: 332\r\n", 2);
	send(p, 0, B, "Near");
	send(p, 0, A, "Own");
	pass(p, SEC(10));
	has(&p->r[0], "+CMS ERROR: 332\r\n", 2);
	has(&p->r[0], "\r\nOwn\r\n", 1);
	has(&p->r[1], "\r\nNear\r\n", 1);
	far.away = false;
	send(p, 0, "+49600000099", "Far");
	pass(p, SEC(10));
	assert_int_equal(far.sent, 1);
}

static bool settles(const char *const numbers[3], unsigned *a, unsigned *b)
{
	struct neighbours *n = neighbours_new(3, wake, NULL);
	unsigned i;
	bool good;

	for (i = 0; i < 3; i++)
		neighbours_set_number(n, i, numbers[i]);
	good = neighbours_settle(n, a, b);
	neighbours_free(n);
	return good;
}

static void two_modems_cannot_have_one_number(void **state)
{
	unsigned a = 9, b = 9;

	(void)state;
	assert_true(settles((const char *const[]){ "", "", "112" }, &a, &b));
	assert_true(settles(
		(const char *const[]){ A, "+49600000017", "600000017#" }, &a, &b));
	assert_false(settles((const char *const[]){ B, A, B }, &a, &b));
	assert_int_equal(a, 0);
	assert_int_equal(b, 2);
	assert_false(settles(
		(const char *const[]){ A, "0600000017", "+49600000018" }, &a, &b));
	assert_int_equal(a, 0);
	assert_int_equal(b, 1);
	assert_false(settles((const char *const[]){ "112", "1", "112" }, &a, &b));
	assert_int_equal(b, 2);
}

#define PAIR(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIR(a_number_of_another_process_goes_there_and_its_end_comes_back),
		PAIR(a_message_of_another_process_comes_once_and_its_end_is_told_each_time),
		PAIR(without_the_way_to_others_only_known_numbers_get_messages),
		PAIR(a_text_goes_over_and_its_report_comes_back),
		PAIR(a_number_that_nobody_has_is_as_before),
		PAIR(what_the_network_has_for_a_neighbours_number_does_not_count),
		PAIR(parts_and_their_alphabet_are_as_sent),
		PAIR(data_for_a_port_and_class_0_are_as_sent),
		PAIR(a_message_waits_for_a_modem_that_is_off),
		PAIR(a_message_waits_for_memory),
		PAIR(a_message_expires_at_the_neighbour),
		PAIR(many_messages_wait_and_none_is_lost),
		PAIR(a_modem_that_is_made_anew_gets_what_it_had_not),
		PAIR(a_sender_that_is_made_anew_is_not_told),
		UNIT(two_modems_cannot_have_one_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
