/* fauxtrack exec: a command with the port of a modem, started when what it needs holds;
 * once, or once for each place of a sweep. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/child.h"
#include "host/condition.h"
#include "host/loop.h"
#include "host/run_int.h"
#include "host/subcommand.h"
#include "port.h"
#include "wire.h"

struct exec {
	struct run r; /* first: callbacks get it */
	char **command;
	struct wait wait; /* n 0: for nothing */
	bool started;
	struct report report;
	struct fault_tally rules; /* of the field bug, over all runs */
	char gap[128];            /* where the sweep was, "": it did not get there */
};

/* ---- signals ---------------------------------------------------------------------- */

/* True when a Ctrl-C at the terminal reaches the command without us. */
static bool in_foreground(void)
{
	int tty = open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool yes = tty >= 0 && tcgetpgrp(tty) == getpgrp();

	if (tty >= 0)
		close(tty);
	return yes;
}

static void on_signal(struct run *r, int signo)
{
	if (!r->child)
		loop_stop(r->loop, 128 + signo);
	else if (signo != SIGINT || !in_foreground())
		kill(r->child, signo);
}

static void on_child(struct run *r)
{
	int status;

	if (!r->child || waitpid(r->child, &status, WNOHANG) != r->child)
		return;
	r->child = 0;
	loop_stop(r->loop, child_status(status));
}

/* ---- the command ------------------------------------------------------------------ */

/* The ports behind the first are told by $FAUXTRACK_TTY_2 and so on. */
static void name_ports(const struct run *r)
{
	char name[32];
	unsigned i;

	for (i = 1; i < r->o.count; i++) {
		snprintf(name, sizeof(name), "FAUXTRACK_TTY_%u", i + 1);
		setenv(name, port_path(r->units[i].port), 1);
	}
}

static void start(struct exec *e)
{
	struct run *r = &e->r;

	e->started = true;
	alarm(0);
	name_ports(r);
	control_export(r->control);
	r->child = child_start(
		e->command, port_path(r->units[0].port), control_restore, r->control);
	if (r->child < 0) {
		r->child = 0;
		loop_stop(r->loop, NO_COMMAND);
	}
}

/* ---- what the first modem tells ---------------------------------------------------- */

static void feed_wait(struct exec *e, const struct journal_entry *entry)
{
	if (!e->started)
		wait_feed(&e->wait, entry);
}

static void on_notice(void *ctx, const struct notice *n)
{
	struct exec *e = ctx;
	const struct journal_entry entry = {
		.at = n->at,
		.kind = JOURNAL_EVENT,
		.notice = n->kind,
		.has_text = n->text != NULL,
		.data = n->text,
	};

	feed_wait(e, &entry);
	report_notice(&e->report, n);
	if (n->kind == NOTICE_GAP && e->r.sweep.at && (unsigned)n->value == e->r.sweep.at)
		snprintf(e->gap, sizeof(e->gap), "%s", n->text);
}

static void on_bytes(void *ctx, usec_t at, char direction, const void *buf, size_t len)
{
	const struct journal_entry entry = {
		.at = at,
		.kind = direction == '<' ? JOURNAL_FROM_MODEM : JOURNAL_FROM_HOST,
		.data = buf,
		.len = len,
	};

	feed_wait(ctx, &entry);
}

static void on_settled(void *ctx)
{
	struct exec *e = ctx;

	if (!e->started && wait_over(&e->wait, wire_modem(e->r.units[0].wire)))
		start(e);
}

static void on_late(void *ctx, int signo)
{
	struct exec *e = ctx;

	(void)signo;
	if (e->started)
		return;
	fputs("fauxtrack exec: --wait: timed out: ", stderr);
	wait_explain(&e->wait, wire_modem(e->r.units[0].wire), stderr);
	fputs(e->r.o.boot == OPTIONS_COLD
			? "; with --boot cold power comes when somebody opens the port\n"
			: "; give it more by --wait timeout=60s\n",
		stderr);
	loop_stop(e->r.loop, FAILED);
}

/* Conditions, and perhaps timeout=TIME among them. */
static bool take_wait(struct exec *e)
{
	struct doc_place at = { "--wait", 0, 0 };
	struct doc_pool *pool = doc_pool_new();
	struct doc *map = doc_map(pool, at), *list = doc_list(pool, at), *text;
	const struct options *o = &e->r.o;
	struct doc_errors errors;
	bool ok = true;
	size_t i;

	doc_errors_init(&errors);
	for (i = 0; i < o->n_waits; i++) {
		const char *word = o->waits[i];
		bool time = !strncmp(word, "timeout=", 8);

		word += time ? 8 : 0;
		text = doc_scalar(pool, at, word, strlen(word), DOC_PLAIN);
		if (time)
			doc_put(pool, map, "timeout", at, text);
		else
			doc_append(pool, list, text);
	}
	if (o->n_waits) {
		doc_put(pool, map, "for", at, list);
		ok = wait_bind(pool, map, &e->wait, &errors);
	}
	doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return ok;
}

