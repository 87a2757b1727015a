/* Actions on the cells and on what the network does with the modem. These changes stay
 * until another action undoes them; `network: usual` undoes all. */
#include <stdio.h>
#include <string.h>

#include "actions/rows.h"
#include "chapters/network/network.h"
#include "state/modem_state.h"

#define AS_IT_IS -1 /* an argument that was left out */

static const char *check_plmn(const void *value)
{
	const char *plmn = value;
	size_t digits = strspn(plmn, "0123456789");

	return !plmn[digits] && (digits == 5 || digits == 6)
		       ? NULL
		       : "is not a PLMN; write 5 or 6 digits in quotes, such as "
			 "\"20801\"";
}

/* strength */

enum {
	SIGNAL_GIVEN,
	SIGNAL_USUAL,
	SIGNAL_NONE,
};

struct signal_args {
	int to, rssi, dbm, ber;
};

static const struct name signal_names[] = {
	{ SIGNAL_GIVEN, "given", "as rssi, dbm or ber say" },
	{ SIGNAL_USUAL, "usual", "as in the profile" },
	{ SIGNAL_NONE, "none", "no antenna" },
	{ 0, NULL, NULL },
};
static const struct schema_field signal_fields[] = {
	{ "to", "none or usual; may be omitted", SCHEMA_ENUM, ARG(signal_args, to),
		.names = signal_names, .def = "given" },
	{ "rssi", "of the serving cell, as in +CSQ; the others change with it",
		SCHEMA_INT, ARG(signal_args, rssi), .min = AS_IT_IS, .max = AIR_STEPS,
		.def = "-1" },
	{ "dbm", "the same in dBm, -113 to -51", SCHEMA_INT, ARG(signal_args, dbm),
		.min = -113, .max = 0, .def = "0" },
	{ "ber", "bit errors of every cell, as in +CSQ", SCHEMA_INT,
		ARG(signal_args, ber), .min = AS_IT_IS, .max = 7, .def = "-1" },
	{ NULL },
};
static const struct schema signal_schema = { .name = "signal",
	.help = "how well cells are received",
	.fields = signal_fields,
	.scalar = signal_fields };

static const char *check_signal(const void *args)
{
	const struct signal_args *a = args;
	bool values = a->rssi >= 0 || a->dbm || a->ber >= 0;

	if (a->rssi >= 0 && a->dbm)
		return "rssi and dbm mean the same; write one of them";
	if (a->dbm > -51 && a->dbm)
		return "outside the range of +CSQ; write a dbm of -113 to -51";
	if (a->to == SIGNAL_GIVEN && !values)
		return "no strength given; write rssi: 0 to 31, dbm: -113 to -51, ber: 0 "
		       "to 7, none or usual";
	if (a->to != SIGNAL_GIVEN && values)
		return "none and usual have no values; omit them";
	return NULL;
}

/* The serving cell, or the one that would serve. */
static const struct cell *reference(struct modem *m)
{
	const struct cell *best;
	size_t i;

	if (m->net.cell)
		return m->net.cell;
	best = net_best_cell(&m->net, NULL);
	for (i = 0; !best && i < m->air.n_cells; i++)
		if (m->air.cells[i].sends)
			best = &m->air.cells[i].cell;
	return best;
}

static const char *set_signal(struct modem *m, const void *args)
{
	const struct signal_args *a = args;
	const struct cell *cell = reference(m);
	int rssi = a->dbm ? (a->dbm + 113) / 2 : a->rssi;

	if (rssi >= 0 && !cell)
		return "no cell transmits here; add one: cell";
	switch (a->to) {
	case SIGNAL_NONE:
		m->air.deaf = true;
		break;
	case SIGNAL_USUAL:
		m->air.deaf = false;
		m->air.loss = 0;
		m->air.ber = -1;
		break;
	default:
		if (rssi >= 0)
			air_hear(&m->air, cell, rssi);
		if (a->ber >= 0)
			m->air.ber = a->ber;
		break;
	}
	net_air_changed(&m->net);
	return NULL;
}

/* cells */

enum {
	CELL_SENDS,
	CELL_SILENT,
};

struct cell_args {
	int ci, to, band, arfcn, bsic, lac, rssi, ber, timing_advance;
	char plmn[8];
};

