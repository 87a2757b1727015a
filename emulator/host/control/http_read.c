/* HTTP: reads the requests of a connection, one after the other. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "conf/must.h"
#include "host/control/http_int.h"

#define CHUNK_MORE 512 /* room for a chunk's length, extensions, line ends */

/* Closing with unread bytes may destroy the answer to a client that still sends (RFC 9112
 * clause 9.6): up to so many bytes are discarded first, for up to so long. */
#define LINGER_BYTES   1048576
#define LINGER_SECONDS 2

static void refuse(struct http_conn *c, const struct http_refusal *why)
{
	c->head.keep = false; /* the end of its body is unknown */
	c->unread = true;
	http_conn_error(c, why->status, why->field, why->message, why->remedy,
		why->status == 401 ? "WWW-Authenticate: Bearer\r\n" : "");
}

static void refuse_body(struct http_conn *c, int status, const char *message)
{
	const struct http_refusal why = { status, NULL, message,
		"send JSON with a Content-Length of at most 65536" };

	refuse(c, &why);
}

static void serve(struct http_conn *c)
{
	struct http_request r = {
		.method = c->head.method, .path = c->head.path, .call = &c->call
	};

	c->state = CONN_ANSWER;
	bufferevent_disable(c->b, EV_READ);
	if (c->body) {
		r.len = evbuffer_get_length(c->body);
		r.body = r.len ? evbuffer_pullup(c->body, -1) : NULL;
	}
	c->http->o.handle(c->http->o.ctx, &r);
}

/* Whether the rules for access allow it. */
static bool is_allowed(const struct http_conn *c, struct http_refusal *why)
{
	const struct http_options *o = &c->http->o;
	bool open = o->is_open && o->is_open(c->head.path);

	return (!o->port || http_head_own(&c->head, o->port, open, why)) &&
	       http_head_allowed(
		       &c->head, open ? NULL : c->http->token, HTTP_BODY_MAX, why);
}

/* Length of a head including its empty line; 0: it is incomplete. */
static size_t head_length(struct evbuffer *in)
{
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	struct evbuffer_ptr bare = evbuffer_search(in, "\n\n", 2, NULL);

	if (bare.pos >= 0 && (end.pos < 0 || bare.pos < end.pos))
		return (size_t)bare.pos + 2;
	return end.pos < 0 ? 0 : (size_t)end.pos + 4;
}

/* read_head() and read_body() return whether there is more to do at once. */
static bool read_head(struct http_conn *c)
{
	static const struct http_refusal long_head = { 431, NULL,
		"the head has more than 16384 bytes", "send fewer" };
	struct evbuffer *in = bufferevent_get_input(c->b);
	struct http_refusal why;
	char first;
	size_t len;

	/* empty lines before a request are ignored (RFC 9112 clause 2.2) */
	while (evbuffer_copyout(in, &first, 1) == 1 && (first == '\r' || first == '\n'))
		evbuffer_drain(in, 1);
	len = head_length(in);
	c->head = (struct http_head){ .method = "GET" };
	if (len > HTTP_HEAD_MAX || (!len && evbuffer_get_length(in) > HTTP_HEAD_MAX)) {
		refuse(c, &long_head);
		return false;
	}
	if (!len)
		return false;
	evbuffer_remove(in, c->text, len);
	if (!http_head_parse(&c->head, c->text, len, &why) || !is_allowed(c, &why)) {
		refuse(c, &why);
		return false;
	}
	if (c->head.expect)
		evbuffer_add_printf(
			bufferevent_get_output(c->b), "HTTP/1.1 100 Continue\r\n\r\n");
	/* a body, or a chunk with its length; pipelined requests wait in the kernel */
	bufferevent_setwatermark(c->b, EV_READ, 0, HTTP_BODY_MAX + CHUNK_MORE);
	c->state = CONN_BODY;
	return true;
}

