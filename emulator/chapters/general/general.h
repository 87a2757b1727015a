/* The identity of the modem, for other files and chapters. */
#pragma once

#include "at/at.h"

void at_info_manufacturer(struct modem *m);
void at_info_model(struct modem *m);
void at_info_product(struct modem *m);
void at_info_revision(struct modem *m);
int run_capabilities(struct modem *m, struct at_call *c);
