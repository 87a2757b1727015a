/* The conditions that a client of the control interface waits for, all at once: states,
 * events, and what the modem sends at its port.
 *
 *   FIELD=VALUE       the state has that value now (fauxtrack list states)
 *   event=NAME        such an event has come; event=NAME:TEXT, one whose text has TEXT
 *   at=TEXT           the modem has sent TEXT
 *   registered, ...   a word that stands for one FIELD=VALUE: condition_words[]
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/usec.h"
#include "conf/schema.h"
#include "host/control/journal.h"

struct modem;
struct profile;

#define CONDITIONS     8
#define CONDITION_TEXT 128

struct condition_word {
	const char *word, *field, *value, *help;
};
extern const struct condition_word condition_words[]; /* ends with a NULL word */

enum condition_kind {
	CONDITION_STATE,
	CONDITION_EVENT,
	CONDITION_SAID,
};

struct condition {
	enum condition_kind kind;
	char field[64];            /* of a state */
	int event;                 /* enum notice_kind */
	char text[CONDITION_TEXT]; /* of the state, the event, or the modem's bytes */
	bool met;                  /* for events and traffic: it has come */
	char tail[CONDITION_TEXT]; /* the end of the traffic so far, at one port */
	size_t tail_len;
	unsigned tail_port;
};

struct wait {
	struct condition item[CONDITIONS];
	size_t n;
	usec_t timeout;      /* of real time */
	int64_t since;       /* events and traffic count after this id; -1: from now on */
	bool has_since;      /* the client sent since */
	bool skip_forgotten; /* begin at the oldest kept event; else refuse a gap */
};

/* The body of a wait, for the OpenAPI description. */
extern const struct schema wait_schema;

/* Binds a tree by wait_schema, and the conditions in it. `for` may be a single text. A
 * condition that can never hold for a modem of that profile is refused. */
bool wait_bind(struct doc_pool *pool, const struct doc *d, const struct profile *profile,
	struct wait *out, struct doc_errors *e);

/* Tells the wait about an event or about bytes from the modem. */
void wait_feed(struct wait *w, const struct journal_entry *entry);

/* Whether all conditions hold. */
bool wait_over(struct wait *w, const struct modem *m);

/* Prints what is still missing: "registration is searching, not home, and no event
 * \"sms\" has come". */
void wait_explain(const struct wait *w, const struct modem *m, FILE *out);
