/* Words where a subcommand should be: what they could have meant, for messages. */
#pragma once

#include <stddef.h>

/* Fills out with what the word is and how to write it: "--link is an option of run;
 * write fauxtrack run --link ...". Without an idea: how to see what there is. */
void astray_text(const char *word, char *out, size_t size);

/* The same for a word after `fauxtrack run`: a profile, a field bug, a file. Returns out,
 * NULL without an idea. */
const char *astray_modem(const char *word, char *out, size_t size);
