/* libmosquitto for a loop that must not wait: the caller's side. It shares with the thread
 * (mqtt_thread.c) what is under the lock: orders, and events. An eventfd reaches the thread,
 * another one the caller. */
#include "host/exchange/mqtt_module.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "host/exchange/mqtt_link.h"

#define ORDERS 20000 /* publishes that wait for the thread */

void mqtt_link_wake(int fd)
{
	const uint64_t one = 1;

	/* it can only fail when the counter is full, and then it is readable */
	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

void mqtt_link_quiet(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		return;
}

void *mqtt_link_need(void *p)
{
	if (!p)
		abort(); /* out of memory */
	return p;
}

int64_t mqtt_link_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void mqtt_link_drop_event(struct mqtt_event *e)
{
	free(e->topic);
	free(e->payload);
	free(e);
}

void mqtt_link_drop_order(struct mqtt_order *o)
{
	free(o->topics);
	free(o->payload);
	free(o);
}
void mqtt_link_release(struct mqtt_link *l)
{
	struct mqtt_event *e;
	struct mqtt_order *o;
	size_t i;

	while ((o = l->first)) {
		l->first = o->next;
		mqtt_link_drop_order(o);
	}
	while ((e = l->event)) {
		l->event = e->next;
		mqtt_link_drop_event(e);
	}
	for (i = 0; i < sizeof(l->text) / sizeof(l->text[0]); i++)
		free(l->text[i]);
	close(l->orders_fd);
	close(l->events_fd);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

/* ---- the caller -------------------------------------------------------------------- */

static const char *keep(struct mqtt_link *l, const char *text)
{
	size_t i = 0;

	if (!text)
		return NULL;
	while (l->text[i])
		i++;
	return l->text[i] = mqtt_link_need(strdup(text));
}

static void copy_setup(struct mqtt_link *l, const struct mqtt_link_setup *s)
{
	l->o = *s;
	l->o.host = keep(l, s->host);
	l->o.client = keep(l, s->client);
	l->o.user = keep(l, s->user);
	l->o.password = keep(l, s->password);
	l->o.ca = keep(l, s->ca);
	l->o.cert = keep(l, s->cert);
	l->o.key = keep(l, s->key);
	l->o.will_topic = keep(l, s->will_topic);
}

/* The caller's signals stay the caller's. */
static bool start_thread(struct mqtt_link *l)
{
	sigset_t all, before;
	bool good;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	good = !pthread_create(&l->thread, NULL, mqtt_link_run, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (good)
		pthread_detach(l->thread);
	return good;
}

static struct mqtt_link *open_link(
	const struct mqtt_link_setup *s, char *why, size_t size)
{
	struct mqtt_link *l = mqtt_link_need(calloc(1, sizeof(*l)));

	mosquitto_lib_init();
	copy_setup(l, s);
	pthread_mutex_init(&l->lock, NULL);
	l->last = &l->first;
	l->last_event = &l->event;
	l->orders_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->events_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (l->orders_fd >= 0 && l->events_fd >= 0 && start_thread(l))
		return l;
	snprintf(why, size, "%s; see ulimit -n and ulimit -u", strerror(errno));
	mqtt_link_release(l);
	return NULL;
}

static void give(struct mqtt_link *l, struct mqtt_order *o)
{
	pthread_mutex_lock(&l->lock);
	*l->last = o;
	l->last = &o->next;
	l->orders++;
	pthread_mutex_unlock(&l->lock);
	mqtt_link_wake(l->orders_fd);
}

static struct mqtt_order *new_order(
	enum mqtt_order_kind kind, const char *const *topics, size_t n)
{
	struct mqtt_order *o = mqtt_link_need(calloc(1, sizeof(*o)));
	size_t i, size = n * sizeof(char *);
	char *at;

	o->kind = kind;
	o->n = n;
	for (i = 0; i < n; i++)
		size += strlen(topics[i]) + 1;
	o->topics = mqtt_link_need(malloc(size + 1));
	at = (char *)(o->topics + n);
	for (i = 0; i < n; i++) {
		o->topics[i] = at;
		at = stpcpy(at, topics[i]) + 1;
	}
	return o;
}

static void connect_link(struct mqtt_link *l)
{
	give(l, new_order(ORDER_CONNECT, NULL, 0));
}

static bool publish(struct mqtt_link *l, const char *topic, const void *payload,
	size_t len, bool retain)
{
	struct mqtt_order *o;
	bool room;

	pthread_mutex_lock(&l->lock);
	room = l->up && l->orders < ORDERS;
	pthread_mutex_unlock(&l->lock);
	if (!room)
		return false;
	o = new_order(ORDER_PUBLISH, &topic, 1);
	o->payload = mqtt_link_need(malloc(len + 1));
	memcpy(o->payload, payload, len);
	o->len = len;
	o->retain = retain;
	give(l, o);
	return true;
}

static void subscribe(struct mqtt_link *l, const char *const *topics, size_t n, int qos)
{
	struct mqtt_order *o = new_order(ORDER_SUBSCRIBE, topics, n);

	o->qos = qos;
	give(l, o);
}

static int fd(const struct mqtt_link *l)
{
	return l->events_fd;
}

static void look(struct mqtt_link *l)
{
	mqtt_link_quiet(l->events_fd);
}

static struct mqtt_event *next(struct mqtt_link *l)
{
	struct mqtt_event *e;
	bool again;

	pthread_mutex_lock(&l->lock);
	e = l->event;
	if (e && !(l->event = e->next))
		l->last_event = &l->event;
	l->events -= e != NULL;
	again = e && l->events == MQTT_EVENTS / 2;
	pthread_mutex_unlock(&l->lock);
	if (again)
		mqtt_link_wake(l->orders_fd); /* it may read again */
	return e;
}

static void close_link(struct mqtt_link *l, int patience)
{
	struct pollfd p = { .fd = l->events_fd, .events = POLLIN };
	int64_t until = mqtt_link_ms() + patience + 200;
	bool ended;

	pthread_mutex_lock(&l->lock);
	l->quit = true;
	l->patience = patience;
	ended = l->ended;
	pthread_mutex_unlock(&l->lock);
	mqtt_link_wake(l->orders_fd);
	while (!ended && mqtt_link_ms() < until) {
		poll(&p, 1, 50);
		mqtt_link_quiet(l->events_fd);
		pthread_mutex_lock(&l->lock);
		ended = l->ended;
		pthread_mutex_unlock(&l->lock);
	}
	pthread_mutex_lock(&l->lock);
	ended = l->ended;
	l->left = true;
	pthread_mutex_unlock(&l->lock);
	if (ended)
		mqtt_link_release(l);
}

__attribute__((visibility("default"))) extern const struct mqtt_ops mqtt_module_ops;
const struct mqtt_ops mqtt_module_ops = { open_link, close_link, connect_link, publish,
	subscribe, fd, look, next, mqtt_link_drop_event };
