/* The control interface: observes and controls modems by JSON over HTTP. Each path is one
 * row in api.c, each action one row of action.h: the dispatch, the OpenAPI description
 * and `fauxtrack ctl` read them.
 *
 * It acts only on request, and observing takes no virtual time: a modem without requests
 * behaves as if there were no interface. */
#pragma once

#include "host/control/http.h"

struct api;
struct profile;
struct wire;

/* Ends the program if out of memory. profile and log must outlive the api. */
struct api *api_new(
	const struct profile *profile, const char *profile_name, const struct log *log);

/* Call this after freeing the server that uses it as handler. NULL is allowed. */
void api_free(struct api *a);

/* Adds a modem, with the next id ("1", "2", ...). The interface sets the wire's watch;
 * the wire must outlive the server. path is shown while the wire has no port. */
void api_add(struct api *a, struct wire *w, const char *path);

/* The handler for struct http_options; its ctx is the api. */
void api_handle(void *api, const struct http_request *r);
