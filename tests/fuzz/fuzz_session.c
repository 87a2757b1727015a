/* Exercises host/net/session_tasks.c and codec/mail.c: what a host has typed for a session,
 * zero-ended texts, becomes what libcurl is asked for. No text of it begins a line of its
 * own, and a URL leads to the session's server unless the host has named another one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/sessions_int.h"

#define TEXTS 10

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static void is_line(const char *text)
{
	for (; text && *text; text++)
		check((*text < 0 || *text >= ' ' || *text == '\t') && *text != 127);
}

static void are_lines(const char *const *texts)
{
	for (; texts && *texts; texts++)
		is_line(*texts);
}

/* Lines of a mail's head, and nothing after the empty one. */
static void is_head(const struct session_task *t, const struct socket_transfer *w)
{
	size_t lines = 2 + !!*w->to + !!*w->cc + !!*w->subject, n = 0, i;

	if (!t->head_len)
		return;
	check(t->head_len < sizeof(t->head) && strlen(t->head) == t->head_len);
	for (i = 0; i < t->head_len; i++)
		n += t->head[i] == '\n';
	check(n == lines && !strcmp(t->head + t->head_len - 4, "\r\n\r\n"));
}

static void is_task(const struct session_task *t, const struct session_end *e,
	const struct socket_transfer *w)
{
	static const char *const begins[] = { [SOCKET_FTP] = "ftp://s.test:21/",
		[SOCKET_HTTP] = "http://",
		[SOCKET_SMTP] = "smtp://s.test:21/localhost",
		[SOCKET_POP3] = "pop3://s.test:21/" };
	const char *p;

	check(strlen(t->url) < sizeof(t->url));
	check(e->kind == SOCKET_HTTP ||
		!strncmp(t->url, begins[e->kind], strlen(begins[e->kind])));
	check(e->kind != SOCKET_HTTP || w->name[0] != '/' ||
		!strncmp(t->url, "http://s.test:21/", 17));
	for (p = t->url; *p; p++)
		check(*p > ' ' && *p < 127);
	is_line(t->curl.method);
	is_line(t->curl.command);
	is_line(t->curl.sender);
	are_lines(t->curl.headers);
	are_lines(t->curl.recipients);
	check(t->n_to + t->n_cc <= t->n_recipients);
	is_head(t, w);
}

/* The next text; those that are missing are empty. */
static const char *next(const uint8_t **p, const uint8_t *end, char *out)
{
	size_t len = 0;

	while (*p < end && **p && len < SOCKET_TEXT - 1)
		out[len++] = (char)*(*p)++;
	while (*p < end && **p)
		(*p)++;
	*p += *p < end;
	out[len] = '\0';
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct session_task t;
	struct session_end e = {
		.host = "s.test", .port = 21, .proxy = "127.0.0.1:3128"
	};
	struct socket_transfer w;
	char text[TEXTS][SOCKET_TEXT];
	const uint8_t *end = data + size;
	size_t i;

	if (size < 3)
		return 0;
	e.kind = (enum socket_kind)(SOCKET_FTP + data[0] % 4);
	w = (struct socket_transfer){ .deed = (enum socket_deed)(data[1] % 6),
		.mode = data[2] & 7,
		.passive = data[2] & 8,
		.type = data[2] & 16 ? 'A' : 'I' };
	data += 3;
	for (i = 0; i < TEXTS; i++)
		next(&data, end, text[i]);
	w.name = text[0];
	w.user = text[1];
	w.password = text[2];
	w.headers = text[3];
	w.from = text[4];
	w.from_name = text[5];
	w.to = text[6];
	w.cc = text[7];
	w.bcc = text[8];
	w.subject = text[9];
	if (!session_task_make(&t, &e, &w))
		is_task(&t, &e, &w);
	return 0;
}
