/* Addresses and sizes in the lines of ATI9. */
#include "state/layout.h"

#include <string.h>

/* After downloader and boot loader; the same on every unit that reported it. */
#define FIRST_ADDRESS 0x20000u

enum { /* positions of values in a line, from 0 */
	FIELD_SIZE = 4,
	FIELD_ADDRESS = 7,
};

/* The n-th value of a line, NULL if it has fewer; a comma in quotes belongs to the
 * value. */
static const char *value(const char *text, int n)
{
	bool quoted = false;

	for (; n > 0 && *text; text++) {
		if (*text == '"')
			quoted = !quoted;
		else if (*text == ',' && !quoted)
			n--;
	}
	return n ? NULL : text;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static bool number(const char *text, int base, uint32_t *out)
{
	uint32_t n = 0;
	int i, d;

	if (!text)
		return false;
	text += *text == '"';
	for (i = 0; i < 8 && (d = digit(text[i])) >= 0 && d < base; i++)
		n = n * (uint32_t)base + (uint32_t)d;
	*out = n;
	return i > 0;
}

bool layout_line(const char *text, const char *kind, struct extent *out)
{
	size_t len = strlen(kind);

	return text[0] == '"' && !strncmp(text + 1, kind, len) && text[1 + len] == '"' &&
	       number(value(text, FIELD_SIZE), 10, &out->size) &&
	       number(value(text, FIELD_ADDRESS), 16, &out->at);
}

static bool find_line(const struct firmware *f, const char *kind, struct extent *out)
{
	size_t i;

	for (i = 0; i < f->inventories; i++)
		if (layout_line(f->inventory[i].text, kind, out))
			return true;
	return false;
}

size_t layout_binaries(const struct firmware *f, struct extent out[LAYOUT_BINARIES])
{
	size_t n = 0;

	n += find_line(f, "MODEM", &out[n]);
	n += find_line(f, "FW", &out[n]);
	if (n)
		return n;
	out[0].at = FIRST_ADDRESS;
	out[0].size = f->image_size;
	return 1;
}

uint32_t layout_second(const struct firmware *f, uint32_t length)
{
	struct extent e[LAYOUT_BINARIES] = { 0 };
	uint64_t before, whole;

	layout_binaries(f, e);
	before = e[0].size;
	whole = (uint64_t)e[0].size + e[1].size;
	if (f->image_second) {
		before = f->image_second;
		whole = f->image_size;
	}
	return whole ? (uint32_t)(before * length / whole) : length;
}

uint32_t layout_application(const struct firmware *f)
{
	struct extent e;

	return find_line(f, "OAT", &e) ? e.at : f->wopen.application_at;
}

void layout_line_sized(const char *text, uint32_t size, struct buf *out)
{
	const char *before = value(text, FIELD_SIZE),
		   *behind = value(text, FIELD_SIZE + 1);

	if (before && behind)
		buf_printf(out, "%.*s%u,%s", (int)(before - text), text, size, behind);
	else
		buf_puts(out, text);
}

bool layout_overlap(const struct extent *a, const struct extent *b)
{
	return a->size && b->size && a->at < (uint64_t)b->at + b->size &&
	       b->at < (uint64_t)a->at + a->size;
}
