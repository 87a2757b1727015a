#include "host/field/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/twin.h"

#define QUIET MS(500) /* no more comes after this */

struct asker {
	struct respondent r;
	struct exchanges *parser;
	bool asks;   /* the next answer is wanted */
	bool broken; /* the last question was given up in the middle */
	struct exchange *got;
	/* a modem of ours */
	struct twin *twin;
	char *said;
	size_t len, cap;
};

static void take(void *ctx, const struct exchange *x)
{
	struct asker *a = ctx;

	if (!a->asks || a->got || !x->command[0])
		return;
	a->got = exchange_copy(x);
}

struct asker *asker_new(const struct respondent *r)
{
	struct asker *a = must(calloc(1, sizeof(*a)));

	a->r = *r;
	a->parser = exchanges_new(take, a);
	return a;
}

void asker_free(struct asker *a)
{
	if (!a)
		return;
	exchanges_free(a->parser);
	exchange_free(a->got);
	twin_free(a->twin);
	free(a->said);
	free(a);
}

/* ---- a modem of ours -------------------------------------------------------------- */

static void said(void *ctx, usec_t at, const void *buf, size_t len)
{
	struct asker *a = ctx;

	(void)at;
	if (a->len + len > a->cap) {
		a->cap = 2 * (a->len + len);
		a->said = must(realloc(a->said, a->cap));
	}
	memcpy(a->said + a->len, buf, len);
	a->len += len;
}

static bool twin_send(void *ctx, const void *buf, size_t len)
{
	twin_type(((struct asker *)ctx)->twin, buf, len);
	return true;
}

static ssize_t twin_hear(void *ctx, void *buf, size_t size, usec_t most)
{
	struct asker *a = ctx;
	usec_t end = twin_now(a->twin) + most, next;
	size_t n;

	while (!a->len && twin_now(a->twin) < end) {
		next = twin_next(a->twin);
		twin_advance(a->twin, next < end ? next : end);
	}
	n = a->len < size ? a->len : size;
	if (n)
		memcpy(buf, a->said, n);
	memmove(a->said, a->said + n, a->len - n);
	a->len -= n;
	return (ssize_t)n;
}

static usec_t twin_time(void *ctx)
{
	return twin_now(((struct asker *)ctx)->twin);
}

struct asker *asker_new_twin(const struct twin_options *o)
{
	struct respondent r = { .send = twin_send, .hear = twin_hear, .now = twin_time };
	struct twin_options own = *o;
	struct asker *a = asker_new(&r);

	a->r.ctx = a;
	own.said = said;
	own.ctx = a;
	a->said = must(malloc(1));
	a->cap = 1;
	a->twin = twin_new(&own);
	return a;
}

/* ---- asking ----------------------------------------------------------------------- */

/* Hears until the answer is complete; false: the modem has gone. */
static bool hear(struct asker *a, usec_t most)
{
	usec_t end = a->r.now(a->r.ctx) + most, now;
	char buf[1024];
	ssize_t n;

	while (!a->got && (now = a->r.now(a->r.ctx)) < end) {
		n = a->r.hear(a->r.ctx, buf, sizeof(buf), end - now);
		if (n < 0)
			return false;
		exchanges_bytes(a->parser, a->r.now(a->r.ctx), '<', buf, (size_t)n, 0);
	}
	return true;
}

static bool type(struct asker *a, const char *text)
{
	size_t len = strlen(text);

	exchanges_bytes(a->parser, a->r.now(a->r.ctx), '>', text, len, 0);
	return a->r.send(a->r.ctx, text, len);
}

/* What comes now is late; false: the modem has gone. */
static bool await_quiet(struct asker *a)
{
	char buf[1024];
	ssize_t n;

	exchanges_end(a->parser);
	while ((n = a->r.hear(a->r.ctx, buf, sizeof(buf), QUIET)) > 0)
		;
	return n == 0;
}

/* No answer has come: an empty line ends what still runs. */
static bool give_up(struct asker *a)
{
	exchanges_end(a->parser);
	return a->r.send(a->r.ctx, "\r", 1) && await_quiet(a);
}

struct exchange *asker_ask(struct asker *a, const char *command, usec_t most)
{
	struct exchange *got;
	char line[128];
	bool there;

	snprintf(line, sizeof(line), "%s\r", command);
	there = !a->broken || await_quiet(a);
	a->asks = true;
	there = there && type(a, line) && hear(a, most);
	if (there && !a->got)
		there = give_up(a);
	got = a->got;
	a->asks = false;
	a->got = NULL;
	a->broken = !there;
	if (there)
		return got;
	exchange_free(got);
	return NULL;
}
