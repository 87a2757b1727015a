/* fauxtrack complete: what a shell offers when Tab is pressed. The words of the line so far
 * come as arguments, the last is the one to complete. Prints a candidate a line: the word, a
 * tab, its help. A line that begins with a colon asks the shell for its own: :files,
 * :folders, :commands. packaging/completion/ has the scripts that call it.
 *
 * Everything comes from the tables that --help is made of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/cli.h"
#include "host/manual/complete.h"
#include "host/manual/help_main.h"
#include "host/manual/known_options.h"
#include "host/manual/topics.h"
#include "host/subcommand.h"

/* ---- candidates --------------------------------------------------------------------- */

void complete_offer(struct completing *c, const char *word, const char *help)
{
	size_t len = strlen(c->current);

	if (!strncmp(word, c->current, len))
		printf("%s%s\t%.*s\n", c->before, word,
			help ? (int)strcspn(help, "\n") : 0, help ? help : "");
}

void complete_shell(struct completing *c, const char *what)
{
	(void)c;
	printf(":%s\n", what);
}

/* ---- options ------------------------------------------------------------------------- */

static void offer_options(struct completing *c, const struct known_options *all)
{
	char word[80];
	size_t i;

	for (i = 0; i < all->n; i++) {
		snprintf(word, sizeof(word), "--%s", all->option[i].name);
		complete_offer(c, word, all->option[i].help);
	}
}

/* ---- values of options -------------------------------------------------------------- */

/* A part of a hint: "warm", "tcp:PORT", "PATH". */
static void offer_hint(struct completing *c, const char *part, size_t len)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	char word[40];
	size_t own = strspn(part, lower);

	snprintf(word, sizeof(word), "%.*s", (int)len, part);
	if (own >= len && len)
		complete_offer(c, word, "");
	else if (own && part[own] == ':') {
		word[own + 1] = '\0';
		complete_offer(c, word, "");
	} else if (strstr(word, "FILE") || strstr(word, "PATH") || strstr(word, "DEVICE"))
		complete_shell(c, "files");
	else if (strstr(word, "DIR") || strstr(word, "FOLDER"))
		complete_shell(c, "folders");
}

static void offer_hints(struct completing *c, const char *hint)
{
	size_t len;

	for (; *hint; hint += len + (hint[len] != '\0')) {
		len = strcspn(hint, "|,");
		offer_hint(c, hint, len);
	}
}

static void offer_value(struct completing *c, const struct page_option *o)
{
	complete_value(c, o->name);
	offer_hints(c, o->arg);
}

/* ---- words -------------------------------------------------------------------------- */

static void offer_subcommands(struct completing *c)
{
	const struct subcommand *s;

	for (s = subcommands; s->name; s++)
		if (s->help)
			complete_offer(c, s->name, s->help);
}

static void offer_help(struct completing *c)
{
	const struct topic *t;

	offer_subcommands(c);
	for (t = topics; t->name; t++)
		complete_offer(c, t->name, t->help);
}

static void offer_children(struct completing *c, const struct subcommand *s)
{
	const char *child;
	size_t i;

	for (i = 0; s->child && (child = s->child(i)); i++)
		complete_offer(c, child, "");
}

/* ---- the line ----------------------------------------------------------------------- */

/* What the words before the current one have said. */
struct line {
	const struct subcommand *s;
	const char *word[8]; /* that are no options */
	size_t n;
	const struct page_option
		*open; /* the last word was an option without its value */
	bool command;  /* exec: after --, or its first word */
};

static void read_line(struct line *l, struct known_options *all, int argc, char **argv)
{
	int i;

	known_options_read(l->s, NULL, all);
	for (i = 0; i < argc && !l->command; i++) {
		const struct page_option *o = known_option(all, argv[i]);

		if (l->open) {
			l->open = NULL;
		} else if (!strcmp(argv[i], "--")) {
			l->command = !strcmp(l->s->name, "exec");
			l->n = l->command ? (size_t)(argc - i - 1) : l->n;
		} else if (o && o->arg && !strchr(argv[i], '=')) {
			l->open = o;
		} else if (argv[i][0] != '-' && l->n < 8) {
			l->word[l->n++] = argv[i];
			if (l->n == 1 && help_has_child(l->s, argv[i]))
				known_options_read(l->s, argv[i], all);
			l->command = !strcmp(l->s->name, "exec");
		}
	}
}

static void offer_words(struct completing *c, const struct line *l)
{
	if (l->command)
		complete_shell(c, l->n ? "files" : "commands");
	else if (!strcmp(l->s->name, "help") && !l->n)
		offer_help(c);
	else if (!strcmp(l->s->name, "help") && l->n == 1 && help_subcommand(l->word[0]))
		offer_children(c, help_subcommand(l->word[0]));
	else if (!strcmp(l->s->name, "exec"))
		complete_shell(c, "commands");
	else if (l->s->child && !l->n)
		offer_children(c, l->s);
	else
		complete_words(c, l->s->name, l->word, l->n);
}

static void complete_line(
	struct completing *c, const struct subcommand *s, int argc, char **argv)
{
	struct line l = { .s = s };
	const struct page_option *o;
	static struct known_options all;
	char before[80];

	read_line(&l, &all, argc, argv);
	if (l.open) {
		offer_value(c, l.open);
	} else if (*c->current == '-' && !l.command) {
		o = strchr(c->current, '=') ? known_option(&all, c->current) : NULL;
		if (!o || !o->arg) {
			offer_options(c, &all);
			return;
		}
		snprintf(before, sizeof(before), "--%s=", o->name);
		*c = (struct completing){ strchr(c->current, '=') + 1, before };
		offer_value(c, o);
	} else {
		offer_words(c, &l);
	}
}

int complete_main(int argc, char **argv)
{
	struct completing c = { argc > 1 ? argv[argc - 1] : "", "" };
	const struct subcommand *s = argc > 2 ? help_subcommand(argv[1]) : NULL;

	if (s && s->help) {
		complete_line(&c, s, argc - 3, argv + 2);
	} else if (argc <= 2) {
		offer_subcommands(&c);
		complete_offer(&c, "--help", "lists the commands");
		complete_offer(&c, "--version", "prints the version");
	}
	return EXITS_DONE;
}
