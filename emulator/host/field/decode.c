/* Escapes are never longer written than the octet they stand for: decoding is in place. */
#include "host/field/decode.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct code {
	const char *p, *end;
	unsigned value; /* of the escape that was found */
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Up to `most` digits of that base, into value. Returns how many. */
static unsigned digits(struct code *c, unsigned base, unsigned most)
{
	unsigned n;
	int d;

	for (n = 0, c->value = 0; n < most && c->p < c->end; n++, c->p++) {
		d = hex_digit(*c->p);
		if (d < 0 || (unsigned)d >= base)
			break;
		c->value = c->value * base + (unsigned)d;
	}
	return n;
}

static bool angle(struct code *c)
{
	static const struct {
		const char *name;
		unsigned value;
	} names[] = {
		{ "<CR>", '\r' },
		{ "<LF>", '\n' },
		{ "<NUL>", 0 },
		{ "<ESC>", 0x1b },
		{ "<SUB>", 0x1a },
		{ "<CTRL-Z>", 0x1a },
		{ "<CTRL+Z>", 0x1a },
		{ "<CTRLZ>", 0x1a },
		{ "<TAB>", '\t' },
	};
	struct code number = *c;
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i].name);
		if ((size_t)(c->end - c->p) >= len &&
			!strncasecmp(c->p, names[i].name, len)) {
			c->p += len;
			c->value = names[i].value;
			return true;
		}
	}
	number.p++;
	if (number.end - number.p > 2 && number.p[0] == '0' && number.p[1] == 'x')
		number.p += 2;
	if (digits(&number, 16, 2) != 2 || number.p >= number.end || *number.p != '>')
		return false;
	number.p++;
	*c = number;
	return true;
}

static bool square(struct code *c)
{
	if (c->end - c->p < 4 || c->p[3] != ']')
		return false;
	c->p++;
	if (digits(c, 16, 2) != 2)
		return false;
	c->p++;
	return true;
}

static bool caret(struct code *c)
{
	if (c->end - c->p < 2 || c->p[1] < '@' || c->p[1] > '_')
		return false;
	/* ^ is also the first character of commands: ^SYSINFO */
	if (!strchr("MJZ[@", c->p[1]) ||
		(c->p[1] != '[' && c->end - c->p > 2 && isupper((unsigned char)c->p[2])))
		return false;
	c->value = (unsigned)c->p[1] - '@';
	c->p += 2;
	return true;
}

static bool backslash(struct code *c)
{
	static const char from[] = "rntbfvae0\\\"'", to[] = "\r\n\t\b\f\v\a\x1b\0\\\"'";
	const char *found;

	if (c->end - c->p < 2)
		return false;
	c->p++;
	if (*c->p == 'x') {
		c->p++;
		return digits(c, 16, 2) > 0;
	}
	if (isdigit((unsigned char)*c->p))
		return digits(c, 8, 3) > 0;
	found = memchr(from, *c->p, strlen(from));
	if (!found)
		return false;
	c->value = (unsigned char)to[found - from];
	c->p++;
	return true;
}

static bool decimal(struct code *c)
{
	if (c->end - c->p < 2 || !isdigit((unsigned char)c->p[1]))
		return false;
	c->p++;
	return digits(c, 10, 3) > 0 && c->value < 256;
}

static bool escape(struct code *c, unsigned styles)
{
	switch (*c->p) {
	case '<':
		return styles & DECODE_ANGLE && angle(c);
	case '[':
		return styles & DECODE_SQUARE && square(c);
	case '^':
		return styles & DECODE_CARET && caret(c);
	case '\\':
		return (styles & DECODE_DECIMAL && decimal(c)) ||
		       (styles & DECODE_BACKSLASH && backslash(c));
	default:
		return false;
	}
}

struct decoded decode_text(char *text, size_t len, unsigned styles)
{
	struct code c = { text, text + len, 0 };
	struct decoded d = { 0, false, false };
	const char *start;

	while (c.p < c.end) {
		start = c.p;
		if (escape(&c, styles)) {
			d.ends |= c.value == '\r' || c.value == '\n' || c.value == 0x1a ||
				  c.value == 0x1b;
			text[d.len++] = (char)c.value;
			continue;
		}
		c.p = start;
		if (*c.p == '\\' && styles & (DECODE_BACKSLASH | DECODE_DECIMAL))
			d.damaged = true;
		text[d.len++] = *c.p++;
	}
	return d;
}
