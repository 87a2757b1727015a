/* host/dwl_file: images as files, the description of a file, and --image. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/dwl/dwl_file.h"
#include "state/application.h"

#define FIRMWARES 3

static struct profile profile;
static struct firmware described[FIRMWARES];
static struct firmware_slot slots[FIRMWARES];
static struct firmware_shelf shelf = { .slot = slots };
static struct application meter = { .name = "meter" };
static struct application_slot app_slot = {
	.name = "meter", .state = FIRMWARE_READY, .is = &meter
};
static struct application_shelf apps = { .slot = &app_slot, .n = 1 };
static char folder[] = "/tmp/test-dwl-XXXXXX";
static struct dwl_error error;

static void firmware(size_t i, const char *name, const char *version, const char *family,
	const char *revision, const char *loader)
{
	struct firmware *f = &described[i];

	strcpy(f->name, name);
	strcpy(slots[i].name, name);
	slots[i].state = FIRMWARE_READY;
	slots[i].is = f;
	strcpy(f->version, version);
	strcpy(f->module, "Q2687H");
	strcpy(f->family, family);
	strcpy(f->revision.text, revision);
	strcpy(f->downloader.generation, family);
	strcpy(f->downloader.version.text, loader);
	f->downloader.size = 3000;
	f->image_size = 5000;
}

static int prepare(void **state)
{
	(void)state;
	firmware(0, "r663", "6.63", "r6", "663g09gg.Q2687H 1951744 112807 17:12",
		"V06.0B");
	firmware(1, "r74", "7.4", "r7", "R74_00gg.Q2687H 2126816 072809 15:03", "V08b10");
	firmware(2, "r7-base", "7.4", "r7", "R74_00gg.Q2687H", "V08b10");
	described[2].base = true;
	strcpy(described[0].title, "Open AT firmware 6.63");
	shelf.n = FIRMWARES;
	profile.shelf = &shelf;
	profile.applications = &apps;
	strcpy(profile.name, "test");
	strcpy(profile.device.modules[0], "Q2687H");
	profile.device.n_modules = 1;
	profile.device.flash_kb = 512;
	return mkdtemp(folder) ? 0 : -1;
}

static char *info_text; /* of the last info() */

static int remove_folder(void **state)
{
	char command[64];

	(void)state;
	free(info_text);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static const char *path_of(const char *name)
{
	static char path[4][128];
	static int next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof(path[next]), "%s/%s", folder, name);
	return path[next];
}

