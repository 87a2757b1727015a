#include "host/control/http.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/control/http_int.h"
#include "host/loop.h"

#define IDLE_SECONDS 60 /* until a client that neither sends nor reads is closed */
#define ACCEPTS      16 /* new connections per turn of the loop */

/* Most bytes that may wait to be sent on all connections; the rest is for bodies. */
#define OUT_MAX ((size_t)HTTP_MEMORY_MAX - HTTP_CONNECTIONS * (size_t)HTTP_BODY_MAX)

static const struct {
	int status;
	const char *text;
} reasons[] = {
	{ 200, "OK" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

static const char *reason(int status)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Error";
}

/* ---- a connection's life ---------------------------------------------------------- */

static void free_event(struct event **e)
{
	if (*e)
		event_free(*e);
	*e = NULL;
}

/* Makes an event of the lowest priority: ports come first. */
static struct event *new_event(struct http *h, int fd, short what,
	void (*fn)(evutil_socket_t fd, short what, void *ctx), void *ctx)
{
	struct event *e = event_new(h->base, fd, what, fn, ctx);

	if (!e || event_priority_set(e, LOOP_PRIORITY_CONTROL))
		out_of_memory();
	return e;
}

void http_conn_count(struct http_conn *c, size_t len)
{
	c->http->out += len - c->counted;
	c->counted = len;
}

static void call_over(struct http_conn *c)
{
	free_event(&c->call.late);
	free_event(&c->call.closed);
	c->call = (struct http_call){ .conn = c };
}

void http_conn_free(struct http_conn *c)
{
	void (*gone)(void *ctx) = c->call.gone;
	void *ctx = c->call.ctx;
	struct mark *m;

	*c->where = c->next;
	if (c->next)
		c->next->where = c->where;
	c->http->n--;
	http_conn_count(c, 0);
	call_over(c);
	free_event(&c->turn);
	bufferevent_free(c->b);
	if (c->body)
		evbuffer_free(c->body);
	while ((m = c->marks)) {
		c->marks = m->next;
		free(m);
	}
	free(c);
	if (gone)
		gone(ctx);
}

void http_conn_soon(struct http_conn *c)
{
	event_active(c->turn, EV_TIMEOUT, 0);
}

/* ---- the request ------------------------------------------------------------------ */

const char *http_query(const struct http_call *c, const char *name)
{
	return http_head_query(&c->conn->head, name);
}

const char *http_header(const struct http_call *c, const char *name)
{
	return http_head_field(&c->conn->head, name);
}

static struct mark *find_mark(const struct http_call *c, const void *key)
{
	struct mark *m;

	for (m = c->conn->marks; m && m->key != key; m = m->next)
		;
	return m;
}

void http_mark(struct http_call *c, const void *key, uint64_t number)
{
	struct mark *m = find_mark(c, key);

	if (!m) {
		m = calloc(1, sizeof(*m));
		must(m);
		m->key = key;
		m->next = c->conn->marks;
		c->conn->marks = m;
	}
	m->number = number;
}

uint64_t http_marked(const struct http_call *c, const void *key)
{
	const struct mark *m = find_mark(c, key);

	return m ? m->number : 0;
}

/* ---- the answer ------------------------------------------------------------------- */

static void put_head(struct http_conn *c, int status, const char *type, const char *more)
{
	evbuffer_add_printf(bufferevent_get_output(c->b),
		"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nCache-Control: no-store\r\n"
		"X-Content-Type-Options: nosniff\r\n%s%s%s\r\n",
		status, reason(status), type, more,
		c->http->o.headers ? c->http->o.headers : "",
		c->head.keep ? "" : "Connection: close\r\n");
}

static void answered(struct http_conn *c)
{
	call_over(c);
	bufferevent_disable(c->b, EV_READ);
	c->state = CONN_FLUSH;
	http_conn_soon(c);
}

static void reply(struct http_conn *c, int status, const char *type, const char *body,
	size_t len, const char *more)
{
	struct evbuffer *out = bufferevent_get_output(c->b);
	char head[200];

	snprintf(head, sizeof(head), "%sContent-Length: %zu\r\n", more, len);
	put_head(c, status, type, head);
	if (strcmp(c->head.method, "HEAD") != 0)
		evbuffer_add(out, body, len);
	http_conn_count(c, evbuffer_get_length(out));
	answered(c);
}

void http_conn_error(struct http_conn *c, int status, const char *field,
	const char *message, const char *remedy, const char *more)
{
	json_t *j = json_pack("{s:{s:s?,s:s,s:s}}", "error", "field", field, "message",
		message, "remedy", remedy);
	char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;

	reply(c, status, "application/json", text ? text : "{}", text ? strlen(text) : 2,
		more);
	free(text);
	json_decref(j);
}

void http_error(struct http_call *call, int status, const char *field,
	const char *message, const char *remedy, const char *allow)
{
	char more[64] = "";

	if (allow)
		snprintf(more, sizeof(more), "Allow: %s\r\n", allow);
	http_conn_error(call->conn, status, field, message, remedy, more);
}

/* Without room answers 503: answers that wait must not use up all memory. */
static bool has_room(struct http_conn *c, size_t len)
{
	if (c->http->out + len <= OUT_MAX)
		return true;
	c->head.keep = false;
	http_conn_error(c, 503, NULL,
		"too many answers wait for clients that do not read",
		"read the answers, or close other clients", "");
	return false;
}

void http_reply(struct http_call *call, int status, const char *type, const char *body,
	size_t len)
{
	if (has_room(call->conn, len))
		reply(call->conn, status, type, body, len, "");
}

void http_reply_static(
	struct http_call *call, const char *type, const char *body, size_t len)
{
	struct http_conn *c = call->conn;
	char head[64];

	snprintf(head, sizeof(head), "Content-Length: %zu\r\n", len);
	put_head(c, 200, type, head);
	if (strcmp(c->head.method, "HEAD") != 0)
		evbuffer_add_reference(
			bufferevent_get_output(c->b), body, len, NULL, NULL);
	answered(c);
}

void http_stream(struct http_call *call, const char *type)
{
	struct http_conn *c = call->conn;

	if (c->head.old)
		c->head.keep = false;
	put_head(c, 200, type, c->head.old ? "" : "Transfer-Encoding: chunked\r\n");
	c->state = CONN_STREAM;
}

bool http_send(struct http_call *call, const void *data, size_t len)
{
	struct http_conn *c = call->conn;
	struct evbuffer *out = bufferevent_get_output(c->b);
	size_t waits = evbuffer_get_length(out);

	if (waits + len > HTTP_STREAM_MAX || c->http->out + len > OUT_MAX) {
		log_note(c->http->o.log, LOG_HTTP,
			"a client reads its stream too slowly: dropped");
		call_over(c);
		/* do not free it here: the bufferevent may be in use */
		c->dropped = true;
		http_conn_soon(c);
		return false;
	}
	if (!c->head.old)
		evbuffer_add_printf(out, "%zx\r\n", len);
	evbuffer_add(out, data, len);
	if (!c->head.old)
		evbuffer_add(out, "\r\n", 2);
	http_conn_count(c, evbuffer_get_length(out));
	return true;
}

/* ---- calls that are kept ---------------------------------------------------------- */

/* A client that has shut down its sending half still waits for the answer until it hangs
 * up. TCP does not distinguish the two: there the client counts as waiting. */
static bool has_hung_up(const struct http_conn *c)
{
	struct pollfd p = { .fd = bufferevent_getfd(c->b) };

	return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR);
}

