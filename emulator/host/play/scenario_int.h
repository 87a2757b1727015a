/* Shared by scenario.c, which reads scenarios, and scenario_schema.c, which has the
 * language. */
#pragma once

#include "host/play/scenario.h"

/* The keys of a step that are not actions; enum step_kind. */
extern const struct name scenario_step_names[];

/* Valid after scenario_schema(): the keys of a step, for messages, and its schema. */
const char *scenario_step_keys(void);
const struct schema *scenario_step_schema(void);

/* The one key of a step's mapping that is among these verbs; NULL: none, nothing reported.
 * A second one is an error. *verb becomes its value. */
const struct doc_item *scenario_verb(
	const struct doc *d, const struct name *verbs, int *verb, struct doc_errors *e);
