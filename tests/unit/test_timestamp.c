/* codec/timestamp and codec/dcs: every second of a leap day, every zone, every validity
 * octet, every coding scheme. */
#include "unit.h"

#include <string.h>

#include "codec/dcs.h"
#include "codec/timestamp.h"

static void survives(int64_t time, int zone)
{
	struct timestamp t, back;
	uint8_t octets[TIMESTAMP_OCTETS];

	timestamp_from_unix(time, zone, &t);
	assert_true(timestamp_valid(&t));
	assert_int_equal(timestamp_unix(&t), time);
	timestamp_put(&t, octets);
	assert_int_equal(timestamp_get(octets, &back), PDU_OK);
	assert_memory_equal(&back, &t, sizeof(t));
}

static void every_day_and_every_zone_survives(void **state)
{
	int64_t day;
	int zone;

	(void)state;
	/* 1990-01-02 to 2089-12-30, so that no zone leaves the century */
	for (day = 7306; day < 43828; day++)
		survives(day * 86400 + day % 86400, (int)(day % 159) - TIMESTAMP_ZONE);
	for (zone = -TIMESTAMP_ZONE; zone <= TIMESTAMP_ZONE; zone++)
		survives(1300188645, zone);
	for (day = 0; day < 86400; day++)
		survives(951782400 + day, 4); /* 29 February 2000 */
}

static void the_zone_is_taken_off(void **state)
{
	static const uint8_t east[] = { 0x11, 0x30, 0x51, 0x21, 0x03, 0x54, 0x40 };
	static const uint8_t west[] = { 0x11, 0x30, 0x51, 0x21, 0x03, 0x54, 0x48 };
	struct timestamp t;

	(void)state;
	assert_int_equal(timestamp_get(east, &t), PDU_OK);
	assert_int_equal(t.zone, 4);
	assert_int_equal(timestamp_unix(&t), 1300188645); /* 2011-03-15T11:30:45Z */
	assert_int_equal(timestamp_get(west, &t), PDU_OK);
	assert_int_equal(t.zone, -4);
	assert_int_equal(timestamp_unix(&t), 1300188645 + 7200);
}

static void years_from_90_on_are_of_the_last_century(void **state)
{
	struct timestamp t = { 90, 1, 1, 0, 0, 0, 0 };

	(void)state;
	assert_int_equal(timestamp_unix(&t), 631152000);
	t.year = 89;
	assert_int_equal(timestamp_unix(&t), 3755376000);
	t.year = 0;
	assert_int_equal(timestamp_unix(&t), 946684800);
}

static void invalid_times_are_reported_and_read_as_zero(void **state)
{
	static const uint8_t zero[TIMESTAMP_OCTETS] = { 0 };
	static const uint8_t letters[] = { 0xa1, 0x30, 0x51, 0x21, 0x03, 0x54, 0x40 };
	static const struct timestamp bad[] = { { 11, 2, 29 }, { 11, 13, 1 },
		{ 11, 0, 1 }, { 11, 4, 31 }, { 11, 4, 0 }, { 11, 1, 1, 24 },
		{ 11, 1, 1, 0, 60 }, { 11, 1, 1, 0, 0, 60 }, { 11, 1, 1, 0, 0, 0, 80 },
		{ 11, 1, 1, 0, 0, 0, -80 }, { 100, 1, 1 } };
	struct timestamp t;
	size_t i;

	(void)state;
	assert_int_equal(timestamp_get(zero, &t), PDU_TIME);
	assert_int_equal(timestamp_get(letters, &t), PDU_TIME);
	assert_int_equal(t.year, 10);
	assert_int_equal(t.month, 3);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(timestamp_valid(&bad[i]));
}

