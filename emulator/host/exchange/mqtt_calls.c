/* Calls as they go out. All that a modem says in a call, signals and octets, is numbered in
 * one order and repeated until the other side has acknowledged it, so that neither loss nor
 * repeats are seen by modems. What nobody acknowledges is given up after PATIENCE; then the
 * modem's own enquiry ends the call. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/exchange/mqtt_int.h"

#define REPEAT    SEC(1) /* four times, then SELDOM */
#define SELDOM    SEC(4)
#define PATIENCE  SEC(60)
#define IDLE      SEC(7200) /* longer than the other side knows a silent call */
#define KEPT      SEC(30)   /* after its end, in case a signal crosses it */
#define NO_ROOM   MS(200)
#define SET_UP    30  /* s, that a set-up is worth something: 24.008 T303 at the caller */
#define ITEMS     256 /* of one call: more are not kept, beside its end */
#define A_MODEM   64  /* calls, with those that have ended lately */
#define CAUSE_OFF 18  /* as of a modem that is switched off */

/* One signal, or octets. */
struct mqtt_call_item {
	struct mqtt_call_item *next;
	bool sent, tried; /* not since the last repeat; ever */
	struct mqtt_call c;
};

/* ---- the list ---------------------------------------------------------------------- */

void mqtt_call_due(struct mqtt *m, usec_t at)
{
	if (at < m->calls_due)
		m->calls_due = at;
}

static void due(struct mqtt *m, struct mqtt_saying *s, usec_t at)
{
	s->due = at;
	mqtt_call_due(m, at);
}

static struct mqtt_saying *find(
	const struct mqtt *m, unsigned modem, const struct call_line *to)
{
	struct mqtt_saying *s = m->sayings;

	while (s && (s->modem != modem || !call_key_equal(&s->line.key, &to->key) ||
			    (s->line.peer && to->peer && s->line.peer != to->peer)))
		s = s->next;
	return s;
}

static void drop_item(struct mqtt_saying *s)
{
	struct mqtt_call_item *item = s->first;

	s->first = item->next;
	if (!s->first)
		s->last = &s->first;
	s->items--;
	free(item);
}

static void drop(struct mqtt *m, struct mqtt_saying *s)
{
	struct mqtt_saying **at = &m->sayings;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	while (s->first)
		drop_item(s);
	m->n_sayings--;
	free(s);
}

/* The oldest one that has ended makes room for another. False: all go on. */
static bool make_room(struct mqtt *m)
{
	struct mqtt_saying *s, *oldest = NULL;

	if (m->n_sayings < A_MODEM * m->o.modems)
		return true;
	for (s = m->sayings; s; s = s->next)
		if (s->ended)
			oldest = s;
	if (oldest)
		drop(m, oldest);
	return oldest;
}

static void end(struct mqtt *m, struct mqtt_saying *s)
{
	s->ended = true;
	if (!s->first)
		due(m, s, m->io.now(m->io.ctx) + KEPT);
}

/* Nothing waits for the other side. */
static bool is_quiet(const struct mqtt_saying *s)
{
	return !s->first && (s->ended || s->said == s->taken);
}

/* ---- publishing --------------------------------------------------------------------- */

bool mqtt_call_publish(struct mqtt *m, const char *number, const struct mqtt_call *c)
{
	char topic[MQTT_TOPIC], payload[MQTT_PAYLOAD];

	if (!m->learned)
		return false;
	mqtt_topic(m, number, "call", topic);
	return m->io.publish(
		m->io.ctx, topic, payload, mqtt_call_write(c, payload), false);
}

void mqtt_call_say_gone(struct mqtt *m, unsigned modem, uint64_t unit,
	const struct call_line *to, const char *number)
{
	struct mqtt_call c = {
		.what = MQTT_CALL_GONE, .unit = unit, .to = to->peer, .s.line = *to
	};

	memcpy(c.from, m->o.modem[modem].number, MQTT_NUMBER);
	mqtt_call_publish(m, number, &c);
}

static bool publish(struct mqtt *m, const struct mqtt_saying *s, struct mqtt_call *c)
{
	c->unit = s->unit;
	c->to = s->line.peer;
	c->s.line = s->line;
	memcpy(c->from, m->o.modem[s->modem].number, MQTT_NUMBER);
	return mqtt_call_publish(m, s->to, c);
}

/* Few octets wait for more while others are under way. */
static bool can_wait(const struct mqtt_saying *s, const struct mqtt_call_item *item)
{
	return item->c.what == MQTT_CALL_DATA && item != s->first && !item->next &&
	       item->c.len < MQTT_CALL_OCTETS;
}

static void pump(struct mqtt *m, struct mqtt_saying *s)
{
	usec_t now = m->io.now(m->io.ctx);
	struct mqtt_call_item *item;

	for (item = s->first; item; item = item->next) {
		if (item->sent || can_wait(s, item))
			continue;
		if (!publish(m, s, &item->c)) {
			due(m, s, now + NO_ROOM);
			return;
		}
		item->sent = item->tried = true;
		due(m, s, now + (s->tries < 4 ? REPEAT : SELDOM));
	}
}

