/* fauxtrack play: plays scenarios in virtual time, without a host. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/cli.h"
#include "host/console.h"
#include "host/junit.h"
#include "host/paths.h"
#include "host/play/bug.h"
#include "host/play/play_sweep.h"
#include "host/play/player.h"
#include "host/play/profile_cache.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "host/subcommand.h"

struct job {
	bool mode[PLAY_MODES];
	const char *profile;
	uint64_t seed;
	struct modem_sweep sweep;
	bool tap, accept, verbose;
	struct library *library;
	struct profile_cache *profiles;
	unsigned count, failed, gaps;
	unsigned untested; /* of count: scenarios without a gap for the sweep */
	bool bad;          /* a file could not be read */
	const char *junit_path;
	struct junit *junit; /* NULL: none is written */
	struct console_progress progress;
	unsigned files; /* that were looked at */
};

/* ---- one scenario ---------------------------------------------------------------- */

static void add_result(struct job *job, const struct scenario *s, const char *profile,
	const char *words, enum junit_verdict verdict, const char *message)
{
	char name[400];

	snprintf(name, sizeof(name), "%s [%s, %s]", s->name, profile, words);
	junit_add(job->junit, s->path, name, verdict, message);
}

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

static void print_verdict(
	const struct scenario *s, bool ok, const char *profile, const char *words)
{
	printf("%s: ", s->path);
	console_put(stdout, ok ? CONSOLE_GOOD : CONSOLE_BAD, ok ? "passed" : "FAILED");
	printf(" [%s, %s]\n", profile, words);
}

static void report(struct job *job, const struct scenario *s, const char *profile,
	const char *words, bool ok, const char *message)
{
	job->count++;
	job->failed += !ok;
	add_result(job, s, profile, words, ok ? JUNIT_PASSED : JUNIT_FAILED, message);
	if (job->tap || !ok || job->verbose)
		console_clear(&job->progress);
	if (job->tap)
		printf("%s %u - %s [%s, %s]\n", ok ? "ok" : "not ok", job->count, s->name,
			profile, words);
	else if (!ok || job->verbose)
		print_verdict(s, ok, profile, words);
	if (message)
		print_message(job, message);
	fflush(stdout);
}

/* Reports a scenario in which the sweep found no gap: it neither passed nor failed. */
static void report_untested(
	struct job *job, const struct scenario *s, const char *profile, const char *words)
{
	job->count++;
	job->untested++;
	add_result(job, s, profile, words, JUNIT_SKIPPED, "there is no such gap");
	console_clear(&job->progress);
	if (job->tap)
		printf("ok %u - %s [%s, %s] # SKIP no such gap\n", job->count, s->name,
			profile, words);
	else
		printf("%s: NOT TESTED, no such gap [%s, %s]\n", s->path, profile, words);
	fflush(stdout);
}

/* Rewrites the file with the edits, which are in the order of its lines. */
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
	ok = out && !ferror(out);
	ok = out && fclose(out) == 0 && ok && rename(temp, path) == 0;
	if (!ok)
		unlink(temp);
	return ok;
}

static void on_gap(void *ctx, unsigned at, unsigned gaps)
{
	struct job *job = ctx;

	job->progress.total = gaps;
	console_step(&job->progress, at);
}

static void sweep(struct job *job, const struct scenario *s,
	const struct profile *const *p, const char *profile, enum play_mode mode)
{
	const struct play_options options = {
		.mode = mode,
		.seed = job->seed,
		.trace = job->verbose ? stderr : NULL,
		.sweep = job->sweep,
		.gap = on_gap,
		.gap_ctx = job,
	};
	struct play_swept swept;
	char words[64];

	play_sweep(s, p, &options, &swept);
	snprintf(words, sizeof(words), "%s, %s, gaps: %u",
		name_of(play_mode_names, (int)mode),
		name_of(sweep_names, (int)job->sweep.kind), swept.gaps);
	job->gaps += swept.gaps;
	if (swept.ok && !swept.gaps)
		report_untested(job, s, profile, words);
	else
		report(job, s, profile, words, swept.ok, swept.message);
	free(swept.message);
}

