/* Connections of the world: what the modem asks for is noted, and told to it one thing a
 * call of peers_next().
 *
 *      open()            FAR_THERE             FIN of either side      close(), RST
 *      connecting -----------------> open -----------------> half ----------------> gone
 *          |  refused, no name, silent for 75 s                                      ^
 *          +-------------------------------------------------------------------------+
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "host/net/peer.h"
#include "host/play/peers_int.h"

#define WINDOW      16384 /* octets that a far side takes before it reads */
#define FIRST_LOCAL 49152 /* RFC 6335 clause 6: dynamic ports */
#define STREAM      100000

/* ---- memory ---------------------------------------------------------------------- */

void octets_add(struct octets *o, const void *data, size_t len)
{
	if (o->len + len > o->cap) {
		o->cap = 2 * (o->len + len);
		o->data = must(realloc(o->data, o->cap));
	}
	if (len)
		memcpy(o->data + o->len, data, len);
	o->len += len;
}

void octets_drop(struct octets *o, size_t len)
{
	o->len -= len;
	if (o->len)
		memmove(o->data, o->data + len, o->len);
}

void peers_parcel(struct parcel **list, const struct socket_peer *from, const void *data,
	size_t len)
{
	struct parcel *n = must(malloc(sizeof(*n) + len));

	*n = (struct parcel){ .from = *from, .len = len };
	if (len)
		memcpy(n->data, data, len);
	while (*list)
		list = &(*list)->next;
	*list = n;
}

static void parcel_drop(struct parcel **list)
{
	struct parcel *first = *list;

	*list = first->next;
	free(first);
}

static void far_clear(struct peers_far *f)
{
	while (f->in_first)
		parcel_drop(&f->in_first);
	while (f->got_first)
		parcel_drop(&f->got_first);
	free(f->out.data);
	free(f->got.data);
	*f = (struct peers_far){ .used = false };
}

void peers_tell(struct peers *p, const char *fmt, ...)
{
	char text[PEERS_LINE + 64];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	p->ops.tell(p->ops.ctx, text);
}

char peers_octet(size_t at)
{
	return (char)(at + at / 256);
}

/* ---- far sides ------------------------------------------------------------------- */

static struct peers_far *of_modem(struct peers *p, unsigned id)
{
	struct peers_far *f;

	for (f = p->far; f < p->far + PEERS_FARS; f++)
		if (f->used && !f->detached && f->id == id)
			return f;
	return NULL;
}

/* A new one; it takes the place of the oldest that the modem knows no more. */
struct peers_far *peers_far_new(struct peers *p)
{
	struct peers_far *f, *place = NULL;

	for (f = p->far; f < p->far + PEERS_FARS; f++) {
		if (f->used && !f->detached)
			continue;
		if (!place || (place->used && (!f->used || f->order < place->order)))
			place = f;
	}
	must(place); /* the modem has fewer than PEERS_FARS */
	far_clear(place);
	place->used = true;
	place->order = ++p->orders;
	return place;
}

void peers_fail(struct peers_far *f, enum socket_end why)
{
	f->state = why == SOCKET_RESET ? PEERS_RESET : PEERS_CLOSED;
	f->news = FAR_FAILED;
	f->why = why;
	f->out.len = 0;
	f->finish = false;
	f->gives_up = 0;
}

static bool bound(const struct peers *p, enum socket_kind kind, uint16_t local)
{
	const struct peers_far *f;

	for (f = p->far; f < p->far + PEERS_FARS; f++)
		if (f->used && !f->detached && f->local == local &&
			(kind == SOCKET_UDP) == (f->kind == SOCKET_UDP) && f->local)
			return true;
	return false;
}

static uint16_t any_local(struct peers *p, enum socket_kind kind)
{
	while (bound(p, kind, p->next_local))
		p->next_local++;
	return p->next_local++;
}

static bool is_address(const char *host)
{
	uint8_t addr[4];

	return ip_addr_read(host, strlen(host), addr);
}

