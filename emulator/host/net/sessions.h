/* Sessions of WIPsoft in the real world: FTP, HTTP, SMTP and POP3 with servers that are
 * named (names.h). They are carried by libcurl, in the module fauxtrack-curl. README.md
 * has the rules. */
#pragma once

#include <stddef.h>

#include "host/net/curl_module.h"
#include "host/net/sockets.h"

struct loop;
struct sessions;

struct sessions_options {
	const struct net_options *net; /* names, log; must outlive them */
	/* Finds the operations of fauxtrack-curl, when the first session opens. NULL, with
	 * "what; remedy" in why, if they are not there. */
	const struct curl_ops *(*curl)(char *why, size_t size);
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
