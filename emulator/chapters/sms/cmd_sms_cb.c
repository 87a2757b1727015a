/* Cell broadcast: which pages are accepted (sms.md +CSCB, +WCBM). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "chapters/sms/sms.h"
#include "state/modem_state.h"
#include "state/nv.h"

/* Reads "5" or "5-9"; false when it is neither. */
static bool take_range(const char **p, const char *end, long max, long *lo, long *hi)
{
	long *at = lo;

	*lo = *hi = 0;
	for (;;) {
		const char *start = *p;

		*at = 0;
		while (*p < end && isdigit((unsigned char)**p) && *p - start < 6)
			*at = *at * 10 + (*(*p)++ - '0');
		if (*p == start || *at > max)
			return false;
		if (at == hi)
			return *lo <= *hi;
		*hi = *lo;
		if (*p == end || **p != '-')
			return true;
		(*p)++;
		at = hi;
	}
}

/* Whether the text is a list of numbers and ranges up to max, "0-3,17", or empty. */
static bool sms_list_valid(const char *text, size_t len, long max)
{
	const char *p = text, *end = text + len;
	long lo, hi;

	if (len >= SMS_LIST)
		return false;
	while (p < end) {
		if (!take_range(&p, end, max, &lo, &hi))
			return false;
		if (p == end)
			return true;
		if (*p++ != ',' || p == end)
			return false;
	}
	return true;
}

static bool listed(const char *list, long n)
{
	const char *p = list, *end = list + strlen(list);
	long lo, hi;

	while (p < end && take_range(&p, end, 65535, &lo, &hi)) {
		if (n >= lo && n <= hi)
			return true;
		p += p < end;
	}
	return false;
}

bool sms_pages_wanted(const struct sms_params *p, int mid, int dcs)
{
	if (p->cb_mode || (!p->mids[0] && !p->dcss[0]))
		return false;
	return (!p->mids[0] || listed(p->mids, mid)) &&
	       (!p->dcss[0] || listed(p->dcss, dcs));
}

static void keep(char *list, const struct at_arg *arg)
{
	memcpy(list, arg->text, arg->len);
	list[arg->len] = '\0';
}

static int run_cscb(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct sms_params *p = &m->s.sms.params;

	if ((at_given(c, 1) && !sms_list_valid(c->arg[1].text, c->arg[1].len, 65535)) ||
		(at_given(c, 2) && !sms_list_valid(c->arg[2].text, c->arg[2].len, 255)))
		return AT_CMS(302);
	p->cb_mode = c->arg[0].num;
	if (at_given(c, 1))
		keep(p->mids, &c->arg[1]);
	if (at_given(c, 2))
		keep(p->dcss, &c->arg[2]);
	return AT_OK;
}

/* Stores EF-CBMI, which has no effect on the pages that are accepted. */
static int run_wcbm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char before[SMS_LIST];

	if (c->form == AT_READ) {
		at_info(ch, "+WCBM=\"%s\"", m->cbmi);
		return AT_OK;
	}
	if (!sms_list_valid(c->arg[0].text, c->arg[0].len, 65535))
		return AT_CMS(302);
	strcpy(before, m->cbmi);
	keep(m->cbmi, &c->arg[0]);
	if (nv_save_sms(m))
		return AT_OK;
	strcpy(m->cbmi, before);
	return AT_CME(CME_MEMORY);
}

const struct at_cmd at_cmds_sms_cb[] = {
	{ .name = "+CSCB",
		.own = AT_SAS,
		.own_value = "0",
		.see = "sms.md +CSCB: factory value and storage inferred; GDW-11 p. 105: "
		       "no read form; GD-01 p. 72",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "(0,1)",
		.run = run_cscb,
		.param = { { "mode", AT_INT, "(0,1)", 0 },
			{ "mids", AT_TEXT, NULL, 0, .optional = true },
			{ "dcss", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+WCBM",
		.see = "sms.md +WCBM",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_wcbm,
		.param = { { "mids", AT_TEXT, NULL, 0 } } },
	{ 0 },
};
