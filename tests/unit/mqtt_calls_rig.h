/* Modems of two processes that call each other, over a broker in memory: A is in the first
 * process, B and C in the second. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/exchange/mqtt_call_json.h"
#include "host/exchange/neighbours.h"
#include "mqtt_rig.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/unit_numbers.h"

#define MODEMS    3
#define PROCESSES 2
#define STEP      MS(100)
#define A         "+33600000000"
#define B         "+33600000010"
#define C         "+33600000011"
#define OK        "\r\nOK\r\n"
#define LOST      "\r\nNO CARRIER\r\n"
#define DIAL      SEC(5)
#define TRAIN     SEC(20)

struct far {
	struct profile *profile;
	struct mqtt_rig *w;
	struct rig r[MODEMS];
	struct neighbours *n[PROCESSES];
	bool woken[PROCESSES];
};

static const struct {
	unsigned process, modem;
	const char *number;
} place[MODEMS] = { { 0, 0, A }, { 1, 0, B }, { 1, 1, C } };

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
	*(bool *)ctx = true;
}

static void make(struct far *f, int i)
{
	struct unit_numbers numbers = unit_numbers_of(f->profile);
	struct neighbours *n = f->n[place[i].process];

	snprintf(numbers.own, sizeof(numbers.own), "%s", place[i].number);
	rig_init_unit(&f->r[i], f->profile, &numbers);
	f->r[i].modem->ports.neighbours = neighbours_ports(n, place[i].modem);
	f->r[i].modem->ports.neighbours.enquires = SEC(10);
	neighbours_attach(n, place[i].modem,
		&(struct neighbour_modem){
			&f->r[i], enter, leave, NULL, peek, NULL, NULL });
}

static void pass_on(struct far *f)
{
	int i, k;

	for (i = 0; i < MODEMS; i++)
		neighbours_settled(f->n[place[i].process], place[i].modem);
	for (k = 0; k < PROCESSES; k++) {
		while (f->woken[k]) {
			f->woken[k] = false;
			while (neighbours_run(f->n[k], 1))
				;
		}
	}
}

static void pass(struct far *f, usec_t time)
{
	int i;

	for (; time; time -= STEP) {
		for (i = 0; i < MODEMS; i++)
			rig_pass(&f->r[i], STEP);
		pass_on(f);
		mqtt_rig_run(f->w, STEP);
		pass_on(f);
	}
}

static void say(struct far *f, int i, const char *text, usec_t time)
{
	rig_type(&f->r[i], text, strlen(text));
	pass(f, time);
}

/* The exchange of a process begins, with the name `first` for its lives. */
static void join(struct far *f, unsigned k, uint64_t first)
{
	struct mqtt_rig_process *p = &f->w->p[k];
	struct beyond b;

	neighbours_begin_lives(f->n[k], first);
	p->calls = f->n[k];
	mqtt_rig_start(f->w, k);
	b = mqtt_beyond(p->m);
	neighbours_set_beyond(f->n[k], &b);
}

static void new_process(struct far *f, unsigned k)
{
	unsigned a, b;
	int i;

	f->n[k] = neighbours_new(MQTT_RIG_MODEMS, wake, &f->woken[k]);
	for (i = 0; i < MODEMS; i++)
		if (place[i].process == k)
			neighbours_set_number(f->n[k], place[i].modem, place[i].number);
	assert_true(neighbours_settle(f->n[k], &a, &b));
	for (i = 0; i < MODEMS; i++)
		if (place[i].process == k)
			make(f, i);
}

static void boot(struct far *f, int i)
{
	rig_boot(&f->r[i]);
	say(f, i, "ATE0;+CLIP=1;+COLP=1;+CSSN=1,1;+CCWA=1;+CMEE=1;X4\r", SEC(2));
	rig_clear(&f->r[i]);
}

static int begin(void **state)
{
	struct far *f = calloc(1, sizeof(*f));
	unsigned k;
	int i;

	if (!f)
		abort();
	f->profile = rig_profile("fastrack-supreme-20-r74");
	f->w = mqtt_rig_new();
	for (k = 0; k < PROCESSES; k++) {
		new_process(f, k);
		join(f, k, k + 1);
	}
	for (i = 0; i < MODEMS; i++)
		boot(f, i);
	assert_true(mqtt_settled(f->w->p[0].m) && mqtt_settled(f->w->p[1].m));
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct far *f = *state;
	int i;

	for (i = 0; i < PROCESSES; i++)
		neighbours_free(f->n[i]);
	for (i = 0; i < MODEMS; i++)
		rig_free(&f->r[i]);
	mqtt_rig_free(f->w);
	rig_profile_free(f->profile);
	free(f);
	return 0;
}

/* The second process is killed, and begins anew as the same units. */
static inline void kill_second(struct far *f)
{
	mqtt_rig_stop(f->w, 1);
	neighbours_set_beyond(f->n[1], NULL);
	f->w->p[1].calls = NULL;
}

static inline void begin_second(struct far *f, uint64_t first)
{
	int i;

	neighbours_free(f->n[1]);
	f->woken[1] = false;
	for (i = 1; i < MODEMS; i++)
		rig_free(&f->r[i]);
	new_process(f, 1);
	join(f, 1, first);
	for (i = 1; i < MODEMS; i++)
		boot(f, i);
}

static inline int count(const struct rig *r, const char *what)
{
	size_t n = strlen(what), i;
	int found = 0;

	for (i = 0; i + n <= r->len; i++)
		found += !memcmp(r->out + i, what, n);
	return found;
}

static inline void has(const struct rig *r, const char *what, int times)
{
	int found = count(r, what);

	if (found != times)
		fail_msg("\"%s\" is there %d times: %.*s", what, found, (int)r->len,
			r->out);
}

static inline void heard(struct rig *r, const char *want)
{
	if (r->len != strlen(want) || memcmp(r->out, want, r->len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", want, (int)r->len, r->out);
	rig_clear(r);
}

static inline void talk(struct far *f, int i, int to)
{
	char line[64];

	snprintf(line, sizeof(line), "ATD%s;\r", place[to].number);
	rig_clear(&f->r[i]);
	rig_clear(&f->r[to]);
	say(f, i, line, DIAL);
	say(f, to, "ATA\r", SEC(1));
	has(&f->r[to], OK, 1);
	has(&f->r[i], OK, 1);
	rig_clear(&f->r[i]);
	rig_clear(&f->r[to]);
}

static inline void online(struct far *f)
{
	say(f, 0, "ATD" B "\r", DIAL);
	has(&f->r[1], "RING", 1);
	say(f, 1, "ATA\r", TRAIN);
	has(&f->r[1], "\r\nCONNECT 9600\r\n", 1);
	has(&f->r[0], "\r\nCONNECT 9600\r\n", 1);
	rig_clear(&f->r[0]);
	rig_clear(&f->r[1]);
}

static inline void ceer(struct far *f, int i, int cause)
{
	char text[60];

	rig_clear(&f->r[i]);
	say(f, i, "AT+CEER\r", SEC(1));
	snprintf(text, sizeof(text), "\r\n+CEER: Error %d\r\n" OK, cause);
	heard(&f->r[i], text);
}

static inline void clcc(struct far *f, int i, const char *want)
{
	char text[300];

	rig_clear(&f->r[i]);
	say(f, i, "AT+CLCC\r", SEC(1));
	snprintf(text, sizeof(text), "%s%s%s" OK, want[0] ? "\r\n" : "", want,
		want[0] ? "\r\n" : "");
	heard(&f->r[i], text);
}

#define FAR_CALL(name) cmocka_unit_test_setup_teardown(name, begin, end)
