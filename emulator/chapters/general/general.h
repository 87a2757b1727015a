/* The identity of the modem, for other files and chapters. */
#pragma once

#include "at/at.h"

void at_info_manufacturer(struct channel *ch);
void at_info_product(struct channel *ch);
void at_info_revision(struct channel *ch);
int run_capabilities(struct channel *ch, struct at_call *c);
