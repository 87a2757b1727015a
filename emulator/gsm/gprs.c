/* Attach.
 *
 *             gprs_attach       attach_time       0.1 s            1 s
 *   DETACHED ------------> ATTACHING ------> (settled) --> UPDATING --> ATTACHED
 *      ^                       | refused                      |            |
 *      |                       v                              |            |
 *      |<------------------- DENIED                           |            |
 *      +------ gprs_detach, network lost, gprs_stop ----------+------------+
 *
 * It counts as attached from the moment it is settled. The states of +CGREG follow the
 * OK of +CGATT, as in a field transcript. */
#include "gsm/gprs.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <nettle/md5.h>

#define TOLD_FIRST  MS(100)
#define TOLD_SECOND SEC(1)

const struct fsm_state gprs_states[] = {
	[GPRS_DETACHED] = { "detached", FSM_TO(GPRS_ATTACHING) },
	[GPRS_ATTACHING] = { "attaching",
		FSM_TO(GPRS_DETACHED) | FSM_TO(GPRS_UPDATING) | FSM_TO(GPRS_DENIED) },
	[GPRS_UPDATING] = { "updating", FSM_TO(GPRS_DETACHED) | FSM_TO(GPRS_ATTACHED) },
	[GPRS_ATTACHED] = { "attached", FSM_TO(GPRS_DETACHED) },
	[GPRS_DENIED] = { "denied", FSM_TO(GPRS_DETACHED) | FSM_TO(GPRS_ATTACHING) },
	[GPRS_DENIED + 1] = { NULL, 0 },
};

static enum gprs_state state(const struct gprs *g)
{
	return (enum gprs_state)g->fsm.state;
}

static void settle(struct gprs *g, int error)
{
	g->error = error;
	g->busy = false;
	g->wanted = 0;
	g->login = NULL;
	g->event(g->ctx, GPRS_EVENT_SETTLED, 0);
}

static void become(struct gprs *g, enum gprs_state to)
{
	int stat = gprs_stat(g);

	fsm_go(&g->fsm, g->log, to);
	if (gprs_stat(g) != stat)
		g->event(g->ctx, GPRS_EVENT_STAT, 0);
}

/* ---- contexts --------------------------------------------------------------------- */

struct gprs_context *gprs_context(struct gprs *g, int cid)
{
	assert(cid >= 1 && cid <= GPRS_CONTEXTS);
	return &g->context[cid - 1];
}

unsigned gprs_defined(const struct gprs *g)
{
	unsigned set = 0;
	int cid;

	for (cid = 1; cid <= GPRS_CONTEXTS; cid++)
		if (g->context[cid - 1].defined)
			set |= GPRS_CID(cid);
	return set;
}

void gprs_undefine(struct gprs *g, int cid)
{
	struct gprs_context *c = gprs_context(g, cid);

	*c = (struct gprs_context){ .wanted = c->wanted, .minimum = c->minimum };
}

/* The first context has the profile's address, further ones the addresses after it. */
void gprs_address(const struct gprs *g, int cid, char out[GPRS_ADDR_MAX + 1])
{
	const struct gprs_context *c = &g->context[cid - 1];
	const char *base = g->world->address;
	const char *dot = strrchr(base, '.');
	int last = 0;

	out[0] = '\0';
	if (c->address[0]) {
		strcpy(out, c->address);
		return;
	}
	if (!c->active || !dot)
		return;
	for (dot++; isdigit((unsigned char)*dot) && last < 256; dot++)
		last = last * 10 + (*dot - '0');
	snprintf(out, GPRS_ADDR_MAX + 1, "%.*s.%d", (int)(strrchr(base, '.') - base),
		base, (last + cid - 1) % 256);
}

static bool knows_apn(const struct gprs *g, const char *apn)
{
	size_t i;

	for (i = 0; i < g->world->n_apns; i++)
		if (!strcmp(g->world->apns[i], apn))
			return true;
	/* an empty name means the subscription's default */
	return !g->world->n_apns || !apn[0];
}

bool gprs_apn_unknown(const struct gprs *g, int cid)
{
	return !knows_apn(g, g->context[cid - 1].apn);
}

/* RFC 1994 clause 4.1 */
static bool response_right(const struct gprs_login *login, const char *password)
{
	uint8_t right[MD5_DIGEST_SIZE];
	struct md5_ctx md5;

	md5_init(&md5);
	md5_update(&md5, 1, &login->id);
	md5_update(&md5, strlen(password), (const uint8_t *)password);
	md5_update(&md5, sizeof(login->challenge), login->challenge);
	md5_digest(&md5, sizeof(right), right);
	return !memcmp(right, login->response, sizeof(right));
}

