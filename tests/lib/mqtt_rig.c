#include "mqtt_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/userdata.h"
#include "host/exchange/mqtt_call_json.h"

/* ---- the broker ---------------------------------------------------------------------- */

static bool fits(const char *filter, const char *topic)
{
	size_t a, b;

	for (;;) {
		a = strcspn(filter, "/");
		b = strcspn(topic, "/");
		if (!(a == 1 && *filter == '+') && (a != b || memcmp(filter, topic, a)))
			return false;
		filter += a;
		topic += b;
		if (!*filter || !*topic)
			return *filter == *topic;
		filter++;
		topic++;
	}
}

static void put(struct mqtt_rig *w, unsigned to, const char *topic, const char *payload,
	size_t len, bool retain, usec_t delay)
{
	struct mqtt_rig_packet *p = w->packet;

	while (p < w->packet + MQTT_RIG_PACKETS && p->used)
		p++;
	assert_true(p < w->packet + MQTT_RIG_PACKETS);
	assert_true(len < sizeof(p->payload));
	*p = (struct mqtt_rig_packet){
		.used = true, .to = to, .at = w->now + delay, .len = len, .retain = retain
	};
	snprintf(p->topic, sizeof(p->topic), "%s", topic);
	memcpy(p->payload, payload, len);
}

static void keep(struct mqtt_rig *w, const struct mqtt_rig_packet *p)
{
	int i, place = -1;

	for (i = 0; i < MQTT_RIG_RETAINED; i++) {
		if (!strcmp(w->kept[i].topic, p->topic))
			break;
		if (place < 0 && !w->kept[i].topic[0])
			place = i;
	}
	if (i == MQTT_RIG_RETAINED)
		i = place;
	assert_true(i >= 0);
	w->kept[i].topic[0] = '\0';
	if (!p->len)
		return;
	memcpy(w->kept[i].topic, p->topic, MQTT_TOPIC);
	memcpy(w->kept[i].payload, p->payload, p->len);
	w->kept[i].len = p->len;
}

static bool is_presence(const char *topic)
{
	return strstr(topic, "/state") || strstr(topic, "/process/");
}

/* Presence comes in order, as MQTT promises for each topic; messages may not. */
static void pass(struct mqtt_rig *w, const struct mqtt_rig_packet *p)
{
	usec_t delay = is_presence(p->topic) ? 0 : w->delay;
	unsigned i, k, copies;

	for (i = 0; i < MQTT_RIG_PROCESSES; i++) {
		copies = is_presence(p->topic) || rand_below(&w->rand, 100) >= w->lose;
		copies += copies && rand_below(&w->rand, 100) < w->twice;
		for (k = 0; k < w->p[i].topics; k++)
			if (fits(w->p[i].topic[k], p->topic))
				break;
		/* a session that is kept waits for its process */
		if (k == w->p[i].topics || !(w->p[i].connected || w->p[i].kept))
			continue;
		while (copies--)
			put(w, i, p->topic, p->payload, p->len, false,
				delay ? rand_below(&w->rand, (uint32_t)delay) : 0);
	}
}

static void die(struct mqtt_rig *w, struct mqtt_rig_process *p)
{
	struct mqtt_rig_packet will = { .len = 0 };

	p->connected = false;
	memcpy(will.topic, p->will, MQTT_TOPIC);
	keep(w, &will);
	pass(w, &will);
}

/* ---- what a process asks of it --------------------------------------------------------- */

static usec_t io_now(void *ctx)
{
	return ((struct mqtt_rig_process *)ctx)->w->now;
}

static int64_t io_wall(void *ctx)
{
	return (int64_t)MQTT_RIG_START * 1000000 +
	       (int64_t)((struct mqtt_rig_process *)ctx)->w->now;
}

static void io_wake(void *ctx, usec_t in)
{
	struct mqtt_rig_process *p = ctx;

	p->wake = in == USEC_NEVER ? USEC_NEVER : p->w->now + in;
}

