/* IP packets on their way between the modem and what lies beyond the network, and what
 * goes wrong there. Nothing does unless an action says so; then the packets themselves
 * are lost, late or reset, the same ones for the same seed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/rand.h"
#include "base/sched.h"

#define PACKETS_MAX  1500 /* octets; longer ones are lost */
#define PACKETS_LATE 16   /* of each direction on their way at a time */

enum packets_way {
	PACKETS_FROM_HOST,
	PACKETS_TO_HOST,
	PACKETS_WAYS,
};

enum packets_fate {
	PACKETS_PASS,
	PACKETS_STALLED, /* all are lost, and nobody says so */
	PACKETS_RESETS,  /* each TCP segment of the host is answered by a reset */
};
extern const struct name packets_fates[];

/* What an action sets, as a whole. */
struct packets_trouble {
	int fate;     /* enum packets_fate */
	int loss;     /* per 100, in each direction */
	usec_t delay; /* of each packet in each direction, in real time; 0: none */
	bool no_dns;  /* questions to name servers and their answers are lost */
};

/* Packets that are late: written only when there are any. */
struct packets_memory {
	struct packets_late {
		usec_t at; /* when it came */
		uint16_t len;
		uint8_t octets[PACKETS_MAX];
	} late[PACKETS_WAYS][PACKETS_LATE];
};

struct packets {
	struct packets_trouble trouble;
	struct sched *sched;
	struct rand *rand;
	struct packets_memory *memory;
	size_t first[PACKETS_WAYS], n[PACKETS_WAYS];
	bool judged;        /* the packet to the host that had no room is not lost */
	struct timer timer; /* until the next late one is there */
	/* Passes one on. False: the modem has no room for it now (to the host only). */
	bool (*pass)(void *ctx, enum packets_way way, const void *packet, size_t len);
	void *ctx;
	struct {
		uint64_t packets, octets, lost;
	} count[PACKETS_WAYS];
};

/* No trouble. memory is all zero; pass() must not call back. */
void packets_init(struct packets *p, struct packets_memory *memory, struct sched *s,
	struct rand *r,
	bool (*pass)(void *ctx, enum packets_way way, const void *packet, size_t len),
	void *ctx);

/* A packet begins its way. False: to be offered again later (to the host only). */
bool packets_pass(
	struct packets *p, enum packets_way way, const void *packet, size_t len);

/* The session has ended: packets on their way are lost. */
void packets_clear(struct packets *p);

/* From now on; packets on their way arrive, unless all are lost from now on. */
void packets_trouble(struct packets *p, const struct packets_trouble *t);
