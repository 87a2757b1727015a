/* Hex dumps under a line that says the direction, as sniffers of serial ports write them:
 * "Request: 14:02:06.02664" and then "41 54 0D   AT." */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "host/field/log_int.h"
#include "host/field/stamp.h"

#define ROW  32   /* most octets of a row */
#define DUMP 4096 /* of the rows after a header; more become another piece */

struct row {
	uint8_t data[ROW];
	size_t len;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_octet(const char *p)
{
	return hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0 &&
	       (!p[2] || isspace((unsigned char)p[2]) || p[2] == '|');
}

/* Skips "0010:", "00000010  ". */
static const char *skip_offset(const char *p)
{
	size_t n = strspn(p, "0123456789abcdefABCDEF");

	if ((n == 4 || n == 6 || n == 8) && (p[n] == ':' || p[n] == ' '))
		for (p += n + 1; *p == ' '; p++)
			;
	return p;
}

/* Octets a space apart; two spaces end them, but for the gap in the middle. */
static bool read_row(const char *p, struct row *row)
{
	row->len = 0;
	while (*p == ' ' || *p == '\t')
		p++;
	p = skip_offset(p);
	while (row->len < ROW && is_octet(p)) {
		row->data[row->len++] = (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
		p += 2;
		if (*p == ' ')
			p++;
		if (row->len == 8 && *p == ' ' && p[1] && is_octet(p + 1))
			p++;
	}
	return row->len;
}

/* --- which side ----------------------------------------------------------------------
 */

static const struct {
	const char *word;
	char side;
} words[] = {
	{ "request", '>' },
	{ "answer", '<' },
	{ "sent", '>' },
	{ "sending", '>' },
	{ "send", '>' },
	{ "received", '<' },
	{ "receive", '<' },
	{ "recv", '<' },
	{ "response", '<' },
	{ "written", '>' },
	{ "write", '>' },
	{ "irp_mj_write", '>' },
	{ "irp_mj_read", '<' },
	{ "read", '<' },
	{ "tx", '>' },
	{ "rx", '<' },
	{ "out", '>' },
	{ "in", '<' },
	{ "host", '>' },
	{ "modem", '<' },
	{ ">", '>' },
	{ "<", '<' },
};

/* The side that the start of the text names; 0: none. */
static char side_of(const char *p, const char **after)
{
	size_t i, n;

	while (*p && strchr(" [(*-=#", *p))
		p++;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i].word);
		if (!strncasecmp(p, words[i].word, n) && !isalnum((unsigned char)p[n])) {
			for (p += n; *p && strchr("])>-: \t", *p); p++)
				;
			*after = p;
			return words[i].side;
		}
	}
	return 0;
}

struct dump {
	struct field_reading *r; /* NULL: only counting */
	char side;
	size_t headers, rows;
	unsigned long line; /* of the first row */
	uint8_t data[DUMP]; /* of the rows since the header */
	size_t len;
};

static void end_dump(struct dump *d)
{
	if (d->r)
		reading_say(d->r, d->line, d->side, d->data, d->len);
	d->len = 0;
}

static void take_row(struct dump *d, unsigned long line, const struct row *row)
{
	d->rows++;
	if (d->len + row->len > DUMP)
		end_dump(d);
	if (!d->len)
		d->line = line;
	memcpy(d->data + d->len, row->data, row->len);
	d->len += row->len;
	if (d->r)
		reading_understood(d->r, line);
}

static void set_time(struct dump *d, const char *p)
{
	struct stamp stamp;

	if (d->r && stamp_read(p, strlen(p), &stamp))
		reading_at(d->r, stamp.at, stamp.step);
}

static void read_line(struct dump *d, const struct field_line *l)
{
	char *text = field_line_text(l), side;
	const char *p = text, *after;
	struct stamp stamp;
	struct row row;

	if (d->side && read_row(p, &row)) {
		take_row(d, l->number, &row);
		free(text);
		return;
	}
	if (stamp_read(p, strlen(p), &stamp))
		p += stamp.len;
	side = side_of(p, &after);
	if (side) {
		end_dump(d);
		d->side = side;
		d->headers++;
		set_time(d, p == text ? after : text);
		if (d->r)
			reading_understood(d->r, l->number);
		if (read_row(after, &row))
			take_row(d, l->number, &row);
	}
	free(text);
}

static int probe(const struct field_source *s)
{
	struct dump d = { .r = NULL };
	size_t i;

	for (i = 0; i < s->lines && i < 1000; i++)
		read_line(&d, &s->line[i]);
	return d.rows >= 2 && d.headers >= 2 && d.headers <= 4 * d.rows ? 75 : 0;
}

static bool read_it(struct field_reading *r)
{
	struct dump d = { .r = r };
	size_t i;

	for (i = 0; i < r->source->lines; i++)
		read_line(&d, &r->source->line[i]);
	end_dump(&d);
	return true;
}

const struct field_reader read_hex = { "hex",
	"hex dumps of a sniffer: a line that names the direction, then 41 54 0D   AT.",
	probe, read_it };
