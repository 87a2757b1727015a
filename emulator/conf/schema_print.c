/* Prints the rows of a schema as JSON Schema for editors, as Markdown for the README, and
 * as text for a terminal. */
#include "conf/schema_scalar.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

/* Whether required keys must be present: a part that may inherit can leave them out, but
 * entries of lists are never inherited one by one. */
enum need {
	MAY_LACK,
	MUST_HAVE
};

static void field_json(const struct schema_field *f, enum need need, FILE *out);
static void object_json(const struct schema *s, enum need need, FILE *out);

static void quote(const char *text, FILE *out)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void names_json(const struct schema_field *f, FILE *out)
{
	const struct name *n;
	const char *comma = "";

	fputs("\"enum\":[", out);
	for (n = f->names; n->name; n++) {
		if (!schema_in_set(f, n))
			continue;
		fputs(comma, out);
		quote(n->name, out);
		/* "band: 900" is a number to an editor */
		if (n->name[strspn(n->name, "0123456789")] == '\0')
			fprintf(out, ",%s", n->name);
		comma = ",";
	}
	fputs("]", out);
}

static void set_json(const struct schema_field *f, FILE *out)
{
	fputs("\"anyOf\":[{\"type\":\"array\",\"items\":{", out);
	names_json(f, out);
	fputs("}},{\"type\":\"object\",\"propertyNames\":{", out);
	names_json(f, out);
	fputs("},\"additionalProperties\":{\"type\":\"boolean\"}}]", out);
}

static void many_json(const struct schema_field *f, enum need need, FILE *out)
{
	bool list = f->type == SCHEMA_LIST;

	fprintf(out, "\"type\":\"%s\"", list ? "array" : "object");
	/* no limit: the caller binds the entries and provides their memory */
	if (f->most)
		fprintf(out, ",\"%s\":%zu", list ? "maxItems" : "maxProperties", f->most);
	fprintf(out, ",\"%s\":{", list ? "items" : "additionalProperties");
	field_json(f->item, list ? MUST_HAVE : need, out);
	fputs("}", out);
}

static void default_json(const struct schema_field *f, FILE *out)
{
	bool bare = f->type == SCHEMA_INT || f->type == SCHEMA_BOOL;

	if (!f->def || f->type == SCHEMA_SET)
		return;
	fputs(",\"default\":", out);
	if (bare)
		fputs(f->def, out);
	else
		quote(f->def, out);
}

static void field_json(const struct schema_field *f, enum need need, FILE *out)
{
	const char *comma = "";

	if (f->help) {
		fputs("\"description\":", out);
		quote(f->help, out);
		comma = ",";
	}
	fputs(comma, out);
	switch (f->type) {
	case SCHEMA_TEXT:
		fputs("\"type\":\"string\"", out);
		if (f->size && !(f->flags & SCHEMA_NOWHERE))
			fprintf(out, ",\"minLength\":%lld,\"maxLength\":%zu", f->min,
				f->size - 1);
		break;
	case SCHEMA_VALUE:
		fputs("\"type\":[\"string\",\"number\"]", out);
		break;
	case SCHEMA_INT:
		fprintf(out, "\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%lld",
			f->min, f->max);
		break;
	case SCHEMA_BOOL:
		fputs("\"type\":\"boolean\"", out);
		break;
	case SCHEMA_TIME:
		fputs("\"type\":\"string\",\"pattern\":\"^[0-9]+(\\\\.[0-9]+)?(us|ms|s|m|"
		      "h)$\"",
			out);
		break;
	case SCHEMA_ENUM:
		names_json(f, out);
		break;
	case SCHEMA_SET:
		set_json(f, out);
		break;
	case SCHEMA_STRUCT:
		object_json(f->schema, need, out);
		break;
	case SCHEMA_LIST:
	case SCHEMA_TABLE:
		if (f->flags & SCHEMA_OR_ONE) {
			fputs("\"anyOf\":[{", out);
			field_json(f->item, MUST_HAVE, out);
			fputs("},{", out);
		}
		many_json(f, need, out);
		if (f->flags & SCHEMA_OR_ONE)
			fputs("}]", out);
		break;
	case SCHEMA_NOTE:
		fputs("\"type\":[\"string\",\"number\",\"array\",\"object\"]", out);
		break;
	}
	default_json(f, out);
}

