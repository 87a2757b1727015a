/* conf/doc, conf/suggest and host/doc_yaml: trees, paths, positions, errors. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "conf/doc.h"
#include "conf/suggest.h"
#include "host/read/doc_yaml.h"

static struct doc_pool *pool;
static struct doc_errors errors;

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

static struct doc *read_text(const char *text)
{
	return doc_yaml(pool, "t.yaml", text, strlen(text), &errors);
}

/* The only error of a text, as printed. */
static void refused(const char *text, const char *message)
{
	char *out = NULL;
	size_t len;
	FILE *f;

	doc_errors_clear(&errors);
	assert_null(read_text(text));
	doc_errors_sort(&errors, NULL);
	f = open_memstream(&out, &len);
	doc_errors_print(&errors, f);
	fclose(f);
	assert_string_equal(out, message);
	free(out);
}

static void a_tree_keeps_order_places_and_quotes(void **state)
{
	const struct doc *d, *list;

	(void)state;
	d = read_text("b: 1\na:\n  - x\n  - 'y'\nc: {d: \"e\"}\n");
	assert_non_null(d);
	assert_int_equal(d->n, 3);
	assert_string_equal(d->items[0].key, "b");
	assert_string_equal(d->items[1].key, "a");
	list = doc_get(d, "a");
	assert_int_equal(list->n, 2);
	assert_int_equal(list->items[0].value->style, DOC_PLAIN);
	assert_int_equal(list->items[1].value->style, DOC_QUOTED);
	assert_int_equal(list->items[1].value->at.line, 4);
	assert_int_equal(list->items[1].value->at.col, 5);
	assert_string_equal(doc_get_text(doc_get(d, "c"), "d"), "e");
	assert_null(doc_get(d, "e"));
}

static void anchors_aliases_and_tags_are_refused_all_at_once(void **state)
{
	(void)state;
	refused("a: &x 1\nb: *x\nc: !!str 2\nd: &y [1]\n",
		"t.yaml:1:4: anchors (&name) are not allowed; write the value out\n"
		"t.yaml:2:4: aliases (*name) are not allowed; write the value out, or "
		"use inherits\n"
		"t.yaml:3:4: tags (!name) are not allowed; leave it out\n"
		"t.yaml:4:4: anchors (&name) are not allowed; write the value out\n");
}

static void duplicate_keys_name_the_first_one(void **state)
{
	(void)state;
	refused("a: 1\nb:\n  c: 1\n  c: [2]\na: {x: 1}\n",
		"t.yaml:4:3: the key \"c\" is already in line 3; remove one of them\n"
		"t.yaml:5:1: the key \"a\" is already in line 1; remove one of "
		"them\n");
}

static void a_second_document_is_refused(void **state)
{
	(void)state;
	refused("a: 1\n---\nb: 2\n", "t.yaml:2:1: a second document; write only one per "
				     "file, without a second ---\n");
}

static void an_empty_file_is_refused(void **state)
{
	(void)state;
	refused("# nothing\n",
		"t.yaml:1:1: the file is empty; write at least one KEY: VALUE line\n");
}

static void keys_must_be_names(void **state)
{
	(void)state;
	refused("? [a, b]\n: 1\n", "t.yaml:1:3: a key cannot be a list or mapping; "
				   "write a plain name before the colon\n");
}

static void bad_utf8_is_placed_by_line_and_column(void **state)
{
	(void)state;
	refused("a: 1\nb: \xc3\xa9t\xff\n", "t.yaml:2:6: not valid YAML: invalid "
					    "leading UTF-8 octet; save the file as "
					    "UTF-8\n");
}

static void tabs_get_the_right_advice(void **state)
{
	(void)state;
	refused("a:\n\tb: 1\n", "t.yaml:2:1: not valid YAML: found character that "
				"cannot start any token; "
				"indent with spaces, not tabs, and quote a text that "
				"begins with @ ` or %\n");
}

static void nesting_is_bounded(void **state)
{
	char text[2 * DOC_DEPTH + 8] = "";
	int i;

	(void)state;
	for (i = 0; i < DOC_DEPTH; i++)
		strcat(text, "[");
	for (i = 0; i < DOC_DEPTH; i++)
		strcat(text, "]");
	assert_non_null(read_text(text));
	memset(text, '[', DOC_DEPTH + 1);
	text[DOC_DEPTH + 1] = '\0';
	refused(text, "t.yaml:1:33: nested more than 32 deep; flatten it\n");
}

