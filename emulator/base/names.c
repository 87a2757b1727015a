#include "base/names.h"

#include <stddef.h>
#include <string.h>

const char *name_of(const struct name *table, int value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return "?";
}

const struct name *name_find(const struct name *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	return NULL;
}
