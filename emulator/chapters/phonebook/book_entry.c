/* Shows phonebook entries to the host (+CPBR and others), and reads the arguments of
 * AT+CPBW as an entry. */
#include "chapters/phonebook/book_entry.h"

#include <string.h>

#include "at/reply.h"
#include "chapters/general/te_text.h"
#include "state/modem_state.h"

#define SHORT     4 /* arguments of an entry without extension */
#define GROUP     4 /* argument that is the group of an SM entry */
#define MAIL      (SHORT + 2 * CONTACT_MORE)
#define ADDRESS   (MAIL + 1)
#define ME_GROUP  (ADDRESS + 1)
#define WCOS_CARD 0

/* Showing an entry */

/* An empty number has no type: "",, (GDW-11 p. 70). That a contact without a group has 0
 * is inferred. */
static void put_extension(const struct contact *c, enum book_id id, struct buf *b)
{
	int i;

	for (i = 0; id == BOOK_ME && i < CONTACT_MORE; i++) {
		const struct contact_number *n = &c->more[i];

		if (!n->type)
			buf_puts(b, ",\"\",");
		else
			buf_printf(b, ",\"%s%s\",%d",
				n->type == CONTACT_INTERNATIONAL ? "+" : "", n->number,
				n->type);
	}
	if (id == BOOK_ME)
		buf_printf(b, ",\"%s\",\"%s\"", c->mail, c->address);
	buf_printf(b, ",%d", c->group);
}

void at_book_put_text(const struct modem *m, const struct contact *c, struct buf *out)
{
	struct te_text te;

	te_text_phonebook(m, &te);
	te.cs.policy = CHARSET_NEAREST;
	contact_put_text(c, &te.cs, out);
}

void at_book_tell(struct channel *ch, const char *command, enum book_id id, int index)
{
	struct modem *m = ch->modem;
	const struct contact *c = book_at(&m->books, id, index);
	char number[CONTACT_NUMBER + 2], text[4 * CONTACT_TEXT + 1];
	char extension[BOOK_EXTENSION];
	struct buf name, more;
	int place = index;

	buf_init(&name, text, sizeof(text));
	at_book_put_text(m, c, &name);
	buf_init(&more, extension, sizeof(extension));
	book_resolve(&m->books, &id, &place);
	if (m->live.wcos != WCOS_CARD && (id == BOOK_SM || id == BOOK_ME))
		put_extension(c, id, &more);
	at_info(ch, "%s: %d,\"%s\",%d,\"%.*s\"%.*s", command, index,
		contact_number(c, number), c->type, (int)name.len, text, (int)more.len,
		extension);
}

/* Reading arguments */

int at_contact_error(enum contact_result r)
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

int at_book_read_text(
	struct modem *m, const struct at_arg *arg, int max, struct contact *out)
{
	struct te_text te;

	te_text_phonebook(m, &te);
	return at_contact_error(contact_set_text(out, &te.cs, arg->text, arg->len, max));
}

static int read_short(struct channel *ch, const struct at_call *c, struct contact *out)
{
	struct modem *m = ch->modem;
	const struct books *b = &m->books;
	int text = AT_OK, max = book_number_max(b, b->selected);
	enum contact_result r;

	r = contact_set_number(out, c->arg[1].text, c->arg[1].len,
		at_given(c, 2) ? c->arg[2].num : 0, max);
	if (at_given(c, 3))
		text = at_book_read_text(
			m, &c->arg[3], book_text_max(b, b->selected), out);
	/* phonebook.md +CPBW: a long number is reported first, then the text, then a bad
	 * number */
	if (r == CONTACT_NUMBER_BAD && text != AT_OK)
		return text;
	return r != CONTACT_OK ? at_contact_error(r) : text;
}

/* A number from 0 to most; -1 for anything else. */
static int small_number(const struct at_arg *arg, int most)
{
	int n = 0;
	size_t i;

	for (i = 0; i < arg->len; i++) {
		if (arg->text[i] < '0' || arg->text[i] > '9')
			return -1;
		n = n * 10 + (arg->text[i] - '0');
		if (n > most)
			return -1;
	}
	return n;
}

static int read_number(const struct at_call *c, size_t at, struct contact_number *out)
{
	struct contact number = { 0 };
	int type = at_given(c, at + 1) ? small_number(&c->arg[at + 1], 255) : 0;
	enum contact_result r;

	if (type < 0)
		return AT_CME(CME_NOT_ALLOWED);
	if (!at_given(c, at) || !c->arg[at].len)
		return AT_OK;
	r = contact_set_number(&number, c->arg[at].text, c->arg[at].len, type,
		(int)sizeof(out->number) - 1);
	out->type = number.type;
	memcpy(out->number, number.number, sizeof(out->number));
	return at_contact_error(r);
}

static int read_line(const struct at_call *c, size_t at, char out[CONTACT_LINE + 1])
{
	if (!at_given(c, at))
		return AT_OK;
	if (c->arg[at].len > CONTACT_LINE)
		return AT_CME(CME_TEXT_LONG);
	memcpy(out, c->arg[at].text, c->arg[at].len);
	out[c->arg[at].len] = '\0';
	return AT_OK;
}

/* The group must exist and have room; the entry that is replaced, `was`, makes room in
 * its own group. */
static int read_group(struct channel *ch, const struct at_call *c, size_t at,
	const struct contact *was, struct contact *out)
{
	struct modem *m = ch->modem;
	int group = at_given(c, at) ? small_number(&c->arg[at], BOOK_GROUPS) : 0;

	if (group < 0 || (group && !book_group_exists(&m->books, group)))
		return AT_CME(CME_NOT_ALLOWED);
	if (group && !(was && was->group == group) &&
		book_group_used(&m->books, group) >= BOOK_GROUP_MAX)
		return AT_CME(CME_GROUP_FULL);
	out->group = (uint8_t)group;
	return AT_OK;
}

int at_book_read(struct channel *ch, const struct at_call *c, struct contact *out)
{
	struct modem *m = ch->modem;
	const struct books *b = &m->books;
	const struct contact *was = at_given(c, 0)
					    ? book_at(b, b->selected, c->arg[0].num)
					    : NULL;
	bool me = b->selected == BOOK_ME;
	bool long_form = m->live.wcos != WCOS_CARD && (me || b->selected == BOOK_SM);
	size_t most = !long_form ? SHORT : me ? ME_GROUP + 1 : GROUP + 1;
	int i, result = c->args > most ? AT_CME(CME_NOT_ALLOWED) : read_short(ch, c, out);

	for (i = 0; result == AT_OK && long_form && me && i < CONTACT_MORE; i++)
		result = read_number(c, SHORT + 2 * (size_t)i, &out->more[i]);
	if (result == AT_OK && long_form && me)
		result = read_line(c, MAIL, out->mail);
	if (result == AT_OK && long_form && me)
		result = read_line(c, ADDRESS, out->address);
	if (result == AT_OK && long_form)
		result = read_group(ch, c, me ? ME_GROUP : GROUP, was, out);
	return result;
}
