/* The head of an HTTP/1.1 request (RFC 9112): parses and checks it as text, without input
 * or output. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEAD_MAX 16384 /* bytes of request line and header fields */
#define HTTP_FIELDS   64    /* header fields, and parameters of a query */

struct http_field {
	const char *name, *value;
};

struct http_head {
	const char *method;
	char *path; /* decoded: UTF-8 without a zero byte */
	struct http_field field[HTTP_FIELDS], query[HTTP_FIELDS];
	size_t n_fields, n_queries;
	size_t length; /* bytes of the body; 0 where it is chunked */
	bool chunked;
	bool old;    /* HTTP/1.0: an answer in pieces ends with the connection */
	bool keep;   /* the connection may serve another request */
	bool expect; /* the client waits for "100 Continue" before it sends the body */
};

/* Why a request is refused. Texts are constant or lie in `mem`. */
struct http_refusal {
	int status;
	const char *field, *message, *remedy; /* field may be NULL */
	char mem[160];
};

/* Parses a head of len bytes at text, including its empty line. Cuts the text into
 * pieces, which out points to: text must outlive out, and have room for one more byte at
 * its end. False: refused, and why is set. */
bool http_head_parse(
	struct http_head *out, char *text, size_t len, struct http_refusal *why);

/* Whether this request may be served: Host and Origin are this machine (foreign web pages
 * must not reach the server through a browser), the token (NULL: not needed) is right,
 * the body is JSON and not longer than `most`. */
bool http_head_allowed(const struct http_head *h, const char *token, size_t most,
	struct http_refusal *why);

/* The same for a server that pages of its own use, at this port: Host must be there and have
 * the port, and an Origin must be http:// with that very Host; pages of other sites may only
 * lead to what is open to all. */
bool http_head_own(
	const struct http_head *h, unsigned port, bool open, struct http_refusal *why);

/* A header field by its name (case does not matter), or a parameter of the query; NULL if
 * it is missing. */
const char *http_head_field(const struct http_head *h, const char *name);
const char *http_head_query(const struct http_head *h, const char *name);

/* The offset of the first byte that is not UTF-8; len if there is none. */
size_t http_utf8_until(const char *text, size_t len);
