#include "host/cli.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/suggest.h"
#include "host/manual/surroundings.h"

#define OPTIONS 64

enum {
	OPT_HELP = 'h',
	OPT_ROW = 256, /* row i is OPT_ROW + i */
	OPT_VERSION = OPT_ROW + OPTIONS,
};

/* ---- words ------------------------------------------------------------------------- */

bool cli_is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

bool cli_is_version(const char *word)
{
	return !strcmp(word, "--version");
}

void cli_version(void)
{
	puts("fauxtrack " FAUXTRACK_VERSION);
}

int cli_wrong(const struct cli_command *c, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "fauxtrack %s: ", c->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return exits_usage(c->exits);
}

bool cli_number(const char *text, unsigned long long max, unsigned long long *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 10);
	return isdigit((unsigned char)*text) && !*end && !errno && *out <= max;
}

bool cli_path(const char *arg, char *why, size_t size)
{
	if (*arg && strcmp(arg, "-") != 0)
		return true;
	snprintf(why, size,
		*arg ? "- is not accepted here; give a path (./- for a file named -)"
		     : "the path is empty; give one, such as /tmp/modem");
	return false;
}

bool cli_writable(const char *path)
{
	bool there = !access(path, F_OK);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);

	if (fd < 0)
		return errno == ENXIO; /* a pipe that nobody reads yet */
	close(fd);
	if (!there)
		unlink(path);
	return true;
}

/* ---- help -------------------------------------------------------------------------- */

static bool has(const struct cli_command *c, const struct cli_option *o)
{
	return !o->only || !strcmp(o->only, c->name);
}

static const struct cli_option *own_help(const struct cli_command *c)
{
	const struct cli_option *o;

	for (o = c->options; o && o->name; o++)
		if (!strcmp(o->name, "help"))
			return o;
	return NULL;
}

static void option_rows(const struct cli_command *c, struct page *p)
{
	static const struct page_option help = { 'h', "help", NULL, "prints this help" };
	static const struct page_option version = { 0, "version", NULL,
		"prints the version" };
	const struct cli_option *o;

	for (o = c->options; o && o->name; o++)
		if (has(c, o))
			page_option(p, &(struct page_option){
					       o->letter, o->name, o->arg, o->help });
	if (!own_help(c))
		page_option(p, &help);
	page_option(p, &version);
}

void cli_members_begin(struct page *p)
{
	page_section(p, PAGE_OTHER, "Members of the objects of --json", 14);
}

void cli_members(struct page *p, const struct cli_member *m)
{
	cli_members_begin(p);
	for (; m->name; m++)
		page_row(p, m->name, m->help);
}

void cli_page(const struct cli_command *c, struct page *p)
{
	const struct cli_example *e;

	page_usage(p, c->name, c->words, c->options);
	page_text(p, c->about);
	option_rows(c, p);
	if (c->more)
		c->more(p);
	if (c->members)
		cli_members(p, c->members);
	surroundings_print(p, c->name);
	exits_print(c->exits, p);
	if (c->examples)
		page_section(p, PAGE_EXAMPLES, NULL, 0);
	for (e = c->examples; e && e->command; e++) {
		page_text(p, e->what);
		page_code(p, e->command);
	}
	page_see(p, c->related);
}

static struct page *help_to;

void cli_help_to(struct page *p)
{
	help_to = p;
}

void cli_help(void (*print)(struct page *p, const void *of), const void *of)
{
	struct page plain;

	page_plain(&plain, stdout);
	print(help_to ? help_to : &plain, of);
}

static void print_command(struct page *p, const void *of)
{
	cli_page(of, p);
}

/* ---- reading ----------------------------------------------------------------------- */

static int unknown_option(const struct cli_command *c, const char *word)
{
	const struct cli_option *o;
	struct suggest s;
	char text[160], cut[64];

	snprintf(cut, sizeof(cut), "%.*s", (int)strcspn(word, "="), word);
	suggest_init(&s, cut + strspn(cut, "-"));
	for (o = c->options; o && o->name; o++)
		if (has(c, o))
			suggest_offer(&s, o->name);
	suggest_offer(&s, "help");
	suggest_offer(&s, "version");
	cli_wrong(c, "unknown option %s%s", cut,
		suggest_text(&s, text, sizeof(text), "; --help lists them"));
	return CLI_WRONG;
}

