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

static const char *name_of_unit(const struct profile *p, int which)
{
	const char *names[NAMES] = { p->device.imei, p->sim.imsi, p->sim.iccid,
		p->sim.books[BOOK_ON].entries[0].number };

	return names[which];
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct profile *unit(struct units *u, unsigned k)
{
	return units_profile(u, &(struct units_place){ k, k, NULL, 0 });
}

static void all_units_have_names_of_their_own(void **state)
{
	static const char *names[OPTIONS_MODEMS];
	struct units *u = units_new(profile, OPTIONS_MODEMS);
	const struct profile *p;
	unsigned k;
	int which;

	(void)state;
	assert_non_null(u);
	for (which = 0; which < NAMES; which++) {
		names[0] = name_of_unit(profile, which);
		for (k = 2; k <= OPTIONS_MODEMS; k++) {
			p = unit(u, k);
			assert_non_null(p);
			assert_ptr_equal(p, unit(u, k));
			names[k - 1] = name_of_unit(p, which);
			assert_int_equal(strlen(names[k - 1]), strlen(names[0]));
			assert_memory_equal(names[k - 1], names[0], 5);
		}
		qsort(names, OPTIONS_MODEMS, sizeof(names[0]), by_text);
		for (k = 1; k < OPTIONS_MODEMS; k++)
			assert_string_not_equal(names[k - 1], names[k]);
	}
	for (k = 2; k <= OPTIONS_MODEMS; k++) {
		p = unit(u, k);
		assert_int_equal(p->device.imei[14], luhn_digit(p->device.imei, 14));
		assert_int_equal(p->sim.iccid[18], luhn_digit(p->sim.iccid, 18));
		/* all else is as in the first one */
		assert_ptr_equal(p->shelf, profile->shelf);
		assert_memory_equal(&p->network, &profile->network, sizeof(p->network));
	}
	units_free(u);
}

static void names_that_are_set_stay_and_empty_ones_too(void **state)
{
	static const struct option_set sets[] = {
		{ 7, { "device.imei", "x" }, { NULL, 0, 0 } },
		{ 8, { "sim.imsi", "x" }, { NULL, 0, 0 } },
	};
	struct profile *p = malloc(sizeof(*p));

	(void)state;
	assert_non_null(p);
	*p = *profile;
	p->sim.books[BOOK_ON].n_entries = 0;
	p->sim.iccid[0] = '\0';
	p->device.serial[0] = '\0';
	units_differ(p, &(struct units_place){ 7, 7, sets, 2 });
	assert_string_equal(p->device.imei, profile->device.imei);
	assert_string_not_equal(p->sim.imsi, profile->sim.imsi);
	assert_string_equal(p->sim.iccid, "");
	assert_string_equal(p->device.serial, "");
	free(p);
}

static void a_number_of_a_group_counts_from_its_first_unit(void **state)
{
	static const struct option_set sets[] = {
		{ 0, { "sim.imsi", "x" }, { "fleet.yaml", 3, 11 } },
		{ 0, { "sim.iccid", "x" }, { NULL, 0, 0 } },
	};
	struct units *u = units_new(profile, 3);
	struct units_place at = { 1, 41, sets, 2 };
	const struct profile *p;

	(void)state;
	assert_non_null(u);
	p = units_profile(u, &at);
	assert_string_equal(p->sim.imsi, profile->sim.imsi);
	/* a value of the command line is that of the first modem of the process */
	assert_string_not_equal(p->sim.iccid, profile->sim.iccid);
	at.index = 2;
	at.number = 42;
	assert_string_not_equal(units_profile(u, &at)->sim.imsi, profile->sim.imsi);
	units_free(u);
}

static const struct CMUnitTest tests[] = {
	UNIT(all_units_have_names_of_their_own),
	UNIT(names_that_are_set_stay_and_empty_ones_too),
	UNIT(a_number_of_a_group_counts_from_its_first_unit),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, end);
}
