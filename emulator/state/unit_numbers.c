#include "state/unit_numbers.h"

#include <stdio.h>
#include <string.h>

#include "state/profile.h"

struct unit_numbers unit_numbers_of(const struct profile *p)
{
	const struct book_conf *own = &p->sim.books[BOOK_ON];
	struct unit_numbers n = { .own = "" };

	strcpy(n.imei, p->device.imei);
	strcpy(n.serial, p->device.serial);
	strcpy(n.imsi, p->sim.imsi);
	strcpy(n.iccid, p->sim.iccid);
	if (own->n_entries)
		strcpy(n.own, own->entries[0].number);
	return n;
}

const char *unit_serial(const struct unit_numbers *n)
{
	return n->serial[0] ? n->serial : n->imei;
}
