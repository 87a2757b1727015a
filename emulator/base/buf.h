/* A bounded buffer in the caller's memory. What does not fit is left out whole and
 * remembered in `full`: nothing is ever cut in the middle. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len, cap;
	bool full; /* something was left out */
};

void buf_init(struct buf *b, void *mem, size_t cap);
void buf_clear(struct buf *b);
size_t buf_room(const struct buf *b);

/* Each appends all of it or nothing, and says which. The buffer is not zero-ended. */
bool buf_put(struct buf *b, const void *data, size_t len);
bool buf_puts(struct buf *b, const char *text);
bool buf_putc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Takes the first len bytes out. */
void buf_take(struct buf *b, size_t len);

/* The bytes that a text stands for: \r \n \\ <1A>, what buf_put_visible() writes.
 * buf_escaped_char() gives the first of them and steps over it; false when it stands for
 * itself. */
bool buf_put_escaped(struct buf *b, const char *text);
bool buf_escaped_char(const char **text, unsigned char *out);

/* Appends bytes so that a person can read them: \r \n \\ <1A>, one line. Nothing is lost:
 * where the bytes themselves are the four of <1A>, their < is <3C>. */
bool buf_put_visible(struct buf *b, const void *data, size_t len);
