/* tests/lint/settings.txt gives the factory value of each setting and what saves it. The
 * rows must agree, also in effect: every stored parameter is set to another value, which
 * must come back after a reset, ATZ, AT&F and AT+CRES exactly as its class requires. */
#include "readme.h"

#include "at/tables.h"
#include "describe/commands.h"
#include "rig.h"
#include "settings_txt.h"
#include "state/modem_state.h"

/* Values to set where no other legal value works, and their class where the row has more
 * than one. */
static const struct special {
	const char *name, *values;
	unsigned keep;
} specials[] = {
	{ "+IPR", "9600", AT_W },
	{ "%D", "1;", AT_WF },
	{ "+ECHO", "1", AT_EEF },
	{ "+COPS", "3,0", AT_WF },
	{ "+CPOL", ",0", AT_RAM },
	{ "+CBST", "7,0,0", AT_WF },
	{ "+CUSD", "1", AT_EEF },
	{ "+CSMP", "49,168,1,8", AT_SASF },
	{ "+CNMI", "2,2,1,1,0", AT_SASF },
	{ "+WMBS", "2", AT_EE },
	{ "+WRST", "1,\"100:00\"", AT_EE },
	{ "+WGPRS", "0,0", AT_EE },
	{ "+WFM", "0,7", AT_EE },
	{ "+STSF", "1,\"5FFFFFFF7F\",9,1", AT_EE },
	{ "+WBCM", "3,1,4100,3400,200", AT_EEF },
};

/* Rows whose setting needs more than a line, with the scenarios that test them. */
static const char *const elsewhere[] = {
	"+CPLS", /* has one legal value only */
	"+CPHS", /* a CPHS SIM: manual/cphs-features-are-kept-at-once */
	"+CMEC", /* the same */
	"+FCQ",  /* the same */
	"+CMUT", /* a call: call/settings-of-calls */
	"+WMFM", /* another port: setup/ports-are-opened-and-closed */
	"+WOPN", /* sources of names, from 6.41 on: manual/net-sources-of-names */
	"+WIOM", /* a different form on each family: metal/wiom-of-a-q24-has-masks */
};

/* Settings with a record of their own: a line that changes them, and one that reads them.
 */
struct line {
	const char *set, *ask;
	unsigned keep;
	bool plmn; /* followed by the PLMN of the first operator */
};

#define ON_CARD 0x100 /* AT&F restores the value on the SIM, not the factory value */

