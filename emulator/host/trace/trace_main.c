/* fauxtrack trace: one format of a trace into another. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "host/cli.h"
#include "host/console.h"
#include "host/subcommand.h"
#include "host/trace/trace.h"

static void more(struct page *p)
{
	page_text(p, "Formats, by the end of the file's name: .pcapng for Wireshark, "
		     ".json (an "
		     "object a line), else text. Without OUT the text goes to standard "
		     "output. "
		     "A capture of a serial line by another program (pcapng, "
		     "LINKTYPE_RTAC_SERIAL) can be read too.");
}

static const struct cli_command convert_command = {
	.name = "trace convert",
	.words = "IN [OUT]",
	.about = "Writes a trace in another format.",
	.exits = EXITS_PLAIN,
	.least = 1,
	.most = 2,
	.missing = "which trace? name the file that --trace has written",
	.more = more,
};

static const struct cli_example examples[] = {
	{ "fauxtrack trace convert talk.pcapng", "Prints a trace as text" },
	{ "fauxtrack trace convert talk.txt talk.pcapng", "Writes it for Wireshark" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "trace",
	.words = "convert ...",
	.about =
		"Traces, which --trace of run, exec and record writes, in other formats.",
	.exits = EXITS_PLAIN,
	.least = 1,
	.most = -1,
	.missing = "convert? fauxtrack trace convert --help explains it",
	.leads = true,
	.examples = examples,
	.related = "exec record run",
};

static void tell(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	fprintf(stderr, "fauxtrack trace convert: %s\n", text);
}

/* Lines that go to a terminal are progress enough. */
static int pass_on(struct trace_reader *r, struct trace *t, bool quiet)
{
	struct console_progress progress;
	unsigned long long done = 0;
	struct trace_item item;
	bool whole;
	int result;

	trace_clock(t, trace_read_clock(r));
	console_begin(&progress, "items converted", 0);
	while ((result = trace_read(r, &item)) == 1) {
		trace_put(t, &item);
		if (!quiet)
			console_step(&progress, ++done);
	}
	console_clear(&progress);
	if (result)
		fprintf(stderr,
			"fauxtrack trace convert: %s; what comes before it was "
			"converted\n",
			trace_read_place(r));
	whole = trace_close(t);
	return result || !whole ? EXITS_FAILED : EXITS_DONE;
}

static bool is_same(const char *a, const char *b)
{
	struct stat s[2];

	return !stat(a, &s[0]) && !stat(b, &s[1]) && s[0].st_dev == s[1].st_dev &&
	       s[0].st_ino == s[1].st_ino;
}

static int convert(int argc, char **argv)
{
	static const struct log log = { .line = tell };
	int next = cli_parse(&convert_command, argc, argv, NULL);
	struct trace_reader *r;
	int result = EXITS_FAILED;
	struct trace *t;
	char why[512];

	if (next < 0)
		return cli_status(&convert_command, next);
	r = trace_read_open(argv[next], why, sizeof(why));
	if (!r) {
		fprintf(stderr, "fauxtrack trace convert: %s\n", why);
		return EXITS_FAILED;
	}
	if (next + 1 < argc && is_same(argv[next], argv[next + 1])) {
		fprintf(stderr,
			"fauxtrack trace convert: %s is IN too; give OUT another name\n",
			argv[next + 1]);
		trace_read_close(r);
		return EXITS_FAILED;
	}
	t = trace_open(
		next + 1 < argc ? argv[next + 1] : NULL, trace_read_header(r), &log);
	if (t)
		result = pass_on(r, t, next + 1 == argc && isatty(STDOUT_FILENO));
	trace_read_close(r);
	return result;
}

const char *trace_child(size_t i)
{
	return i ? NULL : "convert";
}

int trace_main(int argc, char **argv)
{
	int next = cli_parse(&command, argc, argv, NULL);

	if (next < 0)
		return cli_status(&command, next);
	if (strcmp(argv[next], trace_child(0)) != 0)
		return cli_wrong(
			&command, "unknown word \"%s\"; write convert", argv[next]);
	return convert(argc - next, argv + next);
}
