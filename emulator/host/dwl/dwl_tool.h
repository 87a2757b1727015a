/* `fauxtrack dwl make|info`: the command line of dwl_file. */
#pragma once

#include <stddef.h>

/* argv[0] is "dwl". Returns an exit status of exits.h. */
int dwl_tool(int argc, char **argv);

/* Its words; NULL after the last. */
const char *dwl_child(size_t i);
