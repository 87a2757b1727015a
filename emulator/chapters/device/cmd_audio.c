/* Audio (general.md +CRMP, +CRSL; call.md; wavecom.md): gains, echo, tones, melodies,
 * speech coders. There is no sound; the values are only stored. */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "state/modem_state.h"

/* gains */

/* call.md +VGR: reading returns the lowest value of the step in force. */
static int receive_step(int gain)
{
	return gain / 16 * 16;
}

static int transmit_step(int gain, bool second_controller)
{
	if (!second_controller)
		return gain / 32 * 32;
	if (gain < 102 || gain > 243)
		return gain;
	return gain < 128 ? 102 : 128;
}

/* Each speaker has its own values: in the row, those of the second speaker follow those
 * of the first. */
static int *of_speaker(struct channel *ch, const struct at_call *c, size_t i, size_t n)
{
	struct modem *m = ch->modem;

	return live_at(ch, c->entry->field[i + (m->live.speaker ? n : 0)]);
}

static int run_gain(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	bool receive = !strcmp(c->entry->cmd->name, "+VGR");
	int *gain = of_speaker(ch, c, 0, 1);

	if (c->form == AT_READ)
		at_info(ch, "%s: %d", c->entry->cmd->name,
			receive ? receive_step(*gain)
				: transmit_step(*gain, m->live.mic_controller));
	else
		*gain = c->arg[0].num;
	return AT_OK;
}

static int run_sidet(struct channel *ch, struct at_call *c)
{
	int *on = of_speaker(ch, c, 0, 2);
	int *level = of_speaker(ch, c, 1, 2);

	if (c->form == AT_READ) {
		at_info(ch, "+SIDET: %d,%d", *on, *level);
		return AT_OK;
	}
	*on = c->arg[0].num;
	if (at_given(c, 1))
		*level = c->arg[1].num;
	return AT_OK;
}

/* echo */

/* call.md +ECHO: an algorithm other than the running one is stored, but needs a reset to
 * run. */
static int run_echo(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int algorithm = m->live.echo_algorithm;
	int result;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	if (at_given(c, 1))
		algorithm = c->arg[1].num;
	if (algorithm != m->s.echo_algorithm && (at_given(c, 1) || c->arg[0].num)) {
		result = at_store_field(ch, SETTING(echo_asked), algorithm);
		return result == AT_OK ? AT_CME(CME_RESET_NEEDED) : result;
	}
	return at_store_values(ch, c);
}

static const char *const voice_rows[] = { "+SPEAKER", "+VGR", "+VGT", "+SIDET", "+ECHO" };

/* call.md +VIP: restores the factory's voice settings and saves them, or restores the
 * saved ones. */
static int run_vip(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	bool factory = c->arg[0].num == 1;
	struct settings from = m->user;
	size_t i, p;

	if (factory)
		at_set_factory(m->fw->at, &from);
	for (i = 0; i < sizeof(voice_rows) / sizeof(voice_rows[0]); i++) {
		const struct at_entry *e = at_set_find(
			m->fw->at, voice_rows[i], strlen(voice_rows[i]));

		for (p = 0; e && p < AT_PARAMS && e->field[p]; p++) {
			int value = setting_get(&from, e->field[p]);

			*live_at(ch, e->field[p]) = value;
			*setting_at(&m->user, e->field[p]) = value;
		}
	}
	if (factory && !at_settings_save(m))
		return AT_CME(CME_MEMORY);
	return m->live.echo_algorithm != m->s.echo_algorithm ? AT_CME(CME_RESET_NEEDED)
							     : AT_OK;
}

/* tones and melodies */

/* wavecom.md +WTONE: the buzzer reaches higher frequencies than the speaker. */
static int run_wtone(struct channel *ch, struct at_call *c)
{
	size_t i;

	(void)ch;
	if (!c->arg[0].num)
		return AT_OK;
	if (!at_given(c, 1) || !at_given(c, 2))
		return AT_CME(CME_NOT_ALLOWED);
	if (c->arg[1].num == 1) {
		/* frequency and gain alternate, except for the duration after the first
		 * pair */
		for (i = 2; i < 11; i += i == 2 ? 3 : 2)
			if (at_given(c, i) && c->arg[i].num > 3999)
				return AT_CME(CME_NOT_ALLOWED);
	}
	return AT_OK;
}

