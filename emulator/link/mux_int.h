/* Shared by mux.c and mux_*.c. */
#pragma once

#include "link/mux.h"

/* Room in the carrier without which nothing of the host is taken, so that answers fit. */
#define MUX_ROOM (2 * MUX_FRAME_MAX)

#define MUX_TICK MS(20) /* of T1 and T2 */

enum { /* mistakes of the host that are reported once, besides enum mux_fault */
	MUX_BLAME_CLOSED = 8, /* data for a DLC that is not open */
	MUX_BLAME_SLEEP = 16, /* data before the MSC that ends the sleep */
};
void mux_blame(struct mux *x, unsigned fault);

/* Sends a frame to the host; there is room. */
void mux_send(struct mux *x, const struct mux_frame *f);

/* NULL: not offered. */
struct dlc *mux_dlc(struct mux *x, unsigned dlci);

void mux_finish(struct mux *x, enum mux_end why);

/* A control message, on DLC 0: its type octet as sent. */
void mux_say(struct mux *x, uint8_t type, const uint8_t *value, size_t len);

/* Control messages from the host. */
void mux_control(struct mux *x, const struct mux_frame *f);

/* The MSC of a DLC: sends it when the outputs differ from those last sent. */
void mux_tell_lines(struct mux *x, struct dlc *d);
void mux_repeat_lines(void *ctx, usec_t now);

/* Sleep: the host has asked for it, or a DTR has dropped; the host has sent a flag
 * between frames; it is over; the modem has something to send; the next flag is due. */
void mux_may_sleep(struct mux *x);
void mux_flag_seen(struct mux *x);
void mux_awake(struct mux *x);
void mux_call_host(struct mux *x);
void mux_next_flag(void *ctx, usec_t now);
