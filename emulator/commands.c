#include "commands.h"

#include <string.h>

#include "at/tables.h"

size_t commands_size(void)
{
	return sizeof(struct at_set);
}

void commands_init(struct firmware *f, void *mem)
{
	struct at_set *set = mem;

	at_set_build(set, f);
	f->at = set;
}

bool commands_check_overlay(const struct command_conf *conf, char *why, size_t size)
{
	return at_check_overlay(conf, why, size);
}

bool commands_check_latency(const struct latency_conf *conf, char *why, size_t size)
{
	return at_check_latency(conf, why, size);
}

bool commands_check_default(const struct firmware *fw, const struct default_conf *conf,
	char *why, size_t size)
{
	return at_check_default(fw, conf, why, size);
}

static const char *status_of(const struct at_entry *e)
{
	if (e->absent)
		return "absent";
	if (e->cmd->flags & AT_F_REFUSED)
		return "refused";
	return e->cmd->flags & AT_F_KEPT ? "kept" : "works";
}

static const char *stored_of(const struct at_entry *e)
{
	static const char *const names[] = {
		[AT_RAM] = "-",
		[AT_W] = "AT&W",
		[AT_EE] = "at once",
		[AT_EEF] = "at once",
		[AT_SAS] = "AT+CSAS",
		[AT_SASF] = "AT+CSAS",
	};
	size_t i;

	for (i = 0; i < AT_PARAMS; i++)
		if (e->field[i])
			return names[e->cmd->param[i].store];
	return "-";
}

bool commands_row(const struct firmware *f, size_t i, struct command_row *out)
{
	static const char letters[] = "ESRT";
	const struct at_entry *e;
	int form;

	if (i >= f->at->n)
		return false;
	e = &f->at->entry[i];
	*out = (struct command_row){
		.name = e->cmd->name,
		.source = e->cmd->see,
		.forms = "----",
		.stored = stored_of(e),
		.status = status_of(e),
	};
	for (form = 0; form < AT_FORMS; form++)
		if (e->cmd->forms >> form & 1)
			out->forms[form] = letters[form];
	return true;
}
