/* host/field/compare: times and settings with more, Ctrl-C, commands that ours does not
 * know. Differences are the judge's. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "field_rig.h"
#include "host/field/compare.h"
#include "host/field/differ.h"
#include "host/field/twin.h"

#define PROFILE "fastrack-supreme-20-r74"

/* With more, values of settings are tried and put back, and times compared. */
static void more_finds_times_and_puts_back(void **unused)
{
	const struct kv change = { "firmware.timing.latency.+CGMR=?", "3s", NULL };
	struct profile *real = load(PROFILE, &change, 1);
	const struct twin_options o = {
		.profile = real, .seed = 1, .clock = FIELD_CLOCK
	};
	const struct compare_options options = { .real = asker_new_twin(&o),
		.library = library,
		.profile = PROFILE,
		.seed = 1,
		.clock = FIELD_CLOCK,
		.more = true };
	char why[400];
	struct compare *c = compare_new(&options, why, sizeof(why));
	struct compare_finding f;
	const struct patch *p;
	struct exchange *x;

	(void)unused;
	assert_non_null(c);
	p = compare_patch(c);
	assert_true(compare_asked(c) > 400);
	assert_false(compare_finding(c, 0, &f));
	if (p->n != 1)
		compare_print(c, stderr);
	assert_int_equal(p->n, 1);
	assert_string_equal(p->entry[0].key, "+CGMR=?");
	assert_string_equal(p->entry[0].value, "3000ms");
	x = asker_ask(options.real, "AT+CMEE?;+CMGF?;+CREG?", SEC(5));
	assert_string_equal(differ_line(x, 0), "+CMEE: 0");
	assert_string_equal(differ_line(x, 1), "+CMGF: 1");
	exchange_free(x);
	compare_free(c);
	asker_free(options.real);
	unload(real);
}

/* Commands that ours does not know, as AT+CLAC names them. */
static void unknown_commands_are_found(void **unused)
{
	const struct kv change[] = {
		{ "firmware.commands.+CLAC.forms.exec.lines", "+XREAD", NULL },
		{ "firmware.commands.+XREAD.forms.test.lines", "+XREAD: (1)", NULL },
	};
	struct profile *real = load(PROFILE, change, 2);
	const struct twin_options o = {
		.profile = real, .seed = 1, .clock = FIELD_CLOCK
	};
	const struct compare_options options = { .real = asker_new_twin(&o),
		.library = library,
		.profile = PROFILE,
		.seed = 1,
		.clock = FIELD_CLOCK };
	char why[400];
	struct compare *c = compare_new(&options, why, sizeof(why));
	struct compare_finding f;
	const struct patch *p;

	(void)unused;
	assert_non_null(c);
	p = compare_patch(c);
	assert_int_equal(p->n, 2);
	assert_string_equal(p->entry[0].key, "+CLAC");
	assert_string_equal(p->entry[1].key, "+XREAD");
	assert_true(compare_finding(c, 0, &f) && !f.left);
	assert_true(compare_finding(c, 1, &f) && !f.left);
	compare_free(c);
	asker_free(options.real);
	unload(real);
}

/* The line of a modem whose user has had enough once AT+CMEE=1 was sent. */
struct cut_line {
	struct twin *twin;
	struct voice voice;
	size_t heard;
	bool cut;
};

static bool cut_send(void *ctx, const void *buf, size_t len)
{
	struct cut_line *l = ctx;

	if (l->cut)
		return false;
	twin_type(l->twin, buf, len);
	l->cut = len == 10 && !memcmp(buf, "AT+CMEE=1\r", 10);
	return true;
}

static ssize_t cut_hear(void *ctx, void *buf, size_t size, usec_t most)
{
	struct cut_line *l = ctx;
	usec_t end = twin_now(l->twin) + most;
	size_t n;

	if (l->cut)
		return -1;
	while (l->heard == l->voice.len && twin_now(l->twin) < end)
		twin_advance(
			l->twin, twin_next(l->twin) < end ? twin_next(l->twin) : end);
	n = l->voice.len - l->heard < size ? l->voice.len - l->heard : size;
	memcpy(buf, l->voice.out + l->heard, n);
	l->heard += n;
	if (l->heard == l->voice.len)
		l->heard = l->voice.len = 0;
	return (ssize_t)n;
}

static usec_t cut_now(void *ctx)
{
	return twin_now(((struct cut_line *)ctx)->twin);
}

static void on_restoring(void *ctx)
{
	((struct cut_line *)ctx)->cut = false;
}

static void a_setting_is_put_back_after_ctrl_c(void **unused)
{
	struct profile *p = load(PROFILE, NULL, 0);
	struct cut_line l = { .cut = false };
	const struct respondent r = { &l, cut_send, cut_hear, cut_now };
	struct compare_options o = { .real = asker_new(&r),
		.library = library,
		.profile = PROFILE,
		.seed = 1,
		.clock = FIELD_CLOCK,
		.more = true,
		.restoring = on_restoring,
		.ctx = &l };
	struct exchange *x;
	char why[400];

	(void)unused;
	l.twin = new_twin(p, &l.voice);
	assert_null(compare_new(&o, why, sizeof(why)));
	assert_non_null(strstr(why, "start again"));
	x = asker_ask(o.real, "AT+CMEE?", SEC(5));
	assert_non_null(x);
	assert_string_equal(differ_line(x, 0), "+CMEE: 0");
	exchange_free(x);
	asker_free(o.real);
	twin_free(l.twin);
	unload(p);
}

static const struct CMUnitTest all[] = {
	UNIT(more_finds_times_and_puts_back),
	UNIT(a_setting_is_put_back_after_ctrl_c),
	UNIT(unknown_commands_are_found),
};

int main(void)
{
	return cmocka_run_group_tests(all, field_begin, field_end);
}
