/* fauxtrack play: scenarios in virtual time, without a host. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/library.h"
#include "host/play_sweep.h"
#include "host/player.h"
#include "host/profile_cache.h"
#include "host/subcommand.h"
#include "host/tables.h"

enum {
	OPT_HELP = 'h',
	OPT_MODE = 'm',
	OPT_PROFILE = 'p',
	OPT_SEED = 's',
	OPT_VERBOSE = 'v',
	OPT_ACCEPT = 256,
	OPT_AT,
	OPT_SWEEP,
	OPT_SWEEP_TEXT,
	OPT_TAP,
};

struct job {
	bool mode[PLAY_MODES];
	const char *profile;
	uint64_t seed;
	struct modem_sweep sweep;
	bool tap, accept, verbose;
	struct profile_cache *profiles;
	unsigned count, failed, gaps;
	bool bad; /* a file could not be read */
};

static const char help[] =
	"Usage: fauxtrack play [OPTION]... FILE|FOLDER...\n"
	"Plays scenarios against a modem in virtual time. 0: all passed, 1: some did "
	"not,\n"
	"2: a file or the command line is wrong.\n\n"
	"  -m, --mode MODE     coalesced (default), one-byte, narrow,\n"
	"                      power-cycle or all\n"
	"  -p, --profile P     instead of the scenarios' own\n"
	"  -s, --seed N        instead of the scenarios' own\n"
	"      --sweep urc     once for each place where a modem might speak: there it\n"
	"                      says a line that nobody has asked for\n"
	"      --sweep cut     once for each byte: what is said pauses in front of it\n"
	"      --sweep-text T  which line, instead of " SWEEP_DEFAULT "\n"
	"      --at N          only the Nth of these places\n"
	"      --accept        rewrites the < lines of talks to what came\n"
	"      --tap           prints the Test Anything Protocol\n"
	"  -v, --verbose       prints what happens, line by line, to standard error\n"
	"  -h, --help          this text\n";

/* ---- one scenario ---------------------------------------------------------------- */

static void print_message(const struct job *job, const char *message)
{
	FILE *out = job->tap ? stdout : stderr;
	const char *end;

	for (; *message; message = *end ? end + 1 : end) {
		end = message + strcspn(message, "\n");
		fprintf(out, "%s%.*s\n", job->tap ? "# " : "", (int)(end - message),
			message);
	}
}

static void report(struct job *job, const struct scenario *s, const char *profile,
	const char *words, bool ok, const char *message)
{
	job->count++;
	job->failed += !ok;
	if (job->tap)
		printf("%s %u - %s [%s, %s]\n", ok ? "ok" : "not ok", job->count, s->name,
			profile, words);
	else if (!ok || job->verbose)
		printf("%s: %s [%s, %s]\n", s->path, ok ? "passed" : "FAILED", profile,
			words);
	if (message)
		print_message(job, message);
	fflush(stdout);
}

/* Writes the file anew with the edits, which are in the order of its lines. */
static bool write_edits(const char *path, const struct play_result *r)
{
	char temp[4096], line[65536];
	FILE *in = fopen(path, "r"), *out;
	size_t e = 0;
	int number;
	bool ok;

	if (!in || (size_t)snprintf(temp, sizeof(temp), "%s.new", path) >= sizeof(temp))
		return false;
	out = fopen(temp, "w");
	for (number = 1; out && fgets(line, sizeof(line), in); number++) {
		if (e < r->n_edits && number == r->edits[e].from) {
			fputs(r->edits[e].text, out);
			if (r->edits[e].to < r->edits[e].from)
				e++;
		}
		if (e < r->n_edits && number >= r->edits[e].from) {
			e += number == r->edits[e].to;
			continue;
		}
		fputs(line, out);
	}
	for (; out && e < r->n_edits; e++)
		fputs(r->edits[e].text, out);
	fclose(in);
	ok = out && fclose(out) == 0 && rename(temp, path) == 0;
	if (!ok)
		unlink(temp);
	return ok;
}

