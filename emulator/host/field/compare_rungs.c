/* The ladders of explanations. A fact is better than a default, a default better than an
 * answer as data: what is nearer to the cause explains more than what was asked. */
#include "host/field/compare_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "describe/commands.h"

/* What one rung works on. */
struct rung {
	struct compare *c;
	size_t i;
	const struct question *q;
	const struct exchange *real, *ours;
};

static const char *line_of(const struct exchange *x)
{
	return differ_line(x, 0);
}

static size_t lines_of(const struct exchange *x)
{
	size_t n = 0;

	while (differ_line(x, n))
		n++;
	return n;
}

static bool is_ok(const struct exchange *x)
{
	return x->result && !strcmp(x->result, "OK");
}

static bool is_error(const struct exchange *x)
{
	return x->result && strstr(x->result, "ERROR");
}

/* Adds an entry with that value, which is freed. False: it holds a number of the unit. */
static bool add(const struct rung *r, enum patch_place place, const char *key,
	const char *sub, char *value)
{
	struct patch_entry e = { .place = place, .value = value, .asked = r->i };
	bool fits = !compare_has_secret(r->c, value);

	snprintf(e.key, sizeof(e.key), "%s", key);
	snprintf(e.sub, sizeof(e.sub), "%s", sub);
	if (fits)
		patch_add(&r->c->patch, &e);
	free(value);
	return fits;
}

/* ---- facts ------------------------------------------------------------------------ */

/* The text of a fact as it is now, by the question that shows it; NULL: none does. */
static const char *fact_of(
	const struct rung *r, enum patch_place *place, const char **key)
{
	const struct device *d = &r->c->profile->device;
	const struct firmware *f = r->c->firmware;
	const struct {
		const char *ask, *key, *text;
		enum patch_place place;
	} facts[] = {
		{ "AT+CGMI", "maker", d->maker.text[0] ? d->maker.text : NULL,
			PATCH_DEVICE },
		{ "AT+CGMI", "manufacturer", f->manufacturer.text, PATCH_IDENTITY },
		{ "AT+CGMM", "model", f->model.text, PATCH_IDENTITY },
		{ "AT+CGMR", "revision", f->revision.text, PATCH_IDENTITY },
		{ "AT+WSSW", "internal", f->internal.text, PATCH_IDENTITY },
		{ "AT+GCAP", "capabilities", f->capabilities.text, PATCH_IDENTITY },
		{ "AT+WOPEN=2", "open_at", f->open_at.text, PATCH_IDENTITY },
		{ "AT+WHWV", "hardware", d->hardware.text, PATCH_DEVICE },
		{ "AT+WDWL?", "version", f->downloader.version.text, PATCH_DOWNLOADER },
	};
	size_t i;

	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (facts[i].text && !strcmp(facts[i].ask, r->q->ask)) {
			*place = facts[i].place;
			*key = facts[i].key;
			return facts[i].text;
		}
	return NULL;
}

/* What stands in the real line where ours has the fact; NULL: what is around it differs.
 * malloc()ed. */
static char *in_place(const char *real, const char *ours, const char *fact)
{
	const char *found = fact[0] ? strstr(ours, fact) : NULL;
	size_t before, after;

	if (!fact[0]) { /* the usual one, after the name of the command */
		found = strstr(real, ": ");
		return strdup(found && real[0] == '+' ? found + 2 : real);
	}
	if (!found)
		return NULL;
	before = (size_t)(found - ours);
	after = strlen(found) - strlen(fact);
	if (strlen(real) <= before + after || strncmp(real, ours, before) != 0 ||
		strcmp(real + strlen(real) - after, found + strlen(fact)) != 0)
		return NULL;
	return strndup(real + before, strlen(real) - before - after);
}

static bool fact(const struct rung *r)
{
	enum patch_place place;
	const char *key, *text = fact_of(r, &place, &key);
	char *value;
	bool added;

	if (!text || !is_ok(r->real) || lines_of(r->real) != 1 || lines_of(r->ours) != 1)
		return false;
	value = in_place(line_of(r->real), line_of(r->ours), text);
	if (!value)
		return false;
	added = value[0] && add(r, place, key, "", patch_fact(value));
	free(value);
	return added;
}

