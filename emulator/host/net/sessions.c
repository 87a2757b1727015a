/* Sessions, each a connection cache and a thread of fauxtrack-curl:
 *
 *   open() -> OPENING -> done(), there() -> IDLE <-> BUSY -> done()
 *                |                           |
 *                +---> done(), ended()       +---> ended(): the server has closed
 *
 * The caller is answered from settle() only, which the loop calls. */
#include "host/net/sessions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "codec/mail.h"
#include "conf/must.h"
#include "host/loop.h"
#include "host/net/reach.h"
#include "host/net/sessions_int.h"

#define NOWHERE "0.0.0.0:9" /* is not let through, whatever the rules are */
#define CHUNK   2048        /* octets for the modem at once */

enum phase {
	PHASE_FREE,
	PHASE_FAILED, /* fails as soon as the loop runs */
	PHASE_OPENING,
	PHASE_IDLE,
	PHASE_BUSY,
	PHASE_REJECTED, /* a transfer that cannot be asked for */
	PHASE_ENDED,
};

struct session {
	struct sessions *all;
	enum phase phase;
	unsigned id, serial; /* serial: the slot may be used again within a callback */
	struct session_end end;
	enum socket_end why; /* PHASE_FAILED */
	int error;           /* PHASE_REJECTED */
	struct curl_session *curl;
	struct loop_fd *watch;
	bool announced; /* HTTP: there() */
	bool begun;     /* begun() */
	bool asked;     /* ready() is wanted */
	struct session_task task;
};

struct sessions {
	const struct net_options *net;
	struct socket_modem modem;
	struct loop *loop;
	struct loop_timer *timer; /* settle() all */
	const struct curl_ops *ops;
	struct refusals refusals;
	unsigned serial;
	struct session session[SOCKET_SESSIONS];
};

static void settle(struct session *s);

static struct session *find(struct sessions *all, unsigned id)
{
	size_t i;

	for (i = 0; i < SOCKET_SESSIONS; i++)
		if (all->session[i].phase != PHASE_FREE && all->session[i].id == id)
			return &all->session[i];
	return NULL;
}

/* ---- where it leads ------------------------------------------------------------------ */

static uint16_t usual_port(enum socket_kind kind)
{
	return kind == SOCKET_FTP    ? 21
	       : kind == SOCKET_SMTP ? 25
	       : kind == SOCKET_POP3 ? 110
				     : 80;
}

/* Logs that it was not reached. to: the address that was meant, if the name is known. */
static enum socket_end refused(struct sessions *all, const char *host, uint16_t port,
	const struct curl_place *to)
{
	const struct net_options *net = all->net;
	struct reach_target target;
	enum reach why = reach_host(net, host, false, port, &target);

	if (why != REACH_TARGET && why != REACH_ASK)
		return reach_refuse(&all->refusals, net, why, host, false, port, &target);
	refusals_port(&all->refusals, false, to->addr, host, port);
	return SOCKET_UNREACHABLE;
}

/* Fills end, and the place that is allowed, unless libcurl is to look the name up. False:
 * s->why says why it cannot be reached. */
static bool find_end(
	struct session *s, const struct socket_order *order, struct curl_place *place)
{
	const struct net_options *net = s->all->net;
	struct session_end *e = &s->end;
	struct reach_target t;
	char addr[IP_ADDR_TEXT];
	enum reach reach;

	e->kind = order->kind;
	e->port = order->port ? order->port : usual_port(order->kind);
	reach = reach_host(net, order->host, false, e->port, &t);
	if (reach == REACH_ASK && reach_name(order->host, e->host)) {
		snprintf(e->proxy, sizeof(e->proxy), "%s:%u", e->host, e->port);
		return true;
	}
	if (reach != REACH_TARGET) {
		s->why = refused(s->all, order->host, e->port, place);
		return false;
	}
	memcpy(place->addr, t.to, 4);
	place->port = t.to_port;
	reach_name(order->host, e->host);
	snprintf(
		e->proxy, sizeof(e->proxy), "%s:%u", ip_addr_text(t.to, addr), t.to_port);
	return true;
}

/* CURLOPT_CONNECT_TO: names that are known lead to their targets, the other ports of such
 * a name nowhere; so do all other names, unless --internet is given. */
struct leads {
	const char *text[2 * FORWARDS + 2 * NAMES + 2];
	char mem[2 * FORWARDS + 2 * NAMES + 2][FORWARD_NAME + 32];
	size_t n;
	struct curl_place place[FORWARDS];
	size_t n_places;
};

