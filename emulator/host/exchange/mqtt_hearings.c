/* Calls as they come: each signal and each octet once, in its order, to the modem; acks
 * back. What a broker has kept from before is dropped: it is for a unit that is no more,
 * or a set-up that has expired. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/exchange/mqtt_int.h"

#define SOON    MS(50)    /* an ack of octets waits for the modem to take them */
#define OFTEN   1024      /* octets that it has taken are told at least so often */
#define KEPT    SEC(120)  /* after its end: longer than repeats go on */
#define SILENT  SEC(3600) /* a call that rings says nothing for long */
#define A_MODEM 64        /* calls that are known */
#define AWAY    27        /* 24.008 table 10.5.123: destination out of order */

/* ---- the list ------------------------------------------------------------------------ */

static struct mqtt_hearing *find(
	const struct mqtt *m, unsigned modem, const struct call_line *from)
{
	struct mqtt_hearing *h = m->hearings;

	while (h && (h->modem != modem || h->line.peer != from->peer ||
			    !call_key_equal(&h->line.key, &from->key)))
		h = h->next;
	return h;
}

const char *mqtt_hearing_number(const struct mqtt *m, uint64_t unit)
{
	const struct mqtt_hearing *h;

	for (h = m->hearings; h; h = h->next)
		if (h->line.peer == unit)
			return h->from;
	return NULL;
}

static void drop(struct mqtt *m, struct mqtt_hearing **at)
{
	struct mqtt_hearing *h = *at;

	*at = h->next;
	free(h);
	m->n_hearings--;
}

void mqtt_hearing_forget(struct mqtt *m, int modem)
{
	struct mqtt_hearing **at = &m->hearings;

	while (*at) {
		if (modem < 0 || (*at)->modem == (unsigned)modem)
			drop(m, at);
		else
			at = &(*at)->next;
	}
}

/* The one that was silent longest makes room for another. */
static void make_room(struct mqtt *m)
{
	struct mqtt_hearing **at, **oldest = &m->hearings;

	if (m->n_hearings < A_MODEM * m->o.modems)
		return;
	for (at = &m->hearings; *at; at = &(*at)->next)
		if ((*at)->used <= (*oldest)->used)
			oldest = at;
	drop(m, oldest);
}

static struct mqtt_hearing *begin(
	struct mqtt *m, unsigned modem, const struct call_line *from, const char *number)
{
	struct mqtt_hearing *h = must(calloc(1, sizeof(*h)));

	make_room(m);
	h->modem = modem;
	h->line = *from;
	h->due = USEC_NEVER;
	snprintf(h->from, sizeof(h->from), "%s", number);
	h->used = m->io.now(m->io.ctx);
	mqtt_call_due(m, h->used + KEPT);
	h->next = m->hearings;
	m->hearings = h;
	m->n_hearings++;
	return h;
}

/* ---- acks ------------------------------------------------------------------------------ */

static void ack(struct mqtt *m, struct mqtt_hearing *h)
{
	struct mqtt_call c = { .what = MQTT_CALL_ACK,
		.unit = m->io.unit(m->io.ctx, h->modem),
		.to = h->line.peer,
		.s.line = h->line,
		.got = h->got,
		.taken = h->taken };

	memcpy(c.from, m->o.modem[h->modem].number, MQTT_NUMBER);
	h->due = USEC_NEVER;
	h->told = h->taken;
	mqtt_call_publish(m, h->from, &c); /* else the other side repeats or asks */
}

void mqtt_hearing_taken(
	struct mqtt *m, unsigned modem, const struct call_line *from, size_t len)
{
	struct mqtt_hearing *h = find(m, modem, from);

	if (!h)
		return;
	h->taken += len;
	if (h->taken == h->octets || h->taken - h->told >= OFTEN)
		ack(m, h);
}

void mqtt_hearing_tick(struct mqtt *m, usec_t now)
{
	struct mqtt_hearing **at = &m->hearings, *h;
	usec_t until;

	while ((h = *at)) {
		until = h->used + (h->ended ? KEPT : SILENT);
		if (until <= now) {
			drop(m, at);
			continue;
		}
		if (h->due <= now)
			ack(m, h);
		mqtt_call_due(m, h->due);
		mqtt_call_due(m, until);
		at = &h->next;
	}
}

/* ---- what comes ------------------------------------------------------------------------ */

