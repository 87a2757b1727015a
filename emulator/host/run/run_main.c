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
#include "host/manual/astray.h"
#include "host/net/far_ends.h"
#include "host/nvdir.h"
#include "host/read/library.h"
#include "host/run/run_int.h"
#include "host/subcommand.h"
#include "host/trace/trace.h"
#include "pty.h"
#include "state/application.h"
#include "stream.h"
#include "wire.h"

#define PARENT_GRACE SEC(5) /* for COMMAND of exec, after SIGTERM */

/* --- the modems --------------------------------------------------------------------- */

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
	u->trace = name ? trace_open(name, &head, &u->log) : NULL;
	if (o->trace_clock)
		trace_wall(u->trace);
	return !name || u->trace;
}

/* A modem has all ports up to the last one that is asked for. */
static unsigned ports_of(const struct options *o)
{
	int port, last = MODEM_UART1;

	for (port = last; port >= 0; port = options_next_port(o, port))
		last = port;
	return (unsigned)last + 1;
}

static bool open_wire(struct unit *u)
{
	const struct run *r = u->run;
	const struct group *g = u->group;
	const struct options *o = &g->o;
	const struct nv_ops kept = { u->nv, nvdir_load, nvdir_store, nvdir_damaged };
	const struct wire_options wire = {
		.modem = { .seed = o->seed,
			.ports = ports_of(o),
			.numbers = &u->numbers,
			.speed = o->speed,
			.clock = o->clock,
			.clock_given = o->clock_given,
			.log = u->log,
			.images = g->images,
			.n_images = o->n_images,
			.settles = o->speed_max,
			.sweep = u->number == 1 ? r->sweep : (struct modem_sweep){ 0 },
			.faults = g->bug ? g->bug->own.rules : NULL,
			.n_faults = g->bug ? g->bug->own.faults.n : 0 },
		.settle = o->speed_max,
		.cold = o->boot == OPTIONS_COLD,
		.trace = u->trace,
		.far = far_ends_ports(u->far),
		.nv = u->nv ? kept : (struct nv_ops){ .ctx = NULL },
		.nv_clear = nvdir_clear,
		.nv_aside = u->nv ? nvdir_aside : NULL,
		.net = u->net,
		.pcap = u->pcap,
		.neighbours = run_exchange_ports(u),
	};

	u->wire = wire_new(r->loop, group_profile(g, u->index), &wire);
	if (u->wire)
		far_ends_attach(u->far, u->wire);
	if (u->wire)
		run_exchange_attach(u);
	return u->wire;
}

static struct port *open_pty(
	struct unit *u, unsigned port, const struct port_events *events)
{
	const struct options *o = &u->group->o;
	char mem[4096];
	const struct pty_options pty = {
		.link = options_port_name(o->link, u->index, port, mem, sizeof(mem)),
		.mode = o->mode,
		.group = o->group,
		.lines = o->lines,
		.line_socket = !u->run->on_child, /* the supervisor of exec needs none */
	};

	return pty_open(u->run->hub, &pty, events);
}

static struct port *open_stream(struct unit *u, unsigned port,
	const struct port_events *events,
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

	if (!options_listen(o, u->index, port, &stream.addr, why, sizeof(why)))
		return NULL; /* the options were checked for the last modem */
	return stream_open(loop_base(u->run->loop), &u->log, &stream, events);
}

static bool admits(void *both, char *why, size_t size)
{
	return both_admits(both, 0, why, size);
}

/* The address of --listen, and beside it the pty of --link. */
static struct port *open_both(
	struct unit *u, unsigned port, const struct port_events *events)
{
	struct both *b = both_new(&u->log, events);
	const struct port_events at_stream = both_events(b, 0);
	const struct port_events at_pty = both_events(b, 1);
	struct port *stream = open_stream(u, port, &at_stream, admits, b), *pty = NULL;

	if (stream && (pty = open_pty(u, port, &at_pty)))
		return both_join(b, stream, pty);
	if (stream)
		port_close(stream);
	both_free(b);
	return NULL;
}

static bool open_port(struct unit *u, unsigned port)
{
	const struct port_events events = wire_events(u->wire, port);
	const struct options *o = &u->group->o;
	struct port *p;

	if (!o->listen.kind)
		p = open_pty(u, port, &events);
	else if (o->link)
		p = open_both(u, port, &events);
	else
		p = open_stream(u, port, &events, NULL, NULL);
	u->port[port] = p;
	wire_attach(u->wire, port, p);
	return p;
}

static bool open_ports(struct unit *u)
{
	const struct options *o = &u->group->o;
	int port;

	for (port = options_next_port(o, -1); port >= 0;
		port = options_next_port(o, port))
		if (!open_port(u, (unsigned)port))
			return false;
	return true;
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
		u->numbers = group_numbers(g, u->index);
		u->log.line = run_log;
		u->log.ctx = u;
		memcpy(u->log.level, r->o.level, sizeof(u->log.level));
	}
}

