/* What servers and libcurl say, as codes of WIPsoft (wip.md WIP error codes). */
#include <stdlib.h>
#include <string.h>

#include "host/net/sessions_int.h"

enum {
	ERROR_VALUE = 801,
	ERROR_CHANNEL = 839,
	ERROR_PEER_CLOSED = 841,
	ERROR_UNREACHABLE = 842,
	ERROR_RESET = 843,
	ERROR_INTERNAL = 860,
	ERROR_USER = 861,
	ERROR_PASSWORD = 862,
	ERROR_DELETE = 863,
	ERROR_LIST = 864,
	ERROR_AUTHENTICATION = 865,
	ERROR_NOT_READY = 866,
	ERROR_RETRIEVE = 867,
	ERROR_SENDER = 880,
	ERROR_RECIPIENT = 881,
	ERROR_CC = 882,
	ERROR_BCC = 883,
	ERROR_BODY = 884,
};

static bool is(const struct curl_outcome *o, const char *command)
{
	return !strcmp(o->command, command);
}

/* 421 of FTP and SMTP. */
static bool not_ready(const struct curl_outcome *o)
{
	return !strncmp(o->said, "421", 3);
}

enum socket_end session_why(enum socket_kind kind, const struct curl_outcome *o)
{
	switch (o->end) {
	case CURL_END_NO_NAME:
		return SOCKET_NO_NAME;
	case CURL_END_REFUSED:
		return SOCKET_REFUSED;
	case CURL_END_LOGIN:
		return is(o, "USER") ? SOCKET_LOGIN_USER : SOCKET_LOGIN;
	case CURL_END_CUT:
		return not_ready(o) ? SOCKET_NOT_READY : SOCKET_SHUT;
	case CURL_END_SAID:
		return kind != SOCKET_HTTP && (is(o, "PASS") || is(o, "AUTH"))
			       ? SOCKET_LOGIN
			       : SOCKET_NOT_READY;
	case CURL_END_DONE:
	case CURL_END_CLOSED:
	case CURL_END_UNREACHABLE:
	case CURL_END_WRONG:
		break;
	}
	return SOCKET_UNREACHABLE;
}

static int ftp_error(const struct curl_outcome *o)
{
	return is(o, "DELE") ? ERROR_DELETE : is(o, "LIST") ? ERROR_LIST : ERROR_INTERNAL;
}

static int pop3_error(const struct curl_outcome *o)
{
	return is(o, "RETR")   ? ERROR_RETRIEVE
	       : is(o, "DELE") ? ERROR_DELETE
	       : is(o, "LIST") ? ERROR_LIST
			       : ERROR_AUTHENTICATION;
}

static int smtp_error(const struct session_task *t, const struct curl_outcome *o)
{
	if (is(o, "MAIL"))
		return ERROR_SENDER;
	if (is(o, "RCPT"))
		return o->recipients <= t->n_to             ? ERROR_RECIPIENT
		       : o->recipients <= t->n_to + t->n_cc ? ERROR_CC
							    : ERROR_BCC;
	return is(o, "DATA") ? ERROR_BODY : ERROR_AUTHENTICATION;
}

static int said_error(
	enum socket_kind kind, const struct session_task *t, const struct curl_outcome *o)
{
	if (not_ready(o))
		return ERROR_NOT_READY;
	return kind == SOCKET_FTP    ? ftp_error(o)
	       : kind == SOCKET_POP3 ? pop3_error(o)
	       : kind == SOCKET_SMTP ? smtp_error(t, o)
				     : ERROR_INTERNAL;
}

int session_error(
	enum socket_kind kind, const struct session_task *t, const struct curl_outcome *o)
{
	switch (o->end) {
	case CURL_END_DONE:
		return 0;
	case CURL_END_CLOSED:
		return is(o, "PASV") ? ERROR_CHANNEL : ERROR_UNREACHABLE;
	case CURL_END_NO_NAME:
	case CURL_END_UNREACHABLE:
		return ERROR_UNREACHABLE;
	case CURL_END_REFUSED:
		return ERROR_RESET;
	case CURL_END_LOGIN:
		return is(o, "USER") ? ERROR_USER : ERROR_PASSWORD;
	case CURL_END_CUT:
		return ERROR_PEER_CLOSED;
	case CURL_END_WRONG:
		return ERROR_VALUE;
	case CURL_END_SAID:
		break;
	}
	return said_error(kind, t, o);
}

/* "HTTP/1.1 200 OK", "226 Transfer complete.", "+OK 2 320". */
void session_said(
	enum socket_kind kind, const struct curl_outcome *o, struct socket_result *out)
{
	const char *said = o->said, *space;

	if (kind == SOCKET_HTTP) {
		space = strchr(said, ' ');
		said = space ? space + 1 : "";
	}
	out->status = kind == SOCKET_POP3 ? 0 : atoi(said);
	out->reason = said;
	if (out->status && strlen(said) > 3)
		out->reason = said + 4;
	else if (out->status)
		out->reason = "";
	out->size = o->size;
}
