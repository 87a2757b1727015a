/* Messages between modems that keep records: the power of the whole program is cut before
 * each write of a record, and after the restart each message has arrived once, and each
 * report. Also what a receiver knows of its senders. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gsm/smsc_known.h"
#include "host/exchange/neighbours.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/unit_numbers.h"

#define MESSAGES 4
#define WRITES   400

static const char *const number[2] = { "+33600000017", "+33600000018" };

/* ---- two modems with records, whose writes are noted ----------------------------- */

struct write {
	int of; /* the modem */
	char name[48];
	char *data;
	size_t len;
	int accepted; /* +CMGS answers that the host had before */
};

struct journal {
	struct write write[WRITES];
	int n;
};

struct pair;

struct end {
	struct pair *pair;
	int index;
	struct rig_store store;
	void *mem;
	struct rig r;
	const char *fails; /* writes of this record fail */
	bool off;          /* it starts without power */
	bool gone;         /* it has no number any more */
};

struct pair {
	struct end end[2];
	struct neighbours *n;
	struct journal *journal; /* NULL: nothing is noted */
};

static struct profile *profile;
static struct pair pair;
static uint64_t lives = 1000;

static int count_in(const struct rig *r, const char *what)
{
	size_t n = strlen(what), i;
	int found = 0;

	for (i = 0; i + n <= r->len; i++)
		found += !memcmp(r->out + i, what, n);
	return found;
}

static bool storing(void *ctx, const char *rec, const void *data, size_t len)
{
	struct end *e = ctx;
	struct journal *j = e->pair->journal;
	struct write *w;

	if (e->fails && !strcmp(rec, e->fails))
		return false;
	if (!j)
		return true;
	assert_true(j->n < WRITES);
	w = &j->write[j->n++];
	w->of = e->index;
	snprintf(w->name, sizeof(w->name), "%s", rec);
	w->data = malloc(len + 1);
	assert_non_null(w->data);
	memcpy(w->data, data, len);
	w->len = len;
	w->accepted = count_in(&e->pair->end[0].r, "+CMGS: ");
	return true;
}

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
	(void)ctx;
}

static void make(struct pair *p, int i)
{
	struct unit_numbers numbers = unit_numbers_of(profile);
	struct end *e = &p->end[i];

	snprintf(numbers.own, sizeof(numbers.own), "%s", number[i]);
	snprintf(numbers.imei, sizeof(numbers.imei), "%s",
		i ? "350000000000001" : "350000000000000");
	assert_true(rig_init_unit_on(&e->r, profile, &numbers, &e->store, e->mem));
	e->r.modem->ports.neighbours = neighbours_ports(p->n, (unsigned)i);
	neighbours_attach(p->n, (unsigned)i,
		&(struct neighbour_modem){ &e->r, enter, leave, NULL });
	if (!e->off)
		rig_boot(&e->r);
}

static void start(struct pair *p)
{
	unsigned a, b;
	int i;

	p->n = neighbours_new(2, wake, p);
	neighbours_begin_lives(p->n, lives += 1000);
	for (i = 0; i < 2; i++)
		neighbours_set_number(p->n, (unsigned)i, p->end[i].gone ? "" : number[i]);
	assert_true(neighbours_settle(p->n, &a, &b));
	for (i = 0; i < 2; i++)
		make(p, i);
}

/* As kill -9. */
static void stop(struct pair *p)
{
	neighbours_free(p->n);
	p->n = NULL;
}

static void pass(struct pair *p, usec_t time)
{
	const usec_t step = SEC(1) / 2;

	for (; time; time -= step) {
		rig_pass(&p->end[0].r, step);
		rig_pass(&p->end[1].r, step);
		while (neighbours_run(p->n, 1))
			;
	}
}

static void say(struct pair *p, int i, const char *text, usec_t time)
{
	rig_type(&p->end[i].r, text, strlen(text));
	pass(p, time);
}

