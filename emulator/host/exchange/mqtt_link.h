/* Shared by the two files of the module: the caller's side, and the thread. */
#pragma once

#include <mosquitto.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

#include "host/exchange/mqtt_module.h"

#define MQTT_EVENTS 2000 /* that wait for the caller; then nothing is read */

enum mqtt_order_kind {
	ORDER_CONNECT,
	ORDER_PUBLISH,
	ORDER_SUBSCRIBE
};

struct mqtt_order {
	struct mqtt_order *next;
	enum mqtt_order_kind kind;
	char **topics; /* one block with its texts */
	size_t n;
	void *payload;
	size_t len;
	bool retain;
	int qos;
};

struct mqtt_link {
	struct mqtt_link_setup o;
	char *text[8]; /* of o */
	pthread_t thread;
	int orders_fd, events_fd;
	/* under the lock */
	pthread_mutex_t lock;
	struct mqtt_order *first, **last;
	size_t orders;
	struct mqtt_event *event, **last_event;
	size_t events;
	bool up, quit, ended, left;
	int patience; /* ms, with quit */
	/* of the thread */
	struct mosquitto *mosq;
	bool connecting, connected, refused;
	time_t since;
	size_t unacknowledged;
	char why[160]; /* the last error that the library has logged */
};

/* mqtt_module.c */
void mqtt_link_wake(int fd);
void mqtt_link_quiet(int fd);
void *mqtt_link_need(void *p); /* NULL ends the program */
int64_t mqtt_link_ms(void);
void mqtt_link_drop_event(struct mqtt_event *e);
void mqtt_link_drop_order(struct mqtt_order *o);
void mqtt_link_release(struct mqtt_link *l);

/* mqtt_thread.c: the thread; its end releases the link if the caller has left it. */
void *mqtt_link_run(void *mqtt_link);
