/* What a session asks of libcurl. Everything that a host has typed is checked here: a
 * control character in a name, a header or an address is refused, never passed on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/mail.h"
#include "host/net/sessions_int.h"

enum {
	ERROR_VALUE = 801,
	ERROR_STATE = 831,
	ERROR_PROTOCOL = 837,
	ERROR_CHANNEL = 839,
	ERROR_SENDER = 880,
	ERROR_RECIPIENT = 881,
};

/* <mode> of HTTP; inferred but for the first. */
static const struct {
	int mode;
	const char *method;
	bool upload;
} http_modes[] = {
	{ 1, "GET", false },
	{ 2, "POST", true },
	{ 3, "DELETE", false },
	{ 4, "HEAD", false },
	{ 5, "PUT", true },
};

/* ---- texts --------------------------------------------------------------------------- */

/* A copy that lives as long as the task; NULL: no room. */
static char *keep(struct session_task *t, const char *text, size_t len)
{
	char *copy = t->texts + t->used;

	if (len + 2 > sizeof(t->texts) - t->used) /* one more for a caller */
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	t->used += len + 2;
	return copy;
}

static bool add_text(struct session_task *t, const char *text, size_t len)
{
	char *copy = t->n_headers < TASK_HEADERS ? keep(t, text, len) : NULL;

	if (copy)
		t->headers[t->n_headers++] = copy;
	t->curl.headers = t->headers;
	return copy;
}

/* Appends to the URL; octets in `escaped`, and those that no URL has, as %XX. */
static bool add_url(struct session_task *t, const char *text, const char *escaped)
{
	size_t len = strlen(t->url);
	unsigned char c;

	for (; *text; text++) {
		if (len + 4 > sizeof(t->url))
			return false;
		c = (unsigned char)*text;
		if (c <= ' ' || c >= 127 || strchr("\"<>\\^`{|}", c) ||
			strchr(escaped, c))
			len += (size_t)sprintf(t->url + len, "%%%02X", c);
		else
			t->url[len++] = *text;
		t->url[len] = '\0';
	}
	return true;
}

static void begin_url(
	struct session_task *t, const char *protocol, const struct session_end *e)
{
	snprintf(t->url, sizeof(t->url), "%s://%s:%u", protocol, e->host, e->port);
	t->curl.url = t->url;
}

static void begin(struct session_task *t)
{
	memset(t, 0, sizeof(*t));
	t->curl.size = -1;
}

/* ---- FTP ----------------------------------------------------------------------------- */

static int make_ftp(struct session_task *t, const struct session_end *e,
	const struct socket_transfer *what)
{
	size_t len = strlen(what->name);

	begin_url(t, "ftp", e);
	if (!add_url(t, "/", ""))
		return ERROR_VALUE;
	if (what->deed == DEED_DELETE) {
		snprintf(t->method, sizeof(t->method), "DELE %s", what->name);
		t->curl.command = t->method;
		t->curl.no_body = true;
		return len ? 0 : ERROR_VALUE;
	}
	if (!what->passive)
		return ERROR_CHANNEL;
	if (what->deed == DEED_LIST) {
		snprintf(t->method, sizeof(t->method), len ? "LIST %s" : "LIST",
			what->name);
		t->curl.method = t->method;
		return 0;
	}
	/* libcurl would list what ends in a slash */
	if (!len || what->name[len - 1] == '/' || !add_url(t, what->name, "%;?#"))
		return ERROR_VALUE;
	t->curl.text = what->type == 'A';
	t->curl.append = what->deed == DEED_APPEND;
	t->curl.upload = what->deed == DEED_PUT || t->curl.append;
	return 0;
}

/* ---- HTTP ---------------------------------------------------------------------------- */

static bool is_token(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] >= 127 ||
			strchr("\"(),/:;<=>?@[\\]{}", text[i]))
			return false;
	return len;
}

