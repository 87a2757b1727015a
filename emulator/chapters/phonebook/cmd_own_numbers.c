/* Commands around the phonebooks (phonebook.md +CNUM; network.md +WOLM, +CPLS; wavecom.md
 * +WLPR): own numbers, voice mail, call lists, operator names, languages of the SIM. */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/network/operators.h"
#include "chapters/phonebook/book_entry.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/nv_books.h"

static int run_cnum(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int i;

	(void)c;
	for (i = 1; i <= book_capacity(&m->books, BOOK_ON); i++) {
		const struct contact *own = book_at(&m->books, BOOK_ON, i);
		char number[CONTACT_NUMBER + 2], text[4 * CONTACT_TEXT + 1];
		struct buf b;

		if (!own)
			continue;
		buf_init(&b, text, sizeof(text));
		at_book_put_text(m, own, &b);
		at_info(ch, "+CNUM: \"%.*s\",\"%s\",%d", (int)b.len, text,
			contact_number(own, number), own->type);
	}
	return AT_OK;
}

static int run_csvm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct contact number = { 0 };

	if (c->form == AT_READ) {
		at_info(ch, "+CSVM: %d,\"%s\",%d", m->voice_mail.on, m->voice_mail.number,
			m->voice_mail.type);
		return AT_OK;
	}
	if (at_given(c, 1)) {
		if (contact_set_number(&number, c->arg[1].text, c->arg[1].len,
			    at_given(c, 2) ? c->arg[2].num : 0,
			    CONTACT_NUMBER - 1) != CONTACT_OK)
			return AT_CME(CME_NOT_ALLOWED);
		contact_number(&number, m->voice_mail.number);
		m->voice_mail.type = number.type;
	}
	m->voice_mail.on = c->arg[0].num;
	return nv_save_numbers(m) ? AT_OK : AT_CME(CME_MEMORY);
}

/* GDW-11 p. 310, GD-01 p. 4 */
static bool factory_csvm(struct modem *m)
{
	m->voice_mail.on = 0;
	return nv_save_numbers(m);
}

static int run_wdcp(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	static const enum book_id lists[] = { BOOK_LD, BOOK_MC, BOOK_RC };
	enum book_id id;

	if (c->form == AT_READ)
		return AT_OK; /* no information text (GDW-11 p. 76) */
	id = lists[c->arg[0].num];
	return nv_clear_book(m, id) ? AT_OK : AT_CME(CME_MEMORY);
}

/* +WOLM */

static void info_operator(struct channel *ch, int i)
{
	struct modem *m = ch->modem;
	const struct operator_name *o = &m->added[i];

	if (o->plmn[0])
		at_info(ch, "+WOLM: %d,%s,\"%s\",\"%s\"", i + 1, o->plmn, o->short_name,
			o->long_name);
}

static int write_operator(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	struct operator_name *o = m->added;
	char plmn[8];
	int i = 0;

	if (!at_given(c, 2) || !at_given(c, 3) || !at_given(c, 4) ||
		!operator_find(m, 2, &c->arg[2], plmn))
		return AT_CME(CME_NOT_ALLOWED);
	if (c->arg[3].len >= sizeof(o->short_name) ||
		c->arg[4].len >= sizeof(o->long_name))
		return AT_CME(CME_TEXT_LONG);
	if (at_given(c, 1))
		i = c->arg[1].num - 1;
	else
		while (i < OPERATORS_ADDED && m->added[i].plmn[0])
			i++;
	if (i == OPERATORS_ADDED)
		return AT_CME(CME_FULL);
	o = &m->added[i];
	strcpy(o->plmn, plmn);
	memcpy(o->short_name, c->arg[3].text, c->arg[3].len);
	o->short_name[c->arg[3].len] = '\0';
	memcpy(o->long_name, c->arg[4].text, c->arg[4].len);
	o->long_name[c->arg[4].len] = '\0';
	return nv_save_numbers(m) ? AT_OK : AT_CME(CME_MEMORY);
}

