/* Checks what profiles say of commands against the rows. */
#include <stdio.h>
#include <string.h>

#include "at/data_rows.h"
#include "at/parse.h"
#include "at/tables_int.h"

static const char unknown[] =
	"is not a command that Fauxtrack knows; `fauxtrack list commands` prints them";

static const char *const tails[COMMAND_FORMS] = { "", "=", "?", "=?" };

static size_t name_length(const char *name)
{
	return strcspn(name, ".");
}

/* The row of that name, of C or made from YAML at mem; NULL: neither has it. */
static const struct at_cmd *row_of(const struct chapter *const *chapters,
	const struct firmware *fw, const char *name, size_t len, struct at_cmd *mem)
{
	const struct at_cmd *cmd = at_row_find(chapters, name, len);
	size_t i;

	for (i = 0; !cmd && i < fw->n_commands; i++) {
		const struct command_conf *c = &fw->commands[i];

		if (strlen(c->name) != len || memcmp(c->name, name, len) != 0 ||
			!command_declares(c))
			continue;
		at_data_row(mem, c);
		cmd = mem;
	}
	return cmd;
}

/* a new command */

/* Whether a typed line can reach it: the parser decides what a name is. */
static bool reachable(const struct command_conf *c)
{
	union {
		struct at_set set;
		char mem[sizeof(struct at_set) + sizeof(struct at_entry)];
	} one = { .set = { .n = 1 } };
	struct at_known known = { .firmware = &one.set };
	struct at_cmd cmd;
	struct at_call call;
	char line[24];
	size_t i, pos;

	at_data_row(&cmd, c);
	one.set.entry[0] = (struct at_entry){ .cmd = &cmd };
	for (i = 0; i < COMMAND_FORMS; i++) {
		if (!(cmd.forms >> i & 1))
			continue;
		snprintf(line, sizeof(line), "%s%s", c->name, tails[i]);
		pos = 0;
		if (at_parse_next(&known, line, strlen(line), &pos, &call) !=
				AT_PARSED_COMMAND ||
			pos != strlen(line) || (unsigned)call.form != 1u << i)
			return false;
	}
	return true;
}

static bool check_param(
	const struct at_entry *e, size_t i, const char *name, char *why, size_t size)
{
	const struct param_conf *p = &e->conf->param[i];
	size_t len;
	int v;

	if (p->type == COMMAND_KEEPS_TEXT) {
		if (strlen(p->def) < COMMAND_TEXT && !strchr(p->def, '"'))
			return true;
		snprintf(why, size,
			"the default of \"%s\" has a quote or more than %d bytes; "
			"shorten it",
			p->name, COMMAND_TEXT - 1);
		return false;
	}
	if (!strcmp(p->values, "absent") || !p->values[0] ||
		(p->type == COMMAND_CHOICE && !at_values_text(p->values, 0, &len))) {
		snprintf(why, size, "\"%s\" of %s has no legal values; write values: %s",
			p->name, name,
			p->type == COMMAND_CHOICE ? "(\"A\",\"B\")" : "(0-9)");
		return false;
	}
	if (!p->kept && !p->def[0] && !p->restored)
		return true;
	if (!p->kept) {
		snprintf(why, size,
			"\"%s\" of %s is not kept; remove its default and restored, or "
			"write kept",
			p->name, name);
		return false;
	}
	if (!p->def[0]) {
		snprintf(why, size, "\"%s\" of %s is kept; write its default", p->name,
			name);
		return false;
	}
	if (at_read_value(e, (long)i, "", p->def, &v))
		return true;
	snprintf(why, size, "\"%s\" of %s cannot be %s; legal values are %s", p->name,
		name, p->def, p->values);
	return false;
}

/* Kept values have places; those of the commands before this one come first. */
static bool check_room(const struct chapter *const *chapters,
	const struct command_conf *all, size_t n, const struct command_conf *c,
	size_t most, char *why, size_t size)
{
	size_t i, values = 0, texts = 0;

	for (i = 0; i < n && &all[i] <= c; i++) {
		if (!at_row_is_data(chapters, &all[i]))
			continue;
		values += at_data_values(&all[i]);
		texts += at_data_texts(&all[i]);
	}
	if (values <= most && texts <= COMMAND_TEXTS)
		return true;
	snprintf(why, size,
		"there are more than %zu kept values, or %d texts among them; keep less",
		most, COMMAND_TEXTS);
	return false;
}

static bool check_new(const struct command_conf *c, char *why, size_t size)
{
	struct at_cmd cmd;
	struct at_entry e;
	size_t i;

	if (!reachable(c)) {
		snprintf(why, size,
			"no line can have the command \"%s\" in all its forms; write a "
			"name such as \"+XNAME\", or fewer forms",
			c->name);
		return false;
	}
	at_data_row(&cmd, c);
	at_lay_row(&e, &cmd, c, 1);
	for (i = 0; i < c->params; i++)
		if (!check_param(&e, i, c->name, why, size))
			return false;
	return true;
}

/* a command of C */

