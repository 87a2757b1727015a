/* The service centre (3GPP 23.040 clause 3): stores what the modem submits, forwards it
 * to subscribers and, for the SIM's own number, back to the modem, makes status reports,
 * and retries while the modem's memory is full. The network's YAML describes its
 * subscribers and behaviour (struct sms_network). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/sched.h"
#include "codec/address.h"
#include "codec/concat.h"
#include "codec/tpdu.h"
#include "gsm/neighbours.h"
#include "state/profile.h"

#define SMSC_ITEMS  64
#define SMSC_OUTBOX 32
#define SMSC_PDUS   128
#define SMSC_PARTS  64
#define SMSC_TEXT   2048

enum smsc_answer { /* the mobile's answer to a delivery */
	SMSC_TAKEN,
	SMSC_PENDING, /* smsc_answer() will follow */
	SMSC_AWAY,    /* not reachable: smsc_reachable() will follow */
	SMSC_FULL,    /* no memory: smsc_memory_available() will follow */
	SMSC_REFUSED, /* permanently */
};

/* A message as its recipient reads it. */
struct smsc_sent {
	uint32_t id; /* from 1 */
	usec_t at;   /* of its first part */
	struct address to;
	uint8_t fo, pid, dcs, mr; /* of the last part */
	struct userdata_concat concat;
	int parts;   /* parts received, out of concat.total (1: a single message) */
	int settled; /* parts whose outcome is known */
	int status;  /* the worst TP-ST of those, -1 before any */
	bool asked, reported;   /* a status report was requested; one was made */
	size_t text, text_size; /* its text in `texts`, with the zero */
};

/* A SUBMIT as received. */
struct smsc_pdu {
	uint32_t sent; /* smsc_sent.id, 0: none */
	uint8_t part;  /* from 1 */
	uint8_t len;
	const uint8_t *octets;
};

/* A text for the modem. */
struct smsc_message {
	const char *from; /* digits with or without +, or a name of up to 11 characters */
	const char *text; /* UTF-8 */
	enum concat_choice alphabet;
	bool data; /* text is hexadecimal digits of 8 bit data, in one part */
	bool wide; /* the parts' references have 16 bits */
	int class; /* 0-3 or DCS_NO_CLASS */
	uint8_t pid;
	usec_t delay;
	int copies; /* how many times it is sent, at least 1 */
};

struct smsc_item {
	bool used, to_modem;
	bool waits;      /* for the modem or its memory, or a neighbour's room */
	bool outbound;   /* for a neighbour */
	bool under_way;  /* with a neighbour, which has not told its end */
	uint64_t ref;    /* sms_post.ref of an outbound or inbound message, else 0 */
	uint64_t sender; /* sms_post.sender of a neighbour's message, else 0 */
	usec_t due;      /* time of the next try */
	usec_t expires;  /* USEC_NEVER: never */
	uint64_t order;  /* of arrival */
	bool report;     /* the sender wants a report */
	uint8_t mr, status;
	uint32_t sent;                         /* smsc_sent.id, 0 for a second copy */
	const struct sms_behaviour *behaviour; /* for a subscriber */
	struct address peer;                   /* the recipient */
	struct address sc; /* through another centre; empty: this one, unless ... */
	bool as_given;     /* ... the PDU is sent unchanged, 00 for no centre */
	struct tpdu t; /* DELIVER or STATUS-REPORT; for subscribers, what an echo sends */
};

/* What messages take. It is written only where there are any. */
struct smsc_memory {
	struct concat_part parts[SMSC_PARTS];
	struct smsc_item item[SMSC_ITEMS];
	uint8_t octets[SMSC_PDUS * TPDU_MAX];
	struct smsc_pdu pdus[SMSC_PDUS];
	struct smsc_sent outbox[SMSC_OUTBOX];
	char texts[SMSC_OUTBOX * SMSC_TEXT];
};

struct smsc {
	const struct sms_network *world;
	struct sched *sched;
	const struct log *log;
	int64_t epoch;              /* Unix time at virtual time 0 */
	int zone;                   /* quarters of an hour */
	struct address number, own; /* of the centre, and of the SIM */
	enum smsc_answer (*deliver)(
		void *ctx, const struct address *sc, const struct tpdu *t);
	void (*submitted)(void *ctx, int cause);
	void (*told)(void *ctx, const struct smsc_sent *sent);
	void *ctx;
	const struct neighbour_ports *neighbours; /* NULL: none */

