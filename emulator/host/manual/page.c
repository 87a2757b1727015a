/* Pages of help, and the kind of them that a terminal shows. */
#include "host/manual/page.h"

#include <string.h>

#define COLUMNS 80
#define OPTION  28 /* room for an option with its value */

void page_usage(struct page *p, const char *name, const char *words, bool options)
{
	p->kind->usage(p, name, words, options);
}

void page_section(struct page *p, enum page_section which, const char *title, int width)
{
	p->kind->section(p, which, title, width);
}

void page_text(struct page *p, const char *text)
{
	if (text && *text)
		p->kind->text(p, text);
}

void page_option(struct page *p, const struct page_option *o)
{
	p->kind->option(p, o);
}

void page_row(struct page *p, const char *term, const char *text)
{
	p->kind->row(p, term, text ? text : "");
}

void page_code(struct page *p, const char *line)
{
	p->kind->code(p, line);
}

void page_see(struct page *p, const char *names)
{
	if (names)
		p->kind->see(p, names);
}

const char *page_title(enum page_section which)
{
	static const char *const titles[PAGE_SECTIONS] = {
		[PAGE_BODY] = "",
		[PAGE_OTHER] = "",
		[PAGE_ENVIRONMENT] = "Environment",
		[PAGE_FILES] = "Files",
		[PAGE_EXITS] = "Exit status",
		[PAGE_EXAMPLES] = "Examples",
	};

	return titles[which];
}

void page_wrap(FILE *out, const char *text, int at, int indent, int most)
{
	bool first = true;
	int len;

	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		len = (int)strcspn(text, " \n");
		if (!first && at + 1 + len > most) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
		} else if (!first) {
			putc(' ', out);
			at++;
		}
		fwrite(text, 1, (size_t)len, out);
		at += len;
		text += len;
		first = false;
	}
}

/* ---- text -------------------------------------------------------------------------- */

/* An empty line, unless this follows its like or a title. */
static void gap(struct page *p, enum page_last next)
{
	if (p->last != PAGE_NOTHING && p->last != PAGE_TITLE &&
		(p->last != next || next == PAGE_TEXT))
		putc('\n', p->out);
	p->last = next;
}

static void plain_usage(struct page *p, const char *name, const char *words, bool options)
{
	if (p->last != PAGE_NOTHING)
		putc('\n', p->out);
	fprintf(p->out, "usage: fauxtrack%s%s%s%s%s\n", *name ? " " : "", name,
		options ? " [OPTION...]" : "", *words ? " " : "", words);
	p->last = PAGE_TEXT;
	p->width = OPTION;
}

static void plain_section(
	struct page *p, enum page_section which, const char *title, int width)
{
	fputs(p->last == PAGE_NOTHING ? "" : "\n", p->out);
	page_wrap(p->out, which == PAGE_OTHER ? title : page_title(which), 0, 0,
		COLUMNS - 1);
	fputs(":\n", p->out);
	p->last = PAGE_TITLE;
	p->width = width;
}

static void plain_text(struct page *p, const char *text)
{
	gap(p, PAGE_TEXT);
	page_wrap(p->out, text, 0, 0, COLUMNS);
	putc('\n', p->out);
}

static void pair(struct page *p, const char *term, const char *text, int width)
{
	int at = 2 + width + 1;

	if (!*text) {
		fprintf(p->out, "  %s\n", term);
		return;
	}
	fprintf(p->out, "  %-*s", width, term);
	if ((int)strlen(term) > width)
		fprintf(p->out, "\n%*s", at, "");
	else
		putc(' ', p->out);
	page_wrap(p->out, text, at, at, COLUMNS);
	putc('\n', p->out);
}

static void plain_row(struct page *p, const char *term, const char *text)
{
	gap(p, PAGE_ROW);
	pair(p, term, text, p->width);
}

static void plain_option(struct page *p, const struct page_option *o)
{
	char term[160], dash[8] = "";

	if (p->last == PAGE_TEXT)
		putc('\n', p->out);
	p->last = PAGE_ROW;
	if (o->letter)
		snprintf(dash, sizeof(dash), "-%c, ", o->letter);
	snprintf(term, sizeof(term), "%s--%s%s%s", dash, o->name, o->arg ? " " : "",
		o->arg ? o->arg : "");
	pair(p, term, o->help, OPTION);
}

static void plain_code(struct page *p, const char *line)
{
	gap(p, PAGE_CODE);
	fprintf(p->out, "    %s\n", line);
}

static void plain_see(struct page *p, const char *names)
{
	char text[300];
	size_t n = 0, len;

	for (; *names && n < sizeof(text); names += len + strspn(names + len, " ")) {
		len = strcspn(names, " ");
		if (*names != '.')
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.*s",
				n ? ", " : "See also, by fauxtrack help: ", (int)len,
				names);
	}
	if (n)
		plain_text(p, text);
}

void page_plain(struct page *p, FILE *out)
{
	static const struct page_kind kind = { plain_usage, plain_section, plain_text,
		plain_option, plain_row, plain_code, plain_see };

	*p = (struct page){ .kind = &kind, .out = out };
}
