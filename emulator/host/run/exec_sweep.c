/* exec --sweep: runs COMMAND once without a gap, then once for each gap. */
#include <stdio.h>

#include "host/console.h"
#include "host/run/exec_int.h"

/* "--sweep urc --sweep-text 'RING' --at 17", for a shell. */
static void print_again(const struct exec *e, unsigned at, FILE *out)
{
	const struct options *o = &e->r.o;
	const char *p;

	fprintf(out, "--sweep %s", name_of(sweep_names, (int)o->sweep));
	if (o->sweep_text) {
		fputs(" --sweep-text '", out);
		for (p = o->sweep_text; *p; p++)
			if (*p == '\'')
				fputs("'\\''", out);
			else
				putc(*p, out);
		putc('\'', out);
	}
	fprintf(out, " --at %u\n", at);
}

static bool complains(const struct exec *e)
{
	return e->r.o.on_exit == OPTIONS_FAIL && report_any(&e->report, &e->base);
}

/* Whether the run with gap `at` failed; reports the failure. */
static bool broke(struct exec *e, unsigned at, const struct outcome *o)
{
	char who[48];

	results_add(e, at, !o->status && !complains(e), o);
	if (!o->status && !complains(e))
		return false;
	fprintf(stderr, "fauxtrack exec: gap %u, %s: ", at, e->gap);
	if (o->status)
		fprintf(stderr, "exit status %d; to repeat: ", o->status);
	else
		fputs("complaints; to repeat: ", stderr);
	print_again(e, at, stderr);
	snprintf(who, sizeof(who), "fauxtrack exec: gap %u", at);
	if (e->r.o.on_exit && report_any(&e->report, &e->base))
		report_print(&e->report, &e->base, who, e->r.count > 1, stderr);
	record_gap(e, at, o);
	return true;
}

static struct outcome nothing(struct exec *e, struct outcome o)
{
	if (e->r.o.at)
		fprintf(stderr,
			"fauxtrack exec: nothing was tested: the command did not reach "
			"gap %u; run without --at to see how many gaps there are\n",
			e->r.o.at);
	else
		fputs("fauxtrack exec: nothing was tested: the command sent no line to "
		      "the modem, so there is no gap; is {} among its arguments?\n",
			stderr);
	if (!o.status)
		o.status = EXITS_OWN;
	return o;
}

/* Only one gap. */
static struct outcome sweep_one(struct exec *e)
{
	struct outcome o = exec_once(e, e->r.o.at);

	if (!o.ran)
		return o;
	if (!e->gap[0])
		return nothing(e, o);
	e->gaps = 1;
	if (broke(e, e->r.o.at, &o) && !o.status)
		o.status = EXITS_FAILED;
	return o;
}

/* A signal ends a sweep, however the command reacted to it. */
static struct outcome stopped(const struct exec *e, struct outcome o)
{
	if (e->r.signo)
		o.status = EXITS_SIGNAL + e->r.signo;
	return o;
}

/* The run after the last gap has no gap: a command that fails in it fails at random. */
static bool unsteady(struct exec *e, unsigned at, const struct outcome *o)
{
	if (!o->status)
		return false;
	results_add(e, at, false, o);
	fprintf(stderr,
		"fauxtrack exec: gap %u was not reached, yet the command failed: exit "
		"status %d; it does not behave the same in each run\n",
		at, o->status);
	record_gap(e, at, o);
	return true;
}

struct outcome exec_sweep(struct exec *e)
{
	unsigned at = e->r.o.at, broken = 0;
	struct console_progress progress;
	struct outcome base, o;

	if (at)
		return sweep_one(e);
	base = exec_once(e, 0);
	e->base = e->report;
	if (!base.ran || e->r.signo)
		return stopped(e, base);
	results_add(e, 0, !base.status && !complains(e), &base);
	if (base.status ||
		(e->r.o.on_exit == OPTIONS_FAIL && report_any(&e->base, NULL))) {
		fprintf(stderr,
			"fauxtrack exec: the command fails without a sweep too (exit "
			"status %d%s); make it pass without --sweep first\n",
			base.status, base.status ? "" : ", with complaints");
		return base;
	}
	console_begin(&progress, "gaps", 0);
	for (at = 1;; at++) {
		console_step(&progress, at);
		o = exec_once(e, at);
		console_clear(&progress);
		if (!o.ran || e->r.signo)
			return stopped(e, o);
		if (!e->gap[0])
			break;
		e->gaps++;
		broken += broke(e, at, &o);
	}
	broken += unsteady(e, at, &o);
	if (!e->gaps && !broken)
		return nothing(e, base);
	fprintf(stderr, "fauxtrack exec: %u gaps, %u broke the command\n", e->gaps,
		broken);
	if (broken)
		base.status = EXITS_FAILED;
	return base;
}