static bool login_right(const struct login_conf *wants, const struct gprs_login *login)
{
	if (!login || login->by == GPRS_LOGIN_NONE || strcmp(login->user, wants->user))
		return false;
	if (login->by == GPRS_LOGIN_PAP)
		return wants->way != LOGIN_CHAP &&
		       !strcmp(login->password, wants->password);
	return wants->way != LOGIN_PAP && response_right(login, wants->password);
}

static bool may_log_in(const struct gprs *g, const char *apn)
{
	size_t i;

	for (i = 0; i < g->world->n_logins; i++)
		if (!strcmp(g->world->logins[i].apn, apn))
			return login_right(&g->world->logins[i], g->login);
	return true;
}

static int activation(struct gprs *g)
{
	int cid;

	if (g->world->activation_error)
		return g->world->activation_error;
	for (cid = 1; cid <= GPRS_CONTEXTS; cid++) {
		if (!(g->wanted & GPRS_CID(cid)))
			continue;
		if (gprs_apn_unknown(g, cid))
			return GPRS_UNKNOWN_APN;
		if (!may_log_in(g, g->context[cid - 1].apn))
			return GPRS_LOGIN_WRONG;
		g->context[cid - 1].active = g->any_active = true;
		if (g->world->drop_after)
			timer_arm(g->sched, &g->drop, g->world->drop_after);
	}
	return GPRS_GOOD;
}

/* ---- attach ----------------------------------------------------------------------- */

static void drop_contexts(struct gprs *g, bool tell)
{
	int cid;

	timer_stop(g->sched, &g->drop);
	for (cid = 1; g->any_active && cid <= GPRS_CONTEXTS; cid++) {
		bool was = g->context[cid - 1].active;

		/* reported while it still has its address */
		if (was && tell)
			g->event(g->ctx, GPRS_EVENT_NW_DEACT, cid);
		if (was)
			g->context[cid - 1].active = false;
	}
	g->any_active = false;
}

bool gprs_drop(struct gprs *g)
{
	int cid;

	for (cid = 1; cid <= GPRS_CONTEXTS && !g->context[cid - 1].active; cid++)
		;
	if (cid > GPRS_CONTEXTS)
		return false;
	drop_contexts(g, true);
	g->event(g->ctx, GPRS_EVENT_DROPPED, 0);
	return true;
}

static void drop(void *ctx, usec_t now)
{
	(void)now;
	gprs_drop(ctx);
}

static void detached(struct gprs *g, bool by_network)
{
	bool was = gprs_attached(g);

	timer_stop(g->sched, &g->step);
	timer_stop(g->sched, &g->told);
	g->detaching = g->accepted = false;
	drop_contexts(g, by_network);
	become(g, GPRS_DETACHED);
	if (was)
		g->event(g->ctx, by_network ? GPRS_EVENT_NW_DETACH : GPRS_EVENT_ME_DETACH,
			0);
}

static void step(void *ctx, usec_t now)
{
	struct gprs *g = ctx;

	(void)now;
	if (g->detaching) {
		detached(g, false);
		settle(g, GPRS_GOOD);
		return;
	}
	if (!g->accepted) {
		if (g->world->attach_error) {
			become(g, GPRS_DENIED);
			settle(g, g->world->attach_error);
			return;
		}
		g->accepted = true;
		timer_arm(g->sched, &g->told, TOLD_FIRST);
		if (g->wanted)
			timer_arm(g->sched, &g->step, g->world->activation_time);
		else
			settle(g, GPRS_GOOD);
		return;
	}
	settle(g, activation(g));
}

static void told(void *ctx, usec_t now)
{
	struct gprs *g = ctx;

	(void)now;
	if (state(g) == GPRS_ATTACHING) {
		become(g, GPRS_UPDATING);
		timer_arm(g->sched, &g->told, TOLD_SECOND);
	} else if (state(g) == GPRS_UPDATING) {
		become(g, GPRS_ATTACHED);
	}
}

static bool begin(struct gprs *g, usec_t time)
{
	assert(!g->busy);
	g->busy = true;
	g->error = GPRS_GOOD;
	timer_arm(g->sched, &g->step, time);
	return true;
}

static bool refuse(struct gprs *g, int error)
{
	g->error = error;
	return false;
}

bool gprs_attach(struct gprs *g)
{
	g->wanted = 0;
	if (gprs_attached(g))
		return refuse(g, GPRS_GOOD);
	if (!g->registered)
		return refuse(g, GPRS_NO_SERVICE);
	become(g, GPRS_ATTACHING);
	return begin(g, g->world->attach_time);
}

