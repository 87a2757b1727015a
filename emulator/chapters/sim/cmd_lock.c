/* Chapter security: facility locks and passwords (sim.md +CLCK, +CPWD, +WLCK). The
 * barring facilities, which the network keeps, are in barring.c. */
#include <ctype.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/boot/boot.h"
#include "chapters/services/barring.h"
#include "chapters/sim/sim.h"
#include "codec/hex.h"
#include "state/modem_state.h"
#include "state/nv.h"

enum kind {
	KIND_DEVICE,  /* a lock of the modem: `lock` */
	KIND_PIN,     /* PIN1 of the SIM */
	KIND_FIXED,   /* fixed dialling, PIN2 */
	KIND_BARRING, /* kept by the network */
};

struct facility {
	const char *name;
	enum kind kind;
	int which;          /* sim_lock_id or ss_barring */
	bool password_only; /* +CPWD has it, +CLCK does not */
};

/* In the order of +CLCK=? and +CPWD=?. */
static const struct facility facilities[] = {
	{ "PS", KIND_DEVICE, LOCK_PS },
	{ "SC", KIND_PIN, 0 },
	{ "AO", KIND_BARRING, SS_AO },
	{ "OI", KIND_BARRING, SS_OI },
	{ "OX", KIND_BARRING, SS_OX },
	{ "AI", KIND_BARRING, SS_AI },
	{ "IR", KIND_BARRING, SS_IR },
	{ "AB", KIND_BARRING, SS_AB },
	{ "AG", KIND_BARRING, SS_AG },
	{ "AC", KIND_BARRING, SS_AC },
	{ "P2", KIND_FIXED, 0, true },
	{ "FD", KIND_FIXED, 0 },
	{ "PN", KIND_DEVICE, LOCK_PN },
	{ "PU", KIND_DEVICE, LOCK_PU },
	{ "PP", KIND_DEVICE, LOCK_PP },
	{ "PC", KIND_DEVICE, LOCK_PC },
};
#define FACILITIES (sizeof(facilities) / sizeof(facilities[0]))

static const struct facility *find_facility(const struct at_arg *arg, bool password)
{
	const struct facility *f;

	for (f = facilities; f < facilities + FACILITIES; f++)
		if (arg->len == 2 && !memcmp(f->name, arg->text, 2) &&
			(password || !f->password_only))
			return f;
	return NULL;
}

/* Shows ("PS","SC",...), or the digits of each password: ("PS",8),("SC",8),... */
static void test_facilities(struct channel *ch, const char *name, bool password)
{
	char text[256];
	const struct facility *f;
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (f = facilities; f < facilities + FACILITIES; f++) {
		if (password)
			buf_printf(&b, "%s(\"%s\",%d)", b.len ? "," : "", f->name,
				f->kind == KIND_BARRING ? 4 : 8);
		else if (!f->password_only)
			buf_printf(&b, "%s\"%s\"", b.len ? "," : "(", f->name);
	}
	at_info(ch, "%s: %.*s%s", name, (int)b.len, text, password ? "" : ")");
}

/* +CLCK */

/* The read form leaves the barring facilities out (sim.md +CLCK). */
static void read_clck(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct sim *s = &m->sim;
	const struct sim_lock *lock = s->locks.lock;

	at_info(ch,
		"+CLCK: (\"PS\",%d),(\"SC\",%d),(\"FD\",%d),(\"PN\",%d),(\"PU\",%d),"
		"(\"PP\",%d),(\"PC\",%d)",
		lock[LOCK_PS].on, s->pin_enabled, s->fixed_dialling, lock[LOCK_PN].on,
		lock[LOCK_PU].on, lock[LOCK_PP].on, lock[LOCK_PC].on);
}

static bool is_locked(const struct modem *m, const struct facility *f)
{
	switch (f->kind) {
	case KIND_DEVICE:
		return m->sim.locks.lock[f->which].on;
	case KIND_PIN:
		return m->sim.pin_enabled;
	case KIND_FIXED:
		return m->sim.fixed_dialling;
	case KIND_BARRING:
		break;
	}
	return false;
}

