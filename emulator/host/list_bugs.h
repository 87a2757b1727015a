/* fauxtrack list bugs, and list bug NAME; each gives the exit status. */
#pragma once

int list_bugs(void);
int list_bug(const char *name);
