/* Patterns of bytes: what must come, and the message if it does not. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/play/player_int.h"

static void add(struct pattern *t, unsigned short unit)
{
	t->unit = realloc(t->unit, (t->n + 1) * sizeof(*t->unit));
	must(t->unit);
	t->unit[t->n++] = unit;
}

void pattern_bytes(struct pattern *t, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		add(t, (unsigned char)bytes[i]);
}

/* Decodes one character of an escaped text and steps over it. */
static unsigned char take_char(const char **text)
{
	unsigned char c;

	buf_escaped_char(text, &c);
	return c;
}

void pattern_text(struct pattern *t, const char *text)
{
	static const char hex[] = "<32 hex>";
	int i;

	while (*text) {
		if (strncmp(text, hex, sizeof(hex) - 1) != 0) {
			add(t, take_char(&text));
			continue;
		}
		for (i = 0; i < 32; i++)
			add(t, PLAY_HEX);
		text += sizeof(hex) - 1;
	}
}

void pattern_clear(struct pattern *t)
{
	free(t->unit);
	*t = (struct pattern){ NULL, 0 };
}

void play_pattern(const struct step *s, size_t from, size_t to, struct pattern *t)
{
	for (; from < to; from++) {
		if (s->lines[from].kind == LINE_BLOCK)
			pattern_bytes(t, "\r\n", 2);
		pattern_text(t, s->lines[from].text);
		if (s->lines[from].kind != LINE_RAW)
			pattern_bytes(t, "\r\n", 2);
	}
}

size_t play_unescape(const char *text, char *out)
{
	size_t n = 0;

	while (*text)
		out[n++] = (char)take_char(&text);
	return n;
}

static bool fits(unsigned short unit, char c)
{
	if (unit == PLAY_HEX)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
	return unit == (unsigned char)c;
}

size_t pattern_match(const struct player *p, size_t from, const struct pattern *t)
{
	size_t i;

	for (i = 0; i < t->n && from + i < p->len; i++)
		if (!fits(t->unit[i], p->out[from + i]))
			break;
	return i;
}

struct wish {
	struct player *p;
	const struct pattern *t;
	size_t matched;
};

/* True when the whole pattern has come, or a byte that differs from it. */
static bool decided(void *ctx)
{
	struct wish *w = ctx;

	w->matched = pattern_match(w->p, w->p->seen, w->t);
	return w->matched == w->t->n || w->p->seen + w->matched < w->p->len;
}

/* The pattern as visible text; the caller frees it. */
static char *wanted(const struct pattern *t)
{
	char *bytes = play_alloc(t->n + 1), *text;
	size_t i, n = 0;

	for (i = 0; i < t->n; i++)
		bytes[n++] = t->unit[i] == PLAY_HEX ? '?' : (char)t->unit[i];
	text = strdup(play_visible(bytes, n));
	free(bytes);
	must(text);
	return text;
}

bool play_expect(
	struct player *p, struct doc_place at, const struct pattern *t, usec_t within)
{
	struct wish w = { p, t, 0 };
	usec_t begun = p->all->now;
	const char *got;
	char *want;

	play_run(p->all, p->all->now + within, decided, &w);
	decided(&w);
	if (w.matched == t->n) {
		p->seen += t->n;
		return true;
	}
	want = wanted(t);
	got = play_visible(p->out + p->seen, p->len - p->seen);
	if (p->seen + w.matched < p->len)
		play_fail(p, at, "expected \"%s\", got \"%s\" at %.6f s", want, got,
			(double)p->came[p->seen + w.matched] / 1e6);
	else
		play_fail(p, at,
			"expected \"%s\", got %s%s%s in %.3f s (from %.6f s); raise "
			"within: if the answer may take longer",
			want, *got ? "only \"" : "nothing", got, *got ? "\"" : "",
			(double)within / 1e6, (double)begun / 1e6);
	free(want);
	return false;
}

bool play_quiet(struct player *p, struct doc_place at)
{
	if (p->seen == p->len)
		return true;
	play_fail(p, at, "expected nothing more%s%s%s, got \"%s\" at %.6f s",
		play_whose(p), p->port == MODEM_UART1 ? "" : " at ",
		p->port == MODEM_UART1 ? "" : name_of(port_names, (int)p->port),
		play_visible(p->out + p->seen, p->len - p->seen),
		(double)p->came[p->seen] / 1e6);
	return false;
}
