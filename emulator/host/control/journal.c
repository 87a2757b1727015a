/* Two rings of entries of different lengths: notices, and bytes. An entry is contiguous;
 * if it does not fit before the end of the memory, a filler takes that place. */
#include "host/control/journal.h"
#include "conf/must.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct head {
	uint64_t id; /* 0: this is a filler */
	usec_t at;
	uint32_t size; /* in the ring, including the head */
	uint32_t len;
	int32_t kind, notice;
	int64_t value;
	int32_t has_text, has_file; /* the file follows the data */
};

struct ring {
	char *mem;
	size_t cap;
	uint64_t first, end; /* offsets that only grow */
	uint64_t lost;       /* newest id that was overwritten */
};

struct journal {
	struct ring events, bytes;
	uint64_t last;
};

static size_t round_up(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

struct journal *journal_new(void)
{
	struct journal *j = must(calloc(1, sizeof(*j)));

	j->events.cap = JOURNAL_EVENTS;
	j->bytes.cap = JOURNAL_BYTES;
	j->events.mem = must(malloc(JOURNAL_EVENTS));
	j->bytes.mem = must(malloc(JOURNAL_BYTES));
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

static struct head *head_at(const struct ring *r, uint64_t offset)
{
	return (struct head *)(r->mem + offset % r->cap);
}

/* The size of the entry or filler at an offset. A filler at the end of the memory may be
 * smaller than a head. */
static size_t size_at(const struct ring *r, uint64_t offset)
{
	size_t left = r->cap - offset % r->cap;

	return left < sizeof(struct head) ? left : head_at(r, offset)->size;
}

static bool is_entry(const struct ring *r, uint64_t offset)
{
	return r->cap - offset % r->cap >= sizeof(struct head) &&
	       head_at(r, offset)->id != 0;
}

static void make_room(struct ring *r, size_t size)
{
	while (r->end - r->first + size > r->cap) {
		if (is_entry(r, r->first))
			r->lost = head_at(r, r->first)->id;
		r->first += size_at(r, r->first);
	}
}

static char *put(struct ring *r, const struct head *h)
{
	size_t left = r->cap - r->end % r->cap;
	char *to;

	if (left < h->size) {
		make_room(r, left);
		if (left >= sizeof(struct head))
			*head_at(r, r->end) = (struct head){ .size = (uint32_t)left };
		r->end += left;
	}
	make_room(r, h->size);
	to = r->mem + r->end % r->cap;
	memcpy(to, h, sizeof(*h));
	r->end += h->size;
	return to + sizeof(*h);
}

/* The offset of a notice's file from the end of its head, after a text of that length. */
static size_t file_at(size_t len)
{
	return round_up(len + 1);
}

static uint64_t add(struct ring *r, struct head h, const void *data, size_t len,
	const struct notice_file *file)
{
	size_t most = r->cap / 4;
	char *to;

	if (len > most)
		len = most;
	h.len = (uint32_t)len;
	h.has_file = file != NULL;
	h.size = (uint32_t)(sizeof(h) + file_at(len) + (file ? sizeof(*file) : 0));
	to = put(r, &h);
	if (len)
		memcpy(to, data, len);
	to[len] = '\0';
	if (file)
		memcpy(to + file_at(len), file, sizeof(*file));
	return h.id;
}

uint64_t journal_event(struct journal *j, const struct notice *n)
{
	const struct head h = {
		.id = ++j->last,
		.at = n->at,
		.kind = JOURNAL_EVENT,
		.notice = (int32_t)n->kind,
		.value = n->value,
		.has_text = n->text != NULL,
	};

	return add(&j->events, h, n->text, n->text ? strlen(n->text) : 0, n->file);
}

uint64_t journal_bytes(
	struct journal *j, usec_t at, enum journal_kind kind, const void *buf, size_t len)
{
	const struct head h = { .id = ++j->last, .at = at, .kind = (int32_t)kind };

	assert(kind != JOURNAL_EVENT);
	return add(&j->bytes, h, buf, len, NULL);
}

uint64_t journal_last(const struct journal *j)
{
	return j->last;
}

static const struct head *next_in(const struct ring *r, uint64_t after, uint64_t *at)
{
	if (*at < r->first)
		*at = r->first;
	for (; *at < r->end; *at += size_at(r, *at))
		if (is_entry(r, *at) && head_at(r, *at)->id > after)
			return head_at(r, *at);
	return NULL;
}

bool journal_next(const struct journal *j, bool events_only, struct journal_cursor *c,
	struct journal_entry *out)
{
	const struct head *h = next_in(&j->events, c->after, &c->events);
	const struct head *b = events_only ? NULL
					   : next_in(&j->bytes, c->after, &c->bytes);

	if (!h || (b && b->id < h->id))
		h = b;
	if (!h)
		return false;
	c->after = h->id;
	*out = (struct journal_entry){
		.id = h->id,
		.at = h->at,
		.kind = (enum journal_kind)h->kind,
		.notice = (enum notice_kind)h->notice,
		.has_text = h->has_text,
		.value = (long)h->value,
		.data = (const char *)(h + 1),
		.len = h->len,
		.has_file = h->has_file,
	};
	if (h->has_file)
		memcpy(&out->file, out->data + file_at(h->len), sizeof(out->file));
	return true;
}

uint64_t journal_lost(const struct journal *j, bool events_only)
{
	uint64_t lost = j->events.lost;

	return !events_only && j->bytes.lost > lost ? j->bytes.lost : lost;
}
