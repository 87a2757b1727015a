/* What the real modem is asked, one question after the other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "describe/commands.h"
#include "host/field/compare_int.h"

#define FIRST SEC(3) /* for AT */
#define TRIED 8      /* values of one setting */

static bool ask_real(struct compare *c, size_t i)
{
	const struct question *q = &c->q.item[i];

	c->real = must(realloc(c->real, (i + 1) * sizeof(*c->real)));
	c->asked = i + 1;
	c->real[i] = asker_ask(c->o.real, q->ask, q->most);
	if (c->o.asked)
		c->o.asked(c->o.ctx, q, i);
	return c->real[i];
}

/* ---- settings that are tried ------------------------------------------------------- */

/* The answer of the real modem to that command, NULL: it was not asked. */
static const struct exchange *answer_to(const struct compare *c, const char *ask)
{
	size_t i;

	for (i = 0; i < c->asked && c->real[i]; i++)
		if (!strcmp(c->q.item[i].ask, ask))
			return c->real[i];
	return NULL;
}

/* The number in "+CMEE: 1", if the line has nothing else. */
static bool read_number(const struct compare *c, const char *name, int *out)
{
	const struct exchange *x;
	char ask[QUESTION_MAX], end;
	const char *line;

	snprintf(ask, sizeof(ask), "AT%s?", name);
	x = answer_to(c, ask);
	line = x ? differ_line(x, 0) : NULL;
	if (!line || differ_line(x, 1) || strncmp(line, name, strlen(name)) != 0)
		return false;
	return sscanf(line + strlen(name), ": %d%c", out, &end) == 1;
}

/* The values of "+CMEE: (0,1)" or "(0-3)". */
static size_t read_values(const struct compare *c, const char *name, int out[TRIED])
{
	const struct exchange *x;
	char ask[QUESTION_MAX];
	const char *p, *line;
	int v, to, used;
	size_t n = 0;

	snprintf(ask, sizeof(ask), "AT%s=?", name);
	x = answer_to(c, ask);
	line = x ? differ_line(x, 0) : NULL;
	p = line ? strchr(line, '(') : NULL;
	if (!p || strchr(p + 1, '('))
		return 0;
	for (p++; sscanf(p, "%d%n", &v, &used) == 1 && v >= 0; p++) {
		p += used;
		to = v;
		if (*p == '-' && sscanf(p + 1, "%d%n", &to, &used) == 1)
			p += used + 1;
		for (; v <= to && n < TRIED; v++)
			out[n++] = v;
		if (*p != ',')
			break;
	}
	return n;
}

static bool ask_more(struct compare *c, const struct setting_row *row,
	enum question_kind kind, const char *suffix)
{
	struct question q = { .kind = kind,
		.form = suffix[0] == '?' ? COMMAND_READ : COMMAND_SET,
		.why = "tries a value, and puts the old one back",
		.more = true,
		.most = SEC(10) };

	snprintf(q.name, sizeof(q.name), "%s", row->name);
	snprintf(q.ask, sizeof(q.ask), "AT%s%s", row->name, suffix);
	questions_add(&c->q, &q);
	return ask_real(c, c->q.n - 1);
}

/* False: the modem has gone, or the user has had enough; the value is put back in any
 * case, if the modem still hears. */
static bool try_setting(struct compare *c, const struct setting_row *row)
{
	int value[TRIED], old;
	char suffix[24];
	bool there = true;
	size_t n, i;

	n = read_values(c, row->name, value);
	if (!n || !read_number(c, row->name, &old))
		return true;
	for (i = 0; i < n && there; i++) {
		snprintf(suffix, sizeof(suffix), "=%d", value[i]);
		there = ask_more(c, row, QUESTION_SETS, suffix) &&
			ask_more(c, row, QUESTION_SETS, "?");
	}
	if (!there && c->o.restoring)
		c->o.restoring(c->o.ctx);
	snprintf(suffix, sizeof(suffix), "=%d", old);
	return ask_more(c, row, QUESTION_RETURN, suffix) && there;
}

static bool try_settings(struct compare *c)
{
	struct setting_row row;
	size_t i;

	for (i = 0; commands_setting(c->firmware, i, &row); i++)
		if (questions_may_set(row.name, row.kept) && !try_setting(c, &row))
			return false;
	return true;
}

/* ---- all questions ---------------------------------------------------------------- */

/* Commands that the real modem names by itself. */
static void add_named(struct compare *c)
{
	const struct exchange *x = answer_to(c, "AT+CLAC");
	char *line, *word, *rest;
	const char *text;
	size_t i;

	for (i = 0; x && (text = differ_line(x, i)); i++) {
		line = must(strdup(text));
		for (word = strtok_r(line, " ,:", &rest); word;
			word = strtok_r(NULL, " ,:", &rest))
			questions_add_named(
				&c->q, !strncmp(word, "AT", 2) ? word + 2 : word);
		free(line);
	}
}

static bool begin(struct compare *c)
{
	struct exchange *x;
	int tries;

	/* the first line may set the speed, or meet the rest of another */
	for (tries = 0; tries < 3; tries++) {
		x = asker_ask(c->o.real, "AT", FIRST);
		if (!x)
			return false;
		if (x->result) {
			exchange_free(x);
			return true;
		}
		exchange_free(x);
	}
	return false;
}

bool compare_ask_all(struct compare *c, char *why, size_t size)
{
	size_t i;
	bool there = begin(c);

	if (!there)
		snprintf(why, size,
			"the modem does not answer AT; is it on, at another speed "
			"(--baud), or silent (type ATQ0V1)?");
	for (i = 0; i < c->q.n && there; i++) {
		there = ask_real(c, i);
		if (there && !strcmp(c->q.item[i].ask, "AT+CLAC"))
			add_named(c);
	}
	if (there && c->o.more)
		there = try_settings(c);
	if (!there && c->asked)
		snprintf(why, size,
			"it has ended before all was asked: nothing was compared; start "
			"again");
	return there;
}
