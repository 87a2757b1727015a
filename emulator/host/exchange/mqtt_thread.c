/* The thread that has libmosquitto's object, a new one for each connection: what was under
 * way in an old one is lost, which the caller's protocol expects. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "host/exchange/mqtt_link.h"

#define KEEPALIVE    30    /* seconds */
#define CONNECTING   15    /* seconds until the broker has answered */
#define TURN         1000  /* ms: the library's own timers have a second */
#define IN_FLIGHT    100   /* messages that the broker has not acknowledged */
#define PAYLOAD_MOST 20000 /* longer ones are cut there, and will be refused */
#define CERTIFICATES "/etc/ssl/certs"

static time_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* ---- events ------------------------------------------------------------------------ */

static struct mqtt_event *new_event(enum mqtt_event_kind kind)
{
	struct mqtt_event *e = mqtt_link_need(calloc(1, sizeof(*e)));

	e->kind = kind;
	return e;
}

static void tell(struct mqtt_link *l, struct mqtt_event *e)
{
	pthread_mutex_lock(&l->lock);
	l->up = e->kind == MQTT_EVENT_UP || (l->up && e->kind != MQTT_EVENT_DOWN);
	if (l->quit) {
		/* nobody takes it any more */
		pthread_mutex_unlock(&l->lock);
		mqtt_link_drop_event(e);
		return;
	}
	*l->last_event = e;
	l->last_event = &e->next;
	l->events++;
	pthread_mutex_unlock(&l->lock);
	mqtt_link_wake(l->events_fd);
}

/* ---- what the library calls -------------------------------------------------------- */

static void on_connect(struct mosquitto *mosq, void *ctx, int rc)
{
	struct mqtt_link *l = ctx;

	(void)mosq;
	if (rc) {
		l->refused = rc == 2 || rc == 4 || rc == 5;
		snprintf(l->why, sizeof(l->why),
			rc == 4 || rc == 5
				? "it refuses user and password; check the user in the "
				  "URL and the password"
				: "it refuses the connection: %s",
			mosquitto_connack_string(rc));
		return;
	}
	l->connecting = false;
	l->connected = true;
	tell(l, new_event(MQTT_EVENT_UP));
}

static void on_message(
	struct mosquitto *mosq, void *ctx, const struct mosquitto_message *m)
{
	struct mqtt_event *e = new_event(MQTT_EVENT_MESSAGE);
	size_t len = m->payloadlen > 0 ? (size_t)m->payloadlen : 0;

	(void)mosq;
	e->len = len < PAYLOAD_MOST ? len : PAYLOAD_MOST;
	e->topic = mqtt_link_need(strdup(m->topic));
	e->payload = mqtt_link_need(malloc(e->len + 1));
	if (e->len)
		memcpy(e->payload, m->payload, e->len);
	e->payload[e->len] = '\0';
	tell(ctx, e);
}

static void on_publish(struct mosquitto *mosq, void *ctx, int id)
{
	struct mqtt_link *l = ctx;

	(void)mosq;
	(void)id;
	if (l->unacknowledged)
		l->unacknowledged--;
}

static void on_log(struct mosquitto *mosq, void *ctx, int level, const char *text)
{
	struct mqtt_link *l = ctx;

	(void)mosq;
	if (level == MOSQ_LOG_ERR)
		snprintf(l->why, sizeof(l->why), "%s", text);
}

/* ---- the connection ---------------------------------------------------------------- */

/* It will be a part of a sentence. */
static void cut_full_stop(char *text)
{
	size_t n = strlen(text);

	if (n && text[n - 1] == '.')
		text[n - 1] = '\0';
}

/* What the library has logged about TLS, without its numbers. */
static const char *tls_reason(const char *why)
{
	const char *last = strstr(why, "::");

	return last ? last + 2 : why;
}

