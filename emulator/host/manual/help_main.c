/* fauxtrack help: the subcommands and topics, for a terminal and as manual pages. */
#include "host/manual/help_main.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/suggest.h"
#include "host/cli.h"
#include "host/manual/mdoc.h"
#include "host/manual/surroundings.h"
#include "host/manual/topics.h"
#include "host/subcommand.h"

/* ---- the program itself ------------------------------------------------------------- */

static void add_subcommands(struct page *p)
{
	const struct subcommand *s;

	page_section(p, PAGE_OTHER, "Commands", 10);
	for (s = subcommands; s->name; s++)
		if (s->help)
			page_row(p, s->name, s->help);
}

static void add_topics(struct page *p)
{
	const struct topic *t;

	page_section(p, PAGE_OTHER, "Topics, for fauxtrack help TOPIC", 12);
	for (t = topics; t->name; t++)
		page_row(p, t->name, t->help);
}

void help_overview(struct page *p)
{
	page_usage(p, "", "COMMAND [OPTION...]", false);
	page_text(p, "Emulates a Wavecom Fastrack, a GSM modem, at a pseudo-terminal.");
	add_subcommands(p);
	add_topics(p);
	page_text(p, "fauxtrack COMMAND --help lists the options and exit statuses of a "
		     "command, "
		     "fauxtrack --version prints the version.");
	page_text(p, "To start: fauxtrack exec -- picocom {}");
	page_text(p,
		"To test a program: fauxtrack help testing. An installation has manual "
		"pages, and documents, examples and a tutorial in share/doc/fauxtrack.");
}

/* ---- finding a page ----------------------------------------------------------------- */

const struct subcommand *help_subcommand(const char *name)
{
	const struct subcommand *s;

	for (s = subcommands; s->name; s++)
		if (!strcmp(name, s->name))
			return s;
	return NULL;
}

bool help_has_child(const struct subcommand *s, const char *word)
{
	const char *child;
	size_t i;

	for (i = 0; s->child && (child = s->child(i)); i++)
		if (!strcmp(child, word))
			return true;
	return false;
}

static const struct topic *topic_named(const char *name)
{
	const struct topic *t;

	for (t = topics; t->name; t++)
		if (!strcmp(name, t->name))
			return t;
	return NULL;
}

/* The section of a page, 0 if it has none; "." is the program's own. */
static int section_of(const char *name)
{
	const struct topic *t = topic_named(name);

	if (t)
		return t->section;
	return !strcmp(name, ".") || help_subcommand(name) ? 1 : 0;
}

static int unknown(const char *name)
{
	const struct subcommand *s;
	const struct topic *t;
	struct suggest near;
	char text[160], words[160] = "";

	for (s = subcommands; s->name; s++)
		if (help_has_child(s, name))
			snprintf(words + strlen(words), sizeof(words) - strlen(words),
				"%s fauxtrack help %s %.40s", *words ? " or" : "; write",
				s->name, name);
	suggest_init(&near, name);
	for (t = topics; t->name; t++)
		suggest_offer(&near, t->name);
	for (s = subcommands; s->name; s++)
		if (s->help)
			suggest_offer(&near, s->name);
	fprintf(stderr, "fauxtrack help: unknown topic \"%s\"%s\n", name,
		*words ? words
		       : suggest_text(&near, text, sizeof(text),
				 "; fauxtrack help lists topics and commands"));
	return EXITS_USAGE;
}

/* ---- manual pages ------------------------------------------------------------------- */

void help_ask(const struct subcommand *s, const char *child, struct page *p)
{
	char name[32], word[40], help[] = "--help";
	char *argv[] = { name, child ? word : help, child ? help : NULL, NULL };

	snprintf(name, sizeof(name), "%s", s->name);
	snprintf(word, sizeof(word), "%s", child ? child : "");
	cli_help_to(p);
	s->run(child ? 3 : 2, argv);
	cli_help_to(NULL);
}

/* Whether a word has come before: some words of ctl are actions too. */
static bool has_come(const struct subcommand *s, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(s->child(k), s->child(i)))
			return true;
	return false;
}

static void fill_subcommand(struct mdoc *m, const struct subcommand *s)
{
	const char *child;
	size_t i;

	help_ask(s, NULL, &m->page);
	mdoc_nest(m);
	for (i = 0; s->child && (child = s->child(i)); i++)
		if (!has_come(s, i))
			help_ask(s, child, &m->page);
	page_see(&m->page, ".");
}

static void fill_overview(struct mdoc *m)
{
	const struct subcommand *s;
	const struct topic *t;

	help_overview(&m->page);
	surroundings_print(&m->page, NULL);
	for (s = subcommands; s->name; s++)
		if (s->help)
			page_see(&m->page, s->name);
	for (t = topics; t->name; t++)
		page_see(&m->page, t->name);
}

