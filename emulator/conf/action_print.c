/* Prints actions for readers. */
#include "conf/action_conf.h"
#include "conf/schema.h"

/* Prints what a single value may be: off|on|cut, or <key>, the key that it stands for. */
static void print_scalar(const struct schema_field *f, const char * or, FILE *out)
{
	const struct name *n;

	if (f->type != SCHEMA_ENUM)
		fprintf(out, "<%s>", f->key);
	for (n = f->type == SCHEMA_ENUM ? f->names : NULL; n && n->name; n++)
		fprintf(out, "%s%s", n == f->names ? "" : or, n->name);
}

static void print_mapping(const struct schema *s, FILE *out)
{
	const struct schema_field *f;

	fputs(s->fields->key ? "{ " : "{}", out);
	for (f = s->fields; f->key; f++)
		fprintf(out, "%s%s", f == s->fields ? "" : ", ", f->key);
	fputs(s->fields->key ? " }" : "", out);
}

static bool has_mapping(const struct schema *s)
{
	return !s->scalar || s->fields[1].key;
}

void action_print(const struct action_row *row, FILE *out)
{
	const struct schema *s = row->args;

	fprintf(out, "%s: %s\n\n", row->name, s->help);
	if (s->scalar) {
		fprintf(out, "  %s: ", row->name);
		print_scalar(s->scalar, "|", out);
		putc('\n', out);
	}
	if (has_mapping(s)) {
		fprintf(out, "  %s: ", row->name);
		print_mapping(s, out);
		putc('\n', out);
	}
	if (s->fields->key)
		putc('\n', out);
	schema_print_text(s, out);
}

void actions_print_markdown(FILE *out)
{
	const struct action_row *row;
	size_t i;

	fputs("| step | what it does |\n| --- | --- |\n", out);
	for (i = 0; (row = action_at(i)); i++) {
		fprintf(out, "| `%s: ", row->name);
		if (row->args->scalar) {
			/* an unescaped bar would end the cell of the table */
			print_scalar(row->args->scalar, "\\|", out);
			if (has_mapping(row->args))
				fprintf(out, "` or `%s: ", row->name);
		}
		if (has_mapping(row->args))
			print_mapping(row->args, out);
		fprintf(out, "` | %s |\n", row->args->help);
	}
}