static void say_why(const struct mqtt_link *l, struct mqtt_event *e, int rc, int error)
{
	if (strstr(l->why, "certificate") || strstr(l->why, "alert")) {
		e->refused = true;
		snprintf(e->why, sizeof(e->why),
			"TLS: %.120s; check the certificates on both sides",
			tls_reason(l->why));
	} else if (l->why[0]) {
		snprintf(e->why, sizeof(e->why), "%s", l->why);
	} else if (l->connecting &&
		   (rc == MOSQ_ERR_CONN_LOST || error == ECONNRESET || error == EPIPE ||
			   error == EPROTO)) { /* by libmosquitto, of TLS */
		snprintf(e->why, sizeof(e->why),
			"it ends the connection without an answer; check the port, "
			"mqtt:// "
			"or mqtts://, and the certificates");
	} else if (rc == MOSQ_ERR_EAI) {
		snprintf(e->why, sizeof(e->why), "its name cannot be looked up");
	} else if (rc == MOSQ_ERR_ERRNO) {
		snprintf(e->why, sizeof(e->why), "%s", strerror(error));
	} else {
		snprintf(e->why, sizeof(e->why), "%s", mosquitto_strerror(rc));
	}
	cut_full_stop(e->why);
}

static void end_connection(struct mqtt_link *l, int rc, int error)
{
	struct mqtt_event *e = new_event(MQTT_EVENT_DOWN);

	e->refused = l->refused;
	say_why(l, e, rc, error);
	if (l->mosq)
		mosquitto_destroy(l->mosq);
	l->mosq = NULL;
	l->connecting = l->connected = false;
	l->unacknowledged = 0;
	tell(l, e);
}

static int set_up(struct mqtt_link *l)
{
	const struct mqtt_link_setup *o = &l->o;
	int rc;

	mosquitto_connect_callback_set(l->mosq, on_connect);
	mosquitto_message_callback_set(l->mosq, on_message);
	mosquitto_publish_callback_set(l->mosq, on_publish);
	mosquitto_log_callback_set(l->mosq, on_log);
	mosquitto_max_inflight_messages_set(l->mosq, IN_FLIGHT);
	mosquitto_int_option(l->mosq, MOSQ_OPT_TCP_NODELAY, 1);
	rc = mosquitto_will_set(l->mosq, o->will_topic, 0, NULL, 1, true);
	if (!rc && o->user)
		rc = mosquitto_username_pw_set(l->mosq, o->user, o->password);
	if (!rc && o->tls)
		rc = mosquitto_tls_set(l->mosq, o->ca, o->ca ? NULL : CERTIFICATES,
			o->cert, o->key, NULL);
	return rc;
}

static void begin_connection(struct mqtt_link *l)
{
	int rc;

	if (l->connecting || l->connected)
		return;
	l->why[0] = '\0';
	l->refused = false;
	l->connecting = true;
	l->since = seconds();
	l->mosq = mqtt_link_need(mosquitto_new(l->o.client, l->o.clean, l));
	rc = set_up(l);
	if (!rc)
		rc = mosquitto_connect_async(l->mosq, l->o.host, l->o.port, KEEPALIVE);
	if (rc)
		end_connection(l, rc, errno);
}

/* ---- orders ------------------------------------------------------------------------ */

static int carry_out(struct mqtt_link *l, const struct mqtt_order *o)
{
	int rc = MOSQ_ERR_SUCCESS;

	switch (o->kind) {
	case ORDER_CONNECT:
		begin_connection(l);
		break;
	case ORDER_PUBLISH:
		if (!l->connected)
			break;
		rc = mosquitto_publish(l->mosq, NULL, o->topics[0], (int)o->len,
			o->payload, 1, o->retain);
		l->unacknowledged += !rc;
		break;
	case ORDER_SUBSCRIBE:
		if (l->connected)
			rc = mosquitto_subscribe_multiple(
				l->mosq, NULL, (int)o->n, o->topics, o->qos, 0, NULL);
		break;
	}
	return rc;
}

static struct mqtt_order *next_order(struct mqtt_link *l)
{
	struct mqtt_order *o;

	pthread_mutex_lock(&l->lock);
	o = l->first;
	if (o && !(l->first = o->next))
		l->last = &l->first;
	l->orders -= o != NULL;
	pthread_mutex_unlock(&l->lock);
	return o;
}

