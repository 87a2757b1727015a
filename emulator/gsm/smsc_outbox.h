/* The outbox of the service centre: what the modem has sent, as its recipients read it.
 */
#pragma once

#include "gsm/smsc.h"

/* Takes a SUBMIT over: as a new message, or as one more part of one that is there. */
struct smsc_sent *smsc_outbox_add(struct smsc *s, const struct tpdu *t);

/* The message of that number, NULL if newer ones have taken its place. */
struct smsc_sent *smsc_outbox_find(struct smsc *s, uint32_t id);
