/* fauxtrack exec: runs a command at the port of a modem, once the conditions of --wait
 * hold; one time, or one time for each gap of a sweep. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/loop.h"
#include "host/run/exec_int.h"
#include "host/subcommand.h"
#include "port.h"
#include "wire.h"

static const struct cli_example examples[] = {
	{ "fauxtrack exec -- picocom {}", "Types at a modem" },
	{ "fauxtrack exec --wait registered -- my-tool --port {}",
		"Tests a tool, once the modem is registered" },
	{ "fauxtrack exec --bug dwl-band-reset-after-upgrade -- my-tool --port {}",
		"The same with a field bug" },
	{ "fauxtrack exec --sweep urc --junit gaps.xml -- timeout 10 my-tool --port {}",
		"The same once for each gap in which an unsolicited line may come" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "exec",
	.words = "-- COMMAND [ARG|{}...]",
	.about = "Runs a modem for one command. Each {} in its arguments becomes the "
		 "port's path.",
	.exits = EXITS_EXEC,
	.options = options_rows,
	.least = 1,
	.most = -1,
	.examples = examples,
	.related = "ctl list profile run",
	.missing = "which command? try fauxtrack exec -- picocom {}, where {} is the "
		   "port's path",
	.leads = true,
	.more = options_help,
};

/* ---- signals ---------------------------------------------------------------------- */

/* Whether a Ctrl-C at the terminal reaches the command directly. */
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
	const struct exec *e = (struct exec *)r;

	if (!e->child.pid)
		loop_stop(r->loop, EXITS_SIGNAL + signo);
	else if (signo != SIGINT || !in_foreground())
		kill(e->child.pid, signo);
}

static void on_child(struct run *r)
{
	struct exec *e = (struct exec *)r;
	struct outcome *o = &e->outcome;
	int status;

	if (!e->child.pid || waitpid(e->child.pid, &status, WNOHANG) != e->child.pid)
		return;
	e->child.pid = 0;
	o->ran = true;
	o->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	o->command = o->signal ? -1 : WEXITSTATUS(status);
	loop_stop(r->loop, o->signal ? EXITS_SIGNAL + o->signal : o->command);
}

/* ---- the command ------------------------------------------------------------------ */

/* "FAUXTRACK_TTY_2_USB"; UART1 has no name in it, the first modem no number. */
static void name_port(const struct unit *u, unsigned port)
{
	const char *word = name_of(port_names, (int)port);
	char name[48];
	int n;
	size_t i;

	n = snprintf(name, sizeof(name), "FAUXTRACK_TTY");
	if (u->number > 1)
		n += snprintf(name + n, sizeof(name) - (size_t)n, "_%u", u->number);
	if (port != MODEM_UART1) {
		name[n++] = '_';
		for (i = 0; word[i]; i++)
			name[n++] = (char)toupper((unsigned char)word[i]);
		name[n] = '\0';
	}
	setenv(name, port_path(u->port[port]), 1);
}

/* $FAUXTRACK_TTY of the first port is set where COMMAND starts. */
static void name_ports(const struct run *r)
{
	unsigned i, port;

	for (i = 0; i < r->count; i++)
		for (port = 0; port < MODEM_NAMED; port++)
			if (r->units[i].port[port] && (i || port))
				name_port(&r->units[i], port);
}

/* In the process that becomes COMMAND. */
static void restore(const void *exec)
{
	const struct exec *e = exec;

	control_restore(e->r.control);
	lines_confine(e);
}

static int start_child(struct exec *e)
{
	int status;

	if (!lines_allow(e))
		return EXITS_NOT_RUN;
	if (!lines_prepare(e)) {
		fprintf(stderr, "fauxtrack exec: --lines: %s; see ulimit -n\n",
			strerror(errno));
		return EXITS_OWN;
	}
	status = child_start(&e->child, e->command,
		port_path(e->r.units[0].port[MODEM_UART1]), restore, e);
	lines_begin(e);
	return status;
}

static void start(struct exec *e)
{
	struct run *r = &e->r;
	int status;

	e->started = true;
	alarm(0);
	name_ports(r);
	control_export(r->control);
	status = start_child(e);
	if (status) {
		e->outcome.status = status;
		loop_stop(r->loop, status);
	}
}

/* ---- watching the modems ----------------------------------------------------------- */

static void feed_wait(struct seen *s, const struct journal_entry *entry)
{
	if (!s->exec->started)
		wait_feed(&s->wait, entry);
}

static void on_notice(void *ctx, const struct notice *n)
{
	struct seen *s = ctx;
	struct exec *e = s->exec;
	const struct journal_entry entry = {
		.at = n->at,
		.port = n->port,
		.kind = JOURNAL_EVENT,
		.notice = n->kind,
		.has_text = n->text != NULL,
		.data = n->text,
	};

	feed_wait(s, &entry);
	report_notice(&e->report, s->unit->number, n);
	if (n->kind == NOTICE_GAP && e->r.sweep.at && (unsigned)n->value == e->r.sweep.at)
		snprintf(e->gap, sizeof(e->gap), "%s", n->text);
}

static void on_bytes(
	void *ctx, unsigned port, usec_t at, char direction, const void *buf, size_t len)
{
	const struct journal_entry entry = {
		.at = at,
		.port = port,
		.kind = direction == '<' ? JOURNAL_FROM_MODEM : JOURNAL_FROM_HOST,
		.data = buf,
		.len = len,
	};

	feed_wait(ctx, &entry);
}

/* The first modem for which --wait does not hold yet, NULL: it holds for all. */
static struct seen *missing(struct exec *e)
{
	unsigned i;

