/* The options of a subcommand, as its --help shows them. */
#pragma once

#include "host/manual/page.h"
#include "host/subcommand.h"

#define KNOWN_OPTIONS 80

struct known_options {
	struct page page;
	struct page_option option[KNOWN_OPTIONS];
	size_t n;
};

/* Reads those of a subcommand, or of one of its words (NULL: none). */
void known_options_read(
	const struct subcommand *s, const char *child, struct known_options *out);

/* The option of "--profile", "--profile=x" or "-p"; NULL: it is none. */
const struct page_option *known_option(const struct known_options *all, const char *word);
