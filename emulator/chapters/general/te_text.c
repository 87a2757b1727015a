/* Selects the character set of the TE by +CSCS, and by +WPCS for phonebooks. */
#include "chapters/general/te_text.h"

#include <string.h>

#include "at/tables.h"
#include "state/modem_state.h"

/* Goes by the name that +CSCS shows, since a firmware may have other sets. */
static enum charset_id selected(const struct modem *m)
{
	const struct at_entry *e = at_set_find(at_tables_of(m), "+CSCS", 5);
	const char *choice;
	const struct name *n;
	size_t len;

	choice = e ? at_values_text(e->values[0], m->live.charset, &len) : NULL;
	for (n = charset_names; choice && n->name; n++)
		if (strlen(n->name) == len && !memcmp(n->name, choice, len))
			return (enum charset_id)n->value;
	return CHARSET_PCCP437;
}

static void set(const struct modem *m, struct te_text *t, enum charset_id id)
{
	t->cs = (struct charset){ .id = id, .policy = CHARSET_REFUSE };
	if (id == CHARSET_CUSTOM)
		t->cs.custom = &m->custom;
}

void te_text(const struct modem *m, struct te_text *t)
{
	set(m, t, selected(m));
}

void te_text_phonebook(const struct modem *m, struct te_text *t)
{
	static const enum charset_id by_wpcs[] = { CHARSET_GSM, CHARSET_CUSTOM,
		CHARSET_HEX };

	set(m, t, by_wpcs[m->live.wpcs]);
}