static void sweep(struct job *job, const struct scenario *s, const struct profile *p,
	const char *profile, enum play_mode mode)
{
	const struct play_options options = {
		.mode = mode,
		.seed = job->seed,
		.trace = job->verbose ? stderr : NULL,
		.sweep = job->sweep,
	};
	struct play_swept swept;
	char words[64];

	play_sweep(s, p, &options, &swept);
	snprintf(words, sizeof(words), "%s, %s, gaps: %u",
		name_of(play_mode_names, (int)mode),
		name_of(sweep_names, (int)job->sweep.kind), swept.gaps);
	job->gaps += swept.gaps;
	report(job, s, profile, words, swept.ok, swept.message);
	free(swept.message);
}

static void play_once(struct job *job, const struct scenario *s, const struct profile *p,
	const char *profile, enum play_mode mode)
{
	const char *words = name_of(play_mode_names, (int)mode);
	struct play_options options = {
		.mode = mode,
		.seed = job->seed,
		.trace = job->verbose ? stderr : NULL,
		.accept = job->accept,
	};
	struct play_result result;
	char *text = NULL;

	if (job->verbose)
		fprintf(stderr, "%s: %s [%s, %s]\n", s->path, s->name, profile, words);
	play(s, p, &options, &result);
	if (result.n_edits && !write_edits(s->path, &result)) {
		if (asprintf(&text, "%s: cannot be rewritten: %s", s->path,
			    strerror(errno)) < 0)
			abort();
		report(job, s, profile, words, false, text);
		free(text);
	} else {
		report(job, s, profile, words, result.ok, result.message);
	}
	play_result_clear(&result);
}

/* Profile i of the scenario, or the one of --profile. */
static void play_profile(struct job *job, const struct scenario *s, size_t i)
{
	const char *name = job->profile ? job->profile : s->profiles[i];
	struct doc_errors errors;
	const struct profile *p;
	int mode;

	doc_errors_init(&errors);
	p = profile_cache_get(job->profiles, name, s->kv, s->n_kv, &errors);
	if (p) {
		for (mode = 0; mode < PLAY_MODES; mode++)
			if (job->mode[mode] && job->sweep.kind)
				sweep(job, s, p, name, (enum play_mode)mode);
			else if (job->mode[mode])
				play_once(job, s, p, name, (enum play_mode)mode);
	} else {
		doc_error(&errors, s->profile_at[i],
			"profile \"%s\" cannot be used with what this file sets; see the "
			"other messages",
			name);
		doc_errors_print(&errors, stderr);
		job->bad = true;
	}
	doc_errors_clear(&errors);
}

static void play_file(struct job *job, const char *path)
{
	struct doc_errors errors;
	struct scenario *s;
	size_t i;

	doc_errors_init(&errors);
	s = scenario_load(path, &errors);
	if (!s) {
		doc_errors_print(&errors, stderr);
		job->bad = true;
	}
	if (s && !s->n_steps)
		fprintf(stderr, "%s: has no demo: nothing to play\n", path);
	for (i = 0; s && s->n_steps && i < s->n_profiles; i++) {
		play_profile(job, s, i);
		if (job->profile || job->accept)
			break;
	}
	scenario_free(s);
	doc_errors_clear(&errors);
}

static int is_yaml(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 5 && d->d_name[0] != '.' && !strcmp(d->d_name + len - 5, ".yaml");
}

/* A file, or all of a folder. */
static void play_path(struct job *job, const char *path)
{
	struct dirent **names;
	int i, n = scandir(path, &names, is_yaml, alphasort);
	char *file;

	if (n < 0) {
		play_file(job, path);
		return;
	}
	for (i = 0; i < n; i++) {
		if (asprintf(&file, "%s/%s", path, names[i]->d_name) < 0)
			abort();
		play_file(job, file);
		free(file);
		free(names[i]);
	}
	free(names);
}

/* ---- the command line ------------------------------------------------------------ */

static int wrong(const char *word, const char *why)
{
	fprintf(stderr, "fauxtrack play: %s%s%s; see fauxtrack play --help\n", word,
		*word ? " " : "", why);
	return 2;
}

static bool take_mode(struct job *job, const char *word)
{
	const struct name *n = name_find(play_mode_names, word);
	int i;

	if (n)
		job->mode[n->value] = true;
	for (i = 0; !strcmp(word, "all") && i < PLAY_MODES; i++)
		job->mode[i] = true;
	return n || !strcmp(word, "all");
}

