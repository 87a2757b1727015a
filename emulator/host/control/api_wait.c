/* POST .../wait: answered once all conditions hold, or after the timeout. */
#include <stdio.h>
#include <stdlib.h>

#include "conf/must.h"
#include "host/control/api_int.h"

struct waiter {
	struct waiter *next, **where;
	struct api_modem *modem;
	struct http_call *http;
	struct wait wait;
};

static void end(struct waiter *w)
{
	*w->where = w->next;
	if (w->next)
		w->next->where = w->where;
	free(w);
}

static void on_gone(void *ctx)
{
	end(ctx);
}

/* Answers 200 with the current event id and time. */
static void met(struct api_call *c)
{
	const struct api_modem *m = c->modem;

	api_answer(c, 200,
		json_pack("{s:b,s:I,s:I}", "met", 1, "event",
			(json_int_t)journal_last(m->journal), "at",
			(json_int_t)wire_now(m->wire)));
}

static void on_late(void *ctx)
{
	struct waiter *w = ctx;
	struct api_call c = { .api = w->modem->api, .http = w->http, .modem = w->modem };
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	must(f);
	fputs("timed out: ", f);
	wait_explain(&w->wait, wire_modem(w->modem->wire), f);
	fputs("; use a longer timeout, or watch the events with fauxtrack ctl events", f);
	fclose(f);
	end(w);
	api_refuse_text(&c, 408, NULL, text);
	free(text);
}

void api_check_waits(struct api_modem *m)
{
	struct api_call c = { .api = m->api, .modem = m };
	struct waiter *w, *next;

	for (w = m->waiters; w; w = next) {
		next = w->next;
		if (!wait_over(&w->wait, wire_modem(m->wire)))
			continue;
		c.http = w->http;
		end(w);
		met(&c);
	}
}

void api_feed_waits(struct api_modem *m, const struct journal_entry *e)
{
	struct waiter *w;

	for (w = m->waiters; w; w = w->next)
		wait_feed(&w->wait, e);
}

/* Feeds the wait everything since the id it counts from. False: refused. */
static bool catch_up(struct api_call *c, struct wait *wait)
{
	const struct journal *j = c->modem->journal;
	struct journal_cursor cursor = { .after = 0 };
	struct journal_entry e;
	char text[160];

	if (!wait->has_since) {
		wait->since = api_last_action(c);
		wait->skip_forgotten = true;
	}
	cursor.after = (uint64_t)wait->since;
	if (!api_has_come(c, wait->since))
		return false;
	if (wait->since < 0)
		return true;
	if (!wait->skip_forgotten && journal_lost(j, false) > cursor.after) {
		snprintf(text, sizeof(text),
			"events up to id %llu are no longer kept; wait from a later one",
			(unsigned long long)journal_lost(j, false));
		api_refuse_text(c, 409, "since", text);
		return false;
	}
	while (journal_next(j, false, &cursor, &e))
		wait_feed(wait, &e);
	return true;
}

static void begin(struct api_call *c, const struct wait *wait)
{
	struct waiter *w = calloc(1, sizeof(*w));

	must(w);
	w->modem = c->modem;
	w->http = c->http;
	w->wait = *wait;
	w->next = c->modem->waiters;
	w->where = &c->modem->waiters;
	if (w->next)
		w->next->where = &w->next;
	c->modem->waiters = w;
	http_keep(c->http, on_gone, on_late, wait->timeout, w);
}

void api_wait(struct api_call *c)
{
	struct doc none = { .kind = DOC_MAP, .at = { "body", 0, 0 } };
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors e;
	struct wait wait;
	struct doc *d;

	doc_errors_init(&e);
	if (!api_body(c, pool, &d, &e)) {
		/* answered */
	} else if (!wait_bind(pool, d ? d : &none, c->api->profile, &wait, &e)) {
		api_refuse(c, 400, &e);
	} else if (!catch_up(c, &wait)) {
		/* answered */
	} else if (wait_over(&wait, wire_modem(c->modem->wire))) {
		met(c);
	} else {
		begin(c, &wait);
	}
	doc_errors_clear(&e);
	doc_pool_free(pool);
}
