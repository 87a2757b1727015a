/* V.250 clauses 5.3 (basic syntax) and 5.4 (extended syntax); leniencies of line.md
 * Command line. */
#include "at/parse.h"

#include <ctype.h>
#include <string.h>

#include "at/known.h"
#include "at/tables.h"

struct cursor {
	const char *p, *end;
};

static int peek(const struct cursor *c)
{
	return c->p < c->end ? (unsigned char)*c->p : -1;
}

static bool take(struct cursor *c, char want)
{
	if (peek(c) != want)
		return false;
	c->p++;
	return true;
}

static void skip_spaces(struct cursor *c)
{
	while (peek(c) == ' ')
		c->p++;
}

/* Skips to the next ; or the end of the line; a ; in quotes does not count. */
static void skip_values(struct cursor *c)
{
	bool quoted = false;

	for (; c->p < c->end; c->p++) {
		if (*c->p == '"')
			quoted = !quoted;
		else if (*c->p == ';' && !quoted)
			return;
	}
}

static bool is_extended_char(int ch)
{
	return ch > 0 && (isalnum(ch) || strchr("!%-./:_", ch));
}

/* Reads the tail of a command that has =, ? or both. False: it has neither. */
static bool take_form(struct cursor *c, struct at_call *call)
{
	if (take(c, '?')) {
		call->form = AT_READ;
		return true;
	}
	if (!take(c, '='))
		return false;
	if (take(c, '?')) {
		call->form = AT_TEST;
		return true;
	}
	call->form = AT_SET;
	call->rest = c->p;
	skip_values(c);
	call->rest_len = (size_t)(c->p - call->rest);
	return true;
}

static enum at_parsed found(const struct at_entry *e, struct at_call *call)
{
	call->entry = e;
	if (!e || e->absent || !(e->cmd->forms & (unsigned)call->form))
		return AT_PARSED_BAD;
	return AT_PARSED_COMMAND;
}

static enum at_parsed extended(
	const struct at_known *known, struct cursor *c, struct at_call *call)
{
	const char *name = c->p++;
	size_t len;

	while (is_extended_char(peek(c)))
		c->p++;
	len = (size_t)(c->p - name);
	skip_spaces(c);
	if (!take_form(c, call))
		call->form = AT_EXEC;
	skip_spaces(c);
	/* after an extended command only ; or the end may follow */
	if (c->p < c->end && *c->p != ';')
		return AT_PARSED_BAD;
	return found(at_known_find(known, name, len), call);
}

/* Whether a name longer than a basic command's, such as ^SYSINFO, begins here: only YAML
 * declares such commands. */
static bool is_long_name(const struct at_known *known, const struct cursor *c)
{
	const char *end = c->p + 1;
	const struct at_entry *e;

	if (!strchr("%\\*#$^!-&", *c->p))
		return false;
	while (end < c->end && (isalnum((unsigned char)*end) || *end == '_'))
		end++;
	if (end - c->p < 3)
		return false;
	e = at_known_find(known, c->p, (size_t)(end - c->p));
	return e && e->cmd->flags & AT_F_DATA;
}

/* "S0", "S12": each register is a row. */
static enum at_parsed s_register(
	const struct at_known *known, struct cursor *c, struct at_call *call)
{
	char name[AT_NAME_MAX] = "S";
	size_t len = 1;

	c->p++;
	while (isdigit(peek(c)) && len < 4)
		name[len++] = *c->p++;
	if (!take(c, '=')) {
		if (!take(c, '?'))
			return AT_PARSED_BAD;
		call->form = AT_READ;
		return found(at_known_find(known, name, len), call);
	}
	call->form = take(c, '?') ? AT_TEST : AT_SET;
	call->rest = c->p;
	while (isdigit(peek(c)))
		c->p++;
	call->rest_len = (size_t)(c->p - call->rest);
	return found(at_known_find(known, name, len), call);
}

static enum at_parsed basic(
	const struct at_known *known, struct cursor *c, struct at_call *call)
{
	const char *name = c->p;
	const struct at_entry *e;
	size_t len = 1;

	if (strchr("&%\\*#$^!-", *name)) {
		len = 2;
		if (c->end - c->p < 2)
			return AT_PARSED_BAD;
	} else if (!isalpha((unsigned char)*name)) {
		return AT_PARSED_BAD;
	} else if (toupper((unsigned char)*name) == 'S') {
		return s_register(known, c, call);
	}
	c->p += len;
	call->form = AT_EXEC;
	e = at_known_find(known, name, len);
	call->rest = c->p;
	if (e && e->cmd->flags & AT_F_REST) {
		skip_values(c);
		take(c, ';');
	} else {
		while (isdigit(peek(c)))
			c->p++;
		if ((peek(c) == '=' || peek(c) == '?') && c->p == call->rest) {
			take_form(c, call);
			return found(e, call);
		}
	}
	call->rest_len = (size_t)(c->p - call->rest);
	return found(e, call);
}

enum at_parsed at_parse_next(const struct at_known *known, const char *line, size_t len,
	size_t *pos, struct at_call *call)
{
	struct cursor c = { line + *pos, line + len };
	enum at_parsed result;

	while (peek(&c) == ' ' || peek(&c) == ';')
		c.p++;
	/* at the end of the line the call remains that of the last command */
	if (c.p == c.end)
		return AT_PARSED_END;
	*call = (struct at_call){ .rest = c.p };
	if (*c.p == '+' || is_long_name(known, &c))
		result = extended(known, &c, call);
	else
		result = basic(known, &c, call);
	*pos = (size_t)(c.p - line);
	return result;
}

/* Finds where the name of a command ends that no table has: +X, ^X and the like have
 * letters and digits, S has digits, & has one letter, others are one letter. */
