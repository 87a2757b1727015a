/* What `fauxtrack complete` offers from tables and from the profiles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/action.h"
#include "base/log.h"
#include "codec/dwl.h"
#include "conf/schema.h"
#include "describe/describe.h"
#include "host/control/condition.h"
#include "host/ctl/ctl_int.h"
#include "host/field/log.h"
#include "host/manual/complete.h"
#include "host/play/bug.h"
#include "host/play/player.h"
#include "host/read/library.h"
#include "state/image.h"
#include "state/notice.h"

/* ---- files of the library ------------------------------------------------------------ */

static void offer_parts(struct completing *c, enum part_kind kind)
{
	struct library *l = library_new(NULL);
	struct library_entry *list;
	size_t n = library_list(l, kind, &list), i;

	for (i = 0; i < n; i++)
		if (!list[i].base)
			complete_offer(c, list[i].name, list[i].title);
	free(list);
	library_free(l);
}

static void profiles(struct completing *c)
{
	offer_parts(c, PART_PROFILE);
}

static void firmwares(struct completing *c)
{
	offer_parts(c, PART_FIRMWARE);
}

static void applications(struct completing *c)
{
	offer_parts(c, PART_APPLICATION);
}

static void bugs(struct completing *c)
{
	struct library *l = library_new(NULL);
	struct bug_entry *list;
	size_t n = bug_list(l, &list), i;

	for (i = 0; i < n; i++)
		complete_offer(c, list[i].name, "");
	free(list);
	library_free(l);
}

/* ---- names --------------------------------------------------------------------------- */

static void offer_names(struct completing *c, const struct name *n)
{
	for (; n->name; n++)
		complete_offer(c, n->name, n->help);
}

static void kinds(struct completing *c)
{
	offer_names(c, dwl_kind_names);
}

static void defects(struct completing *c)
{
	offer_names(c, image_defect_names);
}

static void modes(struct completing *c)
{
	offer_names(c, play_mode_names);
	complete_offer(c, "all", "");
}

static void levels(struct completing *c)
{
	const struct name *n;
	char part[40];

	offer_names(c, log_level_names);
	for (n = log_cat_names; n->name; n++) {
		snprintf(part, sizeof(part), "%s:", n->name);
		complete_offer(c, part, "");
	}
}

static void formats(struct completing *c)
{
	size_t i;

	for (i = 0; field_format_name(i); i++)
		complete_offer(c, field_format_name(i), field_format_help(i));
}

/* ---- keys ---------------------------------------------------------------------------- */

static void key_row(void *c, const char *path, const char *value, const char *help)
{
	char key[300];

	if (strpbrk(path, "[]") || strstr(path, "NAME"))
		return; /* no key of one value */
	(void)value;
	snprintf(key, sizeof(key), "%s=", path);
	complete_offer(c, key, help);
}

/* Keys of a profile: those of its parts have the part's name in front. */
static void keys(struct completing *c)
{
	static const enum part_kind parts[] = { PART_DEVICE, PART_NETWORK, PART_SIM };
	const char *current = c->current, *before = c->before, *name;
	char front[64];
	size_t i, len;

	schema_each_row(profile_schema_at(PART_PROFILE), false, key_row, c);
	complete_offer(c, "sim.number=", "the SIM's phone number");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		name = name_of(part_names, (int)parts[i]);
		len = strlen(name);
		if (strncmp(current, name, len) != 0 || current[len] != '.') {
			snprintf(front, sizeof(front), "%s.", name);
			complete_offer(c, front, "");
			continue;
		}
		snprintf(front, sizeof(front), "%s%s.", before, name);
		*c = (struct completing){ current + len + 1, front };
		schema_each_row(profile_schema_at(parts[i]), false, key_row, c);
		*c = (struct completing){ current, before };
	}
}

/* ---- states and conditions ------------------------------------------------------------ */

static void offer_states(struct completing *c, const char *end)
{
	struct state_field f;
	char path[STATE_PATH], word[STATE_PATH + 2];
	size_t i;

	for (i = 0; modem_state_field(i, &f); i++) {
		if (f.each || f.list)
			continue;
		snprintf(word, sizeof(word), "%s%s", state_field_path(&f, path), end);
		complete_offer(c, word, f.help);
	}
}

static void offer_state_values(struct completing *c, const char *path)
{
	struct state_field f;
	char word[160];
	const char *value;
	size_t i;

	if (!modem_state_known(path, &f))
		return;
	for (i = 0; (value = state_field_value(&f, NULL, i)); i++) {
		snprintf(word, sizeof(word), "%s=%s", path, value);
		complete_offer(c, word, "");
	}
}

