/* Pins and interrupt lines, which the world outside pulls; ports that are opened and
 * closed. */
#pragma once

#include <stdbool.h>

#include "state/port_map.h"

struct channel;
struct modem;

/* At power-on and reset: outputs take their initial level. */
void at_pins_boot(struct modem *m);

/* Drives an input from outside, high or low; number as in AT+WIOR. Returns false if there
 * is no pin with that number. */
bool at_drive_pin(struct modem *m, int number, bool high);

/* An edge on interrupt line 0 or 1. */
void at_interrupt(struct modem *m, int line, bool high);

/* Something of the host's runs there: a command, a data call, PPP, a download. */
bool port_in_use(const struct channel *ch);

/* The channel where data of this kind flow now, NULL: nowhere. */
struct channel *port_with_data(const struct modem *m, enum port_data data);

/* Closes or opens the port as AT+WMFM has it, once nothing runs there and its output has
 * left: afterwards a new conversation can begin. */
void ports_settle(struct channel *ch);
