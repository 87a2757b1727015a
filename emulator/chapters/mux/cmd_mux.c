/* +CMUX: starts the multiplexer (mux.md +CMUX). */
#include "at/reply.h"
#include "at/run.h"
#include "chapters/mux/mux.h"
#include "link/mux.h"
#include "state/modem_state.h"

enum { /* parameters */
	ARG_MODE,
	ARG_SUBSET,
	ARG_SPEED,
	ARG_N1,
	ARG_T1,
	ARG_N2,
	ARG_T2,
	ARG_T3,
};

/* What errors say of the end is inferred: the guide only lists the numbers. */
void at_mux_ended(struct channel *carrier, enum mux_end why)
{
	static const int results[] = {
		[MUX_CLOSED] = AT_SILENT,
		[MUX_TIMED_OUT] = AT_CME(CME_MUX_TIMEOUT),
		[MUX_REFUSED] = AT_CME(CME_MUX_REFUSED),
		[MUX_UNUSED] = AT_SILENT,
	};

	at_final(carrier, results[why]);
}

static int value(const struct at_call *c, size_t arg)
{
	return at_given(c, arg) ? c->arg[arg].num : c->entry->def[arg];
}

static struct mux_params params(const struct at_call *c)
{
	return (struct mux_params){
		.speed = at_given(c, ARG_SPEED) ? c->arg[ARG_SPEED].num : 0,
		.n1 = value(c, ARG_N1),
		.t1 = value(c, ARG_T1),
		.n2 = value(c, ARG_N2),
		.t2 = value(c, ARG_T2),
		.t3 = value(c, ARG_T3),
	};
}

/* The speed is that of +IPR; a rate that +CMUX does not have is shown as the default
 * (inferred). */
static int speed_shown(const struct channel *ch)
{
	static const int rates[] = { 9600, 19200, 38400, 57600, 115200, 230400, 460800,
		921600 };
	int i;

	for (i = 0; i < (int)(sizeof(rates) / sizeof(rates[0])); i++)
		if (rates[i] == ch->set.speed)
			return i + 1;
	return 5;
}

static int tell(struct channel *ch, const struct at_call *c)
{
	const struct mux_params p = mux_runs(ch->modem) ? ch->modem->mux->p : params(c);

	at_info(ch, "+CMUX: 0,0,%d,%d,%d,%d,%d,%d", speed_shown(ch), p.n1, p.t1, p.n2,
		p.t2, p.t3);
	return AT_OK;
}

static int run_cmux(struct channel *ch, struct at_call *c)
{
	const struct mux_params p = params(c);
	struct modem *m = ch->modem;

	if (c->form == AT_READ)
		return tell(ch, c);
	/* mux.md +CMUX: not while the rate is not fixed; T2 is longer than T1 */
	if (!ch->set.speed || p.t2 <= p.t1 || !at_line_ends(ch))
		return AT_CME(CME_NOT_ALLOWED);
	/* a DLC cannot carry another one (inferred) */
	if (mux_runs(m))
		return AT_CME(mux_runs_on(ch) ? CME_NOT_ALLOWED : CME_MUX_RUNS);
	at_block_end(ch);
	at_final(ch, AT_OK);
	mux_start(ch, &p);
	return AT_SILENT;
}

const struct at_cmd at_cmds_mux[] = {
	{ .name = "+CMUX",
		.see = "mux.md +CMUX; UGD_049 p. 167",
		.forms = AT_SRT,
		.test = "(0),(0),(1-8),(1-255),(1-128),(0-255),(1-128),(1-128)",
		.run = run_cmux,
		.param = { [ARG_MODE] = { "mode", AT_INT, "(0)", 0 },
			[ARG_SUBSET] = { "subset", AT_INT, "(0)", 0, .optional = true },
			[ARG_SPEED] = { "speed", AT_INT, "(1-8)", 5, .optional = true },
			[ARG_N1] = { "N1", AT_INT, "(1-255)", 31, .optional = true },
			[ARG_T1] = { "T1", AT_INT, "(1-128)", 5, .optional = true },
			[ARG_N2] = { "N2", AT_INT, "(0-255)", 3, .optional = true },
			[ARG_T2] = { "T2", AT_INT, "(1-128)", 15, .optional = true },
			[ARG_T3] = { "T3", AT_INT, "(1-128)", 5, .optional = true } } },
	{ 0 },
};
