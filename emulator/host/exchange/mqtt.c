#include "host/exchange/mqtt_int.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

#define BACK_OFF_FIRST SEC(1)
#define BACK_OFF_LAST  SEC(60)
#define PLACE          "fauxtrack/1/"

/* ---- topics ---------------------------------------------------------------------- */

static void place(const char *prefix, const char *rest, char out[MQTT_TOPIC])
{
	snprintf(out, MQTT_TOPIC, "%s%s" PLACE "%s", prefix, *prefix ? "/" : "", rest);
}

void mqtt_topic(
	const struct mqtt *m, const char *number, const char *kind, char out[MQTT_TOPIC])
{
	char rest[MQTT_NUMBER + 16];

	snprintf(rest, sizeof(rest), "%s/%s", number + (*number == '+'), kind);
	place(m->o.prefix, rest, out);
}

void mqtt_process_topic(const char *prefix, uint64_t process, char out[MQTT_TOPIC])
{
	char rest[40];

	snprintf(rest, sizeof(rest), "process/%016llx", (unsigned long long)process);
	place(prefix, rest, out);
}

/* The two levels after our place, the second in *kind; false: another topic. */
static bool split(
	const struct mqtt *m, const char *topic, char first[32], const char **kind)
{
	char begin[MQTT_TOPIC];
	size_t n;

	place(m->o.prefix, "", begin);
	n = strlen(begin);
	if (strncmp(topic, begin, n) != 0)
		return false;
	topic += n;
	n = strcspn(topic, "/");
	if (!n || n >= 32 || !topic[n] || strchr(topic + n + 1, '/'))
		return false;
	memcpy(first, topic, n);
	first[n] = '\0';
	*kind = topic + n + 1;
	return true;
}

int mqtt_own_number(const struct mqtt *m, const char *number)
{
	const struct mqtt_person *me = mqtt_people_find(m->mine, number);

	return me ? (int)me->state.unit - 1 : -1; /* its index from 1: see add_own() */
}

usec_t mqtt_speed(const struct mqtt *m, unsigned modem)
{
	return m->o.modem[modem].speed ? m->o.modem[modem].speed : 1;
}

/* ---- what goes wrong --------------------------------------------------------------- */

void mqtt_refuse(struct mqtt *m, const char *topic, const char *why)
{
	char name[80];
	size_t i;

	for (i = 0; topic[i] && i < sizeof(name) - 1; i++)
		name[i] = isprint((unsigned char)topic[i]) ? topic[i] : '?';
	name[i] = '\0';
	m->counts.refused++;
	log_line(m->o.log, LOG_NET, m->told_refused ? LOG_LEVEL_DEBUG : LOG_LEVEL_WARN,
		"exchange: what %s brings is ignored: %s (further ones are only counted)",
		name, why);
	m->told_refused = true;
}

/* ---- time ------------------------------------------------------------------------ */

void mqtt_schedule(struct mqtt *m)
{
	usec_t now = m->io.now(m->io.ctx), at = m->connect_at;
	unsigned i;

	if (m->learned && m->posts_due < at)
		at = m->posts_due;
	if (m->calls_due < at)
		at = m->calls_due;
	for (i = 0; i < m->o.modems; i++)
		if (m->own[i].claim == MQTT_CLAIM_OPEN && m->own[i].until < at)
			at = m->own[i].until;
	if (at != USEC_NEVER)
		at = at > now ? at - now : 0;
	m->io.wake(m->io.ctx, at);
}

/* A second, twice that, and so on; half of it by chance, so that many processes do not
 * come at once. */
static usec_t back_off(struct mqtt *m)
{
	usec_t wait = BACK_OFF_FIRST << (m->failures < 6 ? m->failures : 6);

	m->failures++;
	if (wait > BACK_OFF_LAST)
		wait = BACK_OFF_LAST;
	return wait / 2 + rand_below(&m->rand, (uint32_t)(wait / 2));
}

void mqtt_tick(struct mqtt *m)
{
	if (m->io.now(m->io.ctx) >= m->connect_at) {
		m->connect_at = USEC_NEVER;
		m->io.connect(m->io.ctx);
	}
	if (m->learned) {
		mqtt_claim_tick(m);
		mqtt_post_tick(m);
	}
	mqtt_call_tick(m);
	mqtt_schedule(m);
}

/* ---- the connection ---------------------------------------------------------------- */

void mqtt_start(struct mqtt *m)
{
	m->io.connect(m->io.ctx);
}

static void publish_process(struct mqtt *m)
{
	const struct mqtt_process me = { m->session };
	char topic[MQTT_TOPIC], payload[MQTT_PAYLOAD];

	mqtt_process_topic(m->o.prefix, m->o.process, topic);
	m->io.publish(m->io.ctx, topic, payload,
		mqtt_process_write(&me, m->o.name, payload), true);
}

