/* AT+CKPD (general.md +CKPD): checks the keys; keypad_sequence() carries out what they
 * mean. */
#include <string.h>

#include "chapters/services/services.h"

static int run_ckpd(struct channel *ch, struct at_call *c)
{
	static const char keys[] = "0123456789*#";
	const struct at_arg *arg = &c->arg[0];
	size_t i;

	for (i = 0; i < arg->len; i++)
		if (!memchr(keys, arg->text[i], sizeof(keys) - 1))
			return AT_CME(CME_NOT_ALLOWED);
	return keypad_sequence(ch, c, arg->text, arg->len);
}

const struct at_cmd at_cmds_keypad[] = {
	{ .name = "+CKPD",
		.see = "general.md +CKPD",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.run = run_ckpd,
		.param = { { "keys", AT_TEXT, NULL, 0 },
			{ "time", AT_INT, "(0-255)", 0, .optional = true },
			{ "pause", AT_INT, "(0-255)", 0, .optional = true } } },
	{ 0 },
};
