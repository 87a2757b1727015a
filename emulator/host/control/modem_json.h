/* A modem as JSON, as the control interface and libfauxtrack show it. The caller owns the
 * references that are returned. */
#pragma once

#include <jansson.h>

#include "modem.h"

/* A text of any bytes: if it is not UTF-8, it is shown as in a trace. */
json_t *modem_json_text(const char *text, size_t len);

/* The whole state, an object. Read-only: no time passes. */
json_t *modem_json_state(const struct modem *m, usec_t now);

/* What a notice says: at, event, text, value; port, complaint and file only if it has them. */
json_t *modem_json_notice(const struct notice *n);

/* The list of the messages that the modem has sent, the oldest first. */
json_t *modem_json_outbox(const struct modem *m);
