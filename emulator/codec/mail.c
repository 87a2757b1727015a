#include "codec/mail.h"

#include <string.h>

static bool is_control(char c)
{
	return (c >= 0 && c < ' ') || c == 127;
}

struct writer {
	char *out;
	size_t size, len;
};

static void put(struct writer *w, const char *text)
{
	for (; *text; text++, w->len++)
		if (w->len < w->size)
			w->out[w->len] = is_control(*text) ? ' ' : *text;
}

static void put_end(struct writer *w)
{
	if (w->len + 2 <= w->size)
		memcpy(w->out + w->len, "\r\n", 2);
	w->len += 2;
}

static void put_field(struct writer *w, const char *name, const char *text)
{
	if (!*text)
		return;
	put(w, name);
	put(w, text);
	put_end(w);
}

/* RFC 5322 clause 3.2.4: a quoted string, in which two characters need a backslash. */
static void put_quoted(struct writer *w, const char *text)
{
	char c[2] = "";

	put(w, "\"");
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			put(w, "\\");
		c[0] = *text;
		put(w, c);
	}
	put(w, "\"");
}

static void put_from(struct writer *w, const struct mail *m)
{
	put(w, "From: ");
	if (*m->from_name) {
		put_quoted(w, m->from_name);
		put(w, " ");
	}
	put(w, "<");
	put(w, m->from);
	put(w, ">");
	put_end(w);
}

size_t mail_head(const struct mail *m, char *out, size_t size)
{
	struct writer w = { .out = out, .size = size };

	put_from(&w, m);
	put_field(&w, "To: ", m->to);
	put_field(&w, "Cc: ", m->cc);
	put_field(&w, "Subject: ", m->subject);
	put_end(&w);
	if (w.len >= size)
		return 0;
	out[w.len] = '\0';
	return w.len;
}

static bool is_address(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (is_control(text[i]) || strchr(" <>", text[i]))
			return false;
	return len;
}

const char *mail_address(const char *list, char *out, size_t size)
{
	size_t len, left;

	list += strspn(list, " ,;");
	if (!*list)
		return NULL;
	len = left = strcspn(list, ",;");
	while (len && list[len - 1] == ' ')
		len--;
	out[0] = '\0';
	if (len < size && is_address(list, len)) {
		memcpy(out, list, len);
		out[len] = '\0';
	}
	return list + left;
}

bool mail_has_control(const char *text)
{
	while (*text && !is_control(*text))
		text++;
	return *text;
}
