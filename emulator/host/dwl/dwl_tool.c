/* fauxtrack dwl: makes and inspects download images. */
#include "host/dwl/dwl_tool.h"

#include <stdio.h>
#include <string.h>

#include "conf/profile_conf.h"
#include "conf/suggest.h"
#include "host/cli.h"
#include "host/console.h"
#include "host/dwl/dwl_file.h"
#include "host/dwl/dwl_json.h"
#include "host/read/library.h"

struct order {
	const char *firmware, *application, *kind, *size, *output, *profile, *bad;
	json_t *rows; /* dwl info: what the files are; NULL: as text */
};

/* ---- options ----------------------------------------------------------------------- */

static bool take_firmware(void *ctx, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	((struct order *)ctx)->firmware = arg;
	return true;
}

static bool take_application(void *ctx, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	((struct order *)ctx)->application = arg;
	return true;
}

static bool take_kind(void *ctx, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	((struct order *)ctx)->kind = arg;
	return true;
}

static bool take_output(void *ctx, char *arg, char *why, size_t size)
{
	((struct order *)ctx)->output = arg;
	return !strcmp(arg, "-") || cli_path(arg, why, size);
}

static bool take_size(void *ctx, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	((struct order *)ctx)->size = arg;
	return true;
}

static bool take_bad(void *ctx, char *arg, char *why, size_t size)
{
	(void)why;
	(void)size;
	((struct order *)ctx)->bad = arg;
	return true;
}

static bool take_json(void *ctx, char *arg, char *why, size_t size)
{
	struct order *o = ctx;

	(void)arg;
	(void)why;
	(void)size;
	if (!o->rows)
		o->rows = json_array();
	return true;
}

static bool take_profile(void *ctx, char *arg, char *why, size_t size)
{
	((struct order *)ctx)->profile = arg;
	return cli_path(arg, why, size);
}

static const struct cli_option options[] = {
	{ "firmware", "NAME", "firmware of the image: r663, r74, ...", take_firmware, 0,
		"dwl make", "dwl info finds it out by itself" },
	{ "application", "NAME",
		"application of the image, a name of `fauxtrack list applications`",
		take_application, 0, "dwl make", "dwl info finds it out by itself" },
	{ "kind", "KIND", "what to make, see below", take_kind, 0, "dwl make",
		"dwl info finds it out by itself" },
	{ "output", "FILE", "file to write; - is standard output", take_output, 'o',
		"dwl make", "leave it out, dwl info writes no file" },
	{ "size", "SIZE", "bytes, or a number with k or M (default: as in the profile)",
		take_size, 0, "dwl make", "leave it out, dwl info measures the file" },
	{ "bad", "DEFECT", "puts a defect into the image, see below", take_bad, 0,
		"dwl make", "dwl info finds defects by itself" },
	{ "profile", "NAME|FILE", "which modem (default " LIBRARY_PROFILE ")",
		take_profile },
	{ "json", NULL, "prints JSON, for programs", take_json, 0, "dwl info",
		"leave it out, dwl make prints nothing" },
	{ NULL },
};

static void print_names(struct page *p, const char *title, const struct name *row)
{
	page_section(p, PAGE_OTHER, title, 17);
	for (; row->name; row++)
		page_row(p, row->name, row->help);
}

static void print_kinds(struct page *p)
{
	print_names(p, "Kinds", dwl_kind_names);
	print_names(p, "Defects", image_defect_names);
}

/* ---- make -------------------------------------------------------------------------- */

static const struct cli_command make_command = {
	.name = "dwl make",
	.words = "--firmware NAME --kind KIND -o FILE | --application NAME -o FILE",
	.about = "Writes a download image for AT+WDWL; send it with sx. The same options "
		 "always give\nthe same bytes.",
	.exits = EXITS_PLAIN,
	.options = options,
	.surplus = "one image at a time, and its file after -o",
	.more = print_kinds,
};

static struct profile *load(const char *name)
{
	struct library *l = library_new(NULL);
	struct doc_errors errors;
	struct profile *p;

	doc_errors_init(&errors);
	p = profile_load(l, name, NULL, 0, &errors);
	if (p && !profile_complete(p, &errors)) {
		profile_free(p);
		p = NULL;
	}
	if (!p)
		doc_errors_print(&errors, stderr);
	doc_errors_clear(&errors);
	library_free(l);
	return p;
}

/* Converts the options; EXITS_USAGE after a message. */
static int read_order(const struct order *o, struct dwl_order *d)
{
	static const char application[] = "application";
	static const char no_output[] = "which output file? add -o FILE";
	struct dwl_error e;

	if (o->application && o->kind && strcmp(o->kind, application) != 0)
		return cli_wrong(&make_command,
			"an application makes no image of kind %s; leave out --kind or "
			"--application",
			o->kind);
	if ((!o->application && (!o->firmware || !o->kind)) || !o->output)
		return cli_wrong(&make_command, "%s",
			o->application ? no_output
			: !o->firmware
				? "which firmware? add --firmware NAME, such as r74"
			: !o->kind ? "which kind? add --kind firmware, downloader, e2p "
				     "or application"
				   : no_output);
	if (!dwl_kind_named(o->application ? application : o->kind, &d->kind, &e) ||
		(o->bad && !dwl_defect_named(o->bad, &d->defect, &e)) ||
		(o->size && !dwl_size(o->size, &d->size, &e)))
		return cli_wrong(&make_command, "%s", e.text);
	return EXITS_DONE;
}

