/* fauxtrack ctl: the control interface from a shell. What can be done is read from the
 * rows of action.h. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "conf/suggest.h"
#include "host/condition.h"
#include "host/ctl_int.h"
#include "host/subcommand.h"

/* ---- actions ---------------------------------------------------------------------- */

static void help_value(const struct schema_field *f)
{
	const struct name *n;
	const char *comma = " (";

	for (n = f->type == SCHEMA_ENUM ? f->names : NULL; n && n->name; n++) {
		printf("%s%s", comma, n->name);
		comma = ", ";
	}
	if (f->type == SCHEMA_INT)
		printf(" (%lld to %lld", f->min, f->max);
	else if (f->type == SCHEMA_BOOL)
		printf(" (true, false");
	else if (f->type == SCHEMA_TIME)
		printf(" (250ms, 2s, ...");
	else if (f->type != SCHEMA_ENUM)
		printf(" (text");
	if (f->def)
		printf("; %s without it", f->def);
	printf(")%s\n", f->flags & SCHEMA_REQUIRED ? ", required" : "");
}

/* Keys of mappings with dots, as they are typed: answer.result. */
static void help_fields(const struct schema *s, const char *prefix, int depth)
{
	const struct schema_field *f;
	char key[80];

	for (f = s->fields; f->key; f++) {
		snprintf(key, sizeof(key), "%s%s", prefix, f->key);
		if (f->type == SCHEMA_NOTE)
			continue;
		if (f->type != SCHEMA_STRUCT || depth == 3) {
			printf("  %-10s %s", key, f->help ? f->help : "");
			help_value(f);
			continue;
		}
		printf("  %-10s %s%s\n", key, f->help ? f->help : "",
			f->schema->scalar ? ", or:" : ":");
		snprintf(key, sizeof(key), "%s%s.", prefix, f->key);
		help_fields(f->schema, key, depth + 1);
	}
}

static int help_action(const struct action_row *row)
{

	printf("usage: fauxtrack ctl %s %s%s\n%s\n\n", row->name,
		row->args->scalar ? "VALUE | " : "",
		row->args->fields->key ? "KEY=VALUE ..." : "", row->args->help);
	help_fields(row->args, "", 0);
	return CTL_DONE;
}

static int act(struct ctl *c, const struct action_row *row, int argc, char **argv)
{
	char what[128];
	json_t *body;

	body = ctl_arguments(row->args, argc, argv);
	if (!body)
		return CTL_USAGE;
	snprintf(what, sizeof(what), "/actions/%s", row->name);
	return ctl_do(c, what, body);
}

static void list_actions(void)
{
	const struct action_row *row;
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		printf("%-12s %s\n", row->name, row->args->help);
}

/* ---- the command line ------------------------------------------------------------- */

static int help(void)
{
	const struct condition_word *w;
	const struct ctl_word *row;
	char left[64];

	puts("usage: fauxtrack ctl [--control ADDR] [--modem ID] [--json] WORD ...\n\n"
	     "  --control PATH|tcp:PORT  which emulator; else $FAUXTRACK_CONTROL, else "
	     "the "
	     "only one\n"
	     "  --token TOKEN            of a TCP port; else $FAUXTRACK_TOKEN\n"
	     "  --modem ID               which of its modems, from 1\n"
	     "  --json                   answers as JSON\n");
	for (row = ctl_words; row->name; row++) {
		snprintf(left, sizeof(left), "%s %s", row->name, row->args);
		printf("  %s\n      %s\n", left, row->help);
	}
	puts("  actions\n      what can be done to it, as below");
	puts("\nActions (fauxtrack ctl ACTION --help tells more):\n");
	list_actions();
	puts("\nWords of wait:\n");
	for (w = condition_words; w->word; w++)
		printf("%-12s %s (%s=%s)\n", w->word, w->help, w->field, w->value);
	exits_print(EXITS_CTL, stdout);
	return CTL_DONE;
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
	snprintf(what, sizeof(what), "there is no action \"%.64s\"%s", name,
		suggest_text(
			&near, mem, sizeof(mem), "; fauxtrack ctl --help lists them"));
	return ctl_complain(CTL_USAGE, what);
}

/* NULL: of all. */
static int help_word(const char *name)
{
	const struct action_row *a = name ? action_find(name) : NULL;

	return a ? help_action(a) : help();
}

static int run_word(struct ctl *c, int argc, char **argv)
{
	const struct action_row *a = action_find(argv[0]);
	const struct ctl_word *row;
	char what[200];
	int status;

	for (row = ctl_words; row->name && strcmp(row->name, argv[0]) != 0; row++)
		;
	if (!row->name && !a)
		return unknown_word(argv[0]);
	if (!row->name || (a && row->meant && !row->meant(argc - 1, argv + 1)))
		row = NULL;
	if (row && argc - 1 > row->most) {
		snprintf(what, sizeof(what), "too many words; write %s %s", row->name,
			row->args);
		return ctl_complain(CTL_USAGE, what);
	}
	status = ctl_find_modem(c);
	if (status != CTL_DONE)
		return status;
	return row ? row->run(c, argc - 1, argv + 1) : act(c, a, argc - 1, argv + 1);
}

static int find_server(struct ctl *c, const char *control, const char *token)
{
	char why[500];
	bool many;

	if (control) {
		strcpy(why, "there is nothing to control at none; give PATH or tcp:PORT");
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

int ctl_main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "control", required_argument, NULL, 'c' },
		{ "modem", required_argument, NULL, 'm' },
		{ "token", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *control = NULL, *token = NULL;
	struct ctl c = { .modem = NULL };
	bool wants_help = false;
	char what[200];
	int o, status;

	optind = 0;
	opterr = 0;
	while ((o = getopt_long(argc, argv, ":h", longs, NULL)) != -1) {
		if (o == ':' || o == '?') {
			snprintf(what, sizeof(what), "%.100s %s; --help tells more",
				argv[optind - 1],
				o == ':' ? "wants a value" : "is no option of it");
			return ctl_complain(CTL_USAGE, what);
		}
		control = o == 'c' ? optarg : control;
		token = o == 't' ? optarg : token;
		c.modem = o == 'm' ? optarg : c.modem;
		c.json = c.json || o == 'j';
		wants_help = wants_help || o == 'h';
	}
	if (wants_help)
		return help_word(optind < argc ? argv[optind] : NULL);
	if (optind == argc)
		return ctl_complain(
			CTL_USAGE, "what shall be done? fauxtrack ctl --help tells");
	if (!strcmp(argv[optind], "actions")) {
		list_actions();
		return CTL_DONE;
	}
	status = find_server(&c, control, token);
	return status ? status : run_word(&c, argc - optind, argv + optind);
}
