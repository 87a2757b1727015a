#include "host/manual/mdoc.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"

#define COLUMNS 78 /* mandoc asks for lines of less than 80 */

/* ---- words of mdoc ------------------------------------------------------------------ */

/* How mdoc writes a character that it would take for something else; NULL: as it is. */
static const char *escape(char c)
{
	switch (c) {
	case '\\':
		return "\\e";
	case '"':
		return "\\(dq";
	case '`':
		return "\\(ga";
	case '\'':
		return "\\(aq";
	case '^':
		return "\\(ha";
	case '~':
		return "\\(ti";
	case '-':
		return "\\-";
	default:
		return NULL;
	}
}

static void put(FILE *out, const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (escape(text[i]))
			fputs(escape(text[i]), out);
		else
			putc(text[i], out);
}

/* The length of a text as it is written. */
static size_t written(const char *text, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += escape(text[i]) ? strlen(escape(text[i])) : 1;
	return n;
}

/* An argument of a macro: one word, never a macro itself. Where it has alternatives, a line
 * may end. */
static void put_arg(FILE *out, const char *text)
{
	size_t len;

	fputs(" \"\\&", out);
	for (; text[len = strcspn(text, "|")]; text += len + 1) {
		put(out, text, len);
		fputs("|\\:", out);
	}
	put(out, text, len);
	putc('"', out);
}

/* Whether a sentence may end with this word: the next one gets a line of its own. */
static bool ends(const char *word, size_t len)
{
	while (len && (word[len - 1] == ')' || word[len - 1] == '"'))
		len--;
	return len && strchr(".!?", word[len - 1]);
}

/* Lines of text. */
static void put_text(FILE *out, const char *text)
{
	size_t len, at = 0;
	bool end = false;

	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		len = strcspn(text, " \n");
		if (at && (end || at + 1 + written(text, len) > COLUMNS)) {
			putc('\n', out);
			at = 0;
		} else if (at) {
			putc(' ', out);
			at++;
		}
		if (!at && strchr(".'", *text))
			fputs("\\&", out);
		put(out, text, len);
		at += written(text, len);
		end = ends(text, len);
		text += len;
	}
	putc('\n', out);
}

/* ---- parts -------------------------------------------------------------------------- */

static void part_open(struct mdoc_part *part)
{
	part->out = must(open_memstream(&part->text, &part->len));
}

static struct mdoc_part *part_now(struct page *p)
{
	struct mdoc *m = (struct mdoc *)p;

	return &m->part[m->now == PAGE_OTHER ? PAGE_BODY : m->now];
}

/* What a nested page does not repeat. */
static bool is_dropped(const struct page *p)
{
	const struct mdoc *m = (const struct mdoc *)p;

	return m->dropped ||
	       (m->nested && (m->now == PAGE_ENVIRONMENT || m->now == PAGE_FILES ||
				     m->now == PAGE_EXITS));
}

static void close_blocks(struct mdoc_part *part)
{
	if (part->list)
		fputs(".El\n", part->out);
	if (part->literal)
		fputs(".Ed\n", part->out);
	part->list = part->literal = false;
}

static void need_list(struct mdoc_part *part)
{
	if (part->list)
		return;
	close_blocks(part);
	fputs(".Bl -tag -width Ds\n", part->out);
	part->list = true;
}

/* ---- the kind ----------------------------------------------------------------------- */

static void mdoc_usage(struct page *p, const char *name, const char *words, bool options)
{
	struct mdoc *m = (struct mdoc *)p;
	FILE *out = m->synopsis.out;

	m->now = PAGE_BODY;
	/* a word without a page of its own answers with that of the whole */
	m->dropped = m->nested && !strchr(name, ' ');
	if (m->dropped)
		return;
	fputs(".Nm fauxtrack\n", out);
	if (*name) {
		fputs(".Cm", out);
		put_arg(out, name);
		putc('\n', out);
	}
	if (options)
		fputs(".Op Ar OPTION...\n", out);
	if (*words) {
		fputs(".Ar", out);
		put_arg(out, words);
		putc('\n', out);
	}
	if (!m->nested)
		return;
	close_blocks(part_now(p));
	fputs(".Ss", part_now(p)->out);
	put_arg(part_now(p)->out, "fauxtrack");
	put_arg(part_now(p)->out, name);
	putc('\n', part_now(p)->out);
	part_now(p)->last = PAGE_TITLE;
}

static void mdoc_section(
	struct page *p, enum page_section which, const char *title, int width)
{
	struct mdoc *m = (struct mdoc *)p;

	(void)width;
	m->now = which;
	if (which != PAGE_OTHER || m->dropped)
		return;
	close_blocks(part_now(p));
	fputs(m->nested ? ".Pp\n.Em" : ".Ss", part_now(p)->out);
	put_arg(part_now(p)->out, title);
	putc('\n', part_now(p)->out);
	part_now(p)->last = m->nested ? PAGE_TEXT : PAGE_TITLE;
}

static void mdoc_text(struct page *p, const char *text)
{
	struct mdoc_part *part = part_now(p);

	if (is_dropped(p))
		return;
	close_blocks(part);
	if (part->last != PAGE_NOTHING && part->last != PAGE_TITLE)
		fputs(".Pp\n", part->out);
	put_text(part->out, text);
	part->last = PAGE_TEXT;
}

