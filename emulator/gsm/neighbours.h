/* Subscribers of the network whose modems are beside this one: how its service centre
 * hands them messages. Plain data, and callbacks that the host has.
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

#include "base/usec.h"
#include "codec/address.h"
#include "codec/tpdu.h"

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
};