/* The second line of ATI. */
static bool product(const struct rung *r)
{
	const char *real = differ_line(r->real, 1), *ours = differ_line(r->ours, 1);

	if (strcmp(r->q->ask, "ATI") != 0 || !real || !ours || !strcmp(real, ours))
		return false;
	return add(r, PATCH_DEVICE, "product", "", patch_fact(real));
}

static bool inventory(const struct rung *r)
{
	const char *line;
	char *list, *more, *value;
	size_t i;

	if (strcmp(r->q->ask, "ATI9") != 0 || !is_ok(r->real) || !line_of(r->real))
		return false;
	list = must(strdup(""));
	for (i = 0; (line = differ_line(r->real, i)); i++) {
		value = patch_fact(line);
		if (asprintf(&more, "%s%s%s", list, i ? ", " : "", value) < 0)
			out_of_memory();
		free(value);
		free(list);
		list = more;
	}
	if (asprintf(&value, "[ %s ]", list) < 0)
		out_of_memory();
	free(list);
	return add(r, PATCH_IDENTITY, "inventory", "", value);
}

/* ---- settings --------------------------------------------------------------------- */

/* The next value of a list, without its quotes; false after the last. */
static bool next_value(const char **text, char *out, size_t size)
{
	const char *t = *text;
	bool quoted = *t == '"';
	size_t n = 0;

	if (!*t)
		return false;
	for (t += quoted; *t && *t != (quoted ? '"' : ','); t++)
		if (n + 1 < size)
			out[n++] = *t;
	out[n] = '\0';
	if (quoted && *t == '"')
		t++;
	*text = *t == ',' ? t + 1 : t;
	return true;
}

/* Numbers as YAML writes them: 5, not 005. */
static const char *without_zeros(const char *v)
{
	while (v[0] == '0' && isdigit((unsigned char)v[1]))
		v++;
	return v;
}

static bool is_number(const char *v)
{
	size_t n = strspn(v, "0123456789");

	return n && !v[n];
}

/* The key of value i of a command in defaults and memory; false: it has none. */
static bool setting_key(
	const struct compare *c, const char *name, size_t i, char *key, size_t size)
{
	struct param_row row;
	size_t k;

	if (!commands_param(c->firmware, name, i, &row) || !row.stored)
		return false;
	for (k = 0; k < i && commands_param(c->firmware, name, k, &row); k++)
		if (row.stored) {
			commands_param(c->firmware, name, i, &row);
			snprintf(key, size, "%s.%s", name, row.name);
			return true;
		}
	snprintf(key, size, "%s", name);
	return true;
}

static bool add_setting(const struct rung *r, enum patch_place place, const char *name,
	size_t i, const char *value)
{
	char key[40];

	if (!setting_key(r->c, name, i, key, sizeof(key)))
		return false;
	value = is_number(value) ? without_zeros(value) : value;
	return add(r, place, key, "",
		is_number(value) ? must(strdup(value)) : patch_quoted(value));
}

/* The values of two lists that differ, as settings. */
static bool settings_in(const struct rung *r, enum patch_place place, const char *name,
	const char *real, const char *ours)
{
	char a[64], b[64];
	bool added = false, more;
	size_t i;

	for (i = 0;; i++) {
		more = next_value(&real, a, sizeof(a));
		if (more != next_value(&ours, b, sizeof(b)))
			return false;
		if (!more)
			return added;
		if (!strcmp(a, b))
			continue;
		if (!add_setting(r, place, name, i, a))
			return false;
		added = true;
	}
}

/* The values after "+CMEE: "; a basic setting has only them. */
static const char *values_of(const struct question *q, const char *line)
{
	size_t n = strlen(q->name);

	if (line && !strncmp(line, q->name, n) && !strncmp(line + n, ": ", 2))
		return line + n + 2;
	return line;
}

static bool read_settings(const struct rung *r, enum patch_place place)
{
	bool added;

	if (r->q->form != COMMAND_READ || !is_ok(r->real) || !is_ok(r->ours) ||
		lines_of(r->real) != 1 || lines_of(r->ours) != 1)
		return false;
	added = settings_in(r, place, r->q->name, values_of(r->q, line_of(r->real)),
		values_of(r->q, line_of(r->ours)));
	if (!added)
		patch_drop(&r->c->patch, r->i);
	return added;
}

