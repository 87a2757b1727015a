/* Which cell broadcast pages the host has asked for (+CSCB). */
#pragma once

#include "state/sms_state.h"

/* "0-3,17": numbers and ranges up to max; an empty one is a list too. */
bool sms_list_valid(const char *text, size_t len, long max);

/* Whether a page is accepted: of a listed identifier, and of a listed coding scheme; a
 * list that is empty allows all, two empty lists nothing. Inferred. */
bool sms_pages_wanted(const struct sms_params *p, int mid, int dcs);
