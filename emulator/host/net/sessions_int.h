/* Shared by sessions.c, session_tasks.c and session_errors.c. */
#pragma once

#include "host/net/sessions.h"

#define TASK_URL     (4 * SOCKET_TEXT)
#define TASK_HEADERS 32
#define TASK_RECEIVE 64 /* recipients of a mail */
#define TASK_HEAD    (8 * SOCKET_TEXT)
#define ROUTE_TEXT   (SOCKET_HOST + 32)

/* Where a session leads. */
struct session_end {
	enum socket_kind kind;
	char host[SOCKET_HOST]; /* a name that is known here, or any; "": HTTP without */
	uint16_t port;
	char proxy[ROUTE_TEXT]; /* HTTP: ADDRESS:PORT of that host; "": none */
};

/* A task of libcurl with the texts that it points to. */
struct session_task {
	struct curl_task curl;
	char url[TASK_URL], method[SOCKET_TEXT + 8], sender[SOCKET_TEXT];
	char texts[4 * SOCKET_TEXT]; /* of the lists */
	size_t used;
	const char *headers[TASK_HEADERS + 1];
	const char *recipients[TASK_RECEIVE + 1];
	size_t n_headers, n_recipients, n_to, n_cc;
	char head[TASK_HEAD]; /* of a mail: the first octets of the upload */
	size_t head_len;
};

/* session_tasks.c: connects and logs in; not for HTTP. */
void session_task_login(struct session_task *t, const struct session_end *e);
/* A transfer. Returns 0, or the code of an error if it cannot be asked for. */
int session_task_make(struct session_task *t, const struct session_end *e,
	const struct socket_transfer *what);

/* session_errors.c: why there is no session, */
enum socket_end session_why(enum socket_kind kind, const struct curl_outcome *o);
/* what the modem says of a transfer: 0 or 801 to 884, */
int session_error(enum socket_kind kind, const struct session_task *t,
	const struct curl_outcome *o);
/* and what the server has said, whose text is in o. */
void session_said(
	enum socket_kind kind, const struct curl_outcome *o, struct socket_result *out);
