/* GPRS: contexts, attach, activation (gprs.md; 27.007 clause 10). Settings and small
 * commands are in cmd_gprs_set.c, going online in cmd_gprs_data.c. */
#include <stdio.h>
#include <string.h>

#include "at/chapter.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/gprs/gprs.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define CIDS "(1-4)"

static const char *const types[] = { "IP", "PPP" };

/* Copies a text argument; "" if it was left out. Returns false if it is too long. */
static bool copy_text(const struct at_call *c, size_t i, char *out, size_t max)
{
	size_t len = at_given(c, i) ? c->arg[i].len : 0;

	if (len > max)
		return false;
	memcpy(out, c->arg[i].text ? c->arg[i].text : "", len);
	out[len] = '\0';
	return true;
}

/* +CGDCONT */

/* GDW-11 p. 215, GD-01 p. 150: a dynamic address is an empty field without quotes. */
static int read_cgdcont(struct channel *ch)
{
	struct modem *m = ch->modem;
	int cid;

	for (cid = 1; cid <= GPRS_CONTEXTS; cid++) {
		const struct gprs_context *c = gprs_context(&m->gprs, cid);
		const char *quote = c->address[0] ? "\"" : "";

		if (c->defined)
			at_info(ch, "+CGDCONT: %d,\"%s\",\"%s\",%s%s%s,%d,%d", cid,
				types[c->type], c->apn, quote, c->address, quote,
				c->d_comp, c->h_comp);
	}
	return AT_OK;
}

static int define(struct channel *ch, struct at_call *c, int cid)
{
	struct modem *m = ch->modem;
	struct gprs_context *context = gprs_context(&m->gprs, cid);
	struct gprs_context made = { .wanted = context->wanted,
		.minimum = context->minimum,
		.defined = true,
		.type = at_given(c, 1) ? (enum gprs_type)c->arg[1].num : GPRS_IP,
		.d_comp = at_given(c, 4) ? c->arg[4].num : 0,
		.h_comp = at_given(c, 5) ? c->arg[5].num : 0 };

	if (!copy_text(c, 2, made.apn, GPRS_APN_MAX) ||
		!copy_text(c, 3, made.address, GPRS_ADDR_MAX))
		return AT_CME(CME_NOT_ALLOWED);
	*context = made;
	return AT_OK;
}

static int run_cgdcont(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int cid = c->arg[0].num;
	int result = AT_OK;

	if (c->form == AT_READ)
		return read_cgdcont(ch);
	if (c->form == AT_TEST) {
		at_info(ch, "+CGDCONT: " CIDS ",\"IP\",,,(0-1),(0-1)");
		at_info(ch, "+CGDCONT: " CIDS ",\"PPP\",,,0,0");
		return AT_OK;
	}
	if (gprs_context(&m->gprs, cid)->active)
		return AT_CME(CME_NOT_ALLOWED);
	if (c->args == 1)
		gprs_undefine(&m->gprs, cid);
	else
		result = define(ch, c, cid);
	if (result == AT_OK && !nv_save_gprs(m))
		return AT_CME(CME_MEMORY);
	return result;
}

/* +CGQREQ, +CGQMIN */

/* GDW-11 p. 219, GD-01 p. 154: the test form lists the classes that the network may
 * grant. 0, the subscribed class (24.008 clause 10.5.6.5), is accepted too. */

static struct gprs_qos *qos_of(struct channel *ch, const struct at_call *c, int cid)
{
	struct modem *m = ch->modem;
	struct gprs_context *context = gprs_context(&m->gprs, cid);

	return !strcmp(c->entry->cmd->name, "+CGQREQ") ? &context->wanted
						       : &context->minimum;
}

static int run_qos(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *name = c->entry->cmd->name;
	struct gprs_qos *q;
	size_t i;
	int cid;

	if (c->form == AT_TEST) {
		for (i = 0; i < 2; i++)
			at_info(ch, "%s: \"%s\",(1-3),(1-4),(1-5),(1-9),(1-31)", name,
				types[i]);
		return AT_OK;
	}
	if (c->form == AT_READ) {
		for (cid = 1; cid <= GPRS_CONTEXTS; cid++) {
			q = qos_of(ch, c, cid);
			if (q->set)
				at_info(ch, "%s: %d,%d,%d,%d,%d,%d", name, cid,
					q->value[0], q->value[1], q->value[2],
					q->value[3], q->value[4]);
		}
		return AT_OK;
	}
	q = qos_of(ch, c, c->arg[0].num);
	*q = (struct gprs_qos){ .set = c->args > 1 };
	for (i = 0; i < GPRS_QOS; i++)
		q->value[i] = at_given(c, i + 1) ? c->arg[i + 1].num : 0;
	return nv_save_gprs(m) ? AT_OK : AT_CME(CME_MEMORY);
}

