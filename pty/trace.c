/* One line per moment: virtual seconds, port (unless UART1) and direction, bytes made
 * visible. */
#include "trace.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "state/ports.h"

#define BYTES_A_LINE 64 /* a block of XMODEM is wrapped */

static const char digits[] = "0123456789ABCDEF";

struct trace {
	FILE *file;
	const struct log *log;
	char *path;
	bool failed;
};

struct trace *trace_open(
	const char *path, const struct trace_header *h, const struct log *log)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t || !(t->path = strdup(path)))
		out_of_memory();
	t->log = log;
	t->file = fopen(path, "we");
	if (!t->file) {
		log_error(log, LOG_PTY,
			"--trace %s: %s; its directory must exist and be writable", path,
			strerror(errno));
		trace_close(t);
		return NULL;
	}
	fprintf(t->file,
		"# fauxtrack trace 1\n# version %s\n# profile %s\n# seed %llu\n"
		"# speed %s\n",
		h->version, h->profile, (unsigned long long)h->seed, h->speed);
	return t;
}

void trace_clock(struct trace *t, int64_t clock)
{
	if (t)
		fprintf(t->file, "# clock %lld\n", (long long)clock);
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	trace_flush(t);
	if (t->file)
		fclose(t->file);
	free(t->path);
	free(t);
}

static void put_line(
	FILE *f, unsigned port, usec_t at, char what, const char *text, size_t len)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", port);
	fprintf(f, "%5llu.%06llu %s%c ", (unsigned long long)(at / 1000000),
		(unsigned long long)(at % 1000000),
		what == TRACE_SOCKET  ? number
		: port == MODEM_UART1 ? ""
				      : name_of(port_names, (int)port),
		what);
	fwrite(text, 1, len, f);
	putc('\n', f);
}

void trace_print_bytes(
	FILE *f, unsigned port, usec_t at, char direction, const void *buf, size_t len)
{
	char text[4 * BYTES_A_LINE];
	const char *p = buf;
	struct buf b;
	size_t n;

	for (; len; p += n, len -= n) {
		n = len < BYTES_A_LINE ? len : BYTES_A_LINE;
		buf_init(&b, text, sizeof(text));
		buf_put_visible(&b, p, n);
		put_line(f, port, at, direction, b.data, b.len);
	}
}

void trace_bytes(struct trace *t, unsigned port, usec_t at, char direction,
	const void *buf, size_t len)
{
	if (t)
		trace_print_bytes(t->file, port, at, direction, buf, len);
}

void trace_socket(struct trace *t, unsigned id, usec_t at, const void *buf, size_t len)
{
	trace_bytes(t, id, at, TRACE_SOCKET, buf, len);
}

void trace_packet(
	struct trace *t, usec_t at, char direction, const void *packet, size_t len)
{
	char text[2 * TRACE_BYTES];
	const uint8_t *p = packet;
	size_t i;

	if (!t)
		return;
	if (len > TRACE_BYTES)
		len = TRACE_BYTES;
	for (i = 0; i < len; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	put_line(t->file, MODEM_UART1, at, direction, text, 2 * len);
}

static void print_note(FILE *f, unsigned port, usec_t at, const char *text)
{
	char seen[1024];
	struct buf b;

	buf_init(&b, seen, sizeof(seen));
	if (!buf_put_visible(&b, text, strlen(text)))
		buf_put_visible(&b, text, sizeof(seen) / 4);
	put_line(f, port, at, '#', b.data, b.len);
}

void trace_note(struct trace *t, unsigned port, usec_t at, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!t)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	print_note(t->file, port, at, text);
}

void trace_event(struct trace *t, usec_t at, const char *fmt, ...)
{
	char text[400], seen[4 * sizeof(text)];
	va_list ap;
	struct buf b;

	if (!t)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* one line each: several may be of one time */
	buf_init(&b, seen, sizeof(seen));
	buf_put_visible(&b, text, strlen(text));
	put_line(t->file, MODEM_UART1, at, '!', b.data, b.len);
}

