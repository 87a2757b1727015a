/* The echo is what was sent and comes back at the start of a line; all other lines of the
 * modem are between CR LF and CR LF (V.250 5.7.1). */
#include "host/field/talk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "host/field/form.h"

#define CTRL_Z "\x1a"

void talk_init(struct talk *t, struct field_reading *r)
{
	*t = (struct talk){ .r = r, .echoes = true };
}

void talk_clear(struct talk *t)
{
	free(t->command);
	free(t->echo);
	t->command = t->echo = NULL;
}

static void say(struct talk *t, unsigned long line, char side, const char *text)
{
	reading_say_text(t->r, line, side, text);
}

static void say_with(struct talk *t, unsigned long line, char side, const char *text,
	const char *doubt)
{
	const char *before = t->r->doubt;

	if (!before)
		t->r->doubt = doubt;
	say(t, line, side, text);
	t->r->doubt = before;
}

static char *join(const char *a, const char *b, const char *c)
{
	char *text = must(malloc(strlen(a) + strlen(b) + strlen(c) + 1));

	strcpy(text, a);
	strcat(text, b);
	strcat(text, c);
	return text;
}

static void replace(char **p, char *value)
{
	free(*p);
	*p = value;
}

static void say_prompt(struct talk *t, unsigned long line, const char *doubt)
{
	say_with(t, line, '<', "\r\n> ", doubt);
	t->prompt = true;
	replace(&t->echo, NULL);
}

/* Before a text: programs log what they send at once, and the prompt later or not at all. */
static void need_prompt(struct talk *t, unsigned long line)
{
	if (t->prompt || !t->running || !t->command || !form_takes_text(t->command))
		return;
	say_prompt(t, line, "the prompt is not in the log before the text; assumed");
	t->assumed = true;
}

/* --- the host ------------------------------------------------------------------------
 */

/* ATE0, ATE1, and what sets E back, among the basic commands of the line. */
static void learn_echo(struct talk *t)
{
	const char *p = t->command;
	bool zero;

	if (strncasecmp(p, "AT", 2))
		return;
	for (p += 2; *p && *p != '+' && *p != '"'; p++) {
		if (toupper((unsigned char)*p) == 'D')
			return;
		if (toupper((unsigned char)*p) != 'E')
			continue;
		zero = p[1] != '1';
		t->echoes = !zero;
	}
}

void talk_command(struct talk *t, unsigned long line, const char *text, bool more)
{
	const char *start = t->command && !t->whole ? t->command : "";
	char *sent = join(text, more ? "" : "\r", "");

	say(t, line, '>', sent);
	replace(&t->echo, join(t->echo && *start ? t->echo : "", sent, ""));
	free(sent);
	replace(&t->command, join(start, text, ""));
	t->whole = !more;
	t->running = true;
	t->prompt = t->data = t->assumed = false;
	if (!more)
		learn_echo(t);
}

/* The end of a text as people write it: "^Z", "<ctrl-z>". Returns its start. */
static const char *written_ctrl_z(const char *text)
{
	static const char *const ends[] = { "^Z", "<ctrl-z>", "<ctrl+z>", "[ctrl-z]",
		"[ctrl+z]", "(ctrl-z)", "(ctrl+z)", "<ctrl z>", "ctrl-z", "ctrl+z",
		"<sub>", "<0x1a>", "\\x1a", "<1A>", CTRL_Z, NULL };
	size_t n = strlen(text), len, i;

	for (i = 0; ends[i]; i++) {
		len = strlen(ends[i]);
		if (n < len || strcasecmp(text + n - len, ends[i]) != 0)
			continue;
		n -= len;
		while (len > 1 && n && text[n - 1] == ' ')
			n--;
		return text + n;
	}
	return NULL;
}

bool talk_wants_text(const struct talk *t)
{
	return t->prompt || (t->running && t->command && form_takes_text(t->command));
}

void talk_text(struct talk *t, unsigned long line, const char *text)
{
	const char *end = written_ctrl_z(text);
	char *sent;

	need_prompt(t, line);
	if (strchr(text, 0x1b)) {
		say(t, line, '>', text);
		replace(&t->echo, must(strdup(text)));
	} else {
		sent = join(text, CTRL_Z, "");
		if (end)
			strcpy(sent + (end - text), CTRL_Z);
		say_with(t, line, '>', sent,
			end ? NULL : "Ctrl-Z at the end of the text is assumed");
		replace(&t->echo, sent);
	}
	t->prompt = false;
}

/* --- the modem -----------------------------------------------------------------------
 */

static void say_line(struct talk *t, unsigned long line, const char *text)
{
	char *framed = join("\r\n", text, "\r\n");

	say(t, line, '<', framed);
	free(framed);
	if (!strcmp(text, "NO CARRIER"))
		t->data = false;
	if (form_is_result(text)) {
		t->running = t->prompt = false;
		t->data = !strncmp(text, "CONNECT", 7);
		replace(&t->echo, NULL);
	}
}

