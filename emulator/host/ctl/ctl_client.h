/* The other end of the control interface, for `fauxtrack ctl`: one request after another,
 * blocking. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "host/control/control_addr.h"

struct ctl_server {
	struct control_addr addr;
	const char *token; /* NULL: none */
};

struct ctl_reply {
	int status;
	char *body; /* ends with a zero; free() it */
	size_t len;
};

/* Asks, and reads the whole answer; body is JSON or NULL. Lines of a stream with status
 * 200 go to line() as they come, without their ends, until it gives false; line may be
 * NULL. False, with "what; remedy" in why, when there is no answer. */
bool ctl_ask(const struct ctl_server *s, const char *method, const char *path,
	const char *body, struct ctl_reply *out,
	bool (*line)(void *ctx, const char *text), void *ctx, char *why, size_t size);

/* Each socket in the directory where emulators put theirs, dead ones too, in the order of
 * their names; first $FAUXTRACK_CONTROL, if it is elsewhere. */
void ctl_each_socket(void (*visit)(void *ctx, const struct ctl_server *s), void *ctx);

/* The only emulator that runs: by $FAUXTRACK_CONTROL, else by its socket. False, with
 * "what; remedy" in why, and in *many whether there are several. */
bool ctl_find(struct ctl_server *out, bool *many, char *why, size_t size);
