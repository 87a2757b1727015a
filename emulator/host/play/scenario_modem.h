/* What a scenario says of a modem. Its own is called `a`; `modems:` declares further
 * ones, which steps name by `modem: b`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/doc.h"
#include "conf/fault_conf.h"
#include "conf/schema.h"
#include "state/profile.h"
#include "state/unit_numbers.h"

#define SCENARIO_MODEMS 8 /* with its own */
#define SCENARIO_NAME   16
#define SCENARIO_SETS   24

struct neighbours;
struct scenario;

struct scenario_pair {
	char key[64];
	char value[80];
};

struct scenario_modem {
	char name[SCENARIO_NAME]; /* "a": the scenario's own */
	struct doc_place at;
	/* Of a further modem, the profile in the form for profile_load(); NULL: a twin of
	 * the scenario's own modem, with its profile, sets and memory. Those of the own
	 * modem are in struct scenario, since there may be several, each in turn. */
	const char *profile;
	struct doc_place profile_at;
	struct scenario_pair sets[SCENARIO_SETS], memory[SCENARIO_SETS];
	size_t n_sets, n_memory;
	/* both, in the form for profile_load(), after those of the own modem */
	struct kv kv[4 * SCENARIO_SETS];
	size_t n_kv;
	uint64_t seed;
	bool echo, warm;
	struct fault_rule rules[FAULT_RULES];
	struct fault_list faults; /* of rules[] */
	unsigned ports; /* set of 1 << enum modem_port that steps name, beside UART1 */
};

/* All modems of a scenario: its own is number 0. */
size_t scenario_modems(const struct scenario *s);
const struct scenario_modem *scenario_modem_at(const struct scenario *s, size_t i);

/* The numbers of modem i with this profile: those of --count, for its place. */
struct unit_numbers scenario_numbers(
	const struct scenario *s, size_t i, const struct profile *p);

/* The modems of the scenario, each with its number, not settled yet: the caller frees it. */
struct neighbours *scenario_neighbours(const struct scenario *s,
	const struct profile *const *p, void (*wake)(void *ctx), void *ctx);

/* Whether all modems, each with its profile, have different phone numbers; false, with an
 * error that names both. */
bool scenario_numbers_differ(
	const struct scenario *s, const struct profile *const *p, struct doc_errors *e);