/* +CGATT, +CGACT */

static int gprs_result(struct modem *m)
{
	int error = gprs_error(&m->gprs);

	if (error)
		at_gprs_failed(m, error);
	return error ? AT_CME(error) : AT_OK;
}

static int more_gprs(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;

	(void)c;
	if (why != AT_WHY_NET || gprs_busy(&m->gprs))
		return AT_PENDING;
	return gprs_result(m);
}

enum { /* <state> of +CGATT */
	CGATT_DETACH,
	CGATT_ATTACH,
	CGATT_DETACH_BOTH, /* GPRS and GSM in one request: GDW-11 p. 222 */
};

/* The GPRS part is done. State 2 then detaches GSM too, as AT+COPS=2 does, but only until
 * a reset (inferred). */
static int cgatt_result(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->arg[0].num != CGATT_DETACH_BOTH)
		return gprs_result(m);
	if (m->net.mode != NET_DEREGISTERED)
		net_select(&m->net, NET_DEREGISTERED, "");
	return net_settled(&m->net) ? AT_OK : AT_PENDING;
}

static int run_cgatt(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	bool pending;

	if (c->form == AT_READ) {
		at_info(ch, "+CGATT: %d", gprs_attached(&m->gprs));
		return AT_OK;
	}
	if (gprs_busy(&m->gprs))
		return AT_CME(CME_BUSY);
	if (c->arg[0].num == CGATT_ATTACH && m->live.cgclass == CGCLASS_CC)
		return AT_CME(CME_CLASS);
	at_gprs_network(m);
	pending = c->arg[0].num == CGATT_ATTACH ? gprs_attach(&m->gprs)
						: gprs_detach(&m->gprs);
	return pending ? AT_PENDING : cgatt_result(ch, c);
}

static int more_cgatt(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;

	if (why != AT_WHY_NET || gprs_busy(&m->gprs))
		return AT_PENDING;
	return cgatt_result(ch, c);
}

/* The contexts that +CGACT or +CGPADDR names, all defined ones if it names none. Returns
 * 0 if one of them is not defined. */
static unsigned named_cids(struct channel *ch, const struct at_call *c, size_t first)
{
	struct modem *m = ch->modem;
	unsigned set = 0;
	size_t i;

	for (i = first; i < c->args; i++)
		if (at_given(c, i))
			set |= GPRS_CID(c->arg[i].num);
	if (!set)
		return gprs_defined(&m->gprs);
	return set & ~gprs_defined(&m->gprs) ? 0 : set;
}

static int run_cgact(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	unsigned cids;
	int cid;

	if (c->form == AT_READ) {
		for (cid = 1; cid <= GPRS_CONTEXTS; cid++) {
			const struct gprs_context *context = gprs_context(&m->gprs, cid);

			if (context->defined)
				at_info(ch, "+CGACT: %d,%d", cid, context->active);
		}
		return AT_OK;
	}
	if (gprs_busy(&m->gprs))
		return AT_CME(CME_BUSY);
	cids = named_cids(ch, c, 1);
	if (!cids)
		return !c->arg[0].num && c->args == 1 ? AT_OK : AT_CME(CME_NOT_ALLOWED);
	if (!c->arg[0].num) {
		gprs_deactivate(&m->gprs, cids);
		at_ppp_follow(m);
		chapters_gprs(m);
		return AT_OK;
	}
	at_gprs_network(m);
	if (!at_given(c, 1))
		cids = gprs_activatable(&m->gprs, cids);
	return gprs_activate(&m->gprs, cids, NULL) ? AT_PENDING : gprs_result(m);
}

/* +CGPADDR */

static int test_cgpaddr(struct channel *ch)
{
	struct modem *m = ch->modem;
	char text[24];
	struct buf b;
	int cid;

	buf_init(&b, text, sizeof(text));
	for (cid = 1; cid <= GPRS_CONTEXTS; cid++)
		if (gprs_context(&m->gprs, cid)->defined)
			buf_printf(&b, "%s%d", b.len ? "," : "", cid);
	if (b.len)
		at_info(ch, "+CGPADDR: (%.*s)", (int)b.len, text);
	return AT_OK;
}

