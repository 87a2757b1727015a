/* fauxtrack compare: what a real modem answers otherwise, as a patch of a profile. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/cli.h"
#include "host/field/compare.h"
#include "host/field/device.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/subcommand.h"
#include "state/profile.h"

struct comparing {
	bool list, more, quiet, json;
	const char *out;
	unsigned baud;
	struct device *device;
	size_t questions; /* on the list */
};

static volatile sig_atomic_t enough; /* the user has ended it */

/* ---- the command line --------------------------------------------------------------- */

static bool take_list(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct comparing *)ctx)->list = true;
	return true;
}

static bool take_more(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct comparing *)ctx)->more = true;
	return true;
}

static bool take_quiet(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct comparing *)ctx)->quiet = true;
	return true;
}

static bool take_out(void *ctx, char *arg, char *why, size_t size)
{
	((struct comparing *)ctx)->out = arg;
	return cli_path(arg, why, size);
}

static bool take_baud(void *ctx, char *arg, char *why, size_t size)
{
	return device_baud(arg, &((struct comparing *)ctx)->baud, why, size);
}

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct comparing *)ctx)->json = true;
	return true;
}

static const struct cli_option options[] = {
	{ "list", NULL, "prints what would be asked, and why it is safe; needs no DEVICE",
		take_list },
	{ "more", NULL,
		"also searches for operators, asks the network, tries the values of "
		"settings and puts them back",
		take_more },
	{ "output", "FILE", "writes the patch there (default: standard output)", take_out,
		'o' },
	{ "baud", "SPEED", "speed of DEVICE (default: as DEVICE has it)", take_baud },
	{ "json", NULL, "with --list: prints JSON, for programs", take_json },
	{ "quiet", NULL, "does not show what is being asked", take_quiet },
	{ NULL },
};

static void more(struct page *p)
{
	page_text(p,
		"Prints the differences as a profile that inherits PROFILE: try it with "
		"--profile, and send it in. With it ours has answered as the modem did, "
		"or a comment says what is left. IMEI, IMSI, ICCID and numbers are not "
		"in it. PINs are never tried. Ctrl-C ends it, and puts back what is "
		"being "
		"tried.");
}

static const struct cli_example examples[] = {
	{ "fauxtrack compare --list", "What would be asked?" },
	{ "fauxtrack compare /dev/ttyUSB0 fastrack-supreme-20-r74 -o patch.yaml",
		"Writes how the modem at that port differs from the profile" },
	{ NULL },
};

static const struct cli_member members[] = {
	{ "ask", "the question, as the modem gets it" },
	{ "more", "whether it is only asked with --more" },
	{ "why", "why it is safe" },
	{ NULL, NULL },
};

static const struct cli_command command = {
	.name = "compare",
	.words = "DEVICE PROFILE | --list [PROFILE]",
	.about = "Asks a real modem what can be asked safely, and prints how a profile "
		 "differs from it.",
	.exits = EXITS_PLAIN,
	.options = options,
	.most = 2,
	.more = more,
	.members = members,
	.examples = examples,
	.related = "list profile record",
};

/* ---- the device --------------------------------------------------------------------- */

static usec_t now(void *ctx)
{
	struct timespec t;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return SEC(t.tv_sec) + (usec_t)t.tv_nsec / 1000;
}

/* Whether it can be read or written by `most` from now on; -1: it has gone, or enough. */
static int ready(struct comparing *g, short what, usec_t most)
{
	struct pollfd p = { .fd = device_fd(g->device), .events = what };
	int n;

	if (enough)
		return -1;
	n = poll(&p, 1, (int)((most + 999) / 1000));
	if (n < 0)
		return errno == EINTR && !enough ? 0 : -1;
	return n && !(p.revents & what) ? -1 : n;
}

