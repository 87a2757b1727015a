/* conf/schema: what is bound, what is refused with which message, what is printed. */
#include "unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/usec.h"
#include "conf/schema.h"
#include "host/read/doc_yaml.h"

struct part {
	char name[8];
	int level;
};

struct thing {
	char title[12];
	char value[12];
	int number;
	uint32_t big;
	bool on;
	usec_t time;
	int colour;
	unsigned colours, bits;
	struct part part;
	struct part parts[2];
	size_t n_parts;
	char words[3][6];
	size_t n_words;
	struct part table[2];
	size_t n_table;
};

static const struct name colours[] = { { 0, "red", NULL }, { 1, "green", NULL },
	{ 2, "blue", NULL }, { 0, NULL, NULL } };
static const struct name bits[] = { { 1, "one", NULL }, { 2, "two", NULL },
	{ 4, "four", NULL }, { 0, NULL, NULL } };

#define AT(s, m) .offset = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m)

static const char *not_thirteen(const void *value)
{
	int n;

	memcpy(&n, value, sizeof(n));
	return n == 13 ? "brings bad luck; take 12" : NULL;
}

static const char *upper(const char *key)
{
	return *key >= 'A' && *key <= 'Z' ? NULL : "is not a capital letter; change it";
}

static const struct schema_field part_name = { "name", "what it is called", SCHEMA_TEXT,
	AT(part, name), .flags = SCHEMA_REQUIRED };
static const struct schema_field part_fields[] = {
	{ "name", "what it is called", SCHEMA_TEXT, AT(part, name),
		.flags = SCHEMA_REQUIRED },
	{ "level", "how high", SCHEMA_INT, AT(part, level), .min = 0, .max = 9,
		.def = "3" },
	{ "see", "where it is told", SCHEMA_NOTE },
	{ NULL },
};
static const struct schema part_schema = { "part", "a part", part_fields, &part_name,
	NULL };
static const struct schema_field word = { .type = SCHEMA_TEXT, .size = 6 };
static const struct schema_field a_part = { .type = SCHEMA_STRUCT,
	.schema = &part_schema };
static const struct schema_field a_level = {
	.type = SCHEMA_INT, .help = "how high", AT(part, level), .max = 9
};

static void no_red_thing_is_on(
	const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct thing *t = object;

	if (t->on && doc_get(d, "colour") && t->colour == 0)
		doc_error(e, doc_get(d, "on")->at, "a red thing is never on; paint it");
}

static const struct schema_field thing_fields[] = {
	{ "title", "what people call it", SCHEMA_TEXT, AT(thing, title), .min = 1 },
	{ "value", "a number or a text", SCHEMA_VALUE, AT(thing, value) },
	{ "number", "how many", SCHEMA_INT, AT(thing, number), .min = -5, .max = 100,
		.def = "7", .check = not_thirteen },
	{ "big", "a size", SCHEMA_INT, AT(thing, big), .max = 4294967295 },
	{ "on", "whether", SCHEMA_BOOL, AT(thing, on), .def = "false" },
	{ "time", "how long", SCHEMA_TIME, AT(thing, time), .max = 60000000,
		.def = "250ms" },
	{ "colour", "which", SCHEMA_ENUM, AT(thing, colour), .names = colours },
	{ "colours", "which ones", SCHEMA_SET, AT(thing, colours), .names = colours,
		.flags = SCHEMA_SHIFT },
	{ "bits", "which bits", SCHEMA_SET, AT(thing, bits), .names = bits, .max = 3 },
	{ "part", "the part", SCHEMA_STRUCT, AT(thing, part), .schema = &part_schema },
	{ "parts", "more parts", SCHEMA_LIST, AT(thing, parts), .item = &a_part,
		.stride = sizeof(struct part), .most = 2,
		.count = offsetof(struct thing, n_parts) },
	{ "words", "some words", SCHEMA_LIST, AT(thing, words), .item = &word,
		.stride = 6, .most = 3, .count = offsetof(struct thing, n_words) },
	{ "table", "levels by name", SCHEMA_TABLE, AT(thing, table), .item = &a_level,
		.stride = sizeof(struct part), .most = 2,
		.count = offsetof(struct thing, n_table), .key_size = 8,
		.check_key = upper },
	{ NULL },
};
static const struct schema thing_schema = { "thing", "a thing", thing_fields, NULL,
	no_red_thing_is_on };
