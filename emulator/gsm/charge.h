/* Advice of charge (22.024, 27.007 clauses 8.16 to 8.18): the meter of the present call,
 * the SIM's accumulated meter with its limit, and the price of a unit. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sched.h"
#include "state/profile.h"

#define CHARGE_MAX      0xffffffu /* three octets */
#define CHARGE_CURRENCY 3
#define CHARGE_PRICE    11 /* characters of "0.82" */

enum charge_event {
	CHARGE_EVENT_METER, /* both meters have changed */
	CHARGE_EVENT_LIMIT, /* the accumulated one is full: calls end (cause 68) */
};

struct charge {
	const struct services_conf *conf;
	struct sched *sched;
	/* on the SIM */
	uint32_t accumulated, limit; /* units; limit 0: none */
	char currency[CHARGE_CURRENCY + 1];
	char price[CHARGE_PRICE + 1]; /* decimal text, as entered */
	/* of the present or last call */
	uint32_t meter;
	struct timer tick;
	void (*event)(void *ctx, enum charge_event e);
	void *ctx;
};

void charge_init(struct charge *c, const struct services_conf *conf, struct sched *s,
	void (*event)(void *ctx, enum charge_event e), void *ctx);

/* An outgoing call is answered: the first unit counts 10 ms later, after the OK, so that
 * event() may end the call. */
void charge_start(struct charge *c);

/* The call has ended. */
void charge_stop(struct charge *c);

bool charge_running(const struct charge *c);

/* False: the limit is reached, and calls that cost units are refused (cause 68). */
bool charge_allows(const struct charge *c);

/* A price as in EF-PUCT: currency, and a number times a power of ten (GSM 11.11 clause
 * 10.3.11). False: the text is not a price, or its digits need more than 12 bits. */
bool charge_puct(const char *currency, const char *price, uint8_t out[5]);
