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

static void put_line(struct play_all *all, char *line)
{
	size_t i = all->lines++ % PLAY_TRACE;

	free(all->line[i]);
	all->line[i] = line;
	if (all->options->trace)
		fprintf(all->options->trace, "%s\n", line);
}

/* The time, and whose line it is: the modem if there are several, the port if it is not
 * the first one. *begin: the length of it. */
static char *format(struct player *p, char kind, const char *text, size_t *begin)
{
	const char *modem = p->all->n > 1 ? p->conf->name : "";
	const char *port = p->port == MODEM_UART1 || kind == '#'
				   ? ""
				   : name_of(port_names, (int)p->port);
	char *line = NULL;
	int len = asprintf(&line, "%12.6f %s%s%s%c %s", (double)p->all->now / 1e6, modem,
		*modem && *port ? ":" : "", port, kind, text);

	if (len < 0)
		out_of_memory();
	*begin = (size_t)len - strlen(text);
	return line;
}

static void close_line(struct play_all *all)
{
	if (all->open)
		put_line(all, all->open);
	all->open = NULL;
	all->open_kind = 0;
}

/* Bytes of the same time and direction share a line, however many calls bring them. */
void play_trace(struct player *p, char kind, const void *bytes, size_t len)
{
	struct play_all *all = p->all;
	size_t begin;
	char *fresh = format(p, kind, play_visible(bytes, len), &begin), *longer = NULL;

	if (all->open_kind == kind && p->port == MODEM_UART1 &&
		!strncmp(all->open, fresh, begin) &&
		strlen(all->open) < 2 * LINE_MAX_BYTES) {
		if (asprintf(&longer, "%s%s", all->open, fresh + begin) < 0)
			out_of_memory();
		free(all->open);
		free(fresh);
		all->open = longer;
		return;
	}
	close_line(all);
	all->open = fresh;
	all->open_kind = p->port == MODEM_UART1 ? kind : 0;
}

void play_trace_text(struct player *p, const char *fmt, ...)
{
	char text[512];
	size_t begin;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	close_line(p->all);
	put_line(p->all, format(p, '#', text, &begin));
}

void play_trace_clear(struct play_all *all)
{
	size_t i;

	close_line(all);
	for (i = 0; i < PLAY_TRACE; i++)
		free(all->line[i]);
}

void play_fail(struct player *p, struct doc_place at, const char *fmt, ...)
{
	struct play_all *all = p->all;
	char *memory = NULL;
	size_t size, i, first;
	va_list ap;
	FILE *f;

	if (all->failed)
		return;
	close_line(all);
	all->failed = true;
	f = open_memstream(&memory, &size);
	must(f);
	fprintf(f, "%s:%d:%d: ", at.file, at.line, at.col);
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	fprintf(f, "\n");
	first = all->lines > PLAY_TRACE ? all->lines - PLAY_TRACE : 0;
	for (i = first; i < all->lines; i++)
		fprintf(f, "  %s\n", all->line[i % PLAY_TRACE]);
	fclose(f);
	all->result->message = memory;
}
