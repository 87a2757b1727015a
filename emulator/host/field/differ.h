/* Whether a real modem and ours have answered a command alike. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "host/field/exchange.h"

enum difference_kind {
	DIFFERENCE_NONE,
	DIFFERENCE_ANSWERED, /* one has no final result */
	DIFFERENCE_RESULT,
	DIFFERENCE_LINES, /* the number of information lines */
	DIFFERENCE_TEXT,
	DIFFERENCE_ECHO,
};
extern const struct name difference_names[];

struct difference {
	enum difference_kind kind;
	char real[240], ours[240]; /* the whole answers on one line, cut if they are
				     long; of texts the first line that differs */
	const char *own; /* part of the answer was not compared: why; NULL: all was */
};

/* Compares two answers to one command. True if they differ. */
bool differ(
	const struct exchange *real, const struct exchange *ours, struct difference *out);

/* Why the answer to this command, or a part of it, belongs to each unit or changes by
 * itself; NULL: it does not. */
const char *differ_own(const char *command);

/* Whether not even its final result is compared. */
bool differ_own_result(const char *command);

/* Line i of the answer that the command asked for (no unsolicited one); NULL after the
 * last. */
const char *differ_line(const struct exchange *x, size_t i);
