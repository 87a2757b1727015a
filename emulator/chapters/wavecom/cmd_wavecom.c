/* Commands that only Wavecom has (boot.md; download.md; network.md +WMBS; wavecom.md):
 * indications, bands, download, features. */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/boot/boot.h"
#include "link/link.h"
#include "state/modem_state.h"

/* +WMBS */

/* network.md +WMBS: the values that this firmware has and this device supports. */
static int tell_bands(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	char text[32];
	struct buf b;
	int band;

	buf_init(&b, text, sizeof(text));
	for (band = 0; band_set(band); band++)
		if (at_values_allow(c->entry->values[0], band) &&
			!(band_set(band) & ~m->profile->device.bands))
			buf_printf(&b, "%s%d", b.len ? "," : "", band);
	at_info(ch, "+WMBS: (%.*s),(0-1)", (int)b.len, text);
	return AT_OK;
}

/* network.md +WMBS: without the second parameter, or with 0, the band changes at the next
 * reset. */
static int run_wmbs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	bool at_once = at_given(c, 1) && c->arg[1].num == 1;
	unsigned bands;
	int result;

	if (c->form == AT_TEST)
		return tell_bands(ch, c);
	if (c->form == AT_READ) {
		at_info(ch, "+WMBS: %d,%d", m->live.band, m->live.band != m->band);
		return AT_OK;
	}
	bands = band_set(c->arg[0].num);
	if (!bands || bands & ~m->profile->device.bands)
		return AT_CME(CME_NOT_ALLOWED);
	if (at_once && !m->s.initialised)
		return AT_CME(CME_BUSY);
	if (at_once && calls_any(&m->calls))
		return AT_CME(CME_NOT_ALLOWED);
	result = at_store_field(ch, SETTING(band), c->arg[0].num);
	if (result != AT_OK || !at_once)
		return result;
	m->band = m->live.band;
	modem_notify(m, NOTICE_BAND, "in use", m->band);
	net_bands(&m->net, bands);
	return AT_OK;
}

/* +WDWL */

static int run_wdwl(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct firmware *f = profile_at(m->profile, m->flash.downloader);

	if (c->form == AT_READ) {
		at_info(ch, "+WDWL: %s", f->downloader.version.text);
		return AT_OK;
	}
	/* the rate must be fixed; only UART1 can load, and no DLC (download.md) */
	if (!ch->set.speed || ch->port != MODEM_UART1 || ch->carrier)
		return AT_CME(CME_NOT_ALLOWED);
	at_info(ch, "+WDWL: 0");
	boot_download(m);
	download_start(ch);
	return AT_SILENT;
}

/* +WCFM */

enum { /* <mode>; the others take a mask and a password */
	WCFM_ASK = 5,
};

/* wavecom.md +WCFM: only its features can be read; every key is wrong (inferred). */
static int run_wcfm(struct channel *ch, struct at_call *c)
{
	bool lacks_ftp = firmware_has(ch->modem->fw, QUIRK_FTP_NOT_LICENSED);

	if (c->arg[0].num != WCFM_ASK)
		return AT_CME(CME_NOT_ALLOWED);
	if (c->args > 1)
		return AT_ERROR;
	at_info(ch, "+WCFM: %s,0", lacks_ftp ? "00000070" : "00000031");
	return AT_OK;
}

/* +WFM, +WHCNF */

enum { /* <mode> of +WFM; 0 and 1 switch off and on */
	WFM_ASK = 2,
};

/* The known features (wavecom.md +WFM; field-bugs.md dwl-wrong-band-q24plus-cme148).
 * Those of the SIM drawer exist only on a unit that has one (inferred). */
static const struct feature {
	const char *name, *number; /* the names that a host may use */
	bool of_drawer, listed, fixed;
	short place; /* of its setting in the row; 0: it has none */
} features[] = {
	{ "quadband", NULL, false, true, true, 0 }, /* fixed at the factory */
	{ "SIMREMOVAL", "7", true, true, false, 2 },
	{ "B", NULL, false, false, false,
		3 }, /* seen from a host; no source explains it */
};

static bool feature_there(const struct modem *m, const struct feature *f)
{
	return !f->of_drawer || m->profile->device.rack;
}

