/* Between the files of the HTTP server: a connection and its request. */
#pragma once

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "host/control/http.h"
#include "host/control/http_head.h"

enum conn_state {
	CONN_HEAD,   /* the head of a request is read */
	CONN_BODY,   /* allowed; its body is read */
	CONN_ANSWER, /* it is being answered: nothing is read */
	CONN_STREAM, /* the same, in pieces */
	CONN_FLUSH,  /* the answer goes out, then the next request or the end */
	CONN_LINGER, /* it has gone out: what still comes is thrown away */
};

struct http_call {
	struct http_conn *conn;
	void (*gone)(void *ctx);
	void (*on_late)(void *ctx);
	void *ctx;
	struct event *late, *closed;
};

struct mark {
	struct mark *next;
	const void *key;
	uint64_t number;
};

struct http_conn {
	struct http *http;
	struct http_conn *next, **where;
	struct bufferevent *b;
	struct event *turn; /* goes on in a later turn of the loop */
	enum conn_state state;
	char text[HTTP_HEAD_MAX + 1];
	struct http_head head;
	struct evbuffer *body; /* as it is decoded; NULL: none */
	struct http_call call;
	struct mark *marks;
	size_t counted; /* of http->out */
	bool dropped;   /* to be freed in its turn */
	bool unread;    /* the request was refused before all of it had come */
	size_t thrown;  /* bytes while it lingers */
};

struct http {
	struct event_base *base;
	struct http_options o;
	char *token;
	struct event *accept, *accept_again;
	struct http_conn *conns;
	size_t n;
	size_t out;    /* bytes that wait to go */
	size_t most;   /* descriptors that may be open */
	bool refusing; /* and it has been said */
};

/* Frees it, and calls gone() of a call that is kept. */
void http_conn_free(struct http_conn *c);

/* Goes on in a later turn of the loop. */
void http_conn_soon(struct http_conn *c);

/* So many bytes of it wait to go. */
void http_conn_count(struct http_conn *c, size_t len);

/* Answers with an error; more: header lines with their ends. */
void http_conn_error(struct http_conn *c, int status, const char *field,
	const char *message, const char *remedy, const char *more);

/* http_read.c: what comes in, for libevent. */
void http_conn_turn(evutil_socket_t fd, short what, void *conn);
void http_conn_read(struct bufferevent *b, void *conn);
void http_conn_written(struct bufferevent *b, void *conn);
void http_conn_event(struct bufferevent *b, short what, void *conn);
