#include "gsm/phonebook.h"

#include <assert.h>
#include <string.h>

#include <nettle/md5.h>

const struct name book_all_names[] = {
	{ BOOK_SM, "SM", "numbers on the SIM" },
	{ BOOK_FD, "FD", "fixed dialling" },
	{ BOOK_LD, "LD", "last numbers dialled" },
	{ BOOK_MC, "MC", "missed calls" },
	{ BOOK_ON, "ON", "own numbers" },
	{ BOOK_ME, "ME", "numbers in the modem" },
	{ BOOK_RC, "RC", "received calls" },
	{ BOOK_MT, "MT", "SM and ME" },
	{ BOOK_SN, "SN", "service numbers" },
	{ BOOK_EN, "EN", "emergency numbers" },
	{ 0, NULL, NULL },
};

/* ---- making ---------------------------------------------------------------------- */

/* What the modem adds to EN, whatever the SIM has (GDW-11 p. 59). */
static const char *const emergencies[] = { "112", "911", "999", "08" };
#define EMERGENCIES (sizeof(emergencies) / sizeof(emergencies[0]))

static bool lists(const struct book_conf *conf, const char *number)
{
	size_t i;

	for (i = 0; i < conf->n_entries; i++)
		if (!strcmp(conf->entries[i].number, number))
			return true;
	return false;
}

/* The SIM's list gets room for the emergency numbers that it lacks. */
static void size_of_emergencies(const struct book_conf *conf, struct book *out)
{
	size_t i;
	int want = (int)conf->n_entries;

	for (i = 0; i < EMERGENCIES; i++)
		want += !lists(conf, emergencies[i]);
	out->present = true;
	if (out->capacity < want)
		out->capacity = want;
	if (!out->number_max)
		out->number_max = 20;
}

static void sizes(const struct profile *p, enum book_id id, struct book *out)
{
	const struct book_conf *conf = id < BOOKS_WIND ? &p->sim.books[id] : NULL;
	const struct device *d = &p->device;
	int own = id == BOOK_ME ? d->phonebook : d->call_lists;

	if (conf)
		*out = (struct book){ conf->present, conf->capacity, conf->number_max,
			conf->text_max, NULL, 0 };
	else
		*out = (struct book){ own > 0, own, 20, d->phonebook_text, NULL, 0 };
	if (id == BOOK_EN)
		size_of_emergencies(conf, out);
}

size_t books_size(const struct profile *p)
{
	struct book book;
	size_t n = 0;
	int i;

	for (i = 0; i < BOOKS_STORED; i++) {
		sizes(p, (enum book_id)i, &book);
		n += (size_t)book.capacity;
	}
	return n * sizeof(struct contact) + BOOK_GROUPS * sizeof(struct book_group);
}

/* first: another number for the first entry, or NULL. */
static void fill(struct book *book, const struct book_conf *conf, const char *first)
{
	size_t i;

	for (i = 0; i < conf->n_entries; i++) {
		const struct book_entry *e = &conf->entries[i];
		struct contact *c = &book->entry[e->index - 1];

		const char *number = first && !i ? first : e->number;

		contact_set_utf8(c, e->text);
		contact_set_number(c, number, strlen(number), 0, CONTACT_NUMBER);
		if (book->top < e->index)
			book->top = e->index;
	}
}

static void add_emergencies(struct books *b, const struct book_conf *conf)
{
	size_t i;

	for (i = 0; i < EMERGENCIES; i++) {
		struct contact c = { 0 };

		if (lists(conf, emergencies[i]))
			continue;
		contact_set_number(
			&c, emergencies[i], strlen(emergencies[i]), 0, CONTACT_NUMBER);
		book_put(b, BOOK_EN, book_free_place(b, BOOK_EN), &c);
	}
}

/* The books that a profile fills, and that stay as they are, come first: then the entries
 * of most modems are in one page of memory. */
static void lay_out(struct books *b, const struct profile *p, void *mem)
{
	static const enum book_id order[] = { BOOK_ON, BOOK_EN, BOOK_SM, BOOK_SN, BOOK_FD,
		BOOK_LD, BOOK_MC, BOOK_RC, BOOK_ME };
	struct contact *entry = mem;
	struct book *book;
	size_t i;

	static_assert(sizeof(order) / sizeof(order[0]) == BOOKS_STORED, "all books");
	for (i = 0; i < BOOKS_STORED; i++) {
		book = &b->book[order[i]];
		sizes(p, order[i], book);
		book->entry = entry;
		entry += book->capacity;
	}
	b->group = (struct book_group *)entry;
}