/* getopt_long() has refused the word; the bad letter may be anywhere in it. */
static int bad_option(const struct cli_command *c, const char *word)
{
	char letter[3] = { '-', (char)optopt, '\0' };

	if (!optopt || strncmp(word, "--", 2) != 0)
		return unknown_option(c, optopt ? letter : word);
	cli_wrong(c, "%.*s takes no value; leave out the = and what follows",
		(int)strcspn(word, "="), word);
	return CLI_WRONG;
}

static int take(const struct cli_command *c, const struct cli_option *o, void *ctx)
{
	char why[400];

	if (!has(c, o)) {
		cli_wrong(c, "--%s works only with %s; %s", o->name, o->only, o->instead);
		return CLI_WRONG;
	}
	if (o->take(ctx, optarg, why, sizeof(why)))
		return 0;
	cli_wrong(c, "--%s: %s", o->name, why);
	return CLI_WRONG;
}

static int check_words(const struct cli_command *c, int argc, char **argv)
{
	const char *stray = NULL;
	int n = argc - optind;
	char text[600];

	if (c->stray && c->most >= 0 && n > c->most)
		stray = c->stray(argv[optind + c->most], text, sizeof(text));

	if (n < c->least)
		cli_wrong(c, "%s", c->missing);
	else if (c->most >= 0 && n > c->most)
		cli_wrong(c, "unexpected word \"%s\"; %s", argv[optind + c->most],
			stray        ? stray
			: c->surplus ? c->surplus
				     : "leave it out; --help shows the usage");
	else
		return optind;
	return CLI_WRONG;
}

/* Both forms of the options for getopt_long(). */
struct forms {
	struct option longs[OPTIONS + 3];
	char shorts[2 * OPTIONS + 4];
};

static void fill_forms(const struct cli_command *c, struct forms *f)
{
	const struct cli_option *o = c->options;
	char *s = f->shorts;
	int i;

	memset(f, 0, sizeof(*f));
	if (c->leads)
		*s++ = '+';
	*s++ = ':';
	if (!own_help(c))
		*s++ = 'h';
	for (i = 0; o && o[i].name && i < OPTIONS; i++) {
		f->longs[i] = (struct option){ o[i].name,
			o[i].arg ? required_argument : no_argument, NULL, OPT_ROW + i };
		if (o[i].letter)
			*s++ = o[i].letter;
		if (o[i].letter && o[i].arg)
			*s++ = ':';
	}
	if (!own_help(c))
		f->longs[i++] = (struct option){ "help", no_argument, NULL, OPT_HELP };
	f->longs[i++] = (struct option){ "version", no_argument, NULL, OPT_VERSION };
}

static const struct cli_option *row_of(const struct cli_command *c, int code)
{
	const struct cli_option *o = c->options;

	if (code >= OPT_ROW)
		return &o[code - OPT_ROW];
	while (o->letter != code)
		o++;
	return o;
}

int cli_parse(const struct cli_command *c, int argc, char **argv, void *ctx)
{
	struct forms forms;
	int code;

	fill_forms(c, &forms);
	optind = 0; /* glibc: start over */
	opterr = 0;
	while ((code = getopt_long(argc, argv, forms.shorts, forms.longs, NULL)) != -1) {
		if (code == OPT_HELP && !own_help(c)) {
			cli_help(print_command, c);
			return CLI_ANSWERED;
		}
		if (code == OPT_VERSION) {
			cli_version();
			return CLI_ANSWERED;
		}
		if (code == ':') {
			cli_wrong(c, "%s needs a value; see --help", argv[optind - 1]);
			return CLI_WRONG;
		}
		if (code == '?')
			return bad_option(c, argv[optind - 1]);
		if (take(c, row_of(c, code), ctx))
			return CLI_WRONG;
	}
	return check_words(c, argc, argv);
}

/* ---- standard output --------------------------------------------------------------- */

void cli_begin(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			/* open() uses the lowest free descriptor: this one */
			(void)!open("/dev/null", fd == 1 ? O_RDONLY : O_RDWR);
}

bool cli_flush(void)
{
	static bool said;
	bool before = ferror(stdout);
	int error = fflush(stdout) ? errno : 0;

	if (!before && !error)
		return true;
	if (!said)
		fprintf(stderr,
			"fauxtrack: standard output: %s; not everything was written, "
			"check the file or pipe it goes to\n",
			error ? strerror(error) : "error while writing");
	said = true;
	return false;
}

int cli_status(const struct cli_command *c, int result)
{
	if (result == CLI_ANSWERED)
		return cli_flush() ? EXITS_DONE : exits_failed(c->exits);
	return exits_usage(c->exits);
}
