/* GSM 11.11 clause 11.3: verification and unblocking of CHV1 and CHV2. */
#include "gsm/sim.h"

#include <string.h>

#define GONE (FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) | FSM_TO(SIM_FAILED))

const struct fsm_state sim_states[] = {
	[SIM_OFF] = { "off",
		FSM_TO(SIM_ABSENT) | FSM_TO(SIM_CHECKING) | FSM_TO(SIM_FAILED) },
	[SIM_ABSENT] = { "absent", FSM_TO(SIM_OFF) | FSM_TO(SIM_CHECKING) },
	[SIM_CHECKING] = { "checking", GONE | FSM_TO(SIM_PIN) | FSM_TO(SIM_PUK) |
					       FSM_TO(SIM_LOADING) | FSM_TO(SIM_BLOCKED) |
					       FSM_TO(SIM_LOCKED) },
	[SIM_PIN] = { "PIN",
		GONE | FSM_TO(SIM_PUK) | FSM_TO(SIM_LOADING) | FSM_TO(SIM_LOCKED) },
	[SIM_PUK] = { "PUK",
		GONE | FSM_TO(SIM_LOADING) | FSM_TO(SIM_BLOCKED) | FSM_TO(SIM_LOCKED) },
	[SIM_LOCKED] = { "locked", GONE | FSM_TO(SIM_LOADING) },
	[SIM_LOADING] = { "loading", GONE | FSM_TO(SIM_READY) | FSM_TO(SIM_PUK) },
	[SIM_READY] = { "ready", GONE | FSM_TO(SIM_PUK) },
	[SIM_BLOCKED] = { "blocked", GONE },
	[SIM_FAILED] = { "failed", FSM_TO(SIM_OFF) | FSM_TO(SIM_ABSENT) },
	[SIM_FAILED + 1] = { NULL, 0 },
};

/* Languages by number (GSM 03.38 clause 5). */
const struct name sim_languages[] = {
	{ 0, "de", "German" },
	{ 1, "en", "English" },
	{ 2, "it", "Italian" },
	{ 3, "fr", "French" },
	{ 4, "es", "Spanish" },
	{ 5, "nl", "Dutch" },
	{ 6, "sv", "Swedish" },
	{ 7, "da", "Danish" },
	{ 8, "pt", "Portuguese" },
	{ 9, "fi", "Finnish" },
	{ 10, "no", "Norwegian" },
	{ 11, "el", "Greek" },
	{ 12, "tr", "Turkish" },
	{ 13, "hu", "Hungarian" },
	{ 14, "pl", "Polish" },
	{ 32, "cs", "Czech" },
	{ 33, "he", "Hebrew" },
	{ 34, "ar", "Arabic" },
	{ 35, "ru", "Russian" },
	{ 36, "is", "Icelandic" },
	{ 0, NULL, NULL },
};

int sim_language(const char *code)
{
	const struct name *n = name_find(sim_languages, code);

	return n ? n->value : 255;
}

static void secret_init(struct sim_secret *s, const char *pin, int pin_tries,
	const char *puk, int puk_tries)
{
	*s = (struct sim_secret){ .pin_tries = pin_tries, .puk_tries = puk_tries };
	strcpy(s->pin, pin);
	strcpy(s->puk, puk);
}

static void cphs_init(struct cphs *c, const struct cphs_conf *card)
{
	size_t i;

	for (i = 0; i < CPHS_LINES; i++) {
		c->voice_mail[i] = card->voice_mail >> i & 1;
		c->diverted[i] = card->diverted >> i & 1;
	}
	for (i = 0; i < card->n_mailboxes; i++) {
		const struct cphs_mailbox *box = &card->mailboxes[i];
		struct contact *to = &c->mailbox[box->line - 1];

		contact_set_utf8(to, box->text);
		contact_set_number(
			to, box->number, strlen(box->number), 0, CONTACT_NUMBER);
	}
}