/* Reads the complete chunks (RFC 9112 clause 7.1). True when the last one has come. */
static bool read_chunks(struct http_conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->b);
	struct evbuffer_ptr line;
	size_t eol, n, digits;
	char size[20] = "";

	for (;;) {
		line = evbuffer_search_eol(in, NULL, &eol, EVBUFFER_EOL_CRLF);
		if (line.pos < 0)
			break;
		n = (size_t)line.pos < sizeof(size) - 1 ? (size_t)line.pos
							: sizeof(size) - 1;
		evbuffer_copyout(in, size, n);
		size[n] = '\0';
		digits = strspn(size, "0123456789abcdefABCDEF");
		if (!digits || digits > 8 || !strchr("; \t", size[digits])) {
			refuse_body(c, 400, "a chunk of the body has no length");
			return false;
		}
		n = strtoul(size, NULL, 16);
		if (n + evbuffer_get_length(c->body) > HTTP_BODY_MAX) {
			refuse_body(c, 413, "the body has more than 65536 bytes");
			return false;
		}
		if (!n && evbuffer_get_length(in) >= (size_t)line.pos + eol + 2) {
			evbuffer_drain(in, (size_t)line.pos + eol + 2);
			return true;
		}
		if (!n || evbuffer_get_length(in) < (size_t)line.pos + eol + n + 2)
			break;
		evbuffer_drain(in, (size_t)line.pos + eol);
		evbuffer_remove_buffer(in, c->body, n);
		evbuffer_drain(in, 2);
	}
	/* the input is full, but the chunk is incomplete */
	if (evbuffer_get_length(in) >= HTTP_BODY_MAX + CHUNK_MORE)
		refuse_body(c, 413, "a chunk of the body is too long");
	return false;
}

static bool read_body(struct http_conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->b);

	if (!c->body && (c->head.length || c->head.chunked)) {
		c->body = evbuffer_new();
		must(c->body);
	}
	if (c->head.chunked) {
		if (!read_chunks(c))
			return false;
		c->head.keep = false; /* trailers are not read */
	} else if (evbuffer_get_length(in) < c->head.length) {
		return false;
	} else if (c->head.length) {
		evbuffer_remove_buffer(in, c->body, c->head.length);
	}
	serve(c);
	return false;
}

static void linger(struct http_conn *c)
{
	static const struct timeval some = { LINGER_SECONDS, 0 };

	c->state = CONN_LINGER;
	shutdown(bufferevent_getfd(c->b), SHUT_WR);
	bufferevent_set_timeouts(c->b, &some, &some);
	bufferevent_enable(c->b, EV_READ);
	http_conn_soon(c);
}

/* The answer has been sent. */
static void next_request(struct http_conn *c)
{
	http_conn_count(c, 0);
	if (c->unread) {
		linger(c);
		return;
	}
	if (!c->head.keep) {
		http_conn_free(c);
		return;
	}
	if (c->body)
		evbuffer_free(c->body);
	c->body = NULL;
	bufferevent_setwatermark(c->b, EV_READ, 0, HTTP_HEAD_MAX + 1);
	c->state = CONN_HEAD;
	http_conn_soon(c);
}

/* False: the connection was freed. */
static bool throw_away(struct http_conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->b);

	c->thrown += evbuffer_get_length(in);
	evbuffer_drain(in, evbuffer_get_length(in));
	if (c->thrown < LINGER_BYTES)
		return true;
	http_conn_free(c);
	return false;
}

static void go_on(struct http_conn *c)
{
	bool more = true;

	if (c->dropped) {
		http_conn_free(c);
		return;
	}
	if (c->state == CONN_LINGER && !throw_away(c))
		return;
	while (more)
		more = c->state == CONN_HEAD   ? read_head(c)
		       : c->state == CONN_BODY ? read_body(c)
					       : false;
	/* serve what is in the buffer before reading: the client's end may come next */
	if (c->state <= CONN_BODY && !(bufferevent_get_enabled(c->b) & EV_READ))
		bufferevent_enable(c->b, EV_READ);
	if (c->state == CONN_FLUSH && !evbuffer_get_length(bufferevent_get_output(c->b)))
		next_request(c);
}

void http_conn_turn(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	go_on(ctx);
}

void http_conn_read(struct bufferevent *b, void *ctx)
{
	(void)b;
	go_on(ctx);
}

/* Everything has been sent. */
void http_conn_written(struct bufferevent *b, void *ctx)
{
	struct http_conn *c = ctx;

	(void)b;
	http_conn_count(c, 0);
	if (c->state == CONN_FLUSH || c->dropped)
		go_on(c);
}

/* The end, an error, or a timeout. If only the client's sending half has ended, an answer
 * in progress is still sent. */
void http_conn_event(struct bufferevent *b, short what, void *ctx)
{
	struct http_conn *c = ctx;

	(void)b;
	if (what & BEV_EVENT_EOF && c->state >= CONN_ANSWER && c->state <= CONN_FLUSH)
		c->head.keep = false;
	else
		http_conn_free(c);
}