static const struct name cell_states[] = {
	{ CELL_SENDS, "sends", "transmits, as before or from now on" },
	{ CELL_SILENT, "silent", "is off; `sends` restores it" },
	{ 0, NULL, NULL },
};
static const struct name cell_bands[] = {
	{ 0, "as-it-is", NULL },
	{ BAND_850, "850", NULL },
	{ BAND_900, "900", NULL },
	{ BAND_1800, "1800", NULL },
	{ BAND_1900, "1900", NULL },
	{ 0, NULL, NULL },
};
static const struct schema_field cell_fields[] = {
	{ "ci", "its identity: a cell of the profile, or a new one", SCHEMA_INT,
		ARG(cell_args, ci), .max = 0xffff, .flags = SCHEMA_REQUIRED },
	{ "plmn",
		"its network; distinguishes cells with the same ci, a new cell needs it",
		SCHEMA_TEXT, ARG(cell_args, plmn), .check = check_plmn },
	{ "to", "what happens to it", SCHEMA_ENUM, ARG(cell_args, to),
		.names = cell_states, .def = "sends" },
	{ "band", "band in which it transmits; a new cell needs it", SCHEMA_ENUM,
		ARG(cell_args, band), .names = cell_bands, .def = "as-it-is" },
	{ "arfcn", "its channel in the band; -1: unchanged, or a free one", SCHEMA_INT,
		ARG(cell_args, arfcn), .min = AS_IT_IS, .max = CHANNEL_MAX, .def = "-1" },
	{ "bsic", "base station colour code; -1: unchanged, or 0", SCHEMA_INT,
		ARG(cell_args, bsic), .min = AS_IT_IS, .max = 63, .def = "-1" },
	{ "lac", "location area; a new cell needs it", SCHEMA_INT, ARG(cell_args, lac),
		.min = AS_IT_IS, .max = 0xfffe, .def = "-1" },
	{ "rssi", "its strength as in +CSQ; -1: unchanged, or 20", SCHEMA_INT,
		ARG(cell_args, rssi), .min = AS_IT_IS, .max = AIR_STEPS, .def = "-1" },
	{ "ber", "its bit errors as in +CSQ; -1: unchanged, or 0", SCHEMA_INT,
		ARG(cell_args, ber), .min = AS_IT_IS, .max = 7, .def = "-1" },
	{ "timing_advance", "0 to 63, about 550 m each; -1: unchanged, or 0", SCHEMA_INT,
		ARG(cell_args, timing_advance), .min = AS_IT_IS, .max = 63, .def = "-1" },
	{ NULL },
};
static const struct schema cell_schema = { .name = "cell_change",
	.help = "adds, removes or changes a cell",
	.fields = cell_fields };

#define NEW_RSSI 20

static void take(int *field, int value, bool new, int otherwise)
{
	if (value != AS_IT_IS)
		*field = value;
	else if (new)
		*field = otherwise;
}

/* Applies the arguments to the cell. NULL, or what is wrong. */
static const char *describe_cell(
	struct modem *m, const struct cell_args *a, bool new, struct cell *c)
{
	if (new && !a->plmn[0])
		return "no cell here has this ci; a new one needs plmn, band and lac";
	if (new && (!a->band || a->lac <= 0))
		return "a new cell needs band and lac too; write them, such as band: 900";
	if (!a->lac)
		return "lac 0 is not valid; write 1 to 65534";
	if (a->plmn[0])
		strcpy(c->plmn, a->plmn);
	if (!air_operator(&m->air, c->plmn))
		return "no operator here has this plmn; add it first: operator";
	if (a->band && a->band != (int)c->band) {
		c->band = (enum band_bit)a->band;
		c->arfcn = air_free_channel(&m->air, c->band);
	}
	c->ci = a->ci;
	take(&c->arfcn, a->arfcn, new, air_free_channel(&m->air, c->band));
	take(&c->bsic, a->bsic, new, 0);
	take(&c->lac, a->lac, new, 0);
	take(&c->rssi, a->rssi, new, NEW_RSSI);
	take(&c->ber, a->ber, new, 0);
	take(&c->timing_advance, a->timing_advance, new, 0);
	return band_has(c->band, c->arfcn)
		       ? NULL
		       : "this arfcn is not in that band; omit it for a free one";
}

