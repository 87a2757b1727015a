/* POST .../wait: answered once all conditions hold, or after the timeout. */
#include <stdio.h>
#include <stdlib.h>

#include "conf/must.h"
#include "host/control/api_int.h"

struct waiter {
	struct waiter *next, **where;
	struct api_modem *modem;
	struct http_call *http;
	struct crowd *crowd; /* of several modems; NULL: a wait of one */
	size_t at;           /* its place there */
	struct wait wait;
};

/* A wait of several modems: answered when all have ended. */
struct crowd {
	struct http_call *http;
	struct api *api;
	struct api_members of;
	struct waiter **waiter; /* per modem, NULL: it has ended */
	json_t **answer;        /* of those that have ended */
	size_t left;
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

static json_t *met_json(const struct api_modem *m)
{
	return json_pack("{s:b,s:I,s:I}", "met", 1, "event",
		(json_int_t)journal_last(m->journal), "at",
		(json_int_t)wire_now(m->wire));
}

/* Answers 200 with the current event id and time. */
static void met(struct api_call *c)
{
	api_answer(c, 200, met_json(c->modem));
}

/* "timed out: what is missing; remedy"; the caller frees it. */
static char *late_text(const struct waiter *w)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	must(f);
	fputs("timed out: ", f);
	wait_explain(&w->wait, wire_modem(w->modem->wire), f);
	fputs("; use a longer timeout, or watch the events with fauxtrack ctl events", f);
	fclose(f);
	return text;
}

static void on_late(void *ctx)
{
	struct waiter *w = ctx;
	struct api_call c = { .api = w->modem->api, .http = w->http, .modem = w->modem };
	char *text = late_text(w);

	end(w);
	api_refuse_text(&c, 408, NULL, text);
	free(text);
}

/* ---- several modems ---------------------------------------------------------------- */

static void crowd_free(struct crowd *g)
{
	size_t i;

	for (i = 0; i < g->of.n; i++) {
		if (g->waiter[i])
			end(g->waiter[i]);
		json_decref(g->answer[i]);
	}
	free(g->waiter);
	free(g->answer);
	free(g);
}

static void on_crowd_gone(void *ctx)
{
	crowd_free(ctx);
}

/* The answers of those that still wait are 408. */
static void answer_crowd(struct crowd *g)
{
	struct api_call c = { .api = g->api, .http = g->http };
	json_t *list = json_array();
	char *text;
	size_t i;

	for (i = 0; i < g->of.n; i++) {
		c.modem = g->api->modems[g->of.first + i];
		c.gather = list;
		if (g->waiter[i]) {
			text = late_text(g->waiter[i]);
			api_refuse_text(&c, 408, NULL, text);
			free(text);
		} else {
			api_answer(&c, 200, json_incref(g->answer[i]));
		}
	}
	c.gather = NULL;
	crowd_free(g);
	api_answer(&c, 200, json_pack("{s:o}", "modems", list));
}

static void on_crowd_late(void *ctx)
{
	answer_crowd(ctx);
}

static void met_in_crowd(struct crowd *g, struct waiter *w)
{
	g->answer[w->at] = met_json(w->modem);
	g->waiter[w->at] = NULL;
	end(w);
	if (!--g->left)
		answer_crowd(g);
}

void api_check_waits(struct api_modem *m)
{
	struct api_call c = { .api = m->api, .modem = m };
	struct waiter *w, *next;

	for (w = m->waiters; w; w = next) {
		next = w->next;
		if (!wait_over(&w->wait, wire_modem(m->wire)))
			continue;
		if (w->crowd) {
			met_in_crowd(w->crowd, w);
			continue;
		}
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

static struct waiter *put(struct api_modem *m, const struct wait *wait)
{
	struct waiter *w = calloc(1, sizeof(*w));

	must(w);
	w->modem = m;
	w->wait = *wait;
	w->next = m->waiters;
	w->where = &m->waiters;
	if (w->next)
		w->next->where = &w->next;
	m->waiters = w;
	return w;
}

static void begin(struct api_call *c, const struct wait *wait)
{
	struct waiter *w = put(c->modem, wait);

	w->http = c->http;
	http_keep(c->http, on_gone, on_late, wait->timeout, w);
}

/* Reads what is waited for; false: the request is answered with what is wrong. */
static bool is_asked(struct api_call *c, struct doc_pool *pool, struct wait *wait)
{
	struct doc none = { .kind = DOC_MAP, .at = { "body", 0, 0 } };
	struct doc_errors e;
	struct doc *d;
	bool good;

	doc_errors_init(&e);
	good = api_body(c, pool, &d, &e);
	if (good && !wait_bind(pool, d ? d : &none, c->modem->profile, wait, &e)) {
		api_refuse(c, 400, &e);
		good = false;
	}
	doc_errors_clear(&e);
	return good;
}

void api_wait(struct api_call *c)
{
	struct doc_pool *pool = doc_pool_new();
	struct wait wait;

	if (!is_asked(c, pool, &wait) || !catch_up(c, &wait)) {
		/* answered */
	} else if (wait_over(&wait, wire_modem(c->modem->wire))) {
		met(c);
	} else {
		begin(c, &wait);
	}
	doc_pool_free(pool);
}

/* Events count from the last action on each modem, no matter what caused it. */
static void feed_since_action(const struct api_modem *m, struct wait *wait)
{
	struct journal_cursor cursor = { .after = m->acted - 1 };
	struct journal_entry e;

	while (m->acted && journal_next(m->journal, false, &cursor, &e))
		wait_feed(wait, &e);
}

static void begin_crowd(
	struct api_call *c, const struct api_members *of, const struct wait *wait)
{
	struct crowd *g = must(calloc(1, sizeof(*g)));
	struct api_modem *m;
	struct wait own;
	size_t i;

	*g = (struct crowd){ .http = c->http, .api = c->api, .of = *of };
	g->waiter = must(calloc(of->n, sizeof(struct waiter *)));
	g->answer = must(calloc(of->n, sizeof(json_t *)));
	for (i = 0; i < of->n; i++) {
		m = c->api->modems[of->first + i];
		own = *wait;
		if (!wait->has_since)
			feed_since_action(m, &own);
		if (wait_over(&own, wire_modem(m->wire))) {
			g->answer[i] = met_json(m);
			continue;
		}
		g->waiter[i] = put(m, &own);
		g->waiter[i]->crowd = g;
		g->waiter[i]->at = i;
		g->left++;
	}
	if (g->left)
		http_keep(c->http, on_crowd_gone, on_crowd_late, wait->timeout, g);
	else
		answer_crowd(g);
}

void api_wait_several(struct api_call *c, const struct api_members *of)
{
	struct doc_pool *pool = doc_pool_new();
	struct wait wait;

	if (!is_asked(c, pool, &wait)) {
		/* answered */
	} else if (wait.has_since && wait.since >= 0) {
		api_refuse_text(c, 400, "since",
			"ids of events are those of one modem; leave since out (events "
			"count from the last action on each modem), or write -1");
	} else {
		begin_crowd(c, of, &wait);
	}
	doc_pool_free(pool);
}
