/* Actions on pins, interrupt lines and the keypad. */
#include "actions/rows.h"

#include "chapters/device/device.h"
#include "chapters/general/indicators.h"
#include "state/modem_state.h"

struct pin_args {
	int number, high;
};

static const struct name levels[] = { { 0, "low", "pulled down" },
	{ 1, "high", "pulled up" }, { 0, NULL, NULL } };

static const struct schema_field pin_fields[] = {
	{ "number", "as in AT+WIOR", SCHEMA_INT, ARG(pin_args, number), .min = 0,
		.max = 44, .flags = SCHEMA_REQUIRED },
	{ "level", "what it is pulled to", SCHEMA_ENUM, ARG(pin_args, high),
		.names = levels, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema pin_schema = {
	.name = "pin", .help = "pulls an input pin up or down", .fields = pin_fields
};

static const char *pin(struct modem *m, const void *args)
{
	const struct pin_args *a = args;

	if (at_drive_pin(m, a->number, a->high))
		return NULL;
	return "this modem has no such pin; AT+WIOR=? lists its pins";
}

static const struct schema_field interrupt_fields[] = {
	{ "line", "0 or 1, as in AT+WIPC", SCHEMA_INT, ARG(pin_args, number), .min = 0,
		.max = 1, .flags = SCHEMA_REQUIRED },
	{ "level", "the new level", SCHEMA_ENUM, ARG(pin_args, high), .names = levels,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema interrupt_schema = { .name = "interrupt",
	.help = "an edge on an interrupt line: +WIND: 12 if enabled by AT+WIPH",
	.fields = interrupt_fields };

static const char *interrupt(struct modem *m, const void *args)
{
	const struct pin_args *a = args;

	at_interrupt(m, a->number, a->high);
	return NULL;
}

struct key_args {
	int first, second;
};

static const struct schema_field key_fields[] = {
	{ "first", "0 to 24, as in AT+WOPEN=8; -1: none", SCHEMA_INT,
		ARG(key_args, first), .min = -1, .max = 24, .def = "-1" },
	{ "second", "another one", SCHEMA_INT, ARG(key_args, second), .min = -1,
		.max = 24, .def = "-1" },
	{ NULL },
};
static const struct schema key_schema = { .name = "keys",
	.help = "keys held down from now on (+CKEV), also read when the modem starts; "
		"none: released",
	.fields = key_fields };

static const char *keys(struct modem *m, const void *args)
{
	const struct key_args *a = args;

	at_press_keys(m, (a->first >= 0 ? 1u << a->first : 0u) |
				 (a->second >= 0 ? 1u << a->second : 0u));
	return NULL;
}

const struct action_row actions_pins[] = {
	{ "pin", &pin_schema, sizeof(struct pin_args), pin },
	{ "interrupt", &interrupt_schema, sizeof(struct pin_args), interrupt },
	{ "keys", &key_schema, sizeof(struct key_args), keys,
		.example = "keys first=1 second=3" },
	{ NULL },
};
