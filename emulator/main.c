/* fauxtrack: the Wavecom Fastrack that isn't there. Finds the subcommand; each
 * subcommand has its own file in host/. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "conf/suggest.h"
#include "host/cli.h"
#include "host/subcommand.h"

static void usage(FILE *out)
{
	const struct subcommand *s;

	fputs("usage: fauxtrack COMMAND [OPTION...]\n\n", out);
	for (s = subcommands; s->name; s++)
		fprintf(out, "  %-7s %s\n          %s\n", s->name, s->args, s->help);
	fputs("\n`fauxtrack COMMAND --help` lists the options and exit statuses of a "
	      "command,\n"
	      "`fauxtrack --version` prints the version.\n"
	      "To start: fauxtrack exec -- picocom {}\n",
		out);
}

static const struct subcommand *find(const char *name)
{
	const struct subcommand *s;

	for (s = subcommands; s->name; s++)
		if (!strcmp(name, s->name))
			return s;
	return NULL;
}

static int unknown(const char *name)
{
	const struct subcommand *s;
	struct suggest near;
	char text[160];

	suggest_init(&near, name);
	for (s = subcommands; s->name; s++)
		suggest_offer(&near, s->name);
	fprintf(stderr, "fauxtrack: unknown command \"%s\"%s\n", name,
		suggest_text(&near, text, sizeof(text), "; fauxtrack --help lists them"));
	return EXITS_USAGE;
}

static int surplus(const char *before, const char *word)
{
	fprintf(stderr, "fauxtrack: unexpected \"%s\" after %s; leave it out\n", word,
		before);
	return EXITS_USAGE;
}

static int run(int argc, char **argv)
{
	const struct subcommand *s = find(argv[0]);

	if (!s)
		return unknown(argv[0]);
	/* all other words belong to the subcommand */
	if (argc == 2 && cli_is_version(argv[1])) {
		cli_version();
		return EXITS_DONE;
	}
	return s->run(argc, argv);
}

/* `help list profiles` is `list profiles --help`; `help` alone is --help. */
static int help(int argc, char **argv)
{
	char dash[] = "--help", *words[4] = { dash, dash, dash };

	if (argc > 3)
		return surplus(argv[2], argv[3]);
	if (argc == 1) {
		usage(stdout);
		return EXITS_DONE;
	}
	memcpy(words, argv + 1, (size_t)(argc - 1) * sizeof(*words));
	words[argc] = NULL;
	return run(argc, words);
}

static int work(int argc, char **argv)
{
	if (argc == 0) {
		usage(stderr);
		return EXITS_USAGE;
	}
	if (cli_is_help(argv[0]) || !strcmp(argv[0], "help"))
		return help(argc, argv);
	if (!cli_is_version(argv[0]))
		return run(argc, argv);
	if (argc > 1)
		return surplus(argv[0], argv[1]);
	cli_version();
	return EXITS_DONE;
}

int main(int argc, char **argv)
{
	int status;

	cli_begin();
	status = work(argc - 1, argv + 1);
	/* lost output must not end with status 0 */
	return cli_flush() || status ? status : EXITS_FAILED;
}
