#include "host/field/screen.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "host/field/form.h"

/* --- cleaning ------------------------------------------------------------------------
 */

/* Skips "ESC [ 31 m", "ESC ( B". Returns what is after it. */
static const char *skip_sequence(const char *p, const char *end)
{
	p++;
	if (p < end && *p == '[') {
		for (p++; p < end && (isdigit((unsigned char)*p) || strchr(";?", *p));
			p++)
			if (!*p)
				break;
		return p < end ? p + 1 : end;
	}
	if (p < end && (*p == '(' || *p == ')'))
		return p + 2 < end ? p + 2 : end;
	return p;
}

/* A string of the part: sequences of a terminal are taken out, backspaces erase, NULs go. */
static char *clean(const char *p, size_t len)
{
	char *text = must(malloc(len + 1));
	const char *end = p + len;
	size_t n = 0;

	while (p < end) {
		if (*p == 0x1b && end - p > 1 && strchr("[()", p[1]) && p[1]) {
			p = skip_sequence(p, end);
			continue;
		}
		if (*p == '\b' && n)
			n--;
		else if (*p && *p != '\b' && *p != '\a')
			text[n++] = *p;
		p++;
	}
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	text[n] = '\0';
	return text;
}

/* Takes characters off the start. */
static void cut(char *text, size_t n)
{
	memmove(text, text + n, strlen(text + n) + 1);
}

/* --- the whole -----------------------------------------------------------------------
 */

/* "AATT++CCSSQQ" */
static bool take_off_doubles(char *text)
{
	size_t i, n = strlen(text);

	if (strncasecmp(text, "aatt", 4) != 0 || n % 2)
		return false;
	for (i = 0; i < n; i += 2)
		if (text[i] != text[i + 1])
			return false;
	for (i = 0; i < n / 2; i++)
		text[i] = text[2 * i];
	text[n / 2] = '\0';
	return true;
}

static void add_part(
	struct screen *s, size_t *room, const char *p, size_t len, unsigned long number)
{
	struct screen_line *l;

	if (s->n == *room) {
		*room = *room ? 2 * *room : 256;
		s->line = must(realloc(s->line, *room * sizeof(*s->line)));
	}
	l = &s->line[s->n++];
	*l = (struct screen_line){ .text = clean(p, len), .number = number };
	if (form_plain(l->text))
		l->doubt = "typographic characters were replaced";
	if (take_off_doubles(l->text))
		l->doubt = "each character stood twice; local echo, it seems";
}

static void add_line(struct screen *s, size_t *room, const struct field_line *l)
{
	const char *p = l->p, *end = p + l->len, *cr;

	for (;;) {
		cr = memchr(p, '\r', (size_t)(end - p));
		add_part(s, room, p, (size_t)((cr ? cr : end) - p), l->number);
		if (!cr)
			return;
		p = cr + 1;
	}
}

/* In a quotation of a mail all lines begin with ">". Returns whether it was one. */
static bool take_off_quotation(struct screen *s)
{
	size_t i, lines = 0, quoted = 0;

	for (i = 0; i < s->n; i++)
		if (*s->line[i].text) {
			lines++;
			quoted += *s->line[i].text == '>';
		}
	if (quoted < 4 || 4 * quoted < 3 * lines)
		return false;
	for (i = 0; i < s->n; i++)
		if (*s->line[i].text == '>')
			cut(s->line[i].text, s->line[i].text[1] == ' ' ? 2 : 1);
	return true;
}

static void take_off_stamps(struct screen *s)
{
	size_t i, lines = 0, stamped = 0;
	struct screen_line *l;

	for (i = 0; i < s->n; i++) {
		l = &s->line[i];
		lines += *l->text != '\0';
		l->stamped = stamp_read(l->text, strlen(l->text), &l->stamp);
		stamped += l->stamped;
	}
	for (i = 0; i < s->n; i++) {
		l = &s->line[i];
		if (2 * stamped < lines)
			l->stamped = false;
		if (l->stamped)
			cut(l->text, l->stamp.len);
	}
}

/* "AT [enter]" */
static void take_off_end(char *text)
{
	size_t n = strlen(text), end = form_written_end(text);

	if (!end)
		return;
	n -= end;
	while (n && text[n - 1] == ' ')
		n--;
	text[n] = '\0';
}

void screen_read(struct screen *s, const struct field_source *source)
{
	size_t i, room = 0, n;
	int level;

	*s = (struct screen){ NULL, 0 };
	for (i = 0; i < source->lines; i++)
		add_line(s, &room, &source->line[i]);
	for (level = 0; level < 5 && take_off_quotation(s); level++)
		;
	take_off_stamps(s);
	for (i = 0; i < s->n; i++) {
		n = strspn(s->line[i].text, " \t");
		cut(s->line[i].text, n);
		take_off_end(s->line[i].text);
	}
}

void screen_clear(struct screen *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->line[i].text);
	free(s->line);
	*s = (struct screen){ NULL, 0 };
}

/* --- what lines are ------------------------------------------------------------------
 */

const char *screen_command(const char *text)
{
	size_t n = strspn(text, " >#$%:*-[]()\"'`");

	if (form_is_command(text))
		return text;
	return n && n < 12 && form_is_command(text + n) ? text + n : NULL;
}

bool screen_is_banner(const char *text)
{
	static const char *const starts[] = { "Welcome to minicom",
		"OPTIONS:", "Compiled on", "Port /dev/", "Press CTRL-A", "CTRL-A Z",
		"Meta-Z", "picocom v", "port is", "flowcontrol", "baudrate is",
		"parity is", "databits are", "stopbits are", "escape is", "local echo is",
		"noinit is", "noreset is", "hangup is", "nolock is", "send_cmd is",
		"receive_cmd is", "imap is", "omap is", "emap is", "logfile is",
		"initstring", "exit_after is", "exit is", "Type [C-", "Terminal ready",
		"Terminating", "Thanks for using picocom", "Connected.", "Disconnected.",
		"*** ", NULL };
	size_t i;

	for (i = 0; starts[i]; i++)
		if (!strncmp(text, starts[i], strlen(starts[i])))
			return true;
	return false;
}