static int run_wdtmf(struct channel *ch, struct at_call *c)
{
	static const char keys[] = "0123456789*#ABCD";

	(void)ch;
	if (!c->arg[0].num)
		return AT_OK;
	if (!at_given(c, 1) || c->arg[1].len != 1 ||
		!memchr(keys, c->arg[1].text[0], sizeof(keys) - 1))
		return AT_CME(CME_NOT_ALLOWED);
	return AT_OK;
}

/* general.md +CRMP: two melodies for messages, ten for calls; 0 stops. */
static int run_crmp(struct channel *ch, struct at_call *c)
{
	(void)ch;
	if (c->arg[0].num == 3 && at_given(c, 3) && c->arg[3].num > 2)
		return AT_CME(CME_NOT_ALLOWED);
	return AT_OK;
}

static int run_wrim(struct channel *ch, struct at_call *c)
{
	int mode = live_get(ch, c->entry->field[0]);

	if (c->form == AT_SET)
		return at_store_values(ch, c);
	if (mode == 2)
		at_info(ch, "+WRIM: 2,%d", live_get(ch, c->entry->field[1]));
	else
		at_info(ch, "+WRIM: %d", mode);
	return AT_OK;
}

#define GAIN(n, second)                                                           \
	.name = n, .see = "call.md +VGR, +VGT", .forms = AT_SRT, .run = run_gain, \
	.param = { { "gain", AT_INT, "(0-255)", 64, AT_SLOT, AT_WF },             \
		{ "gain_2", AT_INT, "(0-255)", second, AT_SLOT, AT_WF, .inner = true } }

