#include "at/operators.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool same(const char *name, const char *text, size_t len)
{
	return strlen(name) == len && !memcmp(name, text, len);
}

const struct operator_name *operator_name(
	const struct modem *m, const char *plmn, size_t len)
{
	size_t i;

	for (i = 0; i < OPERATORS_ADDED; i++)
		if (same(m->added[i].plmn, plmn, len))
			return &m->added[i];
	for (i = 0; i < m->profile->n_names; i++)
		if (same(m->profile->names[i].plmn, plmn, len))
			return &m->profile->names[i];
	return NULL;
}

void operator_print(
	const struct modem *m, const char *plmn, int format, char *out, size_t size)
{
	const struct network_operator *o = net_operator(&m->net, plmn);
	const struct operator_name *n = operator_name(m, plmn, strlen(plmn));
	const char *name = NULL;

	if (format == 0)
		name = o ? o->long_name : n ? n->long_name : NULL;
	else if (format == 1)
		name = o ? o->short_name : n ? n->short_name : NULL;
	if (name && name[0])
		snprintf(out, size, "\"%s\"", name);
	else
		snprintf(out, size, "%s", plmn);
}

static bool is_plmn(const struct at_arg *arg)
{
	size_t i;

	for (i = 0; i < arg->len; i++)
		if (!isdigit((unsigned char)arg->text[i]))
			return false;
	return arg->len == 5 || arg->len == 6;
}

bool operator_find(
	const struct modem *m, int format, const struct at_arg *arg, char plmn[8])
{
	const struct air *air = &m->air;
	size_t i;

	if (format == 2) {
		if (!is_plmn(arg))
			return false;
		memcpy(plmn, arg->text, arg->len);
		plmn[arg->len] = '\0';
		return true;
	}
	for (i = 0; i < air->n_operators; i++) {
		const struct network_operator *o = &air->operators[i];

		if (same(format ? o->short_name : o->long_name, arg->text, arg->len)) {
			strcpy(plmn, o->plmn);
			return true;
		}
	}
	for (i = 0; i < m->profile->n_names; i++) {
		const struct operator_name *n = &m->profile->names[i];

		if (same(format ? n->short_name : n->long_name, arg->text, arg->len)) {
			strcpy(plmn, n->plmn);
			return true;
		}
	}
	return false;
}