static int run_cgpaddr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char address[GPRS_ADDR_MAX + 1];
	unsigned cids;
	int cid;

	if (c->form == AT_TEST)
		return test_cgpaddr(ch);
	cids = named_cids(ch, c, 0);
	if (!cids && c->form == AT_SET)
		return AT_CME(CME_NOT_ALLOWED);
	for (cid = 1; cid <= GPRS_CONTEXTS; cid++) {
		if (!(cids & GPRS_CID(cid)))
			continue;
		gprs_address(&m->gprs, cid, address);
		if (address[0])
			at_info(ch, "+CGPADDR: %d,\"%s\"", cid, address);
		else
			at_info(ch, "+CGPADDR: %d,", cid);
	}
	return AT_OK;
}

const struct at_cmd at_cmds_gprs[] = {
	{ .name = "+CGDCONT",
		.own = AT_EE,
		.own_value = "none",
		.see = "gprs.md +CGDCONT; GDW-11 pp. 369-377, p. 214-215",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cgdcont,
		.test_by_run = true,
		.param = { { "cid", AT_INT, CIDS, 1 },
			{ "type", AT_CHOICE, "(\"IP\",\"PPP\")", 0, .optional = true },
			{ "apn", AT_TEXT, NULL, 0, .optional = true },
			{ "address", AT_TEXT, NULL, 0, .optional = true },
			{ "d_comp", AT_INT, "(0-1)", 0, .optional = true },
			{ "h_comp", AT_INT, "(0-1)", 0, .optional = true } } },
	{ .name = "+CGQREQ",
		.own = AT_EE,
		.own_value = "none",
		.see = "gprs.md +CGQREQ: factory value and storage inferred; GDW-11 pp. "
		       "369-377, p. 219",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_qos,
		.test_by_run = true,
		.param = { { "cid", AT_INT, CIDS, 1 },
			{ "precedence", AT_INT, "(0-3)", 0, .optional = true },
			{ "delay", AT_INT, "(0-4)", 0, .optional = true },
			{ "reliability", AT_INT, "(0-5)", 0, .optional = true },
			{ "peak", AT_INT, "(0-9)", 0, .optional = true },
			{ "mean", AT_INT, "(0-31)", 0, .optional = true } } },
	{ .name = "+CGQMIN",
		.own = AT_EE,
		.own_value = "none",
		.see = "gprs.md +CGQMIN: factory value and storage inferred; GDW-11 pp. "
		       "369-377, p. 221",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_qos,
		.test_by_run = true,
		.param = { { "cid", AT_INT, CIDS, 1 },
			{ "precedence", AT_INT, "(0-3)", 0, .optional = true },
			{ "delay", AT_INT, "(0-4)", 0, .optional = true },
			{ "reliability", AT_INT, "(0-5)", 0, .optional = true },
			{ "peak", AT_INT, "(0-9)", 0, .optional = true },
			{ "mean", AT_INT, "(0-31)", 0, .optional = true } } },
	{ .name = "+CGATT",
		.see = "gprs.md +CGATT; GDW-11 p. 222",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cgatt,
		.more = more_cgatt,
		.works = at_works_always,
		.test = "(0-1)",
		.param = { { "state", AT_INT, "(0-2)", 0 } } },
	{ .name = "+CGACT",
		.see = "gprs.md +CGACT; GDW-11 p. 223",
		.forms = AT_SRT,
		.test = "(0-1)",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cgact,
		.more = more_gprs,
		.works = at_works_always,
		.param = { { "state", AT_INT, "(0-1)", 0 },
			{ "cid", AT_INT, CIDS, 1, .optional = true },
			{ "cid2", AT_INT, CIDS, 1, .optional = true },
			{ "cid3", AT_INT, CIDS, 1, .optional = true },
			{ "cid4", AT_INT, CIDS, 1, .optional = true } } },
	{ .name = "+CGPADDR",
		.see = "gprs.md +CGPADDR; GDW-11 pp. 369-377, p. 239",
		.forms = AT_EXEC | AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.run = run_cgpaddr,
		.test_by_run = true,
		.param = { { "cid", AT_INT, CIDS, 1, .optional = true },
			{ "cid2", AT_INT, CIDS, 1, .optional = true },
			{ "cid3", AT_INT, CIDS, 1, .optional = true },
			{ "cid4", AT_INT, CIDS, 1, .optional = true } } },
	{ 0 },
};
