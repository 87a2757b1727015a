/* The address of the control interface: a Unix socket, or a TCP port of this machine
 * only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/log.h"
#include "unix_socket.h"

enum control_kind {
	CONTROL_DEFAULT, /* PID.sock in the directory of sockets */
	CONTROL_NONE,
	CONTROL_PATH,
	CONTROL_TCP,
};

#define CONTROL_NAME 120 /* bytes of an address as text */

struct control_addr {
	enum control_kind kind;
	char path[UNIX_SOCKET_PATH];
	unsigned port; /* 0: any free port */
	struct unix_socket_file file;
};

/* Reads none, PATH, or tcp:PORT. False, with "what; remedy" in why. */
bool control_addr_parse(
	const char *text, struct control_addr *out, char *why, size_t size);

/* The address as text: "/run/user/1000/4711.sock", "tcp:8080". */
void control_addr_print(const struct control_addr *a, char out[CONTROL_NAME]);

/* A secret of random digits, which a request over TCP must have. False: the system has no
 * random numbers. */
#define CONTROL_TOKEN 33 /* bytes, with the end */
bool control_token(char out[CONTROL_TOKEN]);

/* The directory of sockets: $XDG_RUNTIME_DIR/fauxtrack, or /tmp/fauxtrack-UID. False if
 * its path is too long. */
bool control_dir(char *out, size_t size);

/* Makes that directory (0700) if it is not there. False, with "what; remedy" in why unless
 * its path is too long; errno is ENOENT if the last emulator there has just removed it. */
bool control_make_dir(char *why, size_t size);

/* Listens at the address. Creates the directory of a default address (0700), and removes
 * this user's sockets in it that no program serves. Such a socket at the path itself is
 * replaced. mode and group (-1: default) are for a socket. Fills in the actual path and
 * port. Returns the descriptor, or -1 with "what; remedy" in why. */
int control_addr_listen(
	struct control_addr *a, int mode, gid_t group, char *why, size_t size);

/* The file next to the socket where `fauxtrack ctl` keeps the id of its last action.
 * False: the path is too long. */
bool control_addr_last(const struct control_addr *a, char *out, size_t size);

/* The file next to the socket with which `fauxtrack ctl panel` leads a browser to the panel.
 * False: a TCP address, or the path is too long. */
bool control_addr_page(const struct control_addr *a, char *out, size_t size);

/* Removes the socket, if it is still the one that listened, and those files, and
 * the directory of sockets if nothing is left in it. */
void control_addr_remove(const struct control_addr *a);

/* Returns a connected descriptor, or -1 with errno. */
int control_addr_connect(const struct control_addr *a);
