/* An Open AT application as its file in profiles/applications/ describes it: what the
 * modem says and can do while it runs. Plain data, filled from YAML. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "state/profile.h"

struct at_set;
struct modem;

#define APPLICATION_COMMANDS 64

/* Chapters in C that an application brings: a set of 1 << these. */
enum provides {
	PROVIDES_WIP,
};
extern const struct name provides_names[];

struct application {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	unsigned provides; /* set of 1 << enum provides */
	int wip_version;   /* of WIPsoft, in hundredths: 202, 311, 542; 0: none */
	struct command_conf commands[APPLICATION_COMMANDS];
	size_t n_commands;
	const struct at_set *at; /* the commands it brings as data, NULL: none */
};

/* The application that runs now; NULL: none is installed, started, and fits. */
const struct application *application_running(const struct modem *m);
