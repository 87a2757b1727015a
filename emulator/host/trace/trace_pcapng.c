/* pcapng (draft-ietf-opsawg-pcapng), which Wireshark reads: an interface for each port with
 * LINKTYPE_RTAC_SERIAL, one with LINKTYPE_RAW for IP packets, one with LINKTYPE_USER0 for
 * far ends. Events and notes are comments of packets without octets. */
#include <stdlib.h>
#include <string.h>

#include "host/trace/trace_int.h"

enum { /* types of blocks */
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,
};
#define BYTE_ORDER_MAGIC 0x1a2b3c4du

enum { /* options: all blocks, sections, interfaces, packets */
	OPT_END = 0,
	OPT_COMMENT = 1,
	OPT_PROGRAM = 4,
	OPT_IF_NAME = 2,
	OPT_IF_RESOLUTION = 9,
	OPT_PACKET_FLAGS = 2,
};
enum { /* of OPT_PACKET_FLAGS */
	FLAG_INBOUND = 1,
	FLAG_OUTBOUND = 2,
};

enum link_type {
	LINK_RAW = 101,
	LINK_USER0 = 147,
	LINK_RTAC_SERIAL = 250,
};

/* LINKTYPE_RTAC_SERIAL: seconds and microseconds, event, lines, two octets of zero; the
 * numbers in network order. */
#define RTAC_HEADER 12
enum rtac_event {
	RTAC_LINES = 0, /* STATUS_CHANGE */
	RTAC_TX = 1,    /* from the host, as the sender of the capture sees it */
	RTAC_RX = 2,
	RTAC_TX_END = 3,
	RTAC_RX_END = 4,
};
static const struct name rtac_lines[] = {
	/* values: enum v24_line, trace_line_bit */
	{ V24_CTS, "\x01", NULL },
	{ V24_DCD, "\x02", NULL },
	{ V24_DSR, "\x04", NULL },
	{ TRACE_RTS, "\x08", NULL },
	{ TRACE_DTR, "\x10", NULL },
	{ V24_RI, "\x20", NULL },
	{ 0, NULL, NULL },
};

#define FACE_PACKETS MODEM_NAMED
#define FACE_FAR     (MODEM_NAMED + 1)
#define FACE_SOCKET  (MODEM_NAMED + 2) /* ... and the others after it */

static uint8_t to_rtac(unsigned lines)
{
	const struct name *n;
	uint8_t out = 0;

	for (n = rtac_lines; n->name; n++)
		if (lines & (unsigned)n->value)
			out |= (uint8_t)n->name[0];
	return out;
}

static unsigned from_rtac(uint8_t octet)
{
	const struct name *n;
	unsigned out = 0;

	for (n = rtac_lines; n->name; n++)
		if (octet & n->name[0])
			out |= (unsigned)n->value;
	return out;
}

/* --- writing: the byte order of this machine ------------------------------------------
 */

static void put32(FILE *f, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, f);
}

static void put16(FILE *f, uint16_t v)
{
	fwrite(&v, sizeof(v), 1, f);
}

static uint32_t padded(size_t len)
{
	return (uint32_t)((len + 3) & ~(size_t)3);
}

static void pad(FILE *f, size_t len)
{
	fwrite("\0\0\0", 1, padded(len) - len, f);
}

static void put_option(FILE *f, uint16_t code, const void *data, size_t len)
{
	put16(f, code);
	put16(f, (uint16_t)len);
	fwrite(data, 1, len, f);
	pad(f, len);
}

static uint32_t option_size(size_t len)
{
	return 4 + padded(len);
}