void books_init(struct books *b, const struct profile *p, const char *own, void *mem)
{
	int i;

	*b = (struct books){ .selected = BOOK_SM };
	lay_out(b, p, mem);
	for (i = 0; i < BOOKS_WIND; i++) {
		fill(&b->book[i], &p->sim.books[i], i == BOOK_ON ? own : NULL);
		if (i == BOOK_EN)
			add_emergencies(b, &p->sim.books[i]);
		book_reload(b, (enum book_id)i);
	}
}

void books_reset(struct books *b)
{
	b->loaded = false;
	books_select(b, BOOK_SM);
	b->last_read = b->last_written = b->last_number = b->last_text = 0;
}

void books_select(struct books *b, enum book_id id)
{
	b->selected = id;
	b->cursor = b->last_read = b->last_written = b->last_number = b->last_text = 0;
}

/* ---- looking --------------------------------------------------------------------- */

bool book_present(const struct books *b, enum book_id id)
{
	if (id == BOOK_MT)
		return b->book[BOOK_SM].present || b->book[BOOK_ME].present;
	return b->book[id].present;
}

int book_capacity(const struct books *b, enum book_id id)
{
	if (id == BOOK_MT)
		return b->book[BOOK_SM].capacity + b->book[BOOK_ME].capacity;
	return b->book[id].capacity;
}

int book_used(const struct books *b, enum book_id id)
{
	int i, n = 0;

	for (i = 1; i <= book_capacity(b, id); i++)
		n += book_at(b, id, i) != NULL;
	return n;
}

int book_number_max(const struct books *b, enum book_id id)
{
	return b->book[id == BOOK_MT ? BOOK_SM : id].number_max;
}

int book_text_max(const struct books *b, enum book_id id)
{
	return b->book[id == BOOK_MT ? BOOK_SM : id].text_max;
}

bool book_writable(enum book_id id)
{
	return id == BOOK_SM || id == BOOK_FD || id == BOOK_ME || id == BOOK_ON;
}

bool book_erasable(enum book_id id)
{
	return book_writable(id) || id == BOOK_RC || id == BOOK_MC;
}

void book_resolve(const struct books *b, enum book_id *id, int *index)
{
	if (*id != BOOK_MT)
		return;
	*id = BOOK_SM;
	if (*index <= b->book[BOOK_SM].capacity)
		return;
	*id = BOOK_ME;
	*index -= b->book[BOOK_SM].capacity;
}

const struct contact *book_at(const struct books *b, enum book_id id, int index)
{
	const struct contact *c;

	book_resolve(b, &id, &index);
	if (index < 1 || index > b->book[id].top)
		return NULL;
	c = &b->book[id].entry[index - 1];
	return c->type ? c : NULL;
}

int book_free_place(const struct books *b, enum book_id id)
{
	int i;

	for (i = 1; i <= book_capacity(b, id); i++)
		if (!book_at(b, id, i))
			return i;
	return 0;
}

/* ---- changing -------------------------------------------------------------------- */

void book_put(struct books *b, enum book_id id, int index, const struct contact *c)
{
	struct book *book;

	book_resolve(b, &id, &index);
	book = &b->book[id];
	/* what was free already stays unwritten */
	if (c || index <= book->top)
		book->entry[index - 1] = c ? *c : (struct contact){ 0 };
	if (c && index > book->top)
		book->top = index;
	while (book->top && !book->entry[book->top - 1].type)
		book->top--;
}

void book_push(struct books *b, enum book_id id, const struct contact *c)
{
	struct book *book = &b->book[id];
	int i = book_find_number(b, id, c);

	if (!book->capacity)
		return;
	if (!i)
		i = book_free_place(b, id);
	if (!i)
		i = book->capacity;
	memmove(&book->entry[1], &book->entry[0], (size_t)(i - 1) * sizeof(*book->entry));
	book->entry[0] = *c;
	if (book->top < i)
		book->top = i;
}

/* ---- finding --------------------------------------------------------------------- */

static int by_text(const struct books *b, enum book_id id, int x, int y)
{
	int d = contact_compare(book_at(b, id, x), book_at(b, id, y));

	return d ? d : x - y;
}

static int by_index(const struct books *b, enum book_id id, int x, int y)
{
	(void)b;
	(void)id;
	return x - y;
}

static int neighbour(const struct books *b, enum book_id id, int from, bool backwards,
	const struct contact *prefix)
{
	int (*order)(const struct books *, enum book_id, int,
		int) = prefix && id == BOOK_MT ? by_index : by_text;
	int i, best = 0, sign = backwards ? -1 : 1;

	/* the entry may have been cleared since */
	if (from && !book_at(b, id, from))
		return 0;
	for (i = 1; i <= book_capacity(b, id); i++) {
		const struct contact *c = book_at(b, id, i);

		if (!c || (prefix && !contact_begins(c, prefix)))
			continue;
		if (from && sign * order(b, id, i, from) <= 0)
			continue;
		if (!best || sign * order(b, id, i, best) < 0)
			best = i;
	}
	return best;
}

