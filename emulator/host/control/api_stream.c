/* Streams: events as server-sent events, the trace as lines. The kept part is replayed
 * first, then the stream continues. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/control/api_int.h"
#include "host/trace/trace.h"

struct follower {
	struct follower *next, **where;
	struct http_call *http;
	struct api_modem *modem;
	bool trace;      /* lines for events and bytes; else server-sent events */
	bool json;       /* ... each an object of JSON */
	bool bytes;      /* ... with bytes too */
	json_t *state;   /* as sent last; NULL: the client did not ask for it */
	bool due, acted; /* the next one is on its way; an action has come since */
};

#define STATE_EACH MS(100)

/* ---- what is written -------------------------------------------------------------- */

static json_t *api_event(const struct journal_entry *e)
{
	const struct notice n = { e->notice, e->at, e->has_text ? e->data : NULL,
		e->value, e->has_file ? &e->file : NULL, e->port };
	json_t *j = json_pack("{s:I}", "id", (json_int_t)e->id);

	json_object_update_new(j, modem_json_notice(&n));
	return j;
}

static void print_event(FILE *f, const struct journal_entry *e)
{
	json_t *j = api_event(e);

	fprintf(f, "id: %llu\nevent: %s\ndata: ", (unsigned long long)e->id,
		name_of(notice_names, (int)e->notice));
	json_dumpf(j, f, JSON_COMPACT);
	fputs("\n\n", f);
	json_decref(j);
}

/* Each character of `data` is one byte: U+0000 to U+00FF. */
static json_t *bytes_text(const char *data, size_t len)
{
	char *mem = must(malloc(2 * len + 1)), *p = mem;
	json_t *j;
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] & 0x80)
			*p++ = (char)(0xc0 | (unsigned char)data[i] >> 6);
		*p++ = (char)(data[i] & 0x80 ? 0x80 | (data[i] & 0x3f) : data[i]);
	}
	j = json_stringn(mem, (size_t)(p - mem));
	free(mem);
	return j;
}

static void print_bytes(FILE *f, const struct journal_entry *e)
{
	json_t *j = json_pack("{s:I,s:I,s:s,s:s,s:o}", "id", (json_int_t)e->id, "at",
		(json_int_t)e->at, "port", name_of(port_names, (int)e->port), "from",
		e->kind == JOURNAL_FROM_HOST ? "host" : "modem", "data",
		bytes_text(e->data, e->len));

	fprintf(f, "id: %llu\nevent: bytes\ndata: ", (unsigned long long)e->id);
	json_dumpf(j, f, JSON_COMPACT);
	fputs("\n\n", f);
	json_decref(j);
}

static void print_served(FILE *f, const struct journal_entry *e)
{
	if (e->kind == JOURNAL_EVENT)
		print_event(f, e);
	else
		print_bytes(f, e);
}

static void print_line(FILE *f, const struct journal_entry *e, bool json)
{
	const struct notice n = { e->notice, e->at, e->has_text ? e->data : NULL,
		e->value, NULL, e->port };

	const struct trace_item bytes = { e->at, e->port,
		e->kind == JOURNAL_FROM_HOST ? TRACE_HOST : TRACE_MODEM, e->data, e->len,
		0 };

	if (e->kind == JOURNAL_EVENT)
		trace_print_notice(f, &n, json);
	else if (json)
		trace_print_json(f, &bytes);
	else
		trace_print_bytes(
			f, bytes.port, bytes.at, bytes.kind, bytes.data, bytes.len);
}

static FILE *memory(char **text, size_t *len)
{
	FILE *f = open_memstream(text, len);

	if (!f) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return f;
}

/* ---- followers -------------------------------------------------------------------- */

static void on_gone(void *ctx)
{
	struct follower *f = ctx;

	*f->where = f->next;
	if (f->next)
		f->next->where = f->where;
	json_decref(f->state);
	free(f);
}

/* False: the follower is gone. */
static bool send(struct follower *f, const char *text, size_t len)
{
	if (!len || http_send(f->http, text, len))
		return true;
	on_gone(f);
	return false;
}

void api_follow(struct api_modem *m, const struct journal_entry *e)
{
	struct follower *f, *next;
	char *text;
	size_t len;
	FILE *out;

	for (f = m->followers; f; f = next) {
		next = f->next;
		if (!f->trace && !f->bytes && e->kind != JOURNAL_EVENT)
			continue;
		f->acted |= e->kind == JOURNAL_EVENT && e->notice == NOTICE_ACTION;
		out = memory(&text, &len);
		if (f->trace)
			print_line(out, e, f->json);
		else
			print_served(out, e);
		fclose(out);
		send(f, text, len);
		free(text);
	}
}

/* ---- the state as it changes ------------------------------------------------------ */

/* The parts of `now` that differ from `before`. The clock always does: it is added only if
 * something else has changed, or has been done. NULL: nothing. */
static json_t *changed(const json_t *before, json_t *now, bool acted)
{
	json_t *parts = json_object(), *part;
	const char *key;
	bool any = acted;

	json_object_foreach(now, key, part)
	{
		if (json_equal(json_object_get(before, key), part))
			continue;
		any |= strcmp(key, "clock") != 0;
		json_object_set(parts, key, part);
	}
	if (any)
		return parts;
	json_decref(parts);
	return NULL;
}

