/* A modem at its ports: bytes, DTR, speed and time go in; bytes, notices and records come
 * out; the trace gets all of it. */
#pragma once

#include <stdbool.h>

#include "modem.h"
#include "port.h"
#include "wire_net.h"

struct action;
struct loop;
struct profile;
struct sockets_counts;
struct trace;
struct wire;

struct wire_options {
	struct modem_options modem;
	bool settle;          /* --speed max: the modem's own work takes no time */
	bool cold;            /* power comes on with the first client */
	struct trace *trace;  /* NULL for none; must outlive the wire */
	struct nv_ops nv;     /* where records are; without a load nothing is kept */
	struct far_ports far; /* far ends of data calls; without open nobody is there */
	struct neighbour_ports neighbours; /* without has: none */
	int (*nv_clear)(void *nv);
	/* The number of damaged records that nv.damaged() has set aside; NULL: it sets
	 * none aside. */
	unsigned (*nv_aside)(const void *nv);
	const struct net_options *net; /* see wire_net.h */
	struct pcap *pcap;
};

/* What a wire reports to a watcher; any may be NULL. Only settled() may call back into
 * the wire. */
#define WIRE_WATCHES 4
struct wire_watch {
	void *ctx;
	void (*notice)(void *ctx, const struct notice *n);
	/* Bytes of one moment at a port: '>' from the host, '<' from the modem. */
	void (*bytes)(void *ctx, unsigned port, usec_t at, char direction,
		const void *buf, size_t len);
	void (*settled)(void *ctx); /* after each entry: the state may have changed */
	void (*renewed)(void *ctx); /* the modem is about to be made anew */
};

/* Makes the modem, with as many ports as the options say, and, unless cold, boots it: virtual time runs until the modem has no
 * work left, at most 120 s, and its output is discarded. NULL (logged) when the records
 * belong to another device, or the system refuses. The profile must outlive the wire. */
struct wire *wire_new(struct loop *l, const struct profile *profile,
	const struct wire_options *options);
void wire_free(struct wire *w); /* close its ports first; NULL is allowed */

/* The events with which to open a port of it (enum modem_port), and then the open port.
 * NULL: closed. A port without one is there, and nobody has opened it. */
struct port_events wire_events(struct wire *w, unsigned port);
void wire_attach(struct wire *w, unsigned port, struct port *p);

/* The path of a port; `without` where it has none; NULL while it is unplugged. */
const char *wire_path(const struct wire *w, unsigned port, const char *without);

/* Virtual time. */
usec_t wire_now(struct wire *w);

/* --- from outside ------------------------------------------------------------------- */

/* Adds a watcher, at most WIRE_WATCHES; copied. */
void wire_watch(struct wire *w, const struct wire_watch *watch);
void wire_unwatch(struct wire *w, void *ctx); /* removes the watcher with this ctx */

const struct modem *wire_modem(const struct wire *w); /* read only */

/* What has passed between its host and the network; false if it has none. */
bool wire_net_counts(const struct wire *w, struct net_counts *out);
/* The same for its own WIPsoft. */
bool wire_socket_counts(const struct wire *w, struct sockets_counts *out);
const struct net_options *wire_network(const struct wire *w); /* NULL: none */
/* Around calls of the modem's entries from elsewhere than its port; now: the virtual
 * time for them. */
struct modem *wire_enter(struct wire *w, usec_t *now);
void wire_leave(struct wire *w);

/* Like modem_act(), now. */
const char *wire_act(struct wire *w, const struct action *a);

/* Restores the modem as delivered: erases its records and boots it as at the start, its
 * output discarded. Time goes on. False (logged) when a record could not be erased. */
bool wire_factory(struct wire *w);

/* What a new modem is made from: see struct wire_options. All must outlive the wire, or
 * its next renewal. */
struct wire_renewal {
	const struct profile *profile;
	bool cold;
	uint64_t seed;
	const struct unit_numbers *numbers;
	const struct flash_image *images;
	size_t n_images;
	const struct fault_rule *faults;
	size_t n_faults;
};

/* The same with a modem of another kind, with other rules, on the same ports. */
bool wire_renew(struct wire *w, const struct wire_renewal *r);

/* Whether a program has that port open. */
bool wire_client(const struct wire *w, unsigned port);

/* A console: bytes for the modem as if a host had sent them at that port. Without a client
 * there the console is the host until wire_hang_up() or until a client comes: DTR is on,
 * and what the modem sends goes to the watchers only. Returns how many bytes the modem has
 * taken; 0 also where the port is not open. */
size_t wire_type(struct wire *w, unsigned port, const void *buf, size_t len);
void wire_hang_up(
	struct wire *w, unsigned port); /* DTR falls; without a console nothing */
bool wire_console(const struct wire *w, unsigned port);

/* Virtual seconds per real second from now on: 0 stops time; what waits for the host
 * keeps to real time. Ends --speed max. */
void wire_scale(struct wire *w, unsigned speed);
unsigned wire_speed(const struct wire *w); /* the present speed */

/* Advances time at once. */
void wire_step(struct wire *w, usec_t time);
