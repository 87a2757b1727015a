#include "host/read/command_tables.h"

#include <stdlib.h>
#include <string.h>

#include "describe/commands.h"

static bool check(void *ctx, const struct firmware *f, enum command_use use,
	const void *conf, char *why, size_t size)
{
	(void)ctx;
	switch (use) {
	case COMMAND_OVERLAY:
		return commands_check_overlay(conf, why, size);
	case COMMAND_LATENCY:
		return commands_check_latency(conf, why, size);
	case COMMAND_DEFAULT:
	case COMMAND_MEMORY:
		return commands_check_default(f, conf, why, size);
	}
	return true;
}

const struct profile_hook tables_hook = { .command = check };

void tables_build(struct profile *p)
{
	size_t i;

	for (i = 0; i < p->firmwares; i++) {
		void *mem = malloc(commands_size());

		if (!mem) {
			fputs("fauxtrack: out of memory\n", stderr);
			exit(1);
		}
		commands_init(&p->firmware[i], mem);
	}
}

void tables_free(struct profile *p)
{
	size_t i;

	for (i = 0; p && i < p->firmwares; i++) {
		free((void *)p->firmware[i].at);
		p->firmware[i].at = NULL;
	}
}

#define STATUSES 4
static const char *const status_names[STATUSES] = { "works", "kept", "refused",
	"absent" };

static void print_counts(const struct firmware *f, FILE *out)
{
	unsigned count[STATUSES] = { 0 };
	struct command_row row;
	size_t i, s;

	for (i = 0; commands_row(f, i, &row); i++)
		for (s = 0; s < STATUSES; s++)
			count[s] += !strcmp(row.status, status_names[s]);
	fprintf(out, "%s: %zu commands: ", f->title, i);
	for (s = 0; s < STATUSES; s++)
		fprintf(out, "%u %s%s", count[s], status_names[s],
			s < STATUSES - 1 ? ", " : "\n");
}

void tables_each(const struct profile *p,
	void (*each)(void *ctx, const char *const cell[TABLES_CELLS]), void *ctx)
{
	struct command_row r;
	size_t i;

	for (i = 0; commands_row(&p->firmware[p->installed], i, &r); i++)
		each(ctx, (const char *[]){
				  r.name, r.forms, r.stored, r.status, r.source });
}

void tables_print_counts(const struct profile *p, FILE *out)
{
	size_t i;

	fputs("\n", out);
	print_counts(&p->firmware[p->installed], out);
	for (i = 0; i < p->firmwares; i++)
		if (i != p->installed && !p->firmware[i].base)
			print_counts(&p->firmware[i], out);
}