static void skip_name(struct cursor *c)
{
	int first = toupper(peek(c));

	c->p++;
	if (first == '+')
		while (is_extended_char(peek(c)))
			c->p++;
	else if (first == 'S')
		while (isdigit(peek(c)))
			c->p++;
	else if (first == '&')
		c->p += isalpha(peek(c)) ? 1 : 0;
	else if (!isalpha(first))
		while (isalpha(peek(c)))
			c->p++;
}

bool at_parse_unknown(const char *line, size_t len, size_t *pos, char *name, size_t size,
	struct at_call *call)
{
	struct cursor c = { line + *pos, line + len };
	const char *start;
	size_t n, i;

	while (peek(&c) == ' ' || peek(&c) == ';')
		c.p++;
	if (c.p == c.end || (!isalpha(peek(&c)) && !strchr("+&%\\*#$^!-", *c.p)))
		return false;
	start = c.p;
	skip_name(&c);
	n = (size_t)(c.p - start);
	if (n >= size)
		return false;
	for (i = 0; i < n; i++)
		name[i] = (char)toupper((unsigned char)start[i]);
	name[n] = '\0';
	skip_spaces(&c);
	*call = (struct at_call){ .form = AT_EXEC, .rest = c.p };
	if (!take_form(&c, call)) {
		skip_values(&c);
		call->rest_len = (size_t)(c.p - call->rest);
	}
	skip_spaces(&c);
	*pos = (size_t)(c.p - line);
	return c.p == c.end || *c.p == ';';
}

/* Reads one value up to its comma. False: bad syntax. */
static bool take_value(struct cursor *c, struct at_arg *arg)
{
	const char *end;

	skip_spaces(c);
	*arg = (struct at_arg){ .text = c->p };
	if (take(c, '"')) {
		end = memchr(c->p, '"', (size_t)(c->end - c->p));
		if (!end)
			return false;
		arg->given = arg->quoted = true;
		arg->text = c->p;
		arg->len = (size_t)(end - c->p);
		c->p = end + 1;
		skip_spaces(c);
		return c->p == c->end || *c->p == ',';
	}
	while (c->p < c->end && *c->p != ',') {
		if (*c->p == '"')
			return false;
		c->p++;
	}
	end = c->p;
	while (end > arg->text && end[-1] == ' ')
		end--;
	arg->len = (size_t)(end - arg->text);
	arg->given = arg->len > 0;
	return true;
}

static int number(struct at_arg *arg, const char *values)
{
	long n = 0;
	size_t i;

	if (arg->quoted)
		return AT_ERROR;
	for (i = 0; i < arg->len; i++) {
		if (!isdigit((unsigned char)arg->text[i]))
			return AT_ERROR;
		n = n * 10 + (arg->text[i] - '0');
		if (n > 0x7fffffff)
			return AT_CME(CME_NOT_ALLOWED);
	}
	arg->num = (int)n;
	if (values && !at_values_allow(values, arg->num))
		return AT_CME(CME_NOT_ALLOWED);
	return AT_OK;
}

static int check(struct at_arg *arg, const struct at_param *param, const char *values)
{
	size_t i;

	switch (param->type) {
	case AT_INT:
		return number(arg, values);
	case AT_CHOICE:
		arg->num = at_values_place(values, arg->text, arg->len);
		return arg->num < 0 ? AT_CME(CME_NOT_ALLOWED) : AT_OK;
	case AT_HEX:
		for (i = 0; i < arg->len; i++)
			if (!isxdigit((unsigned char)arg->text[i]))
				return AT_CME(CME_NOT_ALLOWED);
		break;
	case AT_TEXT:
		break;
	}
	return AT_OK;
}

/* A basic command's number; if omitted it is 0. */
static int parse_basic(struct at_call *call)
{
	const struct at_param *param = call->entry->cmd->param;

	if (call->entry->cmd->flags & AT_F_REST)
		return AT_OK;
	if (!param[0].name)
		return call->rest_len && !(call->entry->cmd->flags & AT_F_BARE) ? AT_ERROR
										: AT_OK;
	call->args = 1;
	call->arg[0] = (struct at_arg){
		.given = true,
		.text = call->rest,
		.len = call->rest_len,
	};
	if (number(&call->arg[0], call->entry->values[0]) == AT_OK)
		return AT_OK;
	/* most basic commands have no error but ERROR */
	return call->entry->cmd->flags & AT_F_CME ? AT_CME(CME_NOT_ALLOWED) : AT_ERROR;
}

int at_parse_args(struct at_call *call)
{
	struct cursor c = { call->rest, call->rest + call->rest_len };
	const struct at_param *param = call->entry->cmd->param;
	size_t n = 0;
	int result = AT_OK;

	if (call->form == AT_EXEC && call->entry->cmd->name[0] != '+')
		return parse_basic(call);
	if (call->form != AT_SET)
		return AT_OK;
	do {
		struct at_arg *arg = &call->arg[n];

		if (n == AT_ARGS || !take_value(&c, arg))
			return AT_ERROR;
		if (n >= call->entry->params) {
			if (arg->given || n > 0)
				result = AT_CME(CME_NOT_ALLOWED);
		} else if (arg->given && result == AT_OK) {
			result = check(arg, &param[n],
				call->entry->cmd->flags & AT_F_OWN_RANGE
					? NULL
					: call->entry->values[n]);
			if (result == AT_ERROR)
				return AT_ERROR;
		}
		n++;
	} while (take(&c, ','));
	call->args = n;
	for (n = 0; result == AT_OK && n < call->entry->params; n++)
		if (!param[n].optional && !at_given(call, n))
			result = AT_CME(CME_NOT_ALLOWED);
	return result;
}
