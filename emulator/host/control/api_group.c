/* Requests that name several modems: a group of a fleet file, or all. Each modem gets the
 * request in turn, and the answer has the status and answer of each:
 *
 *   { "modems": [ { "id": "3", "name": "north.1", "status": 200, "answer": {...} }, ... ] }
 *
 * A request that is wrong in itself (no such name, a body that does not fit) is refused as
 * for one modem, and nothing has changed. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/suggest.h"
#include "host/control/api_int.h"

const char api_id_help[] =
	"a modem: its number (1 is the first) or GROUP.N (the Nth of a group); or "
	"several: "
	"GROUP, or all. Several answer { modems: [{ id, name, status, answer }] }";

json_t *api_modem_name(const struct api_modem *m)
{
	return m->group ? json_sprintf("%s.%u", m->group, m->index) : json_null();
}

void api_gather(struct api_call *c, json_t *list, int status, json_t *answer)
{
	c->status = status;
	json_array_append_new(list,
		json_pack("{s:s,s:o,s:i,s:o}", "id", c->modem->id, "name",
			api_modem_name(c->modem), "status", status, "answer", answer));
}

/* ---- names ------------------------------------------------------------------------- */

/* A number without leading zeros, up to `most`; 0: it is none. */
static size_t number(const char *text, size_t most)
{
	char *end;
	unsigned long n;

	if (!isdigit((unsigned char)*text) || *text == '0' || strlen(text) > 9)
		return 0;
	n = strtoul(text, &end, 10);
	return *end || n > most ? 0 : n;
}

/* The modems of the group with that name, which follow each other. */
static bool find_group(
	const struct api *a, const char *name, size_t len, struct api_members *m)
{
	const char *group;

	*m = (struct api_members){ 0, 0, true };
	while (m->first + m->n < a->n) {
		group = a->modems[m->first + m->n]->group;
		if (group && !strncmp(group, name, len) && !group[len])
			m->n++;
		else if (m->n)
			break;
		else
			m->first++;
	}
	return m->n;
}

static bool find_members(const struct api *a, const char *id, struct api_members *m)
{
	const char *dot = strrchr(id, '.');
	size_t n = number(id, a->n);

	*m = (struct api_members){ n - 1, 1, false };
	if (n)
		return true;
	*m = (struct api_members){ 0, a->n, true };
	if (!strcmp(id, "all"))
		return a->n;
	if (!dot)
		return find_group(a, id, strlen(id), m);
	if (!find_group(a, id, (size_t)(dot - id), m))
		return false;
	n = number(dot + 1, m->n);
	*m = (struct api_members){ m->first + n - 1, 1, false };
	return n;
}

bool api_members(struct api_call *c, const char *id, struct api_members *m)
{
	const struct api *a = c->api;
	const char *group = NULL;
	struct suggest near;
	char text[300], mem[160], all[100];
	size_t i;

	if (find_members(a, id, m))
		return true;
	suggest_init(&near, id);
	for (i = 0; i < a->n; i++) {
		if (a->modems[i]->group && a->modems[i]->group != group)
			suggest_offer(&near, a->modems[i]->group);
		group = a->modems[i]->group;
	}
	snprintf(all, sizeof(all), "; their ids are 1 to %zu%s", a->n,
		group ? ", GROUP, GROUP.N and all" : ", and all");
	snprintf(text, sizeof(text), "there is no modem \"%.40s\"%s", id,
		suggest_text(&near, mem, sizeof(mem), all));
	api_refuse_text(c, 404, "id", text);
	return false;
}

/* ---- requests ---------------------------------------------------------------------- */

/* The request itself is wrong: no modem has done anything. */
static bool is_wrong(int status)
{
	return status == 400 || status == 404;
}

void api_several(
	struct api_call *c, const struct api_route *row, const struct api_members *m)
{
	json_t *list, *answer;
	size_t i;

	if (row->several) {
		row->several(c, m);
		return;
	}
	if (row->answer != API_JSON) {
		api_refuse_text(c, 400, "id",
			"this is a stream of one modem; name one, by its number or by "
			"GROUP.N");
		return;
	}
	list = json_array();
	for (i = 0; i < m->n; i++) {
		c->modem = c->api->modems[m->first + i];
		c->gather = list;
		row->run(c);
		c->gather = NULL;
		if (i == 0 && is_wrong(c->status)) {
			answer = json_object_get(json_array_get(list, 0), "answer");
			api_answer(c, c->status, json_incref(answer));
			json_decref(list);
			return;
		}
	}
	api_answer(c, 200, json_pack("{s:o}", "modems", list));
}
