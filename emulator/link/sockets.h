/* The sockets and sessions of WIPsoft: a table with a place for each <protocol>,<idx>, and
 * the octets on their way between a port and struct socket_ports. Knows no AT text: what
 * is shown is up to struct socket_user.
 *
 *   host -> socket_data.c -> tx -> (flush delay, segments) -> ports.sockets.tx
 *   host <- socket_data.c <- rx <------------------------- modem_socket_rx()
 */
#pragma once

#include "base/usec.h"
#include "state/wip_state.h"

/* What happens to a socket. All of it is called within an entry of the modem. */
struct socket_user {
	/* It is there; it could not be opened (s->why). */
	void (*there)(struct modem *m, struct socket *s);
	void (*failed)(struct modem *m, struct socket *s);
	/* A client of a server is there. */
	void (*accepted)(struct modem *m, struct socket *server, struct socket *client);
	/* Octets wait and no port is in its data phase; once until it was in one. */
	void (*readable)(struct modem *m, struct socket *s,
		const struct socket_peer *from, size_t len);
	/* It has ended (s->why) while no port is in its data phase. */
	void (*ended)(struct modem *m, struct socket *s);
	/* A port is in its data phase, the host has all octets, and the socket has ended
	 * or its transfer is done. Called when there is room for LINK_PROMISED. */
	void (*read_out)(struct channel *ch, struct socket *s);
	/* A single ETX of the host has been carried out: the octets before it have left. */
	void (*etx)(struct channel *ch, struct socket *s);
	/* +++ was typed with its pauses: the port is back at commands. */
	void (*escaped)(struct channel *ch, struct socket *s);
	/* The transfer of a session begins to pass octets; has ended. Texts are valid
	 * during the call. */
	void (*begun)(struct modem *m, struct socket *s);
	void (*done)(struct modem *m, struct socket *s, const struct socket_result *r);
};

/* The place of <protocol>,<idx>; idx is in range. Its number (id) outside is its place. */
struct socket *socket_at(struct modem *m, enum socket_kind kind, int index);

/* The place with that number, NULL for a number that is none. */
struct socket *socket_of(struct modem *m, unsigned id);
unsigned socket_id(const struct modem *m, const struct socket *s);

/* Most indexes of a protocol. */
int socket_most(enum socket_kind kind);

/* There is one that the host has created and not closed. */
bool socket_listed(const struct socket *s);

/* Takes the place, which is free or failed: a new socket, opening, asked for by the host
 * at ch. Then socket_open() asks the world for it: there() or failed() follows. */
void socket_take(struct channel *ch, struct socket *s, enum socket_kind kind, int index);
void socket_open(struct modem *m, struct socket *s, const struct socket_order *order);

/* The host closes it: octets that wait still go to the peer. A port in its data phase is
 * left without a word. */
void socket_close(struct modem *m, struct socket *s);

/* What a session does is broken off; it has ended for the peer, and is closed by the host. */
void socket_break(struct modem *m, struct socket *s);

/* A session may have another transfer: nothing is left of the last one. */
void socket_again(struct modem *m, struct socket *s);

/* All at once: reset, or AT+WIPCFG=0. Nothing is sent any more. */
void sockets_stop(struct modem *m);

/* Without the bearer no octet passes: all but free ones end (UNREACHABLE), and ports in
 * their data phase learn it by read_out(); octets that were not read are lost. */
void sockets_lose(struct modem *m);

/* A channel goes: nothing is told to it any more. */
void sockets_forget(struct channel *ch);

/* Octets that have come and are not read: their number; of UDP that of the first
 * datagram. */
size_t socket_readable(const struct socket *s);

/* TTL, TOS or no-delay has changed. */
void socket_set(struct modem *m, struct socket *s);

/* ---- for socket_data.c -------------------------------------------------------------- */

/* The most octets that one byte of the host adds: three pluses that turn out to be data, an
 * odd DLE, and itself. */
#define SOCKET_BURST 5

#define SOCKET_PLUSES SEC(1) /* how long a plus waits for the next one */

struct socket_memory *socket_memory(struct modem *m, struct socket *s);

/* How many octets of the host it takes now. */
size_t socket_tx_room(const struct socket *s);

/* An octet of the host; there is room. */
void socket_put(struct modem *m, struct socket *s, uint8_t octet);

/* Octets put so far: sends those that are due, and arms the timer for the rest. */
void socket_settle(struct modem *m, struct socket *s);

/* All that waits leaves now. */
void socket_push(struct modem *m, struct socket *s);

/* The first waiting octets of the peer, at most max; removes them. They stay where they
 * are in the memory until socket_taken(). */
size_t socket_first(
	const struct modem *m, const struct socket *s, const uint8_t **octets);
void socket_taken(struct modem *m, struct socket *s, size_t len);

/* ---- entries of the modem (modem.h) ------------------------------------------------- */

void sockets_there(
	struct modem *m, unsigned id, uint16_t local, const struct socket_peer *peer);
int sockets_accept(struct modem *m, unsigned server, const struct socket_peer *peer);
size_t sockets_room(const struct modem *m, unsigned id);
void sockets_rx(struct modem *m, unsigned id, const struct socket_peer *from,
	const void *buf, size_t len);
void sockets_ended(struct modem *m, unsigned id, enum socket_end why);
void sockets_ready(struct modem *m);
void sockets_begun(struct modem *m, unsigned id);
/* An action ends it as if the other end had: the world no longer has it. */
void sockets_end(struct modem *m, unsigned id, enum socket_end why);

/* The action `packets` has changed: what waited goes on. */
void sockets_flow(struct modem *m);
void sockets_done(struct modem *m, unsigned id, const struct socket_result *result);
