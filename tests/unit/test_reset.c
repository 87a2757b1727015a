/* What a reset, power-off and a download leave: a used modem is compared byte by byte
 * with a fresh one with the same records. Both are at the same address, so that pointers
 * compare too. */
#include "upgrade_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "at/run.h"
#include "link/link.h"

#define PROFILE "fastrack-supreme-20-r74"
#define SETTLE  SEC(90)

static struct rig_store store;
static char *mem;
static usec_t started; /* when the firmware was last started */
static bool differ;

/* What may differ after a reset, and the reason. */
#define MODEM(member) \
	0, offsetof(struct modem, member), sizeof(((struct modem *)0)->member)
#define AT(member) \
	2, offsetof(struct at_state, member), sizeof(((struct at_state *)0)->member)
#define LINK(member) 3, offsetof(struct link, member), sizeof(((struct link *)0)->member)
#define COLD(member) 5, offsetof(struct cold, member), sizeof(((struct cold *)0)->member)

static const struct survivor {
	int part;
	size_t at, size;
	const char *reason;
} survivors[] = {
	{ MODEM(unit), "names the source of the records" },
	{ MODEM(unsaved), "from loading" },
	{ MODEM(sched.seq), "counts timers" },
	{ MODEM(sched.heap),
		"order of equal timers; the timers themselves are compared" },
	{ MODEM(rand), "random numbers continue" },
	{ MODEM(clock),
		"its time continues; that of a fresh one continues from the record" },
	{ MODEM(clock_kept), "the same" },
	{ MODEM(smsc), "belongs to the network: messages under way and delivered" },
	{ MODEM(sms.order), "counts messages in the stores" },
	{ MODEM(sms.top), "bounds what was ever in them" },
	{ COLD(smsc), "the same" },
	{ COLD(sms.sm), "the order of messages in it" },
	{ COLD(sms.me), "the same" },
	{ COLD(sms.sr), "the same" },
	{ MODEM(faults), "rules count their actions" },
	{ COLD(faults), "the same" },
	{ MODEM(boots), "counts starts" },
	{ MODEM(sweep), "counts output" },
	{ LINK(said), "counts bytes" },
	{ LINK(own), "counts bytes" },
	{ LINK(cmee), "describes the client, which is still there" },
	{ AT(urc_dropped), "counts" },
	{ 6, 0, sizeof(struct at_memory), "is free memory: nothing waits in it" },
	{ 7, 0, sizeof(struct link_memory), "the same" },
};

static const struct {
	const char *name;
	size_t at, size;
} members[] = {
#define MEMBER(m)                                                             \
	{                                                                     \
#m, offsetof(struct modem, m), sizeof(((struct modem *)0)->m) \
	}
	MEMBER(flash),
	MEMBER(user),
	MEMBER(selection),
	MEMBER(open_at),
	MEMBER(books),
	MEMBER(dialled),
	MEMBER(charge),
	MEMBER(ss),
	MEMBER(gprs),
	MEMBER(custom),
	MEMBER(gpio),
	MEMBER(sim),
	MEMBER(voice_mail),
	MEMBER(added),
	MEMBER(sms),
	MEMBER(sms_params),
	MEMBER(cbmi),
	MEMBER(air),
	MEMBER(power),
	MEMBER(live),
	MEMBER(net),
	MEMBER(calls),
	MEMBER(ussd),
	MEMBER(band),
	MEMBER(s),
	MEMBER(led),
};

static size_t rounded(size_t n)
{
	return (n + 63) & ~(size_t)63;
}

static const size_t *bases(void)
{
	static size_t base[8];

	base[1] = rounded(sizeof(struct modem));
	base[2] = base[1] + rounded(sizeof(struct channel));
	base[3] = base[2] + rounded(sizeof(struct at_state));
	base[4] = base[3] + rounded(sizeof(struct link));
	base[5] = base[4] + rounded(books_size(profile));
	base[6] = base[5] + rounded(sizeof(struct cold));
	base[7] = base[6] + rounded(sizeof(struct at_memory));
	return base;
}

