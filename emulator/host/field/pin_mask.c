/* Commands whose arguments are secrets, and from which argument on. */
#include "host/field/pin_mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct pin_secret {
	const char *name; /* as it stands on the line, with its = */
	unsigned from;    /* number of commas before the first secret */
};

/* 27.007 clauses 7.4, 7.5, 8.3, 8.5; wavecom.md. */
static const struct pin_secret secrets[] = {
	{ "+CPIN=", 0 },
	{ "+CPIN2=", 0 },
	{ "+CLCK=", 2 },
	{ "+CPWD=", 1 },
	{ "+CPWC=", 0 },
	{ "+CAMM=", 1 },
	{ "+CACM=", 0 },
	{ "+CPUC=", 2 },
	{ "+WLCK=", 1 },
};

static const struct pin_secret *secret_of(const char *line, size_t len)
{
	size_t i, n;

	for (i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		n = strlen(secrets[i].name);
		if (len >= n && !memcmp(line + len - n, secrets[i].name, n))
			return &secrets[i];
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
	else if (m->commas >= m->secret->from && isdigit((unsigned char)c))
		return '0';
	return c;
}

void pin_mask(struct pin_mask *m, char *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = masked(m, buf[i]);
}
