/* Far ends of data calls outside of the modem (struct far_ports): asking for them, and what
 * comes from them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "state/ports.h"

struct call;
struct modem;

/* For struct calls. */
bool far_end_reach(void *modem, const struct call *c);
void far_end_leave(void *modem, const struct call *c);

/* Whether a GPRS session keeps data calls away, in both directions (inferred). */
bool far_end_engaged(void *modem);

/* Of modem.h. */
void far_end_closed(struct modem *m, int id, enum far_ending why);
int far_end_call(struct modem *m, const char *number);
enum far_call far_end_state(const struct modem *m, int id);
size_t far_end_room(const struct modem *m, int id);
void far_end_rx(struct modem *m, int id, const void *buf, size_t len);