/* The key that only a new command may have; NULL: none is given. */
static const char *new_key(const struct command_conf *c)
{
	size_t i;

	for (i = 0; i < c->params; i++)
		if (c->param[i].kept || c->param[i].type || c->param[i].def[0] ||
			c->param[i].restored || c->param[i].optional)
			return c->param[i].name;
	return c->needs   ? "needs"
	       : c->open  ? "open"
	       : c->scope ? "scope"
	       : c->view  ? "view"
			  : NULL;
}

static bool check_row(
	const struct at_cmd *cmd, const struct command_conf *c, char *why, size_t size)
{
	const char *key = new_key(c);
	size_t i;

	if (key) {
		snprintf(why, size,
			"%s is a command of Fauxtrack's own, of which \"%s\" cannot be "
			"changed; remove that, or choose another name",
			cmd->name, key);
		return false;
	}
	for (i = 0; i < c->params; i++) {
		if (at_find_param(cmd, c->param[i].name) >= 0)
			continue;
		snprintf(why, size, "%s has no parameter \"%s\"; it has %s", cmd->name,
			c->param[i].name,
			cmd->param[0].name ? cmd->param[0].name : "none");
		return false;
	}
	for (i = 0; i < COMMAND_FORMS; i++) {
		if (!command_answers(c, (enum command_form)i) || cmd->forms >> i & 1)
			continue;
		snprintf(why, size,
			"AT%s%s does not exist, so it has no answer to replace; remove "
			"%s",
			cmd->name, tails[i], command_form_names[i].name);
		return false;
	}
	return true;
}

static bool say_unknown(const char *name, size_t len, char *why, size_t size)
{
	snprintf(why, size, "\"%.*s\" %s", (int)len, name, unknown);
	return false;
}

static bool say_not_new(const struct command_conf *c, char *why, size_t size)
{
	snprintf(why, size,
		"\"%s\" %s; one of your own has forms, or parameters that are "
		"kept",
		c->name, unknown);
	return false;
}

bool at_check_overlay(const struct chapter *const *chapters, const struct firmware *fw,
	const struct command_conf *conf, char *why, size_t size)
{
	size_t len = strlen(conf->name);
	const struct at_cmd *cmd = at_row_find(chapters, conf->name, len);

	if (cmd)
		return check_row(cmd, conf, why, size);
	if (!command_declares(conf))
		return say_not_new(conf, why, size);
	return check_new(conf, why, size) &&
	       check_room(chapters, fw->commands, fw->n_commands, conf, COMMAND_VALUES,
		       why, size);
}

bool at_check_own(const struct chapter *const *chapters, const struct command_conf *all,
	size_t n, const struct command_conf *conf, char *why, size_t size)
{
	size_t len = strlen(conf->name);
	const struct at_cmd *cmd = at_row_find(chapters, conf->name, len);

	if (conf->absent || conf->after_cmee || conf->refused ||
		(cmd && (conf->test[0] || conf->params))) {
		snprintf(why, size,
			"an application can only replace what forms of %s answer; remove "
			"the other keys",
			conf->name);
		return false;
	}
	if (cmd)
		return check_row(cmd, conf, why, size);
	if (!command_declares(conf))
		return say_not_new(conf, why, size);
	return check_new(conf, why, size) &&
	       check_room(chapters, all, n, conf, SETTINGS_DATA - SETTINGS_APPLICATION,
		       why, size);
}

bool at_check_latency(const struct chapter *const *chapters, const struct firmware *fw,
	const struct latency_conf *conf, char *why, size_t size)
{
	struct at_cmd mem;
	size_t len;

	at_forms_named(conf->command, &len);
	return row_of(chapters, fw, conf->command, len, &mem) ||
	       say_unknown(conf->command, len, why, size);
}

bool at_check_default(const struct chapter *const *chapters, const struct firmware *fw,
	const struct default_conf *conf, char *why, size_t size)
{
	struct at_cmd mem;
	const struct at_cmd *cmd = row_of(
		chapters, fw, conf->name, name_length(conf->name), &mem);
	struct at_entry e;
	long i;
	int v;

	if (!cmd)
		return say_unknown(conf->name, strlen(conf->name), why, size);
	i = at_stored_param(cmd, conf->name);
	if (i < 0) {
		snprintf(why, size,
			"%s stores nothing of that name; only settings have "
			"defaults",
			conf->name);
		return false;
	}
	if (cmd->flags & AT_F_DATA && cmd->param[i].type == AT_TEXT)
		return true;
	at_lay_row(&e, cmd, fw->commands, fw->n_commands);
	if (at_read_value(&e, i, conf->name, conf->value, &v))
		return true;
	snprintf(why, size, "%s cannot be %s; legal values are %s", conf->name,
		conf->value, e.values[i] ? e.values[i] : "numbers");
	return false;
}

bool at_check_memory(const struct chapter *const *chapters, const struct firmware *fw,
	const struct default_conf *conf, char *why, size_t size)
{
	const struct at_cmd *cmd = at_row_find(chapters, conf->name, strlen(conf->name));
	int v;

	if (!cmd || !cmd->deliver)
		return at_check_default(chapters, fw, conf, why, size);
	if (at_delivered(cmd, conf->value, &v))
		return true;
	snprintf(why, size, "%s cannot be %s in a new unit; legal values are %s",
		conf->name, conf->value, cmd->delivers);
	return false;
}
