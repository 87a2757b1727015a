/* fauxtrack record: between a host's port and a real modem, written down. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "host/cli.h"
#include "host/field/record.h"
#include "host/field/record_check.h"
#include "host/loop.h"
#include "host/subcommand.h"
#include "pty.h"
#include "stream.h"

struct recording {
	const char *link;
	struct listen_addr listen;
	const char *trace[2];
	size_t traces;
	unsigned baud;
	bool lines;
	struct record_check_options check_options;
	struct record_check *check; /* NULL: without --check */
	struct loop *loop;
	struct pty_hub *hub;
	struct device *device;
	struct record *record;
	struct port *port;
	struct trace *file[2];
	struct log log;
};

static bool take_link(void *ctx, char *arg, char *why, size_t size)
{
	(void)why, (void)size;
	((struct recording *)ctx)->link = arg;
	return true;
}

static bool take_listen(void *ctx, char *arg, char *why, size_t size)
{
	return listen_parse(arg, &((struct recording *)ctx)->listen, why, size);
}

static bool take_lines(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct recording *)ctx)->lines = true;
	return true;
}

static bool take_trace(void *ctx, char *arg, char *why, size_t size)
{
	struct recording *g = ctx;

	if (g->traces == 2) {
		snprintf(why, size,
			"two files are enough; fauxtrack trace convert makes more");
		return false;
	}
	g->trace[g->traces++] = arg;
	return true;
}

static bool take_baud(void *ctx, char *arg, char *why, size_t size)
{
	return device_baud(arg, &((struct recording *)ctx)->baud, why, size);
}

static bool take_check(void *ctx, char *arg, char *why, size_t size)
{
	(void)why, (void)size;
	((struct recording *)ctx)->check_options.profile = arg;
	return true;
}

static bool take_set(void *ctx, char *arg, char *why, size_t size)
{
	struct record_check_options *o = &((struct recording *)ctx)->check_options;
	const char *value = kv_split(arg);

	if (!value) {
		snprintf(why, size, "\"%s\" has no value; write KEY=VALUE", arg);
		return false;
	}
	if (o->sets == RECORD_SETS) {
		snprintf(why, size, "%d are enough; write a profile of your own",
			RECORD_SETS);
		return false;
	}
	o->set[o->sets++] = (struct kv){ .key = arg, .value = value };
	return true;
}

static bool take_quiet(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct recording *)ctx)->check_options.quiet = true;
	return true;
}

static bool take_urcs(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct recording *)ctx)->check_options.urcs = true;
	return true;
}

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	((struct recording *)ctx)->check_options.json = arg;
	return cli_path(arg, why, size);
}

static const struct cli_option options[] = {
	{ "link", "PATH", "makes a symbolic link to the host's port", take_link },
	{ "listen", "tcp:PORT|rfc2217:PORT|unix:PATH",
		"the host's port as of run: rfc2217:PORT (with lines and break), "
		"tcp:PORT, "
		"unix:PATH, instead of a pty",
		take_listen },
	{ "lines", NULL,
		"the pty has modem lines, for programs with fauxtrack lines --preload",
		take_lines },
	{ "trace", "FILE",
		"writes it down: .pcapng for Wireshark, .json, else text; may be given "
		"twice. Digits of PINs and passwords become 0",
		take_trace },
	{ "baud", "SPEED",
		"speed of DEVICE until the host sets one (default: as DEVICE has it)",
		take_baud },
	{ "check", "PROFILE",
		"a modem of ours hears the same: shows where it answers otherwise",
		take_check },
	{ "set", "KEY=VALUE", "of --check: as of run; may be repeated", take_set },
	{ "unsolicited", NULL, "of --check: shows unsolicited lines of both", take_urcs },
	{ "quiet", NULL, "of --check: only the summary, at the end", take_quiet },
	{ "report-json", "FILE", "of --check: writes the differences as JSON",
		take_json },
	{ NULL },
};

static void more(struct page *p)
{
	page_text(p,
		"Prints the path of the host's port. Speed, format and flow control of "
		"the "
		"host are set at DEVICE, and with --listen rfc2217: or --lines DTR, RTS "
		"and breaks too; DEVICE's lines go back. Ctrl-C ends it. Without --trace "
		"and --check it writes text to standard error. --check does not compare "
		"what belongs to each unit: IMEI, SIM, signal, time.");
}

