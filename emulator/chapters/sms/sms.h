/* Which cell broadcast pages the host has asked for (+CSCB). */
#pragma once

#include "state/sms_state.h"

/* Whether the text is a list of numbers and ranges up to max, "0-3,17", or empty. */
bool sms_list_valid(const char *text, size_t len, long max);

/* Whether a page is accepted: its identifier and its coding scheme must be listed. An
 * empty list allows all, two empty lists allow nothing (inferred). */
bool sms_pages_wanted(const struct sms_params *p, int mid, int dcs);