static void begin(struct trace *t)
{
	char program[TRACE_TEXT], head[4 * TRACE_TEXT];
	uint32_t size;
	int n, m;

	n = snprintf(program, sizeof(program), "fauxtrack %.100s", t->header.version);
	m = snprintf(head, sizeof(head),
		"fauxtrack trace 1\nversion %.200s\nprofile %.300s\nseed %llu\nspeed "
		"%.100s\n"
		"clock %lld",
		t->header.version, t->header.profile, (unsigned long long)t->header.seed,
		t->header.speed, (long long)t->clock);
	size = 28 + option_size((size_t)n) + option_size((size_t)m) + 4;
	put32(t->file, BLOCK_SECTION);
	put32(t->file, size);
	put32(t->file, BYTE_ORDER_MAGIC);
	put16(t->file, 1);
	put16(t->file, 0);
	put32(t->file, 0xffffffff); /* length of the section: not told */
	put32(t->file, 0xffffffff);
	put_option(t->file, OPT_COMMENT, head, (size_t)m);
	put_option(t->file, OPT_PROGRAM, program, (size_t)n);
	put32(t->file, OPT_END);
	put32(t->file, size);
}

/* The interface of a port, of packets or of far ends; it is described when it is first
 * used. */
static unsigned face_of(struct trace *t, unsigned which)
{
	uint16_t type = which == FACE_PACKETS ? LINK_RAW
			: which >= FACE_FAR   ? LINK_USER0
					      : LINK_RTAC_SERIAL;
	char name[24];
	uint32_t size;

	if (t->face[which])
		return t->face[which] - 1;
	if (which >= FACE_SOCKET)
		snprintf(name, sizeof(name), "socket-%u", which - FACE_SOCKET);
	else
		snprintf(name, sizeof(name), "%s",
			which == FACE_PACKETS ? "ppp"
			: which == FACE_FAR   ? "far-end"
					      : name_of(port_names, (int)which));
	size = 20 + option_size(strlen(name)) + 4;
	put32(t->file, BLOCK_INTERFACE);
	put32(t->file, size);
	put16(t->file, type);
	put16(t->file, 0);
	put32(t->file, 0); /* no limit of length */
	put_option(t->file, OPT_IF_NAME, name, strlen(name));
	put32(t->file, OPT_END);
	put32(t->file, size);
	t->face[which] = ++t->faces;
	return t->face[which] - 1;
}

/* One packet: head and data; with a comment, or flags. */
struct packet {
	unsigned which;
	usec_t at;
	const uint8_t *head, *data;
	size_t head_len, data_len;
	const char *comment;
	size_t comment_len;
	uint32_t flags; /* 0: none */
};

static void put_packet(struct trace *t, const struct packet *p)
{
	unsigned face = face_of(t, p->which);
	uint64_t at = (uint64_t)t->clock * 1000000 + p->at;
	uint32_t len = (uint32_t)(p->head_len + p->data_len);
	uint32_t size = 32 + padded(len);

	if (p->comment)
		size += option_size(p->comment_len);
	if (p->flags)
		size += option_size(4);
	if (p->comment || p->flags)
		size += 4;
	put32(t->file, BLOCK_PACKET);
	put32(t->file, size);
	put32(t->file, face);
	put32(t->file, (uint32_t)(at >> 32));
	put32(t->file, (uint32_t)at);
	put32(t->file, len);
	put32(t->file, len);
	if (p->head_len)
		fwrite(p->head, 1, p->head_len, t->file);
	if (p->data_len)
		fwrite(p->data, 1, p->data_len, t->file);
	pad(t->file, len);
	if (p->comment)
		put_option(t->file, OPT_COMMENT, p->comment, p->comment_len);
	if (p->flags)
		put_option(t->file, OPT_PACKET_FLAGS, &p->flags, 4);
	if (p->comment || p->flags)
		put32(t->file, OPT_END);
	put32(t->file, size);
}

static void rtac_head(const struct trace *t, const struct trace_item *item,
	enum rtac_event event, uint8_t head[RTAC_HEADER])
{
	uint64_t at = (uint64_t)t->clock * 1000000 + item->at;
	uint32_t seconds = (uint32_t)(at / 1000000), micro = (uint32_t)(at % 1000000);
	unsigned i;

