/* A player without steps: a program is the host. It types, lets virtual time pass, and
 * reads what came. */
#pragma once

#include "host/play/player.h"

struct play_live;

/* Boots the scenario's modems with its rules and settings; its steps are not played. All
 * must outlive it; see play(). */
struct play_live *play_live_new(const struct scenario *s,
	const struct profile *const *profiles, const struct play_options *options);
void play_live_free(struct play_live *l); /* NULL is allowed */

/* Types bytes at the scenario's own modem. False: the modem accepts no more. */
bool play_live_type(struct play_live *l, const void *bytes, size_t len);

/* Carries out a step of a scenario, which is checked as in play(). False: it failed, and
 * nothing more can be done. */
bool play_live_step(struct play_live *l, const struct step *s);

/* Lets time pass until done() says so, at most `limit`; NULL: all of it. done() is asked
 * at once, and after each event. */
void play_live_wait(
	struct play_live *l, usec_t limit, bool (*done)(void *ctx), void *ctx);

/* What UART1 of that modem has said and was not taken yet, valid until the next call. */
const char *play_live_heard(const struct play_live *l, size_t *len);
void play_live_take(struct play_live *l, size_t len);

usec_t play_live_now(const struct play_live *l);

/* What has failed, as play_result.message; "": nothing. */
const char *play_live_why(const struct play_live *l);
