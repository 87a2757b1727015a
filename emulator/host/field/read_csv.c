/* Lists of bytes of a logic analyser (sigrok, PulseView, Saleae): columns of time, value and
 * direction, with or without a line of names. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "host/field/decode.h"
#include "host/field/log_int.h"

#define COLUMNS 16
#define PIECE   512             /* octets */
#define PAUSE   ((usec_t)20000) /* between bytes of two pieces */

enum base {
	BASE_TEXT,
	BASE_HEX,
	BASE_DECIMAL
};

struct table {
	struct field_reading *r;
	char separator;
	int time, value, side; /* columns; -1: none */
	double unit;           /* of the time, in seconds; 0: unknown (samples) */
	enum base base;
	size_t first; /* line of the first row */
	/* the piece so far */
	uint8_t data[PIECE];
	size_t len;
	char now;
	unsigned long line;
	double at, last;
};

struct fields {
	char *text; /* owned */
	char *field[COLUMNS];
	int n;
};

/* --- fields --------------------------------------------------------------------------
 */

/* Splits the line; quotes of CSV are taken off. */
static void split(struct fields *f, const struct field_line *l, char separator)
{
	char *p, *to;
	bool quoted;

	f->text = p = field_line_text(l);
	for (f->n = 0; f->n < COLUMNS;) {
		while (*p == ' ')
			p++;
		f->field[f->n++] = to = p;
		for (quoted = false; *p && (quoted || *p != separator); p++)
			if (*p != '"')
				*to++ = *p;
			else if (p[1] == '"')
				*to++ = *p++;
			else
				quoted = !quoted;
		if (!*p) {
			*to = '\0';
			return;
		}
		p++;
		*to = '\0';
	}
}

static char side_of(const char *p)
{
	static const char *const host[] = { "tx", "host", "out", ">", "dte", "write",
		"sent", "send", "to modem", "txd", "host->modem", NULL };
	static const char *const modem[] = { "rx", "modem", "in", "<", "dce", "read",
		"received", "recv", "from modem", "rxd", "modem->host", NULL };
	const char *word;
	size_t i, n;

	for (i = 0; host[i]; i++)
		if (!strcasecmp(p, host[i]))
			return '>';
	for (i = 0; modem[i]; i++)
		if (!strcasecmp(p, modem[i]))
			return '<';
	/* "UART: TX", "TX data" */
	for (word = p; *word; word += n) {
		while (*word && !isalnum((unsigned char)*word))
			word++;
		for (n = 0; isalnum((unsigned char)word[n]); n++)
			;
		if (n == 2 && !strncasecmp(word, "tx", 2))
			return '>';
		if (n == 2 && !strncasecmp(word, "rx", 2))
			return '<';
	}
	return 0;
}

static bool is_time(const char *p)
{
	char *end;

	strtod(p, &end);
	return end != p && (!*end || *end == 's' || *end == 'u' || *end == 'm' ||
				   *end == 'n' || *end == '-');
}

static bool is_hex2(const char *p)
{
	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		p += 2;
	return isxdigit((unsigned char)p[0]) && isxdigit((unsigned char)p[1]) && !p[2];
}

/* --- the columns ---------------------------------------------------------------------
 */

static bool has(const char *name, const char *part)
{
	return strcasestr(name, part) != NULL;
}

/* A line of names; false: it is none. */
static bool read_names(struct table *t, const struct fields *f)
{
	int i;

	t->time = t->value = t->side = -1;
	for (i = 0; i < f->n; i++) {
		const char *name = f->field[i];

		if (strlen(name) > 24)
			return false;
		if (t->time < 0 && (has(name, "time") || has(name, "start"))) {
			t->time = i;
			t->unit = has(name, "ms") || has(name, "milli")   ? 1e-3
				  : has(name, "us") || has(name, "micro") ? 1e-6
				  : has(name, "ns") || has(name, "nano")  ? 1e-9
				  : has(name, "sample")                   ? 0
									  : 1;
		} else if (t->side < 0 &&
			   (has(name, "dir") || has(name, "side") ||
				   has(name, "channel") || has(name, "name"))) {
			t->side = i;
		} else if (t->value < 0 &&
			   (has(name, "value") || has(name, "data") ||
				   has(name, "byte") || has(name, "hex") ||
				   has(name, "ann"))) {
			t->value = i;
			t->base = has(name, "dec") ? BASE_DECIMAL : BASE_TEXT;
		}
	}
	return t->value >= 0 && t->value != t->time;
}

/* Columns by what is in the first row. */
static bool guess_columns(struct table *t, const struct fields *f)
{
	int i;

	t->time = t->value = t->side = -1;
	t->unit = 1;
	for (i = 0; i < f->n; i++)
		if (t->side < 0 && side_of(f->field[i]))
			t->side = i;
		else if (t->time < 0 && is_time(f->field[i]) && strchr(f->field[i], '.'))
			t->time = i;
		else if (is_hex2(f->field[i]) && (t->separator != ':' || i == f->n - 1))
			t->value = i; /* the last one: numbers of samples come first */
	return t->value >= 0 && t->side >= 0;
}

/* Hex if every value is two digits or has 0x; decimal if every value is a number. */
static enum base guess_base(const struct table *t, const struct field_source *s)
{
	bool hex = true, decimal = true;
	struct fields f;
	size_t i;

	for (i = t->first; i < s->lines && i < t->first + 2000; i++) {
		split(&f, &s->line[i], t->separator);
		if (t->value < f.n && *f.field[t->value]) {
			const char *p = f.field[t->value];

			hex &= is_hex2(p);
			decimal &= strspn(p, "0123456789") == strlen(p);
		}
		free(f.text);
	}
	return hex ? BASE_HEX : decimal ? BASE_DECIMAL : BASE_TEXT;
}

