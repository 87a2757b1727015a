/* The character set of the TE: +CSCS selects it; for phonebooks only +WPCS counts, which
 * by default shows names as they are on the SIM (general.md +CSCS, +WPCS; GDW-11 p. 8, 9,
 * 63). */
#pragma once

#include "at/at.h"
#include "codec/charset.h"

struct te_text {
	struct charset cs;
};

void te_text(const struct modem *m, struct te_text *t);
void te_text_phonebook(const struct modem *m, struct te_text *t);
