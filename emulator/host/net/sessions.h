/* Sessions of WIPsoft in the real world: FTP, HTTP, SMTP and POP3 with servers that are
 * named (names.h). They are carried by libcurl, in the module fauxtrack-curl. README.md
 * has the rules. */
#pragma once

#include <stddef.h>

#include "host/net/curl_module.h"
#include "host/net/sockets.h"

struct loop;
struct sessions;

/* Costs a few allocations, and nothing more until a session opens. net (names, --internet,
 * log, curl) must outlive them; modem is copied, and called from the loop only. done()
 * comes before there(), when a login has succeeded, and before ended(), when it has not,
 * with what the server has said last; FTP, SMTP and POP3 only. */
struct sessions *sessions_new(
	struct loop *l, const struct net_options *net, const struct socket_modem *modem);
void sessions_free(struct sessions *all); /* NULL is allowed */

/* As in struct socket_ports, for ids that are opened as one of SOCKET_FTP to SOCKET_POP3;
 * at most SOCKET_SESSIONS at once. TTL and TOS are those of the order. */
void sessions_open(struct sessions *all, unsigned id, const struct socket_order *order);
size_t sessions_room(struct sessions *all, unsigned id);
void sessions_tx(struct sessions *all, unsigned id, const void *buf, size_t len);
void sessions_shut(struct sessions *all, unsigned id);
void sessions_take(struct sessions *all, unsigned id);
void sessions_close(struct sessions *all, unsigned id);
void sessions_transfer(
	struct sessions *all, unsigned id, const struct socket_transfer *t);