static bool take_seed(struct job *job, const char *text)
{
	char *end;

	errno = 0;
	job->seed = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno && job->seed;
}

static bool take_sweep(struct job *job, const char *word)
{
	const struct name *n = name_find(sweep_names, word);

	job->sweep.kind = n ? (enum sweep_kind)n->value : SWEEP_NONE;
	return n;
}

static bool take_at(struct job *job, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	job->sweep.at = (unsigned)n;
	return *text >= '1' && *text <= '9' && !*end && n <= 1000000;
}

/* What no option alone can tell. */
static int check_options(struct job *job, int next, int argc)
{
	bool any = false;
	int i;

	if (next == argc)
		return wrong("", "no scenario is named");
	if (job->sweep.at && !job->sweep.kind)
		return wrong("--at", "is a place of --sweep urc or --sweep cut");
	if (job->sweep.kind && (job->accept || job->mode[PLAY_POWER_CYCLE]))
		return wrong("--sweep",
			"goes neither with --accept nor with the mode power-cycle");
	for (i = 0; i < PLAY_MODES; i++)
		any |= job->mode[i];
	job->mode[PLAY_COALESCED] |= !any;
	return -1;
}

static int take_options(struct job *job, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "accept", no_argument, NULL, OPT_ACCEPT },
		{ "at", required_argument, NULL, OPT_AT },
		{ "help", no_argument, NULL, OPT_HELP },
		{ "mode", required_argument, NULL, OPT_MODE },
		{ "profile", required_argument, NULL, OPT_PROFILE },
		{ "seed", required_argument, NULL, OPT_SEED },
		{ "sweep", required_argument, NULL, OPT_SWEEP },
		{ "sweep-text", required_argument, NULL, OPT_SWEEP_TEXT },
		{ "tap", no_argument, NULL, OPT_TAP },
		{ "verbose", no_argument, NULL, OPT_VERBOSE },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "hm:p:s:v", longs, NULL)) != -1) {
		if (c == OPT_HELP) {
			fputs(help, stdout);
			return 0;
		} else if (c == OPT_MODE && !take_mode(job, optarg)) {
			return wrong(optarg,
				"is no mode: write coalesced, one-byte, narrow, "
				"power-cycle or all");
		} else if (c == OPT_SEED && !take_seed(job, optarg)) {
			return wrong(optarg, "is no seed: write a number from 1");
		} else if (c == OPT_SWEEP && !take_sweep(job, optarg)) {
			return wrong(optarg, "is no sweep: write urc or cut");
		} else if (c == OPT_AT && !take_at(job, optarg)) {
			return wrong(optarg, "is no place: write a number from 1");
		} else if (c == OPT_SWEEP_TEXT && strlen(optarg) > SWEEP_TEXT) {
			return wrong("--sweep-text", "takes 100 characters");
		} else if (c == '?') {
			return wrong("", "an option is wrong");
		}
		job->profile = c == OPT_PROFILE ? optarg : job->profile;
		job->sweep.text = c == OPT_SWEEP_TEXT ? optarg : job->sweep.text;
		job->accept |= c == OPT_ACCEPT;
		job->tap |= c == OPT_TAP;
		job->verbose |= c == OPT_VERBOSE;
	}
	return check_options(job, optind, argc);
}

int play_main(int argc, char **argv)
{
	struct job job = { .sweep = { .text = SWEEP_DEFAULT } };
	struct library *library;
	int status = take_options(&job, argc, argv), i;

	if (status >= 0)
		return status;
	library = library_new(NULL);
	library_hook(library, &tables_hook);
	job.profiles = profile_cache_new(library);
	for (i = optind; i < argc; i++)
		play_path(&job, argv[i]);
	profile_cache_free(job.profiles);
	library_free(library);
	if (job.tap)
		printf("1..%u\n", job.count);
	else
		printf("%u passed, %u failed%s", job.count - job.failed, job.failed,
			job.sweep.kind ? "" : "\n");
	if (!job.tap && job.sweep.kind)
		printf(", %u gaps\n", job.gaps);
	if (job.bad)
		return 2;
	return job.failed ? 1 : 0;
}
