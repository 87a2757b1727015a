/* fauxtrack ctl: requests to the emulator, and conversion of shell words to JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/suggest.h"
#include "host/ctl/ctl_int.h"

int ctl_complain(int status, const char *what)
{
	fprintf(stderr, "fauxtrack ctl: %s\n", what);
	return status;
}

/* ---- asking ----------------------------------------------------------------------- */

static int status_of(int http)
{
	switch (http) {
	case 200:
		return CTL_DONE;
	case 408:
		return CTL_TIMED_OUT;
	case 400:
	case 401:
	case 404:
		return CTL_USAGE;
	default:
		return CTL_REFUSED;
	}
}

const char *ctl_text(const json_t *j, const char *key)
{
	const char *text = json_string_value(json_object_get(j, key));

	return text ? text : "";
}

/* Prints a message in the syntax of ctl: "from: NUMBER" of JSON becomes "from=NUMBER". */
static void print_words(const struct schema *s, const char *text)
{
	const struct schema_field *f = NULL;
	size_t len;

	while (*text) {
		for (f = s ? s->fields : NULL; f && f->key; f++) {
			len = strlen(f->key);
			if (!strncmp(text, f->key, len) && !strncmp(text + len, ": ", 2))
				break;
		}
		if (f && f->key) {
			fprintf(stderr, "%s=", f->key);
			text += strlen(f->key) + 2;
		}
		/* a word and what follows it */
		for (len = strcspn(text, " "); text[len] == ' '; len++)
			;
		fprintf(stderr, "%.*s", (int)len, text);
		text += len;
	}
}

static bool is_hinted(const struct schema_field *f)
{
	return f && (f->type == SCHEMA_INT || f->type == SCHEMA_BOOL ||
			    f->type == SCHEMA_TIME);
}

static const struct schema_field *field_of(
	const struct schema *s, const char *key, size_t len)
{
	const struct schema_field *f;

	for (f = s ? s->fields : NULL; f && f->key; f++)
		if (strlen(f->key) == len && !strncmp(f->key, key, len))
			return f;
	return NULL;
}

/* The field at a dotted path, NULL if there is no such field. */
static const struct schema_field *ctl_field(const struct schema *s, const char *path)
{
	const struct schema_field *f = NULL;
	size_t len;

	for (;; path += len + 1) {
		len = strcspn(path, ".");
		f = field_of(s, path, len);
		if (!f || !path[len])
			return f;
		s = f->type == SCHEMA_STRUCT ? f->schema : NULL;
	}
}

/* Prints an error of the server, which is in terms of HTTP and JSON, in the words of ctl.
 */
static void print_error(
	const struct ctl *c, const char *who, int status, const json_t *error)
{
	const char *field = ctl_text(error, "field"), *remedy = ctl_text(error, "remedy"),
		   *message = ctl_text(error, "message");
	bool asks = *message && message[strlen(message) - 1] == '?';
	char quoted[80], hint[300];

	if (status == 401)
		remedy = "give it with --token or in $FAUXTRACK_TOKEN; the emulator "
			 "printed it when it started";
	else if (!strcmp(field, "id") && !ctl_field(c->asked, field))
		field = "--modem";
	else if (!strncmp(remedy, "GET /", 5))
		remedy = "fauxtrack ctl --help lists what is accepted";
	if (!strncmp(remedy, "write ", 6) && is_hinted(ctl_field(c->asked, field))) {
		ctl_hint(ctl_field(c->asked, field), field, hint + 6, sizeof(hint) - 6);
		memcpy(hint, "write ", 6);
		remedy = hint;
	}
	snprintf(quoted, sizeof(quoted), "\"%s\"", field);
	if (!strcmp(field, "body") || !strcmp(field, "for") || !strcmp(field, "name") ||
		!strncmp(message, quoted, strlen(quoted)))
		field = "";
	fprintf(stderr, "fauxtrack ctl: %s%s%s%s", who, *who ? ": " : "", field,
		*field ? ": " : "");
	print_words(c->asked, message);
	fputs(asks ? " " : "; ", stderr);
	print_words(c->asked, remedy);
	putc('\n', stderr);
}

/* Reports a refusal, if it is one. Returns the exit status. */
static int judge(const struct ctl *c, const struct ctl_reply *r)
{
	json_t *j, *other;
	size_t i;

	if (r->status == 200)
		return CTL_DONE;
	j = json_loadb(r->body, r->len, 0, NULL);
	print_error(c, "", r->status, json_object_get(j, "error"));
	json_array_foreach(json_object_get(j, "others"), i, other)
	{
		print_error(c, "", r->status, other);
	}
	json_decref(j);
	return status_of(r->status);
}

#define REFUSALS_SHOWN 10

