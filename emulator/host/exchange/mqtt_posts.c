/* Messages that go out. Each is published at once, so that the broker keeps it for a
 * receiver that is not there, and again when it may have been lost: after each connection
 * of ours, when the receiver's process connects, and at growing intervals while that is
 * there and tells nothing. The receiver knows repeats. It ends with an ack, or some time
 * after its validity. */
#include "host/exchange/mqtt_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/exchange/numbers.h"

#define ST_EXPIRED   0x46 /* 23.040 clause 9.2.3.15 */
#define REPEAT_FIRST SEC(10)
#define REPEAT_LAST  SEC(320)
#define RECONNECTED  MS(500) /* others that have lost the broker too come back */
#define CAME         SEC(3)
#define NO_ROOM      MS(200)
#define GRACE        SEC(10) /* after the validity */

static struct mqtt_post **chain(const struct mqtt *m, uint64_t sender, uint64_t ref)
{
	return (struct mqtt_post **)&m
		->post[(sender ^ sender >> 20 ^ ref * 31) % MQTT_POST_CHAINS];
}

static struct mqtt_post **find(const struct mqtt *m, uint64_t sender, uint64_t ref)
{
	struct mqtt_post **at = chain(m, sender, ref);

	while (*at && ((*at)->sender != sender || (*at)->ref != ref))
		at = &(*at)->next;
	return at;
}

static void drop(struct mqtt *m, struct mqtt_post **at)
{
	struct mqtt_post *p = *at;

	*at = p->next;
	mqtt_window_leave(m, p);
	free(p->payload);
	free(p);
	m->counts.waiting--;
}

/* Its receiver's process is connected. */
static bool is_there(const struct mqtt *m, const struct mqtt_post *p)
{
	const struct mqtt_person *to = mqtt_people_find(m->people, p->to);

	return to && mqtt_people_is_there(m->people, &to->state);
}

static void due(struct mqtt *m, struct mqtt_post *p, usec_t at)
{
	p->due = at;
	if (at < m->posts_due)
		m->posts_due = at;
}

/* ---- one try ------------------------------------------------------------------------ */

static usec_t validity_end(const struct mqtt *m, const struct mqtt_post *p, usec_t now)
{
	int64_t seconds = mqtt_seconds(m);

	if (p->expires == INT64_MAX)
		return USEC_NEVER;
	return now + (p->expires > seconds ? SEC(p->expires - seconds) : 0) +
	       (p->asked ? GRACE : 0);
}

/* When to look at it again: for a repeat, or for the end of its validity. */
static usec_t next_look(const struct mqtt *m, const struct mqtt_post *p, usec_t now)
{
	usec_t wait = REPEAT_FIRST << (p->tries < 6 ? p->tries - 1 : 5);
	usec_t end = validity_end(m, p, now);

	if (!is_there(m, p))
		return end;
	if (wait > REPEAT_LAST)
		wait = REPEAT_LAST;
	return now + wait < end ? now + wait : end;
}

static void publish(struct mqtt *m, struct mqtt_post *p, usec_t now)
{
	char topic[MQTT_TOPIC];

	mqtt_topic(m, p->to, "sms", topic);
	if (!m->io.publish(m->io.ctx, topic, p->payload, p->len, false)) {
		due(m, p, now + NO_ROOM);
		return;
	}
	p->tries++;
	m->counts.published++;
	due(m, p, next_look(m, p, now));
}

static void publish_waiting(struct mqtt *m, struct mqtt_window *w, usec_t now)
{
	struct mqtt_post *p;

	while (w && (p = mqtt_window_next(m, w)))
		publish(m, p, now);
}

/* At once, or as soon as its receiver's process has room. */
static void try(struct mqtt *m, struct mqtt_post *p, usec_t now)
{
	struct mqtt_window *w;

	publish_waiting(m, mqtt_window_leave(m, p), now);
	due(m, p, validity_end(m, p, now));
	w = mqtt_window_join(m, p);
	if (w)
		publish_waiting(m, w, now);
	else
		publish(m, p, now);
}

static void end(struct mqtt *m, struct mqtt_post **at, int status)
{
	const struct mqtt_post *p = *at;
	unsigned modem = p->modem;
	uint64_t sender = p->sender, ref = p->ref;

	publish_waiting(m, mqtt_window_leave(m, *at), m->io.now(m->io.ctx));
	drop(m, at);
	m->counts.sent += status != SMS_POST_NO_ROOM;
	m->io.sent(m->io.ctx, modem, sender, ref, status);
}

/* Looks at one that is due; false: it has ended. After its validity the receiver, if it
 * is there, is asked once more: it may have had it in time, and its ack was lost. */
static bool look(struct mqtt *m, struct mqtt_post **at, usec_t now)
{
	struct mqtt_post *p = *at;
	bool over = mqtt_seconds(m) >= p->expires;

	if (over && (p->asked || (p->tries && !is_there(m, p)))) {
		end(m, at, ST_EXPIRED);
		return false;
	}
	p->asked = over;
	try(m, p, now);
	if (p->asked)
		due(m, p, now + GRACE);
	return true;
}

