/* State: the SIM, the network, calls. */
#include "describe/rows.h"

#include "codec/ip.h"
#include "link/link.h"
#include "modem.h"

/* the SIM */

static const char *sim(const struct view *v, char *mem)
{
	(void)mem;
	return sim_state_name(&v->m->sim);
}

static const struct name rack_names[] = {
	{ false, "open", "the SIM has no contact" },
	{ true, "closed", NULL },
	{ 0, NULL, NULL },
};

static const char *rack(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(rack_names, v->m->sim.rack_closed);
}

static const struct row sim_rows[] = {
	{ "state", "state of the SIM", .text = sim, .states = sim_states },
	{ "inserted", "a SIM is in the drawer", BOOL_AT(sim.inserted) },
	{ "rack", "the drawer", .text = rack, .values = rack_names },
	{ "pin_enabled", "the SIM asks for its PIN", BOOL_AT(sim.pin_enabled) },
	{ "pin_tries", "left for PIN1", INT_AT(sim.chv1.pin_tries), .most = 3 },
	{ "puk_tries", "left for PUK1", INT_AT(sim.chv1.puk_tries), .most = 10 },
	{ "pin2_tries", "left for PIN2", INT_AT(sim.chv2.pin_tries), .most = 3 },
	{ "puk2_tries", "left for PUK2", INT_AT(sim.chv2.puk_tries), .most = 10 },
	{ "fixed_dialling", "the FD lock is on", BOOL_AT(sim.fixed_dialling) },
	{ NULL },
};

static bool lock_on(const struct view *v)
{
	return v->m->sim.locks.lock[v->i].on;
}

static long long lock_tries(const struct view *v)
{
	return v->m->sim.locks.lock[v->i].tries;
}

static const struct row lock_rows[] = {
	{ "on", "the modem is locked to the SIM", .flag = lock_on },
	{ "tries", "left for its key", .number = lock_tries },
	{ NULL },
};

/* the network */

static const char *net(const struct view *v, char *mem)
{
	(void)mem;
	return net_state_name(&v->m->net);
}

static bool registered(const struct view *v)
{
	return net_registered(&v->m->net);
}

static bool service(const struct view *v)
{
	return net_service(&v->m->net);
}

static long long stat(const struct view *v)
{
	return net_stat(&v->m->net);
}

static const char *operator_name(const struct view *v, char *mem)
{
	const struct cell *c = v->m->net.cell;
	const struct network_operator *o = c ? net_operator(&v->m->net, c->plmn) : NULL;

	(void)mem;
	return o ? o->long_name : NULL;
}

static const char *plmn(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->net.cell ? v->m->net.cell->plmn : NULL;
}

static long long lac(const struct view *v)
{
	return v->m->net.cell ? v->m->net.cell->lac : UNKNOWN;
}

static long long ci(const struct view *v)
{
	return v->m->net.cell ? v->m->net.cell->ci : UNKNOWN;
}

static long long arfcn(const struct view *v)
{
	return v->m->net.cell ? v->m->net.cell->arfcn : UNKNOWN;
}

static const char *cell_band(const struct view *v, char *mem)
{
	(void)mem;
	return v->m->net.cell ? name_of(band_bit_names, (int)v->m->net.cell->band) : NULL;
}

static long long rssi(const struct view *v)
{
	int strength, errors;

	net_quality(&v->m->net, &strength, &errors);
	return strength;
}

static long long ber(const struct view *v)
{
	int strength, errors;

	net_quality(&v->m->net, &strength, &errors);
	return errors;
}

static const struct row registration_rows[] = {
	{ "state", "state of the network search", .text = net, .states = net_states },
	{ "registered", "home or roaming", .flag = registered },
	{ "stat", "as in +CREG: 0 off, 1 home, 2 searching, 3 denied, 5 roaming",
		.number = stat, .most = 5 },
	{ "service", "it camps on a cell", .flag = service },
	{ "operator", "long name of the cell's network", .text = operator_name },
	{ "plmn", "its MCC and MNC", .text = plmn },
	{ "lac", "location area of the cell", .number = lac },
	{ "ci", "identity of the cell", .number = ci },
	{ "arfcn", "channel of the cell", .number = arfcn },
	{ "band", "band of the cell", .text = cell_band, .values = band_bit_names },
	{ "rssi", "+CSQ: 0 to 31, 99 unknown", .number = rssi, .most = 99 },
	{ "ber", "+CSQ: 0 to 7, 99 unknown", .number = ber, .most = 99 },
	{ NULL },
};

/* what is on the air */

static const struct air_cell *cell_at(const struct view *v)
{
	return &v->m->air.cells[v->i];
}

static bool cell_there(const struct view *v)
{
	return (size_t)v->i < v->m->air.n_cells && cell_at(v)->cell.plmn[0];
}

static const char *cell_plmn(const struct view *v, char *mem)
{
	(void)mem;
	return cell_at(v)->cell.plmn;
}

static const char *cell_operator(const struct view *v, char *mem)
{
	const struct network_operator *o = net_operator(
		&v->m->net, cell_at(v)->cell.plmn);

	(void)mem;
	return o ? o->long_name : NULL;
}

