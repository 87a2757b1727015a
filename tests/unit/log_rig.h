/* A log as text: its pieces, one a line, with what the reader was not sure of. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "host/field/log.h"

/* "4 > 0.063000 AT\r (doubt)"; "-" where no time is known. */
static void log_print_piece(FILE *f, const struct field_piece *p)
{
	char *text = malloc(4 * p->len + 1);
	struct buf b;

	assert_non_null(text);
	buf_init(&b, text, 4 * p->len);
	buf_put_visible(&b, (const char *)p->data, p->len);
	fprintf(f, "%lu %c ", p->line, p->side);
	if (p->timed)
		fprintf(f, "%llu.%06llu", (unsigned long long)p->at / 1000000,
			(unsigned long long)p->at % 1000000);
	else
		fputc('-', f);
	fprintf(f, " %.*s%s%s%s\n", (int)b.len, text, p->doubt ? " (" : "",
		p->doubt ? p->doubt : "", p->doubt ? ")" : "");
	free(text);
}

static void log_print(FILE *f, const struct field_log *log)
{
	size_t i;

	fprintf(f, "%s: %lu of %lu lines understood\n", log->format, log->understood,
		log->lines);
	for (i = 0; i < log->notes; i++)
		fprintf(f, "%lu: %s\n", log->note[i].line, log->note[i].text);
	for (i = 0; i < log->n; i++)
		log_print_piece(f, &log->piece[i]);
}

/* The same of a file; the error if it cannot be read. The caller frees it. */
static inline char *log_as_text(const char *path, const char *format)
{
	char why[512] = "", *text = NULL;
	struct field_log *log = field_read(path, format, why, sizeof(why));
	size_t size;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	if (log)
		log_print(f, log);
	else
		fprintf(f, "%s\n", why);
	field_log_free(log);
	fclose(f);
	return text;
}

/* The same of bytes; errors are without the path. */
static inline char *log_bytes_as_text(const char *bytes, size_t len, const char *format)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	char path[64], *text, *name;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	text = log_as_text(path, format);
	close(fd);
	/* errors begin with the path */
	name = strstr(text, path);
	if (name == text)
		memmove(text, text + strlen(path), strlen(text + strlen(path)) + 1);
	return text;
}

static inline void assert_log(const char *log, const char *wanted)
{
	char *text = log_bytes_as_text(log, strlen(log), NULL);

	assert_string_equal(text, wanted);
	free(text);
}