static void play_once(struct job *job, const struct scenario *s,
	const struct profile *const *p, const char *profile, enum play_mode mode)
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
		if (asprintf(&text,
			    "%s: cannot be rewritten: %s; make its folder writable",
			    s->path, strerror(errno)) < 0)
			out_of_memory();
		report(job, s, profile, words, false, text);
		free(text);
	} else {
		report(job, s, profile, words, result.ok, result.message);
	}
	play_result_clear(&result);
}

/* The profile of modem i, where that of the scenario's own is `own`; NULL with errors. */
static const struct profile *profile_of(struct job *job, const struct scenario *s,
	size_t i, const char *own, struct doc_place own_at, struct doc_errors *e)
{
	const struct scenario_modem *m = scenario_modem_at(s, i);
	const char *name = m->profile ? m->profile : own;
	const struct profile *p = profile_cache_get(
		job->profiles, name, m->kv, m->n_kv, e);

	if (!p)
		doc_error(e, i ? m->profile_at : own_at,
			"profile \"%s\" does not work with what this file sets; see the "
			"other messages",
			name);
	return p;
}

/* Reports a file that cannot be played. */
static void not_loaded(struct job *job, const char *path, struct doc_errors *errors)
{
	char *text = NULL;
	size_t len;
	FILE *out = must(open_memstream(&text, &len));

	doc_errors_print(errors, out);
	fclose(out);
	console_clear(&job->progress);
	console_messages(stderr, text);
	junit_add(job->junit, path, "can be loaded", JUNIT_ERROR, text);
	free(text);
	job->bad = true;
}

/* Plays the scenario on its profile i, or on that of --profile. */
static void play_profile(struct job *job, const struct scenario *s, size_t i)
{
	const char *name = job->profile ? job->profile : s->profiles[i];
	const char *file = job->profile ? name : s->profile_file[i];
	const struct profile *p[SCENARIO_MODEMS];
	struct doc_errors errors;
	bool good = true;
	size_t k;
	int mode;

	doc_errors_init(&errors);
	for (k = 0; good && k < scenario_modems(s); k++) {
		p[k] = profile_of(job, s, k, file, s->profile_at[i], &errors);
		good = p[k];
	}
	if (good && scenario_numbers_differ(s, p, &errors)) {
		for (mode = 0; mode < PLAY_MODES; mode++)
			if (job->mode[mode] && job->sweep.kind)
				sweep(job, s, p, name, (enum play_mode)mode);
			else if (job->mode[mode])
				play_once(job, s, p, name, (enum play_mode)mode);
	} else {
		not_loaded(job, s->path, &errors);
	}
	doc_errors_clear(&errors);
}

static void play_file(void *ctx, const char *path)
{
	struct job *job = ctx;
	struct doc_errors errors;
	struct scenario *s;
	size_t i;

	job->progress.total = 0;
	if (!job->sweep.kind)
		console_step(&job->progress, job->files++);
	doc_errors_init(&errors);
	s = scenario_load(job->library, path, &errors);
	if (!s)
		not_loaded(job, path, &errors);
	if (s && !s->n_steps)
		fprintf(stderr, "%s: nothing to play: the field bug has no demo\n", path);
	for (i = 0; s && s->n_steps && i < s->n_profiles; i++) {
		play_profile(job, s, i);
		if (job->profile || job->accept)
			break;
	}
	scenario_free(s);
	doc_errors_clear(&errors);
}

/* ---- the command line ------------------------------------------------------------ */

static bool take_mode(void *ctx, char *arg, char *why, size_t size)
{
	const struct name *n = name_find(play_mode_names, arg);
	bool all = !strcmp(arg, "all");
	struct job *job = ctx;
	int i;

	if (n)
		job->mode[n->value] = true;
	for (i = 0; all && i < PLAY_MODES; i++)
		job->mode[i] = true;
	snprintf(why, size,
		"\"%s\" is not a mode; give coalesced, one-byte, narrow, power-cycle "
		"or all",
		arg);
	return n || all;
}

