/* Data calls between processes, and calls in any order, over a broker that loses, repeats
 * and delays. */
#include "mqtt_calls_rig.h"

/* ---- octets ---------------------------------------------------------------------------- */

static uint32_t seed = 1;

static unsigned any(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

#define SIZE 20000

static void octets_arrive_once_each_and_in_order(void **state)
{
	struct far *f = *state;
	static char sent[2][SIZE], got[2][SIZE];
	size_t out[2] = { 0 }, in[2] = { 0 }, n;
	int i, turns;

	online(f);
	f->w->lose = 10;
	f->w->twice = 20;
	f->w->delay = MS(300);
	for (turns = 0; in[0] < SIZE || in[1] < SIZE; turns++) {
		if (turns == 20000)
			fail_msg("sent %zu and %zu, got %zu and %zu", out[0], out[1],
				in[1], in[0]);
		for (i = 0; i < 2; i++) {
			n = any(300);
			if (n > SIZE - out[i])
				n = SIZE - out[i];
			if (n > modem_rx_room(f->r[i].modem, 0))
				n = 0;
			for (size_t k = 0; k < n; k++)
				sent[i][out[i] + k] = (char)('a' + any(26));
			rig_type(&f->r[i], sent[i] + out[i], n);
			out[i] += n;
		}
		pass(f, STEP);
		for (i = 0; i < 2; i++) {
			assert_true(in[i] + f->r[i].len <= SIZE);
			memcpy(got[i] + in[i], f->r[i].out, f->r[i].len);
			in[i] += f->r[i].len;
			rig_clear(&f->r[i]);
		}
	}
	assert_memory_equal(got[1], sent[0], SIZE);
	assert_memory_equal(got[0], sent[1], SIZE);
	/* and what was sent before the end comes before it */
	rig_type(&f->r[0], "last words", 10);
	modem_dtr(f->r[0].modem, 0, f->r[0].now, false);
	pass(f, SEC(60));
	heard(&f->r[1], "last words" LOST);
}

/* ---- any order of things ---------------------------------------------------------------- */

static void act(struct far *f, int i)
{
	static const char *const lines[] = { "ATH\r", "ATA\r", "ATA\r", "ATA\r",
		"AT+CHLD=0\r", "AT+CHLD=1\r", "AT+CHLD=2\r", "AT+CHLD=3\r", "AT+CHLD=4\r",
		"AT+VTS=1\r", "AT+WATH=17\r", "AT+CCFC=0,4\r", "AT+CCFC=0,3,\"" A "\"\r",
		"AT+CCFC=1,3,\"" C "\",145\r" };
	char line[40];

	if (any(3))
		snprintf(line, sizeof(line), "%s",
			lines[any(sizeof(lines) / sizeof(*lines))]);
	else
		snprintf(line, sizeof(line), "ATD%s;\r", place[any(MODEMS)].number);
	rig_type(&f->r[i], line, strlen(line));
}

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

static unsigned ends;

static void agree(const struct far *f, unsigned step)
{
	int i, j, found;
	size_t k, l;

	for (i = 0; i < MODEMS; i++)
		for (k = 0; k < f->r[i].modem->calls.made; k++) {
			const struct call *x = &f->r[i].modem->calls.call[k];

			if (!x->linked || call_state(x) == CALL_DIALING)
				continue;
			ends++;
			for (found = j = 0; j < MODEMS; j++)
				for (l = 0; l < f->r[j].modem->calls.made; l++) {
					const struct call *y =
						&f->r[j].modem->calls.call[l];

					found += j != i && y->linked && fits(x, y) &&
						 y->key.ref == x->line.key.ref &&
						 x->key.ref == y->line.key.ref;
				}
			if (!found)
				fail_msg("seed %u, step %u: call %d of modem %d (%s) has "
					 "no other end",
					seed, step, x->id, i, call_state_name(x));
		}
}

static void any_order_leaves_both_ends_agreeing(void **state)
{
	struct far *f = *state;
	unsigned step;
	int i;

	for (step = 0; step < 400; step++) {
		f->w->lose = f->w->twice = any(2) ? 15 : 0;
		f->w->delay = any(2) ? MS(400) : 0;
		act(f, (int)any(MODEMS));
		act(f, (int)any(MODEMS));
		pass(f, STEP * any(20));
		f->w->lose = 0;
		pass(f, SEC(22)); /* repeats, and one enquiry */
		agree(f, step);
		for (i = 0; i < MODEMS; i++)
			rig_clear(&f->r[i]);
	}
	for (i = 0; i < MODEMS; i++)
		rig_type(&f->r[i], "ATH\r", 4);
	pass(f, SEC(400));
	for (i = 0; i < MODEMS; i++)
		assert_false(calls_any(&f->r[i].modem->calls));
	assert_true(ends > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAR_CALL(octets_arrive_once_each_and_in_order),
		FAR_CALL(any_order_leaves_both_ends_agreeing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
