/* HTTP/1.1 on libevent's bufferevents. The handler gets whole requests, and answers at
 * once, later, or with a stream. The rules for every request (sizes, Host, Origin, token)
 * are checked before its body is read (http_head.h). Errors are JSON:
 *
 *   { "error": { "field": "timeout", "message": "what is wrong", "remedy": "do this" } }
 *
 * The cost of clients is bounded: their number, their memory each and in all, and their
 * share of the loop, which leaves the ports their time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/usec.h"

#define HTTP_CONNECTIONS  256        /* any further one gets a 503 and is closed */
#define HTTP_BODY_MAX     65536      /* bytes of a request's body */
#define HTTP_STREAM_MAX   262144     /* bytes waiting for a reader; more drop it */
#define HTTP_MEMORY_MAX   (64 << 20) /* bytes received, or waiting to be sent */
#define HTTP_FILES_SPARED 64         /* descriptors reserved for records and ports */

struct event_base;
struct http;
struct http_call; /* a request that is not yet answered */

struct http_request {
	const char *method; /* "GET" */
	const char *path;   /* without the query, decoded, no zero byte in it */
	const void *body;   /* NULL where len is 0 */
	size_t len;
	struct http_call *call;
};

struct http_options {
	int fd;            /* listens; http_free() closes it */
	const char *token; /* every request must send it; NULL: no token is needed */
	/* For web browsers. port, if not 0: a request must have this machine with that port
	 * as its Host, and its Origin, if any, must be the same (a page of another site
	 * whose name leads here is refused). Paths for which is_open() is true need no
	 * token. headers: more lines for every answer, each with \r\n. */
	unsigned port;
	bool (*is_open)(const char *path);
	const char *headers;
	/* Answers, or keeps r->call and answers later; r is valid only during the call.
	 */
	void (*handle)(void *ctx, const struct http_request *r);
	void *ctx;
	const struct log *log;
};

/* NULL (logged) if the system refuses. Without requests the server does nothing. */
struct http *http_new(struct event_base *base, const struct http_options *o);
void http_free(struct http *h); /* closes all connections; NULL is allowed */

/* A parameter of the query (decoded), or a header; NULL if it is missing. */
const char *http_query(const struct http_call *c, const char *name);
const char *http_header(const struct http_call *c, const char *name);

/* A number that the connection remembers by `key` for its later requests; 0: not set. */
void http_mark(struct http_call *c, const void *key, uint64_t number);
uint64_t http_marked(const struct http_call *c, const void *key);

/* Answers and ends the call. `type` is the Content-Type. */
void http_reply(
	struct http_call *c, int status, const char *type, const char *body, size_t len);

/* The same with status 200, without copying the body, which must outlive the server. */
void http_reply_static(
	struct http_call *c, const char *type, const char *body, size_t len);

/* `allow` is the header Allow of a 405; field and allow may be NULL. Texts are UTF-8. */
void http_error(struct http_call *c, int status, const char *field, const char *message,
	const char *remedy, const char *allow);

/* Answers in pieces. http_send() returns false when more than HTTP_STREAM_MAX bytes would
 * wait for the reader: then the call has ended, and gone() is not called. */
void http_stream(struct http_call *c, const char *type);
bool http_send(struct http_call *c, const void *data, size_t len);

/* For a call that is kept: gone() is called when the client has closed or the server
 * ends, late() (may be NULL) after so much
 * real time (USEC_NEVER: only as http_later() says). gone() ends the call. A client that
 * has only shut down its sending half still gets its answer. */
void http_keep(struct http_call *c, void (*gone)(void *ctx), void (*late)(void *ctx),
	usec_t after, void *ctx);

/* Has late() of a call that is kept called after so much real time from now on. */
void http_later(struct http_call *c, usec_t after);
