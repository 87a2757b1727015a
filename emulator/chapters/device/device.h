/* Pins and interrupt lines, which the world outside pulls. */
#pragma once

#include <stdbool.h>

struct modem;

/* At power-on and reset: outputs take their initial level. */
void at_pins_boot(struct modem *m);

/* Drives an input from outside, high or low; number as in AT+WIOR. Returns false if there
 * is no pin with that number. */
bool at_drive_pin(struct modem *m, int number, bool high);

/* An edge on interrupt line 0 or 1. */
void at_interrupt(struct modem *m, int line, bool high);
