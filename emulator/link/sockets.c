/* Sockets and sessions of WIPsoft: nothing opens one yet. */
#include "modem.h"

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

void modem_socket_there(struct modem *m, usec_t now, unsigned id, uint16_t local,
	const struct socket_peer *peer)
{
	(void)m, (void)now, (void)id, (void)local, (void)peer;
}

int modem_socket_accept(
	struct modem *m, usec_t now, unsigned server, const struct socket_peer *peer)
{
	(void)m, (void)now, (void)server, (void)peer;
	return -1;
}

size_t modem_socket_room(const struct modem *m, unsigned id)
{
	(void)m, (void)id;
	return 0;
}

void modem_socket_rx(struct modem *m, usec_t now, unsigned id,
	const struct socket_peer *from, const void *buf, size_t len)
{
	(void)m, (void)now, (void)id, (void)from, (void)buf, (void)len;
}

void modem_socket_ended(struct modem *m, usec_t now, unsigned id, enum socket_end why)
{
	(void)m, (void)now, (void)id, (void)why;
}

void modem_socket_ready(struct modem *m, usec_t now)
{
	(void)m, (void)now;
}

void modem_socket_begun(struct modem *m, usec_t now, unsigned id)
{
	(void)m, (void)now, (void)id;
}

void modem_socket_done(
	struct modem *m, usec_t now, unsigned id, const struct socket_result *result)
{
	(void)m, (void)now, (void)id, (void)result;
}
