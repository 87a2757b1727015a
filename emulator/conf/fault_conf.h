/* Faults (state/fault.h) as YAML and JSON write them. */
#pragma once

#include <stddef.h>

#include "conf/doc.h"
#include "conf/schema.h"
#include "faults/fault_rows.h"
#include "state/fault.h"

/* A rule whose effect is an action: an entry of `inject:`. */
const struct schema *inject_schema(void);

/* Binds a list of `faults:` or of `inject:` behind those that are there; the actions of
 * the latter are freed by faults_clear(). NULL for d adds none. False with errors. */
struct fault_list {
	struct fault_rule *rule; /* FAULT_RULES of them, the caller's */
	size_t n;
	const struct doc *doc[FAULT_RULES]; /* where they stand, for messages */
};
bool faults_bind(struct fault_list *l, const struct doc *d, struct doc_errors *e);
bool injects_bind(struct fault_list *l, const struct doc *d, struct doc_errors *e);

/* Whether a rule is hidden by one before it, or excepts from none after it: when all are
 * bound. False with errors. */
bool faults_bound(const struct fault_list *l, struct doc_errors *e);

/* The place of a key of rule i, or of the rule where it is not written or NULL. */
struct doc_place faults_place(const struct fault_list *l, size_t i, const char *key);

void faults_clear(struct fault_list *l);
