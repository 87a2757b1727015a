/* Sessions: FTP, HTTP, SMTP, POP3 (wip.md +WIPFILE). A transfer is
 *
 *   AT+WIPFILE -> ASKED -> begun(): CONNECT, octets -> done() -> ^C, OK
 *                   |                                   ^
 *                   +-> done() with an error: ERR n     +- the host's ^C ends an upload
 *
 * A deletion has no data phase: OK follows done(). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "link/link.h"
#include "link/socket_data.h"
#include "state/modem_state.h"

struct wip_session *wip_session(struct modem *m, const struct socket *s)
{
	return &m->cold->wip.session[s->kind - SOCKET_FTP];
}

const struct wip_session *wip_session_of(const struct modem *m, const struct socket *s)
{
	return &m->cold->wip.session[s->kind - SOCKET_FTP];
}

static bool uploads(const struct wip_session *f)
{
	return f->deed == DEED_PUT || f->deed == DEED_APPEND || f->deed == DEED_SEND;
}

/* HTTP answers a DELETE by a page. */
static bool has_octets(const struct socket *s, const struct wip_session *f)
{
	return f->deed != DEED_DELETE || s->kind == SOCKET_HTTP;
}

/* ---- what comes from the world ------------------------------------------------------- */

/* A server's text becomes part of a line of the modem. */
static void keep_reason(struct wip_session *f, const char *text)
{
	size_t i;

	for (i = 0; text && text[i] && i < sizeof(f->reason) - 1; i++)
		f->reason[i] = text[i] < ' ' || text[i] > '~' ? '?'
			       : text[i] == '"'               ? '\''
							      : text[i];
	f->reason[i] = '\0';
}

/* The number at *p, which then is after it. */
static int number(const char **p)
{
	int n = 0;

	while (**p == ' ')
		(*p)++;
	for (; **p >= '0' && **p <= '9'; (*p)++)
		if (n < 100000000)
			n = n * 10 + (**p - '0');
	return n;
}

/* "+OK 2 320": what POP3 answers to STAT, after the login. */
static void read_stat(struct wip_session *f, const char *text)
{
	const char *p = text ? strchr(text, ' ') : NULL;

	if (!p)
		return;
	f->mails = number(&p);
	f->size = number(&p);
}

void wip_session_begun(struct modem *m, struct socket *s)
{
	struct wip_session *f = wip_session(m, s);

	if (f->transfer != TRANSFER_ASKED || !has_octets(s, f))
		return;
	f->transfer = TRANSFER_BEGUN;
	at_wake_named(m, "+WIPFILE", AT_WHY_NET);
}

void wip_session_done(struct modem *m, struct socket *s, const struct socket_result *r)
{
	struct wip_session *f = wip_session(m, s);

	/* a transfer that was not asked for: the login */
	if (f->transfer == TRANSFER_NONE && s->kind == SOCKET_POP3)
		read_stat(f, r->reason);
	f->status = r->status;
	keep_reason(f, r->reason);
	if (f->transfer == TRANSFER_NONE)
		return;
	if (f->transfer == TRANSFER_ASKED && !r->error && has_octets(s, f))
		f->transfer = TRANSFER_BEGUN;
	f->error = r->error;
	if (f->transfer == TRANSFER_ASKED || !s->on) {
		s->step = f->transfer == TRANSFER_BEGUN;
		f->transfer = TRANSFER_DONE;
		at_wake_named(m, "+WIPFILE", AT_WHY_NET);
		return;
	}
	f->transfer = TRANSFER_DONE;
	s->news = true;
}

/* ---- what the host sees -------------------------------------------------------------- */

static int result_of(const struct wip_session *f)
{
	return f->error ? AT_CME(f->error) : AT_OK;
}

static void tell_http(
	struct modem *m, const struct socket *s, const struct wip_session *f)
{
	if (s->kind == SOCKET_HTTP && !f->error)
		at_urc(m, "+WIPFILE: %d,%d,%d,%d,\"%s\"", s->kind, s->index, f->mode,
			f->status, f->reason);
}

/* The data phase begins; what has ended meanwhile is shown when the host has all of it. */
static int go_online(struct channel *ch, struct socket *s)
{
	bool done = wip_session(ch->modem, s)->transfer == TRANSFER_DONE;

	wip_online(ch, s, SOCKET_ESCAPED);
	s->news |= done;
	return AT_SILENT;
}

int wip_session_more(
	struct channel *ch, struct at_call *c, struct socket *s, enum at_why why)
{
	struct modem *m = ch->modem;
	struct wip_session *f = wip_session(m, s);

	if (!socket_listed(s))
		return AT_CME(WIP_SOCKET_STATE);
	if (why == AT_WHY_ABORT) {
		/* inferred: what is asked for cannot be taken back without the session */
		if (c->step)
			socket_break(m, s);
		f->transfer = TRANSFER_NONE;
		return AT_CME(WIP_PEER_CLOSED);
	}
	if (!c->step)
		return f->transfer == TRANSFER_DONE ? result_of(f)
						    : wip_session_file(ch, c, s);
	if (s->state != SOCKET_OPEN) {
		f->transfer = TRANSFER_NONE;
		return AT_CME(wip_bearer_up(m) ? WIP_PEER_RESET : WIP_BAD_STATE);
	}
	if (f->transfer == TRANSFER_BEGUN ||
		(f->transfer == TRANSFER_DONE && s->step && !s->on))
		return go_online(ch, s);
	if (f->transfer != TRANSFER_DONE)
		return AT_PENDING;
	f->transfer = TRANSFER_NONE;
	return result_of(f);
}

/* wip.md +WIPFILE: a read ends with a single ETX, so that the host knows. So does what HTTP
 * answers to an upload, if it is anything, and an upload that ends before the host's ETX
 * (both inferred). */
static bool ends_by_etx(const struct socket *s, const struct wip_session *f)
{
	return !uploads(f) || !s->shut_here || s->in != f->before;
}

void wip_session_read_out(struct channel *ch, struct socket *s)
{
	struct modem *m = ch->modem;
	struct wip_session *f = wip_session(m, s);

	if (s->state == SOCKET_DEAD) {
		f->transfer = TRANSFER_NONE;
		wip_thrown_out(ch, WIP_PEER_RESET);
		return;
	}
	if (f->transfer != TRANSFER_DONE)
		return;
	if (ends_by_etx(s, f))
		link_send(ch, "\x03", 1);
	f->transfer = TRANSFER_NONE;
	socket_again(m, s);
	socket_data_stop(ch);
	at_final(ch, result_of(f));
	tell_http(m, s, f);
}

/* The server has its file now and will say so. */
void wip_session_etx(struct channel *ch, struct socket *s)
{
	(void)ch;
	(void)s;
}

/* Inferred: +++ breaks the transfer off, and with it the session. */
void wip_session_escaped(struct channel *ch, struct socket *s)
{
	wip_session(ch->modem, s)->transfer = TRANSFER_NONE;
	if (s->state == SOCKET_OPEN)
		socket_break(ch->modem, s);
	at_final(ch, AT_OK);
}

void wip_session_closed(struct modem *m, struct socket *s)
{
	struct wip_session *f = wip_session(m, s);

	/* a line that waits for it has its end here */
	f->error = WIP_SOCKET_STATE;
	f->transfer = TRANSFER_DONE;
	s->step = 0;
	at_wake_named(m, "+WIPFILE", AT_WHY_NET);
	memset(f, 0, sizeof(*f));
}
