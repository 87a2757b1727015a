/* Shared by the files of the network. */
#pragma once

#include "codec/ip.h"
#include "host/loop.h"
#include "host/net/net.h"
#include "host/net/queue.h"
#include "host/net/refused.h"

#define TCP_PENDING  64       /* connections being made */
#define TCP_PATIENCE SEC(75)  /* until the host completes one */
#define UDP_RELAYS   64       /* conversations; with another one the oldest ends */
#define UDP_IDLE     SEC(120) /* RFC 4787 requires 2 minutes */
#define DNS_ASKED    32       /* questions that went on to the machine's resolver */

/* A connection whose target is being connected, or waits for the host's third segment. */
struct tcp_pending {
	struct net *net;
	bool used;
	int fd;
	struct loop_fd *watch; /* NULL: connected */
	uint8_t dst[4];
	uint16_t sport, dport;
	const struct forward *forward;
	usec_t since; /* real time */
	uint8_t syn[IP_MAX];
	size_t syn_len;
};

struct udp_relay {
	struct net *net;
	bool used;
	int fd;
	struct loop_fd *watch;
	struct ip_ends back; /* of packets to the host */
	usec_t last;         /* real time */
};

struct net {
	struct net_options o;
	struct loop *loop;
	void (*ready)(void *ctx);
	void *ctx;
	struct queue queue;
	struct net_counts counts;
	bool up, inside; /* net_packet() runs: no ready() */
	struct packet_link link;
	struct loop_timer *timer;
	const struct slirp_ops *ops;
	struct slirp *slirp; /* NULL: not needed, or not there */
	struct loop_fd *slirp_fd;
	struct tcp_pending *pending; /* TCP_PENDING, from the first use on */
	struct tcp_pending *current; /* whose segment libslirp has now */
	struct udp_relay *relay;     /* UDP_RELAYS, from the first use on */
	struct {
		uint16_t sport;
		uint8_t addr[4];
	} asked[DNS_ASKED]; /* with --internet: which name server was meant */
	unsigned n_asked;
	struct refusals told;
};

/* A packet for the host. */
void net_send(struct net *n, const void *packet, size_t len);
void net_refuse(struct net *n, enum net_refusal why);

/* After work in the loop: reports packets, sets the timer. */
void net_settle(struct net *n);

/* Passes a packet to libslirp, from the host to that address inside. */
void net_inside(struct net *n, const void *packet, size_t len, const uint8_t to[4]);

/* Logs a destination that is refused, the first time. */
void refused_packet(struct refusals *r, const struct names *names, const struct ip *p);

/* tcp.c: a segment for a named port. */
void tcp_segment(struct net *n, const void *packet, size_t len, const struct ip *p,
	const struct named_host *h, const struct forward *f);
int tcp_serve(struct net *n);                 /* see slirp_setup.serve */
usec_t tcp_expire(struct net *n, usec_t now); /* returns the time until the next */
void tcp_clear(struct net *n);

/* udp.c: the same for datagrams. */
void udp_datagram(struct net *n, const struct ip *p, const struct forward *f);
usec_t udp_expire(struct net *n, usec_t now);
void udp_clear(struct net *n);

/* A socket that does not block, connected or being connected to the target. -1: errno. */
int net_connect(const struct forward *f, int type);
