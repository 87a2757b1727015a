/* The life of rules: when, after, for, until, times. What an active rule does to the
 * modem is in faults.h and line.h. */
#pragma once

#include "state/fault.h"

/* rules and their actions must outlive the modem; n is at most FAULT_RULES. */
void faults_init(struct modem *m, const struct fault_rule *rules, size_t n, bool settles,
	bool (*perform)(struct modem *m, const struct fault_rule *r),
	const char *(*look)(const struct modem *m, const char *path, char *mem));

/* A rule from outside, copied: its number from 1, or 0 when there is no room. */
size_t faults_add(struct modem *m, const struct fault_rule *r);

/* Takes one away that was added, 0: all of them. False: there is no such one. */
bool faults_remove(struct modem *m, size_t number);

/* Something happens: starts and ends rules, and does what they do at this place. */
void fault_at(struct modem *m, enum fault_place place, const struct fault_subject *s);

/* The rule whose lasting effect holds now for the subject (NULL: for anything), counted
 * as acting; NULL: none. */
const struct fault_rule *fault_find(
	struct modem *m, enum fault_effect effect, const struct fault_subject *s);

/* The same without counting or chance, for those who ask again and again: the first rule
 * behind `last`, NULL: the first of all. */
const struct fault_rule *fault_peek(
	const struct modem *m, enum fault_effect effect, const struct fault_rule *last);

/* Counts a rule that fault_peek() gave as acting; false: its chance is against it. */
bool fault_acts(struct modem *m, const struct fault_rule *r);

/* A rule that is simply so while it lasts (a silence, a gate, a pace, CTS) makes a
 * difference: counted in `total`, once each time it has become active. */
void fault_shows(struct modem *m, const struct fault_rule *r);
