/* Hardware (wavecom.md): pins, buses, converters, battery, interrupts. */
#include <string.h>

#include "at/prompt.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/device/device.h"
#include "chapters/wavecom/wavecom.h"
#include "codec/hex.h"
#include "gsm/gpio.h"
#include "state/modem_state.h"
#include "state/nv.h"

/* pins */

#define MASK_PINS 11 /* pins 0 to 10, on firmwares whose +WIOM has masks */

static bool has_masks(const struct modem *m)
{
	return m->fw && firmware_has(m->fw, QUIRK_WIOM_MASKS);
}

/* The pin in gsm/gpio.h for a number of +WIOR and +WIOW. */
static int pin_of(const struct modem *m, int number)
{
	return has_masks(m) ? number + 1 : number;
}

void at_pins_boot(struct modem *m)
{
	if (has_masks(m))
		gpio_masks(
			&m->gpio, m->live.pin_directions, m->live.pin_levels, MASK_PINS);
	gpio_boot(&m->gpio);
}

/* =[<directions>][,<levels>], one bit per pin, 1 is an output (wavecom.md +WIOM, the old
 * form; what the bits mean is inferred). Levels take effect at once. */
static int run_wiom_masks(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result = AT_OK;

	if (c->form == AT_READ) {
		at_info(ch, "+WIOM: %d,%d", m->live.pin_directions, m->live.pin_levels);
		return AT_OK;
	}
	if (at_given(c, 2) || at_given(c, 3))
		return AT_CME(CME_NOT_ALLOWED);
	if (at_given(c, 0))
		result = at_store_field(ch, SETTING(pin_directions), c->arg[0].num);
	if (result == AT_OK && at_given(c, 1))
		result = at_store_field(ch, SETTING(pin_levels), c->arg[1].num);
	if (result == AT_OK)
		at_pins_boot(m);
	return result;
}

static void tell_pin(struct channel *ch, int pin)
{
	struct modem *m = ch->modem;
	const struct gpio *g = &m->gpio;

	if (gpio_reserved(g, pin))
		at_info(ch, "+WIOM: %d,1,%d,%d", pin, gpio_is_output(g, pin),
			gpio_starts_high(g, pin));
	else
		at_info(ch, "+WIOM: %d,0", pin);
}

static int run_wiom(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct gpio before = m->gpio;
	int pin;

	if (has_masks(m))
		return run_wiom_masks(ch, c);
	if (c->form == AT_READ) {
		for (pin = 1; pin <= GPIO_PINS; pin++)
			tell_pin(ch, pin);
		return AT_OK;
	}
	if (!at_given(c, 0) || !at_given(c, 1))
		return AT_CME(CME_NOT_ALLOWED);
	pin = c->arg[1].num;
	switch (c->arg[0].num) {
	case 0:
		if (!gpio_reserved(&m->gpio, pin))
			return AT_CME(CME_NOT_RESERVED);
		gpio_release(&m->gpio, pin);
		break;
	case 1:
		gpio_reserve(&m->gpio, pin, at_given(c, 2) && c->arg[2].num,
			at_given(c, 3) && c->arg[3].num);
		break;
	default:
		tell_pin(ch, pin);
		return AT_OK;
	}
	if (nv_save_gpio(m))
		return AT_OK;
	m->gpio = before;
	return AT_CME(CME_MEMORY);
}

/* The guide reads only inputs; that an output returns the written level is inferred. */
static int run_wior(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int pin = pin_of(m, c->arg[0].num);

	if (!gpio_reserved(&m->gpio, pin))
		return AT_CME(CME_NOT_RESERVED);
	at_info(ch, "+WIOR: %d", gpio_level(&m->gpio, pin));
	return AT_OK;
}

static int run_wiow(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int pin = pin_of(m, c->arg[0].num);

	if (!gpio_reserved(&m->gpio, pin))
		return AT_CME(CME_NOT_RESERVED);
	if (!gpio_is_output(&m->gpio, pin))
		return AT_CME(CME_NOT_ALLOWED);
	gpio_write(&m->gpio, pin, c->arg[1].num);
	return AT_OK;
}

bool at_drive_pin(struct modem *m, int number, bool high)
{
	int pin = pin_of(m, number);

	if (pin < 1 || pin > (has_masks(m) ? MASK_PINS : GPIO_PINS))
		return false;
	gpio_drive(&m->gpio, pin, high);
	return true;
}

/* Which edges each value of +WIPC selects is inferred. */
void at_interrupt(struct modem *m, int line, bool high)
{
	enum {
		FALLING,
		RISING,
		BOTH
	};
	int edge = line ? m->live.int1_edge : m->live.int0_edge;
	int handled = line ? m->live.int1_handled : m->live.int0_handled;

	if (m->power != POWER_ON || !handled)
		return;
	if (edge != BOTH && edge != (high ? RISING : FALLING))
		return;
	open_at_interrupt(m);
	if (edge == BOTH)
		at_wind(m, 12, "12,%d,%d", line, high);
	else
		at_wind(m, 12, "12,%d", line);
}

