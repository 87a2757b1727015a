/* Actions on the mains and the button. */
#include "actions/rows.h"

#include "chapters/boot/boot.h"
#include "modem.h"
#include "state/modem_state.h"

struct power_args {
	int how;
};

enum {
	POWER_HOW_OFF,
	POWER_HOW_ON,
	POWER_HOW_CUT,
};

static const struct name power_hows[] = {
	{ POWER_HOW_OFF, "off", "switched off in order: calls are released first" },
	{ POWER_HOW_ON, "on", "the mains come on" },
	{ POWER_HOW_CUT, "cut", "the mains fail" },
	{ 0, NULL, NULL },
};
static const struct schema_field power_fields[] = {
	{ "to", "what happens to it", SCHEMA_ENUM, ARG(power_args, how),
		.names = power_hows, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema power_schema = { .name = "power",
	.help = "the modem's mains",
	.fields = power_fields,
	.scalar = power_fields };

static const char *power(struct modem *m, const void *args)
{
	const struct power_args *a = args;

	if (a->how == POWER_HOW_OFF)
		calls_release(&m->calls, CAUSE_NORMAL);
	boot_power(m, a->how == POWER_HOW_ON);
	return NULL;
}

struct reset_args {
	bool unused;
};

static const struct schema_field reset_fields[] = {
	{ NULL },
};
static const struct schema reset_schema = { .name = "reset",
	.help = "pulls the reset line: like a power cut, then on again",
	.fields = reset_fields };

static const char *reset(struct modem *m, const void *args)
{
	(void)args;
	if (m->power == POWER_OFF)
		return "the modem has no power; switch it on: power on";
	boot_power(m, false);
	boot_power(m, true);
	return NULL;
}

const struct action_row actions_power[] = {
	{ "power", &power_schema, sizeof(struct power_args), power },
	{ "reset", &reset_schema, sizeof(struct reset_args), reset },
	{ NULL },
};

bool action_switches_on(const struct action *a)
{
	const struct power_args *args = a->args;

	return a->row == &actions_power[0] && args->how == POWER_HOW_ON;
}
