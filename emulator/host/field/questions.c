#include "host/field/questions.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "describe/commands.h"

#define USUAL  SEC(10)
#define SEARCH SEC(180)

static const char tests[] = "a test form shows what is legal, and does nothing";
static const char reads[] = "a read form shows a setting or a state";

/* Forms that are not asked, or only with more. */
static const struct exception {
	const char *form;
	bool more;
	usec_t most;
	const char *why;
} exceptions[] = {
	{ "+COPS=?", true, SEARCH,
		"searches for operators: minutes, no calls meanwhile" },
	{ "+CLIP?", true, SEC(60), "asks the network, without a charge" },
	{ "+CLIR?", true, SEC(60), "asks the network, without a charge" },
	{ "+COLP?", true, SEC(60), "asks the network, without a charge" },
	{ "+CCWA?", true, SEC(60), "asks the network, without a charge" },
	/* a firmware that does not know the form might do what the command does */
	{ "+WDWL=?", false, 0, NULL },
	{ "+CPOF=?", false, 0, NULL },
	{ "+CSAS=?", false, 0, NULL },
	{ "+CRES=?", false, 0, NULL },
	{ "+WMIR=?", false, 0, NULL },
	{ "+WAC=?", false, 0, NULL },
	{ "+WOPENRES=?", false, 0, NULL },
	{ "+WSHS=?", false, 0, NULL },
	{ "+CHUP=?", false, 0, NULL },
	{ "+CMUX?", false, 0, NULL },
	{ "+WAC?", false, 0, NULL },
	{ "+CSIM?", false, 0, NULL },
	{ "+CRSM?", false, 0, NULL },
	{ "+CNMA?", false, 0, NULL },
};

/* Commands whose execution, or this setting of them, only shows. */
static const struct show {
	const char *ask, *name;
	enum command_form form;
	const char *why;
} shows[] = {
	{ "ATI", "I", COMMAND_EXEC, "shows the maker and the model" },
	{ "ATI3", "I", COMMAND_EXEC, "shows the revision" },
	{ "ATI9", "I", COMMAND_EXEC, "shows what is in flash" },
	{ "AT&V", "&V", COMMAND_EXEC, "shows settings" },
	{ "AT+CGMI", "+CGMI", COMMAND_EXEC, "shows the maker" },
	{ "AT+CGMM", "+CGMM", COMMAND_EXEC, "shows the model" },
	{ "AT+CGMR", "+CGMR", COMMAND_EXEC, "shows the revision" },
	{ "AT+CGSN", "+CGSN", COMMAND_EXEC, "shows the IMEI; only its form is compared" },
	{ "AT+GMI", "+GMI", COMMAND_EXEC, "shows the maker" },
	{ "AT+GMM", "+GMM", COMMAND_EXEC, "shows the model" },
	{ "AT+GMR", "+GMR", COMMAND_EXEC, "shows the revision" },
	{ "AT+GSN", "+GSN", COMMAND_EXEC, "shows the IMEI; only its form is compared" },
	{ "AT+GCAP", "+GCAP", COMMAND_EXEC, "shows capabilities" },
	{ "AT+CIMI", "+CIMI", COMMAND_EXEC, "shows the IMSI; only its form is compared" },
	{ "AT+CCID", "+CCID", COMMAND_EXEC,
		"shows the ICCID; only its form is compared" },
	{ "AT+CNUM", "+CNUM", COMMAND_EXEC,
		"shows own numbers; its answer is not compared" },
	{ "AT+CSQ", "+CSQ", COMMAND_EXEC, "shows the signal; only its form is compared" },
	{ "AT+CPAS", "+CPAS", COMMAND_EXEC, "shows the state" },
	{ "AT+CEER", "+CEER", COMMAND_EXEC, "shows how the last call ended" },
	{ "AT+CLCC", "+CLCC", COMMAND_EXEC, "shows the calls" },
	{ "AT+CPINC", "+CPINC", COMMAND_EXEC,
		"shows how many tries are left; tries none" },
	{ "AT+WSSW", "+WSSW", COMMAND_EXEC, "shows the revision" },
	{ "AT+WHWV", "+WHWV", COMMAND_EXEC, "shows the hardware" },
	{ "AT+WDOP", "+WDOP", COMMAND_EXEC, "shows when it was made" },
	{ "AT+WMSN", "+WMSN", COMMAND_EXEC, "shows the serial number; not compared" },
	{ "AT+WOPEN=2", "+WOPEN", COMMAND_SET, "shows the Open AT library" },
	{ "AT+WOPEN=6", "+WOPEN", COMMAND_SET, "shows sizes in flash" },
	{ "AT+WOPEN=7", "+WOPEN", COMMAND_SET, "shows the state of the application" },
	{ "AT+CLAC", "+CLAC", COMMAND_EXEC, "shows the names of commands" },
};