/* What a service does at the start, and when it has got so much. */
static void serve(struct peers *p, struct peers_far *f)
{
	const struct peers_server *s = f->server;
	size_t n = s && s->after ? s->after : STREAM, i;

	if (!s)
		return;
	if (s->kind == PEERS_STREAM && !f->finish) {
		for (i = 0; i < n; i++) {
			char c = peers_octet(i);

			octets_add(&f->out, &c, 1);
		}
		f->finish = true;
	}
	if (f->taken < s->after)
		return;
	if (s->kind == PEERS_CLOSES)
		peers_shut(p, f);
	if (s->kind == PEERS_RESETS)
		peers_reset(p, f);
}

static uint16_t usual_port(enum socket_kind kind)
{
	switch (kind) {
	case SOCKET_FTP:
		return 21;
	case SOCKET_HTTP:
		return 80;
	case SOCKET_SMTP:
		return 25;
	case SOCKET_POP3:
		return 110;
	case SOCKET_UDP:
	case SOCKET_TCP:
	case SOCKET_SERVER:
		break;
	}
	return 0;
}

static bool is_session(enum socket_kind kind)
{
	return kind >= SOCKET_FTP;
}

/* Whether the server at the other end speaks the protocol of a session. */
static bool speaks(const struct peers_server *s, enum socket_kind kind)
{
	return s->kind == (enum peers_kind)(PEERS_FTP + (kind - SOCKET_FTP));
}

static void connect_far(
	struct peers *p, struct peers_far *f, const struct socket_order *o)
{
	struct peers_server *s = peers_server_at(p, f->host, f->peer.port);

	if (!peers_knows(p, f->host, f->peer.addr)) {
		peers_fail(f, is_address(f->host) ? SOCKET_UNREACHABLE : SOCKET_NO_NAME);
		return;
	}
	f->server = s ? s : peers_usual(f->peer.port);
	s = f->server;
	f->news = FAR_THERE;
	f->state = PEERS_OPEN;
	if (f->kind == SOCKET_UDP)
		return;
	if (!s || s->kind == PEERS_REFUSES) {
		peers_fail(f, SOCKET_REFUSED);
	} else if (s->kind == PEERS_SILENT) {
		f->news = FAR_NOTHING;
		f->state = PEERS_CONNECTING;
		f->gives_up = p->now + PEERS_PATIENCE;
	} else if (is_session(f->kind) && !speaks(s, f->kind)) {
		peers_fail(f, SOCKET_UNREACHABLE);
	} else if (is_session(f->kind)) {
		peers_log_in(f, o);
	}
}

static void open_far(void *ctx, unsigned id, const struct socket_order *o)
{
	struct peers *p = ctx;
	struct peers_far *f = peers_far_new(p);

	f->id = id;
	f->kind = o->kind;
	peers_lower(o->host, f->host);
	f->peer.port = o->port ? o->port : usual_port(o->kind);
	peers_tell(p, "socket %u opens %s:%u", id, f->host, f->peer.port);
	if (o->local && bound(p, o->kind, o->local)) {
		peers_fail(f, SOCKET_PORT_TAKEN);
		return;
	}
	f->local = o->local ? o->local : any_local(p, o->kind);
	if (*f->host) {
		connect_far(p, f, o);
	} else {
		f->state = PEERS_OPEN;
		f->news = FAR_THERE;
	}
}

/* ---- octets of the modem --------------------------------------------------------- */

static size_t room(void *ctx, unsigned id)
{
	const struct peers_far *f = of_modem(ctx, id);

	return f ? WINDOW - (f->held < WINDOW ? f->held : WINDOW) : WINDOW;
}

/* The page follows the end of the first head, whatever was asked for. */
static void page(struct peers_far *f, const char *data, size_t len)
{
	static const char end[] = "\r\n\r\n";
	static const char head[] = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n";

	for (; len && f->matched < sizeof(end) - 1; data++, len--) {
		if (*data == end[f->matched])
			f->matched++;
		else
			f->matched = *data == '\r';
		if (f->matched == sizeof(end) - 1) {
			octets_add(&f->out, head, sizeof(head) - 1);
			octets_add(&f->out, peer_page, strlen(peer_page));
			f->finish = true;
		}
	}
}

