/* The control interface: what can be seen of modems and done to them, as JSON over HTTP.
 * Each path is one row in api.c, each action one row of action.h: the dispatch, the
 * OpenAPI description and `fauxtrack ctl` read them.
 *
 * It acts only when somebody asks, and looks without time passing by it: a modem that
 * nobody acts on behaves as if there were no interface. */
#pragma once

#include "host/control/http.h"

struct api;
struct profile;
struct wire;

/* Ends the program when memory runs out. profile and log must outlive it. */
struct api *api_new(
	const struct profile *profile, const char *profile_name, const struct log *log);

/* Behind the server whose handler it was. NULL is allowed. */
void api_free(struct api *a);

/* Another modem, with the next id ("1", "2", ...), at a port of that path. The wire must
 * outlive the server, its watch is the interface's. The path is shown where the wire has
 * no port. */
void api_add(struct api *a, struct wire *w, const char *path);

/* As in struct http_options; ctx is the api. */
void api_handle(void *api, const struct http_request *r);
