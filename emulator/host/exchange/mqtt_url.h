/* The address of a broker: mqtt://[USER@]HOST[:PORT][/PREFIX], mqtts:// for TLS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/exchange/mqtt.h"

struct mqtt_url {
	bool tls;
	char user[64]; /* "": none */
	char host[256];
	uint16_t port; /* 1883, 8883 for TLS */
	char prefix[MQTT_PREFIX];
};

/* False, with "what; remedy" in why. */
bool mqtt_url_parse(const char *text, struct mqtt_url *out, char *why, size_t size);
