/* Reading a log: the file and its lines, the choice of the reader, the pieces. */
#include "host/field/log_int.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

#define DAY ((usec_t)86400 * 1000000)

static const struct field_reader *const readers[] = {
	&read_trace,
	&read_gammu,
	&read_strace,
	&read_socat,
	&read_hex,
	&read_csv,
	&read_chat,
	&read_kannel,
	&read_smstools,
	&read_gnokii,
	&read_mm,
	&read_python,
	&read_marked,
	&read_wvdial,
	&read_screen,
};
#define READERS (sizeof(readers) / sizeof(readers[0]))

static void name_all(char *text, size_t size)
{
	size_t i, n = 0;

	text[0] = '\0';
	for (i = 0; i < READERS && n < size; i++)
		n += (size_t)snprintf(
			text + n, size - n, "%s%s", i ? ", " : "", readers[i]->name);
}

static const struct field_reader *named(const char *name)
{
	size_t i;

	for (i = 0; i < READERS; i++)
		if (!strcmp(readers[i]->name, name))
			return readers[i];
	return NULL;
}

bool field_format_known(const char *format)
{
	return named(format);
}

const char *field_format_name(size_t i)
{
	return i < READERS ? readers[i]->name : NULL;
}

const char *field_format_help(size_t i)
{
	return i < READERS ? readers[i]->help : NULL;
}

/* --- the file ------------------------------------------------------------------------
 */

static bool read_file(struct field_source *s, FILE *f, char *why, size_t size)
{
	size_t room = 16384, n;
	char *data = NULL;

	do {
		room *= 2;
		data = must(realloc(data, room + 1));
		n = fread(data + s->len, 1, room - s->len, f);
		s->len += n;
	} while (s->len == room && s->len <= FIELD_MOST_OCTETS);
	data[s->len] = '\0';
	s->data = data;
	if (ferror(f))
		snprintf(why, size, "%s: %s; name a file that can be read", s->path,
			strerror(errno));
	else if (s->len > FIELD_MOST_OCTETS)
		snprintf(why, size,
			"%s: longer than %u MiB; cut out the part that matters", s->path,
			FIELD_MOST_OCTETS >> 20);
	else
		return true;
	return false;
}

static bool starts_with(const struct field_source *s, const char *start, size_t len)
{
	return s->len >= len && !memcmp(s->data, start, len);
}

/* No log has as many octets 0 in its beginning. */
static bool has_wide_characters(const struct field_source *s)
{
	size_t most = s->len < 256 ? s->len : 256, i, zero[2] = { 0, 0 };

	for (i = 0; i < most; i++)
		zero[i % 2] += !s->data[i];
	return most >= 16 && (!zero[0]) != (!zero[1]) &&
	       (zero[0] + zero[1]) * 5 >= most * 2;
}

static bool check_encoding(const struct field_source *s, char *why, size_t size)
{
	if (!s->len) {
		snprintf(why, size, "%s: empty; name a log of a conversation", s->path);
		return false;
	}
	if (starts_with(s, "\xff\xfe", 2) || starts_with(s, "\xfe\xff", 2) ||
		starts_with(s, "A\0T\0", 4) || starts_with(s, "\0A\0T", 4) ||
		has_wide_characters(s)) {
		snprintf(why, size,
			"%s: UTF-16; make it UTF-8 first: iconv -f UTF-16 -t UTF-8",
			s->path);
		return false;
	}
	if (starts_with(s, "\x1f\x8b", 2)) {
		snprintf(why, size, "%s: compressed; unpack it first: gunzip", s->path);
		return false;
	}
	return true;
}

static void split(struct field_source *s)
{
	const char *p = s->data, *end = s->data + s->len, *stop;
	size_t room = 0, len;

	if (starts_with(s, "\xef\xbb\xbf", 3))
		p += 3;
	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop)
			stop = end;
		if (s->lines == room) {
			room = room ? 2 * room : 256;
			s->line = must(realloc(s->line, room * sizeof(*s->line)));
		}
		len = (size_t)(stop - p);
		if (len && p[len - 1] == '\r')
			len--;
		s->line[s->lines] = (struct field_line){ p, len, s->lines + 1 };
		s->lines++;
	}
}

static bool open_source(struct field_source *s, char *why, size_t size)
{
	FILE *f = strcmp(s->path, "-") ? fopen(s->path, "re") : stdin;
	bool read;

	if (!f) {
		snprintf(why, size, "%s: %s; name a file that can be read", s->path,
			strerror(errno));
		return false;
	}
	read = read_file(s, f, why, size);
	if (f != stdin)
		fclose(f);
	if (!read || !check_encoding(s, why, size))
		return false;
	split(s);
	return true;
}

static void close_source(struct field_source *s)
{
	free((char *)s->data);
	free(s->line);
}

char *field_line_text(const struct field_line *l)
{
	char *text = must(malloc(l->len + 1));
	size_t i, n = l->len;

	for (i = 0; i < n; i++)
		text[i] = (char)(l->p[i] ? l->p[i] : ' ');
	while (n && (isspace((unsigned char)text[n - 1])))
		n--;
	text[n] = '\0';
	return text;
}

bool field_contains(const struct field_source *s, const char *text)
{
	return memmem(s->data, s->len, text, strlen(text));
}

/* --- what readers add ----------------------------------------------------------------
 */