static void tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	struct peers *p = ctx;
	struct peers_far *f = of_modem(p, id);
	enum peers_kind kind;

	if (!f || f->state == PEERS_CLOSED || f->state == PEERS_RESET)
		return;
	kind = f->server ? f->server->kind : PEERS_TALK;
	f->taken += len;
	if (f->stalls)
		f->held += len;
	if (f->kind == SOCKET_UDP) {
		peers_parcel(&f->got_first, &f->peer, buf, len);
		if (kind == PEERS_ECHO)
			peers_parcel(&f->in_first, &f->peer, buf, len);
		return;
	}
	octets_add(&f->got, buf, len);
	if (kind == PEERS_ECHO)
		octets_add(&f->out, buf, len);
	if (kind == PEERS_PAGE)
		page(f, buf, len);
	serve(p, f);
}

static void shut(void *ctx, unsigned id)
{
	struct peers *p = ctx;
	struct peers_far *f = of_modem(p, id);

	if (!f)
		return;
	if (is_session(f->kind)) {
		peers_uploaded(p, f);
		return;
	}
	if (f->state != PEERS_OPEN)
		return;
	f->state = f->finished ? PEERS_CLOSED : PEERS_HALF;
	if (f->server && f->server->kind != PEERS_TALK)
		f->finish = true;
}

static void take(void *ctx, unsigned id)
{
	(void)ctx; /* peers_next() asks for room each time */
	(void)id;
}

static void close_far(void *ctx, unsigned id)
{
	struct peers *p = ctx;
	struct peers_far *f = of_modem(p, id);

	if (!f)
		return;
	peers_tell(p, "socket %u closes", id);
	f->detached = true;
	f->news = FAR_NOTHING;
	f->gives_up = 0;
	f->out.len = 0;
	if (f->state != PEERS_RESET)
		f->state = PEERS_CLOSED;
}

static void set(void *ctx, unsigned id, int ttl, int tos, bool no_delay)
{
	peers_tell(ctx, "socket %u has TTL %d, TOS %d%s", id, ttl, tos,
		no_delay ? ", no delay" : "");
}

static void transfer(void *ctx, unsigned id, const struct socket_transfer *t)
{
	struct peers *p = ctx;
	struct peers_far *f = of_modem(p, id);

	if (f)
		peers_transfer(p, f, t);
}

static bool ping(void *ctx, const char *host, uint8_t addr[4])
{
	struct peers *p = ctx;
	const struct peers_server *s = peers_server_at(p, host, 0);

	return peers_knows(p, host, addr) && !(s && !s->port && s->kind == PEERS_SILENT);
}

struct socket_ports peers_ports(struct peers *p)
{
	return (struct socket_ports){ p, open_far, room, tx, shut, take, close_far, set,
		transfer, ping };
}

/* ---- what the modem is told ------------------------------------------------------ */

static void accepts(struct peers *p, struct peers_far *f)
{
	int id = p->ops.accept(p->ops.ctx, f->id, &f->peer);

	if (id < 0) {
		f->state = PEERS_RESET;
		return;
	}
	f->id = (unsigned)id;
	f->detached = false;
	f->state = PEERS_OPEN;
}

static void tell_news(struct peers *p, struct peers_far *f)
{
	enum far_news news = f->news;

	f->news = FAR_NOTHING;
	if (f->greets) {
		f->greets = false;
		p->ops.done(p->ops.ctx, f->id, &f->result);
		if (f->detached)
			return;
	}
	if (news == FAR_THERE) {
		p->ops.there(p->ops.ctx, f->id, f->local,
			f->peer.port && *f->host ? &f->peer : NULL);
		if (!f->detached && f->kind == SOCKET_TCP)
			serve(p, f);
	} else if (news == FAR_ACCEPTS) {
		accepts(p, f);
	} else if (news == FAR_FAILED) {
		f->finished = true;
		peers_tell(p, "socket %u: %s", f->id, name_of(socket_ends, (int)f->why));
		p->ops.ended(p->ops.ctx, f->id, f->why);
	} else if (news == FAR_BEGUN) {
		p->ops.begun(p->ops.ctx, f->id);
	} else {
		f->transfers = false;
		p->ops.done(p->ops.ctx, f->id, &f->result);
	}
}