/* How much of the text is echo. */
static size_t echo_in(const struct talk *t, const char *text)
{
	size_t n = t->echo ? strcspn(t->echo, "\r" CTRL_Z) : 0, len = strlen(text);

	if (!n)
		return 0;
	if (len <= n)
		return !strncmp(t->echo, text, len) ? len : 0;
	return !strncmp(t->echo, text, n) ? n : 0;
}

/* Says the echo, with its CR if all of it is back. */
static void take_echo(struct talk *t, unsigned long line, size_t n)
{
	bool end = t->echo[n] == '\r' || t->echo[n] == *CTRL_Z;
	char *text = must(strdup(t->echo)), *rest;

	n += end;
	rest = must(strdup(t->echo + n));
	text[n] = '\0';
	say(t, line, '<', text);
	free(text);
	replace(&t->echo, *rest ? rest : NULL);
	if (!t->echo)
		free(rest);
}

void talk_line(struct talk *t, unsigned long line, const char *text)
{
	size_t n = echo_in(t, text);

	if (n) {
		take_echo(t, line, n);
		text += n;
		while (*text == ' ')
			text++;
		if (!*text)
			return;
	}
	if (text[0] == '>' && (!text[1] || (text[1] == ' ' && !text[2])) &&
		(t->running || !t->command)) {
		if (!t->assumed)
			say_prompt(t, line, NULL);
		else
			reading_understood(t->r, line);
		t->assumed = false;
	} else if (*text) {
		say_line(t, line, text);
	}
}

/* --- bytes ---------------------------------------------------------------------------
 */

static void sent_bytes(struct talk *t, const char *bytes, size_t len)
{
	size_t n = len;
	char *text;

	if (!len)
		return;
	while (n && (bytes[n - 1] == '\r' || bytes[n - 1] == '\n'))
		n--;
	if (n == len || t->prompt) {
		if (memchr(bytes, 0x1a, len) || memchr(bytes, 0x1b, len))
			t->prompt = false;
		return;
	}
	text = must(malloc(n + 1));
	memcpy(text, bytes, n);
	text[n] = '\0';
	replace(&t->command, text);
	replace(&t->echo, join(text, "\r", ""));
	t->whole = t->running = true;
}

void talk_bytes(
	struct talk *t, unsigned long line, char side, const char *bytes, size_t len)
{
	if (!len) {
		reading_understood(t->r, line);
		return;
	}
	if (side == '>' && (bytes[len - 1] == 0x1a || bytes[len - 1] == 0x1b) &&
		!memchr(bytes, '\r', len))
		need_prompt(t, line);
	reading_say(t->r, line, side, bytes, len);
	if (side == '>') {
		sent_bytes(t, bytes, len);
		return;
	}
	replace(&t->echo, NULL);
	if (len >= 2 && !memcmp(bytes + len - 2, "> ", 2))
		t->prompt = true;
	else if (len >= 4 && !memcmp(bytes + len - 4, "OK\r\n", 4))
		t->running = t->prompt = false;
}

/* --- joined lines --------------------------------------------------------------------
 */

/* The start of the final result at the end of the text, NULL: there is none. */
static char *result_in(char *text)
{
	static const char *const errors[] = { "+CMS ERROR:", "+CME ERROR:", NULL };
	char *last = strrchr(text, ' '), *found;
	size_t i;

	for (i = 0; errors[i]; i++) {
		found = strstr(text, errors[i]);
		if (found)
			return found;
	}
	if (last && form_is_result(last + 1))
		return last + 1;
	return form_is_result(text) ? text : NULL;
}

/* The next " +NAME: " outside quotes, or the hex of a PDU. */
static char *next_line(char *text)
{
	bool quoted = false;
	char *p, *end;

	for (p = text; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		if (quoted || *p != ' ')
			continue;
		end = p + 1 + strcspn(p + 1, " :");
		if (p[1] == '+' && *end == ':' && end - p > 3)
			return p;
		if (strspn(p + 1, "0123456789ABCDEF") >= 20)
			return p;
	}
	return NULL;
}

static void say_parts(struct talk *t, unsigned long line, char *text)
{
	char *next;

	while (text) {
		while (*text == ' ')
			text++;
		next = next_line(text);
		if (next)
			*next++ = '\0';
		talk_line(t, line, text);
		text = next;
	}
}

void talk_joined(struct talk *t, unsigned long line, const char *text)
{
	static const char doubt[] = "the log has joined lines; taken apart by their form";
	const char *before = t->r->doubt;
	char *copy = must(strdup(text)), *part = copy, *result = result_in(copy);
	size_t n = echo_in(t, copy);

	if (n && copy[n] == ' ') {
		take_echo(t, line, n);
		part += n + 1;
	}
	if (result && result > part) {
		result[-1] = '\0';
		t->r->doubt = doubt;
		say_parts(t, line, part);
		talk_line(t, line, result);
	} else {
		talk_line(t, line, part);
	}
	t->r->doubt = before;
	free(copy);
}
