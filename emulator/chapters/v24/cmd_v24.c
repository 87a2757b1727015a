/* Chapter V.25ter: the port, the line protocol, the profiles, ATI (line.md; settings.md;
 * general.md I). */
#include <stdio.h>
#include <string.h>

#include "at/known.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/general/general.h"
#include "chapters/gprs/gprs.h"
#include "link/link.h"
#include "state/application.h"
#include "state/layout.h"
#include "state/modem_state.h"
#include "state/nv.h"

/* AT&V */

#define VIEW_LINES 4

/* settings.md &V: the settings in AT&V, line by line; E, X, &S and +CREG are missing. */
static const char *const view[VIEW_LINES][8] = {
	{ "Q", "V", "S0", "S2", "S3", "S4", "S5", NULL },
	{ "+CR", "+CRC", "+CMEE", "+CBST", NULL },
	{ "+SPEAKER", "+ECHO", "&C", "&D", "%C", NULL },
	{ "+IPR", "+ICF", "+IFC", NULL },
};

/* How many values of +ECHO are shown depends on the firmware. */
static void view_row(struct buf *b, const struct firmware *fw, const struct at_entry *e,
	const struct settings *s)
{
	size_t most = strcmp(e->cmd->name, "+ECHO") ? AT_PARAMS : (size_t)fw->echo_told;
	size_t i;

	buf_printf(b, "%s%s:", b->len ? " " : "", e->cmd->name);
	for (i = 0; i < most && e->field[i] && !e->cmd->param[i].inner; i++)
		buf_printf(b, e->cmd->name[0] == 'S' ? "%s%03d" : "%s%d", i ? "," : "",
			setting_get(s, e->field[i]));
}

/* Those of commands from YAML that want to be shown, a line each. */
static void view_data(struct channel *ch, const struct settings *s)
{
	struct at_known known = at_known_of(ch->modem);
	const struct at_set *sets[] = { known.firmware, known.own };
	char text[400];
	struct buf b;
	size_t k, i;

	for (k = 0; k < 2; k++)
		for (i = 0; sets[k] && i < sets[k]->n; i++) {
			const struct at_entry *e = &sets[k]->entry[i];

			if (!(e->cmd->flags & AT_F_DATA) || !e->conf->view || e->absent)
				continue;
			buf_init(&b, text, sizeof(text));
			buf_printf(&b, "%s:", e->cmd->name);
			at_put_values(&b, ch->modem, e, s);
			at_info(ch, "%.*s", (int)b.len, text);
		}
}

static void view_settings(struct channel *ch, const struct settings *s)
{
	struct modem *m = ch->modem;
	size_t line, i;

	for (line = 0; line < VIEW_LINES; line++) {
		char text[200];
		struct buf b;

		buf_init(&b, text, sizeof(text));
		for (i = 0; view[line][i]; i++) {
			const struct at_entry *e = at_set_find(
				m->fw->at, view[line][i], strlen(view[line][i]));

			if (e)
				view_row(&b, m->fw, e, s);
		}
		at_info(ch, "%.*s", (int)b.len, text);
	}
	view_data(ch, s);
}

static int run_view(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct settings shown = m->user;

	switch (c->arg[0].num) {
	case 1:
		break;
	case 2:
		at_store_factory_values(m, &shown);
		break;
	default:
		shown = live_settings(ch);
		break;
	}
	view_settings(ch, &shown);
	return AT_OK;
}

/* ATI */

static void info_data_features(struct channel *ch)
{
	at_info(ch, "DATA RATES: AUTOBAUD,300,1200,1200/75,2400,4800,9600,14400");
	at_info(ch, "DATA MODES: T/NT,ASYNCHRONOUS");
	at_info(ch, "FAX CLASS: 1,2");
}

/* The lines of an application whose file describes them. */
static void info_application(struct channel *ch, const struct application *a)
{
	const struct flash *f = &ch->modem->flash;
	size_t i;

	at_info(ch, "\"OAT\",\"%s\",\"%s\",\"%s\",%u,\"%s\",\"%s\",\"%08x\"",
		a->identity.version.text, a->identity.name.text, a->identity.vendor.text,
		f->app_size, a->identity.date.text, a->identity.checksum.text, f->app_at);
	for (i = 0; i < a->identity.n_packages; i++)
		at_info(ch, "%s", a->identity.packages[i].text);
}

/* A line of ATI9. The one of the application has its true size. */
static void info_inventory_line(struct channel *ch, const char *text)
{
	const struct modem *m = ch->modem;
	const struct application *a = profile_application(m->profile, m->flash.app_name);
	char mem[PROFILE_TEXT + 12];
	struct extent e;
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (!m->flash.app_size || !layout_line(text, "OAT", &e)) {
		buf_puts(&b, text);
	} else if (a) {
		info_application(ch, a);
		return;
	} else {
		layout_line_sized(text, m->flash.app_size, &b);
	}
	at_info(ch, "%.*s", (int)b.len, mem);
}

