/* Checks the rules that a scenario or a field bug has for a modem against the firmwares they are for. */
#pragma once

#include "host/play/scenario.h"

/* Whether each rule can act on at least one of the profiles, whose command tables must be
 * built: the commands it names exist (or it says unknown: true), and so do the firmwares
 * that it compares states with. False, with the errors and their places in e. */
bool rules_check(const struct scenario_modem *s, const struct profile *const *profile,
	size_t n, struct doc_errors *e);
