/* The firmwares of a profile, each read when it is first asked for (state/profile.h). */
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "conf/profile_int.h"
#include "conf/profile_schema.h"

/* Firmwares with the same table of operators share it. */
struct table {
	struct table *next;
	struct operator_table names;
};

struct shelf {
	struct firmware_shelf open; /* what the modem sees; must be first */
	struct part_source source;
	struct profile_hook hook;
	struct device device;
	struct doc_pool *pool; /* of over */
	struct doc *over;      /* every_firmware */
	struct table *tables;
};

static struct shelf *shelf_of(const struct profile *p)
{
	return (struct shelf *)p->shelf;
}

/* --- one firmware ------------------------------------------------------------------- */

static bool bind_operators(
	struct build *b, struct shelf *s, struct firmware *f, const struct doc *d)
{
	const struct doc *named = doc_get(d, "operators");
	struct table *t = s->tables;
	struct doc *table;

	while (t && strcmp(t->names.name, f->operators) != 0)
		t = t->next;
	if (!t) {
		table = b->source->read(b->source->ctx, PART_OPERATORS, f->operators,
			named ? named->at : d->at, b->pool, b->errors);
		if (!table)
			return false;
		t = must(calloc(1, sizeof(*t)));
		snprintf(t->names.name, sizeof(t->names.name), "%s", f->operators);
		if (!schema_bind(&operators_schema, table, &t->names, false, b->errors)) {
			free(t);
			return false;
		}
		t->next = s->tables;
		s->tables = t;
	}
	f->names = &t->names;
	return true;
}

static enum firmware_state bind(struct build *b, struct shelf *s,
	struct firmware_slot *slot, struct doc *d, const struct shelf_order *mine)
{
	const char *module = doc_get_text(d, "module");
	struct firmware *f;

	/* the device does not accept firmware of other modules: skip it */
	if (!mine && module && !device_has_module(&s->device, module))
		return FIRMWARE_OTHER;
	if (build_says_yes(d, "base")) {
		if (!mine)
			return FIRMWARE_OTHER;
		doc_error(b->errors, mine->asked,
			"\"%s\" is only a base to inherit from; name a complete firmware",
			slot->name);
		return FIRMWARE_BROKEN;
	}
	if (s->over)
		d = doc_merge(b->pool, d, s->over);
	f = must(calloc(1, sizeof(*f)));
	slot->is = f;
	if (!build_firmware(b, f, slot->name, d))
		return FIRMWARE_BROKEN;
	if (!device_has_module(&s->device, f->module)) {
		if (!mine)
			return FIRMWARE_OTHER;
		doc_error(b->errors, mine->asked,
			"firmware \"%s\" is for module %s, which the device does not "
			"accept; choose another, or add the module to the device",
			slot->name, f->module);
		return FIRMWARE_BROKEN;
	}
	return bind_operators(b, s, f, d) ? FIRMWARE_READY : FIRMWARE_BROKEN;
}

/* Reads the firmware of an unread slot; with `mine` the tree is given. Returns its file, as
 * long as the pool lives; NULL: it could not be read. */
static const char *fill(struct build *b, struct shelf *s, struct firmware_slot *slot,
	const struct shelf_order *mine)
{
	const struct doc_place nowhere = { slot->name, 0, 0 };
	size_t before = build_trouble(b);
	struct doc *d = mine ? mine->own
			     : build_part(b, PART_FIRMWARE, slot->name, nowhere);

	if (d && d->kind != DOC_MAP) {
		doc_error(b->errors, d->at,
			"a firmware is a mapping, not %s; write KEY: VALUE lines",
			doc_kind_name(d));
		d = NULL;
	}
	free(slot->flaw);
	slot->flaw = NULL;
	slot->state = d ? bind(b, s, slot, d, mine) : FIRMWARE_BROKEN;
	if (build_trouble(b) > before)
		slot->state = FIRMWARE_BROKEN;
	if (slot->state != FIRMWARE_READY) {
		free(slot->is);
		slot->is = NULL;
	} else if (s->open.ready) {
		s->open.ready(slot->is);
	}
	return d ? d->at.file : NULL;
}

