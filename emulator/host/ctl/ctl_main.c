/* fauxtrack ctl: the control interface from a shell. The actions come from the table of
 * action.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "conf/suggest.h"
#include "host/ctl/ctl_int.h"
#include "host/subcommand.h"

/* ---- actions ---------------------------------------------------------------------- */

static int act(struct ctl *c, const struct action_row *row, int argc, char **argv)
{
	char what[128];
	json_t *body;

	c->asked = row->args;
	body = ctl_arguments(row->args, argc, argv);
	if (!body)
		return CTL_USAGE;
	snprintf(what, sizeof(what), "/actions/%s", row->name);
	return ctl_do(c, what, body);
}

static int unknown_word(const char *name)
{
	const struct action_row *a;
	const struct ctl_word *row;
	struct suggest near;
	char mem[100], what[300];
	size_t i;

	suggest_init(&near, name);
	for (row = ctl_words; row->name; row++)
		suggest_offer(&near, row->name);
	for (i = 0; (a = action_at(i)); i++)
		suggest_offer(&near, a->name);
	snprintf(what, sizeof(what), "unknown action \"%.64s\"%s", name,
		suggest_text(
			&near, mem, sizeof(mem), "; fauxtrack ctl --help lists them"));
	return ctl_complain(CTL_USAGE, what);
}

static int find_server(struct ctl *c, const char *control, const char *token)
{
	char why[500];
	bool many;

	if (control) {
		strcpy(why, "--control none is no emulator; give PATH or tcp:PORT");
		if (!control_addr_parse(control, &c->server.addr, why, sizeof(why)) ||
			c->server.addr.kind == CONTROL_NONE)
			return ctl_complain(CTL_USAGE, why);
		c->server.token = getenv("FAUXTRACK_TOKEN");
	} else if (!ctl_find(&c->server, &many, why, sizeof(why))) {
		return ctl_complain(many ? CTL_USAGE : CTL_NO_EMULATOR, why);
	}
	if (token)
		c->server.token = token;
	return CTL_DONE;
}

/* Checks the number of words after a word. */
static int count_words(const struct ctl_word *row, int n)
{
	char what[300];

	if (n >= row->least && n <= row->most)
		return CTL_DONE;
	snprintf(what, sizeof(what),
		"too %s words after %s; write %s%s%s, for example %s",
		n < row->least ? "few" : "many", row->name, row->name,
		*row->args ? " " : "", row->args, row->example);
	return ctl_complain(CTL_USAGE, what);
}

static int run_word(
	struct ctl *c, const char *control, const char *token, int argc, char **argv)
{
	const struct action_row *a = action_find(argv[0]);
	const struct ctl_word *row;
	int status;

	for (row = ctl_words; row->name && strcmp(row->name, argv[0]) != 0; row++)
		;
	if (!row->name && !a)
		return unknown_word(argv[0]);
	if (!row->name || (a && row->meant && !row->meant(argc - 1, argv + 1)))
		row = NULL;
	status = row ? count_words(row, argc - 1) : CTL_DONE;
	if (status == CTL_DONE && !(row && row->alone))
		status = find_server(c, control, token);
	if (status == CTL_DONE && !(row && (row->alone || row->whole)))
		status = ctl_find_modem(c);
	if (status != CTL_DONE)
		return status;
	return row ? row->run(c, argc - 1, argv + 1) : act(c, a, argc - 1, argv + 1);
}

/* ---- the command line --------------------------------------------------------------- */

struct ctl_options {
	struct ctl ctl;
	const char *control, *token;
	bool help;
};

static bool take_control(void *ctx, char *arg, char *why, size_t size)
{
	((struct ctl_options *)ctx)->control = arg;
	return cli_path(arg, why, size);
}

static bool take_token(void *ctx, char *arg, char *why, size_t size)
{
	(void)why, (void)size;
	((struct ctl_options *)ctx)->token = arg;
	return true;
}

static bool take_modem(void *ctx, char *arg, char *why, size_t size)
{
	(void)why, (void)size;
	((struct ctl_options *)ctx)->ctl.modem = arg;
	return true;
}

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct ctl_options *)ctx)->ctl.json = true;
	return true;
}

static bool take_print(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct ctl_options *)ctx)->ctl.print = true;
	return true;
}

static bool take_help(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct ctl_options *)ctx)->help = true;
	return true;
}

static const struct cli_option options[] = {
	{ "control", "PATH|tcp:PORT",
		"which emulator (default $FAUXTRACK_CONTROL, else the only one running; "
		"fauxtrack ctl list shows all)",
		take_control },
	{ "token", "TOKEN", "token for a TCP port (default $FAUXTRACK_TOKEN)",
		take_token },
	{ "modem", "ID",
		"which modem of the emulator, from 1; GROUP.N: the Nth of a group; "
		"GROUP, "
		"all: each of them",
		take_modem },
	{ "json", NULL, "prints answers as JSON", take_json },
	{ "print", NULL, "panel: prints the URL only", take_print },
	{ "help", NULL, "prints this help; after a word, the help of that word",
		take_help, 'h' },
	{ NULL },
};

static const struct cli_example examples[] = {
	{ "fauxtrack ctl ring from=+33612345678; fauxtrack ctl wait event=call",
		"Somebody calls the modem; waits until it rings" },
	{ "fauxtrack ctl state registration", "Shows a part of the modem's state" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "ctl",
	.words = "WORD ...",
	.about = "Controls a running modem, and shows what it does.",
	.exits = EXITS_CTL,
	.options = options,
	.most = -1,
	.more = ctl_more,
	.examples = examples,
	.related = "control run",
};

static void print_page(struct page *p, const void *of)
{
	cli_page(of, p);
}

static int help(const char *word)
{
	if (word)
		return ctl_help(word) ? unknown_word(word) : CTL_DONE;
	cli_help(print_page, &command);
	return CTL_DONE;
}

int ctl_main(int argc, char **argv)
{
	struct ctl_options o = { .help = false };
	int next = cli_parse(&command, argc, argv, &o);

	if (next < 0)
		return cli_status(&command, next);
	if (o.help)
		return help(argv[next]);
	if (next == argc)
		return ctl_complain(CTL_USAGE,
			"what to do? fauxtrack ctl --help lists words and actions");
	return run_word(&o.ctl, o.control, o.token, argc - next, argv + next);
}
