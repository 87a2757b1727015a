#include "host/control/control.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "conf/must.h"
#include "host/control/api.h"
#include "host/control/panel.h"
#include "host/loop.h"

#define FILES_WANTED 8192

struct control {
	struct control_addr addr;
	char token[CONTROL_TOKEN]; /* "": no token is needed */
	struct api *api;
	struct http *http;   /* NULL: only the panel, if it is open */
	struct panel *panel; /* NULL: not open */
	struct loop *loop;
	const struct log *log;
	struct rlimit files;
	bool raised;
	void (*on_pipe)(int signo); /* the handler of SIGPIPE before */
};

static void raise_limit(struct control *c)
{
	struct rlimit more;

	if (getrlimit(RLIMIT_NOFILE, &c->files) || c->files.rlim_cur >= FILES_WANTED)
		return;
	more = c->files;
	more.rlim_cur = more.rlim_max < FILES_WANTED ? more.rlim_max : FILES_WANTED;
	c->raised = !setrlimit(RLIMIT_NOFILE, &more);
}

static struct http *serve(
	struct control *c, const struct control_options *o, char *why, size_t size)
{
	struct http_options http = { .handle = api_handle, .log = o->log };

	if (c->addr.kind == CONTROL_TCP && !control_token(c->token)) {
		snprintf(why, size,
			"the system has no random numbers for a token; use a PATH");
		return NULL;
	}
	http.fd = control_addr_listen(&c->addr, o->mode, o->group, why, size);
	if (http.fd < 0)
		return NULL;
	http.ctx = c->api;
	http.token = c->token[0] ? c->token : NULL;
	snprintf(why, size, "the server does not start; see the message above");
	return http_new(loop_base(c->loop), &http);
}

static bool open_panel(
	void *ctx, unsigned port, char *url, size_t url_size, char *why, size_t size)
{
	struct control *c = ctx;

	if (c->panel && port && port != panel_port(c->panel)) {
		snprintf(why, size, "the panel is open already, at port %u; use that one",
			panel_port(c->panel));
		return false;
	}
	if (!c->panel)
		c->panel = panel_open(c->loop, port, c->api, c->log, why, size);
	if (c->panel)
		panel_url(c->panel, url, url_size);
	return c->panel;
}

/* The default address may be out of order, one that the user chose not. */
static bool open_server(struct control *c, const struct control_options *o)
{
	char why[300];

	if (o->addr.kind == CONTROL_NONE)
		return true;
	c->http = serve(c, o, why, sizeof(why));
	if (c->http)
		return true;
	if (o->addr.kind == CONTROL_DEFAULT)
		log_warn(o->log, LOG_HTTP, "running without the control interface: %s",
			why);
	else
		fprintf(stderr, "fauxtrack: --control: %s\n", why);
	return o->addr.kind == CONTROL_DEFAULT;
}

static bool open_all(struct control *c, const struct control_options *o)
{
	char url[200], why[300];

	if (!open_server(c, o))
		return false;
	if (!o->panel || open_panel(c, o->panel_port, url, sizeof(url), why, sizeof(why)))
		return true;
	fprintf(stderr, "fauxtrack: --panel: %s\n", why);
	return false;
}

bool control_open(
	struct loop *l, const struct control_options *options, struct control **out)
{
	struct control *c;
	bool ok;

	*out = NULL;
	if (options->addr.kind == CONTROL_NONE && !options->panel)
		return true;
	c = calloc(1, sizeof(*c));
	must(c);
	c->addr = options->addr;
	c->loop = l;
	c->log = options->log;
	c->api = api_new(options->profile, options->log);
	api_set_opener(c->api, &(struct api_opener){ c, open_panel });
	ok = open_all(c, options);
	if (ok && (c->http || c->panel)) {
		raise_limit(c);
		c->on_pipe = signal(SIGPIPE, SIG_IGN);
		*out = c;
		return true;
	}
	http_free(c->http);
	api_free(c->api);
	free(c);
	return ok;
}

void control_close(struct control *c)
{
	if (!c)
		return;
	panel_close(c->panel);
	http_free(c->http);
	api_free(c->api);
	if (c->addr.kind != CONTROL_NONE)
		control_addr_remove(&c->addr);
	free(c);
}

void control_bugs(struct control *c, const struct api_bugs *bugs)
{
	if (c)
		api_set_bugs(c->api, bugs);
}

void control_add(struct control *c, const struct api_place *place)
{
	if (c)
		api_add(c->api, place);
}

void control_announce(const struct control *c)
{
	char name[CONTROL_NAME], url[200];

	if (!c)
		return;
	control_addr_print(&c->addr, name);
	if (c->http)
		fprintf(stderr, "control: %s%s%s\n", name, c->token[0] ? " token " : "",
			c->token);
	if (!c->panel)
		return;
	panel_url(c->panel, url, sizeof(url));
	fprintf(stderr, "panel: %s\n", url);
}

void control_export(const struct control *c)
{
	char name[CONTROL_NAME];

	unsetenv("FAUXTRACK_CONTROL");
	unsetenv("FAUXTRACK_TOKEN");
	if (!c || !c->http)
		return;
	control_addr_print(&c->addr, name);
	setenv("FAUXTRACK_CONTROL", name, 1);
	if (c->token[0])
		setenv("FAUXTRACK_TOKEN", c->token, 1);
}

void control_restore(const void *control)
{
	const struct control *c = control;

	if (!c)
		return;
	if (c->raised)
		setrlimit(RLIMIT_NOFILE, &c->files);
	signal(SIGPIPE, c->on_pipe);
}
