/* AT+WIPCREATE of FTP, HTTP, SMTP and POP3 (wip.md +WIPCREATE). */
#include <stdio.h>
#include <string.h>

#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "codec/mail.h"
#include "state/modem_state.h"

/* The texts of an order, which are needed during wip_open() only. */
struct texts {
	char host[SOCKET_HOST], user[SOCKET_TEXT], password[SOCKET_TEXT];
	char account[SOCKET_TEXT];
	struct socket_order order;
};

static void begin(struct texts *t, enum socket_kind kind)
{
	memset(t, 0, sizeof(*t));
	t->order = (struct socket_order){ .kind = kind,
		.host = t->host,
		.user = t->user,
		.password = t->password,
		.account = t->account };
}

int wip_plain(const struct at_call *c, size_t i, char *out, size_t size)
{
	if (!wip_text(c, i, out, size) || mail_has_control(out))
		return AT_CME(WIP_BAD_VALUE);
	return AT_OK;
}

/* Host, port and login, from these arguments on; each may be left out but for a host. */
static int read(struct texts *t, const struct at_call *c, size_t host, size_t login)
{
	int error = wip_plain(c, host, t->host, sizeof(t->host));

	if (error == AT_OK && login > host + 1 && at_given(c, host + 1))
		error = wip_port(c, host + 1, &t->order.port);
	if (error == AT_OK)
		error = wip_plain(c, login, t->user, sizeof(t->user));
	if (error == AT_OK)
		error = wip_plain(c, login + 1, t->password, sizeof(t->password));
	return error;
}

static bool has_host(const struct at_call *c)
{
	return at_given(c, 2) && c->arg[2].len;
}

int wip_create_ftp(struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	/* the port may be left out with its comma: then a text stands in its place */
	bool port = at_given(c, 3) ? !c->arg[3].quoted : c->args > 5;
	size_t login = port ? 4 : 3;
	struct texts t;
	int error;

	begin(&t, SOCKET_FTP);
	if (!has_host(c) || !at_given(c, login) || c->args < login + 2 ||
		c->args > login + 3)
		return AT_ERROR;
	error = read(&t, c, 2, login);
	if (error == AT_OK)
		error = wip_plain(c, login + 2, t.account, sizeof(t.account));
	if (error == AT_OK && firmware_has(ch->modem->fw, QUIRK_FTP_NOT_LICENSED))
		error = AT_CME(WIP_NOT_LICENSED);
	if (error == AT_OK)
		wip_open(ch, s, SOCKET_FTP, index, &t.order);
	return error;
}

int wip_headers(const struct at_call *c, size_t from, char *out, size_t size)
{
	char name[SOCKET_TEXT], value[SOCKET_TEXT];
	size_t len = strlen(out), i;
	int error;

	if (c->args > from && (c->args - from) % 2)
		return AT_ERROR;
	for (i = from; i < c->args; i += 2) {
		error = wip_plain(c, i, name, sizeof(name));
		if (error == AT_OK)
			error = wip_plain(c, i + 1, value, sizeof(value));
		if (error != AT_OK)
			return error;
		if (!name[0])
			return AT_CME(WIP_BAD_VALUE);
		len += (size_t)snprintf(out + len, size - len, "%s: %s\n", name, value);
		if (len >= size)
			return AT_CME(WIP_BAD_VALUE);
	}
	return AT_OK;
}

int wip_create_http(struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	struct texts t;
	char headers[SOCKET_TEXT] = "";
	int error;

	begin(&t, SOCKET_HTTP);
	error = read(&t, c, 2, 4);
	if (error == AT_OK)
		error = wip_headers(c, 6, headers, sizeof(headers));
	if (error != AT_OK)
		return error;
	wip_open(ch, s, SOCKET_HTTP, index, &t.order);
	strcpy(wip_session(ch->modem, s)->headers, headers);
	return AT_OK;
}

static int create_mail(
	struct channel *ch, struct at_call *c, struct socket *s, int index, bool login)
{
	enum socket_kind kind = login ? SOCKET_POP3 : SOCKET_SMTP;
	struct texts t;
	int error;

	begin(&t, kind);
	if (!has_host(c) || c->args > 6 || (login ? c->args < 6 : c->args == 5))
		return AT_ERROR;
	error = read(&t, c, 2, 4);
	if (error == AT_OK)
		wip_open(ch, s, kind, index, &t.order);
	return error;
}

int wip_create_smtp(struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	return create_mail(ch, c, s, index, false);
}

int wip_create_pop3(struct channel *ch, struct at_call *c, struct socket *s, int index)
{
	return create_mail(ch, c, s, index, true);
}
