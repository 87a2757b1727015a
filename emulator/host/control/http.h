/* HTTP/1.1 on libevent's bufferevents. Requests come whole; answers are given at once,
 * later, or as a stream. What HTTP asks of every request is judged before its body is
 * read (http_head.h): sizes, Host, Origin, the token. Errors are JSON:
 *
 *   { "error": { "field": "timeout", "message": "what is wrong", "remedy": "do this" } }
 *
 * Clients cost a bounded amount: so much memory each and in all, so many of them, and a
 * share of the loop that leaves the ports their time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/usec.h"

#define HTTP_CONNECTIONS  256        /* one more gets a 503 and is closed */
#define HTTP_BODY_MAX     65536      /* bytes of a request's body */
#define HTTP_STREAM_MAX   262144     /* that wait for a reader; then it is dropped */
#define HTTP_MEMORY_MAX   (64 << 20) /* of all that has come and waits to go */
#define HTTP_FILES_SPARED 64         /* descriptors left to records and ports */

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

/* A parameter of the query (decoded), or a header; NULL if it is not there. */
const char *http_query(const struct http_call *c, const char *name);
const char *http_header(const struct http_call *c, const char *name);

/* A number that the connection remembers for `key`, for its later requests; 0: none. */
void http_mark(struct http_call *c, const void *key, uint64_t number);
uint64_t http_marked(const struct http_call *c, const void *key);

/* The answer; the call is over. `type` is its Content-Type. */
void http_reply(
	struct http_call *c, int status, const char *type, const char *body, size_t len);

/* The same with status 200 for a body that outlives the server: it is not copied. */
void http_reply_static(
	struct http_call *c, const char *type, const char *body, size_t len);

/* `allow` is the header Allow of a 405; field and allow may be NULL. Texts are UTF-8. */
void http_error(struct http_call *c, int status, const char *field, const char *message,
	const char *remedy, const char *allow);

/* An answer in pieces. http_send() returns false when more than HTTP_STREAM_MAX would
 * wait for the reader: the call is over then, and gone() is not called. */
void http_stream(struct http_call *c, const char *type);
bool http_send(struct http_call *c, const void *data, size_t len);

/* For a call that is kept: gone() when the client has closed, or the server ends; late()
 * (may be NULL) after so much real time. The call is over after gone(). A client that has
 * only shut down its sending half still gets its answer. */
void http_keep(struct http_call *c, void (*gone)(void *ctx), void (*late)(void *ctx),
	usec_t after, void *ctx);