static void io_connect(void *ctx)
{
	struct mqtt_rig_process *p = ctx;

	p->connects = p->w->now + MS(10);
}

static bool io_publish(
	void *ctx, const char *topic, const char *payload, size_t len, bool retain)
{
	struct mqtt_rig_process *p = ctx;

	if (p->connected)
		put(p->w, MQTT_RIG_PROCESSES, topic, payload, len, retain, 0);
	return p->connected;
}

static void io_subscribe(void *ctx, const char *const *topics, size_t n, int qos)
{
	struct mqtt_rig_process *p = ctx;
	struct mqtt_rig *w = p->w;
	unsigned k;
	size_t i;
	int r;

	(void)qos;
	for (i = 0; i < n; i++) {
		for (k = 0; k < p->topics && strcmp(p->topic[k], topics[i]); k++)
			;
		assert_true(k < MQTT_RIG_TOPICS);
		snprintf(p->topic[k], MQTT_TOPIC, "%s", topics[i]);
		if (k == p->topics)
			p->topics++;
		for (r = 0; r < MQTT_RIG_RETAINED; r++)
			if (w->kept[r].topic[0] && fits(topics[i], w->kept[r].topic))
				put(w, p->index, w->kept[r].topic, w->kept[r].payload,
					w->kept[r].len, true, 0);
	}
}

/* ---- modems -------------------------------------------------------------------------- */

static void io_deliver(void *ctx, unsigned modem, const struct sms_post *p)
{
	struct mqtt_rig_process *process = ctx;
	struct mqtt_rig_unit *u = &process->unit[modem];
	struct beyond b = mqtt_beyond(process->m);
	unsigned i;
	int status = 0;

	for (i = 0;
		i < u->got && (u->had[i].sender != p->sender || u->had[i].ref != p->ref);
		i++)
		;
	if (u->full) {
		b.done(b.ctx, modem, p->sender, p->ref, SMS_POST_NO_ROOM);
		return;
	}
	if (i < u->got) {
		u->repeats++;
	} else if (!p->left) {
		status = ST_EXPIRED;
	} else {
		assert_true(u->got < 2000);
		u->had[u->got].sender = p->sender;
		u->had[u->got++].ref = p->ref;
	}
	if (!u->silent)
		b.done(b.ctx, modem, p->sender, p->ref, status);
}

static void io_sent(void *ctx, unsigned modem, uint64_t sender, uint64_t ref, int status)
{
	struct mqtt_rig_unit *u = &((struct mqtt_rig_process *)ctx)->unit[modem];
	unsigned i;

	for (i = 0; i < MQTT_RIG_OPEN; i++) {
		if (!u->open[i] || u->out[i].sender != sender || u->out[i].ref != ref)
			continue;
		if (status == SMS_POST_NO_ROOM) {
			u->done[2]++;
			return;
		}
		u->open[i] = false;
		u->done[status == ST_EXPIRED]++;
	}
}

/* ---- calls --------------------------------------------------------------------------- */

static uint64_t io_unit(void *ctx, unsigned modem)
{
	struct mqtt_rig_process *p = ctx;

	return p->calls ? neighbours_unit(p->calls, modem)
			: MQTT_UNIT | p->unit[modem].id;
}

static void io_signal(void *ctx, unsigned modem, const struct call_signal *s)
{
	struct mqtt_rig_process *p = ctx;

	if (p->calls)
		neighbours_bring_signal(p->calls, modem, s);
}

static void io_octets(void *ctx, unsigned modem, const struct call_line *from,
	const void *buf, size_t len)
{
	struct mqtt_rig_process *p = ctx;

	if (p->calls)
		neighbours_bring_octets(p->calls, modem, from, buf, len);
}

static void io_ready(void *ctx, unsigned modem)
{
	struct mqtt_rig_process *p = ctx;

	if (p->calls)
		neighbours_bring_ready(p->calls, modem);
}

