/* Chapter phonebook (at-1 9.1-9.6): select, read, find, write, step. */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/security.h"
#include "at/te_text.h"
#include "state/nv_books.h"

#define LINES 8 /* entries in one piece of a list */

#define BOOK_CHOICES \
	"(\"SM\",\"FD\",\"ON\",\"LD\",\"MC\",\"ME\",\"RC\",\"MT\",\"SN\",\"EN\")"

/* AT+WAIP=1 has left the books on the card. */
static int check_loaded(const struct modem *m)
{
	return m->books.loaded ? AT_OK : AT_CME(CME_NOT_ALLOWED);
}

static void tell(struct modem *m, const char *command, int index)
{
	const struct contact *c = book_at(&m->books, m->books.selected, index);
	char number[CONTACT_NUMBER + 2], text[4 * CONTACT_TEXT + 1];
	struct te_text te;
	struct buf b;

	te_text_phonebook(m, &te);
	te.cs.policy = CHARSET_NEAREST;
	buf_init(&b, text, sizeof(text));
	contact_put_text(c, &te.cs, &b);
	at_info(m, "%s: %d,\"%s\",%d,\"%.*s\"", command, index, contact_number(c, number),
		c->type, (int)b.len, text);
}

static int run_cpbs(struct modem *m, struct at_call *c)
{
	struct books *b = &m->books;
	enum book_id id;
	int result = check_loaded(m);

	if (result != AT_OK)
		return result;
	if (c->form == AT_READ) {
		at_info(m, "+CPBS: \"%s\",%d,%d", name_of(book_all_names, b->selected),
			book_used(b, b->selected), book_capacity(b, b->selected));
		return AT_OK;
	}
	id = (enum book_id)book_all_names[c->arg[0].num].value;
	if (!book_present(b, id))
		return AT_CME(CME_NOT_ALLOWED);
	books_select(b, id);
	return AT_OK;
}

/* ---- +CPBR ----------------------------------------------------------------------- */

static int more_cpbr(struct modem *m, struct at_call *c, enum at_why why)
{
	int last = at_given(c, 1) ? c->arg[1].num : c->arg[0].num;
	int lines = 0;

	(void)why;
	for (; c->step <= last; c->step++) {
		if (!book_at(&m->books, m->books.selected, c->step))
			continue;
		if (lines++ == LINES)
			return AT_MORE;
		tell(m, "+CPBR", c->step);
		m->books.last_read = c->step;
	}
	return AT_OK;
}

static int run_cpbr(struct modem *m, struct at_call *c)
{
	enum book_id id = m->books.selected;
	int capacity = book_capacity(&m->books, id);
	int result = check_loaded(m);
	int first, last;

	if (result != AT_OK)
		return result;
	if (c->form == AT_TEST) {
		at_info(m, "+CPBR: (1-%d),%d,%d", capacity,
			book_number_max(&m->books, id), book_text_max(&m->books, id));
		return AT_OK;
	}
	first = c->arg[0].num;
	last = at_given(c, 1) ? c->arg[1].num : first;
	if (first < 1 || last < first || last > capacity)
		return AT_CME(CME_BAD_INDEX);
	if (!at_given(c, 1) && !book_at(&m->books, id, first))
		return AT_CME(CME_NOT_FOUND);
	c->step = first;
	return more_cpbr(m, c, AT_WHY_ROOM);
}

/* ---- +CPBF ----------------------------------------------------------------------- */

static int more_cpbf(struct modem *m, struct at_call *c, enum at_why why)
{
	struct books *b = &m->books;
	struct contact prefix = { 0 };
	struct te_text te;
	int lines = 0, i;

	(void)why;
	te_text_phonebook(m, &te);
	if (contact_set_text(&prefix, &te.cs, c->arg[0].text, c->arg[0].len,
		    CONTACT_TEXT) != CONTACT_OK)
		return AT_CME(CME_NOT_FOUND);
	while ((i = book_next_like(b, b->selected, c->step, &prefix))) {
		if (lines++ == LINES)
			return AT_MORE;
		tell(m, "+CPBF", i);
		b->last_text = c->step = i;
	}
	return c->step ? AT_OK : AT_CME(CME_NOT_FOUND);
}

static int run_cpbf(struct modem *m, struct at_call *c)
{
	enum book_id id = m->books.selected;
	int result = check_loaded(m);

	if (result != AT_OK)
		return result;
	if (c->form == AT_TEST) {
		at_info(m, "+CPBF: %d,%d", book_number_max(&m->books, id),
			book_text_max(&m->books, id));
		return AT_OK;
	}
	if (id == BOOK_LD || id == BOOK_RC || id == BOOK_MC || id == BOOK_EN)
		return AT_CME(CME_NOT_ALLOWED);
	return more_cpbf(m, c, AT_WHY_ROOM);
}

/* ---- +CPBW ----------------------------------------------------------------------- */

static int contact_error(enum contact_result r)
{
	switch (r) {
	case CONTACT_OK:
		break;
	case CONTACT_NUMBER_EMPTY:
		return AT_CME(CME_NUMBER_EMPTY);
	case CONTACT_NUMBER_LONG:
		return AT_CME(CME_NUMBER_LONG);
	case CONTACT_NUMBER_BAD:
		return AT_CME(CME_NUMBER_BAD);
	case CONTACT_TEXT_LONG:
		return AT_CME(CME_TEXT_LONG);
	case CONTACT_TEXT_BAD:
		return AT_CME(CME_TEXT_BAD);
	}
	return AT_OK;
}