static void required_json(const struct schema *s, FILE *out)
{
	const struct schema_field *f;
	const char *comma = ",\"required\":[", *end = "";

	for (f = s->fields; f->key; f++) {
		if (!(f->flags & SCHEMA_REQUIRED))
			continue;
		fputs(comma, out);
		quote(f->key, out);
		comma = ",";
		end = "]";
	}
	fputs(end, out);
}

static void mapping_json(const struct schema *s, enum need need, FILE *out)
{
	const struct schema_field *f;
	const char *comma = "";

	fputs("\"type\":\"object\",\"additionalProperties\":false,\"properties\":{", out);
	for (f = s->fields; f->key; f++) {
		fputs(comma, out);
		quote(f->key, out);
		fputs(":{", out);
		field_json(f, need, out);
		fputs("}", out);
		comma = ",";
	}
	fputs("}", out);
	if (need == MUST_HAVE)
		required_json(s, out);
}

static void object_json(const struct schema *s, enum need need, FILE *out)
{
	if (!s->scalar) {
		mapping_json(s, need, out);
		return;
	}
	fputs("\"anyOf\":[{", out);
	field_json(s->scalar, need, out);
	fputs("},{", out);
	mapping_json(s, need, out);
	fputs("}]", out);
}

static enum need needs(const struct schema *s)
{
	const struct schema_field *f;

	for (f = s->fields; f->key; f++)
		if (!strcmp(f->key, "inherits"))
			return MAY_LACK;
	return MUST_HAVE;
}

