/* Single values of a schema: text to number, time, name. Used by schema.c only. */
#pragma once

#include "conf/schema.h"

/* Binds a scalar to the member at `to`; false, with an error, if it does not fit. */
bool schema_scalar(const struct schema_field *f, const struct doc *d, void *to,
	struct doc_errors *e);

/* Looks up the value of a name; false, with a suggestion, if the name is unknown. */
bool schema_name(const struct schema_field *f, const struct doc *d, int *value,
	struct doc_errors *e);

/* True if the field's set may contain this name. */
bool schema_in_set(const struct schema_field *f, const struct name *n);
unsigned schema_bit(const struct schema_field *f, const struct name *n);
