#include "gsm/ss.h"

#include <string.h>

#define NO_REPLY_TIME 20 /* seconds, where none is given (services.md +CCFC) */

void ss_init(struct ss *s, const struct services_conf *conf)
{
	*s = (struct ss){ .waiting = SS_VOICE, .tries = SS_TRIES };
	strcpy(s->password, conf->barring_password);
}

unsigned ss_classes(int class)
{
	switch (class) {
	case SS_VOICE:
	case SS_DATA:
	case SS_FAX:
	case SS_SMS:
		return (unsigned)class;
	}
	return SS_ALL;
}

/* ---- forwarding -------------------------------------------------------------------- */

static bool covers(int reason, int single)
{
	if (reason == SS_REASON_ALL)
		return true;
	if (reason == SS_REASON_CONDITIONAL)
		return single != SS_UNCONDITIONAL;
	return reason == single;
}

/* Calls visit() for each place that reason and classes name; SS_GOOD if one of them took
 * it. */
static enum ss_verdict each(struct ss *s, int reason, unsigned classes,
	bool (*visit)(struct ss_forward *f, const struct ss_forward *with),
	const struct ss_forward *with)
{
	enum ss_verdict verdict = SS_NOT_ALLOWED;
	int r, c;

	for (r = 0; r < SS_REASONS; r++)
		for (c = 0; c < SS_CLASSES; c++)
			if (covers(reason, r) && classes >> c & 1 &&
				visit(&s->forward[r][c], with))
				verdict = SS_GOOD;
	return verdict;
}

static bool do_register(struct ss_forward *f, const struct ss_forward *with)
{
	*f = *with;
	return true;
}

static bool do_switch(struct ss_forward *f, const struct ss_forward *with)
{
	if (!f->number[0])
		return false;
	f->active = with->active;
	return true;
}

static bool do_erase(struct ss_forward *f, const struct ss_forward *with)
{
	(void)with;
	*f = (struct ss_forward){ .active = false };
	return true;
}

enum ss_verdict ss_register(struct ss *s, int reason, unsigned classes,
	const char *number, int type, int time)
{
	struct ss_forward with = {
		.active = true, .type = type, .time = time ? time : NO_REPLY_TIME
	};

	if (!number[0] || strlen(number) > SS_NUMBER_MAX)
		return SS_NOT_ALLOWED;
	strcpy(with.number, number);
	return each(s, reason, classes, do_register, &with);
}

enum ss_verdict ss_activate(struct ss *s, int reason, unsigned classes)
{
	struct ss_forward with = { .active = true };

	return each(s, reason, classes, do_switch, &with);
}

/* Switching off what is not registered is no error. */
enum ss_verdict ss_deactivate(struct ss *s, int reason, unsigned classes)
{
	struct ss_forward with = { .active = false };

	each(s, reason, classes, do_switch, &with);
	return SS_GOOD;
}

enum ss_verdict ss_erase(struct ss *s, int reason, unsigned classes)
{
	return each(s, reason, classes, do_erase, NULL);
}

const struct ss_forward *ss_forward(
	const struct ss *s, enum ss_reason reason, enum ss_class class)
{
	const struct ss_forward *f;
	int c = 0;

	while (!((unsigned)class >> c & 1))
		c++;
	f = &s->forward[reason][c];
	return f->active ? f : NULL;
}

/* ---- barring ----------------------------------------------------------------------- */

static bool bars(int barring, int single)
{
	switch (barring) {
	case SS_AB:
		return true;
	case SS_AG:
		return single <= SS_OX;
	case SS_AC:
		return single >= SS_AI;
	}
	return barring == single;
}

/* Three wrong ones in a row, and it is refused for ever: only the provider helps. */
static bool password_good(struct ss *s, const char *password)
{
	if (!s->tries)
		return false;
	if (strcmp(s->password, password) != 0) {
		s->tries--;
		return false;
	}
	s->tries = SS_TRIES;
	return true;
}

enum ss_verdict ss_bar(
	struct ss *s, int barring, bool on, unsigned classes, const char *password)
{
	int b;

	/* groups can only be lifted (27.007 clause 7.4) */
	if (on && barring >= SS_BARRINGS)
		return SS_NOT_ALLOWED;
	if (!password_good(s, password))
		return SS_PASSWORD;
	for (b = 0; b < SS_BARRINGS; b++) {
		if (!bars(barring, b))
			continue;
		if (on)
			s->barred[b] |= classes;
		else
			s->barred[b] &= ~classes;
	}
	return SS_GOOD;
}

enum ss_verdict ss_password(struct ss *s, const char *old, const char *new_password)
{
	if (strlen(new_password) != 4)
		return SS_NOT_ALLOWED;
	if (!password_good(s, old))
		return SS_PASSWORD;
	strcpy(s->password, new_password);
	return SS_GOOD;
}

unsigned ss_barring(const struct ss *s, enum ss_barring b)
{
	return s->barred[b];
}

bool ss_bars_outgoing(
	const struct ss *s, enum ss_class class, const char *number, const char *home)
{
	unsigned bit = (unsigned)class;
	const char *country = NULL;
	bool abroad;

	if (number[0] == '+')
		country = number + 1;
	else if (!strncmp(number, "00", 2))
		country = number + 2;
	abroad = country && strncmp(country, home, strlen(home)) != 0;
	return s->barred[SS_AO] & bit || (country && s->barred[SS_OI] & bit) ||
	       (abroad && s->barred[SS_OX] & bit);
}

bool ss_bars_incoming(const struct ss *s, enum ss_class class, bool roaming)
{
	return s->barred[SS_AI] & (unsigned)class ||
	       (roaming && s->barred[SS_IR] & (unsigned)class);
}

/* ---- waiting ----------------------------------------------------------------------- */

void ss_wait(struct ss *s, bool on, unsigned classes)
{
	s->waiting = on ? s->waiting | classes : s->waiting & ~classes;
}

bool ss_waits(const struct ss *s, enum ss_class class)
{
	return s->waiting & (unsigned)class;
}
