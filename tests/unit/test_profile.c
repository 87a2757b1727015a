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

static struct firmware described[2];
static unsigned reads;
static char flaw[] = "r71.yaml:1:1: wrong; right it";

/* The file of "r71" has an error, "q24" is for another device. */
static void read_slot(struct firmware_shelf *s, size_t i)
{
	struct firmware_slot *slot = &s->slot[i];

	reads++;
	slot->state = !strcmp(slot->name, "r71")   ? FIRMWARE_BROKEN
		      : !strcmp(slot->name, "q24") ? FIRMWARE_OTHER
						   : FIRMWARE_READY;
	if (slot->state == FIRMWARE_READY)
		slot->is = &described[!strcmp(slot->name, "r74")];
	if (slot->state == FIRMWARE_BROKEN)
		slot->flaw = flaw;
}

static void a_firmware_is_read_when_it_is_asked_for(void **state)
{
	static struct firmware_slot slots[] = { { .name = "q24" }, { .name = "r663" },
		{ .name = "r71" }, { .name = "r74" } };
	static struct firmware_shelf shelf = { slots, 4, read_slot, NULL };
	static const struct profile p = { .shelf = &shelf };
	size_t slot;

	(void)state;
	strcpy(described[0].name, "r663");
	strcpy(described[1].name, "r74");
	described[1].quirks = 1u << QUIRK_CFUN_4;
	assert_ptr_equal(profile_firmware(&p, "r74"), &described[1]);
	assert_ptr_equal(profile_firmware(&p, "r74"), &described[1]);
	assert_null(profile_firmware(&p, "r7"));
	assert_int_equal(reads, 1);
	assert_true(firmware_has(&described[1], QUIRK_CFUN_4));
	assert_false(firmware_has(&described[1], QUIRK_CPIN_NO_OK));
	assert_false(firmware_has(&described[0], QUIRK_CFUN_4));
	assert_true(profile_find(&p, "r663", &slot));
	assert_ptr_equal(profile_at(&p, slot), &described[0]);
	assert_false(profile_find(&p, "r71", &slot));
	assert_string_equal(profile_flaw(&p, "r71"), flaw);
	assert_null(profile_flaw(&p, "r74"));
	assert_null(profile_flaw(&p, "r7"));
	assert_ptr_equal(profile_nth(&p, 0), &described[0]);
	assert_ptr_equal(profile_nth(&p, 1), &described[1]);
	assert_null(profile_nth(&p, 2));
	assert_int_equal(reads, 4);
}

static const struct CMUnitTest tests[] = {
	UNIT(wmbs_values_are_band_sets),
	UNIT(every_quirk_and_book_has_a_name_and_help),
	UNIT(a_firmware_is_read_when_it_is_asked_for),
};

UNIT_MAIN(tests)
