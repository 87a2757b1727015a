/* How many messages are on their way to one process. A broker keeps only so many for a
 * client that is slower than those who send to it (mosquitto: max_queued_messages, 1000),
 * and drops more, though it has acknowledged them. A repeat brings what was dropped, but only
 * after 10 s. So those who send to a process share what it can have in the broker's
 * queue; what is above that waits here. */
#include "host/exchange/mqtt_int.h"

#include <stdlib.h>

#include "conf/must.h"

/* Messages for one process, from all others. As many acks may wait there for what it has
 * sent itself, and a fifth of mosquitto's 1000 is left for calls. */
#define ON_WAY 400

struct mqtt_window {
	struct mqtt_window *next;
	uint64_t to; /* the process, or the unit of somebody without one */
	size_t on_way;
	struct mqtt_post *first, *last; /* wait, oldest first */
};

static size_t most(const struct mqtt *m)
{
	size_t processes = mqtt_people_processes(m->people);
	size_t others = processes > 2 ? processes - 1 : 1;

	return others < ON_WAY ? ON_WAY / others : 1;
}

static struct mqtt_window **chain(struct mqtt *m, uint64_t to)
{
	return &m->window[(to ^ to >> 32) % MQTT_WINDOW_CHAINS];
}

static struct mqtt_window *get(struct mqtt *m, uint64_t to)
{
	struct mqtt_window **at = chain(m, to), *w = *at;

	while (w && w->to != to)
		w = w->next;
	if (w)
		return w;
	w = must(calloc(1, sizeof(*w)));
	*w = (struct mqtt_window){ .next = *at, .to = to };
	*at = w;
	return w;
}

static void drop(struct mqtt *m, struct mqtt_window *w)
{
	struct mqtt_window **at = chain(m, w->to);

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	free(w);
}

static void unlink_waiting(struct mqtt_window *w, struct mqtt_post *p)
{
	*(p->earlier ? &p->earlier->later : &w->first) = p->later;
	*(p->later ? &p->later->earlier : &w->last) = p->earlier;
	p->earlier = p->later = NULL;
	p->waits = false;
}

struct mqtt_window *mqtt_window_join(struct mqtt *m, struct mqtt_post *p)
{
	const struct mqtt_person *to = mqtt_people_find(m->people, p->to);
	struct mqtt_window *w;

	if (!to)
		return NULL;
	w = get(m, to->state.process ? to->state.process : to->state.unit);
	p->window = w;
	p->waits = true;
	p->earlier = w->last;
	*(w->last ? &w->last->later : &w->first) = p;
	w->last = p;
	return w;
}

struct mqtt_post *mqtt_window_next(const struct mqtt *m, struct mqtt_window *w)
{
	struct mqtt_post *p = w->first;

	if (!p || w->on_way >= most(m))
		return NULL;
	unlink_waiting(w, p);
	w->on_way++;
	return p;
}

struct mqtt_window *mqtt_window_leave(struct mqtt *m, struct mqtt_post *p)
{
	struct mqtt_window *w = p->window;

	if (!w)
		return NULL;
	p->window = NULL;
	if (p->waits)
		unlink_waiting(w, p);
	else
		w->on_way--;
	if (w->on_way || w->first)
		return w;
	drop(m, w);
	return NULL;
}

bool mqtt_window_is_to(const struct mqtt_post *p, uint64_t process)
{
	return p->window && p->window->to == process;
}
