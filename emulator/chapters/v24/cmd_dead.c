/* Commands of older modems that return OK and do nothing (GDW-11 p. 378); only firmware
 * with QUIRK_DEAD_LETTERS has them. That any number may follow is inferred: the guide
 * gives none. */
#include "at/at.h"

static int run_dead(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_OK;
}

#define DEAD(n)                                                                    \
	{                                                                          \
		.name = n, .see = "line.md Dead letters; GDW-11 p. 378",           \
		.forms = AT_EXEC, .flags = AT_F_KEPT | AT_F_DEAD, .run = run_dead, \
		.param = {                                                         \
			{ "number", AT_INT, NULL, 0 }                              \
		}                                                                  \
	}
/* That these accept any form is inferred. */
#define DEAD_EXTENDED(n)                                                           \
	{                                                                          \
		.name = n, .see = "line.md Dead letters; GDW-11 p. 378",           \
		.forms = AT_ALL_FORMS, .flags = AT_F_KEPT | AT_F_DEAD, .test = "", \
		.run = run_dead, .param = {                                        \
			{ "value", AT_TEXT, NULL, 0, .optional = true }            \
		}                                                                  \
	}

const struct at_cmd at_cmds_dead[] = {
	DEAD("B"),
	DEAD("C"),
	DEAD("G"),
	DEAD("L"),
	DEAD("M"),
	DEAD("N"),
	DEAD("P"),
	DEAD("T"),
	DEAD("W"),
	DEAD("Y"),
	DEAD("\\K"),
	DEAD("&E"),
	DEAD("&G"),
	DEAD("&P"),
	DEAD("&Q"),
	DEAD("&R"),
	DEAD("&Y"),
	DEAD_EXTENDED("+GOI"),
	DEAD_EXTENDED("+GCI"),
	{ 0 },
};
