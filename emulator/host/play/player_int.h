/* Shared by the parts of the player: player.c runs the steps, play_all.c has the modems of
 * a scenario and their time, play_modem.c a modem and its memory, play_expect.c compares,
 * play_send.c sends files. */
#pragma once

#include "host/play/fault_tally.h"
#include "host/play/peers.h"
#include "host/play/player.h"
#include "modem.h"

#define PLAY_RECORDS 160
#define PLAY_TRACE   10 /* lines of the trace that a message shows */

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

/* What a port has said, how much of it was expected, and how its host has set it. */
struct heard {
	char *out;
	size_t len, cap, seen;
	usec_t *came; /* virtual time of each byte */
	struct uart uart;
};

/* The far end of a data call that network.numbers puts outside of the modem. In virtual
 * time nothing connects: files are sent, everything else only hears. */
struct play_far {
	unsigned id; /* of its call, 0: none */
	bool asked;  /* the modem waits for it */
	char *data;  /* what it sends; NULL: it cannot be read */
	size_t len, at;
};

struct player;

/* The modems of a scenario: what they share. */
struct play_all {
	const struct scenario *scenario;
	const struct play_options *options;
	struct player *one;
	size_t n;
	struct neighbours *neighbours; /* NULL: a single modem */
	bool waiting;                  /* there are messages between them */
	usec_t now, did; /* virtual time; time of the last action of a host */
	/* the last lines of the trace, each allocated */
	char *line[PLAY_TRACE];
	size_t lines;
	char *open; /* the line that is still growing, and its kind */
	char open_kind;
	bool failed;
	struct play_result *result;
};

/* One of them, and its host. */
struct player {
	struct play_all *all;
	const struct scenario_modem *conf;
	size_t index;
	const struct profile *profile;
	struct unit_numbers numbers;
	struct modem_sweep sweep; /* SWEEP_NONE: another modem's turn */
	const struct play_options *options;
	struct modem *modem;
	struct play_store store;
	size_t room; /* bytes the port accepts until it is drained */
	bool echo;
	uint64_t taken; /* bytes that the port has accepted */
	unsigned port;  /* of the present step: play_turn() */
	/* that port's struct heard */
	struct uart uart;
	char *out;
	size_t len, cap, seen;
	usec_t *came;
	struct heard aside[MODEM_NAMED]; /* those of the other ports */
	char sent[2200];                 /* the last notice of a sent message */
	char shown[200];                 /* the last notice of what a far end is shown */
	/* the second modem of play_check_records() and both dumps, kept because
	 * allocating them takes longer than a step; NULL: not yet allocated */
	char *check_mem;
	/* what PPP needs, NULL: not yet allocated */
	struct play_net *net;
	struct play_ppp *ppp;
	struct peers *peers; /* the world beyond WIPsoft; NULL: not yet made */
	struct fault_tally tally;
	struct play_far far;
};

/* Out of memory ends the program. */
void *play_alloc(size_t size);

/* ---- player.c ---- */
void play_step(struct play_all *all, const struct step *s);

/* ---- play_all.c ---- */

/* Makes all modems, and boots them as the scenario says; see play(). */
void play_all_open(struct play_all *all, const struct scenario *s,
	const struct profile *const *profiles, const struct play_options *options,
	struct play_result *result);
void play_all_close(struct play_all *all);

/* Lets time pass for all modems up to `until`, event by event; ends early when done() says
 * so. */
void play_run(struct play_all *all, usec_t until, bool (*done)(void *ctx), void *ctx);

/* Passes on the messages between the modems, until none waits. */
void play_pass_on(struct play_all *all);

/* " of modem b", "" if there is only one. */
const char *play_whose(const struct player *p);

/* ---- play_modem.c ---- */
void play_modem_new(struct player *p);

/* A new modem with the records of the present one, which is gone. */
void play_modem_renew(struct player *p);
void play_modem_free(struct player *p);

/* From here on the player is at another port of the modem. */
void play_turn(struct player *p, unsigned port);

/* DTR of all ports that the scenario uses. */
void play_open_ports(struct player *p, usec_t now);

/* Call this after every call of the modem: gives a narrow port room again until the modem
 * has sent everything, and passes on what it has for the others. */
void play_drain(struct player *p);

/* The same without the others. */
void play_drain_one(struct player *p);

/* Types bytes as the mode requires; false (failed) when the modem accepts no more. */
bool play_type(struct player *p, struct doc_place at, const void *bytes, size_t len);

/* Fails unless a modem that loads these records has the same memory. */
void play_check_records(struct player *p, struct doc_place at);

/* ---- play_far.c ---- */
struct far_ports play_far_ports(struct player *p);

/* After every call of the modem: what the far end does next. True: it has called the
 * modem. */
bool play_far_next(struct player *p);
void play_far_drop(struct player *p);

/* ---- play_trace.c ---- */
void play_trace(struct player *p, char kind, const void *bytes, size_t len);
void play_trace_text(struct player *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void play_trace_clear(struct play_all *all);

/* Fills the result; only the first failure counts. */
void play_fail(struct player *p, struct doc_place at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Visible text of bytes, cut to a readable length; valid until the fourth call after. */
const char *play_visible(const char *bytes, size_t len);

/* ---- play_expect.c ---- */

/* Add raw bytes, and a text with escapes and <32 hex>. */
void pattern_bytes(struct pattern *t, const char *bytes, size_t len);
void pattern_text(struct pattern *t, const char *text);
void pattern_clear(struct pattern *t);

/* Adds lines [from, to) of a talk with their framing. */
void play_pattern(const struct step *s, size_t from, size_t to, struct pattern *t);

/* Decodes the escapes in a text to type. Returns the length; out has room for
 * strlen(text). */
size_t play_unescape(const char *text, char *out);

/* The number of units of the pattern that the bytes at out[from] match. */
size_t pattern_match(const struct player *p, size_t from, const struct pattern *t);

/* Waits for the pattern, at most `within`; false (failed) when something else comes. */
bool play_expect(
	struct player *p, struct doc_place at, const struct pattern *t, usec_t within);

/* False (failed) when bytes have come that were not expected. */
bool play_quiet(struct player *p, struct doc_place at);

/* ---- play_send.c ---- */
void play_send(struct player *p, const struct step *step);

/* ---- play_sent.c ---- */
void play_sent(struct player *p, const struct step *step);

/* ---- play_ppp.c ---- */
void play_ppp(struct player *p, const struct step *step);
void play_ppp_free(struct player *p);

/* ---- play_net.c ---- */

/* The callbacks of struct ports, with the player as ctx. */
void play_net_link(void *ctx, const struct packet_link *link);
void play_net_packet(void *ctx, const void *packet, size_t len);

/* Passes a packet that waits to the modem; false: none waits, or there is no room. */
bool play_net_deliver(struct player *p);

void play_net_clear(struct player *p); /* there is a new modem */
void play_net_free(struct player *p);

/* ---- play_bytes.c ---- */
void play_type_bytes(struct player *p, const struct step *s);
void play_raw_bytes(struct player *p, const struct step *s);

/* ---- play_peer.c ---- */
void play_peer(struct player *p, const struct step *step);

/* For a new modem: what it was connected to is forgotten. */
struct socket_ports play_peer_ports(struct player *p);

/* After every call of the modem: one thing that the world has for it; false: nothing. */
bool play_peer_next(struct player *p);
usec_t play_peer_due(const struct player *p); /* when the world has something */
void play_peer_free(struct player *p);

/* ---- play_accept.c ---- */

/* Replaces lines [from, to) of a talk with what comes. */
void play_accept(struct player *p, const struct step *step, size_t from, size_t to);
