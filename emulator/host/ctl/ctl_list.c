/* fauxtrack ctl list: the running emulators, one line for each modem. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/ctl/ctl_int.h"

struct listing {
	bool json;
	json_t *all;
	size_t running;
};

static void print_modems(const char *name, const json_t *modems)
{
	const char *port;
	json_t *m;
	size_t i;

	json_array_foreach((json_t *)modems, i, m)
	{
		port = ctl_text(m, "port");
		printf("%s  modem %s  %s  %s\n", name, ctl_text(m, "id"),
			*port ? port : "unplugged", ctl_text(m, "profile"));
	}
}

/* A socket without a server was left by an emulator that was killed. */
static void on_socket(void *ctx, const struct ctl_server *s)
{
	struct listing *l = ctx;
	char name[CONTROL_NAME], why[400];
	struct ctl_reply r;
	json_t *j = NULL, *modems;

	control_addr_print(&s->addr, name);
	if (ctl_ask(s, "GET", "/v1/modems", NULL, &r, NULL, NULL, why, sizeof(why)))
		j = json_loadb(r.body, r.len, 0, NULL);
	modems = json_object_get(j, "modems");
	l->running += modems != NULL;
	if (l->json)
		json_array_append_new(
			l->all, json_pack("{s:s,s:b,s:O?}", "control", name, "runs",
					modems != NULL, "modems", modems));
	else if (modems)
		print_modems(name, modems);
	else if (r.status == 401)
		printf("%s  needs a token: --token TOKEN\n", name);
	else
		printf("%s  dead: its emulator was killed\n", name);
	json_decref(j);
	free(r.body);
}

int ctl_list(const struct ctl *c)
{
	struct listing l = { c->json, json_array(), 0 };

	ctl_each_socket(on_socket, &l);
	if (l.json)
		ctl_print_json(l.all);
	json_decref(l.all);
	if (l.running)
		return CTL_DONE;
	return ctl_complain(
		CTL_NO_EMULATOR, "no emulator is running; start one with fauxtrack run");
}
