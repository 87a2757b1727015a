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
	{ "check", "[OPTION...] FILE|FOLDER|NAME...",
		"checks profiles and scenarios for errors", check_main },
	{ "compare", "[OPTION...] DEVICE PROFILE",
		"asks a real modem, and prints how a profile differs from it",
		compare_main },
	{ "complete", "WORD...", NULL, complete_main },
	{ "ctl", "[OPTION...] WORD ...", "controls a running modem", ctl_main,
		ctl_child },
	{ "doctor", "[--json]", "checks whether this machine has what fauxtrack needs",
		doctor_main },
	{ "dwl", "make|info ...", "makes download images, or reports what a file is",
		dwl_tool, dwl_child },
	{ "exec", "[OPTION...] -- COMMAND [ARG|{}...]",
		"runs a modem for one command; {} and $FAUXTRACK_TTY are its port",
		exec_main },
	{ "help", "[TOPIC|COMMAND [WORD]]", "explains a topic or a command", help_main },
	{ "import", "[OPTION...] LOG",
		"makes a field bug of a log of a host and its modem", import_main },
	{ "lines", "--preload", "modem lines for programs that fauxtrack does not start",
		lines_main },
	{ "list", "KIND", "lists profiles, commands, actions, bugs and more", list_main,
		list_child },
	{ "play", "[OPTION...] FILE|FOLDER|BUG...",
		"plays scenarios in virtual time, without a host", play_main },
	{ "record", "[OPTION...] DEVICE",
		"stands between a host and a real modem, and writes down what passes",
		record_main },
	{ "run", "[OPTION...]", "runs a modem and prints the path of its port",
		run_main },
	{ "schema", "[KIND]", "prints the JSON Schema of the YAML files, for editors",
		schema_main, schema_child },
	{ "trace", "convert IN [OUT]",
		"writes a trace in another format: pcapng, JSON, text", trace_main },
	{ NULL },
};