/* Nothing is read while a request is being answered, so this notices that the client is
 * gone: first by an event at the end of what it sends, then by a check each second. If
 * the client leaves unread bytes, the socket has an error, which libevent reports as
 * EV_READ only; bytes of a next request stay where they are. */
static void on_closed(evutil_socket_t fd, short what, void *ctx)
{
	static const struct timeval second = { 1, 0 };
	struct http_conn *c = ctx;

	(void)fd;
	if (has_hung_up(c)) {
		http_conn_free(c);
		return;
	}
	if (what & EV_CLOSED)
		c->head.keep = false;
	if (what & (EV_CLOSED | EV_READ)) {
		event_free(c->call.closed);
		c->call.closed = new_event(c->http, -1, EV_PERSIST, on_closed, c);
	}
	event_add(c->call.closed, &second);
}

static void on_late(evutil_socket_t fd, short what, void *ctx)
{
	struct http_conn *c = ctx;

	(void)fd;
	(void)what;
	c->call.on_late(c->call.ctx);
}

static void set_late(struct http_conn *c, usec_t after)
{
	const struct timeval tv = { (time_t)(after / 1000000),
		(suseconds_t)(after % 1000000) };

	if (event_add(c->call.late, &tv))
		out_of_memory();
}

void http_keep(struct http_call *call, void (*gone)(void *ctx), void (*late)(void *ctx),
	usec_t after, void *ctx)
{
	struct http_conn *c = call->conn;

	call->gone = gone;
	call->on_late = late;
	call->ctx = ctx;
	call->closed = new_event(
		c->http, bufferevent_getfd(c->b), EV_READ | EV_CLOSED, on_closed, c);
	if (event_add(call->closed, NULL))
		out_of_memory();
	if (!late)
		return;
	call->late = new_event(c->http, -1, 0, on_late, c);
	if (after != USEC_NEVER)
		set_late(c, after);
}

