/* state/flash: applications with a file of their own, by name. */
#include "flash_rig.h"

#include "state/application.h"
#include "state/record.h"

enum {
	METER,
	WRONG,
	APPLICATIONS
};

static struct application meter;
static struct application_slot app_slots[APPLICATIONS];
static struct application_shelf apps = { .slot = app_slots, .n = APPLICATIONS };
static char flaw[] = "applications/wrong.yaml:2:1: wrong; right it";

/* A Supreme on 6.63; there are a sound application and one whose file has an error. */
static void begin_with_apps(void)
{
	begin();
	memset(&meter, 0, sizeof(meter));
	strcpy(meter.name, "meter");
	strcpy(meter.library.text, "AT v04.20");
	meter.size = 3000;
	app_slots[METER] = (struct application_slot){
		.name = "meter", .state = FIRMWARE_READY, .is = &meter
	};
	app_slots[WRONG] = (struct application_slot){
		.name = "wrong", .state = FIRMWARE_BROKEN, .flaw = flaw
	};
	profile.applications = &apps;
}

/* The image of the application, or of one with that name. */
static struct file image_of(const char *name, enum image_defect defect)
{
	static struct file file;
	static struct application other;
	struct dwl_file made;

	strcpy(other.name, name);
	other.size = meter.size;
	assert_true(image_application_file(&profile, R663, &other, 0, defect, &made));
	file.len = (made.size + 127) / 128 * 128;
	memset(file.data, IMAGE_PADDING, file.len);
	dwl_file_bytes(&made, 0, file.data, made.size);
	return file;
}

static bool send_app(const char *name)
{
	struct file file = image_of(name, IMAGE_SOUND);

	return start(&file) == FLASH_ACCEPTED && finish(&file);
}

static void its_image_carries_its_name(void **state)
{
	struct file file;
	struct dwl_header h;

	(void)state;
	begin_with_apps();
	file = image_of("meter", IMAGE_SOUND);
	assert_int_equal(dwl_parse(file.data, file.len, &h), DWL_OK);
	assert_int_equal(h.kind, DWL_APPLICATION);
	assert_string_equal(h.application, "meter");
	assert_string_equal(h.firmware, "r663");
	assert_int_equal(h.length, 3000);
	assert_int_equal(h.accepted, 0);
	assert_true(send_app("meter"));
	assert_string_equal(f.app_name, "meter");
	assert_string_equal(f.app_library, "AT v04.20");
	assert_int_equal(f.app_size, 3000);
	assert_int_equal(f.app_fault, APP_SOUND);
	power_cycle();
	assert_string_equal(f.app_name, "meter");
	assert_true(flash_erase_app(&f));
	assert_string_equal(f.app_name, "");
	power_cycle();
	assert_false(f.app_present);
}

static void one_without_a_file_says_nothing(void **state)
{
	(void)state;
	begin_with_apps();
	assert_true(send_app("other"));
	assert_non_null(strstr(logged, "no file describes the application \"other\""));
	assert_true(f.app_present);
	assert_string_equal(f.app_name, "other");
	/* that of the firmware it was made for */
	assert_string_equal(f.app_library, "AT v04.27");
	assert_null(profile_application(&profile, f.app_name));
	logged[0] = '\0';
	power_cycle();
	assert_non_null(strstr(logged, "other.yaml"));
	assert_string_equal(f.app_name, "other");
	/* and one without a name not even that */
	logged[0] = '\0';
	assert_true(send(R663, DWL_APPLICATION));
	assert_string_equal(f.app_name, "");
	power_cycle();
	assert_string_equal(logged, "");
}

static void one_whose_file_has_an_error_is_refused(void **state)
{
	struct file file;

	(void)state;
	begin_with_apps();
	assert_true(send_app("meter"));
	file = image_of("wrong", IMAGE_SOUND);
	assert_int_equal(flash_begin(&f, file.data, 128), FLASH_BROKEN_APPLICATION);
	assert_non_null(strstr(logged, flaw));
	assert_string_equal(f.app_name, "meter");
	/* in a memory from a time when it had none */
	app_slots[METER].state = FIRMWARE_BROKEN;
	app_slots[METER].is = NULL;
	app_slots[METER].flaw = flaw;
	flash_init(&f, &profile, &memory, &quiet);
	assert_false(flash_load(&f, NULL));
}

static void its_file_may_say_why_it_does_not_run(void **state)
{
	struct file file;

	(void)state;
	begin_with_apps();
	meter.fault = APP_TASKS;
	assert_true(send_app("meter"));
	assert_int_equal(f.app_fault, APP_TASKS);
	file = image_of("meter", IMAGE_BAD_BODY);
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(finish(&file));
	assert_int_equal(f.app_fault, APP_BAD_CHECKSUM);
	assert_string_equal(f.app_name, "meter");
}

