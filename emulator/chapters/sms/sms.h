/* Which cell broadcast pages the host has asked for (+CSCB). */
#pragma once

#include "state/sms_state.h"

/* Whether a page is accepted: its identifier and its coding scheme must be listed. An
 * empty list allows all, two empty lists allow nothing (inferred). */
bool sms_pages_wanted(const struct sms_params *p, int mid, int dcs);
