#include "host/net/queue.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

struct queued {
	struct queued *next;
	size_t len;
	uint8_t packet[];
};

void queue_init(struct queue *q)
{
	*q = (struct queue){ .last = &q->first };
}

void queue_clear(struct queue *q)
{
	while (q->first)
		queue_take(q);
}

bool queue_put(struct queue *q, const void *packet, size_t len)
{
	struct queued *e;

	if (q->packets == QUEUE_PACKETS || q->octets + len > QUEUE_OCTETS)
		return false;
	e = must(malloc(sizeof(*e) + len));
	e->next = NULL;
	e->len = len;
	memcpy(e->packet, packet, len);
	*q->last = e;
	q->last = &e->next;
	q->packets++;
	q->octets += len;
	return true;
}

const uint8_t *queue_first(const struct queue *q, size_t *len)
{
	*len = q->first ? q->first->len : 0;
	return q->first ? q->first->packet : NULL;
}

void queue_take(struct queue *q)
{
	struct queued *e = q->first;

	if (!e)
		return;
	q->first = e->next;
	if (!q->first)
		q->last = &q->first;
	q->packets--;
	q->octets -= e->len;
	free(e);
}
