/* AT+WIPBR (wip.md +WIPBR). Only GPRS carries anything here; the reference knows of the
 * other bearers that they exist, and they are not available (inferred). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "codec/ip.h"
#include "state/application.h"
#include "state/modem_state.h"
#include "state/nv_wip.h"

enum { /* <cmd> */
	BR_CLOSE,
	BR_OPEN,
	BR_SET,
	BR_GET,
	BR_START,
	BR_STOP,
	BR_STORE,
};

/* Options. Those that C reads are named; ranges that the reference does not tell are
 * inferred. */
static const struct {
	int number;
	int text;    /* enum wip_text, or -1 */
	size_t most; /* longest text */
	int place;   /* enum wip_number, or -1 */
	int min, max;
} options[] = {
	{ 0, WIP_LOGIN, 64, -1, 0, 0 },
	{ 1, WIP_PASSWORD, 64, -1, 0, 0 },
	{ 2, WIP_PHONE, 32, -1, 0, 0 },
	{ 5, -1, 0, WIP_RINGS, 0, 255 },
	{ 6, -1, 0, WIP_NULL_MODEM, 0, 1 },
	{ 7, -1, 0, WIP_PAP, 0, 1 },
	{ 8, -1, 0, WIP_CHAP, 0, 1 },
	{ 9, -1, 0, WIP_MSCHAP1, 0, 1 },
	{ 10, -1, 0, WIP_MSCHAP2, 0, 1 },
	{ 11, WIP_APN, 96, -1, 0, 0 },
	{ 12, -1, 0, WIP_CID, 1, GPRS_CONTEXTS },
	{ 13, -1, 0, WIP_HEADERS, 0, 1 },
	{ 14, -1, 0, WIP_DATA, 0, 1 },
	{ 19, -1, 0, WIP_SET_DNS, 0, 1 },
	{ 20, -1, 0, WIP_SET_GATEWAY, 0, 1 },
};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

enum { /* options that can only be read */
	OPT_LOCAL = 15,
	OPT_REMOTE,
	OPT_DNS1,
	OPT_DNS2,
};

static struct wip_bearer *bearer_of(const struct modem *m)
{
	return &wip_of(m)->bearer;
}

static size_t find(int number)
{
	size_t i;

	for (i = 0; i < OPTIONS && options[i].number != number; i++)
		;
	return i;
}

static int set(struct modem *m, const struct at_call *c)
{
	struct wip_bearer_options *o = &bearer_of(m)->o;
	int number, value;
	size_t i;

	if (c->args != 4 || !wip_number(&c->arg[2], &number))
		return AT_ERROR;
	if (number >= OPT_LOCAL && number <= OPT_DNS2)
		return AT_CME(WIP_NO_OPTION);
	i = find(number);
	if (i == OPTIONS)
		return AT_CME(WIP_BAD_OPTION);
	if (bearer_of(m)->state != WIP_BEARER_OPEN)
		return AT_CME(WIP_BAD_STATE);
	if (options[i].text >= 0) {
		if (c->arg[3].len > options[i].most)
			return AT_CME(WIP_BAD_VALUE);
		wip_text(c, 3, o->text[options[i].text], WIP_TEXT);
		o->apn_given |= options[i].text == WIP_APN;
		return AT_OK;
	}
	if (!wip_number(&c->arg[3], &value))
		return AT_ERROR;
	if (value < options[i].min || value > options[i].max)
		return AT_CME(WIP_BAD_VALUE);
	o->number[options[i].place] = value;
	return AT_OK;
}

/* The addresses of a bearer that is up. The remote one is not known: none. */
static const char *address(const struct modem *m, int number, char mem[GPRS_ADDR_MAX + 1])
{
	const struct gprs_conf *world = &m->profile->network.gprs;
	size_t dns = (size_t)(number - OPT_DNS1);

	strcpy(mem, "0.0.0.0");
	if (!wip_bearer_up(m))
		return mem;
	if (number == OPT_LOCAL)
		gprs_address(&m->gprs, bearer_of(m)->o.number[WIP_CID], mem);
	else if (number >= OPT_DNS1 && dns < world->n_dns)
		strcpy(mem, world->dns[dns]);
	return mem;
}

static int get(struct channel *ch, const struct at_call *c)
{
	const struct modem *m = ch->modem;
	const struct wip_bearer_options *o = &bearer_of(m)->o;
	char mem[GPRS_ADDR_MAX + 1];
	int number;
	size_t i;

	if (c->args != 3 || !wip_number(&c->arg[2], &number))
		return AT_ERROR;
	i = find(number);
	if (number >= OPT_LOCAL && number <= OPT_DNS2)
		at_info(ch, "+WIPBR: %d,%d,\"%s\"", WIP_GPRS, number,
			address(m, number, mem));
	else if (i == OPTIONS)
		return AT_CME(WIP_BAD_OPTION);
	else if (options[i].text >= 0)
		at_info(ch, "+WIPBR: %d,%d,\"%s\"", WIP_GPRS, number,
			o->text[options[i].text]);
	else
		at_info(ch, "+WIPBR: %d,%d,%d", WIP_GPRS, number,
			o->number[options[i].place]);
	return AT_OK;
}

