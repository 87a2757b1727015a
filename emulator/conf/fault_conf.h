/* Faults (state/fault.h) as YAML and JSON write them. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"
#include "conf/schema.h"
#include "faults/fault_rows.h"
#include "state/fault.h"

/* A rule whose effect is an action: an entry of `inject:`. */
const struct schema *inject_schema(void);

/* Binds the entries of `faults:` or `inject:` and appends them to the list;
 * faults_clear() frees the actions of the latter. With NULL for d nothing is added. False
 * with errors. */
struct fault_list {
	struct fault_rule *rule; /* FAULT_RULES rules, which the caller owns */
	size_t n;
	const struct doc *doc[FAULT_RULES]; /* where each is written, for messages */
};
bool faults_bind(struct fault_list *l, const struct doc *d, struct doc_errors *e);
bool injects_bind(struct fault_list *l, const struct doc *d, struct doc_errors *e);

/* Checks the rules after all are bound: false, with errors, if one is hidden by an
 * earlier rule, or changes nothing and is not an exception to a later rule. */
bool faults_bound(const struct fault_list *l, struct doc_errors *e);

/* The place of a key of rule i; of the rule if the key is NULL or not written. */
struct doc_place faults_place(const struct fault_list *l, size_t i, const char *key);

void faults_clear(struct fault_list *l);
