#include "telnet.h"

#include <string.h>

/* The options that we have at our side and at the client's. */
static const struct {
	unsigned char option;
	bool us, them;
} known[TELNET_OPTIONS] = {
	{ TELNET_BINARY, true, true },
	{ TELNET_ECHO, true, false }, /* the modem echoes, not the client */
	{ TELNET_NO_GO_AHEAD, true, true },
	{ TELNET_COM_PORT, true, true },
};

static int index_of(unsigned char option)
{
	int i;

	for (i = 0; i < TELNET_OPTIONS; i++)
		if (known[i].option == option)
			return i;
	return -1;
}

bool telnet_we(const struct telnet *t, enum telnet_option option)
{
	return t->us[index_of((unsigned char)option)] == TELNET_YES;
}

bool telnet_they(const struct telnet *t, enum telnet_option option)
{
	return t->them[index_of((unsigned char)option)] == TELNET_YES;
}

/* ---- reading ---------------------------------------------------------------------- */

static size_t data(
	struct telnet *t, const unsigned char *in, size_t len, struct telnet_item *out)
{
	size_t n;

	for (n = 0; n < len && in[n] != TELNET_IAC; n++) {
		/* RFC 854: CR NUL is a CR alone */
		if (t->cr_in && !in[n] && !telnet_they(t, TELNET_BINARY))
			break;
		t->cr_in = in[n] == '\r';
	}
	*out = (struct telnet_item){ TELNET_GOT_DATA, 0, 0, in, n };
	return n;
}

static void command(struct telnet *t, unsigned char c, struct telnet_item *out)
{
	t->at = TELNET_IN_DATA;
	switch (c) {
	case TELNET_SB:
		t->at = TELNET_IN_SUB;
		t->sub_len = 0;
		break;
	case TELNET_WILL:
	case TELNET_WONT:
	case TELNET_DO:
	case TELNET_DONT:
		t->at = TELNET_IN_OPTION;
		t->verb = c;
		break;
	default:
		*out = (struct telnet_item){ TELNET_GOT_COMMAND, c, 0, NULL, 0 };
		break;
	}
}

static void keep(struct telnet *t, unsigned char c)
{
	if (t->sub_len < TELNET_SUB_MAX)
		t->sub[t->sub_len] = c;
	if (t->sub_len <= TELNET_SUB_MAX)
		t->sub_len++;
}

/* A byte after IAC in a suboption. Only IAC and SE belong there; anything else means that
 * the end was lost. */
static void sub_command(struct telnet *t, unsigned char c, struct telnet_item *out)
{
	if (c == TELNET_IAC) {
		t->at = TELNET_IN_SUB;
		keep(t, c);
		return;
	}
	if (c != TELNET_SE) {
		command(t, c, out);
		return;
	}
	t->at = TELNET_IN_DATA;
	if (t->sub_len && t->sub_len <= TELNET_SUB_MAX)
		*out = (struct telnet_item){ TELNET_GOT_SUB, 0, t->sub[0], t->sub,
			t->sub_len };
}

/* A byte that is not plain data. */
static void control(struct telnet *t, const unsigned char *c, struct telnet_item *out)
{
	switch (t->at) {
	case TELNET_IN_DATA:
		if (*c == TELNET_IAC)
			t->at = TELNET_IN_COMMAND;
		t->cr_in = false; /* or a NUL after CR, which is left out */
		break;
	case TELNET_IN_COMMAND:
		if (*c != TELNET_IAC) {
			command(t, *c, out);
			break;
		}
		t->at = TELNET_IN_DATA;
		*out = (struct telnet_item){ TELNET_GOT_DATA, 0, 0, c, 1 };
		break;
	case TELNET_IN_OPTION:
		t->at = TELNET_IN_DATA;
		*out = (struct telnet_item){ TELNET_GOT_OPTION, t->verb, *c, NULL, 0 };
		break;
	case TELNET_IN_SUB:
		if (*c == TELNET_IAC)
			t->at = TELNET_IN_SUB_COMMAND;
		else
			keep(t, *c);
		break;
	case TELNET_IN_SUB_COMMAND:
		sub_command(t, *c, out);
		break;
	}
}

size_t telnet_read(
	struct telnet *t, const unsigned char *in, size_t len, struct telnet_item *out)
{
	size_t used = 0, n;

	*out = (struct telnet_item){ .kind = TELNET_GOT_NOTHING };
	while (used < len && out->kind == TELNET_GOT_NOTHING) {
		n = t->at == TELNET_IN_DATA ? data(t, in + used, len - used, out) : 0;
		if (n)
			return used + n;
		out->kind = TELNET_GOT_NOTHING;
		control(t, in + used++, out);
	}
	return used;
}

/* ---- options ---------------------------------------------------------------------- */

static size_t say(
	unsigned char out[TELNET_ANSWER], unsigned char verb, unsigned char option)
{
	out[0] = TELNET_IAC;
	out[1] = verb;
	out[2] = option;
	return TELNET_ANSWER;
}

size_t telnet_ask(struct telnet *t, enum telnet_command verb, enum telnet_option option,
	unsigned char out[TELNET_ANSWER])
{
	int i = index_of((unsigned char)option);

	(verb == TELNET_WILL ? t->us : t->them)[i] = TELNET_WANTED;
	return say(out, (unsigned char)verb, (unsigned char)option);
}

/* RFC 1143 for a side that never changes its mind. */
static size_t settle(enum telnet_state *s, bool want, bool may, unsigned char yes,
	unsigned char no, unsigned char option, unsigned char *out)
{
	enum telnet_state before = *s;

	if (want) {
		if (before == TELNET_NO && !may)
			return say(out, no, option);
		*s = TELNET_YES;
		return before == TELNET_NO ? say(out, yes, option) : 0;
	}
	*s = TELNET_NO;
	return before == TELNET_YES ? say(out, no, option) : 0;
}

size_t telnet_agree(
	struct telnet *t, const struct telnet_item *i, unsigned char out[TELNET_ANSWER])
{
	bool ours = i->command == TELNET_DO || i->command == TELNET_DONT;
	bool want = i->command == TELNET_WILL || i->command == TELNET_DO;
	enum telnet_state none = TELNET_NO, *s = &none;
	int at = index_of(i->option);
	bool may = at >= 0 && (ours ? known[at].us : known[at].them);

	if (at >= 0)
		s = ours ? &t->us[at] : &t->them[at];
	return ours ? settle(s, want, may, TELNET_WILL, TELNET_WONT, i->option, out)
		    : settle(s, want, may, TELNET_DO, TELNET_DONT, i->option, out);
}

/* ---- writing ---------------------------------------------------------------------- */

size_t telnet_write(struct telnet *t, const unsigned char *in, size_t len,
	unsigned char *out, size_t room, size_t *n)
{
	bool binary = telnet_we(t, TELNET_BINARY);
	size_t used;

	/* at most three bytes for one: NUL of the CR before, IAC IAC */
	for (*n = used = 0; used < len && *n + 3 <= room; used++) {
		if (t->cr_out && in[used] != '\n' && !binary)
			out[(*n)++] = '\0';
		if (in[used] == TELNET_IAC)
			out[(*n)++] = TELNET_IAC;
		out[(*n)++] = in[used];
		t->cr_out = in[used] == '\r';
	}
	return used;
}