static int result(int error)
{
	return error < 0 ? AT_PENDING : error ? AT_CME(error) : AT_OK;
}

/* CDMA hosts leave the mode out. */
static int start(struct modem *m, const struct at_call *c)
{
	int mode = 0, error;

	if (c->args > 2 && !wip_number(&c->arg[2], &mode))
		return AT_ERROR;
	if (mode > 1)
		return AT_CME(WIP_BAD_VALUE);
	if (bearer_of(m)->state == WIP_BEARER_OPEN && mode == 1)
		return AT_CME(WIP_NOT_IMPLEMENTED);
	wip_bearer_start(m, &error);
	return result(error);
}

static int keep(struct modem *m, const struct at_call *c)
{
	struct wip_kept *kept = &m->cold->wip.kept;
	int on;

	if (c->args != 3 || !wip_number(&c->arg[2], &on))
		return AT_ERROR;
	if (on > 1)
		return AT_CME(WIP_BAD_VALUE);
	kept->bearer = on;
	kept->o = on ? bearer_of(m)->o
		     : (struct wip_bearer_options){ .apn_given = false };
	return nv_save_wip(m) ? AT_OK : AT_CME(WIP_FLASH_WRITE);
}

static int open_bearer(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);

	if (b->state != WIP_BEARER_CLOSED)
		return AT_CME(WIP_OPEN_ALREADY);
	b->state = WIP_BEARER_OPEN;
	modem_notify(m, NOTICE_WIP, "bearer open", WIP_GPRS);
	return AT_OK;
}

static void stop_bearer(struct modem *m)
{
	wip_throw_out_all(m, WIP_PEER_RESET);
	wip_ping_stop(m);
	wip_bearer_stop(m);
}

static int close_bearer(struct modem *m)
{
	struct wip_bearer *b = bearer_of(m);

	if (b->state == WIP_BEARER_STARTED)
		stop_bearer(m);
	if (b->state != WIP_BEARER_OPEN)
		return AT_CME(WIP_BAD_STATE);
	b->state = WIP_BEARER_CLOSED;
	wip_bearer_default(m);
	modem_notify(m, NOTICE_WIP, "bearer closed", WIP_GPRS);
	return AT_OK;
}

static int set_wipbr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct wip_bearer *b = bearer_of(m);
	int cmd, bid;

	if (c->args < 2 || !wip_number(&c->arg[0], &cmd) || !wip_number(&c->arg[1], &bid))
		return AT_ERROR;
	if (cmd > BR_STORE)
		return AT_CME(WIP_BAD_VALUE);
	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	if (bid != WIP_GPRS)
		return AT_CME(cmd == BR_OPEN ? WIP_NO_INTERFACE : WIP_BAD_STATE);
	if (cmd != BR_CLOSE && cmd != BR_STOP && wip_sim(m) != AT_OK)
		return wip_sim(m);
	if (cmd == BR_OPEN)
		return open_bearer(m);
	if (b->state == WIP_BEARER_CLOSED)
		return AT_CME(WIP_BAD_STATE);
	switch (cmd) {
	case BR_CLOSE:
		return close_bearer(m);
	case BR_SET:
		return set(m, c);
	case BR_GET:
		return get(ch, c);
	case BR_START:
		return start(m, c);
	case BR_STOP:
		if (b->state != WIP_BEARER_STARTED)
			return AT_CME(WIP_BAD_STATE);
		stop_bearer(m);
		return AT_OK;
	default:
		return keep(m, c);
	}
}

static int run_wipbr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct wip_bearer *b = bearer_of(m);

	if (c->form == AT_SET)
		return set_wipbr(ch, c);
	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	if (b->state != WIP_BEARER_CLOSED)
		at_info(ch, "+WIPBR: %d,%d", WIP_GPRS, wip_bearer_up(m));
	return AT_OK;
}

static int more_wipbr(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;

	(void)c;
	if (why == AT_WHY_ABORT) {
		wip_bearer_cancel(m);
		return AT_CME(WIP_GPRS_FAILED);
	}
	return why == AT_WHY_NET ? result(wip_bearer_result(m)) : AT_PENDING;
}

const struct at_cmd at_cmds_wipbr[] = {
	{ .name = "+WIPBR",
		.see = "wip.md +WIPBR",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SRT,
		.flags = AT_F_OWN_RANGE,
		.run = run_wipbr,
		.more = more_wipbr,
		.works = at_works_always,
		.test = "",
		.own = AT_EE,
		.own_value = "none",
		.param = { { "cmd", AT_INT, "(0-6)", 0 },
			{ "bid", AT_INT, NULL, 0, .optional = true },
			{ "option", AT_TEXT, NULL, 0, .optional = true },
			{ "value", AT_TEXT, NULL, 0, .optional = true },
			{ "password", AT_TEXT, NULL, 0, .optional = true },
			{ "caller", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
