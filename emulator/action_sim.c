/* Actions on the card and its drawer. */
#include "action_rows.h"

#include "at/card.h"
#include "state/modem_state.h"

struct card_args {
	int there;
};

static const struct name out_in[] = { { 0, "removed", "taken out of the drawer" },
	{ 1, "inserted", "put into the drawer" }, { 0, NULL, NULL } };
static const struct schema_field card_fields[] = {
	{ "to", "what becomes of it", SCHEMA_ENUM, ARG(card_args, there), .names = out_in,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema card_schema = { .name = "card",
	.help = "a card put into the drawer or taken out",
	.fields = card_fields,
	.scalar = card_fields };

static const char *card(struct modem *m, const void *args)
{
	const struct card_args *a = args;

	card_insert(m, a->there);
	return NULL;
}

static const struct name open_closed[] = { { 0, "open", "pulled out" },
	{ 1, "closed", "pushed in" }, { 0, NULL, NULL } };
static const struct schema_field rack_fields[] = {
	{ "to", "what becomes of it", SCHEMA_ENUM, ARG(card_args, there),
		.names = open_closed, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema rack_schema = { .name = "rack",
	.help = "the drawer, pulled out or pushed in",
	.fields = rack_fields,
	.scalar = rack_fields };

static const char *rack(struct modem *m, const void *args)
{
	const struct card_args *a = args;

	card_rack(m, a->there);
	return NULL;
}

const struct action_row actions_sim[] = {
	{ "sim", &card_schema, sizeof(struct card_args), card },
	{ "rack", &rack_schema, sizeof(struct card_args), rack },
	{ NULL },
};
