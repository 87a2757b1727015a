/* Where each setting is kept, by the storage tables of the references (at-1 13A,
 * at-2 1.2, at-3): every stored parameter of the tables is set to another value, and must
 * come back after a reset, ATZ, AT&F, AT+CRES as its class says, and not otherwise. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at/tables.h"
#include "rig.h"

enum keep {
	RAM = AT_RAM,   /* until a reset */
	W = AT_W,       /* by AT&W */
	EE = AT_EE,     /* at once */
	EEF = AT_EEF,   /* at once, and AT&F sets the factory's, at once too */
	SAS = AT_SAS,   /* by AT+CSAS */
	SASF = AT_SASF, /* by AT+CSAS, and AT&F sets the factory's */
};

/* Rows of the tables; what is set follows from the row, or is told here. */
struct kept {
	const char *name;
	enum keep keep;
	const char *values; /* what to set, NULL: other legal values */
};

static const struct kept rows[] = {
	/* at-1 10.5, 13A */
	{ "E", W },
	{ "Q", W },
	{ "V", W },
	{ "X", W },
	{ "S0", W },
	{ "S2", W },
	{ "S3", W },
	{ "S4", W },
	{ "S5", W },
	{ "&C", W },
	{ "&D", W },
	{ "&S", W },
	{ "&T", RAM },
	{ "+IPR", W, "9600" },
	{ "+ICF", W },
	{ "+IFC", W },
	{ "+CMEE", W },
	{ "+CSCS", W },
	{ "+WPCS", W },
	{ "+CRSL", W },
	{ "+CTZU", W },
	{ "+CREG", W },
	{ "+WAIP", EE },
	{ "+CSNS", EE },
	{ "+VTD", W },
	{ "%D", W, "1;" },
	{ "+VGR", W },
	{ "+VGT", W },
	{ "+SPEAKER", W },
	{ "+ECHO", W, "1" },
	{ "+SIDET", W },
	{ "+COPS", W, "3,0" },
	{ "+CPOL", RAM, ",0" },
	/* at-2 1.2 */
	{ "+CRC", W },
	{ "+CR", W },
	{ "+ILRR", W },
	{ "+CBST", W, "7,0,0" },
	{ "+CRLP", W },
	{ "+DOPT", W },
	{ "+DR", W },
	{ "+DS", W },
	{ "%C", W },
	{ "\\N", W },
	{ "+CSSN", W },
	{ "+CGREG", W },
	{ "+CLIP", W },
	{ "+COLP", W },
	{ "+CLIR", W },
	{ "+CUSD", EEF, "1" },
	{ "+CMGF", SAS },
	{ "+CSDH", SAS },
	{ "+CSMP", SAS, "49,168,1,8" },
	{ "+CNMI", SASF, "2,2,1,1,0" },
	{ "+CAOC", RAM },
	{ "+CCWA", RAM },
	{ "+CSMS", RAM },
	/* at-3 1, 4, 7, 8 */
	{ "+WIND", EEF },
	{ "+WMBS", EE, "2" },
	{ "+WDR", W },
	{ "+WVR", W },
	{ "+WSVG", W },
	{ "+WRST", EE, "1,\"100:00\"" },
	{ "+W32K", EE },
	{ "+WBHV", EE },
	{ "+WEXTCLK", EE },
	{ "+WGPRS", EE, "0,1" },
	{ "+WFM", EE, "0,7" },
	{ "+STSF", EE, "1,\"5FFFFFFF7F\",9,1" },
	{ "+CMER", W },
	{ "+CCED", RAM },
	{ "+ADC", RAM },
	{ "+WBCM", W, "3,1,4100,3400,200,1,100,1" },
	/* no source tells; inferred */
	{ "+CMMS", RAM },
	{ "+CCUG", W },
	{ "+CGAUTO", W },
	{ "+CGCLASS", EE },
	{ "+CGEREP", W },
	{ "+CGSMS", EE },
	{ "+FCLASS", W },
	{ "+FBOR", RAM },
	{ "+FCR", RAM },
	{ "+FDCC", RAM },
	{ "+FDIS", RAM },
	{ "+FPHCTO", RAM },
	{ "+WCDM", W },
	{ "+WRIM", W },
	{ "+WSST", W },
	{ "+WSVN", EE },
	{ "+WUSS", EE },
	{ "+WUSB", EE },
	{ "+WHCNF", EE },
	{ "+WIPC", EE },
	{ "+WIPH", EE },
	{ "+WDSC", EE },
	{ "+WDSI", EE },
};

