/* Faults between state/fault.h and the language: what rules do to lines, answers and
 * prompts. */
#pragma once

#include "at/at.h"
#include "state/fault.h"

/* Does what a rule does once; see struct faults. */
void at_fault_perform(struct modem *m, const struct fault_rule *r);

/* True when a silence swallows this byte from the DTE. */
bool at_fault_deaf(struct modem *m, unsigned char byte);

/* The running command is about to begin: looks for a rule that answers for it, and gives
 * how much longer it takes. */
usec_t at_fault_command(struct modem *m, const struct at_call *c);

/* Says what the rule has before all else; true when the command is not to be carried out,
 * and *result is its result. */
bool at_fault_instead(struct modem *m, int *result);

/* What becomes of the result of the running command. */
int at_fault_result(struct modem *m, int result);

/* A byte from the DTE is taken in. */
void at_fault_byte(struct modem *m, unsigned char byte);

/* Something happens to the running command at this place. */
void at_fault_here(struct modem *m, enum fault_place place, const char *text);

/* True when the prompt does not come now; it comes later, or never. */
bool at_fault_prompt(struct modem *m);

/* True when a rule lets a URC through although the gate is shut. */
bool at_fault_gate(const struct modem *m);

/* True when a rule forbids this URC. */
bool at_fault_hushes(struct modem *m, const char *text);