static const struct line lines[] = {
	{ "+CICB=0", "+CICB?", AT_WF },
	{ "+CSCA=\"+41794999000\",145", "+CSCA?", AT_SASF | ON_CARD },
	{ "+CPMS=\"BM\"", "+CPMS?", AT_RAM },
	{ "+CGDCONT=1,\"IP\",\"internet\"", "+CGDCONT?", AT_EE },
	{ "+CGQREQ=1,2,3,1,9,31", "+CGQREQ?", AT_EE },
	{ "+CSVM=1", "+CSVM?", AT_EEF },
	{ "+COPS=1,2,", "+COPS?", AT_EEF, true },
	{ "+WOPEN=1", "+WOPEN?", AT_EEF },
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

static int live(int field)
{
	return live_get(channel_of_port(rig.modem, 0), field);
}

/* Types a line in the present form; returns its final result. */
static const char *type(const char *line)
{
	char text[160];
	int n = snprintf(
		text, sizeof(text), "AT%s%c", line, (char)live(PORT_SETTING(s3)));

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
	print_error("the answer to AT%s is \"%s\"\n", line, result);
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

/* How a setting is changed and read: through its fields, or with a line that reads it. */
struct subject {
	const struct at_entry *entry; /* NULL if read with a line */
	char set[120];
	const char *ask;
	unsigned keep;
};

#define LOOK 400
static char before[LOOK], changed[LOOK];

/* The present value: its fields, or the answer without URCs. */
static void look(const struct subject *s, char *text)
{
	size_t p, n = 0;

	if (s->entry) {
		for (p = 0; p < AT_PARAMS; p++)
			if (s->entry->field[p] &&
				s->entry->cmd->param[p].store == s->keep)
				n += (size_t)snprintf(text + n, LOOK - n, "%d ",
					live(s->entry->field[p]));
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
	print_error("AT%s: %s it is \"%s\" instead of \"%s\"\n", s->set, when, now, want);
	wrong++;
}

static void walk(const struct subject *s)
{
	bool w = s->keep & AT_W, ee = s->keep & AT_EE, sas = s->keep & AT_SAS;
	bool f = s->keep & AT_F, card = s->keep & ON_CARD;

	look(s, before);
	must(s->set);
	look(s, changed);
	if (!strcmp(before, changed)) {
		print_error("AT%s has changed nothing\n", s->set);
		wrong++;
		return;
	}
	reset();
	is(s, ee ? changed : before, "after a reset");

	must(s->set);
	must("&W");
	reset();
	is(s, ee || w ? changed : before, "after AT&W and a reset");

	must(s->set);
	must("&F");
	is(s, f ? before : changed, "after AT&F");
	must("Z");
	is(s, f ? before : changed, "after AT&F and ATZ");
	reset();
	is(s, !f && (w || ee) ? changed : before, "after AT&F, ATZ and a reset");

	must(s->set);
	must("+CSAS");
	reset();
	is(s, sas || ee || (w && !f) ? changed : before, "after AT+CSAS and a reset");
	must("&F");
	must("+CRES");
	is(s, card || (!f && (sas || ee || w)) ? changed : before,
		"after AT&F and AT+CRES");
}

/* ---- lines of rows --------------------------------------------------------------- */

/* Another legal value than the present one: 0 or more, or an index of choices. */
static void put_other(const struct at_entry *e, size_t i, char *text, size_t size)
{
	int now = e->field[i] ? live(e->field[i]) : e->def[i], v;
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

static bool in_class(const struct at_entry *e, unsigned keep)
{
	bool some = false;
	size_t p;

	for (p = 0; p < AT_PARAMS && e->cmd->param[p].name; p++) {
		bool same = e->cmd->param[p].store == keep;

		if (e->field[p] && !same && !e->cmd->param[p].inner)
			return false;
		some = some || (e->field[p] && same);
	}
	return some;
}

static bool is_elsewhere(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (!strcmp(elsewhere[i], name))
			return true;
	return false;
}

static bool stores(const struct at_entry *e)
{
	size_t i;

	for (i = 0; i < AT_PARAMS && !e->field[i]; i++)
		;
	return i < AT_PARAMS;
}

static void walk_row(const struct profile *p, const struct kept *k)
{
	const struct at_set *set = profile_at(p, p->installed)->at;
	struct subject s = { at_set_find(set, k->name, strlen(k->name)), "", NULL,
		k->keep };
	const char *values = NULL;
	size_t i;

	if (!s.entry)
		bad_line(k->line, "there is no such row; remove the line");
	if (s.entry->absent || !stores(s.entry) || is_elsewhere(k->name))
		return;
	for (i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		if (strcmp(specials[i].name, k->name) != 0)
			continue;
		values = specials[i].values;
		s.keep = specials[i].keep;
	}
	/* a setting that depends on a call or mode is tested where it is stored */
	if (strcmp(k->name, "+WBCM") != 0 && !in_class(s.entry, s.keep)) {
		print_error(
			"settings.txt:%d: %s is stored differently\n", k->line, k->name);
		wrong++;
		return;
	}
	begin(p);
	make_line(&s, values);
	walk(&s);
	rig_free(&rig);
}

/* ---- tests ----------------------------------------------------------------------- */

static void walk_all(const char *name)
{
	struct profile *p = rig_profile(name);
	size_t i;

	wrong = 0;
	for (i = 0; i < settings; i++)
		walk_row(p, &kept[i]);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct subject s = { NULL, "", lines[i].ask, lines[i].keep };

		snprintf(s.set, sizeof(s.set), "%s%s", lines[i].set,
			lines[i].plmn ? p->network.operators[0].plmn : "");
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

static const struct kept *find(const char *name)
{
	size_t i;

	for (i = 0; i < settings; i++)
		if (!strcmp(kept[i].name, name))
			return &kept[i];
	return NULL;
}

static void put_keep(const struct setting_row *r, unsigned *keep)
{
	*keep = r->restored ? AT_F : AT_RAM;
	if (strstr(r->kept, "AT&W"))
		*keep |= AT_W;
	if (strstr(r->kept, "at once"))
		*keep |= AT_EE;
	if (strstr(r->kept, "AT+CSAS"))
		*keep |= AT_SAS;
}

/* A firmware's exception takes precedence over that of its family. */
static const char *factory_of(const struct kept *k, const struct firmware *f)
{
	const char *value = k->factory;
	size_t i;

	for (i = 0; i < k->exceptions; i++)
		if (!strcmp(k->except[i].where, f->family))
			value = k->except[i].factory;
	for (i = 0; i < k->exceptions; i++)
		if (!strcmp(k->except[i].where, f->name))
			value = k->except[i].factory;
	return value;
}

static void compare(const struct firmware *f)
{
	struct setting_row r;
	const struct kept *k;
	unsigned keep;
	size_t i, data = 0;

	for (i = 0; commands_setting(f, i, &r); i++) {
		data += r.data;
		if (r.data)
			continue;
		put_keep(&r, &keep);
		k = find(r.name);
		if (!k)
			print_error("settings.txt: %s is stored, but has no line here\n",
				r.name);
		else if (k->keep != keep)
			print_error("settings.txt:%d: %s is saved by %s%s on %s\n",
				k->line, r.name, r.kept, r.restored ? ", F" : "",
				f->name);
		else if (strcmp(factory_of(k, f), r.factory) != 0)
			print_error("settings.txt:%d: %s is %s at the factory on %s\n",
				k->line, r.name, r.factory, f->name);
		else
			continue;
		wrong++;
	}
	assert_int_equal(i - data, settings);
}

/* A person who looks a command up must see what of it no source says. */
static void inferred_ones_say_so_in_their_row(void **state)
{
	struct profile *p = rig_profile("fastrack-supreme-20-r74");
	const struct firmware *f = profile_at(p, p->installed);
	struct command_row r;
	const struct kept *k;
	size_t i;

	(void)state;
	wrong = 0;
	for (i = 0; commands_row(f, i, &r); i++) {
		k = find(r.name);
		if (!k || !strstr(k->source, "inferred") || strstr(r.source, "inferred"))
			continue;
		print_error("settings.txt:%d: %s is inferred, and \"%s\" in its row does "
			    "not say so\n",
			k->line, r.name, r.source);
		wrong++;
	}
	rig_profile_free(p);
	assert_int_equal(wrong, 0);
}

static void the_rows_say_the_same(void **state)
{
	static const char *const profiles[] = { "m1306b-r640", "m1306b-r657",
		"fastrack-supreme-20-r663", "fastrack-supreme-20-r74" };
	struct profile *p;
	size_t i;

	(void)state;
	wrong = 0;
	for (i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		p = rig_profile(profiles[i]);
		compare(profile_at(p, p->installed));
		rig_profile_free(p);
	}
	assert_int_equal(wrong, 0);
}

/* ---- the table of profiles/README.md ---------------------------------------------- */

static void print_row(FILE *f, const struct setting_row *r, const struct kept *k,
	const char *const *value)
{
	static const char *const families[] = { "6.57", "6.63" };
	size_t i;

	fprintf(f, "| `%s` | %s", r->name, r->factory);
	for (i = 0; i < 2; i++)
		if (value[i][0] && strcmp(value[i], r->factory) != 0)
			fprintf(f, "; %s on %s", value[i], families[i]);
	fprintf(f, " | %s | %s | %s |\n", r->kept, r->restored ? "yes" : "-", k->source);
}

/* The row with that name; false if the firmware does not have the command. */
static bool row_of(const struct profile *p, const char *name, struct setting_row *r)
{
	const struct firmware *f = profile_at(p, p->installed);
	size_t i;

	for (i = 0; commands_setting(f, i, r); i++)
		if (!strcmp(r->name, name))
			return !r->absent;
	return false;
}

static void the_readme_has_the_table_of_settings(void **state)
{
	struct profile *old = rig_profile("m1306b-r657");
	struct profile *middle = rig_profile("fastrack-supreme-20-r663");
	struct profile *p = rig_profile("fastrack-supreme-20-r74");
	struct setting_row r, q24, r6;
	const struct kept *k;
	char *table = NULL;
	size_t i, len;
	FILE *f = open_memstream(&table, &len);

	(void)state;
	fputs("| setting | factory value | kept by | AT&F restores it | source |\n"
	      "| --- | --- | --- | --- | --- |\n",
		f);
	for (i = 0; commands_setting(profile_at(p, p->installed), i, &r); i++) {
		k = find(r.name);
		if (r.data)
			continue;
		assert_non_null(k);
		print_row(f, &r, k,
			(const char *[]){ row_of(old, r.name, &q24) ? q24.factory : "",
				row_of(middle, r.name, &r6) ? r6.factory : "" });
	}
	fclose(f);
	readme_check("PROFILES_README", "<!-- settings -->\n",
		"<!-- end of the settings -->\n", table, len);
	free(table);
	rig_profile_free(p);
	rig_profile_free(middle);
	rig_profile_free(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(the_rows_say_the_same),
		UNIT(inferred_ones_say_so_in_their_row),
		UNIT(the_readme_has_the_table_of_settings),
		UNIT(on_663),
		UNIT(on_74),
		UNIT(on_640),
		UNIT(on_752),
	};

	return cmocka_run_group_tests(tests, read_settings, NULL);
}
