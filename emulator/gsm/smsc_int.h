/* Shared by the files of the service centre: its queue, its recipients, and messages of
 * neighbours. */
#pragma once

#include "gsm/smsc.h"

#define ST_EXPIRED 0x46 /* 23.040 clause 9.2.3.15 */

/* A new item, due after `delay`; NULL (logged) when there are SMSC_ITEMS already. */
struct smsc_item *smsc_add(struct smsc *s, usec_t delay);

/* Sets the timers after the queue has changed. */
void smsc_schedule(struct smsc *s);

/* The service centre's time, as TP-SCTS has it. */
void smsc_stamp(const struct smsc *s, uint8_t out[TIMESTAMP_OCTETS]);
void smsc_stamp_at(const struct smsc *s, usec_t at, uint8_t out[TIMESTAMP_OCTETS]);

/* A message for the modem, after `delay`; sc NULL: from this centre. False: no room. */
bool smsc_queue(
	struct smsc *s, const struct address *sc, const struct tpdu *t, usec_t delay);

/* A recipient has got an item: it sends it back, or replies, as its behaviour says. */
void smsc_reply(struct smsc *s, const struct smsc_item *it);

/* The outcome of a message, TP-ST, is known: tells the outbox, the neighbour that sent
 * it, and by a status report the modem. *it is no longer in the queue. */
void smsc_settle(struct smsc *s, const struct smsc_item *it, uint8_t status);

/* Whether a neighbour has that number. Whether one more message for a neighbour, or for an
 * outside service centre, can be kept; for other numbers there is room. */
bool smsc_is_neighbour(const struct smsc *s, const struct address *a);
/* The way to other modems is broken, and it may be the number of one: it is not
 * `listed` in the network's YAML. */
bool smsc_is_cut_off(const struct smsc *s, const struct address *a, bool listed);
bool smsc_has_room(const struct smsc *s, const struct address *to);

/* The item becomes a message for a neighbour, or for an outside service centre. */
void smsc_address(struct smsc *s, struct smsc_item *it);

/* The item leaves the queue: its outcome, TP-ST, is known. */
void smsc_finish(struct smsc *s, struct smsc_item *it, uint8_t status);

/* Stores what has changed; false, if that fails: it will be tried again. */
bool smsc_keep(struct smsc *s, enum smsc_record which, bool changed);

/* A neighbour's message has come to its end: TP-ST. *it is no longer in the queue. */
void smsc_came_to_end(struct smsc *s, const struct smsc_item *it, uint8_t status);

/* Whether it may be delivered: not before an earlier change of its record is stored. */
bool smsc_may_deliver(struct smsc *s, const struct smsc_item *it);

/* Hands an outbound item to the neighbour, also again. */
void smsc_hand_over(struct smsc *s, struct smsc_item *it);

/* Hands over again what neighbours have told nothing about, and stores records that could
 * not be stored before. */
void smsc_repeat(struct smsc *s);

/* Whether an outside program is the service centre; and whether a message is for it. */
bool smsc_outside(const struct smsc *s);
bool smsc_for_outside(const struct smsc *s, const struct smsc_item *it);

/* Asks that program what becomes of the message. */
void smsc_ask(struct smsc *s, struct smsc_item *it);