static void send_state(struct follower *f)
{
	/* what is not part of the state but may change too */
	static const char *const beside[] = { "bug", "client", "console", "profile",
		"speed" };
	json_t *now = api_state_json(f->modem), *parts, *j;
	char *text;
	size_t len, i;
	FILE *out;

	j = api_modem_json(f->modem);
	for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		json_object_set(now, beside[i], json_object_get(j, beside[i]));
	parts = changed(f->state, now, f->acted);
	f->acted = false;
	json_decref(f->state);
	f->state = now;
	if (!parts) {
		json_decref(j);
		return;
	}
	for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		json_object_del(parts, beside[i]);
	json_object_set_new(j, "state", parts);
	out = memory(&text, &len);
	fputs("event: state\ndata: ", out);
	json_dumpf(j, out, JSON_COMPACT);
	fputs("\n\n", out);
	fclose(out);
	json_decref(j);
	send(f, text, len);
	free(text);
}

static void on_due(void *ctx)
{
	struct follower *f = ctx;

	f->due = false;
	send_state(f);
}

void api_follow_state(struct api_modem *m)
{
	struct follower *f;

	for (f = m->followers; f; f = f->next) {
		if (!f->state || f->due)
			continue;
		f->due = true;
		http_later(f->http, STATE_EACH);
	}
}

static struct follower *follow(struct api_call *c, const char *type)
{
	struct follower *f = calloc(1, sizeof(*f));

	must(f);
	f->http = c->http;
	f->modem = c->modem;
	f->next = c->modem->followers;
	f->where = &c->modem->followers;
	if (f->next)
		f->next->where = &f->next;
	c->modem->followers = f;
	http_stream(c->http, type);
	http_keep(c->http, on_gone, on_due, USEC_NEVER, f);
	return f;
}

/* ---- the rows --------------------------------------------------------------------- */

/* Where a stream begins: after the id in the query or in the header that browsers send on
 * reconnecting; else now. False: refused. */
static bool begin_of(struct api_call *c, long long *since)
{
	const char *last = http_header(c->http, "Last-Event-ID");
	char *end;

	if (!api_number(c, "since", -1, INT64_MAX, since) || !api_has_come(c, *since))
		return false;
	if (*since < 0 && last) {
		*since = strtoll(last, &end, 10);
		if (*end || *since < 0 || !*last) {
			api_refuse_text(c, 400, "Last-Event-ID",
				"this is not the id of an event; send one from a line "
				"id: of the stream");
			return false;
		}
		/* an id of an earlier run: browsers reconnect by themselves */
		if (*since > (long long)journal_last(c->modem->journal))
			*since = -1;
	}
	if (*since < 0)
		*since = (long long)journal_last(c->modem->journal);
	return true;
}

void api_events(struct api_call *c)
{
	const struct journal *j = c->modem->journal;
	struct journal_cursor cursor = { 0 };
	struct journal_entry e;
	long long since, bytes, state;
	struct follower *f;
	char *text;
	size_t len;
	FILE *out;

	if (!begin_of(c, &since) || !api_number(c, "bytes", 0, 1, &bytes) ||
		!api_number(c, "state", 0, 1, &state))
		return;
	cursor.after = (uint64_t)since;
	out = memory(&text, &len);
	/* this line also shows the client that the stream has begun */
	fputs(": events of a modem; lost: some of the requested events are no longer "
	      "kept\n\n",
		out);
	if (journal_lost(j, !bytes) > cursor.after)
		fprintf(out, "event: lost\ndata: {\"up_to\":%llu}\n\n",
			(unsigned long long)journal_lost(j, !bytes));
	while (journal_next(j, !bytes, &cursor, &e))
		print_served(out, &e);
	fclose(out);
	f = follow(c, "text/event-stream");
	f->bytes = bytes;
	f->state = state ? json_object() : NULL;
	if (send(f, text, len) && state)
		send_state(f);
	free(text);
}

/* The start of the last n lines of a text. */
static const char *last_lines(const char *text, size_t len, long long n)
{
	const char *p = text + len;

	while (p > text) {
		if (p[-1] == '\n' && p != text + len && !--n)
			break;
		p--;
	}
	return p;
}

void api_trace(struct api_call *c)
{
	struct journal_cursor cursor = { 0 };
	struct journal_entry e;
	struct follower *f;
	long long last, more, json;
	const char *from;
	char *text;
	size_t len;
	FILE *out;

	if (!api_number(c, "last", -1, INT64_MAX, &last) ||
		!api_number(c, "follow", 0, 1, &more) ||
		!api_number(c, "json", 0, 1, &json))
		return;
	out = memory(&text, &len);
	while (journal_next(c->modem->journal, false, &cursor, &e))
		print_line(out, &e, json > 0);
	fclose(out);
	from = last < 0 ? text : last ? last_lines(text, len, last) : text + len;
	len -= (size_t)(from - text);
	if (more) {
		f = follow(c, "text/plain");
		f->trace = true;
		f->json = json > 0;
		send(f, from, len);
	} else {
		http_reply(c->http, 200, "text/plain", from, len);
	}
	free(text);
}
