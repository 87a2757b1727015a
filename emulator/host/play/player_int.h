/* What the parts of the player share: player.c runs the steps, play_expect.c compares,
 * play_modem.c has the modem and its memory, play_send.c sends files. */
#pragma once

#include "host/play/fault_tally.h"
#include "host/play/player.h"
#include "modem.h"

#define PLAY_RECORDS 160
#define PLAY_TRACE   10 /* lines that a message shows of what came before */

struct play_record {
	char name[32];
	void *data;
	size_t len;
};

/* Records of non-volatile memory, kept in memory. */
struct play_store {
	struct play_record record[PLAY_RECORDS];
	size_t n;
	bool fails;
};

/* Bytes that must come; 256 stands for an upper-case hexadecimal digit. */
#define PLAY_HEX 256
struct pattern {
	unsigned short *unit;
	size_t n;
};

struct player {
	const struct scenario *scenario;
	const struct profile *profile;
	const struct play_options *options;
	struct modem *modem;
	struct play_store store;
	size_t room;     /* what the port takes until it is drained */
	usec_t now, did; /* virtual time; when the host last did something */
	bool echo;
	uint64_t taken; /* bytes that the port has taken */
	/* what the modem has said, and how much of it was expected */
	char *out;
	size_t len, cap, seen;
	usec_t *came; /* virtual time of each byte */
	/* the trace: the last lines, each its own memory */
	char *line[PLAY_TRACE];
	size_t lines;
	char *open; /* the line that is still growing, and what grows it */
	char open_kind;
	char sent[2200]; /* the last notice of a message that was sent */
	char shown[200]; /* ... and of what a far end is shown */
	/* the second modem of play_check_records() and both dumps: kept, since a step
	 * takes less time than fresh memory; NULL: not yet asked for */
	char *check_mem;
	struct fault_tally tally;
	bool failed;
	struct play_result *result;
};

/* Out of memory ends the program. */
void *play_alloc(size_t size);

/* ---- play_modem.c ---- */
void play_modem_new(struct player *p);
void play_modem_free(struct player *p);

/* Behind every call of the modem: a narrow port has room again, until all is said. */
void play_drain(struct player *p);

/* Lets time pass up to `until`, event by event; ends early when done() says so. */
void play_run(struct player *p, usec_t until, bool (*done)(void *ctx), void *ctx);

/* Types bytes as the mode has it; false (failed) when the modem takes no more. */
bool play_type(struct player *p, struct doc_place at, const void *bytes, size_t len);

/* The records of this modem give one with the same memory; else it has failed. */
void play_check_records(struct player *p, struct doc_place at);

/* ---- play_trace.c ---- */
void play_trace(struct player *p, char kind, const void *bytes, size_t len);
void play_trace_text(struct player *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void play_trace_clear(struct player *p);

/* The first failure counts: fills the result. */
void play_fail(struct player *p, struct doc_place at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Visible text of bytes, cut to a readable length; valid until the fourth call after. */
const char *play_visible(const char *bytes, size_t len);

/* ---- play_expect.c ---- */

/* Adds bytes as they are, and a text with its escapes and <32 hex>. */
void pattern_bytes(struct pattern *t, const char *bytes, size_t len);
void pattern_text(struct pattern *t, const char *text);
void pattern_clear(struct pattern *t);

/* Adds lines [from, to) of a talk with their framing. */
void play_pattern(const struct step *s, size_t from, size_t to, struct pattern *t);

/* The text of bytes to type: escapes only. Gives the length; out has strlen(text). */
size_t play_unescape(const char *text, char *out);

/* How many units of the pattern the bytes at out[from] match. */
size_t pattern_match(const struct player *p, size_t from, const struct pattern *t);

/* Waits for the pattern, at most `within`; false (failed) when something else comes. */
bool play_expect(
	struct player *p, struct doc_place at, const struct pattern *t, usec_t within);

/* Nothing may be there that was not expected. */
bool play_quiet(struct player *p, struct doc_place at);

/* ---- play_send.c ---- */
void play_send(struct player *p, const struct step *step);

/* ---- play_sent.c ---- */
void play_sent(struct player *p, const struct step *step);

/* ---- play_accept.c ---- */

/* Lines [from, to) of a talk: what comes replaces them. */
void play_accept(struct player *p, const struct step *step, size_t from, size_t to);