static int switch_pin(struct modem *m, bool on, const struct at_arg *password)
{
	struct sim was = m->sim;
	char pin[17];

	if (!at_take_digits(password, 4, 8, pin))
		return AT_CME(CME_NOT_ALLOWED);
	return at_sim_verdict(m, &was, sim_switch_pin(&m->sim, on, pin));
}

static int switch_fixed(struct modem *m, bool on, const struct at_arg *password)
{
	struct sim was = m->sim;
	char pin2[17];
	int result;

	if (!password->given && !m->sim.pin2_good)
		return at_want_pin2(m);
	if (password->given && !m->sim.chv2.pin_tries)
		return AT_CME(CME_SIM_PUK2);
	if (password->given && !at_take_digits(password, 4, 8, pin2))
		return AT_CME(CME_NOT_ALLOWED);
	result = at_sim_verdict(m, &was,
		sim_switch_fixed_dialling(&m->sim, on, password->given ? pin2 : NULL));
	if (result == AT_OK)
		boot_books_exchanged(m);
	return result;
}

static int switch_device(struct modem *m, enum sim_lock_id id, bool on,
	const struct at_arg *password, const char *to)
{
	struct sim was = m->sim;
	char key[17];

	if (!at_take_digits(password, 8, 16, key))
		return AT_CME(CME_NOT_ALLOWED);
	return at_lock_verdict(m, &was,
		sim_lock_set(&m->sim.locks, id, on, key, to, m->sim.card, m->sim.imsi));
}

/* works(): barring is up to the network, all else to the SIM or the modem. */
static bool works_on_barring(const struct channel *ch, const struct at_call *c)
{
	size_t quote = c->rest_len && c->rest[0] == '"';
	struct at_arg name = { .text = c->rest + quote, .len = 2 };
	const struct facility *f = c->rest_len >= quote + 2 ? find_facility(&name, true)
							    : NULL;

	(void)ch;
	return f && f->kind == KIND_BARRING;
}

static int run_clck(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct facility *f = find_facility(&c->arg[0], false);
	bool on = c->arg[1].num == 1;

	if (c->form == AT_TEST) {
		test_facilities(ch, "+CLCK", false);
		return AT_OK;
	}
	if (c->form == AT_READ) {
		read_clck(ch);
		return AT_OK;
	}
	if (!f)
		return AT_CME(CME_NOT_ALLOWED);
	if (f->kind == KIND_BARRING)
		return at_barring_clck(ch, c, f->which);
	if (c->arg[1].num == 2) {
		at_info(ch, "+CLCK: %d", is_locked(m, f));
		return AT_OK;
	}
	if (f->kind == KIND_FIXED)
		return switch_fixed(m, on, &c->arg[2]);
	if (f->kind == KIND_PIN)
		return switch_pin(m, on, &c->arg[2]);
	return switch_device(m, (enum sim_lock_id)f->which, on, &c->arg[2], NULL);
}

/* +CPWD */

static int change_pin(struct channel *ch, bool second, const struct at_call *c)
{
	struct modem *m = ch->modem;

	return at_mmi_change_pin(m, second, &c->arg[1], &c->arg[2]);
}

static int run_cpwd(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct facility *f = find_facility(&c->arg[0], true);
	struct sim was = m->sim;
	char key[17], new_key[17];

	if (c->form == AT_TEST) {
		test_facilities(ch, "+CPWD", true);
		return AT_OK;
	}
	if (!f)
		return AT_CME(CME_NOT_ALLOWED);
	switch (f->kind) {
	case KIND_BARRING:
		return at_barring_cpwd(ch, c);
	case KIND_PIN:
		return change_pin(ch, false, c);
	case KIND_FIXED:
		return change_pin(ch, true, c);
	case KIND_DEVICE:
		break;
	}
	if (!at_take_digits(&c->arg[1], 8, 16, key) ||
		!at_take_digits(&c->arg[2], 8, 16, new_key))
		return AT_CME(CME_NOT_ALLOWED);
	return at_lock_verdict(m, &was,
		sim_lock_change(&m->sim.locks, (enum sim_lock_id)f->which, key, new_key));
}

