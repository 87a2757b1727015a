/* The table of actions in tests/scenario/README.md has every row. With ACCEPT=1 in the
 * environment the test rewrites it. */
#include "readme.h"

#include "conf/action_conf.h"

static void the_readme_has_every_action(void **state)
{
	char *table = NULL;
	size_t len;
	FILE *f = open_memstream(&table, &len);

	(void)state;
	actions_print_markdown(f);
	fclose(f);
	readme_check("SCENARIO_README", "<!-- actions -->\n",
		"<!-- end of the actions -->\n", table, len);
	free(table);
}

static const struct CMUnitTest tests[] = {
	UNIT(the_readme_has_every_action),
};

UNIT_MAIN(tests)