static void text_in_another_form_is_not_a_time(void **state)
{
	static const char *const bad[] = { "11/03/15,12:30:45", "11/03/15 12:30:45+04",
		"11/03/15,12:30:45*04", "11/03/15,12:30:4x+04", "11-03/15,12:30:45+04",
		"11/03/15,12:30:45+80", "11/02/30,12:30:45+04", "11/03/15,12:30:45+044",
		"" };
	struct timestamp t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(timestamp_parse(bad[i], strlen(bad[i]), &t), PDU_TIME);
	assert_int_equal(timestamp_parse("11/03/15,12:30:45-04", 20, &t), PDU_OK);
	assert_int_equal(t.zone, -4);
}

static void a_relative_octet_means_its_seconds(void **state)
{
	unsigned octet;

	(void)state;
	assert_int_equal(validity_relative(0), 5 * 60);
	assert_int_equal(validity_relative(23), 2 * 3600);
	assert_int_equal(validity_relative(143), 12 * 3600);
	assert_int_equal(validity_relative(144), 12 * 3600 + 30 * 60);
	assert_int_equal(validity_relative(167), 24 * 3600);
	assert_int_equal(validity_relative(168), 2 * 86400);
	assert_int_equal(validity_relative(196), 30 * 86400);
	assert_int_equal(validity_relative(197), 5 * 604800);
	assert_int_equal(validity_relative(255), 63 * 604800);
	for (octet = 0; octet < 256; octet++) {
		assert_int_equal(
			validity_relative_octet(validity_relative((uint8_t)octet)),
			octet);
		if (octet)
			assert_true(validity_relative((uint8_t)octet) >
				    validity_relative((uint8_t)(octet - 1)));
	}
	assert_int_equal(validity_relative_octet(0), 0);
	assert_int_equal(validity_relative_octet(301), 1);
	assert_int_equal(validity_relative_octet(UINT32_MAX), 255);
}