/* What the broker keeps comes before our own message, which ends it. */
void mqtt_up(struct mqtt *m)
{
	char state[MQTT_TOPIC], process[MQTT_TOPIC];
	const char *topics[] = { state, process };

	m->up = true;
	m->learned = false;
	m->session = (uint64_t)m->io.wall(m->io.ctx);
	mqtt_people_begin(m->people);
	place(m->o.prefix, "+/state", state);
	place(m->o.prefix, "process/+", process);
	m->io.subscribe(m->io.ctx, topics, 2, 0);
	publish_process(m);
}

void mqtt_down(struct mqtt *m, const char *why)
{
	unsigned i;

	if (!m->told_down)
		log_warn(m->o.log, LOG_NET,
			"exchange: %s is away: %s; until it is back, messages to other "
			"processes "
			"fail with +CMS ERROR: 332, and calls get no answer",
			m->o.broker, why);
	m->told_down = true;
	m->up = m->learned = m->counts.connected = false;
	for (i = 0; i < m->o.modems; i++)
		if (m->own[i].claim != MQTT_CLAIM_LOST)
			m->own[i].claim = MQTT_CLAIM_NONE;
	m->connect_at = m->io.now(m->io.ctx) + back_off(m);
	mqtt_schedule(m);
}

void mqtt_started(struct mqtt *m)
{
	m->started = true;
	if (!mqtt_settled(m) && !m->told_down)
		log_warn(m->o.log, LOG_NET,
			"exchange: %s has not told who has which number; the modems "
			"start, and messages to other processes fail with +CMS ERROR: "
			"332 until it has",
			m->o.broker);
	m->told_down = m->told_down || !mqtt_settled(m);
}

static void learn(struct mqtt *m)
{
	m->learned = m->counts.connected = true;
	m->counts.connects++;
	m->failures = 0;
	mqtt_people_settle(m->people);
	if (m->told_down)
		log_warn(m->o.log, LOG_NET, "exchange: %s is back", m->o.broker);
	m->told_down = false;
	mqtt_claim_all(m);
	mqtt_post_reconnected(m);
	mqtt_call_reconnected(m);
}

/* ---- what comes -------------------------------------------------------------------- */

static void on_process(struct mqtt *m, const char *topic, const char *id,
	const void *payload, size_t len)
{
	struct mqtt_process p = { 0 };
	uint64_t process;
	char *rest, why[200];

	process = strtoull(id, &rest, 16);
	if (strlen(id) != 16 || *rest || !process) {
		mqtt_refuse(m, topic, "its last level is not 16 hexadecimal digits");
		return;
	}
	if (len && !mqtt_process_read(payload, len, &p, why, sizeof(why))) {
		mqtt_refuse(m, topic, why);
		return;
	}
	if (!mqtt_people_connected(m->people, process, len))
		mqtt_refuse(m, topic, "there are too many processes");
	if (process == m->o.process) {
		if (!m->learned && p.session == m->session)
			learn(m);
		else if (m->learned && !len)
			publish_process(m); /* an old last will */
		return;
	}
	if (len && m->learned) {
		mqtt_post_process_came(m, process);
		mqtt_doubts_came(m, process);
	} else if (m->learned) {
		mqtt_claim_gone(m);
		mqtt_doubts_begin(m, process);
	}
}

/* A process that comes says so before it tells its numbers. */
static void set_person(struct mqtt *m, const char *topic, const struct mqtt_state *s)
{
	const struct mqtt_person *had = mqtt_people_find(m->people, s->number);
	bool moved = (!had || had->state.process != s->process) &&
		     mqtt_people_is_there(m->people, s);

	if (!mqtt_people_set(m->people, s)) {
		mqtt_refuse(m, topic, "there are too many numbers");
		return;
	}
	mqtt_claim_seen(m, s);
	if (moved && m->learned)
		mqtt_post_number_came(m, s->number);
}

static void on_state(struct mqtt *m, const char *topic, const char *digits,
	const void *payload, size_t len)
{
	struct mqtt_state s;
	char why[200];

	if (!len) {
		mqtt_people_remove(m->people, digits);
		if (m->learned)
			mqtt_claim_gone(m);
		return;
	}
	if (!mqtt_state_read(payload, len, &s, why, sizeof(why))) {
		mqtt_refuse(m, topic, why);
		return;
	}
	if (strcmp(s.number + (*s.number == '+'), digits) != 0)
		mqtt_refuse(m, topic, "\"number\" is not the topic's");
	else
		set_person(m, topic, &s);
}

void mqtt_message(struct mqtt *m, const char *topic, const void *payload, size_t len)
{
	char first[32], why[200];
	const char *kind;
	struct mqtt_ack ack;
	int modem;

	if (!split(m, topic, first, &kind)) {
		mqtt_refuse(m, topic, "there is no such topic");
	} else if (!strcmp(first, "process")) {
		on_process(m, topic, kind, payload, len);
	} else if (!mqtt_is_number(first) || first[0] == '+') {
		mqtt_refuse(m, topic, "its number does not consist of 1 to 20 digits");
	} else if (!strcmp(kind, "state")) {
		on_state(m, topic, first, payload, len);
	} else if ((modem = mqtt_own_number(m, first)) < 0) {
		mqtt_refuse(m, topic, "it is no number of this process");
	} else if (!strcmp(kind, "sms")) {
		mqtt_mail(m, topic, (unsigned)modem, payload, len);
	} else if (!strcmp(kind, "call")) {
		mqtt_call_came(m, topic, (unsigned)modem, payload, len);
	} else if (!strcmp(kind, "ack")) {
		if (mqtt_ack_read(payload, len, &ack, why, sizeof(why)))
			mqtt_post_ack(m, &ack);
		else
			mqtt_refuse(m, topic, why);
	} else {
		mqtt_refuse(m, topic, "there is no such topic");
	}
	mqtt_schedule(m);
}

