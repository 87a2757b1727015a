/* Random changes of a profile: facts, settings, rows, answers, quirks, what belongs to a
 * unit. */
#include "judge_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe/commands.h"

/* ---- chance ------------------------------------------------------------------------- */

static uint64_t state;

void judge_seed(uint64_t seed)
{
	state = seed;
}

unsigned chance(unsigned n)
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

bool change_draw(struct change *c, const struct firmware *f)
{
	return kinds[chance(sizeof(kinds) / sizeof(kinds[0]))](c, f);
}
