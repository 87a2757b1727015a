/* AT+WIPPING (wip.md +WIPPING). Nobody is really asked: the world says whether the host
 * would answer, and the modem how long that takes.
 *
 *   OK      +WIPPING: 0,0,t      +WIPPING: 0,1,t
 *   |--- t ---|---- interval ------|----
 */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "state/application.h"
#include "state/modem_state.h"

#define ANSWER_LEAST 350 /* ms, a usual time on GPRS (inferred) */
#define ANSWER_RANGE 300

static void result(void *ctx, usec_t now);

/* The time of the next answer; -1: none comes in time. */
static int draw(struct modem *m, bool found)
{
	const struct packets_trouble *t = &m->packets.trouble;
	const struct wip_ping *p = &wip_of(m)->ping;
	int time = ANSWER_LEAST + (int)rand_below(&m->rand, ANSWER_RANGE) +
		   2 * (int)(t->delay / 1000);
	bool lost = t->fate == PACKETS_STALLED ||
		    (t->loss && (int)rand_below(&m->rand, 100) < t->loss);

	return found && p->ttl && !lost && time <= p->timeout ? time : -1;
}

static void result(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	struct wip_ping *p = &wip_of(m)->ping;

	(void)now;
	if (p->time < 0)
		at_urc(m, "+WIPPING: 1,%d,0", p->number);
	else
		at_urc(m, "+WIPPING: 0,%d,%d", p->number, p->time);
	p->number++;
	if (--p->left <= 0)
		return;
	p->time = draw(m, p->found);
	timer_arm(&m->sched, &p->timer, MS(1) * (usec_t)p->interval);
}

void wip_ping_stop(struct modem *m)
{
	struct wip_ping *p = &wip_of(m)->ping;

	timer_stop(&m->sched, &p->timer);
	if (p->left)
		p->left = 0;
}

/* Reads an argument that may be left out. */
static int optional(const struct at_call *c, size_t i, int min, int max, int *value)
{
	if (!at_given(c, i))
		return AT_OK;
	if (!wip_number(&c->arg[i], value))
		return AT_ERROR;
	return *value >= min && *value <= max ? AT_OK : AT_CME(WIP_BAD_VALUE);
}

static int run_wipping(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct socket_ports *ports = &m->ports.sockets;
	struct wip_ping *p = &wip_of(m)->ping;
	int repeat = 1, interval = 2000, timeout = 2000, size = 64;
	int ttl = wip_option(m, WIP_TTL), error;
	char host[SOCKET_HOST];
	uint8_t addr[4];

	if (!at_given(c, 0) || !c->arg[0].len)
		return AT_ERROR;
	error = optional(c, 1, 1, 65535, &repeat);
	if (error == AT_OK)
		error = optional(c, 2, 1, 65535, &interval);
	if (error == AT_OK)
		error = optional(c, 3, 1, 65535, &timeout);
	if (error == AT_OK)
		error = optional(c, 4, 1, 1500, &size);
	if (error == AT_OK)
		error = optional(c, 5, 0, 255, &ttl);
	if (error == AT_OK && !wip_text(c, 0, host, sizeof(host)))
		error = AT_CME(WIP_BAD_VALUE);
	if (error != AT_OK)
		return error;
	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	if (wip_sim(m) != AT_OK)
		return wip_sim(m);
	if (!wip_bearer_up(m))
		return AT_CME(WIP_BAD_STATE);
	if (p->left)
		return AT_CME(WIP_PING);
	*p = (struct wip_ping){ .left = repeat,
		.interval = interval,
		.timeout = timeout,
		.ttl = ttl,
		.found = ports->ping && ports->ping(ports->ctx, host, addr) };
	timer_init(&p->timer, "+WIPPING", TIMER_WAIT, result, m);
	p->time = draw(m, p->found);
	timer_arm(&m->sched, &p->timer,
		MS(1) * (usec_t)(p->time < 0 ? p->timeout : p->time));
	return AT_OK;
}

const struct at_cmd at_cmds_wipping[] = {
	{ .name = "+WIPPING",
		.see = "wip.md +WIPPING",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SET | AT_TEST,
		.run = run_wipping,
		.test = "",
		.param = { { "host", AT_TEXT, NULL, 0 },
			{ "repeat", AT_TEXT, NULL, 0, .optional = true },
			{ "interval", AT_TEXT, NULL, 0, .optional = true },
			{ "timeout", AT_TEXT, NULL, 0, .optional = true },
			{ "size", AT_TEXT, NULL, 0, .optional = true },
			{ "ttl", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
