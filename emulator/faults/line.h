/* What rules do to bytes on the line, in both directions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct channel;

/* To be called once, after faults_init(). */
void fault_line_init(struct channel *ch);

/* Bytes from the DTE: true when this has put them into the link's `held` itself. */
bool fault_line_heard(struct channel *ch, const unsigned char *p, size_t len);

/* True when a silence discards this byte from the DTE. */
bool fault_line_deaf(struct channel *ch, unsigned char byte);

/* Bytes to the DTE: see struct taps. */
bool fault_line_send(struct channel *ch, const void *data, size_t len);
size_t fault_line_leave(struct channel *ch, size_t len, bool *paced);
void fault_line_left(struct channel *ch, size_t len);
void fault_line_dropped(struct channel *ch);

/* CTS is off, the modem accepts no bytes, and this makes a difference now. */
bool fault_line_stuck(const struct channel *ch);
void fault_line_shows_stuck(struct channel *ch);
