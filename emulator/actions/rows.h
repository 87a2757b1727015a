/* The tables of actions, one per subject, for action.c and for writing rows. */
#pragma once

#include "actions/action.h"
#include "conf/schema.h"

/* The offset and size of a member of a struct of arguments, for its schema_field. */
#define ARG(s, m) SCHEMA_AT(struct s, m)

/* Each ends with a row without a name. */
extern const struct action_row actions_power[];
extern const struct action_row actions_sim[];
extern const struct action_row actions_net[];
extern const struct action_row actions_packets[];
extern const struct action_row actions_call[];
extern const struct action_row actions_hardware[];
extern const struct action_row actions_line[];
extern const struct action_row actions_flash[];
extern const struct action_row actions_pins[];
extern const struct action_row actions_sms[];
extern const struct action_row actions_stk[];
extern const struct action_row actions_fault[];
