/* The records of the service centre: messages to and from neighbours that are under way.
 * A memory has them only when there were such messages. Called by nv.c. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "gsm/neighbours.h"
#include "state/record.h"

struct modem;

/* The value "sender ref" of a line: false if it is not one. */
bool nv_take_name(const struct record *r, struct sms_name *out);

void nv_put_sms_out(const struct modem *m, struct buf *b);
bool nv_take_sms_out(struct modem *m, const struct record *r);
void nv_clear_sms_out(struct modem *m);
void nv_put_sms_in(const struct modem *m, struct buf *b);
bool nv_take_sms_in(struct modem *m, const struct record *r);
void nv_clear_sms_in(struct modem *m);
