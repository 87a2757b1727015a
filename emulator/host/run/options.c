#include "host/run/options.h"

#include <ctype.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/cli.h"
#include "host/read/library.h"
#include "host/run/options_int.h"
#include "modem.h"

static bool take_fleet(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->fleet = arg;
	return cli_path(arg, why, size);
}

static bool take_profile(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->profile = arg;
	return cli_path(arg, why, size);
}

static bool take_bug(void *ctx, char *arg, char *why, size_t size)
{
	size_t digits = strspn(arg, "0123456789");

	((struct options *)ctx)->bug = arg;
	if (!digits || arg[digits] != ':')
		return cli_path(arg, why, size);
	snprintf(why, size,
		"it is for all modems; for one of them leave it out and say "
		"fauxtrack ctl --modem %.*s bug %s, or write a fleet file with a group "
		"for it",
		(int)(digits < 20 ? digits : 20), arg, arg + digits + 1);
	return false;
}

static bool take_count(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	unsigned long long n;

	if (!cli_number(arg, OPTIONS_MODEMS, &n) || !n) {
		snprintf(why, size, "\"%s\" is not a number of modems; give 1 to %d", arg,
			OPTIONS_MODEMS);
		return false;
	}
	o->count = (unsigned)n;
	return true;
}

static bool take_link(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->link = arg;
	return cli_path(arg, why, size);
}

static bool take_listen(void *ctx, char *arg, char *why, size_t size)
{
	return listen_parse(arg, &((struct options *)ctx)->listen, why, size);
}

static bool take_state(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->state = arg;
	return cli_path(arg, why, size);
}

static bool take_sync(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	(void)arg;
	(void)why;
	(void)size;
	o->sync = true;
	return true;
}

static bool take_state_repair(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;

	(void)arg;
	(void)why;
	(void)size;
	o->state_repair = true;
	return true;
}

static bool take_speed(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	unsigned long long n;

	o->speed_max = !strcmp(arg, "max");
	if (o->speed_max)
		return true;
	if (!cli_number(arg, 10000, &n) || !n) {
		snprintf(
			why, size, "\"%s\" is not a speed; give 1 to 10000, or max", arg);
		return false;
	}
	o->speed = (unsigned)n;
	return true;
}

static bool take_line(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;

	o->line_real = !strcmp(arg, "real");
	if (o->line_real || !strcmp(arg, "fast"))
		return true;
	snprintf(why, size, "\"%s\" is not a kind of line; give fast or real", arg);
	return false;
}

static bool take_lines(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;

	(void)arg;
	(void)why;
	(void)size;
	o->lines = true;
	return true;
}

static bool take_seed(void *ctx, char *arg, char *why, size_t size)
{
	unsigned long long n;

	if (!cli_number(arg, UINT64_MAX, &n) || !n) {
		snprintf(why, size, "\"%s\" is not a seed; give a whole number from 1",
			arg);
		return false;
	}
	((struct options *)ctx)->seed = n;
	return true;
}

/* The modem has two digits for the year: 98 and 99 are 19xx, 00 to 97 are 20xx
 * (gsm/clock.c). */
#define YEAR_FIRST 1998
#define YEAR_LAST  2097

/* ISO 8601: 2010-01-01T12:00:00Z; the Z may be left out. */
static bool take_clock(void *ctx, char *arg, char *why, size_t size)
{
	struct tm tm = { .tm_isdst = 0 }, back;
	struct options *o = ctx;
	const char *end;
	time_t at;

	o->clock_given = true;
	if (!strcmp(arg, "host")) {
		o->clock = (int64_t)time(NULL);
		return true;
	}
	end = strptime(arg, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!end || (*end && strcmp(end, "Z") != 0)) {
		snprintf(why, size,
			"\"%s\" is not a time; give host, or a time such as "
			"2010-01-01T12:00:00Z",
			arg);
		return false;
	}
	back = tm;
	at = timegm(&back);
	if (back.tm_mday != tm.tm_mday || back.tm_sec != tm.tm_sec) {
		snprintf(why, size,
			"no such time: %s; check the day of the month and the seconds",
			arg);
		return false;
	}
	if (tm.tm_year + 1900 < YEAR_FIRST || tm.tm_year + 1900 > YEAR_LAST) {
		snprintf(why, size,
			"the modem's clock has two digits for the year; give a year from "
			"%d to %d",
			YEAR_FIRST, YEAR_LAST);
		return false;
	}
	o->clock = (int64_t)at;
	return true;
}

