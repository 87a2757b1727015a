/* fauxtrack check and schema: errors in files, and the JSON Schema for editors. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "conf/profile_conf.h"
#include "conf/schema.h"
#include "conf/suggest.h"
#include "host/cli.h"
#include "host/console.h"
#include "host/paths.h"
#include "host/play/bug.h"
#include "host/play/scenario.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/read/rules_check.h"
#include "host/run/fleet.h"
#include "host/subcommand.h"

/* ---- check ------------------------------------------------------------------------- */

struct check {
	struct library *library;
	unsigned files, bad;
	json_t *rows; /* errors; NULL: they are printed as text */
	struct console_progress progress;
};

/* The profile of modem k of the scenario, with its profile i; NULL, with errors, if it is
 * wrong. */
static struct profile *modem_profile(struct library *l, const struct scenario *s,
	size_t i, size_t k, struct doc_errors *e)
{
	const struct scenario_modem *m = scenario_modem_at(s, k);
	const char *file = m->profile ? m->profile : s->profile_file[i];
	struct profile *p = profile_load(l, file, m->kv, m->n_kv, e);

	if (!p || !profile_complete(p, e))
		doc_error(e, k ? m->profile_at : s->profile_at[i],
			"profile \"%s\" is not valid with the values that this file "
			"sets; see the other messages",
			k ? file : s->profiles[i]);
	else if (m->faults.n)
		tables_build(p);
	return p;
}

/* A scenario is valid if its profiles are, with the values that it sets in them, its modems
 * have different numbers, and its rules can act. */
static void check_modems(
	struct library *l, const struct scenario *s, struct doc_errors *e)
{
	struct profile *p[SCENARIO_MODEMS][SCENARIO_PROFILES] = { { NULL } };
	const struct profile *row[SCENARIO_MODEMS];
	size_t n = scenario_modems(s), i, k;

	for (i = 0; i < s->n_profiles; i++) {
		for (k = 0; k < n; k++)
			row[k] = p[k][i] = modem_profile(l, s, i, k, e);
		if (!e->n)
			scenario_numbers_differ(s, row, e);
	}
	for (k = 0; k < n && !e->n; k++)
		rules_check(scenario_modem_at(s, k), (const struct profile *const *)p[k],
			s->n_profiles, e);
	for (k = 0; k < n; k++)
		for (i = 0; i < s->n_profiles; i++) {
			tables_free(p[k][i]);
			profile_free(p[k][i]);
		}
}

static bool check_scenario(struct library *l, const char *path, struct doc_errors *e)
{
	struct scenario *s = scenario_load(l, path, e);

	if (s)
		check_modems(l, s, e);
	if (s && !e->n && !s->n_steps)
		fprintf(stderr,
			"%s: no demo: nothing tests its rules; add a demo, or fauxtrack "
			"play has nothing to play\n",
			path);
	scenario_free(s);
	return e->n == 0;
}

/* An error of the file as a whole has neither line nor column. */
static void add_errors(json_t *rows, const struct doc_errors *e)
{
	const struct doc_error *x;

	for (x = e->item; x < e->item + e->n; x++)
		json_array_append_new(rows,
			json_pack("{s:s,s:o,s:o,s:s}", "file", x->file, "line",
				x->line ? json_integer(x->line) : json_null(), "column",
				x->line ? json_integer(x->col) : json_null(), "message",
				x->text));
}

static void print_errors(struct check *c, struct doc_errors *e)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	if (c->rows) {
		add_errors(c->rows, e);
		return;
	}
	out = must(open_memstream(&text, &len));
	doc_errors_print(e, out);
	fclose(out);
	if (len)
		console_clear(&c->progress);
	console_messages(stderr, text);
	free(text);
}

static void check_file(void *ctx, const char *path)
{
	struct check *c = ctx;
	struct doc_errors e;

	doc_errors_init(&e);
	console_step(&c->progress, c->files++);
	if (fleet_is(path)          ? !fleet_check(c->library, path, &e)
		: scenario_is(path) ? !check_scenario(c->library, path, &e)
				    : !library_check(c->library, path, &e))
		c->bad++;
	print_errors(c, &e);
	doc_errors_clear(&e);
}

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	struct check *c = ctx;

	(void)arg, (void)why, (void)size;
	if (!c->rows)
		c->rows = json_array();
	return true;
}

static const struct cli_option check_options[] = {
	{ "json", NULL, "prints the errors as JSON to standard output, for programs",
		take_json },
	{ NULL },
};

static const struct cli_member check_members[] = {
	{ "file", "its path" },
	{ "line", "from 1; null: the file as a whole" },
	{ "column", "from 1; null: the file as a whole" },
	{ "message", "what is wrong; what to do" },
	{ NULL, NULL },
};

