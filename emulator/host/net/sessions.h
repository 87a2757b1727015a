/* Sessions of WIPsoft in the real world: FTP, HTTP, SMTP and POP3 with servers that are
 * named (names.h). They are carried by libcurl, in the module fauxtrack-curl. README.md
 * has the rules. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "host/net/curl_module.h"
#include "host/net/names.h"
#include "state/sockets.h"

struct loop;
struct sessions;

struct sessions_options {
	const struct names *names; /* must outlive them; NULL: none */
	bool internet;
	/* Finds the operations of fauxtrack-curl, when the first session opens. NULL, with
	 * "what; remedy" in why, if they are not there. */
	const struct curl_ops *(*curl)(char *why, size_t size);
	const struct log *log;
};

/* The answers, as modem_socket_*() of modem.h takes them. They are called from the loop
 * only, never from within a function of this file, and may call each of these.
 *
 * done() comes before there(), when a login has succeeded, and before ended(), when it has
 * not, with what the server has said last; FTP, SMTP and POP3 only. */
struct sessions_calls {
	void *ctx;
	void (*there)(
		void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer);
	void (*ended)(void *ctx, unsigned id, enum socket_end why);
	size_t (*room)(void *ctx, unsigned id);
	void (*rx)(void *ctx, unsigned id, const void *buf, size_t len);
	void (*ready)(void *ctx);
	void (*begun)(void *ctx, unsigned id);
	void (*done)(void *ctx, unsigned id, const struct socket_result *result);
};

/* Costs a few allocations, and nothing more until a session opens. options and calls are
 * copied. */
struct sessions *sessions_new(
	struct loop *l, const struct sessions_options *o, const struct sessions_calls *c);
void sessions_free(struct sessions *all); /* NULL is allowed */

/* As in struct socket_ports, for the kinds SOCKET_FTP to SOCKET_POP3. At most
 * SOCKET_SESSIONS are open at once. */
void sessions_open(struct sessions *all, unsigned id, const struct socket_order *order);
size_t sessions_room(struct sessions *all, unsigned id);
void sessions_tx(struct sessions *all, unsigned id, const void *buf, size_t len);
void sessions_shut(struct sessions *all, unsigned id);
void sessions_take(struct sessions *all, unsigned id);
void sessions_close(struct sessions *all, unsigned id);
void sessions_transfer(
	struct sessions *all, unsigned id, const struct socket_transfer *t);
