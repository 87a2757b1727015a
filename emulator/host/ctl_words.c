/* fauxtrack ctl: its words that are no actions; the table stands at the end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/suggest.h"
#include "describe.h"
#include "host/condition.h"
#include "host/ctl_int.h"

static void print_leaf(const json_t *j)
{
	if (json_is_string(j))
		puts(json_string_value(j));
	else if (json_is_integer(j))
		printf("%lld\n", (long long)json_integer_value(j));
	else
		puts(json_is_null(j) ? "unknown" : json_is_true(j) ? "true" : "false");
}

static void print_tree(const json_t *j, char *path, size_t len, size_t size)
{
	const char *key;
	json_t *value;
	size_t i, n;

	if (json_is_object(j)) {
		json_object_foreach((json_t *)j, key, value)
		{
			n = (size_t)snprintf(
				path + len, size - len, "%s%s", len ? "." : "", key);
			print_tree(value, path, len + n, size);
		}
	} else if (json_is_array(j)) {
		json_array_foreach(j, i, value)
		{
			n = (size_t)snprintf(
				path + len, size - len, "%s%zu", len ? "." : "", i);
			print_tree(value, path, len + n, size);
		}
	} else {
		path[len] = '\0';
		printf("%-26s ", path);
		print_leaf(j);
	}
}

static const json_t *below(const json_t *j, const char *path)
{
	char key[64];
	size_t len;

	for (; j && *path; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		j = json_is_array(j) ? json_array_get(j, (size_t)atoi(key))
				     : json_object_get(j, key);
	}
	return j;
}

static int state_unknown(const char *path)
{
	struct state_field f;
	struct suggest near;
	char paths[200][80], mem[120], what[300];
	size_t i;

	if (modem_state_known(path, NULL)) {
		snprintf(what, sizeof(what), "there is no %s now; look at all of it",
			path);
		return ctl_complain(CTL_REFUSED, what);
	}
	suggest_init(&near, path);
	for (i = 0; i < 200 && modem_state_field(i, &f); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s%s%s", f.part ? f.part : "",
			f.part ? "." : "", f.key);
		suggest_offer(&near, paths[i]);
	}
	snprintf(what, sizeof(what), "\"%.64s\" is no state of a modem%s", path,
		suggest_text(
			&near, mem, sizeof(mem), "; fauxtrack list states shows all"));
	return ctl_complain(CTL_USAGE, what);
}

static int state(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL;
	const json_t *j;
	char path[256];
	int status = ctl_modem(c, "GET", "", NULL, &reply, NULL);

	snprintf(path, sizeof(path), "%.100s", argc ? argv[0] : "");
	if (status != CTL_DONE)
		return status;
	j = below(json_object_get(reply, "state"), argc ? argv[0] : "");
	if (!j)
		status = state_unknown(argv[0]);
	else if (c->json)
		ctl_print_json(j);
	else if (json_is_object(j) || json_is_array(j))
		print_tree(j, path, strlen(path), sizeof(path));
	else
		print_leaf(j);
	json_decref(reply);
	return status;
}

static int wait_for(struct ctl *c, int argc, char **argv)
{
	json_t *body = json_object(), *list = json_array();
	int i;

	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "timeout=", 8))
			json_object_set_new(body, "timeout", json_string(argv[i] + 8));
		else if (!strncmp(argv[i], "since=", 6))
			json_object_set_new(
				body, "since", json_integer(atoll(argv[i] + 6)));
		else
			json_array_append_new(list, json_string(argv[i]));
	}
	json_object_set_new(body, "for", list);
	return ctl_do(c, "/wait", body);
}

/* As a line of a trace. */
static void print_event(const json_t *j)
{
	const char *text = json_string_value(json_object_get(j, "text"));
	long long value = json_integer_value(json_object_get(j, "value"));
	const json_t *file = json_object_get(j, "file");

	if (json_object_get(j, "up_to")) {
		printf("             events up to id %lld are forgotten\n",
			(long long)json_integer_value(json_object_get(j, "up_to")));
		return;
	}
	printf("%12.6f %s: ", (double)json_integer_value(json_object_get(j, "at")) / 1e6,
		ctl_text(j, "event"));
	if (text)
		fputs(text, stdout);
	if (!text || value)
		printf(text ? " (%lld)" : "%lld", value);
	if (file)
		printf(" of a %s, block %lld", ctl_text(file, "kind"),
			(long long)json_integer_value(json_object_get(file, "block")));
	if (json_is_integer(json_object_get(file, "total")))
		printf(", %lld bytes in all",
			(long long)json_integer_value(json_object_get(file, "total")));
	putchar('\n');
}

