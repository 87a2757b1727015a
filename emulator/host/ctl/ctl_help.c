/* fauxtrack ctl: its help, made from the tables of words and actions. */
#include <stdio.h>
#include <string.h>

#include "actions/action.h"
#include "host/control/api_help.h"
#include "host/control/condition.h"
#include "host/ctl/ctl_int.h"
#include "state/notice.h"

/* ---- values ----------------------------------------------------------------------- */

void ctl_hint(const struct schema_field *f, const char *key, char *out, size_t size)
{
	const struct name *n;
	size_t len = (size_t)snprintf(out, size, "%s=", key);

	if (len >= size)
		return;
	switch (f->type) {
	case SCHEMA_INT:
		if (f->max == INT64_MAX)
			snprintf(out + len, size - len, "N");
		else
			snprintf(out + len, size - len, "%lld..%lld", f->min, f->max);
		break;
	case SCHEMA_BOOL:
		snprintf(out + len, size - len, "true|false");
		break;
	case SCHEMA_TIME:
		snprintf(out + len, size - len, "TIME, such as 250ms, 2s, 1m or 1h");
		break;
	case SCHEMA_ENUM:
		for (n = f->names; n->name && len < size; n++)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
				n == f->names ? "" : "|", n->name);
		break;
	case SCHEMA_TEXT:
	case SCHEMA_VALUE:
	case SCHEMA_SET:
	case SCHEMA_STRUCT:
	case SCHEMA_LIST:
	case SCHEMA_TABLE:
	case SCHEMA_NOTE:
		snprintf(out + len, size - len, "TEXT");
		break;
	}
}

static void print_field(void *page, const struct schema_field *f, const char *key)
{
	struct page *p = page;
	char hint[300], help[700];

	ctl_hint(f, key, hint, sizeof(hint));
	snprintf(help, sizeof(help), "%s%s%s%s", f->help ? f->help : "",
		f->def ? "; default: " : "", f->def ? f->def : "",
		f->flags & SCHEMA_REQUIRED ? " (required)" : "");
	page_row(p, hint, help);
}

/* ---- examples --------------------------------------------------------------------- */

static const char *example_value(const struct schema_field *f, char *mem, size_t size)
{
	if (f->def && *f->def && f->type == SCHEMA_INT)
		return f->def;
	switch (f->type) {
	case SCHEMA_INT:
		snprintf(mem, size, "%lld",
			f->min <= 20 && f->max >= 20 ? 20
			: f->max < 20                ? f->max
						     : f->min);
		return mem;
	case SCHEMA_BOOL:
		return "true";
	case SCHEMA_TIME:
		return "2s";
	case SCHEMA_ENUM:
		return f->names->name;
	case SCHEMA_TEXT:
	case SCHEMA_VALUE:
	case SCHEMA_SET:
	case SCHEMA_STRUCT:
	case SCHEMA_LIST:
	case SCHEMA_TABLE:
	case SCHEMA_NOTE:
		break;
	}
	return !strcmp(f->key, "from") || !strcmp(f->key, "number") ? "+33612345678"
								    : "hello";
}

/* An example of an action, made from its row: "ring from=+33612345678". */
static void ctl_example(const struct action_row *row, char *out, size_t size)
{
	const struct schema_field *f, *scalar = row->args->scalar;
	size_t len = (size_t)snprintf(out, size, "%s", row->name);
	char mem[24];

	if (row->example) {
		snprintf(out, size, "%s", row->example);
		return;
	}
	if (scalar && scalar->type == SCHEMA_ENUM) {
		snprintf(out + len, size - len, " %s", scalar->names->name);
		return;
	}
	for (f = row->args->fields; f->key && len < size; f++)
		if (f->flags & SCHEMA_REQUIRED)
			len += (size_t)snprintf(out + len, size - len, " %s=%s", f->key,
				example_value(f, mem, sizeof(mem)));
}

/* ---- pages ------------------------------------------------------------------------ */

