/* The judge without metal: another modem of ours, whose profile was changed at random, plays
 * the real one. The shadow and compare must find exactly these changes; one that they
 * cannot see needs a reason here. JUDGE_SEED repeats a run, JUDGE_CHANGES is its length. */
#include "unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe/commands.h"
#include "host/field/compare.h"
#include "host/field/differ.h"
#include "host/field/shadow.h"
#include "host/field/twin.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

#define CHANGES 3 /* most in one unit */
#define CLOCK   1262347200

static struct library *library;
static uint64_t seed = 1, state;
static unsigned long wanted = 30;

/* ---- chance ------------------------------------------------------------------------- */

static unsigned chance(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static void word(char *out, size_t len)
{
	while (len--)
		*out++ = (char)('A' + chance(26));
	*out = '\0';
}

/* ---- a change ----------------------------------------------------------------------- */

struct change {
	char set[80], value[80]; /* as --set has them */
	char key[40]; /* of an entry that says it, or the name of its command */
	char kind;    /* Fact, Setting, Test, Values, Row, Answer, Quirk, Unit */
	enum command_form form; /* of an answer */
	bool visible;           /* some answer differs */
};

static bool put(struct change *c, char kind, const char *key, const char *value,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
static bool put(struct change *c, char kind, const char *key, const char *value,
	const char *fmt, ...)
{
	va_list ap;

	*c = (struct change){ .kind = kind };
	va_start(ap, fmt);
	vsnprintf(c->set, sizeof(c->set), fmt, ap);
	va_end(ap);
	snprintf(c->key, sizeof(c->key), "%s", key);
	snprintf(c->value, sizeof(c->value), "%s", value);
	return true;
}

static bool change_fact(struct change *c, const struct firmware *f)
{
	static const struct {
		const char *part, *key;
	} facts[] = { { "firmware.identity", "manufacturer" },
		{ "firmware.identity", "revision" }, { "firmware.identity", "internal" },
		{ "firmware.identity", "model" }, { "firmware.identity", "capabilities" },
		{ "firmware.downloader", "version" }, { "device", "hardware" },
		{ "device", "product" } };
	unsigned i = chance(sizeof(facts) / sizeof(facts[0]));
	char text[16];

	(void)f;
	word(text, 4 + chance(8));
	return put(c, 'F', facts[i].key, text, "%s.%s.text", facts[i].part, facts[i].key);
}

/* One of "(0-3,5)" or of ("A","B"); false: it has no simple form. */
static bool pick(const char *values, char *out, size_t size)
{
	const char *choice[16];
	unsigned n = 0, from, to;
	const char *p;

	if (!values)
		return false;
	for (p = values; (p = strchr(p, '"')) && n < 16; p = strchr(p + 1, '"') + 1)
		choice[n++] = p + 1;
	if (n) {
		p = choice[chance(n)];
		snprintf(out, size, "%.*s", (int)strcspn(p, "\""), p);
		return true;
	}
	if (sscanf(values, "(%u-%u", &from, &to) == 2 && to >= from)
		snprintf(out, size, "%u", from + chance(to - from + 1));
	else if (sscanf(values, "(%u,%u", &from, &to) == 2)
		snprintf(out, size, "%u", chance(2) ? from : to);
	else
		return false;
	return true;
}

/* A setting, as another unit may have it saved. */
static bool change_setting(struct change *c, const struct firmware *f)
{
	/* with these no answer can be read at all: compare says so */
	static const char *const mute[] = { "Q", "V", "S3", "S4", "S5", "E", NULL };
	struct setting_row row;
	struct param_row p;
	char value[40];
	size_t n = 0, i;

	while (commands_setting(f, n, &row))
		n++;
	commands_setting(f, chance((unsigned)n), &row);
	for (i = 0; mute[i]; i++)
		if (!strcmp(mute[i], row.name))
			return false;
	if (!commands_param(f, row.name, 0, &p) || !p.stored ||
		!pick(p.values, value, sizeof(value)))
		return false;
	if (!strncmp(row.factory + (row.factory[0] == '"'), value, strlen(value)))
		return false; /* no change */
	return put(c, 'S', row.name, value, "firmware.defaults.%s", row.name);
}

/* A command with one of these letters in its forms. */
static bool any_row(const struct firmware *f, const char *forms, struct command_row *row)
{
	size_t n = 0;

	while (commands_row(f, n, row))
		n++;
	commands_row(f, chance((unsigned)n), row);
	return row->name[0] == '+' && strpbrk(row->forms, forms);
}

static bool change_test(struct change *c, const struct firmware *f)
{
	struct command_row row;
	char text[32];

	if (!any_row(f, "T", &row))
		return false;
	snprintf(text, sizeof(text), "(0-%u),(%u)", chance(9), chance(99));
	return put(c, 'T', row.name, text, "firmware.commands.%s.test", row.name);
}

static bool change_values(struct change *c, const struct firmware *f)
{
	struct command_row row;
	struct param_row p;
	char text[32];

	if (!any_row(f, "T", &row) || !commands_param(f, row.name, 0, &p) || !p.number)
		return false;
	snprintf(text, sizeof(text), "(0-%u)", 100 + chance(99));
	put(c, 'V', row.name, text, "firmware.commands.%s.params.%s", row.name, p.name);
	return true;
}

static bool change_row(struct change *c, const struct firmware *f)
{
	const char *what = chance(2) ? "absent" : "refused";
	struct command_row row;

	if (!any_row(f, "ESRT", &row))
		return false;
	return put(c, 'R', row.name, "true", "firmware.commands.%s.%s", row.name, what);
}

static bool change_answer(struct change *c, const struct firmware *f)
{
	static const struct {
		char letter;
		const char *form;
		enum command_form is;
	} forms[] = { { 'E', "exec", COMMAND_EXEC }, { 'R', "read", COMMAND_READ },
		{ 'T', "test", COMMAND_TEST } };
	unsigned i = chance(3);
	struct command_row row;
	char text[24];

	if (!any_row(f, (char[]){ forms[i].letter, '\0' }, &row))
		return false;
	if (chance(4)) {
		word(text, 6);
		put(c, 'A', row.name, text, "firmware.commands.%s.forms.%s.lines",
			row.name, forms[i].form);
	} else {
		put(c, 'A', row.name, chance(2) ? "ERROR" : "NO CARRIER",
			"firmware.commands.%s.forms.%s.result", row.name, forms[i].form);
	}
	c->form = forms[i].is;
	return true;
}

static bool change_quirk(struct change *c, const struct firmware *f)
{
	unsigned q = chance(QUIRKS);
	const char *name = name_of(quirk_names, (int)q);

	return put(c, 'Q', name, f->quirks >> q & 1 ? "false" : "true",
		"firmware.quirks.%s", name);
}

static bool change_unit(struct change *c, const struct firmware *f)
{
	static const struct {
		const char *set, *value;
	} units[] = { { "sim.imsi", "208010000007777" }, { "device.serial", "ABC7777" },
		{ "device.imei", "490154203237518" }, { "network.cells.0.rssi", "9" },
		{ "network.cells.0.lac", "777" },
		{ "sim.messages.centre", "+33609001390" } };
	unsigned i = chance(sizeof(units) / sizeof(units[0]));

	(void)f;
	put(c, 'U', units[i].set, units[i].value, "%s", units[i].set);
	return true;
}

static bool (*const kinds[])(struct change *c, const struct firmware *f) = { change_fact,
	change_setting, change_setting, change_test, change_values, change_row,
	change_answer, change_quirk, change_unit };

/* ---- what the real modem says --------------------------------------------------------- */

struct voice {
	char out[16384];
	size_t len;
};

static void said(void *ctx, usec_t at, const void *buf, size_t len)
{
	struct voice *v = ctx;

	(void)at;
	assert_true(v->len + len < sizeof(v->out));
	memcpy(v->out + v->len, buf, len);
	v->len += len;
}

/* The bytes of the answers, without the help of what is judged. */
struct spoken {
	char *answer;
	size_t len;
};

static struct twin *new_twin(const struct profile *p, struct voice *v)
{
	const struct twin_options o = {
		.profile = p, .seed = 1, .clock = CLOCK, .said = said, .ctx = v
	};

	return twin_new(&o);
}

static struct spoken *listen(const struct profile *p, const struct questions *q)
{
	struct spoken *all = calloc(q->n, sizeof(*all));
	struct voice v = { .len = 0 };
	struct twin *t = new_twin(p, &v);
	char line[QUESTION_MAX + 2];
	size_t i;

	assert_non_null(all);
	for (i = 0; i < q->n; i++) {
		v.len = 0;
		snprintf(line, sizeof(line), "%s\r", q->item[i].ask);
		twin_type(t, line, strlen(line));
		twin_advance(t, twin_now(t) + SEC(20));
		all[i].answer = malloc(v.len + 1);
		assert_non_null(all[i].answer);
		memcpy(all[i].answer, v.out, v.len);
		all[i].len = v.len;
	}
	twin_free(t);
	return all;
}

static void forget(struct spoken *all, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(all[i].answer);
	free(all);
}

static bool same(const struct spoken *a, const struct spoken *b)
{
	return a->len == b->len && !memcmp(a->answer, b->answer, a->len);
}

/* ---- the trial ------------------------------------------------------------------------ */

struct trial {
	const char *name;
	struct profile *ours, *real;
	struct change change[CHANGES];
	size_t n;
	struct questions q;
	struct spoken *said[2]; /* ours, real */
	bool *shadow;           /* by question: the shadow has found a difference */
	size_t asked;           /* of the shadow, so far */
	bool wrong;
};

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

static bool has(const struct spoken *s, const char *text)
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
	static const char *const own[] = { "+CSMS", "+WMGO", "+STGI", NULL };
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

/* Why no question of the safe list shows the change; NULL: one should. */
static const char *why_invisible(const struct trial *t, const struct change *c)
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

static void complain(struct trial *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void complain(struct trial *t, const char *fmt, ...)
{
	va_list ap;
	size_t i;

	if (!t->wrong) {
		print_error("%s", t->name);
		for (i = 0; i < t->n; i++)
			print_error(
				" --set '%s=%s'", t->change[i].set, t->change[i].value);
		print_error("\n");
	}
	t->wrong = true;
	va_start(ap, fmt);
	vprint_error(fmt, ap);
	va_end(ap);
}

static struct profile *load(const char *name, const struct change *c, size_t n)
{
	struct kv kv[CHANGES];
	struct doc_errors e;
	struct profile *p;
	size_t i;

	for (i = 0; i < n; i++)
		kv[i] = (struct kv){ c[i].set, c[i].value, NULL };
	doc_errors_init(&e);
	p = profile_load(library, name, kv, n, &e);
	doc_errors_clear(&e);
	if (p)
		tables_build(p);
	return p;
}

static void unload(struct profile *p)
{
	if (p)
		tables_free(p);
	profile_free(p);
}

/* Whether a change alone makes an answer differ, apart from what belongs to the unit. */
static bool shows(struct trial *t, const struct change *c)
{
	struct profile *p = load(t->name, c, 1);
	struct spoken *s = listen(p, &t->q);
	bool found = false;
	size_t i;

	for (i = 0; i < t->q.n && !found; i++)
		found = !same(&s[i], &t->said[0][i]) &&
			(!differ_own(t->q.item[i].ask) ||
				(!differ_own_result(t->q.item[i].ask) &&
					has(&s[i], "OK") != has(&t->said[0][i], "OK")));
	forget(s, t->q.n);
	unload(p);
	return found;
}

static bool clashes(const struct trial *t, const struct change *c)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		if (!strcmp(t->change[i].key, c->key))
			return true;
	return false;
}

static void choose(struct trial *t, const struct firmware *f)
{
	size_t most = 1 + chance(CHANGES);
	struct change *c;
	struct profile *p;

	while (t->n < most) {
		c = &t->change[t->n];
		if (!kinds[chance(sizeof(kinds) / sizeof(kinds[0]))](c, f) ||
			clashes(t, c))
			continue;
		p = load(t->name, c, 1); /* not every draw is a profile */
		if (!p)
			continue;
		unload(p);
		t->n++;
	}
	t->real = load(t->name, t->change, t->n);
}

/* ---- the shadow ------------------------------------------------------------------------ */

static void on_pair(void *ctx, const struct shadow_pair *p)
{
	struct trial *t = ctx;

	/* in the order of the questions: what comes between them is not asked */
	t->shadow[t->asked++] = p->difference.kind != DIFFERENCE_NONE;
}

static void overhear(struct trial *t)
{
	const struct shadow_options o = {
		.profile = t->ours, .seed = 1, .clock = CLOCK, .pair = on_pair, .ctx = t
	};
	struct shadow *s = shadow_new(&o);
	char line[QUESTION_MAX + 2];
	usec_t at = 0;
	size_t i;

	t->shadow = calloc(t->q.n + 1, sizeof(*t->shadow));
	assert_non_null(t->shadow);
	for (i = 0; i < t->q.n; i++) {
		snprintf(line, sizeof(line), "%s\r", t->q.item[i].ask);
		shadow_bytes(s, at, '>', line, strlen(line));
		at += MS(50);
		shadow_bytes(s, at, '<', t->said[1][i].answer, t->said[1][i].len);
		at += SEC(20);
	}
	shadow_bytes(s, at, '>', "AT\r", 3);
	shadow_end(s);
	if (t->asked != t->q.n)
		complain(t, "the shadow has %zu pairs of %zu questions\n", t->asked,
			t->q.n);
	shadow_free(s);
}

/* What it has found is what differs, to the octet. */
static void judge_shadow(struct trial *t)
{
	size_t i;

	overhear(t);
	for (i = 0; i < t->q.n && !t->wrong; i++) {
		bool equal = same(&t->said[0][i], &t->said[1][i]);

		if (equal == t->shadow[i] && !(!equal && differ_own(t->q.item[i].ask)))
			complain(t, "the shadow is wrong about %s: %.*s\n",
				t->q.item[i].ask, (int)t->said[1][i].len,
				t->said[1][i].answer);
	}
}

/* ---- compare --------------------------------------------------------------------------- */

/* Whether an entry of the patch says this change. */
static bool says(const struct patch_entry *e, const struct change *c)
{
	static const char *const same_as[][2] = {
		/* an answer as data of a command that shows a fact */
		{ "+CGMI", "manufacturer" },
		{ "+CGMI", "maker" },
		{ "+CGMM", "model" },
		{ "+CGMR", "revision" },
		{ "+WSSW", "internal" },
		{ "+GCAP", "capabilities" },
		{ "+WHWV", "hardware" },
		{ "+WDWL", "version" },
		{ "manufacturer", "maker" },
	};
	size_t n = strlen(c->key), i;

	/* "+CSQ.rssi" is about +CSQ */
	if (!strncmp(e->key, c->key, n) && (!e->key[n] || e->key[n] == '.'))
		return true;
	for (i = 0; i < sizeof(same_as) / sizeof(same_as[0]); i++)
		if (!strcmp(c->key, same_as[i][0]) && !strcmp(e->key, same_as[i][1]))
			return true;
	return false;
}

static void judge_findings(struct trial *t, const struct compare *c)
{
	struct compare_finding f;
	size_t i, k = 0;

	for (i = 0; compare_finding(c, i, &f); i++) {
		for (; k < t->q.n && strcmp(t->q.item[k].ask, f.question->ask) != 0; k++)
			if (t->shadow[k])
				complain(t, "compare has not found %s\n",
					t->q.item[k].ask);
		if (k == t->q.n || !t->shadow[k])
			complain(t, "compare finds what is not there: %s\n",
				f.question->ask);
		k++;
		if (f.left && !f.why[0])
			complain(t, "%s is left without a reason\n", f.question->ask);
	}
	for (; k < t->q.n; k++)
		if (t->shadow[k])
			complain(t, "compare has not found %s\n", t->q.item[k].ask);
}

static bool is_left(const struct compare *c, const struct change *change)
{
	struct compare_finding f;
	size_t i;

	for (i = 0; compare_finding(c, i, &f); i++)
		if (f.left && (!strcmp(f.question->name, change->key)))
			return true;
	return false;
}

static void judge_patch(struct trial *t, const struct compare *c)
{
	const struct patch *p = compare_patch(c);
	size_t i, k;

	for (i = 0; i < t->n; i++) {
		if (!t->change[i].visible)
			continue;
		for (k = 0; k < p->n && !says(&p->entry[k], &t->change[i]); k++)
			;
		if (k == p->n && !is_left(c, &t->change[i]))
			complain(t, "the patch does not say %s\n", t->change[i].set);
	}
	for (k = 0; k < p->n; k++) {
		for (i = 0; i < t->n && !says(&p->entry[k], &t->change[i]); i++)
			;
		if (i == t->n)
			complain(t, "nothing of that was changed: %s %s: %s\n",
				p->entry[k].key, p->entry[k].sub, p->entry[k].value);
	}
}

static void judge_compare(struct trial *t)
{
	const struct twin_options o = { .profile = t->real, .seed = 1, .clock = CLOCK };
	const struct compare_options options = { .real = asker_new_twin(&o),
		.library = library,
		.profile = t->name,
		.seed = 1,
		.clock = CLOCK };
	char why[400];
	struct compare *c = compare_new(&options, why, sizeof(why));

	if (c) {
		judge_findings(t, c);
		judge_patch(t, c);
		if (t->wrong)
			compare_print(c, stderr);
	} else {
		complain(t, "compare: %s\n", why);
	}
	compare_free(c);
	asker_free(options.real);
}

/* ---- the property ---------------------------------------------------------------------- */

static const char *const names[] = { "fastrack-supreme-20-r74",
	"fastrack-supreme-10-r663", "m1306b-r640", "fxt009-r752", "q24pl001-r657e" };

static void end(struct trial *t)
{
	forget(t->said[0], t->q.n);
	forget(t->said[1], t->q.n);
	free(t->shadow);
	questions_free(&t->q);
	unload(t->ours);
	unload(t->real);
}

/* How many changes it had; *found: how many were visible. */
static size_t try(bool *wrong, size_t *found)
{
	struct trial t = { .name = names[chance(sizeof(names) / sizeof(names[0]))] };
	const struct firmware *f;
	size_t i;

	t.ours = load(t.name, NULL, 0);
	f = profile_at(t.ours, t.ours->installed);
	choose(&t, f);
	if (!t.real) { /* together they are no profile */
		t.said[0] = t.said[1] = NULL;
		unload(t.ours);
		return 0;
	}
	questions_make(&t.q, t.ours, false);
	t.said[0] = listen(t.ours, &t.q);
	t.said[1] = listen(t.real, &t.q);
	for (i = 0; i < t.n; i++) {
		t.change[i].visible = shows(&t, &t.change[i]);
		*found += t.change[i].visible;
		if (!t.change[i].visible && !why_invisible(&t, &t.change[i]))
			complain(&t, "%s is invisible, and nobody knows why\n",
				t.change[i].set);
	}
	judge_shadow(&t);
	judge_compare(&t);
	*wrong |= t.wrong;
	end(&t);
	return t.n;
}

static void random_changes_are_found(void **unused)
{
	unsigned long done = 0, bad = 0;
	size_t found = 0;
	bool wrong;

	(void)unused;
	state = seed;
	while (done < wanted) {
		wrong = false;
		done += try(&wrong, &found);
		bad += wrong;
	}
	printf("# seed %lu: %lu changes, %zu found, %lu invisible\n", (unsigned long)seed,
		done, found, done - found);
	assert_int_equal(bad, 0);
}

static int begin(void **unused)
{
	const char *full = getenv("FAUXTRACK_TESTS"), *n = getenv("JUDGE_CHANGES"),
		   *s = getenv("JUDGE_SEED");

	(void)unused;
	if (full && !strcmp(full, "full"))
		wanted = 1000;
	if (n)
		wanted = strtoul(n, NULL, 10);
	if (s)
		seed = strtoul(s, NULL, 10);
	library = library_new(NULL);
	library_hook(library, &tables_hook);
	return 0;
}

static int finish(void **unused)
{
	(void)unused;
	library_free(library);
	return 0;
}

static const struct CMUnitTest all[] = {
	UNIT(random_changes_are_found),
};

int main(void)
{
	return cmocka_run_group_tests(all, begin, finish);
}
