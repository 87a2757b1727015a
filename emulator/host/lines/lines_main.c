/* fauxtrack lines: where the preload library is. */
#include <stdio.h>
#include <string.h>

#include "host/cli.h"
#include "host/module.h"
#include "host/subcommand.h"

static bool take_preload(void *ctx, char *arg, char *why, size_t size)
{
	(void)arg;
	(void)why;
	(void)size;
	*(bool *)ctx = true;
	return true;
}

static const struct cli_option options[] = {
	{ "preload", NULL, "prints the path of the preload library", take_preload },
	{ NULL },
};

static void more(struct page *p)
{
	page_text(p,
		"A pseudo-terminal has no modem lines: TIOCMGET fails, DTR and RTS "
		"cannot "
		"be set. With fauxtrack run --lines this library adds them to a program "
		"that is started elsewhere:");
	page_code(p, "LD_PRELOAD=$(fauxtrack lines --preload) COMMAND /dev/pts/5");
	page_text(p, "It works for programs that use the C library as a shared library, "
		     "not for "
		     "static, Go or setuid programs. fauxtrack exec --lines needs no "
		     "library and "
		     "works for static programs too.");
}

static const struct cli_example examples[] = {
	{ "LD_PRELOAD=$(fauxtrack lines --preload) my-tool -D /tmp/modem",
		"Starts a tool with modem lines; the modem runs with --lines" },
	{ NULL },
};

static const struct cli_command command = {
	.name = "lines",
	.words = "",
	.about = "Adds the modem lines of a port to a program that fauxtrack does not "
		 "start.",
	.exits = EXITS_PLAIN,
	.options = options,
	.more = more,
	.examples = examples,
	.related = "exec run",
};

int lines_main(int argc, char **argv)
{
	char path[PATH_MAX];
	bool preload = false;
	int next = cli_parse(&command, argc, argv, &preload);

	if (next < 0)
		return cli_status(&command, next);
	if (!preload)
		return cli_wrong(&command, "nothing to do; add --preload");
	if (!module_find("fauxtrack-lines", path)) {
		fputs("fauxtrack lines: the preload library is not installed; install "
		      "fauxtrack with meson install, or start the one that was built\n",
			stderr);
		return EXITS_FAILED;
	}
	/* ld.so(8) */
	if (strpbrk(path, " :")) {
		fprintf(stderr,
			"fauxtrack lines: %s: LD_PRELOAD cannot name a path with a blank "
			"or a colon; copy the library to another folder and name it "
			"there, or use exec --lines\n",
			path);
		return EXITS_FAILED;
	}
	puts(path);
	return EXITS_DONE;
}
