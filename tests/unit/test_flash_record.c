/* state/flash: its record, a failing memory, and the result of a power cut at any moment.
 */
#include "flash_rig.h"

/* ---- power cuts and failing memory ----------------------------------------------------
 */

/* Which of the allowed states this is, "?" for any other. */
static const char *state_name(void)
{
	bool old = f.downloader == R663, held = f.pending == R74;
	const char *run = runs();

	if (old && f.pending < 0 && !strcmp(run, "r663"))
		return "old";
	if (old && held && !strcmp(run, "r663"))
		return "kit held aside";
	if (f.downloader != R74 || f.pending >= 0)
		return "?";
	if (!strcmp(run, "nothing"))
		return f.valid ? "kit only" : "installing";
	if (!strcmp(run, "r74"))
		return f.just_installed ? "just installed" : "new";
	return "?";
}

/* The whole migration; steps that a power cut prevents have no effect. */
static void migrate(void)
{
	struct file kit = make(R74, DWL_DOWNLOADER, 3000);
	struct file fw = make(R74, DWL_FIRMWARE, 5000);

	if (start(&kit) == FLASH_ACCEPTED)
		finish(&kit);
	flash_boot(&f);
	if (start(&fw) == FLASH_ACCEPTED)
		finish(&fw);
	flash_boot(&f);
	flash_install_done(&f);
}

static void a_cut_before_any_store_leaves_an_allowed_state(void **state)
{
	static const char *const after[] = { "old", "old", "kit held aside", "kit only",
		"installing", "just installed", "new" };
	int cut;

	(void)state;
	begin();
	migrate();
	assert_int_equal(nv.stores, 6);
	for (cut = 0; cut <= 6; cut++) {
		begin();
		nv.last = cut;
		migrate();
		assert_string_not_equal(state_name(), "?");
		power_cycle();
		assert_string_equal(state_name(), after[cut]);
		/* and the upgrade can be completed from there */
		nv.last = 1000;
		flash_boot(&f);
		if (f.downloader == R663) {
			assert_true(send(R74, DWL_DOWNLOADER));
			flash_boot(&f);
		}
		assert_true(send(R74, DWL_FIRMWARE));
		flash_install_done(&f);
		assert_string_equal(state_name(), "new");
	}
}

static void a_failed_store_changes_nothing(void **state)
{
	struct file file;

	(void)state;
	begin();
	nv.last = 0;
	file = make(R663, DWL_FIRMWARE, 5000);
	assert_int_equal(start(&file), FLASH_MEMORY);
	assert_string_equal(runs(), "r663");
	assert_non_null(strstr(logged, "could not be stored"));
	nv.last = 1;
	assert_int_equal(start(&file), FLASH_ACCEPTED);
	assert_false(finish(&file));
	assert_string_equal(runs(), "nothing");
	f.app_present = f.objects = true;
	assert_false(flash_erase_app(&f));
	assert_false(flash_erase_objects(&f));
	assert_true(f.app_present && f.objects);
}

/* ---- the record -----------------------------------------------------------------------
 */

static void keep(const char *text)
{
	nv.len = (long)strlen(text);
	memcpy(nv.data, text, (size_t)nv.len);
}

static void a_record_is_text_and_comes_back(void **state)
{
	char mem[2048], again[2048];
	struct buf a, b;

	(void)state;
	begin();
	assert_true(send(R74, DWL_DOWNLOADER));
	assert_true(send(R74, DWL_APPLICATION));
	f.objects = true;
	assert_true(send(R74, DWL_E2P) || send(R663, DWL_E2P));
	buf_init(&a, mem, sizeof(mem));
	flash_dump(&f, &a);
	assert_int_equal(
		strncmp(strchr(mem, '\n'), "\ndownloader r663\npending r74\n", 29), 0);
	assert_memory_equal(mem, "fauxtrack flash 5 0000", 22);
	power_cycle();
	buf_init(&b, again, sizeof(again));
	flash_dump(&f, &b);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(mem, again, a.len);
}

static void a_record_that_is_cut_or_damaged_is_refused(void **state)
{
	char good[2048];
	size_t len, i;

	(void)state;
	begin();
	assert_true(send(R663, DWL_FIRMWARE));
	len = (size_t)nv.len;
	memcpy(good, nv.data, len);
	for (i = 0; i < len; i++) {
		memcpy(nv.data, good, len);
		nv.len = (long)i;
		assert_false(flash_load(&f, NULL));
		assert_non_null(strstr(logged, "the record \"flash\" "));
	}
	nv.len = (long)len;
	assert_true(flash_load(&f, NULL));
}

static void a_record_of_something_else_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "valid 1\n", "valid 2\n" },
		{ "valid 1\n", "valid yes\n" },
		{ "valid 1\n", "invalid 1\n" },
		{ "valid 1\n", "valid 1\nvalid 1\n" },
		{ "pending none\n", "pending r99\n" },
		{ "firmware r663\n", "firmware r99\n" },
		{ "last.kind firmware\n", "last.kind book\n" },
		{ "last.size 5000\n", "last.size -1\n" },
		{ "last.complete 1\n", "last.complete 1\nrubbish" },
		{ "flash 3\n", "flash 4\n" },
		{ "flash 3\n", "sim 3\n" },
	};
	char good[2048], text[2048];
	const char *at;
	size_t i;

	(void)state;
	begin();
	assert_true(send(R663, DWL_FIRMWARE));
	/* in the version without a checksum, so that values can be changed */
	nv.data[nv.len] = '\0';
	snprintf(good, sizeof(good), "fauxtrack flash 3%s", strchr(nv.data, '\n'));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		at = strstr(good, bad[i][0]);
		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good), good,
			bad[i][1], at + strlen(bad[i][0]));
		keep(text);
		assert_false(flash_load(&f, NULL));
		assert_string_equal(runs(), "r663");
	}
	keep(good);
	assert_true(flash_load(&f, NULL));
}

static const struct CMUnitTest tests[] = {
	UNIT(a_cut_before_any_store_leaves_an_allowed_state),
	UNIT(a_failed_store_changes_nothing),
	UNIT(a_record_is_text_and_comes_back),
	UNIT(a_record_that_is_cut_or_damaged_is_refused),
	UNIT(a_record_of_something_else_is_refused),
};

UNIT_MAIN(tests)