static bool take_boot(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	if (!strcmp(arg, "warm")) {
		o->boot = OPTIONS_WARM;
	} else if (!strcmp(arg, "cold")) {
		o->boot = OPTIONS_COLD;
	} else {
		snprintf(
			why, size, "\"%s\" is not a way to boot; give warm or cold", arg);
		return false;
	}
	return true;
}

static bool take_control(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	return control_addr_parse(arg, &o->control, why, size);
}

static bool take_with_parent(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;

	(void)arg;
	(void)why;
	(void)size;
	o->with_parent = true;
	return true;
}

static bool take_parent(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	unsigned long long n;

	if (!cli_number(arg, INT_MAX, &n) || n < 1) {
		snprintf(why, size,
			"\"%s\" is not a process ID; give a number such as $$", arg);
		return false;
	}
	o->with_parent = true;
	o->parent = (pid_t)n;
	return true;
}

static bool take_mode(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	char *end;
	unsigned long mode = strtoul(arg, &end, 8);

	if (!isdigit((unsigned char)*arg) || *end || mode > 0777) {
		snprintf(why, size,
			"\"%s\" is not a mode; give octal digits such as 0660", arg);
		return false;
	}
	o->mode = (int)mode;
	return true;
}

static bool take_group(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	const struct group *g = getgrnam(arg);
	unsigned long long id;

	if (!g && !cli_number(arg, 0xfffffffe, &id)) {
		snprintf(why, size,
			"there is no group \"%s\" on this system; getent group lists "
			"them",
			arg);
		return false;
	}
	o->group = g ? g->gr_gid : (gid_t)id;
	return true;
}

static bool take_trace(void *ctx, char *arg, char *why, size_t size)
{
	((struct options *)ctx)->trace = arg;
	return cli_path(arg, why, size);
}

static bool take_set(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	size_t digits = strspn(arg, "0123456789");
	unsigned long long unit = 0;
	char *value;

	if (digits && arg[digits] == ':') {
		arg[digits] = '\0';
		if (!cli_number(arg, OPTIONS_MODEMS, &unit) || !unit) {
			snprintf(why, size,
				"\"%s\" is not a modem of --count; give 1 to %d", arg,
				OPTIONS_MODEMS);
			return false;
		}
		arg += digits + 1;
	}
	value = kv_split(arg);
	if (!value) {
		snprintf(why, size,
			"\"%s\" has no value; write KEY=VALUE, such as sim.pin=1234",
			arg);
		return false;
	}
	if (o->n_sets == OPTIONS_SETS) {
		snprintf(why, size, "more than %d values; put them in a profile file",
			OPTIONS_SETS);
		return false;
	}
	o->sets[o->n_sets++] = (struct option_set){ .unit = (unsigned)unit,
		.kv = { profile_set_key(arg), value } };
	return true;
}

static bool take_image(void *ctx, char *arg, char *why, size_t size)
{
	struct options *o = ctx;
	if (o->n_images == OPTIONS_IMAGES) {
		snprintf(why, size,
			"more than %d images; leave out those that are not needed",
			OPTIONS_IMAGES);
		return false;
	}
	o->images[o->n_images++] = arg;
	return true;
}

#define OF_EXEC  0, "exec", "see fauxtrack exec --help"
#define IN_FLEET .also = OPTIONS_FLEET