static void set_up(struct pair *p)
{
	int i;

	for (i = 0; i < 2; i++) {
		say(p, i, "ATE0;+CMEE=1;+CMGF=1;+CNMI=2,1,0,2,0\r", SEC(1));
		say(p, i, "AT+CSMP=49,167,0,0;+CSAS\r", SEC(2));
		rig_clear(&p->end[i].r);
	}
}

static void send(struct pair *p, int i, const char *to, const char *text)
{
	char line[64];

	snprintf(line, sizeof(line), "AT+CMGS=\"%s\"\r", to);
	say(p, i, line, SEC(1));
	snprintf(line, sizeof(line), "%s\x1a", text);
	say(p, i, line, SEC(4));
}

/* ---- stores, and the power ------------------------------------------------------- */

static void copy_store(struct rig_store *to, const struct rig_store *from)
{
	size_t i;

	rig_store_clear(to);
	for (i = 0; i < from->n; i++)
		rig_record_put(to, from->record[i].name, from->record[i].data,
			from->record[i].len);
}

static void replay(struct pair *p, const struct rig_store base[2],
	const struct journal *j, int writes)
{
	int i;

	for (i = 0; i < 2; i++)
		copy_store(&p->end[i].store, &base[i]);
	for (i = 0; i < writes; i++)
		rig_record_put(&p->end[j->write[i].of].store, j->write[i].name,
			j->write[i].data, j->write[i].len);
}

static void free_journal(struct journal *j)
{
	while (j->n)
		free(j->write[--j->n].data);
}

/* ---- what must have happened ----------------------------------------------------- */

static void list(struct pair *p)
{
	rig_clear(&p->end[0].r);
	rig_clear(&p->end[1].r);
	say(p, 1, "AT+CMGF=1;+CMGL=\"ALL\"\r", SEC(5));
	say(p, 0, "AT+CPMS=\"SR\"\r", SEC(5));
	say(p, 0, "AT+CMGF=1;+CMGL=\"ALL\"\r", SEC(5));
}

/* Messages and reports of those that the host knows to be accepted: each once; of others
 * at most once, and no message without its report. */
static void check(struct pair *p, int accepted, int cut)
{
	const struct rig *a = &p->end[0].r, *b = &p->end[1].r;
	int k, messages, reports;
	char what[32];

	pass(p, SEC(200));
	list(p);
	for (k = 0; k < MESSAGES; k++) {
		snprintf(what, sizeof(what), "\r\nno %d.\r\n", k);
		messages = count_in(b, what);
		snprintf(what, sizeof(what), ",6,%d,\"", k);
		reports = count_in(a, what);
		if (messages > 1 || reports != messages || (k < accepted && !messages))
			fail_msg("cut before write %d, %d accepted: message %d came %d "
				 "times, its report %d times: %.*s %.*s",
				cut, accepted, k, messages, reports, (int)b->len, b->out,
				(int)a->len, a->out);
	}
}

/* The settings are kept (+CSAS): a report may come before the host sets any. */
static void restart(struct pair *p)
{
	start(p);
	set_up(p);
}

static void exchange(struct pair *p)
{
	char text[16];
	int k;

	for (k = 0; k < MESSAGES; k++) {
		snprintf(text, sizeof(text), "no %d.", k);
		send(p, 0, k % 2 ? number[1] : "0600000018", text);
	}
	pass(p, SEC(20));
}

static void the_power_is_cut_before_each_write(void **state)
{
	struct rig_store base[2] = { { .n = 0 }, { .n = 0 } };
	struct journal first = { .n = 0 }, second = { .n = 0 };
	int i, cut, again, accepted;

	(void)state;
	restart(&pair);
	for (i = 0; i < 2; i++)
		copy_store(&base[i], &pair.end[i].store);
	pair.journal = &first;
	exchange(&pair);
	pair.journal = NULL;
	check(&pair, MESSAGES, -1);
	stop(&pair);
	assert_true(first.n >= 6 * MESSAGES);
	for (cut = 0; cut < first.n; cut++) {
		accepted = first.write[cut].accepted;
		replay(&pair, base, &first, cut);
		pair.journal = &second;
		restart(&pair);
		pass(&pair, SEC(100));
		pair.journal = NULL;
		check(&pair, accepted, cut);
		stop(&pair);
		/* and once more, before one of the writes of the recovery */
		if (second.n) {
			replay(&pair, base, &first, cut);
			again = cut * 7 % second.n;
			for (i = 0; i < again; i++)
				rig_record_put(&pair.end[second.write[i].of].store,
					second.write[i].name, second.write[i].data,
					second.write[i].len);
			restart(&pair);
			check(&pair, accepted, cut);
			stop(&pair);
		}
		free_journal(&second);
	}
	free_journal(&first);
	rig_store_clear(&base[0]);
	rig_store_clear(&base[1]);
}