const struct at_cmd at_cmds_audio[] = {
	{ GAIN("+VGR", 32), .flags = AT_F_BESIDE },
	{ GAIN("+VGT", 0) },
	{ .name = "+SPEAKER",
		.see = "call.md +SPEAKER",
		.forms = AT_SRT,
		.flags = AT_F_BESIDE,
		.param = { { "speaker", AT_INT, "(0-1)", 0, SETTING(speaker), AT_WF } } },
	{ .name = "+ECHO",
		.see = "call.md +ECHO; GDW-11 p. 310",
		.forms = AT_SRT,
		.run = run_echo,
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(echo_mode), AT_EEF },
			{ "algorithm", AT_INT, "(1,3)", 1, SETTING(echo_algorithm),
				AT_EEF, true },
			{ "p1", AT_INT, "(0-3)", 0, AT_SLOT, AT_EEF, true },
			{ "p2", AT_INT, "(0-3)", 3, AT_SLOT, AT_EEF, true },
			{ "p3", AT_INT, "(0-31)", 10, AT_SLOT, AT_EEF, true },
			{ "p4", AT_INT, "(0-31)", 7, AT_SLOT, AT_EEF, true },
			{ "asked", AT_INT, "(1,3)", 1, SETTING(echo_asked), AT_EEF,
				.inner = true } } },
	{ .name = "+SIDET",
		.see = "call.md +SIDET; GDW-11 p. 310",
		.forms = AT_SRT,
		.run = run_sidet,
		.param = { { "mode", AT_INT, "(0-1)", 1, AT_SLOT, AT_WF },
			{ "level", AT_INT, "(0-3)", 1, AT_SLOT, AT_WF, true },
			{ "mode_2", AT_INT, "(0-1)", 1, AT_SLOT, AT_WF, .inner = true },
			{ "level_2", AT_INT, "(0-3)", 1, AT_SLOT, AT_WF,
				.inner = true } } },
	{ .name = "+VIP",
		.see = "call.md +VIP",
		.forms = AT_SET | AT_TEST,
		.test = "(1-2)",
		.run = run_vip,
		.param = { { "values", AT_INT, "(0-2)", 1 } } },
	{ .name = "+CMUT",
		.see = "call.md +CMUT: factory value and storage inferred",
		.forms = AT_SRT,
		.needs = AT_NEED_CALL,
		.open = AT_READ | AT_TEST,
		.param = { { "mute", AT_INT, "(0,1)", 0, SETTING(muted), AT_RAM } } },
	{ .name = "+CRSL",
		.see = "general.md +CRSL; GDW-11 p. 309",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "level", AT_INT, "(0-15)", 6, AT_SLOT, AT_EEF } } },
	{ .name = "+CRMP",
		.see = "general.md +CRMP",
		.forms = AT_SET | AT_TEST,
		.test = "(0-3),(0-15),0,(0-10)",
		.run = run_crmp,
		.param = { { "call", AT_INT, "(0-3)", 0 },
			{ "volume", AT_INT, "(0-15)", 6, .optional = true },
			{ "type", AT_INT, "(0)", 0, .optional = true },
			{ "index", AT_INT, "(0-10)", 1, .optional = true } } },
	{ .name = "+WDR",
		.see = "wavecom.md +WDR; GDW-11 p. 183",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "outgoing", AT_INT, "(0-2)", 2, AT_SLOT, AT_EE, true },
			{ "incoming", AT_INT, "(0-1)", 1, AT_SLOT, AT_EE, true } } },
	{ .name = "+WVR",
		.see = "wavecom.md +WVR; GDW-11 p. 313",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "outgoing", AT_INT, "(0-20)", 5, AT_SLOT, AT_EE },
			{ "incoming", AT_INT, "(0-6)", 0, AT_SLOT, AT_EE, true } } },
	{ .name = "+WSVG",
		.see = "wavecom.md +WSVG; GDW-11 p. 313",
		.forms = AT_SRT,
		.param = { { "controller", AT_INT, "(0-1)", 0, SETTING(mic_controller),
			AT_EEF } } },
	{ .name = "+WTONE",
		.see = "wavecom.md +WTONE",
		.forms = AT_SET | AT_TEST,
		.run = run_wtone,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "output", AT_INT, "(1-2)", 1, .optional = true },
			{ "frequency_1", AT_INT, "(1-50000)", 0, .optional = true },
			{ "gain_1", AT_INT, "(0-15)", 9, .optional = true },
			{ "duration", AT_INT, "(0-50)", 0, .optional = true },
			{ "frequency_2", AT_INT, "(1-50000)", 0, .optional = true },
			{ "gain_2", AT_INT, "(0-15)", 9, .optional = true },
			{ "frequency_3", AT_INT, "(1-50000)", 0, .optional = true },
			{ "gain_3", AT_INT, "(0-15)", 9, .optional = true },
			{ "frequency_4", AT_INT, "(1-50000)", 0, .optional = true },
			{ "gain_4", AT_INT, "(0-15)", 9, .optional = true } } },
	{ .name = "+WDTMF",
		.see = "wavecom.md +WDTMF",
		.forms = AT_SET | AT_TEST,
		.run = run_wdtmf,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "key", AT_TEXT, "(0-9,*,#,A,B,C,D)", 0, .optional = true },
			{ "gain", AT_INT, "(0-15)", 9, .optional = true },
			{ "duration", AT_INT, "(0-50)", 0, .optional = true } } },
	{ .name = "+WCDM",
		.see = "wavecom.md +WCDM; GDW-11 p. 313",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "melody", AT_INT, "(0-10)", 0, AT_SLOT, AT_EEF, true },
			{ "player", AT_INT, "(0-1)", 0, AT_SLOT, AT_EEF, true } } },
	{ .name = "+WRIM",
		.see = "wavecom.md +WRIM; GDW-11 p. 187",
		.forms = AT_SRT,
		.test = "(0-2)",
		.run = run_wrim,
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0-2)", 0, AT_SLOT, AT_EEF },
			{ "length", AT_INT, "(0-31)", 0, AT_SLOT, AT_EEF, true } } },
	{ .name = "+WSST",
		.see = "wavecom.md +WSST: factory value and storage inferred",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "volume", AT_INT, "(0-15)", 0, AT_SLOT, AT_WF, true },
			{ "ring_volume", AT_INT, "(0-15)", 0, AT_SLOT, AT_WF, true } } },
	{ 0 },
};