const struct cli_option options_rows[] = {
	{ "fleet", "FILE",
		"runs the groups of modems of this YAML file; options here are the "
		"defaults of every group",
		take_fleet },
	{ "profile", "NAME|FILE", "which modem (default " LIBRARY_PROFILE ")",
		take_profile, IN_FLEET },
	{ "bug", "NAME|FILE", "adds this field bug; fauxtrack list bugs shows all",
		take_bug, IN_FLEET },
	{ "count", "N",
		"number of modems (default 1); each has its own IMEI, IMSI, ICCID and "
		"phone number",
		take_count, IN_FLEET },
	{ "port", "uart2,usb",
		"gives the modem these ports too; AT+WMFM opens them; their paths are "
		"written to standard error",
		options_take_port, IN_FLEET | OPTIONS_MANY },
	{ "link", "PATH",
		"creates a symbolic link to the port; {} becomes the number of the "
		"modem, {port} the name of the port, else the second modem gets PATH-2, "
		"and port usb PATH-usb",
		take_link, IN_FLEET },
	{ "listen", "tcp:PORT|rfc2217:PORT|unix:PATH",
		"serves the port at a URL, for this machine: rfc2217:PORT (with modem "
		"lines and speed), tcp:PORT or unix:PATH (bytes only); PORT 0: any free "
		"one; tcp:ADDRESS:PORT: for other machines too; with --link the "
		"pseudo-terminal stays beside it",
		take_listen, IN_FLEET },
	{ "state", "DIR", "keeps flash and settings in DIR; without it nothing is kept",
		take_state, IN_FLEET },
	{ "state-repair", NULL,
		"with --state: renames damaged records and starts with fresh ones",
		take_state_repair, IN_FLEET },
	{ "sync", NULL, "with --state: records also survive a power loss of this machine",
		take_sync, IN_FLEET },
	{ "speed", "N|max",
		"virtual seconds per real second (default 1); max: the modem's own "
		"delays take no time",
		take_speed, IN_FLEET },
	{ "line", "fast|real",
		"fast (default): any speed works, bytes take no time; real: the host "
		"must use the speed of AT+IPR, bytes take their time",
		take_line, IN_FLEET },
	{ "lines", NULL,
		"modem lines (TIOCMGET, ...) as on a UART: with exec for COMMAND; with "
		"run for programs that preload a library (fauxtrack lines --help)",
		take_lines, IN_FLEET },
	{ "boot", "warm|cold",
		"warm (default): already booted; cold: boots when a client first opens "
		"the port",
		take_boot, IN_FLEET },
	{ "clock", "host|TIME",
		"the modem's time at the start (default 2010-01-01T12:00:00Z, or where "
		"--state stopped); host: the time of this machine",
		take_clock, IN_FLEET },
	{ "seed", "N", "seed of the random numbers (default 1)", take_seed, IN_FLEET },
	{ "set", "KEY=VALUE",
		"changes a value of the profile, such as sim.pin=1234; with --count, "
		"2:KEY=VALUE changes the second modem only; sim.number is the "
		"SIM's phone number; may be repeated",
		take_set, IN_FLEET | OPTIONS_MANY },
	{ "image", "FILE=FIRMWARE:KIND",
		"lets your own .dwl file stand for a firmware image, or for an "
		"application (FILE=APPLICATION:application); fauxtrack dwl info FILE "
		"shows what to write",
		take_image, IN_FLEET | OPTIONS_MANY },
	{ "number", "[NUMBER=]KIND",
		"far end of data calls with NUMBER: echo, file:PATH or "
		"tcp:[ADDRESS:]PORT (the last two with ,keep=PATH: what it receives "
		"is kept); listen:PORT: who connects calls the modem; may be repeated",
		take_number, IN_FLEET | OPTIONS_MANY },
	{ "control", "none|PATH|tcp:PORT",
		"address of the control interface (default PID.sock in "
		"$XDG_RUNTIME_DIR/fauxtrack, else in /tmp/fauxtrack-UID)",
		take_control },
	{ "panel", NULL, "serves a page for web browsers on this machine; prints its URL",
		options_take_panel },
	{ "panel-port", "PORT", "the same at that port (default: any free one)",
		options_take_panel_port },
	{ "exit-with-parent", NULL, "ends when the process that started it ends",
		take_with_parent },
	{ "parent", "PID", "ends when process PID ends", take_parent },
	{ "mode", "0660", "access mode of the port (not of TCP) and the control socket",
		take_mode, IN_FLEET },
	{ "group", "NAME", "group of the port and the control socket", take_group,
		IN_FLEET },
	{ "trace", "FILE",
		"writes all bytes and events to FILE, with virtual times; .pcapng is for "
		"Wireshark, .json an object a line, else text",
		take_trace, IN_FLEET },
	{ "forward", "tcp:NAME:PORT=ADDRESS:PORT",
		"lets the host reach that port of NAME through PPP (GPRS) and WIPsoft: "
		"it leads to ADDRESS:PORT; udp: likewise. "
		"listen:tcp:PORT=127.0.0.1:PORT: programs of this machine that connect "
		"to the second port reach the first one, of a server of WIPsoft; "
		"listen:udp: likewise; may be repeated",
		options_take_forward, IN_FLEET | OPTIONS_MANY },
	{ "internet", NULL,
		"lets the host reach through PPP and WIPsoft all that this machine "
		"reaches, except "
		"its loopback; without it only the names of --forward and "
		"network.hosts",
		options_take_internet, IN_FLEET },
	{ "pcap", "FILE", "writes the IP packets of PPP to FILE, for Wireshark",
		options_take_pcap, IN_FLEET },
	{ "exchange", "mqtt://[USER@]HOST[:PORT][/PREFIX]",
		"messages and calls to and from the modems of other processes, over this "
		"MQTT "
		"broker; mqtts:// with TLS",
		options_take_exchange },
	{ "exchange-password", "FILE",
		"with --exchange: USER's password; else $FAUXTRACK_EXCHANGE_PASSWORD",
		options_take_exchange_password },
	{ "exchange-ca", "FILE",
		"with mqtts://: certificates that sign the broker's (default: the "
		"system's)",
		options_take_exchange_ca },
	{ "exchange-cert", "FILE", "with mqtts://: our certificate",
		options_take_exchange_cert },
	{ "exchange-key", "FILE", "with mqtts://: its key", options_take_exchange_key },
	{ "trace-clock", NULL,
		"with --trace: also the time of this machine for each line, so that two "
		"runs no longer give the same bytes",
		options_take_trace_clock, IN_FLEET },
	{ "log", "LEVEL|PART:LEVEL,...|json",
		"what to log on standard error (default warn); json: an object a line, "
		"with the time of this machine; debug,json: both",
		options_take_log },
	{ "wait", "CONDITION",
		"starts COMMAND when this holds; conditions: fauxtrack ctl wait --help",
		options_take_wait, OF_EXEC },
	{ "sweep", "urc|cut",
		"runs COMMAND once for each gap: urc puts a line into each place where "
		"one may come, cut pauses the output at each byte",
		options_take_sweep, OF_EXEC },
	{ "sweep-text", "LINE", "with --sweep urc: the line (default " SWEEP_DEFAULT ")",
		options_take_sweep_text, OF_EXEC },
	{ "at", "N", "with --sweep: tries only gap N", options_take_at, OF_EXEC },
	{ "on-exit", "report|fail",
		"reports complaints about COMMAND (fauxtrack list complaints); fail: "
		"exits with 1 if there are any",
		options_take_on_exit, OF_EXEC },
	{ "report-json", "FILE",
		"writes exit status, complaints and sweep results to FILE as JSON",
		options_take_report_json, OF_EXEC },
	{ "junit", "FILE",
		"writes how COMMAND ended, with --sweep for each gap, to FILE as JUnit "
		"XML, for CI systems",
		options_take_junit, OF_EXEC },
	{ "tap", "FILE", "the same in the Test Anything Protocol", options_take_tap,
		OF_EXEC },
	{ NULL },
};