/* buses: nothing is connected to them */

static bool bus_open(const struct modem *m, const struct at_call *c)
{
	return m->s.buses >> c->arg[0].num & 1;
}

static int run_wbm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	unsigned bus = 1u << c->arg[0].num;

	switch (c->arg[1].num) {
	case 0:
		if (!bus_open(m, c))
			return AT_CME(CME_NOT_ALLOWED);
		m->s.buses &= ~bus;
		break;
	case 1:
		if (bus_open(m, c))
			return AT_CME(CME_NOT_ALLOWED);
		m->s.buses |= bus;
		break;
	default:
		at_info(ch, "+WBM: %d,%d", c->arg[0].num, bus_open(m, c));
		break;
	}
	return AT_OK;
}

/* A line that nothing drives reads as ones. */
static int run_wbr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char text[2 * 128 + 1];
	int i;

	if (!bus_open(m, c))
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i < 2 * c->arg[1].num; i++)
		text[i] = 'F';
	text[i] = '\0';
	at_info(ch, "+WBR: %s", text);
	return AT_OK;
}

static int run_wbw(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (!bus_open(m, c))
		return AT_CME(CME_NOT_ALLOWED);
	at_prompt(ch, false);
	return AT_PENDING;
}

static int more_wbw(struct channel *ch, struct at_call *c, enum at_why why)
{
	unsigned char data[128];
	const char *text;
	size_t len, n;

	if (why != AT_WHY_TEXT)
		return AT_OK;
	text = at_prompt_text(ch, &len);
	if (!text || len != 2 * (size_t)c->arg[1].num ||
		!hex_decode(text, len, data, sizeof(data), &n))
		return AT_CME(CME_NOT_ALLOWED);
	return AT_OK;
}

/* converters, battery */

static int run_adc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const int *adc = m->adc;
	int result;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	result = at_store_values(ch, c);
	if (result == AT_OK && !c->arg[0].num)
		at_info(ch, "+ADC: %d,%d,%d", adc[0], adc[1], adc[2]);
	return result;
}

/* These units have an external supply and no battery to charge (inferred). */
static int run_wbcm(struct channel *ch, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	switch (c->arg[0].num) {
	case 1:
	case 2:
		return AT_CME(CME_NO_CHARGE);
	case 4:
		at_info(ch, "+WBCM: 4,0");
		return AT_OK;
	default:
		return at_store_values(ch, c);
	}
}

/* settings with an index */

/* =<index>,<value>; reading returns one line per index. The values are the row's inner
 * parameters, in the order of the index. */
static int run_indexed(struct channel *ch, struct at_call *c)
{
	const short *field = c->entry->field + 2;
	const char *const *values = c->entry->values + 2;
	int i;

	if (c->form == AT_TEST) {
		for (i = 0; field[i]; i++)
			at_info(ch, "%s: %d,%s", c->entry->cmd->name, i, values[i]);
		return AT_OK;
	}
	if (c->form == AT_READ) {
		for (i = 0; field[i]; i++)
			at_info(ch, "%s: %d,%d", c->entry->cmd->name, i,
				live_get(ch, field[i]));
		return AT_OK;
	}
	if (!at_given(c, 1))
		return AT_OK;
	i = c->arg[0].num;
	if (!at_values_allow(values[i], c->arg[1].num))
		return AT_CME(CME_NOT_ALLOWED);
	return at_store_field(ch, field[i], c->arg[1].num);
}

static int run_mirror(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_OK;
}

#define VALUE(n, range, store)                                     \
	{                                                          \
		n, AT_INT, range, 0, AT_SLOT, store, .inner = true \
	}
#define FIELD(n, range, value, field)                                         \
	{                                                                     \
		n, AT_INT, range, value, SETTING(field), AT_EE, .inner = true \
	}
#define BATTERY(n, range, value)                               \
	{                                                      \
		n, AT_INT, range, value, AT_SLOT, AT_EEF, true \
	}