static bool event_line(void *ctx, const char *text)
{
	const struct ctl *c = ctx;
	json_t *j;

	if (strncmp(text, "data: ", 6) != 0)
		return true;
	if (c->json) {
		puts(text + 6);
	} else {
		j = json_loads(text + 6, 0, NULL);
		print_event(j);
		json_decref(j);
	}
	return !fflush(stdout);
}

static bool plain_line(void *ctx, const char *text)
{
	(void)ctx;
	puts(text);
	return !fflush(stdout);
}

/* A path with KEY=VALUE words as its query. */
static int with_query(char *out, size_t size, const char *path, int argc, char **argv)
{
	size_t len = (size_t)snprintf(out, size, "%s", path);
	int i;

	for (i = 0; i < argc; i++) {
		if (len + strlen(argv[i]) + 2 > size || !strchr(argv[i], '=') ||
			argv[i][strcspn(argv[i], " &?#%+")])
			return ctl_complain(
				CTL_USAGE, "write KEY=NUMBER; --help tells which");
		len += (size_t)snprintf(
			out + len, size - len, "%c%s", i ? '&' : '?', argv[i]);
	}
	return CTL_DONE;
}

static int events(struct ctl *c, int argc, char **argv)
{
	char what[200];
	int status = with_query(what, sizeof(what), "/events", argc, argv);

	return status ? status : ctl_modem(c, "GET", what, NULL, NULL, event_line);
}

static int trace(struct ctl *c, int argc, char **argv)
{
	char what[200];
	int status = with_query(what, sizeof(what), "/trace", argc, argv);

	return status ? status : ctl_modem(c, "GET", what, NULL, NULL, plain_line);
}

static int outbox(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL, *m;
	int status = ctl_modem(c, "GET", "/outbox", NULL, &reply, NULL);
	size_t i;

	(void)argc;
	(void)argv;
	if (reply && c->json)
		ctl_print_json(json_object_get(reply, "messages"));
	else
		json_array_foreach(json_object_get(reply, "messages"), i, m)
		{
			printf("%lld to %s: %s (%s)\n",
				(long long)json_integer_value(json_object_get(m, "id")),
				ctl_text(m, "to"), ctl_text(m, "text"),
				ctl_text(m, "result"));
		}
	json_decref(reply);
	return status;
}

static int faults(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL, *f;
	int status = ctl_modem(c, "GET", "/faults", NULL, &reply, NULL);
	const char *name, *when;
	size_t i;

	(void)argc;
	(void)argv;
	if (reply && c->json)
		ctl_print_json(json_object_get(reply, "faults"));
	else
		json_array_foreach(json_object_get(reply, "faults"), i, f)
		{
			name = ctl_text(f, "name");
			when = ctl_text(f, "when");
			printf("%s%lld  acted %lld  %-7s  %s%s%s%s%s%s%s\n",
				strcmp(ctl_text(f, "of"), "bug") ? "" : "bug ",
				(long long)json_integer_value(
					json_object_get(f, "number")),
				(long long)json_integer_value(
					json_object_get(f, "acted")),
				ctl_text(f, "life"), ctl_text(f, "effect"),
				*when ? ", when: " : "", when,
				*ctl_text(f, "command") ? " of " : "",
				ctl_text(f, "command"), *name ? ": " : "", name);
		}
	json_decref(reply);
	return status;
}

