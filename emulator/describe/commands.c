/* The command tables as lists of commands and settings. */
#include "describe/commands.h"

#include <string.h>

#include "at/tables.h"
#include "chapters/chapters.h"
#include "state/application.h"

size_t commands_size(const struct firmware *f)
{
	return at_set_size(chapters, f);
}

void commands_init(struct firmware *f, void *mem)
{
	struct at_set *set = mem;

	at_set_build(set, chapters, f);
	f->at = set;
}

size_t commands_own_size(const struct command_conf *conf, size_t n)
{
	return at_own_size(chapters, conf, n);
}

const struct at_set *commands_own_init(
	const struct command_conf *conf, size_t n, void *mem)
{
	at_own_build(mem, chapters, conf, n);
	return mem;
}

bool commands_check_overlay(const struct firmware *fw, const struct command_conf *conf,
	char *why, size_t size)
{
	return at_check_overlay(chapters, fw, conf, why, size);
}

bool commands_check_own(const struct command_conf *all, size_t n,
	const struct command_conf *conf, char *why, size_t size)
{
	return at_check_own(chapters, all, n, conf, why, size);
}

bool commands_check_latency(const struct firmware *fw, const struct latency_conf *conf,
	char *why, size_t size)
{
	return at_check_latency(chapters, fw, conf, why, size);
}

bool commands_check_default(const struct firmware *fw, const struct default_conf *conf,
	char *why, size_t size)
{
	return at_check_default(chapters, fw, conf, why, size);
}

bool commands_check_memory(const struct firmware *fw, const struct default_conf *conf,
	char *why, size_t size)
{
	return at_check_memory(chapters, fw, conf, why, size);
}

/* The chapter of an application that the row belongs to. */
static const char *provider(const struct at_cmd *cmd)
{
	const struct name *n = provides_names;

	while (n->name && !(cmd->provided >> n->value & 1))
		n++;
	return n->name;
}

static const char *status_of(const struct at_entry *e)
{
	if (e->cmd->provided)
		return provider(e->cmd);
	if (e->absent)
		return "absent";
	if (e->refused || e->cmd->flags & AT_F_REFUSED)
		return "refused";
	return e->cmd->flags & AT_F_KEPT ? "kept" : "works";
}

/* All the ways the row keeps its values: an at_store set. */
static unsigned kept_by(const struct at_entry *e)
{
	unsigned kept = e->cmd->own;
	size_t i;

	for (i = 0; i < AT_PARAMS; i++)
		if (e->field[i])
			kept |= e->cmd->param[i].store;
	return kept;
}

static void put_kept(unsigned kept, char *text, size_t size)
{
	static const struct name ways[] = {
		{ AT_W, "AT&W", NULL },
		{ AT_EE, "at once", NULL },
		{ AT_SAS, "AT+CSAS", NULL },
		{ 0, NULL, NULL },
	};
	const struct name *way;
	struct buf b;

	buf_init(&b, text, size - 1);
	for (way = ways; way->name; way++)
		if (kept & (unsigned)way->value)
			buf_printf(&b, "%s%s", b.len ? ", " : "", way->name);
	if (!b.len)
		buf_puts(&b, "-");
	text[b.len] = '\0';
}

static void put_source(const struct at_entry *e, char *text, size_t size)
{
	const char *here = e->differs ? e->differs : "";
	bool whole = !strncmp(here, e->cmd->see, strlen(e->cmd->see));
	struct buf b;

	buf_init(&b, text, size - 1);
	if (e->cmd->flags & AT_F_DATA)
		buf_printf(&b, "%s%s", e->conf->from, here[0] ? "; " : "");
	if (e->cmd->since)
		buf_printf(
			&b, "since %d.%02d; ", e->cmd->since / 100, e->cmd->since % 100);
	buf_puts(&b, whole ? "" : e->cmd->see);
	buf_puts(&b, here[0] && !whole ? "; " : "");
	buf_puts(&b, here);
	if (!(e->cmd->flags & AT_F_DATA) && e->conf && command_declares(e->conf))
		buf_printf(&b, "; answers: %s", e->conf->from);
	text[b.len] = '\0';
}

static void describe(const struct at_entry *e, struct command_row *out)
{
	static const char letters[] = "ESRT";
	int form;

	*out = (struct command_row){
		.name = e->cmd->name,
		.forms = "----",
		.status = status_of(e),
		.data = e->cmd->flags & AT_F_DATA,
	};
	for (form = 0; form < AT_FORMS; form++)
		if (e->cmd->forms >> form & 1)
			out->forms[form] = letters[form];
	put_kept(kept_by(e), out->stored, sizeof(out->stored));
	put_source(e, out->source, sizeof(out->source));
}

static bool row_of(const struct at_set *set, size_t i, struct command_row *out)
{
	if (i >= set->n)
		return false;
	describe(&set->entry[i], out);
	return true;
}

bool commands_row(const struct firmware *f, size_t i, struct command_row *out)
{
	return row_of(f->at, i, out);
}

bool commands_own_row(const struct at_set *own, size_t i, struct command_row *out)
{
	return row_of(own, i, out);
}

static bool keeps(const struct at_entry *e)
{
	size_t i;

	for (i = 0; i < AT_PARAMS; i++)
		if (e->field[i])
			return true;
	return e->cmd->own != AT_RAM;
}

static void put_factory(const struct at_entry *e, char *text, size_t size)
{
	const char *choice;
	struct buf b;
	size_t i, len;

	buf_init(&b, text, size - 1);
	buf_puts(&b, e->cmd->own ? e->cmd->own_value : "");
	for (i = 0; i < AT_PARAMS && e->cmd->param[i].name; i++) {
		if (!e->field[i])
			continue;
		buf_puts(&b, b.len ? "," : "");
		if (at_keeps_text(e, i)) {
			buf_printf(&b, "\"%s\"", e->def_text[i]);
			continue;
		}
		choice = e->cmd->param[i].type == AT_CHOICE
				 ? at_values_text(e->values[i], e->def[i], &len)
				 : NULL;
		if (choice)
			buf_printf(&b, "\"%.*s\"", (int)len, choice);
		else
			buf_printf(&b, "%d", e->def[i]);
	}
	text[b.len] = '\0';
}

bool commands_setting(const struct firmware *f, size_t i, struct setting_row *out)
{
	const struct at_entry *e;
	size_t n;

	for (n = 0; n < f->at->n; n++) {
		e = &f->at->entry[n];
		if (!keeps(e) || i--)
			continue;
		*out = (struct setting_row){ .name = e->cmd->name,
			.source = e->cmd->see,
			.absent = e->absent,
			.data = e->cmd->flags & AT_F_DATA,
			.restored = kept_by(e) & AT_F };
		put_kept(kept_by(e), out->kept, sizeof(out->kept));
		put_factory(e, out->factory, sizeof(out->factory));
		return true;
	}
	return false;
}

bool commands_param(
	const struct firmware *f, const char *command, size_t i, struct param_row *out)
{
	const struct at_entry *e = at_set_find(f->at, command, strlen(command));

	if (!e || i >= AT_PARAMS || i >= e->params || !e->cmd->param[i].name)
		return false;
	*out = (struct param_row){ .name = e->cmd->param[i].name,
		.values = e->values[i],
		.number = e->cmd->param[i].type == AT_INT,
		.stored = e->field[i] != 0 };
	return true;
}
