/* Actions of the SIM toolkit: the card begins a session by itself, or ends one. */
#include "actions/rows.h"

#include "state/modem_state.h"

struct stk_args {
	char step[TOOLKIT_NAME];
	bool end;
};

static const struct schema_field stk_fields[] = {
	{ "step", "a step of its SIM file: now, or after the present answer", SCHEMA_TEXT,
		ARG(stk_args, step) },
	{ "end", "it ends the session", SCHEMA_BOOL, ARG(stk_args, end), .def = "false" },
	{ NULL },
};
static const struct schema stk_schema = { .name = "stk",
	.help = "the SIM toolkit asks a step by itself, or ends its session",
	.fields = stk_fields,
	.scalar = stk_fields };

static const char *check_stk(const void *args)
{
	const struct stk_args *a = args;

	return (a->step[0] != '\0') != a->end
		       ? NULL
		       : "nothing to do, or both given; write the name of a step, or "
			 "end: true";
}

static const char *stk(struct modem *m, const void *args)
{
	const struct stk_args *a = args;
	const struct toolkit_step *s = toolkit_find(m->toolkit.conf, a->step);

	if (!toolkit_present(m->toolkit.conf))
		return "the SIM has no toolkit; start with a SIM file that has one, such "
		       "as --set sim=mpesa";
	if (!a->end && !s)
		return "the SIM has no step of that name; its file lists them below "
		       "toolkit.steps";
	if (a->end)
		return toolkit_end(&m->toolkit) ? NULL
						: "no session runs; nothing to end";
	return toolkit_order(&m->toolkit, s)
		       ? NULL
		       : "the toolkit is off; AT+STSF=1, a reset, and +WIND: 4 switch it "
			 "on";
}

const struct action_row actions_stk[] = {
	{ "stk", &stk_schema, sizeof(struct stk_args), stk, check_stk,
		.example = "stk hello" },
	{ NULL },
};
