/* Fax (data.md): parameters are stored, but a page cannot be sent. Commands that need a
 * fax connection are refused, as on a modem without one. */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/call/call.h"
#include "state/modem_state.h"

/* 0 data, 1 and 1.0 T.31, 2 T.32. */
static int run_class(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	static const char *const names[] = { "0", "1", "2", "1.0" };

	if (c->form == AT_TEST)
		at_info(ch, "+FCLASS: (0,1,2)");
	else if (c->form == AT_READ)
		at_info(ch, "+FCLASS: %s", names[m->live.fax_class]);
	else
		return at_store_values(ch, c);
	return AT_OK;
}

/* The local identity, at most 20 characters (T.32 8.5.1.2). */
static int run_flid(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_TEST) {
		at_info(ch, "(20),(32-127)");
		return AT_OK;
	}
	if (c->form == AT_READ) {
		at_info(ch, "\"%s\"", m->s.fax_id);
		return AT_OK;
	}
	if (c->arg[0].len >= sizeof(m->s.fax_id))
		return AT_ERROR;
	memcpy(m->s.fax_id, c->arg[0].text, c->arg[0].len);
	m->s.fax_id[c->arg[0].len] = '\0';
	return AT_OK;
}

/* The size of the page buffer in bytes. */
static int run_fbuf(struct channel *ch, struct at_call *c)
{
	(void)c;
	at_info(ch, "1024");
	return AT_OK;
}

/* Allowed only between +FCON and the end of a fax connection, which never happens
 * here. */
static int run_online_only(struct channel *ch, struct at_call *c)
{
	static const char class1[] = "+FTM +FRM";

	if (c->form != AT_TEST)
		return AT_ERROR;
	if (strstr(class1, c->entry->cmd->name))
		at_info(ch, "(24,48,72,73,74,96,97,98,121,122,145,146)");
	else if (c->entry->cmd->name[3] == 'H')
		at_info(ch, "%s: (3)", c->entry->cmd->name);
	else if (c->entry->cmd->name[3] == 'S')
		at_info(ch, "(0-255)");
	return AT_OK;
}

#define KEPT                                                                            \
	.see = "data.md +FBOR; GDW-11 p. 152-156", .forms = AT_SRT, .flags = AT_F_KEPT, \
	.run = at_run_unprefixed, .test_by_run = true
#define ONLINE(n, where)                                                    \
	.name = n, .see = where, .forms = AT_EXEC | AT_SET | AT_TEST,       \
	.flags = AT_F_REFUSED, .run = run_online_only, .test_by_run = true, \
	.param = { { "a", AT_INT, NULL, 0, .optional = true },              \
		{ "b", AT_INT, NULL, 0, .optional = true },                 \
		{ "c", AT_INT, NULL, 0, .optional = true },                 \
		{ "d", AT_INT, NULL, 0, .optional = true } }
#define CAPABILITIES                                                   \
	.param = { { "vr", AT_INT, "(0,1)", 0, AT_SLOT, AT_WF, true }, \
		{ "br", AT_INT, "(0-5)", 5, AT_SLOT, AT_WF, true },    \
		{ "wd", AT_INT, "(0-2)", 0, AT_SLOT, AT_WF, true },    \
		{ "ln", AT_INT, "(0-2)", 2, AT_SLOT, AT_WF, true },    \
		{ "df", AT_INT, "(0-3)", 0, AT_SLOT, AT_WF, true },    \
		{ "ec", AT_INT, "(0)", 0, AT_SLOT, AT_WF, true },      \
		{ "bf", AT_INT, "(0)", 0, AT_SLOT, AT_WF, true },      \
		{ "st", AT_INT, "(0-7)", 0, AT_SLOT, AT_WF, true } }

const struct at_cmd at_cmds_fax[] = {
	{ .name = "+FCLASS",
		.see = "data.md +FCLASS; GDW-11 p. 136; GD-01 p. 95",
		.forms = AT_SRT,
		.run = run_class,
		.test_by_run = true,
		.param = { { "class", AT_CHOICE, "(\"0\",\"1\",\"2\",\"1.0\")", 0,
			SETTING(fax_class), AT_RAM } } },
	{ .name = "+FBOR",
		KEPT,
		.param = { { "order", AT_INT, "(0-3)", 0, AT_SLOT, AT_WF } } },
	{ .name = "+FCQ",
		KEPT,
		.param = { { "check", AT_INT, "(0)", 0, AT_SLOT, AT_WF } } },
	{ .name = "+FCR",
		KEPT,
		.param = { { "receive", AT_INT, "(0,1)", 1, AT_SLOT, AT_WF } } },
	{ .name = "+FDCC", KEPT, CAPABILITIES },
	{ .name = "+FDIS", KEPT, CAPABILITIES },
	{ .name = "+FPHCTO",
		KEPT,
		.param = { { "time", AT_INT, "(0-255)", 30, AT_SLOT, AT_WF } } },
	{ .name = "+FLID",
		.see = "data.md +FLID; GDW-11 p. 156; GD-01 p. 114",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.run = run_flid,
		.test_by_run = true,
		.param = { { "id", AT_TEXT, NULL, 0 } } },
	{ .name = "+FBUF",
		.see = "data.md +FBUF; GDW-11 p. 152",
		.forms = AT_READ,
		.run = run_fbuf },
	{ ONLINE("+FTM", "data.md +FTM; GDW-11 p. 146") },
	{ ONLINE("+FRM", "data.md +FRM; GDW-11 p. 147") },
	{ ONLINE("+FTH", "data.md +FTH; GDW-11 p. 147") },
	{ ONLINE("+FRH", "data.md +FRH; GDW-11 p. 148: its name inferred") },
	{ ONLINE("+FTS", "data.md +FTS") },
	{ ONLINE("+FRS", "data.md +FRS") },
	{ ONLINE("+FDT", "data.md +FDT") },
	{ ONLINE("+FDR", "data.md +FDR") },
	{ ONLINE("+FET", "data.md +FET") },
	{ ONLINE("+FPTS", "data.md +FPTS") },
	{ ONLINE("+FK", "data.md +FK") },
	{ 0 },
};
