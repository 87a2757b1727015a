/* A whole modem on a shipped profile, for tests. Its records are discarded, unless it is
 * given a store for them. An error while making one ends the test program with a message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"
#include "conf/doc.h"
#include "modem.h"
#include "state/profile.h"

/* A shipped combination, with its command tables; free it with rig_profile_free(). */
struct profile *rig_profile(const char *name);
/* The same, changed as --set does. */
struct profile *rig_profile_with(const char *name, const struct kv *sets, size_t n);
void rig_profile_free(struct profile *p);

/* Calls visit() with the name of every shipped combination. */
void rig_each_profile(void (*visit)(const char *name));

/* The same with every shipped firmware that is not a base. */
void rig_each_firmware(void (*visit)(const char *name));

/* Records in memory, like those of a --state directory. */
#define RIG_RECORDS 128
struct rig_store {
	struct rig_record {
		char name[48];
		char *data;
		size_t len;
	} record[RIG_RECORDS];
	size_t n;
	unsigned long stores; /* how often a record was written */
	unsigned damaged;     /* reports of damaged records */
	char what[300];       /* the last of them, and the log */
	/* A record is about to be written; false: that fails. May be NULL. */
	bool (*storing)(void *ctx, const char *rec, const void *data, size_t len);
	void *ctx;
};

/* The record with that name, NULL if there is none. */
struct rig_record *rig_record(struct rig_store *s, const char *name);
void rig_record_put(struct rig_store *s, const char *name, const void *data, size_t len);
void rig_store_clear(struct rig_store *s);

#define RIG_PORTS 3

struct rig {
	const struct profile *profile;
	struct modem *modem;
	usec_t now;
	struct rig_store *store; /* NULL: none */
	char out[65536]; /* the modem's output since rig_clear(); when full, more is
			    dropped */
	size_t len;
	struct { /* output of the ports after the first */
		char out[8192];
		size_t len;
	} more[RIG_PORTS - 1];
	unsigned v24[RIG_PORTS]; /* v24_line set of each port */
	struct {                 /* the IP packets of a PPP session */
		bool on;
		struct packet_link link; /* of the session, also of the last one */
		unsigned packets;        /* from the host, so far */
		char last[1600];
		size_t len;
	} ip;
	void (*notify)(struct rig *r, const struct notice *n); /* may be NULL */
};

/* A modem without power, whose port a client has opened. */
void rig_init(struct rig *r, const struct profile *p);

/* The same with so many ports, at most RIG_PORTS, all open. */
void rig_init_ports(struct rig *r, const struct profile *p, unsigned ports);
/* The same with numbers of its own. */
void rig_init_unit(
	struct rig *r, const struct profile *p, const struct unit_numbers *numbers);
void rig_free(struct rig *r);

/* The same with a store, in mem (modem_size() bytes from malloc(), which rig_free()
 * frees). False when its records are refused; then mem still belongs to the caller.
 * Clears mem first. */
bool rig_init_on(
	struct rig *r, const struct profile *p, struct rig_store *store, void *mem);

/* The same with numbers of its own. */
bool rig_init_unit_on(struct rig *r, const struct profile *p,
	const struct unit_numbers *numbers, struct rig_store *store, void *mem);

/* The same without a store, in memory that is all zero and stays the caller's. */
void rig_init_zeroed(struct rig *r, const struct profile *p, void *mem);

/* Switches it on and lets it settle; the output is discarded. */
void rig_boot(struct rig *r);

/* Set-up and tear-down of a cmocka test: *state is a struct rig, a Supreme 20 on 7.4 that
 * has booted. */
int rig_begin(void **state);
int rig_end(void **state);

/* Types bytes, waiting while the modem accepts no more. */
void rig_type(struct rig *r, const void *bytes, size_t len);
void rig_type_at(struct rig *r, unsigned port, const void *bytes, size_t len);

/* Lets time pass, event by event. */
void rig_pass(struct rig *r, usec_t time);

/* Types a text and lets time pass. */
void rig_say(struct rig *r, const char *text, usec_t time);
void rig_clear(struct rig *r);
