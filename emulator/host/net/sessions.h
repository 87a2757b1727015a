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

/* The modem, as its sockets and sessions see it: modem_socket_*() of modem.h. All but
 * room() between enter() and leave(), and never while the modem calls. After leave() what
 * the modem has closed may exist no more. */
struct socket_modem {
	void *ctx;
	void (*enter)(void *ctx);
	void (*leave)(void *ctx);
	void (*there)(
		void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer);
	int (*accept)(void *ctx, unsigned server, const struct socket_peer *peer);
	size_t (*room)(void *ctx, unsigned id);
	void (*rx)(void *ctx, unsigned id, const struct socket_peer *from,
		const void *buf, size_t len);
	void (*ended)(void *ctx, unsigned id, enum socket_end why);
	void (*ready)(void *ctx);
	/* of sessions */
	void (*begun)(void *ctx, unsigned id);
	void (*done)(void *ctx, unsigned id, const struct socket_result *result);
};

/* Costs a few allocations, and nothing more until a session opens. options and modem are
 * copied. done() comes before there(), when a login has succeeded, and before ended(), when
 * it has not, with what the server has said last; FTP, SMTP and POP3 only. */
struct sessions *sessions_new(struct loop *l, const struct sessions_options *options,
	const struct socket_modem *modem);
void sessions_free(struct sessions *all); /* NULL is allowed */

/* What the modem calls, for ids that it has opened as one of SOCKET_FTP to SOCKET_POP3. At
 * most SOCKET_SESSIONS are open at once. */
struct socket_ports sessions_ports(struct sessions *all);