/* Padding between the fields of a context, which is assigned as a whole: its contents
 * depend on the compiler. */
static bool hole(size_t at)
{
#define END(field) \
	(offsetof(struct gprs_context, field) + sizeof(((struct gprs_context *)0)->field))
	static const struct {
		size_t from, to;
	} holes[] = {
		{ END(defined), offsetof(struct gprs_context, type) },
		{ END(address), offsetof(struct gprs_context, d_comp) },
		{ END(active), sizeof(struct gprs_context) },
	};
	const size_t first = bases()[5] + offsetof(struct cold, contexts);
	size_t i;

	if (at < first || at >= first + sizeof(((struct cold *)0)->contexts))
		return false;
	at = (at - first) % sizeof(struct gprs_context);
	for (i = 0; i < sizeof(holes) / sizeof(holes[0]); i++)
		if (at >= holes[i].from && at < holes[i].to)
			return true;
	return false;
}

static bool survives(size_t at)
{
	size_t i;

	for (i = 0; i < sizeof(survivors) / sizeof(survivors[0]); i++) {
		size_t from = bases()[survivors[i].part] + survivors[i].at;

		if (at >= from && at < from + survivors[i].size)
			return true;
	}
	return false;
}

static void tell(size_t at, const char *used, const char *fresh)
{
	const size_t *base = bases();
	size_t i, from = at;
	static const char *const parts[] = { "modem", "channel", "at", "link", "books",
		"cold", "at's memory", "link's memory" };
	const char *name = "";
	int part = 7;

	while (at < base[part])
		part--;
	for (i = 0; !part && i < sizeof(members) / sizeof(members[0]); i++)
		if (at >= members[i].at && at < members[i].at + members[i].size) {
			name = members[i].name;
			from = at - members[i].at;
		}
	print_error("%s.%s + %zu: %02x after it, fresh %02x\n", parts[part], name,
		from - base[part], (unsigned char)used[at], (unsigned char)fresh[at]);
	differ = true;
}

static void compare(const char *used, const char *fresh)
{
	size_t i, size = modem_size(profile, 1), last = (size_t)-8;

	differ = false;
	for (i = 0; i < size; i++) {
		if (used[i] == fresh[i] || survives(i) || hole(i))
			continue;
		if (i / 8 != last)
			tell(i, used, fresh);
		last = i / 8;
	}
	assert_false(differ);
}

static void on_notice(struct rig *rig, const struct notice *n)
{
	(void)rig;
	if (n->kind == NOTICE_BOOT && !strcmp(n->text, "r74"))
		started = n->at;
}

/* The present state of the modem, except for the order of timers that are due together.
 */
static char *image_of(void)
{
	char *copy = malloc(modem_size(profile, 1));
	size_t i;

	assert_non_null(copy);
	for (i = 0; i < r.modem->sched.n; i++)
		r.modem->sched.heap[i]->seq = 0;
	for (i = 0; i < r.modem->sched.n; i++)
		r.modem->sched.heap[i]->place = 1;
	memcpy(copy, mem, modem_size(profile, 1));
	return copy;
}

/* A fresh modem with the same records, switched on at the same time. */
static char *fresh_one(void)
{
	usec_t now = r.now;

	assert_true(rig_init_on(&r, profile, &store, mem));
	rig_pass(&r, started);
	modem_power(r.modem, r.now, true);
	rig_pass(&r, now - r.now);
	return image_of();
}

static void setup(void)
{
	rig_store_clear(&store);
	profile = rig_profile(PROFILE);
	mem = malloc(modem_size(profile, 1));
	assert_non_null(mem);
	assert_true(rig_init_on(&r, profile, &store, mem));
	r.notify = on_notice;
	rig_boot(&r);
}

static void check_and_free(void)
{
	char *used, *fresh;

	rig_pass(&r, SETTLE);
	used = image_of();
	fresh = fresh_one();
	compare(used, fresh);
	free(used);
	free(fresh);
	rig_free(&r);
	rig_profile_free(profile);
	rig_store_clear(&store);
}

