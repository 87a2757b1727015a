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
static inline size_t buf_room(const struct buf *b)
{
	return b->cap - b->len;
}

/* Each appends all of its data or nothing; true if it fitted. The buffer is not
 * zero-terminated. */
bool buf_put(struct buf *b, const void *data, size_t len);
bool buf_puts(struct buf *b, const char *text);
bool buf_putc(struct buf *b, char c);
bool buf_printf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Removes the first len bytes. */
void buf_take(struct buf *b, size_t len);

/* Appends the bytes that an escaped text stands for (\r \n \\ <1A>, as buf_put_visible()
 * writes them). buf_escaped_char() reads one such byte and steps over it; false when it
 * was not escaped. */
bool buf_put_escaped(struct buf *b, const char *text);
bool buf_escaped_char(const char **text, unsigned char *out);

/* Appends bytes in a readable form: \r \n \\ <1A>, on one line. Nothing is lost: where
 * the bytes themselves are the four of <1A>, their < becomes <3C>. */
bool buf_put_visible(struct buf *b, const void *data, size_t len);
