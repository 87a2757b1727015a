/* chat of pppd (-v, -V): "send (AT^M)", "expect (OK)", and what came, line by line. */
#include <stdlib.h>
#include <string.h>

#include "host/field/decode.h"
#include "host/field/form.h"
#include "host/field/stamp.h"
#include "host/field/talk.h"

static int probe(const struct field_source *s)
{
	bool chat = field_contains(s, "chat[") || field_contains(s, "expect (");

	if (!chat || (!field_contains(s, "send (") && !field_contains(s, "expect (")))
		return 0;
	return 86;
}

/* After the stamp, the host's name and "chat[5749]: ". NULL: another program's line. */
static char *own_text(char *text)
{
	char *p = strstr(text, "chat[");

	if (p) {
		p = strstr(p, "]: ");
		return p ? p + 3 : NULL;
	}
	return strstr(text, "pppd[") || strstr(text, "kernel:") ? NULL : text;
}

static bool is_own(const char *p)
{
	static const char *const own[] = { "expect (", "abort on (", "timeout set to",
		"alarm", " -- ", "Failed", "Connect script", "report (", "Connected...",
		"Serial connection", "using channel", "Using interface",
		"Connect:", "clear abort on", "clear report on", NULL };
	size_t i;

	for (i = 0; own[i]; i++)
		if (!strncmp(p, own[i], strlen(own[i])))
			return true;
	return false;
}

/* "send (AT^M)" */
static void sent(struct talk *t, unsigned long line, char *p)
{
	char *end = strrchr(p, ')');
	struct decoded d;

	p += strlen("send (");
	if (!end || end < p)
		return;
	if (strspn(p, "?") >= 4) { /* \q in the script */
		reading_note(t->r, line, "what was sent is hidden");
		reading_understood(t->r, line);
		return;
	}
	d = decode_text(p, (size_t)(end - p), DECODE_CARET | DECODE_BACKSLASH);
	talk_bytes(t, line, '>', p, d.len);
}

/* "OK" comes as "OK" and then " -- got it"; "^M" stands for CR. */
static void came(struct talk *t, unsigned long line, char *p)
{
	char *got = strstr(p, " -- got it");
	struct decoded d;

	if (got)
		*got = '\0';
	d = decode_text(p, strlen(p), DECODE_CARET);
	while (d.len && (p[d.len - 1] == '\r' || p[d.len - 1] == '\n'))
		d.len--;
	p[d.len] = '\0';
	while (*p == '\r' || *p == '\n')
		p++;
	reading_understood(t->r, line);
	talk_line(t, line, p);
}

static void take_line(struct talk *t, const struct field_line *l)
{
	char *text = field_line_text(l), *p;
	struct stamp stamp;

	p = text;
	if (stamp_read(text, strlen(text), &stamp)) {
		reading_at(t->r, stamp.at, stamp.step);
		p += stamp.len;
	}
	p = own_text(p);
	if (!p || is_own(p))
		reading_understood(t->r, l->number);
	else if (!strncmp(p, "send (", 6))
		sent(t, l->number, p);
	else if (t->command)
		came(t, l->number, p);
	free(text);
}

static bool read_it(struct field_reading *r)
{
	struct talk t;
	size_t i;

	talk_init(&t, r);
	for (i = 0; i < r->source->lines; i++)
		take_line(&t, &r->source->line[i]);
	talk_clear(&t);
	return true;
}

const struct field_reader read_chat = { "chat",
	"chat -v of pppd, in syslog or on the screen: send (AT^M), expect (OK)", probe,
	read_it };
