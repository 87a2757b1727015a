/* Names of operators, from NITZ, AT+WOLM and the firmware's table, and the way back to
 * the PLMN. */
#include "chapters/network/operators.h"
#include "state/modem_state.h"

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
	for (i = 0; i < m->fw->names->rows; i++)
		if (same(m->fw->names->row[i].plmn, plmn, len))
			return &m->fw->names->row[i];
	return NULL;
}

/* The name that the network sends with NITZ; else that of the firmware's table, which has
 * this firmware's spelling; else the network's name in the profile. */
const char *operator_called(const struct modem *m, const char *plmn, int format)
{
	const struct network_operator *o = net_operator(&m->net, plmn);
	const struct operator_name *n = operator_name(m, plmn, strlen(plmn));
	const char *told = o ? (format ? o->short_name : o->long_name) : "";
	const char *known = n ? (format ? n->short_name : n->long_name) : "";

	if (!(m->live.name_sources & OPERATOR_NITZ))
		told = "";
	if (!(m->live.name_sources & OPERATOR_FLASH))
		known = "";
	if (!known[0] || (told[0] && m->profile->network.nitz.sent))
		known = told;
	return known[0] ? known : NULL;
}

void operator_print(
	const struct modem *m, const char *plmn, int format, char *out, size_t size)
{
	const char *name = format < 2 ? operator_called(m, plmn, format) : NULL;

	if (name)
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

static bool find_added(
	const struct modem *m, int format, const struct at_arg *arg, char plmn[8])
{
	const struct operator_name *n = m->added;

	for (; n < m->added + OPERATORS_ADDED; n++) {
		if (!n->plmn[0] ||
			!same(format ? n->short_name : n->long_name, arg->text, arg->len))
			continue;
		strcpy(plmn, n->plmn);
		return true;
	}
	return false;
}

bool operator_find(
	const struct modem *m, int format, const struct at_arg *arg, char plmn[8])
{
	const struct operator_table *t = m->fw->names;
	const struct air *air = &m->air;
	size_t i;

	if (format == 2) {
		if (!is_plmn(arg))
			return false;
		memcpy(plmn, arg->text, arg->len);
		plmn[arg->len] = '\0';
		return true;
	}
	if (find_added(m, format, arg, plmn))
		return true;
	/* a network on the air comes before one with the same name elsewhere */
	for (i = 0; i < air->n_operators; i++) {
		const char *name = operator_called(m, air->operators[i].plmn, format);

		if (name && same(name, arg->text, arg->len)) {
			strcpy(plmn, air->operators[i].plmn);
			return true;
		}
	}
	for (i = 0; i < t->rows; i++) {
		const struct operator_name *n = &t->row[i];

		if (same(format ? n->short_name : n->long_name, arg->text, arg->len)) {
			strcpy(plmn, n->plmn);
			return true;
		}
	}
	return false;
}
