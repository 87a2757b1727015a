/* How a setting is stored, by the enum at_store set of its row:
 *
 *            taken over   AT&W   AT+CSAS   ATZ         AT+CRES     AT&F
 *   AT_RAM   live
 *   AT_W     live         user             from user
 *   AT_EE    live, user                    from user
 *   AT_SAS   live                user                  from user
 *   AT_F                                                           live, user = factory
 *
 * A boot starts with the values in user, and with the factory values for AT_RAM. ATZ and
 * AT+CRES both restore a value that both AT&W and AT+CSAS save. */
#include "at/store.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "at/kept.h"
#include "at/known.h"
#include "at/reply.h"
#include "at/tables.h"
#include "state/modem_state.h"
#include "state/record.h"

#define RECORD_MAX 16384

static const struct record_kind kind = { "settings", 3, 1,
	"everything that AT&W and settings stored at once have saved" };

struct field_row {
	const struct at_entry *entry;
	size_t param;
	int field;
	enum at_store store;
};

static void each_of(const struct at_set *set,
	void (*visit)(void *ctx, const struct field_row *row), void *ctx)
{
	size_t i, p;

	for (i = 0; i < set->n; i++) {
		const struct at_entry *e = &set->entry[i];

		for (p = 0; p < AT_PARAMS && e->cmd->param[p].name; p++) {
			struct field_row row = { e, p, e->field[p],
				e->cmd->param[p].store };

			if (row.field)
				visit(ctx, &row);
		}
	}
}

/* Calls visit() for every stored parameter of the commands that exist now. */
static void each_field(const struct modem *m,
	void (*visit)(void *ctx, const struct field_row *row), void *ctx)
{
	struct at_known known = at_known_of(m);

	each_of(known.firmware, visit, ctx);
	if (known.own)
		each_of(known.own, visit, ctx);
}

/* the record */

struct record_job {
	struct modem *m;
	struct buf *out;
};

static void put_field(void *ctx, const struct field_row *row)
{
	struct record_job *job = ctx;
	char key[48];

	if (row->store == AT_RAM || at_kept_field(row->field))
		return;
	at_kept_key(row->entry->cmd, row->param, row->entry->cmd->param[row->param].name,
		key, sizeof(key));
	record_put(job->out, key, setting_get(&job->m->user, row->field));
}

static void put_all(struct modem *m, struct buf *out)
{
	struct record_job job = { m, out };
	size_t begun = record_begin(out, &kind);

	at_kept_save(m);
	each_field(m, put_field, &job);
	at_kept_write(m, out);
	record_end(out, begun);
}