/* For a modem, or a list: nobody but the slot keeps the error. */
static void read_slot(struct firmware_shelf *open, size_t index)
{
	struct shelf *s = (struct shelf *)open;
	struct firmware_slot *slot = &open->slot[index];
	struct doc_errors errors;
	struct build b = { doc_pool_new(), &s->source, &s->hook, &errors };
	const char *file;

	doc_errors_init(&errors);
	file = fill(&b, s, slot, NULL);
	if (slot->state == FIRMWARE_BROKEN)
		slot->flaw = build_first_error(&errors, file);
	doc_errors_clear(&errors);
	doc_pool_free(b.pool);
}

bool profile_complete(struct profile *p, struct doc_errors *e)
{
	struct shelf *s = shelf_of(p);
	struct build b = { doc_pool_new(), &s->source, &s->hook, e };
	bool ok = true;
	size_t i;

	for (i = 0; i < s->open.n; i++) {
		struct firmware_slot *slot = &s->open.slot[i];

		if (slot->state == FIRMWARE_UNREAD || slot->state == FIRMWARE_BROKEN)
			fill(&b, s, slot, NULL);
		ok &= slot->state != FIRMWARE_BROKEN;
	}
	ok &= applications_complete(p, e);
	doc_errors_sort(e, NULL);
	doc_pool_free(b.pool);
	return ok;
}

/* --- all of them -------------------------------------------------------------------- */

struct listing {
	struct build *b;
	struct shelf *shelf;
};

static struct firmware_slot *add_slot(struct shelf *s, const char *name)
{
	struct firmware_slot *slot;

	s->open.slot = must(
		realloc(s->open.slot, (s->open.n + 1) * sizeof(*s->open.slot)));
	slot = &s->open.slot[s->open.n++];
	*slot = (struct firmware_slot){ .state = FIRMWARE_UNREAD };
	snprintf(slot->name, sizeof(slot->name), "%s", name);
	return slot;
}

static void each_name(void *ctx, const char *name)
{
	struct listing *l = ctx;
	struct firmware_slot *slot;

	if (l->shelf->open.n < PROFILE_FIRMWARES) {
		slot = add_slot(l->shelf, name);
		slot->flaw = build_unreadable(l->b, PART_FIRMWARE, name);
		if (slot->flaw)
			slot->state = FIRMWARE_BROKEN;
		return;
	}
	doc_error(l->b->errors, (struct doc_place){ name, 0, 0 },
		"there are more than %d firmwares; move some out of the folder",
		PROFILE_FIRMWARES);
}

static struct firmware_slot *named(struct shelf *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->open.n; i++)
		if (!strcmp(s->open.slot[i].name, name))
			return &s->open.slot[i];
	return NULL;
}

bool shelf_fill(struct build *b, struct profile *p, const struct shelf_order *order)
{
	struct shelf *s = must(calloc(1, sizeof(*s)));
	struct listing list = { b, s };
	struct firmware_slot *slot;

	s->open.read = read_slot;
	s->source = *b->source;
	if (b->hook)
		s->hook = *b->hook;
	s->device = p->device;
	s->pool = doc_pool_new();
	s->over = order->over ? doc_clone(s->pool, order->over) : NULL;
	p->shelf = &s->open;
	b->source->names(b->source->ctx, PART_FIRMWARE, each_name, &list);
	slot = named(s, order->installed);
	if (!slot)
		slot = add_slot(s, order->installed);
	fill(b, s, slot, order);
	p->installed = (size_t)(slot - s->open.slot);
	return slot->state == FIRMWARE_READY;
}

bool shelf_find(struct build *b, struct profile *p, const char *name, size_t *index)
{
	struct shelf *s = shelf_of(p);
	struct firmware_slot *slot = named(s, name);

	if (slot && slot->state != FIRMWARE_READY)
		fill(b, s, slot, NULL);
	if (!slot || slot->state != FIRMWARE_READY)
		return false;
	*index = (size_t)(slot - s->open.slot);
	return true;
}

void shelf_free(struct profile *p)
{
	struct shelf *s = shelf_of(p);
	struct table *t, *next;
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->open.n; i++) {
		free(s->open.slot[i].is);
		free(s->open.slot[i].flaw);
	}
	free(s->open.slot);
	for (t = s->tables; t; t = next) {
		next = t->next;
		free(t);
	}
	doc_pool_free(s->pool);
	if (s->source.done)
		s->source.done(s->source.ctx);
	free(s);
	p->shelf = NULL;
}
