/* Phonebook records: written in parts, read back. */
#include "state/nv_books.h"

#include <stdio.h>
#include <string.h>

#include "codec/hex.h"
#include "state/modem_state.h"
#include "state/record.h"

#define ENTRIES    16 /* per record: a whole list of calls */
#define RECORD_MAX 8192

/* "book-SM-1" has positions 1 to 16. */
static void record_name(enum book_id id, int first, char out[32])
{
	snprintf(out, 32, "book-%s-%d", name_of(book_all_names, (int)id),
		first / ENTRIES + 1);
}

/* name: memory for the record's name, which the kind points to. */
static struct record_kind kind_of(enum book_id id, int first, char name[32])
{
	record_name(id, first, name);
	return (struct record_kind){ name, 2, 1, "some entries of a phonebook" };
}

static int last_place(const struct modem *m, enum book_id id, int first)
{
	int last = first + ENTRIES - 1;
	int capacity = book_capacity(&m->books, id);

	return last < capacity ? last : capacity;
}

static void put_hex_word(struct buf *b, const void *data, size_t len)
{
	buf_putc(b, ' ');
	if (len)
		hex_put(b, data, len);
	else
		buf_putc(b, '-');
}

/* " 3 129 0141280000 0 - 0 - 0 - 6D61 -": the group, then, if there are any, four more
 * numbers with their types, e-mail and address. */
static void put_extension(const struct contact *c, struct buf *b)
{
	int i;

	if (!c->group && !contact_is_extended(c))
		return;
	buf_printf(b, " %d", c->group);
	if (!contact_is_extended(c))
		return;
	for (i = 0; i < CONTACT_MORE; i++)
		buf_printf(b, " %d %s", c->more[i].type,
			c->more[i].type ? c->more[i].number : "-");
	put_hex_word(b, c->mail, strlen(c->mail));
	put_hex_word(b, c->address, strlen(c->address));
}

/* "5 145 33612345678 416C696365": position, type, number, alpha field or -. */
static void put(const struct modem *m, enum book_id id, int first, struct buf *b)
{
	int i;

	for (i = first; i <= last_place(m, id, first); i++) {
		const struct contact *c = book_at(&m->books, id, i);

		if (!c)
			continue;
		buf_printf(b, "%d %d %s", i, c->type, c->number);
		put_hex_word(b, c->text, c->text_len);
		put_extension(c, b);
		buf_putc(b, '\n');
	}
}

static bool save(struct modem *m, enum book_id id, int first)
{
	char mem[RECORD_MAX], name[32];
	struct record_kind kind = kind_of(id, first, name);
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	record_begin(&b, &kind);
	put(m, id, first, &b);
	record_end(&b, 0);
	if (!b.full && m->memory.store(m->memory.ctx, name, b.data, b.len) == 0)
		return true;
	log_error(&m->log, LOG_NV, "the record \"%s\" could not be stored", name);
	return false;
}

bool nv_save_contact(
	struct modem *m, enum book_id id, int index, const struct contact *was)
{
	book_resolve(&m->books, &id, &index);
	if (save(m, id, (index - 1) / ENTRIES * ENTRIES + 1))
		return true;
	book_put(&m->books, id, index, was);
	return false;
}

bool nv_save_book(struct modem *m, enum book_id id)
{
	bool good = true;
	int first;

	for (first = 1; first <= book_capacity(&m->books, id); first += ENTRIES)
		good = save(m, id, first) && good;
	return good;
}

static bool clear(struct modem *m, enum book_id id, int first)
{
	struct contact was[ENTRIES];
	int i, last = last_place(m, id, first);

	for (i = first; i <= last; i++) {
		const struct contact *c = book_at(&m->books, id, i);

		was[i - first] = c ? *c : (struct contact){ 0 };
		book_put(&m->books, id, i, NULL);
	}
	if (save(m, id, first))
		return true;
	for (i = first; i <= last; i++)
		book_put(&m->books, id, i, &was[i - first]);
	return false;
}

bool nv_clear_book(struct modem *m, enum book_id id)
{
	bool good = true;
	int first;

	for (first = 1; first <= book_capacity(&m->books, id); first += ENTRIES)
		good = clear(m, id, first) && good;
	return good;
}

/* loading */

