/* Tables that name the values of an enum, or the bits of a set. */
#pragma once

struct name {
	int value;
	const char *name; /* NULL ends the table */
	const char *help; /* one line for lists and schemas, may be NULL */
};

/* The name of a value, "?" if it has none. */
const char *name_of(const struct name *table, int value);

/* The row of a name (case-sensitive), NULL if there is none. */
const struct name *name_find(const struct name *table, const char *name);
