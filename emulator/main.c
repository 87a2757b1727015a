/* fauxtrack: the Wavecom Fastrack that isn't there. Finds the subcommand; each
 * subcommand has its own file in host/. */
#include <stdio.h>
#include <string.h>

#include "host/cli.h"
#include "host/manual/astray.h"
#include "host/manual/help_main.h"
#include "host/subcommand.h"

static int unknown(const char *name)
{
	char text[600];

	astray_text(name, text, sizeof(text));
	fprintf(stderr, "fauxtrack: %s\n", text);
	return EXITS_USAGE;
}

static int surplus(const char *before, const char *word)
{
	fprintf(stderr, "fauxtrack: unexpected \"%s\" after %s; leave it out\n", word,
		before);
	return EXITS_USAGE;
}

/* All other words belong to the subcommand. */
static int run(int argc, char **argv)
{
	const struct subcommand *s = help_subcommand(argv[0]);

	return s ? s->run(argc, argv) : unknown(argv[0]);
}

static int no_command(void)
{
	struct page p;

	page_plain(&p, stderr);
	help_overview(&p);
	return EXITS_USAGE;
}

static int work(int argc, char **argv)
{
	if (argc == 0)
		return no_command();
	if (cli_is_help(argv[0]))
		return help_main(argc, argv);
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