bool gprs_detach(struct gprs *g)
{
	if (!gprs_attached(g)) {
		become(g, GPRS_DETACHED);
		return refuse(g, GPRS_GOOD);
	}
	g->detaching = true;
	return begin(g, g->world->detach_time);
}

static unsigned active(const struct gprs *g)
{
	unsigned set = 0;
	int cid;

	for (cid = 1; cid <= GPRS_CONTEXTS; cid++)
		if (g->context[cid - 1].active)
			set |= GPRS_CID(cid);
	return set;
}

/* The lowest member of a set, as a set. */
static unsigned first_of(unsigned set)
{
	return set & (~set + 1);
}

unsigned gprs_activatable(const struct gprs *g, unsigned cids)
{
	unsigned set = active(g);
	int cid;

	for (cid = 1; !set && cid <= GPRS_CONTEXTS; cid++)
		if (cids & GPRS_CID(cid) && knows_apn(g, g->context[cid - 1].apn))
			set = GPRS_CID(cid);
	return first_of(set ? set : cids);
}

/* GDW-11 p. 214, 223: one NSAPI. That other contexts are refused with 148 is inferred. */
bool gprs_activate(struct gprs *g, unsigned cids, const struct gprs_login *login)
{
	unsigned on = active(g);

	cids &= ~on;
	if (!cids)
		return refuse(g, GPRS_GOOD);
	if (on || cids != first_of(cids))
		return refuse(g, GPRS_UNSPECIFIED);
	if (!gprs_attached(g)) {
		if (!gprs_attach(g))
			return false;
		g->wanted = cids;
		g->login = login;
		return true;
	}
	g->wanted = cids;
	g->login = login;
	return begin(g, g->world->activation_time);
}

void gprs_cancel(struct gprs *g)
{
	if (!g->wanted)
		return;
	timer_stop(g->sched, &g->step);
	g->busy = false;
	g->wanted = 0;
	g->login = NULL;
	if (!g->accepted)
		become(g, GPRS_DETACHED);
}

void gprs_deactivate(struct gprs *g, unsigned cids)
{
	int cid;

	for (cid = 1; cid <= GPRS_CONTEXTS; cid++)
		if (cids & GPRS_CID(cid))
			g->context[cid - 1].active = false;
	if (!active(g))
		timer_stop(g->sched, &g->drop);
}

void gprs_network(struct gprs *g, bool registered, bool roaming)
{
	g->registered = registered;
	g->roaming = roaming;
	if (registered)
		return;
	if (state(g) != GPRS_DETACHED)
		detached(g, true);
	if (g->busy)
		settle(g, GPRS_NO_SERVICE);
}

/* ---- birth, and looking in -------------------------------------------------------- */

void gprs_init(struct gprs *g, struct gprs_context *context,
	const struct gprs_conf *world, struct sched *s, const struct log *l,
	void (*event)(void *ctx, enum gprs_event e, int cid), void *ctx)
{
	*g = (struct gprs){
		.context = context,
		.world = world,
		.sched = s,
		.log = l,
		.event = event,
		.ctx = ctx,
		.fsm = { "gprs", gprs_states, LOG_NET, GPRS_DETACHED },
	};
	timer_init(&g->step, "GPRS procedure", TIMER_OWN, step, g);
	timer_init(&g->drop, "context dropped by the network", TIMER_WAIT, drop, g);
	timer_init(&g->told, "routing area update", TIMER_OWN, told, g);
}

void gprs_stop(struct gprs *g)
{
	timer_stop(g->sched, &g->step);
	timer_stop(g->sched, &g->told);
	drop_contexts(g, false);
	fsm_go(&g->fsm, g->log, GPRS_DETACHED);
	g->registered = g->roaming = g->busy = g->detaching = g->accepted = false;
	g->wanted = 0;
	g->login = NULL;
	g->error = GPRS_GOOD;
}

bool gprs_attached(const struct gprs *g)
{
	return g->accepted;
}

bool gprs_busy(const struct gprs *g)
{
	return g->busy;
}

int gprs_error(const struct gprs *g)
{
	return g->error;
}

int gprs_stat(const struct gprs *g)
{
	switch (state(g)) {
	case GPRS_UPDATING:
		return 2;
	case GPRS_ATTACHED:
		return g->roaming ? 5 : 1;
	case GPRS_DENIED:
		return 3;
	case GPRS_DETACHED:
	case GPRS_ATTACHING:
		break;
	}
	return 0;
}

const char *gprs_state_name(const struct gprs *g)
{
	return fsm_name(&g->fsm);
}
