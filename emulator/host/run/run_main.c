/* fauxtrack run: modems at ports until a signal comes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/must.h"
#include "conf/profile_conf.h"
#include "describe/describe.h"
#include "host/dwl/dwl_file.h"
#include "host/loop.h"
#include "host/nvdir.h"
#include "host/play/bug.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/read/rules_check.h"
#include "host/run/run_int.h"
#include "host/run/stderr_line.h"
#include "host/subcommand.h"
#include "pty.h"
#include "trace.h"
#include "wire.h"

#define PARENT_GRACE SEC(5) /* for COMMAND of exec, after SIGTERM */

static void log_out(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	const struct unit *u = ctx;
	double at = u->wire ? (double)wire_now(u->wire) / 1e6 : 0;

	char line[700], unit[24] = "";
	int n;

	if (u->run->o.count > 1)
		snprintf(unit, sizeof(unit), "modem %u ", u->number);
	n = snprintf(line, sizeof(line), "%s%.3f %s %s: %s\n", unit, at,
		name_of(log_cat_names, (int)cat), name_of(log_level_names, (int)level),
		text);
	stderr_line(line, n < (int)sizeof(line) ? (size_t)n : sizeof(line) - 1);
}

/* --- loading ------------------------------------------------------------------------ */

/* The values of the field bug apply unless the command line sets them. */
static bool take_bug(struct run *r, const struct library *l, struct doc_errors *errors)
{
	struct options *o = &r->o;

	if (o->bug && !(r->bug = bug_load(l, o->bug, errors)))
		return false;
	if (!o->profile)
		o->profile = r->bug ? r->bug->profiles[0] : LIBRARY_PROFILE;
	if (!o->seed)
		o->seed = r->bug ? r->bug->seed : 1;
	if (o->boot == OPTIONS_BOOT)
		o->boot = r->bug && !r->bug->warm ? OPTIONS_COLD : OPTIONS_WARM;
	return true;
}

/* The profile with the --set of all units, and those of unit `unit` (0: of no unit). */
static struct profile *with_sets(const struct run *r, const struct library *l,
	unsigned unit, struct doc_errors *errors)
{
	static const struct kv real[] = { { "device.line.garbles", "true" },
		{ "device.line.paces", "true" } };
	struct kv sets[2 * SCENARIO_SETS + OPTIONS_SETS + 2];
	size_t n = 0, i;

	if (r->bug) {
		memcpy(sets, r->bug->kv, r->bug->n_kv * sizeof(*sets));
		n = r->bug->n_kv;
	}
	if (r->o.line_real) {
		memcpy(sets + n, real, sizeof(real));
		n += sizeof(real) / sizeof(real[0]);
	}
	for (i = 0; i < r->o.n_sets; i++)
		if (!r->o.sets[i].unit || r->o.sets[i].unit == unit)
			sets[n++] = r->o.sets[i].kv;
	return profile_load(l, r->o.profile, sets, n, errors);
}

/* The units of --count: copies of the first, except those with their own --set. */
static bool load_units(struct run *r, const struct library *l, struct doc_errors *errors)
{
	const struct options *o = &r->o;
	struct profile *p;
	unsigned unit;
	size_t i;

	r->profiles = calloc(o->count, sizeof(struct profile *));
	r->copies = units_new(r->profile);
	if (!r->profiles || !r->copies)
		out_of_memory();
	for (i = 0; i < o->n_sets; i++) {
		unit = o->sets[i].unit;
		if (!unit || r->profiles[unit - 1])
			continue;
		p = with_sets(r, l, unit, errors);
		if (!p)
			return false;
		tables_build(p);
		units_differ(p, unit, o->sets, o->n_sets);
		r->profiles[unit - 1] = p;
	}
	for (unit = 2; unit <= o->count; unit++)
		if (!r->profiles[unit - 1] && !units_profile(r->copies, unit)) {
			fprintf(stderr,
				"fauxtrack: --count: not enough memory for %u modems: "
				"%s; give fewer\n",
				o->count, strerror(errno));
			return false;
		}
	return true;
}

