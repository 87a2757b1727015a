/* Servers of FTP, HTTP, SMTP and POP3: their logins and transfers, as the modem's sessions
 * see them. They have the files that the scenario lists, and keep what they are sent. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/play/peers_int.h"

#define BODY_REJECTED 884
#define UNDEFINED     860
#define NO_DELETE     863
#define NO_MAIL       867
#define UNREACHABLE   842
#define HTTP_HEAD     4 /* of +WIPFILE modes (inferred) */
#define NOT_READY     866

/* The server's last answer before the session is there: FTP has told its folder, SMTP has
 * answered NOOP, POP3 STAT. */
static void greet(struct peers_far *f)
{
	size_t i, n = 0, all = 0;

	f->result = (struct socket_result){ .size = -1, .reason = f->name };
	f->greets = true;
	if (f->kind == SOCKET_FTP) {
		f->result.status = 257;
		strcpy(f->name, "\"/\" is the current directory");
	} else if (f->kind == SOCKET_SMTP) {
		f->result.status = 250;
		strcpy(f->name, "OK");
	} else {
		for (i = 0; i < PEERS_FILES; i++)
			if (f->server->file[i].data) {
				n++;
				all += f->server->file[i].len;
			}
		snprintf(f->name, sizeof(f->name), "+OK %zu %zu", n, all);
	}
}

static void turn_away(struct peers_far *f, enum socket_end why)
{
	greet(f);
	f->result.status = f->kind == SOCKET_FTP ? 530 : f->kind == SOCKET_SMTP ? 535 : 0;
	strcpy(f->name, f->kind == SOCKET_POP3 ? "-ERR Login failed" : "Login failed");
	peers_fail(f, why);
}

void peers_log_in(struct peers_far *f, const struct socket_order *o)
{
	const struct peers_server *s = f->server;

	if (f->kind == SOCKET_HTTP)
		return; /* its answers tell */
	if (s->error == NOT_READY) {
		peers_fail(f, SOCKET_NOT_READY);
		return;
	}
	greet(f);
	if (!*s->user)
		return;
	if (strcmp(o->user, s->user) != 0)
		turn_away(f, SOCKET_LOGIN_USER);
	else if (strcmp(o->password, s->password) != 0)
		turn_away(f, SOCKET_LOGIN);
}

/* ---- what was asked for ---------------------------------------------------------- */

static const char *const deeds[] = {
	[DEED_GET] = "get",
	[DEED_PUT] = "put",
	[DEED_DELETE] = "delete",
	[DEED_LIST] = "list",
	[DEED_APPEND] = "append",
	[DEED_SEND] = "send",
};

static void add(struct buf *b, const char *what, const char *text)
{
	if (text && *text)
		buf_printf(b, ", %s %s", what, text);
}

static void add_headers(struct buf *b, const char *headers)
{
	const char *end;

	for (; headers && *headers; headers = *end ? end + 1 : end) {
		end = headers + strcspn(headers, "\n");
		buf_printf(b, ", %.*s", (int)(end - headers), headers);
	}
}

static void note(struct peers_far *f, const struct socket_transfer *t)
{
	struct buf b;

	buf_init(&b, f->asked, sizeof(f->asked) - 1);
	buf_printf(&b, "%s %s", deeds[t->deed], t->name ? t->name : "");
	if (f->kind == SOCKET_FTP)
		buf_printf(
			&b, ", type %c, %s", t->type, t->passive ? "passive" : "active");
	if (f->kind == SOCKET_HTTP) {
		buf_printf(&b, ", mode %d", t->mode);
		add(&b, "user", t->user);
		add(&b, "password", t->password);
		add_headers(&b, t->headers);
	}
	if (f->kind == SOCKET_SMTP) {
		buf_init(&b, f->asked, sizeof(f->asked) - 1);
		buf_printf(&b, "send from %s", t->from ? t->from : "");
		add(&b, "name", t->from_name);
		add(&b, "to", t->to);
		add(&b, "cc", t->cc);
		add(&b, "bcc", t->bcc);
		add(&b, "subject", t->subject);
	}
	f->asked[b.len] = '\0';
}

/* ---- transfers ------------------------------------------------------------------- */

static void end(struct peers_far *f, int error, int status, const char *reason)
{
	const struct peers_server *s = f->server;

	f->result.error = error;
	f->result.status = s && s->status ? s->status : status;
	f->result.reason = s && *s->reason ? s->reason : reason;
	f->transfers = f->uploads = f->downloads = false;
	f->news = FAR_DONE;
}

/* "http://host:port/path": the server of a URL, when there is no proxy. */
static struct peers_server *of_url(struct peers *p, const char *url, const char **path)
{
	char host[PEERS_NAME];
	unsigned port = 80;
	size_t n;