/* Rows whose setting needs more than a line; the scenarios that look at them. */
static const char *const elsewhere[] = {
	"+CPLS", /* has one legal value only */
	"+CMEC", /* the same */
	"+FCQ",  /* the same */
	"+CMUT", /* a call: call/settings-of-calls */
	"+WMFM", /* another port: setup/ports-are-opened-and-closed */
	"+WIOM", /* another form on each family: metal/wiom-of-a-q24-has-masks */
};

/* What has a record of its own: a line that changes it, one that asks. */
struct line {
	const char *set, *ask;
	enum keep keep;
};

static const struct line lines[] = {
	{ "+CICB=0", "+CICB?", EE }, /* the value is that of +CSNS */
	{ "+CSCA=\"+41794999000\",145", "+CSCA?", SAS },
	{ "+CSCB=1,\"50\",\"\"", "+CSCB?", SAS },
	{ "+CPMS=\"BM\"", "+CPMS?", RAM },
	{ "+CGDCONT=1,\"IP\",\"internet\"", "+CGDCONT?", EE },
	{ "+CGQREQ=1,2,3,1,9,31", "+CGQREQ?", EE },
	{ "+CSVM=1,\"+33660\",145", "+CSVM?", EE },
	{ "+WOPEN=1", "+WOPEN?", EEF },
};

/* ---- a modem --------------------------------------------------------------------- */

static struct rig rig;
static char result[64];
static unsigned wrong; /* complaints so far */

static void on_notice(struct rig *r, const struct notice *n)
{
	(void)r;
	if (n->kind == NOTICE_RESULT)
		snprintf(result, sizeof(result), "%s", n->text);
}

static const struct settings *live(void)
{
	return &rig.modem->live;
}

/* Types a line as the port wants it now; gives its final result. */
static const char *type(const char *line)
{
	char text[160];
	int n = snprintf(text, sizeof(text), "AT%s%c", line, (char)live()->s3);

	result[0] = '\0';
	rig_clear(&rig);
	rig_type(&rig, text, (size_t)n);
	rig_pass(&rig, SEC(3));
	return result;
}

static void must(const char *line)
{
	if (!strcmp(type(line), "OK"))
		return;
	print_error("AT%s is answered with \"%s\"\n", line, result);
	wrong++;
}

static void begin(const struct profile *p)
{
	rig_init(&rig, p);
	rig.notify = on_notice;
	rig_boot(&rig);
}

static void reset(void)
{
	must("+CFUN=1");
	rig_pass(&rig, SEC(15));
}

/* ---- one setting ----------------------------------------------------------------- */

/* How a setting is changed and looked at: by its fields, or by a line that asks. */
struct subject {
	const struct at_entry *entry; /* or NULL */
	char set[120];
	const char *ask;
	enum keep keep;
};

#define LOOK 400
static char before[LOOK], changed[LOOK];

/* What it is now: its values, or the answer, without what may come unasked. */
static void look(const struct subject *s, char *text)
{
	size_t p, n = 0;

	if (s->entry) {
		for (p = 0; p < AT_PARAMS; p++)
			if (s->entry->field[p] &&
				(enum keep)s->entry->cmd->param[p].store == s->keep)
				n += (size_t)snprintf(text + n, LOOK - n, "%d ",
					setting_get(live(), s->entry->field[p]));
		return;
	}
	type(s->ask);
	snprintf(text, LOOK, "%.*s", (int)rig.len, rig.out);
}

static void is(const struct subject *s, const char *want, const char *when)
{
	char now[LOOK];

	look(s, now);
	if (!strcmp(now, want))
		return;
	print_error("AT%s: %s it is \"%s\", not \"%s\"\n", s->set, when, now, want);
	wrong++;
}

static bool by_csas(const struct subject *s)
{
	return s->keep == SAS || s->keep == SASF;
}

static bool at_once(const struct subject *s)
{
	return s->keep == EE || s->keep == EEF;
}

static void walk(const struct subject *s)
{
	look(s, before);
	must(s->set);
	look(s, changed);
	if (!strcmp(before, changed)) {
		print_error("AT%s changes nothing\n", s->set);
		wrong++;
		return;
	}
	reset();
	is(s, at_once(s) ? changed : before, "after a reset");

	must(s->set);
	must("&W");
	reset();
	is(s, at_once(s) || s->keep == W ? changed : before, "after AT&W and a reset");

	must(s->set);
	must("&F");
	is(s, s->keep == W || s->keep == EEF || s->keep == SASF ? before : changed,
		"after AT&F");
	must("Z");
	is(s, s->keep == EEF || s->keep == SASF ? before : changed, "after AT&F and ATZ");
	reset();
	is(s, s->keep == W || s->keep == EE ? changed : before,
		"after AT&F, ATZ and a reset");

	must(s->set);
	must("+CSAS");
	reset();
	is(s,
		by_csas(s) || s->keep == W || s->keep == EE || s->keep == EEF ? changed
									      : before,
		"after AT+CSAS and a reset");
	must("&F");
	must("+CRES");
	is(s, s->keep == EE || by_csas(s) ? changed : before, "after AT&F and AT+CRES");
}

