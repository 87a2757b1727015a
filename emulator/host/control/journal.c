/* Two rings of entries of different lengths: notices, and bytes. An entry is contiguous;
 * if it does not fit before the end of the memory, a filler takes that place.
 *
 *   head | value of a notice, unless 0 | its file, if any | text and a zero, or bytes
 *
 * each part rounded up to 8 bytes: an AT and its OK are three entries of 24 bytes. */
#include "host/control/journal.h"
#include "conf/must.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILLER 3 /* as kind: no entry, up to the end of the memory */

struct head {
	usec_t at;
	uint32_t id; /* its last 32 bits */
	uint16_t len;
	uint8_t kind : 2, has_text : 1, has_file : 1, has_value : 1, port : 3;
	uint8_t notice;
};

struct ring {
	char *mem;           /* NULL before the first entry */
	size_t cap;          /* a power of two */
	uint64_t first, end; /* offsets that only grow */
	uint64_t lost;       /* newest id that was overwritten */
};

struct journal {
	struct ring events, bytes;
	uint64_t last;
};

_Static_assert(sizeof(struct head) == 16, "the head of an entry");
_Static_assert(JOURNAL_EVENTS / 4 <= UINT16_MAX && JOURNAL_BYTES / 4 <= UINT16_MAX,
	"the longest entry");
_Static_assert(!(JOURNAL_EVENTS & (JOURNAL_EVENTS - 1)) &&
		       !(JOURNAL_BYTES & (JOURNAL_BYTES - 1)),
	"powers of two");

static size_t round_up(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

struct journal *journal_new(void)
{
	struct journal *j = must(calloc(1, sizeof(*j)));

	j->events.cap = JOURNAL_EVENTS;
	j->bytes.cap = JOURNAL_BYTES;
	return j;
}

void journal_free(struct journal *j)
{
	if (!j)
		return;
	free(j->events.mem);
	free(j->bytes.mem);
	free(j);
}

static size_t place(const struct ring *r, uint64_t offset)
{
	return (size_t)offset & (r->cap - 1);
}

static struct head *head_at(const struct ring *r, uint64_t offset)
{
	return (struct head *)(r->mem + place(r, offset));
}

/* The offset of an entry's data from its head. */
static size_t data_at(const struct head *h)
{
	return sizeof(*h) + (h->has_value ? sizeof(int64_t) : 0) +
	       (h->has_file ? sizeof(struct notice_file) : 0);
}

static size_t size_of(const struct head *h)
{
	return data_at(h) + round_up(h->len + (h->kind == JOURNAL_EVENT ? 1u : 0u));
}

static bool is_entry(const struct ring *r, uint64_t offset)
{
	return r->cap - place(r, offset) >= sizeof(struct head) &&
	       head_at(r, offset)->kind != FILLER;
}

/* The size of the entry or filler at an offset. A filler may be smaller than a head. */
static size_t size_at(const struct ring *r, uint64_t offset)
{
	return is_entry(r, offset) ? size_of(head_at(r, offset))
				   : r->cap - place(r, offset);
}

static uint64_t whole_id(const struct journal *j, const struct head *h)
{
	return j->last - (uint32_t)((uint32_t)j->last - h->id);
}

static void make_room(const struct journal *j, struct ring *r, size_t size)
{
	while (r->end - r->first + size > r->cap) {
		if (is_entry(r, r->first))
			r->lost = whole_id(j, head_at(r, r->first));
		r->first += size_at(r, r->first);
	}
}

/* Returns where the rest of the entry goes. */
static char *put(const struct journal *j, struct ring *r, const struct head *h)
{
	size_t size = size_of(h), left = r->cap - place(r, r->end);
	char *to;

	if (!r->mem)
		r->mem = must(malloc(r->cap));
	if (left < size) {
		make_room(j, r, left);
		if (left >= sizeof(*h))
			*head_at(r, r->end) = (struct head){ .kind = FILLER };
		r->end += left;
	}
	make_room(j, r, size);
	to = r->mem + place(r, r->end);
	memcpy(to, h, sizeof(*h));
	r->end += size;
	return to + sizeof(*h);
}

static uint16_t cut(const struct ring *r, size_t len)
{
	return (uint16_t)(len < r->cap / 2 ? len : r->cap / 2);
}

uint64_t journal_event(struct journal *j, const struct notice *n)
{
	const struct head h = {
		.id = (uint32_t)++j->last,
		.at = n->at,
		.len = n->text ? cut(&j->events, strlen(n->text)) : 0,
		.kind = JOURNAL_EVENT,
		.has_text = n->text != NULL,
		.has_file = n->file != NULL,
		.has_value = n->value != 0,
		.port = n->port & 7,
		.notice = (uint8_t)n->kind,
	};
	const int64_t value = n->value;
	char *to = put(j, &j->events, &h);

	if (h.has_value) {
		memcpy(to, &value, sizeof(value));
		to += sizeof(value);
	}
	if (h.has_file) {
		memcpy(to, n->file, sizeof(*n->file));
		to += sizeof(*n->file);
	}
	if (h.len)
		memcpy(to, n->text, h.len);
	to[h.len] = '\0';
	return j->last;
}

uint64_t journal_bytes(struct journal *j, unsigned port, usec_t at,
	enum journal_kind kind, const void *buf, size_t len)
{
	const struct head h = {
		.id = (uint32_t)++j->last,
		.at = at,
		.len = cut(&j->bytes, len),
		.kind = (uint8_t)kind & 3,
		.port = port & 7,
	};
	char *to;

	assert(kind != JOURNAL_EVENT);
	to = put(j, &j->bytes, &h);
	if (h.len)
		memcpy(to, buf, h.len);
	return j->last;
}

uint64_t journal_last(const struct journal *j)
{
	return j->last;
}

static const struct head *next_in(
	const struct journal *j, const struct ring *r, uint64_t after, uint64_t *at)
{
	if (*at < r->first)
		*at = r->first;
	for (; *at < r->end; *at += size_at(r, *at))
		if (is_entry(r, *at) && whole_id(j, head_at(r, *at)) > after)
			return head_at(r, *at);
	return NULL;
}

bool journal_next(const struct journal *j, bool events_only, struct journal_cursor *c,
	struct journal_entry *out)
{
	const struct head *h = next_in(j, &j->events, c->after, &c->events);
	const struct head *b = events_only ? NULL
					   : next_in(j, &j->bytes, c->after, &c->bytes);
	const char *from;
	int64_t value = 0;

	if (!h || (b && whole_id(j, b) < whole_id(j, h)))
		h = b;
	if (!h)
		return false;
	from = (const char *)(h + 1);
	if (h->has_value)
		memcpy(&value, from, sizeof(value));
	c->after = whole_id(j, h);
	*out = (struct journal_entry){
		.id = c->after,
		.at = h->at,
		.port = h->port,
		.kind = (enum journal_kind)h->kind,
		.notice = (enum notice_kind)h->notice,
		.has_text = h->has_text,
		.value = (long)value,
		.data = (const char *)h + data_at(h),
		.len = h->len,
		.has_file = h->has_file,
	};
	if (h->has_file)
		memcpy(&out->file, from + (h->has_value ? sizeof(value) : 0),
			sizeof(out->file));
	return true;
}

uint64_t journal_lost(const struct journal *j, bool events_only)
{
	uint64_t lost = j->events.lost;

	return !events_only && j->bytes.lost > lost ? j->bytes.lost : lost;
}
