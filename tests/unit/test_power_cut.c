/* The power fails after any block of the migration from 6.63 to 7.4, and of each other
 * kind of file: what runs then, and that the migration can still be completed. */
#include "upgrade_rig.h"

#define PROFILE "fastrack-supreme-20-r663"
#define BLOCKS  (IMAGE / BLOCK)
#define WHOLE   (BLOCKS + 1) /* with the EOT */

static const struct firmware *new;

static void begin(void)
{
	rig_init(&r, profile);
	rig_boot(&r);
	download();
}

static void power_cut(void)
{
	modem_power(r.modem, r.now, false);
	rig_pass(&r, SEC(1));
	modem_power(r.modem, r.now, true);
	rig_pass(&r, SEC(40));
}

static const char *runs(void)
{
	return r.modem->fw ? r.modem->fw->name : "nothing";
}

static const char *downloader(void)
{
	return profile_at(profile, r.modem->flash.downloader)->name;
}

/* From any state to a running 7.4. */
static void go_on(void)
{
	if (!strcmp(downloader(), "r663")) {
		download();
		assert_int_equal(deliver(new, DWL_DOWNLOADER), RUNS);
		reset();
	}
	download();
	assert_int_equal(deliver(new, DWL_FIRMWARE), RUNS);
	reset();
	assert_string_equal(runs(), "r74");
	rig_free(&r);
}

static void the_old_firmware_runs_until_the_downloader_is_whole(void **state)
{
	uint32_t n;

	(void)state;
	for (n = 0; n <= WHOLE; n++) {
		begin();
		assert_int_equal(deliver_some(new, DWL_DOWNLOADER, n), RUNS);
		power_cut();
		assert_string_equal(downloader(), n < WHOLE ? "r663" : "r74");
		assert_string_equal(runs(), n < WHOLE ? "r663" : "nothing");
		go_on();
	}
}

static void only_the_downloader_runs_until_the_firmware_is_whole(void **state)
{
	uint32_t n;

	(void)state;
	for (n = 0; n <= WHOLE; n++) {
		begin();
		assert_int_equal(deliver(new, DWL_DOWNLOADER), RUNS);
		reset();
		download();
		assert_int_equal(deliver_some(new, DWL_FIRMWARE, n), RUNS);
		power_cut();
		assert_string_equal(downloader(), "r74");
		assert_string_equal(runs(), n < WHOLE ? "nothing" : "r74");
		if (n < WHOLE)
			go_on();
		else
			rig_free(&r);
	}
}

/* Within one generation the first block erases the old firmware. */
static void the_first_block_ends_the_old_firmware(void **state)
{
	const struct firmware *old = profile_firmware(profile, "r71");
	uint32_t n;

	(void)state;
	assert_true(profile_find(profile, old->name, &profile->installed));
	profile->downloader = profile->installed;
	for (n = 0; n <= WHOLE; n++) {
		begin();
		assert_int_equal(deliver_some(new, DWL_FIRMWARE, n), RUNS);
		power_cut();
		assert_string_equal(runs(), n == 0      ? "r71"
					    : n < WHOLE ? "nothing"
							: "r74");
		rig_free(&r);
	}
}

/* A unit with 7.1 and settings changed by its owner. */
static void begin_71(void)
{
	const struct firmware *old = profile_firmware(profile, "r71");

	assert_true(profile_find(profile, old->name, &profile->installed));
	profile->downloader = profile->installed;
	rig_init(&r, profile);
	rig_boot(&r);
	ask("AT+WIND=8");
	download();
}

static void an_e2p_image_does_nothing_until_it_is_whole(void **state)
{
	const struct firmware *old = profile_firmware(profile, "r71");
	uint32_t n;

	(void)state;
	for (n = 0; n <= WHOLE; n++) {
		begin_71();
		assert_int_equal(deliver_some(old, DWL_E2P, n), RUNS);
		power_cut();
		assert_string_equal(runs(), "r71");
		assert_non_null(
			strstr(ask("AT+WIND?"), n < WHOLE ? "+WIND: 8\r" : "+WIND: 0\r"));
		ask("AT+WIND=16");
		power_cut();
		assert_non_null(strstr(ask("AT+WIND?"), "+WIND: 16\r"));
		rig_free(&r);
	}
}

static void the_first_block_ends_the_old_application(void **state)
{
	const struct firmware *old = profile_firmware(profile, "r71");
	uint32_t n;

	(void)state;
	for (n = 0; n <= WHOLE; n++) {
		begin_71();
		assert_int_equal(deliver(old, DWL_APPLICATION), RUNS);
		assert_int_equal(deliver_some(new, DWL_APPLICATION, n), RUNS);
		power_cut();
		assert_string_equal(runs(), "r71");
		assert_int_equal(r.modem->flash.app_present, n == 0 || n == WHOLE);
		if (n == 0)
			assert_string_equal(
				r.modem->flash.app_library, old->open_at.text);
		if (n == WHOLE)
			assert_string_equal(
				r.modem->flash.app_library, new->open_at.text);
		rig_free(&r);
	}
}

/* 12 sectors take 18 s. */
static void a_volume_is_formatted_once_its_image_is_whole(void **state)
{
	const struct firmware *old = profile_firmware(profile, "r71");
	uint32_t n;

	(void)state;
	for (n = 0; n <= WHOLE; n++) {
		begin_71();
		assert_int_equal(deliver_some(old, DWL_FIRMWARE_AD, n), RUNS);
		modem_power(r.modem, r.now, false);
		modem_power(r.modem, r.now, true);
		rig_pass(&r, SEC(10));
		assert_int_equal(r.modem->power, n == 0      ? POWER_ON
						 : n < WHOLE ? POWER_NO_FIRMWARE
							     : POWER_MUTE);
		rig_pass(&r, SEC(40));
		assert_int_equal(r.modem->power,
			n > 0 && n < WHOLE ? POWER_NO_FIRMWARE : POWER_ON);
		rig_free(&r);
	}
}

static int open_profile(void **state)
{
	(void)state;
	profile = rig_profile(PROFILE);
	new = profile_firmware(profile, "r74");
	return new ? 0 : -1;
}

static int close_profile(void **state)
{
	(void)state;
	rig_profile_free(profile);
	return 0;
}

static const struct CMUnitTest tests[] = {
	UNIT(the_old_firmware_runs_until_the_downloader_is_whole),
	UNIT(only_the_downloader_runs_until_the_firmware_is_whole),
	UNIT(the_first_block_ends_the_old_firmware),
	UNIT(an_e2p_image_does_nothing_until_it_is_whole),
	UNIT(the_first_block_ends_the_old_application),
	UNIT(a_volume_is_formatted_once_its_image_is_whole),
};

int main(void)
{
	return cmocka_run_group_tests(tests, open_profile, close_profile);
}
