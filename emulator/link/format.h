/* The character formats of client and modem (line.md +ICF): what becomes of bytes where
 * they differ. Only with line.garbles, and on a port that shows the client's format. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct channel;

/* Whether bytes may change on the line. */
bool format_differs(const struct channel *ch);

/* What the modem reads of len bytes of the client, in out. Returns out. */
const unsigned char *format_read(
	const struct channel *ch, const unsigned char *p, size_t len, unsigned char *out);

/* Sends up to len bytes of the output as the client reads them; returns their number. */
size_t format_send(struct channel *ch, size_t len);

/* Takes over what AT+ICF has set. */
void format_settle(struct channel *ch);

/* Bytes of a client with another format have come: reports it, once for each client. */
void format_blame(struct channel *ch);