/* Reports the refusals of several modems. Returns the exit status: that of the first. */
static int judge_each(const struct ctl *c, const json_t *reply)
{
	int status = CTL_DONE, http;
	json_t *m;
	char who[80];
	size_t i, refused = 0;

	json_array_foreach(json_object_get(reply, "modems"), i, m)
	{
		http = (int)json_integer_value(json_object_get(m, "status"));
		if (http == 200)
			continue;
		if (status == CTL_DONE)
			status = status_of(http);
		if (refused++ >= REFUSALS_SHOWN)
			continue;
		snprintf(who, sizeof(who), "modem %s%s%s%s", ctl_text(m, "id"),
			*ctl_text(m, "name") ? " (" : "", ctl_text(m, "name"),
			*ctl_text(m, "name") ? ")" : "");
		print_error(c, who, http,
			json_object_get(json_object_get(m, "answer"), "error"));
	}
	if (refused > REFUSALS_SHOWN)
		fprintf(stderr,
			"fauxtrack ctl: and %zu more modems; --json shows the answer of "
			"each\n",
			refused - REFUSALS_SHOWN);
	return status;
}

const json_t *ctl_next(const struct ctl *c, const json_t *reply, size_t *at, char who[16])
{
	const json_t *list = json_object_get(reply, "modems"), *m;

	who[0] = '\0';
	if (!c->several)
		return (*at)++ ? NULL : reply;
	while ((m = json_array_get(list, (*at)++))) {
		if (json_integer_value(json_object_get(m, "status")) != 200)
			continue;
		snprintf(who, 16, "%.12s: ", ctl_text(m, "id"));
		return json_object_get(m, "answer");
	}
	return NULL;
}

/* *reply stays unset unless the answer is JSON with status 200. */
static int request(struct ctl *c, const char *method, const char *path, json_t *body,
	json_t **reply, bool (*line)(void *ctx, const char *text))
{
	char *text = body ? json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	struct ctl_reply r;
	char why[400];
	json_t *got = NULL;
	int status;

	json_decref(body);
	if (ctl_ask(&c->server, method, path, text, &r, line, c, why, sizeof(why))) {
		status = judge(c, &r);
		if (status == CTL_DONE && !line)
			got = json_loadb(r.body, r.len, 0, NULL);
		if (got && c->several)
			status = judge_each(c, got);
	} else {
		status = ctl_complain(CTL_NO_EMULATOR, why);
	}
	if (reply)
		*reply = got;
	else
		json_decref(got);
	free(r.body);
	free(text);
	return status;
}

int ctl_request(
	struct ctl *c, const char *method, const char *path, json_t *body, json_t **reply)
{
	return request(c, method, path, body, reply, NULL);
}

int ctl_modem(struct ctl *c, const char *method, const char *what, json_t *body,
	json_t **reply, bool (*line)(void *ctx, const char *text))
{
	char path[256];

	snprintf(path, sizeof(path), "/v1/modems/%s%s", c->id, what);
	return request(c, method, path, body, reply, line);
}

int ctl_each(struct ctl *c, const char *path,
	void (*print)(const char *who, const json_t *answer))
{
	json_t *reply = NULL;
	int status = ctl_modem(c, "GET", path, NULL, &reply, NULL);
	const json_t *one;
	size_t at = 0;
	char who[16];

	if (reply && c->json)
		ctl_print_json(reply);
	while (reply && !c->json && (one = ctl_next(c, reply, &at, who)))
		print(who, one);
	json_decref(reply);
	return status;
}

