/* Chapter security: PINs (sim.md +CPIN, +CPIN2, +CPINC). */
#include <ctype.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/boot/boot.h"
#include "chapters/sim/sim.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define PIN_MIN    4
#define PIN_MAX    8
#define PUK_DIGITS 8

bool at_take_digits(const struct at_arg *arg, size_t min, size_t max, char out[17])
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

/* The manuals, a transcript and three host tools agree that no OK follows the answer.
 * AT_OK goes on to another command on the same line. */
static int read_result(struct channel *ch)
{
	struct modem *m = ch->modem;

	if (firmware_has(m->fw, QUIRK_CPIN_NO_OK) && at_line_ends(ch))
		return AT_SILENT;
	return AT_OK;
}

static const char *pin_code(struct modem *m)
{
	static const char *const locked[LOCKS + 1] = { "PH-SIM PIN", "PH-NET PIN",
		"PH-NETSUB PIN", "PH-SP PIN", "PH-CORP PIN", "READY" };

	switch (sim_state(&m->sim)) {
	case SIM_PIN:
		return "SIM PIN";
	case SIM_PUK:
		return "SIM PUK";
	case SIM_LOCKED:
		return locked[sim_refused(&m->sim)];
	case SIM_OFF:
	case SIM_ABSENT:
	case SIM_CHECKING:
	case SIM_LOADING:
	case SIM_READY:
	case SIM_BLOCKED:
	case SIM_FAILED:
		break;
	}
	if (!sim_asks_pin2(&m->sim))
		return "READY";
	return m->sim.chv2.pin_tries ? "SIM PIN2" : "SIM PUK2";
}

int at_sim_verdict(struct modem *m, const struct sim *was, enum sim_verdict v)
{
	bool good = v == SIM_GOOD;

	if (v == SIM_NOT_NOW)
		return AT_CME(CME_NOT_ALLOWED);
	if (v == SIM_STAYS)
		return AT_CME(firmware_has(m->fw, QUIRK_PIN_STAYS_521) ? CME_PIN_STAYS_OLD
								       : CME_PIN_STAYS);
	if (nv_save_sim(m))
		return good ? AT_OK : AT_CME(CME_BAD_PASSWORD);
	if (good)
		m->sim = *was;
	return AT_CME(CME_MEMORY);
}

int at_lock_verdict(struct modem *m, const struct sim *was, enum sim_lock_verdict v)
{
	bool done = v == LOCK_DONE;

	if (v == LOCK_NOT_NOW)
		return AT_CME(CME_NOT_ALLOWED);
	if (nv_save_locks(m))
		return done ? AT_OK : AT_CME(CME_BAD_PASSWORD);
	if (done)
		m->sim = *was;
	return AT_CME(CME_MEMORY);
}

int at_want_pin2(struct modem *m)
{
	if (!m->sim.chv2.pin_tries)
		return AT_CME(CME_SIM_PUK2);
	sim_want_pin2(&m->sim);
	return AT_CME(CME_SIM_PIN2);
}

/* A lock of the modem refuses the SIM; the key of that lock opens it. */
static int enter_key(struct modem *m, const struct at_arg *arg)
{
	struct sim was = m->sim;
	char key[17];
	int result = AT_OK;

	if (!at_take_digits(arg, 8, 16, key))
		return AT_CME(CME_NOT_ALLOWED);
	switch (sim_enter_key(&m->sim, key)) {
	case SIM_GOOD:
		result = at_lock_verdict(m, &was, LOCK_DONE);
		break;
	case SIM_WRONG:
		return at_lock_verdict(m, &was, LOCK_WRONG);
	case SIM_NOT_NOW:
	case SIM_STAYS:
		return AT_CME(CME_NOT_ALLOWED);
	}
	if (sim_open(&m->sim))
		boot_sim_open(m);
	return result;
}

static int enter_pin(struct modem *m, const struct at_arg *arg)
{
	struct sim was = m->sim;
	bool was_open = sim_open(&m->sim);
	char pin[17];
	int result;

	if (sim_state(&m->sim) == SIM_PUK)
		return AT_CME(CME_SIM_PUK);
	if (sim_state(&m->sim) == SIM_LOCKED)
		return enter_key(m, arg);
	if (!at_take_digits(arg, PIN_MIN, PIN_MAX, pin))
		return AT_CME(CME_NOT_ALLOWED);
	result = at_sim_verdict(m, &was, sim_enter_pin(&m->sim, pin));
	if (!was_open && sim_open(&m->sim))
		boot_sim_open(m);
	return result;
}