static void carry_out_all(struct mqtt_link *l)
{
	struct mqtt_order *o;

	while ((o = next_order(l))) {
		carry_out(l, o);
		mqtt_link_drop_order(o);
	}
}

/* ---- the thread -------------------------------------------------------------------- */

/* Whether the connection stands; what the library returns is in *rc. */
static void serve(struct mqtt_link *l, short events)
{
	int rc = MOSQ_ERR_SUCCESS, error = 0;
	socklen_t size = sizeof(error);

	if (events & (POLLERR | POLLHUP) && l->connecting)
		getsockopt(
			mosquitto_socket(l->mosq), SOL_SOCKET, SO_ERROR, &error, &size);
	if (error)
		rc = MOSQ_ERR_ERRNO;
	errno = 0;
	if (!rc && events & (POLLIN | POLLERR | POLLHUP))
		rc = mosquitto_loop_read(l->mosq, 1);
	if (!rc && events & POLLOUT)
		rc = mosquitto_loop_write(l->mosq, 1);
	if (!rc)
		rc = mosquitto_loop_misc(l->mosq);
	if (rc && !error)
		error = errno;
	if (!rc && l->connecting && seconds() - l->since > CONNECTING) {
		rc = MOSQ_ERR_ERRNO;
		error = ETIMEDOUT;
	}
	if (rc || mosquitto_socket(l->mosq) < 0)
		end_connection(l, rc ? rc : MOSQ_ERR_CONN_LOST, error);
}

static bool has_room(struct mqtt_link *l)
{
	bool room;

	pthread_mutex_lock(&l->lock);
	room = l->events < MQTT_EVENTS || l->quit;
	pthread_mutex_unlock(&l->lock);
	return room;
}

static void turn(struct mqtt_link *l, int wait)
{
	struct pollfd p[2] = { { .fd = l->orders_fd, .events = POLLIN }, { .fd = -1 } };

	if (l->mosq) {
		p[1].fd = mosquitto_socket(l->mosq);
		p[1].events = has_room(l) ? POLLIN : 0;
		if (mosquitto_want_write(l->mosq))
			p[1].events |= POLLOUT;
	}
	if (poll(p, 2, wait) < 0)
		return;
	if (p[0].revents)
		mqtt_link_quiet(l->orders_fd);
	carry_out_all(l);
	if (l->mosq)
		serve(l, p[1].fd >= 0 ? p[1].revents : 0);
}

static bool wants_to_quit(struct mqtt_link *l)
{
	bool quit;

	pthread_mutex_lock(&l->lock);
	quit = l->quit;
	pthread_mutex_unlock(&l->lock);
	return quit;
}

static void say_good_bye(struct mqtt_link *l)
{
	int64_t until = mqtt_link_ms() + l->patience;

	carry_out_all(l);
	while (l->connected && l->unacknowledged && mqtt_link_ms() < until)
		turn(l, 50);
	if (!l->mosq)
		return;
	/* else the broker publishes the last will */
	if (l->connected && !l->unacknowledged)
		mosquitto_disconnect(l->mosq);
	while (mosquitto_socket(l->mosq) >= 0 && mosquitto_want_write(l->mosq) &&
		mqtt_link_ms() < until && !mosquitto_loop_write(l->mosq, 1))
		poll(NULL, 0, 5);
	mosquitto_destroy(l->mosq);
	l->mosq = NULL;
}

/* The one of thread and caller that comes last releases all: the thread may still wait
 * for a name. */
void *mqtt_link_run(void *mqtt_link)
{
	struct mqtt_link *l = mqtt_link;
	bool left;

	while (!wants_to_quit(l))
		turn(l, TURN);
	say_good_bye(l);
	pthread_mutex_lock(&l->lock);
	l->ended = true;
	left = l->left;
	mqtt_link_wake(l->events_fd);
	pthread_mutex_unlock(&l->lock);
	if (left)
		mqtt_link_release(l);
	return NULL;
}