const struct at_cmd at_cmds_hardware[] = {
	{ .name = "+WIOM",
		.see = "wavecom.md +WIOM; GDW-11 p. 313",
		.forms = AT_SRT,
		.run = run_wiom,
		.param = { { "operation", AT_INT, "(0-2)", 2, .optional = true },
			{ "pin", AT_INT, "(1-44)", 1, .optional = true },
			{ "direction", AT_INT, "(0-1)", 0, .optional = true },
			{ "level", AT_INT, "(0-1)", 0, .optional = true },
			FIELD("directions", "(0-2047)", 2047, pin_directions),
			FIELD("levels", "(0-2047)", 0, pin_levels) } },
	{ .name = "+WIOR",
		.see = "wavecom.md +WIOR",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_BESIDE,
		.test = "",
		.run = run_wior,
		.param = { { "pin", AT_INT, "(1-44)", 1 } } },
	{ .name = "+WIOW",
		.see = "wavecom.md +WIOW",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_BESIDE,
		.test = "",
		.run = run_wiow,
		.param = { { "pin", AT_INT, "(1-44)", 1 },
			{ "level", AT_INT, "(0,1)", 0 } } },
	{ .name = "+WIPC",
		.see = "wavecom.md +WIPC: factory value and storage inferred",
		.forms = AT_SRT,
		.run = run_indexed,
		.param = { { "interrupt", AT_INT, "(0-1)", 0 },
			{ "edge", AT_INT, "(0-2)", 0, .optional = true },
			FIELD("int0", "(0-2)", 0, int0_edge),
			FIELD("int1", "(0-2)", 0, int1_edge) } },
	{ .name = "+WIPH",
		.see = "wavecom.md +WIPH: factory value and storage inferred",
		.forms = AT_SRT,
		.run = run_indexed,
		.param = { { "interrupt", AT_INT, "(0-1)", 0 },
			{ "handled", AT_INT, "(0-1)", 0, .optional = true },
			FIELD("int0", "(0-1)", 0, int0_handled),
			FIELD("int1", "(0-1)", 0, int1_handled) } },
	{ .name = "+WBM",
		.see = "wavecom.md +WBM",
		.forms = AT_SET | AT_TEST,
		.run = run_wbm,
		.param = { { "bus", AT_INT, "(0-3)", 0 },
			{ "mode", AT_INT, "(0-2)", 2 } } },
	{ .name = "+WBR",
		.see = "wavecom.md +WBR",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.run = run_wbr,
		.param = { { "bus", AT_INT, "(0-3)", 0 },
			{ "size", AT_INT, "(1-128)", 1 },
			{ "address", AT_HEX, NULL, 0, .optional = true } } },
	{ .name = "+WBW",
		.see = "wavecom.md +WBW",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_PROMPT,
		.test = "",
		.run = run_wbw,
		.more = more_wbw,
		.param = { { "bus", AT_INT, "(0-3)", 0 },
			{ "size", AT_INT, "(1-128)", 1 },
			{ "address", AT_HEX, NULL, 0, .optional = true } } },
	{ .name = "+ADC",
		.see = "wavecom.md +ADC; GDW-11 p. 312",
		.forms = AT_SRT,
		.run = run_adc,
		.param = { { "mode", AT_INT, "(0-1)", 0, AT_SLOT, AT_EEF } } },
	{ .name = "+WBCM",
		.see = "wavecom.md +WBCM; GDW-11 p. 312",
		.forms = AT_SRT,
		.run = run_wbcm,
		.param = { { "mode", AT_INT, "(0-4)", 0, AT_SLOT, AT_RAM },
			BATTERY("indications", "(0,1)", 0),
			BATTERY("level_max", "(4000-4200)", 4200),
			BATTERY("level_min", "(2800-3800)", 3300),
			BATTERY("pulse", "(100-10000)", 100),
			BATTERY("timer", "(0-255)", 0),
			BATTERY("resistance", "(0-3000)", 0),
			BATTERY("filter", "(0-5)", 0) } },
	{ .name = "+WEXTCLK",
		.see = "wavecom.md +WEXTCLK: factory value and storage inferred",
		.forms = AT_SRT,
		.run = run_indexed,
		.flags = AT_F_KEPT,
		.param = { { "clock", AT_INT, "(0-1)", 0 },
			{ "state", AT_INT, "(0-1)", 0 }, VALUE("26mhz", "(0-1)", AT_EE),
			VALUE("32khz", "(0-1)", AT_EE) } },
	{ .name = "+WUSB",
		.see = "wavecom.md +WUSB: factory value and storage inferred",
		.forms = AT_SRT,
		.run = run_indexed,
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0-2)", 0 },
			{ "value", AT_INT, "(0-1)", 0, .optional = true },
			VALUE("value_0", "(0-1)", AT_EE),
			VALUE("value_1", "(0-1)", AT_EE),
			VALUE("value_2", "(0-1)", AT_EE) } },
	{ .name = "+WBHV",
		.see = "wavecom.md +WBHV; GDW-11 p. 211-212",
		.forms = AT_SRT,
		.run = run_indexed,
		.test_by_run = true, /* one line per index */
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "status", AT_INT, "(0-2)", 0 },
			VALUE("mode_0", "(0-1)", AT_EEF),
			VALUE("mode_1", "(0-2)", AT_EEF) } },
	{ .name = "+WMIR",
		.see = "wavecom.md +WMIR",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_mirror },
	{ 0 },
};