static const struct schema *const all[] = { &thing_schema, &part_schema };

static struct doc_pool *pool;
static struct doc_errors errors;
static struct thing thing;

static int begin(void **state)
{
	(void)state;
	pool = doc_pool_new();
	doc_errors_init(&errors);
	return 0;
}

static int end(void **state)
{
	(void)state;
	doc_errors_clear(&errors);
	doc_pool_free(pool);
	return 0;
}

static bool bind(const char *text)
{
	struct doc *d = doc_yaml(pool, "t", text, strlen(text), &errors);

	memset(&thing, 0, sizeof(thing));
	assert_non_null(d);
	return schema_bind(&thing_schema, d, &thing, false, &errors);
}

static void refused(const char *text, const char *message)
{
	char *out = NULL;
	size_t len;
	FILE *f;

	doc_errors_clear(&errors);
	assert_false(bind(text));
	doc_errors_sort(&errors, NULL);
	f = open_memstream(&out, &len);
	doc_errors_print(&errors, f);
	fclose(f);
	assert_string_equal(out, message);
	free(out);
}

static void every_type_binds(void **state)
{
	(void)state;
	assert_true(bind(
		"title: hello\nvalue: 007\nnumber: -5\nbig: 0xFFFFFFFF\non: true\n"
		"time: 1.5s\ncolour: blue\ncolours: [red, blue]\nbits: {one: true, two: "
		"false}\n"
		"part: {name: p, level: 0, see: [anything, 1]}\nparts: [a, {name: b}]\n"
		"words: [x, 'y z', \"12\"]\ntable: {A: 1, B: 2}\n"));
	assert_string_equal(thing.title, "hello");
	assert_string_equal(thing.value, "007");
	assert_int_equal(thing.number, -5);
	assert_int_equal(thing.big, 0xffffffff);
	assert_true(thing.on);
	assert_int_equal(thing.time, MS(1500));
	assert_int_equal(thing.colour, 2);
	assert_int_equal(thing.colours, 5);
	assert_int_equal(thing.bits, 1);
	assert_string_equal(thing.part.name, "p");
	assert_int_equal(thing.n_parts, 2);
	assert_string_equal(thing.parts[0].name, "a");
	assert_int_equal(thing.parts[0].level, 3);
	assert_string_equal(thing.parts[1].name, "b");
	assert_int_equal(thing.n_words, 3);
	assert_string_equal(thing.words[2], "12");
	assert_int_equal(thing.n_table, 2);
	assert_string_equal(thing.table[1].name, "B");
	assert_int_equal(thing.table[1].level, 2);
}

static void what_is_missing_gets_its_default(void **state)
{
	(void)state;
	assert_true(bind("title: x\n"));
	assert_int_equal(thing.number, 7);
	assert_int_equal(thing.time, MS(250));
	assert_false(thing.on);
}

static void numbers_booleans_and_dates_need_quotes_to_be_text(void **state)
{
	static const char *const plain[] = { "0000", "7.43", "1e3", "0x1F", "12:30", "-5",
		"+49", ".5", "1_000", "yes", "No", "TRUE", "off", "~", "null",
		"2010-01-01" };
	char text[64], want[160];
	const char *as;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		assert_true(schema_looks(plain[i], &as));
		snprintf(text, sizeof(text), "title: %s\n", plain[i]);
		snprintf(want, sizeof(want),
			"t:1:8: \"title\" is a text, but without quotes this reads as "
			"%s; write "
			"\"%s\"\n",
			as, plain[i]);
		refused(text, want);
		snprintf(text, sizeof(text), "title: \"%s\"\n", plain[i]);
		doc_errors_clear(&errors);
		assert_true(bind(text));
	}
	assert_false(schema_looks("V06.0B", &as));
	assert_false(schema_looks("r74", &as));
	assert_false(schema_looks("1 a", &as));
	assert_false(schema_looks("-", &as));
}

