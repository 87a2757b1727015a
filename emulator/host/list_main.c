/* fauxtrack list, check and schema: what there is, and whether it is right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/action_conf.h"
#include "conf/schema.h"
#include "conf/suggest.h"
#include "describe.h"
#include "host/library.h"
#include "host/list_bugs.h"
#include "host/rules_check.h"
#include "host/scenario.h"
#include "host/subcommand.h"
#include "host/tables.h"

#define DEFAULT_PROFILE "fastrack-supreme-20-r74"

static struct library *open_library(void)
{
	struct library *l = library_new(NULL);

	library_hook(l, &tables_hook);
	return l;
}

static int list_parts(enum part_kind kind)
{
	struct library *l = open_library();
	struct library_entry *entries;
	size_t i, n = library_list(l, kind, &entries);

	for (i = 0; i < n; i++)
		if (!entries[i].base)
			printf("%-32s %s\n", entries[i].name, entries[i].title);
	free(entries);
	library_free(l);
	return 0;
}

static int list_profiles(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return list_parts(PART_PROFILE);
}

static int list_devices(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return list_parts(PART_DEVICE);
}

static int list_firmware(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return list_parts(PART_FIRMWARE);
}

static int list_networks(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return list_parts(PART_NETWORK);
}

static int list_sims(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return list_parts(PART_SIM);
}

static int list_quirks(int argc, char **argv)
{
	const struct name *n;

	(void)argc;
	(void)argv;
	for (n = quirk_names; n->name; n++)
		printf("%-26s %s\n", n->name, n->help);
	return 0;
}

static int list_actions(int argc, char **argv)
{
	const struct action_row *row;
	struct doc_errors e;
	size_t i;

	if (argc > 1) {
		doc_errors_init(&e);
		row = action_named(
			argv[1], (struct doc_place){ "list actions", 0, 0 }, &e);
		doc_errors_print(&e, stderr);
		doc_errors_clear(&e);
		if (row)
			action_print(row, stdout);
		return row ? 0 : 2;
	}
	for (i = 0; (row = action_at(i)); i++)
		printf("%-12s %s\n", row->name, row->args->help);
	return 0;
}

static const char *state_value(const struct state_field *f, char *mem, size_t size)
{
	const struct name *n;
	size_t len = 0;

	if (!f->values)
		return f->type == STATE_FLAG     ? "true, false"
		       : f->type == STATE_NUMBER ? "a number"
						 : "a text";
	mem[0] = '\0';
	for (n = f->values; n->name && len < size; n++)
		len += (size_t)snprintf(
			mem + len, size - len, "%s%s", len ? ", " : "", n->name);
	return mem;
}

static int list_states(int argc, char **argv)
{
	struct state_field f;
	char path[64], mem[120];
	size_t i;

	(void)argc;
	(void)argv;
	for (i = 0; modem_state_field(i, &f); i++) {
		snprintf(path, sizeof(path), "%s%s%s%s", f.part ? f.part : "",
			f.part ? "." : "",
			f.each   ? "NAME."
			: f.list ? "N."
				 : "",
			f.key);
		printf("%-26s %s: %s\n", path, f.help, state_value(&f, mem, sizeof(mem)));
	}
	return 0;
}

static int all_bugs(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return list_bugs();
}

static int one_bug(int argc, char **argv)
{
	if (argc == 2)
		return list_bug(argv[1]);
	fputs("usage: fauxtrack list bug NAME\n", stderr);
	return 2;
}

static int list_commands(int argc, char **argv)
{
	const char *profile = argc > 2 && !strcmp(argv[1], "--profile") ? argv[2]
									: DEFAULT_PROFILE;
	struct library *l;
	struct doc_errors e;
	struct profile *p;

	if (argc != 1 && (argc != 3 || strcmp(argv[1], "--profile") != 0)) {
		fputs("usage: fauxtrack list commands [--profile NAME]\n", stderr);
		return 2;
	}
	l = open_library();
	doc_errors_init(&e);
	p = profile_load(l, profile, NULL, 0, &e);
	if (p) {
		tables_build(p);
		tables_print(p, stdout);
		tables_free(p);
	}
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	profile_free(p);
	library_free(l);
	return p ? 0 : 1;
}

static const struct {
	const char *name;
	int (*list)(int argc, char **argv);
} lists[] = {
	{ "profiles", list_profiles },
	{ "devices", list_devices },
	{ "firmware", list_firmware },
	{ "networks", list_networks },
	{ "sims", list_sims },
	{ "commands", list_commands },
	{ "quirks", list_quirks },
	{ "actions", list_actions },
	{ "states", list_states },
	{ "bugs", all_bugs },
	{ "bug", one_bug },
};

#define N_LISTS (sizeof(lists) / sizeof(lists[0]))

int list_main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	bool help = !strcmp(what, "--help");
	struct suggest s;
	char text[80];
	size_t i;

	suggest_init(&s, what);
	for (i = 0; i < N_LISTS; i++) {
		suggest_offer(&s, lists[i].name);
		if (!strcmp(what, lists[i].name))
			return lists[i].list(argc - 1, argv + 1);
	}
	if (!help)
		fprintf(stderr, "fauxtrack list: there is no list \"%s\"%s\n", what,
			suggest_text(&s, text, sizeof(text), ""));
	fputs("usage: fauxtrack list ", help ? stdout : stderr);
	for (i = 0; i < N_LISTS; i++)
		fprintf(help ? stdout : stderr, "%s%s", i ? "|" : "", lists[i].name);
	fputs("\n", help ? stdout : stderr);
	return help ? 0 : 2;
}

/* A scenario is right when its profiles are, with what it sets in them. */
static bool check_scenario(struct library *l, const char *path, struct doc_errors *e)
{
	struct scenario *s = scenario_load(path, e);
	struct profile *p[SCENARIO_PROFILES] = { NULL };
	size_t i;

	for (i = 0; s && i < s->n_profiles; i++) {
		p[i] = profile_load(l, s->profiles[i], s->kv, s->n_kv, e);
		if (!p[i])
			doc_error(e, s->profile_at[i],
				"profile \"%s\" cannot be used "
				"with what this file sets; see the other messages",
				s->profiles[i]);
		else if (s->faults.n)
			tables_build(p[i]);
	}
	if (s && !e->n)
		rules_check(s, (const struct profile *const *)p, s->n_profiles, e);
	if (s && !e->n && !s->n_steps)
		fprintf(stderr,
			"%s: no demo: nothing shows that its rules act; fauxtrack play "
			"has "
			"nothing to play\n",
			path);
	for (i = 0; s && i < s->n_profiles; i++) {
		tables_free(p[i]);
		profile_free(p[i]);
	}
	scenario_free(s);
	return e->n == 0;
}