static const char *cell_in_band(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(band_bit_names, (int)cell_at(v)->cell.band);
}

static long long cell_arfcn(const struct view *v)
{
	return cell_at(v)->cell.arfcn;
}

static long long cell_ci(const struct view *v)
{
	return cell_at(v)->cell.ci;
}

static long long cell_rssi(const struct view *v)
{
	const struct cell *c = &cell_at(v)->cell;

	return air_hears(&v->m->air, c) ? air_rssi(&v->m->air, c) : UNKNOWN;
}

static bool cell_serves(const struct view *v)
{
	return v->m->net.cell == &cell_at(v)->cell;
}

static const struct row cell_rows[] = {
	{ "plmn", "MCC and MNC of its network", .text = cell_plmn },
	{ "operator", "long name of its network", .text = cell_operator },
	{ "band", "band in which it transmits", .text = cell_in_band,
		.values = band_bit_names },
	{ "arfcn", "its channel", .number = cell_arfcn },
	{ "ci", "its identity", .number = cell_ci },
	{ "rssi", "how well it is heard, 0 to 31, in whatever band", .number = cell_rssi,
		.most = 31 },
	{ "serves", "the modem camps on it", .flag = cell_serves },
	{ NULL },
};

static const char *gprs(const struct view *v, char *mem)
{
	(void)mem;
	return gprs_state_name(&v->m->gprs);
}

static long long gprs_stat_of(const struct view *v)
{
	return gprs_stat(&v->m->gprs);
}

static const struct row gprs_rows[] = {
	{ "state", "state of GPRS", .text = gprs, .states = gprs_states },
	{ "stat", "as in +CGREG", .number = gprs_stat_of, .most = 5 },
	{ NULL },
};

static const struct gprs_context *context(const struct view *v)
{
	return &v->m->gprs.context[v->i];
}

static bool context_there(const struct view *v)
{
	return context(v)->defined;
}

static long long cid(const struct view *v)
{
	return v->i + 1;
}

static bool context_active(const struct view *v)
{
	return context(v)->active;
}

static const char *apn(const struct view *v, char *mem)
{
	(void)mem;
	return context(v)->apn;
}

static const char *address(const struct view *v, char *mem)
{
	gprs_address(&v->m->gprs, v->i + 1, mem);
	return mem[0] ? mem : NULL;
}

static const struct row context_rows[] = {
	{ "cid", "its number in +CGDCONT", .number = cid, .most = GPRS_CONTEXTS },
	{ "active", "the network has activated it", .flag = context_active },
	{ "apn", "access point name", .text = apn },
	{ "address", "the one it has or requests", .text = address },
	{ NULL },
};

/* the PPP session */

static const struct ppp_memory *session(const struct view *v)
{
	const struct channel *ch = link_speaks_ppp(v->m);

	return ch ? ch->link->ppp.memory : NULL;
}

static const char *ppp_state(const struct view *v, char *mem)
{
	const struct channel *ch = link_speaks_ppp(v->m);

	(void)mem;
	return name_of(ppp_phase_names, ch ? (int)ch->link->ppp.phase : PPP_PHASE_DEAD);
}

static const char *ppp_address(const struct view *v, char *mem)
{
	const struct channel *ch = link_speaks_ppp(v->m);

	if (!ch || ch->link->ppp.phase != PPP_PHASE_OPEN)
		return NULL;
	ip_addr_text(session(v)->address, mem);
	return mem;
}

static const struct name login_names[] = {
	{ GPRS_LOGIN_NONE, "none", "without" },
	{ GPRS_LOGIN_PAP, "pap", NULL },
	{ GPRS_LOGIN_CHAP, "chap", NULL },
	{ 0, NULL, NULL },
};

static const char *ppp_login_by(const struct view *v, char *mem)
{
	(void)mem;
	return session(v) ? name_of(login_names, (int)session(v)->login.by) : NULL;
}

static const char *ppp_user(const struct view *v, char *mem)
{
	if (!session(v) || !session(v)->logged_in)
		return NULL;
	snprintf(mem, MODEM_STATE_TEXT, "%.*s", MODEM_STATE_TEXT - 1,
		session(v)->login.user);
	return mem;
}

static long long ppp_from_host(const struct view *v)
{
	return session(v) ? (long long)session(v)->packets[0] : 0;
}

static long long ppp_to_host(const struct view *v)
{
	return session(v) ? (long long)session(v)->packets[1] : 0;
}

static const struct row ppp_rows[] = {
	{ "state", "phase of the PPP session", .text = ppp_state,
		.values = ppp_phase_names },
	{ "address", "of the host, while IP packets pass", .text = ppp_address },
	{ "login", "how the host is asked to log in", .text = ppp_login_by,
		.values = login_names },
	{ "user", "the name that it has logged in with", .text = ppp_user },
	{ "from_host", "IP packets from the host in this session",
		.number = ppp_from_host },
	{ "to_host", "IP packets to the host", .number = ppp_to_host },
	{ NULL },
};

/* calls */

