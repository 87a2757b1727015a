/* The state of a modem, as a tree and value by value. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "actions/action.h"
#include "base/buf.h"
#include "describe/describe.h"
#include "rig.h"

static struct profile *profile;
static struct rig rig;

static int setup(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	rig_init(&rig, profile);
	rig_boot(&rig);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_free(&rig);
	rig_profile_free(profile);
	return 0;
}

/* Follows the tree: each value in it must equal the value at its path. */
struct walk {
	char path[8][32];
	int index[8];
	bool list[8];
	int depth;
	size_t values, unknown;
};

static void enter(void *ctx, const char *key, bool list)
{
	struct walk *w = ctx;

	assert_true(w->depth < 7);
	assert_int_equal(w->list[w->depth], key == NULL);
	if (key)
		snprintf(w->path[w->depth], sizeof(w->path[0]), "%s", key);
	else
		snprintf(w->path[w->depth], sizeof(w->path[0]), "%d",
			w->index[w->depth]++);
	w->depth++;
	w->list[w->depth] = list;
	w->index[w->depth] = 0;
}

static void leave(void *ctx)
{
	struct walk *w = ctx;

	w->depth--;
	assert_true(w->depth >= 0);
}

static void path_of(const struct walk *w, const char *key, char *path, size_t size)
{
	size_t len = 0;
	int i;

	for (i = 0; i < w->depth; i++)
		len += (size_t)snprintf(path + len, size - len, "%s.", w->path[i]);
	snprintf(path + len, size - len, "%s", key);
}

static void text(void *ctx, const char *key, const char *value)
{
	struct walk *w = ctx;
	char path[128], mem[MODEM_STATE_TEXT];
	const char *got;

	path_of(w, key, path, sizeof(path));
	assert_true(modem_state_known(path, NULL));
	got = modem_state(rig.modem, path, mem);
	if (value)
		assert_string_equal(got, value);
	else
		assert_null(got);
	w->values++;
	w->unknown += !value;
}

static void number(void *ctx, const char *key, long long value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", value);
	text(ctx, key, digits);
}

static void flag(void *ctx, const char *key, bool value)
{
	text(ctx, key, value ? "true" : "false");
}

static void walk(struct walk *w)
{
	const struct teller t = { w, enter, leave, text, number, flag };

	memset(w, 0, sizeof(*w));
	modem_describe(rig.modem, rig.now, &t);
	assert_int_equal(w->depth, 0);
}

static void every_value_has_its_path(void **state)
{
	struct walk w;

	(void)state;
	walk(&w);
	assert_true(w.values > 60);
	assert_true(w.unknown > 0);
}

static void reading_changes_nothing(void **state)
{
	char before[65536], after[65536];
	struct buf b, a;
	struct walk w;
	usec_t next = modem_next(rig.modem);

	(void)state;
	buf_init(&b, before, sizeof(before));
	buf_init(&a, after, sizeof(after));
	modem_nv_dump(rig.modem, &b);
	walk(&w);
	modem_nv_dump(rig.modem, &a);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, b.len);
	assert_int_equal(modem_next(rig.modem), next);
	assert_int_equal(rig.len, 0);
}

static void assert_state(const char *path, const char *value)
{
	char mem[MODEM_STATE_TEXT];
	const char *got = modem_state(rig.modem, path, mem);

	if (!value)
		assert_null(got);
	else
		assert_string_equal(got ? got : "unknown", value);
}

static void type(const char *line)
{
	rig_type(&rig, line, strlen(line));
	rig_pass(&rig, SEC(3));
}

static void a_part_stands_for_its_first_value(void **state)
{
	(void)state;
	assert_state("sim", "ready");
	assert_state("sim.state", "ready");
	assert_state("registration", "home");
	assert_state("firmware", "r74");
	assert_state("locks.PN", "false");
}

static void values_follow_the_modem(void **state)
{
	(void)state;
	assert_state("power", "on");
	assert_state("boots", "1");
	assert_state("port.dtr", "true");
	assert_state("messages.SM.used", "0");
	assert_state("file.sha256", NULL);
	assert_state("contexts.0.apn", NULL);
	type("AT+CGDCONT=2,\"IP\",\"internet\"\r");
	assert_state("contexts.0.cid", "2");
	assert_state("contexts.0.apn", "internet");
	assert_state("contexts.1.apn", NULL);
	type("AT+CFUN=1\r");
	rig_pass(&rig, SEC(30));
	assert_state("boots", "2");
}

/* What a modem keeps without power, with the reason. All other rows are as in a modem
 * that never had power. */
static const char *const kept[] = {
	"boots", "boot_parity",        /* it counts them */
	"clock.time", "clock.virtual", /* time passes */
	"band",                        /* in memory */
	"phonebooks.LD.used",          /* dialled numbers are on the SIM */
	"contexts.0.cid", "contexts.0.apn",
	"contexts.0.active", /* AT+CGDCONT, in memory */
};

