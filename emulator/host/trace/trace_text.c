/* The text format: one line a moment, with virtual seconds, the port (unless it is UART1),
 * the kind, and bytes made visible. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/hex.h"
#include "host/trace/trace_int.h"

#define BYTES_A_LINE 64 /* a block of XMODEM is wrapped */
#define FIRST        "# fauxtrack trace 1"

static const char digits[] = "0123456789ABCDEF";

static void put_start(FILE *f, unsigned port, usec_t at, char kind)
{
	fprintf(f, "%5llu.%06llu ", (unsigned long long)(at / 1000000),
		(unsigned long long)(at % 1000000));
	if (kind == TRACE_SOCKET)
		fprintf(f, "%u", port);
	else if (port != MODEM_UART1)
		fputs(name_of(port_names, (int)port), f);
	fprintf(f, "%c ", kind);
}

static void put_line(
	FILE *f, unsigned port, usec_t at, char kind, const char *text, size_t len)
{
	put_start(f, port, at, kind);
	fwrite(text, 1, len, f);
	putc('\n', f);
}

/* A text is one line; bytes are wrapped. */
static size_t piece(char kind, size_t len)
{
	size_t most = trace_is_text(kind) ? TRACE_TEXT : BYTES_A_LINE;

	return len < most ? len : most;
}

void trace_print_bytes(
	FILE *f, unsigned port, usec_t at, char kind, const void *buf, size_t len)
{
	char text[4 * TRACE_TEXT];
	const char *p = buf;
	struct buf b;
	size_t n;

	for (; len; p += n, len -= n) {
		n = piece(kind, len);
		buf_init(&b, text, sizeof(text));
		buf_put_visible(&b, p, n);
		put_line(f, port, at, kind, b.data, b.len);
	}
}

static void put_packet(FILE *f, const struct trace_item *item)
{
	const uint8_t *p = item->data;
	size_t i;

	put_start(f, item->port, item->at, item->kind);
	for (i = 0; i < item->len; i++) {
		putc(digits[p[i] >> 4], f);
		putc(digits[p[i] & 15], f);
	}
	putc('\n', f);
}

static void put_lines(FILE *f, const struct trace_item *item)
{
	const struct name *n;
	const char *space = "";

	put_start(f, item->port, item->at, item->kind);
	for (n = trace_line_names; n->name; n++)
		if (item->lines & (unsigned)n->value) {
			fprintf(f, "%s%s", space, n->name);
			space = " ";
		}
	putc('\n', f);
}

static void put(struct trace *t, const struct trace_item *item)
{
	if (trace_is_packet(item->kind))
		put_packet(t->file, item);
	else if (item->kind == TRACE_LINES)
		put_lines(t->file, item);
	else
		trace_print_bytes(
			t->file, item->port, item->at, item->kind, item->data, item->len);
}

static void begin(struct trace *t)
{
	fprintf(t->file,
		"%s\n# version %s\n# profile %s\n# seed %llu\n# speed %s\n# clock %lld\n",
		FIRST, t->header.version, t->header.profile,
		(unsigned long long)t->header.seed, t->header.speed, (long long)t->clock);
}

static bool ours(const uint8_t *start, size_t len)
{
	return len > strlen(FIRST) && !memcmp(start, FIRST, strlen(FIRST));
}

/* Reads one byte as buf_put_visible() shows it. Returns the number of characters read, 0
 * if they are malformed. */
static size_t byte_of(const char *p, uint8_t *out)
{
	if (p[0] == '\\') {
		*out = p[1] == 'r' ? '\r' : p[1] == 'n' ? '\n' : '\\';
		return p[1] == 'r' || p[1] == 'n' || p[1] == '\\' ? 2 : 0;
	}
	if (p[0] == '<' && hex_digit(p[1]) >= 0 && hex_digit(p[2]) >= 0 && p[3] == '>') {
		*out = (uint8_t)(hex_digit(p[1]) * 16 + hex_digit(p[2]));
		return 4;
	}
	*out = (uint8_t)p[0];
	return p[0] >= 0x20 && p[0] < 0x7f;
}

/* The same for an octet of a packet. */
static size_t octet_of(const char *p, uint8_t *out)
{
	if (hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0)
		return 0;
	*out = (uint8_t)(hex_digit(p[0]) * 16 + hex_digit(p[1]));
	return 2;
}

/* "9[": the number of a socket. */
static bool parse_socket(const char *number, unsigned *out)
{
	char *end;

	*out = (unsigned)strtoul(number, &end, 10);
	return number[0] >= '0' && number[0] <= '9' && !*end && *out < SOCKETS;
}

/* "usb>": the port, unless it is UART1, and the kind. */
static bool parse_port(const char *word, struct trace_item *item)
{
	const struct name *n;
	char port[16];
	size_t len = strlen(word) - 1;

	memcpy(port, word, len);
	port[len] = '\0';
	item->kind = word[len];
	if (item->kind == TRACE_SOCKET)
		return parse_socket(port, &item->port);
	n = len ? name_find(port_names, port) : &port_names[0];
	item->port = n ? (unsigned)n->value : 0;
	return n && strchr("><{}([!#=", item->kind);
}

static bool parse_lines(const char *text, struct trace_item *item)
{
	const struct name *n;
	char word[8];
	int used;

	for (; sscanf(text, "%7s%n", word, &used) == 1; text += used) {
		n = name_find(trace_line_names, word);
		if (!n)
			return false;
		item->lines |= (unsigned)n->value;
	}
	return true;
}

static int parse(struct trace_reader *r, const char *text, struct trace_item *item)
{
	unsigned long long seconds, micro;
	char word[16];
	int at = 0;
	size_t n;

	if (sscanf(text, "%llu.%6llu %15[^ ]%n", &seconds, &micro, word, &at) != 3 ||
		text[at] != ' ' || !parse_port(word, item))
		return trace_damaged(r, "no time, port and kind");
	item->at = seconds * 1000000 + micro;
	text += at + 1;
	if (item->kind == TRACE_LINES)
		return parse_lines(text, item) ? 1
					       : trace_damaged(r, "no such V.24 line");
	for (; *text; text += n) {
		if (item->len == TRACE_ITEM)
			return trace_damaged(r, "too long");
		n = (trace_is_packet(item->kind) ? octet_of : byte_of)(
			text, &r->data[item->len++]);
		if (!n)
			return trace_damaged(r, "a byte is written wrongly");
	}
	return 1;
}

static void take_head(struct trace_reader *r)
{
	char name[16];
	int at = 0;

	if (sscanf(r->line, "# %15s%n", name, &at) == 1 && r->line[at])
		trace_take_head(r, name, r->line + at + 1);
}

/* Lines of the head may stand anywhere; that of the clock is the last. */
static bool read_head(struct trace_reader *r)
{
	int next;

	while ((next = getc(r->file)) == '#' || next == '\n') {
		ungetc(next, r->file);
		trace_read_line(r);
		take_head(r);
	}
	ungetc(next, r->file);
	return true;
}

static int read_item(struct trace_reader *r, struct trace_item *item)
{
	while (trace_read_line(r)) {
		if (r->line[0] == '#' || !r->line[0])
			continue;
		if (r->cut)
			return trace_damaged(r, "cut off");
		return parse(r, r->line, item);
	}
	return 0;
}

const struct trace_format trace_text = { NULL, ours, begin, put, read_head, read_item };
