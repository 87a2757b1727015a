/* fauxtrack ctl: its help, made from the tables of words and actions. */
#include <stdio.h>
#include <string.h>

#include "actions/action.h"
#include "host/control/condition.h"
#include "host/ctl/ctl_int.h"
#include "host/subcommand.h"
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

static void print_field(const struct schema_field *f, const char *key)
{
	char hint[300];

	ctl_hint(f, key, hint, sizeof(hint));
	printf("  %s\n      %s%s%s%s\n", hint, f->help ? f->help : "",
		f->def ? "; default: " : "", f->def ? f->def : "",
		f->flags & SCHEMA_REQUIRED ? " (required)" : "");
}

static void print_fields(const struct schema *s, const char *above)
{
	const struct schema_field *f;
	char key[120];

	for (f = s->fields; f->key; f++) {
		if (f->type == SCHEMA_NOTE)
			continue;
		snprintf(key, sizeof(key), "%s%s%s", above, *above ? "." : "", f->key);
		print_field(f, key);
		if (f->type == SCHEMA_STRUCT && strlen(above) < 40)
			print_fields(f->schema, key);
	}
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

static int help_action(const struct action_row *row)
{
	char example[200];

	ctl_example(row, example, sizeof(example));
	printf("usage: fauxtrack ctl %s %s%s\n%s\n\nexample: fauxtrack ctl %s\n\n",
		row->name, row->args->scalar ? "VALUE | " : "",
		row->args->fields->key ? "KEY=VALUE ..." : "", row->args->help, example);
	print_fields(row->args, "");
	return CTL_DONE;
}

static void print_conditions(void)
{
	const struct condition_word *w;

	puts("\nConditions of wait:\n");
	for (w = condition_words; w->word; w++)
		printf("%-12s %s (%s=%s)\n", w->word, w->help, w->field, w->value);
}

static int help_word(const struct ctl_word *row)
{
	const struct name *n;

	printf("usage: fauxtrack ctl %s%s%s\n%s\n\nexample: fauxtrack ctl %s\n",
		row->name, *row->args ? " " : "", row->args, row->help, row->example);
	if (strcmp(row->name, "wait") != 0)
		return CTL_DONE;
	puts("\nEvents count from the last action of ctl on, or from now on if there was "
	     "none;\nsince=-1: from now on. FIELD=VALUE is a state; fauxtrack list "
	     "states shows all.");
	print_conditions();
	puts("\nEvents:\n");
	for (n = notice_names; n->name; n++)
		printf("%-12s %s\n", n->name, n->help);
	return CTL_DONE;
}

int ctl_list_actions(void)
{
	const struct action_row *row;
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		printf("%-12s %s\n", row->name, row->args->help);
	return CTL_DONE;
}

static int help(void)
{
	const struct ctl_word *row;
	char left[64];

	puts("usage: fauxtrack ctl [--control ADDR] [--modem ID] [--json] WORD ...\n\n"
	     "  --control PATH|tcp:PORT  which emulator (default $FAUXTRACK_CONTROL, "
	     "else the\n"
	     "                           only one running; fauxtrack ctl list shows "
	     "all)\n"
	     "  --token TOKEN            token for a TCP port (default "
	     "$FAUXTRACK_TOKEN)\n"
	     "  --modem ID               which modem of the emulator, from 1; GROUP.N: "
	     "the Nth\n"
	     "                           of a group; GROUP, all: each of them\n"
	     "  --json                   prints answers as JSON\n"
	     "  --print                  panel: prints the URL only\n");
	for (row = ctl_words; row->name; row++) {
		snprintf(left, sizeof(left), "%s %s", row->name, row->args);
		printf("  %s\n      %s\n", left, row->help);
	}
	puts("\nActions (fauxtrack ctl WORD --help explains one, with an example):\n");
	ctl_list_actions();
	print_conditions();
	puts("\nexample: fauxtrack ctl ring from=+33612345678; fauxtrack ctl wait "
	     "event=call\n");
	exits_print(EXITS_CTL, stdout);
	return CTL_DONE;
}

int ctl_help(const char *word)
{
	const struct action_row *a = word ? action_find(word) : NULL;
	const struct ctl_word *row;

	if (!word)
		return help();
	for (row = ctl_words; row->name && strcmp(row->name, word) != 0; row++)
		;
	if (row->name)
		help_word(row);
	if (row->name && a)
		putchar('\n');
	if (a)
		help_action(a);
	return row->name || a ? CTL_DONE : CTL_USAGE;
}