void reading_at(struct field_reading *r, usec_t at, usec_t step)
{
	r->timed = true;
	if (r->any_timed && at < r->now)
		at = r->now - at > DAY / 2 ? at + (r->now - at + DAY - 1) / DAY * DAY
					   : r->now;
	r->any_timed = true;
	r->now = at;
	if (!r->log->step || step < r->log->step)
		r->log->step = step;
}

void reading_no_time(struct field_reading *r)
{
	r->timed = false;
}

void reading_understood(struct field_reading *r, unsigned long line)
{
	if (line && line <= r->source->lines)
		r->understood[line - 1] = true;
}

void reading_say(struct field_reading *r, unsigned long line, char side, const void *data,
	size_t len)
{
	struct field_log *log = r->log;
	uint8_t *copy;

	reading_understood(r, line);
	if (!len)
		return;
	if (log->n == FIELD_MOST_PIECES) {
		r->too_many = true;
		return;
	}
	if (log->n == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		log->piece = must(realloc(log->piece, r->room * sizeof(*log->piece)));
	}
	if (r->timed && !r->begun)
		r->first = r->now;
	r->begun |= r->timed;
	copy = must(malloc(len + 1));
	memcpy(copy, data, len);
	copy[len] = 0;
	log->piece[log->n++] = (struct field_piece){
		.at = r->begun ? r->now - r->first : 0,
		.timed = r->timed,
		.side = side,
		.data = copy,
		.len = len,
		.line = line,
		.doubt = r->doubt,
	};
}

void reading_say_text(
	struct field_reading *r, unsigned long line, char side, const char *text)
{
	reading_say(r, line, side, text, strlen(text));
}

void reading_note(struct field_reading *r, unsigned long line, const char *text)
{
	struct field_log *log = r->log;

	if (log->notes == FIELD_MOST_NOTES)
		return;
	if (log->notes == r->note_room) {
		r->note_room = r->note_room ? 2 * r->note_room : 16;
		log->note = must(realloc(log->note, r->note_room * sizeof(*log->note)));
	}
	log->note[log->notes++] = (struct field_note){ line, text };
}

bool reading_fail(struct field_reading *r, unsigned long line, const char *what)
{
	snprintf(r->why, r->size, "%s:%lu: %s", r->source->path, line, what);
	return false;
}

/* --- a log ---------------------------------------------------------------------------
 */

static const struct field_reader *best(const struct field_source *s)
{
	const struct field_reader *found = NULL;
	int most = 0, score;
	size_t i;

	for (i = 0; i < READERS; i++) {
		score = readers[i]->probe(s);
		if (score > most) {
			most = score;
			found = readers[i];
		}
	}
	return found;
}

static bool is_blank(const struct field_line *l)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (!isspace((unsigned char)l->p[i]))
			return false;
	return true;
}

static void count(struct field_reading *r)
{
	const struct field_source *s = r->source;
	size_t i;

	for (i = 0; i < s->lines; i++) {
		if (is_blank(&s->line[i]))
			continue;
		r->log->lines++;
		if (r->understood[i])
			r->log->understood++;
		else
			reading_note(r, s->line[i].number, "not understood");
	}
}

static int by_line(const void *a, const void *b)
{
	const struct field_note *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

static bool read_log(struct field_reading *r, const struct field_reader *reader)
{
	struct field_log *log = r->log;

	log->format = reader->name;
	if (!reader->read(r))
		return false;
	if (r->too_many) {
		snprintf(r->why, r->size,
			"%s: more than %u pieces; cut out the part that matters",
			r->source->path, FIELD_MOST_PIECES);
		return false;
	}
	if (!log->n) {
		snprintf(r->why, r->size,
			"%s: read as %s, but no command or answer is in it; name its "
			"format, or see whether the port was logged",
			r->source->path, log->format);
		return false;
	}
	count(r);
	if (log->notes)
		qsort(log->note, log->notes, sizeof(*log->note), by_line);
	return true;
}

static struct field_log *read_source(const struct field_source *s,
	const struct field_reader *reader, char *why, size_t size)
{
	struct field_reading r = { .source = s, .why = why, .size = size };
	bool read;

	r.log = must(calloc(1, sizeof(*r.log)));
	r.understood = must(calloc(s->lines + 1, sizeof(*r.understood)));
	read = read_log(&r, reader);
	free(r.understood);
	if (read)
		return r.log;
	field_log_free(r.log);
	return NULL;
}

struct field_log *field_read(const char *path, const char *format, char *why, size_t size)
{
	struct field_source s = { .path = path };
	const struct field_reader *reader = format ? named(format) : NULL;
	struct field_log *log = NULL;
	char names[256];

	if (format && !reader) {
		name_all(names, sizeof(names));
		snprintf(why, size, "%s: no format of a log; one of %s", format, names);
		return NULL;
	}
	if (open_source(&s, why, size)) {
		if (!reader)
			reader = best(&s);
		if (reader)
			log = read_source(&s, reader, why, size);
		else
			snprintf(why, size,
				"%s: no AT command is in it, and no format that is "
				"known; "
				"name its format",
				path);
	}
	close_source(&s);
	return log;
}

void field_log_free(struct field_log *log)
{
	size_t i;

	if (!log)
		return;
	for (i = 0; i < log->n; i++)
		free(log->piece[i].data);
	free(log->piece);
	free(log->note);
	free(log->profile);
	free(log);
}