void sim_init(struct sim *s, const struct sim_conf *card, struct contact *mailbox,
	const struct log *l)
{
	size_t i;

	*s = (struct sim){
		.card = card,
		.imsi = card->imsi,
		.iccid = card->iccid,
		.log = l,
		.fsm = { "sim", sim_states, LOG_SIM, SIM_OFF },
		.pin_enabled = card->pin_enabled,
		.rack_closed = card->rack_closed,
		.preferred_max = card->preferred_max,
		.inserted = card->inserted,
		.cphs.mailbox = mailbox,
	};
	strcpy(s->language[0], "en");
	cphs_init(&s->cphs, &card->cphs);
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

bool sim_there(const struct sim *s)
{
	return s->inserted && (s->rack_closed || s->rack_ignored);
}

void sim_power(struct sim *s, bool on)
{
	s->pin2_good = s->pin2_asked = s->pin2_told = s->pin_again = false;
	fsm_go(&s->fsm, s->log, SIM_OFF);
	if (on)
		fsm_go(&s->fsm, s->log,
			!sim_there(s) ? SIM_ABSENT
			: s->dead     ? SIM_FAILED
				      : SIM_CHECKING);
}

void sim_reset(struct sim *s)
{
	s->dead = false;
}

static void look(struct sim *s)
{
	bool there = sim_there(s);

	if (sim_state(s) == SIM_OFF || there == (sim_state(s) != SIM_ABSENT))
		return;
	s->pin2_good = s->pin2_asked = s->pin2_told = s->dead = s->pin_again = false;
	fsm_go(&s->fsm, s->log, there ? SIM_CHECKING : SIM_ABSENT);
}

void sim_insert(struct sim *s, bool in)
{
	s->inserted = in;
	look(s);
}

void sim_rack(struct sim *s, bool closed)
{
	s->rack_closed = closed;
	look(s);
}

enum sim_lock_id sim_refused(const struct sim *s)
{
	return sim_locks_refuse(&s->locks, s->card, s->imsi);
}

/* No PIN is required; the modem's own locks may still refuse the SIM. */
static enum sim_state unlocked(const struct sim *s)
{
	return sim_refused(s) == LOCKS ? SIM_LOADING : SIM_LOCKED;
}

void sim_checked(struct sim *s)
{
	enum sim_state next = unlocked(s);

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

bool sim_fail(struct sim *s)
{
	if (!sim_present(s))
		return false;
	s->pin2_good = s->pin2_asked = s->pin2_told = s->pin_again = false;
	s->dead = true;
	fsm_go(&s->fsm, s->log, SIM_FAILED);
	return true;
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
	s->pin2_told = s->pin_again = false;
}

bool sim_asks_pin2(struct sim *s)
{
	if (!s->pin2_asked || s->pin2_told)
		return false;
	s->pin2_told = true;
	return true;
}

/* The third wrong PIN blocks an unlocked SIM too; before that, +CPIN may give the right
 * one. */
static enum sim_verdict verify_open(struct sim *s, const char *pin)
{
	enum sim_verdict v = verify(&s->chv1, pin);

	if (!s->chv1.pin_tries)
		fsm_go(&s->fsm, s->log, SIM_PUK);
	s->pin_again = v == SIM_WRONG;
	if (s->pin_again)
		s->pin2_asked = false;
	return v;
}

enum sim_verdict sim_enter_pin(struct sim *s, const char *pin)
{
	enum sim_verdict v;

	if (s->pin_again && sim_open(s))
		return verify_open(s, pin);
	if (s->pin2_asked && sim_open(s))
		return sim_enter_pin2(s, pin);
	if (sim_state(s) != SIM_PIN)
		return SIM_NOT_NOW;
	v = verify(&s->chv1, pin);
	if (v == SIM_GOOD)
		fsm_go(&s->fsm, s->log, unlocked(s));
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
		fsm_go(&s->fsm, s->log, unlocked(s));
	else if (!s->chv1.puk_tries)
		fsm_go(&s->fsm, s->log, SIM_BLOCKED);
	return v;
}

enum sim_verdict sim_verify_pin2(struct sim *s, const char *pin2)
{
	enum sim_verdict v = verify(&s->chv2, pin2);

	if (v == SIM_GOOD) {
		s->pin2_good = true;
		s->pin2_asked = false;
	}
	return v;
}

enum sim_verdict sim_enter_pin2(struct sim *s, const char *pin2)
{
	return s->pin2_good ? SIM_NOT_NOW : sim_verify_pin2(s, pin2);
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

enum sim_verdict sim_switch_pin(struct sim *s, bool on, const char *pin)
{
	enum sim_verdict v;

	if (s->pin_enabled == on)
		return SIM_NOT_NOW;
	if (!on && s->card->pin_stays)
		return SIM_STAYS;
	v = verify_open(s, pin);
	if (v == SIM_GOOD)
		s->pin_enabled = on;
	return v;
}

enum sim_verdict sim_change_pin(struct sim *s, const char *pin, const char *new_pin)
{
	enum sim_verdict v;

	if (!s->pin_enabled)
		return SIM_NOT_NOW;
	v = verify_open(s, pin);
	if (v == SIM_GOOD)
		strcpy(s->chv1.pin, new_pin);
	return v;
}

enum sim_verdict sim_switch_fixed_dialling(struct sim *s, bool on, const char *pin2)
{
	enum sim_verdict v = SIM_GOOD;

	if (s->fixed_dialling == on)
		return SIM_NOT_NOW;
	if (pin2)
		v = verify(&s->chv2, pin2);
	if (v != SIM_GOOD)
		return v;
	s->pin2_good = true;
	s->pin2_asked = false;
	s->fixed_dialling = on;
	return SIM_GOOD;
}

enum sim_verdict sim_change_pin2(struct sim *s, const char *pin2, const char *new_pin2)
{
	enum sim_verdict v = verify(&s->chv2, pin2);

	if (v == SIM_GOOD)
		strcpy(s->chv2.pin, new_pin2);
	return v;
}

enum sim_verdict sim_enter_key(struct sim *s, const char *key)
{
	enum sim_lock_id id = sim_refused(s);

	if (sim_state(s) != SIM_LOCKED || id == LOCKS)
		return SIM_NOT_NOW;
	switch (sim_lock_set(&s->locks, id, false, key, NULL, s->card, s->imsi)) {
	case LOCK_DONE:
		break;
	case LOCK_WRONG:
		return SIM_WRONG;
	case LOCK_NOT_NOW:
		return SIM_NOT_NOW;
	}
	if (sim_refused(s) == LOCKS)
		fsm_go(&s->fsm, s->log, SIM_LOADING);
	return SIM_GOOD;
}
