#include "host/console.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 2.0 /* seconds without a sign of life */
#define AGAIN    0.2 /* seconds between two lines */

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

bool console_has_colours(FILE *out)
{
	const char *force = getenv("CLICOLOR_FORCE"), *term = getenv("TERM");

	if (is_set("NO_COLOR")) /* no-color.org */
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return isatty(fileno(out)) && term && *term && strcmp(term, "dumb") != 0;
}

void console_put(FILE *out, enum console_colour colour, const char *text)
{
	static const char *const codes[] = { "", "32", "31", "33", "1" };

	if (colour != CONSOLE_PLAIN && console_has_colours(out))
		fprintf(out, "\033[%sm%s\033[0m", codes[colour], text);
	else
		fputs(text, out);
}

void console_messages(FILE *out, const char *text)
{
	bool colours = console_has_colours(out);
	const char *end, *place;

	for (; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		place = strstr(text, ": ");
		if (colours && place && place < end)
			fprintf(out, "\033[31m%.*s\033[0m%.*s\n", (int)(place - text),
				text, (int)(end - place), place);
		else
			fprintf(out, "%.*s\n", (int)(end - text), text);
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void console_begin(struct console_progress *p, const char *what, unsigned long long total)
{
	*p = (struct console_progress){ .what = what,
		.total = total,
		.began = now(),
		.off = !isatty(STDERR_FILENO) };
}

void console_step(struct console_progress *p, unsigned long long done)
{
	double t;

	if (p->off)
		return;
	t = now();
	if (t - p->began < PATIENCE || t - p->shown < AGAIN)
		return;
	p->shown = t;
	if (p->total)
		fprintf(stderr, "\r%llu of %llu %s (%.0f %%)\033[K", done, p->total,
			p->what, 100.0 * (double)done / (double)p->total);
	else
		fprintf(stderr, "\r%llu %s\033[K", done, p->what);
	fflush(stderr);
}

void console_clear(struct console_progress *p)
{
	if (p->shown > 0)
		fputs("\r\033[K", stderr);
	p->shown = 0;
}