static bool take_profile(void *ctx, char *arg, char *why, size_t size)
{
	((struct job *)ctx)->profile = arg;
	return cli_path(arg, why, size);
}

static bool take_seed(void *ctx, char *arg, char *why, size_t size)
{
	unsigned long long n;

	snprintf(why, size, "\"%s\" is not a seed; give a whole number from 1", arg);
	if (!cli_number(arg, UINT64_MAX, &n) || !n)
		return false;
	((struct job *)ctx)->seed = n;
	return true;
}

static bool take_sweep(void *ctx, char *arg, char *why, size_t size)
{
	const struct name *n = name_find(sweep_names, arg);

	snprintf(why, size, "\"%s\" is not a sweep; give urc or cut", arg);
	((struct job *)ctx)->sweep.kind = n ? (enum sweep_kind)n->value : SWEEP_NONE;
	return n;
}

static bool take_sweep_text(void *ctx, char *arg, char *why, size_t size)
{
	snprintf(
		why, size, "the line is too long; use at most %d characters", SWEEP_TEXT);
	((struct job *)ctx)->sweep.text = arg;
	return strlen(arg) <= SWEEP_TEXT;
}

static bool take_at(void *ctx, char *arg, char *why, size_t size)
{
	unsigned long long n;

	snprintf(why, size, "\"%s\" is not a gap; give its number, from 1", arg);
	if (!cli_number(arg, 1000000, &n) || !n)
		return false;
	((struct job *)ctx)->sweep.at = (unsigned)n;
	return true;
}

static bool take_accept(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	((struct job *)ctx)->accept = true;
	return true;
}

static bool take_tap(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	((struct job *)ctx)->tap = true;
	return true;
}

static bool take_junit(void *ctx, char *arg, char *why, size_t size)
{
	((struct job *)ctx)->junit_path = arg;
	return cli_path(arg, why, size);
}

static bool take_verbose(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	((struct job *)ctx)->verbose = true;
	return true;
}

static const struct cli_option options[] = {
	{ "mode", "MODE", "coalesced (default), one-byte, narrow, power-cycle or all",
		take_mode, 'm' },
	{ "profile", "NAME|FILE", "plays on this profile instead of the scenarios' own",
		take_profile, 'p' },
	{ "seed", "N", "uses this random seed instead of the scenarios' own", take_seed,
		's' },
	{ "sweep", "urc|cut",
		"plays once for each gap: urc puts a line into each place where one may "
		"come, cut pauses the output at each byte",
		take_sweep },
	{ "sweep-text", "LINE", "with --sweep urc: the line (default " SWEEP_DEFAULT ")",
		take_sweep_text },
	{ "at", "N", "with --sweep: tries only gap N", take_at },
	{ "accept", NULL, "rewrites the < lines of the talks with what came",
		take_accept },
	{ "tap", NULL, "prints results in the Test Anything Protocol", take_tap },
	{ "junit", "FILE", "writes the results to FILE as JUnit XML too, for CI systems",
		take_junit },
	{ "verbose", NULL, "prints what happens, line by line, to standard error",
		take_verbose, 'v' },
	{ NULL },
};