static const char *put(const char *name, const void *data, size_t len)
{
	FILE *f = fopen(path_of(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return path_of(name);
}

static size_t get(const char *path, uint8_t *out, size_t size)
{
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, size, f);
	fclose(f);
	return n;
}

static int files(void)
{
	DIR *d = opendir(folder);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

/* The output of dwl info; NULL when it fails. */
static const char *info(const char *path)
{
	size_t len;
	FILE *out;
	bool ok;

	free(info_text);
	out = open_memstream(&info_text, &len);
	ok = dwl_info(&profile, path, out, &error);
	fclose(out);
	return ok ? info_text : NULL;
}

static bool make(size_t fw, enum dwl_kind kind, uint32_t size, enum image_defect defect,
	const char *path)
{
	const struct dwl_order o = { fw, kind, size, defect };

	return dwl_make(&profile, &o, path, &error);
}

static void sizes_may_have_a_unit(void **state)
{
	static const char *const bad[] = { "", "k", "5x", "5kk", "-5", " 5", "5 ", "0x10",
		"127", "0", "64.5M", "65M", "99999999999999999999999",
		"18446744073709551616k" };
	uint32_t size;
	size_t i;

	(void)state;
	assert_true(dwl_size("128", &size, &error));
	assert_int_equal(size, 128);
	assert_true(dwl_size("300k", &size, &error));
	assert_int_equal(size, 300 * 1024);
	assert_true(dwl_size("64M", &size, &error));
	assert_int_equal(size, 64 * 1024 * 1024);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(dwl_size(bad[i], &size, &error));
	assert_false(dwl_size("65M", &size, &error));
	assert_non_null(strstr(error.text, "64M"));
}

static void wrong_names_are_told_what_there_is(void **state)
{
	enum dwl_kind kind;
	size_t index;

	(void)state;
	assert_true(dwl_kind_named("e2p", &kind, &error));
	assert_int_equal(kind, DWL_E2P);
	assert_false(dwl_kind_named("firmwre", &kind, &error));
	assert_non_null(strstr(error.text, "did you mean \"firmware\""));
	assert_non_null(strstr(error.text, "application"));
	assert_true(dwl_firmware_named(&profile, "r74", &index, &error));
	assert_int_equal(index, 1);
	assert_false(dwl_firmware_named(&profile, "r7-base", &index, &error));
	assert_null(strstr(error.text, "r7-base,"));
	assert_non_null(strstr(error.text, "r663, r74"));
}

static void an_image_is_written_whole_with_the_profile_s_size(void **state)
{
	const char *path = path_of("fw.dwl");
	struct dwl_header h;
	uint8_t data[8192];
	mode_t mask = umask(022);
	struct stat st;

	(void)state;
	assert_true(make(1, DWL_FIRMWARE, 0, IMAGE_SOUND, path));
	assert_int_equal(get(path, data, sizeof(data)), 5000);
	assert_int_equal(dwl_parse(data, sizeof(data), &h), DWL_OK);
	assert_int_equal(h.length, 5000);
	assert_string_equal(h.firmware, "r74");
	assert_true(dwl_accepted_by(&h, "r7"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	umask(mask);
	assert_true(make(0, DWL_DOWNLOADER, 100000, IMAGE_SOUND, path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 100000);
	assert_non_null(info(path));
	assert_int_equal(files(), 1);
	unlink(path);
}

static void what_cannot_be_written_leaves_what_was_there(void **state)
{
	const char *path = put("old.dwl", "old", 3);
	uint8_t data[8];

	(void)state;
	described[1].image_size = 0;
	assert_false(make(1, DWL_FIRMWARE, 0, IMAGE_SOUND, path));
	assert_non_null(strstr(error.text, "--size"));
	described[1].image_size = 5000;
	described[1].module[0] = '\0';
	assert_false(make(1, DWL_FIRMWARE, 0, IMAGE_SOUND, path));
	assert_non_null(strstr(error.text, "profiles/firmware"));
	strcpy(described[1].module, "Q2687H");
	assert_int_equal(get(path, data, sizeof(data)), 3);
	assert_false(make(1, DWL_FIRMWARE, 0, IMAGE_SOUND, folder));
	assert_non_null(strstr(error.text, "not a regular file"));
	assert_false(make(1, DWL_FIRMWARE, 0, IMAGE_SOUND, "/dev/null"));
	assert_false(make(1, DWL_FIRMWARE, 0, IMAGE_SOUND, path_of("no/such/x.dwl")));
	assert_non_null(strstr(error.text, "No such file"));
	assert_int_equal(files(), 1);
	unlink(path);
}

static void info_tells_what_an_image_is(void **state)
{
	const char *path = path_of("fw.dwl"), *text;

	(void)state;
	assert_true(make(0, DWL_FIRMWARE, 0, IMAGE_SOUND, path));
	text = info(path);
	assert_non_null(text);
	assert_non_null(strstr(text, "image of fauxtrack dwl make\n"));
	assert_non_null(strstr(text, "r663 (Open AT firmware 6.63)"));
	assert_non_null(strstr(text, "needs      a downloader of r6\n"));
	assert_non_null(strstr(text, "length     5000 bytes\n"));
	assert_non_null(strstr(text, ", correct\n"));
	unlink(path);
}

static void info_finds_cut_long_and_damaged_images(void **state)
{
	const char *path = path_of("fw.dwl");
	uint8_t data[8192];

	(void)state;
	assert_true(make(0, DWL_FIRMWARE, 0, IMAGE_SOUND, path));
	memset(data, IMAGE_PADDING, sizeof(data));
	get(path, data, sizeof(data));
	put("fw.dwl", data, 5120);
	assert_non_null(strstr(info(path), "and 120 of padding"));
	put("fw.dwl", data, 4999);
	assert_null(info(path));
	assert_non_null(strstr(error.text, "1 bytes are missing"));
	put("fw.dwl", data, 5000 + 1024);
	assert_null(info(path));
	assert_non_null(strstr(error.text, "too many"));
	data[5000] = 'x';
	put("fw.dwl", data, 5001);
	assert_null(info(path));
	data[4999] ^= 1;
	put("fw.dwl", data, 5000);
	assert_null(info(path));
	assert_non_null(strstr(error.text, "damaged after its header"));
	data[50] ^= 1;
	put("fw.dwl", data, 5000);
	assert_null(info(path));
	assert_non_null(strstr(error.text, "header is damaged"));
	put("fw.dwl", data, 20);
	assert_null(info(path));
	assert_non_null(strstr(error.text, "the header is incomplete"));
	unlink(path);
	assert_null(info(path));
	assert_non_null(strstr(error.text, "No such file"));
	assert_null(info(folder));
}

/* The output of info for a file with that defect; the error is in `error`. */
static const char *info_of(enum image_defect defect, enum dwl_kind kind)
{
	const char *path = path_of("fw.dwl");

	assert_true(make(0, kind, 0, defect, path));
	if (!info(path))
		assert_non_null(strstr(error.text, path));
	else
		strcpy(error.text, "fine");
	unlink(path);
	return info_text;
}

#define SAYS(text, what) assert_non_null(strstr(text, what))

static void info_says_what_a_modem_makes_of_a_bad_file(void **state)
{
	static const struct {
		enum image_defect defect;
		const char *modem, *why, *error;
	} known[] = {
		{ IMAGE_WRONG_MODULE, "refuses block 1: *** ERROR IN HEADER ***",
			"it is for another module", "fine" },
		{ IMAGE_WRONG_FAMILY, "refuses block 1: *** ERROR IN HEADER ***",
			"it is not for this generation of downloader", "fine" },
		{ IMAGE_TOO_LARGE, "refuses block 1: *** ERROR IN HEADER ***",
			"it is larger than the flash", "fine" },
		{ IMAGE_BAD_HEADER, "refuses block 1: *** ERROR IN HEADER ***",
			"it is not an image", "the header is damaged" },
		{ IMAGE_BAD_BODY,
			"sends *** END OF DOWNLOAD ***, but the image does not run",
			"it is damaged: its length or CRC", "damaged after its header" },
		{ IMAGE_BAD_CHECKSUM,
			"sends *** END OF DOWNLOAD ***, but the image does not run",
			"it is damaged: its length or CRC", "damaged after its header" },
		{ IMAGE_TRUNCATED,
			"sends *** END OF DOWNLOAD ***, but the image does not run",
			"it is damaged: its length or CRC", "2500 bytes are missing" },
		{ IMAGE_PACKAGE, "refuses block 1: *** ERROR IN HEADER ***",
			"it is not an image", "fine" },
	};
	const char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		text = info_of(known[i].defect, DWL_FIRMWARE);
		SAYS(text, "a modem    (test as delivered) ");
		SAYS(text, known[i].modem);
		SAYS(text, known[i].why);
		SAYS(error.text, known[i].error);
	}
	SAYS(text, "DWLWin package (.wpk), 5000 bytes");
}

static void info_says_what_a_sound_file_does(void **state)
{
	(void)state;
	SAYS(info_of(IMAGE_SOUND, DWL_FIRMWARE),
		"accepts it: *** END OF DOWNLOAD ***; AT+CFUN=1 starts it\n");
	SAYS(info_of(IMAGE_SOUND, DWL_FIRMWARE_AD), "formats the A&D volume\n");
	SAYS(info_of(IMAGE_SOUND, DWL_E2P), "restores the factory settings\n");
	strcpy(described[0].open_at.text, "AT v04.27");
	SAYS(info_of(IMAGE_SOUND, DWL_APPLICATION), "AT+WOPEN=1 starts it\n");
	profile.installed = profile.downloader = 1;
	strcpy(described[1].open_at.text, "AT v06.30");
	SAYS(info_of(IMAGE_SOUND, DWL_APPLICATION),
		"AT+WOPEN=1 returns +CME ERROR: 541\n");
	profile.installed = profile.downloader = 0;
	SAYS(info_of(IMAGE_SOUND, DWL_DOWNLOADER), "after the next AT+CFUN=1\n");
}

static void info_notices_a_name_that_promises_another_kind(void **state)
{
	const char *path = path_of("dota.e2p");

	(void)state;
	assert_true(make(0, DWL_FIRMWARE, 0, IMAGE_SOUND, path));
	SAYS(info(path), "kind       firmware\n             although its name says "
			 "e2p\n");
	assert_true(make(0, DWL_E2P, 0, IMAGE_SOUND, path));
	assert_null(strstr(info(path), "although"));
	unlink(path);
}

static void the_same_order_makes_the_same_bytes(void **state)
{
	uint8_t one[8192], two[8192];
	const char *path = path_of("fw.dwl");
	int kind, defect;
	size_t n;

	(void)state;
	for (kind = DWL_DOWNLOADER; kind <= DWL_FIRMWARE_AD; kind++) {
		for (defect = IMAGE_SOUND; defect <= IMAGE_PACKAGE; defect++) {
			if (defect == IMAGE_TOO_LARGE)
				continue;
			assert_true(make(1, (enum dwl_kind)kind, 3333,
				(enum image_defect)defect, path));
			n = get(path, one, sizeof(one));
			if (defect == IMAGE_TOO_LONG)
				assert_true(n > 3333 && n < sizeof(one));
			else
				assert_int_equal(
					n, defect == IMAGE_TRUNCATED ? 1666 : 3333);
			assert_true(make(1, (enum dwl_kind)kind, 3333,
				(enum image_defect)defect, path));
			assert_int_equal(get(path, two, sizeof(two)), n);
			assert_memory_equal(one, two, n);
		}
	}
	assert_true(make(1, DWL_FIRMWARE, 128, IMAGE_SOUND, path));
	assert_int_equal(get(path, one, sizeof(one)), 128);
	assert_false(make(1, DWL_FIRMWARE, 128, IMAGE_BAD_BODY, path));
	SAYS(error.text, "--size");
	unlink(path);
}

static void info_suggests_what_a_real_file_could_stand_for(void **state)
{
	const char *path, *text;

	(void)state;
	path = put("it's.dwl",
		"\0\0"
		"663g09gg.Q2687H 1951744\0V08b10",
		32);
	text = info(path);
	assert_non_null(
		strstr(text, "0x00000002 \"663g09gg.Q2687H\": firmware 6.63 for Q2687H"));
	/* small, and containing a downloader's version */
	assert_non_null(strstr(text, "it'\\''s.dwl=r74:downloader'\n"));
	assert_null(strstr(text, "r7-base"));
	unlink(path);
	path = put("fw.dwl", "\0R74_00gg.Q2687H", 16);
	text = info(path);
	assert_non_null(strstr(text, "fw.dwl=r74:firmware\n"));
	assert_null(strstr(text, "r663"));
	unlink(path);
	/* the same version for a related module: better than nothing */
	path = put("rel.dwl", "\0R7.4.0.200912111503.Q26CL702", 29);
	text = info(path);
	assert_non_null(strstr(text, "for Q26CL702"));
	assert_non_null(strstr(text, "rel.dwl=r74:firmware\n"));
	assert_null(strstr(text, "r663"));
	unlink(path);
	path = put("what.dwl", "\0\1\2", 3);
	text = info(path);
	assert_non_null(strstr(text, "what.dwl=FIRMWARE:KIND\n"));
	assert_non_null(strstr(text, "FIRMWARE is one of r663 r74\n"));
	assert_non_null(strstr(text, "KIND is one of downloader firmware e2p application "
				     "firmware-ad-init\n"));
	unlink(path);
}

static void info_says_what_to_do_with_other_containers(void **state)
{
	const char *path, *text;

	(void)state;
	path = put("R7.wpk", "\0\1", 2);
	text = info(path);
	assert_non_null(strstr(text, "DWLWin"));
	assert_null(strstr(text, "    --image"));
	unlink(path);
	path = put("none.dwl", "", 0);
	assert_non_null(strstr(info(path), "empty, 0 bytes"));
	unlink(path);
}

static void image_options_bind_a_file(void **state)
{
	struct flash_image image;
	uint8_t data[8192], want[SHA256_DIGEST_SIZE];
	char option[200];
	const char *path;

	(void)state;
	memset(data, 'd', sizeof(data));
	path = put("a=b:c.dwl", data, sizeof(data));
	snprintf(option, sizeof(option), "%s=r74:downloader", path);
	assert_true(dwl_bind(&profile, option, &image, &error));
	assert_int_equal(image.firmware, 1);
	assert_int_equal(image.kind, DWL_DOWNLOADER);
	image_fingerprint(data, sizeof(data), want);
	assert_memory_equal(image.sha256, want, sizeof(want));
	assert_string_equal(image.application, "");
	snprintf(option, sizeof(option), "%s=meter:application", path);
	assert_true(dwl_bind(&profile, option, &image, &error));
	assert_int_equal(image.kind, DWL_APPLICATION);
	assert_string_equal(image.application, "meter");
	snprintf(option, sizeof(option), "%s=meter:firmware", path);
	assert_false(dwl_bind(&profile, option, &image, &error));
	assert_non_null(strstr(error.text, "no firmware \"meter\""));
	snprintf(option, sizeof(option), "%s=r74:application", path);
	assert_true(dwl_bind(&profile, option, &image, &error));
	assert_string_equal(image.application, "");
	assert_int_equal(image.firmware, 1);
	unlink(path);
	assert_false(dwl_bind(&profile, option, &image, &error));
	assert_non_null(strstr(error.text, "No such file"));
	path = put("none.dwl", "", 0);
	snprintf(option, sizeof(option), "%s=r74:downloader", path);
	assert_false(dwl_bind(&profile, option, &image, &error));
	assert_non_null(strstr(error.text, "empty"));
	unlink(path);
}

static void image_options_that_make_no_sense_are_refused(void **state)
{
	static const char *const bad[] = { "", "fw.dwl", "fw.dwl=r74", "=r74:firmware",
		"fw.dwl=:", "fw.dwl=r74:", "fw.dwl=r75:firmware", "fw.dwl=r74:firmware:x",
		"fw.dwl=r7-base:e2p" };
	struct flash_image image;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(dwl_bind(&profile, bad[i], &image, &error));
		assert_non_null(strstr(error.text, "--image"));
	}
	assert_false(dwl_bind(&profile, "fw.dwl=r73:firmware", &image, &error));
	assert_non_null(strstr(error.text, "did you mean \"r74\""));
}

static const struct CMUnitTest tests[] = {
	UNIT(sizes_may_have_a_unit),
	UNIT(wrong_names_are_told_what_there_is),
	UNIT(an_image_is_written_whole_with_the_profile_s_size),
	UNIT(what_cannot_be_written_leaves_what_was_there),
	UNIT(info_tells_what_an_image_is),
	UNIT(info_finds_cut_long_and_damaged_images),
	UNIT(info_says_what_a_modem_makes_of_a_bad_file),
	UNIT(info_says_what_a_sound_file_does),
	UNIT(info_notices_a_name_that_promises_another_kind),
	UNIT(the_same_order_makes_the_same_bytes),
	UNIT(info_suggests_what_a_real_file_could_stand_for),
	UNIT(info_says_what_to_do_with_other_containers),
	UNIT(image_options_bind_a_file),
	UNIT(image_options_that_make_no_sense_are_refused),
};

int main(void)
{
	return cmocka_run_group_tests(tests, prepare, remove_folder);
}
