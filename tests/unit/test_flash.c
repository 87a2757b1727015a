/* state/flash: checking files and installing them. */
#include "flash_rig.h"

/* ---- checking --------------------------------------------------------------------- */

static enum flash_verdict verdict(int fw, enum dwl_kind kind)
{
	struct file file = make(fw, kind, 5000);

	return start(&file);
}

static void a_delivered_module_runs_its_firmware(void **state)
{
	(void)state;
	begin();
	assert_string_equal(runs(), "r663");
	assert_int_equal(f.downloader, R663);
	assert_int_equal(flash_install_items(&f), 0);
	assert_true(flash_load(&f, NULL)); /* no record yet */
	assert_string_equal(runs(), "r663");
}

static void a_firmware_of_another_generation_is_a_header_error(void **state)
{
	(void)state;
	begin();
	assert_int_equal(verdict(R74, DWL_FIRMWARE), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(verdict(R743, DWL_DOWNLOADER), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(verdict(R74, DWL_E2P), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(nv.stores, 0);
	assert_string_equal(runs(), "r663");
	profile.downloader = profile.installed = R74;
	flash_init(&f, &profile, &memory, &quiet);
	assert_int_equal(verdict(R663, DWL_FIRMWARE), FLASH_WRONG_DOWNLOADER);
	assert_int_equal(verdict(R743, DWL_FIRMWARE), FLASH_ACCEPTED);
}

static void other_files_are_header_errors(void **state)
{
	struct file file;
	uint8_t zip[1024] = "PK\3\4";

	(void)state;
	begin();
	assert_int_equal(flash_begin(&f, zip, sizeof(zip)), FLASH_NOT_AN_IMAGE);
	file = make(R663, DWL_FIRMWARE, 5000);
	assert_int_equal(flash_begin(&f, file.data, 127), FLASH_NOT_AN_IMAGE);
	file.data[40] ^= 1;
	assert_int_equal(flash_begin(&f, file.data, 1024), FLASH_NOT_AN_IMAGE);
	assert_int_equal(verdict(Q24, DWL_FIRMWARE), FLASH_WRONG_MODULE);
	file = make(R663, DWL_FIRMWARE, 5000);
	strcpy(slots[R663].name, "renamed");
	assert_int_equal(flash_begin(&f, file.data, 1024), FLASH_UNKNOWN_FIRMWARE);
	assert_int_equal(nv.stores, 0);
	assert_int_not_equal(flash_end(&f), FLASH_ACCEPTED);
}

static void a_file_larger_than_the_flash_has_no_room(void **state)
{
	struct file file;

	(void)state;
	begin();
	profile.device.flash_kb = 8;
	file = make(R663, DWL_FIRMWARE, 8 * 1024 + 1);
	assert_int_equal(start(&file), FLASH_NO_ROOM);
	file = make(R663, DWL_FIRMWARE, 8 * 1024);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	begin();
	described[R663].wopen.total = 4;
	file = make(R663, DWL_APPLICATION, 4 * 1024 + 1);
	assert_int_equal(start(&file), FLASH_NO_ROOM);
}

/* The sizes and addresses of 7.47 and 7.52 on an SL6087. */
static void begin_beside_an_application(void)
{
	struct firmware *fw = &described[R74];

	begin();
	fw->inventories = 3;
	strcpy(fw->inventory[0].text,
		"\"FW\",\"a,b\",\"R\",\"S\",673436,\"\",\"\",\"001d0000\"");
	strcpy(fw->inventory[1].text,
		"\"MODEM\",\"\",\"\",\"\",1713240,\"\",\"\",\"00020000\"");
	strcpy(fw->inventory[2].text, "\"ROM\",\"800000\"");
	fw->image_size = 1423360;
	fw->image_second = 959488;
	described[R743].wopen.application_at = 0x260000;
	profile.installed = profile.downloader = R743;
	flash_init(&f, &profile, &memory, &quiet);
	assert_true(send(R743, DWL_APPLICATION));
	assert_int_equal(f.app_at, 0x260000);
	assert_int_equal(f.app_size, 5000);
}

/* Sends blocks of 128 bytes until one is refused; returns its number, 0: none was. */
static int refused_block(const struct file *file)
{
	size_t at;

	for (at = 128; at < file->len; at += 128)
		if (flash_data(&f, file->data + at, 128) != FLASH_ACCEPTED)
			return (int)(at / 128 + 1);
	return 0;
}

static void the_second_binary_may_lie_where_an_application_is(void **state)
{
	struct file file;

	(void)state;
	begin_beside_an_application();
	file = make(R74, DWL_FIRMWARE, 12800);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	/* 12800 * 959488 / 1423360 is 8628, in block 68 */
	assert_int_equal(refused_block(&file), 68);
	assert_string_equal(runs(), "nothing");
	power_cycle();
	assert_string_equal(runs(), "nothing");
	assert_true(send(R743, DWL_FIRMWARE)); /* that one fits */
	assert_true(flash_erase_app(&f));
	assert_true(send(R74, DWL_FIRMWARE));
	assert_string_equal(runs(), "r74");
}

static void a_half_upgrade_has_a_name(void **state)
{
	struct file file;

	(void)state;
	begin_beside_an_application();
	strcpy(described[R743].half, "r663");
	strcpy(described[R663].needs_downloader[0], "r7");
	file = make(R74, DWL_FIRMWARE, 12800);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_int_equal(refused_block(&file), 68);
	power_cycle();
	assert_string_equal(runs(), "r663");
	assert_true(f.app_present);
}

static void an_application_needs_a_firmware_that_runs(void **state)
{
	(void)state;
	begin();
	assert_true(send(R74, DWL_DOWNLOADER));
	flash_boot(&f);
	assert_int_equal(verdict(R74, DWL_APPLICATION), FLASH_NO_FIRMWARE);
}

/* The host found an error in the file that describes the firmware. */
static void a_firmware_that_cannot_be_read_is_refused_with_its_error(void **state)
{
	static char flaw[] = "firmware/r743.yaml:2:10: wrong; right it";
	struct file file;
	size_t index;

	(void)state;
	begin();
	file = make(R743, DWL_FIRMWARE, 5000);
	slots[R743].state = FIRMWARE_BROKEN;
	slots[R743].is = NULL;
	slots[R743].flaw = flaw;
	assert_int_equal(flash_begin(&f, file.data, 128), FLASH_BROKEN_FIRMWARE);
	assert_non_null(strstr(logged, flaw));
	assert_true(f.valid);
	assert_false(flash_find(&f, "r743", &index));
}

static void a_bound_file_stands_for_its_firmware(void **state)
{
	struct flash_image image = { .firmware = R74, .kind = DWL_DOWNLOADER };
	uint8_t theirs[1024];
	int i;

	(void)state;
	begin();
	memset(theirs, 0x5a, sizeof(theirs));
	image_fingerprint(theirs, sizeof(theirs), image.sha256);
	assert_int_equal(flash_begin(&f, theirs, sizeof(theirs)), FLASH_NOT_AN_IMAGE);
	assert_true(flash_bind(&f, &image));
	assert_int_equal(flash_begin(&f, theirs, sizeof(theirs)), FLASH_ACCEPTED);
	flash_data(&f, theirs, sizeof(theirs));
	assert_int_equal(flash_end(&f), FLASH_ACCEPTED);
	assert_int_equal(f.pending, R74);
	assert_int_equal(f.last.size, 1024);
	image.firmware = R743;
	image.sha256[0] ^= 1;
	for (i = 1; i < FLASH_IMAGES; i++)
		assert_true(flash_bind(&f, &image));
	assert_false(flash_bind(&f, &image));
}

static void a_short_file_is_known_again_by_its_padding(void **state)
{
	uint8_t a[SHA256_DIGEST_SIZE], b[SHA256_DIGEST_SIZE], block[128];

	(void)state;
	memset(block, IMAGE_PADDING, sizeof(block));
	memcpy(block, "tiny", 4);
	image_fingerprint("tiny", 4, a);
	image_fingerprint(block, sizeof(block), b);
	assert_memory_equal(a, b, sizeof(a));
	image_fingerprint("", 0, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

/* ---- installing -----------------------------------------------------------------------
 */

static void the_story_of_the_migration(void **state)
{
	(void)state;
	begin();
	assert_true(send(R74, DWL_DOWNLOADER));
	assert_string_equal(runs(), "r663");
	assert_int_equal(f.downloader, R663);
	flash_boot(&f);
	assert_string_equal(runs(), "nothing");
	assert_int_equal(f.downloader, R74);
	assert_int_equal(verdict(R663, DWL_FIRMWARE), FLASH_WRONG_DOWNLOADER);
	assert_true(send(R74, DWL_FIRMWARE));
	flash_boot(&f);
	assert_string_equal(runs(), "r74");
	assert_int_equal(flash_install_items(&f), INSTALL_BAND | INSTALL_APPLICATION |
							  INSTALL_FLASH_OBJECTS |
							  INSTALL_CACHE_SN);
	power_cycle();
	assert_int_not_equal(flash_install_items(&f), 0);
	flash_install_done(&f);
	assert_int_equal(flash_install_items(&f), 0);
	power_cycle();
	assert_string_equal(runs(), "r74");
	assert_int_equal(flash_install_items(&f), 0);
}

static void a_downloader_is_held_aside_until_the_boot_but_not_on_a_q24(void **state)
{
	(void)state;
	begin();
	assert_true(send(R74, DWL_DOWNLOADER));
	assert_int_equal(f.downloader, R663);
	assert_int_equal(f.pending, R74);
	described[R74].downloader.at_once = true;
	assert_true(send(R74, DWL_DOWNLOADER));
	assert_int_equal(f.downloader, R74);
	assert_int_equal(f.pending, -1);
}

static void a_new_file_writes_over_the_downloader_held_aside(void **state)
{
	struct file file;

	(void)state;
	begin();
	assert_true(send(R74, DWL_DOWNLOADER));
	file = make(R74, DWL_DOWNLOADER, 5000);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	power_cycle();
	flash_boot(&f);
	assert_int_equal(f.downloader, R663);
	assert_string_equal(runs(), "r663");
}

static void size_and_hash_are_those_of_the_file_without_its_padding(void **state)
{
	static const uint8_t none[SHA256_DIGEST_SIZE];
	uint8_t want[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	struct file file;

	(void)state;
	begin();
	file = make(R663, DWL_FIRMWARE, 5000);
	sha256_init(&sha);
	sha256_update(&sha, 5000, file.data);
	sha256_digest(&sha, sizeof(want), want);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(f.last.complete);
	assert_memory_equal(f.last.sha256, none, sizeof(none));
	assert_true(finish(&file));
	assert_true(f.last.complete);
	assert_int_equal(f.last.size, 5000);
	assert_memory_equal(f.last.sha256, want, sizeof(want));
	power_cycle();
	assert_int_equal(f.last.kind, DWL_FIRMWARE);
	assert_int_equal(f.last.firmware, R663);
	assert_memory_equal(f.last.sha256, want, sizeof(want));
}

static void damage_after_the_header_leaves_no_firmware(void **state)
{
	struct file file;

	(void)state;
	begin();
	file = make(R663, DWL_FIRMWARE, 5000);
	file.data[4999] ^= 1;
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_string_equal(runs(), "nothing");
	assert_false(finish(&file));
	assert_string_equal(runs(), "nothing");
	assert_non_null(strstr(logged, "wrong CRC"));
	assert_true(send(R663, DWL_FIRMWARE));
	assert_string_equal(runs(), "r663");
}

static void a_file_cut_short_or_too_long_leaves_no_firmware(void **state)
{
	struct file file;

	(void)state;
	begin();
	file = make(R663, DWL_FIRMWARE, 5000);
	file.len -= 128;
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(finish(&file));
	assert_string_equal(runs(), "nothing");
	file = make(R663, DWL_FIRMWARE, 5000);
	file.len = 5000 + 120 + 8 * 128; /* a whole block of 1024 after the padding */
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(finish(&file));
	assert_string_equal(runs(), "nothing");
	file = make(R663, DWL_FIRMWARE, 128);
	file.len = 1024;
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_true(finish(&file));
	assert_string_equal(runs(), "r663");
}

static void a_file_that_goes_on_is_given_up_at_the_next_block(void **state)
{
	enum flash_verdict v = FLASH_ACCEPTED;
	struct file file;
	size_t at;

	(void)state;
	begin();
	file = make(R663, DWL_FIRMWARE, 5000);
	file.len = 5000 + 120 + 20 * 128;
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	for (at = 128; at < file.len && v == FLASH_ACCEPTED; at += 128)
		v = flash_data(&f, file.data + at, 128);
	assert_int_equal(v, FLASH_LONGER);
	assert_true(at <= 5000 + 120 + 8 * 128);
	assert_string_equal(runs(), "nothing");
	assert_int_equal(flash_data(&f, file.data, 128), FLASH_ACCEPTED);
	assert_int_equal(flash_end(&f), FLASH_UNSOUND);
	assert_true(send(R663, DWL_FIRMWARE));
}

static void a_length_that_was_never_reached_leaves_no_firmware(void **state)
{
	struct dwl_header h;
	struct file file;

	(void)state;
	begin();
	file = make(R663, DWL_FIRMWARE, 5000);
	assert_int_equal(dwl_parse(file.data, file.len, &h), DWL_OK);
	file.len = 4992;
	h.length = 4992;
	h.crc = dwl_body_crc(&h); /* correct for what is sent ... */
	h.length = 5000;          /* ... but the header gives a larger length */
	dwl_encode(&h, file.data);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(finish(&file));
	assert_string_equal(runs(), "nothing");
}

static void an_abandoned_download_leaves_what_its_first_block_made(void **state)
{
	struct file file;

	(void)state;
	begin();
	file = make(R663, DWL_FIRMWARE, 5000);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	flash_abort(&f);
	assert_int_not_equal(flash_end(&f), FLASH_ACCEPTED);
	flash_data(&f, "x", 1);
	assert_string_equal(runs(), "nothing");
	begin();
	file = make(R74, DWL_DOWNLOADER, 5000);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	flash_boot(&f);
	assert_false(finish(&file));
	assert_string_equal(runs(), "r663");
}

static void an_application_is_kept_with_its_library(void **state)
{
	struct file file;

	(void)state;
	begin();
	assert_false(flash_erase_app(&f));
	assert_true(send(R74, DWL_APPLICATION));
	assert_true(f.app_present);
	assert_string_equal(f.app_library, "AT v06.30");
	assert_string_equal(runs(), "r663");
	power_cycle();
	assert_string_equal(f.app_library, "AT v06.30");
	file = make(R663, DWL_APPLICATION, 5000);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	power_cycle();
	assert_false(f.app_present);
	assert_true(send(R663, DWL_APPLICATION));
	assert_true(flash_erase_app(&f));
	assert_false(flash_erase_app(&f));
	power_cycle();
	assert_false(f.app_present);
}

static void flash_objects_are_erased_once(void **state)
{
	(void)state;
	begin();
	f.objects = true;
	assert_true(flash_erase_objects(&f));
	assert_false(flash_erase_objects(&f));
	power_cycle();
	assert_false(f.objects);
}

static void an_install_erases_what_its_rules_say_and_no_more(void **state)
{
	(void)state;
	begin();
	profile.downloader = R74;
	flash_init(&f, &profile, &memory, &quiet);
	f.app_present = f.objects = true;
	assert_true(send(R74, DWL_FIRMWARE));
	assert_true(f.app_present);
	flash_install_done(&f);
	assert_false(f.app_present);
	assert_false(f.objects);
	f.app_present = f.objects = true;
	assert_true(send(R743, DWL_FIRMWARE));
	assert_int_equal(flash_install_items(&f), 0);
	assert_false(f.just_installed);
	flash_install_done(&f);
	assert_true(f.app_present && f.objects);
}

static void an_e2p_image_touches_no_firmware(void **state)
{
	(void)state;
	begin();
	assert_true(send(R663, DWL_E2P));
	assert_string_equal(runs(), "r663");
	assert_int_equal(f.last.kind, DWL_E2P);
	assert_true(f.last.complete);
}

static void what_a_boot_has_to_do_is_remembered_until_it_is_done(void **state)
{
	(void)state;
	begin();
	assert_int_equal(flash_install_items(&f), 0);
	assert_true(send(R663, DWL_E2P));
	power_cycle();
	assert_true(flash_install_items(&f) & INSTALL_BAND);
	assert_true(flash_install_items(&f) & INSTALL_AT_ONCE);
	assert_false(flash_install_items(&f) & INSTALL_AD_VOLUME);
	assert_true(send(R663, DWL_FIRMWARE_AD));
	power_cycle();
	assert_true(flash_install_items(&f) & INSTALL_BAND);
	assert_true(flash_install_items(&f) & INSTALL_AD_VOLUME);
	assert_string_equal(runs(), "r663");
	flash_install_done(&f);
	assert_int_equal(flash_install_items(&f), 0);
	power_cycle();
	assert_int_equal(flash_install_items(&f), 0);
	/* a firmware that does not run gets no changes */
	assert_true(send(R663, DWL_E2P));
	f.valid = false;
	assert_int_equal(flash_install_items(&f), 0);
}

static void the_dota_area_comes_with_a_firmware_or_an_e2p_image(void **state)
{
	(void)state;
	begin();
	assert_false(flash_lacks_dota(&f));
	profile.downloader = profile.installed = R74;
	described[R743].install.dota = DOTA_NEEDS;
	flash_init(&f, &profile, &memory, &quiet);
	assert_true(send(R743, DWL_FIRMWARE));
	assert_true(flash_lacks_dota(&f));
	power_cycle();
	assert_true(flash_lacks_dota(&f));
	/* the e2p image of another firmware has no such area */
	assert_true(send(R74, DWL_E2P));
	assert_true(flash_lacks_dota(&f));
	assert_true(send(R743, DWL_E2P));
	assert_false(flash_lacks_dota(&f));
	power_cycle();
	assert_false(flash_lacks_dota(&f));
	/* a firmware that makes the area, and back: the area stays */
	described[R74].install.dota = DOTA_MAKES;
	flash_init(&f, &profile, &memory, &quiet);
	assert_true(f.dota);
	described[R74].install.dota = DOTA_NONE;
	flash_init(&f, &profile, &memory, &quiet);
	described[R74].install.dota = DOTA_MAKES;
	assert_false(f.dota);
	assert_true(send(R74, DWL_FIRMWARE) && send(R743, DWL_FIRMWARE));
	assert_false(flash_lacks_dota(&f));
}

static void a_damaged_application_is_there_and_says_so(void **state)
{
	struct file file;

	(void)state;
	begin();
	file = make(R663, DWL_APPLICATION, 5000);
	file.data[3000] ^= 1;
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(f.app_present);
	assert_false(finish(&file));
	assert_true(f.app_present);
	assert_int_equal(f.app_fault, APP_BAD_CHECKSUM);
	assert_false(f.last.complete);
	power_cycle();
	assert_int_equal(f.app_fault, APP_BAD_CHECKSUM);
	assert_true(send(R663, DWL_APPLICATION));
	assert_int_equal(f.app_fault, APP_SOUND);
}

static const struct CMUnitTest tests[] = {
	UNIT(a_delivered_module_runs_its_firmware),
	UNIT(a_firmware_of_another_generation_is_a_header_error),
	UNIT(other_files_are_header_errors),
	UNIT(a_file_larger_than_the_flash_has_no_room),
	UNIT(the_second_binary_may_lie_where_an_application_is),
	UNIT(a_half_upgrade_has_a_name),
	UNIT(an_application_needs_a_firmware_that_runs),
	UNIT(a_firmware_that_cannot_be_read_is_refused_with_its_error),
	UNIT(a_bound_file_stands_for_its_firmware),
	UNIT(a_short_file_is_known_again_by_its_padding),
	UNIT(the_story_of_the_migration),
	UNIT(a_downloader_is_held_aside_until_the_boot_but_not_on_a_q24),
	UNIT(a_new_file_writes_over_the_downloader_held_aside),
	UNIT(size_and_hash_are_those_of_the_file_without_its_padding),
	UNIT(damage_after_the_header_leaves_no_firmware),
	UNIT(a_file_cut_short_or_too_long_leaves_no_firmware),
	UNIT(a_file_that_goes_on_is_given_up_at_the_next_block),
	UNIT(a_length_that_was_never_reached_leaves_no_firmware),
	UNIT(an_abandoned_download_leaves_what_its_first_block_made),
	UNIT(an_application_is_kept_with_its_library),
	UNIT(flash_objects_are_erased_once),
	UNIT(an_install_erases_what_its_rules_say_and_no_more),
	UNIT(an_e2p_image_touches_no_firmware),
	UNIT(what_a_boot_has_to_do_is_remembered_until_it_is_done),
	UNIT(the_dota_area_comes_with_a_firmware_or_an_e2p_image),
	UNIT(a_damaged_application_is_there_and_says_so),
};

UNIT_MAIN(tests)