/* ---- signals ------------------------------------------------------------------------ */

static void refuse(struct mqtt *m, unsigned modem, const struct call_signal *s, int cause)
{
	const struct call_signal back = {
		.kind = CALL_SIGNAL_RELEASED, .line = s->line, .cause = cause
	};

	m->io.signal(m->io.ctx, modem, &back);
}

/* A unit that a call has told of, or one of ours; NULL: unknown. */
static const char *number_of(const struct mqtt *m, uint64_t unit)
{
	const struct mqtt_saying *s;
	unsigned i;

	for (s = m->sayings; s; s = s->next)
		if (s->line.peer == unit)
			return s->to;
	for (i = 0; i < m->o.modems; i++)
		if (m->io.unit(m->io.ctx, i) == unit)
			return m->o.modem[i].number;
	return mqtt_hearing_number(m, unit);
}

static const char *destination(
	struct mqtt *m, unsigned modem, const struct call_signal *s)
{
	const struct mqtt_person *p;

	if (s->line.peer)
		return number_of(m, s->line.peer);
	p = mqtt_people_find(m->people, s->called);
	if (!p || m->own[modem].claim == MQTT_CLAIM_LOST ||
		(m->learned && !mqtt_people_is_there(m->people, &p->state)))
		return NULL;
	return p->state.number;
}

static bool is_last(enum call_signal_kind kind)
{
	return kind == CALL_SIGNAL_RELEASED || kind == CALL_SIGNAL_FORWARDED ||
	       kind == CALL_SIGNAL_TRANSFERRED;
}

static struct mqtt_saying *begin(
	struct mqtt *m, unsigned modem, const struct call_line *line, const char *to)
{
	struct mqtt_saying *s = must(calloc(1, sizeof(*s)));

	s->modem = modem;
	s->unit = m->io.unit(m->io.ctx, modem);
	s->line = *line;
	snprintf(s->to, sizeof(s->to), "%s", to);
	s->last = &s->first;
	s->heard = m->io.now(m->io.ctx);
	s->doubted_until = USEC_NEVER;
	due(m, s, s->heard + IDLE);
	s->next = m->sayings;
	m->sayings = s;
	m->n_sayings++;
	return s;
}

static struct mqtt_call_item *add(
	struct mqtt *m, struct mqtt_saying *s, enum mqtt_call_what what)
{
	struct mqtt_call_item *item = must(calloc(1, sizeof(*item)));

	item->c.what = what;
	item->c.seq = ++s->seq;
	if (!s->first) {
		s->heard = m->io.now(m->io.ctx);
		s->tries = 0;
	}
	*s->last = item;
	s->last = &item->next;
	s->items++;
	return item;
}

static bool add_signal(
	struct mqtt *m, struct mqtt_saying *s, const struct call_signal *signal)
{
	const char *other = NULL;
	struct mqtt_call_item *item;

	if (signal->kind == CALL_SIGNAL_TRANSFERRED &&
		!(other = number_of(m, signal->other.peer)))
		return false;
	item = add(m, s, MQTT_CALL_SIGNAL);
	item->c.s = *signal;
	item->c.expires = m->io.wall(m->io.ctx) / 1000000 + SET_UP;
	if (other)
		snprintf(item->c.other, sizeof(item->c.other), "%s", other);
	s->ended = is_last(signal->kind);
	return true;
}

void mqtt_call_say(struct mqtt *m, unsigned modem, const struct call_signal *signal)
{
	struct mqtt_saying *s = find(m, modem, &signal->line);
	const char *to;

	if (!s) {
		to = destination(m, modem, signal);
		if (!to || !make_room(m)) {
			if (signal->kind == CALL_SIGNAL_SETUP)
				refuse(m, modem, signal, CAUSE_OFF);
			return;
		}
		s = begin(m, modem, &signal->line, to);
	}
	if (s->ended || (s->items >= ITEMS && !is_last(signal->kind)))
		return;
	if (add_signal(m, s, signal))
		pump(m, s);
}

/* ---- octets ------------------------------------------------------------------------- */

static size_t room(const struct mqtt_saying *s)
{
	uint64_t waits = s->said - s->taken;

	return waits < BEYOND_OCTETS ? BEYOND_OCTETS - (size_t)waits : 0;
}

size_t mqtt_call_room(struct mqtt *m, unsigned modem, const struct call_line *to)
{
	struct mqtt_saying *s = find(m, modem, to);

	if (!s || s->ended)
		return BEYOND_OCTETS; /* nobody wants them: mqtt_call_tx() */
	s->starved = s->starved || !room(s);
	return room(s);
}

/* The newest item, if it takes more octets. */
static struct mqtt_call_item *open_item(const struct mqtt_saying *s)
{
	struct mqtt_call_item *item = s->first;

	while (item && item->next)
		item = item->next;
	return item && !item->tried && item->c.what == MQTT_CALL_DATA &&
			       item->c.len < MQTT_CALL_OCTETS
		       ? item
		       : NULL;
}

