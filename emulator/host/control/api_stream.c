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
	bool trace; /* lines for events and bytes; else events only */
};

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

static void print_line(FILE *f, const struct journal_entry *e)
{
	const struct notice n = { e->notice, e->at, e->has_text ? e->data : NULL,
		e->value, NULL, e->port };

	if (e->kind == JOURNAL_EVENT)
		trace_print_notice(f, &n);
	else
		trace_print_bytes(f, e->port, e->at,
			e->kind == JOURNAL_FROM_HOST ? '>' : '<', e->data, e->len);
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
	free(f);
}

static void send(struct follower *f, const char *text, size_t len)
{
	if (len && !http_send(f->http, text, len))
		on_gone(f);
}

void api_follow(struct api_modem *m, const struct journal_entry *e)
{
	struct follower *f, *next;
	char *text;
	size_t len;
	FILE *out;

	for (f = m->followers; f; f = next) {
		next = f->next;
		if (!f->trace && e->kind != JOURNAL_EVENT)
			continue;
		out = memory(&text, &len);
		if (f->trace)
			print_line(out, e);
		else
			print_event(out, e);
		fclose(out);
		send(f, text, len);
		free(text);
	}
}

static struct follower *follow(struct api_call *c, bool trace, const char *type)
{
	struct follower *f = calloc(1, sizeof(*f));

	must(f);
	f->http = c->http;
	f->trace = trace;
	f->next = c->modem->followers;
	f->where = &c->modem->followers;
	if (f->next)
		f->next->where = &f->next;
	c->modem->followers = f;
	http_stream(c->http, type);
	http_keep(c->http, on_gone, NULL, 0, f);
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
	long long since;
	char *text;
	size_t len;
	FILE *out;

	if (!begin_of(c, &since))
		return;
	cursor.after = (uint64_t)since;
	out = memory(&text, &len);
	/* this line also shows the client that the stream has begun */
	fputs(": events of a modem; lost: some of the requested events are no longer "
	      "kept\n\n",
		out);
	if (journal_lost(j, true) > cursor.after)
		fprintf(out, "event: lost\ndata: {\"up_to\":%llu}\n\n",
			(unsigned long long)journal_lost(j, true));
	while (journal_next(j, true, &cursor, &e))
		print_event(out, &e);
	fclose(out);
	send(follow(c, false, "text/event-stream"), text, len);
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
	long long last, more;
	const char *from;
	char *text;
	size_t len;
	FILE *out;

	if (!api_number(c, "last", -1, INT64_MAX, &last) ||
		!api_number(c, "follow", 0, 1, &more))
		return;
	out = memory(&text, &len);
	while (journal_next(c->modem->journal, false, &cursor, &e))
		print_line(out, &e);
	fclose(out);
	from = last < 0 ? text : last ? last_lines(text, len, last) : text + len;
	len -= (size_t)(from - text);
	if (more)
		send(follow(c, true, "text/plain"), from, len);
	else
		http_reply(c->http, 200, "text/plain", from, len);
	free(text);
}
