/* From the first secret of a command on, digits are not told. */
#include "host/field/pin_mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* 27.007 clauses 7.4, 7.5, 8.3, 8.5; wavecom.md. */
const struct secret_place secret_places[] = {
	{ "+CACM=", "s" },
	{ "+CAMM=", ".s" },
	{ "+CFCS=", "..s" },
	{ "+CGAUTH=", "..ss" },
	{ "+CLCK=", "..s" },
	{ "+CPIN2=", "ss" },
	{ "+CPIN=", "ss" },
	{ "+CPUC=", "..s" },
	{ "+CPWC=", "s" },
	{ "+CPWD=", ".ss" },
	{ "+WLCK=", ".s" },
	{ "+WPIN=", "ss" },
	{ NULL, NULL },
};

static const struct secret_place *secret_of(const char *line, size_t len)
{
	const struct secret_place *s;
	size_t n;

	for (s = secret_places; s->name; s++) {
		n = strlen(s->name);
		if (len >= n && !memcmp(line + len - n, s->name, n))
			return s;
	}
	return NULL;
}

static void next_command(struct pin_mask *m)
{
	m->secret = NULL;
	m->commas = m->quotes = 0;
	m->len = 0;
}

static char masked(struct pin_mask *m, char c)
{
	if (c == '\r' || c == '\n') {
		next_command(m);
		return c;
	}
	if (!m->secret) {
		if (m->len == sizeof(m->line))
			memmove(m->line, m->line + 1, --m->len);
		m->line[m->len++] = (char)toupper((unsigned char)c);
		m->secret = secret_of(m->line, m->len);
		return c;
	}
	if (c == '"')
		m->quotes++;
	if (m->quotes % 2 == 0 && c == ',')
		m->commas++;
	if (m->quotes % 2 == 0 && c == ';')
		next_command(m);
	else if (m->commas >= strspn(m->secret->args, ".") && isdigit((unsigned char)c))
		return '0';
	return c;
}

void pin_mask(struct pin_mask *m, char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = masked(m, buf[i]);
}