int book_next(const struct books *b, enum book_id id, int from, bool backwards)
{
	return neighbour(b, id, from, backwards, NULL);
}

int book_next_like(
	const struct books *b, enum book_id id, int from, const struct contact *prefix)
{
	return neighbour(b, id, from, false, prefix);
}

static int find(const struct books *b, enum book_id id, const struct contact *c,
	bool (*same)(const struct contact *, const struct contact *))
{
	int i;

	for (i = 1; i <= book_capacity(b, id); i++) {
		const struct contact *entry = book_at(b, id, i);

		if (entry && same(entry, c))
			return i;
	}
	return 0;
}

int book_find_number(const struct books *b, enum book_id id, const struct contact *c)
{
	return find(b, id, c, contact_same_number);
}

int book_find_subscriber(const struct books *b, enum book_id id, const struct contact *c)
{
	int i = find(b, id, c, contact_same_number);

	return i ? i : find(b, id, c, contact_same_subscriber);
}

/* ---- groups ---------------------------------------------------------------------- */

bool book_group_exists(const struct books *b, int group)
{
	return group >= 1 && group <= BOOK_GROUPS && b->group[group - 1].name.type;
}

int book_group_used(const struct books *b, int group)
{
	int i, n = 0;

	for (i = 1; i <= book_capacity(b, BOOK_MT); i++) {
		const struct contact *c = book_at(b, BOOK_MT, i);

		n += c && c->group == group;
	}
	return n;
}

bool books_refuse(const struct books *b, const char *number)
{
	struct contact caller = { 0 };
	const struct contact *c;
	int i;

	if (contact_set_number(&caller, number, strlen(number), 0, CONTACT_NUMBER) !=
		CONTACT_OK)
		return false;
	for (i = 1; i <= book_capacity(b, BOOK_MT); i++) {
		c = book_at(b, BOOK_MT, i);
		if (c && book_group_exists(b, c->group) &&
			b->group[c->group - 1].refused &&
			contact_same_subscriber(c, &caller))
			return true;
	}
	return false;
}

bool books_fixed_allows(const struct books *b, const char *number, size_t len)
{
	bool plus = len && number[0] == '+';
	int i;
	size_t k;

	number += plus;
	len -= plus;
	for (i = 1; i <= b->book[BOOK_FD].capacity; i++) {
		const struct contact *c = book_at(b, BOOK_FD, i);

		if (!c || (c->type == CONTACT_INTERNATIONAL) != plus)
			continue;
		for (k = 0; c->number[k] && k < len; k++)
			if (c->number[k] != number[k] && c->number[k] != '?')
				break;
		if (!c->number[k])
			return true;
	}
	return false;
}

/* ---- fingerprints ---------------------------------------------------------------- */

void book_digest(const struct books *b, enum book_id id, uint8_t out[BOOK_DIGEST])
{
	struct md5_ctx md5;
	int i;

	md5_init(&md5);
	for (i = 1; i <= b->book[id].capacity; i++) {
		const struct contact *c = book_at(b, id, i);
		uint8_t head[4] = { (uint8_t)(i >> 8), (uint8_t)i };

		if (!c)
			continue;
		head[2] = c->type;
		head[3] = c->text_len;
		md5_update(&md5, sizeof(head), head);
		md5_update(&md5, strlen(c->number) + 1, (const uint8_t *)c->number);
		md5_update(&md5, c->text_len, c->text);
	}
	md5_digest(&md5, BOOK_DIGEST, out);
}

bool book_reload(struct books *b, enum book_id id)
{
	uint8_t now[BOOK_DIGEST];
	bool changed;

	book_digest(b, id, now);
	changed = !b->known[id] || memcmp(b->cached[id], now, sizeof(now)) != 0;
	memcpy(b->cached[id], now, sizeof(now));
	b->known[id] = true;
	return changed;
}

void books_forget(struct books *b, unsigned install_items)
{
	static const unsigned bit[BOOKS_WIND] = {
		[BOOK_SM] = INSTALL_CACHE_SM,
		[BOOK_FD] = INSTALL_CACHE_FD,
		[BOOK_ON] = INSTALL_CACHE_ON,
		[BOOK_SN] = INSTALL_CACHE_SN,
		[BOOK_EN] = INSTALL_CACHE_EN,
	};
	int i;

	for (i = 0; i < BOOKS_WIND; i++)
		if (install_items & bit[i])
			b->known[i] = false;
}