void mqtt_rig_again(struct mqtt_rig_process *p, unsigned modem, unsigned slot)
{
	struct beyond b = mqtt_beyond(p->m);

	b.send(b.ctx, modem, &p->unit[modem].out[slot]);
}

/* False: it has too many open, or nobody has the number. */
bool mqtt_rig_send(
	struct mqtt_rig_process *p, unsigned modem, const char *to, usec_t left)
{
	struct mqtt_rig_unit *u = &p->unit[modem];
	struct beyond b = mqtt_beyond(p->m);
	static const uint32_t text[] = { 'h', 'i' };
	unsigned i;

	for (i = 0; i < MQTT_RIG_OPEN && u->open[i]; i++)
		;
	if (i == MQTT_RIG_OPEN || b.away(b.ctx, modem) || !b.has(b.ctx, modem, to))
		return false;
	u->open[i] = true;
	u->out[i] = (struct sms_post){
		.sender = u->id, .ref = ++u->last_ref, .left = left
	};
	address_parse(&u->out[i].to, to, strlen(to), 0);
	tpdu_init(&u->out[i].t, TPDU_DELIVER);
	address_parse(&u->out[i].t.address, u->number, strlen(u->number), 0);
	userdata_set_text(&u->out[i].t, text, 2);
	mqtt_rig_again(p, modem, i);
	return true;
}

/* ---- processes ----------------------------------------------------------------------- */

static void on_log(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	struct mqtt_rig_process *p = ctx;

	(void)cat;
	(void)level;
	p->log_lines++;
	snprintf(p->log_text, sizeof(p->log_text), "%s", text);
}

void mqtt_rig_start(struct mqtt_rig *w, unsigned i)
{
	struct mqtt_rig_process *p = &w->p[i];
	struct mqtt_setup s = { .prefix = w->prefix,
		.broker = "broker:1883",
		.process = p->modem[0].unit,
		.seed = 1,
		.name = "a process",
		.modem = p->modem,
		.modems = MQTT_RIG_MODEMS,
		.log = &p->log };
	struct mqtt_io io = { p, io_now, io_wall, io_wake, io_connect, io_publish,
		io_subscribe, io_deliver, io_sent, io_unit, io_signal, io_octets,
		io_ready };
	unsigned m, k;

	p->wake = p->connects = USEC_NEVER;
	p->m = mqtt_new(&s, &io);
	mqtt_process_topic(w->prefix, s.process, p->will);
	mqtt_start(p->m);
	for (m = 0; m < MQTT_RIG_MODEMS; m++) /* from the record */
		for (k = 0; k < MQTT_RIG_OPEN; k++)
			if (p->unit[m].open[k])
				mqtt_rig_again(p, m, k);
}

void mqtt_rig_stop(struct mqtt_rig *w, unsigned i)
{
	struct mqtt_rig_process *p = &w->p[i];

	if (p->connected)
		die(w, p);
	mqtt_free(p->m);
	p->m = NULL;
	if (!p->kept)
		p->topics = 0;
	p->wake = p->connects = USEC_NEVER;
}

void mqtt_rig_lose(struct mqtt_rig *w, unsigned i, usec_t away)
{
	struct mqtt_rig_process *p = &w->p[i];

	die(w, p);
	p->barred = w->now + away;
	mqtt_down(p->m, "the connection was lost");
}

/* ---- time ---------------------------------------------------------------------------- */

static void connect_now(struct mqtt_rig *w, struct mqtt_rig_process *p)
{
	p->connects = USEC_NEVER;
	if (w->away || w->now < p->barred) {
		mqtt_down(p->m, "refused; start it");
		return;
	}
	p->connected = true;
	if (!p->kept)
		p->topics = 0;
	mqtt_up(p->m);
}

