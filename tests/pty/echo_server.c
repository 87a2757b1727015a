/* A port with a simple responder, for the tests of the pty. A line up to CR is answered
 * with CR LF line CR LF; some lines are commands:
 *
 *   FLOOD n   answers with n bytes of a pattern
 *   SINK n    reads n bytes of the pattern slowly, then answers "SUNK n" or "BAD i"
 *   RING n    sends CR LF RING CR LF every n milliseconds from now on
 *   STALL n   reads nothing for n milliseconds
 *   LATER n   answers after n milliseconds
 *   LINES n   sets the V.24 outputs to the set n
 *   UNPLUG    unplugs the port like a USB adapter; SIGUSR1 plugs it in again
 *
 * usage: echo_server [-e] [-v] [-s ADDRESS] [-l LINK] [-m MODE] [-g GID] [-u UID] [-n
 * COUNT]
 * -e echoes its input (ATE1), -v prints lines, DTR, RTS, breaks and settings on standard
 * output. -s listens at ADDRESS, and with -l at a pty too. Prints the paths first. SIGTERM
 * and SIGINT end it. */
#include <assert.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "both.h"
#include "host/loop.h"
#include "pty.h"
#include "stream.h"

struct server {
	struct port *port;
	struct loop_clock *clock;
	char line[128];
	size_t len;
	unsigned long flood, flood_at;
	unsigned long sink, sink_at, bad;
	unsigned long ring;
	usec_t ring_at, later, sink_more, stall;
};

static bool echo, verbose;

static unsigned char pattern(unsigned long i)
{
	return (unsigned char)(i * 7 + (i >> 8) * 13);
}

static void say(struct server *s, const char *text)
{
	size_t n = strlen(text);

	if (port_tx_room(s->port) >= n)
		port_tx(s->port, text, n);
}

static void answer(struct server *s, const char *text)
{
	char buf[160];

	snprintf(buf, sizeof(buf), "\r\n%s\r\n", text);
	say(s, buf);
}

static void flood_on(void *ctx)
{
	struct server *s = ctx;
	unsigned char buf[1000];
	size_t n, i;

	while (s->flood_at < s->flood && port_tx_room(s->port) >= sizeof(buf)) {
		for (n = 0; n < sizeof(buf) && s->flood_at + n < s->flood; n++)
			buf[n] = pattern(s->flood_at + n);
		i = n;
		port_tx(s->port, buf, i);
		s->flood_at += i;
	}
}

static void arm(struct server *s)
{
	usec_t at = USEC_NEVER;

	if (s->ring && s->ring_at < at)
		at = s->ring_at;
	if (s->later && s->later < at)
		at = s->later;
	if (s->sink_more && s->sink_more < at)
		at = s->sink_more;
	if (s->stall && s->stall < at)
		at = s->stall;
	loop_arm(s->clock, at);
}

static void on_line(struct server *s)
{
	unsigned long n;
	usec_t now = loop_now(s->clock);

	if (verbose)
		printf("line %s\n", s->line);
	if (sscanf(s->line, "FLOOD %lu", &n) == 1) {
		s->flood = n;
		s->flood_at = 0;
		flood_on(s);
	} else if (sscanf(s->line, "SINK %lu", &n) == 1) {
		s->sink = n;
		s->sink_at = 0;
		s->bad = 0;
	} else if (sscanf(s->line, "RING %lu", &n) == 1) {
		s->ring = MS(n);
		s->ring_at = now + s->ring;
	} else if (sscanf(s->line, "STALL %lu", &n) == 1) {
		s->stall = now + MS(n);
	} else if (sscanf(s->line, "LATER %lu", &n) == 1) {
		s->later = now + MS(n);
	} else if (sscanf(s->line, "LINES %lu", &n) == 1) {
		port_lines(s->port, (unsigned)n);
		answer(s, "LINES");
	} else if (!strcmp(s->line, "UNPLUG")) {
		port_plug(s->port, false);
	} else {
		answer(s, s->line);
	}
	arm(s);
}

/* Reads 2 kB, then nothing for 200 us. */
static size_t swallow(struct server *s, const unsigned char *p, size_t len)
{
	char text[64];
	size_t n = 0;

	if (s->sink_more)
		return 0;
	while (n < len && n < 2048 && s->sink_at < s->sink) {
		if (p[n++] != pattern(s->sink_at) && !s->bad)
			s->bad = s->sink_at + 1;
		s->sink_at++;
	}
	if (s->sink_at == s->sink) {
		snprintf(text, sizeof(text), s->bad ? "BAD %lu" : "SUNK %lu",
			s->bad ? s->bad - 1 : s->sink);
		s->sink = 0;
		if (verbose)
			puts(text);
		answer(s, text);
	} else {
		s->sink_more = loop_now(s->clock) + 200;
		arm(s);
	}
	return n;
}

static size_t on_rx(void *ctx, const void *buf, size_t len)
{
	struct server *s = ctx;
	const unsigned char *p = buf;
	size_t i = 0;

	while (i < len) {
		if (s->sink)
			return i + swallow(s, p + i, len - i);
		if (s->stall || s->flood_at < s->flood || port_tx_room(s->port) < 400)
			return i;
		if (echo)
			port_tx(s->port, p + i, 1);
		if (p[i] == '\r') {
			s->line[s->len] = '\0';
			s->len = 0;
			on_line(s);
		} else if (p[i] != '\n' && s->len < sizeof(s->line) - 1) {
			s->line[s->len++] = (char)p[i];
		}
		i++;
	}
	return i;
}

