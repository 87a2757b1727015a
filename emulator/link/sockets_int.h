/* What sockets.c, socket_table.c and socket_octets.c share. */
#pragma once

#include "state/wip_state.h"

static inline bool socket_is_udp(const struct socket *s)
{
	return s->kind == SOCKET_UDP;
}

/* Octets may go to the peer. */
bool socket_sends(const struct socket *s);

/* The world no longer has it; its place is free. */
void socket_leave(struct modem *m, struct socket *s);
void socket_release(struct modem *m, struct socket *s);