	if (!strncmp(url, "http://", 7))
		url += 7;
	n = strcspn(url, "/:");
	snprintf(host, sizeof(host), "%.*s", (int)n, url);
	if (url[n] == ':')
		port = (unsigned)strtoul(url + n + 1, NULL, 10);
	*path = strchr(url, '/');
	if (!*path)
		*path = "/";
	return peers_server_at(p, host, (uint16_t)port);
}

static void list(struct peers_far *f, const struct peers_server *s)
{
	size_t i;

	for (i = 0; i < PEERS_FILES; i++) {
		if (!s->file[i].data)
			continue;
		octets_add(&f->out, s->file[i].name, strlen(s->file[i].name));
		octets_add(&f->out, "\r\n", 2);
	}
}

static void get(struct peers_far *f, const struct peers_server *s, int mode)
{
	const struct peers_file *file = peers_file(s, f->name);

	if (!file && f->kind != SOCKET_HTTP) {
		end(f, f->kind == SOCKET_POP3 ? NO_MAIL : UNDEFINED, 550,
			"File not found");
		return;
	}
	f->news = FAR_BEGUN;
	f->downloads = true;
	f->found = file != NULL;
	if (!file)
		return;
	f->result.size = (int64_t)file->len;
	if (f->kind == SOCKET_HTTP && mode == HTTP_HEAD)
		return;
	octets_add(&f->out, file->data, file->len);
}

static void delete (struct peers_far *f, struct peers_server *s)
{
	struct peers_file *file = (struct peers_file *)peers_file(s, f->name);

	if (file) {
		free(file->data);
		file->data = NULL;
	}
	if (f->kind == SOCKET_HTTP) {
		f->news = FAR_BEGUN;
		f->downloads = true;
		f->found = file != NULL;
	} else if (file) {
		end(f, 0, 250, "Deleted");
	} else {
		end(f, NO_DELETE, 550, "File not found");
	}
}

/* Whether the server rejects this before octets pass; a body is rejected after them. */
static bool early(const struct peers_server *s)
{
	return s->error && s->error != BODY_REJECTED;
}

void peers_transfer(struct peers *p, struct peers_far *f, const struct socket_transfer *t)
{
	const char *name = t->name ? t->name : "";

	f->out.len = 0;
	f->result = (struct socket_result){ .size = -1 };
	f->deed = t->deed;
	f->downloads = false;
	note(f, t);
	peers_tell(p, "socket %u: %s", f->id, f->asked);
	if (f->kind == SOCKET_HTTP && !*f->host)
		f->server = of_url(p, name, &name);
	snprintf(f->name, sizeof(f->name), "%s", name);
	f->transfers = true;
	if (!f->server) {
		end(f, UNREACHABLE, 0, "");
	} else if (early(f->server)) {
		end(f, f->server->error, 0, "");
	} else if (t->deed == DEED_DELETE) {
		delete (f, f->server);
	} else if (t->deed == DEED_LIST) {
		f->news = FAR_BEGUN;
		f->downloads = true;
		list(f, f->server);
	} else if (t->deed == DEED_GET) {
		get(f, f->server, t->mode);
	} else {
		f->news = FAR_BEGUN;
		f->uploads = true;
		f->from = f->got.len;
	}
}

void peers_downloaded(struct peers_far *f)
{
	f->downloads = false;
	if (f->kind == SOCKET_HTTP)
		end(f, 0, f->found ? 200 : 404, f->found ? "OK" : "Not Found");
	else
		end(f, 0, f->kind == SOCKET_FTP ? 226 : 0, "Transfer complete");
}

/* Appends to a file, which is made if it is not there. */
static bool append(struct peers_server *s, const char *name, const char *data, size_t len)
{
	const struct peers_file *file = peers_file(s, name);
	struct octets all = { NULL, 0, 0 };
	bool ok;

	if (file)
		octets_add(&all, file->data, file->len);
	octets_add(&all, data, len);
	ok = peers_store(s, name, all.data ? all.data : "", all.len);
	free(all.data);
	return ok;
}

void peers_uploaded(struct peers *p, struct peers_far *f)
{
	struct peers_server *s = f->server;
	const char *data = f->got.data ? f->got.data + f->from : "";
	size_t len = f->got.len - f->from;
	bool ok = true;

	if (!f->uploads || !s)
		return;
	peers_tell(p, "socket %u: %zu octets uploaded", f->id, len);
	if (s->error)
		end(f, s->error, 0, "");
	else if (f->kind == SOCKET_SMTP)
		end(f, 0, 250, "OK");
	else {
		ok = f->deed == DEED_APPEND ? append(s, f->name, data, len)
					    : peers_store(s, f->name, data, len);
		end(f, ok ? 0 : UNDEFINED, f->kind == SOCKET_FTP ? 226 : 200, "OK");
	}
}
