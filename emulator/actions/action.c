/* The list of action tables, and finding a row. */
#include "actions/action.h"

#include <string.h>

#include "actions/rows.h"

static const struct action_row *const tables[] = {
	actions_power,
	actions_sim,
	actions_net,
	actions_packets,
	actions_call,
	actions_hardware,
	actions_line,
	actions_sms,
	actions_pins,
	actions_flash,
	actions_stk,
	actions_fault,
};

const struct action_row *action_at(size_t i)
{
	const struct action_row *row;
	size_t t;

	for (t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (row = tables[t]; row->name; row++)
			if (!i--)
				return row;
	return NULL;
}

const struct action_row *action_find(const char *name)
{
	const struct action_row *row;
	size_t i;

	for (i = 0; (row = action_at(i)); i++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}