static const struct name bearer_names[] = {
	{ BEARER_VOICE, "voice", NULL },
	{ BEARER_DATA, "data", NULL },
	{ BEARER_FAX, "fax", NULL },
	{ 0, NULL, NULL },
};

static const struct call *call(const struct view *v)
{
	return &v->m->calls.call[v->i];
}

static bool call_there(const struct view *v)
{
	return (size_t)v->i < v->m->calls.made && call_state(call(v)) != CALL_FREE;
}

static long long call_id(const struct view *v)
{
	return call(v)->id;
}

static const char *call_is(const struct view *v, char *mem)
{
	(void)mem;
	return call_state_name(call(v));
}

static bool call_incoming_is(const struct view *v)
{
	return call(v)->incoming;
}

static const char *call_number(const struct view *v, char *mem)
{
	(void)mem;
	return call(v)->withheld ? NULL : call(v)->number;
}

static const char *call_bearer(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(bearer_names, (int)call(v)->bearer);
}

static bool call_multiparty(const struct view *v)
{
	return call(v)->multiparty;
}

static const struct row call_rows[] = {
	/* a free one is not in the list */
	{ "state", "state of the call", .text = call_is,
		.states = call_states + CALL_FREE + 1 },
	{ "id", "as in +CLCC", .number = call_id },
	{ "incoming", "it is an incoming call", .flag = call_incoming_is },
	{ "number", "number of the other end", .text = call_number },
	{ "bearer", "its bearer", .text = call_bearer, .values = bearer_names },
	{ "multiparty", "part of a conference", .flag = call_multiparty },
	{ NULL },
};

/* the far end of a data call */

static long long far_received(const struct view *v)
{
	return (long long)v->m->far_end.received;
}

/* As much of the end as fits. */
static const char *far_newest(const struct view *v, char *mem)
{
	char all[MODEM_FAR_KEPT];
	size_t len, n;
	struct buf b;

	modem_far_received(v->m, all, &len);
	n = len < MODEM_STATE_TEXT ? len : MODEM_STATE_TEXT - 1;
	do {
		buf_init(&b, mem, MODEM_STATE_TEXT - 1);
	} while (!buf_put_visible(&b, all + len - n, n) && n--);
	mem[b.len] = '\0';
	return mem;
}

static const struct row far_end_rows[] = {
	{ "received", "bytes it has received in the last data call",
		.number = far_received },
	{ "newest", "the last of them, at most 159 characters with \\r, \\n, \\\\, <1A>",
		.text = far_newest },
	{ NULL },
};

static bool toolkit_there(const struct view *v)
{
	return toolkit_present(v->m->toolkit.conf);
}

static const char *toolkit_now(const struct view *v, char *mem)
{
	(void)mem;
	return fsm_name(&v->m->toolkit.fsm);
}

static const char *toolkit_asked(const struct view *v, char *mem)
{
	int command = toolkit_command(&v->m->toolkit);

	(void)mem;
	/* the menu is never asked: its place is that of none */
	return name_of(toolkit_asked_names, command < 0 ? 0 : command);
}

static const char *toolkit_step(const struct view *v, char *mem)
{
	const struct toolkit_step *s = v->m->toolkit.step;

	(void)mem;
	return s ? s->name : "none";
}

static const char *toolkit_step_choice(const struct profile *p, size_t i)
{
	const struct toolkit_conf *c = &p->sim.toolkit;

	if (!i)
		return "none";
	return i <= c->steps ? c->step[i - 1].name : NULL;
}

/* The menus that lead back: "mpesa/phone". */
static const char *toolkit_menus(const struct view *v, char *mem)
{
	const struct toolkit *t = &v->m->toolkit;
	struct buf b;
	size_t i;

	buf_init(&b, mem, MODEM_STATE_TEXT - 1);
	for (i = 0; i < t->depth; i++)
		buf_printf(&b, "%s%s", i ? "/" : "", t->path[i]->name);
	mem[b.len] = '\0';
	return mem;
}

static const struct row toolkit_rows[] = {
	{ "state", "what the card does", .text = toolkit_now, .states = toolkit_states },
	{ "command", "what it asks, or none", .text = toolkit_asked,
		.values = toolkit_asked_names },
	{ "step", "the step of its file that it asks, or none", .text = toolkit_step,
		.choice = toolkit_step_choice },
	{ "menus", "the menus that lead back, such as mpesa/send",
		.text = toolkit_menus },
	{ "on", "+STSF as it was at the boot", BOOL_AT(s.toolkit_on) },
	{ "menu", "it has set up its menu", BOOL_AT(toolkit.menu) },
	{ NULL },
};

const struct part describe_network[] = {
	{ "sim", sim_rows },
	{ "toolkit", toolkit_rows, .there = toolkit_there },
	{ "locks", lock_rows, .each = sim_lock_names },
	{ "registration", registration_rows },
	{ "cells", cell_rows, .most = PROFILE_CELLS, .there = cell_there },
	{ "gprs", gprs_rows },
	{ "contexts", context_rows, .most = GPRS_CONTEXTS, .there = context_there },
	{ "ppp", ppp_rows },
	{ "calls", call_rows, .most = CALLS, .there = call_there },
	{ "far_end", far_end_rows },
	{ NULL },
};
