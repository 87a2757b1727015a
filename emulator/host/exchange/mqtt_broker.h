/* The exchange of a process over an MQTT broker: protocol (mqtt.h), connection
 * (mqtt_module.h) and the loop. */
#pragma once

#include "base/log.h"
#include "host/exchange/mqtt.h"
#include "host/exchange/mqtt_url.h"
#include "host/exchange/neighbours.h"

struct loop;
struct mqtt_broker;

/* Texts beside the URL, and modems, must outlive it. NULL: not given. */
struct mqtt_broker_options {
	struct mqtt_url url;
	const char *password;
	const char *ca, *cert, *key; /* files */
	uint64_t process;            /* struct mqtt_setup */
	uint64_t seed;
	const char *name;
	const struct mqtt_modem *modem;
	unsigned modems;
	bool kept;
	const struct log *log;
};

/* Connects, and waits some seconds until it is known who has which number; if the broker
 * is away, the exchange begins without it (logged). NULL, with "what; remedy" in why: the
 * module cannot be opened, the broker refuses us, another unit has one of the numbers. */
struct mqtt_broker *mqtt_broker_open(struct loop *l, const struct mqtt_broker_options *o,
	struct neighbours *n, char *why, size_t size);

/* Tells the others; before the loop and the neighbours are freed. NULL is allowed. */
void mqtt_broker_close(struct mqtt_broker *b);

struct mqtt_counts mqtt_broker_counts(const struct mqtt_broker *b);
