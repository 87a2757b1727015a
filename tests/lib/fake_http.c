#include "fake_http.h"

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/control/api.h"

struct http_call {
	struct fake_answer answer;
	const char *query, *header;
	char value[64];
	void (*gone)(void *ctx);
	void (*late)(void *ctx);
	void *ctx;
};

static struct http_call call;

const char *http_query(const struct http_call *c, const char *name)
{
	struct http_call *own = (struct http_call *)c;
	size_t len = strlen(name);
	const char *p = c->query;

	for (; p; p = strchr(p, '&') ? strchr(p, '&') + 1 : NULL) {
		if (strncmp(p, name, len) != 0 || p[len] != '=')
			continue;
		snprintf(own->value, sizeof(own->value), "%.*s",
			(int)strcspn(p + len + 1, "&"), p + len + 1);
		return own->value;
	}
	return NULL;
}

const char *http_header(const struct http_call *c, const char *name)
{
	(void)name;
	return c->header;
}

static const void *marked;
static uint64_t mark;

void http_mark(struct http_call *c, const void *key, uint64_t number)
{
	(void)c;
	marked = key;
	mark = number;
}

uint64_t http_marked(const struct http_call *c, const void *key)
{
	(void)c;
	return marked == key ? mark : 0;
}

void fake_other_client(void)
{
	marked = NULL;
}

static void append(struct http_call *c, const void *data, size_t len)
{
	c->answer.body = realloc(c->answer.body, c->answer.len + len + 1);
	assert(c->answer.body);
	memcpy(c->answer.body + c->answer.len, data, len);
	c->answer.len += len;
	c->answer.body[c->answer.len] = '\0';
}

void http_reply(
	struct http_call *c, int status, const char *type, const char *body, size_t len)
{
	assert(!c->answer.status && !c->answer.stream);
	c->answer.status = status;
	c->answer.kept = false;
	snprintf(c->answer.type, sizeof(c->answer.type), "%s", type);
	append(c, body, len);
}

void http_reply_static(
	struct http_call *c, const char *type, const char *body, size_t len)
{
	http_reply(c, 200, type, body, len);
}

void http_error(struct http_call *c, int status, const char *field, const char *message,
	const char *remedy, const char *allow)
{
	json_t *j = json_pack("{s:{s:s?,s:s,s:s,s:s?}}", "error", "field", field,
		"message", message, "remedy", remedy, "allow", allow);
	char *text = json_dumps(j, 0);

	http_reply(c, status, "application/json", text, strlen(text));
	free(text);
	json_decref(j);
}

void http_stream(struct http_call *c, const char *type)
{
	assert(!c->answer.status && !c->answer.stream);
	c->answer.stream = true;
	c->answer.status = 200;
	snprintf(c->answer.type, sizeof(c->answer.type), "%s", type);
	append(c, "", 0);
}

bool http_send(struct http_call *c, const void *data, size_t len)
{
	assert(c->answer.stream && c->answer.kept);
	if (c->answer.slow) {
		c->answer.kept = false;
		return false;
	}
	append(c, data, len);
	return true;
}

void http_keep(struct http_call *c, void (*gone)(void *ctx), void (*late)(void *ctx),
	usec_t after, void *ctx)
{
	(void)after;
	c->answer.kept = true;
	c->gone = gone;
	c->late = late;
	c->ctx = ctx;
}

void http_later(struct http_call *c, usec_t after)
{
	(void)after;
	assert(c->answer.kept && c->late);
}

struct fake_answer *fake_ask(struct api *a, const char *method, const char *path,
	const char *query, const char *body, size_t len, const char *header)
{
	const struct http_request r = { method, path, body, len, &call };

	fake_close();
	free(call.answer.body);
	call = (struct http_call){ .query = query, .header = header };
	api_handle(a, &r);
	assert(call.answer.status || call.answer.kept);
	return &call.answer;
}

void fake_close(void)
{
	if (!call.answer.kept)
		return;
	call.answer.kept = false;
	call.gone(call.ctx);
}

void fake_late(void)
{
	assert(call.answer.kept && call.late);
	call.late(call.ctx);
}
