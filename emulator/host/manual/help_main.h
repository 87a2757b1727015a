/* fauxtrack help, and what `fauxtrack --help` prints. */
#pragma once

struct page;
struct subcommand;

/* Asks a subcommand, or one of its words (NULL: none), for the page that its --help
 * prints. */
void help_ask(const struct subcommand *s, const char *child, struct page *p);

/* The page of the program itself. */
void help_overview(struct page *p);

/* The row of a subcommand; NULL if there is none. */
const struct subcommand *help_subcommand(const char *name);
