#include "host/manual/astray.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/suggest.h"
#include "host/manual/help_main.h"
#include "host/manual/known_options.h"
#include "host/manual/topics.h"
#include "host/play/bug.h"
#include "host/play/scenario.h"
#include "host/read/library.h"
#include "host/run/fleet.h"

/* ---- an option ---------------------------------------------------------------------- */

/* The row of an option of a subcommand; *all is filled. */
static const struct page_option *option_of(
	const struct subcommand *s, const char *word, struct known_options *all)
{
	known_options_read(s, NULL, all);
	return known_option(all, word);
}

/* The option belongs to a subcommand: run if it has it, else the first that does. */
static bool is_option(const char *word, char *out, size_t size)
{
	const struct subcommand *s, *run = help_subcommand("run"), *of = NULL;
	static struct known_options all;
	const struct page_option *o;

	if (option_of(run, word, &all))
		of = run;
	for (s = subcommands; s->name && !of; s++)
		if (s->help && option_of(s, word, &all))
			of = s;
	if (!of)
		return false;
	o = option_of(of, word, &all);
	snprintf(out, size,
		"%.*s is an option of `fauxtrack %s`; options come after the command: "
		"fauxtrack %s %s%s%s",
		(int)strcspn(word, "="), word, of->name, of->name, word,
		o->arg && !strchr(word, '=') ? " " : "",
		o->arg && !strchr(word, '=') ? o->arg : "");
	return true;
}

static void unknown_option(const char *word, char *out, size_t size)
{
	static struct known_options all;
	const struct subcommand *s;
	char cut[64], text[160];
	struct suggest near;
	size_t i;

	snprintf(cut, sizeof(cut), "%.*s", (int)strcspn(word, "="), word);
	suggest_init(&near, cut + strspn(cut, "-"));
	for (s = subcommands; s->name; s++) {
		if (!s->help)
			continue;
		known_options_read(s, NULL, &all);
		for (i = 0; i < all.n; i++)
			suggest_offer(&near, all.option[i].name);
	}
	snprintf(out, size, "unknown option %s%s", cut,
		suggest_text(&near, text, sizeof(text),
			"; options come after a command, fauxtrack --help lists them"));
}

/* ---- a word ------------------------------------------------------------------------- */

/* A word of a subcommand, a topic, or --version without its dashes. */
static bool is_word(const char *word, char *out, size_t size)
{
	static const char first[] = "write fauxtrack %s %s",
			  more[] = " or fauxtrack %s %s";
	const struct subcommand *s;
	const struct topic *t;
	size_t n = 0;

	for (t = topics; t->name; t++)
		if (!strcmp(t->name, word))
			n = (size_t)snprintf(out, size, first, "help", word);
	for (s = subcommands; s->name; s++)
		if (help_has_child(s, word))
			n += (size_t)snprintf(
				out + n, size - n, n ? more : first, s->name, word);
	if (!n && !strcmp(word, "version"))
		n = (size_t)snprintf(out, size, "write fauxtrack --version");
	return n;
}

/* ---- a file ------------------------------------------------------------------------- */

static bool ends(const char *path, const char *end)
{
	size_t len = strlen(path), n = strlen(end);

	return len > n && !strcmp(path + len - n, end);
}

/* What takes a file, by what is in it. */
static const char *taker(const char *path, const struct stat *st)
{
	if (S_ISCHR(st->st_mode))
		return "record ";
	if (S_ISDIR(st->st_mode))
		return "play ";
	if (!ends(path, ".yaml") && st->st_mode & 0111)
		return "exec -- ";
	if (!ends(path, ".yaml"))
		return ends(path, ".dwl")                             ? "dwl info "
		       : ends(path, ".pcapng") || ends(path, ".json") ? "trace convert "
								      : "import ";
	return fleet_is(path)      ? "run --fleet "
	       : scenario_is(path) ? "play "
				   : "run --profile ";
}

/* ---- a modem ------------------------------------------------------------------------ */

static bool has_bug(struct library *l, const char *word)
{
	struct bug_entry *list;
	size_t n = bug_list(l, &list), i;
	bool is = false;

	for (i = 0; i < n; i++)
		is |= !strcmp(list[i].name, word);
	free(list);
	return is;
}

/* How to write a profile, a field bug or a file; NULL: it is none. */
static const char *option_for(const char *word)
{
	struct library *l = library_new(NULL);
	char path[LIBRARY_PATH];
	const char *option = library_find(l, PART_PROFILE, word, path) ? "run --profile "
			     : has_bug(l, word)                        ? "run --bug "
								       : NULL;
	struct stat st;

	library_free(l);
	if (option || stat(word, &st))
		return option;
	return taker(word, &st);
}

const char *astray_modem(const char *word, char *out, size_t size)
{
	const char *option = option_for(word);

	if (!option)
		return NULL;
	snprintf(out, size, "write fauxtrack %s%s%s", option, word,
		!strcmp(option, "exec -- ") ? " {}" : "");
	return out;
}

/* ---- all ---------------------------------------------------------------------------- */

/* Whether a shell finds a program of that name. */
static bool is_program(const char *word)
{
	const char *path = getenv("PATH");
	char file[4096];
	size_t len;

	for (; path && *path && !strchr(word, '/'); path += len + (path[len] == ':')) {
		len = strcspn(path, ":");
		snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, word);
		if (!access(file, X_OK))
			return true;
	}
	return false;
}

/* The commands, and the names of profiles and field bugs. */
static void unknown_word(const char *word, char *out, size_t size)
{
	struct library *l = library_new(NULL);
	struct library_entry *profiles;
	struct bug_entry *bugs;
	size_t n = library_list(l, PART_PROFILE, &profiles), i;
	size_t n_bugs = bug_list(l, &bugs);
	const struct subcommand *s;
	struct suggest near;
	char text[160];

	suggest_init(&near, word);
	for (s = subcommands; s->name; s++)
		if (s->help)
			suggest_offer(&near, s->name);
	for (i = 0; i < n; i++)
		if (!profiles[i].base)
			suggest_offer(&near, profiles[i].name);
	for (i = 0; i < n_bugs; i++)
		suggest_offer(&near, bugs[i].name);
	suggest_text(&near, text, sizeof(text), "");
	if (!*text && is_program(word))
		snprintf(text, sizeof(text),
			"; to run that program with a modem: "
			"fauxtrack exec -- %.60s {}",
			word);
	snprintf(out, size, "unknown command \"%s\"%s", word,
		*text ? text : "; fauxtrack --help lists them");
	free(profiles);
	free(bugs);
	library_free(l);
}

void astray_text(const char *word, char *out, size_t size)
{
	char remedy[400];

	if (word[0] == '-') {
		if (!is_option(word, out, size))
			unknown_option(word, out, size);
	} else if (is_word(word, remedy, sizeof(remedy)) ||
		   astray_modem(word, remedy, sizeof(remedy))) {
		snprintf(out, size, "unknown command \"%s\"; %s", word, remedy);
	} else if (strchr(word, '/') || ends(word, ".yaml")) {
		snprintf(out, size,
			"\"%s\" is neither a command nor a file; check the path", word);
	} else {
		unknown_word(word, out, size);
	}
}
