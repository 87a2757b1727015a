/* socat -v between a pseudo terminal and the port: "> 2013/10/23 17:10:28.917413  length=3
 * from=0 to=2", and so many octets as text. */
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/decode.h"
#include "host/field/log_int.h"
#include "host/field/stamp.h"

#define BLOCK 65536 /* most octets of a block */

/* The length that a header says; false: the line is none. */
static bool read_header(const char *text, struct stamp *stamp, size_t *length)
{
	const char *p;

	if ((text[0] != '>' && text[0] != '<') || text[1] != ' ')
		return false;
	p = strstr(text, " length=");
	if (!p || !strstr(p, " from=") || !stamp_read(text + 2, strlen(text + 2), stamp))
		return false;
	*length = strtoul(p + 8, NULL, 10);
	return *length && *length <= BLOCK;
}

/* A line of the file, or a part of it: a header follows a text without a line feed in the
 * same line. */
struct part {
	struct field_line line;
	bool feed; /* a line feed ends it */
};

struct parts {
	struct part *part;
	size_t n, room;
};

static bool is_header(const struct field_line *l)
{
	char *text = field_line_text(l);
	struct stamp stamp;
	size_t length;
	bool is = read_header(text, &stamp, &length);

	free(text);
	return is;
}

/* Where a header begins within the line; its end if nowhere. */
static size_t find_header(const struct field_line *l)
{
	size_t i;

	for (i = 1; i + 20 < l->len; i++)
		if ((l->p[i] == '>' || l->p[i] == '<') && l->p[i + 1] == ' ' &&
			l->p[i + 6] == '/' && l->p[i + 9] == '/')
			return i;
	return l->len;
}

static void add_part(struct parts *parts, struct field_line line, bool feed)
{
	if (parts->n == parts->room) {
		parts->room = parts->room ? 2 * parts->room : 256;
		parts->part = must(
			realloc(parts->part, parts->room * sizeof(*parts->part)));
	}
	parts->part[parts->n++] = (struct part){ line, feed };
}

static void take_apart(struct parts *parts, const struct field_source *s)
{
	struct field_line line;
	size_t i, n;

	for (i = 0; i < s->lines; i++) {
		line = s->line[i];
		while ((n = find_header(&line)) < line.len) {
			add_part(parts, (struct field_line){ line.p, n, line.number },
				false);
			line.p += n;
			line.len -= n;
		}
		add_part(parts, line, true);
	}
}

static int probe(const struct field_source *s)
{
	size_t i, headers = 0;

	for (i = 0; i < s->lines && i < 50; i++)
		headers += is_header(&s->line[i]);
	/* with -x there is hex, and that reader's score is lower */
	return headers && (!field_contains(s, "\n--\n") || field_contains(s, "\\r")) ? 80
										     : 0;
}

/* The octets of a part, which may have more than the block has room for. */
static size_t take_text(const struct part *part, char *to, size_t room)
{
	size_t len = part->line.len;
	char *text = must(malloc(len + 1));
	struct decoded d;

	memcpy(text, part->line.p, len);
	if (part->feed)
		text[len++] = '\n';
	d = decode_text(text, len, DECODE_BACKSLASH);
	len = d.len < room ? d.len : room;
	memcpy(to, text, len);
	free(text);
	return len;
}

/* The text of a block: its line feeds are those of the file, all else is escaped. Returns
 * how many parts it takes. */
static size_t read_block(struct field_reading *r, const struct parts *parts, size_t i,
	char side, size_t length)
{
	unsigned long line = i < parts->n ? parts->part[i].line.number : 0;
	char *data = must(malloc(length + 1));
	size_t n = 0, used = 0;

	while (n < length && i + used < parts->n &&
		!is_header(&parts->part[i + used].line)) {
		n += take_text(&parts->part[i + used], data + n, length - n);
		reading_understood(r, parts->part[i + used].line.number);
		used++;
	}
	if (n < length)
		reading_note(r, line, "the block is shorter than its length says");
	reading_say(r, line, side, data, n);
	free(data);
	return used;
}

static bool read_it(struct field_reading *r)
{
	struct parts parts = { NULL, 0, 0 };
	struct stamp stamp;
	size_t i, length;
	char *text;

	reading_note(r, 1, "socat's first address is taken for the host's");
	take_apart(&parts, r->source);
	for (i = 0; i < parts.n; i++) {
		text = field_line_text(&parts.part[i].line);
		if (read_header(text, &stamp, &length)) {
			reading_understood(r, parts.part[i].line.number);
			reading_at(r, stamp.at, stamp.step);
			i += read_block(r, &parts, i + 1, text[0], length);
		}
		free(text);
	}
	free(parts.part);
	return true;
}

const struct field_reader read_socat = { "socat",
	"socat -v between a pseudo terminal and the port: > and < with length=", probe,
	read_it };
