/* The messages of ring, without ptys, processes and clocks: modems in memory, in virtual
 * time. The difference from ring is what the ports cost.
 *
 * usage: ring_inside [-n MODEMS] [-m MESSAGES] [-r ROUNDS] */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host/exchange/neighbours.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/unit_numbers.h"

#define ROUNDS_MAX 99
#define PROFILE    "fastrack-supreme-20-r74"

static struct rig *rigs;
static char (*lines)[64]; /* AT+CMGS to the next one */
static struct neighbours *exchange;
static int count = 1000;
static size_t texts, reports;

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

static void number_of(int i, char *out, size_t size)
{
	snprintf(out, size, "+3361%07d", i);
}

static void make(const struct profile *p, int i)
{
	struct unit_numbers numbers = unit_numbers_of(p);
	struct rig *r = &rigs[i];

	number_of(i, numbers.own, sizeof(numbers.own));
	rig_init_unit(r, p, &numbers);
	r->modem->ports.neighbours = neighbours_ports(exchange, (unsigned)i);
	neighbours_attach(exchange, (unsigned)i,
		&(struct neighbour_modem){ r, enter, leave, NULL });
	rig_boot(r);
	rig_say(r, "ATE0;+CMGF=1;+CNMI=2,2,0,1,0;+CSMP=49,167,0,0\r", SEC(1));
	rig_clear(r);
}

static void build(const struct profile *p)
{
	char number[24];
	unsigned a, b;
	int i;

	rigs = calloc((size_t)count, sizeof(*rigs));
	lines = calloc((size_t)count, sizeof(*lines));
	if (!rigs || !lines)
		abort();
	exchange = neighbours_new((unsigned)count, wake, NULL);
	for (i = 0; i < count; i++) {
		number_of(i, number, sizeof(number));
		neighbours_set_number(exchange, (unsigned)i, number);
		number_of((i + 1) % count, number, sizeof(number));
		snprintf(lines[i], sizeof(lines[i]), "AT+CMGS=\"%s\"\r", number);
	}
	if (!neighbours_settle(exchange, &a, &b))
		abort();
	for (i = 0; i < count; i++)
		make(p, i);
}

static size_t times(const struct rig *r, const char *what)
{
	const char *at = r->out, *end = r->out + r->len;
	size_t n = strlen(what), found = 0;

	while ((at = memmem(at, (size_t)(end - at), what, n))) {
		found++;
		at += n;
	}
	return found;
}

/* All send one, and get what has come. */
static void turn(void)
{
	int i, pass;

	for (i = 0; i < count; i++) {
		rig_type(&rigs[i], lines[i], strlen(lines[i]));
		rig_pass(&rigs[i], MS(100));
		rig_say(&rigs[i], "is as long as a message often is, or so\x1a", SEC(6));
	}
	for (pass = 0; pass < 2; pass++) { /* the messages, then the reports */
		while (neighbours_run(exchange, 1024))
			;
		for (i = 0; i < count; i++)
			rig_pass(&rigs[i], SEC(1));
	}
	for (i = 0; i < count; i++) {
		texts += times(&rigs[i], "+CMT: ");
		reports += times(&rigs[i], "+CDS: ");
		rig_clear(&rigs[i]);
	}
}

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int c, i, round, messages = 10, rounds = 5;
	struct profile *p;
	double from, took[ROUNDS_MAX];
	size_t n;

	while ((c = getopt(argc, argv, "n:m:r:")) != -1) {
		if (c == 'n')
			count = atoi(optarg);
		else if (c == 'm')
			messages = atoi(optarg);
		else if (c == 'r')
			rounds = atoi(optarg);
	}
	if (optind < argc || count < 2 || messages < 1 || rounds < 1 ||
		rounds > ROUNDS_MAX) {
		fputs("usage: ring_inside [-n MODEMS] [-m MESSAGES] [-r ROUNDS]\n",
			stderr);
		return 2;
	}
	p = rig_profile(PROFILE);
	build(p);
	n = (size_t)count * (size_t)messages;
	for (round = 0; round < rounds; round++) {
		texts = reports = 0;
		from = cpu();
		for (i = 0; i < messages; i++)
			turn();
		took[round] = (cpu() - from) / (double)n;
		if (texts == n && reports == n)
			continue;
		fprintf(stderr,
			"ring_inside: of %zu messages %zu texts and %zu reports "
			"have come\n",
			n, texts, reports);
		return 1;
	}
	qsort(took, (size_t)rounds, sizeof(took[0]), compare);
	printf("%d modems, %d messages each, median of %d rounds: CPU %.2f us a "
	       "message\n",
		count, messages, rounds, took[rounds / 2]);
	neighbours_free(exchange);
	for (i = 0; i < count; i++)
		rig_free(&rigs[i]);
	free(rigs);
	free(lines);
	rig_profile_free(p);
	return 0;
}
