/* The SIM toolkit, between gsm/toolkit.h and the language. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "gsm/toolkit.h"

struct modem;

/* Callbacks of the toolkit; ctx is struct modem. */
void stk_event(void *ctx, int command);
enum toolkit_doer stk_begin(void *ctx, const struct toolkit_step *s);

/* A new value of +STSF: for how long answers are awaited. */
void stk_set_time(struct modem *m);

/* Line i of the answer of AT+STGI=<command>; an empty one is not sent. False after the
 * last. */
bool stk_line(struct modem *m, int command, size_t i, struct buf *out);

/* The typed text as UTF-8; false when it is invalid in the host's character set. */
bool stk_typed(struct modem *m, const char *text, size_t len, bool ucs2, struct buf *out);