/* "S0:000 +CMEE:1": the next name with its values. */
static bool next_token(const char **text, char *name, char *values, size_t size)
{
	const char *t = *text + strspn(*text, " "), *colon = strchr(t, ':');
	size_t n;

	if (!colon || (size_t)(colon - t) >= size)
		return false;
	snprintf(name, size, "%.*s", (int)(colon - t), t);
	n = strcspn(colon + 1, " ");
	snprintf(values, size, "%.*s", (int)n, colon + 1);
	*text = colon + 1 + n;
	return true;
}

static bool viewed_line(const struct rung *r, const char *real, const char *ours)
{
	char name[2][48], values[2][48];
	bool added = false;

	while (next_token(&real, name[0], values[0], sizeof(name[0])) &&
		next_token(&ours, name[1], values[1], sizeof(name[1]))) {
		if (strcmp(name[0], name[1]) != 0)
			return false;
		if (strcmp(values[0], values[1]) != 0)
			added |= settings_in(
				r, PATCH_DEFAULT, name[0], values[0], values[1]);
	}
	return added;
}

/* Settings that only AT&V shows. */
static bool viewed(const struct rung *r)
{
	const char *real, *ours;
	bool added = false;
	size_t i;

	if (strcmp(r->q->ask, "AT&V") != 0)
		return false;
	for (i = 0; (real = differ_line(r->real, i)) && (ours = differ_line(r->ours, i));
		i++)
		added |= viewed_line(r, real, ours);
	return added;
}

static bool echo(const struct rung *r)
{
	if (r->real->echoed == r->ours->echoed)
		return false;
	return add(r, PATCH_DEFAULT, "E", "", must(strdup(r->real->echoed ? "1" : "0")));
}

/* ---- rows ------------------------------------------------------------------------- */

/* Whether all forms of the command that were asked are errors. */
static bool all_errors(const struct rung *r, struct exchange **answers)
{
	size_t i;

	for (i = 0; i < r->c->q.n; i++)
		if (!strcmp(r->c->q.item[i].name, r->q->name) && !is_error(answers[i]))
			return false;
	return true;
}

static bool is_named(const struct rung *r)
{
	return strlen(r->q->name) > 1; /* not I: it has more than was asked */
}

static bool absent(const struct rung *r)
{
	bool ours = all_errors(r, r->c->ours), real = all_errors(r, r->c->real);

	if (real == ours || !is_named(r))
		return false;
	if (real && strcmp(r->real->result, "ERROR") != 0)
		return false;
	return add(r, PATCH_COMMAND, r->q->name, "absent",
		must(strdup(real ? "true" : "false")));
}

/* Known, but its execution or setting is an error. */
static bool refused(const struct rung *r)
{
	if (!is_named(r) || r->q->kind != QUESTION_SHOWS || !is_error(r->real) ||
		is_error(r->ours) || r->q->form == COMMAND_READ ||
		r->q->form == COMMAND_TEST)
		return false;
	return add(r, PATCH_COMMAND, r->q->name, "refused", must(strdup("true")));
}

/* The legal values of the first parameters, where they stand alone in the answer. */
static bool legal(const struct rung *r)
{
	const char *real = values_of(r->q, line_of(r->real));
	struct param_row row;
	char sub[32];

	if (r->q->form != COMMAND_TEST || lines_of(r->real) != 1 || !is_ok(r->real) ||
		!commands_param(r->c->firmware, r->q->name, 0, &row) || !row.number ||
		commands_param(r->c->firmware, r->q->name, 1, &row) || real[0] != '(' ||
		strchr(real + 1, '('))
		return false;
	commands_param(r->c->firmware, r->q->name, 0, &row);
	snprintf(sub, sizeof(sub), "params.%s", row.name);
	return add(r, PATCH_COMMAND, r->q->name, sub, patch_quoted(real));
}

static bool test_text(const struct rung *r)
{
	const char *line = line_of(r->real), *values = values_of(r->q, line);

	if (r->q->form != COMMAND_TEST || !is_ok(r->real) || lines_of(r->real) != 1 ||
		values == line || !is_ok(r->ours))
		return false;
	return add(r, PATCH_COMMAND, r->q->name, "test", patch_quoted(values));
}

/* ---- answers as data -------------------------------------------------------------- */

