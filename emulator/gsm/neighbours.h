/* Subscribers of the network whose modems are beside this one: how its service centre
 * hands them messages, and its exchange calls. Plain data, and callbacks that the host
 * has.
 *
 * A message has one name in the whole world: (sender, ref). The sender's service centre
 * sends it until it is told a final status; the receiver's takes it once, however often
 * it comes, and tells the status again each time. So an exchange between them may lose a
 * message, deliver it many times, late or in another order, and forget what it had: the
 * message still arrives once. With a memory for records (struct nv_ops) this holds over
 * the end of the program, kill -9 included. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"
#include "codec/address.h"
#include "codec/tpdu.h"
#include "state/calls_conf.h"

/* How many messages a sender may have without a final status. */
#define SMS_POST_OPEN 32

/* The name of a message. */
struct sms_name {
	uint64_t sender, ref;
};

/* A message for a neighbour. */
struct sms_post {
	/* The sending unit, from neighbour_ports.life() or its record; not 0. */
	uint64_t sender;
	/* Of the message; not 0. A sender counts upwards and never uses one twice. */
	uint64_t ref;
	/* The refs of this sender's messages, for any receiver, that have no final
	 * status, in ascending order, with `ref` itself: a receiver forgets all other
	 * refs up to the last of them. n_open 0: only `ref` is open. */
	uint64_t open[SMS_POST_OPEN];
	unsigned n_open;
	struct address to;     /* as the sender wrote it */
	struct address centre; /* the sender's service centre */
	struct tpdu t;         /* the DELIVER (23.040 clause 9.2.2.1): OA is the sender's
				  number, user data is as submitted */
	usec_t left;           /* of its validity, in virtual time; USEC_NEVER: no end */
};

/* A status beside TP-ST (23.040 clause 9.2.3.15): the neighbour's centre has no room for
 * the message now. It is not final. */
#define SMS_POST_NO_ROOM (-1)

/* What a receiver does with a message. */
enum sms_taken {
	SMS_NO_ROOM, /* or it could not be stored: SMS_POST_NO_ROOM is the status, or the
			exchange keeps it and tries later */
	SMS_TAKEN,   /* and in the record, if there is a memory for one; done() follows */
	SMS_REPEATED, /* it was taken before; if it is at its end, done() was called again
			 from within the call, except for a late copy of one that is no
			 longer open: its sender knows the end */
};

/* ---- calls ------------------------------------------------------------------------- */

#define CALL_NUMBER 64 /* bytes of a number, with its + and the zero */

/* The name of a call: who has set it up, and that unit's number for it. A unit counts
 * upwards and uses no number twice while it lives; one that is made anew is another
 * unit. */
struct call_key {
	/* As the exchange names units; 0: the modem that says or hears it. */
	uint64_t unit;
	uint64_t ref; /* not 0 */
};

static inline bool call_key_equal(const struct call_key *a, const struct call_key *b)
{
	return a->unit == b->unit && a->ref == b->ref;
}

/* A call as one of its two modems reaches the other. */
struct call_line {
	struct call_key key;
	/* The other unit; 0: not known yet, the one with number `called`. */
	uint64_t peer;
};

/* What the networks of two modems tell each other about a call.
 *
 *   caller                                  called
 *     SETUP -------------------------------->  may it ring?
 *     <------------------------------ ALERTING  it rings, or waits
 *     <------------------------------ ANSWERED  both are connected; data: both train
 *     <-- HELD, RETRIEVED, CONFERENCE, TONE -->
 *     <--------------- RELEASED --------------> at any time; there is no answer
 *
 *     <----------------------------- FORWARDED  instead of ALERTING, or after it: the
 *                                               caller's network calls that number
 *     <-- TRANSFERRED --                        (either) the other end is now another
 *     -- ENQUIRY -->  <-- THERE --              whether the other side still has it
 *
 * A modem answers a signal of a call that it does not have with RELEASED, except RELEASED
 * itself. So a signal that comes late or twice, or crosses another, leaves no call with
 * one end. */
