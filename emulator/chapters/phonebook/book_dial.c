/* What calls look up in the phonebooks: the number to dial, whether it is allowed or for
 * emergencies, names; and the call lists that calls are added to. */
#include "chapters/phonebook/book_dial.h"

#include <ctype.h>
#include <string.h>

#include "chapters/general/te_text.h"
#include "chapters/phonebook/book_entry.h"
#include "state/modem_state.h"
#include "state/nv_books.h"

/* Removes the two letters of a phonebook from the start; without them it is the selected
 * one. */
static enum book_id take_book(const struct modem *m, const char **spec, size_t *len)
{
	const struct name *n;

	for (n = book_all_names; n->name; n++) {
		if (*len < 3 || toupper((unsigned char)(*spec)[0]) != n->name[0] ||
			toupper((unsigned char)(*spec)[1]) != n->name[1])
			continue;
		*spec += 2;
		*len -= 2;
		return (enum book_id)n->value;
	}
	return m->books.selected;
}

static int find_text(
	const struct modem *m, enum book_id id, const char *text, size_t len, int *index)
{
	struct contact wanted = { 0 };
	struct te_text te;

	te_text_phonebook(m, &te);
	if (contact_set_text(&wanted, &te.cs, text, len, CONTACT_TEXT) == CONTACT_OK)
		*index = book_next_like(&m->books, id, 0, &wanted);
	return *index ? AT_OK : AT_CME(CME_NOT_FOUND);
}

int at_book_number(struct modem *m, const char *spec, size_t len, char *out)
{
	const struct contact *c;
	int index = 0, result;
	enum book_id id;
	size_t i;

	if (!m->books.loaded)
		return AT_CME(CME_NOT_ALLOWED);
	id = take_book(m, &spec, &len);
	/* own numbers cannot be dialled (GDW-11 p. 24, GD-01 p. 19; the error code is
	 * inferred) */
	if (!len || !book_present(&m->books, id) || id == BOOK_ON)
		return AT_CME(CME_NOT_ALLOWED);
	if (spec[0] == '"') {
		len -= len > 1 && spec[len - 1] == '"';
		result = find_text(m, id, spec + 1, len - 1, &index);
		if (result != AT_OK)
			return result;
	} else {
		for (i = 0; i < len && index < 10000; i++) {
			if (!isdigit((unsigned char)spec[i]))
				return AT_CME(CME_NOT_ALLOWED);
			index = index * 10 + (spec[i] - '0');
		}
	}
	/* the same for an empty entry (call.md %D) */
	c = book_at(&m->books, id, index);
	if (!c)
		return AT_CME(CME_BAD_INDEX);
	contact_number(c, out);
	return AT_OK;
}

bool at_book_may_dial(const struct modem *m, const char *number, size_t len)
{
	return !m->sim.fixed_dialling || books_fixed_allows(&m->books, number, len);
}

bool at_book_emergency(const struct modem *m, const char *number)
{
	struct contact wanted = { 0 };

	return sim_present(&m->sim) && book_present(&m->books, BOOK_EN) &&
	       contact_set_number(&wanted, number, strlen(number), 0, CONTACT_NUMBER) ==
		       CONTACT_OK &&
	       book_find_number(&m->books, BOOK_EN, &wanted) > 0;
}

void at_book_log(struct modem *m, enum book_id id, const char *number)
{
	struct contact c = { 0 };

	if (contact_set_number(&c, number, strlen(number), 0, CONTACT_NUMBER) !=
		CONTACT_OK)
		return;
	book_push(&m->books, id, &c);
	nv_save_book(m, id);
}

bool at_book_refuses(void *ctx, const char *number)
{
	const struct modem *m = ctx;

	return m->books.loaded && books_refuse(&m->books, number);
}

bool at_book_name(const struct modem *m, const char *number, struct buf *out)
{
	struct contact wanted = { 0 };
	int i = 0;

	if (m->books.loaded && contact_set_number(&wanted, number, strlen(number), 0,
				       CONTACT_NUMBER) == CONTACT_OK)
		i = book_find_number(&m->books, BOOK_MT, &wanted);
	if (!i)
		return false;
	at_book_put_text(m, book_at(&m->books, BOOK_MT, i), out);
	return out->len > 0;
}
