/* AT+WIPOPT of FTP, HTTP, SMTP and POP3 (wip.md +WIPOPT). Options 40, 41, 52, 72 and 73
 * are only known by their numbers: their values are inferred. */
#include <string.h>

#include "chapters/wip/protocol.h"
#include "chapters/wip/wip.h"
#include "codec/mail.h"
#include "state/modem_state.h"

static void get_type(const struct modem *m, const struct socket *s, struct buf *b)
{
	buf_printf(b, "\"%c\"", wip_session_of(m, s)->text ? 'A' : 'I');
}

static int set_type(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	if (!value->given)
		return AT_ERROR;
	if (value->len != 1 || !strchr("AaIi", value->text[0]))
		return AT_CME(WIP_BAD_VALUE);
	wip_session(ch->modem, s)->text = strchr("Aa", value->text[0]);
	return AT_OK;
}

static int take(const struct at_arg *value, int max, int *out)
{
	int n;

	if (!wip_number(value, &n))
		return AT_ERROR;
	if (n > max)
		return AT_CME(WIP_BAD_VALUE);
	*out = n;
	return AT_OK;
}

static void get_passive(const struct modem *m, const struct socket *s, struct buf *b)
{
	buf_printf(b, "%d", !wip_session_of(m, s)->active);
}

static int set_passive(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	int on = 1, error = take(value, 1, &on);

	if (error == AT_OK)
		wip_session(ch->modem, s)->active = !on;
	return error;
}

static void get_status(const struct modem *m, const struct socket *s, struct buf *b)
{
	buf_printf(b, "%d", wip_session_of(m, s)->status);
}

static void get_reason(const struct modem *m, const struct socket *s, struct buf *b)
{
	buf_printf(b, "\"%s\"", wip_session_of(m, s)->reason);
}

static void get_said(const struct modem *m, const struct socket *s, struct buf *b)
{
	get_status(m, s, b);
	buf_printf(b, ",");
	get_reason(m, s, b);
}

/* 0 stands for the default, so what is kept is one more. */
static void get_redirects(const struct modem *m, const struct socket *s, struct buf *b)
{
	int kept = wip_session_of(m, s)->redirects;

	buf_printf(b, "%d", kept ? kept - 1 : WIP_REDIRECTS);
}

static int set_redirects(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	int n = 0, error = take(value, 255, &n);

	if (error == AT_OK)
		wip_session(ch->modem, s)->redirects = n + 1;
	return error;
}

static void get_mails(const struct modem *m, const struct socket *s, struct buf *b)
{
	buf_printf(b, "%d", wip_session_of(m, s)->mails);
}

static void get_size(const struct modem *m, const struct socket *s, struct buf *b)
{
	buf_printf(b, "%d", wip_session_of(m, s)->size);
}

/* ---- texts of a mail ----------------------------------------------------------------- */

static int keep(struct channel *ch, struct socket *s, enum wip_mail which,
	const struct at_arg *value)
{
	char text[SOCKET_TEXT];

	if (!value->given)
		return AT_ERROR;
	if (value->len >= sizeof(text))
		return AT_CME(WIP_BAD_VALUE);
	memcpy(text, value->text, value->len);
	text[value->len] = '\0';
	if (mail_has_control(text))
		return AT_CME(WIP_BAD_VALUE);
	strcpy(wip_session(ch->modem, s)->mail[which], text);
	return AT_OK;
}

static void show(
	const struct modem *m, const struct socket *s, enum wip_mail which, struct buf *b)
{
	buf_printf(b, "\"%s\"", wip_session_of(m, s)->mail[which]);
}

static void get_from(const struct modem *m, const struct socket *s, struct buf *b)
{
	show(m, s, MAIL_FROM, b);
}

static int set_from(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	return keep(ch, s, MAIL_FROM, value);
}

static void get_from_name(const struct modem *m, const struct socket *s, struct buf *b)
{
	show(m, s, MAIL_FROM_NAME, b);
}

static int set_from_name(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	return keep(ch, s, MAIL_FROM_NAME, value);
}

static void get_to(const struct modem *m, const struct socket *s, struct buf *b)
{
	show(m, s, MAIL_TO, b);
}

static int set_to(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	return keep(ch, s, MAIL_TO, value);
}

static void get_cc(const struct modem *m, const struct socket *s, struct buf *b)
{
	show(m, s, MAIL_CC, b);
}

static int set_cc(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	return keep(ch, s, MAIL_CC, value);
}

static void get_bcc(const struct modem *m, const struct socket *s, struct buf *b)
{
	show(m, s, MAIL_BCC, b);
}

static int set_bcc(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	return keep(ch, s, MAIL_BCC, value);
}

static void get_subject(const struct modem *m, const struct socket *s, struct buf *b)
{
	show(m, s, MAIL_SUBJECT, b);
}

static int set_subject(struct channel *ch, struct socket *s, const struct at_arg *value)
{
	return keep(ch, s, MAIL_SUBJECT, value);
}

const struct wip_socket_option wip_ftp_options[] = {
	{ 40, get_type, set_type },
	{ 41, get_passive, set_passive },
	{ 0, NULL, NULL },
};

const struct wip_socket_option wip_http_options[] = {
	{ 51, get_status, NULL },
	{ 52, get_reason, NULL },
	{ 53, get_redirects, set_redirects },
	{ 0, NULL, NULL },
};

const struct wip_socket_option wip_smtp_options[] = {
	{ 60, get_said, NULL },
	{ 61, get_from, set_from },
	{ 62, get_from_name, set_from_name },
	{ 63, get_to, set_to },
	{ 64, get_cc, set_cc },
	{ 65, get_bcc, set_bcc },
	{ 66, get_subject, set_subject },
	{ 0, NULL, NULL },
};

const struct wip_socket_option wip_pop3_options[] = {
	{ 60, get_said, NULL },
	{ 72, get_mails, NULL },
	{ 73, get_size, NULL },
	{ 0, NULL, NULL },
};
