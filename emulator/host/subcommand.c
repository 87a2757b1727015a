#include "host/subcommand.h"

#include "actions/action.h"
#include "host/ctl/ctl_int.h"
#include "host/dwl/dwl_tool.h"

static const char *ctl_child(size_t i)
{
	const struct action_row *a;
	size_t n;

	for (n = 0; ctl_words[n].name; n++)
		if (n == i)
			return ctl_words[n].name;
	a = action_at(i - n);
	return a ? a->name : NULL;
}

const struct subcommand subcommands[] = {
	{ "check", "FILE|FOLDER...", "looks for errors in profiles and scenarios",
		check_main },
	{ "ctl", "[OPTION...] WORD ...", "controls a modem that is running", ctl_main,
		ctl_child },
	{ "dwl", "make|info ...", "makes download images, and reports what a file is",
		dwl_tool, dwl_child },
	{ "exec", "[OPTION...] -- COMMAND [ARG|{}...]",
		"a modem for one command; {} is its port, as is $FAUXTRACK_TTY",
		exec_main },
	{ "list", "KIND", "what there is: profiles, commands, actions, bugs, ...",
		list_main, list_child },
	{ "play", "[OPTION...] FILE|FOLDER...",
		"plays scenarios in virtual time, without a host", play_main },
	{ "run", "[OPTION...]", "a modem; prints the path of its port", run_main },
	{ "schema", "[scenario]", "the JSON Schema of the YAML language, for editors",
		schema_main, schema_child },
	{ NULL },
};
