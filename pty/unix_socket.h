/* Listening at a path: a Unix socket that is never half made, replaces only what a dead
 * program left, and is removed only while it is ours. The control interface and ports
 * share these rules. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define UNIX_SOCKET_PATH  108    /* bytes of a path, with its zero */
#define UNIX_SOCKET_ASIDE ".new" /* suffix of a socket until it listens */

/* The socket's file, once it listens. */
struct unix_socket_file {
	dev_t dev;
	ino_t inode;
};

/* Whether text can be the path of such a socket; if not, why has "what; remedy". */
bool unix_socket_fits(const char *path, char *why, size_t size);

/* Listens at the path. A socket there that no program serves any more is replaced, if it
 * is this user's; anything else is refused, a living socket with its owner. mode -1:
 * 0600; group -1: the user's. Returns the descriptor (non-blocking), or -1 with "what;
 * remedy" in why; errno is then ENOENT if the directory is not there. */
int unix_socket_listen(const char *path, int mode, gid_t group,
	struct unix_socket_file *file, char *why, size_t size);

/* Returns a connected descriptor, or -1 with errno. */
int unix_socket_connect(const char *path);

/* Whether no program serves the socket any more. The server is not disturbed. */
bool unix_socket_is_dead(const char *path);

/* Removes the socket if it is still that file; false: it is not, and stays. */
bool unix_socket_remove(const char *path, const struct unix_socket_file *file);
