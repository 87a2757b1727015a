/* The step `peer` of a scenario: what the far sides of WIPsoft's sockets and sessions do,
 * and what they must have got. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/doc.h"
#include "conf/schema.h"
#include "host/play/peers.h"

#define PEER_AT    80 /* "HOST:PORT", with its zero */
#define PEER_BYTES 1000000

enum peer_verb { /* what the step does: the key of its row */
	PEER_NOTHING,
	PEER_SERVES,
	PEER_SENDS,
	PEER_SENDS_BYTES,
	PEER_RECEIVED,
	PEER_RECEIVED_BYTES,
	PEER_DOES,
	PEER_IS,
	PEER_CONNECTS,
	PEER_DATAGRAM,
	PEER_ASKED,
	PEER_STORED,
	PEER_VERBS,
};
extern const struct name peer_verbs[];

enum peer_deed {
	PEER_CLOSES,
	PEER_RESETS,
	PEER_STALLS,
	PEER_READS,
};

struct peer_step {
	enum peer_verb verb;
	char at[PEER_AT];      /* which far side; "": the newest */
	char host[PEERS_NAME]; /* ... split */
	uint16_t port;         /* 0: any */
	int serves;            /* enum peers_kind */
	int after;
	char user[PEERS_NAME], password[PEERS_NAME], reason[PEERS_NAME];
	int error, status;
	const struct doc *files; /* serves, stored: a mapping of texts; NULL: none */
	const char *text;        /* sends, received, datagram: with escapes */
	int bytes;               /* sends_bytes, received_bytes */
	int does;                /* enum peer_deed */
	int is;                  /* enum peers_state */
	bool refused;            /* connects, datagram: nobody is there */
	int to;                  /* connects, datagram: port of the modem */
	char from_text[PEER_AT];
	struct socket_peer from;
	char asked[PEERS_LINE];
};

extern const struct schema peer_step_schema;

/* After schema_bind(): sets the verb, the texts and the files, which live in the
 * document, and splits addresses. */
void peer_step_take(struct peer_step *s, const struct doc *d, struct doc_errors *e);
