/* The trace: what went over the port and what happened, readable by people and fit for
 * replay. README.md describes the format. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "base/log.h"
#include "base/usec.h"
#include "state/notice.h"

struct trace;

struct trace_header {
	const char *version; /* of fauxtrack */
	const char *profile;
	uint64_t seed;
	const char *speed;
};

/* Creates the file; NULL (logged, with the remedy) on an error. */
struct trace *trace_open(
	const char *path, const struct trace_header *header, const struct log *log);
void trace_close(struct trace *t); /* NULL is allowed, here and below */

/* The last line of the head: universal time at virtual time 0, as Unix time. It is known
 * once the modem has read its records. */
void trace_clock(struct trace *t, int64_t clock);

/* Bytes of one moment at a port (enum modem_port): '>' from the host, '<' from the
 * modem. */
void trace_bytes(struct trace *t, unsigned port, usec_t at, char direction,
	const void *buf, size_t len);

/* IP packets of a PPP session: from the network to the modem, and from the modem to the
 * network. */
#define TRACE_PACKET_IN  '{'
#define TRACE_PACKET_OUT '}'
void trace_packet(
	struct trace *t, usec_t at, char direction, const void *packet, size_t len);

/* Octets of a peer for that socket of WIPsoft: "9[". */
#define TRACE_SOCKET '['
void trace_socket(struct trace *t, unsigned id, usec_t at, const void *buf, size_t len);

/* What enters from elsewhere, as '!' lines: "far 1 there" (README.md). Bytes of a far end
 * are '(' lines. */
void trace_event(struct trace *t, usec_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Other events. */
void trace_note(struct trace *t, unsigned port, usec_t at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void trace_notice(struct trace *t, const struct notice *n);

/* The same lines, to any file. */
void trace_print_bytes(
	FILE *f, unsigned port, usec_t at, char direction, const void *buf, size_t len);
void trace_print_notice(FILE *f, const struct notice *n);

/* Flushes everything so far to the file. */
void trace_flush(struct trace *t);

/* --- reading it back ---------------------------------------------------------------- */

#define TRACE_BYTES 2048 /* the longest line, which has a packet */

struct trace_line {
	unsigned number; /* the line's number in the file, from 1; set to 0 before the
			    first call */
	usec_t at;
	unsigned port; /* of bytes; of '[' the number of the socket */
	char direction; /* '>' or '<' for bytes of the port, '{' or '}' for a packet, '(' for
			   bytes of a far end, '[' for octets of a socket, '!' for
			   trace_event() */
	size_t len;
	unsigned char bytes[TRACE_BYTES];
};

/* Reads the next line with bytes or a packet: returns 1, 0 at the end, or -1 if line->number is
 * malformed. Lines of one port and direction with the same time were one moment; each
 * packet has one line. */
int trace_next(FILE *f, struct trace_line *line);
