/* JSON to document trees, and how the schema binds them. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "conf/schema.h"
#include "host/read/doc_json.h"

static struct doc_pool *pool;
static struct doc_errors errors;

static const struct doc *read(const char *text)
{
	return doc_json(pool, text, strlen(text), &errors);
}

static int setup(void **state)
{
	(void)state;
	pool = doc_pool_new();
	doc_errors_init(&errors);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return 0;
}

static void assert_error(const char *text, const char *file, const char *words)
{
	doc_errors_clear(&errors);
	assert_null(read(text));
	assert_int_equal(errors.n, 1);
	assert_string_equal(errors.item[0].file, file);
	if (!strstr(errors.item[0].text, words))
		fail_msg("\"%s\" lacks \"%s\"", errors.item[0].text, words);
	assert_non_null(strstr(errors.item[0].text, "; "));
}

static void trees_are_as_they_are_written(void **state)
{
	const struct doc *d = read("{\"a\":[1,-2.5,true,\"x\\n\"],\"b\":{\"c\":\"\"}}");
	const struct doc *a = doc_get(d, "a");

	(void)state;
	assert_int_equal(a->kind, DOC_LIST);
	assert_int_equal(a->n, 4);
	assert_string_equal(a->items[0].value->text, "1");
	assert_int_equal(a->items[0].value->style, DOC_PLAIN);
	assert_string_equal(a->items[1].value->text, "-2.5");
	assert_string_equal(a->items[2].value->text, "true");
	assert_string_equal(a->items[3].value->text, "x\n");
	assert_int_equal(a->items[3].value->style, DOC_QUOTED);
	assert_string_equal(a->items[3].value->at.file, "a.3");
	assert_string_equal(doc_get_text(doc_get(d, "b"), "c"), "");
	assert_string_equal(read("\"off\"")->text, "off");
	assert_int_equal(errors.n, 0);
}

static void numbers_read_back_the_same(void **state)
{
	(void)state;
	assert_string_equal(read("0.1")->text, "0.1");
	assert_string_equal(read("9223372036854775807")->text, "9223372036854775807");
	assert_string_equal(read("1e3")->text, "1000");
	assert_string_equal(read("0.30000000000000004")->text, "0.30000000000000004");
}

static void errors_have_place_and_remedy(void **state)
{
	char deep[200];

	(void)state;
	assert_error("", "body", "not valid JSON");
	assert_error("{\"a\":1", "body", "not valid JSON");
	assert_int_equal(errors.item[0].line, 1);
	assert_error("{\"a\":1,\"a\":2}", "body", "duplicate");
	assert_error("{\"a\":{\"b\":null}}", "a.b", "null");
	assert_error("{\"\":1}", "body", "key is empty");
	assert_error("[\"\\u0000\"]", "body", "not valid JSON");
	assert_error("\"\xff\"", "body", "not valid JSON");
	assert_error("1 2", "body", "not valid JSON");
	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	doc_errors_clear(&errors);
	assert_null(doc_json(pool, deep, sizeof(deep), &errors));
	assert_non_null(strstr(errors.item[0].text, "32 deep"));
}

static void too_much_is_refused(void **state)
{
	static char text[3 * (DOC_ITEMS + 1) + 8];
	char *p = text;
	int i;

	(void)state;
	*p++ = '[';
	for (i = 0; i < DOC_ITEMS + 1; i++)
		p += sprintf(p, "%s1", i ? "," : "");
	*p++ = ']';
	assert_null(doc_json(pool, text, (size_t)(p - text), &errors));
	assert_non_null(strstr(errors.item[0].text, "4096"));
}

static void the_binder_takes_what_json_has(void **state)
{
	struct {
		char name[16];
		int count;
		bool on;
		uint64_t time;
	} out = { .count = 0 };
	const struct schema_field fields[] = {
		{ "name", "", SCHEMA_VALUE, .offset = offsetof(__typeof__(out), name),
			.size = 16 },
		{ "count", "", SCHEMA_INT, .offset = offsetof(__typeof__(out), count),
			.size = sizeof(int), .max = 9 },
		{ "on", "", SCHEMA_BOOL, .offset = offsetof(__typeof__(out), on),
			.size = sizeof(bool) },
		{ "time", "", SCHEMA_TIME, .offset = offsetof(__typeof__(out), time),
			.size = 8, .max = INT64_MAX },
		{ NULL },
	};
	const struct schema schema = { .name = "x", .help = "x", .fields = fields };

	(void)state;
	assert_true(schema_bind(&schema,
		read("{\"name\":\"+1\",\"count\":9,\"on\":true,\"time\":\"2s\"}"), &out,
		false, &errors));
	assert_string_equal(out.name, "+1");
	assert_int_equal(out.count, 9);
	assert_true(out.on);
	assert_int_equal(out.time, 2000000);
	assert_false(
		schema_bind(&schema, read("{\"count\":\"9\"}"), &out, false, &errors));
	assert_string_equal(errors.item[0].file, "count");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(trees_are_as_they_are_written),
		TEST(numbers_read_back_the_same),
		TEST(errors_have_place_and_remedy),
		TEST(too_much_is_refused),
		TEST(the_binder_takes_what_json_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
