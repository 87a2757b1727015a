/* fauxtrack list: one row per kind in the table at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/action_conf.h"
#include "conf/schema.h"
#include "conf/suggest.h"
#include "describe/describe.h"
#include "host/cli.h"
#include "host/console.h"
#include "host/control/api_help.h"
#include "host/control/condition.h"
#include "host/field/log.h"
#include "host/manual/topics.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/read/list_int.h"
#include "host/subcommand.h"
#include "state/image.h"
#include "state/notice.h"

static struct library *open_library(void)
{
	struct library *l = library_new(NULL);

	library_hook(l, &tables_hook);
	return l;
}

/* ---- rows ------------------------------------------------------------------------- */

static void text_row(const struct list_kind *k, const char *const *cell)
{
	const char *text;
	size_t i;

	for (i = 0; i < LIST_COLUMNS && k->column[i].key; i++) {
		text = cell[i] ? cell[i] : "-";
		if (i + 1 < LIST_COLUMNS && k->column[i + 1].key) {
			console_put(stdout, i ? CONSOLE_PLAIN : CONSOLE_NAME, text);
			printf("%*s ",
				strlen(text) < (size_t)k->column[i].width
					? k->column[i].width - (int)strlen(text)
					: 0,
				"");
		} else
			puts(text);
	}
}

void list_row(struct listing *l, const char *const *cell)
{
	const struct list_kind *k = l->kind;
	json_t *row;
	size_t i;

	l->any = true;
	if (!l->rows) {
		text_row(k, cell);
		return;
	}
	row = json_object();
	for (i = 0; i < LIST_COLUMNS && k->column[i].key; i++)
		json_object_set_new(row, k->column[i].key,
			cell[i] ? json_string(cell[i]) : json_null());
	json_array_append_new(l->rows, row);
}