/* Mode 0 deletes, 1 writes, 2 reads (GDW-11 p. 38). */
static int run_wolm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int i;

	if (c->form == AT_READ) {
		for (i = 0; i < OPERATORS_ADDED; i++)
			info_operator(ch, i);
		return AT_OK;
	}
	if (at_given(c, 1) && (c->arg[1].num < 1 || c->arg[1].num > OPERATORS_ADDED))
		return AT_CME(CME_BAD_INDEX);
	switch (c->arg[0].num) {
	case 0:
		if (!at_given(c, 1))
			return AT_CME(CME_NOT_ALLOWED);
		m->added[c->arg[1].num - 1] = (struct operator_name){ .plmn = "" };
		return nv_save_numbers(m) ? AT_OK : AT_CME(CME_MEMORY);
	case 1:
		return write_operator(ch, c);
	}
	if (at_given(c, 1)) {
		info_operator(ch, c->arg[1].num - 1);
		return AT_OK;
	}
	for (i = 0; i < OPERATORS_ADDED; i++)
		info_operator(ch, i);
	return AT_OK;
}

/* +WLPR, +WLPW: EF-LP */

static int run_wlpr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *code;

	if (c->form == AT_READ) {
		at_info(ch, "+WLPR: %d", SIM_LANGUAGES);
		return AT_OK;
	}
	code = m->sim.language[c->arg[0].num - 1];
	if (!code[0])
		return AT_CME(CME_BAD_INDEX);
	at_info(ch, "+WLPR: %d", sim_language(code));
	return AT_OK;
}

static int run_wlpw(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char *code = m->sim.language[c->arg[0].num - 1];
	char was[3];

	strcpy(was, code);
	strcpy(code, name_of(sim_languages, c->arg[1].num));
	if (nv_save_sim(m))
		return AT_OK;
	strcpy(code, was);
	return AT_CME(CME_MEMORY);
}

const struct at_cmd at_cmds_own_numbers[] = {
	{ .name = "+CNUM",
		.see = "phonebook.md +CNUM",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cnum },
	{ .name = "+WAIP",
		.see = "phonebook.md +WAIP",
		.forms = AT_SRT,
		.param = { { "skip", AT_INT, "(0,1)", 0, SETTING(skip_books), AT_WF } } },
	{ .name = "+WDCP",
		.see = "phonebook.md +WDCP; GDW-11 p. 76",
		.forms = AT_SRT,
		.needs = AT_NEED_PIN,
		.open = AT_READ | AT_TEST,
		.run = run_wdcp,
		.param = { { "list", AT_CHOICE, "(\"LD\",\"MC\",\"RC\")", 0 } } },
	{ .name = "+CSVM",
		.own = AT_EEF,
		.own_value = "0",
		.factory = factory_csvm,
		.see = "phonebook.md +CSVM; GD-01 p. 52",
		.forms = AT_SRT,
		.test = "(0-1),(129,145)",
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_csvm,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "number", AT_TEXT, NULL, 0, .optional = true },
			{ "type", AT_INT, "(0-255)", 0, .optional = true } } },
	/* the SIM has EF-PLMNsel, and none of the lists with access technology */
	{ .name = "+CPLS",
		.see = "network.md +CPLS: factory value and storage inferred",
		.forms = AT_SRT,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.param = { { "list", AT_INT, "(0)", 0, AT_SLOT, AT_RAM } } },
	{ .name = "+WOLM",
		.see = "network.md +WOLM; GDW-11 p. 38-39",
		.forms = AT_SRT,
		.test = "(0-2),(1-10)",
		.run = run_wolm,
		.param = { { "mode", AT_INT, "(0-2)", 0 },
			{ "index", AT_INT, NULL, 0, .optional = true },
			{ "plmn", AT_TEXT, NULL, 0, .optional = true },
			{ "short", AT_TEXT, NULL, 0, .optional = true },
			{ "long", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+WLPR",
		.see = "wavecom.md +WLPR; GDW-11 p. 179-181, 369",
		.forms = AT_SRT,
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_wlpr,
		.param = { { "index", AT_INT, "(1-4)", 1 } } },
	{ .name = "+WLPW",
		.see = "wavecom.md +WLPW; GDW-11 pp. 369-377, p. 179-181, 369",
		.forms = AT_SET | AT_TEST,
		.test = "(1-4)",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_wlpw,
		.param = { { "index", AT_INT, "(1-4)", 1 },
			{ "language", AT_INT, "(0-14,32-36)", 0 } } },
	{ 0 },
};
