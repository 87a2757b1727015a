/* Shared by the files of the exchange over MQTT. */
#pragma once

#include "base/rand.h"
#include "host/exchange/mqtt.h"
#include "host/exchange/mqtt_call_json.h"
#include "host/exchange/mqtt_people.h"

#define MQTT_POST_CHAINS   1024
#define MQTT_WINDOW_CHAINS 64
#define MQTT_SENDERS       8192 /* of messages that came, whose acks have a place to go */

/* A number of ours. Claims are decided by the order in which the broker passes them on,
 * which all see: who sees another's claim before its own comes second. */
enum mqtt_claim {
	MQTT_CLAIM_NONE, /* the broker has not been asked in this connection */
	MQTT_CLAIM_SENT, /* our claim has not come back */
	MQTT_CLAIM_OPEN, /* it has; somebody had the number, and may say so again */
	MQTT_CLAIM_OURS,
	MQTT_CLAIM_LOST,
};

struct mqtt_own {
	enum mqtt_claim claim;
	usec_t until;             /* OPEN: after that it is ours */
	struct mqtt_state holder; /* SENT, OPEN: unit 0: nobody; LOST */
	usec_t said;              /* OURS: when we said so again */
	bool told;                /* the log has it */
};

/* A message that waits for its end. */
struct mqtt_post {
	struct mqtt_post *next;
	unsigned modem;
	uint64_t sender, ref;
	char to[MQTT_NUMBER];
	int64_t expires; /* Unix time in seconds; INT64_MAX: never */
	usec_t due;      /* of the next try; USEC_NEVER: when its receiver comes */
	unsigned tries;
	bool asked;                 /* once more after its validity */
	struct mqtt_window *window; /* where it waits or is on its way; NULL: nowhere */
	bool waits;
	struct mqtt_post *earlier, *later; /* that wait too */
	char *payload;
	size_t len;
};

/* Where the acks of a sender go. */
struct mqtt_sender {
	uint64_t sender;
	uint64_t named; /* in acks; another one than `sender` for parts of a text */
	unsigned part;
	char from[MQTT_NUMBER];
	uint64_t used;
};

/* What one modem says in one call: signals and octets in one order, until the other side
 * has acknowledged them. */
struct mqtt_saying {
	struct mqtt_saying *next;
	unsigned modem;
	uint64_t unit;         /* the modem's, then */
	struct call_line line; /* to: peer 0 until the other side is heard */
	char to[MQTT_NUMBER];
	struct mqtt_call_item *first, **last;
	unsigned items;
	uint64_t seq;         /* of the newest */
	uint64_t said, taken; /* octets */
	bool starved;         /* the modem has found it full */
	bool ended;           /* its newest signal is the last one */
	usec_t due;           /* of a repeat; USEC_NEVER: none */
	unsigned tries;
	usec_t heard; /* when something was acknowledged, or when it began to wait */
	/* When the call ends unless its other process shows that it has it; USEC_NEVER: the
	 * broker has not said that this process is gone. */
	usec_t doubted_until;
	usec_t asks; /* doubted: when it is asked again */
};

/* What comes to one modem in one call. */
struct mqtt_hearing {
	struct mqtt_hearing *next;
	unsigned modem;
	struct call_line line; /* from */
	char from[MQTT_NUMBER];
	uint64_t got;           /* seq of the newest that has come in its order */
	uint64_t octets, taken; /* that have come, and have reached the modem */
	uint64_t told;          /* taken, in the newest ack */
	usec_t due;             /* of an ack; USEC_NEVER: none is owed */
	usec_t used;
	bool ended;
};

struct mqtt {
	struct mqtt_setup o;
	struct mqtt_io io;
	struct rand rand;
	bool started, up, learned;
	uint64_t session;
	usec_t connect_at; /* USEC_NEVER: not to be done */
	unsigned failures;
	bool told_down, told_refused;
	struct mqtt_people *people, *mine;
	struct mqtt_own *own;
	struct mqtt_post *post[MQTT_POST_CHAINS];
	usec_t posts_due;
	struct mqtt_window *window[MQTT_WINDOW_CHAINS];
	struct mqtt_saying *sayings;
	struct mqtt_hearing *hearings;
	unsigned n_sayings, n_hearings;
	usec_t calls_due;
	struct mqtt_sender *senders;
	uint64_t uses;
	uint64_t nameless, nameless_ref; /* of messages without a name */
	struct mqtt_counts counts;
};

/* mqtt.c */
void mqtt_topic(
	const struct mqtt *m, const char *number, const char *kind, char out[MQTT_TOPIC]);