/* What the arguments say, as an entry of the selected book. */
static int read_contact(struct modem *m, const struct at_call *c, struct contact *out)
{
	const struct books *b = &m->books;
	enum contact_result r, text = CONTACT_OK;
	struct te_text te;

	r = contact_set_number(out, c->arg[1].text, c->arg[1].len,
		at_given(c, 2) ? c->arg[2].num : 0, book_number_max(b, b->selected));
	if (at_given(c, 3)) {
		te_text_phonebook(m, &te);
		text = contact_set_text(out, &te.cs, c->arg[3].text, c->arg[3].len,
			book_text_max(b, b->selected));
	}
	/* at-1 9.4 tells of a long number, then of the text, then of a bad number */
	if (r == CONTACT_NUMBER_BAD && text != CONTACT_OK)
		return contact_error(text);
	return contact_error(r != CONTACT_OK ? r : text);
}

static int put(struct modem *m, int index, const struct contact *contact)
{
	struct books *b = &m->books;
	struct contact old = { 0 };
	const struct contact *now;

	if (b->selected == BOOK_FD && !m->sim.pin2_good)
		return at_want_pin2(m);
	now = book_at(b, b->selected, index);
	if (now)
		old = *now;
	book_put(b, b->selected, index, contact);
	if (!nv_save_contact(m, b->selected, index, &old))
		return AT_CME(CME_MEMORY);
	b->last_written = index;
	return AT_OK;
}

static void test_cpbw(struct modem *m)
{
	const struct books *b = &m->books;

	at_info(m, "+CPBW: (1-%d),%d,(129,145),%d", book_capacity(b, b->selected),
		book_number_max(b, b->selected), book_text_max(b, b->selected));
}

static int run_cpbw(struct modem *m, struct at_call *c)
{
	const struct books *b = &m->books;
	struct contact contact = { 0 };
	int result = check_loaded(m);
	int index;

	if (result != AT_OK)
		return result;
	if (c->form == AT_TEST) {
		test_cpbw(m);
		return AT_OK;
	}
	if (!book_writable(b->selected) || (!at_given(c, 0) && !at_given(c, 1)))
		return AT_CME(CME_NOT_ALLOWED);
	index = at_given(c, 0) ? c->arg[0].num : book_free_place(b, b->selected);
	if (!index && !at_given(c, 0))
		return AT_CME(CME_FULL);
	if (index < 1 || index > book_capacity(b, b->selected))
		return AT_CME(CME_BAD_INDEX);
	if (!at_given(c, 1))
		return c->args > 2 ? AT_CME(CME_NOT_ALLOWED) : put(m, index, NULL);
	result = read_contact(m, c, &contact);
	return result == AT_OK ? put(m, index, &contact) : result;
}

/* ---- +CPBP, +CPBN ---------------------------------------------------------------- */

static int run_cpbp(struct modem *m, struct at_call *c)
{
	struct books *b = &m->books;
	struct contact wanted = { 0 };
	int result = check_loaded(m);
	int i = 0;

	if (result != AT_OK)
		return result;
	if (contact_set_number(&wanted, c->arg[0].text, c->arg[0].len, 0,
		    CONTACT_NUMBER) == CONTACT_OK)
		i = book_find_number(b, b->selected, &wanted);
	if (!i)
		return AT_CME(CME_NOT_FOUND);
	tell(m, "+CPBP", i);
	b->last_number = i;
	return AT_OK;
}

static int run_cpbn(struct modem *m, struct at_call *c)
{
	struct books *b = &m->books;
	int result = check_loaded(m);
	int i = 0;

	if (result != AT_OK)
		return result;
	if (b->selected == BOOK_EN)
		return AT_CME(CME_NOT_ALLOWED);
	switch (c->arg[0].num) {
	case 0:
	case 1:
		i = book_next(b, b->selected, 0, c->arg[0].num == 1);
		break;
	case 2:
	case 3:
		i = book_next(b, b->selected, b->cursor, c->arg[0].num == 3);
		break;
	case 4:
		i = b->last_read;
		break;
	case 5:
		i = b->last_written;
		break;
	case 6:
		i = b->last_number;
		break;
	case 7:
		i = b->last_text;
		break;
	}
	if (!i || !book_at(b, b->selected, i))
		return AT_CME(CME_NOT_FOUND);
	tell(m, "+CPBN", i);
	b->cursor = i;
	return AT_OK;
}

const struct at_cmd at_cmds_phonebook[] = {
	{ .name = "+CPBS",
		.see = "at-1 9.1",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cpbs,
		.param = { { "book", AT_CHOICE, BOOK_CHOICES, 0 } } },
	{ .name = "+CPBR",
		.see = "at-1 9.2",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cpbr,
		.more = more_cpbr,
		.test_by_run = true,
		.param = { { "first", AT_INT, NULL, 0 },
			{ "last", AT_INT, NULL, 0, .optional = true } } },
	{ .name = "+CPBF",
		.see = "at-1 9.3",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cpbf,
		.more = more_cpbf,
		.test_by_run = true,
		.param = { { "text", AT_TEXT, NULL, 0 } } },
	{ .name = "+CPBW",
		.see = "at-1 9.4",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cpbw,
		.test_by_run = true,
		.param = { { "index", AT_INT, NULL, 0, .optional = true },
			{ "number", AT_TEXT, NULL, 0, .optional = true },
			{ "type", AT_INT, "(0-255)", 0, .optional = true },
			{ "text", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CPBP",
		.see = "at-1 9.5",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cpbp,
		.param = { { "number", AT_TEXT, NULL, 0 } } },
	{ .name = "+CPBN",
		.see = "at-1 9.6",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cpbn,
		.param = { { "mode", AT_INT, "(0-7)", 0 } } },
	{ 0 },
};