static bool has_record(struct end *e, const char *name)
{
	return rig_record(&e->store, name);
}

static void a_modem_without_neighbours_messages_has_no_such_record(void **state)
{
	(void)state;
	restart(&pair);
	send(&pair, 0, "+33612345678", "to nobody here");
	pass(&pair, SEC(20));
	assert_true(has_record(&pair.end[0], "messages-sm"));
	assert_false(has_record(&pair.end[0], "messages-out"));
	assert_false(has_record(&pair.end[1], "messages-in"));
	stop(&pair);
}

static void a_message_that_cannot_be_stored_is_not_accepted(void **state)
{
	(void)state;
	restart(&pair);
	pair.end[0].fails = "messages-out";
	send(&pair, 0, number[1], "no");
	pass(&pair, SEC(200));
	assert_int_equal(count_in(&pair.end[0].r, "+CMS ERROR: 41\r\n"), 1);
	assert_int_equal(count_in(&pair.end[1].r, "+CMTI: "), 0);
	pair.end[0].fails = NULL;
	send(&pair, 0, number[1], "yes");
	pass(&pair, SEC(200));
	assert_int_equal(count_in(&pair.end[1].r, "+CMTI: "), 1);
	stop(&pair);
}

static void a_receiver_that_cannot_store_gets_it_later_and_once(void **state)
{
	(void)state;
	restart(&pair);
	pair.end[1].fails = "messages-in";
	send(&pair, 0, number[1], "later");
	pass(&pair, SEC(200));
	assert_int_equal(count_in(&pair.end[1].r, "+CMTI: "), 0);
	assert_int_equal(count_in(&pair.end[0].r, "+CDSI: "), 0);
	pair.end[1].fails = NULL;
	pass(&pair, SEC(200));
	assert_int_equal(count_in(&pair.end[1].r, "+CMTI: "), 1);
	assert_int_equal(count_in(&pair.end[0].r, "+CDSI: "), 1);
	stop(&pair);
}

/* The receiver's end is not stored after its message was: it tells the end only then. */
static void an_end_is_told_when_it_is_stored(void **state)
{
	(void)state;
	restart(&pair);
	modem_power(pair.end[1].r.modem, pair.end[1].r.now, false);
	pass(&pair, SEC(5));
	send(&pair, 0, number[1], "later");
	pass(&pair, SEC(20));
	assert_true(has_record(&pair.end[1], "messages-in"));
	pair.end[1].fails = "messages-in";
	modem_power(pair.end[1].r.modem, pair.end[1].r.now, true);
	pass(&pair, SEC(200));
	assert_int_equal(count_in(&pair.end[0].r, "+CDSI: "), 0);
	stop(&pair);
	pair.end[1].fails = NULL;
	restart(&pair);
	pass(&pair, SEC(200));
	list(&pair);
	assert_int_equal(count_in(&pair.end[1].r, "\r\nlater\r\n"), 1);
	assert_int_equal(count_in(&pair.end[0].r, ",6,0,\""), 1);
	stop(&pair);
}

