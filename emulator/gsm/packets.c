#include "gsm/packets.h"

#include <string.h>

#include "codec/ip.h"

#define DNS_PORT 53
#define AGAIN    MS(10) /* while the modem has no room */

const struct name packets_fates[] = {
	{ PACKETS_PASS, "usual", "packets pass" },
	{ PACKETS_STALLED, "stalled", "all are lost: connected, but nothing flows" },
	{ PACKETS_RESETS, "resets",
		"each TCP segment of the host is answered by a reset" },
	{ 0, NULL, NULL },
};

static bool carries_dns(const struct ip *ip, enum packets_way way)
{
	return ip->protocol == IP_UDP && !ip->fragment &&
	       (way == PACKETS_FROM_HOST ? ip->dport : ip->sport) == DNS_PORT;
}

/* Whether the packet ends here. */
static bool is_lost(
	struct packets *p, enum packets_way way, const void *packet, size_t len)
{
	const struct packets_trouble *t = &p->trouble;
	uint8_t reset[64];
	struct ip ip;
	size_t n;

	if (t->fate == PACKETS_STALLED || len > PACKETS_MAX)
		return true;
	if (t->loss && rand_below(p->rand, 100) < (uint32_t)t->loss)
		return true;
	if ((!t->no_dns && t->fate != PACKETS_RESETS) || !ip_read(packet, len, &ip))
		return false;
	if (t->no_dns && carries_dns(&ip, way))
		return true;
	if (t->fate != PACKETS_RESETS || ip.protocol != IP_TCP)
		return false;
	n = way == PACKETS_FROM_HOST ? ip_make_reset(reset, sizeof(reset), &ip) : 0;
	if (n)
		p->pass(p->ctx, PACKETS_TO_HOST, reset, n);
	return true;
}

/* Real time until the oldest one of a direction is there. */
static usec_t left(const struct packets *p, enum packets_way way)
{
	const struct packets_late *l = &p->memory->late[way][p->first[way]];
	usec_t due = l->at + p->trouble.delay * p->sched->speed;

	return due > p->sched->now ? (due - p->sched->now) / p->sched->speed + 1 : 0;
}

static void arm(struct packets *p)
{
	usec_t next = USEC_NEVER, one;
	enum packets_way way;

	for (way = 0; way < PACKETS_WAYS; way++)
		if (p->n[way] && (one = left(p, way)) < next)
			next = one;
	if (next != USEC_NEVER)
		timer_arm(p->sched, &p->timer, next);
}

/* Passes on what has arrived. False: the modem has no room. */
static bool arrive(struct packets *p, enum packets_way way)
{
	const struct packets_late *l;

	while (p->n[way] && !left(p, way)) {
		l = &p->memory->late[way][p->first[way]];
		if (!p->pass(p->ctx, way, l->octets, l->len))
			return false;
		p->first[way] = (p->first[way] + 1) % PACKETS_LATE;
		p->n[way]--;
	}
	return true;
}

static void on_time(void *ctx, usec_t now)
{
	struct packets *p = ctx;

	(void)now;
	arrive(p, PACKETS_FROM_HOST);
	if (arrive(p, PACKETS_TO_HOST))
		arm(p);
	else
		timer_arm(p->sched, &p->timer, AGAIN);
}

void packets_init(struct packets *p, struct packets_memory *memory, struct sched *s,
	struct rand *r,
	bool (*pass)(void *ctx, enum packets_way way, const void *packet, size_t len),
	void *ctx)
{
	*p = (struct packets){
		.memory = memory, .sched = s, .rand = r, .pass = pass, .ctx = ctx
	};
	timer_init(&p->timer, "packets on their way", TIMER_WAIT, on_time, p);
}

static void put_late(
	struct packets *p, enum packets_way way, const void *packet, size_t len)
{
	size_t i = (p->first[way] + p->n[way]++) % PACKETS_LATE;
	struct packets_late *l = &p->memory->late[way][i];

	l->at = p->sched->now;
	l->len = (uint16_t)len;
	memcpy(l->octets, packet, len);
	if (!timer_armed(&p->timer))
		arm(p);
}

bool packets_pass(struct packets *p, enum packets_way way, const void *packet, size_t len)
{
	/* one that follows late ones does not overtake them */
	bool late = p->trouble.delay || p->n[way];
	bool full = late && p->n[way] == PACKETS_LATE, judged = false;

	if (way == PACKETS_TO_HOST) {
		if (full)
			return false;
		judged = p->judged;
		p->judged = false;
	}
	if (full || (!judged && is_lost(p, way, packet, len))) {
		p->count[way].lost++;
		return true;
	}
	if (late) {
		put_late(p, way, packet, len);
	} else if (!p->pass(p->ctx, way, packet, len)) {
		/* the same one is offered again */
		p->judged = true;
		return false;
	}
	p->count[way].packets++;
	p->count[way].octets += len;
	return true;
}

void packets_clear(struct packets *p)
{
	p->n[PACKETS_FROM_HOST] = p->n[PACKETS_TO_HOST] = 0;
	p->judged = false;
	timer_stop(p->sched, &p->timer);
}

void packets_trouble(struct packets *p, const struct packets_trouble *t)
{
	p->trouble = *t;
	if (t->fate == PACKETS_STALLED)
		packets_clear(p);
	arm(p);
}