	memset(head, 0, RTAC_HEADER);
	for (i = 0; i < 4; i++) {
		head[i] = (uint8_t)(seconds >> (24 - 8 * i));
		head[4 + i] = (uint8_t)(micro >> (24 - 8 * i));
	}
	head[8] = (uint8_t)event;
	head[9] = to_rtac(t->lines[item->port]);
}

static void put(struct trace *t, const struct trace_item *item)
{
	struct packet p = { .which = item->port,
		.at = item->at,
		.data = item->data,
		.data_len = item->len };
	char comment[TRACE_TEXT + 2];
	uint8_t head[RTAC_HEADER];
	enum rtac_event event = RTAC_LINES;

	switch ((enum trace_kind)item->kind) {
	case TRACE_PACKET_OUT:
	case TRACE_PACKET_IN:
		p.which = FACE_PACKETS;
		p.flags = item->kind == TRACE_PACKET_IN ? FLAG_INBOUND : FLAG_OUTBOUND;
		put_packet(t, &p);
		return;
	case TRACE_FAR:
	case TRACE_SOCKET:
		p.which = item->kind == TRACE_FAR ? FACE_FAR : FACE_SOCKET + item->port;
		p.flags = FLAG_INBOUND;
		put_packet(t, &p);
		return;
	case TRACE_EVENT:
	case TRACE_NOTE:
		snprintf(comment, sizeof(comment), "%c %.*s", item->kind, (int)item->len,
			(const char *)item->data);
		p.comment = comment;
		p.comment_len = strlen(comment);
		p.data_len = 0;
		break;
	case TRACE_HOST:
		event = RTAC_TX;
		p.flags = FLAG_OUTBOUND;
		break;
	case TRACE_MODEM:
		event = RTAC_RX;
		p.flags = FLAG_INBOUND;
		break;
	case TRACE_LINES:
		break;
	}
	rtac_head(t, item, event, head);
	p.head = head;
	p.head_len = RTAC_HEADER;
	put_packet(t, &p);
}

/* --- reading --------------------------------------------------------------------------
 */

static uint32_t get32(const struct trace_reader *r, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return r->swapped ? __builtin_bswap32(v) : v;
}

static uint16_t get16(const struct trace_reader *r, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return r->swapped ? __builtin_bswap16(v) : v;
}

/* A block: its type, and what is between its two lengths, in r->line. */
struct block {
	uint32_t type;
	const uint8_t *body;
	size_t len;
};

#define BLOCK_MOST (1u << 24)

/* 1, 0 at the end, -1 */
static int read_block(struct trace_reader *r, struct block *b)
{
	uint8_t head[12];
	uint32_t size, magic;
	size_t n = fread(head, 1, 8, r->file);

	r->number++;
	if (!n && feof(r->file))
		return 0;
	if (n < 8)
		return trace_damaged(r, "cut off");
	memcpy(&b->type, head, 4); /* that of a section reads the same in both orders */
	if (b->type == BLOCK_SECTION) {
		if (fread(head + 8, 1, 4, r->file) < 4)
			return trace_damaged(r, "cut off");
		memcpy(&magic, head + 8, 4);
		if (magic != BYTE_ORDER_MAGIC &&
			__builtin_bswap32(magic) != BYTE_ORDER_MAGIC)
			return trace_damaged(r, "no byte order");
		r->swapped = magic != BYTE_ORDER_MAGIC;
		fseek(r->file, -4, SEEK_CUR);
	}
	b->type = get32(r, head);
	size = get32(r, head + 4);
	if (size < 12 || size % 4 || size > BLOCK_MOST)
		return trace_damaged(r, "a block has an impossible length");
	if (r->line_size < size) {
		char *larger = realloc(r->line, size);

		if (!larger)
			return trace_damaged(r, "not enough memory");
		r->line = larger;
		r->line_size = size;
	}
	b->len = size - 12;
	if (fread(r->line, 1, size - 8, r->file) < size - 8)
		return trace_damaged(r, "cut off");
	b->body = (const uint8_t *)r->line;
	if (get32(r, b->body + b->len) != size)
		return trace_damaged(r, "the two lengths of a block differ");
	return 1;
}

