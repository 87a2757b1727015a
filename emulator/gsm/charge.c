#include "gsm/charge.h"

#include <string.h>

static void tick(void *ctx, usec_t now)
{
	struct charge *c = ctx;
	uint32_t units = (uint32_t)c->conf->charge_units;

	(void)now;
	timer_arm(c->sched, &c->tick, c->conf->charge_period);
	c->meter += units;
	if (c->meter > CHARGE_MAX)
		c->meter = CHARGE_MAX;
	c->accumulated += units;
	if (c->accumulated > CHARGE_MAX)
		c->accumulated = CHARGE_MAX;
	c->event(c->ctx, CHARGE_EVENT_METER);
	if (!charge_allows(c))
		c->event(c->ctx, CHARGE_EVENT_LIMIT);
}

void charge_init(struct charge *c, const struct services_conf *conf, struct sched *s,
	void (*event)(void *ctx, enum charge_event e), void *ctx)
{
	memset(c, 0, sizeof(*c)); /* what lies between the fields too */
	c->conf = conf;
	c->sched = s;
	c->event = event;
	c->ctx = ctx;
	strcpy(c->currency, "EUR");
	strcpy(c->price, "0.10");
	timer_init(&c->tick, "unit of charge", TIMER_WAIT, tick, c);
}

void charge_start(struct charge *c)
{
	c->meter = 0;
	if (c->conf->charge_units)
		timer_arm(c->sched, &c->tick, MS(10));
}

void charge_stop(struct charge *c)
{
	timer_stop(c->sched, &c->tick);
}

bool charge_running(const struct charge *c)
{
	return timer_armed(&c->tick);
}

bool charge_allows(const struct charge *c)
{
	return !c->limit || c->accumulated < c->limit;
}

bool charge_puct(const char *currency, const char *price, uint8_t out[5])
{
	unsigned number = 0, digits = 0, decimals = 0;
	const char *p = price;
	bool point = false;

	for (; *p; p++) {
		if (*p == '.' && !point) {
			point = true;
			continue;
		}
		if (*p < '0' || *p > '9' || number > 0xfff)
			return false;
		number = number * 10 + (unsigned)(*p - '0');
		digits++;
		decimals += point;
	}
	if (!digits || number > 0xfff || decimals > 7 ||
		strlen(currency) != CHARGE_CURRENCY)
		return false;
	memcpy(out, currency, CHARGE_CURRENCY);
	out[3] = (uint8_t)(number >> 4);
	out[4] = (uint8_t)((number & 0xf) | (decimals ? 0x10u : 0u) | decimals << 5);
	return true;
}
