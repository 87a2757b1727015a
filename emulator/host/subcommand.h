/* The subcommands of fauxtrack: each gets what stands behind its name (argv[0] is the
 * name) and gives the exit status: 0 done, 1 failed, 2 wrong usage. */
#pragma once

int check_main(int argc, char **argv);
int ctl_main(int argc, char **argv);
int exec_main(int argc, char **argv);
int list_main(int argc, char **argv);
int play_main(int argc, char **argv);
int run_main(int argc, char **argv);
int schema_main(int argc, char **argv);
