/* The control interface: observes and controls modems by JSON over HTTP. Each path is one
 * row in api.c, each action one row of action.h: the dispatch, the OpenAPI description
 * and `fauxtrack ctl` read them.
 *
 * It acts only on request, and observing takes no virtual time: a modem without requests
 * behaves as if there were no interface. */
#pragma once

#include "host/control/http.h"
#include "host/exchange/mqtt.h"
#include "modem.h"

struct api;
struct json_t;
struct profile;
struct wire;

/* Ends the program if out of memory. profile (whose commands and states the descriptions
 * have) and log must outlive the api. */
struct api *api_new(const struct profile *profile, const struct log *log);

/* Call this after freeing the server that uses it as handler. NULL is allowed. */
void api_free(struct api *a);

struct api_place {
	struct wire *wire;
	const char *path; /* of UART1; copied, shown while the wire has no port */
	const struct profile *profile;
	const char *profile_name;
	const char *group;             /* NULL: there are no groups */
	unsigned index;                /* in its group, from 1 */
	const char *more[MODEM_NAMED]; /* of its ports beside UART1, like path; NULL: it
					  does not have that port */
	const char *bug;               /* the field bug it was made with; NULL: none */
	/* The exchange with other processes; NULL: none. */
	struct mqtt_counts (*exchange)(const void *ctx);
	const void *exchange_ctx;
};

/* Adds a modem, with the next id ("1", "2", ...). The modems of a group follow each
 * other, from index 1 on. The interface sets the wire's watch; the wire and the names
 * must outlive the server. */
void api_add(struct api *a, const struct api_place *place);

/* What makes a modem anew with a field bug; without it there are none. */
struct api_bugs {
	void *ctx;
	/* A new JSON list: an object for each bug of the library, with its name. */
	struct json_t *(*list)(void *ctx);
	/* Makes modem `id` (from 1) anew with the bug, or, where bug is NULL, as it was at
	 * the start. Sets *profile, *profile_name and *bug (NULL: none), which outlive the
	 * api. False, with "what; remedy" in why. */
	bool (*arm)(void *ctx, unsigned id, const char *bug,
		const struct profile **profile, const char **profile_name,
		const char **armed, char *why, size_t size);
};
void api_set_bugs(struct api *a, const struct api_bugs *bugs); /* copied */

/* Opens the panel at a port (0: any free one), or finds it open, and writes its URL.
 * False, with "what; remedy" in why. */
struct api_opener {
	void *ctx;
	bool (*open)(void *ctx, unsigned port, char *url, size_t url_size, char *why,
		size_t size);
};
void api_set_opener(struct api *a, const struct api_opener *opener); /* copied */

/* The handler for struct http_options; its ctx is the api. */
void api_handle(void *api, const struct http_request *r);