	for (i = 0; i < e->r.count; i++)
		if (!wait_over(&e->seen[i].wait, wire_modem(e->r.units[i].wire)))
			return &e->seen[i];
	return NULL;
}

static void on_settled(void *ctx)
{
	struct exec *e = ((struct seen *)ctx)->exec;

	if (!e->started && !missing(e))
		start(e);
}

static void on_late(void *ctx, int signo)
{
	struct exec *e = ctx;
	const struct seen *s;

	(void)signo;
	s = e->started ? NULL : missing(e);
	if (!s)
		return;
	fputs("fauxtrack exec: --wait: timed out: ", stderr);
	if (e->r.count > 1)
		fprintf(stderr, "modem %u: ", s->unit->number);
	wait_explain(&s->wait, wire_modem(s->unit->wire), stderr);
	fputs(s->unit->group->o.boot == OPTIONS_COLD
			? "; with --boot cold the modem has no power "
			  "until a client opens the port\n"
			: "; to wait longer, add --wait timeout=60s\n",
		stderr);
	loop_stop(e->r.loop, EXITS_LATE);
}

/* Reads the conditions, and timeout=TIME among them. */
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
		ok = wait_bind(pool, map, NULL, &e->wait, &errors);
	}
	doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return ok;
}

/* ---- a run ------------------------------------------------------------------------ */

static void watch(struct exec *e)
{
	struct wire_watch watch = { NULL, on_notice, on_bytes, on_settled };
	unsigned i;

	e->seen = calloc(e->r.count, sizeof(*e->seen));
	must(e->seen);
	for (i = 0; i < e->r.count; i++) {
		e->seen[i] = (struct seen){ e, &e->r.units[i], e->wait };
		watch.ctx = &e->seen[i];
		wire_watch(e->r.units[i].wire, &watch);
	}
}

static int run_until_end(struct exec *e)
{
	int status;

	watch(e);
	if (e->wait.n)
		alarm((unsigned)((e->wait.timeout + SEC(1) - 1) / SEC(1)));
	on_settled(&e->seen[0]);
	/* the command was due at once and could not be started */
	if (e->started && !e->child.pid)
		return e->outcome.status;
	status = loop_run(e->r.loop);
	return status < 0 ? EXITS_OWN : status;
}

struct outcome exec_once(struct exec *e, unsigned at)
{
	struct run *r = &e->r;
	unsigned i;
	int status;

	e->outcome = (struct outcome){ .ran = false };
	e->started = false;
	e->gap[0] = '\0';
	report_clear(&e->report);
	r->sweep.at = at;
	status = run_open(r);
	if (!status && loop_signal(r->loop, SIGALRM, on_late, e))
		status = EXITS_OWN;
	if (!status)
		status = run_until_end(e);
	else
		status = EXITS_OWN;
	alarm(0);
	lines_end(e);
	child_clear(&e->child);
	if (!e->rules)
		e->rules = must(calloc(r->n_groups, sizeof(*e->rules)));
	for (i = 0; i < r->n_groups; i++)
		e->rules[i].bug = r->groups[i].bug ? &r->groups[i].bug->own : NULL;
	for (i = 0; e->started && i < r->count; i++)
		fault_tally_add(&e->rules[r->units[i].group - r->groups],
			wire_modem(r->units[i].wire));
	run_close(r);
	free(e->seen);
	e->seen = NULL;
	e->outcome.status = status;
	return e->outcome;
}

/* ---- the verdict ------------------------------------------------------------------ */

static struct outcome run_all(struct exec *e)
{
	struct outcome o;

	if (e->r.sweep.kind)
		return exec_sweep(e);
	o = exec_once(e, 0);
	e->base = e->report;
	results_add(e, 0,
		!o.status &&
			!(e->r.o.on_exit == OPTIONS_FAIL && report_any(&e->base, NULL)),
		&o);
	return o;
}

static int work(struct exec *e)
{
	struct run *r = &e->r;
	struct outcome o;
	bool idle = false;
	size_t i;

	if (run_load(r))
		return EXITS_OWN;
	r->sweep = (struct modem_sweep){
		.kind = r->o.sweep,
		.text = r->o.sweep_text ? r->o.sweep_text : SWEEP_DEFAULT,
		.pause = MS(50),
	};
	results_begin(e);
	o = run_all(e);
	/* a rule that never acted tested nothing */
	for (i = 0; i < r->n_groups; i++)
		idle |= fault_tally_print(&e->rules[i], "fauxtrack exec", stderr);
	if (r->o.on_exit && o.ran)
		report_print(&e->base, NULL, "fauxtrack exec", r->count > 1, stderr);
	if (!o.status && r->o.on_exit == OPTIONS_FAIL &&
		(idle || report_any(&e->base, NULL)))
		o.status = EXITS_FAILED;
	if (r->o.report_json && !record_write(e, &o) && !o.status)
		o.status = EXITS_OWN;
	if (!results_write(e) && !o.status)
		o.status = EXITS_OWN;
	return o.status;
}

int exec_main(int argc, char **argv)
{
	static struct exec e = { .child = { .alive = -1 } };
	struct run *r = &e.r;
	int next = options_parse(&r->o, &command, argc, argv), status;

	if (next < 0)
		return cli_status(&command, next);
	if (!take_wait(&e))
		return exits_usage(EXITS_EXEC);
	e.command = argv + next;
	r->on_signal = on_signal;
	r->on_child = on_child;
	status = work(&e);
	json_decref(e.broken);
	free(e.rules);
	run_forget(r);
	return status;
}
