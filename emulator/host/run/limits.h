/* Limits of the system that many modems reach, checked before any modem is made. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct limits_need {
	unsigned modems;
	unsigned ptys,
		streams; /* modems with a pty, with --listen: one of them, or both */
	/* modems with --link, --state, --trace, --lines */
	unsigned links, states, traces, lines;
	unsigned callers;   /* sockets of --number NUMBER=listen: */
	unsigned listeners; /* sockets of --forward listen: */
	unsigned networks;  /* modems with --forward or --internet: sockets of WIPsoft */
};

/* The number of pseudo-terminals that the system allows, and of those that are in use; -1
 * where it does not say. */
void limits_terminals(long long *most, long long *used);

/* True if the limits allow it, as far as can be known before: pseudo-terminals, open
 * files, inotify, mappings of memory. Else `why` has the limit, its value, what is needed
 * and the remedy. Raises the soft limit of open files. */
bool limits_check(const struct limits_need *need, char *why, size_t size);