/* An application is made for the module of the firmware, by default of the profile's. */
static bool find_parts(const struct profile *p, const struct order *o,
	struct dwl_order *d, struct dwl_error *e)
{
	d->firmware = p->installed;
	if (o->firmware && !dwl_firmware_named(p, o->firmware, &d->firmware, e))
		return false;
	if (o->application)
		d->application = dwl_application_named(p, o->application, e);
	return d->application || !o->application;
}

static int make(int argc, char **argv)
{
	struct order o = { .profile = LIBRARY_PROFILE };
	int next = cli_parse(&make_command, argc, argv, &o);
	struct dwl_order d = { .defect = IMAGE_SOUND };
	struct dwl_error e;
	struct profile *p;
	bool ok;

	if (next < 0)
		return cli_status(&make_command, next);
	if (read_order(&o, &d) != EXITS_DONE)
		return EXITS_USAGE;
	p = load(o.profile);
	if (!p)
		return EXITS_FAILED;
	ok = find_parts(p, &o, &d, &e) && dwl_make(p, &d, o.output, &e);
	profile_free(p);
	if (!ok)
		cli_wrong(&make_command, "%s", e.text);
	return ok ? EXITS_DONE : EXITS_FAILED;
}

/* ---- info -------------------------------------------------------------------------- */

static const struct cli_command info_command = {
	.name = "dwl info",
	.words = "FILE...",
	.about = "Reports what each file is, how a modem in the delivery state of the "
		 "profile would react\nto it, and how to make the modem accept it. Fails "
		 "if a file cannot be read, or is a\ntruncated or damaged image.",
	.exits = EXITS_PLAIN,
	.options = options,
	.members = dwl_json_members,
	.least = 1,
	.most = -1,
	.missing = "which file? add its path",
};

static bool info_of(const struct order *o, const struct profile *p, const char *path)
{
	struct dwl_error e;
	json_t *row;
	bool ok;

	if (o->rows) {
		row = dwl_json(p, path, &e);
		ok = json_is_null(json_object_get(row, "error"));
		json_array_append_new(o->rows, row);
		return ok;
	}
	ok = dwl_info(p, path, stdout, &e);
	fflush(stdout);
	if (!ok)
		cli_wrong(&info_command, "%s", e.text);
	return ok;
}

static int info(int argc, char **argv)
{
	struct order o = { .profile = LIBRARY_PROFILE };
	int i = cli_parse(&info_command, argc, argv, &o), status = EXITS_DONE;
	struct console_progress progress;
	unsigned long long done = 0;
	struct profile *p = i < 0 ? NULL : load(o.profile);

	if (!p) {
		json_decref(o.rows);
		return i < 0 ? cli_status(&info_command, i) : EXITS_FAILED;
	}
	console_begin(&progress, "files", (unsigned long long)(argc - i));
	for (; i < argc; i++) {
		console_clear(&progress);
		if (!info_of(&o, p, argv[i]))
			status = EXITS_FAILED;
		console_step(&progress, ++done);
	}
	console_clear(&progress);
	if (o.rows) {
		json_dumpf(o.rows, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(o.rows);
	profile_free(p);
	return status;
}

/* ---- the words --------------------------------------------------------------------- */

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const struct cli_command *command;
} words[] = {
	{ "make", make, &make_command },
	{ "info", info, &info_command },
	{ NULL },
};

const char *dwl_child(size_t i)
{
	return words[i].name;
}

static void print_words(struct page *p)
{
	size_t i;

	page_section(p, PAGE_OTHER, "Words", 6);
	for (i = 0; words[i].name; i++)
		page_row(p, words[i].name, words[i].command->about);
	page_text(p,
		"`fauxtrack dwl make --help` and `fauxtrack dwl info --help` list the "
		"options.");
}

static const struct cli_example dwl_examples[] = {
	{ "fauxtrack dwl make --firmware r74 --kind firmware -o r74.dwl",
		"Makes the image of a firmware" },
	{ "fauxtrack dwl info r74.dwl",
		"Reports what a file is, and how a modem would react to it" },
	{ NULL },
};

static const struct cli_command dwl_command = {
	.name = "dwl",
	.words = "make|info ...",
	.about = "Makes download images, or reports what a file is.",
	.exits = EXITS_PLAIN,
	.least = 1,
	.most = -1,
	.missing = "make or info? fauxtrack dwl --help explains both",
	.leads = true,
	.more = print_words,
	.examples = dwl_examples,
	.related = "run profile",
};

int dwl_tool(int argc, char **argv)
{
	int next = cli_parse(&dwl_command, argc, argv, NULL);
	struct suggest s;
	char text[160];
	size_t i;

	if (next < 0)
		return cli_status(&dwl_command, next);
	suggest_init(&s, argv[next]);
	for (i = 0; words[i].name; i++) {
		suggest_offer(&s, words[i].name);
		if (!strcmp(argv[next], words[i].name))
			return words[i].run(argc - next, argv + next);
	}
	return cli_wrong(&dwl_command, "unknown word \"%s\"%s", argv[next],
		suggest_text(&s, text, sizeof(text), "; write make or info"));
}