static void hear(struct mqtt *m, unsigned modem, const struct mqtt_call *c,
	const struct call_line *from)
{
	struct call_signal s = c->s;
	const char *known;

	s.line = *from;
	if (s.kind == CALL_SIGNAL_TRANSFERRED) {
		known = mqtt_hearing_number(m, s.other.peer);
		/* where its signals go, until something of it has come */
		if (!known || strcmp(known, c->other) != 0)
			begin(m, modem, &s.other, c->other);
	}
	m->io.signal(m->io.ctx, modem, &s);
	if (s.kind == CALL_SIGNAL_RELEASED || s.kind == CALL_SIGNAL_FORWARDED)
		mqtt_call_over(m, modem, &s.line.key);
}

static bool ends(const struct mqtt_call *c)
{
	return c->what == MQTT_CALL_SIGNAL &&
	       (c->s.kind == CALL_SIGNAL_RELEASED || c->s.kind == CALL_SIGNAL_FORWARDED ||
		       c->s.kind == CALL_SIGNAL_TRANSFERRED);
}

/* The next one in its order. */
static void take(struct mqtt *m, struct mqtt_hearing *h, const struct mqtt_call *c)
{
	if (c->what == MQTT_CALL_DATA && h->octets - h->taken + c->len > BEYOND_OCTETS)
		return; /* more than we have allowed */
	h->got++;
	h->ended = h->ended || ends(c);
	if (c->what == MQTT_CALL_DATA) {
		h->octets += c->len;
		m->io.octets(m->io.ctx, h->modem, &h->line, c->data, c->len);
		h->due = m->io.now(m->io.ctx) + SOON;
		mqtt_call_due(m, h->due);
	} else {
		hear(m, h->modem, c, &h->line);
		ack(m, h);
	}
}

/* Seconds since a set-up was worth something; below 0: it still is. */
static int64_t late(const struct mqtt *m, const struct mqtt_call *c)
{
	int64_t now = mqtt_seconds(m);

	if (c->what != MQTT_CALL_SIGNAL || c->s.kind != CALL_SIGNAL_SETUP)
		return -1;
	return c->expires >= now ? -1 : now - c->expires;
}

static bool is_new(const struct mqtt *m, const struct mqtt_call *c)
{
	if (c->seq != 1)
		return false;
	if (late(m, c) < 0)
		return true;
	log_note(m->o.log, LOG_NET,
		"exchange: a call from %s does not ring: it has expired %lld s ago; if "
		"it "
		"was made just now, compare the clocks of both machines",
		c->from, (long long)late(m, c));
	return false;
}

static void item(struct mqtt *m, unsigned modem, const struct mqtt_call *c)
{
	const struct call_line from = { c->s.line.key, c->unit };
	struct mqtt_hearing *h = find(m, modem, &from);

	if (!h && is_new(m, c))
		h = begin(m, modem, &from, c->from);
	if (!h)
		return;
	h->used = m->io.now(m->io.ctx);
	if (c->seq == h->got + 1 && !h->ended)
		take(m, h, c);
	else if (c->seq <= h->got)
		ack(m, h);
}

static void gone(struct mqtt *m, unsigned modem, const struct mqtt_call *c)
{
	const struct call_signal s = { .kind = CALL_SIGNAL_RELEASED,
		.line = { c->s.line.key, c->unit },
		.cause = AWAY };

	m->io.signal(m->io.ctx, modem, &s);
	mqtt_call_over(m, modem, &s.line.key);
}

static void know(struct mqtt *m, unsigned modem, const struct mqtt_call *c)
{
	const struct call_line from = { c->s.line.key, c->unit };
	struct mqtt_hearing *h;

	switch (c->what) {
	case MQTT_CALL_SIGNAL:
	case MQTT_CALL_DATA:
		item(m, modem, c);
		break;
	case MQTT_CALL_ACK:
		mqtt_call_acked(m, modem, c);
		break;
	case MQTT_CALL_ASK:
		h = find(m, modem, &from);
		if (h)
			ack(m, h);
		break;
	case MQTT_CALL_GONE:
		gone(m, modem, c);
		break;
	}
}

void mqtt_call_came(struct mqtt *m, const char *topic, unsigned modem,
	const void *payload, size_t len)
{
	struct mqtt_call c;
	struct call_line back;
	uint64_t unit = m->io.unit(m->io.ctx, modem);
	char why[200];

	if (!mqtt_call_read(payload, len, &c, why, sizeof(why))) {
		mqtt_refuse(m, topic, why);
		return;
	}
	back = (struct call_line){ c.s.line.key, c.unit };
	if ((c.to && c.to != unit) || !mqtt_call_meet(m, modem, &c)) {
		/* the caller, or the one it has called, was killed or made anew */
		if (c.what != MQTT_CALL_ACK && c.what != MQTT_CALL_GONE)
			mqtt_call_say_gone(m, modem, c.to ? c.to : unit, &back, c.from);
		return;
	}
	know(m, modem, &c);
}
