/* Chapter security: PINs (at-1 8.1-8.3). */
#include <ctype.h>
#include <string.h>

#include "at/boot.h"
#include "at/reply.h"
#include "at/run.h"
#include "state/nv.h"

#define PIN_MIN    4
#define PIN_MAX    8
#define PUK_DIGITS 8

/* Digits between min and max characters, as a string. */
static bool take_digits(const struct at_arg *arg, size_t min, size_t max, char out[9])
{
	size_t i;

	if (arg->len < min || arg->len > max)
		return false;
	for (i = 0; i < arg->len; i++)
		if (!isdigit((unsigned char)arg->text[i]))
			return false;
	memcpy(out, arg->text, arg->len);
	out[arg->len] = '\0';
	return true;
}

/* The manuals, a transcript and three host tools agree: nothing closes the answer. Behind
 * it on the same line another command may stand. */
static int read_result(struct modem *m)
{
	if (firmware_has(m->fw, QUIRK_CPIN_NO_OK) && at_line_ends(m))
		return AT_SILENT;
	return AT_OK;
}

static const char *pin_code(struct modem *m)
{
	switch (sim_state(&m->sim)) {
	case SIM_PIN:
		return "SIM PIN";
	case SIM_PUK:
		return "SIM PUK";
	case SIM_OFF:
	case SIM_ABSENT:
	case SIM_CHECKING:
	case SIM_LOADING:
	case SIM_READY:
	case SIM_BLOCKED:
		break;
	}
	if (!sim_asks_pin2(&m->sim))
		return "READY";
	return m->sim.chv2.pin_tries ? "SIM PIN2" : "SIM PUK2";
}

/* Stores the counters, which have changed whatever the verdict. */
static int verdict(struct modem *m, enum sim_verdict v)
{
	if (v == SIM_NOT_NOW)
		return AT_CME(CME_NOT_ALLOWED);
	if (!nv_save_sim(m))
		return AT_CME(CME_MEMORY);
	return v == SIM_GOOD ? AT_OK : AT_CME(CME_BAD_PASSWORD);
}

static int enter_pin(struct modem *m, const struct at_arg *arg)
{
	bool was_open = sim_open(&m->sim);
	char pin[9];
	int result;

	if (sim_state(&m->sim) == SIM_PUK)
		return AT_CME(CME_SIM_PUK);
	if (!take_digits(arg, PIN_MIN, PIN_MAX, pin))
		return AT_CME(CME_NOT_ALLOWED);
	result = verdict(m, sim_enter_pin(&m->sim, pin));
	if (!was_open && sim_open(&m->sim))
		boot_sim_open(m);
	return result;
}

static int enter_puk(struct modem *m, const struct at_call *c)
{
	char puk[9], pin[9];
	int result;

	if (!take_digits(&c->arg[0], PUK_DIGITS, PUK_DIGITS, puk) ||
		!take_digits(&c->arg[1], PIN_MIN, PIN_MAX, pin))
		return AT_CME(CME_NOT_ALLOWED);
	result = verdict(m, sim_enter_puk(&m->sim, puk, pin));
	if (result == AT_OK)
		boot_sim_open(m);
	return result;
}

static int run_cpin(struct modem *m, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info(m, "+CPIN: %s", pin_code(m));
		return read_result(m);
	}
	return at_given(c, 1) ? enter_puk(m, c) : enter_pin(m, &c->arg[0]);
}

static int run_cpin2(struct modem *m, struct at_call *c)
{
	char secret[9], new_pin[9];

	if (c->form == AT_READ) {
		at_info(m, "+CPIN2: %s",
			m->sim.pin2_good        ? "READY"
			: m->sim.chv2.pin_tries ? "SIM PIN2"
						: "SIM PUK2");
		return read_result(m);
	}
	if (!at_given(c, 1)) {
		if (!m->sim.chv2.pin_tries)
			return AT_CME(CME_SIM_PUK2);
		if (!take_digits(&c->arg[0], PIN_MIN, PIN_MAX, secret))
			return AT_CME(CME_NOT_ALLOWED);
		return verdict(m, sim_enter_pin2(&m->sim, secret));
	}
	if (!take_digits(&c->arg[0], PUK_DIGITS, PUK_DIGITS, secret) ||
		!take_digits(&c->arg[1], PIN_MIN, PIN_MAX, new_pin))
		return AT_CME(CME_NOT_ALLOWED);
	return verdict(m, sim_enter_puk2(&m->sim, secret, new_pin));
}

static int run_cpinc(struct modem *m, struct at_call *c)
{
	const struct sim *s = &m->sim;

	(void)c;
	at_info(m, "+CPINC: %d,%d,%d,%d", s->chv1.pin_tries, s->chv2.pin_tries,
		s->chv1.puk_tries, s->chv2.puk_tries);
	return AT_OK;
}

const struct at_cmd at_cmds_security[] = {
	{ .name = "+CPIN",
		.see = "at-1 8.1",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_cpin,
		.param = { { "pin", AT_TEXT, NULL, 0 },
			{ "new_pin", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CPIN2",
		.see = "at-1 8.2",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_cpin2,
		.param = { { "pin2", AT_TEXT, NULL, 0 },
			{ "new_pin2", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CPINC",
		.see = "at-1 8.3",
		.forms = AT_EXEC | AT_READ | AT_TEST,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_cpinc },
	{ 0 },
};