/* ---- lines of rows --------------------------------------------------------------- */

/* Another legal value than the one that is there: 0 or more, or a place of choices. */
static void put_other(const struct at_entry *e, size_t i, char *text, size_t size)
{
	int now = e->field[i] ? setting_get(live(), e->field[i]) : e->def[i], v;
	const char *choice;
	size_t len;

	if (e->cmd->param[i].type == AT_CHOICE) {
		choice = at_values_text(e->values[i], now ? 0 : 1, &len);
		snprintf(text, size, "\"%.*s\"", (int)len, choice);
		return;
	}
	for (v = 70000; v >= 0 && e->values[i]; v--)
		if (v != now && at_values_allow(e->values[i], v))
			break;
	snprintf(text, size, "%d", v < 0 || !e->values[i] ? now : v);
}

static void make_line(struct subject *s, const char *values)
{
	const struct at_entry *e = s->entry;
	bool basic = e->cmd->name[0] != '+' && e->cmd->name[0] != 'S';
	size_t i, n;

	n = (size_t)snprintf(
		s->set, sizeof(s->set), "%s%s", e->cmd->name, basic ? "" : "=");
	if (values) {
		snprintf(s->set + n, sizeof(s->set) - n, "%s", values);
		return;
	}
	for (i = 0; i < AT_PARAMS && e->cmd->param[i].name && !e->cmd->param[i].inner;
		i++) {
		s->set[n++] = ',';
		n -= !i;
		put_other(e, i, s->set + n, sizeof(s->set) - n);
		n += strlen(s->set + n);
	}
}

static bool in_class(const struct at_entry *e, enum keep keep)
{
	bool some = false;
	size_t p;

	for (p = 0; p < AT_PARAMS && e->cmd->param[p].name; p++) {
		bool same = (enum keep)e->cmd->param[p].store == keep;

		if (e->field[p] && !same && !e->cmd->param[p].inner)
			return false;
		some = some || (e->field[p] && same);
	}
	return some;
}

static void walk_row(const struct profile *p, const struct kept *k)
{
	const struct at_set *set = p->firmware[p->installed].at;
	struct subject s = { at_set_find(set, k->name, strlen(k->name)), "", NULL,
		k->keep };

	if (!s.entry) {
		print_error("there is no row of %s\n", k->name);
		wrong++;
		return;
	}
	if (s.entry->absent)
		return;
	/* one that a call or a mode goes with is looked at where it is stored */
	if (strcmp(k->name, "+WBCM") != 0 && !in_class(s.entry, k->keep)) {
		print_error("%s is stored otherwise\n", k->name);
		wrong++;
		return;
	}
	begin(p);
	make_line(&s, k->values);
	walk(&s);
	rig_free(&rig);
}

/* ---- tests ----------------------------------------------------------------------- */

static void walk_all(const char *name)
{
	struct profile *p = rig_profile(name);
	size_t i;

	wrong = 0;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		walk_row(p, &rows[i]);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct subject s = { NULL, "", lines[i].ask, lines[i].keep };

		snprintf(s.set, sizeof(s.set), "%s", lines[i].set);
		begin(p);
		walk(&s);
		rig_free(&rig);
	}
	rig_profile_free(p);
	assert_int_equal(wrong, 0);
}

static void on_663(void **state)
{
	(void)state;
	walk_all("fastrack-supreme-20-r663");
}

static void on_74(void **state)
{
	(void)state;
	walk_all("fastrack-supreme-20-r74");
}

static void on_640(void **state)
{
	(void)state;
	walk_all("m1306b-r640");
}

static void on_752(void **state)
{
	(void)state;
	walk_all("sl6087-r752");
}

static bool is_listed(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return true;
	for (i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (!strcmp(elsewhere[i], name))
			return true;
	return false;
}

static void every_stored_row_is_listed(void **state)
{
	struct profile *p = rig_profile("fastrack-supreme-20-r74");
	const struct at_set *set = p->firmware[p->installed].at;
	size_t i, k;

	(void)state;
	wrong = 0;
	for (i = 0; i < set->n; i++) {
		const struct at_entry *e = &set->entry[i];

		for (k = 0; k < AT_PARAMS && !e->field[k]; k++)
			;
		if (k < AT_PARAMS && !is_listed(e->cmd->name)) {
			print_error("%s is stored, and this test does not say where\n",
				e->cmd->name);
			wrong++;
		}
	}
	rig_profile_free(p);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(every_stored_row_is_listed),
		UNIT(on_663),
		UNIT(on_74),
		UNIT(on_640),
		UNIT(on_752),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