/* s or t, or neither: the program itself. */
static void man_page(const struct subcommand *s, const struct topic *t, FILE *out)
{
	char name[48];
	struct mdoc m;

	mdoc_begin(&m, s ? s->help : t ? t->help : "emulates a GSM modem on a port");
	snprintf(name, sizeof(name), "fauxtrack%s%s", s || t ? "-" : "",
		s   ? s->name
		: t ? t->name
		    : "");
	if (s)
		fill_subcommand(&m, s);
	else if (t)
		t->print(&m.page);
	else
		fill_overview(&m);
	mdoc_end(&m, name, t ? t->section : 1, section_of, out);
}

/* Writes FOLDER/man1/fauxtrack-run.1 and so on. */
static bool man_file(
	const char *folder, const struct subcommand *s, const struct topic *t)
{
	int section = t ? t->section : 1;
	char path[4096];
	bool ok;
	FILE *f;

	snprintf(path, sizeof(path), "%.3900s/man%d", folder, section);
	ok = !mkdir(path, 0777) || errno == EEXIST;
	/* for a build, the folder is what was made: it is new, even if no name in it is */
	ok = ok && !utimensat(AT_FDCWD, path, NULL, 0);
	snprintf(path, sizeof(path), "%.3900s/man%d/fauxtrack%s%s.%d", folder, section,
		s || t ? "-" : "",
		s   ? s->name
		: t ? t->name
		    : "",
		section);
	f = ok ? fopen(path, "w") : NULL;
	if (f)
		man_page(s, t, f);
	ok = f && !ferror(f);
	if (f && fclose(f))
		ok = false;
	if (!ok)
		fprintf(stderr,
			"fauxtrack help: %s: %s; choose a folder that can be written\n",
			path, strerror(errno));
	return ok;
}

static int man_files(const char *folder)
{
	const struct subcommand *s;
	const struct topic *t;
	bool ok = man_file(folder, NULL, NULL);

	for (s = subcommands; ok && s->name; s++)
		ok = !s->help || man_file(folder, s, NULL);
	for (t = topics; ok && t->name; t++)
		ok = !t->section || man_file(folder, NULL, t);
	return ok ? EXITS_DONE : EXITS_FAILED;
}

static int man(const char *name)
{
	const struct subcommand *s = name ? help_subcommand(name) : NULL;
	const struct topic *t = name ? topic_named(name) : NULL;

	if (name && !(s && s->help) && !t)
		return unknown(name);
	if (t && !t->section) {
		fprintf(stderr,
			"fauxtrack help: the topic %s has no manual page; see "
			"fauxtrack(1)\n",
			name);
		return EXITS_FAILED;
	}
	man_page(s, t, stdout);
	return EXITS_DONE;
}

/* ---- the command -------------------------------------------------------------------- */

struct helping {
	bool man;
	const char *into;
};

static bool take_man(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg, (void)why, (void)size;
	((struct helping *)ctx)->man = true;
	return true;
}

static bool take_into(void *ctx, char *arg, char *why, size_t size)
{
	((struct helping *)ctx)->into = arg;
	return cli_path(arg, why, size);
}

static const struct cli_option options[] = {
	{ "man", NULL, "prints the manual page instead, for man -l -", take_man },
	{ "man-into", "FOLDER", "writes all manual pages to FOLDER/man1, man5 and man7",
		take_into },
	{ NULL },
};

static void more(struct page *p)
{
	add_subcommands(p);
	add_topics(p);
}

static const struct cli_example examples[] = {
	{ "fauxtrack help scenario", "Explains scenarios" },
	{ "fauxtrack help ctl wait", "The same as fauxtrack ctl wait --help" },
	{ "fauxtrack help --man run | man -l -",
		"The manual page of a command, if it is not installed" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "help",
	.words = "[TOPIC|COMMAND [WORD]]",
	.about = "Explains a topic or a command. Without a word: what there is.",
	.exits = EXITS_PLAIN,
	.options = options,
	.most = 2,
	.more = more,
	.leads = true,
	.examples = examples,
	.related = ".",
};

static int one(int argc, char **argv)
{
	const struct subcommand *s = help_subcommand(argv[0]);
	const struct topic *t = topic_named(argv[0]);
	char help[] = "--help", *words[] = { argv[0], argc > 1 ? argv[1] : help,
		argc > 1 ? help : NULL, NULL };
	struct page p;

	if (s)
		return s->run(argc + 1, words);
	if (!t)
		return unknown(argv[0]);
	if (argc > 1)
		return cli_wrong(
			&command, "unexpected word \"%s\"; leave it out", argv[1]);
	page_plain(&p, stdout);
	t->print(&p);
	return EXITS_DONE;
}

int help_main(int argc, char **argv)
{
	struct helping h = { .man = false };
	int next = cli_parse(&command, argc, argv, &h);
	struct page p;

	if (next < 0)
		return cli_status(&command, next);
	if (h.into)
		return man_files(h.into);
	if (h.man)
		return man(argv[next]);
	if (next < argc)
		return one(argc - next, argv + next);
	page_plain(&p, stdout);
	help_overview(&p);
	return EXITS_DONE;
}
