/* The character set of the TE as +CSCS, and +WPCS for phonebooks, have it (at-1 4.5,
 * 4.6). */
#pragma once

#include "at/at.h"
#include "codec/charset.h"

struct te_text {
	struct charset cs;
};

void te_text(const struct modem *m, struct te_text *t);
void te_text_phonebook(const struct modem *m, struct te_text *t);
