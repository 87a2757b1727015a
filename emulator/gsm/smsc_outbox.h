/* The outbox of the service centre: what the modem has sent, as its recipients read it.
 */
#pragma once

#include "gsm/smsc.h"

/* Adds a SUBMIT: as a new message, or as one more part of an existing one. */
struct smsc_sent *smsc_outbox_add(struct smsc *s, const struct tpdu *t);

/* The message of that id, NULL if newer ones have replaced it. */
struct smsc_sent *smsc_outbox_find(struct smsc *s, uint32_t id);
