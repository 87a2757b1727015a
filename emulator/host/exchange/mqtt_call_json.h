/* The payload of the topic `call`. README.md, "Over MQTT", is its specification. */
#pragma once

#include "host/exchange/mqtt_json.h"

#define MQTT_CALL_OCTETS 1024 /* of a data call in one payload */

/* The names of units in the exchange have the highest bit set. */
#define MQTT_UNIT ((uint64_t)1 << 63)

enum mqtt_call_what {
	MQTT_CALL_SIGNAL,
	MQTT_CALL_DATA,
	MQTT_CALL_ACK,
	MQTT_CALL_ASK,  /* for an ack */
	MQTT_CALL_GONE, /* the sender's unit does not have this call */
};

struct mqtt_call {
	enum mqtt_call_what what;
	uint64_t unit;          /* who says it */
	uint64_t to;            /* to which unit; 0: who has the number */
	char from[MQTT_NUMBER]; /* of `unit`: where the other side's payloads go */
	uint64_t seq;           /* SIGNAL, DATA: from 1, of this call and direction */
	int64_t expires;        /* SETUP: Unix time in seconds */
	/* line.key: the call, its unit never 0; peer is not used */
	struct call_signal s;
	char other[MQTT_NUMBER]; /* TRANSFERRED: the number of s.other.peer */
	size_t len;              /* DATA: 1 to MQTT_CALL_OCTETS */
	uint8_t data[MQTT_CALL_OCTETS];
	uint64_t got;   /* ACK: all up to this seq have come ... */
	uint64_t taken; /* ... and so many octets have reached the modem */
};

/* As the functions of mqtt_json.h. What is read is in range. Written texts must be ones
 * that can be read. */
size_t mqtt_call_write(const struct mqtt_call *c, char *out);
bool mqtt_call_read(
	const char *payload, size_t len, struct mqtt_call *out, char *why, size_t size);