/* Passes octets on; false: none wait, or there is no room. They are copied, because an
 * echo may come while the modem takes them. */
static bool pass(struct peers *p, struct peers_far *f)
{
	size_t n = p->ops.room(p->ops.ctx, f->id);
	struct parcel *one = f->in_first;
	char *copy;

	if (one && one->len <= n) {
		f->in_first = one->next;
		p->ops.rx(p->ops.ctx, f->id, &one->from, one->data, one->len);
		free(one);
		return true;
	}
	n = n < f->out.len ? n : f->out.len;
	if (!n)
		return false;
	copy = must(malloc(n));
	memcpy(copy, f->out.data, n);
	octets_drop(&f->out, n);
	p->ops.rx(p->ops.ctx, f->id, NULL, copy, n);
	free(copy);
	return true;
}

/* One thing about this far side; false: there is none. */
static bool next_of(struct peers *p, struct peers_far *f)
{
	if (f->gives_up && f->gives_up <= p->now)
		peers_fail(f, SOCKET_UNREACHABLE);
	if (f->news != FAR_NOTHING && f->news != FAR_DONE) {
		tell_news(p, f);
		return true;
	}
	if (f->detached || f->state == PEERS_CONNECTING)
		return false;
	if ((f->out.len || f->in_first) && pass(p, f))
		return true;
	if (f->out.len)
		return false;
	if (f->downloads)
		peers_downloaded(f);
	if (f->news == FAR_DONE) {
		tell_news(p, f);
		return true;
	}
	if (!f->finish || f->finished)
		return false;
	f->finished = true;
	if (f->state == PEERS_HALF)
		f->state = PEERS_CLOSED;
	p->ops.ended(p->ops.ctx, f->id, SOCKET_SHUT);
	return true;
}

bool peers_next(struct peers *p)
{
	struct peers_far *f;

	if (p->ready) {
		p->ready = false;
		p->ops.ready(p->ops.ctx);
		return true;
	}
	for (f = p->far; f < p->far + PEERS_FARS; f++)
		if (f->used && next_of(p, f))
			return true;
	return false;
}

usec_t peers_due(const struct peers *p)
{
	const struct peers_far *f;
	usec_t due = UINT64_MAX;

	for (f = p->far; f < p->far + PEERS_FARS; f++)
		if (f->used && f->gives_up && f->gives_up < due)
			due = f->gives_up;
	return due;
}

/* ---- the whole ------------------------------------------------------------------- */

struct peers *peers_new(const struct hosts_conf *hosts, const struct peers_ops *ops)
{
	struct peers *p = must(calloc(1, sizeof(*p)));
	struct forward f;
	size_t i;

	p->ops = *ops;
	p->next_local = FIRST_LOCAL;
	for (i = 0; i < hosts->n; i++)
		if (!forward_read(hosts->text[i], &f))
			names_add(&p->names, &f);
	return p;
}

void peers_time(struct peers *p, usec_t now)
{
	p->now = now;
}

void peers_clear(struct peers *p)
{
	size_t i;

	for (i = 0; i < PEERS_FARS; i++)
		far_clear(&p->far[i]);
	p->ready = false;
}

void peers_free(struct peers *p)
{
	size_t i, n;

	if (!p)
		return;
	peers_clear(p);
	for (i = 0; i < p->n_servers; i++)
		for (n = 0; n < PEERS_FILES; n++)
			free(p->server[i].file[n].data);
	free(p);
}