/* The option of that code, from `at` on; NULL if there is none. */
static const uint8_t *option(const struct trace_reader *r, const struct block *b,
	size_t at, uint16_t code, size_t *len)
{
	while (at + 4 <= b->len) {
		uint16_t this = get16(r, b->body + at);

		*len = get16(r, b->body + at + 2);
		if (this == OPT_END || at + 4 + *len > b->len)
			return NULL;
		if (this == code)
			return b->body + at + 4;
		at += 4 + padded(*len);
	}
	return NULL;
}

static void take_comment(struct trace_reader *r, const uint8_t *p, size_t len)
{
	char text[4 * TRACE_TEXT], *line, *next, *value;

	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)p);
	for (line = text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		trace_take_head(r, line, value);
		if (!strcmp(line, "clock")) {
			r->started = true;
			r->first = r->clock * 1000000;
		}
	}
}

static int take_section(struct trace_reader *r, const struct block *b)
{
	const uint8_t *p;
	size_t len;

	if (b->len < 16)
		return trace_damaged(r, "a section is too short");
	r->faces = 0;
	p = option(r, b, 16, OPT_COMMENT, &len);
	if (p)
		take_comment(r, p, len);
	p = option(r, b, 16, OPT_PROGRAM, &len);
	if (p && !r->version[0])
		snprintf(r->version, sizeof(r->version), "%.*s", (int)len,
			(const char *)p);
	return 1;
}

static int take_interface(struct trace_reader *r, const struct block *b)
{
	const struct name *n = NULL;
	struct trace_face *face;
	const uint8_t *p;
	char name[32];
	size_t len;

	if (b->len < 8)
		return trace_damaged(r, "an interface is too short");
	if (r->faces == sizeof(r->face) / sizeof(r->face[0]))
		return trace_damaged(r, "more than 32 interfaces");
	face = &r->face[r->faces++];
	*face = (struct trace_face){ .link_type = get16(r, b->body), .digits = 6 };
	p = option(r, b, 8, OPT_IF_NAME, &len);
	if (p) {
		snprintf(name, sizeof(name), "%.*s", (int)len, (const char *)p);
		n = name_find(port_names, name);
	}
	face->port = n ? (unsigned)n->value : MODEM_UART1;
	face->kind = TRACE_FAR;
	if (p && sscanf(name, "socket-%u", &face->port) == 1 && face->port < SOCKETS)
		face->kind = TRACE_SOCKET;
	p = option(r, b, 8, OPT_IF_RESOLUTION, &len);
	if (p && len == 1)
		face->digits = p[0];
	if (face->digits > 12) /* also powers of two */
		return trace_damaged(r, "time stamps in a unit that is not read");
	return 1;
}

/* Units of 10^-digits s to microseconds. */
static int64_t micro(uint64_t at, unsigned digits)
{
	for (; digits > 6; digits--)
		at /= 10;
	for (; digits < 6; digits++)
		at *= 10;
	return (int64_t)at;
}

static bool take_text(const struct trace_reader *r, const struct block *b, size_t options,
	struct trace_item *item)
{
	size_t len;
	const uint8_t *p = option(r, b, options, OPT_COMMENT, &len);

	if (!p || len < 2 || (p[0] != TRACE_NOTE && p[0] != TRACE_EVENT) || p[1] != ' ')
		return false;
	item->kind = (char)p[0];
	item->data = p + 2;
	item->len = len - 2;
	return true;
}

