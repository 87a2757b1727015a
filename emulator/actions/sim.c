/* Actions on the SIM and its drawer. */
#include "actions/rows.h"

#include "chapters/sim/card.h"
#include "chapters/sim/sim.h"
#include "state/modem_state.h"

enum {
	CARD_REMOVED,
	CARD_INSERTED,
	CARD_GLITCH,
};

struct card_args {
	int to;
	usec_t time;
};

static const struct name card_fates[] = {
	{ CARD_REMOVED, "removed", "taken out of the drawer" },
	{ CARD_INSERTED, "inserted", "put into the drawer" },
	{ CARD_GLITCH, "glitch", "loses contact, and fails until a reset" },
	{ 0, NULL, NULL },
};
static const struct schema_field card_fields[] = {
	{ "to", "what happens to it", SCHEMA_ENUM, ARG(card_args, to),
		.names = card_fates, .flags = SCHEMA_REQUIRED },
	{ "for", "how long a glitch lasts", SCHEMA_TIME, ARG(card_args, time),
		.max = INT64_MAX, .def = "1s" },
	{ NULL },
};
static const struct schema card_schema = { .name = "card",
	.help = "a SIM is put into the drawer, taken out, or loses contact",
	.fields = card_fields,
	.scalar = card_fields };

static const char *card(struct modem *m, const void *args)
{
	const struct card_args *a = args;

	if (a->to != CARD_GLITCH)
		card_insert(m, a->to == CARD_INSERTED);
	else if (!card_glitch(m, a->time))
		return "no SIM is in use; see the state sim";
	return NULL;
}

struct rack_args {
	int closed;
};

static const struct name open_closed[] = { { 0, "open", "pulled out" },
	{ 1, "closed", "pushed in" }, { 0, NULL, NULL } };
static const struct schema_field rack_fields[] = {
	{ "to", "what happens to it", SCHEMA_ENUM, ARG(rack_args, closed),
		.names = open_closed, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema rack_schema = { .name = "rack",
	.help = "pulls the drawer out or pushes it in",
	.fields = rack_fields,
	.scalar = rack_fields };

static const char *rack(struct modem *m, const void *args)
{
	const struct rack_args *a = args;

	card_rack(m, a->closed);
	return NULL;
}

struct line_args {
	int on, line;
};

#define LINE_FIELD                                                                    \
	{                                                                             \
		"line", "1 to 4: line 1, line 2, data, fax", SCHEMA_INT,              \
			ARG(line_args, line), .min = 1, .max = CPHS_LINES, .def = "1" \
	}

static const char not_cphs[] = "no CPHS SIM is in use; a SIM file with \"cphs\" is one";

static const struct name waiting_none[] = { { 0, "none", "nothing waits" },
	{ 1, "waiting", "a message waits" }, { 0, NULL, NULL } };
static const struct schema_field voice_mail_fields[] = {
	{ "to", "whether a message waits", SCHEMA_ENUM, ARG(line_args, on),
		.names = waiting_none, .flags = SCHEMA_REQUIRED },
	LINE_FIELD,
	{ NULL },
};
static const struct schema voice_mail_schema = { .name = "voice_mail",
	.help = "the network informs a CPHS SIM about voice mail: +WVMI",
	.fields = voice_mail_fields,
	.scalar = voice_mail_fields };

static const char *voice_mail(struct modem *m, const void *args)
{
	const struct line_args *a = args;

	return cphs_voice_mail(m, a->line, a->on) ? NULL : not_cphs;
}

static const struct name off_on[] = { { 0, "off", "not diverted" },
	{ 1, "on", "diverted from now on" }, { 0, NULL, NULL } };
static const struct schema_field diverted_fields[] = {
	{ "to", "whether calls are diverted", SCHEMA_ENUM, ARG(line_args, on),
		.names = off_on, .flags = SCHEMA_REQUIRED },
	LINE_FIELD,
	{ NULL },
};
static const struct schema diverted_schema = { .name = "diverted",
	.help = "the network informs a CPHS SIM that calls are diverted: +WDCI",
	.fields = diverted_fields,
	.scalar = diverted_fields };

static const char *diverted(struct modem *m, const void *args)
{
	const struct line_args *a = args;

	return cphs_diverted(m, a->line, a->on) ? NULL : not_cphs;
}

const struct action_row actions_sim[] = {
	{ "sim", &card_schema, sizeof(struct card_args), card },
	{ "rack", &rack_schema, sizeof(struct rack_args), rack },
	{ "voicemail", &voice_mail_schema, sizeof(struct line_args), voice_mail },
	{ "diverted", &diverted_schema, sizeof(struct line_args), diverted },
	{ NULL },
};