static void lead(struct leads *l, const char *host, const char *port, const char *to)
{
	snprintf(l->mem[l->n], sizeof(l->mem[0]), "%s:%s:%s", host, port, to);
	l->text[l->n] = l->mem[l->n];
	l->n++;
}

static void lead_host(
	struct leads *l, const struct named_host *h, const char *port, const char *to)
{
	char addr[IP_ADDR_TEXT];

	lead(l, h->name, port, to);
	if (strcmp(ip_addr_text(h->addr, addr), h->name) != 0)
		lead(l, addr, port, to);
}

static void make_leads(const struct sessions *all, struct leads *l)
{
	const struct names *n = all->net->names;
	char port[8], to[32], addr[IP_ADDR_TEXT];
	size_t i;

	memset(l, 0, sizeof(*l));
	for (i = 0; n && i < n->n; i++) {
		if (n->forward[i].udp)
			continue;
		snprintf(port, sizeof(port), "%u", n->forward[i].port);
		snprintf(to, sizeof(to), "%s:%u", ip_addr_text(n->forward[i].to, addr),
			n->forward[i].to_port);
		lead_host(l, &n->host[n->of[i]], port, to);
		memcpy(l->place[l->n_places].addr, n->forward[i].to, 4);
		l->place[l->n_places++].port = n->forward[i].to_port;
	}
	for (i = 0; n && i < n->n_hosts; i++)
		lead_host(l, &n->host[i], "", NOWHERE);
	if (!all->net->internet)
		lead(l, "", "", NOWHERE);
}

/* ---- opening ------------------------------------------------------------------------- */

static void kick(struct sessions *all)
{
	loop_timer_set(all->timer, 0);
}

static void on_news(void *ctx)
{
	settle(ctx);
}

static void on_timer(void *ctx)
{
	struct sessions *all = ctx;
	size_t i;

	for (i = 0; i < SOCKET_SESSIONS; i++)
		settle(&all->session[i]);
}

static bool find_parts(struct sessions *all)
{
	char why[600] = "this program has no sessions; build it with -Dcurl=enabled";

	if (!all->ops && all->net->curl)
		all->ops = all->net->curl(why, sizeof(why));
	if (!all->ops)
		log_error(all->net->log, LOG_NET,
			"no FTP, HTTP, SMTP and POP3: %s (it is built with "
			"-Dcurl=enabled)",
			why);
	return all->ops;
}

static void fail(struct session *s, enum socket_end why)
{
	s->phase = PHASE_FAILED;
	s->why = why;
	kick(s->all);
}

/* What a session may reach is its server; one of HTTP all that is named. */
static bool open_curl(struct session *s, const struct socket_order *order,
	const struct curl_place *server)
{
	static const char *const protocols[] = { [SOCKET_FTP] = "ftp",
		[SOCKET_HTTP] = "http",
		[SOCKET_SMTP] = "smtp",
		[SOCKET_POP3] = "pop3" };
	struct sessions *all = s->all;
	struct leads *l = must(malloc(sizeof(*l)));
	struct curl_setup setup = {
		.protocol = protocols[order->kind],
		.lead = l->text,
		.allowed = server,
		.n_allowed = server->port ? 1 : 0,
		.closed = all->net->internet ? reach_is_closed : NULL,
		.data = order->kind == SOCKET_FTP,
		.user = order->user,
		.password = order->password,
		.account = order->account,
		.ttl = order->ttl,
		.tos = order->tos,
	};
	char why[300];

	make_leads(all, l);
	if (order->kind == SOCKET_HTTP) {
		setup.allowed = l->place;
		setup.n_allowed = l->n_places;
	}
	s->curl = all->ops->open(&setup, why, sizeof(why));
	free(l);
	if (s->curl)
		s->watch = loop_fd_new(all->loop, all->ops->fd(s->curl), on_news, s);
	else
		log_error(all->net->log, LOG_NET, "%s", why);
	return s->watch;
}

static struct session *free_session(struct sessions *all)
{
	size_t i;

	for (i = 0; i < SOCKET_SESSIONS; i++)
		if (all->session[i].phase == PHASE_FREE)
			return &all->session[i];
	return NULL;
}

