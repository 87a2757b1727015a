/* fauxtrack: the Wavecom Fastrack that isn't there. Finds the subcommand; each has a file
 * of its own in host/. */
#include <stdio.h>
#include <string.h>

#include "conf/suggest.h"
#include "host/dwl_tool.h"
#include "host/subcommand.h"

static const struct subcommand {
	const char *name;
	const char *args;
	const char *help;
	int (*run)(int argc, char **argv);
} subcommands[] = {
	{ "check", "FILE...", "looks for errors in profiles and scenarios", check_main },
	{ "ctl", "[OPTION...] WORD ...", "controls a modem that runs", ctl_main },
	{ "dwl", "make|info ...", "makes download images, and tells what a file is",
		dwl_tool },
	{ "exec", "[OPTION...] -- COMMAND [ARG|{}...]",
		"a modem for one command; {} is its port, as is $FAUXTRACK_TTY",
		exec_main },
	{ "list",
		"profiles|devices|firmware|networks|sims|commands|quirks|actions|states|"
		"bugs|bug NAME",
		"what there is", list_main },
	{ "play", "[OPTION...] FILE...", "a scenario in virtual time, without a host",
		play_main },
	{ "run", "[OPTION...]", "a modem; prints the path of its port", run_main },
	{ "schema", "", "the JSON Schema of the YAML language, for editors",
		schema_main },
};

#define N_SUBCOMMANDS (sizeof(subcommands) / sizeof(subcommands[0]))

static void usage(FILE *out)
{
	size_t i;

	fputs("usage: fauxtrack COMMAND [OPTION...]\n\n", out);
	for (i = 0; i < N_SUBCOMMANDS; i++)
		fprintf(out, "  %-7s %s\n          %s\n", subcommands[i].name,
			subcommands[i].args, subcommands[i].help);
	fputs("\n`fauxtrack COMMAND --help` tells the options of one.\n"
	      "First try: fauxtrack exec -- picocom {}\n",
		out);
}

static int unknown(const char *name)
{
	struct suggest s;
	char text[80];
	size_t i;

	suggest_init(&s, name);
	for (i = 0; i < N_SUBCOMMANDS; i++)
		suggest_offer(&s, subcommands[i].name);
	fprintf(stderr, "fauxtrack: there is no command \"%s\"%s\n", name,
		suggest_text(&s, text, sizeof(text), "; fauxtrack --help lists them"));
	return 2;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	size_t i;

	if (!name) {
		usage(stderr);
		return 2;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
		usage(stdout);
		return 0;
	}
	if (!strcmp(name, "--version")) {
		puts("fauxtrack " FAUXTRACK_VERSION);
		return 0;
	}
	for (i = 0; i < N_SUBCOMMANDS; i++)
		if (!strcmp(name, subcommands[i].name))
			return subcommands[i].run(argc - 1, argv + 1);
	return unknown(name);
}
