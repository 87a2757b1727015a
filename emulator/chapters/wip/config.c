/* The stack's configuration: AT+WIPCFG (wip.md +WIPCFG). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "state/application.h"
#include "state/modem_state.h"
#include "state/nv_wip.h"

enum { /* <mode> */
	CFG_STOP,
	CFG_START,
	CFG_SET,
	CFG_VERSION,
	CFG_STORE,
};

/* Numbers, ranges and defaults as in the reference; that 12 and 13 came with 3.21, and
 * their defaults, are inferred. */
static const struct {
	int number, min, max, def, since;
} options[WIP_OPTIONS] = {
	[WIP_TTL] = { 0, 0, 255, 64, 0 },
	[WIP_TOS] = { 1, 0, 255, 0, 0 },
	[WIP_FRAGMENTS] = { 2, 1, 65535, 60, 0 },
	[WIP_WINDOW] = { 3, 536, 65535, 16384, 0 },
	[WIP_MSS] = { 4, 536, 1460, 536, 0 },
	[WIP_DEBUG] = { 5, 0, 3, 0, 0 },
	[WIP_SOCKETS] = { 6, 1, 8, 8, 0 },
	[WIP_FLUSH] = { 12, 0, 250, 0, WIP_3_21 },
	[WIP_FURTHER] = { 13, 0, 255, 0, WIP_3_21 },
};

void wip_configure(struct modem *m)
{
	const struct wip_kept *kept = &m->cold->wip.kept;
	struct wip *w = wip_of(m);
	int i;

	for (i = 0; i < WIP_OPTIONS; i++)
		w->option[i] = kept->stack ? kept->option[i] : options[i].def;
}

static int find(const struct modem *m, int number)
{
	int i;

	for (i = 0; i < WIP_OPTIONS; i++)
		if (options[i].number == number && wip_version(m) >= options[i].since)
			return i;
	return -1;
}

static int start(struct modem *m)
{
	struct wip *w = wip_of(m);
	int refused = wip_sim(m);

	if (refused != AT_OK)
		return refused;
	/* wip.md +WIPCFG: 803 on other versions; that these are the old ones is
	 * inferred */
	if (w->started)
		return AT_CME(wip_version(m) < WIP_3_11 ? WIP_BAD_STATE : WIP_STARTED);
	w->started = true;
	wip_configure(m);
	wip_bearer_default(m);
	modem_notify(m, NOTICE_WIP, "stack started", 0);
	return AT_OK;
}

static int set(struct modem *m, const struct at_call *c)
{
	int i, number, value;

	if (c->args != 3 || !wip_number(&c->arg[1], &number) ||
		!wip_number(&c->arg[2], &value))
		return AT_ERROR;
	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	i = find(m, number);
	if (i < 0)
		return AT_CME(WIP_BAD_OPTION);
	if (value < options[i].min || value > options[i].max)
		return AT_CME(WIP_BAD_VALUE);
	wip_of(m)->option[i] = value;
	return AT_OK;
}

/* Of "AT  v06.30": 630. */
static int os_version(const struct modem *m)
{
	const char *p = m->fw->open_at.text;
	int n = 0;

	for (; *p && n < 10000; p++)
		if (*p >= '0' && *p <= '9')
			n = 10 * n + *p - '0';
	return n;
}

/* The form of the lines is from memory; the dates and the version of the library are
 * inferred. */
static int tell_version(struct channel *ch)
{
	struct modem *m = ch->modem;

	at_info(ch, "WIP soft v%d on Open AT OS v%d Dec 12 2008 14:25:03", wip_version(m),
		os_version(m));
	at_info(ch, "WIPlib:v%d Dec 12 2008 14:16:28", wip_version(m));
	return AT_OK;
}

static int keep(struct modem *m, const struct at_call *c)
{
	struct wip_kept *kept = &m->cold->wip.kept;
	int on;

	if (c->args != 2 || !wip_number(&c->arg[1], &on))
		return AT_ERROR;
	if (on > 1)
		return AT_CME(WIP_BAD_VALUE);
	if (!wip_of(m)->started)
		return AT_CME(WIP_BAD_STATE);
	kept->stack = on;
	memcpy(kept->option, wip_of(m)->option, sizeof(kept->option));
	if (!on)
		memset(kept->option, 0, sizeof(kept->option));
	return nv_save_wip(m) ? AT_OK : AT_CME(WIP_FLASH_WRITE);
}

static int run_wipcfg(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int i, mode;

	if (c->form == AT_READ) {
		if (!wip_of(m)->started)
			return AT_CME(WIP_BAD_STATE);
		for (i = 0; i < WIP_OPTIONS; i++)
			if (find(m, options[i].number) >= 0)
				at_info(ch, "+WIPCFG: %d,%d", options[i].number,
					wip_option(m, i));
		return AT_OK;
	}
	if (!wip_number(&c->arg[0], &mode))
		return AT_ERROR;
	switch (mode) {
	case CFG_STOP:
		wip_throw_out_all(m, WIP_PEER_RESET);
		wip_hold_over(m);
		wip_stop(m);
		/* a start that waits at another port */
		at_wake_named(m, "+WIPBR", AT_WHY_NET);
		return AT_OK;
	case CFG_START:
		return start(m);
	case CFG_SET:
		return set(m, c);
	case CFG_VERSION:
		return tell_version(ch);
	case CFG_STORE:
		return keep(m, c);
	default:
		return AT_CME(WIP_BAD_VALUE);
	}
}

const struct at_cmd at_cmds_wipcfg[] = {
	{ .name = "+WIPCFG",
		.see = "wip.md +WIPCFG",
		.provided = 1 << PROVIDES_WIP,
		.forms = AT_SRT,
		.flags = AT_F_OWN_RANGE,
		.run = run_wipcfg,
		.test = "(0-4)",
		.own = AT_EE,
		.own_value = "none",
		.param = { { "mode", AT_INT, "(0-4)", 0 },
			{ "option", AT_INT, NULL, 0, .optional = true },
			{ "value", AT_INT, NULL, 0, .optional = true } } },
	{ 0 },
};
