/* Data calls, PPP and the peers of sockets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/field/import_stage.h"

/* ---- data ------------------------------------------------------------------------- */

static bool has_flag(const void *p, size_t n)
{
	return p && memchr(p, 0x7e, n < EXCHANGE_KEPT ? n : EXCHANGE_KEPT);
}

static bool is_ppp(const struct stage *s, const struct exchange *x)
{
	size_t len;
	const char *p = play_live_heard(s->live, &len);

	return strstr(x->command, "*99") || strstr(x->command, "*98") ||
	       has_flag(p, len) || has_flag(x->kept[0], x->data[0]) ||
	       has_flag(x->kept[1], x->data[1]);
}

/* Copies a text of PAP: a length and so many octets. */
static size_t pap_text(const uint8_t *p, size_t n, char out[64])
{
	size_t len = n ? p[0] : 0;

	out[0] = '\0';
	if (len >= 64 || len + 1 > n)
		return 0;
	memcpy(out, p + 1, len);
	out[len] = '\0';
	return len + 1;
}

/* The login of PAP (RFC 1334): protocol C023, code 1, identifier, length, peer, password.
 * PPP's escapes (7D) are taken off first. */
static bool pap(const struct exchange *x, char user[64], char password[64])
{
	size_t n = x->data[0] < EXCHANGE_KEPT ? x->data[0] : EXCHANGE_KEPT, i, len = 0,
	       used;
	uint8_t plain[EXCHANGE_KEPT];

	for (i = 0; x->kept[0] && i < n; i++)
		if (x->kept[0][i] == 0x7d && i + 1 < n)
			plain[len++] = x->kept[0][++i] ^ 0x20;
		else
			plain[len++] = x->kept[0][i];
	for (i = 0; i + 8 < len; i++) {
		if (plain[i] != 0xc0 || plain[i + 1] != 0x23 || plain[i + 2] != 1)
			continue;
		used = pap_text(plain + i + 6, len - i - 6, user);
		return used &&
		       pap_text(plain + i + 6 + used, len - i - 6 - used, password);
	}
	return false;
}

static bool ppp(struct stage *s, const struct exchange *x)
{
	char user[64] = "", password[64] = "", *yaml, *u, *w;
	bool done;

	if (pap(x, user, password)) {
		mask_login(s->im->mask, user);
		mask_login(s->im->mask, password);
	}
	u = import_quote(user);
	w = import_quote(password);
	if (asprintf(&yaml, "ppp: { start: { user: %s, password: %s } }", u, w) < 0)
		out_of_memory();
	done = stage_do(s, yaml) && stage_do(s, "ppp: { terminate: host }");

	free(yaml);
	free(u);
	free(w);
	if (done)
		stage_pass(s, SEC(1));
	return done;
}

/* Bytes of a data call, both ways. */
static void far(struct stage *s, const struct exchange *x)
{
	size_t n = x->data[0] < 1024 ? x->data[0] : 1024;
	char yaml[2100] = "farend: { hex: \"", *p;
	size_t i;

	if (n && x->kept[0])
		stage_keys(s, x->kept[0], n);
	n = x->data[1] < 1000 ? x->data[1] : 1000;
	if (n && x->kept[1]) {
		p = yaml + strlen(yaml);
		for (i = 0; i < n; i++)
			p += sprintf(p, "%02X", x->kept[1][i]);
		strcpy(p, "\" }");
		stage_do(s, yaml);
	}
	stage_pass(s, SEC(1));
	if (x->n && !strcmp(x->line[x->n - 1].text, "NO CARRIER") && !s->dead) {
		stage_do(s, "hangup: {}");
		stage_pass(s, SEC(1));
	}
}

/* The port is closed and opened: a call that is still there ends. */
static void leave(struct stage *s)
{
	if (s->dead)
		return;
	stage_hear(s, SIZE_MAX, 0);
	stage_do(s, "port: closed");
	stage_pass(s, SEC(5));
	stage_do(s, "port: open");
	stage_pass(s, SEC(1));
	exchanges_end(s->parser);
	free(s->said); /* the end of the call is ours */
	s->said = NULL;
}

/* Our modem is in a data call. False: it has to be played again. */
bool stage_data(struct stage *s)
{
	struct turn *t = &s->im->turn[s->turn];
	bool logged = t->x->result && !strncmp(t->x->result, "CONNECT", 7);

	if (!logged || t->how != TURN_LOGGED) {
		leave(s);
		return true;
	}
	if (!is_ppp(s, t->x)) {
		far(s, t->x);
		leave(s);
		return !s->dead;
	}
	if (ppp(s, t->x))
		return true;
	turn_give_up(t, TURN_LOOSE,
		"the PPP session cannot be played; the demo hangs up after CONNECT");
	return false;
}

/* ---- peers ------------------------------------------------------------------------ */

/* Whether it asks for a connection that it got, and is the first to do so. */
static bool asks_connection(const struct import *im, size_t i, char at[160])
{
	const struct exchange *x = im->turn[i].x;
	unsigned port, index;
	char host[104];
	size_t k;

	if (sscanf(x->command, "AT+WIPCREATE=2,%u,\"%100[^\"]\",%u", &index, host,
		    &port) != 3 ||
		!x->result || strcmp(x->result, "OK") != 0)
		return false;
	for (k = 0; k < i; k++)
		if (!strcmp(im->turn[k].x->command, x->command))
			return false;
	snprintf(at, 160, "%s:%u", host, port);
	return true;
}

/* The peers of WIPsoft's sockets exist from the beginning. */
void stage_peers(struct stage *s)
{
	char at[160], *yaml, *quoted;
	size_t i;

	for (i = 0; i < s->im->n; i++) {
		if (!asks_connection(s->im, i, at))
			continue;
		quoted = import_quote(at);
		if (asprintf(&yaml, "peer: { at: %s, serves: talk }", quoted) < 0)
			out_of_memory();
		stage_do(s, yaml);
		free(quoted);
		free(yaml);
	}
}