static const struct profile *profile_of(const struct run *r, unsigned unit)
{
	if (r->profiles[unit - 1])
		return r->profiles[unit - 1];
	return unit == 1 ? r->profile : units_profile(r->copies, unit);
}

static bool sets_fit(const struct options *o)
{
	size_t i;

	for (i = 0; i < o->n_sets; i++) {
		if (o->sets[i].unit <= o->count)
			continue;
		fprintf(stderr,
			"fauxtrack: --set %u:%s=...: there is no such modem, --count is "
			"%u; raise --count\n",
			o->sets[i].unit, o->sets[i].kv.key, o->count);
		return false;
	}
	return true;
}

/* Checks the rules of the bug against its own profile; with another profile they may have
 * no effect. */
static bool check_bug(const struct run *r)
{
	const struct profile *const own[] = { r->profile };
	struct doc_errors errors;
	bool ok = true;

	if (!r->bug || r->bug->n_profiles != 1 ||
		strcmp(r->o.profile, r->bug->profiles[0]) != 0)
		return true;
	doc_errors_init(&errors);
	ok = rules_check(r->bug, own, 1, &errors);
	doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	return ok;
}

static int load_profile(struct run *r)
{
	struct library *l;
	struct doc_errors errors;
	bool ok = false;

	if (!sets_fit(&r->o))
		return EXITS_USAGE;
	l = library_new(NULL);
	doc_errors_init(&errors);
	library_hook(l, &tables_hook);
	if (take_bug(r, l, &errors))
		r->profile = with_sets(r, l, 0, &errors);
	if (r->profile) {
		tables_build(r->profile);
		ok = load_units(r, l, &errors);
	}
	doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	library_free(l);
	return ok && check_bug(r) ? EXITS_DONE : EXITS_FAILED;
}

static int bind_images(struct run *r)
{
	struct dwl_error error;
	size_t i;

	for (i = 0; i < r->o.n_images; i++) {
		if (dwl_bind(r->profile, r->o.images[i], &r->images[i], &error))
			continue;
		fprintf(stderr, "fauxtrack: %s\n", error.text);
		return EXITS_USAGE;
	}
	return EXITS_DONE;
}

/* The name for the first modem; NAME-2, NAME-3, ... for the others. NULL stays NULL. */
static const char *name_for(
	const struct unit *u, const char *name, char *mem, size_t size)
{
	if (!name || u->number == 1)
		return name;
	snprintf(mem, size, "%s-%u", name, u->number);
	return mem;
}

static bool open_files(struct unit *u)
{
	const struct options *o = &u->run->o;
	struct trace_header head = { FAUXTRACK_VERSION, o->profile, o->seed, NULL };
	char mem[4096], speed[16];
	const char *name;

	name = name_for(u, o->state, mem, sizeof(mem));
	if (name && !(u->nv = nvdir_open(name, o->sync, o->state_repair, &u->log)))
		return false;
	snprintf(speed, sizeof(speed), "%u", o->speed);
	head.speed = o->speed_max ? "max" : speed;
	name = name_for(u, o->trace, mem, sizeof(mem));
	return !name || (u->trace = trace_open(name, &head, &u->log));
}

static bool open_wire(struct unit *u)
{
	const struct run *r = u->run;
	const struct options *o = &r->o;
	const struct wire_options wire = {
		.modem = { .seed = o->seed,
			.speed = o->speed,
			.clock = o->clock,
			.clock_given = o->clock_given,
			.log = u->log,
			.images = r->images,
			.n_images = o->n_images,
			.settles = o->speed_max,
			.sweep = u->number == 1 ? r->sweep : (struct modem_sweep){ 0 },
			.faults = r->bug ? r->bug->rules : NULL,
			.n_faults = r->bug ? r->bug->faults.n : 0 },
		.settle = o->speed_max,
		.cold = o->boot == OPTIONS_COLD,
		.trace = u->trace,
		.nv = { u->nv, u->nv ? nvdir_load : NULL, nvdir_store, nvdir_damaged },
		.nv_clear = nvdir_clear,
		.nv_aside = u->nv ? nvdir_aside : NULL,
	};

	u->wire = wire_new(r->loop, profile_of(r, u->number), &wire);
	return u->wire;
}

