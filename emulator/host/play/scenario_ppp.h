/* The step `ppp` of a scenario: what the host does by PPP. */
#pragma once

#include <stddef.h>

#include "base/usec.h"
#include "conf/doc.h"
#include "conf/schema.h"
#include "host/play/ppp_host.h"

#define PPP_EXPECTS 8
#define PPP_TO      16 /* size of an address as text */
#define PPP_BYTES   100000

enum ppp_verb {      /* what the step does: the key of its row */
	PPP_NOTHING, /* only `expect` */
	PPP_START,
	PPP_PING,
	PPP_RESOLVE,
	PPP_ECHO,
	PPP_FETCH,
	PPP_IDLE,
	PPP_SEND,
	PPP_FRAME,
	PPP_TERMINATE,
	PPP_VERBS,
};
extern const struct name ppp_verbs[];

enum ppp_side {
	PPP_BY_HOST,
	PPP_BY_MODEM,
};

struct ppp_expect {
	char key[32];
	char value[PPP_HOST_TEXT];
};

struct ppp_ping {
	char to[PPP_TO];
	int bytes;
	bool answered;
};

struct ppp_resolve {
	char name[256];
	char is[PPP_TO]; /* "": any address; "none": there is no such name */
};

struct ppp_echo {
	char text[512]; /* with escapes; "": `bytes` octets of every value */
	int bytes;
	char to[PPP_TO];
};

struct ppp_step {
	enum ppp_verb verb;
	struct ppp_host_conf start;
	int until; /* start: enum ppp_host_phase */
	struct ppp_ping ping;
	struct ppp_resolve resolve;
	struct ppp_echo echo;
	char fetch[256]; /* a name or an address */
	usec_t idle;
	const char *octets; /* send, frame: hexadecimal digits, blanks between octets */
	int terminate;      /* enum ppp_side */
	struct ppp_expect expect[PPP_EXPECTS];
	size_t n_expect;
};

extern const struct schema ppp_step_schema;

/* After schema_bind(): sets verb and octets, and checks that there is one verb. */
void ppp_step_take(struct ppp_step *s, const struct doc *d, struct doc_errors *e);

/* Decodes octets with blanks; returns their number, 0 if they are none, or more than
 * max. */
size_t ppp_octets(const char *text, uint8_t *out, size_t max);
