#include "host/http.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#define HEADERS_MAX 16384
#define HARD_MAX                                                                       \
	1048576         /* bodies above HTTP_BODY_MAX are read up to this, and refused \
			 */
#define IDLE_SECONDS 60 /* a client that says nothing, or takes nothing */

struct http {
	struct event_base *base;
	struct evhttp *evhttp;
	struct evconnlistener *listener;
	struct event *listen_again;
	struct http_options o;
	char *token;
	struct http_call *calls; /* all that are open */
	bool starved;            /* of descriptors, and it has been said */
	struct http *next;
};

/* A listener knows evhttp only; by this list its server is found. */
static struct http *servers;

struct http_call {
	struct http *http;
	struct http_call *next, **where;
	struct evhttp_request *request;
	struct evkeyvalq query;
	struct event *closed, *late, *drop;
	void (*gone)(void *ctx);
	void (*on_late)(void *ctx);
	void *ctx;
};

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
	{ 500, "Internal Server Error" },
};

static const char *reason(int status)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Error";
}

/* ---- a call's life ---------------------------------------------------------------- */

static struct evhttp_connection *connection(const struct http_call *c)
{
	return evhttp_request_get_connection(c->request);
}

static void free_event(struct event *e)
{
	if (e)
		event_free(e);
}

static void call_free(struct http_call *c)
{
	*c->where = c->next;
	if (c->next)
		c->next->where = c->where;
	free_event(c->closed);
	free_event(c->late);
	free_event(c->drop);
	evhttp_clear_headers(&c->query);
	free(c);
}

/* The connection is being freed, and the request with it. */
static void on_close(struct evhttp_connection *e, void *ctx)
{
	struct http_call *c = ctx;
	void (*gone)(void *ctx) = c->gone;
	void *gone_ctx = c->ctx;

	(void)e;
	/* after an error on the line libevent has let go of the request */
	if (!connection(c))
		evhttp_request_free(c->request);
	call_free(c);
	if (gone)
		gone(gone_ctx);
}

static struct http_call *call_new(struct http *h, struct evhttp_request *request)
{
	struct http_call *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->http = h;
	c->request = request;
	c->next = h->calls;
	c->where = &h->calls;
	if (c->next)
		c->next->where = &c->next;
	h->calls = c;
	TAILQ_INIT(&c->query);
	evhttp_connection_set_closecb(
		evhttp_request_get_connection(request), on_close, c);
	return c;
}

/* The rest is libevent's. */
static void call_over(struct http_call *c)
{
	evhttp_connection_set_closecb(connection(c), NULL, NULL);
	call_free(c);
}

/* ---- what is asked ---------------------------------------------------------------- */

const char *http_query(const struct http_call *c, const char *name)
{
	return evhttp_find_header(&c->query, name);
}

const char *http_header(const struct http_call *c, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(c->request), name);
}

static const char *method_name(struct evhttp_request *r)
{
	static const struct {
		enum evhttp_cmd_type type;
		const char *name;
	} methods[] = {
		{ EVHTTP_REQ_GET, "GET" },
		{ EVHTTP_REQ_POST, "POST" },
		{ EVHTTP_REQ_HEAD, "HEAD" },
		{ EVHTTP_REQ_PUT, "PUT" },
		{ EVHTTP_REQ_DELETE, "DELETE" },
		{ EVHTTP_REQ_OPTIONS, "OPTIONS" },
		{ EVHTTP_REQ_TRACE, "TRACE" },
		{ EVHTTP_REQ_CONNECT, "CONNECT" },
		{ EVHTTP_REQ_PATCH, "PATCH" },
	};
	size_t i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (evhttp_request_get_command(r) == methods[i].type)
			return methods[i].name;
	return "?";
}

/* "localhost:8080", "[::1]": this machine, by a name that no web site can have. */
static bool is_local(const char *host)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (!evutil_ascii_strncasecmp(host, names[i], len) &&
			(!host[len] ||
				(host[len] == ':' &&
					host[len + 1 +
						strspn(host + len + 1, "0123456789")] ==
						'\0')))
			return true;
	}
	return false;
}

static bool is_local_origin(const char *origin)
{
	const char *host = strstr(origin, "://");

	return host && is_local(host + 3);
}

/* How long it takes does not tell how much of it is right. */
static bool same(const char *a, const char *b)
{
	size_t i, len = strlen(a);
	unsigned differ = strlen(b) != len;

	for (i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[differ ? 0 : i]);
	return !differ;
}