static const struct cli_example check_examples[] = {
	{ "fauxtrack check my-profiles/", "Checks all files of a folder" },
	{ NULL },
};

static const struct cli_command check_command = {
	.name = "check",
	.words = "FILE|FOLDER|NAME...",
	.options = check_options,
	.members = check_members,
	.about = "Checks profiles, their parts, scenarios and fleets: files, or all "
		 ".yaml files "
		 "in folders and\ntheir subfolders. A NAME is that of a profile or field "
		 "bug of the "
		 "library. Prints nothing if there is no error.",
	.exits = EXITS_CHECK,
	.least = 1,
	.most = -1,
	.missing = "which file? add the path of a file or a folder",
	.examples = check_examples,
	.related = "fleet play profile scenario schema",
};

/* The path of a profile or field bug of the library, in `out`; else the word itself. */
static const char *named(struct library *l, const char *word, char out[LIBRARY_PATH])
{
	if (bug_path(l, word, out) == out)
		return out;
	return access(word, F_OK) && library_find(l, PART_PROFILE, word, out) ? out
									      : word;
}

int check_main(int argc, char **argv)
{
	struct check c = { .files = 0 };
	int i = cli_parse(&check_command, argc, argv, &c);
	char path[LIBRARY_PATH];

	if (i < 0) {
		json_decref(c.rows);
		return cli_status(&check_command, i);
	}
	console_begin(&c.progress, "files checked", 0);
	c.library = library_new(NULL);
	library_hook(c.library, &tables_hook);
	for (; i < argc; i++)
		if (!paths_each(named(c.library, argv[i], path), check_file, &c))
			c.bad++;
	library_free(c.library);
	console_clear(&c.progress);
	if (c.rows) {
		json_dumpf(c.rows, stdout, JSON_INDENT(2));
		putchar('\n');
		json_decref(c.rows);
	}
	if (c.bad)
		return EXITS_FAILED;
	if (c.files)
		return EXITS_DONE;
	cli_wrong(
		&check_command, "nothing to check: no .yaml file found; check the path");
	return EXITS_NOTHING;
}

/* ---- schema ------------------------------------------------------------------------ */

static bool take_markdown(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	*(bool *)ctx = true;
	return true;
}

static const struct cli_option schema_options[] = {
	{ "markdown", NULL, "prints the tables of profiles/README.md instead",
		take_markdown },
	{ NULL },
};

static const struct cli_example schema_examples[] = {
	{ "fauxtrack schema scenario >scenario.json",
		"The schema of scenarios, for an editor" },
	{ NULL },
};

static const struct cli_command schema_command = {
	.name = "schema",
	.words = "[KIND]",
	.about = "Prints the JSON Schema of one kind of file: scenario (also for field "
		 "bugs),\n"
		 "fleet, profile, device, firmware, application, network, sim or "
		 "operators. Without "
		 "KIND: "
		 "for all\n"
		 "files in profiles/ except field bugs.",
	.exits = EXITS_PLAIN,
	.options = schema_options,
	.most = 1,
	.examples = schema_examples,
	.related = "check fleet profile scenario",
};

const char *schema_child(size_t i)
{
	static const char *const own[] = { "scenario", "fleet" };

	return i < 2 ? own[i] : part_names[i - 2].name;
}

int schema_main(int argc, char **argv)
{
	const struct schema *const scenario[] = { scenario_schema() };
	const struct schema *const fleet[] = { fleet_schema() };
	bool markdown = false;
	int i = cli_parse(&schema_command, argc, argv, &markdown);
	const char *word = i >= 0 && i < argc ? argv[i] : NULL;
	const struct name *kind = word ? name_find(part_names, word) : NULL;
	struct suggest s;
	char text[160];
	size_t k;

	if (i < 0)
		return cli_status(&schema_command, i);
	if (word && markdown)
		return cli_wrong(&schema_command,
			"--markdown prints profiles only; leave out \"%s\"", word);
	if (markdown)
		profile_print_markdown(stdout);
	else if (!word)
		profile_print_json(PART_KINDS, stdout);
	else if (!strcmp(word, schema_child(0)))
		schema_print_json("scenario", scenario, 1, stdout);
	else if (!strcmp(word, schema_child(1)))
		schema_print_json("fleet", fleet, 1, stdout);
	else if (kind)
		profile_print_json((enum part_kind)kind->value, stdout);
	else {
		suggest_init(&s, word);
		for (k = 0; schema_child(k); k++)
			suggest_offer(&s, schema_child(k));
		return cli_wrong(&schema_command, "unknown schema \"%s\"%s", word,
			suggest_text(&s, text, sizeof(text),
				"; fauxtrack schema --help lists them"));
	}
	return EXITS_DONE;
}