/* ---- once, and often -------------------------------------------------------------- */

/* With new modems. Gives the exit status. */
static int run_once(struct exec *e, unsigned at)
{
	const struct wire_watch watch = { e, on_notice, on_bytes, on_settled };
	struct run *r = &e->r;
	unsigned i;
	int status;

	e->started = false;
	e->gap[0] = '\0';
	r->sweep.at = at;
	status = run_open(r);
	if (!status && loop_signal(r->loop, SIGALRM, on_late, e))
		status = FAILED;
	if (!status) {
		wire_watch(r->units[0].wire, &watch);
		if (e->wait.n)
			alarm((unsigned)((e->wait.timeout + SEC(1) - 1) / SEC(1)));
		on_settled(e);
		/* where the command could not be started there is nothing to run for */
		status = e->started && !r->child ? NO_COMMAND : loop_run(r->loop);
		alarm(0);
		e->rules.bug = r->bug;
		for (i = 0; e->started && i < r->o.count; i++)
			fault_tally_add(&e->rules, wire_modem(r->units[i].wire));
	}
	run_close(r);
	return status;
}

static void tell_broken(const struct exec *e, unsigned at, int status)
{
	fprintf(stderr,
		"fauxtrack exec: gap %u, %s: exit status %d; again by --sweep %s --at "
		"%u\n",
		at, e->gap, status, name_of(sweep_names, (int)e->r.sweep.kind), at);
}

static int sweep(struct exec *e)
{
	unsigned at = e->r.o.at, broken = 0;
	int status;

	if (at) {
		status = run_once(e, at);
		if (e->gap[0] && status)
			tell_broken(e, at, status);
		else if (!e->gap[0])
			fprintf(stderr,
				"fauxtrack exec: the command did not reach gap %u\n", at);
		return status;
	}
	status = run_once(e, 0);
	if (status) {
		fprintf(stderr,
			"fauxtrack exec: the command fails without a sweep too: exit "
			"status "
			"%d\n",
			status);
		return status;
	}
	for (at = 1; !e->r.signo; at++) {
		status = run_once(e, at);
		if (!e->gap[0] && !status)
			break;
		if (status && !e->r.signo) {
			tell_broken(e, at, status);
			broken++;
		}
		if (!e->gap[0])
			break;
	}
	if (e->r.signo)
		return 128 + e->r.signo;
	fprintf(stderr, "fauxtrack exec: %u gaps, %u broke the command\n", at - 1,
		broken);
	return broken ? FAILED : DONE;
}

static bool allowed(const struct options *o)
{
	const char *why = NULL;

	if (o->at && !o->sweep)
		why = "--at is a place of --sweep urc or --sweep cut";
	else if (o->sweep && o->state)
		why = "--sweep begins each run with a new modem; leave --state out";
	else if (o->report_json && !o->on_exit)
		why = "--report-json belongs to --on-exit report or fail";
	if (why)
		fprintf(stderr, "fauxtrack exec: %s\n", why);
	return !why;
}

static int work(struct exec *e)
{
	struct run *r = &e->r;
	int status = run_load(r);
	bool idle;

	if (status)
		return status;
	r->sweep = (struct modem_sweep){
		.kind = r->o.sweep,
		.text = r->o.sweep_text ? r->o.sweep_text : SWEEP_DEFAULT,
		.pause = MS(50),
	};
	status = r->sweep.kind ? sweep(e) : run_once(e, 0);
	/* a rule that never acted has tested nothing */
	idle = fault_tally_print(&e->rules, "fauxtrack exec", stderr);
	if (!r->o.on_exit)
		return status;
	report_print(&e->report, stderr);
	if (r->o.report_json &&
		!report_write_json(&e->report, &e->rules, r->o.report_json))
		return FAILED;
	return status || r->o.on_exit == OPTIONS_REPORT ||
			       (!idle && !report_any(&e->report))
		       ? status
		       : FAILED;
}

int exec_main(int argc, char **argv)
{
	static struct exec e;
	struct run *r = &e.r;
	int next = options_parse(
		&r->o, argc, argv, "exec [OPTION...] -- COMMAND [ARG|{}...]");
	int status;

	if (next < 0)
		return next == -1 ? DONE : USAGE;
	if (next == argc) {
		fputs("fauxtrack exec: which command? fauxtrack exec -- picocom {}, for "
		      "instance; {} is the port's path\n",
			stderr);
		return USAGE;
	}
	if (!allowed(&r->o) || !take_wait(&e))
		return USAGE;
	e.command = argv + next;
	r->on_signal = on_signal;
	r->on_child = on_child;
	status = work(&e);
	run_forget(r);
	return status;
}