static char *answer_value(const struct exchange *x)
{
	const char *line;
	char *text = must(strdup("{ lines: [")), *more, *quoted;
	size_t i;

	for (i = 0; (line = differ_line(x, i)); i++) {
		quoted = patch_quoted(line);
		if (asprintf(&more, "%s%s%s", text, i ? ", " : "", quoted) < 0)
			out_of_memory();
		free(quoted);
		free(text);
		text = more;
	}
	quoted = patch_quoted(x->result ? x->result : "none");
	if (asprintf(&more, "%s], result: %s }", text, quoted) < 0)
		out_of_memory();
	free(quoted);
	free(text);
	return more;
}

static bool answer(const struct rung *r)
{
	char sub[32];

	if (!is_named(r) || r->q->kind != QUESTION_SHOWS || is_error(r->ours))
		return false;
	if (r->q->form == COMMAND_SET) /* +WOPEN=2 is one of several */
		return false;
	if (differ_own(r->q->ask) && line_of(r->real))
		return false; /* its lines belong to the unit */
	snprintf(sub, sizeof(sub), "forms.%s", command_form_names[r->q->form].name);
	return add(r, PATCH_COMMAND, r->q->name, sub, answer_value(r->real));
}

/* A command that ours does not have: the form that was asked. */
static bool unknown(const struct rung *r)
{
	struct command_row row;
	char sub[32];
	size_t i;

	for (i = 0; commands_row(r->c->firmware, i, &row); i++)
		if (!strcasecmp(row.name, r->q->name))
			return false;
	if (!is_named(r) || is_error(r->real) || r->q->kind != QUESTION_SHOWS)
		return false;
	snprintf(sub, sizeof(sub), "forms.%s", command_form_names[r->q->form].name);
	return add(r, PATCH_COMMAND, r->q->name, sub, answer_value(r->real));
}

/* ---- the ladder ------------------------------------------------------------------- */

static bool memory_first(const struct rung *r)
{
	struct command_row row;
	size_t i;

	for (i = 0; commands_row(r->c->firmware, i, &row); i++)
		if (!strcmp(row.name, r->q->name))
			return strstr(row.stored, "at once");
	return false;
}

static bool settings(const struct rung *r)
{
	return read_settings(r, memory_first(r) ? PATCH_MEMORY : PATCH_DEFAULT);
}

static bool other_settings(const struct rung *r)
{
	return read_settings(r, memory_first(r) ? PATCH_DEFAULT : PATCH_MEMORY);
}

static bool others(const struct rung *r)
{
	return r->c->todo[r->i].lazy;
}

static bool (*const ladder[])(const struct rung *r) = { echo, others, fact, inventory,
	product, viewed, absent, refused, settings, other_settings, legal, test_text,
	answer, unknown };

static void say_why(const struct rung *r, char *why, size_t size)
{
	const char *own = differ_own(r->q->ask);

	if (own)
		snprintf(why, size, "a part of its answer belongs to the unit (%s)", own);
	else if (is_error(r->ours) && !is_error(r->real))
		snprintf(why, size,
			"an answer as data cannot make a command succeed that ours "
			"refuses");
	else if (r->q->kind != QUESTION_SHOWS)
		snprintf(why, size, "no key of a profile says it");
	else
		snprintf(why, size, "no key and no quirk of a profile explains it");
}

bool compare_rung(struct compare *c, size_t i)
{
	const struct rung r = { c, i, &c->q.item[i], c->real[i], c->ours[i] };
	struct todo *t = &c->todo[i];

	for (; t->rung < sizeof(ladder) / sizeof(ladder[0]); t->rung++)
		if (ladder[t->rung](&r))
			return true;
	say_why(&r, t->why, sizeof(t->why));
	return false;
}

bool compare_is_lazy(const struct compare *c, const struct question *q)
{
	static const char *const lazy[] = { "ATI", "ATI3", "AT+GMI", "AT+GMM", "AT+GMR",
		"AT&V", NULL };
	size_t i;

	for (i = 0; lazy[i]; i++)
		if (!strcmp(lazy[i], q->ask))
			return true;
	if (!strcmp(q->ask, "AT+CGMM"))
		return !c->firmware->model.text[0]; /* it shows the bands */
	return q->kind == QUESTION_SETS && q->form == COMMAND_READ;
}