static void on_due(void *ctx, usec_t now)
{
	struct server *s = ctx;

	if (s->ring && now >= s->ring_at) {
		s->ring_at = now + s->ring;
		answer(s, "RING");
	}
	if (s->later && now >= s->later) {
		s->later = 0;
		answer(s, "LATER");
	}
	if (now >= s->stall)
		s->stall = 0;
	if (now >= s->sink_more)
		s->sink_more = 0;
	arm(s);
	port_resume(s->port);
}

static void on_dtr(void *ctx, bool on)
{
	struct server *s = ctx;

	if (!on) {
		s->len = 0;
		s->ring = s->later = 0;
		s->flood_at = s->flood;
		arm(s);
	}
	if (verbose)
		printf("dtr %d\n", on);
}

static void on_uart(void *ctx, const struct uart *u)
{
	static const char parity[] = "OEMSN";
	static unsigned last;

	(void)ctx;
	if (verbose && u->data_bits)
		printf("speed %u %u%c%u flow %d\n", u->baud, u->data_bits,
			parity[u->parity], u->stop_bits, (int)u->flow);
	else if (verbose && u->baud != last)
		printf("speed %u\n", u->baud);
	last = u->baud;
}

static void on_rts(void *ctx, bool on)
{
	(void)ctx;
	if (verbose)
		printf("rts %d\n", on);
}

static void on_break(void *ctx)
{
	(void)ctx;
	if (verbose)
		puts("break");
}

static void on_plug(void *ctx, int signo)
{
	struct server *s = ctx;

	(void)signo;
	port_plug(s->port, true);
}

static void on_term(void *ctx, int signo)
{
	(void)signo;
	loop_stop(ctx, 0);
}

static void log_out(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	fprintf(stderr, "%s\n", text);
}

static bool admits(void *b, char *why, size_t size)
{
	return both_admits(b, 0, why, size);
}

static struct port *open_both(struct loop *l, struct pty_hub *h,
	const struct pty_options *pty, struct stream_options *o, const struct log *log,
	const struct port_events *ev)
{
	struct both *b = both_new(log, ev);
	const struct port_events first = both_events(b, 0), second = both_events(b, 1);
	struct port *p, *q;

	o->admit = admits;
	o->ctx = b;
	p = stream_open(loop_base(l), log, o, &first);
	q = pty_open(h, pty, &second);
	return p && q ? both_join(b, p, q) : NULL;
}

static bool start(struct server *s, struct loop *l, struct pty_hub *h,
	const struct pty_options *o, struct stream_options *stream, const struct log *log)
{
	struct port_events ev = { s, on_rx, flood_on, on_dtr, on_uart, on_rts, on_break };

	s->clock = loop_clock_new(l, 1, on_due, s);
	if (stream->addr.kind && o->link)
		s->port = open_both(l, h, o, stream, log, &ev);
	else if (stream->addr.kind)
		s->port = stream_open(loop_base(l), log, stream, &ev);
	else
		s->port = pty_open(h, o, &ev);
	if (s->port)
		puts(port_path(s->port));
	return s->clock && s->port;
}

int main(int argc, char **argv)
{
	struct pty_options options = { NULL, -1, (gid_t)-1 };
	struct stream_options stream = { .mode = -1, .group = (gid_t)-1 };
	char why[300];
	struct log log = { .line = log_out };
	struct server *servers;
	struct pty_hub *hub;
	struct loop *loop;
	int c, i, count = 1, status = 1;
	uid_t uid = 0;

	for (i = 0; i < LOG_CATS; i++)
		log.level[i] = LOG_LEVEL_NOTE;
	while ((c = getopt(argc, argv, "evs:l:m:g:u:n:")) != -1) {
		switch (c) {
		case 'e':
			echo = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 's':
			if (!listen_parse(optarg, &stream.addr, why, sizeof(why)))
				return 2;
			break;
		case 'l':
			options.link = optarg;
			break;
		case 'm':
			options.mode = stream.mode = (int)strtol(optarg, NULL, 8);
			break;
		case 'g':
			options.group = stream.group = (gid_t)strtoul(optarg, NULL, 10);
			break;
		case 'u':
			uid = (uid_t)strtoul(optarg, NULL, 10);
			break;
		case 'n':
			count = (int)strtol(optarg, NULL, 10);
			break;
		default:
			return 2;
		}
	}
	if (uid && (setgroups(0, NULL) || setgid(uid) || setuid(uid)))
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	servers = calloc((size_t)count, sizeof(*servers));
	loop = loop_new(&log);
	hub = loop ? pty_hub_new(loop_base(loop), &log) : NULL;
	if (!servers || !hub)
		return 1;
	for (i = 0; i < count && start(&servers[i], loop, hub, &options, &stream, &log);
		i++)
		;
	if (i == count && !loop_signal(loop, SIGTERM, on_term, loop) &&
		!loop_signal(loop, SIGINT, on_term, loop) &&
		!loop_signal(loop, SIGUSR1, on_plug, &servers[0])) {
		puts("ready");
		status = loop_run(loop);
	}
	for (i = 0; i < count; i++)
		if (servers[i].port)
			port_close(servers[i].port);
	pty_hub_free(hub);
	for (i = 0; i < count; i++)
		loop_clock_free(servers[i].clock);
	loop_free(loop);
	free(servers);
	return status;
}
