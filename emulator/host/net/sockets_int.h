/* Shared by sockets.c and the kinds of socket. */
#pragma once

#include <netinet/in.h>

#include "host/loop.h"
#include "host/net/listeners.h"
#include "host/net/reach.h"
#include "host/net/refused.h"
#include "host/net/sessions.h"
#include "host/net/sockets.h"

#define SENDERS 16 /* of datagrams, that may be answered */

enum sock_stage {
	SOCK_NEW,      /* its name is being resolved, or it is to be begun */
	SOCK_CONNECTS, /* TCP */
	SOCK_OPEN,
	SOCK_OVER, /* it has failed or ended; its number is not free yet */
};

struct sock {
	struct sockets *home;
	struct sock *next;
	int id; /* -1: the modem has closed it, and octets are still to go out */
	const struct sock_kind *kind;
	enum sock_stage stage;
	bool has_peer;
	struct reach_target target; /* of has_peer */
	uint16_t port, local; /* of the peer and of the modem, as the modem sees them */
	int ttl, tos;
	bool no_delay;
	struct resolve *resolve;
	int fd; /* -1: none, or that of the listener */
	struct loop_fd *watch;
	struct listener *listener; /* NULL: none */

	bool told_there; /* there() is to be called, from the timer ... */
	bool fails;      /* ... or ended() */
	enum socket_end why;

	bool full;      /* the modem has no room */
	bool starved;   /* the modem has octets, and there was no room */
	bool peer_shut; /* the peer sends no more */
	bool shut;      /* we are to send no more ... */
	bool fin;       /* ... and have said so */
	bool broken;    /* it takes no more */
	bool busy;      /* its handler runs */
	bool done;      /* to be freed */
	char *out;      /* TCP: SOCKET_OUT octets */
	size_t out_at, out_len;
	size_t swallowed; /* after close() */
	char name[REACH_NAME];
};

/* How a kind of socket does it. Each function is called outside of the modem, but tx and
 * wants. */
struct sock_kind {
	/* Begins, to the target. errno if it cannot. */
	int (*begin)(struct sock *s);
	/* Its descriptor is ready. */
	void (*ready)(struct sock *s);
	size_t (*room)(struct sock *s);
	void (*tx)(struct sock *s, const void *buf, size_t len);
	/* Sets what its descriptor is watched for. */
	void (*wants)(struct sock *s);
	/* The modem has closed it: true if it must stay until octets are gone. */
	bool (*lingers)(struct sock *s);
	bool udp;
	unsigned *(*count)(struct sockets_counts *c);
};
extern const struct sock_kind sock_udp, sock_tcp, sock_server;

struct sockets {
	struct loop *loop;
	struct sockets_options o;
	struct socket_modem m;
	struct refusals told;
	struct loop_timer *timer; /* set while a socket has something to report */
	struct sock *first;       /* the newest */
	struct sock *of[SOCKETS];
	struct sessions *sessions; /* NULL: none so far */
	bool session[SOCKETS];     /* that id is one of them */
	struct sockets_counts counts;
	struct {
		uint8_t addr[4];
		uint16_t port;
	} sender[SENDERS];
	unsigned senders;
};

/* A new one with that number, in its place. */
struct sock *sock_new(struct sockets *h, unsigned id, const struct sock_kind *kind);

/* Watches fd, which then belongs to s. False if the system refuses. */
bool sock_watch(struct sock *s, int fd);

/* What a descriptor's watch calls: ready() of its kind. */
void sock_ready(void *sock);

/* It has no descriptor any more, nor a listener. */
void sock_close_fd(struct sock *s);

/* ttl, tos and no_delay, as far as they are set. */
void sock_set(const struct sock *s);

/* Calls there() or ended() as soon as the modem does not run. */
void sock_report_there(struct sock *s);
void sock_report_end(struct sock *s, enum socket_end why);

/* The same now, from the loop. Then s may have been closed: s->id. */
void sock_there(struct sock *s);
void sock_ended(struct sock *s, enum socket_end why);
void sock_rx(struct sock *s, const struct socket_peer *from, const void *buf, size_t len);

/* Who is at an address of this machine, as the modem sees it. */
struct socket_peer sock_seen(
	const struct sockets *h, bool udp, const struct sockaddr_in *a);
