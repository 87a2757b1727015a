/* The exchange over MQTT, without a library and without a clock: which topics say what,
 * who has which number, and messages that are sent until their receiver has told their
 * end. README.md, "Over MQTT", is the specification of what others see. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/usec.h"
#include "host/exchange/beyond.h"
#include "host/exchange/mqtt_json.h"

#define MQTT_PREFIX 64  /* bytes of a prefix, with the zero */
#define MQTT_TOPIC  160 /* of a topic of ours, with the zero */

struct mqtt;

/* A modem of this process, in the order of their numbers. */
struct mqtt_modem {
	char number[MQTT_NUMBER]; /* no mqtt_is_number(): it is not in the exchange */
	uint64_t unit;            /* not 0: the same as long as its --state */
	char name[MQTT_NAME];     /* "modem 2 of farm1, process 4711" */
	bool kept;                /* it comes back: its number stays known */
	unsigned speed;           /* its virtual seconds in one of real time; 0 is 1 */
};

/* The caller. Nothing here may call back into mqtt. */
struct mqtt_io {
	void *ctx;
	usec_t (*now)(void *ctx);   /* of a clock that only counts */
	int64_t (*wall)(void *ctx); /* Unix time in microseconds */
	/* mqtt_tick() is wanted after so long, in place of what was set. */
	void (*wake)(void *ctx, usec_t in);
	/* Connects to the broker: mqtt_up() or mqtt_down() follows. */
	void (*connect)(void *ctx);
	/* QoS 1; all is copied. False: not connected, or there is no room now. */
	bool (*publish)(void *ctx, const char *topic, const char *payload, size_t len,
		bool retain);
	void (*subscribe)(void *ctx, const char *const *topics, size_t n, int qos);
	/* The modems: what comes (beyond.done() tells what becomes of it), and the end of
	 * what they sent. */
	void (*deliver)(void *ctx, unsigned modem, const struct sms_post *p);
	void (*sent)(
		void *ctx, unsigned modem, uint64_t sender, uint64_t ref, int status);
	/* neighbours_unit() and neighbours_bring_signal(), _octets() and _ready(). */
	uint64_t (*unit)(void *ctx, unsigned modem);
	void (*signal)(void *ctx, unsigned modem, const struct call_signal *s);
	void (*octets)(void *ctx, unsigned modem, const struct call_line *from,
		const void *buf, size_t len);
	void (*ready)(void *ctx, unsigned modem);
};

/* Texts and modems must outlive it. */
struct mqtt_setup {
	const char *prefix; /* "" or without a slash at its end */
	const char *broker; /* for people: "HOST:PORT" */
	uint64_t process;   /* not 0; the same as long as the first modem's --state */
	uint64_t seed;
	const char *name; /* for people: "farm1, process 4711" */
	const struct mqtt_modem *modem;
	unsigned modems;
	const struct log *log;
};

struct mqtt *mqtt_new(const struct mqtt_setup *setup, const struct mqtt_io *io);
void mqtt_free(struct mqtt *m); /* NULL is allowed */

/* For neighbours_set_beyond(). */
struct beyond mqtt_beyond(struct mqtt *m);

void mqtt_start(struct mqtt *m); /* connects */
void mqtt_tick(struct mqtt *m);

/* What the connection does. why: "what; remedy". A payload may be anything. */
void mqtt_up(struct mqtt *m);
void mqtt_down(struct mqtt *m, const char *why);

/* The caller waits no longer for mqtt_settled(); what mqtt_refused() says later goes to the
 * log. */
void mqtt_started(struct mqtt *m);
void mqtt_message(struct mqtt *m, const char *topic, const void *payload, size_t len);

/* The process ends: tells the others, if it is connected. */
void mqtt_leave(struct mqtt *m);

/* The topic where a process says that it is connected; its last will is an empty payload
 * there. */
void mqtt_process_topic(const char *prefix, uint64_t process, char out[MQTT_TOPIC]);

/* Whether it is known for each modem if it has its number. */
bool mqtt_settled(const struct mqtt *m);

/* The next modem from `from` on whose number another unit has, and that unit; -1: none. */
int mqtt_refused(const struct mqtt *m, unsigned from, struct mqtt_state *holder);

struct mqtt_counts {
	bool connected;     /* and knows who has which number */
	uint64_t connects;  /* how often it was */
	uint64_t sent;      /* messages whose end is known */
	uint64_t received;  /* messages for modems, and repeats of them */
	uint64_t published; /* messages, and repeats of them */
	uint64_t refused;   /* payloads that others sent and that were not understood */
	size_t waiting;     /* messages whose receiver has not told their end */
	size_t numbers;     /* that are known, with those of this process */
};
struct mqtt_counts mqtt_counts(const struct mqtt *m);
