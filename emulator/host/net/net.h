/* The network that a host reaches through the modem's PPP: by default only names with a
 * target each, a name server that knows only them, and echoes of these. README.md has the
 * rules. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "host/net/names.h"
#include "host/net/slirp_module.h"
#include "state/ports.h"

struct curl_ops;
struct listeners;
struct loop;
struct net;

/* Why a packet of the host was not carried on. */
enum net_refusal {
	NET_MALFORMED, /* not IPv4, a length or a checksum is wrong */
	NET_SOURCE,    /* not from the address that the host was given */
	NET_FRAGMENT,  /* a part of a packet for a named host */
	NET_PROTOCOL,  /* neither TCP, UDP nor ICMP echo; or with IP options */
	NET_UNNAMED,   /* no name leads there */
	NET_LOOPBACK,  /* addresses that --internet does not open either */
	NET_NO_NAME,   /* a question for a name that is not known */
	NET_BUSY,      /* more connections are being made at once than we hold */
	NET_FAILED,    /* the target did not answer, or refused */
	NET_OVERFLOW,  /* for the host: too many packets wait for PPP */
	NET_REFUSALS,
};
extern const struct name net_refusal_names[];

struct net_counts {
	uint64_t out, out_octets; /* packets of the host */
	uint64_t in, in_octets;   /* packets for the host that PPP has taken */
	uint64_t refused[NET_REFUSALS];
	unsigned connecting, relays; /* now: TCP targets, UDP conversations */
};

struct net_options {
	const struct names *names; /* must outlive the network; NULL: none */
	bool internet;
	uint8_t dns[2][4]; /* name servers of the network, for echoes; all zero: none */
	/* Where programs of this machine reach servers of the modem; NULL: nowhere. */
	struct listeners *listeners;
	/* Finds the operations of fauxtrack-slirp. It is called when a link comes up
	 * that needs them; NULL, with "what; remedy" in why, if they are not there. */
	const struct slirp_ops *(*slirp)(char *why, size_t size);
	/* The same for fauxtrack-curl and the first session of WIPsoft; may be NULL. */
	const struct curl_ops *(*curl)(char *why, size_t size);
	const struct log *log;
};

/* ready(): packets for the host have come; called from the loop only. Costs a few
 * allocations, and nothing more until a link comes up. options are copied. */
struct net *net_new(struct loop *l, const struct net_options *options,
	void (*ready)(void *ctx), void *ctx);
void net_free(struct net *n); /* NULL is allowed */

/* The link is up with these addresses, or (NULL) down: all connections end. */
void net_link(struct net *n, const struct packet_link *link);

/* A packet of the host, anything. */
void net_packet(struct net *n, const void *packet, size_t len);

/* The next packet for the host, NULL if there is none; net_taken() removes it. */
const uint8_t *net_first(const struct net *n, size_t *len);
void net_taken(struct net *n);

void net_count(const struct net *n, struct net_counts *out);
