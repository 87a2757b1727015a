/* at/mmi: key sequences, valid and almost valid. */
#include "unit.h"

#include <string.h>

#include "chapters/services/mmi.h"

static struct mmi good(const char *keys)
{
	struct mmi x;

	if (!mmi_parse(keys, strlen(keys), &x))
		fail_msg("%s is refused", keys);
	return x;
}

static void bad(const char *keys)
{
	struct mmi x;

	if (mmi_parse(keys, strlen(keys), &x))
		fail_msg("%s is accepted", keys);
}

static void the_prefix_selects_the_action(void **state)
{
	(void)state;
	assert_int_equal(good("*21#").op, MMI_ACTIVATE);
	assert_int_equal(good("#21#").op, MMI_DEACTIVATE);
	assert_int_equal(good("*#21#").op, MMI_QUERY);
	assert_int_equal(good("**21*1234#").op, MMI_REGISTER);
	assert_int_equal(good("##21#").op, MMI_ERASE);
}

static void codes_are_services(void **state)
{
	static const struct {
		const char *keys;
		enum mmi_service service;
		int code;
	} rows[] = {
		{ "*#21#", MMI_FORWARD, SS_UNCONDITIONAL },
		{ "*#67#", MMI_FORWARD, SS_BUSY },
		{ "*#61#", MMI_FORWARD, SS_NO_REPLY },
		{ "*#62#", MMI_FORWARD, SS_NOT_REACHABLE },
		{ "##002#", MMI_FORWARD, SS_REASON_ALL },
		{ "##004#", MMI_FORWARD, SS_REASON_CONDITIONAL },
		{ "*#33#", MMI_BARRING, SS_AO },
		{ "*#331#", MMI_BARRING, SS_OI },
		{ "*#332#", MMI_BARRING, SS_OX },
		{ "*#35#", MMI_BARRING, SS_AI },
		{ "*#351#", MMI_BARRING, SS_IR },
		{ "#330*0000#", MMI_BARRING, SS_AB },
		{ "#333*0000#", MMI_BARRING, SS_AG },
		{ "#353*0000#", MMI_BARRING, SS_AC },
		{ "*43#", MMI_WAITING, 0 },
		{ "*#30#", MMI_CLIP, 0 },
		{ "*#31#", MMI_CLIR, 0 },
		{ "*#76#", MMI_COLP, 0 },
		{ "**04*1111*2222*2222#", MMI_PIN, 0 },
		{ "**042*1111*2222*2222#", MMI_PIN, 1 },
		{ "**05*12345678*2222*2222#", MMI_UNBLOCK, 0 },
		{ "**052*12345678*2222*2222#", MMI_UNBLOCK, 1 },
		{ "**03*330*0000*1234*1234#", MMI_PASSWORD, SS_AB },
		{ "**03**0000*1234*1234#", MMI_PASSWORD, SS_AB },
		{ "*03*330*0000*1234*1234#", MMI_PASSWORD, SS_AB },
		{ "*03**0000*1234*1234#", MMI_PASSWORD, SS_AB },
		{ "**03*33*0000*1234*1234#", MMI_PASSWORD, SS_AO },
		{ "*#06#", MMI_IMEI, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mmi x = good(rows[i].keys);

		assert_int_equal(x.service, rows[i].service);
		assert_int_equal(x.code, rows[i].code);
	}
}

static void parts_are_number_service_and_time(void **state)
{
	struct mmi x = good("**61*+33146290800*11*25#");

	(void)state;
	assert_int_equal(x.parts, 3);
	assert_int_equal(x.part[0].len, 12);
	assert_memory_equal(x.part[0].text, "+33146290800", 12);
	assert_int_equal(x.classes, SS_VOICE);
	assert_int_equal(x.time, 25);
	x = good("*#61**25#");
	assert_int_equal(x.classes, SS_DATA);
	assert_int_equal(good("*#21#").classes, SS_ALL);
	assert_int_equal(good("*43*13#").classes, SS_FAX);
}

static void secrets_stand_in_their_order(void **state)
{
	struct mmi x = good("**03*330*0000*1234*5678#");

	(void)state;
	assert_int_equal(x.parts, 3);
	assert_memory_equal(x.part[0].text, "0000", 4);
	assert_memory_equal(x.part[1].text, "1234", 4);
	assert_memory_equal(x.part[2].text, "5678", 4);
}

static void near_misses_are_refused(void **state)
{
	static const char *const rows[] = { "", "*", "#", "*#", "21#", "*21", "*2#",
		"*#2#", "*100#", "*21##", "*21#1", "*21*#*#", "**21*1*11*25#",
		"**61*1*11*4#", "**61*1*11*31#", "**61*1*11*x#", "**61*1*99#",
		"**61*1*11*20*1#", "**33*0000#", "##43#", "*30#", "#31#", "*#30*1#",
		"**04*1*2#", "*04*1*2*2#", "**04*1*2*2*2#", "**03*21*0000*1*1#",
		"**03*330*0000*1#", "*06#", "*#06*1#" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		bad(rows[i]);
}

static const struct CMUnitTest tests[] = {
	UNIT(the_prefix_selects_the_action),
	UNIT(codes_are_services),
	UNIT(parts_are_number_service_and_time),
	UNIT(secrets_stand_in_their_order),
	UNIT(near_misses_are_refused),
};

UNIT_MAIN(tests)
