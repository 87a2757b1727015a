/* Chapter SIM toolkit (GDW-11 p. 274-293): the settings of +STSF. No SIM here sends a
 * toolkit command, so +STIN, +STGI and +STGR have nothing to report. */
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "codec/hex.h"
#include "state/modem_state.h"

#define CME_NOTHING_INDICATED 518

enum { /* <mode> of +STSF */
	STSF_OFF,
	STSF_ON,
	STSF_PROFILE,
};

/* The terminal profile: 40 bits, kept as two settings of 20. */
#define PROFILE_DIGITS 10
#define PROFILE_BITS   20
#define PROFILE_MASK   ((1 << PROFILE_BITS) - 1)
#define PROFILE_LEAST  0x160060C01FULL
#define PROFILE_MOST   0x5FFFFFFF7FULL

static int store_profile(struct channel *ch, const struct at_arg *arg)
{
	uint64_t profile = 0;
	uint8_t byte[PROFILE_DIGITS / 2];
	size_t i, n;
	int result;

	if (arg->len != PROFILE_DIGITS ||
		!hex_decode(arg->text, arg->len, byte, sizeof(byte), &n))
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i < n; i++)
		profile = profile << 8 | byte[i];
	if (profile < PROFILE_LEAST || profile > PROFILE_MOST)
		return AT_CME(CME_NOT_ALLOWED);
	result = at_store_field(
		ch, SETTING(toolkit_high), (int)(profile >> PROFILE_BITS));
	if (result != AT_OK)
		return result;
	return at_store_field(ch, SETTING(toolkit_low), (int)(profile & PROFILE_MASK));
}

/* stk.md +STSF: 2 stores the other values only; the toolkit stays on or off. */
static int run_stsf(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result = AT_OK;

	if (c->form == AT_READ) {
		at_info(ch, "+STSF: %d,\"%05X%05X\",%d", m->live.toolkit,
			(unsigned)m->live.toolkit_high, (unsigned)m->live.toolkit_low,
			live_get(ch, c->entry->field[2]));
		return AT_OK;
	}
	if (at_given(c, 1))
		result = store_profile(ch, &c->arg[1]);
	if (result != AT_OK)
		return result;
	if (c->arg[0].num == STSF_PROFILE)
		c->arg[0].given = false;
	return at_store_values(ch, c);
}

/* GDW-11 p. 280, 286: CME 4 while off, CME 518 while the SIM has sent no command. */
static int run_stgi(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	return AT_CME(m->live.toolkit ? CME_NOTHING_INDICATED : CME_NOT_SUPPORTED);
}

/* GDW-11 p. 280, 289: CME 4, whether the toolkit is off or on. */
static int run_not_indicated(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_CME(CME_NOT_SUPPORTED);
}

const struct at_cmd at_cmds_toolkit[] = {
	{ .name = "+STSF",
		.see = "stk.md +STSF; GDW-11 p. 277-278, 312",
		.forms = AT_SRT,
		.test = "(0-2),(160060C01F-5FFFFFFF7F),(1-255)",
		.run = run_stsf,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(toolkit), AT_EE },
			{ "config", AT_TEXT, NULL, 0, .optional = true },
			{ "timeout", AT_INT, "(1-255)", 3, AT_SLOT, AT_EE, true },
			{ "automatic", AT_INT, "(0-1)", 0, AT_SLOT, AT_EE, true },
			{ "profile_high", AT_INT, "(0-1048575)", 0x16006,
				SETTING(toolkit_high), AT_EE, .inner = true },
			{ "profile_low", AT_INT, "(0-1048575)", 0x0C01F,
				SETTING(toolkit_low), AT_EE, .inner = true } } },
	{ .name = "+STIN",
		.see = "stk.md +STIN; GDW-11 p. 280",
		.forms = AT_READ,
		.flags = AT_F_REFUSED,
		.run = run_not_indicated },
	{ .name = "+STGI",
		.see = "stk.md +STGI; GDW-11 p. 286, 298",
		.forms = AT_SET,
		.flags = AT_F_REFUSED,
		.run = run_stgi,
		.param = { { "command", AT_INT, "(0-11)", 0 } } },
	{ .name = "+STGR",
		.see = "stk.md +STGR; GDW-11 p. 289-292",
		.forms = AT_SET,
		.flags = AT_F_REFUSED,
		.run = run_not_indicated,
		.param = { { "command", AT_INT, "(0-11,95-99)", 0 },
			{ "result", AT_INT, "(0-255)", 0, .optional = true },
			{ "data", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
