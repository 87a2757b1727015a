/* Subscribers of the network whose modems are beside this one: how its service centre
 * hands them messages. Plain data, and callbacks that the host has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "codec/address.h"
#include "codec/tpdu.h"

/* A message for a neighbour. */
struct sms_post {
	uint64_t ref;          /* of the sender's service centre; not 0 */
	struct address to;     /* as the sender wrote it */
	struct address centre; /* the sender's service centre */
	struct tpdu t;         /* the DELIVER (23.040 clause 9.2.2.1): OA is the sender's
				  number, user data is as submitted */
	usec_t left;           /* of its validity, in virtual time; USEC_NEVER: no end */
};

/* A status beside TP-ST (23.040 clause 9.2.3.15): the neighbour's centre has no room for
 * the message now. */
#define SMS_POST_NO_ROOM (-1)

/* The callbacks may only enqueue. */
struct neighbour_ports {
	void *ctx;
	/* Whether a neighbour has this number. NULL: there are no neighbours. */
	bool (*has)(void *ctx, const struct address *number);
	/* A message goes out; modem_sms_sent() follows, after any time. */
	void (*send)(void *ctx, const struct sms_post *p);
	/* A message of modem_sms_deliver() has come to its end: TP-ST, 0 if the modem has
	 * it. */
	void (*done)(void *ctx, uint64_t ref, int status);
};