static void validity_goes_on_after_a_restart(void **state)
{
	(void)state;
	restart(&pair);
	say(&pair, 0, "AT+CSMP=49,0,0,0\r", SEC(1)); /* 5 minutes */
	modem_power(pair.end[1].r.modem, pair.end[1].r.now, false);
	pass(&pair, SEC(5));
	send(&pair, 0, number[1], "late");
	pass(&pair, SEC(200));
	modem_close(pair.end[0].r.modem, pair.end[0].r.now);
	modem_close(pair.end[1].r.modem, pair.end[1].r.now);
	stop(&pair);
	pair.end[1].off = true;
	start(&pair);
	say(&pair, 0, "ATE0;+CMGF=1;+CNMI=2,1,0,1,0\r", SEC(1));
	pass(&pair, SEC(30));
	assert_int_equal(count_in(&pair.end[0].r, "+CDS: "), 0);
	pass(&pair, SEC(150));
	assert_int_equal(count_in(&pair.end[0].r, ",70\r\n"), 1);
	stop(&pair);
}

/* Nobody has its number any more. */
static void a_message_for_one_who_is_gone_expires_at_its_sender(void **state)
{
	(void)state;
	restart(&pair);
	say(&pair, 0, "AT+CSMP=49,0,0,0\r", SEC(1)); /* 5 minutes */
	modem_power(pair.end[1].r.modem, pair.end[1].r.now, false);
	pass(&pair, SEC(5));
	send(&pair, 0, number[1], "late");
	stop(&pair);
	pair.end[1].off = pair.end[1].gone = true;
	start(&pair);
	say(&pair, 0, "ATE0;+CMGF=1;+CNMI=2,1,0,1,0\r", SEC(1));
	pass(&pair, SEC(200));
	assert_int_equal(count_in(&pair.end[0].r, "+CDS: "), 0);
	pass(&pair, SEC(300));
	assert_int_equal(count_in(&pair.end[0].r, "+CDS: "), 1);
	assert_int_equal(count_in(&pair.end[0].r, ",70\r\n"), 1);
	stop(&pair);
}

/* What has come before is known after a restart, and its status is told again. */
static void a_repeat_after_a_restart_is_known(void **state)
{
	struct sms_post p = { .sender = 5, .ref = 3, .left = USEC_NEVER };
	struct end *b = &pair.end[1];

	(void)state;
	tpdu_init(&p.t, TPDU_DELIVER);
	assert_int_equal(address_parse(&p.t.address, "0699999999", 10, 0), PDU_OK);
	restart(&pair);
	assert_int_equal(modem_sms_deliver(b->r.modem, b->r.now, &p), SMS_TAKEN);
	assert_int_equal(modem_sms_deliver(b->r.modem, b->r.now, &p), SMS_REPEATED);
	pass(&pair, SEC(20));
	stop(&pair);
	restart(&pair);
	assert_int_equal(modem_sms_deliver(b->r.modem, b->r.now, &p), SMS_REPEATED);
	pass(&pair, SEC(20));
	list(&pair);
	assert_int_equal(count_in(&b->r, "+CMGL: "), 1);
	p.sender = 0;
	assert_int_equal(modem_sms_deliver(b->r.modem, b->r.now, &p), SMS_NO_ROOM);
	stop(&pair);
}

/* ---- what a receiver knows ------------------------------------------------------- */

static struct smsc_known known;
static struct smsc_known_used used;
static uint64_t pinned;

static bool is_pinned(void *ctx, uint64_t sender)
{
	(void)ctx;
	return sender == pinned;
}

static enum smsc_heard hear(uint64_t sender, uint64_t ref, uint64_t open, uint64_t more)
{
	struct sms_post p = { .sender = sender, .ref = ref };
	int status;

	if (open)
		p.open[p.n_open++] = open;
	if (more)
		p.open[p.n_open++] = more;
	return smsc_known_hear(&known, &used, &p, is_pinned, NULL, &status);
}