/* A change of lines that stands in a packet with bytes comes before it. */
static int take_serial(struct trace_reader *r, const struct block *b, size_t options,
	struct trace_item *item)
{
	const uint8_t *p = item->data;
	unsigned lines;

	if (item->len < RTAC_HEADER)
		return trace_damaged(r, "a packet is too short for its link type");
	lines = from_rtac(p[9]);
	item->data = p + RTAC_HEADER;
	item->len -= RTAC_HEADER;
	switch ((enum rtac_event)p[8]) {
	case RTAC_TX:
	case RTAC_TX_END:
		item->kind = TRACE_HOST;
		break;
	case RTAC_RX:
	case RTAC_RX_END:
		item->kind = TRACE_MODEM;
		break;
	case RTAC_LINES:
	default:
		item->len = 0;
		break;
	}
	if (!item->len && take_text(r, b, options, item))
		return 1;
	if (lines == r->lines[item->port])
		return item->len ? 1 : 2;
	r->lines[item->port] = lines;
	if (item->len) {
		r->next = *item;
		r->held = true;
	}
	item->kind = TRACE_LINES;
	item->lines = lines;
	item->data = NULL;
	item->len = 0;
	return 1;
}

/* 1, -1, or 2: it tells nothing */
static int take_packet(
	struct trace_reader *r, const struct block *b, struct trace_item *item)
{
	const struct trace_face *face;
	uint32_t flags = 0, which;
	size_t options, len;
	const uint8_t *p;
	int64_t at;

	if (b->len < 20)
		return trace_damaged(r, "a packet is too short");
	which = get32(r, b->body);
	item->len = get32(r, b->body + 12);
	options = 20 + (size_t)padded(item->len);
	if (which >= r->faces || item->len > b->len || options > b->len)
		return trace_damaged(r, "a packet has an impossible length or interface");
	face = &r->face[which];
	at = micro((uint64_t)get32(r, b->body + 4) << 32 | get32(r, b->body + 8),
		face->digits);
	if (!r->started) {
		r->started = true;
		r->first = at;
		r->clock = at / 1000000;
	}
	item->at = at > r->first ? (usec_t)at - (usec_t)r->first : 0;
	item->data = b->body + 20;
	item->port = face->port;
	p = option(r, b, options, OPT_PACKET_FLAGS, &len);
	if (p && len == 4)
		flags = get32(r, p) & 3;
	switch ((enum link_type)face->link_type) {
	case LINK_RTAC_SERIAL:
		return take_serial(r, b, options, item);
	case LINK_RAW:
		item->kind = flags == FLAG_INBOUND ? TRACE_PACKET_IN : TRACE_PACKET_OUT;
		return 1;
	case LINK_USER0:
		item->kind = face->kind;
		return 1;
	}
	return 2; /* an interface of something else */
}

static int read_item(struct trace_reader *r, struct trace_item *item)
{
	struct block b;
	int result;

	if (r->held) {
		r->held = false;
		*item = r->next;
		return 1;
	}
	while ((result = read_block(r, &b)) == 1) {
		if (b.type == BLOCK_SECTION)
			result = take_section(r, &b);
		else if (b.type == BLOCK_INTERFACE)
			result = take_interface(r, &b);
		else if (b.type != BLOCK_PACKET)
			continue;
		else
			result = take_packet(r, &b, item);
		if (result == -1 || (b.type == BLOCK_PACKET && result == 1))
			return result;
		*item = (struct trace_item){ .data = r->data };
	}
	return result;
}

static bool ours(const uint8_t *start, size_t len)
{
	return len >= 4 && !memcmp(start, "\x0a\x0d\x0d\x0a", 4);
}

static bool read_head(struct trace_reader *r)
{
	struct block b;

	return read_block(r, &b) == 1 && take_section(r, &b) == 1;
}

const struct trace_format trace_pcapng = { ".pcapng", ours, begin, put, read_head,
	read_item };
