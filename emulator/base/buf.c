#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, void *mem, size_t cap)
{
	*b = (struct buf){ .data = mem, .cap = cap };
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

bool buf_put(struct buf *b, const void *data, size_t len)
{
	if (len > buf_room(b)) {
		b->full = true;
		return false;
	}
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	return true;
}

bool buf_puts(struct buf *b, const char *text)
{
	return buf_put(b, text, strlen(text));
}

bool buf_putc(struct buf *b, char c)
{
	return buf_put(b, &c, 1);
}

bool buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	size_t room = buf_room(b);
	char spare;
	int n;

	/* vsnprintf needs a byte for the terminating zero, which the buffer does not keep
	 */
	n = vsnprintf(room ? b->data + b->len : &spare, room, fmt, ap);
	if (n < 0 || (size_t)n >= room) {
		b->full = true;
		return false;
	}
	b->len += (size_t)n;
	return true;
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	ok = buf_vprintf(b, fmt, ap);
	va_end(ap);
	return ok;
}

void buf_take(struct buf *b, size_t len)
{
	assert(len <= b->len);
	b->len -= len;
	memmove(b->data, b->data + len, b->len);
}

static int hex_value(char c)
{
	static const char digits[] = "0123456789ABCDEF0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)((at - digits) % 16) : -1;
}

/* The number of bytes at p that are shown as they are. */
static size_t plain(const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '\\'; i++)
		if (p[i] == '<' && len - i > 3 && hex_value((char)p[i + 1]) >= 0 &&
			hex_value((char)p[i + 2]) >= 0 && p[i + 3] == '>')
			break;
	return i;
}

static bool put_code(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	const char code[4] = { '<', hex[c >> 4], hex[c & 15], '>' };

	if (c == '\r')
		return buf_put(b, "\\r", 2);
	if (c == '\n')
		return buf_put(b, "\\n", 2);
	if (c == '\\')
		return buf_put(b, "\\\\", 2);
	return buf_put(b, code, sizeof(code));
}

bool buf_put_visible(struct buf *b, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t start = b->len, i, n;
	bool ok = true;

	for (i = 0; ok && i < len; i += n) {
		n = plain(p + i, len - i);
		if (n) {
			ok = buf_put(b, p + i, n);
		} else {
			ok = put_code(b, p[i]);
			n = 1;
		}
	}
	if (!ok)
		b->len = start;
	return ok;
}

bool buf_escaped_char(const char **text, unsigned char *out)
{
	const char *p = *text;

	if (p[0] == '\\' && (p[1] == 'r' || p[1] == 'n' || p[1] == '\\')) {
		*out = p[1] == 'r' ? '\r' : p[1] == 'n' ? '\n' : '\\';
		*text += 2;
		return true;
	}
	if (p[0] == '<' && hex_value(p[1]) >= 0 && hex_value(p[2]) >= 0 && p[3] == '>') {
		*out = (unsigned char)(hex_value(p[1]) * 16 + hex_value(p[2]));
		*text += 4;
		return true;
	}
	*out = (unsigned char)*p;
	*text += 1;
	return false;
}

bool buf_put_escaped(struct buf *b, const char *text)
{
	size_t before = b->len;
	unsigned char c;

	while (*text) {
		buf_escaped_char(&text, &c);
		if (!buf_putc(b, (char)c)) {
			b->len = before;
			return false;
		}
	}
	return true;
}