static void repeats_and_late_copies_are_known(void **state)
{
	(void)state;
	memset(&known, 0, sizeof(known));
	memset(&used, 0, sizeof(used));
	/* the second one comes first */
	assert_int_equal(hear(7, 6, 5, 6), SMSC_NEW);
	smsc_known_settle(&known, &used, 7, 6, 0);
	assert_int_equal(hear(7, 6, 5, 6), SMSC_SETTLED);
	assert_int_equal(hear(7, 5, 5, 6), SMSC_NEW);
	smsc_known_settle(&known, &used, 7, 5, 0x46);
	assert_int_equal(hear(7, 5, 5, 0), SMSC_SETTLED);
	/* its sender has settled both */
	assert_int_equal(hear(7, 9, 9, 0), SMSC_NEW);
	assert_int_equal(hear(7, 5, 5, 6), SMSC_LATE);
	assert_int_equal(hear(7, 6, 5, 6), SMSC_LATE);
	assert_int_equal(hear(7, 9, 9, 0), SMSC_NEW);
	assert_int_equal(hear(8, 1, 0, 0), SMSC_NEW);
	smsc_known_settle(&known, &used, 8, 1, 0);
	assert_int_equal(hear(8, 1, 0, 0), SMSC_SETTLED);
}

static void the_last_senders_are_known(void **state)
{
	uint64_t i;

	(void)state;
	memset(&known, 0, sizeof(known));
	memset(&used, 0, sizeof(used));
	pinned = 2;
	for (i = 1; i <= SMSC_SENDERS; i++) {
		assert_int_equal(hear(i, 1, 1, 0), SMSC_NEW);
		smsc_known_settle(&known, &used, i, 1, 0);
	}
	for (i = 1; i <= SMSC_SENDERS; i++)
		assert_int_equal(hear(i, 1, 1, 0), SMSC_SETTLED);
	assert_int_equal(hear(1000, 1, 1, 0), SMSC_NEW); /* for the first */
	assert_int_equal(hear(1, 1, 1, 0), SMSC_NEW);    /* for the third */
	assert_int_equal(hear(2, 1, 1, 0), SMSC_SETTLED);
	assert_int_equal(hear(4, 1, 1, 0), SMSC_SETTLED);
	assert_int_equal(hear(3, 1, 1, 0), SMSC_NEW);
}

static void refs_are_bounded_too(void **state)
{
	struct sms_post p = { .n_open = SMS_POST_OPEN };
	uint64_t i, k;
	int status;

	(void)state;
	memset(&known, 0, sizeof(known));
	memset(&used, 0, sizeof(used));
	pinned = 0;
	for (i = 1; i <= 100; i++) {
		for (k = 0; k < SMS_POST_OPEN; k++)
			p.open[k] = i * 100 + k;
		p.sender = i;
		p.ref = p.open[k - 1];
		assert_int_equal(
			smsc_known_hear(&known, &used, &p, is_pinned, NULL, &status),
			SMSC_NEW);
	}
	assert_int_equal(used.refs, SMSC_REFS);
	assert_int_equal(hear(100, 100 * 100, 0, 0), SMSC_NEW);
}

/* ---- tests ----------------------------------------------------------------------- */

static int begin(void **state)
{
	int i;

	(void)state;
	memset(&pair, 0, sizeof(pair));
	profile = rig_profile("fastrack-supreme-20-r74");
	profile->sim.messages.capacity = 50;
	for (i = 0; i < 2; i++) {
		struct end *e = &pair.end[i];

		e->pair = &pair;
		e->index = i;
		e->mem = malloc(modem_size(profile, 1));
		if (!e->mem)
			abort();
		e->store.storing = storing;
		e->store.ctx = e;
	}
	return 0;
}

static int end(void **state)
{
	int i;

	(void)state;
	neighbours_free(pair.n);
	for (i = 0; i < 2; i++) {
		free(pair.end[i].mem);
		rig_store_clear(&pair.end[i].store);
	}
	rig_profile_free(profile);
	return 0;
}

#define PAIR(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAIR(the_power_is_cut_before_each_write),
		PAIR(a_modem_without_neighbours_messages_has_no_such_record),
		PAIR(a_message_that_cannot_be_stored_is_not_accepted),
		PAIR(a_receiver_that_cannot_store_gets_it_later_and_once),
		PAIR(an_end_is_told_when_it_is_stored),
		PAIR(validity_goes_on_after_a_restart),
		PAIR(a_message_for_one_who_is_gone_expires_at_its_sender),
		PAIR(a_repeat_after_a_restart_is_known),
		UNIT(repeats_and_late_copies_are_known),
		UNIT(the_last_senders_are_known),
		UNIT(refs_are_bounded_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
