/* The module fauxtrack-mqtt: libmosquitto's connection to a broker, opened with
 * --exchange. A thread has the library: it looks names up and makes its connection in ways
 * that may wait (getaddrinfo), and its own thread uses select(), which a process with a
 * thousand ports is too large for.
 *
 * All functions below return at once, unless they say so; fd() says when there is something
 * to look at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MQTT_MODULE  "fauxtrack-mqtt"
#define MQTT_OPS     "mqtt_module_ops"
#define MQTT_PACKAGE "libmosquitto1"

struct mqtt_link;

/* Texts are copied; NULL: not given. */
struct mqtt_link_setup {
	const char *host;
	uint16_t port;
	const char *client; /* the same for a process that comes back */
	bool clean;         /* the broker keeps nothing for us while we are away */
	const char *user, *password;
	bool tls;
	const char *ca;         /* file of certificates; NULL: those of the system */
	const char *cert, *key; /* ours */
	const char *will_topic; /* with an empty payload, which is kept */
};

enum mqtt_event_kind {
	MQTT_EVENT_UP,
	MQTT_EVENT_DOWN, /* or it could not be made */
	MQTT_EVENT_MESSAGE,
};

struct mqtt_event {
	struct mqtt_event *next;
	enum mqtt_event_kind kind;
	bool refused;  /* DOWN: trying again cannot help: user, password, certificate */
	char why[200]; /* DOWN: "what; remedy" */
	char *topic;
	char *payload;
	size_t len;
};

struct mqtt_ops {
	/* NULL, with "what; remedy" in why. Does not connect yet. */
	struct mqtt_link *(*open)(
		const struct mqtt_link_setup *s, char *why, size_t size);
	/* Waits until what was published has gone out, at most so many ms. */
	void (*close)(struct mqtt_link *l, int patience);
	/* UP or DOWN follows; after UP one DOWN. */
	void (*connect)(struct mqtt_link *l);
	/* QoS 1. False: not connected, or too much waits. */
	bool (*publish)(struct mqtt_link *l, const char *topic, const void *payload,
		size_t len, bool retain);
	void (*subscribe)(
		struct mqtt_link *l, const char *const *topics, size_t n, int qos);
	/* Readable when next() has something; look() makes it quiet. */
	int (*fd)(const struct mqtt_link *l);
	void (*look)(struct mqtt_link *l);
	struct mqtt_event *(*next)(struct mqtt_link *l); /* NULL: none; for drop() */
	void (*drop)(struct mqtt_event *e);
};