/* The lines of ATI9. */
static void info_inventory(struct channel *ch)
{
	const struct firmware *fw = ch->modem->fw;
	size_t i;

	for (i = 0; i < fw->inventories; i++)
		info_inventory_line(ch, fw->inventory[i].text);
}

static int run_information(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct settings shown;

	switch (c->arg[0].num) {
	case 0:
		at_info_manufacturer(ch);
		at_block_end(ch);
		at_info_product(ch);
		break;
	case 3:
		at_info_revision(ch);
		break;
	case 4:
		shown = live_settings(ch);
		view_settings(ch, &shown);
		break;
	case 5:
		view_settings(ch, &m->user);
		break;
	case 6:
		info_data_features(ch);
		break;
	case 7:
		at_info(ch, "SPEECH CODINGS: FR,EFR,HR,AMR");
		break;
	case 9:
		if (!firmware_has(m->fw, QUIRK_ATI9_OK))
			info_inventory(ch);
		break;
	default:
		break;
	}
	return AT_OK;
}

/* Stored settings: ATZ, AT&F, AT&W */

/* settings.md Z: ATZ also releases a call. */
static int run_restore(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_gprs_hang_up(m);
	calls_release(&m->calls, CAUSE_NORMAL);
	at_store_restore(ch);
	return AT_OK;
}

static int run_factory(struct channel *ch, struct at_call *c)
{
	return c->arg[0].num ? AT_CME(CME_NOT_ALLOWED) : at_store_factory(ch);
}

static int run_save(struct channel *ch, struct at_call *c)
{
	(void)c;
	return at_store_save(ch);
}

/* The port: S-registers, +IPR, +ICF, AT&K */

/* S-registers are shown with three digits. */
static int run_register(struct channel *ch, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info(ch, "%03d", live_get(ch, c->entry->field[0]));
		return AT_OK;
	}
	if (c->form == AT_SET && !c->rest_len)
		return AT_ERROR;
	/* V.250 5.3: a register has no error but ERROR */
	return at_store_values(ch, c);
}

/* line.md +IPR: a rate that the modem does not have is plain ERROR. The rates of a
 * firmware are those that AT+IPR=? lists. */
static int run_ipr(struct channel *ch, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	if (!at_values_allow(c->entry->test, c->arg[0].num))
		return AT_ERROR;
	return at_store_values(ch, c);
}

enum { /* +ICF */
	ICF_8E1 = 2,
	ICF_8N1 = 3,
	ICF_7E1 = 5,
	ICF_SPACE = 3,
};

/* GDW-11 p. 162: the parity is space if the format has one and the command names none. A
 * format other than 8N1 ends autobauding, and 8N1 does not bring it back; the rate is
 * then the one that was detected (inferred). */
static int run_icf(struct channel *ch, struct at_call *c)
{
	int format = c->arg[0].num;
	int result;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	result = at_store_values(ch, c);
	if (result == AT_OK && !at_given(c, 1) &&
		(format == ICF_8E1 || format == ICF_7E1))
		result = at_store_field(ch, PORT_SETTING(frame_parity), ICF_SPACE);
	if (result == AT_OK && format != ICF_8N1 && !ch->set.speed)
		result = at_store_field(ch, PORT_SETTING(speed), (int)link_rate(ch));
	return result;
}

/* AT&K, the older name for flow control: 0 none, 3 RTS/CTS (inferred; the guides have
 * only +IFC). */
static int run_flow(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	static const char ifc[] = "+IFC";
	const struct at_entry *e = at_set_find(m->fw->at, ifc, strlen(ifc));
	int value = c->arg[0].num ? 2 : 0;
	size_t i;

	for (i = 0; e && i < 2; i++)
		at_store_field(ch, e->field[i], value);
	return AT_OK;
}

#define REGISTER(n, range, default_value, where)                                      \
	.name = n, .see = "line.md S registers", .forms = AT_SET | AT_READ | AT_TEST, \
	.run = run_register,                                                          \
	.param = { { "value", AT_INT, range, default_value, where, AT_WF } }

