/* Supplementary services: forwarding, call waiting, notifications, closed user groups
 * (services.md). Barring is in barring.c, USSD in cmd_ussd.c; gsm/ss.h is the network's
 * side. */
#include <ctype.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/phonebook/book_dial.h"
#include "chapters/services/services.h"
#include "state/modem_state.h"
#include "state/nv.h"

int at_ss_verdict(struct modem *m, enum ss_verdict v)
{
	if (!nv_save_services(m))
		return AT_CME(CME_MEMORY);
	switch (v) {
	case SS_PASSWORD:
		return AT_CME(CME_BAD_PASSWORD);
	case SS_NOT_ALLOWED:
		return AT_CME(CME_NOT_ALLOWED);
	case SS_GOOD:
		break;
	}
	return AT_OK;
}

int at_ss_reachable(const struct modem *m)
{
	if (net_registered(&m->net))
		return AT_OK;
	return AT_CME(net_service(&m->net) ? CME_EMERGENCY_ONLY : CME_NO_SERVICE);
}

/* information text */

/* The value that stands for all classes of a set: 7 for voice, data and fax. */
static unsigned class_of(unsigned classes)
{
	return classes & SS_ALL ? classes & SS_ALL : classes;
}

void at_info_forward(struct channel *ch, enum ss_reason reason, unsigned classes)
{
	struct modem *m = ch->modem;
	bool any = false;
	int c;

	for (c = 0; c < SS_CLASSES; c++) {
		const struct ss_forward *f = &m->ss.forward[reason][c];

		if (!(classes >> c & 1) || !f->number[0])
			continue;
		any = true;
		if (reason == SS_NO_REPLY)
			at_info(ch, "+CCFC: %d,%d,\"%s\",%d,,,%d", f->active, 1 << c,
				f->number, f->type, f->time);
		else
			at_info(ch, "+CCFC: %d,%d,\"%s\",%d", f->active, 1 << c,
				f->number, f->type);
	}
	if (!any)
		at_info(ch, "+CCFC: 0,%u", class_of(classes));
}

void at_info_classes(struct channel *ch, const char *name, unsigned on, unsigned classes)
{
	int c;

	for (c = 0; c < SS_CLASSES; c++)
		if (on & classes & 1u << c)
			at_info(ch, "%s: 1,%d", name, 1 << c);
	if (!(on & classes))
		at_info(ch, "%s: 0,%u", name, class_of(classes));
}

/* +CCFC */

/* Digits, * and #, with an optional + in front. Returns false for anything else, or if
 * too long. */
static bool take_number(const struct at_arg *arg, char out[SS_NUMBER_MAX + 1])
{
	size_t i;

	if (!arg->given || arg->len > SS_NUMBER_MAX)
		return false;
	for (i = 0; i < arg->len; i++)
		if (!isdigit((unsigned char)arg->text[i]) &&
			!memchr("*#", arg->text[i], 2) &&
			!(i == 0 && arg->text[i] == '+'))
			return false;
	memcpy(out, arg->text, arg->len);
	out[arg->len] = '\0';
	return true;
}

enum ccfc_mode {
	CCFC_DISABLE,
	CCFC_ENABLE,
	CCFC_QUERY,
	CCFC_REGISTER,
	CCFC_ERASE,
};

static int register_forward(struct channel *ch, struct at_call *c, unsigned classes)
{
	struct modem *m = ch->modem;
	char number[SS_NUMBER_MAX + 1];
	int reason = c->arg[0].num;
	bool timed = reason == SS_NO_REPLY || reason >= SS_REASON_ALL;
	int type;

	if (!take_number(&c->arg[2], number) || (at_given(c, 7) && !timed))
		return AT_CME(CME_NOT_ALLOWED);
	/* with the FD lock on, calls are forwarded only to fixed dialling numbers
	 * (services.md +CCFC) */
	if (!at_book_may_dial(m, number, strlen(number)))
		return AT_CME(CME_NOT_ALLOWED);
	type = number[0] == '+' ? 145 : 129;
	if (at_given(c, 3))
		type = c->arg[3].num;
	return at_ss_verdict(m, ss_register(&m->ss, reason, classes, number, type,
					at_given(c, 7) ? c->arg[7].num : 0));
}

