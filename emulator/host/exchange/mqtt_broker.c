#include "host/exchange/mqtt_broker.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/must.h"
#include "host/exchange/mqtt_module.h"
#include "host/loop.h"
#include "host/module.h"

#define A_TURN   64     /* events a turn of the loop: ports are served in between */
#define AT_START SEC(5) /* for the broker to say who has which number */
#define GOOD_BYE 3000   /* ms, at most */

struct mqtt_broker {
	struct neighbours *neighbours;
	const struct mqtt_ops *ops;
	struct mqtt_link *link;
	struct mqtt *mqtt;
	struct loop_fd *watch;
	struct loop_timer *timer, *more;
	struct mqtt_url url;
	char name[300];
	/* until the loop runs, and modems are there: */
	bool running;
	usec_t wake; /* when mqtt_tick() is wanted */
	struct mqtt_event *held, **last_held;
	bool started, down, refused;
	char why[200];
};

/* ---- what the protocol calls --------------------------------------------------------- */

static usec_t io_now(void *ctx)
{
	(void)ctx;
	return loop_real_now();
}

static int64_t io_wall(void *ctx)
{
	struct timespec t;

	(void)ctx;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void io_wake(void *ctx, usec_t in)
{
	struct mqtt_broker *b = ctx;

	b->wake = in == USEC_NEVER ? USEC_NEVER : loop_real_now() + in;
	loop_timer_set(b->timer, in);
}

static void io_connect(void *ctx)
{
	const struct mqtt_broker *b = ctx;

	b->ops->connect(b->link);
}

static bool io_publish(
	void *ctx, const char *topic, const char *payload, size_t len, bool retain)
{
	const struct mqtt_broker *b = ctx;

	return b->ops->publish(b->link, topic, payload, len, retain);
}

static void io_subscribe(void *ctx, const char *const *topics, size_t n, int qos)
{
	const struct mqtt_broker *b = ctx;

	b->ops->subscribe(b->link, topics, n, qos);
}

static void io_deliver(void *ctx, unsigned modem, const struct sms_post *p)
{
	const struct mqtt_broker *b = ctx;

	neighbours_bring(b->neighbours, modem, p);
}

static void io_sent(void *ctx, unsigned modem, uint64_t sender, uint64_t ref, int status)
{
	const struct mqtt_broker *b = ctx;

	neighbours_tell(b->neighbours, modem, sender, ref, status);
}

static uint64_t io_unit(void *ctx, unsigned modem)
{
	const struct mqtt_broker *b = ctx;

	return neighbours_unit(b->neighbours, modem);
}

static void io_signal(void *ctx, unsigned modem, const struct call_signal *s)
{
	const struct mqtt_broker *b = ctx;

	neighbours_bring_signal(b->neighbours, modem, s);
}

static void io_octets(void *ctx, unsigned modem, const struct call_line *from,
	const void *buf, size_t len)
{
	const struct mqtt_broker *b = ctx;

	neighbours_bring_octets(b->neighbours, modem, from, buf, len);
}

static void io_ready(void *ctx, unsigned modem)
{
	const struct mqtt_broker *b = ctx;

	neighbours_bring_ready(b->neighbours, modem);
}

/* ---- events -------------------------------------------------------------------------- */

static void take(struct mqtt_broker *b, const struct mqtt_event *e)
{
	switch (e->kind) {
	case MQTT_EVENT_UP:
		mqtt_up(b->mqtt);
		break;
	case MQTT_EVENT_DOWN:
		b->down = true;
		b->refused = e->refused;
		snprintf(b->why, sizeof(b->why), "%s", e->why);
		if (b->started || !e->refused)
			mqtt_down(b->mqtt, e->why);
		break;
	case MQTT_EVENT_MESSAGE:
		mqtt_message(b->mqtt, e->topic, e->payload, e->len);
		break;
	}
}

/* Messages for modems, which are not there yet. */
static bool has_to_wait(const struct mqtt_event *e)
{
	const char *kind = e->topic ? strrchr(e->topic, '/') : NULL;

	return kind && strstr(e->topic, "/process/") == NULL && strcmp(kind, "/state");
}

static void take_early(struct mqtt_broker *b)
{
	struct mqtt_event *e;

	b->ops->look(b->link);
	while ((e = b->ops->next(b->link))) {
		if (has_to_wait(e)) {
			e->next = NULL;
			*b->last_held = e;
			b->last_held = &e->next;
			continue;
		}
		take(b, e);
		b->ops->drop(e);
	}
}

static struct mqtt_event *next(struct mqtt_broker *b)
{
	struct mqtt_event *e = b->held;

	if (!e)
		return b->ops->next(b->link);
	if (!(b->held = e->next))
		b->last_held = &b->held;
	return e;
}

static void on_events(void *ctx)
{
	struct mqtt_broker *b = ctx;
	struct mqtt_event *e = NULL;
	int most = A_TURN;

	b->running = true;
	b->ops->look(b->link);
	while (most-- && (e = next(b))) {
		take(b, e);
		b->ops->drop(e);
	}
	if (e)
		loop_timer_set(b->more, 0);
}

static void on_time(void *ctx)
{
	const struct mqtt_broker *b = ctx;

	mqtt_tick(b->mqtt);
}

/* ---- life ---------------------------------------------------------------------------- */

static void wait_for_it(struct mqtt_broker *b)
{
	struct pollfd p = { .fd = b->ops->fd(b->link), .events = POLLIN };
	usec_t now = loop_real_now(), end = now + AT_START, until;

	while (!mqtt_settled(b->mqtt) && !b->down && now < end) {
		until = b->wake < end ? b->wake : end;
		poll(&p, 1, until > now ? (int)((until - now) / 1000 + 1) : 0);
		take_early(b);
		now = loop_real_now();
		if (b->wake <= now) {
			b->wake = USEC_NEVER;
			mqtt_tick(b->mqtt);
		}
	}
	b->started = true;
	mqtt_started(b->mqtt);
}

static bool is_good(const struct mqtt_broker *b, const struct mqtt_broker_options *o,
	char *why, size_t size)
{
	struct mqtt_state holder;
	int modem = mqtt_refused(b->mqtt, 0, &holder);

	if (b->down && b->refused) {
		snprintf(why, size, "%s: %s", b->name, b->why);
		return false;
	}
	if (modem < 0)
		return true;
	snprintf(why, size,
		"%s has the number %s, and so has unit %016llx (%s), which is in this "
		"exchange already; give one of them another number: --set "
		"sim.number=NUMBER",
		o->modem[modem].name, o->modem[modem].number,
		(unsigned long long)holder.unit, holder.name);
	return false;
}

static bool open_link(struct mqtt_broker *b, const struct mqtt_broker_options *o,
	char *why, size_t size)
{
	const struct mqtt_url *url = &o->url;
	char client[40], topic[MQTT_TOPIC];
	const struct mqtt_link_setup setup = { .host = url->host,
		.port = url->port,
		.client = client,
		.clean = !o->kept,
		.user = url->user[0] ? url->user : NULL,
		.password = o->password,
		.tls = url->tls,
		.ca = o->ca,
		.cert = o->cert,
		.key = o->key,
		.will_topic = topic };

	b->ops = module_open(MQTT_MODULE, MQTT_OPS, MQTT_PACKAGE, why, size);
	if (!b->ops)
		return false;
	snprintf(client, sizeof(client), "fauxtrack-%016llx",
		(unsigned long long)o->process);
	mqtt_process_topic(url->prefix, o->process, topic);
	b->link = b->ops->open(&setup, why, size);
	return b->link;
}

static void start(
	struct mqtt_broker *b, struct loop *l, const struct mqtt_broker_options *o)
{
	const struct mqtt_setup setup = { .prefix = b->url.prefix,
		.broker = b->name,
		.process = o->process,
		.seed = o->seed,
		.name = o->name,
		.modem = o->modem,
		.modems = o->modems,
		.log = o->log };
	const struct mqtt_io io = { b, io_now, io_wall, io_wake, io_connect, io_publish,
		io_subscribe, io_deliver, io_sent, io_unit, io_signal, io_octets,
		io_ready };
	struct beyond beyond;

	b->wake = USEC_NEVER;
	b->timer = loop_timer_new(l, on_time, b);
	b->more = loop_timer_new(l, on_events, b);
	b->mqtt = mqtt_new(&setup, &io);
	beyond = mqtt_beyond(b->mqtt);
	neighbours_set_beyond(b->neighbours, &beyond);
	mqtt_start(b->mqtt);
	wait_for_it(b);
	loop_timer_set(b->more, 0);
	b->watch = loop_fd_new(l, b->ops->fd(b->link), on_events, b);
}

struct mqtt_broker *mqtt_broker_open(struct loop *l, const struct mqtt_broker_options *o,
	struct neighbours *n, char *why, size_t size)
{
	struct mqtt_broker *b = must(calloc(1, sizeof(*b)));

	b->neighbours = n;
	b->last_held = &b->held;
	b->url = o->url;
	snprintf(b->name, sizeof(b->name), "%s:%u", o->url.host, o->url.port);
	if (open_link(b, o, why, size)) {
		start(b, l, o);
		if (is_good(b, o, why, size))
			return b;
	}
	mqtt_broker_close(b);
	return NULL;
}

void mqtt_broker_close(struct mqtt_broker *b)
{
	struct mqtt_event *e;

	if (!b)
		return;
	if (b->mqtt)
		mqtt_leave(b->mqtt);
	while ((e = b->held)) {
		b->held = e->next;
		b->ops->drop(e);
	}
	loop_fd_free(b->watch);
	loop_timer_free(b->timer);
	loop_timer_free(b->more);
	if (b->link)
		b->ops->close(b->link, GOOD_BYE);
	neighbours_set_beyond(b->neighbours, NULL);
	mqtt_free(b->mqtt);
	free(b);
}

struct mqtt_counts mqtt_broker_counts(const struct mqtt_broker *b)
{
	return mqtt_counts(b->mqtt);
}
