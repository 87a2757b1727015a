/* host/nvdir: records are old or new, never half written; a lock; the result of a kill.
 */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/nvdir.h"
#include "modem.h"

static char said[4096], dir[64];

static void hear(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	strncat(said, text, sizeof(said) - strlen(said) - 2);
	strcat(said, "\n");
}

static struct log log_ = { .line = hear };

static const char *in_dir(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put_file(const char *name, const char *text)
{
	FILE *f = fopen(in_dir(name), "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int fresh_dir(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < LOG_CATS; i++)
		log_.level[i] = LOG_LEVEL_NOTE;
	said[0] = '\0';
	strcpy(dir, "/tmp/fauxtrack-nv-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	char cmd[128];

	(void)state;
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	return system(cmd);
}

static void a_record_comes_back_as_it_was_stored(void **state)
{
	static const char data[] = "a\0b\r\n\xff";
	struct nvdir *d;
	char buf[64];

	(void)state;
	d = nvdir_open(in_dir("new"), true, false, &log_);
	assert_non_null(d);
	assert_int_equal(nvdir_load(d, "flash", buf, sizeof(buf)), -1);
	assert_int_equal(nvdir_store(d, "flash", data, sizeof(data)), 0);
	nvdir_close(d);
	d = nvdir_open(in_dir("new"), false, false, &log_);
	assert_int_equal(nvdir_load(d, "flash", buf, sizeof(buf)), sizeof(data));
	assert_memory_equal(buf, data, sizeof(data));
	assert_int_equal(nvdir_store(d, "flash", "", 0), 0);
	assert_int_equal(nvdir_load(d, "flash", buf, sizeof(buf)), 0);
	assert_int_equal(nvdir_erase(d, "flash"), 0);
	assert_int_equal(nvdir_erase(d, "flash"), 0);
	assert_int_equal(nvdir_load(d, "flash", buf, sizeof(buf)), -1);
	assert_int_equal(nvdir_store(d, "sim", "x", 1), 0);
	assert_int_equal(nvdir_store(d, "flash", "x", 1), 0);
	assert_int_equal(nvdir_clear(d), 0);
	assert_int_equal(nvdir_load(d, "sim", buf, sizeof(buf)), -1);
	assert_int_equal(nvdir_load(d, "flash", buf, sizeof(buf)), -1);
	assert_string_equal(said, "");
	/* it still belongs to this process */
	assert_null(nvdir_open(in_dir("new"), false, false, &log_));
	nvdir_close(d);
}

static void a_kill_before_the_rename_leaves_the_old_record(void **state)
{
	struct nvdir *d;
	char buf[64];

	(void)state;
	d = nvdir_open(dir, false, false, &log_);
	assert_int_equal(nvdir_store(d, "settings", "old", 3), 0);
	nvdir_close(d);
	put_file(".settings.tmp", "ne");
	d = nvdir_open(dir, false, false, &log_);
	assert_int_equal(nvdir_load(d, "settings", buf, sizeof(buf)), 3);
	assert_memory_equal(buf, "old", 3);
	/* it stays until something is written, because the start may still be refused */
	assert_int_equal(access(in_dir(".settings.tmp"), F_OK), 0);
	assert_int_equal(nvdir_store(d, "other", "x", 1), 0);
	assert_int_equal(access(in_dir(".settings.tmp"), F_OK), -1);
	assert_non_null(strstr(said, "the unfinished file"));
	nvdir_close(d);
}

static void a_store_that_fails_keeps_the_old_record_and_says_so(void **state)
{
	struct nvdir *d;
	char buf[64];

	(void)state;
	d = nvdir_open(dir, false, false, &log_);
	assert_int_equal(nvdir_store(d, "band", "4", 1), 0);
	assert_int_equal(mkdir(in_dir(".band.tmp"), 0700), 0);
	assert_int_equal(nvdir_store(d, "band", "5", 1), -1);
	assert_non_null(strstr(said, "band: cannot write:"));
	assert_int_equal(nvdir_load(d, "band", buf, sizeof(buf)), 1);
	assert_int_equal(buf[0], '4');
	nvdir_close(d);
}

static void two_emulators_cannot_have_one_state(void **state)
{
	struct nvdir *d, *second;
	char pid[48];

	(void)state;
	d = nvdir_open(dir, false, false, &log_);
	second = nvdir_open(dir, false, false, &log_);
	assert_null(second);
	snprintf(pid, sizeof(pid), "another emulator (pid %d)", (int)getpid());
	assert_non_null(strstr(said, pid));
	assert_non_null(strstr(said, "--state"));
	nvdir_close(d);
	d = nvdir_open(dir, false, false, &log_);
	assert_non_null(d);
	nvdir_close(d);
}

static void a_killed_emulator_leaves_no_lock(void **state)
{
	struct nvdir *d;
	int status;
	pid_t child;

	(void)state;
	child = fork();
	if (child == 0) {
		if (!nvdir_open(dir, false, false, &log_))
			_exit(1);
		raise(SIGKILL);
	}
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	d = nvdir_open(dir, false, false, &log_);
	assert_non_null(d);
	nvdir_close(d);
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
	static const char *const bad[] = { "", "../x", "a/b", ".lock", "a.b", "a b" };
	struct nvdir *d = nvdir_open(dir, false, false, &log_);
	char buf[8];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(nvdir_store(d, bad[i], "x", 1), -1);
		assert_int_equal(nvdir_load(d, bad[i], buf, sizeof(buf)), NV_UNREADABLE);
		assert_int_equal(nvdir_erase(d, bad[i]), -1);
	}
	assert_non_null(strstr(said, "\"../x\" is not a valid record name"));
	nvdir_close(d);
}

static void a_record_that_is_too_long_is_not_cut(void **state)
{
	struct nvdir *d = nvdir_open(dir, false, false, &log_);
	char buf[5];

	(void)state;
	assert_int_equal(nvdir_store(d, "sim", "12345", 5), 0);
	assert_int_equal(nvdir_load(d, "sim", buf, 4), NV_TOO_LONG);
	assert_int_equal(nvdir_load(d, "sim", buf, 5), 5);
	nvdir_close(d);
}

static void a_path_that_is_not_a_directory_is_named_with_the_remedy(void **state)
{
	(void)state;
	put_file("file", "");
	assert_null(nvdir_open(in_dir("file"), false, false, &log_));
	assert_non_null(
		strstr(said, "/file: Not a directory; --state needs a directory"));
	assert_null(nvdir_open(in_dir("no/such"), false, false, &log_));
	assert_non_null(strstr(said, "parent must exist"));
}

#define IN_DIR(name) cmocka_unit_test_setup_teardown(name, fresh_dir, remove_dir)

static const struct CMUnitTest tests[] = {
	IN_DIR(a_record_comes_back_as_it_was_stored),
	IN_DIR(a_kill_before_the_rename_leaves_the_old_record),
	IN_DIR(a_store_that_fails_keeps_the_old_record_and_says_so),
	IN_DIR(two_emulators_cannot_have_one_state),
	IN_DIR(a_killed_emulator_leaves_no_lock),
	IN_DIR(names_that_lead_elsewhere_are_refused),
	IN_DIR(a_record_that_is_too_long_is_not_cut),
	IN_DIR(a_path_that_is_not_a_directory_is_named_with_the_remedy),
};
UNIT_MAIN(tests)