void ctl_print_json(const json_t *j)
{
	json_dumpf(j, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
}

/* Stores the event id of the action, from which the next wait starts. */
int ctl_do(struct ctl *c, const char *what, json_t *body)
{
	json_t *reply = NULL, *from;
	int status = ctl_modem(c, "POST", what, body, &reply, NULL);
	const json_t *one;
	char who[16];
	size_t at = 0;

	from = json_object_get(reply, "events_from");
	if (from) /* of one modem */
		ctl_last_store(c, json_integer_value(from));
	if (reply && c->json)
		ctl_print_json(reply);
	else
		while (reply && (one = ctl_next(c, reply, &at, who)))
			if (json_object_get(one, "number"))
				printf("%snumber %lld\n", who,
					(long long)json_integer_value(
						json_object_get(one, "number")));
	json_decref(reply);
	return status;
}

/* Whether `name` is one modem of the list, or several; sets c->id. */
static bool has_modem(struct ctl *c, const json_t *list, const char *name)
{
	json_t *m;
	size_t i;

	c->several = !strcmp(name, "all");
	snprintf(c->id, sizeof(c->id), "%s", name);
	json_array_foreach((json_t *)list, i, m)
	{
		c->several |= !strcmp(ctl_text(m, "group"), name);
		if (strcmp(ctl_text(m, "id"), name) && strcmp(ctl_text(m, "name"), name))
			continue;
		snprintf(c->id, sizeof(c->id), "%s", ctl_text(m, "id"));
		return true;
	}
	return c->several;
}

static void suggest_modem(const json_t *list, const char *name, char *why, size_t size)
{
	char mem[160], all[120];
	struct suggest near;
	bool groups = false;
	json_t *m;
	size_t i;

	suggest_init(&near, name);
	suggest_offer(&near, "all");
	json_array_foreach((json_t *)list, i, m)
	{
		groups |= *ctl_text(m, "group") != '\0';
		if (*ctl_text(m, "group"))
			suggest_offer(&near, ctl_text(m, "group"));
	}
	snprintf(all, sizeof(all), "; the ids are 1 to %zu%s", json_array_size(list),
		groups ? ", or write GROUP, GROUP.N or all" : ", or write all");
	snprintf(why, size, "--modem: there is no modem \"%.40s\"%s", name,
		suggest_text(&near, mem, sizeof(mem), all));
}

static int choose_modem(struct ctl *c, const json_t *list)
{
	size_t n = json_array_size(list);
	const char *id = c->modem ? c->modem : ctl_text(json_array_get(list, 0), "id");
	char why[300];

	if (!c->modem && n != 1)
		snprintf(why, sizeof(why),
			"this emulator has %zu modems; choose one with --modem, such as "
			"--modem 1, or --modem all",
			n);
	else if (strlen(id) >= sizeof(c->id) || !has_modem(c, list, id))
		suggest_modem(list, id, why, sizeof(why));
	else
		return CTL_DONE;
	return ctl_complain(CTL_USAGE, why);
}

int ctl_find_modem(struct ctl *c)
{
	struct ctl_reply r;
	char why[400];
	json_t *j;
	int status;

	if (!ctl_ask(&c->server, "GET", "/v1/modems", NULL, &r, NULL, NULL, why,
		    sizeof(why))) {
		free(r.body);
		return ctl_complain(CTL_NO_EMULATOR, why);
	}
	status = judge(c, &r);
	j = json_loadb(r.body, r.len, 0, NULL);
	if (status == CTL_DONE)
		status = choose_modem(c, json_object_get(j, "modems"));
	snprintf(c->run, sizeof(c->run), "%s", ctl_text(j, "run"));
	json_decref(j);
	free(r.body);
	return status;
}

/* ---- words to JSON ---------------------------------------------------------------- */

/* NULL when the text does not have the type of the field. */
static json_t *value_of(const struct schema_field *f, const char *text)
{
	json_t *j;

	if (!f || (f->type != SCHEMA_INT && f->type != SCHEMA_BOOL))
		return json_string(text);
	j = json_loads(text, JSON_DECODE_ANY, NULL);
	if (f->type == SCHEMA_INT ? json_is_integer(j) : json_is_boolean(j))
		return j;
	json_decref(j);
	return NULL;
}

static json_t *list_of(const struct schema_field *f, const char *text)
{
	size_t len = strlen(text);
	json_t *list = json_array();
	char *copy, *word, *save = NULL;

	if (len < 2 || text[0] != '[' || text[len - 1] != ']') {
		json_array_append_new(list, value_of(f->item, text));
		return list;
	}
	copy = strndup(text + 1, len - 2);
	for (word = strtok_r(copy, ", ", &save); word; word = strtok_r(NULL, ", ", &save))
		json_array_append_new(list, value_of(f->item, word));
	free(copy);
	return list;
}

/* Sets a.b=VALUE; creates mappings on the way. */
static bool put(json_t *to, const struct schema *s, const char *path, const char *value)
{
	const struct schema_field *f;
	json_t *below;
	char key[64];
	size_t len;

	for (;;) {
		len = strcspn(path, ".");
		f = field_of(s, path, len);
		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		if (!path[len])
			break; /* a mapping may be written as a single value */
		below = json_object_get(to, key);
		if (!below) {
			below = json_object();
			json_object_set_new(to, key, below);
		}
		to = below;
		s = f && f->type == SCHEMA_STRUCT ? f->schema : NULL;
		path += len + 1;
	}
	if (f && f->type == SCHEMA_STRUCT && f->schema->scalar)
		f = f->schema->scalar;
	if (f && (f->type == SCHEMA_LIST || f->type == SCHEMA_SET))
		return !json_object_set_new(to, key, list_of(f, value));
	return !json_object_set_new(to, key, value_of(f, value));
}

static json_t *refuse(const struct schema *s, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct schema_field *f;
	char what[600], key[64], hint[300];

	snprintf(key, sizeof(key), "%.*s", (int)len, word);
	f = word[len] ? ctl_field(s, key) : NULL;
	if (f) {
		ctl_hint(f, key, hint, sizeof(hint));
		snprintf(what, sizeof(what), "%s cannot be \"%.60s\"; write %s", key,
			word + len + 1, hint);
	} else {
		snprintf(what, sizeof(what),
			"\"%.100s\" is not a KEY=VALUE of this action; add --help to see "
			"its keys and values",
			word);
	}
	ctl_complain(CTL_USAGE, what);
	return NULL;
}

json_t *ctl_arguments(const struct schema *s, int argc, char **argv)
{
	json_t *all, *one;
	char *value;
	int i;

	if (argc == 1 && s->scalar && !strchr(argv[0], '=')) {
		one = value_of(s->scalar, argv[0]);
		return one ? one : refuse(s, argv[0]);
	}
	all = json_object();
	for (i = 0; i < argc; i++) {
		value = strchr(argv[i], '=');
		if (value)
			*value = '\0';
		if (value && put(all, s, argv[i], value + 1))
			continue;
		if (value)
			*value = '=';
		json_decref(all);
		return refuse(s, argv[i]);
	}
	return all;
}
