/* The client side of the control interface, for `fauxtrack ctl`: one request after
 * another, blocking. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "host/control/control_addr.h"

struct ctl_server {
	struct control_addr addr;
	const char *token; /* NULL: no token */
};

struct ctl_reply {
	int status;
	char *body; /* zero-terminated; free() it */
	size_t len;
};

/* Sends a request and reads the whole answer; body is JSON or NULL. With status 200 each
 * line of the answer goes to line() as it comes, without its end, until line() returns
 * false; line may be NULL. False, with "what is wrong; remedy" in why, when there is no
 * answer. */
bool ctl_ask(const struct ctl_server *s, const char *method, const char *path,
	const char *body, struct ctl_reply *out,
	bool (*line)(void *ctx, const char *text), void *ctx, char *why, size_t size);

/* Visits each socket in the directory where emulators put theirs, including dead ones, in
 * the order of their names; first $FAUXTRACK_CONTROL, if that is elsewhere. */
void ctl_each_socket(void (*visit)(void *ctx, const struct ctl_server *s), void *ctx);

/* Finds the emulator: that of $FAUXTRACK_CONTROL, else the only one running. False, with
 * "what is wrong; remedy" in why; *many is set when several are running. */
bool ctl_find(struct ctl_server *out, bool *many, char *why, size_t size);
