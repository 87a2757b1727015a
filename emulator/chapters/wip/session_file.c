/* AT+WIPFILE (wip.md +WIPFILE): what each form asks a session for. */
#include <string.h>

#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "state/modem_state.h"

/* <mode>; of HTTP all but the first and of POP3 all but the first are inferred. */
static const struct mode {
	enum socket_kind kind;
	int mode;
	enum socket_deed deed;
	bool named; /* a name must be given */
} modes[] = {
	{ SOCKET_FTP, 1, DEED_GET, true },
	{ SOCKET_FTP, 2, DEED_PUT, true },
	{ SOCKET_FTP, 3, DEED_DELETE, true },
	{ SOCKET_FTP, 4, DEED_LIST, false },
	{ SOCKET_FTP, 5, DEED_APPEND, true },
	{ SOCKET_HTTP, 1, DEED_GET, true },
	{ SOCKET_HTTP, 2, DEED_PUT, true },    /* POST */
	{ SOCKET_HTTP, 3, DEED_DELETE, true }, /* DELETE */
	{ SOCKET_HTTP, 4, DEED_GET, true },    /* HEAD */
	{ SOCKET_HTTP, 5, DEED_PUT, true },    /* PUT */
	{ SOCKET_SMTP, 2, DEED_SEND, false },
	{ SOCKET_POP3, 1, DEED_GET, true },
	{ SOCKET_POP3, 3, DEED_DELETE, true },
	{ SOCKET_POP3, 4, DEED_LIST, false },
};

/* The texts of a transfer, which are needed while it is asked for only. */
struct texts {
	char name[SOCKET_TEXT], user[SOCKET_TEXT], password[SOCKET_TEXT];
	char headers[2 * SOCKET_TEXT];
	struct socket_transfer t;
};

static const struct mode *find(const struct socket *s, int mode)
{
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].kind == s->kind && modes[i].mode == mode)
			return &modes[i];
	return NULL;
}

/* Most arguments, with <protocol> and <idx>; of HTTP pairs follow. */
static size_t most(const struct socket *s)
{
	return s->kind == SOCKET_HTTP ? AT_ARGS : s->kind == SOCKET_SMTP ? 3 : 4;
}

static int read_http(struct texts *t, const struct at_call *c)
{
	int error = wip_plain(c, 4, t->user, sizeof(t->user));

	if (error == AT_OK)
		error = wip_plain(c, 5, t->password, sizeof(t->password));
	return error == AT_OK ? wip_headers(c, 6, t->headers, sizeof(t->headers)) : error;
}

static void fill(struct texts *t, const struct wip_session *f)
{
	t->t = (struct socket_transfer){
		.name = t->name,
		.user = t->user,
		.password = t->password,
		.headers = t->headers,
		.redirects = f->redirects ? f->redirects - 1 : WIP_REDIRECTS,
		.passive = !f->active,
		.type = f->text ? 'A' : 'I',
		.from = f->mail[MAIL_FROM],
		.from_name = f->mail[MAIL_FROM_NAME],
		.to = f->mail[MAIL_TO],
		.cc = f->mail[MAIL_CC],
		.bcc = f->mail[MAIL_BCC],
		.subject = f->mail[MAIL_SUBJECT],
	};
}

/* AT_OK, or an error of the line. */
static int read(struct texts *t, const struct at_call *c, const struct socket *s,
	const struct wip_session *f)
{
	const struct mode *mode;
	int number, error;

	if (c->args < 3 || c->args > most(s) || !wip_number(&c->arg[2], &number))
		return AT_ERROR;
	mode = find(s, number);
	if (!mode)
		return AT_CME(WIP_BAD_VALUE);
	if (mode->named && !at_given(c, 3))
		return AT_ERROR;
	memset(t, 0, sizeof(*t));
	error = wip_plain(c, 3, t->name, sizeof(t->name));
	if (error == AT_OK && mode->named && !t->name[0])
		error = AT_CME(WIP_BAD_VALUE);
	strcpy(t->headers, f->headers);
	if (error == AT_OK && s->kind == SOCKET_HTTP)
		error = read_http(t, c);
	fill(t, f);
	t->t.mode = number;
	t->t.deed = mode->deed;
	return error;
}

/* Whether the session is there and does nothing; an error of the line otherwise. */
static int state_error(struct modem *m, const struct socket *s)
{
	if (s->state == SOCKET_DEAD && s->why == SOCKET_UNREACHABLE)
		return AT_CME(wip_bearer_up(m) ? WIP_SOCKET_STATE : WIP_BAD_STATE);
	if (s->state == SOCKET_OPEN && s->shut_there)
		return AT_CME(WIP_PEER_CLOSED);
	if (s->state != SOCKET_OPEN || wip_session_of(m, s)->transfer != TRANSFER_NONE)
		return AT_CME(WIP_SOCKET_STATE);
	return AT_OK;
}

int wip_session_file(struct channel *ch, struct at_call *c, struct socket *s)
{
	struct modem *m = ch->modem;
	const struct socket_ports *p = &m->ports.sockets;
	struct wip_session *f = wip_session(m, s);
	struct texts t;
	int error = read(&t, c, s, f);

	if (error != AT_OK)
		return error;
	/* hosts do not wait for +WIPREADY */
	if (s->state == SOCKET_OPENING)
		return AT_PENDING;
	error = state_error(m, s);
	if (error != AT_OK)
		return error;
	socket_again(m, s);
	f->transfer = TRANSFER_ASKED;
	f->deed = t.t.deed;
	f->mode = t.t.mode;
	f->before = s->in;
	c->step = 1;
	p->transfer(p->ctx, socket_id(m, s), &t.t);
	return AT_PENDING;
}
