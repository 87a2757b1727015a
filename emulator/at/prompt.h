/* Text that a command asks for (27.005 clauses 3.5.1 and 4.3): the prompt, the typed
 * text, Ctrl-Z and ESC. */
#pragma once

#include "at/at.h"

#define AT_TEXT_MAX 2048

/* Opens the prompt of the running command, whose handler then returns AT_PENDING. more()
 * is called with AT_WHY_TEXT at Ctrl-Z, with AT_WHY_ABORT at ESC, when the host hangs up,
 * or after the profile's prompt timeout.
 * lines: a CR is part of the text and is answered with a new prompt; otherwise it is
 * ignored. */
void at_prompt(struct channel *ch, bool lines);

/* The typed text; NULL when it was longer than AT_TEXT_MAX. */
const char *at_prompt_text(const struct channel *ch, size_t *len);

void at_prompt_init(struct channel *ch);
void at_prompt_rx(struct channel *ch, unsigned char byte);