const struct at_cmd at_cmds_v24[] = {
	{ .name = "E",
		.see = "line.md E; GDW-11 p. 311-312",
		.forms = AT_EXEC,
		.param = { { "echo", AT_INT, "(0,1)", 1, PORT_SETTING(echo), AT_W } } },
	{ .name = "Q",
		.see = "line.md Q",
		.forms = AT_EXEC,
		.param = { { "quiet", AT_INT, "(0,1)", 0, PORT_SETTING(quiet),
			AT_WF } } },
	{ .name = "V",
		.see = "line.md V",
		.forms = AT_EXEC,
		.param = { { "verbose", AT_INT, "(0,1)", 1, PORT_SETTING(verbose),
			AT_WF } } },
	{ .name = "X",
		.see = "line.md X",
		.forms = AT_EXEC,
		.param = { { "codes", AT_INT, "(0-4)", 4, PORT_SETTING(extended_results),
			AT_WF } } },
	{ .name = "Z",
		.see = "settings.md Z",
		.forms = AT_EXEC,
		.flags = AT_F_BARE,
		.run = run_restore },
	{ .name = "I",
		.see = "general.md I",
		.forms = AT_EXEC,
		.run = run_information,
		.param = { { "value", AT_INT, "(0-9)", 0 } } },
	{ .name = "&C",
		.see = "line.md &C; GDW-11 p. 311-312",
		.forms = AT_EXEC,
		.param = { { "dcd", AT_INT, "(0,1)", 1, PORT_SETTING(dcd), AT_W } } },
	{ .name = "&D",
		.see = "line.md &D; GDW-11 p. 311-312",
		.forms = AT_EXEC,
		.param = { { "dtr", AT_INT, "(0-2)", 2, PORT_SETTING(dtr), AT_W } } },
	{ .name = "&F",
		.see = "settings.md &F; GDW-11 p. 169; GD-01 p. 122",
		.forms = AT_EXEC,
		.run = run_factory,
		.param = { { "value", AT_INT, "(0-255)", 0 } } },
	{ .name = "&K",
		.see = "line.md &K; V.250 6.2.12",
		.forms = AT_EXEC,
		.run = run_flow,
		.param = { { "flow", AT_INT, "(0,3)", 0 } } },
	{ .name = "&S",
		.see = "line.md &S; GDW-11 p. 311-312",
		.forms = AT_EXEC,
		.param = { { "dsr", AT_INT, "(0,1)", 1, PORT_SETTING(dsr), AT_W } } },
	{ .name = "&T",
		.see = "line.md &T: factory value and storage inferred; GDW-11 p. 168",
		.forms = AT_EXEC,
		.flags = AT_F_KEPT,
		.param = { { "test", AT_INT, "(0-2)", 0, AT_SLOT, AT_RAM } } },
	{ .name = "&V",
		.see = "settings.md &V; GDW-11 p. 170",
		.forms = AT_EXEC,
		.run = run_view,
		.param = { { "profile", AT_INT, "(0-2)", 0 } } },
	{ .name = "&W",
		.see = "settings.md &W",
		.forms = AT_EXEC,
		.run = run_save,
		.param = { { "profile", AT_INT, "(0)", 0 } } },
	{ REGISTER("S0", "(0-255)", 0, SETTING(s0)) },
	{ REGISTER("S2", "(0-255)", 43, PORT_SETTING(s2)) },
	{ REGISTER("S3", "(0-127)", 13, PORT_SETTING(s3)) },
	{ REGISTER("S4", "(0-127)", 10, PORT_SETTING(s4)) },
	{ REGISTER("S5", "(0-127)", 8, PORT_SETTING(s5)) },
	{ .name = "+IPR",
		.see = "line.md +IPR; GDW-11 p. 312, p. 160",
		.forms = AT_SRT,
		.run = run_ipr,
		.flags = AT_F_NO_FIRMWARE,
		.test = "(0,2400,4800,9600,19200,38400,57600,115200),"
			"(300,600,1200,230400,460800,921600)",
		.param = { { "rate", AT_INT, "(0-921600)", 115200, PORT_SETTING(speed),
			AT_W } } },
	{ .name = "+ICF",
		.see = "line.md +ICF; GDW-11 p. 312, p. 162",
		.forms = AT_SRT,
		.run = run_icf,
		.param = { { "format", AT_INT, "(1-6)", 3, PORT_SETTING(frame_format),
				   AT_W },
			{ "parity", AT_INT, "(0-4)", 4, PORT_SETTING(frame_parity), AT_W,
				true } } },
	{ .name = "+IFC",
		.see = "line.md +IFC; GDW-11 p. 312, p. 163",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "by_dte", AT_INT, "(0,2)", 2, PORT_SETTING(flow_by_dte),
				   AT_W },
			{ "by_dce", AT_INT, "(0,2)", 2, PORT_SETTING(flow_by_dce), AT_W,
				true } } },
	{ .name = "+GCAP",
		.see = "general.md +GCAP",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_capabilities },
	{ 0 },
};