static bool is_kept(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (!strcmp(kept[i], path))
			return true;
	return false;
}

static void same_without_power(const char *path, const struct modem *fresh)
{
	char mem[MODEM_STATE_TEXT], never[MODEM_STATE_TEXT];
	const char *is = modem_state(rig.modem, path, mem);
	const char *was = modem_state(fresh, path, never);

	if (is_kept(path) || (!is && !was))
		return;
	if (!is || !was || strcmp(is, was) != 0)
		fail_msg("without power %s is %s; before the first power-on it was %s",
			path, is ? is : "unknown", was ? was : "unknown");
}

static void compare_without_power(const struct modem *fresh)
{
	struct state_field f;
	char path[96];
	const struct name *n;
	size_t i;

	for (i = 0; modem_state_field(i, &f); i++)
		for (n = f.each; !f.each || n->name; n++) {
			snprintf(path, sizeof(path), "%s%s%s%s%s", f.part ? f.part : "",
				f.part ? "." : "",
				f.each   ? n->name
				: f.list ? "0"
					 : "",
				f.each || f.list ? "." : "", f.key);
			same_without_power(path, fresh);
			if (!f.each)
				break;
		}
}

static void act(const char *name, int arg)
{
	const struct action a = { action_find(name), &arg, NULL };

	assert_null(modem_act(rig.modem, rig.now, &a));
	rig_pass(&rig, SEC(30));
}

static void off_is_as_before_power(void **state)
{
	static const char *const lines[] = { "AT+CFUN=1\r", "AT+CGATT=1\r",
		"AT+CGDCONT=1,\"IP\",\"a\"\r", "AT+CGACT=1,1\r", "ATD+33123456789;\r" };
	static const char *const ends[] = { "AT\r", "AT+CFUN=0\r", "AT+CPOF=1\r",
		"AT+WDWL\r" };
	struct rig fresh;
	size_t i, k;

	(void)state;
	rig_init(&fresh, profile);
	for (k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
		for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			type(lines[i]);
			if (!i) /* the boot */
				rig_pass(&rig, SEC(25));
		}
		assert_state("gprs", "attached");
		assert_state("in_call", "true");
		assert_state("initialised", "true");
		type(ends[k]);
		act("power", k & 1 ? 2 : 0); /* off, cut */
		assert_state("power", "off");
		compare_without_power(fresh.modem);
		act("power", 1);
	}
	rig_free(&fresh);
}

/* The firmware does not run, so nothing that only the firmware knows may be shown. */
static void without_firmware_it_is_not_booted(void **state)
{
	(void)state;
	type("AT+WDWL\r");
	assert_state("power", "download");
	assert_state("initialised", "false");
	assert_state("registration.registered", "false");
	act("power", 0);
	act("power", 1);
	assert_state("initialised", "true");
	type("AT+CPOF=1\r");
	assert_state("power", "down");
	assert_state("initialised", "false");
	assert_state("registration.registered", "false");
}

static void invalid_paths_are_refused(void **state)
{
	static const char *const wrong[] = { "", ".", "sim.", "simstate", "sim.state.x",
		"sim.pin", "calls", "calls.", "calls.7", "calls.00.id", "calls.-1.id",
		"messages", "messages.XX.used", "locks", "power.x", "boots." };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (modem_state_known(wrong[i], NULL))
			fail_msg("\"%s\" is accepted as a path", wrong[i]);
		assert_state(wrong[i], NULL);
	}
}

static void rows_are_complete(void **state)
{
	struct state_field f, found;
	char path[96];
	size_t i;

	(void)state;
	for (i = 0; modem_state_field(i, &f); i++) {
		snprintf(path, sizeof(path), "%s%s%s%s%s%s", f.part ? f.part : "",
			f.part ? "." : "",
			f.each   ? f.each->name
			: f.list ? "0"
				 : "",
			f.each || f.list ? "." : "", f.key, "");
		assert_true(modem_state_known(path, &found));
		assert_string_equal(found.key, f.key);
		assert_string_equal(found.help, f.help);
	}
	assert_true(i > 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_value_has_its_path, setup, teardown),
		cmocka_unit_test_setup_teardown(reading_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_part_stands_for_its_first_value, setup, teardown),
		cmocka_unit_test_setup_teardown(values_follow_the_modem, setup, teardown),
		cmocka_unit_test_setup_teardown(off_is_as_before_power, setup, teardown),
		cmocka_unit_test_setup_teardown(
			without_firmware_it_is_not_booted, setup, teardown),
		cmocka_unit_test_setup_teardown(
			invalid_paths_are_refused, setup, teardown),
		cmocka_unit_test(rows_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
