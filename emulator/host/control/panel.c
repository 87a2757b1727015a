#include "host/control/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/control/api.h"
#include "host/control/control_addr.h"
#include "host/loop.h"

struct panel {
	struct control_addr addr;
	char token[CONTROL_TOKEN];
	struct api *api;
	struct http *http;
};

/* Nothing comes from elsewhere, and no page elsewhere can show or use it. */
static const char headers[] =
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src "
	"'self'; "
	"img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
	"frame-ancestors 'none'\r\n"
	"Referrer-Policy: no-referrer\r\n"
	"X-Frame-Options: DENY\r\n"
	"Cross-Origin-Opener-Policy: same-origin\r\n"
	"Cross-Origin-Resource-Policy: same-origin\r\n";

static const struct panel_file *find(const char *path)
{
	const struct panel_file *f;

	for (f = panel_files; f->path; f++)
		if (!strcmp(f->path, path))
			return f;
	return NULL;
}

static bool is_open(const char *path)
{
	return find(path);
}

static void handle(void *ctx, const struct http_request *r)
{
	const struct panel_file *f = find(r->path);
	struct panel *p = ctx;

	if (!f)
		api_handle(p->api, r);
	else if (!strcmp(r->method, "GET") || !strcmp(r->method, "HEAD"))
		http_reply_static(r->call, f->type, f->text, f->len);
	else
		http_error(r->call, 405, NULL, "this path does not support that method",
			"use GET", "GET");
}

struct panel *panel_open(struct loop *l, unsigned port, struct api *api,
	const struct log *log, char *why, size_t size)
{
	struct panel *p = calloc(1, sizeof(*p));
	struct http_options http = { .handle = handle,
		.ctx = p,
		.log = log,
		.is_open = is_open,
		.headers = headers };

	must(p);
	p->api = api;
	p->addr = (struct control_addr){ .kind = CONTROL_TCP, .port = port };
	snprintf(why, size, "the system has no random numbers for a token; try later");
	http.fd = control_token(p->token)
			  ? control_addr_listen(&p->addr, -1, (gid_t)-1, why, size)
			  : -1;
	if (http.fd >= 0) {
		http.token = p->token;
		http.port = p->addr.port;
		snprintf(why, size, "the server does not start; see the message above");
		p->http = http_new(loop_base(l), &http);
	}
	if (p->http)
		return p;
	free(p);
	return NULL;
}

void panel_close(struct panel *p)
{
	if (!p)
		return;
	http_free(p->http);
	free(p);
}

unsigned panel_port(const struct panel *p)
{
	return p->addr.port;
}

void panel_url(const struct panel *p, char *out, size_t size)
{
	snprintf(out, size, "http://127.0.0.1:%u/#token=%s", p->addr.port, p->token);
}