void options_help(struct page *p)
{
	page_text(p,
		"fauxtrack list profiles shows the profile names. run prints the path of "
		"the "
		"port on standard output, with --listen its URL; everything else goes to "
		"standard error. Ctrl-C ends it. exec gives COMMAND the path or URL in "
		"$FAUXTRACK_TTY (of other ports in $FAUXTRACK_TTY_UART2 and "
		"$FAUXTRACK_TTY_USB) and the control address in $FAUXTRACK_CONTROL.");
}

void options_default(struct options *o)
{
	int i;

	*o = (struct options){
		.count = 1,
		.speed = 1,
		.clock = MODEM_CLOCK,
		.mode = -1,
		.group = (gid_t)-1,
	};
	for (i = 0; i < LOG_CATS; i++)
		o->level[i] = LOG_LEVEL_WARN;
}

const char *options_conflict(const struct options *o)
{
	static char why[300];
	struct listen_addr last;
	int n, port;

	if (options_exchange_conflict(o))
		return options_exchange_conflict(o);
	if (o->fleet)
		return NULL; /* checked for each group */
	n = snprintf(why, sizeof(why), "--listen: ");
	for (port = options_next_port(o, -1); port >= 0;
		port = options_next_port(o, port))
		if (!options_listen(o, o->count, (unsigned)port, &last, why + n,
			    sizeof(why) - (size_t)n))
			return why;
	if (o->sync && !o->state)
		return "--sync works only with --state; add --state DIR, or leave --sync "
		       "out";
	if (o->state_repair && !o->state)
		return "--state-repair works only with --state; add --state DIR, or "
		       "leave --state-repair out";
	if (o->trace_clock && !o->trace)
		return "--trace-clock works only with --trace; add --trace FILE, or "
		       "leave --trace-clock out";
	if (o->at && !o->sweep)
		return "--at works only with --sweep; add --sweep urc or --sweep cut";
	if (o->sweep_text && o->sweep != SWEEP_URC)
		return "--sweep-text works only with --sweep urc; add that, or leave "
		       "--sweep-text out";
	if (o->sweep && o->state)
		return "--sweep starts each run with a new modem; leave --state out";
	return NULL;
}

int options_parse(struct options *o, const struct cli_command *c, int argc, char **argv)
{
	int next;

	options_default(o);
	next = cli_parse(c, argc, argv, o);
	if (next < 0 || !options_conflict(o))
		return next;
	cli_wrong(c, "%s", options_conflict(o));
	return CLI_WRONG;
}
