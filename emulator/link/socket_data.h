/* The data phase of a socket at a port (wip.md +WIPDATA): LINK_SOCKET. In mode 1
 *
 *   ^P^C  one ETX     ^P^P  one DLE     ^C  the end of the data
 *
 * in both directions; mode 2 knows no such characters. +++ between its pauses is not sent
 * to the peer; without them it is data. */
#pragma once

#include <stddef.h>

#include "state/wip_state.h"

/* The port is online; CONNECT has been sent. Octets that wait follow at the end of the
 * entry. */
void socket_data_start(struct channel *ch, struct socket *s, enum socket_mode mode);

/* Back to commands without a word. Octets of the host that wait are sent; what it has
 * typed and is not taken yet becomes a command line. */
void socket_data_stop(struct channel *ch);

/* The flush delay is over: what waits leaves, and so do pluses if a pause has made them
 * data. */
void socket_data_pause(struct channel *ch);

/* The pause after +++ is over. */
void socket_data_escape(struct channel *ch);

/* The host has dropped DTR: what it had sent before still goes to the peer as far as the
 * socket takes it; then as socket_data_stop(). */
void socket_data_last(struct channel *ch);

/* Octets of the host: how many were taken. */
size_t socket_data_rx(struct channel *ch, const unsigned char *p, size_t len);

/* Octets of the peer for the host, as far as there is room. Whether there were any. */
bool socket_data_out(struct channel *ch);
