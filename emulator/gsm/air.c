#include "gsm/air.h"

#include <string.h>

void air_reset(struct air *a, const struct network *usual)
{
	size_t i;

	*a = (struct air){
		.usual = usual,
		.n_operators = usual->n_operators,
		.n_cells = usual->n_cells,
		.ber = -1,
		.zone = usual->nitz.zone,
		.saving = usual->nitz.saving,
	};
	memcpy(a->operators, usual->operators, sizeof(a->operators));
	for (i = 0; i < a->n_cells; i++)
		a->cells[i] = (struct air_cell){ usual->cells[i], true };
}

/* ---- cells that can be heard ------------------------------------------------------ */

static int strength(const struct air *a, const struct cell *c)
{
	return c->rssi - a->loss;
}

static bool heard(const struct air *a, const struct air_cell *c)
{
	return !a->deaf && c->sends && strength(a, &c->cell) >= 0;
}

/* Every struct cell that is handed out is at the start of an air_cell. */
static size_t place(const struct air *a, const struct cell *c)
{
	return (size_t)((const struct air_cell *)(const void *)c - a->cells);
}

const struct cell *air_next(const struct air *a, const struct cell *after)
{
	size_t i;

	for (i = after ? place(a, after) + 1 : 0; i < a->n_cells; i++)
		if (heard(a, &a->cells[i]))
			return &a->cells[i].cell;
	return NULL;
}

bool air_hears(const struct air *a, const struct cell *c)
{
	return c && place(a, c) < a->n_cells && heard(a, &a->cells[place(a, c)]);
}

int air_rssi(const struct air *a, const struct cell *c)
{
	return strength(a, c) > AIR_STEPS ? AIR_STEPS : strength(a, c);
}

int air_ber(const struct air *a, const struct cell *c)
{
	return a->ber >= 0 ? a->ber : c->ber;
}

void air_hear(struct air *a, const struct cell *c, int rssi)
{
	a->deaf = false;
	a->loss = c->rssi - rssi;
}

/* ---- changes ---------------------------------------------------------------------- */

struct network_operator *air_operator(struct air *a, const char *plmn)
{
	size_t i;

	for (i = 0; i < a->n_operators; i++)
		if (!strcmp(a->operators[i].plmn, plmn))
			return &a->operators[i];
	return NULL;
}

struct network_operator *air_operator_add(struct air *a, const char *plmn)
{
	struct network_operator *o;

	if (a->n_operators == PROFILE_OPERATORS)
		return NULL;
	o = &a->operators[a->n_operators++];
	*o = (struct network_operator){ .forbidden = false };
	strcpy(o->plmn, plmn);
	return o;
}

struct air_cell *air_cell(struct air *a, const char *plmn, int ci, bool *several)
{
	struct air_cell *found = NULL;
	size_t i;

	*several = false;
	for (i = 0; i < a->n_cells; i++) {
		struct air_cell *c = &a->cells[i];

		if (c->cell.ci != ci || (plmn && strcmp(c->cell.plmn, plmn) != 0))
			continue;
		*several = found != NULL;
		found = c;
	}
	return found;
}

struct air_cell *air_cell_add(struct air *a)
{
	struct air_cell *c = NULL;
	size_t i;

	for (i = a->usual->n_cells; i < a->n_cells && !c; i++)
		if (!a->cells[i].sends)
			c = &a->cells[i];
	if (!c && a->n_cells < PROFILE_CELLS)
		c = &a->cells[a->n_cells++];
	if (c)
		*c = (struct air_cell){ .sends = false };
	return c;
}

int air_free_channel(const struct air *a, enum band_bit band)
{
	int channel;
	size_t i;

	for (channel = 0; channel <= CHANNEL_MAX; channel++) {
		if (!band_has(band, channel))
			continue;
		for (i = 0; i < a->n_cells; i++)
			if (a->cells[i].cell.band == band &&
				a->cells[i].cell.arfcn == channel)
				break;
		if (i == a->n_cells)
			return channel;
	}
	return -1;
}
