/* Actions that start and end faults. */
#include <stdio.h>
#include <string.h>

#include "actions/rows.h"
#include "faults/fault_check.h"
#include "faults/fault_rows.h"
#include "faults/fault_view.h"
#include "faults/rules.h"
#include "state/application.h"
#include "state/modem_state.h"

static size_t all_firmwares(
	const struct profile *p, const struct firmware *fw[PROFILE_FIRMWARES])
{
	size_t n = 0;

	while (n < PROFILE_FIRMWARES && (fw[n] = profile_nth(p, n)))
		n++;
	return n;
}

static bool an_application_has(const struct profile *p, const struct fault_command *c)
{
	const struct application *a;
	size_t i;

	for (i = 0; (a = profile_application_nth(p, i)); i++)
		if (fault_fits_own(c, a->at))
			return true;
	return false;
}

/* Why neither a firmware of this device nor an application can meet the rule; NULL if one
 * can. */
static const char *unfit(struct modem *m, const struct fault_rule *r)
{
	const struct profile *p = m->profile;
	const struct firmware *fw[PROFILE_FIRMWARES], *in_flash;
	size_t n = 0, i;
	struct fault_command c;
	struct fault_flaw flaw;
	bool misspelt;

	in_flash = profile_at(p, m->flash.firmware);
	for (i = 0; fault_command(r, i, &c); i++) {
		/* the other firmwares are read only if need be */
		if (fault_fits(&c, &in_flash, 1, &misspelt, &flaw))
			continue;
		if (an_application_has(p, &c))
			continue;
		if (!n)
			n = all_firmwares(p, fw);
		if (fault_fits(&c, fw, n, &misspelt, &flaw))
			continue;
		snprintf(m->faults.why, FAULT_WHY, "%s%s", flaw.text,
			misspelt ? "; see fauxtrack list commands, or mark it as "
				   "intended: unknown=true"
				 : "");
		return m->faults.why;
	}
	return NULL;
}

static const char *add(struct modem *m, const void *args)
{
	const char *why = unfit(m, args);

	if (why)
		return why;
	return faults_add(m, args) ? NULL
				   : "there is no room for more faults from outside; "
				     "remove some: unfault all";
}

struct unfault_args {
	char which[40];
};

static const struct schema_field unfault_fields[] = {
	{ "number", "all (or 0), its number, or its name", SCHEMA_VALUE,
		ARG(unfault_args, which), .def = "all" },
	{ NULL },
};
static const struct schema unfault_schema = { .name = "unfault",
	.help = "removes faults that were added from outside",
	.fields = unfault_fields,
	.scalar = unfault_fields };

/* Removes all that have this name. */
static bool remove_named(struct modem *m, const char *name)
{
	struct modem_fault f;
	bool any = false;
	size_t i = 0;

	while (modem_fault_row(m, i, &f)) {
		if (f.of_bug || strcmp(f.rule->name, name) != 0)
			i++;
		else
			any |= faults_remove(m, f.number);
	}
	return any;
}

static const char *unfault(struct modem *m, const void *args)
{
	const struct unfault_args *a = args;
	const char *p = a->which;
	size_t number = 0;
	bool done;

	while (*p >= '0' && *p <= '9' && number < 1000)
		number = 10 * number + (size_t)(*p++ - '0');
	if (!strcmp(a->which, "all") || (!*p && p > a->which))
		done = faults_remove(m, number);
	else
		done = remove_named(m, a->which);
	return done ? NULL
		    : "there is no such fault from outside; fauxtrack ctl faults lists "
		      "them, unfault all removes all";
}

const struct action_row actions_fault[] = {
	{ "fault", &fault_schema, sizeof(struct fault_rule), add,
		.sound = fault_sound_args, .number = modem_fault_newest,
		.example = "fault answer.commands=+CMGS answer.result=ERROR" },
	{ "unfault", &unfault_schema, sizeof(struct unfault_args), unfault,
		.example = "unfault all" },
	{ NULL },
};
