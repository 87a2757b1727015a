/* Messages that come, and the acks for them. The modem tells the end with the message's
 * name alone, perhaps long after it came, so the place for its ack is remembered; when that
 * is lost (the end of the program, very many senders), the sender repeats the message, and
 * the modem tells the end again. */
#include "host/exchange/mqtt_int.h"

#include <stdio.h>
#include <string.h>

#define PLACES 8                           /* for one sender */
#define LONG   ((int64_t)10 * 365 * 86400) /* seconds; more is never */

static struct mqtt_sender *places(struct mqtt *m, uint64_t sender)
{
	uint64_t hash = (sender ^ sender >> 32) * 0x9e3779b97f4a7c15u;

	return &m->senders[(hash >> 40) % (MQTT_SENDERS / PLACES) * PLACES];
}

static struct mqtt_sender *find(struct mqtt *m, uint64_t sender)
{
	struct mqtt_sender *s = places(m, sender);
	int i;

	for (i = 0; i < PLACES; i++)
		if (s[i].sender == sender && s[i].used)
			return &s[i];
	return NULL;
}

/* In the place of the one that was used longest ago. */
static struct mqtt_sender *make(struct mqtt *m, uint64_t sender)
{
	struct mqtt_sender *s = places(m, sender), *oldest = s;
	int i;

	for (i = 1; i < PLACES; i++)
		if (s[i].used < oldest->used)
			oldest = &s[i];
	return oldest;
}

static void remember(
	struct mqtt *m, const struct mqtt_sms *sms, uint64_t sender, unsigned part)
{
	struct mqtt_sender *s = find(m, sender);

	if (!s)
		s = make(m, sender);
	*s = (struct mqtt_sender){ .sender = sender,
		.named = sms->sender,
		.part = sms->parts > 1 ? part + 1 : 0,
		.used = ++m->uses };
	if (mqtt_is_number(sms->from))
		memcpy(s->from, sms->from, MQTT_NUMBER);
}

static usec_t left(const struct mqtt *m, unsigned modem, const struct mqtt_sms *sms)
{
	int64_t seconds = sms->expires - mqtt_seconds(m);

	if (seconds <= 0)
		return 0;
	return seconds < LONG ? SEC(seconds) * mqtt_speed(m, modem) : USEC_NEVER;
}

/* Parts of a text have names of their own. */
static uint64_t sender_of(const struct mqtt_sms *sms, unsigned part)
{
	return sms->sender ^ (uint64_t)part << 48;
}

static void bring(
	struct mqtt *m, unsigned modem, const struct mqtt_sms *sms, unsigned part)
{
	const char *number = m->o.modem[modem].number;
	struct sms_post p = { .sender = sender_of(sms, part),
		.ref = sms->ref,
		.n_open = sms->n_open,
		.centre = sms->centre,
		.t = sms->part[part],
		.left = left(m, modem, sms) };

	memcpy(p.open, sms->open, sizeof(p.open));
	address_parse(&p.to, number, strlen(number), 0);
	remember(m, sms, p.sender, part);
	m->io.deliver(m->io.ctx, modem, &p);
	m->counts.received++;
}

void mqtt_mail(struct mqtt *m, const char *topic, unsigned modem, const void *payload,
	size_t len)
{
	struct mqtt_sms sms;
	char why[200];
	unsigned i;

	if (!mqtt_sms_read(payload, len, m->io.wall(m->io.ctx) / 1000000, &sms, why,
		    sizeof(why))) {
		mqtt_refuse(m, topic, why);
		return;
	}
	if (m->own[modem].claim == MQTT_CLAIM_LOST) {
		mqtt_refuse(m, topic, "another unit has that number");
		return;
	}
	if (!sms.named) {
		sms.sender = m->nameless;
		sms.ref = ++m->nameless_ref;
		sms.from[0] = '\0';
		sms.n_open = 0;
	}
	for (i = 0; i < sms.parts; i++)
		bring(m, modem, &sms, i);
}

void mqtt_mail_done(
	struct mqtt *m, unsigned modem, uint64_t sender, uint64_t ref, int status)
{
	const struct mqtt_sender *s = find(m, sender);
	char topic[MQTT_TOPIC], payload[MQTT_PAYLOAD];
	struct mqtt_ack a = { .ref = ref,
		.status = status == SMS_POST_NO_ROOM ? MQTT_AGAIN : status };

	if (!s || !s->from[0] || !m->learned)
		return;
	a.sender = s->named;
	a.part = s->part;
	mqtt_topic(m, s->from, "ack", topic);
	m->io.publish(m->io.ctx, topic, payload,
		mqtt_ack_write(&a, m->o.modem[modem].number, payload), false);
}
