/* The modem's output: information, final results, unsolicited codes. Only this file knows
 * V, Q, S3, S4 and +CMEE. */
#pragma once

#include "at/at.h"

/* A line of information text of the running command. The first one opens a block, further
 * ones continue it (line.md Response framing). */
void at_info(struct channel *ch, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for bytes that may be zero (a GSM @). */
void at_info_bytes(struct channel *ch, const char *data, size_t len);

/* Ends the block: the next at_info() opens a new one. */
void at_block_end(struct channel *ch);

/* The final result of the line. */
void at_final(struct channel *ch, int result);

/* The final result of a line that goes online: CONNECT, with the speed if ATX asks for
 * it (NULL: never). The handler then changes the link's mode and returns AT_SILENT. */
void at_connect(struct channel *ch, const char *speed);

/* The result that a name such as OK, ERROR or +CME ERROR: 515 stands for; AT_SILENT for
 * any other name. */
int at_result_named(const char *name);

/* A result code that does not answer a command: RING, NO CARRIER, OK. Goes through the
 * URC gate of every channel. */
void at_unsolicited(struct modem *m, enum at_result result);

/* A URC, on every channel. It waits there while an answer or a command line is in progress (see urc.c). */
void at_urc(struct modem *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same, but before all lines that wait. */
void at_urc_next(struct modem *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A final result that comes on its own, at one channel only, before all lines that
 * wait. */
void at_result_later(struct channel *ch, int result);

/* Unsolicited lines of this channel wait, until at_urc_next() or at_result_later() has
 * one for it, or the hold ends. */
void at_urc_hold(struct channel *ch, bool on);

/* A URC on one channel; at most AT_URC_MAX - 9 bytes. */
void at_urc_on(struct channel *ch, const char *text);

/* A URC of two lines, or one (data NULL), whose bytes may be zero; more than
 * AT_URC_MAX - 9 of them are cut off. */
void at_urc_lines(
	struct modem *m, const char *head, size_t head_len, const char *data, size_t len);

/* +WIND: n, if its bit is set in the mask; fmt is what follows "+WIND: ". */
void at_wind(struct modem *m, int event, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Removes waiting URCs that begin with this prefix. */
void at_urc_drop(struct modem *m, const char *prefix);

/* The URC gate of a channel: to be called when it may have opened. */
void at_urc_flush(struct channel *ch);

/* Removes all of them, on every channel. */
void at_urc_clear(struct modem *m);
