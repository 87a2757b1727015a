/* A far end of a data call that answers what it hears: `talk` of a number in the profile.
 * No row is a pattern: it is answered when exactly its bytes have come. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/sched.h"
#include "base/usec.h"
#include "state/calls_conf.h"

#define TALK_WAITING 16 /* answers that wait; what is heard then gets none */

struct channel;

struct far_talk {
	char heard[TALK_HEARS]; /* the newest bytes that no row has taken */
	size_t n;
	struct far_talk_answer {
		const struct talk_row *row;
		usec_t due;
	} answer[TALK_WAITING];
	size_t first, waiting;
	struct timer timer; /* the next of them */
};

void far_talk_init(struct channel *ch);

/* The call is online, at first and again: answers that are due are given. */
void far_talk_resume(struct channel *ch);

/* Bytes from the host. */
void far_talk_heard(struct channel *ch, const unsigned char *p, size_t len);

/* The call has ended. */
void far_talk_stop(struct channel *ch);