static bool find_columns(struct table *t, const struct field_source *s)
{
	/* the last one is of sigrok-cli: "1234-1240 uart-1: RX data: 41" */
	static const char separators[] = ",;\t:";
	struct fields f;
	bool found = false;
	size_t i, k;

	for (k = 0; separators[k] && !found; k++) {
		t->separator = separators[k];
		for (i = 0; i < s->lines && i < 20 && !found; i++) {
			t->base = BASE_TEXT;
			split(&f, &s->line[i], t->separator);
			if (f.n >= 2 && read_names(t, &f)) {
				t->first = i + 1;
				found = t->first < s->lines;
			} else if (f.n >= 2 && guess_columns(t, &f)) {
				t->first = i;
				found = true;
			}
			free(f.text);
		}
	}
	if (found && t->base == BASE_TEXT)
		t->base = guess_base(t, s);
	return found;
}

/* --- rows ----------------------------------------------------------------------------
 */

static void end_piece(struct table *t)
{
	if (t->len) {
		t->r->doubt = t->side < 0 ? "the list has no direction" : NULL;
		if (t->time >= 0 && t->unit > 0)
			reading_at(t->r, (usec_t)(t->at * 1e6 + 0.5), 1);
		reading_say(t->r, t->line, t->now, t->data, t->len);
		t->r->doubt = NULL;
	}
	t->len = 0;
}

/* The octets that a field writes: 41, 0x41, 65, A, \r, 'COMMA'. Returns how many. */
static size_t octets_of(const struct table *t, char *p, uint8_t *data)
{
	struct decoded d;
	unsigned long value;
	char *end;

	if (t->base != BASE_TEXT) {
		value = strtoul(p, &end, t->base == BASE_HEX ? 16 : 10);
		data[0] = (uint8_t)value;
		return end != p && !*end && value < 256;
	}
	if (!strcasecmp(p, "COMMA"))
		strcpy(p, ",");
	else if (!strcasecmp(p, "SPACE"))
		strcpy(p, " ");
	if (strlen(p) > 2 && p[0] == '\'' && p[strlen(p) - 1] == '\'') {
		p[strlen(p) - 1] = '\0';
		p++;
	}
	if (p[0] == '0' && is_hex2(p)) {
		data[0] = (uint8_t)strtoul(p, NULL, 16);
		return 1;
	}
	d = decode_text(p, strlen(p), DECODE_BACKSLASH | DECODE_ANGLE);
	if (d.len > 64)
		return 0;
	memcpy(data, p, d.len);
	return d.len;
}

/* A time, or NaN, which starts no new piece; huge ones are not believed. */
static double time_of(const struct table *t, const struct fields *f)
{
	double at;

	if (t->time < 0 || t->time >= f->n || t->unit <= 0)
		return (double)NAN;
	at = strtod(f->field[t->time], NULL) * t->unit;
	return at >= 0 && at < 1e10 ? at : (double)NAN;
}

static void take_row(struct table *t, const struct field_line *l)
{
	struct fields f;
	uint8_t data[64];
	size_t n = 0;
	char side = '<';
	double at;

	split(&f, l, t->separator);
	if (t->side >= 0)
		side = t->side < f.n ? side_of(f.field[t->side]) : 0;
	if (side && t->value < f.n)
		n = octets_of(t, f.field[t->value], data);
	at = time_of(t, &f);
	free(f.text);
	if (!n)
		return;
	if (side != t->now || t->len + n > PIECE || (at - t->last) * 1e6 > (double)PAUSE)
		end_piece(t);
	if (!t->len) {
		t->now = side;
		t->line = l->number;
		if (at >= 0)
			t->at = at;
	}
	if (at >= 0)
		t->last = at;
	memcpy(t->data + t->len, data, n);
	t->len += n;
	reading_understood(t->r, l->number);
}

/* Whether most rows hold an octet. */
static bool fits(const struct table *t, const struct field_source *s)
{
	size_t i, rows = 0, good = 0;
	uint8_t data[64];
	struct fields f;

	for (i = t->first; i < s->lines && i < t->first + 500; i++) {
		split(&f, &s->line[i], t->separator);
		rows += f.n > 1 || *f.field[0];
		good += t->value < f.n && octets_of(t, f.field[t->value], data) &&
			(t->side < 0 || (t->side < f.n && side_of(f.field[t->side]))) &&
			(t->time < 0 || is_time(f.field[t->time]));
		free(f.text);
	}
	return good && 10 * good >= 8 * rows;
}

static int probe(const struct field_source *s)
{
	struct table t = { .side = -1 };

	if (!find_columns(&t, s) || !fits(&t, s))
		return 0;
	return t.time >= 0 && t.base != BASE_TEXT && t.side >= 0 ? 87
	       : t.time >= 0                                     ? 60
								 : 55;
}

static bool read_it(struct field_reading *r)
{
	struct table t = { .r = r, .side = -1 };
	size_t i;

	if (!find_columns(&t, r->source))
		return true; /* no piece: reported by the caller */
	for (i = 1; i <= t.first; i++)
		reading_understood(r, i);
	if (t.time >= 0 && t.unit <= 0)
		reading_note(r, 1, "times are in samples of an unknown rate; left out");
	if (t.side >= 0)
		reading_note(r, 1, "TX is taken for the host's side");
	for (i = t.first; i < r->source->lines; i++)
		take_row(&t, &r->source->line[i]);
	end_piece(&t);
	return true;
}

const struct field_reader read_csv = { "csv",
	"bytes of a logic analyser (sigrok, Saleae): columns of time, value, direction",
	probe, read_it };
