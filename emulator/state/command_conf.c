#include "state/command_conf.h"

const struct name command_form_names[] = {
	{ COMMAND_EXEC, "exec", "AT+X" },
	{ COMMAND_SET, "set", "AT+X=..." },
	{ COMMAND_READ, "read", "AT+X?" },
	{ COMMAND_TEST, "test", "AT+X=?" },
	{ 0, NULL, NULL },
};

const struct name command_need_names[] = {
	{ 1, "sim", "a SIM" },
	{ 2, "pin", "a SIM that waits for no PIN" },
	{ 4, "files", "a SIM whose files are loaded" },
	{ 8, "no_call", "no call" },
	{ 16, "network", "registration" },
	{ 32, "call", "a call" },
	{ 64, "open", "no pending PIN, if there is a SIM" },
	{ 128, "loaded", "loaded files, if there is a SIM" },
	{ 0, NULL, NULL },
};

const struct name command_scope_names[] = {
	{ COMMAND_RESTRICTED, "restricted", "works without a firmware, too" },
	{ COMMAND_BESIDE, "beside", "runs at once while another command works" },
	{ 0, NULL, NULL },
};

const struct name command_type_names[] = {
	{ COMMAND_INT, "int", NULL },
	{ COMMAND_CHOICE, "choice", NULL },
	{ COMMAND_KEEPS_TEXT, "text", NULL },
	{ 0, NULL, NULL },
};

const struct name command_keeps_names[] = {
	{ KEEPS_NOT, "not", "checked, then forgotten" },
	{ KEEPS_RAM, "ram", "until a reset" },
	{ KEEPS_SAVED, "AT&W", "AT&W saves it" },
	{ KEEPS_AT_ONCE, "at once", "the command itself saves it" },
	{ 0, NULL, NULL },
};

bool command_declares(const struct command_conf *c)
{
	size_t i;

	for (i = 0; i < COMMAND_FORMS; i++)
		if (command_answers(c, (enum command_form)i))
			return true;
	for (i = 0; i < c->params; i++)
		if (c->param[i].kept || c->param[i].type || c->param[i].optional)
			return true;
	return false;
}
