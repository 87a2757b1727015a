/* Our own traces in text and JSON, and pcapng with LINKTYPE_RTAC_SERIAL. */
#include "host/field/log_int.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/trace/trace.h"

static int probe(const struct field_source *s)
{
	static const char *const starts[] = { "# fauxtrack trace", "{\"fauxtrack_trace\"",
		"\x0a\x0d\x0d\x0a" };
	size_t i;

	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (s->len >= strlen(starts[i]) &&
			!memcmp(s->data, starts[i], strlen(starts[i])))
			return 100;
	return 0;
}

static bool is_pcapng(const struct field_source *s)
{
	return s->data[0] == '\n';
}

/* All lines of a text trace are of a known form, or the reader has stopped. */
static void all_understood(struct field_reading *r)
{
	unsigned long i;

	for (i = 1; i <= r->source->lines; i++)
		reading_understood(r, i);
}

/* One port only: a log is one conversation. */
static void take(struct field_reading *r, const struct trace_item *item, unsigned port,
	unsigned long line)
{
	if (item->kind != TRACE_HOST && item->kind != TRACE_MODEM)
		return;
	if (item->port != port) {
		reading_note(r, line, "another port than the first one; left out");
		return;
	}
	reading_at(r, item->at, 1);
	reading_say(r, line, item->kind, item->data, item->len);
}

static bool read_items(struct field_reading *r, struct trace_reader *t)
{
	const char *profile = trace_read_header(t)->profile;
	struct trace_item item;
	unsigned port = 0;
	bool any = false;
	int result;

	while ((result = trace_read(t, &item)) == 1) {
		if (!any && (item.kind == TRACE_HOST || item.kind == TRACE_MODEM)) {
			any = true;
			port = item.port;
		}
		take(r, &item, port, is_pcapng(r->source) ? 0 : trace_read_number(t));
	}
	if (result < 0) {
		snprintf(r->why, r->size, "%s; make the trace again, or cut it there",
			trace_read_place(t));
		return false;
	}
	if (profile[0])
		r->log->profile = must(strdup(profile));
	all_understood(r);
	return true;
}

static bool read_it(struct field_reading *r)
{
	struct trace_reader *t;
	bool read;

	if (!strcmp(r->source->path, "-"))
		return reading_fail(r, 1, "a trace; name the file, it is read twice");
	t = trace_read_open(r->source->path, r->why, r->size);
	if (!t)
		return false;
	read = read_items(r, t);
	trace_read_close(t);
	return read;
}

const struct field_reader read_trace = { "trace",
	"--trace of this program, text or JSON; pcapng with LINKTYPE_RTAC_SERIAL", probe,
	read_it };
