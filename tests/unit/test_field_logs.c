/* The logs of tests/field, as their readers see them: NAME.read beside each log has its
 * pieces. With ACCEPT=1 in the environment the test rewrites them. */
#include "log_rig.h"

#include <dirent.h>

static const char *folder(void)
{
	const char *f = getenv("FIELD_LOGS");

	if (!f)
		fail_msg("FIELD_LOGS is not set; run it with meson test");
	return f ? f : "";
}

static int is_log(const struct dirent *de)
{
	return strstr(de->d_name, ".log") || strstr(de->d_name, ".csv");
}

static char *all_of(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 18);

	assert_non_null(text);
	if (f) {
		text[fread(text, 1, (1 << 18) - 1, f)] = '\0';
		fclose(f);
	}
	return text;
}

static void accept(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void check_log(const char *name)
{
	char path[512], expected[512], *text, *wanted;

	snprintf(path, sizeof(path), "%s/%s", folder(), name);
	snprintf(expected, sizeof(expected), "%s/%.*s.read", folder(),
		(int)(strrchr(name, '.') - name), name);
	text = log_as_text(path, NULL);
	assert_null(strstr(text, path)); /* it is read */
	if (getenv("ACCEPT"))
		accept(expected, text);
	wanted = all_of(expected);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s is read as\n%s\nRun it with ACCEPT=1 and check the diff",
			name, text);
	free(wanted);
	free(text);
}

static void every_log_is_read_as_before(void **state)
{
	struct dirent **names;
	int i, n = scandir(folder(), &names, is_log, alphasort);

	(void)state;
	assert_true(n >= 12);
	for (i = 0; i < n; i++) {
		check_log(names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

static const struct CMUnitTest tests[] = {
	UNIT(every_log_is_read_as_before),
};

UNIT_MAIN(tests)