static bool is_named(const char *line, size_t len, const char *name)
{
	return strlen(name) == len && !strncasecmp(line, name, len);
}

/* "Name: value" without its end. libcurl drops a header without a value, unless it is
 * written with a semicolon. */
static bool add_header(struct session_task *t, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	const char *end = line + len, *value;
	size_t name_len;

	if (!colon || !is_token(line, (size_t)(colon - line)))
		return false;
	name_len = (size_t)(colon - line);
	for (value = colon + 1; value < end && *value == ' ';)
		value++;
	if (is_named(line, name_len, "Content-Length")) {
		t->curl.size = strtoll(value, NULL, 10);
		return value < end && *value >= '0' && *value <= '9';
	}
	if (value < end)
		return add_text(t, line, len);
	if (!add_text(t, line, name_len))
		return false;
	strcat((char *)t->headers[t->n_headers - 1], ";");
	return true;
}

static bool has_header(const char *headers, const char *name)
{
	size_t len = strlen(name);

	while (headers && *headers) {
		if (!strncasecmp(headers, name, len) && headers[len] == ':')
			return true;
		headers = strchr(headers, '\n');
		headers = headers ? headers + 1 : NULL;
	}
	return false;
}

static bool add_headers(struct session_task *t, const char *headers)
{
	static const char *const own[] = { "Expect", "Content-Type", "User-Agent", NULL };
	const char *all = headers;
	char none[32];
	size_t len, i;

	for (; *headers; headers += len + (headers[len] == '\n')) {
		len = strcspn(headers, "\n");
		if (len && !add_header(t, headers, len))
			return false;
	}
	/* what libcurl would add by itself */
	for (i = 0; own[i]; i++) {
		snprintf(none, sizeof(none), "%s:", own[i]);
		if (!has_header(all, own[i]) && !add_text(t, none, strlen(none)))
			return false;
	}
	return true;
}

/* A path belongs to the host of the session; anything else names its own. */
static int http_url(struct session_task *t, const struct session_end *e, const char *name)
{
	const size_t scheme = strcspn(name, ":/");
	const bool has_scheme = !strncmp(name + scheme, "://", 3);

	t->curl.url = t->url;
	if (name[0] == '/') {
		begin_url(t, "http", e);
		return !e->host[0] ? ERROR_STATE : add_url(t, name, "") ? 0 : ERROR_VALUE;
	}
	if (has_scheme && !is_named(name, scheme, "http"))
		return ERROR_PROTOCOL;
	if (e->proxy[0])
		t->curl.proxy = e->proxy;
	if (!has_scheme)
		strcpy(t->url, "http://");
	return *name && add_url(t, name, "") ? 0 : ERROR_VALUE;
}

static int make_http(struct session_task *t, const struct session_end *e,
	const struct socket_transfer *what)
{
	int error = http_url(t, e, what->name);
	size_t i;

	for (i = 0; i < sizeof(http_modes) / sizeof(http_modes[0]); i++)
		if (http_modes[i].mode == what->mode)
			break;
	if (i == sizeof(http_modes) / sizeof(http_modes[0]))
		return ERROR_VALUE;
	if (!error && !add_headers(t, what->headers))
		error = ERROR_VALUE;
	t->curl.upload = http_modes[i].upload;
	t->curl.post = t->curl.upload && !strcmp(http_modes[i].method, "POST");
	t->curl.no_body = !strcmp(http_modes[i].method, "HEAD");
	if (!t->curl.upload && !t->curl.no_body && what->mode != 1)
		t->curl.method = http_modes[i].method;
	t->curl.user = what->user;
	t->curl.password = what->password;
	/* what was uploaded is gone and cannot be sent again */
	t->curl.redirects = t->curl.upload ? 0 : what->redirects;
	return error;
}

/* ---- mail ---------------------------------------------------------------------------- */

