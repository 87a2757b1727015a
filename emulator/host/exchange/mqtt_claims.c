/* Whose number is it? Each process says on the topic `state` which numbers its units have.
 * The broker passes claims on to all in one order, which decides:
 *
 *   nobody has it, or who has it is not connected      SENT -> OURS
 *   somebody who is connected has it                   SENT -> OPEN; says so again -> LOST
 *                                                      silent for PATIENCE        -> OURS
 *   another claim comes before ours has come back      SENT -> OPEN, the same
 *   another claim comes when it is OURS                we say again that it is
 *
 * So a unit that is really there keeps its number, and what the broker still says about one
 * that has died without a last will blocks nobody. The same unit (its --state) just takes
 * over. */
#include "host/exchange/mqtt_int.h"

#include <string.h>

#define PATIENCE  SEC(2)
#define SAY_AGAIN MS(200) /* at least so much between two of them */

static void publish_claim(struct mqtt *m, unsigned modem)
{
	struct mqtt_state s = { .unit = m->o.modem[modem].unit, .process = m->o.process };
	char topic[MQTT_TOPIC], payload[MQTT_PAYLOAD];

	memcpy(s.number, m->o.modem[modem].number, sizeof(s.number));
	memcpy(s.name, m->o.modem[modem].name, sizeof(s.name));
	mqtt_topic(m, s.number, "state", topic);
	m->io.publish(m->io.ctx, topic, payload, mqtt_state_write(&s, payload), true);
}

static void listen(struct mqtt *m, unsigned modem)
{
	static const char *const kinds[] = { "sms", "ack", "call" };
	char topic[3][MQTT_TOPIC];
	const char *topics[] = { topic[0], topic[1], topic[2] };
	unsigned i;

	for (i = 0; i < 3; i++)
		mqtt_topic(m, m->o.modem[modem].number, kinds[i], topic[i]);
	m->io.subscribe(m->io.ctx, topics, 3, 1);
}

static bool is_other(const struct mqtt *m, unsigned modem, const struct mqtt_state *s)
{
	return s->unit != m->o.modem[modem].unit;
}

static void claim(struct mqtt *m, unsigned modem)
{
	struct mqtt_own *own = &m->own[modem];
	const struct mqtt_person *p = mqtt_people_rival(
		m->people, m->o.modem[modem].number, m->o.modem[modem].unit);

	own->holder = p ? p->state : (struct mqtt_state){ .unit = 0 };
	own->claim = MQTT_CLAIM_SENT;
	if (!own->holder.unit)
		listen(m, modem);
	publish_claim(m, modem);
}

void mqtt_claim_all(struct mqtt *m)
{
	unsigned i;

	for (i = 0; i < m->o.modems; i++)
		if (mqtt_is_number(m->o.modem[i].number))
			claim(m, i);
}

static void win(struct mqtt *m, unsigned modem)
{
	struct mqtt_own *own = &m->own[modem];

	if (own->holder.unit)
		listen(m, modem);
	own->claim = MQTT_CLAIM_OURS;
	if (own->told)
		log_warn(m->o.log, LOG_NET, "exchange: %s has the number %s now",
			m->o.modem[modem].name, m->o.modem[modem].number);
	own->told = false;
}

static void lose(struct mqtt *m, unsigned modem)
{
	struct mqtt_own *own = &m->own[modem];
	const char *number = m->o.modem[modem].number, *other = own->holder.number;
	char topic[MQTT_TOPIC];

	own->claim = MQTT_CLAIM_LOST;
	mqtt_topic(m, number, "state", topic);
	/* the number is written in another way there: our claim is not replaced */
	if (strcmp(number + (*number == '+'), other + (*other == '+')) != 0)
		m->io.publish(m->io.ctx, topic, "", 0, true);
	if (!own->told && m->started)
		log_warn(m->o.log, LOG_NET,
			"exchange: the number %s of %s is in use by unit %016llx (%s): "
			"no messages to and from other processes; give one of them "
			"another number: --set sim.number=NUMBER",
			m->o.modem[modem].number, m->o.modem[modem].name,
			(unsigned long long)own->holder.unit, own->holder.name);
	own->told = m->started;
}

static void own_claim_is_back(struct mqtt *m, unsigned modem)
{
	struct mqtt_own *own = &m->own[modem];

	if (own->claim != MQTT_CLAIM_SENT)
		return;
	if (own->holder.unit) {
		own->claim = MQTT_CLAIM_OPEN;
		own->until = m->io.now(m->io.ctx) + PATIENCE;
	} else {
		win(m, modem);
	}
}

static void other_claim(struct mqtt *m, unsigned modem, const struct mqtt_state *s)
{
	struct mqtt_own *own = &m->own[modem];
	usec_t now = m->io.now(m->io.ctx);

	switch (own->claim) {
	case MQTT_CLAIM_NONE:
		break;
	case MQTT_CLAIM_SENT:
		own->holder = *s;
		break;
	case MQTT_CLAIM_OPEN:
		own->holder = *s;
		lose(m, modem);
		break;
	case MQTT_CLAIM_LOST:
		own->holder = *s;
		break;
	case MQTT_CLAIM_OURS:
		if (own->said && now - own->said < SAY_AGAIN)
			break;
		own->said = now;
		publish_claim(m, modem);
		break;
	}
}

void mqtt_claim_seen(struct mqtt *m, const struct mqtt_state *s)
{
	int modem = m->learned ? mqtt_own_number(m, s->number) : -1;

	if (modem < 0)
		return;
	if (is_other(m, (unsigned)modem, s))
		other_claim(m, (unsigned)modem, s);
	else if (s->process == m->o.process)
		own_claim_is_back(m, (unsigned)modem);
}

void mqtt_claim_gone(struct mqtt *m)
{
	const char *number;
	unsigned i;

	for (i = 0; i < m->o.modems; i++) {
		number = m->o.modem[i].number;
		if (m->own[i].claim == MQTT_CLAIM_OURS &&
			!mqtt_people_find(m->people, number))
			publish_claim(m, i); /* somebody has cleared it */
		else if (m->own[i].claim == MQTT_CLAIM_LOST &&
			 !mqtt_people_rival(m->people, number, m->o.modem[i].unit))
			claim(m, i);
	}
}

void mqtt_claim_tick(struct mqtt *m)
{
	usec_t now = m->io.now(m->io.ctx);
	unsigned i;

	for (i = 0; i < m->o.modems; i++)
		if (m->own[i].claim == MQTT_CLAIM_OPEN && m->own[i].until <= now)
			win(m, i);
}

bool mqtt_settled(const struct mqtt *m)
{
	unsigned i;

	for (i = 0; i < m->o.modems; i++)
		if (m->own[i].claim == MQTT_CLAIM_SENT ||
			m->own[i].claim == MQTT_CLAIM_OPEN)
			return false;
	return m->learned;
}

int mqtt_refused(const struct mqtt *m, unsigned from, struct mqtt_state *holder)
{
	unsigned i;

	for (i = from; i < m->o.modems; i++) {
		if (m->own[i].claim != MQTT_CLAIM_LOST)
			continue;
		*holder = m->own[i].holder;
		return (int)i;
	}
	return -1;
}
