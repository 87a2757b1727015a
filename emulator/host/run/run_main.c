/* fauxtrack run: modems at ports until a signal comes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "both.h"
#include "conf/must.h"
#include "describe/describe.h"
#include "host/loop.h"
#include "host/net/far_ends.h"
#include "host/nvdir.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/run/limits.h"
#include "host/run/run_int.h"
#include "host/run/stderr_line.h"
#include "host/subcommand.h"
#include "pty.h"
#include "stream.h"
#include "trace.h"
#include "wire.h"

#define PARENT_GRACE SEC(5) /* for COMMAND of exec, after SIGTERM */

static void log_out(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	const struct unit *u = ctx;
	double at = u->wire ? (double)wire_now(u->wire) / 1e6 : 0;

	char line[700], unit[24] = "";
	int n;

	if (u->run->count > 1)
		snprintf(unit, sizeof(unit), "modem %u ", u->number);
	n = snprintf(line, sizeof(line), "%s%.3f %s %s: %s\n", unit, at,
		name_of(log_cat_names, (int)cat), name_of(log_level_names, (int)level),
		text);
	stderr_line(line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

/* --- loading ------------------------------------------------------------------------ */

/* Without --fleet all modems are one group. */
static bool find_groups(struct run *r, struct doc_errors *errors)
{
	if (r->o.fleet) {
		r->fleet = fleet_read(r->o.fleet, &r->o, errors);
		r->groups = r->fleet ? r->fleet->groups : NULL;
		r->n_groups = r->fleet ? r->fleet->n : 0;
		r->count = r->fleet ? r->fleet->count : 0;
		return r->fleet;
	}
	r->only.o = r->o;
	r->only.first = 1;
	r->groups = &r->only;
	r->n_groups = 1;
	r->count = r->o.count;
	return true;
}

static bool is_broken(const struct profile *p, const char *flaw)
{
	size_t i;

	for (i = 0; i < p->shelf->n; i++)
		if (p->shelf->slot[i].flaw && !strcmp(p->shelf->slot[i].flaw, flaw))
			return true;
	return false;
}

/* Other firmwares are not read now. A file that cannot be is named, and the modems run. */
static void report_unreadable(const struct run *r, const struct group *g)
{
	const struct profile *first = r->groups[0].profile;
	const char *flaw;
	size_t i;

	for (i = 0; g->profile && i < g->profile->shelf->n; i++) {
		flaw = g->profile->shelf->slot[i].flaw;
		if (flaw && (g->profile == first || !first || !is_broken(first, flaw)))
			fprintf(stderr, "fauxtrack: %s (its images will be refused)\n",
				flaw);
	}
}

int run_load(struct run *r)
{
	struct doc_errors errors;
	struct library *l;
	int status = EXITS_DONE, one;
	size_t i;

	doc_errors_init(&errors);
	if (!find_groups(r, &errors))
		status = EXITS_FAILED;
	l = r->library = library_new(NULL);
	library_hook(l, &tables_hook);
	for (i = 0; i < r->n_groups; i++) {
		one = group_load(&r->groups[i], l, &errors);
		if (one && !status) /* a fleet file is no usage of the command line */
			status = r->fleet ? EXITS_FAILED : one;
		if (!one)
			report_unreadable(r, &r->groups[i]);
	}
	doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	return status;
}

static bool open_files(struct unit *u)
{
	const struct options *o = &u->group->o;
	struct trace_header head = { FAUXTRACK_VERSION, o->profile, o->seed, NULL };
	char mem[4096], speed[16];
	const char *name;

	name = options_name(o->state, u->index, mem, sizeof(mem));
	if (name && !(u->nv = nvdir_open(name, o->sync, o->state_repair, &u->log)))
		return false;
	snprintf(speed, sizeof(speed), "%u", o->speed);
	head.speed = o->speed_max ? "max" : speed;
	name = options_name(o->trace, u->index, mem, sizeof(mem));
	return !name || (u->trace = trace_open(name, &head, &u->log));
}

static bool open_far(struct unit *u)
{
	u->far = far_ends_new(u->run->loop, &u->log, u->trace);
	return u->far;
}

static bool open_wire(struct unit *u)
{
	const struct run *r = u->run;
	const struct group *g = u->group;
	const struct options *o = &g->o;
	const struct nv_ops kept = { u->nv, nvdir_load, nvdir_store, nvdir_damaged };
	const struct wire_options wire = {
		.modem = { .seed = o->seed,
			.numbers = &u->numbers,
			.speed = o->speed,
			.clock = o->clock,
			.clock_given = o->clock_given,
			.log = u->log,
			.images = g->images,
			.n_images = o->n_images,
			.settles = o->speed_max,
			.sweep = u->number == 1 ? r->sweep : (struct modem_sweep){ 0 },
			.faults = g->bug ? g->bug->rules : NULL,
			.n_faults = g->bug ? g->bug->faults.n : 0 },
		.settle = o->speed_max,
		.cold = o->boot == OPTIONS_COLD,
		.trace = u->trace,
		.far = far_ends_ports(u->far),
		.nv = u->nv ? kept : (struct nv_ops){ .ctx = NULL },
		.nv_clear = nvdir_clear,
		.nv_aside = u->nv ? nvdir_aside : NULL,
	};

	u->numbers = group_numbers(g, u->index);
	u->wire = wire_new(r->loop, group_profile(g, u->index), &wire);
	if (u->wire)
		far_ends_attach(u->far, u->wire);
	return u->wire;
}

/* Lets data calls come in: the ports of the modems follow each other. */
static bool open_callers(const struct unit *u)
{
	const struct options *o = &u->group->o;
	const struct option_number *n;
	struct listen_addr at;
	char why[300], name[LISTEN_NAME];
	size_t i;

	for (i = 0; i < o->n_numbers; i++) {
		n = &o->numbers[i];
		if (!option_number_listens(n))
			continue;
		if (!listen_nth(&n->listen, u->number, &at, why, sizeof(why)) ||
			!far_ends_listen(u->far, n->number, &at, why, sizeof(why))) {
			fprintf(stderr, "fauxtrack: --number %s: %s\n", n->far, why);
			return false;
		}
		listen_print(&at, name);
		fprintf(stderr, "fauxtrack: who connects to %s calls modem %u%s%s\n",
			name, u->number, n->number[0] ? " from " : "", n->number);
	}
	return true;
}

static struct port *open_pty(struct unit *u, const struct port_events *events)
{
	const struct options *o = &u->group->o;
	char mem[4096];
	const struct pty_options pty = {
		.link = options_name(o->link, u->index, mem, sizeof(mem)),
		.mode = o->mode,
		.group = o->group,
		.lines = o->lines,
		.line_socket = !u->run->on_child, /* the supervisor of exec needs none */
	};

	return pty_open(u->run->hub, &pty, events);
}

static struct port *open_stream(struct unit *u, const struct port_events *events,
	bool (*admit)(void *ctx, char *why, size_t size), void *ctx)
{
	const struct options *o = &u->group->o;
	struct stream_options stream = {
		.mode = o->mode,
		.group = o->group,
		.admit = admit,
		.ctx = ctx,
	};
	char why[300];

	if (!options_listen(o, u->index, &stream.addr, why, sizeof(why)))
		return NULL; /* the options were checked for the last modem */
	return stream_open(loop_base(u->run->loop), &u->log, &stream, events);
}

static bool admits(void *both, char *why, size_t size)
{
	return both_admits(both, 0, why, size);
}

/* The address of --listen, and beside it the pty of --link. */
static struct port *open_both(struct unit *u, const struct port_events *events)
{
	struct both *b = both_new(&u->log, events);
	const struct port_events at_stream = both_events(b, 0);
	const struct port_events at_pty = both_events(b, 1);
	struct port *stream = open_stream(u, &at_stream, admits, b), *pty = NULL;

	if (stream && (pty = open_pty(u, &at_pty)))
		return both_join(b, stream, pty);
	if (stream)
		port_close(stream);
	both_free(b);
	return NULL;
}

static bool open_port(struct unit *u)
{
	const struct port_events events = wire_events(u->wire);
	const struct options *o = &u->group->o;

	if (!o->listen.kind)
		u->port = open_pty(u, &events);
	else if (o->link)
		u->port = open_both(u, &events);
	else
		u->port = open_stream(u, &events, NULL, NULL);
	wire_attach(u->wire, u->port);
	return u->port;
}

static void name_units(struct run *r)
{
	const struct group *g = r->groups;
	struct unit *u;
	unsigned i;

	r->units = calloc(r->count, sizeof(*r->units));
	must(r->units);
	for (i = 0; i < r->count; i++) {
		u = &r->units[i];
		if (i == g->first - 1 + g->o.count)
			g++;
		u->run = r;
		u->group = g;
		u->number = i + 1;
		u->index = u->number - (g->first - 1);
		u->log.line = log_out;
		u->log.ctx = u;
		memcpy(u->log.level, r->o.level, sizeof(u->log.level));
	}
}

static bool has_pty(const struct options *o)
{
	return !o->listen.kind || o->link;
}

static bool has_ptys(const struct run *r)
{
	size_t i;

	for (i = 0; i < r->n_groups; i++)
		if (has_pty(&r->groups[i].o))
			return true;
	return false;
}

static bool check_limits(const struct run *r)
{
	struct limits_need need = { .modems = r->count };
	const struct group *g;
	char why[600];
	size_t i, k;

	for (i = 0; i < r->n_groups; i++) {
		g = &r->groups[i];
		need.ptys += has_pty(&g->o) ? g->o.count : 0;
		need.streams += g->o.listen.kind ? g->o.count : 0;
		need.links += g->o.link ? g->o.count : 0;
		need.states += g->o.state ? g->o.count : 0;
		need.traces += g->o.trace ? g->o.count : 0;
		need.lines += g->o.lines ? g->o.count : 0;
		for (k = 0; k < g->o.n_numbers; k++)
			if (option_number_listens(&g->o.numbers[k]))
				need.callers += g->o.count;
	}
	if (limits_check(&need, why, sizeof(why)))
		return true;
	fprintf(stderr, "fauxtrack: %s\n", why);
	return false;
}

static int open_units(struct run *r)
{
	unsigned i;

	name_units(r);
	if (!check_limits(r))
		return EXITS_FAILED;
	library_log(r->library, &r->units[0].log);
	r->loop = loop_new(&r->units[0].log);
	if (!r->loop)
		return EXITS_FAILED;
	if (has_ptys(r) && !(r->hub = pty_hub_new(loop_base(r->loop), &r->units[0].log)))
		return EXITS_FAILED;
	for (i = 0; i < r->count; i++)
		if (!open_files(&r->units[i]) || !open_far(&r->units[i]) ||
			!open_wire(&r->units[i]) || !open_callers(&r->units[i]) ||
			!open_port(&r->units[i]))
			return EXITS_FAILED;
	return EXITS_DONE;
}

static int open_control(struct run *r)
{
	const struct control_options control = {
		.addr = r->o.control,
		.mode = r->o.mode,
		.group = r->o.group,
		.profile = r->groups[0].profile,
		.log = &r->units[0].log,
	};
	const struct unit *u;
	unsigned i;

	if (!control_open(r->loop, &control, &r->control))
		return EXITS_FAILED;
	for (i = 0; i < r->count; i++) {
		u = &r->units[i];
		control_add(r->control, &(struct api_place){ u->wire, port_path(u->port),
						u->group->profile, u->group->o.profile,
						u->group->name, u->index });
	}
	return EXITS_DONE;
}

void run_close(struct run *r)
{
	struct unit *u;
	unsigned i;

	control_restore(r->control);
	control_close(r->control);
	/* the newest port is the first that the hub finds */
	for (i = r->units ? r->count : 0; i-- > 0;) {
		u = &r->units[i];
		if (u->port)
			port_close(u->port);
		far_ends_free(u->far);
		u->far = NULL;
		wire_free(u->wire);
		u->wire = NULL;
		trace_close(u->trace);
		nvdir_close(u->nv);
	}
	if (r->library)
		library_log(r->library, NULL);
	pty_hub_free(r->hub);
	parent_free(r->watched);
	loop_free(r->loop);
	free(r->units);
	r->control = NULL;
	r->hub = NULL;
	r->watched = NULL;
	r->loop = NULL;
	r->units = NULL;
}

void run_forget(struct run *r)
{
	if (r->fleet)
		fleet_free(r->fleet);
	else if (r->groups)
		group_clear(&r->only);
	library_free(r->library);
}

/* --- signals ------------------------------------------------------------------------ */

static void on_end(void *ctx, int signo)
{
	struct run *r = ctx;

	r->signo = signo;
	if (r->on_signal)
		r->on_signal(r, signo);
	else
		loop_stop(r->loop, EXITS_DONE);
}

/* SIGTERM has not ended COMMAND of exec. */
static void on_parent_late(void *ctx)
{
	on_end(ctx, SIGKILL);
}

static void on_parent(void *ctx)
{
	struct run *r = ctx;

	on_end(r, SIGTERM);
	if (r->on_signal)
		loop_later(r->loop, PARENT_GRACE, on_parent_late, r);
}

static bool watch_parent(struct run *r)
{
	char why[200];

	if (!r->o.with_parent)
		return true;
	r->watched = parent_watch(r->loop, r->o.parent, on_parent, r, why, sizeof(why));
	if (!r->watched)
		fprintf(stderr, "fauxtrack: --exit-with-parent: %s\n", why);
	return r->watched;
}

static void on_child(void *ctx, int signo)
{
	struct run *r = ctx;

	(void)signo;
	if (r->on_child)
		r->on_child(r);
}

static void on_ignored(void *ctx, int signo)
{
	(void)ctx;
	(void)signo;
}

static int catch_signals(struct run *r)
{
	/* all that would end the process, so that it cleans up; except those that mean a
	 * broken program, and SIGALRM, which exec --wait uses */
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGVTALRM,
		SIGPROF, SIGXCPU, SIGIO, SIGPWR, SIGSTKFLT };
	/* without a meaning here; a file that is too large is an error of write() */
	static const int ignored[] = { SIGUSR1, SIGUSR2, SIGXFSZ };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if ((ends[i] != SIGALRM || !r->on_signal) &&
			loop_signal(r->loop, ends[i], on_end, r))
			return EXITS_FAILED;
	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (loop_signal(r->loop, ignored[i], on_ignored, r))
			return EXITS_FAILED;
	return loop_signal(r->loop, SIGCHLD, on_child, r) ? EXITS_FAILED : EXITS_DONE;
}

/* --- subcommands -------------------------------------------------------------------- */

int run_open(struct run *r)
{
	int status = open_units(r);

	if (!status)
		status = open_control(r);
	if (!status)
		status = catch_signals(r);
	return status || watch_parent(r) ? status : EXITS_FAILED;
}

static const struct cli_command command = {
	.name = "run",
	.words = "",
	.about = "Runs modems until a signal (Ctrl-C) comes. Prints the path of each "
		 "port.",
	.exits = EXITS_PLAIN,
	.options = options_rows,
	.surplus = "to start a command with the port, use fauxtrack exec -- COMMAND {}",
	.more = options_help,
};

/* Shows a person at a terminal the modem, its state and what to do next. */
static void greet(const struct run *r)
{
	const struct unit *u = &r->units[0];
	const struct modem *m = wire_modem(u->wire);
	char power[MODEM_STATE_TEXT], sim[MODEM_STATE_TEXT], net[MODEM_STATE_TEXT];
	char several[32] = "";

	if (!isatty(STDERR_FILENO))
		return;
	if (r->count > 1)
		snprintf(several, sizeof(several), "%u x ", u->group->o.count);
	if (r->n_groups > 1)
		fprintf(stderr, "%u modems in %zu groups; the first group: ", r->count,
			r->n_groups);
	fprintf(stderr,
		"%s%s: power %s, SIM %s, registration %s. %s%s  Control: "
		"%s  End: Ctrl-C\n",
		several, u->group->profile->title, modem_state(m, "power", power),
		modem_state(m, "sim.state", sim), modem_state(m, "registration", net),
		u->group->o.listen.kind ? "Connect to " : "Connect: picocom ",
		port_path(u->port),
		r->control ? "fauxtrack ctl --help" : "none (--control none)");
}

/* Written at once: other programs wait for the paths. */
static bool print_paths(const struct run *r)
{
	unsigned i;

	for (i = 0; i < r->count; i++)
		puts(port_path(r->units[i].port));
	return cli_flush();
}

int run_main(int argc, char **argv)
{
	struct run r = { .signo = 0 };
	int next = options_parse(&r.o, &command, argc, argv), status;

	if (next < 0)
		return cli_status(&command, next);
	status = run_load(&r);
	if (!status)
		status = run_open(&r);
	if (!status && !print_paths(&r))
		status = EXITS_FAILED;
	if (!status) {
		control_announce(r.control);
		greet(&r);
		status = loop_run(r.loop);
	}
	run_close(&r);
	run_forget(&r);
	return status < 0 ? EXITS_FAILED : status;
}
