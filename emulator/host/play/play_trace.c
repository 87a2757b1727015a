/* The readable trace of what the player has seen: time, direction, visible bytes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/play/player_int.h"

#define LINE_MAX_BYTES 96

void *play_alloc(size_t size)
{
	void *mem = malloc(size ? size : 1);

	if (!mem) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return mem;
}

const char *play_visible(const char *bytes, size_t len)
{
	static char text[4][4 * LINE_MAX_BYTES + 8];
	static unsigned turn;
	char *out = text[turn++ % 4];
	struct buf b;
	size_t cut = len > LINE_MAX_BYTES ? LINE_MAX_BYTES : len;

	buf_init(&b, out, sizeof(text[0]) - 4);
	buf_put_visible(&b, bytes, cut);
	if (cut < len)
		buf_puts(&b, "...");
	out[b.len] = '\0';
	return out;
}

static void put_line(struct player *p, char *line)
{
	size_t i = p->lines++ % PLAY_TRACE;

	free(p->line[i]);
	p->line[i] = line;
	if (p->options->trace)
		fprintf(p->options->trace, "%s\n", line);
}

static char *format(struct player *p, char kind, const char *text)
{
	char *line = NULL;

	if (asprintf(&line, "%12.6f %s%c %s", (double)p->now / 1e6,
		    p->port == MODEM_UART1 || kind == '#'
			    ? ""
			    : name_of(port_names, (int)p->port),
		    kind, text) < 0)
		out_of_memory();
	return line;
}

static void close_line(struct player *p)
{
	if (p->open)
		put_line(p, p->open);
	p->open = NULL;
	p->open_kind = 0;
}

/* Bytes of the same time and direction share a line, however many calls bring them. */
void play_trace(struct player *p, char kind, const void *bytes, size_t len)
{
	char *fresh = format(p, kind, play_visible(bytes, len));
	char *longer = NULL;

	if (p->open_kind == kind && p->port == MODEM_UART1 &&
		!strncmp(p->open, fresh, 14) && strlen(p->open) < 2 * LINE_MAX_BYTES) {
		if (asprintf(&longer, "%s%s", p->open, fresh + 15) < 0)
			out_of_memory();
		free(p->open);
		free(fresh);
		p->open = longer;
		return;
	}
	close_line(p);
	p->open = fresh;
	p->open_kind = p->port == MODEM_UART1 ? kind : 0;
}

void play_trace_text(struct player *p, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	close_line(p);
	put_line(p, format(p, '#', text));
}

void play_trace_clear(struct player *p)
{
	size_t i;

	close_line(p);
	for (i = 0; i < PLAY_TRACE; i++)
		free(p->line[i]);
}

void play_fail(struct player *p, struct doc_place at, const char *fmt, ...)
{
	char *memory = NULL;
	size_t size, i, first;
	va_list ap;
	FILE *f;

	if (p->failed)
		return;
	close_line(p);
	p->failed = true;
	f = open_memstream(&memory, &size);
	must(f);
	fprintf(f, "%s:%d:%d: ", at.file, at.line, at.col);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	fprintf(f, "\n");
	first = p->lines > PLAY_TRACE ? p->lines - PLAY_TRACE : 0;
	for (i = first; i < p->lines; i++)
		fprintf(f, "  %s\n", p->line[i % PLAY_TRACE]);
	fclose(f);
	p->result->message = memory;
}
