/* The journal: entries come back complete and in order, and old ones are dropped. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/control/journal.h"

static struct journal *j;

static int setup(void **state)
{
	(void)state;
	j = journal_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	journal_free(j);
	return 0;
}

static void note(const char *text, long value)
{
	const struct notice n = { NOTICE_URC, 5, text, value };

	journal_event(j, &n);
}

static void both_kinds_are_one_row(void **state)
{
	struct journal_cursor c = { 0 };
	struct journal_entry e;

	(void)state;
	assert_false(journal_next(j, false, &c, &e));
	note("RING", 0);
	journal_bytes(j, 2, 7, JOURNAL_FROM_HOST, "AT\0\r", 4);
	note(NULL, -3);
	assert_int_equal(journal_last(j), 3);
	assert_true(journal_next(j, false, &c, &e));
	assert_int_equal(e.id, 1);
	assert_int_equal(e.at, 5);
	assert_int_equal(e.notice, NOTICE_URC);
	assert_string_equal(e.data, "RING");
	assert_true(journal_next(j, false, &c, &e));
	assert_int_equal(e.kind, JOURNAL_FROM_HOST);
	assert_int_equal(e.port, 2);
	assert_int_equal(e.len, 4);
	assert_memory_equal(e.data, "AT\0\r", 4);
	assert_true(journal_next(j, false, &c, &e));
	assert_false(e.has_text);
	assert_int_equal(e.value, -3);
	assert_false(journal_next(j, false, &c, &e));
	note("later", 0);
	assert_true(journal_next(j, false, &c, &e));
	assert_string_equal(e.data, "later");
}

static void the_file_of_a_notice_comes_back(void **state)
{
	const struct notice_file file = { "firmware", 3, 3072, 4096 };
	const struct notice n = { NOTICE_DOWNLOAD, 5, "progress", 3072, &file };
	struct journal_cursor c = { 0 };
	struct journal_entry e;

	(void)state;
	journal_event(j, &n);
	note("later", 0);
	assert_true(journal_next(j, true, &c, &e));
	assert_true(e.has_file);
	assert_string_equal(e.data, "progress");
	assert_string_equal(e.file.kind, "firmware");
	assert_int_equal(e.file.block, 3);
	assert_int_equal(e.file.bytes, 3072);
	assert_int_equal(e.file.total, 4096);
	assert_true(journal_next(j, true, &c, &e));
	assert_false(e.has_file);
	assert_string_equal(e.data, "later");
}

static void a_reader_starts_after_any_id(void **state)
{
	struct journal_cursor c = { .after = 2 };
	struct journal_entry e;

	(void)state;
	note("a", 0);
	note("b", 0);
	journal_bytes(j, 0, 0, JOURNAL_FROM_MODEM, "x", 1);
	note("c", 0);
	assert_true(journal_next(j, true, &c, &e));
	assert_int_equal(e.id, 4);
	c = (struct journal_cursor){ .after = 99 };
	assert_false(journal_next(j, false, &c, &e));
}

/* Lengths of all kinds, so that fillers of every size occur at the end. */
static void old_entries_go_and_the_rest_is_whole(void **state)
{
	static char text[2000], want[2000];
	struct journal_cursor c;
	struct journal_entry e;
	unsigned long long expect;
	size_t len;
	int i, n;

	(void)state;
	for (i = 1; i <= 20000; i++) {
		len = (size_t)(i * 37 % 1500);
		memset(text, 'a' + i % 26, len);
		text[len] = '\0';
		if (i % 3)
			note(text, i);
		else
			journal_bytes(j, 0, 0, JOURNAL_FROM_HOST, text, len);
		if (i % 997)
			continue;
		c = (struct journal_cursor){ 0 };
		for (n = 0; journal_next(j, true, &c, &e); n++) {
			len = (size_t)(e.id * 37 % 1500);
			memset(want, 'a' + (int)(e.id % 26), len);
			assert_int_equal(e.len, len);
			assert_memory_equal(e.data, want, len);
			assert_int_equal(e.value, e.id);
		}
		assert_true(n > 10);
		assert_int_equal(e.id, i % 3 ? i : i - 1);
	}
	c = (struct journal_cursor){ 0 };
	assert_true(journal_next(j, true, &c, &e));
	expect = journal_lost(j, true);
	assert_true(expect > 0 && e.id > expect && e.id <= expect + 2);
}

static void what_is_too_long_is_cut(void **state)
{
	struct journal_cursor c = { 0 };
	struct journal_entry e;
	char *text = malloc(200001);

	(void)state;
	memset(text, 'x', 200000);
	text[200000] = '\0';
	note(text, 0);
	journal_bytes(j, 0, 0, JOURNAL_FROM_MODEM, text, 200000);
	assert_true(journal_next(j, false, &c, &e));
	assert_int_equal(e.len, JOURNAL_EVENTS / 2);
	assert_int_equal(strlen(e.data), e.len);
	assert_true(journal_next(j, false, &c, &e));
	assert_int_equal(e.len, JOURNAL_BYTES / 2);
	free(text);
}

/* A reader that is too slow continues with the oldest entry left. */
static void a_reader_that_is_too_slow_goes_on(void **state)
{
	struct journal_cursor c = { 0 };
	struct journal_entry e;
	int i;

	(void)state;
	note("first", 0);
	assert_true(journal_next(j, true, &c, &e));
	for (i = 0; i < 5000; i++)
		note("more", i);
	assert_true(journal_next(j, true, &c, &e));
	assert_int_equal(e.id, journal_lost(j, true) + 1);
	assert_string_equal(e.data, "more");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_kinds_are_one_row),
		TEST(the_file_of_a_notice_comes_back),
		TEST(a_reader_starts_after_any_id),
		TEST(old_entries_go_and_the_rest_is_whole),
		TEST(what_is_too_long_is_cut),
		TEST(a_reader_that_is_too_slow_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
