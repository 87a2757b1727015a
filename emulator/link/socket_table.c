/* The table of sockets: a place for each protocol and index. */
#include <assert.h>
#include <string.h>

#include "link/sockets.h"
#include "link/sockets_int.h"
#include "state/modem_state.h"

const struct name socket_ends[] = {
	{ SOCKET_SHUT, "shut", NULL },
	{ SOCKET_RESET, "reset", NULL },
	{ SOCKET_REFUSED, "refused", NULL },
	{ SOCKET_UNREACHABLE, "unreachable", NULL },
	{ SOCKET_NO_NAME, "no-name", NULL },
	{ SOCKET_PORT_TAKEN, "port-taken", NULL },
	{ SOCKET_LOGIN_USER, "user", NULL },
	{ SOCKET_LOGIN, "login", NULL },
	{ SOCKET_NOT_READY, "not-ready", NULL },
	{ SOCKET_NO_PARTS, "no-parts", NULL },
	{ 0, NULL, NULL },
};

const struct name socket_states[] = {
	{ SOCKET_FREE, "free", NULL },
	{ SOCKET_OPENING, "opening", NULL },
	{ SOCKET_OPEN, "open", NULL },
	{ SOCKET_FAILED, "failed", NULL },
	{ SOCKET_DEAD, "dead", NULL },
	{ SOCKET_CLOSING, "closing", NULL },
	{ SOCKET_RESERVES, "reserves", NULL },
	{ 0, NULL, NULL },
};

static const struct {
	int first, most;
} places[] = {
	[SOCKET_UDP] = { 0, SOCKET_UDPS },
	[SOCKET_TCP] = { SOCKET_UDPS, SOCKET_TCPS },
	[SOCKET_SERVER] = { SOCKET_UDPS + SOCKET_TCPS, SOCKET_SERVERS },
	[SOCKET_FTP] = { SOCKETS - SOCKET_SESSIONS, 1 },
	[SOCKET_HTTP] = { SOCKETS - SOCKET_SESSIONS + 1, 1 },
	[SOCKET_SMTP] = { SOCKETS - SOCKET_SESSIONS + 2, 1 },
	[SOCKET_POP3] = { SOCKETS - SOCKET_SESSIONS + 3, 1 },
};

int socket_most(enum socket_kind kind)
{
	return places[kind].most;
}

struct socket *socket_at(struct modem *m, enum socket_kind kind, int index)
{
	assert(index >= 1 && index <= places[kind].most);
	return &m->cold->wip.socket[places[kind].first + index - 1];
}

struct socket *socket_of(struct modem *m, unsigned id)
{
	return id < SOCKETS ? &m->cold->wip.socket[id] : NULL;
}

unsigned socket_id(const struct modem *m, const struct socket *s)
{
	return (unsigned)(s - m->cold->wip.socket);
}

struct socket_memory *socket_memory(struct modem *m, struct socket *s)
{
	return &m->cold->wip.octets[socket_id(m, s)];
}

bool socket_listed(const struct socket *s)
{
	return s->state != SOCKET_FREE && s->state != SOCKET_CLOSING &&
	       s->state != SOCKET_RESERVES;
}

bool socket_sends(const struct socket *s)
{
	return (s->state == SOCKET_OPEN || s->state == SOCKET_CLOSING) && s->asked &&
	       !s->shut_here && (!socket_is_udp(s) || s->bound);
}

void socket_release(struct modem *m, struct socket *s)
{
	struct socket_memory *mem = socket_memory(m, s);

	timer_stop(&m->sched, &s->flush);
	if (s->wrote)
		memset(mem, 0, sizeof(*mem));
	memset(s, 0, sizeof(*s));
	m->sockets.used--;
}

void socket_leave(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;

	if (s->asked)
		p->close(p->ctx, socket_id(m, s));
	s->asked = false;
}