void trace_print_notice(FILE *f, const struct notice *n)
{
	const char *kind = name_of(notice_names, (int)n->kind);
	char text[512];

	if (!n->text)
		snprintf(text, sizeof(text), "%s: %ld", kind, n->value);
	else if (n->value)
		snprintf(text, sizeof(text), "%s: %s (%ld)", kind, n->text, n->value);
	else
		snprintf(text, sizeof(text), "%s: %s", kind, n->text);
	print_note(f, n->port, n->at, text);
}

void trace_notice(struct trace *t, const struct notice *n)
{
	if (t)
		trace_print_notice(t->file, n);
}

void trace_flush(struct trace *t)
{
	if (!t || !t->file || !fflush(t->file) || t->failed)
		return;
	t->failed = true;
	log_error(t->log, LOG_PTY, "%s: %s; the trace is incomplete", t->path,
		strerror(errno));
}

/* --- reading it back ---------------------------------------------------------------- */

static int digit(char c)
{
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Reads one byte as buf_put_visible() shows it. Returns the number of characters read, 0
 * if they are malformed. */
static size_t byte_of(const char *p, unsigned char *out)
{
	if (p[0] == '\\') {
		*out = p[1] == 'r' ? '\r' : p[1] == 'n' ? '\n' : '\\';
		return p[1] == 'r' || p[1] == 'n' || p[1] == '\\' ? 2 : 0;
	}
	if (p[0] == '<' && digit(p[1]) >= 0 && digit(p[2]) >= 0 && p[3] == '>') {
		*out = (unsigned char)(digit(p[1]) * 16 + digit(p[2]));
		return 4;
	}
	*out = (unsigned char)p[0];
	return p[0] >= 0x20 && p[0] < 0x7f;
}

/* The same for an octet of a packet. */
static size_t octet_of(const char *p, unsigned char *out)
{
	if (digit(p[0]) < 0 || digit(p[1]) < 0)
		return 0;
	*out = (unsigned char)(digit(p[0]) * 16 + digit(p[1]));
	return 2;
}

static bool is_packet(char direction)
{
	return direction == TRACE_PACKET_IN || direction == TRACE_PACKET_OUT;
}

/* "9[": the number of a socket. */
static bool parse_socket(const char *number, unsigned *out)
{
	char *end;

	*out = (unsigned)strtoul(number, &end, 10);
	return number[0] >= '0' && number[0] <= '9' && !*end;
}

/* "usb>": the port, unless it is UART1, and the direction. */
static bool parse_port(const char *word, struct trace_line *line)
{
	const struct name *n;
	char port[16];
	size_t len = strlen(word) - 1;

	memcpy(port, word, len);
	port[len] = '\0';
	line->direction = word[len];
	if (line->direction == TRACE_SOCKET)
		return parse_socket(port, &line->port);
	n = len ? name_find(port_names, port) : &port_names[0];
	line->port = n ? (unsigned)n->value : 0;
	return n;
}

static bool parse(const char *text, struct trace_line *line)
{
	unsigned long long seconds, micro;
	char word[16];
	int at = 0;
	size_t n;

	if (sscanf(text, "%llu.%6llu %15[^ \n]%n", &seconds, &micro, word, &at) != 3 ||
		text[at] != ' ' || !parse_port(word, line))
		return false;
	line->at = seconds * 1000000 + micro;
	line->len = 0;
	for (text += at + 1; *text && *text != '\n'; text += n) {
		if (line->len == TRACE_BYTES)
			return false;
		n = (is_packet(line->direction) ? octet_of : byte_of)(
			text, &line->bytes[line->len++]);
		if (!n)
			return false;
	}
	return *text == '\n';
}

int trace_next(FILE *f, struct trace_line *line)
{
	char text[4 * TRACE_BYTES + 64];
	char word[16];

	while (fgets(text, sizeof(text), f)) {
		line->number++;
		if (text[0] == '#' || text[0] == '\n' ||
			(sscanf(text, "%*u.%*u %15[^ \n]", word) == 1 &&
				word[strlen(word) - 1] == '#'))
			continue;
		if (!parse(text, line) || !strchr("><{}([!", line->direction))
			return -1;
		return 1;
	}
	return 0;
}