static int farend(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL;
	int status = ctl_modem(c, "GET", "/farend", NULL, &reply, NULL);
	const json_t *text = json_object_get(reply, "text");

	(void)argc;
	(void)argv;
	if (reply && c->json) {
		ctl_print_json(reply);
	} else if (reply) {
		fwrite(json_string_value(text), 1, json_string_length(text), stdout);
		putchar('\n');
	}
	json_decref(reply);
	return status;
}

/* With something behind it the far end says that. */
static bool is_bare(int argc, char **argv)
{
	(void)argv;
	return !argc;
}

static int dwl(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL, *file;
	int status = ctl_modem(c, "GET", "", NULL, &reply, NULL);

	(void)argc;
	(void)argv;
	file = json_object_get(json_object_get(reply, "state"), "file");
	if (status == CTL_DONE && json_is_null(json_object_get(file, "sha256")))
		status = ctl_complain(CTL_REFUSED,
			"no file has been taken in; send one by AT+WDWL and XMODEM");
	else if (status == CTL_DONE && c->json)
		ctl_print_json(file);
	else if (status == CTL_DONE)
		printf("%s  %s %s %lld bytes%s\n", ctl_text(file, "sha256"),
			ctl_text(file, "firmware"), ctl_text(file, "kind"),
			(long long)json_integer_value(json_object_get(file, "size")),
			json_is_true(json_object_get(file, "complete")) ? ""
									: ", incomplete");
	json_decref(reply);
	return status;
}

static int factory(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ctl_do(c, "/factory", NULL);
}

/* The modem's own clock is an action: clock lost, clock time=... */
static bool is_virtual_time(int argc, char **argv)
{
	static const char *const verbs[] = { "freeze", "step", "scale", "resume" };
	size_t i;

	for (i = 0; argc && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[0], verbs[i]))
			return true;
	return !argc;
}

static int clock_word(struct ctl *c, int argc, char **argv)
{
	json_t *body = json_object();

	if (argc < 1 || argc > 2) {
		json_decref(body);
		return ctl_complain(
			CTL_USAGE, "write clock freeze, step 5s, scale 10, or resume");
	}
	json_object_set_new(body, "do", json_string(argv[0]));
	if (argc == 2 && !strcmp(argv[0], "scale"))
		json_object_set_new(body, "to", json_integer(atoll(argv[1])));
	else if (argc == 2)
		json_object_set_new(body, "by", json_string(argv[1]));
	return ctl_do(c, "/clock", body);
}

const struct ctl_word ctl_words[] = {
	{ "state", "[PATH]", "what the modem knows; one value by its path", state, 1 },
	{ "wait", "CONDITION... [timeout=30s] [since=ID]",
		"until all hold: FIELD=VALUE, event=NAME[:TEXT], at=TEXT, or a word",
		wait_for, CONDITIONS + 2 },
	{ "events", "[since=ID]", "what happens, until it is stopped", events, 1 },
	{ "outbox", "", "the messages that the modem has sent", outbox, 0 },
	{ "farend", "",
		"what the far end of the last data call has received, the newest 4 KiB",
		farend, 0, is_bare },
	{ "trace", "[last=N] [follow=1]", "the bytes at its port", trace, 2 },
	{ "faults", "", "the rules for what goes wrong, and how often each has acted",
		faults, 0 },
	{ "dwl", "", "the last file taken in: SHA-256, firmware, kind, size", dwl, 0 },
	{ "factory", "", "its memory as delivered, and a new boot", factory, 0 },
	{ "clock", "freeze | step TIME | scale N | resume", "virtual time", clock_word, 2,
		is_virtual_time },
	{ NULL },
};
