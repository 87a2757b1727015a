/* The subcommands of fauxtrack. Each gets what follows its name (argv[0] is the name) and
 * returns an exit status of exits.h. */
#pragma once

#include <stddef.h>

struct subcommand {
	const char *name;
	const char *args; /* as the usage line has them */
	const char *help; /* one line */
	int (*run)(int argc, char **argv);
	/* The words that have a --help of their own, NULL after the last one. */
	const char *(*child)(size_t i);
};
extern const struct subcommand subcommands[]; /* sorted; ends with a NULL name */

int check_main(int argc, char **argv);
int ctl_main(int argc, char **argv);
int exec_main(int argc, char **argv);
int list_main(int argc, char **argv);
int play_main(int argc, char **argv);
int run_main(int argc, char **argv);
int schema_main(int argc, char **argv);

const char *list_child(size_t i);
const char *schema_child(size_t i);