static void a_unit_may_be_delivered_with_it(void **state)
{
	(void)state;
	begin_with_apps();
	strcpy(profile.application, "meter");
	flash_init(&f, &profile, &memory, &quiet);
	assert_true(f.app_present);
	assert_string_equal(f.app_name, "meter");
	assert_int_equal(f.app_size, 3000);
	/* only a new one is */
	assert_true(flash_erase_app(&f));
	power_cycle();
	assert_false(f.app_present);
	assert_string_equal(f.app_name, "");
}

/* --image FILE=meter:application: its length is not known. */
static void a_file_of_the_user_may_be_it(void **state)
{
	struct flash_image image = { .firmware = R663, .kind = DWL_APPLICATION };
	uint8_t theirs[1024];

	(void)state;
	begin_with_apps();
	strcpy(image.application, "meter");
	memset(theirs, 0x5a, sizeof(theirs));
	image_fingerprint(theirs, sizeof(theirs), image.sha256);
	assert_true(flash_bind(&f, &image));
	assert_int_equal(flash_begin(&f, theirs, sizeof(theirs)), FLASH_ACCEPTED);
	flash_data(&f, theirs, sizeof(theirs));
	assert_int_equal(flash_end(&f), FLASH_ACCEPTED);
	assert_string_equal(f.app_name, "meter");
	assert_string_equal(f.app_library, "AT v04.20");
	assert_int_equal(f.app_size, 1024);
}

/* Block 1 erases the old one, in the record too; the EOT brings the new one. */
static void a_power_cut_leaves_one_or_none(void **state)
{
	static const char *const after[] = { "old", "", "meter" };
	struct file file;
	int cut;

	(void)state;
	for (cut = 0; cut <= 2; cut++) {
		begin_with_apps();
		assert_true(send_app("old"));
		file = image_of("meter", IMAGE_SOUND);
		nv.last = nv.stores + cut;
		if (start(&file) == FLASH_ACCEPTED)
			finish(&file);
		nv.last = 1000;
		power_cycle();
		assert_string_equal(f.app_name, after[cut]);
		assert_int_equal(f.app_present, after[cut][0] != '\0');
	}
}

static void an_upgrade_erases_it_where_the_firmware_says_so(void **state)
{
	(void)state;
	begin_with_apps();
	assert_true(send_app("meter"));
	assert_true(send(R663, DWL_FIRMWARE));
	flash_boot(&f);
	flash_install_done(&f);
	assert_string_equal(f.app_name, "meter");
	assert_true(send(R74, DWL_DOWNLOADER));
	flash_boot(&f);
	assert_true(send(R74, DWL_FIRMWARE));
	flash_boot(&f);
	assert_string_equal(f.app_name, "meter");
	flash_install_done(&f);
	assert_false(f.app_present);
	assert_string_equal(f.app_name, "");
	power_cycle();
	assert_string_equal(f.app_name, "");
}

/* A record of the version before names: its application has none. */
static void an_old_record_has_an_application_without_a_name(void **state)
{
	static const struct record_kind before = { "flash", 4, 3, "" };
	char lines[4096], mem[4096], key[48], *line, *next;
	struct buf b;
	size_t begun;
	bool plain = false;

	(void)state;
	begin_with_apps();
	assert_true(send_app("meter"));
	nv.data[nv.len] = '\0';
	snprintf(lines, sizeof(lines), "%s", strchr(nv.data, '\n') + 1);
	buf_init(&b, mem, sizeof(mem));
	begun = record_begin(&b, &before);
	for (line = lines; *line; line = next) {
		next = strchr(line, '\n') + 1;
		next[-1] = '\0';
		snprintf(key, sizeof(key), "%.*s", (int)strcspn(line, " "), line);
		if (strcmp(key, "app_name") != 0)
			record_put_text(&b, key, strchr(line, ' ') + 1);
	}
	record_end(&b, begun);
	memcpy(nv.data, mem, b.len);
	nv.len = (long)b.len;
	/* the profile's own does not come back by that */
	strcpy(profile.application, "meter");
	flash_init(&f, &profile, &memory, &quiet);
	assert_true(flash_load(&f, &plain));
	assert_false(plain);
	assert_true(f.app_present);
	assert_string_equal(f.app_name, "");
	assert_string_equal(f.app_library, "AT v04.20");
	assert_int_equal(f.app_size, 3000);
	/* and it is written anew with the line */
	assert_true(flash_store(&f));
	nv.data[nv.len] = '\0';
	assert_non_null(strstr(nv.data, "\napp_name \n"));
}

static const struct CMUnitTest tests[] = {
	UNIT(its_image_carries_its_name),
	UNIT(one_without_a_file_says_nothing),
	UNIT(one_whose_file_has_an_error_is_refused),
	UNIT(its_file_may_say_why_it_does_not_run),
	UNIT(a_unit_may_be_delivered_with_it),
	UNIT(a_file_of_the_user_may_be_it),
	UNIT(a_power_cut_leaves_one_or_none),
	UNIT(an_upgrade_erases_it_where_the_firmware_says_so),
	UNIT(an_old_record_has_an_application_without_a_name),
};

UNIT_MAIN(tests)
