/* Data calls between modems in memory, and calls in any order, in virtual time. */
#include "calls_rig.h"

#define TRAIN SEC(20)

static void online(struct party *p)
{
	say(p, 0, "ATD" B "\r", DIAL);
	has(&p->r[1], "RING", 1);
	rig_clear(&p->r[1]);
	say(p, 1, "ATA\r", TRAIN);
	heard(&p->r[1], "\r\nCONNECT 9600\r\n");
	heard(&p->r[0], "\r\n+COLP: \"" B "\",145\r\n\r\nCONNECT 9600\r\n");
}

static void bytes_go_both_ways(void **state)
{
	struct party *p = *state;

	online(p);
	say(p, 0, "from A", SEC(1));
	heard(&p->r[1], "from A");
	say(p, 1, "from B", SEC(1));
	heard(&p->r[0], "from B");
	clcc(p, 2, "");
	/* commands, and online again: what comes meanwhile waits */
	pass(p, SEC(2));
	say(p, 0, "+++", SEC(2));
	heard(&p->r[0], OK);
	heard(&p->r[1], "+++");
	say(p, 1, "waits", SEC(1));
	heard(&p->r[0], "");
	clcc(p, 0, "+CLCC: 1,0,0,1,0,\"" B "\",145");
	say(p, 0, "ATO\r", SEC(1));
	heard(&p->r[0], "\r\nCONNECT 9600\r\nwaits");
	pass(p, SEC(2));
	say(p, 0, "+++", SEC(2));
	heard(&p->r[1], "+++");
	rig_clear(&p->r[0]);
	say(p, 0, "ATH\r", SEC(1));
	heard(&p->r[0], OK);
	heard(&p->r[1], LOST);
	assert_false(p->r[1].v24[0] & V24_DCD);
}

static void dtr_hangs_up_at_both(void **state)
{
	struct party *p = *state;

	say(p, 0, "AT&D2&C1\r", SEC(1));
	say(p, 1, "AT&C1\r", SEC(1));
	rig_clear(&p->r[0]);
	rig_clear(&p->r[1]);
	assert_false(p->r[1].v24[0] & V24_DCD);
	online(p);
	assert_true(p->r[1].v24[0] & V24_DCD);
	rig_type(&p->r[0], "last words", 10);
	modem_dtr(p->r[0].modem, 0, p->r[0].now, false);
	pass(p, SEC(1));
	heard(&p->r[0], LOST);
	heard(&p->r[1], "last words" LOST);
	assert_false(p->r[0].v24[0] & V24_DCD);
	assert_false(p->r[1].v24[0] & V24_DCD);
}

/* The caller's bearer is the call's. */
static void the_callers_speed_is_that_of_both(void **state)
{
	struct party *p = *state;

	say(p, 0, "AT+CBST=71,0,0;+CR=1\r", SEC(1));
	say(p, 1, "AT+CBST=7,0,1;+CR=1;+CRC=1\r", SEC(1));
	rig_clear(&p->r[0]);
	rig_clear(&p->r[1]);
	say(p, 0, "ATD" B "\r", DIAL);
	has(&p->r[1], "+CRING: ASYNC", 1);
	rig_clear(&p->r[1]);
	say(p, 1, "ATA\r", TRAIN);
	heard(&p->r[1], "\r\n+CR: ASYNC\r\n\r\nCONNECT 9600\r\n");
	has(&p->r[0], "\r\n+CR: ASYNC\r\n\r\nCONNECT 9600\r\n", 1);
}

static void a_fax_call_ends_at_both(void **state)
{
	struct party *p = *state;

	say(p, 0, "AT+FCLASS=2\r", SEC(1));
	rig_clear(&p->r[0]);
	say(p, 0, "ATD" B "\r", DIAL);
	has(&p->r[1], "RING", 1);
	rig_clear(&p->r[1]);
	say(p, 1, "ATA\r", TRAIN);
	heard(&p->r[0], LOST);
	heard(&p->r[1], LOST);
	ceer(p, 0, 16);
	ceer(p, 1, 16);
}

/* ---- any order of things ----------------------------------------------------------- */

static uint32_t seed;

