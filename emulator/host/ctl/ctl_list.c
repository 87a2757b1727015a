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

#define ALONE 16 /* more modems of a group, or without groups, share a line */

static const char *port_of(const json_t *m)
{
	const char *port = ctl_text(m, "port");

	return *port ? port : "unplugged";
}

/* "PATH, usb PATH" */
static void print_ports(const json_t *m)
{
	json_t *ports = json_object_get(m, "ports"), *path;
	const char *port;

	fputs(port_of(m), stdout);
	json_object_foreach(ports, port, path)
	{
		if (strcmp(port, "uart1") != 0)
			printf(", %s %s", port,
				json_is_string(path) ? json_string_value(path)
						     : "unplugged");
	}
}

static void print_modem(const char *name, const json_t *m)
{
	printf("%s  modem %s%s%s%s  ", name, ctl_text(m, "id"),
		*ctl_text(m, "name") ? " (" : "", ctl_text(m, "name"),
		*ctl_text(m, "name") ? ")" : "");
	print_ports(m);
	printf("  %s\n", ctl_text(m, "profile"));
}

/* Modems that follow each other in a group. */
static void print_group(const char *name, const json_t *modems, size_t from, size_t n)
{
	const json_t *first = json_array_get(modems, from),
		     *last = json_array_get(modems, from + n - 1);
	const char *group = ctl_text(first, "group");
	size_t i;

	for (i = 0; i < n && n <= ALONE; i++)
		print_modem(name, json_array_get(modems, from + i));
	if (n > ALONE)
		printf("%s  modems %s to %s%s%s%s  %s to %s  %s\n", name,
			ctl_text(first, "id"), ctl_text(last, "id"), *group ? " (" : "",
			group, *group ? ")" : "", port_of(first), port_of(last),
			ctl_text(first, "profile"));
}

static void print_modems(const char *name, const json_t *modems)
{
	const char *group;
	size_t from, n, all = json_array_size(modems);

	for (from = 0; from < all; from += n) {
		group = ctl_text(json_array_get(modems, from), "group");
		for (n = 1; from + n < all; n++)
			if (strcmp(ctl_text(json_array_get(modems, from + n), "group"),
				    group) != 0)
				break;
		print_group(name, modems, from, n);
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

const struct cli_member ctl_list_members[] = {
	{ "control", "the address of the control interface, for --control" },
	{ "runs", "whether the emulator answers" },
	{ "modems", "its modems; their members are in openapi.json" },
	{ NULL, NULL },
};

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
