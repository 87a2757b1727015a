/* `fauxtrack dwl`: options, the profile that they are about, and exit statuses. */
#include "host/dwl_tool.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "conf/profile_conf.h"
#include "conf/suggest.h"
#include "host/dwl_file.h"
#include "host/library.h"

#define DEFAULT_PROFILE "fastrack-supreme-20-r74"

enum {
	DONE,
	FAILED,
	USAGE
};

static const char make_help[] =
	"usage: fauxtrack dwl make --firmware NAME --kind KIND -o FILE [options]\n"
	"\n"
	"Writes a download image for AT+WDWL; send it with sx. The same options make "
	"the\n"
	"same bytes.\n"
	"\n"
	"  --firmware NAME   whose image, or what it was built for: r663, r74, ...\n"
	"  --kind KIND       what it is, see below\n"
	"  -o, --output FILE where to; - is standard output\n"
	"  --size SIZE       bytes, or a number with k or M; else what the profile says\n"
	"  --bad DEFECT      with something wrong in it, see below\n"
	"  --profile P       name or path of a profile (" DEFAULT_PROFILE ")\n";

static const char info_help[] =
	"usage: fauxtrack dwl info [--profile P] FILE...\n"
	"\n"
	"Tells what files are, what a modem would say to them as the profile delivers "
	"it, "
	"and\n"
	"how it can be made to take them. 1 when one cannot be read, or is an image that "
	"is\n"
	"cut or damaged.\n"
	"\n"
	"  --profile P       name or path of a profile (" DEFAULT_PROFILE ")\n";

static void print_names(const char *title, const struct name *row, FILE *out)
{
	fprintf(out, "\n%s\n", title);
	for (; row->name; row++)
		fprintf(out, "  %-17s %s\n", row->name, row->help);
}

static void print_make_help(FILE *out)
{
	fputs(make_help, out);
	print_names("kinds:", dwl_kind_names, out);
	print_names("defects:", image_defect_names, out);
}

struct order {
	const char *firmware, *kind, *size, *output, *profile, *bad;
	bool help;
};

enum {
	OPT_FIRMWARE = 256,
	OPT_KIND,
	OPT_SIZE,
	OPT_BAD,
	OPT_PROFILE,
	OPT_HELP,
};

static const struct option make_options[] = {
	{ "firmware", required_argument, NULL, OPT_FIRMWARE },
	{ "kind", required_argument, NULL, OPT_KIND },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "bad", required_argument, NULL, OPT_BAD },
	{ "output", required_argument, NULL, 'o' },
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

static const struct option info_options[] = {
	{ "profile", required_argument, NULL, OPT_PROFILE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

static int complain(const char *command, const char *text)
{
	fprintf(stderr, "fauxtrack dwl %s: %s\n", command, text);
	return USAGE;
}

static int bad_option(const char *command, const struct option *known, const char *word)
{
	char mem[96], text[300];
	struct suggest near;

	suggest_init(&near, word + strspn(word, "-"));
	for (; known->name; known++)
		suggest_offer(&near, known->name);
	snprintf(text, sizeof(text),
		"there is no option \"%s\", or its value is missing%s", word,
		suggest_text(&near, mem, sizeof(mem), "; see --help"));
	return complain(command, text);
}

/* DONE, or USAGE after a message. */
static int parse(int argc, char **argv, const char *shorts, const struct option *known,
	struct order *o)
{
	int c;

	*o = (struct order){ .profile = DEFAULT_PROFILE };
	opterr = 0;
	optind = 0; /* glibc: start afresh, fauxtrack itself has parsed its own options */
	while ((c = getopt_long(argc, argv, shorts, known, NULL)) != -1) {
		switch (c) {
		case OPT_FIRMWARE:
			o->firmware = optarg;
			break;
		case OPT_KIND:
			o->kind = optarg;
			break;
		case OPT_SIZE:
			o->size = optarg;
			break;
		case OPT_BAD:
			o->bad = optarg;
			break;
		case 'o':
			o->output = optarg;
			break;
		case OPT_PROFILE:
			o->profile = optarg;
			break;
		case OPT_HELP:
			o->help = true;
			break;
		default:
			return bad_option(argv[0], known, argv[optind - 1]);
		}
	}
	return DONE;
}

static struct profile *load(const char *name)
{
	struct library *l = library_new(NULL);
	struct doc_errors errors;
	struct profile *p;

	doc_errors_init(&errors);
	p = profile_load(l, name, NULL, 0, &errors);
	if (!p)
		doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	library_free(l);
	return p;
}

/* What the words say: DONE, or USAGE after a message. */
static int read_order(const struct order *o, struct dwl_order *d)
{
	struct dwl_error e;

	if (!o->firmware || !o->kind || !o->output)
		return complain("make",
			!o->firmware ? "which firmware? add --firmware NAME, such as r74"
			: !o->kind
				? "which kind? add --kind firmware, downloader, e2p or "
				  "application"
				: "where to? add -o FILE");
	if (!dwl_kind_named(o->kind, &d->kind, &e) ||
		(o->bad && !dwl_defect_named(o->bad, &d->defect, &e)) ||
		(o->size && !dwl_size(o->size, &d->size, &e)))
		return complain("make", e.text);
	return DONE;
}

static int make(int argc, char **argv)
{
	struct dwl_order d = { .defect = IMAGE_SOUND };
	struct dwl_error e;
	struct order o;
	struct profile *p;
	bool ok;

	if (parse(argc, argv, "o:", make_options, &o) != DONE)
		return USAGE;
	if (o.help) {
		print_make_help(stdout);
		return DONE;
	}
	if (optind < argc)
		return complain("make",
			"one image at a time, and its file goes behind -o; see --help");
	if (read_order(&o, &d) != DONE)
		return USAGE;
	p = load(o.profile);
	if (!p)
		return FAILED;
	ok = dwl_firmware_named(p, o.firmware, &d.firmware, &e) &&
	     dwl_make(p, &d, o.output, &e);
	profile_free(p);
	if (!ok)
		complain("make", e.text);
	return ok ? DONE : FAILED;
}

static int info(int argc, char **argv)
{
	int i, status = DONE;
	struct dwl_error e;
	struct order o;
	struct profile *p;

	if (parse(argc, argv, "", info_options, &o) != DONE)
		return USAGE;
	if (o.help) {
		fputs(info_help, stdout);
		return DONE;
	}
	if (optind == argc)
		return complain("info", "which file? add its path");
	p = load(o.profile);
	if (!p)
		return FAILED;
	for (i = optind; i < argc; i++) {
		if (dwl_info(p, argv[i], stdout, &e))
			continue;
		fflush(stdout);
		complain("info", e.text);
		status = FAILED;
	}
	profile_free(p);
	return status;
}

int dwl_tool(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "make") == 0)
		return make(argc - 1, argv + 1);
	if (strcmp(command, "info") == 0)
		return info(argc - 1, argv + 1);
	if (strcmp(command, "--help") == 0) {
		print_make_help(stdout);
		fprintf(stdout, "\n%s", info_help);
		return DONE;
	}
	fprintf(stderr, "%s%s%s\n%s\n%s",
		*command ? "fauxtrack dwl: there is no \""
			 : "fauxtrack dwl: make or info?",
		command, *command ? "\", only make and info" : "", make_help, info_help);
	return USAGE;
}
