/* fauxtrack help, and what `fauxtrack --help` prints. */
#pragma once

#include <stdbool.h>

struct page;
struct subcommand;

/* Asks a subcommand, or one of its words (NULL: none), for the page that its --help
 * prints. */
void help_ask(const struct subcommand *s, const char *child, struct page *p);

/* The page of the program itself. */
void help_overview(struct page *p);

/* Whether a subcommand has a word of that name. */
bool help_has_child(const struct subcommand *s, const char *word);

/* The row of a subcommand; NULL if there is none. */
const struct subcommand *help_subcommand(const char *name);
