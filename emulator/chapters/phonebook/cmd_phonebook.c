/* Chapter phonebook (phonebook.md): select, read, find, write, step. */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/general/te_text.h"
#include "chapters/phonebook/book_entry.h"
#include "chapters/sim/sim.h"
#include "state/modem_state.h"
#include "state/nv_books.h"

#define LINES 5 /* entries in one piece of a list */

#define BOOK_CHOICES \
	"(\"SM\",\"FD\",\"LD\",\"MC\",\"ON\",\"ME\",\"RC\",\"MT\",\"SN\",\"EN\")"

/* With AT+WAIP=1 the phonebooks are not loaded. */
static int check_loaded(const struct modem *m)
{
	return m->books.loaded ? AT_OK : AT_CME(CME_NOT_ALLOWED);
}

static void info_entry(struct channel *ch, const char *command, int index)
{
	struct modem *m = ch->modem;

	at_book_tell(ch, command, m->books.selected, index);
	m->books.last_read = index;
}

/* Lists the phonebooks that exist (GD-01 p. 41; the places of FD and EN are inferred). */
static void test_cpbs(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct name *n;
	char text[64];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (n = book_all_names; n->name; n++)
		if (book_present(&m->books, (enum book_id)n->value))
			buf_printf(&b, "%s\"%s\"", b.len ? "," : "", n->name);
	at_info(ch, "+CPBS: (%.*s)", (int)b.len, text);
}

static int run_cpbs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct books *b = &m->books;
	enum book_id id;
	int result;

	if (c->form == AT_TEST) {
		test_cpbs(ch);
		return AT_OK;
	}
	result = check_loaded(m);
	if (result != AT_OK)
		return result;
	if (c->form == AT_READ) {
		at_info(ch, "+CPBS: \"%s\",%d,%d", name_of(book_all_names, b->selected),
			book_used(b, b->selected), book_capacity(b, b->selected));
		return AT_OK;
	}
	id = (enum book_id)book_all_names[c->arg[0].num].value;
	if (!book_present(b, id) || (id == BOOK_SM && m->sim.fixed_dialling))
		return AT_CME(CME_NOT_ALLOWED);
	books_select(b, id);
	return AT_OK;
}

/* +CPBR */

static int more_cpbr(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	int last = at_given(c, 1) ? c->arg[1].num : c->arg[0].num;
	int lines = 0;

	(void)why;
	for (; c->step <= last; c->step++) {
		if (!book_at(&m->books, m->books.selected, c->step))
			continue;
		if (lines++ == LINES)
			return AT_MORE;
		info_entry(ch, "+CPBR", c->step);
	}
	return AT_OK;
}

static int run_cpbr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum book_id id = m->books.selected;
	int capacity = book_capacity(&m->books, id);
	int result = check_loaded(m);
	int first, last;

	if (result != AT_OK)
		return result;
	if (c->form == AT_TEST) {
		at_info(ch, "+CPBR: (1-%d),%d,%d", capacity,
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
	return more_cpbr(ch, c, AT_WHY_ROOM);
}

/* +CPBF */

static int more_cpbf(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
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
		info_entry(ch, "+CPBF", i);
		b->last_text = b->cursor = c->step = i;
	}
	return c->step ? AT_OK : AT_CME(CME_NOT_FOUND);
}

static int run_cpbf(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum book_id id = m->books.selected;
	int result = check_loaded(m);

	if (result != AT_OK)
		return result;
	if (c->form == AT_TEST) {
		at_info(ch, "+CPBF: %d,%d", book_number_max(&m->books, id),
			book_text_max(&m->books, id));
		return AT_OK;
	}
	if (id == BOOK_LD || id == BOOK_RC || id == BOOK_MC || id == BOOK_SN ||
		id == BOOK_EN)
		return AT_CME(CME_NOT_ALLOWED);
	return more_cpbf(ch, c, AT_WHY_ROOM);
}

/* +CPBW */

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

static void test_cpbw(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct books *b = &m->books;

	at_info(ch, "+CPBW: (1-%d),%d,(129,145),%d", book_capacity(b, b->selected),
		book_number_max(b, b->selected), book_text_max(b, b->selected));
}

/* Without a number AT+CPBW erases an entry; with extended contacts AT+CPBW=0 erases all
 * (GDW-11 p. 62). */
static int erase(struct channel *ch, const struct at_call *c, int index)
{
	struct modem *m = ch->modem;
	struct books *b = &m->books;

	if (c->args > 2)
		return AT_CME(CME_NOT_ALLOWED);
	if (index)
		return put(m, index, NULL);
	if (b->selected == BOOK_FD && !m->sim.pin2_good)
		return at_want_pin2(m);
	return nv_clear_book(m, b->selected) ? AT_OK : AT_CME(CME_MEMORY);
}

