/* Shared by the files of libfauxtrack. */
#pragma once

#include <locale.h>
#include <stdarg.h>
#include <stdbool.h>

#include "conf/doc.h"
#include "fauxtrack/fauxtrack.h"
#include "host/play/scenario.h"
#include "host/read/library.h"
#include "modem.h"

struct fauxtrack {
	struct fauxtrack_callbacks calls; /* zero what the caller does not have */
	struct profile *profile;
	struct scenario *bug; /* NULL: none */
	struct modem *modem;  /* NULL while it is made */
	usec_t now;           /* the latest time that was given or reached */
	unsigned ports;
	unsigned lines[MODEM_NAMED]; /* DTR and RTS of the host */
	bool powered, instant;
	bool unheard;
	bool inside; /* a call is running: callbacks must not make another one */
	locale_t ours, theirs; /* "C", and the program's while a call runs */
	char *error;           /* of the last call that failed, or NULL */
	char *logged; /* the last error of the log while the modem is made, or NULL */
};

/* Keeps what is wrong ("what; remedy"), printf's format. Returns false. */
bool library_fails(struct fauxtrack *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same from errors with places: a line for each. */
bool library_fails_with(struct fauxtrack *f, const struct doc_errors *e);

/* birth.c: makes a modem from its whole options; false: it failed. */
bool library_birth(struct fauxtrack *f, const struct fauxtrack_options *o);

/* callbacks.c: where the modem's output goes. */
struct ports library_ports(struct fauxtrack *f);
struct log library_log_of(struct fauxtrack *f);

/* sized.c: copies a struct of the caller, which begins with its size, over one of ours,
 * which is all zero. False, with "what; remedy" in *why, if it cannot be understood. */
bool library_sized(void *to, size_t size, const void *from, const char **why);