static void quoted_numbers_are_not_numbers(void **state)
{
	(void)state;
	refused("number: \"12\"\n",
		"t:1:9: \"number\" is a number, but quotes make it a text; write 12\n");
	refused("on: \"true\"\n",
		"t:1:5: \"on\" is a switch; write true or false, without quotes\n");
	refused("on: yes\n",
		"t:1:5: \"on\" is a switch; write true or false, without quotes\n");
}

static void numbers_are_checked(void **state)
{
	(void)state;
	refused("number: 101\n",
		"t:1:9: \"number\" cannot be 101; write a number from -5 to 100\n");
	refused("number: 010\n",
		"t:1:9: \"number\" is a whole number, not 010; write a number from -5 "
		"to 100 without leading zeros\n");
	refused("number: 99999999999999999999\n",
		"t:1:9: \"number\" is a whole number, not 99999999999999999999; write a "
		"number from -5 "
		"to 100 without leading zeros\n");
	refused("number: 13\n", "t:1:9: \"number\" brings bad luck; take 12\n");
	refused("number: [1]\n",
		"t:1:9: \"number\" is a single value, not a list; write number: VALUE\n");
}

static void durations_need_a_unit(void **state)
{
	uint64_t u;

	(void)state;
	refused("time: 250\n", "t:1:7: \"time\" has no unit; write 250ms\n");
	refused("time: soon\n", "t:1:7: \"time\" is a duration, not soon; write it like "
				"250ms, 1.5s, 2m or 1h\n");
	refused("time: 2h\n",
		"t:1:7: \"time\" cannot be 2h; write a duration from 0s to 60s\n");
	assert_true(schema_time("1h", &u));
	assert_int_equal(u, SEC(3600));
	assert_true(schema_time("2m", &u));
	assert_int_equal(u, SEC(120));
	assert_true(schema_time("0.000001s", &u));
	assert_int_equal(u, 1);
	assert_true(schema_time("10us", &u));
	assert_int_equal(u, 10);
	assert_false(schema_time("1.s", &u));
	assert_false(schema_time("-1s", &u));
	assert_false(schema_time("1 s", &u));
	assert_false(schema_time("99999999999999999999s", &u));
}

static void names_are_suggested(void **state)
{
	(void)state;
	refused("colour: gren\n",
		"t:1:9: \"colour\" cannot be \"gren\"; did you mean \"green\"?\n");
	refused("colour: 5\n",
		"t:1:9: \"colour\" cannot be \"5\"; it can be red, green, blue\n");
	refused("colours: [red, grean]\n",
		"t:1:16: \"colours\" cannot be \"grean\"; did you mean \"green\"?\n");
	refused("bits: [four]\n",
		"t:1:8: \"bits\" cannot be \"four\"; it can be one, two\n");
	refused("bits: one\n",
		"t:1:7: \"bits\" is a set of names, not a single value; write [one]\n");
	refused("bits: {one: 1}\n",
		"t:1:13: \"one\" is a switch; write true or false, without quotes\n");
}

static void unknown_and_missing_keys_are_reported(void **state)
{
	(void)state;
	refused("titel: x\n", "t:1:1: unknown key \"titel\"; did you mean \"title\"?\n");
	refused("part: {name: x, quite_else: 1}\n",
		"t:1:17: unknown key \"quite_else\"; known keys: name, level, "
		"see\n");
	refused("part: {level: 1}\n",
		"t:1:7: \"name\" is missing; add it: what it is called\n");
	refused("part: [x]\n",
		"t:1:7: \"part\" is a mapping, not a list; write lines \"name: ...\"\n");
}

