/* Shared by log.c and the readers, read_*.c. */
#pragma once

#include "host/field/log.h"

struct field_line {
	const char *p; /* not zero-ended */
	size_t len;    /* without the line end, LF or CR LF */
	unsigned long number;
};

/* The whole file, and its lines. */
struct field_source {
	const char *path;
	const char *data;
	size_t len;
	struct field_line *line;
	size_t lines;
};

/* A log in the making. */
struct field_reading {
	const struct field_source *source;
	struct field_log *log;
	size_t room, note_room;
	bool *understood; /* by line */
	usec_t now;       /* as given last, before the first is taken off */
	usec_t first;
	bool timed, any_timed;
	bool begun;        /* a piece has been timed: `first` holds */
	const char *doubt; /* of the pieces that follow; NULL: none */
	bool too_many;
	char *why;
	size_t size;
};

struct field_reader {
	const char *name, *help;
	/* How well the start of the file fits: 0 not at all, 100 surely. */
	int (*probe)(const struct field_source *s);
	/* False: why is set. */
	bool (*read)(struct field_reading *r);
};
extern const struct field_reader read_trace, read_mm, read_kannel, read_smstools,
	read_gnokii, read_python, read_marked, read_gammu, read_hex, read_strace,
	read_csv, read_chat, read_screen, read_wvdial, read_socat;

/* A copy of the line as a string: without control characters at its end, NULs as spaces. The
 * caller frees it. */
char *field_line_text(const struct field_line *l);

/* Whether the text is somewhere in the file. */
bool field_contains(const struct field_source *s, const char *text);

/* --- for readers -------------------------------------------------------------------- */

/* The time of the pieces that follow, from any origin. If it goes back by less than half a
 * day it stays as it is, else a day has passed. */
void reading_at(struct field_reading *r, usec_t at, usec_t step);
void reading_no_time(struct field_reading *r);

/* Adds bytes of a side; the line is understood. Nothing if len is 0. */
void reading_say(struct field_reading *r, unsigned long line, char side, const void *data,
	size_t len);
void reading_say_text(
	struct field_reading *r, unsigned long line, char side, const char *text);

/* The line holds no bytes, but its form is known. */
void reading_understood(struct field_reading *r, unsigned long line);

void reading_note(struct field_reading *r, unsigned long line, const char *text);

/* "PATH:LINE: what" as the error; returns false. */
bool reading_fail(struct field_reading *r, unsigned long line, const char *what);
