/* Advice of charge (services.md). The meters and the price are on the SIM; changing them
 * needs PIN2. */
#include "chapters/services/services.h"

#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/sim/sim.h"
#include "codec/hex.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define METER_DIGITS 6

void at_charge_event(void *ctx, enum charge_event e)
{
	struct modem *m = ctx;

	switch (e) {
	case CHARGE_EVENT_METER:
		nv_save_charge(m);
		if (m->live.caoc == 2)
			at_urc(m, "+CCCM: \"%06X\"", (unsigned)m->charge.meter);
		break;
	case CHARGE_EVENT_LIMIT:
		calls_lost(&m->calls, CAUSE_CHARGE);
		charge_stop(&m->charge);
		break;
	}
}

/* Verifies the PIN2 of the command; without one PIN2 must have been entered before. */
static int check_pin2(struct modem *m, const struct at_arg *arg)
{
	struct sim was = m->sim;
	char pin2[17];

	if (!arg->given)
		return m->sim.pin2_good ? AT_OK : at_want_pin2(m);
	if (!m->sim.chv2.pin_tries)
		return AT_CME(CME_SIM_PUK2);
	if (!at_take_digits(arg, 4, 8, pin2))
		return AT_CME(CME_BAD_PASSWORD);
	return at_sim_verdict(m, &was, sim_verify_pin2(&m->sim, pin2));
}

static int saved(struct modem *m)
{
	return nv_save_charge(m) ? AT_OK : AT_CME(CME_MEMORY);
}

static int run_caoc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_READ) {
		at_info(ch, "+CAOC: %d", m->live.caoc);
		return AT_OK;
	}
	if (c->form == AT_SET && c->arg[0].num)
		return at_store_field(ch, SETTING(caoc), c->arg[0].num);
	at_info(ch, "+CAOC: \"%06X\"", (unsigned)m->charge.meter);
	return AT_OK;
}

static int run_cacm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result;

	if (c->form == AT_READ) {
		at_info(ch, "+CACM: \"%06X\"", (unsigned)m->charge.accumulated);
		return AT_OK;
	}
	result = check_pin2(m, &c->arg[0]);
	if (result != AT_OK)
		return result;
	m->charge.accumulated = 0;
	return saved(m);
}

static int run_camm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct at_arg *arg = &c->arg[0];
	uint32_t limit = 0;
	size_t i;
	int result;

	if (c->form == AT_READ) {
		at_info(ch, "+CAMM: \"%06X\"", (unsigned)m->charge.limit);
		return AT_OK;
	}
	if (arg->len > METER_DIGITS)
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i < arg->len; i++)
		limit = limit << 4 | (uint32_t)hex_digit(arg->text[i]);
	result = check_pin2(m, &c->arg[1]);
	if (result != AT_OK)
		return result;
	m->charge.limit = limit;
	return saved(m);
}

static void copy(const struct at_arg *arg, char *out)
{
	memcpy(out, arg->text, arg->len);
	out[arg->len] = '\0';
}

static int run_cpuc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char currency[CHARGE_CURRENCY + 1], price[CHARGE_PRICE + 1];
	uint8_t puct[5];
	int result;

	if (c->form == AT_READ) {
		at_info(ch, "+CPUC: \"%s\",\"%s\"", m->charge.currency, m->charge.price);
		return AT_OK;
	}
	if (c->arg[0].len > CHARGE_CURRENCY || c->arg[1].len > CHARGE_PRICE)
		return AT_CME(CME_NOT_ALLOWED);
	copy(&c->arg[0], currency);
	copy(&c->arg[1], price);
	if (!charge_puct(currency, price, puct))
		return AT_CME(CME_NOT_ALLOWED);
	result = check_pin2(m, &c->arg[2]);
	if (result != AT_OK)
		return result;
	strcpy(m->charge.currency, currency);
	strcpy(m->charge.price, price);
	return saved(m);
}

const struct at_cmd at_cmds_charge[] = {
	{ .name = "+CAOC",
		.see = "services.md +CAOC",
		.forms = AT_ALL_FORMS,
		.needs = AT_NEED_PIN,
		.open = AT_READ | AT_TEST,
		.run = run_caoc,
		.param = { { "mode", AT_INT, "(0-2)", 1, SETTING(caoc), AT_RAM } } },
	{ .name = "+CACM",
		.see = "services.md +CACM",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_cacm,
		.param = { { "pin2", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CAMM",
		.see = "services.md +CAMM",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_camm,
		.param = { { "limit", AT_HEX, NULL, 0 },
			{ "pin2", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CPUC",
		.see = "services.md +CPUC",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_cpuc,
		.param = { { "currency", AT_TEXT, NULL, 0 },
			{ "price", AT_TEXT, NULL, 0 },
			{ "pin2", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
