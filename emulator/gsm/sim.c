/* GSM 11.11 clause 11.3: verification and unblocking of CHV1 and CHV2. */
#include "gsm/sim.h"

#include <string.h>

static const struct fsm_state states[] = {
	[SIM_OFF] = { "off", FSM_TO(SIM_ABSENT) | FSM_TO(SIM_CHECKING) },
	[SIM_ABSENT] = { "absent", FSM_TO(SIM_OFF) | FSM_TO(SIM_CHECKING) },
	[SIM_CHECKING] = { "checking",
		FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) | FSM_TO(SIM_PIN) | FSM_TO(SIM_PUK) |
			FSM_TO(SIM_LOADING) | FSM_TO(SIM_BLOCKED) },
	[SIM_PIN] = { "PIN", FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) | FSM_TO(SIM_PUK) |
				     FSM_TO(SIM_LOADING) },
	[SIM_PUK] = { "PUK", FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) | FSM_TO(SIM_LOADING) |
				     FSM_TO(SIM_BLOCKED) },
	[SIM_LOADING] = { "loading",
		FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) | FSM_TO(SIM_READY) },
	[SIM_READY] = { "ready", FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) },
	[SIM_BLOCKED] = { "blocked", FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) },
};

static void secret_init(struct sim_secret *s, const char *pin, int pin_tries,
	const char *puk, int puk_tries)
{
	*s = (struct sim_secret){ .pin_tries = pin_tries, .puk_tries = puk_tries };
	strcpy(s->pin, pin);
	strcpy(s->puk, puk);
}

void sim_init(struct sim *s, const struct sim_conf *card, const struct log *l)
{
	size_t i;

	*s = (struct sim){
		.card = card,
		.log = l,
		.fsm = { "sim", states, LOG_SIM, SIM_OFF },
		.pin_enabled = card->pin_enabled,
		.rack_closed = card->rack_closed,
		.preferred_max = card->preferred_max,
	};
	for (i = 0; i < card->n_preferred; i++)
		strcpy(s->preferred[i], card->preferred[i].plmn);
	secret_init(&s->chv1, card->pin, card->pin_tries, card->puk, card->puk_tries);
	secret_init(&s->chv2, card->pin2, card->pin2_tries, card->puk2, card->puk2_tries);
}

enum sim_state sim_state(const struct sim *s)
{
	return (enum sim_state)s->fsm.state;
}

const char *sim_state_name(const struct sim *s)
{
	return fsm_name(&s->fsm);
}

void sim_power(struct sim *s, bool on)
{
	s->pin2_good = s->pin2_asked = s->pin2_told = false;
	fsm_go(&s->fsm, s->log, SIM_OFF);
	if (on)
		fsm_go(&s->fsm, s->log,
			s->card->inserted && s->rack_closed ? SIM_CHECKING : SIM_ABSENT);
}

void sim_checked(struct sim *s)
{
	enum sim_state next = SIM_LOADING;

	if (sim_state(s) != SIM_CHECKING)
		return;
	if (!s->chv1.puk_tries)
		next = SIM_BLOCKED;
	else if (!s->chv1.pin_tries)
		next = SIM_PUK;
	else if (s->pin_enabled)
		next = SIM_PIN;
	fsm_go(&s->fsm, s->log, next);
}

void sim_loaded(struct sim *s)
{
	if (sim_state(s) == SIM_LOADING)
		fsm_go(&s->fsm, s->log, SIM_READY);
}

bool sim_present(const struct sim *s)
{
	enum sim_state now = sim_state(s);

	return now != SIM_OFF && now != SIM_ABSENT && now != SIM_CHECKING;
}

bool sim_open(const struct sim *s)
{
	return sim_state(s) == SIM_LOADING || sim_state(s) == SIM_READY;
}

bool sim_ready(const struct sim *s)
{
	return sim_state(s) == SIM_READY;
}

static enum sim_verdict verify(struct sim_secret *s, const char *pin)
{
	if (!s->pin_tries)
		return SIM_NOT_NOW;
	if (!strcmp(s->pin, pin)) {
		s->pin_tries = SIM_PIN_TRIES;
		return SIM_GOOD;
	}
	s->pin_tries--;
	return SIM_WRONG;
}

static enum sim_verdict unblock(
	struct sim_secret *s, const char *puk, const char *new_pin)
{
	if (!s->puk_tries)
		return SIM_NOT_NOW;
	if (!strcmp(s->puk, puk)) {
		strcpy(s->pin, new_pin);
		s->pin_tries = SIM_PIN_TRIES;
		s->puk_tries = SIM_PUK_TRIES;
		return SIM_GOOD;
	}
	s->puk_tries--;
	return SIM_WRONG;
}

void sim_want_pin2(struct sim *s)
{
	s->pin2_asked = true;
	s->pin2_told = false;
}

bool sim_asks_pin2(struct sim *s)
{
	if (!s->pin2_asked || s->pin2_told)
		return false;
	s->pin2_told = true;
	return true;
}

enum sim_verdict sim_enter_pin(struct sim *s, const char *pin)
{
	enum sim_verdict v;

	if (s->pin2_asked && sim_open(s))
		return sim_enter_pin2(s, pin);
	if (sim_state(s) != SIM_PIN)
		return SIM_NOT_NOW;
	v = verify(&s->chv1, pin);
	if (v == SIM_GOOD)
		fsm_go(&s->fsm, s->log, SIM_LOADING);
	else if (!s->chv1.pin_tries)
		fsm_go(&s->fsm, s->log, SIM_PUK);
	return v;
}

enum sim_verdict sim_enter_puk(struct sim *s, const char *puk, const char *new_pin)
{
	enum sim_verdict v;

	if (sim_state(s) != SIM_PUK)
		return SIM_NOT_NOW;
	v = unblock(&s->chv1, puk, new_pin);
	if (v == SIM_GOOD)
		fsm_go(&s->fsm, s->log, SIM_LOADING);
	else if (!s->chv1.puk_tries)
		fsm_go(&s->fsm, s->log, SIM_BLOCKED);
	return v;
}

enum sim_verdict sim_enter_pin2(struct sim *s, const char *pin2)
{
	enum sim_verdict v;

	if (s->pin2_good)
		return SIM_NOT_NOW;
	v = verify(&s->chv2, pin2);
	if (v == SIM_GOOD) {
		s->pin2_good = true;
		s->pin2_asked = false;
	}
	return v;
}

enum sim_verdict sim_enter_puk2(struct sim *s, const char *puk2, const char *new_pin2)
{
	enum sim_verdict v;

	if (s->chv2.pin_tries)
		return SIM_NOT_NOW;
	v = unblock(&s->chv2, puk2, new_pin2);
	if (v == SIM_GOOD)
		s->pin2_good = true;
	return v;
}
