/* Shared by the files of the exchange over MQTT. */
#pragma once

#include "base/rand.h"
#include "host/exchange/mqtt.h"
#include "host/exchange/mqtt_people.h"

#define MQTT_POST_CHAINS 1024
#define MQTT_SENDERS     8192 /* of messages that came, whose acks have a place to go */

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
	bool asked; /* once more after its validity */
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

/* mqtt_posts.c: messages that go out */
void mqtt_post_send(struct mqtt *m, unsigned modem, const struct sms_post *p);
void mqtt_post_ack(struct mqtt *m, const struct mqtt_ack *a);
void mqtt_post_reconnected(struct mqtt *m);
void mqtt_post_process_came(struct mqtt *m, uint64_t process);
void mqtt_post_tick(struct mqtt *m);
void mqtt_post_forget(struct mqtt *m);

/* mqtt_mail.c: messages that come */
void mqtt_mail(struct mqtt *m, const char *topic, unsigned modem, const void *payload,
	size_t len);
void mqtt_mail_done(
	struct mqtt *m, unsigned modem, uint64_t sender, uint64_t ref, int status);