static void arrays_are_bounded(void **state)
{
	(void)state;
	refused("parts: [a, b, c]\n",
		"t:1:15: \"parts\" has 3 entries, the limit is 2; remove some\n");
	refused("table: {A: 1, B: 1, C: 1}\n",
		"t:1:21: \"table\" has 3 entries, the limit is 2; remove some\n");
	refused("words: [toolong]\n",
		"t:1:9: \"words\" has 7 bytes, the limit is 5; shorten it\n");
	refused("table: {Abcdefgh: 1}\n",
		"t:1:9: the name \"Abcdefgh\" has more than 7 bytes; shorten it\n");
	refused("table: {a: 1}\n", "t:1:9: \"a\" is not a capital letter; change it\n");
	refused("table: [1]\n", "t:1:8: \"table\" is a mapping, not a list; write lines "
				"NAME: VALUE below it\n");
	refused("words: x\n",
		"t:1:8: \"words\" is a list, not a single value; write [...] or lines "
		"that begin with -\n");
	refused("title: \"\"\n", "t:1:8: \"title\" has 0 bytes, but needs at least 1; "
				 "write it in full\n");
	refused("title: \"a\\x07\"\n",
		"t:1:8: \"title\" contains a control character; remove it\n");
}

static void all_errors_come_at_once_and_then_the_whole_is_checked(void **state)
{
	(void)state;
	refused("number: 1000\ntime: 5\non: true\ncolour: red\n",
		"t:1:9: \"number\" cannot be 1000; write a number from -5 to 100\n"
		"t:2:7: \"time\" has no unit; write 5ms or 5s\n");
	refused("on: true\ncolour: red\n", "t:1:5: a red thing is never on; paint it\n");
}

static void settings_from_the_command_line_fit_where_they_can(void **state)
{
	const struct kv set[] = { { "title", "0000" }, { "number", "12" },
		{ "on", "true" }, { "bits", "[one, two]" } };
	struct doc *d = doc_yaml(pool, "t", "title: x", 8, &errors);
	size_t i;

	(void)state;
	memset(&thing, 0, sizeof(thing));
	for (i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		assert_true(doc_set(pool, d, "--set", &set[i], &errors));
	assert_true(schema_bind(&thing_schema, d, &thing, false, &errors));
	assert_string_equal(thing.title, "0000");
	assert_int_equal(thing.number, 12);
	assert_true(thing.on);
	assert_int_equal(thing.bits, 3);
}

static void the_json_schema_is_json(void **state)
{
	json_t *j, *defs, *number;
	char *out = NULL;
	size_t len;
	FILE *f;

	(void)state;
	f = open_memstream(&out, &len);
	schema_print_json("things", all, 2, f);
	fclose(f);
	j = json_loads(out, 0, NULL);
	assert_non_null(j);
	defs = json_object_get(
		json_object_get(json_object_get(j, "definitions"), "thing"),
		"properties");
	number = json_object_get(defs, "number");
	assert_int_equal(json_integer_value(json_object_get(number, "minimum")), -5);
	assert_int_equal(json_integer_value(json_object_get(number, "default")), 7);
	assert_int_equal(json_object_size(defs), 13);
	json_decref(j);
	free(out);
}

static void the_markdown_has_a_row_for_every_key(void **state)
{
	const char *head = "| key | value | what it is |\n| --- | --- | --- |\n"
			   "| `title` | text up to 11 | what people call it |\n";
	char *out = NULL;
	size_t len;
	FILE *f;

	(void)state;
	f = open_memstream(&out, &len);
	schema_print_markdown(&thing_schema, f);
	fclose(f);
	assert_memory_equal(out, head, strlen(head));
	assert_non_null(strstr(out, "| `part.level` | 0 to 9, default 3 | how high |\n"));
	assert_non_null(strstr(out, "| `parts[].name` | text up to 7, required |"));
	assert_non_null(strstr(out, "| `bits` | any of one, two | which bits |\n"));
	assert_non_null(strstr(out, "| `table.NAME` | 0 to 9 | how high |\n"));
	free(out);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	T(every_type_binds),
	T(what_is_missing_gets_its_default),
	T(numbers_booleans_and_dates_need_quotes_to_be_text),
	T(quoted_numbers_are_not_numbers),
	T(numbers_are_checked),
	T(durations_need_a_unit),
	T(names_are_suggested),
	T(unknown_and_missing_keys_are_reported),
	T(arrays_are_bounded),
	T(all_errors_come_at_once_and_then_the_whole_is_checked),
	T(settings_from_the_command_line_fit_where_they_can),
	T(the_json_schema_is_json),
	T(the_markdown_has_a_row_for_every_key),
};

UNIT_MAIN(tests)