static int run_ccfc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int reason = c->arg[0].num;
	unsigned classes = ss_classes(at_given(c, 4) ? c->arg[4].num : 7);

	switch ((enum ccfc_mode)c->arg[1].num) {
	case CCFC_DISABLE:
		return at_ss_verdict(m, ss_deactivate(&m->ss, reason, classes));
	case CCFC_ENABLE:
		if (at_given(c, 2))
			break;
		return at_ss_verdict(m, ss_activate(&m->ss, reason, classes));
	case CCFC_QUERY:
		if (reason >= SS_REASONS)
			return AT_CME(CME_NOT_ALLOWED);
		at_info_forward(ch, (enum ss_reason)reason, classes);
		return AT_OK;
	case CCFC_ERASE:
		return at_ss_verdict(m, ss_erase(&m->ss, reason, classes));
	case CCFC_REGISTER:
		break;
	}
	return register_forward(ch, c, classes);
}

/* +CCWA */

static int run_ccwa(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	unsigned classes = ss_classes(at_given(c, 2) ? c->arg[2].num : 7);
	int result;

	if (c->form == AT_READ) {
		at_info(ch, "+CCWA: %d", m->live.ccwa);
		return AT_OK;
	}
	result = at_given(c, 1) ? at_ss_reachable(m) : AT_OK;
	if (result == AT_OK)
		result = at_store_field(ch, SETTING(ccwa), c->arg[0].num);
	if (result != AT_OK || !at_given(c, 1))
		return result;
	if (c->arg[1].num == 2) {
		at_info_classes(ch, "+CCWA", m->ss.waiting, classes);
		return AT_OK;
	}
	ss_wait(&m->ss, c->arg[1].num, classes);
	return at_ss_verdict(m, SS_GOOD);
}

const struct at_cmd at_cmds_supplementary[] = {
	{ .name = "+CCFC",
		.see = "services.md +CCFC",
		.forms = AT_SET | AT_TEST,
		.test = "(0-5)",
		.needs = AT_NEED_FILES | AT_NEED_NET,
		.open = AT_TEST,
		.run = run_ccfc,
		.works = at_works_always,
		.aborted = AT_CME(CME_NOT_ALLOWED),
		.param = { { "reason", AT_INT, "(0-5)", 0 },
			{ "mode", AT_INT, "(0-4)", 0 },
			{ "number", AT_TEXT, NULL, 0, .optional = true },
			{ "type", AT_INT, "(129,145)", 129, .optional = true },
			{ "class", AT_INT, "(1-255)", 7, .optional = true },
			{ "subaddress", AT_TEXT, NULL, 0, .optional = true },
			{ "satype", AT_INT, "(0-255)", 128, .optional = true },
			{ "time", AT_INT, "(1-30)", 20, .optional = true } } },
	{ .name = "+CCWA",
		.see = "services.md +CCWA; GDW-11 p. 311, pp. 369-377; GD-01 p. 5",
		.forms = AT_SRT,
		.test = "(0,1)",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_ccwa,
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(ccwa), AT_WF },
			{ "action", AT_INT, "(0-2)", 0, .optional = true },
			{ "class", AT_INT, "(1-255)", 7, .optional = true } } },
	{ .name = "+CSSN",
		.see = "services.md +CSSN; GD-01 p. 89",
		.forms = AT_SRT,
		.test = "(0-1),(0-1)",
		.param = { { "cssi", AT_INT, "(0,1)", 0, SETTING(cssi), AT_WF },
			{ "cssu", AT_INT, "(0,1)", 0, SETTING(cssu), AT_WF, true } } },
	{ .name = "+CCUG",
		.see = "services.md +CCUG; GDW-11 p. 311, pp. 369-377; GD-01 p. 5",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.test = "",
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(cug), AT_EE },
			{ "index", AT_INT, "(0-10)", 0, SETTING(cug_index), AT_EE, true },
			{ "info", AT_INT, "(0-3)", 0, SETTING(cug_info), AT_EE,
				true } } },
	{ 0 },
};
