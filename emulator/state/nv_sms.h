/* Records of short messages: one per store, so that a kill leaves the store as it was
 * before or after a change. Called by nv.c. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "state/record.h"

struct modem;

void nv_put_sms(const struct modem *m, struct buf *b);
bool nv_take_sms(struct modem *m, const struct record *r);
void nv_put_sms_sm(const struct modem *m, struct buf *b);
bool nv_take_sms_sm(struct modem *m, const struct record *r);
void nv_clear_sms_sm(struct modem *m);
void nv_put_sms_me(const struct modem *m, struct buf *b);
bool nv_take_sms_me(struct modem *m, const struct record *r);
void nv_clear_sms_me(struct modem *m);
void nv_put_sms_sr(const struct modem *m, struct buf *b);
bool nv_take_sms_sr(struct modem *m, const struct record *r);
