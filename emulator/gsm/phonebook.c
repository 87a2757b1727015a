#include "gsm/phonebook.h"

#include <string.h>

#include <nettle/md5.h>

void books_init(struct books *b, const struct sim_conf *card)
{
	int i;

	*b = (struct books){ .card = card };
	for (i = 0; i < BOOKS_WIND; i++)
		book_reload(b, (enum book_id)i);
}

bool book_present(const struct books *b, enum book_id id)
{
	return b->card->books[id].present;
}

void book_digest(const struct books *b, enum book_id id, uint8_t out[BOOK_DIGEST])
{
	const struct book_conf *book = &b->card->books[id];
	struct md5_ctx md5;
	size_t i;

	md5_init(&md5);
	for (i = 0; i < book->n_entries; i++) {
		const struct book_entry *e = &book->entries[i];
		uint8_t index[2] = { (uint8_t)(e->index >> 8), (uint8_t)e->index };

		md5_update(&md5, sizeof(index), index);
		md5_update(&md5, strlen(e->number) + 1, (const uint8_t *)e->number);
		md5_update(&md5, strlen(e->text) + 1, (const uint8_t *)e->text);
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