static bool has_token(const struct http_call *c)
{
	const char *given = http_header(c, "Authorization");

	return !c->http->token || (given && !strncmp(given, "Bearer ", 7) &&
					  same(c->http->token, given + 7));
}

/* Web pages of others must not reach it through a browser of this machine, whatever name
 * they have for it. False: it has been answered. */
static bool may_ask(struct http_call *c, const struct http_request *r)
{
	const char *host = http_header(c, "Host"), *origin = http_header(c, "Origin");
	const char *type = http_header(c, "Content-Type");

	if ((host && !is_local(host)) || (origin && !is_local_origin(origin))) {
		http_error(c, 403, NULL, "this is not for web pages",
			"ask by http://localhost/, without a header Origin", NULL);
		return false;
	}
	if (!has_token(c)) {
		http_error(c, 401, NULL, "the token is missing or wrong",
			"send the header \"Authorization: Bearer TOKEN\" with the token "
			"that "
			"the emulator has printed at its start",
			NULL);
		return false;
	}
	if (r->len > HTTP_BODY_MAX) {
		http_error(c, 413, NULL, "the body has more than 65536 bytes",
			"send less", NULL);
		return false;
	}
	if (r->len && type && evutil_ascii_strncasecmp(type, "application/json", 16)) {
		http_error(c, 415, NULL, "the body is not declared as JSON",
			"send the header \"Content-Type: application/json\"", NULL);
		return false;
	}
	return true;
}

/* Decoded; NULL when there is a zero byte in it. */
static char *path_of(struct evhttp_request *request)
{
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *raw = uri ? evhttp_uri_get_path(uri) : NULL;
	size_t len = 0;
	char *path = evhttp_uridecode(raw ? raw : "/", 0, &len);

	if (path && strlen(path) == len)
		return path;
	free(path);
	return NULL;
}

static void on_request(struct evhttp_request *request, void *ctx)
{
	struct http *h = ctx;
	struct evbuffer *in = evhttp_request_get_input_buffer(request);
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *query = uri ? evhttp_uri_get_query(uri) : NULL;
	struct http_call *c = call_new(h, request);
	struct http_request r = { .method = method_name(request), .call = c };
	char *path = path_of(request);

	h->starved = false;
	r.path = path;
	r.len = evbuffer_get_length(in);
	if (!path || (query && evhttp_parse_query_str(query, &c->query))) {
		http_error(c, 400, NULL, "the address cannot be read",
			"escape what is no letter or digit as %XX", NULL);
	} else if (may_ask(c, &r)) {
		r.body = evbuffer_pullup(in, -1);
		h->o.handle(h->o.ctx, &r);
	}
	free(path);
}

/* ---- what is answered ------------------------------------------------------------- */

static void add_headers(struct http_call *c, const char *type)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(c->request);

	evhttp_add_header(out, "Content-Type", type);
	evhttp_add_header(out, "Cache-Control", "no-store");
	evhttp_add_header(out, "X-Content-Type-Options", "nosniff");
}

void http_reply(
	struct http_call *c, int status, const char *type, const char *body, size_t len)
{
	struct evhttp_request *request = c->request;

	add_headers(c, type);
	evbuffer_add(evhttp_request_get_output_buffer(request), body, len);
	call_over(c);
	evhttp_send_reply(request, status, reason(status), NULL);
}

void http_error(struct http_call *c, int status, const char *field, const char *message,
	const char *remedy, const char *allow)
{
	json_t *j = json_pack("{s:{s:s?,s:s,s:s}}", "error", "field", field, "message",
		message, "remedy", remedy);
	char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;

	if (allow)
		evhttp_add_header(
			evhttp_request_get_output_headers(c->request), "Allow", allow);
	if (status == 401)
		evhttp_add_header(evhttp_request_get_output_headers(c->request),
			"WWW-Authenticate", "Bearer");
	http_reply(c, status, "application/json", text ? text : "{}",
		text ? strlen(text) : 2);
	free(text);
	json_decref(j);
}

void http_stream(struct http_call *c, const char *type)
{
	add_headers(c, type);
	evhttp_send_reply_start(c->request, 200, "OK");
}

static void on_drop(evutil_socket_t fd, short what, void *ctx)
{
	struct http_call *c = ctx;

	(void)fd;
	(void)what;
	evhttp_connection_free(connection(c));
}

