/* Calls whose other process the broker says is gone: its last will. A killed process is
 * gone for good, one that has only lost its connection is back in a moment, and the will is
 * the same. So the call goes on for GRACE. A process that connects again may be another life
 * of it: it has to answer for the call, which nobody but the unit that has the call can. */
#include "host/exchange/mqtt_int.h"

#define GRACE \
	SEC(5) /* a client connects again after 0.5 to 1 s, then after 1 to 2 s more */
#define REPLY SEC(20) /* once it is back; the modem's own enquiry takes as long */
#define ASKS  SEC(1)

#define CAUSE_OFF  18 /* 24.008 table 10.5.123: no user responding */
#define CAUSE_AWAY 27 /* destination out of order */

static bool is_of(const struct mqtt *m, const struct mqtt_saying *s, uint64_t process)
{
	const struct mqtt_person *p = mqtt_people_find(m->people, s->to);

	return !s->ended && p && p->state.process == process;
}

static bool is_there(const struct mqtt *m, const struct mqtt_saying *s)
{
	const struct mqtt_person *p = mqtt_people_find(m->people, s->to);

	return p && mqtt_people_is_there(m->people, &p->state);
}

static void ask_until(struct mqtt *m, struct mqtt_saying *s, usec_t time)
{
	usec_t now = m->io.now(m->io.ctx);

	s->doubted_until = now + time;
	s->asks = now + ASKS;
	mqtt_call_due(m, s->asks);
	mqtt_call_ask(m, s);
}

void mqtt_doubts_begin(struct mqtt *m, uint64_t process)
{
	struct mqtt_saying *s;

	for (s = m->sayings; s; s = s->next)
		if (is_of(m, s, process))
			ask_until(m, s, GRACE);
}

void mqtt_doubts_came(struct mqtt *m, uint64_t process)
{
	struct mqtt_saying *s;

	for (s = m->sayings; s; s = s->next)
		if (s->doubted_until != USEC_NEVER && is_of(m, s, process))
			ask_until(m, s, REPLY);
}

void mqtt_doubts_heard(struct mqtt *m, struct mqtt_saying *s)
{
	if (s->doubted_until == USEC_NEVER)
		return;
	/* what it has said before its end may come after its will */
	s->doubted_until = is_there(m, s) ? USEC_NEVER : m->io.now(m->io.ctx) + GRACE;
}

/* Both sides hear that the call has ended: the other one may only have been late. */
static void give_up(struct mqtt *m, struct mqtt_saying *s)
{
	const struct call_signal end = { .kind = CALL_SIGNAL_RELEASED,
		.line = s->line,
		.cause = s->line.peer ? CAUSE_AWAY : CAUSE_OFF };

	s->doubted_until = USEC_NEVER;
	m->io.signal(m->io.ctx, s->modem, &end);
	mqtt_call_say(m, s->modem, &end);
}

/* True: it has told the modem, which may have said something, and changed the list. */
static bool look(struct mqtt *m, struct mqtt_saying *s, usec_t now)
{
	if (!m->learned || s->ended) {
		/* who is there is not known any more: the modem's own enquiry decides */
		s->doubted_until = USEC_NEVER;
	} else if (s->doubted_until <= now) {
		give_up(m, s);
		return true;
	} else if (s->asks <= now) {
		s->asks = now + ASKS;
		mqtt_call_ask(m, s);
	}
	return false;
}

void mqtt_doubts_tick(struct mqtt *m, usec_t now)
{
	struct mqtt_saying *s;

	for (s = m->sayings; s; s = s->next) {
		if (s->doubted_until != USEC_NEVER && look(m, s, now)) {
			mqtt_call_due(m, now); /* for the others */
			return;
		}
		if (s->doubted_until != USEC_NEVER)
			mqtt_call_due(m, s->asks);
	}
}
