/* Walks over the rows of all chapters, and calls their hooks. */
#include "at/chapter.h"

#include "at/at.h"
#include "state/modem_state.h"

void chapters_init(struct modem *m, int64_t epoch)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->init)
			(*c)->init(m, epoch);
}

void chapters_open(struct channel *ch)
{
	const struct chapter *const *c;

	for (c = ch->modem->chapters; *c; c++)
		if ((*c)->open)
			(*c)->open(ch);
}

void chapters_close(struct channel *ch)
{
	const struct chapter *const *c;

	for (c = ch->modem->chapters; *c; c++)
		if ((*c)->close)
			(*c)->close(ch);
}

void chapters_stop(struct modem *m)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->stop)
			(*c)->stop(m);
}

void chapters_start(struct modem *m)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->start)
			(*c)->start(m);
}

void chapters_ready(struct modem *m)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->ready)
			(*c)->ready(m);
}

void chapters_files(struct modem *m)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->files)
			(*c)->files(m);
}

void chapters_network(struct modem *m, bool cell_only)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->network)
			(*c)->network(m, cell_only);
}

void chapters_gprs(struct modem *m)
{
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->gprs)
			(*c)->gprs(m);
}

void chapters_dtr(struct channel *ch, bool on)
{
	struct modem *m = ch->modem;
	const struct chapter *const *c;

	for (c = m->chapters; *c; c++)
		if ((*c)->dtr)
			(*c)->dtr(ch, on);
}

const struct at_cmd *chapter_next_row(struct chapter_walk *w)
{
	if (w->row && (++w->row)->name)
		return w->row;
	if (w->table)
		w->table++;
	while (!w->table || !*w->table) {
		if (w->table)
			w->chapter++;
		while (*w->chapter && !(*w->chapter)->rows)
			w->chapter++;
		if (!*w->chapter)
			return NULL;
		w->table = (*w->chapter)->rows;
	}
	w->row = *w->table;
	return w->row;
}
