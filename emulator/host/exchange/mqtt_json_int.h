/* Shared by the files that write and read payloads. */
#pragma once

#include <jansson.h>

#include "host/exchange/mqtt_json.h"

/* Writing: an object with the version; members; its text in out, MQTT_PAYLOAD bytes. The
 * value and the object are taken over. */
json_t *mqtt_json_object(void);
void mqtt_json_put(json_t *o, const char *key, json_t *value);
void mqtt_json_put_text(json_t *o, const char *key, const char *value);
void mqtt_json_put_hex(json_t *o, const char *key, uint64_t value);
void mqtt_json_put_id(json_t *o, const char *key, uint64_t sender, uint64_t ref);
size_t mqtt_json_finish(json_t *o, char *out);

/* A payload being read, and what is wrong with it. */
struct mqtt_json_in {
	json_t *o;
	char *why;
	size_t size;
};

/* All return false, with the reason in why, if it is refused; wrong() always does. end()
 * returns `good`, and must follow begin() in any case. */
bool mqtt_json_wrong(const struct mqtt_json_in *in, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool mqtt_json_begin(
	struct mqtt_json_in *in, const char *payload, size_t len, char *why, size_t size);
bool mqtt_json_end(const struct mqtt_json_in *in, bool good);
bool mqtt_json_get_hex(const struct mqtt_json_in *in, const char *key, uint64_t *out);
bool mqtt_json_get_id(
	const struct mqtt_json_in *in, const char *key, uint64_t *sender, uint64_t *ref);
