#include "at/known.h"

#include "at/tables.h"
#include "state/application.h"
#include "state/modem_state.h"

struct at_known at_known_of(const struct modem *m)
{
	const struct application *app = application_running(m);
	struct at_known k = { .firmware = at_tables_of(m) };

	if (app) {
		k.own = app->at;
		k.provides = app->provides;
		k.wip_version = app->wip_version;
	}
	return k;
}

bool at_provided(const struct at_cmd *cmd, unsigned provides, int wip_version)
{
	return !cmd->provided || (cmd->provided & provides && wip_version >= cmd->since);
}

const struct at_entry *at_known_find(
	const struct at_known *k, const char *name, size_t len)
{
	const struct at_entry *e = k->own ? at_set_find(k->own, name, len) : NULL;

	if (!e)
		e = at_set_find(k->firmware, name, len);
	return e && at_provided(e->cmd, k->provides, k->wip_version) ? e : NULL;
}

const struct at_entry *at_find(const struct modem *m, const char *name, size_t len)
{
	struct at_known k = at_known_of(m);

	return at_known_find(&k, name, len);
}