/* Adds the addresses of a list; false: one is wrong, or there are too many. */
static bool add_recipients(struct session_task *t, const char *list)
{
	char one[SOCKET_TEXT];
	char *copy;

	while ((list = mail_address(list, one, sizeof(one)))) {
		copy = *one && t->n_recipients < TASK_RECEIVE ? keep(t, one, strlen(one))
							      : NULL;
		if (!copy)
			return false;
		t->recipients[t->n_recipients++] = copy;
	}
	t->curl.recipients = t->recipients;
	return true;
}

static int make_smtp(struct session_task *t, const struct session_end *e,
	const struct socket_transfer *what)
{
	const struct mail m = { what->from, what->from_name, what->to, what->cc,
		what->subject };
	const char *rest = mail_address(what->from, t->sender, sizeof(t->sender));

	begin_url(t, "smtp", e);
	add_url(t, "/localhost", ""); /* of EHLO */
	if (!rest || !t->sender[0] || rest[strspn(rest, " ,;")])
		return ERROR_SENDER;
	t->curl.sender = t->sender;
	if (!add_recipients(t, what->to))
		return ERROR_RECIPIENT;
	t->n_to = t->n_recipients;
	if (!add_recipients(t, what->cc))
		return ERROR_RECIPIENT + 1;
	t->n_cc = t->n_recipients - t->n_to;
	if (!add_recipients(t, what->bcc))
		return ERROR_RECIPIENT + 2;
	if (!t->n_recipients)
		return ERROR_RECIPIENT;
	t->head_len = mail_head(&m, t->head, sizeof(t->head));
	t->curl.upload = true;
	return t->head_len ? 0 : ERROR_VALUE;
}

static int make_pop3(struct session_task *t, const struct session_end *e,
	const struct socket_transfer *what)
{
	size_t len = strlen(what->name);

	begin_url(t, "pop3", e);
	add_url(t, "/", "");
	if (what->deed == DEED_LIST && !len)
		return 0;
	if (!len || len > 9 || strspn(what->name, "0123456789") != len ||
		!add_url(t, what->name, ""))
		return ERROR_VALUE;
	if (what->deed == DEED_GET)
		return 0;
	t->curl.method = what->deed == DEED_DELETE ? "DELE" : "LIST";
	t->curl.no_body = true;
	return 0;
}

/* ---- entries ------------------------------------------------------------------------- */

void session_task_login(struct session_task *t, const struct session_end *e)
{
	begin(t);
	begin_url(t,
		e->kind == SOCKET_FTP    ? "ftp"
		: e->kind == SOCKET_SMTP ? "smtp"
					 : "pop3",
		e);
	/* each does nothing but prove that the session is there */
	add_url(t, e->kind == SOCKET_SMTP ? "/localhost" : "/", "");
	t->curl.no_body = true;
	if (e->kind != SOCKET_FTP)
		t->curl.method = e->kind == SOCKET_SMTP ? "NOOP" : "STAT";
}

static bool has_control(const struct socket_transfer *w)
{
	const char *const texts[] = { w->name, w->user, w->password, w->from,
		w->from_name, w->to, w->cc, w->bcc, w->subject };
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (mail_has_control(texts[i]))
			return true;
	for (p = w->headers; *p; p++)
		if ((*p > 0 && *p < ' ' && *p != '\n' && *p != '\t') || *p == 127)
			return true;
	return false;
}

int session_task_make(struct session_task *t, const struct session_end *e,
	const struct socket_transfer *what)
{
	begin(t);
	if (has_control(what))
		return ERROR_VALUE;
	switch (e->kind) {
	case SOCKET_FTP:
		return make_ftp(t, e, what);
	case SOCKET_HTTP:
		return make_http(t, e, what);
	case SOCKET_SMTP:
		return make_smtp(t, e, what);
	case SOCKET_POP3:
		return make_pop3(t, e, what);
	case SOCKET_UDP:
	case SOCKET_TCP:
	case SOCKET_SERVER:
		break;
	}
	return ERROR_PROTOCOL;
}