static const struct cli_example examples[] = {
	{ "fauxtrack play --junit results.xml scenarios/",
		"Plays all scenarios of a folder, for a CI system" },
	{ "fauxtrack play --mode all -v my.yaml",
		"Plays one in every mode, and prints what happens" },
	{ "fauxtrack play --sweep urc my.yaml",
		"Plays it once for each gap in which an unsolicited line may come" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "play",
	.words = "FILE|FOLDER|BUG...",
	.about = "Plays scenarios against a modem in virtual time. A FOLDER stands for "
		 "the .yaml files\nin it and in its subfolders, a BUG for the field bug "
		 "with that name.",
	.exits = EXITS_PLAY,
	.options = options,
	.least = 1,
	.most = -1,
	.missing = "which scenario? add its path or a folder",
	.examples = examples,
	.related = "check scenario profile",
};

/* What is wrong with a combination of options; NULL when nothing is. */
static const char *conflict(const struct job *job)
{
	const struct modem_sweep *s = &job->sweep;

	if (s->at && !s->kind)
		return "--at works only with --sweep; add --sweep urc or --sweep cut";
	if (s->text && s->kind != SWEEP_URC)
		return "--sweep-text works only with --sweep urc; add that, or leave "
		       "--sweep-text out";
	if (s->kind && (job->accept || job->mode[PLAY_POWER_CYCLE]))
		return "--sweep works neither with --accept nor with --mode power-cycle; "
		       "leave one out";
	return NULL;
}

/* "3 passed, 1 failed", the failures in red. */
static void print_counts(const struct job *job)
{
	char failed[40];

	printf("%u passed, ", job->count - job->failed - job->untested);
	snprintf(failed, sizeof(failed), "%u failed", job->failed);
	console_put(stdout, job->failed ? CONSOLE_BAD : CONSOLE_PLAIN, failed);
}

/* False (reported) if the results cannot be written. */
static bool write_junit(const struct job *job)
{
	if (!job->junit || junit_write(job->junit, job->junit_path))
		return true;
	cli_wrong(&command,
		"--junit: cannot write %s: %s; check that its folder exists, is "
		"writable and has space",
		job->junit_path, strerror(errno));
	return false;
}

/* Prints the last line; returns the exit status. */
static int verdict(const struct job *job)
{
	bool nothing = job->count == job->untested;

	if (job->tap && !nothing)
		printf("1..%u\n", job->count);
	else if (job->tap)
		puts("Bail out! Nothing to play");
	else
		print_counts(job);
	if (!job->tap && job->untested)
		printf(", %u not tested", job->untested);
	if (!job->tap && job->sweep.kind)
		printf(", %u gaps", job->gaps);
	if (!job->tap)
		putchar('\n');
	if (job->bad)
		return EXITS_USAGE;
	if (job->failed)
		return EXITS_FAILED;
	if (!nothing)
		return EXITS_DONE;
	if (job->count && job->sweep.at)
		cli_wrong(&command,
			"nothing was tested: no scenario has a gap %u; run without --at "
			"to see how many there are",
			job->sweep.at);
	else if (job->count)
		cli_wrong(&command, "nothing was tested: no scenario has a gap, because "
				    "its host types no command; name others");
	else
		cli_wrong(&command, "nothing to play: found no .yaml file; name a "
				    "scenario or its folder");
	return EXITS_NOTHING;
}

int play_main(int argc, char **argv)
{
	struct job job = { .sweep = { .kind = SWEEP_NONE } };
	struct library *library;
	char path[4096];
	bool any = false;
	int i = cli_parse(&command, argc, argv, &job), mode, status;

	if (i < 0)
		return cli_status(&command, i);
	if (conflict(&job))
		return cli_wrong(&command, "%s", conflict(&job));
	for (mode = 0; mode < PLAY_MODES; mode++)
		any |= job.mode[mode];
	job.mode[PLAY_COALESCED] |= !any;
	if (!job.sweep.text)
		job.sweep.text = SWEEP_DEFAULT;
	if (job.junit_path && !cli_writable(job.junit_path))
		return cli_wrong(&command,
			"--junit: cannot write %s: %s; choose another file",
			job.junit_path, strerror(errno));
	job.junit = job.junit_path ? junit_new("fauxtrack play") : NULL;
	console_begin(&job.progress,
		job.sweep.kind ? "gaps of this scenario" : "scenarios played", 0);
	library = library_new(NULL);
	library_hook(library, &tables_hook);
	job.library = library;
	job.profiles = profile_cache_new(library);
	for (; i < argc; i++)
		job.bad |= !paths_each(bug_path(library, argv[i], path), play_file, &job);
	profile_cache_free(job.profiles);
	library_free(library);
	console_clear(&job.progress);
	status = verdict(&job);
	if (!write_junit(&job))
		status = EXITS_USAGE;
	junit_free(job.junit);
	return status;
}
