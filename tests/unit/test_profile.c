/* state/profile: names, band sets, firmware by name. */
#include "unit.h"

#include <string.h>

#include "state/profile.h"

static void wmbs_values_are_band_sets(void **state)
{
	(void)state;
	assert_int_equal(band_set(0), BAND_850);
	assert_int_equal(band_set(3), BAND_1900);
	assert_int_equal(band_set(4), BAND_850 | BAND_1900);
	assert_int_equal(band_set(5), BAND_900 | BAND_1800);
	assert_int_equal(band_set(6), BAND_900 | BAND_1900);
	assert_int_equal(band_set(7), 15);
	assert_int_equal(band_set(8), 0);
	assert_int_equal(band_set(-1), 0);
}

static void every_quirk_and_book_has_a_name_and_help(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < QUIRKS; i++) {
		assert_string_not_equal(name_of(quirk_names, i), "?");
		assert_non_null(name_find(quirk_names, name_of(quirk_names, i))->help);
	}
	for (i = 0; i < BOOKS_WIND; i++)
		assert_int_equal(strlen(name_of(book_names, i)), 2);
	for (i = 0; i <= 12; i++)
		assert_string_not_equal(name_of(install_names, 1 << i), "?");
}

static void a_firmware_is_found_by_its_name(void **state)
{
	static struct profile p;

	(void)state;
	strcpy(p.firmware[0].name, "r663");
	strcpy(p.firmware[1].name, "r74");
	p.firmware[1].quirks = 1u << QUIRK_CFUN_4;
	p.firmwares = 2;
	assert_ptr_equal(profile_firmware(&p, "r74"), &p.firmware[1]);
	assert_null(profile_firmware(&p, "r7"));
	assert_true(firmware_has(&p.firmware[1], QUIRK_CFUN_4));
	assert_false(firmware_has(&p.firmware[1], QUIRK_CPIN_NO_OK));
	assert_false(firmware_has(&p.firmware[0], QUIRK_CFUN_4));
}

static const struct CMUnitTest tests[] = {
	UNIT(wmbs_values_are_band_sets),
	UNIT(every_quirk_and_book_has_a_name_and_help),
	UNIT(a_firmware_is_found_by_its_name),
};

UNIT_MAIN(tests)
