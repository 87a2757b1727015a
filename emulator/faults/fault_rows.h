/* The rules of faults as tables, for binding (conf/fault_conf.h). */
#pragma once

#include "conf/schema.h"
#include "state/fault.h"

/* A rule with its effect; binds struct fault_rule. */
extern const struct schema fault_schema;

/* The keys of every rule; ended by a field without a key. */
extern const struct schema_field fault_common_fields[];

/* What is wrong with the name of a command, or with a final result ("what; remedy"); NULL
 * if it is valid. */
const char *fault_wrong_command(const void *value);
const char *fault_wrong_result(const void *value);