void list_object(json_t *object)
{
	json_dumpf(object, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(object);
}

/* ---- the rows of each kind -------------------------------------------------------- */

static int parts(struct listing *l, enum part_kind kind)
{
	struct library *lib = open_library();
	struct library_entry *entries;
	size_t i, n = library_list(lib, kind, &entries);

	for (i = 0; i < n; i++)
		if (!entries[i].base)
			list_row(
				l, (const char *[]){ entries[i].name, entries[i].title });
	free(entries);
	library_free(lib);
	if (l->any)
		return EXITS_DONE;
	fprintf(stderr,
		"fauxtrack list: no %s found; set FAUXTRACK_PROFILES to the folder that "
		"contains them\n",
		l->kind->name);
	return EXITS_FAILED;
}

static int profiles(struct listing *l)
{
	return parts(l, PART_PROFILE);
}

static int devices(struct listing *l)
{
	return parts(l, PART_DEVICE);
}

static int firmware(struct listing *l)
{
	return parts(l, PART_FIRMWARE);
}

static int applications(struct listing *l)
{
	return parts(l, PART_APPLICATION);
}

static int networks(struct listing *l)
{
	return parts(l, PART_NETWORK);
}

static int sims(struct listing *l)
{
	return parts(l, PART_SIM);
}

static int sets(struct listing *l)
{
	return parts(l, PART_SET);
}

static int one_action(struct listing *l)
{
	const struct action_row *row;
	struct doc_errors e;

	doc_errors_init(&e);
	row = action_named(l->word, (struct doc_place){ "list actions", 0, 0 }, &e);
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	if (row && l->rows)
		schema_print_json(NULL, &row->args, 1, stdout);
	else if (row)
		action_print(row, stdout);
	return row ? EXITS_DONE : EXITS_USAGE;
}

static int actions(struct listing *l)
{
	const struct action_row *row;
	size_t i;

	if (l->word)
		return one_action(l);
	for (i = 0; (row = action_at(i)); i++)
		list_row(l, (const char *[]){ row->name, row->args->help });
	return EXITS_DONE;
}

static const char *state_value(const struct state_field *f, char *mem, size_t size)
{
	const char *value;
	size_t i, len = 0;

	for (i = 0; (value = state_field_value(f, NULL, i)) && len < size; i++)
		len += (size_t)snprintf(
			mem + len, size - len, "%s%s", len ? ", " : "", value);
	if (i)
		return mem;
	if (f->choice)
		return "a name that the profile has";
	if (f->type == STATE_TEXT)
		return "a text";
	if (f->most == INT64_MAX)
		return "a number";
	snprintf(mem, size, "0 to %lld", f->most);
	return mem;
}

static int states(struct listing *l)
{
	char path[STATE_PATH], mem[200], help[160];
	struct state_field f;
	size_t i;

	for (i = 0; modem_state_field(i, &f); i++) {
		snprintf(help, sizeof(help), "%s%s", f.help, l->rows ? "" : ":");
		list_row(l, (const char *[]){ state_field_path(&f, path), help,
				    state_value(&f, mem, sizeof(mem)) });
	}
	return EXITS_DONE;
}

static int exits(struct listing *l)
{
	const struct exits_group *g;
	const struct exit_row *r;
	char of[160];

	for (r = exit_rows; r->status; r++) {
		of[0] = '\0';
		for (g = exits_groups; g->commands; g++)
			if (r->of & g->of)
				snprintf(of + strlen(of), sizeof(of) - strlen(of), "%s%s",
					of[0] ? " " : "", g->commands);
		list_row(l, (const char *[]){ r->status, of, r->help });
	}
	return EXITS_DONE;
}

static int all_subcommands(struct listing *l)
{
	const struct subcommand *s;
	const char *child;
	char name[64];
	size_t i;

	for (s = subcommands; s->name; s++) {
		if (!s->help)
			continue;
		list_row(l, (const char *[]){ s->name, s->help });
		for (i = 0; s->child && (child = s->child(i)); i++) {
			snprintf(name, sizeof(name), "%s %s", s->name, child);
			list_row(l, (const char *[]){ name, "" });
		}
	}
	return EXITS_DONE;
}

static int all_topics(struct listing *l)
{
	const struct topic *t;

	for (t = topics; t->name; t++)
		list_row(l, (const char *[]){ t->name, t->help });
	return EXITS_DONE;
}

static int conditions(struct listing *l)
{
	const struct condition_word *w;

	for (w = condition_words; w->word; w++)
		list_row(l, (const char *[]){ w->word, w->field, w->value, w->help });
	return EXITS_DONE;
}

static int formats(struct listing *l)
{
	size_t i;

	for (i = 0; field_format_name(i); i++)
		list_row(l,
			(const char *[]){ field_format_name(i), field_format_help(i) });
	return EXITS_DONE;
}

static void command_row(void *ctx, const char *const cell[TABLES_CELLS])
{
	list_row(ctx, cell);
}

static void command_rows(struct listing *l, const struct profile *p)
{
	static const char *const heads[] = { "command", "forms", "stored", "status",
		"source" };

	if (!l->rows)
		list_row(l, heads);
	tables_each(p, command_row, l);
	if (!l->rows)
		tables_print_counts(p, stdout);
}

static int commands(struct listing *l)
{
	struct library *lib = open_library();
	struct doc_errors e;
	struct profile *p;

	doc_errors_init(&e);
	p = profile_load(lib, l->profile ? l->profile : LIBRARY_PROFILE, NULL, 0, &e);
	if (p && !profile_complete(p, &e)) {
		profile_free(p);
		p = NULL;
	}
	if (p) {
		tables_build(p);
		command_rows(l, p);
		tables_free(p);
	}
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	profile_free(p);
	library_free(lib);
	return p ? EXITS_DONE : EXITS_FAILED;
}

static int names(struct listing *l)
{
	const struct name *n;

	for (n = l->kind->names; n->name; n++)
		list_row(l, (const char *[]){ n->name, n->help });
	return EXITS_DONE;
}

/* ---- the kinds -------------------------------------------------------------------- */

#define NAME_AND(key, width, help)             \
	{                                      \
		{ "name", width, "its name" }, \
		{                              \
			key, 0, help           \
		}                              \
	}
#define NAME_AND_TITLE(width) NAME_AND("title", width, "what it is")
#define NAME_AND_HELP(width)  NAME_AND("help", width, "what it means")

static void bug_members(struct page *p)
{
	api_help_members(p, "field_bug");
}

static void action_members(struct page *p)
{
	page_text(p, "With NAME and --json: the JSON Schema of its arguments.");
}

static const struct list_kind kinds[] = {
	{ "profiles", "modems, for --profile", NAME_AND_TITLE(32), profiles },
	{ "devices", "hardware of the modems", NAME_AND_TITLE(32), devices },
	{ "firmware", "firmware versions", NAME_AND_TITLE(32), firmware },
	{ "applications", "Open AT applications", NAME_AND_TITLE(32), applications },
	{ "networks", "GSM networks", NAME_AND_TITLE(32), networks },
	{ "sims", "SIMs", NAME_AND_TITLE(32), sims },
	{ "sets", "sets of profiles, for `profiles:` in scenarios", NAME_AND_TITLE(32),
		sets },
	{ "commands", "AT commands of a profile, and what the modem does with each",
		{ { "command", 12, "its name" },
			{ "forms", 6, "forms that it has: =?, ?, =, or none" },
			{ "stored", 15, "where its settings are kept" },
			{ "status", 8, "how completely it is emulated" },
			{ "source", 0, "the chapter of the manual" } },
		commands },
	{ "quirks", "firmware peculiarities that --set can switch on and off",
		NAME_AND_HELP(26), .names = quirk_names },
	{ "actions", "what ctl and scenarios can do to a modem; NAME: its arguments",
		NAME_AND_HELP(12), actions, .words = "[NAME]", .more = action_members },
	{ "conditions", "words that `ctl wait` and --wait wait for",
		{ { "name", 12, "the word" },
			{ "field", 24, "the state that it stands for" },
			{ "value", 10, "the value of that state" },
			{ "help", 0, "what it means" } },
		conditions },
	{ "states", "states of a modem, to read and to wait for",
		{ { "path", 26, "of the state, for `ctl state PATH` and conditions" },
			{ "help", 0, "what it means" },
			{ "values", 0, "the values that it can have" } },
		states },
	{ "events", "events, to wait for with event=NAME", NAME_AND_HELP(12),
		.names = notice_names },
	{ "bugs", "field bugs, for --bug", NAME_AND_TITLE(48), list_bugs },
	{ "bug", "one field bug: symptom, cause, source", .fill = list_bug,
		.words = "NAME",
		.missing = "which field bug? fauxtrack list bugs shows them",
		.more = bug_members },
	{ "complaints", "protocol mistakes of a host, which --on-exit reports",
		NAME_AND_HELP(12), .names = client_fault_names },
	{ "formats", "logs that `fauxtrack import` reads, for --format",
		NAME_AND_HELP(12), formats },
	{ "defects", "defects of images, for `dwl make --bad`", NAME_AND_HELP(17),
		.names = image_defect_names },
	{ "exits", "exit statuses, and the subcommands that return them",
		{ { "status", 6, "a number, N or 128+N" },
			{ "commands", 20, "subcommands, separated by blanks" },
			{ "help", 0, "what it means" } },
		exits },
	{ "subcommands", "subcommands and their words; each has a --help",
		NAME_AND_HELP(16), all_subcommands },
	{ "topics", "what `fauxtrack help TOPIC` explains", NAME_AND_HELP(12),
		all_topics },
	{ NULL },
};

const char *list_child(size_t i)
{
	return kinds[i].name;
}

/* ---- the command line ------------------------------------------------------------- */

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	struct listing *l = ctx;

	(void)arg;
	(void)why;
	(void)size;
	if (!l->rows)
		l->rows = json_array();
	return true;
}

