/* HTTP/1.1 by libevent's evhttp: the only file that knows it. Requests come whole;
 * answers are given at once, later, or as a stream. What HTTP asks of every request is
 * looked at here: sizes, Host, Origin, the token. Errors are JSON:
 *
 *   { "error": { "field": "timeout", "message": "what is wrong", "remedy": "do this" } }
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "base/usec.h"

#define HTTP_BODY_MAX 65536 /* bytes of a request's body */
#define HTTP_QUEUE_MAX                                                   \
	262144 /* of a stream that its reader leaves; then it is dropped \
		*/

struct event_base;
struct http;
struct http_call; /* a request that is not answered yet */

struct http_request {
	const char *method; /* "GET" */
	const char *path;   /* without the query, decoded, no zero byte in it */
	const void *body;   /* NULL where len is 0 */
	size_t len;
	struct http_call *call;
};

struct http_options {
	int fd;            /* that listens; is closed with the rest */
	const char *token; /* every request must have it; NULL: none is needed */
	/* Answers, or keeps r->call and answers later; r itself lives for the call only.
	 */
	void (*handle)(void *ctx, const struct http_request *r);
	void *ctx;
	const struct log *log;
};

/* NULL (logged) if the system refuses. Nothing happens while nobody asks. */
struct http *http_new(struct event_base *base, const struct http_options *o);
void http_free(struct http *h); /* ends what is open; NULL is allowed */

/* A parameter of the query, or a header; NULL if it is not there. */
const char *http_query(const struct http_call *c, const char *name);
const char *http_header(const struct http_call *c, const char *name);

/* The answer; the call is over. `type` is its Content-Type. `allow` of http_error() is
 * the header Allow of a 405; field and allow may be NULL. */
void http_reply(
	struct http_call *c, int status, const char *type, const char *body, size_t len);
void http_error(struct http_call *c, int status, const char *field, const char *message,
	const char *remedy, const char *allow);

/* An answer in pieces. http_send() gives false when the reader is too slow: the call is
 * over then, and gone() is not told. */
void http_stream(struct http_call *c, const char *type);
bool http_send(struct http_call *c, const void *data, size_t len);

/* For a call that is kept: gone() when the client has closed, or the server ends; late()
 * (may be NULL) after so much real time. The call is over after gone(). */
void http_keep(struct http_call *c, void (*gone)(void *ctx), void (*late)(void *ctx),
	usec_t after, void *ctx);
