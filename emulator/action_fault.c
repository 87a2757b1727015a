/* Actions that make something go wrong, and end it. */
#include "action_rows.h"
#include "fault_rows.h"
#include "state/modem_state.h"

static const char *add(struct modem *m, const void *args)
{
	return faults_add(m, args) ? NULL
				   : "there are as many faults from outside as there may "
				     "be; take some away: unfault";
}

struct unfault_args {
	int number;
};

static const struct schema_field unfault_fields[] = {
	{ "number", "which, in the order of their coming, from 1; 0: all", SCHEMA_INT,
		ARG(unfault_args, number), .max = FAULT_ADDED, .def = "0" },
	{ NULL },
};
static const struct schema unfault_schema = { .name = "unfault",
	.help = "takes faults away that came from outside",
	.fields = unfault_fields,
	.scalar = unfault_fields };

static const char *unfault(struct modem *m, const void *args)
{
	const struct unfault_args *a = args;

	return faults_remove(m, (size_t)a->number) ? NULL : "there is no such fault";
}

const struct action_row actions_fault[] = {
	{ "fault", &fault_schema, sizeof(struct fault_rule), add, fault_wrong },
	{ "unfault", &unfault_schema, sizeof(struct unfault_args), unfault },
	{ NULL },
};
