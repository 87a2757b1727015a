/* A log of a conversation between a host and a modem, whatever program wrote it. README.md
 * lists the formats. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/usec.h"

#define FIELD_MOST_OCTETS (16u << 20) /* of a log; longer ones are refused */
#define FIELD_MOST_PIECES 1000000u
#define FIELD_MOST_NOTES  1000u

/* Bytes of one side, in the order of the log. */
struct field_piece {
	usec_t at;     /* since the first piece that is timed; never less than before */
	bool timed;    /* else at is that of the piece before */
	char side;     /* '>' from the host, '<' from the modem */
	uint8_t *data; /* with an extra 0 after its end */
	size_t len;
	unsigned long line; /* of the file, from 1; 0: it has none (pcapng) */
	const char
		*doubt; /* NULL: sure; else why not: "direction guessed from its form" */
};

/* What else is to be said about a line: that it was not understood, or that a part of it
 * is missing. */
struct field_note {
	unsigned long line;
	const char *text;
};

struct field_log {
	const char *format; /* the reader's name: "strace" */
	struct field_piece *piece;
	size_t n;
	unsigned long lines;      /* of the file, without empty ones */
	unsigned long understood; /* of these; messages of the program itself count */
	struct field_note *note;  /* the first FIELD_MOST_NOTES */
	size_t notes;
	usec_t step; /* resolution of the times: 1000000 for whole seconds; 0: no times */
	char *profile; /* that the log names (our own traces); NULL: none */
};

/* Reads the log, of that format; NULL: the format that fits best. path "-" is standard
 * input. Returns NULL, with "PATH: what; remedy" or "PATH:LINE: what; remedy" in why, if
 * the file cannot be read, is none of the formats, or holds no piece of a conversation. */
struct field_log *field_read(
	const char *path, const char *format, char *why, size_t size);
void field_log_free(struct field_log *log); /* NULL is allowed */

/* Whether a reader has that name; the name of reader i, from 0, NULL after the last. */
bool field_format_known(const char *format);
const char *field_format_name(size_t i);
const char *field_format_help(size_t i); /* what it reads, in a few words */