/* ---- what modems ask --------------------------------------------------------------- */

static bool takes_part(const struct mqtt *m, unsigned modem)
{
	return mqtt_is_number(m->o.modem[modem].number);
}

static bool on_has(void *ctx, unsigned modem, const char *number)
{
	const struct mqtt *m = ctx;

	return takes_part(m, modem) && mqtt_people_find(m->people, number) &&
	       mqtt_own_number(m, number) < 0;
}

static bool on_away(void *ctx, unsigned modem)
{
	const struct mqtt *m = ctx;

	return takes_part(m, modem) &&
	       (!m->learned || m->own[modem].claim == MQTT_CLAIM_LOST);
}

static void on_send(void *ctx, unsigned modem, const struct sms_post *p)
{
	mqtt_post_send(ctx, modem, p);
}

static void on_done(void *ctx, unsigned modem, uint64_t sender, uint64_t ref, int status)
{
	mqtt_mail_done(ctx, modem, sender, ref, status);
}

static void on_call(void *ctx, unsigned modem, const struct call_signal *s)
{
	mqtt_call_say(ctx, modem, s);
	mqtt_schedule(ctx);
}

static size_t on_room(void *ctx, unsigned modem, const struct call_line *to)
{
	return mqtt_call_room(ctx, modem, to);
}

static void on_tx(void *ctx, unsigned modem, const struct call_line *to, const void *buf,
	size_t len)
{
	mqtt_call_tx(ctx, modem, to, buf, len);
	mqtt_schedule(ctx);
}

static void on_taken(void *ctx, unsigned modem, const struct call_line *from, size_t len)
{
	mqtt_hearing_taken(ctx, modem, from, len);
	mqtt_schedule(ctx);
}

static void on_gone(void *ctx, unsigned modem, uint64_t unit)
{
	(void)unit; /* each call knows which it was */
	mqtt_call_leave(ctx, (int)modem);
}

struct beyond mqtt_beyond(struct mqtt *m)
{
	return (struct beyond){ m, on_has, on_away, on_send, on_done, on_call, on_room,
		on_tx, on_taken, on_gone };
}

/* ---- life ------------------------------------------------------------------------ */

void mqtt_leave(struct mqtt *m)
{
	char topic[MQTT_TOPIC];
	unsigned i;

	mqtt_call_leave(m, -1);
	mqtt_process_topic(m->o.prefix, m->o.process, topic);
	if (m->up)
		m->io.publish(m->io.ctx, topic, "", 0, true);
	for (i = 0; i < m->o.modems && m->learned; i++) {
		if (m->o.modem[i].kept || m->own[i].claim != MQTT_CLAIM_OURS)
			continue;
		mqtt_topic(m, m->o.modem[i].number, "state", topic);
		m->io.publish(m->io.ctx, topic, "", 0, true);
	}
	m->up = m->learned = false;
}

struct mqtt_counts mqtt_counts(const struct mqtt *m)
{
	struct mqtt_counts c = m->counts;

	c.numbers = mqtt_people_count(m->people);
	return c;
}

/* The table of our numbers has the modem's number, from 1, in place of a unit. */
static void add_own(struct mqtt *m, unsigned modem)
{
	struct mqtt_state s = { .unit = modem + 1 };

	if (!takes_part(m, modem))
		return;
	memcpy(s.number, m->o.modem[modem].number, sizeof(s.number));
	mqtt_people_set(m->mine, &s);
}

struct mqtt *mqtt_new(const struct mqtt_setup *setup, const struct mqtt_io *io)
{
	struct mqtt *m = must(calloc(1, sizeof(*m)));
	unsigned i;

	m->o = *setup;
	m->io = *io;
	rand_init(&m->rand, setup->seed ^ setup->process);
	m->connect_at = m->posts_due = m->calls_due = USEC_NEVER;
	m->people = mqtt_people_new();
	m->mine = mqtt_people_new();
	m->own = must(calloc(setup->modems, sizeof(*m->own)));
	m->senders = must(calloc(MQTT_SENDERS, sizeof(*m->senders)));
	m->nameless = (uint64_t)io->wall(io->ctx) ^ setup->process;
	for (i = 0; i < setup->modems; i++)
		add_own(m, i);
	return m;
}

void mqtt_free(struct mqtt *m)
{
	if (!m)
		return;
	mqtt_post_forget(m);
	mqtt_call_forget(m);
	mqtt_people_free(m->people);
	mqtt_people_free(m->mine);
	free(m->own);
	free(m->senders);
	free(m);
}