void schema_print_json(const char *id, const struct schema *const *s, size_t n, FILE *out)
{
	size_t i;

	fputs("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",", out);
	if (id)
		fprintf(out, "\"$id\":\"urn:fauxtrack:schema:%s\",", id);
	fputs("\"definitions\":{", out);
	for (i = 0; i < n; i++) {
		fputs(i ? ",\n" : "\n", out);
		quote(s[i]->name, out);
		fputs(":{\"description\":", out);
		quote(s[i]->help, out);
		fputs(",", out);
		object_json(s[i], needs(s[i]), out);
		fputs("}", out);
	}
	/* with a single definition under allOf an editor reports each error at its place;
	 * with anyOf only that nothing fits */
	fprintf(out, "\n},\"%s\":[", n == 1 ? "allOf" : "anyOf");
	for (i = 0; i < n; i++)
		fprintf(out, "%s{\"$ref\":\"#/definitions/%s\"}", i ? "," : "",
			s[i]->name);
	fputs("]}\n", out);
}

static void names_text(const struct schema_field *f, FILE *out)
{
	const char *comma = "";
	const struct name *n;

	for (n = f->names; n->name; n++) {
		if (!schema_in_set(f, n))
			continue;
		fprintf(out, "%s%s", comma, n->name);
		comma = ", ";
	}
}

static void value_text(const struct schema_field *f, FILE *out)
{
	switch (f->type) {
	case SCHEMA_TEXT:
		if (f->size && !(f->flags & SCHEMA_NOWHERE))
			fprintf(out, "text up to %zu", f->size - 1);
		else
			fputs("text", out);
		break;
	case SCHEMA_VALUE:
		fprintf(out, "number or text up to %zu", f->size - 1);
		break;
	case SCHEMA_INT:
		fprintf(out, "%lld to %lld", f->min, f->max);
		break;
	case SCHEMA_BOOL:
		fputs("true or false", out);
		break;
	case SCHEMA_TIME:
		fputs("duration", out);
		break;
	case SCHEMA_ENUM:
		fputs("one of ", out);
		names_text(f, out);
		break;
	case SCHEMA_SET:
		fputs("any of ", out);
		names_text(f, out);
		break;
	case SCHEMA_NOTE:
		fputs("free text", out);
		break;
	case SCHEMA_STRUCT:
	case SCHEMA_LIST:
	case SCHEMA_TABLE:
		break;
	}
}

/* ---- rows: a path, what its value may be, and what it is ---------------------------- */

struct rows {
	void (*row)(void *ctx, const char *path, const char *value, const char *help);
	void *ctx;
	bool notes; /* those too that every mapping may have */
};

static void all_rows(const struct rows *r, const struct schema *s, const char *prefix);

/* value: NULL for what the field says of it. */
static void row(const struct rows *r, const char *path, const struct schema_field *f,
	const char *value)
{
	char *text = NULL;
	size_t len;
	FILE *out = must(open_memstream(&text, &len));

	if (value)
		fputs(value, out);
	else
		value_text(f, out);
	if (f->flags & SCHEMA_REQUIRED)
		fputs(", required", out);
	if (f->def)
		fprintf(out, ", default %s", f->def);
	fclose(out);
	r->row(r->ctx, path, text, f->help ? f->help : "");
	free(text);
}

/* A single value stands for the mapping. */
static void scalar_row(
	const struct rows *r, const char *path, const struct schema_field *f)
{
	char *text = NULL;
	size_t len;
	FILE *out = must(open_memstream(&text, &len));

	value_text(f->schema->scalar, out);
	fputs(", or a mapping", out);
	fclose(out);
	r->row(r->ctx, path, text, f->help ? f->help : "");
	free(text);
}

static void struct_rows(
	const struct rows *r, const struct schema_field *f, const char *path)
{
	char value[128];

	if (f->schema->apart) {
		snprintf(value, sizeof(value), "a %s", f->schema->name);
		row(r, path, f, value);
		return;
	}
	if (f->schema->scalar)
		scalar_row(r, path, f);
	if (!(f->flags & SCHEMA_ELSEWHERE))
		all_rows(r, f->schema, path);
}

static void many_rows(const struct rows *r, const struct schema_field *f,
	const char *path, const char *below)
{
	char value[64];

	if (f->most)
		snprintf(value, sizeof(value), "up to %zu entries", f->most);
	else
		snprintf(value, sizeof(value), "any number of entries");
	row(r, path, f, value);
	if (f->item->type == SCHEMA_STRUCT)
		struct_rows(r, f->item, below);
	else
		row(r, below, f->item, NULL);
}

static void field_rows(
	const struct rows *r, const struct schema_field *f, const char *path)
{
	char below[300];

	switch (f->type) {
	case SCHEMA_STRUCT:
		struct_rows(r, f, path);
		break;
	case SCHEMA_LIST:
		snprintf(below, sizeof(below), "%s[]", path);
		many_rows(r, f, path, below);
		break;
	case SCHEMA_TABLE:
		snprintf(below, sizeof(below), "%s.NAME", path);
		many_rows(r, f, path, below);
		break;
	case SCHEMA_NOTE:
		if (f->flags & SCHEMA_ELSEWHERE)
			row(r, path, f, "a mapping");
		else if (r->notes && strcmp(f->key, "see") != 0)
			row(r, path, f, NULL);
		break;
	case SCHEMA_TEXT:
	case SCHEMA_VALUE:
	case SCHEMA_INT:
	case SCHEMA_BOOL:
	case SCHEMA_TIME:
	case SCHEMA_ENUM:
	case SCHEMA_SET:
		row(r, path, f, NULL);
		break;
	}
}

static void all_rows(const struct rows *r, const struct schema *s, const char *prefix)
{
	const struct schema_field *f;
	char path[256];

	for (f = s->fields; f->key; f++) {
		snprintf(
			path, sizeof(path), "%s%s%s", prefix, *prefix ? "." : "", f->key);
		field_rows(r, f, path);
	}
}

void schema_each_row(const struct schema *s, bool notes,
	void (*each)(void *ctx, const char *path, const char *value, const char *help),
	void *ctx)
{
	const struct rows r = { each, ctx, notes };

	all_rows(&r, s, "");
}

static void markdown_row(void *out, const char *path, const char *value, const char *help)
{
	fprintf(out, "| `%s` | %s | %s |\n", path, value, help);
}

void schema_print_markdown(const struct schema *s, FILE *out)
{
	fputs("| key | value | what it is |\n| --- | --- | --- |\n", out);
	schema_each_row(s, false, markdown_row, out);
}

static void field_text(const struct schema_field *f, FILE *out)
{
	const struct name *n;

	fprintf(out, "  %-16s %s\n  %16s ", f->key, f->help ? f->help : "", "");
	value_text(f, out);
	if (f->flags & SCHEMA_REQUIRED)
		fputs("; required", out);
	if (f->def)
		fprintf(out, "; default %s", f->def);
	putc('\n', out);
	for (n = f->names; n && n->name; n++)
		if (n->help)
			fprintf(out, "  %16s   %s: %s\n", "", n->name, n->help);
}

void schema_print_text(const struct schema *s, FILE *out)
{
	const struct schema_field *f;

	for (f = s->fields; f->key; f++)
		field_text(f, out);
}
