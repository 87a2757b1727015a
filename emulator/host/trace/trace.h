/* The trace: what went over the ports and what happened, readable by people and fit for
 * replay. README.md describes the formats. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/log.h"
#include "base/usec.h"
#include "state/notice.h"

struct trace;

struct trace_header {
	const char *version; /* of fauxtrack, or of the program that wrote the file */
	const char *profile; /* "": none, it was no emulator */
	uint64_t seed;
	const char *speed;
};

/* What one line, packet or object of a trace tells, by its `kind`. */
enum trace_kind {
	TRACE_HOST = '>',       /* bytes from the host */
	TRACE_MODEM = '<',      /* bytes from the modem */
	TRACE_PACKET_OUT = '}', /* an IP packet from the modem to the network */
	TRACE_PACKET_IN = '{',  /* ... and from there */
	TRACE_FAR = '(',        /* bytes of the far end of a data call */
	TRACE_SOCKET = '[',     /* octets of a peer for a socket of WIPsoft */
	TRACE_EVENT = '!', /* what enters from elsewhere: "far 1 there" (README.md) */
	TRACE_NOTE = '#',  /* a text about what happened */
	TRACE_LINES = '=', /* the V.24 lines are like this from now on */
};

/* V.24 lines of a port as a trace tells them: those of enum v24_line, and the host's. */
enum trace_line_bit {
	TRACE_DTR = 16,
	TRACE_RTS = 32,
};
extern const struct name trace_line_names[]; /* "DCD" ... "RTS" */

struct trace_item {
	usec_t at; /* virtual time, or time since the beginning */
	unsigned
		port; /* enum modem_port; TRACE_SOCKET: the number of the socket; else 0 */
	char kind;    /* enum trace_kind */
	const void *data; /* bytes; the text of an event or a note, not zero-ended */
	size_t len;
	unsigned lines; /* TRACE_LINES: a set */
};

/* Creates the file, in the format that its name ends with: .pcapng, .json, else text;
 * path NULL: text on standard output. NULL (logged, with the remedy) on an error. The
 * header is copied. */
struct trace *trace_open(
	const char *path, const struct trace_header *header, const struct log *log);
/* False: something could not be written (logged). NULL is allowed, here and below. */
bool trace_close(struct trace *t);

/* The end of the head: universal time at virtual time 0, as Unix time. It is known once
 * the modem has read its records. */
void trace_clock(struct trace *t, int64_t clock);

/* From now on a note "wall: 2026-11-30T16:14:18.123456Z" stands before the items of each
 * moment: the time of this machine. Two runs then no longer give the same trace. */
void trace_wall(struct trace *t);

/* Adds one item. */
void trace_put(struct trace *t, const struct trace_item *item);

/* The same for each kind. Bytes of one moment at a port (enum modem_port): '>' from the
 * host, '<' from the modem. */
void trace_bytes(struct trace *t, unsigned port, usec_t at, char direction,
	const void *buf, size_t len);

/* IP packets of a PPP session: TRACE_PACKET_OUT, TRACE_PACKET_IN. */
void trace_packet(
	struct trace *t, usec_t at, char direction, const void *packet, size_t len);

/* Octets of a peer for that socket of WIPsoft. */
void trace_socket(struct trace *t, unsigned id, usec_t at, const void *buf, size_t len);

/* What enters from elsewhere. */
void trace_event(struct trace *t, usec_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Other events. A notice of DTR or RTS changes the lines too. */
void trace_note(struct trace *t, unsigned port, usec_t at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void trace_notice(struct trace *t, const struct notice *n);

/* The outputs of the modem (v24_line set). */
void trace_lines(struct trace *t, unsigned port, usec_t at, unsigned v24);

/* No client is there any more: DTR and RTS are off. */
void trace_gone(struct trace *t, unsigned port, usec_t at);

/* The lines of the text format, to any file. */
void trace_print_bytes(
	FILE *f, unsigned port, usec_t at, char direction, const void *buf, size_t len);
/* A line for what has happened; json: as trace_print_json() has it. */
void trace_print_notice(FILE *f, const struct notice *n, bool json);
/* The line of the JSON format. */
void trace_print_json(FILE *f, const struct trace_item *item);

/* Flushes everything so far to the file. */
void trace_flush(struct trace *t);

/* --- reading it back ---------------------------------------------------------------- */

struct trace_reader;

/* Opens a trace of any format, told by its first bytes, and a capture of another program
 * with LINKTYPE_RTAC_SERIAL. NULL, with "PATH: what; remedy" in why. */
struct trace_reader *trace_read_open(const char *path, char *why, size_t size);
void trace_read_close(struct trace_reader *r); /* NULL is allowed */

/* The head; texts are "" and numbers 0 where the file does not tell them. */
const struct trace_header *trace_read_header(const struct trace_reader *r);
int64_t trace_read_clock(const struct trace_reader *r); /* Unix time in seconds */

/* Reads the next item, whose data are valid until the next call: returns 1; 0 at the end;
 * -1 if the file is damaged there: trace_read_place() says "PATH:LINE: what". Bytes of one
 * port and direction with the same time were one moment. */
int trace_read(struct trace_reader *r, struct trace_item *item);
const char *trace_read_place(struct trace_reader *r);
unsigned long trace_read_number(const struct trace_reader *r); /* of its line or block */