void mqtt_call_tx(struct mqtt *m, unsigned modem, const struct call_line *to,
	const void *buf, size_t len)
{
	struct mqtt_saying *s = find(m, modem, to);
	struct mqtt_call_item *item;
	const uint8_t *from = buf;
	size_t n;

	if (!s || s->ended)
		return;
	len = len < room(s) ? len : room(s);
	s->said += len;
	for (; len; len -= n, from += n) {
		item = open_item(s);
		if (!item)
			item = add(m, s, MQTT_CALL_DATA);
		n = MQTT_CALL_OCTETS - item->c.len;
		n = len < n ? len : n;
		memcpy(item->c.data + item->c.len, from, n);
		item->c.len += n;
	}
	pump(m, s);
}

/* ---- what comes back ------------------------------------------------------------------ */

bool mqtt_call_meet(struct mqtt *m, unsigned modem, const struct mqtt_call *c)
{
	const struct call_line from = { c->s.line.key, 0 };
	struct mqtt_saying *s = find(m, modem, &from);

	if (!s)
		return true;
	if (!s->line.peer)
		s->line.peer = c->unit;
	if (s->line.peer == c->unit)
		mqtt_doubts_heard(m, s);
	/* a unit that has got an old set-up rings for a call that another one has */
	return s->line.peer == c->unit || s->ended || c->what != MQTT_CALL_SIGNAL ||
	       c->s.kind != CALL_SIGNAL_ALERTING;
}

static struct mqtt_saying *with(
	const struct mqtt *m, unsigned modem, const struct mqtt_call *c)
{
	const struct call_line line = { c->s.line.key, c->unit };

	return find(m, modem, &line);
}

void mqtt_call_acked(struct mqtt *m, unsigned modem, const struct mqtt_call *c)
{
	struct mqtt_saying *s = with(m, modem, c);
	usec_t now = m->io.now(m->io.ctx);

	if (!s || c->got > s->seq || c->taken > s->said)
		return;
	if (!s->line.peer)
		s->line.peer = c->unit;
	while (s->first && s->first->c.seq <= c->got) {
		drop_item(s);
		s->heard = now;
		s->tries = 0;
	}
	if (c->taken > s->taken) {
		s->taken = c->taken;
		s->heard = now;
		s->tries = 0;
	}
	if (s->ended && !s->first) {
		end(m, s);
		return;
	}
	if (s->starved && room(s)) {
		s->starved = false;
		m->io.ready(m->io.ctx, modem);
	}
	due(m, s, now + (is_quiet(s) ? IDLE : REPEAT));
	pump(m, s);
}

void mqtt_call_over(struct mqtt *m, unsigned modem, const struct call_key *key)
{
	const struct call_line line = { *key, 0 };
	struct mqtt_saying *s = find(m, modem, &line);

	if (s)
		end(m, s);
}

/* ---- time ---------------------------------------------------------------------------- */

void mqtt_call_ask(struct mqtt *m, struct mqtt_saying *s)
{
	struct mqtt_call c = { .what = MQTT_CALL_ASK };

	publish(m, s, &c);
}

/* It is due. */
static void look(struct mqtt *m, struct mqtt_saying *s, usec_t now)
{
	struct mqtt_call_item *item;

	if (is_quiet(s)) {
		drop(m, s);
		return;
	}
	if (s->first && now - s->heard >= PATIENCE) {
		while (s->first)
			drop_item(s);
		end(m, s);
		return;
	}
	due(m, s, now + (s->tries < 4 ? REPEAT : SELDOM));
	s->tries++;
	if (!s->first)
		mqtt_call_ask(m, s);
	for (item = s->first; item; item = item->next)
		item->sent = false;
	pump(m, s);
}

void mqtt_call_tick(struct mqtt *m)
{
	usec_t now = m->io.now(m->io.ctx);
	struct mqtt_saying *s, *next;

	if (now < m->calls_due)
		return;
	m->calls_due = USEC_NEVER;
	for (s = m->sayings; s; s = next) {
		next = s->next;
		if (s->due <= now)
			look(m, s, now);
		else
			mqtt_call_due(m, s->due);
	}
	mqtt_doubts_tick(m, now);
	mqtt_hearing_tick(m, now);
}

void mqtt_call_reconnected(struct mqtt *m)
{
	usec_t now = m->io.now(m->io.ctx);
	struct mqtt_saying *s;

	for (s = m->sayings; s; s = s->next) {
		if (is_quiet(s))
			continue;
		s->tries = 0;
		due(m, s, now);
	}
}

/* ---- ends ----------------------------------------------------------------------------- */

void mqtt_call_leave(struct mqtt *m, int modem)
{
	struct mqtt_saying *s, *next;

	for (s = m->sayings; s; s = next) {
		next = s->next;
		if (modem >= 0 && s->modem != (unsigned)modem)
			continue;
		if (!s->ended)
			mqtt_call_say_gone(m, s->modem, s->unit, &s->line, s->to);
		else
			pump(m, s);
		drop(m, s);
	}
	mqtt_hearing_forget(m, modem);
}

void mqtt_call_forget(struct mqtt *m)
{
	while (m->sayings)
		drop(m, m->sayings);
	mqtt_hearing_forget(m, -1);
}