static bool open_port(struct unit *u)
{
	const struct options *o = &u->run->o;
	char mem[4096];
	const struct pty_options pty = { name_for(u, o->link, mem, sizeof(mem)), o->mode,
		o->group };
	const struct port_events events = wire_events(u->wire);

	u->port = pty_open(u->run->hub, &pty, &events);
	wire_attach(u->wire, u->port);
	return u->port;
}

static int open_units(struct run *r)
{
	struct log *log;
	unsigned i;

	r->units = calloc(r->o.count, sizeof(*r->units));
	must(r->units);
	for (i = 0; i < r->o.count; i++) {
		r->units[i].run = r;
		r->units[i].number = i + 1;
		log = &r->units[i].log;
		log->line = log_out;
		log->ctx = &r->units[i];
		memcpy(log->level, r->o.level, sizeof(log->level));
	}
	r->loop = loop_new(&r->units[0].log);
	r->hub = r->loop ? pty_hub_new(loop_base(r->loop), &r->units[0].log) : NULL;
	for (i = 0; r->hub && i < r->o.count; i++)
		if (!open_files(&r->units[i]) || !open_wire(&r->units[i]) ||
			!open_port(&r->units[i]))
			return EXITS_FAILED;
	return r->hub ? EXITS_DONE : EXITS_FAILED;
}

static int open_control(struct run *r)
{
	const struct control_options control = {
		.addr = r->o.control,
		.mode = r->o.mode,
		.group = r->o.group,
		.profile = r->profile,
		.profile_name = r->o.profile,
		.log = &r->units[0].log,
	};
	unsigned i;

	if (!control_open(r->loop, &control, &r->control))
		return EXITS_FAILED;
	for (i = 0; i < r->o.count; i++)
		control_add(r->control, r->units[i].wire, port_path(r->units[i].port));
	return EXITS_DONE;
}

void run_close(struct run *r)
{
	struct unit *u;
	unsigned i;

	control_restore(r->control);
	control_close(r->control);
	for (i = 0; r->units && i < r->o.count; i++) {
		u = &r->units[i];
		if (u->port)
			port_close(u->port);
		wire_free(u->wire);
		u->wire = NULL;
		trace_close(u->trace);
		nvdir_close(u->nv);
	}
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
	unsigned i;

	for (i = 0; r->profiles && i < r->o.count; i++) {
		tables_free(r->profiles[i]);
		profile_free(r->profiles[i]);
	}
	free(r->profiles);
	units_free(r->copies);
	tables_free(r->profile);
	profile_free(r->profile);
	scenario_free(r->bug);
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

int run_load(struct run *r)
{
	int status = load_profile(r);

	return status ? status : bind_images(r);
}

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
	if (r->o.count > 1)
		snprintf(several, sizeof(several), "%u x ", r->o.count);
	fprintf(stderr,
		"%s%s: power %s, SIM %s, registration %s. Connect: picocom %s  Control: "
		"%s  End: Ctrl-C\n",
		several, r->profile->title, modem_state(m, "power", power),
		modem_state(m, "sim.state", sim), modem_state(m, "registration", net),
		port_path(u->port),
		r->control ? "fauxtrack ctl --help" : "none (--control none)");
}

/* Written at once: other programs wait for the paths. */
static bool print_paths(const struct run *r)
{
	unsigned i;

	for (i = 0; i < r->o.count; i++)
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