static bool is_text(const struct at_arg *arg, const char *text)
{
	return text && arg->len == strlen(text) && !memcmp(arg->text, text, arg->len);
}

static const struct feature *find_feature(const struct modem *m, const struct at_arg *arg)
{
	size_t i;

	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (feature_there(m, &features[i]) &&
			(is_text(arg, features[i].name) ||
				is_text(arg, features[i].number)))
			return &features[i];
	return NULL;
}

/* Reports the state, and whether a change waits for the next reset. */
static void tell_feature(
	struct channel *ch, const struct at_entry *e, const struct feature *f)
{
	struct modem *m = ch->modem;
	bool quad = band_set(7) == m->profile->device.bands;
	int state = f->place ? live_get(ch, e->field[f->place]) : quad;
	bool waits = f->of_drawer && m->sim.rack_ignored == m->live.drawer_watched;

	at_info(ch, "+WFM: \"%s\",%d,%d", f->name, state, waits);
}

static int run_wfm(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct feature *f = NULL;
	size_t i;

	if (at_given(c, 1)) {
		f = find_feature(m, &c->arg[1]);
		if (!f)
			return AT_CME(CME_NOT_ALLOWED);
	}
	if (c->arg[0].num != WFM_ASK) {
		if (!f || f->fixed)
			return AT_CME(CME_NOT_ALLOWED);
		return at_store_field(ch, c->entry->field[f->place], c->arg[0].num);
	}
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (f ? f == &features[i]
		      : features[i].listed && feature_there(m, &features[i]))
			tell_feature(ch, c->entry, &features[i]);
	return AT_OK;
}

static int run_whcnf(struct channel *ch, struct at_call *c)
{
	int state = live_get(ch, c->entry->field[2]);

	if (c->form == AT_SET)
		return at_given(c, 2)
			       ? at_store_field(ch, c->entry->field[2], c->arg[2].num)
			       : AT_OK;
	at_info(ch, "+WHCNF: 1,1,%d", state);
	return AT_OK;
}

const struct at_cmd at_cmds_wavecom[] = {
	{ .name = "+WIND",
		.see = "boot.md +WIND",
		.forms = AT_SRT,
		.param = { { "level", AT_INT, "(0-32767)", 0, SETTING(wind), AT_EEF } } },
	{ .name = "+WMBS",
		.see = "network.md +WMBS",
		.forms = AT_SRT,
		.run = run_wmbs,
		.test_by_run = true,
		.param = { { "band", AT_INT, "(0,1,2,3,4,5,6,7)", 5, SETTING(band),
				   AT_EE },
			{ "at_once", AT_INT, "(0-1)", 0, .optional = true } } },
	{ .name = "+WDWL",
		.see = "download.md +WDWL",
		.forms = AT_EXEC | AT_READ | AT_TEST,
		.test = "",
		.flags = AT_F_NO_FIRMWARE,
		.run = run_wdwl },
	{ .name = "+WCFM",
		.see = "wavecom.md +WCFM: the mask of other units than Supreme inferred",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.run = run_wcfm,
		.param = { { "mode", AT_INT, "(0-5)", 0 },
			{ "mask", AT_HEX, NULL, 0, .optional = true },
			{ "password", AT_HEX, NULL, 0, .optional = true } } },
	{ .name = "+WFM",
		.see = "wavecom.md +WFM: factory value and storage inferred",
		.forms = AT_SET | AT_TEST,
		.run = run_wfm,
		.param = { { "mode", AT_INT, "(0-2)", 2 },
			{ "feature", AT_TEXT, "(\"quadband\",\"SIMREMOVAL\")", 0,
				.optional = true },
			{ "simremoval", AT_INT, "(0,1)", 1, SETTING(drawer_watched),
				AT_EE, .inner = true },
			{ "b", AT_INT, "(0,1)", 0, AT_SLOT, AT_EE, .inner = true } } },
	{ .name = "+WHCNF",
		.see = "wavecom.md +WHCNF: factory value and storage inferred",
		.forms = AT_SRT,
		.run = run_whcnf,
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0,1)", 0 },
			{ "feature", AT_INT, "(0-15)", 0, .optional = true },
			{ "state", AT_INT, "(0,1)", 0, AT_SLOT, AT_EE, true } } },
	{ 0 },
};
