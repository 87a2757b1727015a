#include "host/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/suggest.h"

/* Writes "what; remedy" into why when it cannot take the value. */
struct option_row {
	const char *name;
	const char *arg; /* NULL: it takes none */
	const char *help;
	bool (*take)(struct options *o, char *arg, char *why, size_t size);
	bool exec; /* of exec only */
};

static bool take_profile(struct options *o, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	o->profile = arg;
	return true;
}

static bool take_bug(struct options *o, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	o->bug = arg;
	return true;
}

static bool whole_number(
	const char *text, unsigned long long max, unsigned long long *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return isdigit((unsigned char)*text) && !*end && !errno && *out <= max;
}

static bool take_count(struct options *o, char *arg, char *why, size_t size)
{
	unsigned long long n;

	if (!whole_number(arg, OPTIONS_MODEMS, &n) || !n) {
		snprintf(why, size, "\"%s\" is no number of modems; give 1 to %d", arg,
			OPTIONS_MODEMS);
		return false;
	}
	o->count = (unsigned)n;
	return true;
}

static bool take_link(struct options *o, char *arg, char *why, size_t size)
{
	if (!*arg) {
		snprintf(why, size,
			"the link needs a path; --link /tmp/modem, for instance");
		return false;
	}
	o->link = arg;
	return true;
}

static bool take_state(struct options *o, char *arg, char *why, size_t size)
{
	if (!*arg) {
		snprintf(why, size,
			"the state needs a directory; it is made if it is missing");
		return false;
	}
	o->state = arg;
	return true;
}

static bool take_sync(struct options *o, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	o->sync = true;
	return true;
}

static bool take_speed(struct options *o, char *arg, char *why, size_t size)
{
	unsigned long long n;

	o->speed_max = !strcmp(arg, "max");
	if (o->speed_max)
		return true;
	if (!whole_number(arg, 10000, &n) || !n) {
		snprintf(why, size, "\"%s\" is no speed; give 1 to 10000, or max", arg);
		return false;
	}
	o->speed = (unsigned)n;
	return true;
}

static bool take_seed(struct options *o, char *arg, char *why, size_t size)
{
	unsigned long long n;

	if (!whole_number(arg, UINT64_MAX, &n)) {
		snprintf(why, size, "\"%s\" is no seed; give a whole number", arg);
		return false;
	}
	o->seed = n;
	return true;
}

/* ISO 8601: 2010-01-01T12:00:00Z, the Z may be left out. */
static bool take_clock(struct options *o, char *arg, char *why, size_t size)
{
	struct tm tm = { .tm_isdst = 0 };
	const char *end;

	if (!strcmp(arg, "host")) {
		o->clock = (int64_t)time(NULL);
		return true;
	}
	end = strptime(arg, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!end || (*end && strcmp(end, "Z") != 0)) {
		snprintf(why, size,
			"\"%s\" is no time; give host, or one such as "
			"2010-01-01T12:00:00Z",
			arg);
		return false;
	}
	o->clock = (int64_t)timegm(&tm);
	return true;
}

static bool take_boot(struct options *o, char *arg, char *why, size_t size)
{
	if (!strcmp(arg, "warm")) {
		o->boot = OPTIONS_WARM;
	} else if (!strcmp(arg, "cold")) {
		o->boot = OPTIONS_COLD;
	} else {
		snprintf(why, size, "\"%s\" is no way to boot; give warm or cold", arg);
		return false;
	}
	return true;
}

static bool take_control(struct options *o, char *arg, char *why, size_t size)
{
	return control_addr_parse(arg, &o->control, why, size);
}

static bool take_mode(struct options *o, char *arg, char *why, size_t size)
{
	char *end;
	unsigned long mode = strtoul(arg, &end, 8);

	if (!isdigit((unsigned char)*arg) || *end || mode > 0777) {
		snprintf(why, size,
			"\"%s\" are no access rights; give octal digits such as 0660",
			arg);
		return false;
	}
	o->mode = (int)mode;
	return true;
}

static bool take_group(struct options *o, char *arg, char *why, size_t size)
{
	const struct group *g = getgrnam(arg);
	unsigned long long id;

	if (!g && !whole_number(arg, 0xfffffffe, &id)) {
		snprintf(why, size,
			"there is no group \"%s\" here; `getent group` lists them", arg);
		return false;
	}
	o->group = g ? g->gr_gid : (gid_t)id;
	return true;
}

static bool take_trace(struct options *o, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	o->trace = arg;
	return true;
}