void mqtt_post_tick(struct mqtt *m)
{
	usec_t now = m->io.now(m->io.ctx);
	struct mqtt_post **at;
	size_t i;

	if (now < m->posts_due)
		return;
	m->posts_due = USEC_NEVER;
	for (i = 0; i < MQTT_POST_CHAINS; i++) {
		for (at = &m->post[i]; *at;) {
			if ((*at)->due > now)
				due(m, *at, (*at)->due);
			else if (!look(m, at, now))
				continue;
			at = &(*at)->next;
		}
	}
}

/* ---- what happens --------------------------------------------------------------------- */

static struct mqtt_post *add(
	struct mqtt *m, unsigned modem, const struct sms_post *p, const char *to)
{
	struct mqtt_post **at = chain(m, p->sender, p->ref), *one;

	one = must(calloc(1, sizeof(*one)));
	*one = (struct mqtt_post){ .next = *at,
		.modem = modem,
		.sender = p->sender,
		.ref = p->ref,
		.expires = INT64_MAX };
	snprintf(one->to, sizeof(one->to), "%s", to);
	if (p->left != USEC_NEVER)
		one->expires = mqtt_seconds(m) +
			       (int64_t)((p->left / mqtt_speed(m, modem) + SEC(1) - 1) /
					 SEC(1));
	*at = one;
	m->counts.waiting++;
	return one;
}

static void write_payload(struct mqtt *m, struct mqtt_post *one, const struct sms_post *p)
{
	struct mqtt_sms sms = { .named = true,
		.sender = p->sender,
		.ref = p->ref,
		.n_open = p->n_open,
		.expires = one->expires,
		.centre = p->centre,
		.parts = 1 };
	char payload[MQTT_PAYLOAD];

	memcpy(sms.open, p->open, sizeof(sms.open));
	memcpy(sms.from, m->o.modem[one->modem].number, MQTT_NUMBER);
	sms.part[0] = p->t;
	one->len = mqtt_sms_write(&sms, one->to, payload);
	free(one->payload);
	one->payload = must(malloc(one->len + 1));
	memcpy(one->payload, payload, one->len + 1);
}

void mqtt_post_send(struct mqtt *m, unsigned modem, const struct sms_post *p)
{
	struct mqtt_post *one = *find(m, p->sender, p->ref);
	const struct mqtt_person *person;
	char to[MQTT_NUMBER];
	bool fresh = !one;

	if (fresh) {
		snprintf(to, sizeof(to), "%s%s", (p->to.type & 0x70) == 0x10 ? "+" : "",
			p->to.text);
		person = mqtt_people_find(m->people, to);
		one = add(m, modem, p, person ? person->state.number : to);
	}
	write_payload(m, one, p);
	if (fresh && m->learned)
		try(m, one, m->io.now(m->io.ctx));
	else if (fresh)
		due(m, one, 0); /* when the broker is there */
	mqtt_schedule(m);
}

void mqtt_post_ack(struct mqtt *m, const struct mqtt_ack *a)
{
	struct mqtt_post **at = find(m, a->sender, a->ref);

	if (*at)
		end(m, at, a->status == MQTT_AGAIN ? SMS_POST_NO_ROOM : a->status);
}

/* All of them soon: what was on its way may be lost. */
void mqtt_post_reconnected(struct mqtt *m)
{
	usec_t now = m->io.now(m->io.ctx);
	struct mqtt_post *p;
	size_t i;

	for (i = 0; i < MQTT_POST_CHAINS; i++)
		for (p = m->post[i]; p; p = p->next) {
			mqtt_window_leave(m, p);
			due(m, p, now + (p->tries ? RECONNECTED : 0));
		}
}

/* Its receiver has come, and gets first what the broker has kept. */
static void receiver_came(struct mqtt *m, struct mqtt_post *p)
{
	mqtt_window_leave(m, p);
	p->tries = p->tries ? 1 : 0;
	due(m, p, m->io.now(m->io.ctx) + CAME);
}

void mqtt_post_process_came(struct mqtt *m, uint64_t process)
{
	const struct mqtt_person *to;
	struct mqtt_post *p;
	size_t i;

	for (i = 0; m->counts.waiting && i < MQTT_POST_CHAINS; i++) {
		for (p = m->post[i]; p; p = p->next) {
			to = mqtt_people_find(m->people, p->to);
			if ((to && to->state.process == process) ||
				mqtt_window_is_to(p, process))
				receiver_came(m, p);
		}
	}
}

void mqtt_post_number_came(struct mqtt *m, const char *number)
{
	struct mqtt_post *p;
	size_t i;

	for (i = 0; m->counts.waiting && i < MQTT_POST_CHAINS; i++)
		for (p = m->post[i]; p; p = p->next)
			if (numbers_same(p->to, number))
				receiver_came(m, p);
}

void mqtt_post_forget(struct mqtt *m)
{
	size_t i;

	for (i = 0; i < MQTT_POST_CHAINS; i++)
		while (m->post[i])
			drop(m, &m->post[i]);
}