void http_later(struct http_call *call, usec_t after)
{
	set_late(call->conn, after);
}

/* ---- the server ------------------------------------------------------------------- */

static void conn_new(struct http *h, int fd)
{
	static const struct timeval idle = { IDLE_SECONDS, 0 };
	struct http_conn *c = calloc(1, sizeof(*c));

	must(c);
	c->http = h;
	c->call.conn = c;
	c->next = h->conns;
	c->where = &h->conns;
	if (c->next)
		c->next->where = &c->next;
	h->conns = c;
	h->n++;
	c->turn = new_event(h, -1, 0, http_conn_turn, c);
	c->b = bufferevent_socket_new(h->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!c->b || bufferevent_priority_set(c->b, LOOP_PRIORITY_CONTROL))
		out_of_memory();
	bufferevent_setcb(c->b, http_conn_read, http_conn_written, http_conn_event, c);
	bufferevent_setwatermark(c->b, EV_READ, 0, HTTP_HEAD_MAX + 1);
	bufferevent_set_timeouts(c->b, &idle, &idle);
	if (bufferevent_enable(c->b, EV_READ | EV_WRITE))
		out_of_memory();
}

/* Sends the answer at once, without reading the request; what does not fit is lost. */
static void turn_away(struct http *h, int fd, bool files)
{
	static const char text[] =
		"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
		"Connection: close\r\nRetry-After: 1\r\nContent-Length: 112\r\n\r\n"
		"{\"error\":{\"field\":null,\"message\":\"there are too many "
		"connections\",\"remedy\":\"close others that you do not need\"}}";

	(void)send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
	close(fd);
	if (!h->refusing)
		log_warn(h->o.log, LOG_HTTP, "a connection is refused: %s",
			files ? "the remaining descriptors are for records and ports; "
				"see ulimit -n"
			      : "256 are already open");
	h->refusing = true;
}

static void on_accept(evutil_socket_t listener, short what, void *ctx)
{
	static const struct timeval pause = { 0, 100000 };
	struct http *h = ctx;
	bool files;
	int fd, i;

	(void)what;
	for (i = 0; i < ACCEPTS; i++) {
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			files = (size_t)fd >= h->most;
			if (files || h->n >= HTTP_CONNECTIONS) {
				turn_away(h, fd, files);
			} else {
				h->refusing = false;
				conn_new(h, fd);
			}
			continue;
		}
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		if (errno == EAGAIN)
			return;
		/* a listener that stays ready would use all the time */
		log_warn(h->o.log, LOG_HTTP,
			"cannot accept a connection: %s; see ulimit -n", strerror(errno));
		event_del(h->accept);
		event_add(h->accept_again, &pause);
		return;
	}
}

static void on_accept_again(evutil_socket_t fd, short what, void *ctx)
{
	struct http *h = ctx;

	(void)fd;
	(void)what;
	event_add(h->accept, NULL);
}

/* Leaves descriptors for the modems' files. */
static size_t files_for_clients(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	return files.rlim_cur > 2 * HTTP_FILES_SPARED ? files.rlim_cur - HTTP_FILES_SPARED
						      : files.rlim_cur / 2;
}

struct http *http_new(struct event_base *base, const struct http_options *o)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h || (o->token && !(h->token = strdup(o->token))))
		out_of_memory();
	h->base = base;
	h->o = *o;
	h->most = files_for_clients();
	h->accept = new_event(h, o->fd, EV_READ | EV_PERSIST, on_accept, h);
	h->accept_again = new_event(h, -1, 0, on_accept_again, h);
	if (!event_add(h->accept, NULL))
		return h;
	log_error(o->log, LOG_HTTP,
		"cannot serve the control interface: %s; use another --control address",
		strerror(errno));
	http_free(h);
	return NULL;
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (h->conns)
		http_conn_free(h->conns);
	free_event(&h->accept);
	free_event(&h->accept_again);
	close(h->o.fd);
	free(h->token);
	free(h);
}