bool http_send(struct http_call *c, const void *data, size_t len)
{
	struct bufferevent *b = evhttp_connection_get_bufferevent(connection(c));
	struct evbuffer *piece;

	if (evbuffer_get_length(bufferevent_get_output(b)) > HTTP_QUEUE_MAX) {
		log_note(c->http->o.log, LOG_HTTP,
			"a reader is too slow for its stream: dropped");
		c->gone = NULL;
		/* not from here: libevent may be at work on it */
		c->drop = event_new(c->http->base, -1, 0, on_drop, c);
		if (!c->drop)
			abort();
		event_active(c->drop, EV_TIMEOUT, 0);
		return false;
	}
	piece = evbuffer_new();
	if (!piece || evbuffer_add(piece, data, len))
		abort();
	evhttp_send_reply_chunk(c->request, piece);
	evbuffer_free(piece);
	return true;
}

/* evhttp does not read while a request is being answered, and would not notice. */
static void on_closed(evutil_socket_t fd, short what, void *ctx)
{
	struct http_call *c = ctx;

	(void)fd;
	(void)what;
	evhttp_connection_free(connection(c));
}

static void on_late(evutil_socket_t fd, short what, void *ctx)
{
	struct http_call *c = ctx;

	(void)fd;
	(void)what;
	c->on_late(c->ctx);
}

void http_keep(struct http_call *c, void (*gone)(void *ctx), void (*late)(void *ctx),
	usec_t after, void *ctx)
{
	struct bufferevent *b = evhttp_connection_get_bufferevent(connection(c));
	const struct timeval tv = { (time_t)(after / 1000000),
		(suseconds_t)(after % 1000000) };

	c->gone = gone;
	c->on_late = late;
	c->ctx = ctx;
	c->closed = event_new(c->http->base, bufferevent_getfd(b), EV_CLOSED | EV_PERSIST,
		on_closed, c);
	if (!c->closed || event_add(c->closed, NULL))
		abort();
	if (!late)
		return;
	c->late = evtimer_new(c->http->base, on_late, c);
	if (!c->late || evtimer_add(c->late, &tv))
		abort();
}

/* ---- the server ------------------------------------------------------------------- */

/* No descriptor is left, for instance: a listener that is ready for ever would take all
 * the time. Those who knock wait. */
static void on_listen_error(struct evconnlistener *l, void *ctx)
{
	static const struct timeval pause = { 0, 100000 };
	struct http *h = servers;

	(void)ctx;
	while (h->listener != l)
		h = h->next;
	if (!h->starved)
		log_warn(h->o.log, LOG_HTTP,
			"cannot take a connection: %s; see ulimit -n", strerror(errno));
	h->starved = true;
	evconnlistener_disable(l);
	evtimer_add(h->listen_again, &pause);
}

static void on_listen_again(evutil_socket_t fd, short what, void *ctx)
{
	struct http *h = ctx;

	(void)fd;
	(void)what;
	evconnlistener_enable(h->listener);
}

struct http *http_new(struct event_base *base, const struct http_options *o)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h || (o->token && !(h->token = strdup(o->token))))
		abort();
	h->base = base;
	h->o = *o;
	h->next = servers;
	servers = h;
	h->evhttp = evhttp_new(base);
	h->listen_again = evtimer_new(base, on_listen_again, h);
	h->listener = evconnlistener_new(base, NULL, NULL,
		LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE, 0, o->fd);
	if (!h->evhttp || !h->listen_again || !h->listener ||
		!evhttp_bind_listener(h->evhttp, h->listener)) {
		log_error(o->log, LOG_HTTP,
			"cannot serve the control interface: %s; give another --control "
			"address",
			strerror(errno));
		http_free(h);
		return NULL;
	}
	evconnlistener_set_error_cb(h->listener, on_listen_error);
	evhttp_set_gencb(h->evhttp, on_request, h);
	evhttp_set_default_content_type(h->evhttp, NULL);
	evhttp_set_max_headers_size(h->evhttp, HEADERS_MAX);
	evhttp_set_max_body_size(h->evhttp, HARD_MAX);
	evhttp_set_timeout(h->evhttp, IDLE_SECONDS);
	evhttp_set_allowed_methods(h->evhttp,
		EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT |
			EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_TRACE |
			EVHTTP_REQ_PATCH);
	return h;
}

void http_free(struct http *h)
{
	struct http **where = &servers;

	if (!h)
		return;
	while (*where != h)
		where = &(*where)->next;
	*where = h->next;
	/* its listener goes with it */
	if (h->evhttp)
		evhttp_free(h->evhttp);
	else if (h->listener)
		evconnlistener_free(h->listener);
	if (h->listen_again)
		event_free(h->listen_again);
	free(h->token);
	free(h);
}
