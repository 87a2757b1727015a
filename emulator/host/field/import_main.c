/* fauxtrack import: a log of the field as a bug file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/cli.h"
#include "host/console.h"
#include "host/field/import.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/subcommand.h"

struct importing {
	struct import_options options;
	const char *out, *format;
	struct console_progress progress;
};

static bool take_out(void *ctx, char *arg, char *why, size_t size)
{
	((struct importing *)ctx)->out = arg;
	return cli_path(arg, why, size);
}

static bool take_format(void *ctx, char *arg, char *why, size_t size)
{
	((struct importing *)ctx)->format = arg;
	snprintf(why, size,
		"\"%s\" is no format of logs; fauxtrack import --help lists them", arg);
	return field_format_known(arg);
}

static bool take_profile(void *ctx, char *arg, char *why, size_t size)
{
	((struct importing *)ctx)->options.profile = arg;
	return cli_path(arg, why, size);
}

static bool take_name(void *ctx, char *arg, char *why, size_t size)
{
	((struct importing *)ctx)->options.name = arg;
	snprintf(why, size, "a name has 1 to 150 characters; write a sentence");
	return *arg && strlen(arg) <= 150;
}

static bool take_keep(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct importing *)ctx)->options.keep = true;
	return true;
}

static const struct cli_option options[] = {
	{ "output", "FILE", "writes the bug there instead of to standard output",
		take_out, 'o' },
	{ "format", "FORMAT", "of the log (default: what fits best)", take_format, 'f' },
	{ "profile", "NAME|FILE",
		"the modem to play it on (default: guessed by what the modem says of "
		"itself)",
		take_profile, 'p' },
	{ "name", "TEXT", "the name of the bug, a sentence", take_name },
	{ "keep", NULL,
		"keeps numbers, IMEI, IMSI, ICCID, PINs, passwords, names and texts; by "
		"default each is replaced by an invention",
		take_keep },
	{ NULL },
};

static void more(struct page *p)
{
	size_t i;

	page_text(p, "Writes a field bug: the conversation, and rules for what our modem "
		     "answers "
		     "otherwise. fauxtrack play plays it, fauxtrack exec --bug FILE runs "
		     "a host "
		     "tool against it. The end of the file lists what its rules cannot "
		     "say. LOG "
		     "- is standard input.");
	page_section(p, PAGE_OTHER, "Formats", 12);
	for (i = 0; field_format_name(i); i++)
		page_row(p, field_format_name(i), field_format_help(i));
}

static const struct cli_example examples[] = {
	{ "fauxtrack import field.log -o bug.yaml", "Makes a bug file of a log" },
	{ "fauxtrack exec --bug ./bug.yaml -- my-tool --port {}",
		"Runs a tool against it" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "import",
	.words = "LOG",
	.about = "Makes a field bug of a log of a host and its modem.",
	.exits = EXITS_PLAIN,
	.options = options,
	.least = 1,
	.most = 1,
	.missing = "which log? name the file, or - for standard input",
	.more = more,
	.examples = examples,
	.related = "exec play scenario",
};

static bool write_out(const struct importing *g, const struct import_result *r)
{
	FILE *f = g->out ? fopen(g->out, "w") : stdout;
	bool ok = f && fwrite(r->yaml, 1, r->len, f) == r->len;

	if (f && f != stdout)
		ok &= fclose(f) == 0;
	if (!ok)
		fprintf(stderr, "fauxtrack import: %s: %s; choose another file with -o\n",
			g->out ? g->out : "standard output", strerror(errno));
	return ok;
}

static void report(const struct field_log *log, const struct import_result *r)
{
	fprintf(stderr,
		"%s: %lu of %lu lines understood, %zu commands\n"
		"profile: %s (%s: %s)\n"
		"rules: %zu; %zu exchanges that rules cannot say, listed at the end of "
		"the file\n"
		"replaced: %u numbers, names and so on\n",
		log->format, log->understood, log->lines, r->exchanges, r->guess.profile,
		r->guess.sure, r->guess.why, r->rules, r->unsaid, r->masked);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!strcmp(path, "-"))
		return "standard input";
	return slash ? slash + 1 : path;
}

static void on_turn(void *ctx, size_t turn, size_t turns)
{
	struct console_progress *p = ctx;

	p->total = turns;
	console_step(p, turn);
}

static int import(struct importing *g, const struct field_log *log)
{
	struct library *l = library_new(NULL);
	struct import_result r;
	int status = EXITS_FAILED;
	char why[600];
	bool made;

	library_hook(l, &tables_hook);
	console_begin(&g->progress, "exchanges played", 0);
	g->options.progress = on_turn;
	g->options.progress_ctx = &g->progress;
	made = import_log(l, log, &g->options, &r, why, sizeof(why));
	console_clear(&g->progress);
	if (!made) {
		fprintf(stderr, "fauxtrack import: %s\n", why);
	} else if (write_out(g, &r)) {
		report(log, &r);
		status = EXITS_DONE;
	}
	import_clear(&r);
	library_free(l);
	return status;
}

int import_main(int argc, char **argv)
{
	struct importing g = { .out = NULL };
	int next = cli_parse(&command, argc, argv, &g), status;
	struct field_log *log;
	char why[600];

	if (next < 0)
		return cli_status(&command, next);
	log = field_read(argv[next], g.format, why, sizeof(why));
	if (!log) {
		fprintf(stderr, "fauxtrack import: %s\n", why);
		return EXITS_FAILED;
	}
	g.options.path = argv[next];
	g.options.source = base_name(argv[next]);
	status = import(&g, log);
	field_log_free(log);
	return status;
}
