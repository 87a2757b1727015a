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
