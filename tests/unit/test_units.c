/* host/units: the most units of --count, all with different identities. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "codec/crc.h"
#include "host/run/units.h"
#include "rig.h"

#define NAMES 4

static struct profile *profile;

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_profile_free(profile);
	return 0;
}

static const char *name_of_unit(const struct unit_numbers *u, int which)
{
	const char *names[NAMES] = { u->imei, u->imsi, u->iccid, u->own };

	return names[which];
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct unit_numbers unit(unsigned k)
{
	return units_numbers(profile, &(struct units_place){ k, k, NULL, 0 });
}

static void all_units_have_names_of_their_own(void **state)
{
	static struct unit_numbers units[OPTIONS_MODEMS];
	static const char *names[OPTIONS_MODEMS];
	const struct unit_numbers first = unit_numbers_of(profile);
	unsigned k;
	int which;

	(void)state;
	for (k = 1; k <= OPTIONS_MODEMS; k++)
		units[k - 1] = unit(k);
	assert_memory_equal(&units[0], &first, sizeof(first));
	for (which = 0; which < NAMES; which++) {
		for (k = 1; k <= OPTIONS_MODEMS; k++) {
			names[k - 1] = name_of_unit(&units[k - 1], which);
			assert_int_equal(strlen(names[k - 1]), strlen(names[0]));
			assert_memory_equal(names[k - 1], names[0], 5);
		}
		qsort(names, OPTIONS_MODEMS, sizeof(names[0]), by_text);
		for (k = 1; k < OPTIONS_MODEMS; k++)
			assert_string_not_equal(names[k - 1], names[k]);
	}
	for (k = 2; k <= OPTIONS_MODEMS; k++) {
		assert_int_equal(
			units[k - 1].imei[14], luhn_digit(units[k - 1].imei, 14));
		assert_int_equal(
			units[k - 1].iccid[18], luhn_digit(units[k - 1].iccid, 18));
	}
}

static void names_that_are_set_stay_and_empty_ones_too(void **state)
{
	static const struct option_set sets[] = {
		{ 7, { "device.imei", "x" }, { NULL, 0, 0 } },
		{ 8, { "sim.imsi", "x" }, { NULL, 0, 0 } },
	};
	struct profile *p = malloc(sizeof(*p));
	struct unit_numbers u;

	(void)state;
	assert_non_null(p);
	*p = *profile;
	p->sim.books[BOOK_ON].n_entries = 0;
	p->sim.iccid[0] = '\0';
	p->device.serial[0] = '\0';
	u = units_numbers(p, &(struct units_place){ 7, 7, sets, 2 });
	assert_string_equal(u.imei, profile->device.imei);
	assert_string_not_equal(u.imsi, profile->sim.imsi);
	assert_string_equal(u.iccid, "");
	assert_string_equal(u.serial, "");
	assert_string_equal(u.own, "");
	free(p);
}

static void a_number_of_a_group_counts_from_its_first_unit(void **state)
{
	static const struct option_set sets[] = {
		{ 0, { "sim.imsi", "x" }, { "fleet.yaml", 3, 11 } },
		{ 0, { "sim.iccid", "x" }, { NULL, 0, 0 } },
	};
	struct units_place at = { 1, 41, sets, 2 };
	struct unit_numbers u = units_numbers(profile, &at);

	(void)state;
	assert_string_equal(u.imsi, profile->sim.imsi);
	/* a value of the command line is that of the first modem of the process */
	assert_string_not_equal(u.iccid, profile->sim.iccid);
	at.index = 2;
	at.number = 42;
	u = units_numbers(profile, &at);
	assert_string_not_equal(u.imsi, profile->sim.imsi);
}

/* The modem answers with the numbers that it is given, not with those of the profile. */
static void a_unit_answers_with_its_own_numbers(void **state)
{
	static struct rig r;
	struct unit_numbers u = unit(42);
	const char *const asks[] = { "AT+CGSN\r", "AT+CIMI\r", "AT+CCID\r", "AT+CNUM\r" };
	size_t i;

	(void)state;
	rig_init_unit(&r, profile, &u);
	rig_boot(&r);
	for (i = 0; i < NAMES; i++) {
		rig_clear(&r);
		rig_say(&r, asks[i], SEC(5));
		r.out[r.len] = '\0';
		assert_non_null(strstr(r.out, name_of_unit(&u, (int)i)));
	}
	rig_free(&r);
}

static const struct CMUnitTest tests[] = {
	UNIT(all_units_have_names_of_their_own),
	UNIT(names_that_are_set_stay_and_empty_ones_too),
	UNIT(a_number_of_a_group_counts_from_its_first_unit),
	UNIT(a_unit_answers_with_its_own_numbers),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, end);
}