static bool has_ptys(const struct run *r)
{
	size_t i;

	for (i = 0; i < r->n_groups; i++)
		if (run_has_pty(&r->groups[i].o))
			return true;
	return false;
}

static int open_units(struct run *r)
{
	unsigned i;

	name_units(r);
	if (!run_check_limits(r))
		return EXITS_FAILED;
	library_log(r->library, &r->units[0].log);
	r->loop = loop_new(&r->units[0].log);
	if (!r->loop)
		return EXITS_FAILED;
	if (has_ptys(r) && !(r->hub = pty_hub_new(loop_base(r->loop), &r->units[0].log)))
		return EXITS_FAILED;
	if (!run_exchange_open(r))
		return EXITS_FAILED;
	for (i = 0; i < r->count; i++)
		if (!open_files(&r->units[i]))
			return EXITS_FAILED;
	if (!run_exchange_connect(r))
		return EXITS_FAILED;
	for (i = 0; i < r->count; i++)
		if (!run_far_open(&r->units[i]) || !run_net_open(&r->units[i]) ||
			!open_wire(&r->units[i]) || !run_far_listen(&r->units[i]) ||
			!open_ports(&r->units[i]))
			return EXITS_FAILED;
	return EXITS_DONE;
}

static int open_control(struct run *r)
{
	const struct control_options control = {
		.addr = r->o.control,
		.mode = r->o.mode,
		.group = r->o.group,
		.panel = r->o.panel,
		.panel_port = r->o.panel_port,
		.profile = r->groups[0].profile,
		.log = &r->units[0].log,
	};
	const struct api_bugs bugs = run_bugs(r);
	struct api_place place;
	const struct unit *u;
	unsigned i, port;

	if (!control_open(r->loop, &control, &r->control))
		return EXITS_FAILED;
	control_bugs(r->control, &bugs);
	for (i = 0; i < r->count; i++) {
		u = &r->units[i];
		place = (struct api_place){ .wire = u->wire,
			.path = port_path(u->port[MODEM_UART1]),
			.profile = u->group->profile,
			.profile_name = u->group->o.profile,
			.bug = u->group->o.bug,
			.group = u->group->name,
			.index = u->index };
		run_exchange_show(r, &place);
		for (port = MODEM_UART1 + 1; port < MODEM_NAMED; port++)
			if (u->port[port])
				place.more[port] = port_path(u->port[port]);
		control_add(r->control, &place);
	}
	return EXITS_DONE;
}

void run_close(struct run *r)
{
	struct unit *u;
	unsigned i, port;

	control_restore(r->control);
	control_close(r->control);
	/* the newest port is the first that the hub finds */
	for (i = r->units ? r->count : 0; i-- > 0;) {
		u = &r->units[i];
		for (port = MODEM_NAMED; port-- > 0;) {
			if (!u->port[port])
				continue;
			port_close(u->port[port]);
			wire_attach(u->wire, port, NULL);
		}
		far_ends_free(u->far);
		u->far = NULL;
		wire_free(u->wire);
		u->wire = NULL;
		trace_close(u->trace);
		run_net_close(u);
		nvdir_close(u->nv);
	}
	run_exchange_close(r);
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
	run_bugs_forget(r);
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

static const struct cli_example examples[] = {
	{ "fauxtrack run --link /tmp/modem",
		"A healthy, registered modem at a path that stays the same" },
	{ "fauxtrack run --boot cold --state unit1 --trace boot.txt",
		"A unit that remembers what the real one does, and boots when its port "
		"is "
		"opened" },
	{ "fauxtrack run --count 4 --listen tcp:5000 --control tcp:8080",
		"Four modems at TCP ports, controlled over HTTP" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "run",
	.words = "",
	.about = "Runs modems until a signal (Ctrl-C) comes. Prints the path of each "
		 "port.",
	.exits = EXITS_PLAIN,
	.options = options_rows,
	.stray = astray_modem,
	.surplus = "to start a command with the port, use fauxtrack exec -- COMMAND {}",
	.more = options_help,
	.examples = examples,
	.related = "ctl exec list control fleet profile",
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
		port_path(u->port[MODEM_UART1]),
		r->control ? "fauxtrack ctl --help" : "none (--control none)");
}

/* The paths of the ports beside UART1, one a line: "usb: PATH", with several modems
 * "modem 2 usb: PATH". */
static void print_others(const struct run *r)
{
	unsigned i, port;

	for (i = 0; i < r->count; i++) {
		for (port = MODEM_UART1 + 1; port < MODEM_NAMED; port++) {
			if (!r->units[i].port[port])
				continue;
			if (r->count > 1)
				fprintf(stderr, "modem %u ", r->units[i].number);
			fprintf(stderr, "%s: %s\n", name_of(port_names, (int)port),
				port_path(r->units[i].port[port]));
		}
	}
}

/* Written at once: other programs wait for the paths. Those of the other ports come
 * first, so that a program that has read a line of standard output finds them. */
static bool print_paths(const struct run *r)
{
	unsigned i;

	print_others(r);
	for (i = 0; i < r->count; i++)
		puts(port_path(r->units[i].port[MODEM_UART1]));
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