static const char *set_cell(struct modem *m, const void *args)
{
	const struct cell_args *a = args;
	bool several;
	struct air_cell *c = air_cell(
		&m->air, a->plmn[0] ? a->plmn : NULL, a->ci, &several);
	struct cell want = { .ci = a->ci };
	const char *why;

	if (several)
		return "several cells have this ci; name its plmn too";
	if (!c && a->to == CELL_SILENT)
		return "no cell here has this ci; AT+CCED=0 lists those that are "
		       "received";
	if (c)
		want = c->cell;
	why = describe_cell(m, a, !c, &want);
	if (why)
		return why;
	if (!c)
		c = air_cell_add(&m->air);
	if (!c)
		return "no room for another cell; switch off one that is not in the "
		       "profile: to: silent";
	c->cell = want;
	c->sends = a->to == CELL_SENDS;
	net_air_changed(&m->net);
	return NULL;
}

/* operators */

struct operator_args {
	char plmn[8], long_name[28], short_name[16];
	int forbidden;
};

static const struct name forbidden_names[] = {
	{ AS_IT_IS, "as-it-is", NULL },
	{ 0, "no", "it accepts this SIM" },
	{ 1, "yes", "it refuses this SIM" },
	{ 0, NULL, NULL },
};
static const struct schema_field operator_fields[] = {
	{ "plmn", "MCC and MNC: one in the profile, or a new one", SCHEMA_TEXT,
		ARG(operator_args, plmn), .flags = SCHEMA_REQUIRED, .check = check_plmn },
	{ "long", "long name; a new operator needs it", SCHEMA_TEXT,
		ARG(operator_args, long_name) },
	{ "short",
		"short name; for a new operator the default is the start of the long "
		"name",
		SCHEMA_TEXT, ARG(operator_args, short_name) },
	{ "forbidden", "whether it refuses this SIM", SCHEMA_ENUM,
		ARG(operator_args, forbidden), .names = forbidden_names,
		.def = "as-it-is" },
	{ NULL },
};
static const struct schema operator_schema = { .name = "operator_change",
	.help = "adds or changes an operator",
	.fields = operator_fields };

static const char *set_operator(struct modem *m, const void *args)
{
	const struct operator_args *a = args;
	struct network_operator *o = air_operator(&m->air, a->plmn);

	if (!o && !a->long_name[0])
		return "no operator here has this plmn; a new operator needs a long name";
	if (!o && !(o = air_operator_add(&m->air, a->plmn)))
		return "no room for another operator; change an existing one";
	if (a->long_name[0])
		strcpy(o->long_name, a->long_name);
	if (a->short_name[0])
		strcpy(o->short_name, a->short_name);
	if (!o->short_name[0])
		snprintf(o->short_name, sizeof(o->short_name), "%.15s", o->long_name);
	if (a->forbidden != AS_IT_IS)
		o->forbidden = a->forbidden;
	net_air_changed(&m->net);
	return NULL;
}

/* registration */

struct deregister_args {
	int cause;
};

static const struct schema_field deregister_fields[] = {
	{ "cause",
		"cause with which each location update is refused from now on (24.008 "
		"10.5.3.6): 2, 3, 6 SIM or device, 11, 12, 13, 15 not here, 17, 22 tried "
		"again; 0: accepted",
		SCHEMA_INT, ARG(deregister_args, cause), .max = 127, .def = "0" },
	{ NULL },
};
static const struct schema deregister_schema = { .name = "deregister",
	.help = "the network detaches the modem, and accepts or refuses it afterwards",
	.fields = deregister_fields };

static const char *deregister(struct modem *m, const void *args)
{
	const struct deregister_args *a = args;

	m->air.refusal = a->cause;
	net_thrown_off(&m->net);
	return NULL;
}

struct roaming_args {
	int on;
};