static void every_format_of_validity_ends_when_it_says(void **state)
{
	static const struct {
		enum validity_format format;
		struct validity v;
		int64_t seconds;
	} table[] = {
		{ VALIDITY_NONE, { { 0 } }, -1 },
		{ VALIDITY_RELATIVE, { { 11 } }, 3600 },
		{ VALIDITY_ABSOLUTE, { { 0x11, 0x30, 0x51, 0x21, 0x03, 0x54, 0x40 } },
			45 },
		{ VALIDITY_ABSOLUTE, { { 0x01, 0x30, 0x51, 0x21, 0x03, 0x54, 0x40 } },
			0 },
		{ VALIDITY_ENHANCED, { { 0x40 } }, -1 },
		{ VALIDITY_ENHANCED, { { 0x01, 167 } }, 86400 },
		{ VALIDITY_ENHANCED, { { 0x42, 255 } }, 255 },
		{ VALIDITY_ENHANCED, { { 0x03, 0x10, 0x20, 0x30 } }, 3600 + 120 + 3 },
		{ VALIDITY_ENHANCED, { { 0x82, 0x00, 7 } }, 7 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_int_equal(validity_check(table[i].format, &table[i].v), PDU_OK);
		assert_int_equal(
			validity_seconds(table[i].format, &table[i].v, 1300188600),
			table[i].seconds);
	}
	assert_int_equal(validity_octets(VALIDITY_NONE), 0);
	assert_int_equal(validity_octets(VALIDITY_RELATIVE), 1);
	assert_int_equal(validity_octets(VALIDITY_ENHANCED), 7);
	assert_int_equal(validity_octets(VALIDITY_ABSOLUTE), 7);
}

static void every_coding_scheme_of_messages_has_its_meaning(void **state)
{
	static const enum dcs_alphabet general[] = { DCS_GSM7, DCS_8BIT, DCS_UCS2,
		DCS_GSM7 };
	unsigned i;

	(void)state;
	for (i = 0; i < 256; i++) {
		struct dcs d = dcs_sms((uint8_t)i);

		assert_int_equal(d.auto_delete, i >= 0x40 && i < 0x80);
		assert_int_equal(d.compressed, i < 0x80 && i & 0x20);
		assert_int_equal(d.waiting != DCS_NOT_WAITING, i >= 0xc0 && i < 0xf0);
		assert_int_equal(d.class, i >= 0xf0 || (i < 0x80 && i & 0x10)
						  ? (int)(i & 3)
						  : DCS_NO_CLASS);
		assert_int_equal(d.alphabet, i < 0x80    ? general[i >> 2 & 3]
					     : i >= 0xf0 ? (i & 4 ? DCS_8BIT : DCS_GSM7)
					     : i >> 4 == 14 ? DCS_UCS2
							    : DCS_GSM7);
		assert_int_equal(d.reserved, i < 0x80   ? (i & 12) == 12
					     : i < 0xc0 ? 1
					     : i < 0xf0 ? (i & 4) != 0
							: (i & 8) != 0);
	}
	assert_int_equal(dcs_sms(0xc8).waiting, DCS_WAITING_DISCARD);
	assert_true(dcs_sms(0xc8).waiting_active);
	assert_int_equal(dcs_sms(0xd2).waiting, DCS_WAITING_STORE);
	assert_int_equal(dcs_sms(0xd2).waiting_kind, 2);
	assert_false(dcs_sms(0xd2).waiting_active);
}

static void every_coding_scheme_that_is_asked_for_is_read_so(void **state)
{
	static const enum dcs_alphabet all[] = { DCS_GSM7, DCS_8BIT, DCS_UCS2 };
	struct dcs d;
	size_t i;
	int class;

	(void)state;
	for (i = 0; i < 3; i++) {
		for (class = DCS_NO_CLASS; class <= 3; class ++) {
			d = dcs_sms(dcs_sms_octet(all[i], class));
			assert_int_equal(d.alphabet, all[i]);
			assert_int_equal(d.class, class);
		}
	}
	assert_int_equal(dcs_sms_octet(DCS_UCS2, 3), 0x1b);
}

static void broadcast_and_ussd_have_a_scheme_of_their_own(void **state)
{
	(void)state;
	assert_int_equal(dcs_broadcast(0x0f).alphabet, DCS_GSM7);
	assert_int_equal(dcs_broadcast(0x0f).language, 0);
	assert_int_equal(dcs_broadcast(0x10).language, 3);
	assert_int_equal(dcs_broadcast(0x11).alphabet, DCS_UCS2);
	assert_int_equal(dcs_broadcast(0x11).language, 2);
	assert_true(dcs_broadcast(0x12).reserved);
	assert_int_equal(dcs_broadcast(0x48).alphabet, DCS_UCS2); /* 72 of +CUSD */
	assert_int_equal(dcs_broadcast(0x44).alphabet, DCS_8BIT);
	assert_int_equal(dcs_broadcast(0x5a).class, 2);
	assert_true(dcs_broadcast(0x60).compressed);
	assert_true(dcs_broadcast(0x95).header);
	assert_int_equal(dcs_broadcast(0x95).alphabet, DCS_8BIT);
	assert_int_equal(dcs_broadcast(0x95).class, 1);
	assert_true(dcs_broadcast(0xd0).reserved);
	assert_int_equal(dcs_broadcast(0xf5).alphabet, DCS_8BIT);
}

static const struct CMUnitTest tests[] = {
	UNIT(every_day_and_every_zone_survives),
	UNIT(the_zone_is_taken_off),
	UNIT(years_from_90_on_are_of_the_last_century),
	UNIT(invalid_times_are_reported_and_read_as_zero),
	UNIT(text_in_another_form_is_not_a_time),
	UNIT(a_relative_octet_means_its_seconds),
	UNIT(every_format_of_validity_ends_when_it_says),
	UNIT(every_coding_scheme_of_messages_has_its_meaning),
	UNIT(every_coding_scheme_that_is_asked_for_is_read_so),
	UNIT(broadcast_and_ussd_have_a_scheme_of_their_own),
};

UNIT_MAIN(tests)