static void conditions(struct completing *c)
{
	const struct condition_word *w;
	const struct name *n;
	char word[80];

	if (!strchr(c->current, '=')) {
		for (w = condition_words; w->word; w++)
			complete_offer(c, w->word, w->help);
		complete_offer(
			c, "event=", "an event; fauxtrack list events explains them");
		complete_offer(c, "at=", "the modem has sent this text");
		complete_offer(c, "timeout=", "how long to wait, for instance 5s");
		offer_states(c, "=");
		return;
	}
	for (n = notice_names; n->name; n++) {
		snprintf(word, sizeof(word), "event=%s", n->name);
		complete_offer(c, word, n->help);
	}
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(c->current, "="), c->current);
	offer_state_values(c, word);
}

/* ---- options --------------------------------------------------------------------------- */

void complete_value(struct completing *c, const char *option)
{
	static const struct {
		const char *option;
		void (*offer)(struct completing *c);
	} rows[] = {
		{ "application", applications },
		{ "bad", defects },
		{ "bug", bugs },
		{ "check", profiles },
		{ "firmware", firmwares },
		{ "format", formats },
		{ "kind", kinds },
		{ "log", levels },
		{ "mode", modes },
		{ "profile", profiles },
		{ "set", keys },
		{ "wait", conditions },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].option, option))
			rows[i].offer(c);
}

/* ---- the words of ctl ------------------------------------------------------------------ */

static void offer_field(void *ctx, const struct schema_field *f, const char *key)
{
	struct completing *c = ctx;
	const struct name *n;
	char word[160];

	if (f->type == SCHEMA_STRUCT)
		return;
	snprintf(word, sizeof(word), "%s=", key);
	if (strncmp(c->current, word, strlen(word)) != 0) {
		complete_offer(c, word, f->help);
		return;
	}
	for (n = f->type == SCHEMA_ENUM ? f->names : NULL; n && n->name; n++) {
		snprintf(word, sizeof(word), "%s=%s", key, n->name);
		complete_offer(c, word, n->help);
	}
	if (f->type == SCHEMA_BOOL) {
		snprintf(word, sizeof(word), "%s=true", key);
		complete_offer(c, word, "");
		snprintf(word, sizeof(word), "%s=false", key);
		complete_offer(c, word, "");
	}
}

static void offer_action(struct completing *c, const struct action_row *row, size_t n)
{
	const struct schema_field *scalar = row->args->scalar;

	if (!n && scalar && scalar->type == SCHEMA_ENUM)
		offer_names(c, scalar->names);
	schema_each_field(row->args, offer_field, c);
}

/* "[last=N] [follow=1]", "freeze | step TIME | scale N": the words that are typed so. */
static void offer_args(struct completing *c, const char *args)
{
	char word[40];
	size_t len;

	for (; *args; args += len) {
		args += strspn(args, " []|.");
		len = strcspn(args, " []|.");
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(args, " []|.="), args);
		if (strchr(args, '=') && args[strlen(word)] == '=')
			strcat(word, "=");
		if (*word >= 'a' && *word <= 'z')
			complete_offer(c, word, "");
	}
}

static void ctl_arguments_of(struct completing *c, const char *name, size_t n)
{
	const struct action_row *a = action_find(name);
	const struct ctl_word *w;

	if (!strcmp(name, "wait"))
		conditions(c);
	else if (!strcmp(name, "state"))
		offer_states(c, "");
	else
		for (w = ctl_words; w->name; w++)
			if (!strcmp(w->name, name))
				offer_args(c, w->args);
	if (!strcmp(name, "bug") && !n)
		bugs(c);
	if (a)
		offer_action(c, a, n);
}

/* ---- words ----------------------------------------------------------------------------- */

static void offer_actions(struct completing *c)
{
	const struct action_row *row;
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		complete_offer(c, row->name, row->args->help);
}

void complete_words(
	struct completing *c, const char *subcommand, const char *const *word, size_t n)
{
	static const char *const with_files[] = { "check", "compare", "dwl", "import",
		"play", "record", "trace" };
	size_t i;

	if (!strcmp(subcommand, "play") || !strcmp(subcommand, "check"))
		bugs(c);
	if (!strcmp(subcommand, "check"))
		profiles(c);
	if (!strcmp(subcommand, "ctl") && n)
		ctl_arguments_of(c, word[0], n - 1);
	else if (!strcmp(subcommand, "list") && n == 1 && !strcmp(word[0], "bug"))
		bugs(c);
	else if (!strcmp(subcommand, "list") && n == 1 && !strcmp(word[0], "actions"))
		offer_actions(c);
	else if (!strcmp(subcommand, "compare") && n)
		profiles(c);
	else
		for (i = 0; i < sizeof(with_files) / sizeof(with_files[0]); i++)
			if (!strcmp(with_files[i], subcommand))
				complete_shell(c, "files");
}
