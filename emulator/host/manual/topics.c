#include "host/manual/topics.h"

#include "host/exits.h"
#include "host/manual/surroundings.h"

static void print_exits(struct page *p)
{
	const struct exit_row *r;

	page_text(p, "What the exit statuses mean. fauxtrack list exits shows which "
		     "subcommands "
		     "return them, fauxtrack SUBCOMMAND --help those of one.");
	page_section(p, PAGE_EXITS, NULL, 6);
	for (r = exit_rows; r->status; r++)
		page_row(p, r->status, r->help);
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
	{ "exits", 0, "what the exit statuses mean", print_exits },
	{ "environment", 0, "environment variables and files", print_environment },
	{ NULL },
};
