#include "host/read/command_tables.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "describe/commands.h"
#include "state/application.h"

static bool check(void *ctx, const struct firmware *f, enum command_use use,
	const void *conf, char *why, size_t size)
{
	(void)ctx;
	switch (use) {
	case COMMAND_OVERLAY:
		return commands_check_overlay(f, conf, why, size);
	case COMMAND_LATENCY:
		return commands_check_latency(f, conf, why, size);
	case COMMAND_DEFAULT:
		return commands_check_default(f, conf, why, size);
	case COMMAND_MEMORY:
		return commands_check_memory(f, conf, why, size);
	}
	return true;
}

static bool check_own(void *ctx, const struct application *a,
	const struct command_conf *conf, char *why, size_t size)
{
	(void)ctx;
	return commands_check_own(a->commands, a->n_commands, conf, why, size);
}

const struct profile_hook tables_hook = { .command = check, .own = check_own };

static void build_one(struct firmware *f)
{
	if (!f->at)
		commands_init(f, must(malloc(commands_size(f))));
}

static void build_own(struct application *a)
{
	if (!a->at && a->n_commands)
		a->at = commands_own_init(a->commands, a->n_commands,
			must(malloc(commands_own_size(a->commands, a->n_commands))));
}

static void build_applications(struct application_shelf *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->slot[i].is)
			build_own(s->slot[i].is);
	s->ready = build_own;
}

static void free_applications(struct application_shelf *s)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (!s->slot[i].is)
			continue;
		free((void *)s->slot[i].is->at);
		s->slot[i].is->at = NULL;
	}
	s->ready = NULL;
}

void tables_build(struct profile *p)
{
	size_t i;

	for (i = 0; i < p->shelf->n; i++)
		if (p->shelf->slot[i].is)
			build_one(p->shelf->slot[i].is);
	p->shelf->ready = build_one;
	if (p->applications)
		build_applications(p->applications);
}

void tables_free(struct profile *p)
{
	struct firmware *f;
	size_t i;

	for (i = 0; p && i < p->shelf->n; i++) {
		f = p->shelf->slot[i].is;
		if (!f)
			continue;
		free((void *)f->at);
		f->at = NULL;
	}
	if (p)
		p->shelf->ready = NULL;
	if (p && p->applications)
		free_applications(p->applications);
}

#define STATUSES 4
static const char *const status_names[STATUSES] = { "works", "kept", "refused",
	"absent" };

static void print_counts(const struct firmware *f, FILE *out)
{
	unsigned count[STATUSES] = { 0 };
	struct command_row row;
	size_t i, s, own = 0;

	for (i = 0; commands_row(f, i, &row); i++)
		for (s = 0; s < STATUSES; s++)
			count[s] += !strcmp(row.status, status_names[s]);
	fprintf(out, "%s: %zu commands: ", f->title, i);
	for (s = 0; s < STATUSES; s++) {
		fprintf(out, "%s%u %s", s ? ", " : "", count[s], status_names[s]);
		own += count[s];
	}
	if (i > own)
		fprintf(out, ", %zu of an application", i - own);
	fputs("\n", out);
}

void tables_each(const struct profile *p,
	void (*each)(void *ctx, const char *const cell[TABLES_CELLS]), void *ctx)
{
	const struct application *a = profile_application(p, p->application);
	struct command_row r;
	size_t i;

	for (i = 0; commands_row(profile_at(p, p->installed), i, &r); i++)
		each(ctx, (const char *[]){
				  r.name, r.forms, r.stored, r.status, r.source });
	for (i = 0; a && a->at && commands_own_row(a->at, i, &r); i++)
		each(ctx, (const char *[]){
				  r.name, r.forms, r.stored, r.status, r.source });
}

void tables_print_counts(const struct profile *p, FILE *out)
{
	const struct firmware *own = profile_at(p, p->installed), *f;
	size_t i;

	fputs("\n", out);
	print_counts(own, out);
	for (i = 0; (f = profile_nth(p, i)); i++)
		if (f != own && !f->base)
			print_counts(f, out);
}