bool at_settings_save(struct modem *m)
{
	char mem[RECORD_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	put_all(m, &b);
	if (!b.full && m->memory.store(m->memory.ctx, kind.name, b.data, b.len) == 0)
		return true;
	log_error(&m->log, LOG_NV, "the settings could not be stored");
	return false;
}

void at_settings_dump(const struct modem *m, struct buf *out)
{
	put_all((struct modem *)m, out);
}

struct field_search {
	const char *key;
	int field;
	bool opposite; /* the key is of before version 3: 0 was 1 */
};

static void match_field(void *ctx, const struct field_row *row)
{
	const struct at_param *param = &row->entry->cmd->param[row->param];
	struct field_search *search = ctx;
	char key[48];

	if (at_kept_field(row->field))
		return;
	at_kept_key(row->entry->cmd, row->param, param->name, key, sizeof(key));
	if (!strcmp(key, search->key))
		search->field = row->field;
	if (!param->opposite)
		return;
	at_kept_key(row->entry->cmd, row->param, param->opposite, key, sizeof(key));
	if (!strcmp(key, search->key)) {
		search->field = row->field;
		search->opposite = true;
	}
}

/* A key that no row of C has is kept: it may belong to another firmware or to an
 * application. */
static bool load_line(struct modem *m, struct record *r)
{
	struct field_search search = { .key = r->key };
	int64_t value;

	each_field(m, match_field, &search);
	if (!search.field)
		return at_kept_load(m, r->key, r->value, r->len);
	if (!record_int(r, &value) || value < INT_MIN || value > INT_MAX)
		return false;
	*setting_at(&m->user, search.field) = search.opposite ? !value : (int)value;
	return true;
}

bool at_settings_load(struct modem *m)
{
	char mem[RECORD_MAX];
	struct record r;

	switch (record_load(&m->memory, &m->log, &kind, mem, sizeof(mem), &r)) {
	case RECORD_ABSENT:
		at_kept_restore(m);
		return true;
	case RECORD_BAD:
		return false;
	case RECORD_FOUND:
		break;
	}
	m->plain |= r.plain;
	while (record_next(&r))
		if (!load_line(m, &r))
			return record_report_line(&m->memory, &m->log, &kind, &r);
	at_kept_restore(m);
	return record_read(&r) || record_report_line(&m->memory, &m->log, &kind, &r);
}

/* taking over */

/* The values before a change: what the record cannot store is undone. */
struct before {
	struct settings live, user;
};

static struct before remember(const struct channel *ch)
{
	return (struct before){ live_settings(ch), ch->modem->user };
}

static int commit(struct channel *ch, const struct before *b)
{
	struct modem *m = ch->modem;

	if (at_settings_save(m))
		return AT_OK;
	ch->set = b->live.port;
	m->live = b->live.common;
	m->user = b->user;
	at_kept_save(m);
	return AT_CME(CME_MEMORY);
}

struct set_job {
	struct channel *ch;
	int field, value;
	bool at_once;
};

static void set_field(void *ctx, const struct field_row *row)
{
	struct set_job *job = ctx;
	struct settings *user = &job->ch->modem->user;

	if (row->field != job->field)
		return;
	*live_at(job->ch, row->field) = job->value;
	if (row->store & AT_EE && setting_get(user, row->field) != job->value) {
		*setting_at(user, row->field) = job->value;
		job->at_once = true;
	}
}

int at_store_field(struct channel *ch, int field, int value)
{
	struct modem *m = ch->modem;
	struct set_job job = { ch, field, value, false };
	struct before before = remember(ch);

	each_field(m, set_field, &job);
	return job.at_once ? commit(ch, &before) : AT_OK;
}

/* The value of a given argument as settings have it. */
static int value_of(struct modem *m, const struct at_call *c, size_t i)
{
	const struct at_arg *arg = &c->arg[i];

	if (at_keeps_text(c->entry, i))
		return at_kept_number(m, arg->text, arg->len);
	return arg->num;
}

static bool texts_fit(const struct at_call *c)
{
	const struct at_entry *e = c->entry;
	size_t i;

	for (i = 0; i < e->params; i++)
		if (at_keeps_text(e, i) && at_given(c, i) &&
			!at_kept_fits(c->arg[i].text, c->arg[i].len))
			return false;
	return true;
}

int at_store_values(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct at_entry *e = c->entry;
	struct before before = remember(ch);
	bool at_once = false;
	int value;
	size_t i;

	if (!texts_fit(c))
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i < AT_PARAMS && e->cmd->param[i].name; i++) {
		if (!e->field[i] || !at_given(c, i))
			continue;
		value = value_of(m, c, i);
		*live_at(ch, e->field[i]) = value;
		if (e->cmd->param[i].store & AT_EE) {
			*setting_at(&m->user, e->field[i]) = value;
			at_once = true;
		}
	}
	return at_once ? commit(ch, &before) : AT_OK;
}

void at_put_values(struct buf *b, const struct modem *m, const struct at_entry *e,
	const struct settings *s)
{
	const char *choice;
	size_t i, len, n = 0;

	for (i = 0; i < e->params; i++) {
		int value = setting_get(s, e->field[i]);

		if (!e->field[i] && e->cmd->flags & AT_F_DATA)
			continue;
		if (!e->field[i] || e->cmd->param[i].inner)
			break;
		buf_puts(b, n++ ? "," : "");
		if (at_keeps_text(e, i)) {
			buf_printf(b, "\"%s\"", at_kept_text(m, e, i, value));
		} else if (e->cmd->param[i].type == AT_CHOICE) {
			choice = at_values_text(e->values[i], value, &len);
			buf_printf(b, "\"%.*s\"", choice ? (int)len : 0,
				choice ? choice : "");
		} else {
			buf_printf(b, "%d", value);
		}
	}
}

void at_info_settings(struct channel *ch, const struct at_entry *e)
{
	const struct settings s = live_settings(ch);
	char text[400];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	at_put_values(&b, ch->modem, e, &s);
	at_info(ch, "%s: %.*s", e->cmd->name, (int)b.len, text);
}

/* profiles */

static void save_field(void *ctx, const struct field_row *row)
{
	struct channel *ch = ctx;

	if (row->store & AT_W)
		*setting_at(&ch->modem->user, row->field) = live_get(ch, row->field);
}

int at_store_save(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct before before = remember(ch);

	each_field(m, save_field, ch);
	return commit(ch, &before);
}

/* A stored value becomes the live one. If this firmware does not have it (it is from
 * another firmware, or the record was edited) it stays stored, and the factory value
 * applies. */