static void size_is_bounded(void **state)
{
	char *text = malloc(DOC_BYTES + 1);

	(void)state;
	memset(text, '#', DOC_BYTES + 1);
	assert_null(doc_yaml(pool, "t.yaml", text, DOC_BYTES + 1, &errors));
	assert_non_null(strstr(errors.item[0].text, "1 MiB"));
	free(text);
}

static void a_file_that_is_missing_says_so(void **state)
{
	(void)state;
	assert_null(doc_yaml_file(pool, "/nonexistent/x.yaml", &errors));
	assert_string_equal(errors.item[0].file, "/nonexistent/x.yaml");
	assert_non_null(strstr(errors.item[0].text, "cannot be read: No such file"));
}

static void a_child_overrides_mapping_by_mapping(void **state)
{
	struct doc *parent, *child, *m;

	(void)state;
	parent = read_text("a: {x: 1, y: 2}\nb: [1, 2]\nc: 3\n");
	child = read_text("a: {y: 5}\nb: [7]\nd: 9\n");
	m = doc_merge(pool, parent, child);
	assert_string_equal(doc_get_text(doc_get(m, "a"), "x"), "1");
	assert_string_equal(doc_get_text(doc_get(m, "a"), "y"), "5");
	assert_int_equal(doc_get(m, "b")->n, 1);
	assert_string_equal(doc_get_text(m, "c"), "3");
	assert_string_equal(doc_get_text(m, "d"), "9");
	/* the same parent may be inherited from again */
	assert_string_equal(doc_get_text(doc_get(parent, "a"), "y"), "2");
	assert_null(doc_get(doc_without(pool, m, "c"), "c"));
}

static void a_setting_replaces_or_creates_at_its_path(void **state)
{
	const struct kv set[] = { { "a.x", "7" }, { "n.e.w", "v" }, { "l.1.k", "z" },
		{ "q.+CSQ.name", "5" }, { "s", "[C, NAK]" },
		{ "memory.+WGPRS.detached", "0" } };
	struct doc *d;
	size_t i;

	(void)state;
	d = read_text("a: {x: 1}\nl: [{k: a}, {k: b}]\nq: {\"+CSQ.name\": 1}\n");
	for (i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		assert_true(doc_set(pool, d, "--set", &set[i], &errors));
	assert_string_equal(doc_get_text(doc_get(d, "a"), "x"), "7");
	assert_int_equal(doc_get(doc_get(d, "a"), "x")->style, DOC_EITHER);
	assert_string_equal(doc_get(doc_get(d, "a"), "x")->at.file, "--set a.x");
	assert_string_equal(doc_get_text(doc_get(doc_get(d, "n"), "e"), "w"), "v");
	assert_string_equal(doc_get_text(doc_get(d, "l")->items[1].value, "k"), "z");
	assert_string_equal(doc_get_text(doc_get(d, "q"), "+CSQ.name"), "5");
	/* the name of a setting, with its dot */
	assert_string_equal(doc_get_text(doc_get(d, "memory"), "+WGPRS.detached"), "0");
	assert_int_equal(doc_get(d, "s")->n, 2);
	assert_string_equal(doc_get(d, "s")->items[1].value->text, "NAK");
}

static void a_setting_that_leads_nowhere_is_an_error(void **state)
{
	static const struct {
		struct kv kv;
		const char *text;
	} bad[] = {
		{ { "a.x.y", "7" },
			"\"1\" has no keys, so \".y\" leads nowhere; remove it" },
		{ { "l.2", "7" }, "\"2\" is not an entry of this list of 1; count from "
				  "0, or write the whole list as [A, B]" },
		{ { "l.k", "7" }, "\"k\" is not an entry of this list of 1; count from "
				  "0, or write the whole list as [A, B]" },
		{ { "a..y", "7" }, "a part of the path is empty; write names separated "
				   "by single dots" },
	};
	struct doc *d = read_text("a: {x: 1}\nl: [1]\n");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(doc_set(pool, d, "--set", &bad[i].kv, &errors));
		assert_int_equal(errors.n, 1);
		assert_string_equal(errors.item[0].text, bad[i].text);
		assert_int_equal(errors.item[0].line, 0);
		doc_errors_clear(&errors);
	}
}

