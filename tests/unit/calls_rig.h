/* Three modems in memory that call each other, in virtual time. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/exchange/neighbours.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/unit_numbers.h"

#define MODEMS 3
#define A      "+33600000017"
#define B      "+33600000018"
#define C      "+33600000019"

#define STEP (SEC(1) / 4)

struct party {
	struct profile *profile;
	struct rig r[MODEMS];
	char last[MODEMS][80]; /* the newest notice of a call */
	struct neighbours *n;
	bool woken;
	bool dead; /* nothing is passed on */
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

static const struct modem *peek(void *ctx)
{
	const struct rig *r = ctx;

	return r->modem;
}

static void wake(void *ctx)
{
	struct party *p = ctx;

	assert_false(p->woken);
	p->woken = true;
}

static struct party *party;

static void noticed(struct rig *r, const struct notice *n)
{
	if (n->kind == NOTICE_CALL)
		snprintf(
			party->last[r - party->r], sizeof(party->last[0]), "%s", n->text);
}

static void make(struct party *p, int i)
{
	static const char *const own[] = { A, B, C };
	struct unit_numbers numbers = unit_numbers_of(p->profile);
	struct rig *r = &p->r[i];

	snprintf(numbers.own, sizeof(numbers.own), "%s", own[i]);
	rig_init_unit(r, p->profile, &numbers);
	r->notify = noticed;
	r->modem->ports.neighbours = neighbours_ports(p->n, (unsigned)i);
	neighbours_attach(p->n, (unsigned)i,
		&(struct neighbour_modem){ r, enter, leave, NULL, peek, NULL, NULL });
	neighbours_set_number(p->n, (unsigned)i, own[i]);
}

static void pass_on(struct party *p)
{
	unsigned i;

	if (p->dead)
		return;
	for (i = 0; i < MODEMS; i++)
		neighbours_settled(p->n, i);
	while (p->woken) {
		p->woken = false;
		while (neighbours_run(p->n, 1))
			;
		for (i = 0; i < MODEMS; i++)
			neighbours_settled(p->n, i);
	}
}

static void pass(struct party *p, usec_t time)
{
	int i;

	pass_on(p);
	for (; time; time -= STEP) {
		for (i = 0; i < MODEMS; i++)
			rig_pass(&p->r[i], STEP);
		pass_on(p);
	}
}

static void say(struct party *p, int i, const char *text, usec_t time)
{
	rig_type(&p->r[i], text, strlen(text));
	pass(p, time);
}

static int begin(void **state)
{
	struct party *p = calloc(1, sizeof(*p));
	unsigned a, b;
	int i;

	if (!p)
		abort();
	party = p;
	p->profile = rig_profile("fastrack-supreme-20-r74");
	p->n = neighbours_new(MODEMS, wake, p);
	for (i = 0; i < MODEMS; i++)
		make(p, i);
	assert_true(neighbours_settle(p->n, &a, &b));
	for (i = 0; i < MODEMS; i++) {
		rig_boot(&p->r[i]);
		say(p, i, "ATE0;+CLIP=1;+COLP=1;+CSSN=1,1;+CCWA=1;+CMEE=1;X4\r", SEC(2));
		rig_clear(&p->r[i]);
	}
	*state = p;
	return 0;
}

static int end(void **state)
{
	struct party *p = *state;
	int i;

	neighbours_free(p->n);
	for (i = 0; i < MODEMS; i++)
		rig_free(&p->r[i]);
	rig_profile_free(p->profile);
	free(p);
	return 0;
}

static int count(const struct rig *r, const char *what)
{
	size_t n = strlen(what), i;
	int found = 0;

	for (i = 0; i + n <= r->len; i++)
		found += !memcmp(r->out + i, what, n);
	return found;
}

static inline void has(const struct rig *r, const char *what, int times)
{
	if (count(r, what) != times)
		fail_msg("\"%s\" is not there %d times: %.*s", what, times, (int)r->len,
			r->out);
}

/* All that it has sent since the last look. */
static inline void heard(struct rig *r, const char *want)
{
	if (r->len != strlen(want) || memcmp(r->out, want, r->len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", want, (int)r->len, r->out);
	rig_clear(r);
}

#define OK   "\r\nOK\r\n"
#define LOST "\r\nNO CARRIER\r\n"
#define DIAL SEC(4) /* until the other side rings */

/* Modem i dials and `to` answers; both say so. */
static inline void talk(struct party *p, int i, int to, const char *number)
{
	char line[64];

	snprintf(line, sizeof(line), "ATD%s;\r", number);
	rig_clear(&p->r[i]);
	say(p, i, line, DIAL);
	rig_clear(&p->r[to]);
	say(p, to, "ATA\r", SEC(1));
	has(&p->r[to], OK, 1);
	has(&p->r[i], OK, 1);
	rig_clear(&p->r[i]);
	rig_clear(&p->r[to]);
}

static inline void clcc(struct party *p, int i, const char *want)
{
	char text[300];

	rig_clear(&p->r[i]);
	say(p, i, "AT+CLCC\r", SEC(1));
	snprintf(text, sizeof(text), "%s%s%s" OK, want[0] ? "\r\n" : "", want,
		want[0] ? "\r\n" : "");
	heard(&p->r[i], text);
}

static inline void ceer(struct party *p, int i, int cause)
{
	char text[60];

	rig_clear(&p->r[i]);
	say(p, i, "AT+CEER\r", SEC(1));
	snprintf(text, sizeof(text), "\r\n+CEER: Error %d\r\n" OK, cause);
	heard(&p->r[i], text);
}

#define PARTY(name) cmocka_unit_test_setup_teardown(name, begin, end)
