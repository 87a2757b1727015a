/* Every file in malformed/ has one error, and its first line is "# expect: LINE:COL:
 * message", which must be the only error reported. */
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "host/play/scenario.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/read/rules_check.h"

static const char *folder(void)
{
	const char *f = getenv("MALFORMED");

	if (!f)
		fail_msg("MALFORMED is not set; run it with meson test");
	return f;
}

static int is_yaml(const struct dirent *de)
{
	return strstr(de->d_name, ".yaml") != NULL;
}

static void read_expected(const char *path, char *want, size_t size)
{
	static const char head[] = "# expect: ";
	char line[600];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	assert_memory_equal(line, head, strlen(head));
	snprintf(want, size, "%s", line + strlen(head));
}

/* True when it can be read, and its rules fit the profile. */
static bool reads_scenario(struct library *l, const char *path, struct doc_errors *e)
{
	struct scenario *s = scenario_load(l, path, e);
	const struct profile *one;
	struct profile *p;
	bool fits = true;

	if (!s)
		return false;
	p = s->own.faults.n ? profile_load(l, s->profiles[0], s->own.kv, s->own.n_kv, e)
			    : NULL;
	if (p) {
		one = p;
		tables_build(p);
		fits = rules_check(&s->own, &one, 1, e);
		tables_free(p);
	}
	profile_free(p);
	scenario_free(s);
	return fits;
}

static int check_file(struct library *l, const char *path)
{
	struct doc_errors errors;
	const struct doc_error *first = &errors.item[0];
	char want[600], got[600] = "nothing wrong";
	int bad;

	read_expected(path, want, sizeof(want));
	doc_errors_init(&errors);
	if (scenario_is(path))
		bad = reads_scenario(l, path, &errors);
	else
		bad = library_check(l, path, &errors);
	if (errors.n) {
		snprintf(got, sizeof(got), "%d:%d: %s", first->line, first->col,
			first->text);
		/* the remedy follows a semicolon */
		bad |= errors.n > 1 || strcmp(first->file, path) ||
		       !strstr(first->text, "; ");
	}
	bad |= strcmp(got, want) != 0;
	if (bad) {
		print_error("%s\nexpected: %s\ngot:      %s\n", path, want, got);
		doc_errors_print(&errors, stderr);
	}
	doc_errors_clear(&errors);
	return bad;
}

static void every_malformed_file_gets_place_and_remedy(void **state)
{
	struct library *l = library_new(NULL);
	struct dirent **names;
	char path[4096];
	int n, i, bad = 0;

	(void)state;
	library_hook(l, &tables_hook);
	n = scandir(folder(), &names, is_yaml, alphasort);
	assert_true(n >= 45);
	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder(), names[i]->d_name);
		bad += check_file(l, path);
		free(names[i]);
	}
	free(names);
	library_free(l);
	assert_int_equal(bad, 0);
}

static const struct CMUnitTest tests[] = {
	UNIT(every_malformed_file_gets_place_and_remedy),
};

UNIT_MAIN(tests)
