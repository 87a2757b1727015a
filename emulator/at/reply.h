/* What the modem says: information, final results, unsolicited codes; V, Q, S3, S4 and
 * +CMEE are known here and nowhere else. */
#pragma once

#include "at/at.h"

/* A line of information text of the running command. The first opens a block, further
 * ones continue it (line.md Response framing). */
void at_info(struct modem *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same with bytes that may be zero (a GSM @). */
void at_info_bytes(struct modem *m, const char *data, size_t len);

/* Ends the block: the next at_info() opens a new one. */
void at_block_end(struct modem *m);

/* The final result of the line. */
void at_final(struct modem *m, int result);

/* The final result of a line that goes online: CONNECT, with the speed where ATX asks
 * for it. The handler then changes the link's mode and returns AT_SILENT. */
void at_connect(struct modem *m, const char *speed);

/* OK, ERROR, +CME ERROR: 515 and so on as a result; anything else is AT_SILENT. */
int at_result_named(const char *name);

/* A result code that is no answer: RING, NO CARRIER, OK. Goes through the URC gate. */
void at_unsolicited(struct modem *m, enum at_result result);

/* A URC. It waits while an answer or a command line is under way (see urc.c). */
void at_urc(struct modem *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The same with bytes that may be zero; what is longer than AT_URC_MAX - 8 is cut. */
void at_urc_bytes(struct modem *m, const char *data, size_t len);

/* +WIND: n, if the mask has its bit; fmt is what follows "+WIND: ". */
void at_wind(struct modem *m, int event, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Takes what begins so out of those that wait. */
void at_urc_drop(struct modem *m, const char *prefix);

/* The URC gate: called when it may have opened. */
void at_urc_flush(struct modem *m);
void at_urc_clear(struct modem *m);