static unsigned any(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

/* Off, without a network, restarted, or made anew; and back. */
static void goes_and_comes(struct party *p, int i)
{
	switch (any(4)) {
	case 0:
		modem_power(p->r[i].modem, p->r[i].now, false);
		pass(p, STEP * any(4));
		modem_power(p->r[i].modem, p->r[i].now, true);
		break;
	case 1:
		say(p, i, "AT+COPS=2\r", STEP * any(8));
		say(p, i, "AT+COPS=0\r", STEP * any(40));
		break;
	case 2:
		say(p, i, "AT+CFUN=1\r", STEP * any(40));
		break;
	case 3:
		neighbours_renewed(p->n, (unsigned)i);
		rig_free(&p->r[i]);
		make(p, i);
		rig_boot(&p->r[i]);
		break;
	}
}

static void act(struct party *p, int i)
{
	static const char *const lines[] = { "ATH\r", "ATA\r", "ATA\r", "ATA\r", "ATH1\r",
		"AT+CHLD=0\r", "AT+CHLD=1\r", "AT+CHLD=2\r", "AT+CHLD=2\r", "AT+CHLD=3\r",
		"AT+CHLD=4\r", "AT+CHLD=21\r", "AT+CHLD=12\r", "AT+VTS=1\r",
		"AT+WATH=17\r", "AT+CCFC=0,4\r", "AT+CCFC=2,3,\"" C "\",145,1,,,5\r",
		"AT+CCFC=0,3,\"" A "\"\r", "AT+CCFC=1,3,\"" C "\",145\r",
		"AT+CCFC=4,4\r" };
	static const char *const numbers[] = { A, B, C };
	char line[40];

	switch (any(40)) {
	case 0:
		goes_and_comes(p, i);
		return;
	case 1:
	case 2:
	case 3:
	case 4:
	case 5:
	case 6:
	case 7:
	case 8:
	case 9:
	case 10:
	case 11:
	case 12:
		snprintf(line, sizeof(line), "ATD%s%s\r", numbers[any(MODEMS)],
			any(3) ? ";" : "");
		break;
	default:
		snprintf(line, sizeof(line), "%s",
			lines[any(sizeof(lines) / sizeof(*lines))]);
	}
	rig_type(&p->r[i], line, strlen(line));
}

static unsigned seen[CALL_HELD + 1]; /* ends of calls, by their states */

static bool fits(const struct call *x, const struct call *y)
{
	enum call_state a = call_state(x), b = call_state(y);

	if (a == CALL_ALERTING)
		return b == CALL_INCOMING || b == CALL_WAITING;
	if (b == CALL_ALERTING)
		return a == CALL_INCOMING || a == CALL_WAITING;
	return a >= CALL_TRAINING && b >= CALL_TRAINING && x->bearer == y->bearer &&
	       x->held_there == (b == CALL_HELD) && y->held_there == (a == CALL_HELD);
}

/* Each call with a neighbour has its other end there, and that one has it. */
static void agree(struct party *p, unsigned step)
{
	int i, found;
	uint64_t peer;
	size_t k, l;

	for (i = 0; i < MODEMS; i++)
		for (k = 0; k < p->r[i].modem->calls.made; k++) {
			const struct call *x = &p->r[i].modem->calls.call[k], *y;
			const struct calls *there;

			if (!x->linked)
				continue;
			peer = (x->line.peer & 0xff) - 1;
			there = &p->r[peer].modem->calls;
			seen[call_state(x)]++;
			found = 0;
			for (l = 0; l < there->made; l++) {
				y = &there->call[l];
				if (y->linked && (int)(y->line.peer & 0xff) - 1 == i &&
					y->key.ref == x->line.key.ref && fits(x, y))
					found++;
			}
			if (found != 1)
				fail_msg("seed %u, step %u: call %d of modem %d (%s) has "
					 "%d other ends",
					seed, step, x->id, i, call_state_name(x), found);
		}
}

static void any_order_leaves_both_ends_agreeing(void **state)
{
	struct party *p = *state;
	unsigned run, step, n;

	for (run = 1; run <= 200; run++) {
		seed = run;
		for (step = 0; step < 40; step++) {
			for (n = 1 + any(2); n; n--)
				act(p, (int)any(MODEMS));
			pass(p, any(3) ? STEP : STEP * (1 + any(40)));
			pass(p, SEC(4)); /* it settles: what was dialled rings */
			agree(p, step);
			for (n = 0; n < MODEMS; n++)
				rig_clear(&p->r[n]);
		}
	}
	for (n = 0; n < MODEMS; n++)
		rig_type(&p->r[n], "ATH\r", 4);
	pass(p, SEC(400));
	for (n = 0; n < MODEMS; n++)
		assert_false(calls_any(&p->r[n].modem->calls));
	/* it has met them all */
	for (n = CALL_ALERTING; n <= CALL_HELD; n++)
		assert_true(seen[n] > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PARTY(bytes_go_both_ways),
		PARTY(dtr_hangs_up_at_both),
		PARTY(the_callers_speed_is_that_of_both),
		PARTY(a_fax_call_ends_at_both),
		PARTY(any_order_leaves_both_ends_agreeing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