/* +WLCK */

/* Appends hexadecimal digits in upper case; false if there is anything else. */
static bool put_group(struct buf *b, const struct at_arg *arg)
{
	size_t i;

	for (i = 0; i < arg->len; i++)
		if (hex_digit(arg->text[i]) < 0 ||
			!buf_putc(b, (char)toupper((unsigned char)arg->text[i])))
			return false;
	return true;
}

/* The list of co-operative networks: 0 on the SIM, 1 given in hexadecimal. That it admits
 * no other SIM is inferred. */
static bool list_is_good(const struct at_call *c, size_t at)
{
	const struct at_arg *type = &c->arg[at], *data = &c->arg[at + 1];
	size_t i;

	if (!at_given(c, at))
		return c->args <= at;
	if (type->len != 1 || (type->text[0] != '0' && type->text[0] != '1'))
		return false;
	if (type->text[0] == '0')
		return c->args == at + 1;
	for (i = 0; at_given(c, at + 1) && i < data->len; i++)
		if (hex_digit(data->text[i]) < 0)
			return false;
	return c->args == at + 2 && data->len && data->len % 2 == 0;
}

/* AT+WLCK=<fac>,<key>,<network>[,<gid1>[,<gid2>]][,<list>[,<data>]] locks the modem to
 * SIMs with these network digits and groups; PP has one group, PC two (GDW-11 p. 191). */
static int run_wlck(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	static const size_t groups[LOCKS] = { 0, 0, 0, 1, 2 };
	enum sim_lock_id id = (enum sim_lock_id)c->arg[0].num;
	size_t list_at = 3 + groups[id], i;
	char to[SIM_LOCK_ID] = "", network[17];
	struct buf b;

	if (!list_is_good(c, list_at) || !at_take_digits(&c->arg[2], 1, 16, network) ||
		(id == LOCK_PU && strlen(network) != SIM_LOCK_SUBSET))
		return AT_CME(CME_NOT_ALLOWED);
	buf_init(&b, to, sizeof(to) - 1);
	buf_puts(&b, network);
	for (i = 3; i < list_at; i++)
		if (at_given(c, i) && !put_group(&b, &c->arg[i]))
			return AT_CME(CME_NOT_ALLOWED);
	return switch_device(m, id, true, &c->arg[1], to);
}

const struct at_cmd at_cmds_lock[] = {
	{ .name = "+CLCK",
		.see = "sim.md +CLCK",
		.forms = AT_SRT,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_clck,
		.works = works_on_barring,
		.aborted = AT_CME(CME_NOT_ALLOWED),
		.test_by_run = true,
		.param = { { "facility", AT_TEXT, NULL, 0 },
			{ "mode", AT_INT, "(0-2)", 0 },
			{ "password", AT_TEXT, NULL, 0, .optional = true },
			{ "class", AT_INT, "(1-255)", 7, .optional = true } } },
	{ .name = "+CPWD",
		.see = "sim.md +CPWD",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_cpwd,
		.works = works_on_barring,
		.aborted = AT_CME(CME_NOT_ALLOWED),
		.test_by_run = true,
		.param = { { "facility", AT_TEXT, NULL, 0 }, { "old", AT_TEXT, NULL, 0 },
			{ "new", AT_TEXT, NULL, 0 } } },
	{ .name = "+WLCK",
		.see = "sim.md +WLCK; GDW-11 p. 191-192",
		.forms = AT_SET | AT_TEST,
		.test = "(\"PS\",\"PN\",\"PU\",\"PP\",\"PC\")",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_wlck,
		.param = { { "facility", AT_CHOICE,
				   "(\"PS\",\"PN\",\"PU\",\"PP\",\"PC\")", 0 },
			{ "key", AT_TEXT, NULL, 0 }, { "network", AT_TEXT, NULL, 0 },
			{ "group1_or_list", AT_TEXT, NULL, 0, .optional = true },
			{ "group2_list_or_data", AT_TEXT, NULL, 0, .optional = true },
			{ "list_or_data", AT_TEXT, NULL, 0, .optional = true },
			{ "data", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
