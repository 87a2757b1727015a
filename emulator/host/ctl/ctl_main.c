/* fauxtrack ctl: the control interface from a shell. The actions come from the table of
 * action.h. */
#include <getopt.h>
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

int ctl_main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "control", required_argument, NULL, 'c' },
		{ "modem", required_argument, NULL, 'm' },
		{ "token", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "print", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *control = NULL, *token = NULL;
	struct ctl c = { .modem = NULL };
	bool wants_help = false;
	char what[200];
	int o;

	optind = 0;
	opterr = 0;
	while ((o = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (o == ':' || o == '?') {
			snprintf(what, sizeof(what),
				"%.100s %s; fauxtrack ctl --help lists the options",
				argv[optind - 1],
				o == ':' ? "needs a value" : "is not an option of ctl");
			return ctl_complain(CTL_USAGE, what);
		}
		control = o == 'c' ? optarg : control;
		token = o == 't' ? optarg : token;
		c.modem = o == 'm' ? optarg : c.modem;
		c.json = c.json || o == 'j';
		c.print = c.print || o == 'p';
		wants_help = wants_help || o == 'h';
	}
	if (wants_help && optind < argc && ctl_help(argv[optind]))
		return unknown_word(argv[optind]);
	if (wants_help)
		return optind < argc ? CTL_DONE : ctl_help(NULL);
	if (optind == argc)
		return ctl_complain(CTL_USAGE,
			"what to do? fauxtrack ctl --help lists words and actions");
	return run_word(&c, control, token, argc - optind, argv + optind);
}