static void a_command_form_stays_in_the_key(void **state)
{
	char plain[] = "sim.pin=1=2", test[] = "latency.+COPS=?=20s",
	     set[] = "latency.+COPS==5s";
	char none[] = "sim.pin";

	(void)state;
	assert_string_equal(kv_split(plain), "1=2");
	assert_string_equal(plain, "sim.pin");
	assert_string_equal(kv_split(test), "20s");
	assert_string_equal(test, "latency.+COPS=?");
	assert_string_equal(kv_split(set), "5s");
	assert_string_equal(set, "latency.+COPS=");
	assert_null(kv_split(none));
}

static void errors_come_sorted_and_once(void **state)
{
	struct doc_place a = { "a", 2, 1 }, b = { "a", 1, 9 };
	int i;

	(void)state;
	doc_error(&errors, a, "x");
	doc_error(&errors, b, "y");
	doc_error(&errors, a, "x");
	assert_int_equal(errors.n, 2);
	doc_errors_sort(&errors, NULL);
	assert_string_equal(errors.item[0].text, "y");
	for (i = 0; i < DOC_ERRORS + 5; i++)
		doc_error(&errors, a, "%d", i);
	assert_int_equal(errors.n, DOC_ERRORS);
	assert_int_equal(errors.more, 7);
}

/* Where a tree lies must not decide which error is told first. */
static void errors_of_the_file_in_question_come_first(void **state)
{
	struct doc_place base = { "/a/base", 1, 1 }, own = { "/z/own", 7, 1 },
			 early = { "/z/own", 2, 1 };

	(void)state;
	doc_error(&errors, base, "follows from it");
	doc_error(&errors, own, "later");
	doc_error(&errors, early, "sooner");
	doc_errors_sort(&errors, "/z/own");
	assert_string_equal(errors.item[0].text, "sooner");
	assert_string_equal(errors.item[1].text, "later");
	assert_string_equal(errors.item[2].text, "follows from it");
	doc_errors_sort(&errors, NULL);
	assert_string_equal(errors.item[0].text, "follows from it");
}

static void distance_counts_edits_and_swaps(void **state)
{
	(void)state;
	assert_int_equal(suggest_distance("", "", 3), 0);
	assert_int_equal(suggest_distance("profile", "profile", 3), 0);
	assert_int_equal(suggest_distance("porfile", "profile", 3), 1);
	assert_int_equal(suggest_distance("pin", "puk", 3), 2);
	assert_int_equal(suggest_distance("PIN", "pin", 3), 0);
	assert_int_equal(suggest_distance("abc", "xyzabc", 3), 3);
	assert_int_equal(suggest_distance("abc", "something else", 3), 4);
}

static const char *near(const char *wanted, const char *const *names, char *mem)
{
	struct suggest s;

	suggest_init(&s, wanted);
	for (; *names; names++)
		suggest_offer(&s, *names);
	return suggest_text(&s, mem, 96, "");
}

static void the_nearest_name_is_suggested_and_no_far_one(void **state)
{
	static const char *const names[] = { "pin", "imei", "profile", "x", NULL };
	char mem[96], longest[200];

	(void)state;
	assert_string_equal(near("profiel", names, mem), "; did you mean \"profile\"?");
	assert_string_equal(near("imsi", names, mem), "; did you mean \"imei\"?");
	assert_string_equal(near("y", names, mem), "");
	assert_string_equal(near("network", names, mem), "");
	memset(longest, 'p', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_string_equal(near(longest, names, mem), "");
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	T(a_tree_keeps_order_places_and_quotes),
	T(anchors_aliases_and_tags_are_refused_all_at_once),
	T(duplicate_keys_name_the_first_one),
	T(a_second_document_is_refused),
	T(an_empty_file_is_refused),
	T(keys_must_be_names),
	T(bad_utf8_is_placed_by_line_and_column),
	T(tabs_get_the_right_advice),
	T(nesting_is_bounded),
	T(size_is_bounded),
	T(a_file_that_is_missing_says_so),
	T(a_child_overrides_mapping_by_mapping),
	T(a_setting_replaces_or_creates_at_its_path),
	T(a_setting_that_leads_nowhere_is_an_error),
	T(a_command_form_stays_in_the_key),
	T(errors_come_sorted_and_once),
	T(errors_of_the_file_in_question_come_first),
	T(distance_counts_edits_and_swaps),
	T(the_nearest_name_is_suggested_and_no_far_one),
};

UNIT_MAIN(tests)
