/* Carries out the key sequences of mmi.h, with the answers of the equivalent commands
 * (services.md GSM sequences). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/phonebook/book_dial.h"
#include "chapters/services/mmi.h"
#include "chapters/services/services.h"
#include "chapters/sim/sim.h"
#include "state/modem_state.h"

/* A field of the sequence as a command argument. */
static struct at_arg part(const struct mmi *x, size_t i)
{
	return (struct at_arg){ .given = i < x->parts && x->part[i].len > 0,
		.text = i < x->parts ? x->part[i].text : "",
		.len = i < x->parts ? x->part[i].len : 0 };
}

static bool same(const struct at_arg *a, const struct at_arg *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

static bool take_number(const struct at_arg *arg, char out[SS_NUMBER_MAX + 1])
{
	if (!arg->given || arg->len > SS_NUMBER_MAX)
		return false;
	memcpy(out, arg->text, arg->len);
	out[arg->len] = '\0';
	return true;
}

/* A query of 002 or 004 reports each reason in turn. */
static int tell_forward(struct channel *ch, const struct mmi *x)
{
	int reason = x->code < SS_REASONS               ? x->code
		     : x->code == SS_REASON_CONDITIONAL ? SS_BUSY
							: SS_UNCONDITIONAL;
	int last = x->code < SS_REASONS ? x->code : SS_REASONS - 1;

	for (; reason <= last; reason++)
		at_info_forward(ch, (enum ss_reason)reason, x->classes);
	return AT_OK;
}

/* *SC# activates what is registered; with a number it registers (02.30 clause 6.5.2). */
static int forward(struct channel *ch, const struct mmi *x)
{
	struct modem *m = ch->modem;
	struct at_arg to = part(x, 0);
	char number[SS_NUMBER_MAX + 1];

	switch (x->op) {
	case MMI_QUERY:
		return tell_forward(ch, x);
	case MMI_DEACTIVATE:
		return at_ss_verdict(m, ss_deactivate(&m->ss, x->code, x->classes));
	case MMI_ERASE:
		return at_ss_verdict(m, ss_erase(&m->ss, x->code, x->classes));
	case MMI_ACTIVATE:
		if (!to.given)
			return at_ss_verdict(m, ss_activate(&m->ss, x->code, x->classes));
		break;
	case MMI_REGISTER:
		break;
	}
	if (!take_number(&to, number))
		return AT_CME(CME_NOT_ALLOWED);
	return at_ss_verdict(m, ss_register(&m->ss, x->code, x->classes, number,
					number[0] == '+' ? 145 : 129, x->time));
}

static int bar(struct channel *ch, const struct mmi *x)
{
	struct modem *m = ch->modem;
	struct at_arg arg = part(x, 0);
	char password[17];

	if (x->op == MMI_QUERY) {
		if (x->code >= SS_BARRINGS)
			return AT_CME(CME_NOT_ALLOWED);
		at_info_classes(ch, "+CLCK", ss_barring(&m->ss, (enum ss_barring)x->code),
			x->classes);
		return AT_OK;
	}
	if (!at_take_digits(&arg, 4, 4, password))
		return AT_CME(CME_BAD_PASSWORD);
	return at_ss_verdict(
		m, ss_bar(&m->ss, x->code, x->op == MMI_ACTIVATE, x->classes, password));
}

static int change_password(struct modem *m, const struct mmi *x)
{
	struct at_arg a = part(x, 0), b = part(x, 1), again = part(x, 2);
	char old[17], new_password[17];

	if (!same(&b, &again) || !at_take_digits(&b, 4, 4, new_password))
		return AT_CME(CME_NOT_ALLOWED);
	if (!at_take_digits(&a, 4, 4, old))
		return AT_CME(CME_BAD_PASSWORD);
	return at_ss_verdict(m, ss_password(&m->ss, old, new_password));
}

static int waiting(struct channel *ch, const struct mmi *x)
{
	struct modem *m = ch->modem;

	if (x->op == MMI_QUERY) {
		at_info_classes(ch, "+CCWA", m->ss.waiting, x->classes);
		return AT_OK;
	}
	ss_wait(&m->ss, x->op == MMI_ACTIVATE, x->classes);
	return at_ss_verdict(m, SS_GOOD);
}

/* Sends what AT<name>? sends. */
static int read_of(struct channel *ch, const char *name)
{
	struct modem *m = ch->modem;
	const struct at_entry *e = at_set_find(at_tables_of(m), name, strlen(name));
	struct at_call c = { .entry = e, .form = AT_READ };

	if (!e || e->absent || !(e->cmd->forms & AT_READ))
		return AT_CME(CME_NOT_SUPPORTED);
	if (e->cmd->run)
		return e->cmd->run(ch, &c);
	at_info_settings(ch, e);
	return AT_OK;
}

static int secret(struct channel *ch, const struct mmi *x)
{
	struct modem *m = ch->modem;
	struct at_arg a = part(x, 0), b = part(x, 1), again = part(x, 2);

	if (!same(&b, &again))
		return AT_CME(CME_NOT_ALLOWED);
	return x->service == MMI_PIN ? at_mmi_change_pin(m, x->code, &a, &b)
				     : at_mmi_unblock_pin(ch, x->code, &a, &b);
}

/* Services that the network holds need an unlocked SIM and registration. */
static int ready(const struct modem *m)
{
	switch (sim_state(&m->sim)) {
	case SIM_OFF:
	case SIM_ABSENT:
		return AT_CME(CME_NO_SIM);
	case SIM_PIN:
		return AT_CME(CME_SIM_PIN);
	case SIM_PUK:
		return AT_CME(CME_SIM_PUK);
	case SIM_BLOCKED:
	case SIM_FAILED:
		return AT_CME(CME_SIM_FAILURE);
	case SIM_READY:
		return at_ss_reachable(m);
	case SIM_LOCKED:
		return at_locked_error(m);
	case SIM_CHECKING:
	case SIM_LOADING:
		break;
	}
	return AT_CME(CME_BUSY);
}

static int carry_out(struct channel *ch, const struct mmi *x)
{
	struct modem *m = ch->modem;

	switch (x->service) {
	case MMI_FORWARD:
		return forward(ch, x);
	case MMI_BARRING:
		return bar(ch, x);
	case MMI_PASSWORD:
		return change_password(m, x);
	case MMI_WAITING:
		return waiting(ch, x);
	case MMI_CLIP:
		return read_of(ch, "+CLIP");
	case MMI_CLIR:
		return read_of(ch, "+CLIR");
	case MMI_COLP:
		return read_of(ch, "+COLP");
	case MMI_PIN:
	case MMI_UNBLOCK:
		return secret(ch, x);
	case MMI_IMEI:
		at_info(ch, "%s", m->numbers.imei);
		break;
	}
	return AT_OK;
}

int keypad_sequence(struct channel *ch, struct at_call *c, const char *keys, size_t len)
{
	struct modem *m = ch->modem;
	struct mmi x;
	int result = AT_OK;

	(void)c;
	if (!mmi_parse(keys, len, &x))
		return AT_CME(CME_NOT_ALLOWED);
	/* with the FD lock forwarding needs its whole string in FD (general.md +CKPD) */
	if (x.service == MMI_FORWARD && !at_book_may_dial(m, keys, len))
		return AT_CME(CME_NOT_ALLOWED);
	if (x.service != MMI_PIN && x.service != MMI_UNBLOCK && x.service != MMI_IMEI)
		result = ready(m);
	return result == AT_OK ? carry_out(ch, &x) : result;
}
