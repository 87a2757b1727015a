/* AT+WDWL: the XMODEM receiver on the port, between the bytes and the flash (download.md
 * Download session).
 *
 *   AT+WDWL -> start characters -> blocks -> EOT -> *** END OF DOWNLOAD *** -> again
 *                                    \-> *** ERROR IN HEADER *** -> no firmware's
 * commands
 *
 * It goes on until AT+CFUN=1 or power; that the client closes the port does not end it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sched.h"
#include "link/xmodem.h"
#include "state/notice.h"

struct modem;

struct download {
	struct xmodem xmodem;
	struct timer end_text; /* from the ACK of EOT to its text */
	struct timer late;     /* an answer that a fault delays */
	bool told; /* a fault has told a failure: only the downloader is left */
	bool tail; /* after a header error: the sender's CANs and BSs */
	struct notice_file file; /* under way; kind NULL: none, or not accepted yet */
	uint32_t shown;          /* how much of it the last notice of progress told */
	/* Set by the facade: a typed byte, and what follows a header error. */
	void (*typed)(struct modem *m, uint8_t byte);
	void (*refused)(struct modem *m);
};

void download_init(struct modem *m);

/* Begins to ask for a file. */
void download_start(struct modem *m);
void download_stop(struct modem *m);

/* True for what a cancelled sender says last (CAN, BS): no part of a command line. */
bool download_is_tail(struct modem *m, uint8_t byte);

/* How many of the next `len` bytes, 1 at least, can be taken in one call: behind none of
 * them but the last can anything happen. */
size_t download_uneventful(const struct modem *m, size_t len);

/* Bytes from the host while in download mode. */
void download_rx(struct modem *m, const void *data, size_t len);
