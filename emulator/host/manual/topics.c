#include "host/manual/topics.h"

#include <stdio.h>

#include "host/exits.h"
#include "host/manual/surroundings.h"

static void print_exits(struct page *p)
{
	const struct exits_group *g;
	const struct exit_row *r;
	char title[160];

	page_text(p, "What the exit statuses mean. The same number may mean something "
		     "else after another command.");
	for (g = exits_groups; g->commands; g++) {
		snprintf(title, sizeof(title), "After %s", g->commands);
		page_section(p, PAGE_OTHER, title, 6);
		for (r = exit_rows; r->status; r++)
			if (r->of & g->of)
				page_row(p, r->status, r->help);
	}
}

static void print_testing(struct page *p)
{
	page_text(p,
		"A modem for the tests of your program, from the simplest way on. An "
		"installation has the examples in share/doc/fauxtrack/examples, with "
		"a tutorial; part 2 of it is about this.");
	page_section(p, PAGE_OTHER, "Any program", 0);
	page_text(p, "exec starts a modem, runs a command at its port, which is {} and "
		     "$FAUXTRACK_TTY, and exits with the command's status:");
	page_code(p, "fauxtrack exec --wait registered -- my-tool --port {}");
	page_text(p, "With a field bug; once for each gap where the modem may say "
		     "something; failing on mistakes at the port:");
	page_code(p, "fauxtrack exec --bug dwl-band-reset-after-upgrade -- my-tool {}");
	page_code(p, "fauxtrack exec --sweep urc -- timeout 10 my-tool {}");
	page_code(p, "fauxtrack exec --on-exit fail -- my-tool {}");
	page_section(p, PAGE_OTHER, "pytest", 0);
	page_text(p, "The fixture fauxtrack is in Debian's package "
		     "python3-pytest-fauxtrack; other installations have it in "
		     "share/fauxtrack, for PYTHONPATH. A test_signal.py:");
	page_code(p, "import subprocess");
	page_code(p, "def test_signal(fauxtrack):");
	page_code(p, "    modem = fauxtrack(speed='max')     # options of run");
	page_code(p, "    modem.wait('registered')           # list conditions");
	page_code(p, "    modem.ctl('signal', rssi=17)       # list actions");
	page_code(
		p, "    subprocess.run(['my-tool', modem.port], check=True, timeout=10)");
	page_text(p, "pydoc3 pytest_fauxtrack explains all of it.");
	page_section(p, PAGE_OTHER, "C, bats, cmocka, GitHub Actions", 0);
	page_text(p,
		"The examples have one of each. libfauxtrack is the modem inside of a "
		"test, without a port.");
	page_see(p, "exec ctl control exits");
}

static void print_environment(struct page *p)
{
	surroundings_print(p, NULL);
}

const struct topic topics[] = {
	{ "profile", 5, "what a modem is: device, firmware, network, SIM, as YAML files",
		topic_profile },
	{ "scenario", 5, "conversations with a modem, and field bugs, as YAML files",
		topic_scenario },
	{ "fleet", 5, "groups of modems in one process, as a YAML file", topic_fleet },
	{ "control", 7, "controlling a running modem: HTTP, JSON, actions, events",
		topic_control },
	{ "testing", 7, "a modem for the tests of your program: exec, pytest, others",
		print_testing },
	{ "exits", 0, "what the exit statuses mean", print_exits },
	{ "environment", 0, "environment variables and files", print_environment },
	{ NULL },
};