static int run_cpbw(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct books *b = &m->books;
	const bool erases = !at_given(c, 1);
	struct contact contact = { 0 };
	int result = check_loaded(m);
	int index, first;

	if (result != AT_OK)
		return result;
	if (c->form == AT_TEST) {
		test_cpbw(ch);
		return AT_OK;
	}
	if (m->sim.fixed_dialling || (erases && !at_given(c, 0)) ||
		!(erases ? book_erasable(b->selected) : book_writable(b->selected)))
		return AT_CME(CME_NOT_ALLOWED);
	index = at_given(c, 0) ? c->arg[0].num : book_free_place(b, b->selected);
	if (!index && !at_given(c, 0))
		return AT_CME(CME_FULL);
	first = erases && m->live.wcos ? 0 : 1;
	if (index < first || index > book_capacity(b, b->selected))
		return AT_CME(CME_BAD_INDEX);
	if (erases)
		return erase(ch, c, index);
	result = at_book_read(ch, c, &contact);
	return result == AT_OK ? put(m, index, &contact) : result;
}

/* +CPBP, +CPBN */

static int run_cpbp(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct books *b = &m->books;
	struct contact wanted = { 0 };
	int result = check_loaded(m);
	int i = 0;

	if (result != AT_OK)
		return result;
	if (contact_set_number(&wanted, c->arg[0].text, c->arg[0].len, 0,
		    CONTACT_NUMBER) == CONTACT_OK)
		i = book_find_subscriber(b, b->selected, &wanted);
	if (!i)
		return AT_CME(CME_NOT_FOUND);
	info_entry(ch, "+CPBP", i);
	b->last_number = i;
	return AT_OK;
}

/* The entry next to the cursor; the first follows the last (GDW-11 p. 72). */
static int step(const struct books *b, bool backwards)
{
	int i = book_next(b, b->selected, b->cursor, backwards);

	return i ? i : book_next(b, b->selected, 0, backwards);
}

static int run_cpbn(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
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
		i = step(b, c->arg[0].num == 3);
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
	info_entry(ch, "+CPBN", i);
	b->cursor = i;
	return AT_OK;
}

/* An argument of an extended contact, after the name; see at_book_read(). */
#define EXTENSION(n)                                  \
	{                                             \
		n, AT_TEXT, NULL, 0, .optional = true \
	}

const struct at_cmd at_cmds_phonebook[] = {
	{ .name = "+CPBS",
		.see = "phonebook.md +CPBS; GD-01 p. 41; GDW-11 p. 59",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cpbs,
		.test_by_run = true,
		.param = { { "book", AT_CHOICE, BOOK_CHOICES, 0 } } },
	{ .name = "+CPBR",
		.see = "phonebook.md +CPBR; GDW-11 p. 61",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cpbr,
		.more = more_cpbr,
		.test_by_run = true,
		.param = { { "first", AT_INT, NULL, 0 },
			{ "last", AT_INT, NULL, 0, .optional = true } } },
	{ .name = "+CPBF",
		.see = "phonebook.md +CPBF; GDW-11 p. 67",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cpbf,
		.more = more_cpbf,
		.test_by_run = true,
		.param = { { "text", AT_TEXT, NULL, 0 } } },
	{ .name = "+CPBW",
		.see = "phonebook.md +CPBW; GDW-11 p. 62-66; S000293I p. 49",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cpbw,
		.test_by_run = true,
		.param = { { "index", AT_INT, NULL, 0, .optional = true },
			{ "number", AT_TEXT, NULL, 0, .optional = true },
			{ "type", AT_INT, "(0-255)", 0, .optional = true },
			{ "text", AT_TEXT, NULL, 0, .optional = true },
			EXTENSION("group_or_number2"), EXTENSION("type2"),
			EXTENSION("number3"), EXTENSION("type3"), EXTENSION("number4"),
			EXTENSION("type4"), EXTENSION("number5"), EXTENSION("type5"),
			EXTENSION("e-mail"), EXTENSION("address"), EXTENSION("group") } },
	{ .name = "+CPBP",
		.see = "phonebook.md +CPBP; GDW-11 p. 70",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cpbp,
		.param = { { "number", AT_TEXT, NULL, 0 } } },
	{ .name = "+CPBN",
		.see = "phonebook.md +CPBN; GDW-11 p. 71-73",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cpbn,
		.param = { { "mode", AT_INT, "(0-7)", 0 } } },
	{ 0 },
};
