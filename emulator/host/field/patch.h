/* Changes of a profile, as a YAML file that inherits it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* In the order of the file. */
enum patch_place {
	PATCH_DEVICE,     /* device.KEY: a fact */
	PATCH_IDENTITY,   /* firmware.identity.KEY: a fact, or a list of facts */
	PATCH_DOWNLOADER, /* firmware.downloader.KEY: a fact */
	PATCH_DEFAULT,    /* firmware.defaults.KEY */
	PATCH_QUIRK,      /* firmware.quirks.KEY */
	PATCH_COMMAND,    /* firmware.commands.KEY: SUB, "params.NAME", "forms.exec" */
	PATCH_LATENCY,    /* firmware.timing.latency.KEY */
	PATCH_MEMORY,     /* memory.KEY */
};

struct patch_entry {
	enum patch_place place;
	char key[40], sub[32];
	char *value;   /* as YAML on one line */
	size_t asked;  /* the question whose answer it changes */
	char why[120]; /* told before the entry; "": nothing */
	int line;      /* of the file, as it was printed last */
};

struct patch {
	const char *profile; /* the name that it inherits */
	const char *device, *firmware;
	const char *title;
	struct patch_entry *entry; /* sorted by place, key and sub */
	size_t n;
};

/* Adds a copy, unless its place, key and sub are there. */
void patch_add(struct patch *p, const struct patch_entry *e);
/* Removes all entries of that question. */
void patch_drop(struct patch *p, size_t asked);
void patch_free(struct patch *p);

/* Prints it, and notes the line of each entry. `head` is a comment: lines with their
 * "# ". */
void patch_print(struct patch *p, const char *head, FILE *out);

/* A text as YAML, in quotes. malloc()ed. */
char *patch_quoted(const char *text);
/* The same as a fact of provenance field. */
char *patch_fact(const char *text);