/* Changes every value of the session. */
static void spoil_session(void)
{
	memset(&r.modem->s, 1, offsetof(struct session, rack));
	r.modem->s.halting = false; /* it would stop the modem */
}

/* Leaves as many traces as lines can. */
static void use(void)
{
	static const char *const lines[] = {
		"AT+CMEE=1",
		"AT+FLID=\"+33612345678\"",
		"AT+FCLASS=2",
		"AT+CREG=2;+CGREG=1",
		"AT+CPBS=\"ME\"",
		"AT+CPBF=\"A\"",
		"AT+CPBN=0",
		"AT+CMGF=1;+CSDH=1;+CNMI=2,2",
		"AT+CPMS=\"ME\",\"ME\",\"ME\"",
		"AT+CSMP=17,167,1,0",
		"AT+CSCA=\"+33600000000\"",
		"AT+CSCB=1,\"0-5\",\"\"",
		"AT+WMGO=2",
		"AT+CSCS=\"UCS2\"",
		"AT+CSCS=\"GSM\"",
		"AT+WBM=1,1,1",
		"AT+CUSD=1,\"*100#\"",
		"AT+CCED=1,8",
		"AT+CGDCONT=1,\"IP\",\"a.example\"",
		"AT+CGATT=1",
		"AT+CGACT=1,1",
		"AT+CSIM=14,\"A0A40000027F20\"",
		"AT+CRSM=176,28486,0,0,17",
		"AT+COPS=2",
		"AT+COPS=0",
		"AT+CLIP=1;+CRC=1;+COLP=1",
		"AT+WIOM=1,1,1",
		"AT+WIOW=1,1",
		"AT+CPIN2?",
		"AT+CPWD=\"P2\",\"0000\",\"1111\"",
		"AT+CPIN2=\"5678\"",
		"AT+CAOC=2",
		"AT+VTD=9;+SPEAKER=1",
		"AT+CCWA=1",
		"AT+WOPEN=7",
		"ATS0=0;S7=9",
		"ATD+33612345678;",
		"AT+CLCC",
		"ATH",
		"AT+CEER",
		"ATD*99***1#",
	};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ask(lines[i]);
		rig_pass(&r, SEC(10));
	}
	/* leaves online mode with the escape sequence */
	rig_pass(&r, SEC(2));
	rig_type(&r, "+++", 3);
	rig_pass(&r, SEC(30));
	ask("AT");
}

static void a_reset_leaves_what_a_fresh_modem_has(void **state)
{
	(void)state;
	setup();
	use();
	spoil_session();
	assert_non_null(strstr(ask("AT+CFUN=1"), "OK"));
	check_and_free();
}

static void power_off_leaves_what_a_fresh_modem_has(void **state)
{
	(void)state;
	setup();
	use();
	spoil_session();
	modem_power(r.modem, r.now, false);
	rig_pass(&r, SEC(1));
	modem_power(r.modem, r.now, true);
	check_and_free();
}

static void a_download_leaves_what_a_fresh_modem_has(void **state)
{
	(void)state;
	setup();
	use();
	spoil_session();
	download();
	assert_int_equal(deliver(r.modem->fw, DWL_FIRMWARE), RUNS);
	assert_non_null(strstr(ask("AT+CFUN=1"), "OK"));
	check_and_free();
}

static void the_fax_identity_is_forgotten(void **state)
{
	(void)state;
	setup();
	assert_non_null(strstr(ask("AT+FLID=\"X\""), "OK"));
	assert_non_null(strstr(ask("AT+FLID?"), "\"X\""));
	reset();
	assert_null(strstr(ask("AT+FLID?"), "X"));
	rig_free(&r);
	rig_profile_free(profile);
	rig_store_clear(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(a_reset_leaves_what_a_fresh_modem_has),
		UNIT(power_off_leaves_what_a_fresh_modem_has),
		UNIT(a_download_leaves_what_a_fresh_modem_has),
		UNIT(the_fax_identity_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