static void mdoc_option(struct page *p, const struct page_option *o)
{
	struct mdoc_part *part = part_now(p);

	if (is_dropped(p) ||
		(((struct mdoc *)p)->nested &&
			(!strcmp(o->name, "help") || !strcmp(o->name, "version"))))
		return;
	need_list(part);
	fputs(".It", part->out);
	if (o->letter)
		fprintf(part->out, " Fl %c ,", o->letter);
	fputs(" Fl", part->out);
	fputs(" \\-", part->out);
	put(part->out, o->name, strlen(o->name));
	if (o->arg) {
		fputs(" Ar", part->out);
		put_arg(part->out, o->arg);
	}
	putc('\n', part->out);
	put_text(part->out, o->help);
	part->last = PAGE_ROW;
}

static void mdoc_row(struct page *p, const char *term, const char *text)
{
	static const char *const macros[PAGE_SECTIONS] = {
		[PAGE_BODY] = "Ic",
		[PAGE_OTHER] = "Ic",
		[PAGE_ENVIRONMENT] = "Ev",
		[PAGE_FILES] = "Pa",
		[PAGE_EXITS] = "Cm",
		[PAGE_EXAMPLES] = "Ic",
	};
	struct mdoc_part *part = part_now(p);

	if (is_dropped(p))
		return;
	need_list(part);
	fprintf(part->out, ".It %s", macros[((struct mdoc *)p)->now]);
	put_arg(part->out, term);
	putc('\n', part->out);
	if (*text)
		put_text(part->out, text);
	part->last = PAGE_ROW;
}

static void mdoc_code(struct page *p, const char *line)
{
	struct mdoc_part *part = part_now(p);

	if (is_dropped(p))
		return;
	if (part->list)
		close_blocks(part);
	if (!part->literal)
		fputs(".Bd -literal -offset indent\n", part->out);
	part->literal = true;
	if (strchr(".'", *line))
		fputs("\\&", part->out);
	put(part->out, line, strlen(line));
	putc('\n', part->out);
	part->last = PAGE_CODE;
}

static void mdoc_see(struct page *p, const char *names)
{
	struct mdoc *m = (struct mdoc *)p;
	size_t len = strlen(m->see);

	snprintf(m->see + len, sizeof(m->see) - len, " %s", names);
}

void mdoc_begin(struct mdoc *m, const char *help)
{
	static const struct page_kind kind = { mdoc_usage, mdoc_section, mdoc_text,
		mdoc_option, mdoc_row, mdoc_code, mdoc_see };
	size_t i;

	*m = (struct mdoc){ .page = { .kind = &kind }, .help = help };
	for (i = 0; i < PAGE_SECTIONS; i++)
		part_open(&m->part[i]);
	part_open(&m->synopsis);
}

void mdoc_nest(struct mdoc *m)
{
	m->nested = true;
}

/* ---- the page ----------------------------------------------------------------------- */

static void part_write(struct mdoc_part *part, const char *title, FILE *out)
{
	const char *c;

	close_blocks(part);
	fclose(part->out);
	if (part->len) {
		fputs(".Sh ", out);
		for (c = title; *c; c++)
			putc(toupper((unsigned char)*c), out);
		/* no blanks to fill lines: groff warns of a line that has no place for them */
		fputs("\n.ad l\n", out);
		fwrite(part->text, 1, part->len, out);
	}
	free(part->text);
}

struct reference {
	char name[48];
	int section;
};

static int by_section(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;

	if (x->section != y->section)
		return x->section - y->section;
	return strcmp(x->name, y->name);
}

static void references(
	const char *names, int (*see)(const char *name), const char *self, FILE *out)
{
	struct reference all[32];
	size_t n = 0, i, len;
	char name[32];

	for (names += strspn(names, " "); *names && n < 32; names += strspn(names, " ")) {
		len = strcspn(names, " ");
		snprintf(name, sizeof(name), "%.*s", (int)len, names);
		names += len;
		all[n].section = see(name);
		snprintf(all[n].name, sizeof(all[n].name), "fauxtrack%s%s",
			*name == '.' ? "" : "-", *name == '.' ? "" : name);
		n += all[n].section && strcmp(all[n].name, self) != 0;
	}
	if (!n)
		return;
	qsort(all, n, sizeof(all[0]), by_section);
	fputs(".Sh SEE ALSO\n", out);
	for (i = 0; i < n; i++)
		if (!i || by_section(&all[i - 1], &all[i]))
			fprintf(out, "%s.Xr %s %d", i ? " ,\n" : "", all[i].name,
				all[i].section);
	putc('\n', out);
}

void mdoc_end(struct mdoc *m, const char *name, int section, int (*see)(const char *name),
	FILE *out)
{
	char title[64];
	size_t i;

	for (i = 0; name[i] && i < sizeof(title) - 1; i++)
		title[i] = (char)toupper((unsigned char)name[i]);
	title[i] = '\0';
	fprintf(out,
		".\\\" Written by `fauxtrack help --man`; change the tables of the "
		"program instead.\n"
		".Dd " FAUXTRACK_DATE "\n.Dt %s %d\n.Os\n.Sh NAME\n.Nm %s\n.Nd ",
		title, section, name);
	put(out, m->help, strlen(m->help));
	putc('\n', out);
	part_write(&m->synopsis, "Synopsis", out);
	part_write(&m->part[PAGE_BODY], "Description", out);
	for (i = PAGE_OTHER; i < PAGE_SECTIONS; i++)
		part_write(&m->part[i], page_title((enum page_section)i), out);
	references(m->see, see, name, out);
}
