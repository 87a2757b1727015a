#include "host/manual/known_options.h"

#include <string.h>

#include "host/manual/help_main.h"

static void keep_option(struct page *p, const struct page_option *o)
{
	struct known_options *all = (struct known_options *)p;

	if (all->n < KNOWN_OPTIONS)
		all->option[all->n++] = *o;
}

static void no_usage(struct page *p, const char *name, const char *words, bool options)
{
	(void)p, (void)name, (void)words, (void)options;
}

static void no_section(
	struct page *p, enum page_section which, const char *title, int width)
{
	(void)p, (void)which, (void)title, (void)width;
}

static void no_text(struct page *p, const char *text)
{
	(void)p, (void)text;
}

static void no_row(struct page *p, const char *term, const char *text)
{
	(void)p, (void)term, (void)text;
}

void known_options_read(
	const struct subcommand *s, const char *child, struct known_options *out)
{
	static const struct page_kind kind = { no_usage, no_section, no_text, keep_option,
		no_row, no_text, no_text };

	*out = (struct known_options){ .page = { .kind = &kind } };
	help_ask(s, child, &out->page);
}

static const struct page_option *named(
	const struct known_options *all, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strlen(all->option[i].name) == len &&
			!strncmp(all->option[i].name, name, len))
			return &all->option[i];
	return NULL;
}

const struct page_option *known_option(const struct known_options *all, const char *word)
{
	size_t i;

	if (!strncmp(word, "--", 2))
		return named(all, word + 2, strcspn(word + 2, "="));
	for (i = 0; word[0] == '-' && word[1] && i < all->n; i++)
		if (all->option[i].letter == word[1])
			return &all->option[i];
	return NULL;
}