static void take_stored(struct channel *ch, const struct field_row *row)
{
	int value = setting_get(&ch->modem->user, row->field);

	if (!at_value_legal(row->entry, row->param, value))
		value = row->entry->def[row->param];
	*live_at(ch, row->field) = value;
}

static void restore_field(void *ctx, const struct field_row *row)
{
	if (row->store & (AT_W | AT_EE))
		take_stored(ctx, row);
}

struct csas_job {
	struct channel *ch;
	const char *name;
};

static void restore_csas(void *ctx, const struct field_row *row)
{
	struct csas_job *job = ctx;

	if ((row->store & AT_SAS) &&
		(!job->name || !strcmp(job->name, row->entry->cmd->name)))
		take_stored(job->ch, row);
}

static void save_csas(void *ctx, const struct field_row *row)
{
	struct channel *ch = ctx;

	if (row->store & AT_SAS)
		*setting_at(&ch->modem->user, row->field) = live_get(ch, row->field);
}

int at_store_save_csas(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct before before = remember(ch);

	each_field(m, save_csas, ch);
	return commit(ch, &before);
}

void at_store_restore_csas(struct channel *ch, const char *name)
{
	struct modem *m = ch->modem;
	struct csas_job job = { ch, name };

	each_field(m, restore_csas, &job);
}

void at_store_restore(struct channel *ch)
{
	struct modem *m = ch->modem;

	each_field(m, restore_field, ch);
}

void at_store_factory_values(const struct modem *m, struct settings *s)
{
	struct at_known known = at_known_of(m);

	at_set_factory(known.firmware, s);
	if (known.own)
		at_set_add_factory(known.own, s);
}

struct factory_job {
	struct channel *ch;
	struct settings factory;
};

static void factory_field(void *ctx, const struct field_row *row)
{
	struct factory_job *job = ctx;
	int value = setting_get(&job->factory, row->field);

	if (!(row->store & AT_F))
		return;
	*live_at(job->ch, row->field) = value;
	*setting_at(&job->ch->modem->user, row->field) = value;
}

int at_store_factory(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct factory_job job = { .ch = ch };
	struct before before = remember(ch);
	const struct at_set *set = at_tables_of(m);
	int result;
	size_t i;

	at_store_factory_values(m, &job.factory);
	each_field(m, factory_field, &job);
	result = commit(ch, &before);
	for (i = 0; i < set->n && result == AT_OK; i++) {
		const struct at_entry *e = &set->entry[i];

		if (e->cmd->factory && !e->absent && !e->cmd->factory(m))
			result = AT_CME(CME_MEMORY);
	}
	return result;
}

/* The install_item that a stored parameter belongs to, 0: none. */
static unsigned install_item(const struct field_row *row)
{
	static const struct name items[] = {
		{ INSTALL_BAND, "+WMBS", NULL },
		{ INSTALL_WIND, "+WIND", NULL },
		{ INSTALL_SPEED, "+IPR", NULL },
		{ INSTALL_SPEED, "+ICF", NULL },
		{ INSTALL_SPEED, "+IFC", NULL },
		{ 0, NULL, NULL },
	};
	const struct name *item = name_find(items, row->entry->cmd->name);

	if (item)
		return (unsigned)item->value;
	return row->store & AT_W ? INSTALL_PROFILE : INSTALL_AT_ONCE;
}

struct install_job {
	struct modem *m;
	struct settings factory;
	unsigned items;
};

static void install_field(void *ctx, const struct field_row *row)
{
	struct install_job *job = ctx;

	if (install_item(row) & job->items)
		*setting_at(&job->m->user, row->field) = setting_get(
			&job->factory, row->field);
}

void at_store_install(struct modem *m, unsigned items)
{
	struct install_job job = { .m = m, .items = items };

	at_kept_restore(m);
	at_store_factory_values(m, &job.factory);
	each_field(m, install_field, &job);
}

void at_store_boot(struct modem *m)
{
	struct settings factory;
	struct channel *ch;

	at_kept_restore(m);
	at_store_factory_values(m, &factory);
	m->live = factory.common;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch)) {
		ch->set = factory.port;
		at_store_restore(ch);
		at_store_restore_csas(ch, NULL);
	}
}

static void begin_field(void *ctx, const struct field_row *row)
{
	struct modem *m = ctx;
	int value = setting_get(&m->user, row->field);

	if (row->store == AT_RAM || !at_value_legal(row->entry, row->param, value))
		value = row->entry->def[row->param];
	m->live.data[row->field - SETTING(data)] = value;
}

void at_store_application(struct modem *m)
{
	struct at_known known = at_known_of(m);

	at_kept_restore(m);
	if (known.own)
		each_of(known.own, begin_field, m);
}
