/* The panel: a page for web browsers on this machine, beside the control interface and on top
 * of it. Its files (panel/) are part of the program and may be read by anybody; everything
 * else needs the token, which is in the fragment of the URL and so never sent in one. */
#pragma once

#include <stddef.h>

#include "base/log.h"

struct api;
struct loop;
struct panel;

/* A file of the panel, by its path ("/main.js"); made by panel/embed.py. */
struct panel_file {
	const char *path, *type;
	const char *text;
	size_t len;
};
extern const struct panel_file panel_files[]; /* ends with a NULL path */

/* Listens at 127.0.0.1, at that port or any free one (0). NULL, with "what; remedy" in why.
 * Without a browser it does nothing. */
struct panel *panel_open(struct loop *l, unsigned port, struct api *api,
	const struct log *log, char *why, size_t size);
void panel_close(struct panel *p); /* before the api; NULL is allowed */

unsigned panel_port(const struct panel *p);
void panel_url(const struct panel *p, char *out, size_t size); /* with the token */
