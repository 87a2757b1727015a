/* Shared by run_main.c, which runs modems at ports, and exec_*.c, which also run a
 * command.
 */
#pragma once

#include "host/cli.h"
#include "host/control/control.h"
#include "host/run/fleet.h"
#include "host/run/group.h"
#include "host/run/options.h"
#include "host/run/parent.h"
#include "modem.h"

struct run;

/* A modem, its ports, files and log. */
struct unit {
	struct run *run;
	const struct group *group;
	unsigned number; /* in the process, from 1 */
	unsigned index;  /* in its group, from 1 */
	struct unit_numbers numbers;
	struct log log;
	struct nvdir *nv;
	struct trace *trace;
	struct pcap *pcap;
	struct names *names; /* NULL: none */
	struct net_options *net;
	struct listeners *listeners; /* NULL: none */
	struct wire *wire;
	struct far_ends *far;
	struct port *port[MODEM_NAMED]; /* NULL: not asked for */
};

struct run {
	struct options o; /* of the process */
	struct library *library;
	struct fleet *fleet; /* NULL: one group, which is `only` */
	struct group only;
	struct group *groups;
	size_t n_groups;
	unsigned count;         /* of modems in all groups */
	struct parent *watched; /* --exit-with-parent, NULL: not given */
	struct loop *loop;
	struct pty_hub *hub;
	struct run_exchange *exchange; /* NULL: a single modem */
	struct unit *units;
	struct armed *armed; /* run_bug.c */
	struct control *control;
	struct modem_sweep sweep; /* of exec's first modem */
	int signo;                /* the signal that ends it, 0: none so far */
	void (*on_signal)(struct run *r, int signo); /* NULL: the loop stops */
	void (*on_child)(struct run *r);
};

/* Loads what modems share: profiles, bugs, images. Returns the exit status, after
 * reporting what is wrong. Call run_forget() in any case. */
int run_load(struct run *r);
void run_forget(struct run *r);

/* run_limits.c: whether a modem with these options has a pty; whether the system allows all
 * that the modems need (else reported). */
bool run_has_pty(const struct options *o);
bool run_check_limits(const struct run *r);

/* run_far.c: the far ends of data calls; those that call in listen once the wire is there. False,
 * after reporting what is wrong. */
bool run_far_open(struct unit *u);
bool run_far_listen(const struct unit *u);

/* run_net.c: the network beyond a unit's PPP. False, after reporting what is wrong. */
bool run_net_open(struct unit *u);
void run_net_close(struct unit *u);

/* run_bug.c: what the control interface does to arm a field bug. Forget after the wires. */
struct api_bugs run_bugs(struct run *r);
void run_bugs_forget(struct run *r);

/* run_exchange.c: modems that send each other messages. Before any modem is made; for each
 * modem's wire_options, and when its wire is there. False, after reporting two modems with
 * one number. */
bool run_exchange_open(struct run *r);
/* When their --state is open: those of other processes too (--exchange). False, reported. */
bool run_exchange_connect(const struct run *r);
void run_exchange_show(const struct run *r, struct api_place *place);
struct neighbour_ports run_exchange_ports(const struct unit *u);
void run_exchange_attach(struct unit *u);
void run_exchange_close(struct run *r); /* after the wires, before the loop */
/* A random name, not 0. False: the system has no random numbers. */
bool run_exchange_name(uint64_t *out);

/* run_mqtt.c: the modems in the exchange of --exchange; NULL, after reporting why not. */
struct neighbours;
struct run_mqtt;
struct run_mqtt *run_mqtt_open(const struct run *r, struct neighbours *n);
struct mqtt_counts run_mqtt_counts(const void *run_mqtt);
void run_mqtt_close(struct run_mqtt *q); /* before the neighbours; NULL is allowed */

/* Opens the loop, the modems at their ports, the control interface and the signals. Call
 * run_close() in any case; after that it may be opened again, with new modems. */
int run_open(struct run *r);
void run_close(struct run *r);

/* run_log.c: struct log.line(); ctx is the struct unit. */
void run_log(void *ctx, enum log_cat cat, enum log_level level, const char *text);
