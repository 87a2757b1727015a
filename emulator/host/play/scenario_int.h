/* Shared by scenario.c, which reads scenarios, its parts, and scenario_schema.c, which has
 * the language. */
#pragma once

#include "host/play/scenario.h"

struct scenario_reader {
	struct scenario *s;
	struct library *library; /* NULL: no sets */
	const char *text;        /* the whole file */
	size_t len;
	struct doc_errors *errors;
};

/* The keys of a step that are not actions; enum step_kind. */
extern const struct name scenario_step_names[];

/* Valid after scenario_schema(): the keys of a step, for messages, and its schema. */
const char *scenario_step_keys(void);
const struct schema *scenario_step_schema(void);

/* An entry of `modems:`. */
const struct schema *scenario_modem_schema(void);

/* The one key of a step's mapping that is among these verbs; NULL: none, nothing reported.
 * A second one is an error. *verb becomes its value. */
const struct doc_item *scenario_verb(
	const struct doc *d, const struct name *verbs, int *verb, struct doc_errors *e);

/* ---- scenario_profiles.c ---- */

/* What the name of a profile stands for in profile_load(). */
const char *scenario_profile_file(struct scenario *s, const char *name);

/* Reads `profile:` or `profiles:` of the scenario. */
void scenario_take_profiles(const struct scenario_reader *r, const struct doc *d);

/* ---- scenario_modem.c ---- */

/* Reads the rules and sets of the own modem, whose plain keys are bound already, and then
 * the entries of `modems:`. */
void scenario_take_modems(const struct scenario_reader *r, const struct doc *d);

/* The modem that the step names; an error if there is none. */
void scenario_take_modem(
	const struct scenario_reader *r, struct step *step, const struct doc *d);

void scenario_modems_clear(struct scenario *s);

/* What is wrong with the name of a further modem ("what; remedy"), or NULL. */
const char *scenario_check_name(const char *name);
