/* Shared by the files of `fauxtrack complete`. */
#pragma once

#include <stddef.h>

struct completing {
	const char *current; /* what candidates must begin with */
	const char *before;  /* is printed in front of each: "--profile=" */
};

/* Prints a candidate if it begins as the current word; help may be NULL. */
void complete_offer(struct completing *c, const char *word, const char *help);

/* Asks the shell for its own candidates: "files", "folders", "commands". */
void complete_shell(struct completing *c, const char *what);

/* Offers the values of an option that come from a table or from the profiles, by the name
 * of the option. What its hint says ("warm|cold") is not repeated here. */
void complete_value(struct completing *c, const char *option);

/* Offers the words after those that a subcommand has got, which are no options. */
void complete_words(
	struct completing *c, const char *subcommand, const char *const *word, size_t n);