static void add_example(struct page *p, const char *words)
{
	char line[240];

	snprintf(line, sizeof(line), "fauxtrack ctl %s", words);
	page_section(p, PAGE_EXAMPLES, NULL, 0);
	page_code(p, line);
}

static void print_action(struct page *p, const struct action_row *row)
{
	char name[40], words[40], example[200];

	snprintf(name, sizeof(name), "ctl %s", row->name);
	snprintf(words, sizeof(words), "%s%s", row->args->scalar ? "VALUE | " : "",
		row->args->fields->key ? "KEY=VALUE ..." : "");
	page_usage(p, name, words, false);
	page_text(p, row->args->help);
	if (row->args->fields->key)
		page_section(p, PAGE_OTHER, "Values", 20);
	schema_each_field(row->args, print_field, p);
	api_help_members(p, "done");
	ctl_example(row, example, sizeof(example));
	add_example(p, example);
}

static void print_conditions(struct page *p)
{
	const struct condition_word *w;
	char help[300];

	page_section(p, PAGE_OTHER, "Conditions of wait", 12);
	for (w = condition_words; w->word; w++) {
		snprintf(help, sizeof(help), "%s (%s=%s)", w->help, w->field, w->value);
		page_row(p, w->word, help);
	}
}

static void print_wait(struct page *p)
{
	const struct name *n;

	page_text(p,
		"Events count from the last action of ctl on, or from now on if there "
		"was "
		"none; since=-1: from now on. FIELD=VALUE is a state; fauxtrack list "
		"states shows all.");
	print_conditions(p);
	page_section(p, PAGE_OTHER, "Events", 12);
	for (n = notice_names; n->name; n++)
		page_row(p, n->name, n->help);
}

static void print_word(struct page *p, const struct ctl_word *row)
{
	char name[40];

	snprintf(name, sizeof(name), "ctl %s", row->name);
	page_usage(p, name, row->args, false);
	page_text(p, row->help);
	if (!strcmp(row->name, "wait"))
		print_wait(p);
	if (row->answer)
		api_help_members(p, row->answer);
	if (row->members)
		cli_members(p, row->members);
	add_example(p, row->example);
}

static void action_rows(struct page *p)
{
	const struct action_row *row;
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		page_row(p, row->name, row->args->help);
}

int ctl_list_actions(const struct ctl *c)
{
	const struct action_row *row;
	json_t *all = json_array();
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		if (c->json)
			json_array_append_new(
				all, json_pack("{s:s,s:s}", "name", row->name, "help",
					     row->args->help));
		else
			printf("%-12s %s\n", row->name, row->args->help);
	if (c->json)
		ctl_print_json(all);
	json_decref(all);
	return CTL_DONE;
}

void ctl_more(struct page *p)
{
	const struct ctl_word *row;
	char term[80];

	page_section(p, PAGE_OTHER, "Words", 12);
	for (row = ctl_words; row->name; row++) {
		snprintf(term, sizeof(term), "%s%s%s", row->name, *row->args ? " " : "",
			row->args);
		page_row(p, term, row->help);
	}
	page_section(
		p, PAGE_OTHER, "Actions (fauxtrack ctl WORD --help explains one)", 12);
	action_rows(p);
	print_conditions(p);
}

static const struct ctl_word *word_named(const char *name)
{
	const struct ctl_word *row;

	for (row = ctl_words; row->name && strcmp(row->name, name) != 0; row++)
		;
	return row->name ? row : NULL;
}

/* A name may be a word and an action. */
static void print_named(struct page *p, const void *of)
{
	const struct ctl_word *row = word_named(of);
	const struct action_row *a = action_find(of);

	if (row)
		print_word(p, row);
	if (a)
		print_action(p, a);
}

int ctl_help(const char *word)
{
	if (!word_named(word) && !action_find(word))
		return CTL_USAGE;
	cli_help(print_named, word);
	return CTL_DONE;
}