int check_main(int argc, char **argv)
{
	struct library *l;
	struct doc_errors e;
	int i, bad = 0;

	if (argc < 2 || argv[1][0] == '-') {
		fputs("usage: fauxtrack check FILE...\n"
		      "Checks profiles, their parts and scenarios; says nothing when all "
		      "is well.\n",
			stderr);
		return argc > 1 && !strcmp(argv[1], "--help") ? 0 : 2;
	}
	l = open_library();
	for (i = 1; i < argc; i++) {
		doc_errors_init(&e);
		if (scenario_is(argv[i]) ? !check_scenario(l, argv[i], &e)
					 : !library_check(l, argv[i], &e))
			bad = 1;
		doc_errors_print(&e, stderr);
		doc_errors_clear(&e);
	}
	library_free(l);
	return bad;
}

int schema_main(int argc, char **argv)
{
	const struct schema *const scenario[] = { scenario_schema() };

	if (argc == 1) {
		profile_print_json(stdout);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--markdown")) {
		profile_print_markdown(stdout);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "scenario")) {
		schema_print_json(scenario, 1, stdout);
		return 0;
	}
	fputs("usage: fauxtrack schema [scenario|--markdown]\n"
	      "Prints the JSON Schema of profiles or of scenarios, or the tables of "
	      "profiles/README.md.\n",
		stderr);
	return argc == 2 && !strcmp(argv[1], "--help") ? 0 : 2;
}