static bool take_profile(void *ctx, char *arg, char *why, size_t size)
{
	struct listing *l = ctx;

	l->profile = arg;
	return cli_path(arg, why, size);
}

static const struct cli_option options[] = {
	{ "json", NULL, "prints JSON, for programs", take_json },
	{ "profile", "NAME|FILE", "which modem (default " LIBRARY_PROFILE ")",
		take_profile, 'p', "list commands",
		"leave it out, this list is the same for all profiles" },
	{ NULL },
};

static int list(const struct list_kind *k, int argc, char **argv)
{
	const char *words = k->words ? k->words : "";
	struct listing l = { .kind = k };
	struct cli_member members[LIST_COLUMNS + 1] = { { NULL, NULL } };
	char name[32];
	const struct cli_command command = {
		.name = name,
		.words = words,
		.about = k->help,
		.exits = EXITS_PLAIN,
		.options = options,
		.least = k->missing ? 1 : 0,
		.most = *words ? 1 : 0,
		.missing = k->missing,
		.more = k->more,
		.members = k->column[0].key ? members : NULL,
	};
	int first, status;
	size_t i;

	for (i = 0; i < LIST_COLUMNS && k->column[i].key; i++)
		members[i] = (struct cli_member){ k->column[i].key, k->column[i].help };

	snprintf(name, sizeof(name), "list %s", k->name);
	first = cli_parse(&command, argc, argv, &l);
	if (first >= 0) {
		l.word = first < argc ? argv[first] : NULL;
		status = k->fill ? k->fill(&l) : names(&l);
		if (l.rows && !l.word && k->column[0].key)
			list_object(json_incref(l.rows));
	} else {
		status = cli_status(&command, first);
	}
	json_decref(l.rows);
	return status;
}

static void print_kinds(struct page *p)
{
	const struct list_kind *k;
	char left[32];

	page_section(p, PAGE_OTHER, "Kinds", 16);
	for (k = kinds; k->name; k++) {
		snprintf(left, sizeof(left), "%s%s%s", k->name, k->words ? " " : "",
			k->words ? k->words : "");
		page_row(p, left, k->help);
	}
}

static const struct cli_example list_examples[] = {
	{ "fauxtrack list profiles", "The modems that there are" },
	{ "fauxtrack list bug dwl-band-reset-after-upgrade",
		"A field bug: symptom, cause, source" },
	{ "fauxtrack list commands --profile fastrack-supreme-20-r663 --json",
		"The commands of a modem, for programs" },
	{ NULL },
};

static const struct cli_command list_command = {
	.name = "list",
	.words = "KIND",
	.about = "Lists profiles, commands and so on. Each kind has --json.",
	.exits = EXITS_PLAIN,
	.least = 1,
	.most = -1,
	.missing = "which kind? such as profiles; fauxtrack list --help shows all kinds",
	.leads = true,
	.more = print_kinds,
	.examples = list_examples,
	.related = "control profile run",
};

int list_main(int argc, char **argv)
{
	int first = cli_parse(&list_command, argc, argv, NULL);
	const struct list_kind *k;
	struct suggest s;
	char text[160];

	if (first < 0)
		return cli_status(&list_command, first);
	suggest_init(&s, argv[first]);
	for (k = kinds; k->name; k++) {
		suggest_offer(&s, k->name);
		if (!strcmp(argv[first], k->name))
			return list(k, argc - first, argv + first);
	}
	return cli_wrong(&list_command, "unknown list \"%s\"%s", argv[first],
		suggest_text(
			&s, text, sizeof(text), "; fauxtrack list --help shows them"));
}