void mqtt_schedule(struct mqtt *m);
usec_t mqtt_speed(const struct mqtt *m, unsigned modem); /* at least 1 */
void mqtt_refuse(struct mqtt *m, const char *topic, const char *why);
/* The modem of ours with a number, -1: none. */
int mqtt_own_number(const struct mqtt *m, const char *number);

/* mqtt_claims.c: who has our numbers */
void mqtt_claim_all(struct mqtt *m);
void mqtt_claim_seen(struct mqtt *m, const struct mqtt_state *s);
void mqtt_claim_gone(struct mqtt *m); /* somebody has gone */
void mqtt_claim_tick(struct mqtt *m);

/* Unix time in seconds, as payloads have it. */
static inline int64_t mqtt_seconds(const struct mqtt *m)
{
	return m->io.wall(m->io.ctx) / 1000000;
}

/* mqtt_posts.c: messages that go out */
void mqtt_post_send(struct mqtt *m, unsigned modem, const struct sms_post *p);
void mqtt_post_ack(struct mqtt *m, const struct mqtt_ack *a);
void mqtt_post_reconnected(struct mqtt *m);
void mqtt_post_process_came(struct mqtt *m, uint64_t process);
/* Another process has that number now, and is there. */
void mqtt_post_number_came(struct mqtt *m, const char *number);
void mqtt_post_tick(struct mqtt *m);
void mqtt_post_forget(struct mqtt *m);

/* mqtt_windows.c: how many messages are on their way to one process */

/* The message waits for its receiver's process to have room. The window that it is in now; NULL:
 * none, since nobody is known to have the number. */
struct mqtt_window *mqtt_window_join(struct mqtt *m, struct mqtt_post *p);
/* The oldest one that waits, which is on its way now; NULL: none waits, or there is no
 * room. */
struct mqtt_post *mqtt_window_next(const struct mqtt *m, struct mqtt_window *w);
/* It neither waits nor is on its way any more. The window that it was in, if others are in
 * it, which may have room now; else NULL. */
struct mqtt_window *mqtt_window_leave(struct mqtt *m, struct mqtt_post *p);
bool mqtt_window_is_to(const struct mqtt_post *p, uint64_t process);

/* mqtt_mail.c: messages that come */
void mqtt_mail(struct mqtt *m, const char *topic, unsigned modem, const void *payload,
	size_t len);
void mqtt_mail_done(
	struct mqtt *m, unsigned modem, uint64_t sender, uint64_t ref, int status);

/* mqtt_calls.c: calls, as they go out */
void mqtt_call_say(struct mqtt *m, unsigned modem, const struct call_signal *s);
size_t mqtt_call_room(struct mqtt *m, unsigned modem, const struct call_line *to);
void mqtt_call_tx(struct mqtt *m, unsigned modem, const struct call_line *to,
	const void *buf, size_t len);
/* Something of the other side of a call has come; false: it is not the one that has
 * the call. */
bool mqtt_call_meet(struct mqtt *m, unsigned modem, const struct mqtt_call *c);
void mqtt_call_acked(struct mqtt *m, unsigned modem, const struct mqtt_call *c);
void mqtt_call_over(struct mqtt *m, unsigned modem, const struct call_key *key);
void mqtt_call_say_gone(struct mqtt *m, unsigned modem, uint64_t unit,
	const struct call_line *to, const char *number);
void mqtt_call_reconnected(struct mqtt *m);
void mqtt_call_tick(struct mqtt *m);
bool mqtt_call_publish(struct mqtt *m, const char *number, const struct mqtt_call *c);
void mqtt_call_due(struct mqtt *m, usec_t at);
void mqtt_call_ask(struct mqtt *m, struct mqtt_saying *s); /* for an ack */
/* The modem, or (-1) all of them end. */
void mqtt_call_leave(struct mqtt *m, int modem);
void mqtt_call_forget(struct mqtt *m);

/* mqtt_doubts.c: calls whose other process has gone, as its last will says */
void mqtt_doubts_begin(struct mqtt *m, uint64_t process);
void mqtt_doubts_came(struct mqtt *m, uint64_t process); /* it has connected */
/* Something has come from the unit that has the call. */
void mqtt_doubts_heard(struct mqtt *m, struct mqtt_saying *s);
void mqtt_doubts_tick(struct mqtt *m, usec_t now);

/* mqtt_hearings.c: calls, as they come */
void mqtt_call_came(struct mqtt *m, const char *topic, unsigned modem,
	const void *payload, size_t len);
void mqtt_hearing_taken(
	struct mqtt *m, unsigned modem, const struct call_line *from, size_t len);
void mqtt_hearing_tick(struct mqtt *m, usec_t now);
const char *mqtt_hearing_number(const struct mqtt *m, uint64_t unit); /* NULL: unknown */
void mqtt_hearing_forget(struct mqtt *m, int modem);