static const struct cli_example examples[] = {
	{ "fauxtrack record /dev/ttyUSB0 --link /tmp/modem --trace talk.pcapng",
		"Records what a host says to a real modem; the host opens /tmp/modem" },
	{ "fauxtrack record /dev/ttyUSB0 --check fastrack-supreme-20-r74",
		"Shows where a modem of ours would answer otherwise" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "record",
	.words = "DEVICE",
	.about = "Stands between a host and a real modem, and writes down what passes.",
	.exits = EXITS_PLAIN,
	.options = options,
	.least = 1,
	.most = 1,
	.missing = "which device? name the modem's tty, such as /dev/ttyUSB0",
	.more = more,
	.examples = examples,
	.related = "compare import trace",
};

static void tell(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx, (void)cat, (void)level;
	fprintf(stderr, "fauxtrack record: %s\n", text);
}

static void on_lost(void *ctx, const char *what)
{
	struct recording *g = ctx;

	fprintf(stderr, "fauxtrack record: the device: %s; plug it in and start again\n",
		what);
	loop_stop(g->loop, EXITS_FAILED);
}

static void on_end(void *ctx, int signo)
{
	struct recording *g = ctx;

	(void)signo;
	loop_stop(g->loop, EXITS_DONE);
}

static void show(
	void *ctx, usec_t at, char side, const void *buf, const void *masked, size_t len)
{
	const struct recording *g = ctx;

	if (!g->traces && !g->check)
		trace_print_bytes(stderr, 0, at, side, masked, len);
	trace_flush(g->file[0]);
	trace_flush(g->file[1]);
	if (g->check)
		record_check_passed(g->check, side, buf, len);
}

static bool open_traces(struct recording *g)
{
	const struct trace_header head = { FAUXTRACK_VERSION, "", 0, "1" };
	size_t i;

	for (i = 0; i < g->traces; i++) {
		g->file[i] = trace_open(g->trace[i], &head, &g->log);
		if (!g->file[i])
			return false;
		trace_clock(g->file[i], time(NULL));
	}
	return true;
}

static bool open_port(struct recording *g)
{
	const struct port_events events = record_events(g->record);
	const struct pty_options pty = { .link = g->link,
		.mode = -1,
		.group = (gid_t)-1,
		.lines = g->lines,
		.line_socket = g->lines };
	const struct stream_options stream = {
		.addr = g->listen, .mode = -1, .group = (gid_t)-1
	};

	if (g->listen.kind) {
		g->port = stream_open(loop_base(g->loop), &g->log, &stream, &events);
	} else {
		g->hub = pty_hub_new(loop_base(g->loop), &g->log);
		g->port = g->hub ? pty_open(g->hub, &pty, &events) : NULL;
	}
	if (!g->port)
		return false;
	record_attach(g->record, g->port);
	return true;
}

static int run(struct recording *g, const char *path)
{
	struct record_options o = {
		.log = &g->log, .passed = show, .lost = on_lost, .ctx = g
	};
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	char why[300];
	int status;
	size_t i;

	g->loop = loop_new(&g->log);
	if (!g->loop)
		return EXITS_FAILED;
	if (g->check_options.profile) {
		g->check = record_check_new(g->loop, &g->check_options);
		if (!g->check)
			return EXITS_FAILED;
	}
	g->device = device_open(path, g->baud, why, sizeof(why));
	if (!g->device) {
		fprintf(stderr, "fauxtrack record: %s\n", why);
		return EXITS_FAILED;
	}
	if (!open_traces(g))
		return EXITS_FAILED;
	o.device = g->device;
	o.trace[0] = g->file[0];
	o.trace[1] = g->file[1];
	g->record = record_new(g->loop, &o);
	if (!open_port(g))
		return EXITS_FAILED;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (loop_signal(g->loop, ends[i], on_end, g))
			return EXITS_FAILED;
	printf("%s\n", g->link && !g->listen.kind ? g->link : port_path(g->port));
	if (fflush(stdout))
		return EXITS_FAILED;
	status = loop_run(g->loop);
	if (g->check && !record_check_end(g->check))
		status = EXITS_FAILED;
	return status;
}

static void close_all(struct recording *g)
{
	size_t i;

	if (g->port)
		port_close(g->port);
	if (g->hub)
		pty_hub_free(g->hub);
	record_free(g->record);
	record_check_free(g->check);
	for (i = 0; i < 2; i++)
		trace_close(g->file[i]);
	if (g->loop)
		loop_free(g->loop);
	device_close(g->device);
}

int record_main(int argc, char **argv)
{
	struct recording g = { .log = { .line = tell } };
	int next = cli_parse(&command, argc, argv, &g), status;

	if (next < 0)
		return cli_status(&command, next);
	if (!g.check_options.profile &&
		(g.check_options.sets || g.check_options.quiet || g.check_options.urcs ||
			g.check_options.json))
		return cli_wrong(&command,
			"--set, --unsolicited, --quiet and --report-json are about "
			"--check; add --check PROFILE");
	status = run(&g, argv[next]);
	close_all(&g);
	return status;
}