enum call_signal_kind {
	CALL_SIGNAL_SETUP = 1,
	CALL_SIGNAL_ALERTING,
	CALL_SIGNAL_ANSWERED,
	CALL_SIGNAL_RELEASED,
	CALL_SIGNAL_FORWARDED,
	CALL_SIGNAL_HELD,
	CALL_SIGNAL_RETRIEVED,
	CALL_SIGNAL_CONFERENCE,
	CALL_SIGNAL_TONE,
	CALL_SIGNAL_TRANSFERRED,
	CALL_SIGNAL_ENQUIRY,
	CALL_SIGNAL_THERE,
};
extern const struct name call_signal_names[];

/* Fields that a kind does not name are zero. All that a modem hears is in range, and its
 * texts end with a zero: the exchange checks what comes from elsewhere. */
struct call_signal {
	enum call_signal_kind kind;
	struct call_line line;    /* said: to; heard: from `peer` */
	char called[CALL_NUMBER]; /* each signal to a peer that is not known yet */

	/* SETUP */
	char caller[CALL_NUMBER]; /* "": it has none */
	bool hidden;              /* the caller's number is not to be shown */
	enum call_bearer bearer;
	int speed;   /* data, fax: the caller's +CBST speed (data.md) ... */
	int element; /* ... and connection element: 0 transparent */
	int group;   /* closed user group, GROUP_NONE for none */
	bool group_only;
	int forwards; /* how often the call was forwarded so far */

	/* SETUP: how it was forwarded to the called number; FORWARDED: how it is now */
	enum call_detour detour;
	/* ANSWERED: the number that has answered; FORWARDED: to which; with + if
	 * international */
	char number[CALL_NUMBER];

	bool waits;             /* ALERTING: it waits during another call */
	int cause;              /* RELEASED: enum call_cause */
	char tone;              /* TONE: 0-9 * # A-D */
	struct call_line other; /* TRANSFERRED: how the new other end is reached */
};

/* ---- callbacks --------------------------------------------------------------------- */

/* The callbacks may only enqueue. */
struct neighbour_ports {
	void *ctx;
	/* Whether a neighbour has this number. NULL: there are no neighbours. */
	bool (*has)(void *ctx, const struct address *number);
	/* The way to that number, which no modem nearby has, is broken now, so that nobody
	 * knows whether it exists. May be NULL: it never is. */
	bool (*away)(void *ctx, const struct address *number);
	/* A message goes out; modem_sms_sent() follows, after any time. Called again for
	 * the same message when its modem starts from its records, after
	 * SMS_POST_NO_ROOM, and each network.sms.retry: an exchange that still has it
	 * may drop the repeat. */
	void (*send)(void *ctx, const struct sms_post *p);
	/* A message of modem_sms_deliver() has its final status: TP-ST, 0 if the modem
	 * has it. It is in the record (if there is one); it is told again for each
	 * repeat. */
	void (*done)(void *ctx, uint64_t sender, uint64_t ref, int status);
	/* A name for this modem as a sender: a number that no sender in the world has
	 * had, not 0. Asked when the first message goes out, and no record names the
	 * sender. */
	uint64_t (*life)(void *ctx);
	/* A signal for a neighbour, copied; it comes to modem_call_signal() there, and those
	 * of one modem to another in their order. NULL: calls go to no neighbour. */
	void (*call)(void *ctx, const struct call_signal *s);
	/* Octets of a data call: as room and tx of struct far_ports. They come to
	 * modem_far_rx() there before a RELEASED that was said after them. */
	size_t (*room)(void *ctx, const struct call_line *to);
	void (*tx)(void *ctx, const struct call_line *to, const void *buf, size_t len);
	/* How often a connected call asks whether the other side still has it: for an
	 * exchange that may lose signals. 0: never. */
	usec_t enquires;
};
