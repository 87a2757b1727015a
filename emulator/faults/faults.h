/* Faults between state/fault.h and the language: what rules do to lines, answers and
 * prompts. */
#pragma once

#include "at/at.h"
#include "state/fault.h"

/* Does what a rule does once; see struct faults. */
bool at_fault_perform(struct modem *m, const struct fault_rule *r);

/* True when a silence swallows this byte from the DTE. */
bool at_fault_deaf(struct modem *m, unsigned char byte);

/* The running command is about to begin: looks for a rule that answers for it, and gives
 * how much longer it takes. What a command with a prompt takes longer begins when its
 * text has come, see at_fault_text(). */
usec_t at_fault_command(struct modem *m, const struct at_call *c);

/* Ctrl-Z has ended the text of the running command: looks for a rule that was started by
 * that text, and gives how long what follows waits. */
usec_t at_fault_text(struct modem *m);

/* How long the final result of the running command waits, 0 the second time. */
usec_t at_fault_result_waits(struct modem *m);

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

/* A URC goes out: counts the rules that let it through, if it wants any. */
void at_fault_gate_used(struct modem *m);

/* True when a rule forbids this URC. */
bool at_fault_hushes(struct modem *m, const char *text);