static bool send_bytes(void *ctx, const void *buf, size_t len)
{
	struct comparing *g = ctx;
	const char *p = buf;
	ssize_t n;

	while (len) {
		if (ready(g, POLLOUT, SEC(10)) <= 0)
			return false;
		n = device_write(g->device, p, len);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		p += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

static ssize_t hear(void *ctx, void *buf, size_t size, usec_t most)
{
	struct comparing *g = ctx;
	int there = ready(g, POLLIN, most);
	ssize_t n;

	if (there <= 0)
		return there;
	n = device_read(g->device, buf, size);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return n ? n : -1;
}

/* ---- comparing ---------------------------------------------------------------------- */

static void on_signal(int signo)
{
	(void)signo;
	enough = 1;
}

static void on_restoring(void *ctx)
{
	(void)ctx;
	enough = 0;
}

static void on_asked(void *ctx, const struct question *q, size_t i)
{
	const struct comparing *g = ctx;

	if (!g->quiet && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%zu: %-30.30s", i + 1, q->ask);
}

/* A path is a name whose folder is searched first. malloc()ed. */
static char *name_of_path(const char *profile, char **folder)
{
	const char *slash = strrchr(profile, '/');
	size_t len = strlen(profile);
	char *name;

	*folder = NULL;
	if (!slash && (len < 5 || strcmp(profile + len - 5, ".yaml") != 0))
		return must(strdup(profile));
	*folder = slash ? must(strndup(profile, (size_t)(slash - profile) + 1))
			: must(strdup("."));
	name = must(strdup(slash ? slash + 1 : profile));
	len = strlen(name);
	if (len > 5 && !strcmp(name + len - 5, ".yaml"))
		name[len - 5] = '\0';
	return name;
}

static int not_written(const struct comparing *g)
{
	fprintf(stderr,
		"fauxtrack compare: %s: cannot be written: %s; choose another -o\n",
		g->out ? g->out : "standard output", strerror(errno));
	return EXITS_FAILED;
}

static int print(struct comparing *g, struct compare *c)
{
	FILE *out = g->out ? fopen(g->out, "w") : stdout;
	bool written;

	if (out)
		compare_print(c, out);
	written = out && !ferror(out) && !(g->out && fclose(out));
	return written ? EXITS_DONE : not_written(g);
}

static int compare_with(struct comparing *g, struct library *l, const char *profile)
{
	const struct respondent r = { g, send_bytes, hear, now };
	struct compare_options o = { .real = asker_new(&r),
		.library = l,
		.profile = profile,
		.seed = 1,
		.clock = time(NULL),
		.more = g->more,
		.asked = on_asked,
		.restoring = on_restoring,
		.ctx = g };
	int status = EXITS_FAILED;
	struct compare *c;
	char why[400];

	c = compare_new(&o, why, sizeof(why));
	if (!g->quiet && isatty(STDERR_FILENO))
		fputs("\r                                        \r", stderr);
	if (c)
		status = print(g, c);
	else
		fprintf(stderr, "fauxtrack compare: %s\n", why);
	compare_free(c);
	asker_free(o.real);
	return status;
}

static int ask_device(
	struct comparing *g, struct library *l, const char *path, const char *profile)
{
	const struct sigaction act = { .sa_handler = on_signal };
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	char why[300];
	int status;
	size_t i;

	if (g->out && !cli_writable(g->out))
		return not_written(g);
	g->device = device_open(path, g->baud, why, sizeof(why));
	if (!g->device) {
		fprintf(stderr, "fauxtrack compare: %s\n", why);
		return EXITS_FAILED;
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		sigaction(ends[i], &act, NULL);
	status = compare_with(g, l, profile);
	device_close(g->device);
	return status;
}

static void list_text(const struct questions *q)
{
	questions_print(q, stdout);
	puts("AT+X=N, AT+X?  --more: settings that are not stored at once: each value is "
	     "tried, the old one put back");
}

static int list(const struct comparing *g, struct library *l, const char *profile)
{
	struct doc_errors e;
	struct questions q;
	struct profile *p;

	doc_errors_init(&e);
	p = profile_load(l, profile, NULL, 0, &e);
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	if (!p)
		return EXITS_FAILED;
	tables_build(p);
	questions_make(&q, p, true);
	if (g->json)
		questions_print_json(&q, stdout);
	else
		list_text(&q);
	questions_free(&q);
	tables_free(p);
	profile_free(p);
	return EXITS_DONE;
}

static int run(struct comparing *g, const char *device, const char *profile)
{
	char *folder, *name = name_of_path(profile, &folder);
	struct library *l = library_new(folder);
	int status;

	library_hook(l, &tables_hook);
	status = g->list ? list(g, l, name) : ask_device(g, l, device, name);
	library_free(l);
	free(folder);
	free(name);
	return status;
}

int compare_main(int argc, char **argv)
{
	struct comparing g = { .list = false };
	int next = cli_parse(&command, argc, argv, &g), words = argc - next;

	if (next < 0)
		return cli_status(&command, next);
	if (g.json && !g.list)
		return cli_wrong(&command, "--json works only with --list; the "
					   "differences are YAML, leave --json out");
	if (g.list && words == 2)
		return cli_wrong(
			&command, "--list needs no device; leave out \"%s\"", argv[next]);
	if (g.list)
		return run(&g, NULL, words ? argv[next] : LIBRARY_PROFILE);
	if (words < 2)
		return cli_wrong(&command,
			words ? "which profile? fauxtrack list profiles shows those that "
				"there are"
			      : "which device? name the modem's tty, such as "
				"/dev/ttyUSB0, and a profile");
	return run(&g, argv[next], argv[next + 1]);
}
