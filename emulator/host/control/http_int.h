/* Shared by the files of the HTTP server: a connection and its request. */
#pragma once

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "host/control/http.h"
#include "host/control/http_head.h"

enum conn_state {
	CONN_HEAD,   /* reads the head of a request */
	CONN_BODY,   /* the request is allowed; reads its body */
	CONN_ANSWER, /* the handler answers; reads nothing */
	CONN_STREAM, /* the same, with an answer in pieces */
	CONN_FLUSH,  /* sends the answer; then the next request or the end */
	CONN_LINGER, /* the answer is sent; discards what still comes */
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
	struct event *turn; /* continues in a later turn of the loop */
	enum conn_state state;
	char text[HTTP_HEAD_MAX + 1];
	struct http_head head;
	struct evbuffer *body; /* decoded; NULL: no body */
	struct http_call call;
	struct mark *marks;
	size_t counted; /* its part of http->out */
	bool dropped;   /* free it in its next turn */
	bool unread;    /* the request was refused before it had come completely */
	size_t thrown;  /* bytes discarded in CONN_LINGER */
};

struct http {
	struct event_base *base;
	struct http_options o;
	char *token;
	struct event *accept, *accept_again;
	struct http_conn *conns;
	size_t n;
	size_t out;    /* bytes that wait to be sent */
	size_t most;   /* descriptors from this number on are not for clients */
	bool refusing; /* connections are refused, and this was logged */
};

/* Frees the connection, and calls gone() if its call is kept. */
void http_conn_free(struct http_conn *c);

/* Continues with the connection in a later turn of the loop. */
void http_conn_soon(struct http_conn *c);

/* Records how many bytes of the connection wait to be sent. */
void http_conn_count(struct http_conn *c, size_t len);

/* Answers with an error; more: further header lines with their line ends. */
void http_conn_error(struct http_conn *c, int status, const char *field,
	const char *message, const char *remedy, const char *more);

/* http_read.c: libevent's callbacks. */
void http_conn_turn(evutil_socket_t fd, short what, void *conn);
void http_conn_read(struct bufferevent *b, void *conn);
void http_conn_written(struct bufferevent *b, void *conn);
void http_conn_event(struct bufferevent *b, short what, void *conn);
