/* AT+WDWL: the XMODEM receiver on the port, between the bytes and the flash (download.md
 * Download session).
 *
 *   AT+WDWL -> start characters -> blocks -> EOT -> *** END OF DOWNLOAD *** -> again
 *                                    \-> *** ERROR IN HEADER *** -> the downloader's
 *                                                                    commands only
 *
 * It continues until AT+CFUN=1 or power-off, even if the client closes the port. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sched.h"
#include "link/xmodem.h"
#include "state/notice.h"

struct channel;
struct modem;

struct download {
	struct xmodem xmodem;
	struct timer end_text; /* from the ACK of EOT to its text */
	struct timer late;     /* an answer delayed by a fault rule */
	bool told; /* a fault rule has reported a failure: only the downloader is left */
	bool tail; /* after a header error: the sender's CANs and BSs */
	struct notice_file file; /* in progress; kind NULL: none, or not accepted yet */
	uint32_t shown;          /* how much of it the last progress notice reported */
	/* Set by the facade: handle a typed byte, and the state after a header error. */
	void (*typed)(struct channel *ch, uint8_t byte);
	void (*refused)(struct modem *m);
};

void download_init(struct channel *ch);

/* Starts to ask for a file. */
void download_start(struct channel *ch);

/* Ends it on every channel. */
void downloads_stop(struct modem *m);

/* True for the last bytes of a cancelled sender (CAN, BS), which are not part of a
 * command line. */
bool download_is_tail(struct channel *ch, uint8_t byte);

/* How many of the next `len` bytes, at least 1, can be taken in one call: nothing can
 * happen before the last of them. */
size_t download_uneventful(const struct channel *ch, size_t len);

/* Bytes from the host while in download mode. */
void download_rx(struct channel *ch, const void *data, size_t len);
