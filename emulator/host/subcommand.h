/* The subcommands of fauxtrack. Each gets its own arguments (argv[0] is its name) and
 * returns an exit status of exits.h. */
#pragma once

#include <stddef.h>

struct subcommand {
	const char *name;
	const char *args; /* as in the usage line */
	const char *help; /* one line; NULL: not shown, for programs */
	int (*run)(int argc, char **argv);
	/* Its words that have their own --help; NULL after the last. */
	const char *(*child)(size_t i);
};
extern const struct subcommand subcommands[]; /* sorted; ends with a NULL name */

int check_main(int argc, char **argv);
int compare_main(int argc, char **argv);
int complete_main(int argc, char **argv);
int ctl_main(int argc, char **argv);
int doctor_main(int argc, char **argv);
int exec_main(int argc, char **argv);
int lines_main(int argc, char **argv);
int list_main(int argc, char **argv);
int play_main(int argc, char **argv);
int help_main(int argc, char **argv);
int import_main(int argc, char **argv);
int record_main(int argc, char **argv);
int run_main(int argc, char **argv);
int schema_main(int argc, char **argv);
int trace_main(int argc, char **argv);

const char *list_child(size_t i);
const char *schema_child(size_t i);
const char *trace_child(size_t i);
