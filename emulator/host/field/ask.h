/* Asks a modem one command after the other, and waits for each answer with a deadline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/usec.h"
#include "host/field/exchange.h"

struct asker;
struct twin_options;

/* The line to a modem. */
struct respondent {
	void *ctx;
	/* Sends all bytes; false: it has gone, or the user has had enough. */
	bool (*send)(void *ctx, const void *buf, size_t len);
	/* Waits up to `most` for bytes: their number; 0: none came; -1 as send(). */
	ssize_t (*hear)(void *ctx, void *buf, size_t size, usec_t most);
	/* Its time, in microseconds. */
	usec_t (*now)(void *ctx);
};

struct asker *asker_new(const struct respondent *r);
/* The same for a modem of ours in virtual time; `said` of the options is not used. */
struct asker *asker_new_twin(const struct twin_options *o);
void asker_free(struct asker *a); /* NULL is allowed */

/* Types a command ("AT+CSQ", its CR is added) and waits for its final result, at most
 * `most`. The caller frees the answer with exchange_free(); one without a result has not
 * come in time, and the command was ended with an empty line. NULL: the modem has gone, or
 * the user has had enough. */
struct exchange *asker_ask(struct asker *a, const char *command, usec_t most);
