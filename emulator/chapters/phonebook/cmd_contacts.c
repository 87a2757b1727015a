/* Extended contacts (+WCOS), caller groups (+WPGW, +WPGR, +WPGS): GDW-11 p. 77 to 81. */
#include "at/reply.h"
#include "at/run.h"
#include "chapters/phonebook/book_entry.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/nv_books.h"

#define NAME_MAX      30 /* octets */
#define NAME_UCS2_MAX 13 /* characters */
#define LINES         5  /* contacts in one piece of a list */

static struct book_group *group_of(struct modem *m, int i)
{
	return book_group_exists(&m->books, i) ? &m->books.group[i - 1] : NULL;
}

/* +WPGW */

/* Takes all contacts out of a group. False: the memory fails. */
static bool empty_group(struct modem *m, int group)
{
	int i;

	for (i = 1; i <= book_capacity(&m->books, BOOK_MT); i++) {
		const struct contact *c = book_at(&m->books, BOOK_MT, i);
		struct contact was, now;

		if (!c || c->group != group)
			continue;
		was = now = *c;
		now.group = 0;
		book_put(&m->books, BOOK_MT, i, &now);
		if (!nv_save_contact(m, BOOK_MT, i, &was))
			return false;
	}
	return true;
}

static int run_wpgw(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const int i = c->arg[0].num;
	struct book_group now = { .name.type = CONTACT_NATIONAL };
	int result;

	if (i < 1 || i > BOOK_GROUPS)
		return AT_CME(CME_BAD_INDEX);
	if (!at_given(c, 1) || !c->arg[1].len) {
		if (!empty_group(m, i))
			return AT_CME(CME_MEMORY);
		m->books.group[i - 1] = (struct book_group){ .refused = false };
		return nv_save_numbers(m) ? AT_OK : AT_CME(CME_MEMORY);
	}
	result = at_book_read_text(m, &c->arg[1], NAME_MAX, &now.name);
	if (result != AT_OK)
		return result;
	if (now.name.text_len && now.name.text[0] & 0x80 &&
		now.name.text_len > 1 + 2 * NAME_UCS2_MAX)
		return AT_CME(CME_TEXT_LONG);
	now.refused = book_group_exists(&m->books, i) && m->books.group[i - 1].refused;
	m->books.group[i - 1] = now;
	return nv_save_numbers(m) ? AT_OK : AT_CME(CME_MEMORY);
}

/* +WPGR */

enum {
	WPGR_ONE = 1,
	WPGR_ALL,
	WPGR_CONTACTS,
	WPGR_COUNT,
};

static void info_group(struct channel *ch, int i)
{
	struct modem *m = ch->modem;
	char text[4 * CONTACT_TEXT + 1];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	at_book_put_text(m, &m->books.group[i - 1].name, &b);
	at_info(ch, "+WPGR: %d,\"%.*s\"", i, (int)b.len, text);
}

static int more_wpgr(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	int lines = 0;

	(void)why;
	for (; c->step <= book_capacity(&m->books, BOOK_MT); c->step++) {
		const struct contact *contact = book_at(&m->books, BOOK_MT, c->step);

		if (!contact || contact->group != c->arg[1].num)
			continue;
		if (lines++ == LINES)
			return AT_MORE;
		at_book_tell(ch, "+WPGR", BOOK_MT, c->step);
	}
	return AT_OK;
}

static int run_wpgr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int i;

	if (c->arg[0].num == WPGR_ALL) {
		for (i = 1; i <= BOOK_GROUPS; i++)
			if (group_of(m, i))
				info_group(ch, i);
		return AT_OK;
	}
	if (!at_given(c, 1) || !group_of(m, c->arg[1].num))
		return AT_CME(CME_NOT_ALLOWED);
	switch (c->arg[0].num) {
	case WPGR_CONTACTS:
		c->step = 1;
		return more_wpgr(ch, c, AT_WHY_ROOM);
	case WPGR_COUNT:
		at_info(ch, "+WPGR: %d/%d", book_group_used(&m->books, c->arg[1].num),
			BOOK_GROUP_MAX);
		return AT_OK;
	}
	info_group(ch, c->arg[1].num);
	return AT_OK;
}

/* +WPGS */

static int run_wpgs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct book_group *group = group_of(m, c->arg[1].num);
	bool writes = c->arg[0].num == 1;

	if (!group || writes != at_given(c, 2))
		return AT_CME(CME_NOT_ALLOWED);
	if (!writes) {
		at_info(ch, "+WPGS: %d", !group->refused);
		return AT_OK;
	}
	group->refused = !c->arg[2].num;
	return nv_save_numbers(m) ? AT_OK : AT_CME(CME_MEMORY);
}

const struct at_cmd at_cmds_contacts[] = {
	/* how 2 (internal contacts) differs from 1 is unknown; inferred: not at all */
	{ .name = "+WCOS",
		.see = "phonebook.md +WCOS; GDW-11 p. 77: for 6.63 and 7.x inferred",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(wcos), AT_EE } } },
	{ .name = "+WPGW",
		.see = "phonebook.md +WPGW; GDW-11 p. 78: for 6.63 and 7.x inferred",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.test = "(1-10),30",
		.run = run_wpgw,
		.param = { { "group", AT_INT, NULL, 0 },
			{ "name", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+WPGR",
		.see = "phonebook.md +WPGR; GDW-11 p. 79: for 6.63 and 7.x inferred",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_wpgr,
		.more = more_wpgr,
		.param = { { "mode", AT_INT, "(1-4)", 0 },
			{ "group", AT_INT, "(1-10)", 0, .optional = true } } },
	{ .name = "+WPGS",
		.see = "phonebook.md +WPGS; GDW-11 p. 81: for 6.63 and 7.x inferred",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_wpgs,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "group", AT_INT, "(1-10)", 0 },
			{ "takes", AT_INT, "(0-1)", 0, .optional = true } } },
	{ 0 },
};
