/* Addresses at which a port listens: --listen tcp:PORT, rfc2217:PORT, unix:PATH. */
#pragma once

#include "unix_socket.h"

enum listen_kind {
	LISTEN_NONE,
	LISTEN_TCP,     /* bytes as they are */
	LISTEN_RFC2217, /* TCP too: telnet with the lines of a serial port */
	LISTEN_UNIX,    /* bytes as they are */
};

#define LISTEN_HOST 46 /* bytes of a numeric address (IPv6), with its zero */
#define LISTEN_NAME (UNIX_SOCKET_PATH + 64) /* of an address as clients write it */

struct listen_addr {
	enum listen_kind kind;
	char host[LISTEN_HOST]; /* numeric */
	unsigned port;          /* 0: any free port */
	char path[UNIX_SOCKET_PATH];
	struct unix_socket_file file;
};

/* Reads KIND:PORT, KIND:ADDRESS:PORT ([ADDRESS] for IPv6) or unix:PATH; without an address
 * it is loopback. False, with "what; remedy" in why. */
bool listen_parse(const char *text, struct listen_addr *out, char *why, size_t size);

/* The address for the modem with that number, from 1: the ports follow each other (0: any
 * free one). False, with "what; remedy" in why: there is none. */
bool listen_nth(const struct listen_addr *first, unsigned number, struct listen_addr *out,
	char *why, size_t size);

/* As clients write it: "socket://127.0.0.1:5000", "rfc2217://[::1]:5000", a path. */
void listen_print(const struct listen_addr *a, char out[LISTEN_NAME]);

/* Whether programs on other machines reach it. */
bool listen_is_public(const struct listen_addr *a);

/* Listens; fills in the port that was chosen. mode and group (-1: default) are for a
 * path. Returns the descriptor (non-blocking), or -1 with "what; remedy" in why. */
int listen_open(struct listen_addr *a, int mode, gid_t group, char *why, size_t size);

/* Closes, and removes the path if it is still ours. */
void listen_close(const struct listen_addr *a, int fd);