/* Settings that are not tried: they may cut this line, the network or the SIM off. */
static const char *const untouched[] = { "+IPR", "+ICF", "+IFC", "+CFUN", "+COPS",
	"+CGATT", "+CGACT", "+CCWA", "+CMUX", "+FCLASS", "+CPLS", "+CPOL", "+CPIN",
	"+CLIR", "+CMEC", "+ILRR", "+CR", "+CRLP", NULL };

void questions_add(struct questions *q, const struct question *item)
{
	if (q->n == q->cap) {
		q->cap = q->cap ? 2 * q->cap : 256;
		q->item = must(realloc(q->item, q->cap * sizeof(*q->item)));
	}
	q->item[q->n++] = *item;
}

static const struct exception *exception_of(const char *form)
{
	size_t i;

	for (i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (!strcmp(exceptions[i].form, form))
			return &exceptions[i];
	return NULL;
}

static void add_form(struct questions *q, const char *name, enum command_form form,
	const char *suffix, const char *why, bool more)
{
	struct question item = { .form = form, .why = why, .most = USUAL };
	const struct exception *e;

	snprintf(item.name, sizeof(item.name), "%s", name);
	snprintf(item.ask, sizeof(item.ask), "AT%s%s", name, suffix);
	e = exception_of(item.ask + 2);
	if (e && (!e->why || !more))
		return;
	if (e) {
		item.why = e->why;
		item.more = e->more;
		item.most = e->most;
	}
	questions_add(q, &item);
}

static void add_row(struct questions *q, const struct command_row *row, bool more)
{
	if (row->name[0] == '+' && row->forms[3] == 'T')
		add_form(q, row->name, COMMAND_TEST, "=?", tests, more);
	if (row->forms[2] == 'R' && strchr("+S%\\", row->name[0]))
		add_form(q, row->name, COMMAND_READ, "?", reads, more);
}

void questions_make(struct questions *q, const struct profile *p, bool more)
{
	const struct firmware *f = profile_at(p, p->installed);
	struct question item;
	struct command_row row;
	size_t i;

	*q = (struct questions){ .n = 0 };
	for (i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		item = (struct question){
			.form = shows[i].form, .why = shows[i].why, .most = USUAL
		};
		snprintf(item.name, sizeof(item.name), "%s", shows[i].name);
		snprintf(item.ask, sizeof(item.ask), "%s", shows[i].ask);
		questions_add(q, &item);
	}
	for (i = 0; commands_row(f, i, &row); i++)
		add_row(q, &row, more);
}

void questions_free(struct questions *q)
{
	free(q->item);
	*q = (struct questions){ .n = 0 };
}

void questions_add_named(struct questions *q, const char *name)
{
	size_t i, len = strlen(name);

	if (len < 2 || len >= 12 || !strchr("+^%$#*", name[0]))
		return;
	for (i = 1; i < len; i++)
		if (!isupper((unsigned char)name[i]) && !isdigit((unsigned char)name[i]))
			return;
	for (i = 0; i < q->n; i++)
		if (!strcmp(q->item[i].name, name))
			return;
	add_form(q, name, COMMAND_TEST, "=?", tests, true);
}

void questions_print(const struct questions *q, FILE *out)
{
	size_t i;
	int more;

	for (more = 0; more < 2; more++)
		for (i = 0; i < q->n; i++)
			if (q->item[i].more == more)
				fprintf(out, "%-14s %s%s\n", q->item[i].ask,
					more ? "--more: " : "", q->item[i].why);
}

void questions_print_json(const struct questions *q, FILE *out)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < q->n; i++)
		json_array_append_new(
			all, json_pack("{s:s,s:b,s:s}", "ask", q->item[i].ask, "more",
				     q->item[i].more, "why", q->item[i].why));
	json_dumpf(all, out, JSON_INDENT(2));
	putc('\n', out);
	json_decref(all);
}

bool questions_may_set(const char *name, const char *kept)
{
	size_t i;

	/* at once: it would be written to flash */
	if (name[0] != '+' || strstr(kept, "at once"))
		return false;
	for (i = 0; untouched[i]; i++)
		if (!strcmp(untouched[i], name))
			return false;
	return true;
}
