/* The payloads of the exchange over MQTT: JSON objects with a version. README.md, "Over
 * MQTT", is their specification. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/address.h"
#include "codec/tpdu.h"
#include "gsm/neighbours.h"

#define MQTT_VERSION 1
#define MQTT_PAYLOAD 16384 /* longest in bytes; longer ones are refused unread */
#define MQTT_NUMBER  (ADDRESS_DIGITS + 2) /* "+", digits and the zero */
#define MQTT_FROM    48   /* the same, or a name of 11 characters in UTF-8 */
#define MQTT_NAME    96   /* of a process or modem, for people */
#define MQTT_PARTS   10   /* of a text that another program sends */
#define MQTT_AGAIN   (-1) /* mqtt_ack.status: no room, send it again */

/* One or more DELIVERs with one name; a modem's message is always one. */
struct mqtt_sms {
	bool named; /* sender and ref are given: an ack is wanted */
	uint64_t sender, ref;
	uint64_t open[SMS_POST_OPEN]; /* struct sms_post */
	unsigned n_open;
	char from[MQTT_FROM];  /* where acks go if it is a number; "": not given */
	int64_t expires;       /* Unix time in seconds; INT64_MAX: never */
	struct address centre; /* len 0: none */
	struct tpdu part[MQTT_PARTS];
	unsigned parts;
};

struct mqtt_ack {
	uint64_t sender, ref;
	unsigned part; /* of a text in several parts, from 1; else 0 */
	int status;    /* TP-ST, 0 to 255, or MQTT_AGAIN */
};

/* Who has a number. */
struct mqtt_state {
	char number[MQTT_NUMBER];
	uint64_t unit;
	uint64_t process; /* 0: none, it is always there */
	char name[MQTT_NAME];
};

/* A process that is connected. */
struct mqtt_process {
	uint64_t session; /* another one for each connection */
};

/* Each writes the payload and a zero into out, which has MQTT_PAYLOAD bytes; returns its
 * length. The text of a message is added for people and other programs. */
size_t mqtt_sms_write(const struct mqtt_sms *m, const char *to, char *out);
size_t mqtt_ack_write(const struct mqtt_ack *a, const char *to, char *out);
size_t mqtt_state_write(const struct mqtt_state *s, char *out);
size_t mqtt_process_write(const struct mqtt_process *p, const char *name, char *out);

/* Each reads a payload of another program, which may be anything. False, with the reason
 * in why: it is refused whole, and *out is undefined. now (Unix time): the time stamp of a
 * text. */
bool mqtt_sms_read(const char *payload, size_t len, int64_t now, struct mqtt_sms *out,
	char *why, size_t size);
bool mqtt_ack_read(
	const char *payload, size_t len, struct mqtt_ack *out, char *why, size_t size);
bool mqtt_state_read(
	const char *payload, size_t len, struct mqtt_state *out, char *why, size_t size);
bool mqtt_process_read(const char *payload, size_t len, struct mqtt_process *out,
	char *why, size_t size);

/* A number with or without +, 1 to ADDRESS_DIGITS digits. */
bool mqtt_is_number(const char *text);
