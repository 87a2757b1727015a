/* What the safe list cannot show, and why. */
#include "judge_int.h"

#include <stdio.h>
#include <string.h>

#include "describe/commands.h"
#include "host/field/differ.h"

/* ---- what nothing shows ---------------------------------------------------------------- */

static const char *why_quirk(const char *name)
{
	static const struct {
		const char *name, *why;
	} quirks[] = {
		{ "wopen3-548", "AT+WOPEN=3 erases" },
		{ "wopen3-empty-548", "AT+WOPEN=3 erases" },
		{ "cfun-4", "AT+CFUN=4 switches the radio off" },
		{ "cfun-no-reset", "AT+CFUN=1 restarts it" },
		{ "rack-always-told", "it is told at the boot" },
		{ "cusd-timeout", "it takes a session of USSD" },
		{ "cmgr-empty-321", "AT+CMGR may mark a message as read" },
		{ "sms-text-ext-drop", "a message would have to be written" },
		{ "sms-text-ext-305", "a message would have to be written" },
		{ "search-after-pin", "it takes a boot with a PIN" },
		{ "wind11-open-end", "it is told at the boot" },
		{ "lcp-no-magic", "it takes a session of PPP" },
		{ "ppp-dummy-address", "it takes a session of PPP" },
		{ "nitz-sets-clock", "the network would have to send its time" },
		{ "clip-third-value", "it takes a call" },
		{ "alarm-to-the-minute", "an alarm would have to be set" },
		{ "cms-always", "no command of messages that is asked is refused" },
		{ "cmgl-without-time", "AT+CMGL may mark messages as read" },
		{ "csmp-vp-wants-format", "AT+CSMP would have to be set" },
		{ "reports-kept", "a message would have to be sent" },
		{ "cced-by-cell", "AT+CCED starts reports" },
		{ "pin-stays-521", "a lock would have to be tried" },
		{ "holds-lines", "lines are typed one at a time" },
		{ "stk-title", "it takes a session with the SIM" },
		{ "stsf-four", "the toolkit is off" },
		{ "ftp-not-licensed", "+WCFM is not asked for its features" },
	};
	size_t i;

	for (i = 0; i < sizeof(quirks) / sizeof(quirks[0]); i++)
		if (!strcmp(name, quirks[i].name))
			return quirks[i].why;
	return NULL;
}

/* The answer of ours to that form, NULL: it is not asked. */
static const struct spoken *spoken(
	const struct trial *t, const char *name, enum command_form form, const char **ask)
{
	size_t i;

	for (i = 0; i < t->q.n; i++)
		if (!strcmp(t->q.item[i].name, name) && t->q.item[i].form == form) {
			*ask = t->q.item[i].ask;
			return &t->said[0][i];
		}
	return NULL;
}

bool has(const struct spoken *s, const char *text)
{
	return memmem(s->answer, s->len, text, strlen(text));
}

/* Why this form shows no change: its bytes are replaced only where it succeeds. */
static const char *why_form(
	const struct trial *t, const char *name, enum command_form form)
{
	const char *ask;
	const struct spoken *s = spoken(t, name, form, &ask);

	if (!s)
		return "that form is not asked";
	if (differ_own(ask))
		return differ_own(ask);
	return has(s, "OK") ? NULL : "ours refuses it, and an error stays an error";
}

static const char *why_setting(const struct trial *t, const struct change *c)
{
	const char *ask;
	size_t i;

	for (i = 0; i < t->ours->memories; i++)
		if (!strncmp(t->ours->memory[i].name, c->key, strlen(c->key)))
			return "the memory of the unit has another value";
	if (!spoken(t, c->key, COMMAND_READ, &ask))
		return "no form shows it";
	if (!strcmp(c->key, "+VGT") || !strcmp(c->key, "+VGR"))
		return "a gain is shown as its step";
	if (!strcmp(c->key, "+WRST"))
		return "AT+WRST? tells a delay, and none is set";
	return why_form(t, c->key, COMMAND_READ);
}

static const char *why_row(const struct trial *t, const struct change *c)
{
	enum command_form form;
	const char *ask;
	const struct spoken *s;

	for (form = COMMAND_EXEC; form < COMMAND_FORMS; form++) {
		s = spoken(t, c->key, form, &ask);
		if (!s || differ_own(ask) || !has(s, "OK"))
			continue;
		if (strstr(c->set, ".absent"))
			return NULL;
		if (form == COMMAND_EXEC || form == COMMAND_SET)
			return NULL;
	}
	return "no form that it refuses is asked, or all were errors";
}

/* Whether =? is made from the parameters. */
static const char *why_values(
	const struct trial *t, const char *name, const struct spoken *s)
{
	/* texts of their own that look as if they were made */
	static const char *const own[] = { "+CSMS", "+WMGO", "+STGI", "+WGPRS", NULL };
	char made[300];
	struct param_row p;
	size_t i;

	for (i = 0; own[i]; i++)
		if (!strcmp(own[i], name))
			return "its =? is a text of its own";
	snprintf(made, sizeof(made), "%s: ", name);
	for (i = 0; commands_param(profile_at(t->ours, t->ours->installed), name, i, &p);
		i++)
		snprintf(made + strlen(made), sizeof(made) - strlen(made), "%s%s",
			i ? "," : "", p.values ? p.values : "");
	return has(s, made) ? NULL : "its =? is a text of its own";
}

static const char *why_quirk_here(const struct trial *t, const char *name)
{
	const struct firmware *f = profile_at(t->ours, t->ours->installed);
	size_t i;

	if (!strcmp(name, "ati9-ok"))
		return f->inventories ? NULL : "it has no list of components";
	for (i = 0; i < t->q.n && !strcmp(name, "wopen-sizes-broken"); i++)
		if (!strcmp(t->q.item[i].ask, "AT+WOPEN=6"))
			return has(&t->said[0][i], "OK") ? NULL : "it has no sizes";
	return why_quirk(name);
}

const char *why_invisible(const struct trial *t, const struct change *c)
{
	const char *ask, *why;

	switch (c->kind) {
	case 'U':
		return "it belongs to the unit";
	case 'Q':
		return why_quirk_here(t, c->key);
	case 'S':
		return why_setting(t, c);
	case 'T':
		return why_form(t, c->key, COMMAND_TEST);
	case 'V':
		why = why_form(t, c->key, COMMAND_TEST);
		return why ? why
			   : why_values(t, c->key, spoken(t, c->key, COMMAND_TEST, &ask));
	case 'A':
		return why_form(t, c->key, c->form);
	case 'R':
		return why_row(t, c);
	case 'F':
		return !strcmp(c->key, "manufacturer") && t->ours->device.maker.text[0]
			       ? "the device has a maker of its own"
			       : NULL;
	}
	return NULL;
}