static const struct name roaming_names[] = {
	{ 0, "off", "as PLMN and SIM say" },
	{ 1, "on", "every network is a foreign one" },
	{ 0, NULL, NULL },
};
static const struct schema_field roaming_fields[] = {
	{ "to", "off or on", SCHEMA_ENUM, ARG(roaming_args, on), .names = roaming_names,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema roaming_schema = { .name = "roaming",
	.help = "the modem is abroad, or at home again",
	.fields = roaming_fields,
	.scalar = roaming_fields };

static const char *roaming(struct modem *m, const void *args)
{
	const struct roaming_args *a = args;

	m->air.foreign = a->on;
	net_air_changed(&m->net);
	return NULL;
}

/* name and time */

#define ZONE_AS_IT_IS -49

struct nitz_args {
	int zone, saving;
	char time[24], long_name[28], short_name[16];
	unsigned omits;
};

static const char *check_time(const void *value)
{
	const char *text = value;
	int64_t time;

	return !text[0] || clock_parse(text, strlen(text), &time)
		       ? NULL
		       : "is not a time; write \"yy/MM/dd,hh:mm:ss\"";
}

static const struct schema_field nitz_fields[] = {
	{ "zone", "quarters of an hour east of Greenwich, -48 to 56; -49: unchanged",
		SCHEMA_INT, ARG(nitz_args, zone), .min = ZONE_AS_IT_IS, .max = 56,
		.def = "-49" },
	{ "saving", "hours of summer time included; -1: unchanged", SCHEMA_INT,
		ARG(nitz_args, saving), .min = AS_IT_IS, .max = 2, .def = "-1" },
	{ "time", "universal time \"yy/MM/dd,hh:mm:ss\"; left out: now", SCHEMA_TEXT,
		ARG(nitz_args, time), .check = check_time },
	{ "long", "long name; left out: the operator's", SCHEMA_TEXT,
		ARG(nitz_args, long_name) },
	{ "short", "short name; left out: the operator's", SCHEMA_TEXT,
		ARG(nitz_args, short_name) },
	{ "omits", "what it does not send, in addition to the profile's `omits`",
		SCHEMA_SET, ARG(nitz_args, omits), .names = nitz_names },
	{ NULL },
};
static const struct schema nitz_schema = { .name = "nitz_message",
	.help = "the network sends its name and time: +WIND: 15; its zone stays",
	.fields = nitz_fields };

static const char *send_nitz(struct modem *m, const void *args)
{
	const struct nitz_args *a = args;
	struct nitz n;

	if (!net_registered(&m->net))
		return "the modem is not registered; nothing reaches it";
	if (a->zone != ZONE_AS_IT_IS)
		m->air.zone = a->zone;
	if (a->saving != AS_IT_IS)
		m->air.saving = a->saving;
	n = at_nitz_now(m);
	if (a->time[0])
		clock_parse(a->time, strlen(a->time), &n.time);
	if (a->long_name[0])
		n.long_name = a->long_name;
	if (a->short_name[0])
		n.short_name = a->short_name;
	n.omits |= a->omits;
	at_nitz(m, &n);
	return NULL;
}

/* all of it */

struct network_args {
	int to;
};

static const struct name network_names[] = {
	{ 0, "usual", "as in the profile" },
	{ 0, NULL, NULL },
};
static const struct schema_field network_fields[] = {
	{ "to", "usual", SCHEMA_ENUM, ARG(network_args, to), .names = network_names,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema network_schema = { .name = "network_again",
	.help = "undoes what actions have changed in cells, operators and registration",
	.fields = network_fields,
	.scalar = network_fields };

static const char *network(struct modem *m, const void *args)
{
	(void)args;
	net_air_reset(&m->net);
	return NULL;
}

const struct action_row actions_net[] = {
	{ "signal", &signal_schema, sizeof(struct signal_args), set_signal, check_signal,
		.example = "signal rssi=12" },
	{ "cell", &cell_schema, sizeof(struct cell_args), set_cell,
		.example = "cell ci=7 rssi=9" },
	{ "operator", &operator_schema, sizeof(struct operator_args), set_operator,
		.example = "operator plmn=20820 forbidden=yes" },
	{ "deregister", &deregister_schema, sizeof(struct deregister_args), deregister,
		.example = "deregister cause=17" },
	{ "roaming", &roaming_schema, sizeof(struct roaming_args), roaming },
	{ "nitz", &nitz_schema, sizeof(struct nitz_args), send_nitz },
	{ "network", &network_schema, sizeof(struct network_args), network },
	{ NULL },
};
