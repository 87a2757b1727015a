#include "at/data_rows.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "at/tables_int.h"

#define SAME(a, b) _Static_assert((int)(a) == (int)(b), #a " is " #b)

/* what state/command_conf.h says of at/at.h */
SAME(1 << COMMAND_EXEC, AT_EXEC);
SAME(1 << COMMAND_SET, AT_SET);
SAME(1 << COMMAND_READ, AT_READ);
SAME(1 << COMMAND_TEST, AT_TEST);
SAME(COMMAND_INT, AT_INT);
SAME(COMMAND_CHOICE, AT_CHOICE);
SAME(COMMAND_KEEPS_TEXT, AT_TEXT);
SAME(1, AT_NEED_SIM);
SAME(2, AT_NEED_PIN);
SAME(4, AT_NEED_FILES);
SAME(8, AT_NEED_NO_CALL);
SAME(16, AT_NEED_NET);
SAME(32, AT_NEED_CALL);
SAME(64, AT_NEED_OPEN);
SAME(128, AT_NEED_LOADED);

bool at_row_is_data(const struct chapter *const *chapters, const struct command_conf *c)
{
	return command_declares(c) && !at_row_find(chapters, c->name, strlen(c->name));
}

size_t at_data_count(
	const struct chapter *const *chapters, const struct command_conf *c, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += at_row_is_data(chapters, &c[i]);
	return count;
}

size_t at_data_values(const struct command_conf *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->params; i++)
		n += c->param[i].kept != KEEPS_NOT;
	return n;
}

size_t at_data_texts(const struct command_conf *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->params; i++)
		n += c->param[i].kept != KEEPS_NOT &&
		     c->param[i].type == COMMAND_KEEPS_TEXT;
	return n;
}

static enum at_store store_of(const struct param_conf *p)
{
	static const enum at_store stores[] = {
		[KEEPS_NOT] = AT_RAM,
		[KEEPS_RAM] = AT_RAM,
		[KEEPS_SAVED] = AT_W,
		[KEEPS_AT_ONCE] = AT_EE,
	};

	return stores[p->kept] | (p->restored ? AT_F : AT_RAM);
}

static void make_param(struct at_param *to, const struct param_conf *p)
{
	*to = (struct at_param){
		.name = p->name,
		.type = (enum at_type)p->type,
		.values = p->values,
		.field = p->kept ? AT_SLOT : 0,
		.store = store_of(p),
		.optional = p->optional,
	};
}

/* A set form without parameters takes what {1} to {4} can stand for. */
static void take_anything(struct at_cmd *cmd)
{
	static const char *const names[PROFILE_PARAMS] = { "1", "2", "3", "4" };
	size_t i;

	for (i = 0; i < PROFILE_PARAMS; i++)
		cmd->param[i] = (struct at_param){
			.name = names[i], .type = AT_TEXT, .values = "", .optional = true
		};
	cmd->test = "";
}

/* It does nothing: what it says is in its answers. */
static int run_answer(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_OK;
}

void at_data_row(struct at_cmd *cmd, const struct command_conf *c)
{
	size_t kept = at_data_values(c), i;

	*cmd = (struct at_cmd){
		.name = c->name,
		.see = c->see,
		.needs = c->needs,
		.open = c->open,
		.flags = AT_F_DATA | (kept ? AT_F_KEPT : 0u) |
			 (c->scope & COMMAND_RESTRICTED ? AT_F_NO_FIRMWARE : 0u) |
			 (c->scope & COMMAND_BESIDE ? AT_F_BESIDE : 0u),
		.run = kept ? NULL : run_answer,
	};
	for (i = 0; i < COMMAND_FORMS; i++)
		if (command_answers(c, (enum command_form)i))
			cmd->forms |= 1u << i;
	for (i = 0; i < c->params; i++)
		make_param(&cmd->param[i], &c->param[i]);
	if (c->params)
		cmd->forms |= AT_SET | AT_TEST;
	else if (cmd->forms & AT_SET)
		take_anything(cmd);
	if (kept)
		cmd->forms |= AT_READ;
}

void at_data_defaults(struct at_entry *e)
{
	size_t i;

	for (i = 0; i < e->conf->params; i++) {
		const char *text = e->conf->param[i].def;

		if (e->cmd->param[i].type == AT_TEXT)
			e->def_text[i] = text;
		else if (text[0])
			at_read_value(e, (long)i, "", text, &e->def[i]);
	}
}

void at_data_slots(struct at_set *set, int first)
{
	int slot = SETTING(data) + first;
	size_t i, p;

	for (i = 0; i < set->n; i++) {
		struct at_entry *e = &set->entry[i];

		if (!(e->cmd->flags & AT_F_DATA))
			continue;
		for (p = 0; p < e->params; p++) {
			if (e->cmd->param[p].field != AT_SLOT)
				continue;
			assert(slot < (int)SETTINGS_FIELDS);
			e->field[p] = (short)slot++;
		}
	}
}

void at_data_latency(struct at_entry *e)
{
	size_t i;

	for (i = 0; e->conf && i < COMMAND_FORMS; i++)
		if (e->conf->answer[i].latency)
			e->latency[i] = e->conf->answer[i].latency;
}
