/* Packets for the host, until PPP takes them: bounded, and what does not fit is lost, as
 * in the network. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_OCTETS  (256 * 1024)
#define QUEUE_PACKETS 1024

struct queued;

struct queue {
	struct queued *first, **last;
	size_t packets, octets;
};

void queue_init(struct queue *q);
void queue_clear(struct queue *q);

/* False: it did not fit. */
bool queue_put(struct queue *q, const void *packet, size_t len);

/* The oldest, NULL if there is none; queue_take() removes it. */
const uint8_t *queue_first(const struct queue *q, size_t *len);
void queue_take(struct queue *q);
