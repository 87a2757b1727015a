/* Between scenario.c, which reads, and scenario_schema.c, which has the language. */
#pragma once

#include "host/play/scenario.h"

/* The keys of a step that are no actions; enum step_kind. */
extern const struct name scenario_step_names[];

/* After scenario_schema(): what a step may be, for messages, and its schema. */
const char *scenario_step_keys(void);
const struct schema *scenario_step_schema(void);