static int enter_puk(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	struct sim was = m->sim;
	char puk[17], pin[17];
	int result;

	if (!at_take_digits(&c->arg[0], PUK_DIGITS, PUK_DIGITS, puk) ||
		!at_take_digits(&c->arg[1], PIN_MIN, PIN_MAX, pin))
		return AT_CME(CME_NOT_ALLOWED);
	result = at_sim_verdict(m, &was, sim_enter_puk(&m->sim, puk, pin));
	if (result == AT_OK)
		boot_sim_open(m);
	return result;
}

static int run_cpin(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_READ) {
		at_info(ch, "+CPIN: %s", pin_code(m));
		return read_result(ch);
	}
	return at_given(c, 1) ? enter_puk(ch, c) : enter_pin(m, &c->arg[0]);
}

static int run_cpin2(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct sim was = m->sim;
	char secret[17], new_pin[17];

	if (c->form == AT_READ) {
		at_info(ch, "+CPIN2: %s",
			m->sim.pin2_good        ? "READY"
			: m->sim.chv2.pin_tries ? "SIM PIN2"
						: "SIM PUK2");
		return read_result(ch);
	}
	if (!at_given(c, 1)) {
		if (!m->sim.chv2.pin_tries)
			return AT_CME(CME_SIM_PUK2);
		if (!at_take_digits(&c->arg[0], PIN_MIN, PIN_MAX, secret))
			return AT_CME(CME_NOT_ALLOWED);
		return at_sim_verdict(m, &was, sim_enter_pin2(&m->sim, secret));
	}
	if (!at_take_digits(&c->arg[0], PUK_DIGITS, PUK_DIGITS, secret) ||
		!at_take_digits(&c->arg[1], PIN_MIN, PIN_MAX, new_pin))
		return AT_CME(CME_NOT_ALLOWED);
	return at_sim_verdict(m, &was, sim_enter_puk2(&m->sim, secret, new_pin));
}

/* MMI strings (services.md GSM sequences) */

int at_mmi_change_pin(
	struct modem *m, bool second, const struct at_arg *old, const struct at_arg *pin)
{
	struct sim was = m->sim;
	char from[17], to[17];
	int result = at_check_needs(m, AT_NEED_PIN); /* no row has it */

	if (result != AT_OK)
		return result;
	if (!at_take_digits(old, PIN_MIN, PIN_MAX, from) ||
		!at_take_digits(pin, PIN_MIN, PIN_MAX, to))
		return AT_CME(CME_NOT_ALLOWED);
	if (second && !m->sim.chv2.pin_tries)
		return AT_CME(CME_SIM_PUK2);
	return at_sim_verdict(m, &was,
		second ? sim_change_pin2(&m->sim, from, to)
		       : sim_change_pin(&m->sim, from, to));
}

int at_mmi_unblock_pin(struct channel *ch, bool second, const struct at_arg *puk,
	const struct at_arg *pin)
{
	struct modem *m = ch->modem;
	struct sim was = m->sim;
	struct at_call c = { .args = 2 };
	char from[17], to[17];
	int result = at_check_needs(m, AT_NEED_PIN); /* no row has it */

	if (result != AT_OK && (second || sim_state(&m->sim) != SIM_PUK))
		return result;
	if (!second) {
		c.arg[0] = *puk;
		c.arg[1] = *pin;
		return enter_puk(ch, &c);
	}
	if (!at_take_digits(puk, PUK_DIGITS, PUK_DIGITS, from) ||
		!at_take_digits(pin, PIN_MIN, PIN_MAX, to))
		return AT_CME(CME_NOT_ALLOWED);
	return at_sim_verdict(m, &was, sim_enter_puk2(&m->sim, from, to));
}

/* +CPINC, and the rows */

static int run_cpinc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct sim *s = &m->sim;

	(void)c;
	at_info(ch, "+CPINC: %d,%d,%d,%d", s->chv1.pin_tries, s->chv2.pin_tries,
		s->chv1.puk_tries, s->chv2.puk_tries);
	return AT_OK;
}

const struct at_cmd at_cmds_security[] = {
	{ .name = "+CPIN",
		.see = "sim.md +CPIN",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_cpin,
		.param = { { "pin", AT_TEXT, NULL, 0 },
			{ "new_pin", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CPIN2",
		.see = "sim.md +CPIN2",
		.forms = AT_SRT,
		.test = "",
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_cpin2,
		.param = { { "pin2", AT_TEXT, NULL, 0 },
			{ "new_pin2", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CPINC",
		.see = "sim.md +CPINC",
		.forms = AT_EXEC | AT_READ | AT_TEST,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_cpinc },
	{ 0 },
};