/* Reads one word of a line; false at the end of the line, or when it does not fit. */
static bool word(const char **p, const char *end, char *out, size_t size)
{
	const char *blank = memchr(*p, ' ', (size_t)(end - *p));
	size_t len = (size_t)((blank ? blank : end) - *p);

	if (!len || len >= size)
		return false;
	memcpy(out, *p, len);
	out[len] = '\0';
	*p = blank ? blank + 1 : end;
	return true;
}

static int digits(const char *text)
{
	int n = 0;

	for (; *text >= '0' && *text <= '9' && n < 10000; text++)
		n = n * 10 + (*text - '0');
	return n;
}

static bool take_line(const char **p, const char *end, char out[CONTACT_LINE + 1])
{
	char text[2 * CONTACT_LINE + 1];
	size_t n = 0;

	if (!word(p, end, text, sizeof(text)))
		return false;
	if (strcmp(text, "-") != 0 &&
		!hex_decode(text, strlen(text), (uint8_t *)out, CONTACT_LINE, &n))
		return false;
	out[n] = '\0';
	return true;
}

/* Reads what put_extension() has written, if anything. */
static bool take_extension(const char **p, const char *end, struct contact *c)
{
	char text[24];
	int i;

	if (*p == end)
		return true;
	if (!word(p, end, text, sizeof(text)) || digits(text) > BOOK_GROUPS)
		return false;
	c->group = (uint8_t)digits(text);
	if (*p == end)
		return true;
	for (i = 0; i < CONTACT_MORE; i++) {
		struct contact_number *n = &c->more[i];

		if (!word(p, end, text, sizeof(text)) || digits(text) > 255)
			return false;
		n->type = (uint8_t)digits(text);
		if (!word(p, end, n->number, sizeof(n->number)))
			return false;
		if (!n->type)
			n->number[0] = '\0';
	}
	return take_line(p, end, c->mail) && take_line(p, end, c->address);
}

static bool take(struct modem *m, enum book_id id, int first, const struct record *r)
{
	char type[4], number[CONTACT_NUMBER + 1], text[2 * CONTACT_TEXT + 1];
	const char *p = r->value, *end = r->value + r->len;
	struct contact c = { 0 };
	int index = digits(r->key);
	size_t n = 0;

	if (index < first || index > last_place(m, id, first) ||
		!word(&p, end, type, sizeof(type)) ||
		!word(&p, end, number, sizeof(number)) ||
		!word(&p, end, text, sizeof(text)))
		return false;
	if (contact_set_number(&c, number, strlen(number), digits(type),
		    CONTACT_NUMBER) != CONTACT_OK)
		return false;
	if (strcmp(text, "-") != 0 &&
		!hex_decode(text, strlen(text), c.text, CONTACT_TEXT, &n))
		return false;
	c.text_len = (uint8_t)n;
	if (!take_extension(&p, end, &c))
		return false;
	book_put(&m->books, id, index, &c);
	return true;
}

static bool load(struct modem *m, enum book_id id, int first)
{
	char mem[RECORD_MAX], name[32];
	struct record_kind kind = kind_of(id, first, name);
	struct record r;
	int i;

	switch (record_load(&m->memory, &m->log, &kind, mem, sizeof(mem), &r)) {
	case RECORD_ABSENT:
		return true;
	case RECORD_BAD:
		return false;
	case RECORD_FOUND:
		break;
	}
	m->plain |= r.plain;
	for (i = first; i <= last_place(m, id, first); i++)
		book_put(&m->books, id, i, NULL);
	while (record_next(&r)) {
		if (take(m, id, first, &r))
			continue;
		return record_report_line(&m->memory, &m->log, &kind, &r);
	}
	return record_read(&r) || record_report_line(&m->memory, &m->log, &kind, &r);
}

bool nv_load_books(struct modem *m)
{
	bool good = true;
	int id, first;

	for (id = 0; id < BOOKS_STORED; id++)
		for (first = 1; first <= book_capacity(&m->books, (enum book_id)id);
			first += ENTRIES)
			good = load(m, (enum book_id)id, first) && good;
	return good;
}

void nv_dump_books(const struct modem *m, struct buf *out)
{
	int id, first;

	for (id = 0; id < BOOKS_STORED; id++) {
		buf_printf(out, "book %s\n", name_of(book_all_names, id));
		for (first = 1; first <= book_capacity(&m->books, (enum book_id)id);
			first += ENTRIES)
			put(m, (enum book_id)id, first, out);
	}
}
