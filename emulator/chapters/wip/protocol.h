/* The protocols of WIPsoft, as <protocol> of the commands numbers them: a row each. What
 * all of them have in common (+WIPREADY, errors of opening, +WIPCLOSE, +WIPPEERCLOSE, loss
 * of the bearer) is in events_wip.c and cmd_wip_sockets.c. */
#pragma once

#include "at/at.h"
#include "base/buf.h"
#include "link/sockets.h"

struct wip_socket_option {
	int number;
	/* Appends the value as it stands on the line, with quotes. NULL: it cannot be
	 * read. */
	void (*get)(const struct modem *m, const struct socket *s, struct buf *b);
	/* AT_OK, or an error. NULL: it cannot be set. */
	int (*set)(struct channel *ch, struct socket *s, const struct at_arg *value);
};

struct wip_protocol {
	enum socket_kind kind;
	int since; /* version of WIPsoft in hundredths, 0: any; an older one: 837 */
	/* The arguments after <protocol>,<idx> begin at c->arg[2]. The place s is free
	 * and the bearer is up. Ends with wip_open(). Returns AT_OK or an error. */
	int (*create)(struct channel *ch, struct at_call *c, struct socket *s, int index);
	/* +WIPDATA with a mode; NULL: 837. Returns AT_SILENT after wip_online(). */
	int (*data)(struct channel *ch, struct socket *s, int mode);
	/* +WIPFILE, and what follows after AT_PENDING; NULL: 837. */
	int (*file)(struct channel *ch, struct at_call *c, struct socket *s);
	int (*more)(
		struct channel *ch, struct at_call *c, struct socket *s, enum at_why why);
	const struct wip_socket_option *options; /* ends with one without get and set */

	/* As in struct socket_user; NULL: as TCP. */
	void (*begun)(struct modem *m, struct socket *s);
	void (*done)(struct modem *m, struct socket *s, const struct socket_result *r);
	void (*read_out)(struct channel *ch, struct socket *s);
	void (*etx)(struct channel *ch, struct socket *s);
	void (*escaped)(struct channel *ch, struct socket *s);
	/* Its place is about to be free. NULL: nothing of its own to clear. */
	void (*closed)(struct modem *m, struct socket *s);
};

/* The row of a <protocol> on the line; NULL if this version of WIPsoft has none. */
const struct wip_protocol *wip_protocol(const struct modem *m, int number);

/* The row of a socket. */
const struct wip_protocol *wip_protocol_of(const struct socket *s);

/* Takes the place s and asks the world for it; IP's settings are added to the order. */
void wip_open(struct channel *ch, struct socket *s, enum socket_kind kind, int index,
	struct socket_order *order);

/* The port goes online: CONNECT, then octets. Returns AT_SILENT. */
int wip_online(struct channel *ch, struct socket *s, enum socket_mode mode);

/* Copies a text argument, "" if it was left out. False if it does not fit. */
bool wip_text(const struct at_call *c, size_t i, char *out, size_t size);

/* Reads a number: false if it is left out, quoted, or no number. */
bool wip_number(const struct at_arg *a, int *out);

/* A TCP or UDP port: AT_OK, AT_ERROR for what is no number, or 832. */
int wip_port(const struct at_call *c, size_t i, uint16_t *out);

/* session.c: what FTP, HTTP, SMTP and POP3 have in common. */
struct wip_session *wip_session(struct modem *m, const struct socket *s);
const struct wip_session *wip_session_of(const struct modem *m, const struct socket *s);
int wip_session_more(
	struct channel *ch, struct at_call *c, struct socket *s, enum at_why why);
void wip_session_begun(struct modem *m, struct socket *s);
void wip_session_done(
	struct modem *m, struct socket *s, const struct socket_result *result);
void wip_session_read_out(struct channel *ch, struct socket *s);
void wip_session_etx(struct channel *ch, struct socket *s);
void wip_session_escaped(struct channel *ch, struct socket *s);
void wip_session_closed(struct modem *m, struct socket *s);

/* session_file.c: AT+WIPFILE. */
int wip_session_file(struct channel *ch, struct at_call *c, struct socket *s);

/* session_create.c: AT+WIPCREATE. */
int wip_create_ftp(struct channel *ch, struct at_call *c, struct socket *s, int index);
int wip_create_http(struct channel *ch, struct at_call *c, struct socket *s, int index);
int wip_create_smtp(struct channel *ch, struct at_call *c, struct socket *s, int index);
int wip_create_pop3(struct channel *ch, struct at_call *c, struct socket *s, int index);
/* Pairs of a header's name and value, from argument `from` on, as whole lines that are
 * appended to out. AT_OK or an error. */
int wip_headers(const struct at_call *c, size_t from, char *out, size_t size);
/* A text argument without control characters. AT_OK or an error. */
int wip_plain(const struct at_call *c, size_t i, char *out, size_t size);

/* session_options.c: AT+WIPOPT. */
extern const struct wip_socket_option wip_ftp_options[], wip_http_options[],
	wip_smtp_options[], wip_pop3_options[];
