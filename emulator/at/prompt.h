/* Text that a command asks for (27.005 clauses 3.5.1 and 4.3): the prompt, what is typed
 * at it, Ctrl-Z and ESC. */
#pragma once

#include "at/at.h"

#define AT_TEXT_MAX 2048

/* Opens the prompt of the running command, whose handler then returns AT_PENDING. more()
 * is called with AT_WHY_TEXT at Ctrl-Z, with AT_WHY_ABORT at ESC, when the host goes or
 * loses the profile's patience.
 * lines: a CR belongs to the text and is answered by a new prompt; else it is passed
 * over. */
void at_prompt(struct modem *m, bool lines);

/* What was typed; NULL when it was longer than AT_TEXT_MAX. */
const char *at_prompt_text(const struct modem *m, size_t *len);

void at_prompt_init(struct modem *m);
bool at_prompt_open(const struct modem *m);
void at_prompt_rx(struct modem *m, unsigned char byte);
void at_prompt_close(struct modem *m);
