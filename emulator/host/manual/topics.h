/* What `fauxtrack help` explains beside the subcommands: a row each, with the section of
 * its manual page. */
#pragma once

#include "host/manual/page.h"

struct topic {
	const char *name; /* NULL ends the table */
	int section;      /* of its manual page; 0: it has none */
	const char *help; /* one line */
	void (*print)(struct page *p);
};
extern const struct topic topics[];

/* topic_files.c: the YAML files. */
void topic_profile(struct page *p);
void topic_scenario(struct page *p);
void topic_fleet(struct page *p);

/* topic_control.c: the control interface. */
void topic_control(struct page *p);
