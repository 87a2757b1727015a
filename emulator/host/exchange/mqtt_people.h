/* Who has which number in the exchange over MQTT, and which processes are connected: what
 * the retained topics say. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/exchange/mqtt_json.h"

struct mqtt_people;

struct mqtt_person {
	struct mqtt_person *next;
	struct mqtt_state state;
};

struct mqtt_people *mqtt_people_new(void);
void mqtt_people_free(struct mqtt_people *p);

/* Adds or replaces. False: there are too many. */
bool mqtt_people_set(struct mqtt_people *p, const struct mqtt_state *s);
void mqtt_people_remove(struct mqtt_people *p, const char *digits);

/* With all its digits, else another way to write it (numbers_same()); NULL: nobody. */
const struct mqtt_person *mqtt_people_find(
	const struct mqtt_people *p, const char *number);

/* Another unit that has this number, in any way to write it, and is there; NULL: none. */
const struct mqtt_person *mqtt_people_rival(
	const struct mqtt_people *p, const char *number, uint64_t unit);

/* A process, not 0, has connected or gone. False: there are too many. */
bool mqtt_people_connected(struct mqtt_people *p, uint64_t process, bool there);

/* Whether its process is connected; somebody without a process always is. */
bool mqtt_people_is_there(const struct mqtt_people *p, const struct mqtt_state *s);

/* The broker tells all of them anew: begin() before, settle() afterwards, which forgets
 * the processes that were not told. Numbers stay: a broker that was killed may have lost
 * them, and messages to them must not go to nobody. */
void mqtt_people_begin(struct mqtt_people *p);
void mqtt_people_settle(struct mqtt_people *p);

size_t mqtt_people_count(const struct mqtt_people *p);
size_t mqtt_people_processes(const struct mqtt_people *p); /* that are connected */
