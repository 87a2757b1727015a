#include "host/control/control.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "conf/must.h"
#include "host/control/api.h"
#include "host/loop.h"

#define TOKEN_BYTES  16
#define FILES_WANTED 8192

struct control {
	struct control_addr addr;
	char token[2 * TOKEN_BYTES + 1]; /* "": no token is needed */
	struct api *api;
	struct http *http;
	struct rlimit files;
	bool raised;
	void (*on_pipe)(int signo); /* the handler of SIGPIPE before */
};

static bool make_token(char *out)
{
	unsigned char random[TOKEN_BYTES];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	for (i = 0; i < sizeof(random); i++)
		snprintf(out + 2 * i, 3, "%02x", random[i]);
	return true;
}

static void raise_limit(struct control *c)
{
	struct rlimit more;

	if (getrlimit(RLIMIT_NOFILE, &c->files) || c->files.rlim_cur >= FILES_WANTED)
		return;
	more = c->files;
	more.rlim_cur = more.rlim_max < FILES_WANTED ? more.rlim_max : FILES_WANTED;
	c->raised = !setrlimit(RLIMIT_NOFILE, &more);
}

static struct http *serve(struct control *c, struct loop *l,
	const struct control_options *o, char *why, size_t size)
{
	struct http_options http = { .handle = api_handle, .log = o->log };

	if (c->addr.kind == CONTROL_TCP && !make_token(c->token)) {
		snprintf(why, size,
			"the system has no random numbers for a token; use a PATH");
		return NULL;
	}
	http.fd = control_addr_listen(&c->addr, o->mode, o->group, why, size);
	if (http.fd < 0)
		return NULL;
	c->api = api_new(o->profile, o->log);
	http.ctx = c->api;
	http.token = c->token[0] ? c->token : NULL;
	snprintf(why, size, "the server does not start; see the message above");
	return http_new(loop_base(l), &http);
}

bool control_open(
	struct loop *l, const struct control_options *options, struct control **out)
{
	struct control *c;
	char why[300];

	*out = NULL;
	if (options->addr.kind == CONTROL_NONE)
		return true;
	c = calloc(1, sizeof(*c));
	must(c);
	c->addr = options->addr;
	c->http = serve(c, l, options, why, sizeof(why));
	if (c->http) {
		raise_limit(c);
		c->on_pipe = signal(SIGPIPE, SIG_IGN);
		*out = c;
		return true;
	}
	if (options->addr.kind == CONTROL_DEFAULT)
		log_warn(options->log, LOG_HTTP,
			"running without the control interface: %s", why);
	else
		fprintf(stderr, "fauxtrack: --control: %s\n", why);
	api_free(c->api);
	free(c);
	return options->addr.kind == CONTROL_DEFAULT;
}

void control_close(struct control *c)
{
	if (!c)
		return;
	http_free(c->http);
	api_free(c->api);
	control_addr_remove(&c->addr);
	free(c);
}

void control_add(struct control *c, const struct api_place *place)
{
	if (c)
		api_add(c->api, place);
}

void control_announce(const struct control *c)
{
	char name[CONTROL_NAME];

	if (!c)
		return;
	control_addr_print(&c->addr, name);
	fprintf(stderr, "control: %s%s%s\n", name, c->token[0] ? " token " : "",
		c->token);
}

void control_export(const struct control *c)
{
	char name[CONTROL_NAME];

	unsetenv("FAUXTRACK_CONTROL");
	unsetenv("FAUXTRACK_TOKEN");
	if (!c)
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
