/* `fauxtrack dwl make|info`: the command line of dwl_file. */
#pragma once

/* argv[0] is "dwl". Gives the exit status: 0, 1 when something could not be done, 2 for a
 * command line that makes no sense. */
int dwl_tool(int argc, char **argv);
