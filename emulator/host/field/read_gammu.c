/* gammu and gammu-smsd, logformat text, textall, textdate, textalldate: frames in cells
 * "41A|54T|0D ", sixteen a row. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/log_int.h"
#include "host/field/stamp.h"

#define FRAME 65536 /* most octets of a frame */

struct frame {
	struct field_reading *r;
	char side; /* 0: none is open */
	size_t wanted, len;
	unsigned long line; /* of its first row */
	uint8_t *data;      /* FRAME */
};

static int probe(const struct field_source *s)
{
	return field_contains(s, "SENDING frame") && field_contains(s, "41A|54T|") ? 96
										   : 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One cell: two digits, the character itself if it can be printed, a bar or a space.
 * Returns what comes after it; NULL: no cell. */
static const char *read_cell(const char *p, uint8_t *value)
{
	int high = hex_digit(p[0]), low = high < 0 ? -1 : hex_digit(p[1]);
	size_t n;

	if (low < 0)
		return NULL;
	*value = (uint8_t)(high << 4 | low);
	p += 2;
	if (!*p)
		return p;
	/* the character may be UTF-8 by now */
	for (n = 1; n < 4 && p[n] && p[n] != '|' && p[n] != ' ' && (p[n] & 0x80); n++)
		;
	if (p[n] == '|' || p[n] == ' ')
		return p + n + 1;
	return p[n] ? NULL : p + n;
}

static bool is_row(const char *p)
{
	uint8_t value;
	const char *end = read_cell(p, &value);

	return end && (end[-1] == '|' || end - p >= 4 || !*end);
}

static void end_frame(struct frame *f)
{
	if (f->side && f->len)
		reading_say(f->r, f->line, f->side, f->data, f->len);
	if (f->side && f->len < f->wanted)
		reading_note(f->r, f->line, "the frame is shorter than its length says");
	f->side = 0;
}

static void read_row(struct frame *f, const char *p)
{
	const char *next;
	uint8_t value;
	size_t i;

	for (i = 0; i < 16 && f->len < f->wanted; i++) {
		next = read_cell(p, &value);
		if (!next)
			break;
		f->data[f->len++] = value;
		p = next;
	}
}

/* "SENDING frame type 0x00/length 0x0D/13", in old versions "SENDING frametype". */
static bool begin_frame(struct frame *f, const char *p)
{
	const char *length = strstr(p, "length 0x");
	bool sent = !strncmp(p, "SENDING frame", 13);

	if (!length || (!sent && strncmp(p, "RECEIVED frame", 14) != 0))
		return false;
	end_frame(f);
	f->side = sent ? '>' : '<';
	f->wanted = strtoul(length + 9, NULL, 16);
	if (f->wanted > FRAME)
		f->wanted = FRAME;
	f->len = 0;
	return true;
}

static void read_line(struct frame *f, const struct field_line *l)
{
	char *text = field_line_text(l), *p = text, *own;
	struct stamp stamp;

	if (stamp_read(text, strlen(text), &stamp)) {
		if (!f->side)
			reading_at(f->r, stamp.at, stamp.step);
		p += stamp.len;
	}
	own = strstr(p, "gammu: ");
	if (own && own - p < 64)
		p = own + 7;
	if (begin_frame(f, p)) {
		if (p != text)
			reading_at(f->r, stamp.at, stamp.step);
		reading_understood(f->r, l->number);
	} else if (f->side && is_row(p)) {
		if (!f->len)
			f->line = l->number;
		read_row(f, p);
		reading_understood(f->r, l->number);
		if (f->len == f->wanted)
			end_frame(f);
	} else {
		end_frame(f);
		if (!is_row(p) || !strchr(p, '|'))
			reading_understood(f->r, l->number);
	}
	free(text);
}

static bool read_it(struct field_reading *r)
{
	struct frame f = { .r = r, .data = must(malloc(FRAME)) };
	size_t i;

	for (i = 0; i < r->source->lines; i++)
		read_line(&f, &r->source->line[i]);
	end_frame(&f);
	free(f.data);
	return true;
}

const struct field_reader read_gammu = { "gammu",
	"gammu and gammu-smsd, logformat textalldate, textall ...: cells 41A|54T|0D",
	probe, read_it };
