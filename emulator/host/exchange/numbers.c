/* Who has which number, and which name as a sender. Numbers are sorted by the digits at their end, which a number
 * with and without country code has in common; then by the whole number, where + comes
 * before digits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/exchange/neighbours_int.h"
#include "host/exchange/numbers.h"

const char *numbers_subscriber(const char *number)
{
	const char *digits = number + (*number == '+');
	size_t len = strlen(digits);

	return len > ADDRESS_SUBSCRIBER ? digits + len - ADDRESS_SUBSCRIBER : digits;
}

static int by_number(const void *a, const void *b)
{
	const struct neighbour *x = *(struct neighbour *const *)a;
	const struct neighbour *y = *(struct neighbour *const *)b;
	int order = strcmp(numbers_subscriber(x->number), numbers_subscriber(y->number));

	if (!order)
		order = strcmp(x->number, y->number);
	return order ? order : x->index < y->index ? -1 : 1;
}

bool numbers_same(const char *a, const char *b)
{
	if (*a == '+' && *b == '+')
		return !strcmp(a, b);
	return address_same_subscriber(a + (*a == '+'), b + (*b == '+'));
}

void neighbours_set_number(struct neighbours *n, unsigned modem, const char *number)
{
	snprintf(n->one[modem].number, NEIGHBOUR_NUMBER, "%s", number);
}

/* Of several with the same subscriber's part only the last can be without country code,
 * so it is enough to compare those beside each other. */
bool neighbours_settle(struct neighbours *n, unsigned *a, unsigned *b)
{
	unsigned i, x, y;

	n->n_sorted = 0;
	for (i = 0; i < n->count; i++)
		if (n->one[i].number[0])
			n->sorted[n->n_sorted++] = &n->one[i];
	qsort(n->sorted, n->n_sorted, sizeof(struct neighbour *), by_number);
	for (i = 1; i < n->n_sorted; i++) {
		if (!numbers_same(n->sorted[i - 1]->number, n->sorted[i]->number))
			continue;
		x = n->sorted[i - 1]->index;
		y = n->sorted[i]->index;
		*a = x < y ? x : y;
		*b = x < y ? y : x;
		return false;
	}
	return true;
}

struct neighbour *neighbours_find(const struct neighbours *n, const struct address *a)
{
	char number[ADDRESS_NUMBER];
	unsigned low = 0, high = n->n_sorted, i, middle;
	const char *key;

	address_number(a, number);
	key = numbers_subscriber(number);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(numbers_subscriber(n->sorted[middle]->number), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (i = low; i < n->n_sorted; i++) {
		if (strcmp(numbers_subscriber(n->sorted[i]->number), key) != 0)
			break;
		if (numbers_same(n->sorted[i]->number, number))
			return n->sorted[i];
	}
	return NULL;
}

/* The place of the first one that is not below. */
static unsigned sender_at(const struct neighbours *n, uint64_t sender)
{
	unsigned low = 0, high = n->n_senders, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (n->senders[middle]->sender < sender)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct neighbour *neighbours_sender(const struct neighbours *n, uint64_t sender)
{
	unsigned at = sender_at(n, sender);

	return at < n->n_senders && n->senders[at]->sender == sender ? n->senders[at]
								     : NULL;
}

static void take_out(struct neighbours *n, const struct neighbour *me)
{
	unsigned at = sender_at(n, me->sender);

	while (n->senders[at] != me)
		at++;
	n->n_senders--;
	memmove(&n->senders[at], &n->senders[at + 1],
		(n->n_senders - at) * sizeof(struct neighbour *));
}

/* A modem is made anew seldom, so moving the others costs nothing. */
void neighbours_set_sender(struct neighbour *me, uint64_t sender)
{
	struct neighbours *n = me->home;
	unsigned at;

	if (me->sender == sender)
		return;
	if (me->sender)
		take_out(n, me);
	me->sender = sender;
	at = sender_at(n, sender);
	memmove(&n->senders[at + 1], &n->senders[at],
		(n->n_senders - at) * sizeof(struct neighbour *));
	n->senders[at] = me;
	n->n_senders++;
}

bool neighbours_who(const struct neighbours *n, const char *number, unsigned *modem)
{
	const struct neighbour *one;
	struct address a;

	if (address_parse(&a, number, strlen(number), 0) != PDU_OK)
		return false;
	one = neighbours_find(n, &a);
	if (one)
		*modem = one->index;
	return one;
}