	struct smsc_item *item;   /* SMSC_ITEMS */
	size_t items;             /* how many of them were ever used */
	struct smsc_item *active; /* delivered to the modem, which has not answered */
	struct timer work;        /* for the next due item */
	struct timer retry;       /* for items that wait */
	uint64_t order;
	uint64_t life;     /* this modem as a sender; 0: it has sent nothing */
	uint64_t last_ref; /* the newest sms_post.ref */
	uint16_t ref;      /* of a text in parts */

	struct timer submit;
	struct tpdu submitting;
	int cause;
	int accepted[SMS_SUBSCRIBERS + 1]; /* messages per subscriber, all others last */

	struct concat concat;
	struct smsc_sent *outbox; /* ring: id % SMSC_OUTBOX */
	uint32_t last_id;
	struct smsc_pdu *pdus; /* ring of SMSC_PDUS */
	size_t next_pdu;
	uint8_t *octets; /* of the PDUs, one after the other, the oldest first */
	size_t n_octets;
	char *texts; /* of the outbox, one after the other, in the order of their ids */
	size_t texts_len;
};

/* number: of the centre; own: the SIM's, "" if it has none. The callbacks must not call
 * back into smsc, except smsc_answer() outside of deliver(). The memory is all zero and
 * belongs to the caller. */
void smsc_init(struct smsc *s, struct smsc_memory *memory, const struct network *world,
	const char *number, const char *own, int64_t epoch, struct sched *sched,
	const struct log *log);

/* Takes a SUBMIT; submitted() follows with 0 or the +CMS ERROR number. failure: fail with
 * this cause in any case, 0 for none. */
void smsc_submit(struct smsc *s, const struct tpdu *t, int failure);

/* Cancels the submission under way: submitted() does not follow. False: there is none. */
bool smsc_withdraw(struct smsc *s);

/* The modem is reset: cancels a submission or delivery under way. */
void smsc_abort(struct smsc *s);

/* The answer to a delivery that was SMSC_PENDING. */
void smsc_answer(struct smsc *s, enum smsc_answer answer);
void smsc_reachable(struct smsc *s);
void smsc_memory_available(struct smsc *s);

/* Sends a text to the modem: returns the number of parts, or 0 with the reason in *why.
 */
int smsc_send(struct smsc *s, const struct smsc_message *m, enum pdu_error *why);

/* Sends a DELIVER or STATUS-REPORT in the format of 27.005: hexadecimal digits, the
 * service centre first. */
enum pdu_error smsc_send_pdu(
	struct smsc *s, const char *digits, size_t n, usec_t delay, int copies);

/* Sends the modem a status report (TP-ST `status`) about message `id` of the outbox, 0
 * for the newest, after `delay`. False when there is no such message, or no room. */
bool smsc_report(struct smsc *s, uint32_t id, uint8_t status, usec_t delay);

/* What became of a message that a neighbour got (neighbour_ports.send()): TP-ST, or
 * SMS_POST_NO_ROOM: it will be sent again. Another sender or ref does nothing. */
void smsc_handed_over(struct smsc *s, uint64_t sender, uint64_t ref, int status);

/* A message of a neighbour, for the modem, also again; neighbour_ports.done() follows.
 * False: there is no room for it now. */
bool smsc_take_over(struct smsc *s, const struct sms_post *p);

/* The number of messages that have not reached the modem yet. */
int smsc_waiting(const struct smsc *s);

/* The messages that the modem has sent, the newest SMSC_OUTBOX in order: returns the one
 * after id `after` (0: the oldest), NULL at the end. */
const struct smsc_sent *smsc_outbox_next(const struct smsc *s, uint32_t after);

/* Its text: UTF-8, or hexadecimal digits for data; at most SMSC_TEXT - 1 octets, the rest
 * is cut. Valid until the outbox changes. */
const char *smsc_outbox_text(const struct smsc *s, const struct smsc_sent *sent);

/* Part `part` of message `id` as received, NULL if it was not or is no longer kept (the
 * newest SMSC_PDUS are). */
const struct smsc_pdu *smsc_outbox_pdu(const struct smsc *s, uint32_t id, int part);