static bool arrive(struct mqtt_rig *w, struct mqtt_rig_packet *p)
{
	struct mqtt_rig_packet copy = *p;
	struct mqtt_rig_process *to = p->to < MQTT_RIG_PROCESSES ? &w->p[p->to] : NULL;

	if (p->at > w->now || (to && !to->connected))
		return false;
	p->used = false;
	if (to) {
		mqtt_message(to->m, copy.topic, copy.payload, copy.len);
	} else if (!w->away) {
		if (copy.retain)
			keep(w, &copy);
		pass(w, &copy);
	}
	return true;
}

static void turn(struct mqtt_rig *w)
{
	unsigned i;
	bool more = true;

	for (i = 0; i < MQTT_RIG_PROCESSES; i++)
		if (w->p[i].connects <= w->now)
			connect_now(w, &w->p[i]);
	while (more)
		for (more = false, i = 0; i < MQTT_RIG_PACKETS; i++)
			more = (w->packet[i].used && arrive(w, &w->packet[i])) || more;
	for (i = 0; i < MQTT_RIG_PROCESSES; i++)
		if (w->p[i].m && w->p[i].wake <= w->now) {
			w->p[i].wake = USEC_NEVER;
			mqtt_tick(w->p[i].m);
		}
}

void mqtt_rig_run(struct mqtt_rig *w, usec_t time)
{
	for (; time; time -= MS(100)) {
		w->now += MS(100);
		turn(w);
	}
}

/* What the broker has not stored is lost, and what processes wait for. */
void mqtt_rig_restart_broker(struct mqtt_rig *w, usec_t away)
{
	unsigned i;

	w->away = true;
	for (i = 0; i < MQTT_RIG_PACKETS; i++)
		w->packet[i].used = false;
	for (i = 0; i < MQTT_RIG_PROCESSES; i++) {
		if (w->p[i].connected)
			mqtt_down(w->p[i].m, "the connection was lost");
		w->p[i].connected = false;
		w->p[i].topics = 0;
	}
	mqtt_rig_run(w, away);
	w->away = false;
}

struct mqtt_rig *mqtt_rig_new(void)
{
	struct mqtt_rig *w = calloc(1, sizeof(*w));
	struct mqtt_rig_process *p;
	unsigned i, k;

	if (!w)
		abort();
	rand_init(&w->rand, 7);
	w->prefix = "";
	for (i = 0; i < MQTT_RIG_PROCESSES; i++) {
		p = &w->p[i];
		*p = (struct mqtt_rig_process){ .w = w,
			.index = i,
			.kept = true,
			.wake = USEC_NEVER,
			.connects = USEC_NEVER };
		p->log = (struct log){ .line = on_log, .ctx = p };
		for (k = 0; k < LOG_CATS; k++)
			p->log.level[k] = LOG_LEVEL_WARN;
		for (k = 0; k < MQTT_RIG_MODEMS; k++) {
			p->unit[k].id = 0x100 * (i + 1) + k;
			snprintf(p->unit[k].number, MQTT_NUMBER, "+336000000%u%u", i, k);
			p->modem[k] = (struct mqtt_modem){ .unit = p->unit[k].id,
				.kept = true };
			memcpy(p->modem[k].number, p->unit[k].number, MQTT_NUMBER);
			snprintf(p->modem[k].name, MQTT_NAME, "modem %u of %u", k, i);
		}
	}
	return w;
}

void mqtt_rig_free(struct mqtt_rig *w)
{
	unsigned i;

	for (i = 0; i < MQTT_RIG_PROCESSES; i++)
		mqtt_free(w->p[i].m);
	free(w);
}

struct mqtt_rig *mqtt_rig_two(void)
{
	struct mqtt_rig *w = mqtt_rig_new();

	mqtt_rig_start(w, 0);
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(1));
	assert_true(mqtt_settled(w->p[0].m) && mqtt_settled(w->p[1].m));
	return w;
}
