#include "host/manual/surroundings.h"

#include <string.h>

#define READERS " check compare doctor dwl exec import list play record run "
#define PORTS   " exec run "
#define CLIENTS " ctl "

const struct surrounding environment_rows[] = {
	{ "FAUXTRACK_PROFILES", READERS,
		"folders with profiles of your own, separated by colons; they come "
		"before "
		"the profiles that are installed" },
	{ "FAUXTRACK_CONTROL", " ctl exec ",
		"address of the control interface: exec sets it for its command, and ctl "
		"reads it when --control is not given" },
	{ "FAUXTRACK_TOKEN", " ctl exec ",
		"token of a control interface on a TCP port: exec sets it for its "
		"command, "
		"and ctl reads it when --token is not given" },
	{ "FAUXTRACK_TTY", " exec ",
		"set for the command of exec: the path or URL of the first modem's "
		"port" },
	{ "FAUXTRACK_TTY_N", " exec ",
		"set for the command of exec: the port of modem N of --count, from 2" },
	{ "FAUXTRACK_TTY_UART2, FAUXTRACK_TTY_USB", " exec ",
		"set for the command of exec: the ports of --port; of modem N: "
		"FAUXTRACK_TTY_N_USB" },
	{ "FAUXTRACK_EXCHANGE_PASSWORD", " exec run ",
		"password of the user in --exchange, if there is no "
		"--exchange-password" },
	{ "XDG_RUNTIME_DIR", " ctl doctor exec run ",
		"where the folder of the control sockets is; without it /tmp" },
	{ "NO_COLOR", " check doctor list play ",
		"if it is not empty: no colours (they are only for terminals anyway)" },
	{ "CLICOLOR_FORCE", " check doctor list play ",
		"if it is neither empty nor 0: colours, even if the output is no "
		"terminal" },
	{ "TERM", " check doctor list play ", "dumb: a terminal without colours" },
	{ "DISPLAY, WAYLAND_DISPLAY", " ctl ",
		"with one of them, ctl panel opens the panel by xdg-open" },
	{ "PATH", " exec ", "where exec looks for its command" },
	{ NULL },
};

const struct surrounding file_rows[] = {
	{ "/dev/pts/N", " exec record run ", "the port of a modem, a pseudo-terminal" },
	{ "$XDG_RUNTIME_DIR/fauxtrack/PID.sock", " ctl exec run ",
		"the control socket of the emulator with that process ID; without "
		"$XDG_RUNTIME_DIR: /tmp/fauxtrack-UID/PID.sock" },
	{ "PID.sock.last", CLIENTS,
		"beside the socket: the event after which the next wait begins; for a "
		"TCP port tcp-PORT.last in the same folder" },
	{ "PID.sock.html", CLIENTS,
		"beside the socket: leads the browser of ctl panel to the panel" },
	{ "/tmp/fauxtrack-lines-UID/", " exec lines record run ",
		"sockets of the modem lines of each port with --lines" },
	{ "/tmp/fauxtrack-compare-*.yaml", " compare ",
		"the correction while it is tried, until the end" },
	{ "share/fauxtrack/profiles/", READERS, "the profiles that are installed" },
	{ "share/fauxtrack/schema/", " check schema ",
		"the JSON Schemas of the YAML files, for editors" },
	{ "lib/fauxtrack/", " doctor exec lines run ",
		"parts of the program that are loaded when they are needed" },
	{ NULL },
};

static bool belongs(const struct surrounding *r, const char *command)
{
	char word[32];

	if (!command || !r->of)
		return true;
	snprintf(word, sizeof(word), " %.*s ", (int)strcspn(command, " "), command);
	return strstr(r->of, word);
}

static void print(struct page *p, enum page_section which, const struct surrounding *r,
	const char *command)
{
	bool any = false;

	for (; r->name; r++) {
		if (!belongs(r, command))
			continue;
		if (!any)
			page_section(p, which, NULL, 20);
		any = true;
		page_row(p, r->name, r->help);
	}
}

void surroundings_print(struct page *p, const char *command)
{
	print(p, PAGE_ENVIRONMENT, environment_rows, command);
	print(p, PAGE_FILES, file_rows, command);
}
