/* The applications of a profile, each read when it is first asked for
 * (state/application.h). */
#include "state/application.h"

#include <stdlib.h>
#include <string.h>

#include "conf/command_schema.h"
#include "conf/must.h"
#include "conf/profile_int.h"
#include "conf/profile_schema.h"

struct shelf {
	struct application_shelf open; /* what the modem sees; must be first */
	struct part_source source;
	struct profile_hook hook;
};

static void ask_hook(struct build *b, const struct application *a, const struct doc *d)
{
	char why[256] = "this does not fit the command; see fauxtrack list commands";
	size_t i;

	for (i = 0; b->hook && b->hook->own && i < a->n_commands; i++)
		if (!b->hook->own(b->hook->ctx, a, &a->commands[i], why, sizeof(why)))
			doc_error(b->errors, doc_find(d, a->commands[i].name)->at, "%s",
				why);
}

bool build_application(
	struct build *b, struct application *a, const char *name, const struct doc *d)
{
	const char *point;

	snprintf(a->name, sizeof(a->name), "%s", name);
	if (!schema_bind(&application_schema, d, a, build_says_yes(d, "base"), b->errors))
		return false;
	commands_note_places(a->commands, a->n_commands, doc_get(d, "commands"));
	if (!a->base)
		ask_hook(b, a, doc_get(d, "commands"));
	if (!doc_get(d, "lives_in"))
		a->lives_in = 1u << LIFE_RUNNING;
	point = strchr(a->wip, '.');
	if (point)
		a->wip_version = atoi(a->wip) * 100 + atoi(point + 1);
	return true;
}

static enum firmware_state bind(struct build *b, struct application_slot *slot,
	const struct doc *d, const struct doc_place *asked)
{
	if (d->kind != DOC_MAP) {
		doc_error(b->errors, d->at,
			"an application is a mapping, not %s; write KEY: VALUE lines",
			doc_kind_name(d));
		return FIRMWARE_BROKEN;
	}
	slot->is = must(calloc(1, sizeof(*slot->is)));
	if (!build_application(b, slot->is, slot->name, d))
		return FIRMWARE_BROKEN;
	if (!slot->is->base)
		return FIRMWARE_READY;
	if (!asked)
		return FIRMWARE_OTHER;
	doc_error(b->errors, *asked,
		"\"%s\" is only a base to inherit from; name a complete application",
		slot->name);
	return FIRMWARE_BROKEN;
}

/* Reads the application of a slot, or takes its tree; `asked` is where a combination names
 * it, NULL: nowhere. Returns its file, as long as the pool lives; NULL: it could not be
 * read. */
static const char *fill(struct build *b, struct shelf *s, struct application_slot *slot,
	const struct doc *tree, const struct doc_place *asked)
{
	const struct doc_place nowhere = { slot->name, 0, 0 };
	size_t before = build_trouble(b);
	const struct doc *d = tree ? tree
				   : build_part(b, PART_APPLICATION, slot->name,
					     asked ? *asked : nowhere);

	free(slot->flaw);
	slot->flaw = NULL;
	slot->state = d ? bind(b, slot, d, asked) : FIRMWARE_BROKEN;
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
static void read_slot(struct application_shelf *open, size_t index)
{
	struct shelf *s = (struct shelf *)open;
	struct application_slot *slot = &open->slot[index];
	struct doc_errors errors;
	struct build b = { doc_pool_new(), &s->source, &s->hook, &errors };
	const char *file;

	doc_errors_init(&errors);
	file = fill(&b, s, slot, NULL, NULL);
	if (slot->state == FIRMWARE_BROKEN)
		slot->flaw = build_first_error(&errors, file);
	doc_errors_clear(&errors);
	doc_pool_free(b.pool);
}

bool applications_complete(struct profile *p, struct doc_errors *e)
{
	struct shelf *s = (struct shelf *)p->applications;
	struct build b = { doc_pool_new(), &s->source, &s->hook, e };
	bool ok = true;
	size_t i;

	for (i = 0; i < s->open.n; i++) {
		struct application_slot *slot = &s->open.slot[i];

		if (slot->state == FIRMWARE_UNREAD || slot->state == FIRMWARE_BROKEN)
			fill(&b, s, slot, NULL, NULL);
		ok &= slot->state != FIRMWARE_BROKEN;
	}
	doc_pool_free(b.pool);
	return ok;
}

struct listing {
	struct build *b;
	struct shelf *shelf;
};

static struct application_slot *add_slot(struct shelf *s, const char *name)
{
	struct application_slot *slot;

	s->open.slot = must(
		realloc(s->open.slot, (s->open.n + 1) * sizeof(*s->open.slot)));
	slot = &s->open.slot[s->open.n++];
	*slot = (struct application_slot){ .state = FIRMWARE_UNREAD };
	snprintf(slot->name, sizeof(slot->name), "%s", name);
	return slot;
}

static void each_name(void *ctx, const char *name)
{
	struct listing *l = ctx;
	struct application_slot *slot = add_slot(l->shelf, name);

	slot->flaw = build_unreadable(l->b, PART_APPLICATION, name);
	if (slot->flaw)
		slot->state = FIRMWARE_BROKEN;
}

bool applications_fill(
	struct build *b, struct profile *p, const struct application_order *order)
{
	struct shelf *s = must(calloc(1, sizeof(*s)));
	struct listing list = { b, s };
	struct application_slot *slot = NULL;
	size_t i;

	s->open.read = read_slot;
	s->source = *b->source;
	if (b->hook)
		s->hook = *b->hook;
	p->applications = &s->open;
	b->source->names(b->source->ctx, PART_APPLICATION, each_name, &list);
	if (!order->tree)
		return true;
	for (i = 0; i < s->open.n && !slot; i++)
		if (!strcmp(s->open.slot[i].name, order->name))
			slot = &s->open.slot[i];
	if (!slot)
		slot = add_slot(s, order->name);
	fill(b, s, slot, order->tree, &order->asked);
	snprintf(p->application, sizeof(p->application), "%s", slot->name);
	return slot->state == FIRMWARE_READY;
}

void applications_free(struct profile *p)
{
	struct application_shelf *s = p->applications;
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->n; i++) {
		free(s->slot[i].is);
		free(s->slot[i].flaw);
	}
	free(s->slot);
	free(s);
	p->applications = NULL;
}
