#include "host/exchange/mqtt_people.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/exchange/numbers.h"

#define CHAINS 4096
#define MOST   200000 /* of each: retained rubbish ends somewhere */

struct process {
	struct process *next;
	uint64_t id;
	unsigned seen;
};

struct mqtt_people {
	struct mqtt_person *person[CHAINS]; /* by the subscriber's part */
	struct process *process[CHAINS];
	size_t persons, processes;
	unsigned round;
};

static const char *digits_of(const char *number)
{
	return number + (*number == '+');
}

static struct mqtt_person **chain(const struct mqtt_people *p, const char *number)
{
	unsigned hash = 5381;
	const char *c;

	for (c = numbers_subscriber(number); *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	return (struct mqtt_person **)&p->person[hash % CHAINS];
}

static struct process **process_chain(const struct mqtt_people *p, uint64_t id)
{
	return (struct process **)&p->process[(id ^ id >> 32) % CHAINS];
}

bool mqtt_people_set(struct mqtt_people *p, const struct mqtt_state *s)
{
	struct mqtt_person **at = chain(p, s->number), *one = *at;

	while (one && strcmp(digits_of(one->state.number), digits_of(s->number)) != 0)
		one = one->next;
	if (!one) {
		if (p->persons >= MOST)
			return false;
		p->persons++;
		one = must(calloc(1, sizeof(*one)));
		one->next = *at;
		*at = one;
	}
	one->state = *s;
	return true;
}

void mqtt_people_remove(struct mqtt_people *p, const char *digits)
{
	struct mqtt_person **at = chain(p, digits), *one;

	while ((one = *at)) {
		if (strcmp(digits_of(one->state.number), digits) != 0) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		free(one);
		p->persons--;
	}
}

const struct mqtt_person *mqtt_people_find(
	const struct mqtt_people *p, const char *number)
{
	const struct mqtt_person *one, *other = NULL;

	for (one = *chain(p, number); one; one = one->next) {
		if (!strcmp(digits_of(one->state.number), digits_of(number)))
			return one;
		if (numbers_same(one->state.number, number))
			other = one;
	}
	return other;
}

bool mqtt_people_connected(struct mqtt_people *p, uint64_t process, bool there)
{
	struct process **at = process_chain(p, process), *one;

	while ((one = *at) && one->id != process)
		at = &one->next;
	if (one && !there) {
		*at = one->next;
		free(one);
		p->processes--;
	} else if (!one && there) {
		if (p->processes >= MOST)
			return false;
		one = must(calloc(1, sizeof(*one)));
		one->id = process;
		*at = one;
		p->processes++;
	}
	if (there)
		one->seen = p->round;
	return true;
}

bool mqtt_people_is_there(const struct mqtt_people *p, const struct mqtt_state *s)
{
	const struct process *one = *process_chain(p, s->process);

	while (one && one->id != s->process)
		one = one->next;
	return one || !s->process;
}

const struct mqtt_person *mqtt_people_rival(
	const struct mqtt_people *p, const char *number, uint64_t unit)
{
	const struct mqtt_person *one = *chain(p, number);

	while (one &&
		(one->state.unit == unit || !numbers_same(one->state.number, number) ||
			!mqtt_people_is_there(p, &one->state)))
		one = one->next;
	return one;
}

void mqtt_people_begin(struct mqtt_people *p)
{
	p->round++;
}

static void settle_processes(struct mqtt_people *p, struct process **at)
{
	struct process *one;

	while ((one = *at)) {
		if (one->seen == p->round) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		free(one);
		p->processes--;
	}
}

void mqtt_people_settle(struct mqtt_people *p)
{
	size_t i;

	for (i = 0; i < CHAINS; i++)
		settle_processes(p, &p->process[i]);
}

size_t mqtt_people_count(const struct mqtt_people *p)
{
	return p->persons;
}

size_t mqtt_people_processes(const struct mqtt_people *p)
{
	return p->processes;
}

struct mqtt_people *mqtt_people_new(void)
{
	return must(calloc(1, sizeof(struct mqtt_people)));
}

void mqtt_people_free(struct mqtt_people *p)
{
	struct mqtt_person *one;
	size_t i;

	if (!p)
		return;
	p->round++;
	mqtt_people_settle(p);
	for (i = 0; i < CHAINS; i++) {
		while ((one = p->person[i])) {
			p->person[i] = one->next;
			free(one);
		}
	}
	free(p);
}