void sessions_open(struct sessions *all, unsigned id, const struct socket_order *order)
{
	struct session *s = free_session(all);
	struct curl_place server = { .port = 0 };

	if (!s) /* the modem has no more of them */
		return;
	*s = (struct session){ .all = all, .id = id, .serial = ++all->serial };
	s->end.kind = order->kind;
	if (mail_has_control(order->host) || mail_has_control(order->user) ||
		mail_has_control(order->password) || mail_has_control(order->account))
		fail(s, SOCKET_UNREACHABLE);
	else if (!find_parts(all))
		fail(s, SOCKET_NO_PARTS);
	else if ((order->kind != SOCKET_HTTP || order->host[0]) &&
		 !find_end(s, order, &server))
		fail(s, s->why);
	else if (!open_curl(s, order, &server))
		fail(s, SOCKET_UNREACHABLE);
	else if (order->kind == SOCKET_HTTP)
		s->phase = PHASE_IDLE;
	else
		s->phase = PHASE_OPENING;
	if (s->phase == PHASE_OPENING) {
		session_task_login(&s->task, &s->end);
		all->ops->start(s->curl, &s->task.curl);
	}
	kick(all);
}

/* ---- answers ------------------------------------------------------------------------- */

/* Whether it is still the session that a callback was called for. */
static bool still(const struct session *s, unsigned serial)
{
	return s->phase != PHASE_FREE && s->serial == serial;
}

static void tell_refused(const struct session *s, const struct curl_outcome *o)
{
	const struct log *log = s->all->net->log;
	char addr[IP_ADDR_TEXT];

	ip_addr_text(o->place.addr, addr);
	if (!strcmp(o->command, "PASV"))
		log_warn(log, LOG_NET,
			"the FTP server %s wants its data at %s:%u, which is refused: "
			"only ports from 1024 on at its own address are let through; "
			"correct the address that the server tells",
			s->end.host, addr, o->place.port);
	else
		refused(s->all, o->host, o->port, &o->place);
}

static void opened(struct session *s, const struct curl_outcome *o)
{
	const struct socket_modem *c = &s->all->modem;
	struct socket_result said = { .error = 0 };
	struct socket_peer peer = { .port = o->peer.port };
	unsigned serial = s->serial;

	memcpy(peer.addr, o->peer.addr, 4);
	if (o->end == CURL_END_CLOSED)
		tell_refused(s, o);
	session_said(s->end.kind, o, &said);
	s->phase = o->end == CURL_END_DONE ? PHASE_IDLE : PHASE_ENDED;
	if (o->said[0])
		c->done(c->ctx, s->id, &said);
	if (!still(s, serial))
		return;
	if (o->end == CURL_END_DONE)
		c->there(c->ctx, s->id, o->local, &peer);
	else
		c->ended(c->ctx, s->id, session_why(s->end.kind, o));
}

static void finished(struct session *s, const struct curl_outcome *o)
{
	const struct socket_modem *c = &s->all->modem;
	struct socket_result result = { .error = 0 };
	unsigned serial = s->serial;

	if (o->end == CURL_END_CLOSED)
		tell_refused(s, o);
	session_said(s->end.kind, o, &result);
	result.error = session_error(s->end.kind, &s->task, o);
	s->phase = PHASE_IDLE;
	if (!result.error && !s->begun)
		c->begun(c->ctx, s->id);
	if (still(s, serial))
		c->done(c->ctx, s->id, &result);
}

/* Octets for the modem, as many as it takes. False: the session is another one now. */
static bool deliver(struct session *s)
{
	const struct curl_ops *ops = s->all->ops;
	const struct socket_modem *c = &s->all->modem;
	unsigned serial = s->serial;
	uint8_t buf[CHUNK];
	size_t room, n;

	for (;;) {
		room = c->room(c->ctx, s->id);
		n = ops->read(s->curl, buf, room < sizeof(buf) ? room : sizeof(buf));
		if (!n)
			return true;
		c->rx(c->ctx, s->id, NULL, buf, n);
		if (!still(s, serial) || s->phase != PHASE_BUSY)
			return false;
	}
}

static void busy(struct session *s)
{
	const struct curl_ops *ops = s->all->ops;
	const struct socket_modem *c = &s->all->modem;
	unsigned serial = s->serial;
	struct curl_outcome o;

	if (!s->begun && ops->begun(s->curl)) {
		s->begun = true;
		c->begun(c->ctx, s->id);
		if (!still(s, serial))
			return;
	}
	if (!deliver(s))
		return;
	if (s->asked && ops->write(s->curl, NULL, 0)) {
		s->asked = false;
		c->ready(c->ctx);
		if (!still(s, serial) || s->phase != PHASE_BUSY)
			return;
	}
	if (ops->done(s->curl, &o))
		finished(s, &o);
}

