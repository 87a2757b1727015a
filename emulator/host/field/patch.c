#include "host/field/patch.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

static int order(const struct patch_entry *a, const struct patch_entry *b)
{
	int d = (int)a->place - (int)b->place;

	d = d ? d : strcmp(a->key, b->key);
	return d ? d : strcmp(a->sub, b->sub);
}

void patch_add(struct patch *p, const struct patch_entry *e)
{
	size_t i = 0;

	while (i < p->n && order(&p->entry[i], e) < 0)
		i++;
	if (i < p->n && !order(&p->entry[i], e))
		return;
	p->entry = must(realloc(p->entry, (p->n + 1) * sizeof(*p->entry)));
	memmove(p->entry + i + 1, p->entry + i, (p->n - i) * sizeof(*p->entry));
	p->entry[i] = *e;
	p->entry[i].value = must(strdup(e->value));
	p->n++;
}

void patch_drop(struct patch *p, size_t asked)
{
	size_t i, kept = 0;

	for (i = 0; i < p->n; i++)
		if (p->entry[i].asked == asked)
			free(p->entry[i].value);
		else
			p->entry[kept++] = p->entry[i];
	p->n = kept;
}

void patch_free(struct patch *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free(p->entry[i].value);
	free(p->entry);
	p->entry = NULL;
	p->n = 0;
}

char *patch_quoted(const char *text)
{
	char *out = must(malloc(2 * strlen(text) + 3)), *o = out;

	*o++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			*o++ = '\'';
		*o++ = *text;
	}
	*o++ = '\'';
	*o = '\0';
	return out;
}

char *patch_fact(const char *text)
{
	char *quoted = patch_quoted(text), *out;

	if (asprintf(&out, "{ text: %s, provenance: field }", quoted) < 0)
		out_of_memory();
	free(quoted);
	return out;
}

/* ---- printing --------------------------------------------------------------------- */

struct printer {
	FILE *out;
	int line; /* of the next text */
};

static void put(struct printer *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* One line. */
static void put(struct printer *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(p->out, fmt, ap);
	va_end(ap);
	fputc('\n', p->out);
	p->line++;
}

static const struct {
	const char *group; /* the mapping above, in the part */
	const char *above; /* ... and above that; "": none */
	int depth;         /* of its entries, in steps of two blanks */
	const char *part;
} places[] = {
	[PATCH_DEVICE] = { "", "", 1, "device" },
	[PATCH_IDENTITY] = { "identity", "", 2, "firmware" },
	[PATCH_DOWNLOADER] = { "downloader", "", 2, "firmware" },
	[PATCH_DEFAULT] = { "defaults", "", 2, "firmware" },
	[PATCH_QUIRK] = { "quirks", "", 2, "firmware" },
	[PATCH_COMMAND] = { "commands", "", 2, "firmware" },
	[PATCH_LATENCY] = { "latency", "timing", 3, "firmware" },
	[PATCH_MEMORY] = { "memory", "", 1, "" },
};

static void open_place(struct printer *p, const struct patch *patch,
	const struct patch_entry *e, const struct patch_entry *before)
{
	const char *part = places[e->place].part;

	if (before && before->place == e->place)
		return;
	if (!part[0]) {
		put(p, "%s:", places[e->place].group);
		return;
	}
	if (!before || strcmp(part, places[before->place].part) != 0) {
		put(p, "%s:", part);
		put(p, "  inherits: %s",
			e->place == PATCH_DEVICE ? patch->device : patch->firmware);
	}
	if (places[e->place].above[0])
		put(p, "  %s:", places[e->place].above);
	if (places[e->place].group[0])
		put(p, "%*s%s:", 2 * (places[e->place].depth - 1), "",
			places[e->place].group);
}

/* The mapping of a sub such as "forms.exec", once. */
static const char *open_sub(
	struct printer *p, const struct patch_entry *e, const struct patch_entry *before)
{
	const char *dot = strchr(e->sub, '.');
	int len = dot ? (int)(dot - e->sub) : 0;

	if (!dot)
		return e->sub;
	if (!before || strncmp(before->sub, e->sub, (size_t)len + 1) != 0)
		put(p, "      %.*s:", len, e->sub);
	return dot + 1;
}

static void put_entry(
	struct printer *p, struct patch_entry *e, const struct patch_entry *before)
{
	int indent = 2 * places[e->place].depth;
	bool same = before && before->place == e->place && !strcmp(before->key, e->key);
	const char *sub;

	if (e->why[0])
		put(p, "%*s# %s", indent, "", e->why);
	if (e->place != PATCH_COMMAND) {
		e->line = p->line;
		put(p, "%*s\"%s\": %s", indent, "", e->key, e->value);
		return;
	}
	if (!same)
		put(p, "%*s\"%s\":", indent, "", e->key);
	sub = open_sub(p, e, same ? before : NULL);
	e->line = p->line;
	put(p, "%*s%s: %s", strchr(e->sub, '.') ? indent + 4 : indent + 2, "", sub,
		e->value);
}

void patch_print(struct patch *p, const char *head, FILE *out)
{
	struct printer to = { out, 1 };
	struct patch_entry *before = NULL;
	const char *c;
	size_t i;

	fputs(head, out);
	for (c = head; *c; c++)
		to.line += *c == '\n';
	put(&to, "inherits: %s", p->profile);
	put(&to, "title: %s", p->title);
	for (i = 0; i < p->n; i++) {
		open_place(&to, p, &p->entry[i], before);
		put_entry(&to, &p->entry[i], before);
		before = &p->entry[i];
	}
}