static bool take_set(struct options *o, char *arg, char *why, size_t size)
{
	char *value = kv_split(arg);

	if (!value) {
		snprintf(why, size,
			"\"%s\" has no value; write KEY=VALUE, such as sim.pin=1234",
			arg);
		return false;
	}
	if (o->n_sets == OPTIONS_SETS) {
		snprintf(why, size, "more than %d values; put them into a profile file",
			OPTIONS_SETS);
		return false;
	}
	o->sets[o->n_sets++] = (struct kv){ arg, value };
	return true;
}

static bool take_image(struct options *o, char *arg, char *why, size_t size)
{
	if (o->n_images == OPTIONS_IMAGES) {
		snprintf(why, size,
			"more than %d images; start with those that are needed",
			OPTIONS_IMAGES);
		return false;
	}
	o->images[o->n_images++] = arg;
	return true;
}

/* at:debug,net:info, or debug for all. */
static bool take_log(struct options *o, char *arg, char *why, size_t size)
{
	char *save = NULL;
	char *word;

	for (word = strtok_r(arg, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		char *colon = strchr(word, ':');
		const struct name *cat, *level;
		int i;

		if (colon)
			*colon = '\0';
		cat = colon ? name_find(log_cat_names, word) : NULL;
		level = name_find(log_level_names, colon ? colon + 1 : word);
		if (!level || (colon && !cat)) {
			snprintf(why, size,
				"\"%s\" is no %s; give LEVEL or PART:LEVEL, parts are at "
				"call "
				"dwl http link modem net nv pty sim sms, levels error "
				"warn "
				"client info "
				"debug",
				level   ? word
				: colon ? colon + 1
					: word,
				level ? "part" : "level");
			return false;
		}
		for (i = 0; i < LOG_CATS; i++)
			if (!cat || cat->value == i)
				o->level[i] = (enum log_level)level->value;
	}
	return true;
}

static bool take_wait(struct options *o, char *arg, char *why, size_t size)
{
	if (o->n_waits == sizeof(o->waits) / sizeof(o->waits[0])) {
		snprintf(
			why, size, "more than %d conditions; wait for fewer", CONDITIONS);
		return false;
	}
	o->waits[o->n_waits++] = arg;
	return true;
}

static bool take_sweep(struct options *o, char *arg, char *why, size_t size)
{
	const struct name *n = name_find(sweep_names, arg);

	if (!n) {
		snprintf(why, size, "\"%s\" is no sweep; give urc or cut", arg);
		return false;
	}
	o->sweep = (enum sweep_kind)n->value;
	return true;
}

static bool take_sweep_text(struct options *o, char *arg, char *why, size_t size)
{
	if (strlen(arg) > SWEEP_TEXT) {
		snprintf(why, size, "the line is too long; %d characters suffice",
			SWEEP_TEXT);
		return false;
	}
	o->sweep_text = arg;
	return true;
}

static bool take_at(struct options *o, char *arg, char *why, size_t size)
{
	unsigned long long n;

	if (!whole_number(arg, 1000000, &n) || !n) {
		snprintf(why, size, "\"%s\" is no place; give the number of a gap", arg);
		return false;
	}
	o->at = (unsigned)n;
	return true;
}

static bool take_on_exit(struct options *o, char *arg, char *why, size_t size)
{
	if (!strcmp(arg, "report")) {
		o->on_exit = OPTIONS_REPORT;
	} else if (!strcmp(arg, "fail")) {
		o->on_exit = OPTIONS_FAIL;
	} else {
		snprintf(why, size, "\"%s\" is nothing to do; give report or fail", arg);
		return false;
	}
	return true;
}

static bool take_report_json(struct options *o, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	o->report_json = arg;
	return true;
}

static const struct option_row rows[] = {
	{ "profile", "NAME|FILE", "which modem (" OPTIONS_PROFILE ")", take_profile },
	{ "bug", "NAME|FILE", "with this field bug; fauxtrack list bugs", take_bug },
	{ "count", "N", "how many of them (1)", take_count },
	{ "link", "PATH", "a symbolic link to the port", take_link },
	{ "state", "DIR", "keeps flash and settings there; without it nothing is kept",
		take_state },
	{ "sync", NULL, "with --state: survives a power loss of this machine too",
		take_sync },
	{ "speed", "N|max", "virtual seconds a real one (1); max: all own work at once",
		take_speed },
	{ "boot", "warm|cold",
		"warm: has booted (so it is); cold: boots at the first open", take_boot },
	{ "clock", "host|TIME", "the time it begins with (2010-01-01T12:00:00Z)",
		take_clock },
	{ "seed", "N", "of its random numbers (1)", take_seed },
	{ "set", "KEY=VALUE", "changes the profile: --set sim.pin=1234; may be repeated",
		take_set },
	{ "image", "FILE=FIRMWARE:KIND",
		"a .dwl file of yours that stands for a firmware", take_image },
	{ "control", "none|PATH|tcp:PORT",
		"where others control it (PID.sock in $XDG_RUNTIME_DIR)", take_control },
	{ "mode", "0660", "access rights of the port and the control socket", take_mode },
	{ "group", "NAME", "group of the port and the control socket", take_group },
	{ "trace", "FILE", "writes both directions and what happens, with virtual times",
		take_trace },
	{ "log", "LEVEL|PART:LEVEL,...", "what to say on standard error (warn)",
		take_log },
	{ "wait", "CONDITION", "the command starts when it holds; as fauxtrack ctl wait",
		take_wait, true },
	{ "sweep", "urc|cut", "runs it once for each gap a line may be in, or each byte",
		take_sweep, true },
	{ "sweep-text", "LINE", "instead of " SWEEP_DEFAULT, take_sweep_text, true },
	{ "at", "N", "only this gap of the sweep", take_at, true },
	{ "on-exit", "report|fail",
		"tells what the command did wrong; fail: exits with 1", take_on_exit,
		true },
	{ "report-json", "FILE", "the same for programs", take_report_json, true },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static void help(const char *usage)
{
	char left[48];
	size_t i;

	printf("usage: fauxtrack %s\n\n", usage);
	for (i = 0; i < N_ROWS; i++) {
		if (rows[i].exec && strncmp(usage, "exec", 4) != 0)
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", rows[i].name,
			rows[i].arg ? " " : "", rows[i].arg ? rows[i].arg : "");
		printf("  %-28s %s\n", left, rows[i].help);
	}
	fputs("\nNames: fauxtrack list profiles. The port's path is the first line of "
	      "standard\n"
	      "output; everything else goes to standard error. Ctrl-C ends it. A command "
	      "of\n"
	      "exec finds both in $FAUXTRACK_TTY and $FAUXTRACK_CONTROL.\n",
		stdout);
}

static void set_defaults(struct options *o)
{
	int i;

	*o = (struct options){
		.count = 1,
		.speed = 1,
		.clock = 1262347200, /* 2010-01-01T12:00:00Z */
		.mode = -1,
		.group = (gid_t)-1,
	};
	for (i = 0; i < LOG_CATS; i++)
		o->level[i] = LOG_LEVEL_WARN;
}

static void complain(const char *subcommand, const char *option)
{
	struct suggest s;
	char text[64], cut[64];
	size_t i, len = strcspn(option, "=");

	snprintf(cut, sizeof(cut), "%.*s", (int)len, option);
	while (*option == '-')
		option++;
	suggest_init(&s, cut + strspn(cut, "-"));
	for (i = 0; i < N_ROWS; i++)
		suggest_offer(&s, rows[i].name);
	fprintf(stderr, "fauxtrack %s: there is no option %s%s\n", subcommand, cut,
		suggest_text(&s, text, sizeof(text), "; --help lists them"));
}

int options_parse(struct options *o, int argc, char **argv, const char *usage)
{
	struct option longs[N_ROWS + 2] = { { 0 } };
	char why[256];
	size_t i;
	int c, row;

	set_defaults(o);
	for (i = 0; i < N_ROWS; i++)
		longs[i] = (struct option){ rows[i].name,
			rows[i].arg ? required_argument : no_argument, NULL, 1 };
	longs[N_ROWS] = (struct option){ "help", no_argument, NULL, 'h' };
	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:h", longs, &row)) != -1) {
		if (c == 'h') {
			help(usage);
			return -1;
		}
		if (c == ':') {
			fprintf(stderr,
				"fauxtrack %s: %s wants a value; --help tells which\n",
				argv[0], argv[optind - 1]);
			return -2;
		}
		if (c == '?') {
			complain(argv[0], argv[optind - 1]);
			return -2;
		}
		if (rows[row].exec && strcmp(argv[0], "exec") != 0) {
			fprintf(stderr,
				"fauxtrack %s: --%s is for a command; fauxtrack exec "
				"--%s ... -- COMMAND {}\n",
				argv[0], rows[row].name, rows[row].name);
			return -2;
		}
		if (!rows[row].take(o, optarg, why, sizeof(why))) {
			fprintf(stderr, "fauxtrack %s: --%s: %s\n", argv[0],
				rows[row].name, why);
			return -2;
		}
	}
	return optind;
}