static void idle(struct session *s)
{
	const struct socket_modem *c = &s->all->modem;
	const struct socket_peer none = { .port = 0 };

	if (s->end.kind == SOCKET_HTTP && !s->announced) {
		s->announced = true;
		c->there(c->ctx, s->id, 0, &none);
	} else if (s->all->ops->lost(s->curl)) {
		s->phase = PHASE_ENDED;
		c->ended(c->ctx, s->id, SOCKET_SHUT);
	}
}

static void reject(struct session *s)
{
	const struct socket_modem *c = &s->all->modem;
	const struct socket_result result = {
		.error = s->error, .reason = "", .size = -1
	};

	s->phase = PHASE_IDLE;
	c->done(c->ctx, s->id, &result);
}

static void go_on(struct session *s)
{
	struct curl_outcome o;

	switch (s->phase) {
	case PHASE_FAILED:
		s->phase = PHASE_ENDED;
		s->all->modem.ended(s->all->modem.ctx, s->id, s->why);
		break;
	case PHASE_OPENING:
		if (s->all->ops->done(s->curl, &o))
			opened(s, &o);
		break;
	case PHASE_IDLE:
		idle(s);
		break;
	case PHASE_BUSY:
		busy(s);
		break;
	case PHASE_REJECTED:
		reject(s);
		break;
	case PHASE_FREE:
	case PHASE_ENDED:
		break;
	}
}

static void settle(struct session *s)
{
	const struct socket_modem *c = &s->all->modem;

	if (s->phase == PHASE_FREE)
		return;
	if (s->curl)
		s->all->ops->look(s->curl);
	c->enter(c->ctx);
	go_on(s);
	c->leave(c->ctx);
}

/* ---- what the modem asks ------------------------------------------------------------- */

void sessions_transfer(struct sessions *all, unsigned id, const struct socket_transfer *t)
{
	struct session *s = find(all, id);

	if (!s || s->phase != PHASE_IDLE)
		return;
	s->error = session_task_make(&s->task, &s->end, t);
	s->begun = s->asked = false;
	s->phase = s->error ? PHASE_REJECTED : PHASE_BUSY;
	kick(all);
	if (s->error)
		return;
	all->ops->start(s->curl, &s->task.curl);
	if (s->task.head_len)
		all->ops->write(s->curl, s->task.head, s->task.head_len);
}

size_t sessions_room(struct sessions *all, unsigned id)
{
	struct session *s = find(all, id);

	if (!s || s->phase != PHASE_BUSY)
		return 0;
	s->asked = true;
	return all->ops->write(s->curl, NULL, 0);
}

void sessions_tx(struct sessions *all, unsigned id, const void *buf, size_t len)
{
	struct session *s = find(all, id);

	if (s && s->phase == PHASE_BUSY && len)
		all->ops->write(s->curl, buf, len);
}

void sessions_shut(struct sessions *all, unsigned id)
{
	struct session *s = find(all, id);

	if (s && s->phase == PHASE_BUSY)
		all->ops->end(s->curl);
}

void sessions_take(struct sessions *all, unsigned id)
{
	if (find(all, id))
		kick(all);
}

static void end(struct session *s)
{
	loop_fd_free(s->watch);
	if (s->curl)
		s->all->ops->close(s->curl);
	s->watch = NULL;
	s->curl = NULL;
	s->phase = PHASE_FREE;
}

void sessions_close(struct sessions *all, unsigned id)
{
	struct session *s = find(all, id);

	if (s)
		end(s);
}

/* ---- life ---------------------------------------------------------------------------- */

struct sessions *sessions_new(
	struct loop *l, const struct net_options *net, const struct socket_modem *modem)
{
	struct sessions *all = must(calloc(1, sizeof(*all)));
	size_t i;

	all->net = net;
	all->refusals.log = net->log;
	all->modem = *modem;
	all->loop = l;
	all->timer = loop_timer_new(l, on_timer, all);
	for (i = 0; i < SOCKET_SESSIONS; i++)
		all->session[i].all = all;
	return all;
}

void sessions_free(struct sessions *all)
{
	size_t i;

	if (!all)
		return;
	for (i = 0; i < SOCKET_SESSIONS; i++)
		end(&all->session[i]);
	loop_timer_free(all->timer);
	refusals_clear(&all->refusals);
	free(all);
}
