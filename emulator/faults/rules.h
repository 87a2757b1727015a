/* The life of rules: when, after, for, until, times. The effects of an active rule are in
 * faults.h and line.h. */
#pragma once

#include "state/fault.h"

/* rules and their actions must outlive the modem; n is at most FAULT_RULES. */
void faults_init(struct modem *m, const struct fault_rule *rules, size_t n, bool settles,
	bool (*perform)(struct modem *m, struct channel *on, const struct fault_rule *r),
	const char *(*look)(const struct modem *m, const char *path, char *mem));

/* Adds a rule from outside (copied) and returns its number from 1, or 0 when there is no
 * room. */
size_t faults_add(struct modem *m, const struct fault_rule *r);

/* Removes an added rule, 0: all of them. False: there is no such rule. */
bool faults_remove(struct modem *m, size_t number);

/* Something happens: starts and ends rules, and carries out their actions at this
 * place. */
void fault_at(struct modem *m, enum fault_place place, const struct fault_subject *s);

/* The rule whose lasting effect applies now to the subject (NULL: to anything), counted
 * as acting; NULL if there is none. */
const struct fault_rule *fault_find(
	struct modem *m, enum fault_effect effect, const struct fault_subject *s);

/* The same without counting or chance, for repeated queries: the first rule after `last`,
 * NULL: the first of all. */
const struct fault_rule *fault_peek(
	const struct modem *m, enum fault_effect effect, const struct fault_rule *last);

/* The same for a channel: rules for other ports are skipped. */
const struct fault_rule *fault_peek_at(const struct channel *ch, enum fault_effect effect,
	const struct fault_rule *last);

/* Whether the rule is for this channel. */
bool fault_concerns(const struct fault_rule *r, const struct channel *ch);

/* Counts a rule returned by fault_peek() as acting; false: its chance did not come up. */
bool fault_acts(struct modem *m, const struct fault_rule *r);

/* A rule that is a state while it lasts (a silence, a gate, a pace, CTS) makes a
 * difference: counted in `total`, once each time it has become active. */
void fault_shows(struct modem *m, const struct fault_rule *r);
