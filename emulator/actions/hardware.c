/* Actions on what the modem measures: its converters and its clock. */
#include "actions/rows.h"

#include <string.h>

#include "state/modem_state.h"
#include "state/nv.h"

#define USUAL -1

struct adc_args {
	int input, mv;
};

static const struct name adc_inputs[] = {
	{ 0, "supply", "the supply or battery voltage" },
	{ 1, "temperature", "the thermistor" },
	{ 2, "auxiliary", "the voltage at the pin" },
	{ 0, NULL, NULL },
};
static const struct schema_field adc_fields[] = {
	{ "input", "the converter", SCHEMA_ENUM, ARG(adc_args, input),
		.names = adc_inputs, .flags = SCHEMA_REQUIRED },
	{ "mv", "millivolts; -1: as in the profile", SCHEMA_INT, ARG(adc_args, mv),
		.min = USUAL, .max = 8000, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema adc_schema = { .name = "adc",
	.help = "sets what a converter reads in AT+ADC=0",
	.fields = adc_fields };

static const char *adc(struct modem *m, const void *args)
{
	const struct adc_args *a = args;

	m->adc[a->input] = a->mv == USUAL ? m->profile->device.adc[a->input] : a->mv;
	return NULL;
}

enum {
	CLOCK_SET,
	CLOCK_LOST,
};

struct clock_args {
	int to;
	char time[24];
};

static const struct name clock_names[] = {
	{ CLOCK_SET, "set", "to `time`" },
	{ CLOCK_LOST, "lost", "its battery was empty: 98/01/01,00:00:00" },
	{ 0, NULL, NULL },
};
static const struct schema_field clock_fields[] = {
	{ "to", "set or lost", SCHEMA_ENUM, ARG(clock_args, to), .names = clock_names,
		.def = "set" },
	{ "time", "\"yy/MM/dd,hh:mm:ss\" as in AT+CCLK", SCHEMA_TEXT,
		ARG(clock_args, time) },
	{ NULL },
};
static const struct schema clock_schema = { .name = "clock",
	.help = "the real-time clock jumps",
	.fields = clock_fields,
	.scalar = clock_fields };

static const char *check_clock(const void *args)
{
	const struct clock_args *a = args;
	int64_t time;

	if (a->to == CLOCK_LOST)
		return a->time[0] ? "a clock that is lost has no time; omit it" : NULL;
	return clock_parse(a->time, strlen(a->time), &time)
		       ? NULL
		       : "time is missing; write time: \"yy/MM/dd,hh:mm:ss\", or lost";
}

/* general.md +CCLK: where an empty battery leaves it. */
static const char *set_clock(struct modem *m, const void *args)
{
	static const char lost[] = "98/01/01,00:00:00";
	const struct clock_args *a = args;
	const char *text = a->to == CLOCK_LOST ? lost : a->time;
	int64_t time = 0;

	clock_parse(text, strlen(text), &time);
	clock_set(&m->clock, time);
	nv_save_clock(m);
	return NULL;
}

const struct action_row actions_hardware[] = {
	{ "adc", &adc_schema, sizeof(struct adc_args), adc,
		.example = "adc input=supply mv=4200" },
	{ "clock", &clock_schema, sizeof(struct clock_args), set_clock, check_clock,
		.example = "clock time=26/03/01,12:00:00" },
	{ NULL },
};
