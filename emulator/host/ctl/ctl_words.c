/* fauxtrack ctl: its words that are not actions; the table is at the end. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/control/condition.h"
#include "host/ctl/ctl_int.h"

#define EVENTS_ARGS "[since=ID]"
#define TRACE_ARGS  "[last=N] [follow=1]"

/* An id, or -1. */
static bool is_id(const char *text, long long *id)
{
	char *end;

	errno = 0;
	*id = strtoll(text, &end, 10);
	return *text && !*end && !errno && *id >= -1;
}

static int wait_for(struct ctl *c, int argc, char **argv)
{
	json_t *body = json_object(), *list = json_array();
	long long since = c->several ? -1 : ctl_last_action(c);
	bool ok = true, given = !c->several; /* several: since each one's last action */
	int i;

	c->asked = &wait_schema;
	json_object_set_new(body, "skip_forgotten", json_true());
	for (i = 0; i < argc; i++) {
		if (!strncmp(argv[i], "timeout=", 8)) {
			json_object_set_new(body, "timeout", json_string(argv[i] + 8));
		} else if (!strncmp(argv[i], "since=", 6)) {
			ok = ok && is_id(argv[i] + 6, &since);
			given = true;
			json_object_set_new(body, "skip_forgotten", json_false());
		} else {
			json_array_append_new(list, json_string(argv[i]));
		}
	}
	if (given)
		json_object_set_new(body, "since", json_integer(since));
	json_object_set_new(body, "for", list);
	if (ok && json_array_size(list))
		return ctl_do(c, "/wait", body);
	json_decref(body);
	return ctl_complain(CTL_USAGE,
		ok ? "nothing to wait for; write a condition, for example wait registered"
		   : "since= needs the id of an event, or -1; write since=0 for all kept "
		     "events");
}

/* In the form of a trace line. */
static void print_event(const json_t *j)
{
	const char *text = json_string_value(json_object_get(j, "text"));
	long long value = json_integer_value(json_object_get(j, "value"));
	const json_t *file = json_object_get(j, "file");

	if (json_object_get(j, "up_to")) {
		printf("             events up to id %lld are no longer kept\n",
			(long long)json_integer_value(json_object_get(j, "up_to")));
		return;
	}
	printf("%12.6f %s%s%s: ",
		(double)json_integer_value(json_object_get(j, "at")) / 1e6,
		ctl_text(j, "port"), *ctl_text(j, "port") ? " " : "",
		ctl_text(j, "event"));
	if (text)
		fputs(text, stdout);
	if (!text || value)
		printf(text ? " (%lld)" : "%lld", value);
	if (file)
		printf(" of a %s, block %lld", ctl_text(file, "kind"),
			(long long)json_integer_value(json_object_get(file, "block")));
	if (json_is_integer(json_object_get(file, "total")))
		printf(", %lld bytes in total",
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

static const struct cli_member trace_members[] = {
	{ "at", "virtual time in seconds" },
	{ "port", "uart2 or usb; missing: uart1" },
	{ "kind", "host or modem: bytes from there; note: what happened" },
	{ "data", "the bytes: each character is one byte, U+0000 to U+00FF" },
	{ "text", "of a note" },
	{ NULL, NULL },
};

static bool plain_line(void *ctx, const char *text)
{
	(void)ctx;
	puts(text);
	return !fflush(stdout);
}

/* Whether the key of KEY=VALUE is in a list "[KEY=X] [KEY=X]". */
static bool is_key(const char *word, const char *keys)
{
	size_t len = strcspn(word, "=") + 1;

	for (; (keys = strchr(keys, '[')); keys++)
		if (!strncmp(keys + 1, word, len))
			return true;
	return false;
}

/* Makes a path with the KEY=NUMBER words as its query. */
static int with_query(
	char *out, size_t size, const char *path, const char *keys, int argc, char **argv)
{
	size_t len = (size_t)snprintf(out, size, "%s", path);
	const char *value;
	char why[200];
	int i;

	for (i = 0; i < argc; i++) {
		value = strchr(argv[i], '=');
		if (len + strlen(argv[i]) + 2 > size || !value || !value[1] ||
			value[1 + strspn(value + 1, "0123456789")] ||
			!is_key(argv[i], keys)) {
			snprintf(why, sizeof(why),
				"\"%.40s\" is not accepted here; write %s", argv[i],
				keys);
			return ctl_complain(CTL_USAGE, why);
		}
		len += (size_t)snprintf(
			out + len, size - len, "%c%s", i ? '&' : '?', argv[i]);
	}
	return CTL_DONE;
}

static int events(struct ctl *c, int argc, char **argv)
{
	char what[200];
	int status = with_query(what, sizeof(what), "/events", EVENTS_ARGS, argc, argv);

	return status ? status : ctl_modem(c, "GET", what, NULL, NULL, event_line);
}

static int trace(struct ctl *c, int argc, char **argv)
{
	char what[220];
	int status = with_query(what, 200, "/trace", TRACE_ARGS, argc, argv);

	if (c->json)
		strcat(what, argc ? "&json=1" : "?json=1");
	return status ? status : ctl_modem(c, "GET", what, NULL, NULL, plain_line);
}

static void sent_line(json_t *m)
{
	printf("%lld to %s: %s (%s)\n",
		(long long)json_integer_value(json_object_get(m, "id")),
		ctl_text(m, "to"), ctl_text(m, "text"), ctl_text(m, "result"));
}

static void handed_line(json_t *m)
{
	printf("%lld to %s: %s\n",
		(long long)json_integer_value(json_object_get(m, "number")),
		ctl_text(m, "to"), ctl_text(m, "pdu"));
}

static int messages(struct ctl *c, const char *path, void (*line)(json_t *m))
{
	json_t *reply = NULL, *m;
	int status = ctl_modem(c, "GET", path, NULL, &reply, NULL);
	const json_t *one;
	size_t i, at = 0;
	char who[16];

	if (reply && c->json)
		ctl_print_json(c->several ? json_object_get(reply, "modems")
					  : json_object_get(reply, "messages"));
	while (reply && !c->json && (one = ctl_next(c, reply, &at, who)))
		json_array_foreach(json_object_get(one, "messages"), i, m)
		{
			fputs(who, stdout);
			line(m);
		}
	json_decref(reply);
	return status;
}

static int outbox(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return messages(c, "/outbox", sent_line);
}

static int centre(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return messages(c, "/centre", handed_line);
}

static int faults(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL, *f;
	int status = ctl_modem(c, "GET", "/faults", NULL, &reply, NULL);
	const char *name, *when;
	const json_t *one;
	size_t i, at = 0;
	char who[16];

	(void)argc;
	(void)argv;
	if (reply && c->json)
		ctl_print_json(c->several ? json_object_get(reply, "modems")
					  : json_object_get(reply, "faults"));
	while (reply && !c->json && (one = ctl_next(c, reply, &at, who)))
		json_array_foreach(json_object_get(one, "faults"), i, f)
		{
			name = ctl_text(f, "name");
			when = ctl_text(f, "when");
			printf("%s%s%lld  acted %lld  %-7s  %s%s%s%s%s%s%s\n", who,
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

static void print_far_text(const char *who, const json_t *one)
{
	const json_t *text = json_object_get(one, "text");

	fputs(who, stdout);
	fwrite(json_string_value(text), 1, json_string_length(text), stdout);
	putchar('\n');
}

static int farend(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ctl_each(c, "/farend", print_far_text);
}

/* With a text, farend is the action that sends it. */
static bool is_bare(int argc, char **argv)
{
	(void)argv;
	return !argc;
}

/* Prints the last file that a modem has received, or adds it to the list; false if there
 * is none. */
static bool print_file(const json_t *modem, const char *who, json_t *list)
{
	const json_t *file = json_object_get(json_object_get(modem, "state"), "file");
	bool complete = json_is_true(json_object_get(file, "complete"));

	if (json_is_null(json_object_get(file, "sha256")))
		return false;
	if (list)
		json_array_append_new(list,
			json_pack("{s:O,s:O,s:O}", "id", json_object_get(modem, "id"),
				"name", json_object_get(modem, "name"), "file", file));
	else
		printf("%s%s  %s %s %lld bytes%s\n", who, ctl_text(file, "sha256"),
			ctl_text(file, "firmware"), ctl_text(file, "kind"),
			(long long)json_integer_value(json_object_get(file, "size")),
			complete ? "" : ", incomplete");
	return true;
}

static int dwl(struct ctl *c, int argc, char **argv)
{
	json_t *reply = NULL, *list = c->json ? json_array() : NULL;
	int status = ctl_modem(c, "GET", "", NULL, &reply, NULL);
	const json_t *one;
	bool any = false;
	size_t at = 0;
	char who[16];

	(void)argc;
	(void)argv;
	while (reply && (one = ctl_next(c, reply, &at, who)))
		any |= print_file(one, who, list);
	if (any && c->json)
		ctl_print_json(
			c->several ? list
				   : json_object_get(json_array_get(list, 0), "file"));
	json_decref(list);
	if (status == CTL_DONE && !any)
		status = ctl_complain(CTL_REFUSED,
			"no file has been received; send one with AT+WDWL and XMODEM");
	json_decref(reply);
	return status;
}

static int factory(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ctl_do(c, "/factory", NULL);
}

/* Other words after clock set the modem's own clock, an action: clock lost, time=... */
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
	bool step = !strcmp(argv[0], "step"), scale = !strcmp(argv[0], "scale");
	json_t *body;
	uint64_t time;
	char *end = NULL;
	long n = argc == 2 ? strtol(argv[1], &end, 10) : 0;

	if (step && (argc != 2 || !schema_time(argv[1], &time)))
		return ctl_complain(CTL_USAGE, "clock step needs the time to skip; write "
					       "clock step 5s, or 250ms, 2m, 1h");
	if (scale && (argc != 2 || *end || n < 1 || n > 10000))
		return ctl_complain(CTL_USAGE,
			"clock scale needs the virtual seconds per real "
			"second; write clock scale 1..10000");
	if (!step && !scale && argc != 1)
		return ctl_complain(CTL_USAGE,
			"nothing can follow clock freeze and clock resume; write clock "
			"freeze, clock step 5s, clock scale 10, or clock resume");
	body = json_object();
	json_object_set_new(body, "do", json_string(argv[0]));
	if (scale)
		json_object_set_new(body, "to", json_integer(n));
	if (step)
		json_object_set_new(body, "by", json_string(argv[1]));
	return ctl_do(c, "/clock", body);
}

static const struct cli_member action_members[] = {
	{ "name", "its name" },
	{ "help", "what it means" },
	{ NULL, NULL },
};

static int list(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ctl_list(c);
}

static int actions(struct ctl *c, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return ctl_list_actions(c);
}

const struct ctl_word ctl_words[] = {
	{ "list", "", "lists the running emulators, with port and profile of each modem",
		"list", list, 0, 0, true, NULL, .members = ctl_list_members },
	{ "state", "[PATH]", "shows the state of the modem, or the value at PATH",
		"state registration", ctl_state, 0, 1, false, NULL },
	{ "wait", "CONDITION... [timeout=TIME] [since=ID]",
		"waits until all hold: FIELD=VALUE, event=NAME[:TEXT], at=TEXT, or a "
		"word; default timeout 30s",
		"wait sim=ready event=urc:+CMTI timeout=5s", wait_for, 1, CONDITIONS + 2,
		false, NULL, .answer = "met" },
	{ "events", EVENTS_ARGS, "prints events as they happen, until Ctrl-C",
		"events since=0", events, 0, 1, false, NULL, .answer = "event_data" },
	{ "outbox", "", "lists the messages that the modem has sent", "outbox --json",
		outbox, 0, 0, false, NULL, .answer = "sent_message" },
	{ "centre", "",
		"lists the messages that wait for an outside service centre, see "
		"`acknowledge`",
		"centre", centre, 0, 0, false, NULL, .answer = "handed_message" },
	{ "farend", "",
		"shows what the far end of the last data call has received (newest 4 "
		"KiB)",
		"farend", farend, 0, 0, false, is_bare, .answer = "far_end" },
	{ "faults", "", "lists the fault rules, and how often each has acted", "faults",
		faults, 0, 0, false, NULL, .answer = "fault_rule" },
	{ "net", "", "shows what the host can reach through PPP, and what it has tried",
		"net", ctl_net, 0, 0, false, NULL, .answer = "net" },
	{ "trace", TRACE_ARGS, "prints the bytes at the port; follow=1: until Ctrl-C",
		"trace last=20", trace, 0, 2, false, NULL, .members = trace_members },
	{ "dwl", "", "shows the last file received: SHA-256, firmware, kind, size", "dwl",
		dwl, 0, 0, false, NULL, .answer = "state.file" },
	{ "factory", "", "restores the memory as delivered, and reboots", "factory",
		factory, 0, 0, false, NULL, .answer = "done" },
	{ "clock", "freeze | step TIME | scale N | resume", "controls virtual time",
		"clock step 5s", clock_word, 1, 2, false, is_virtual_time,
		.answer = "done" },
	{ "type", "TEXT [raw=true]",
		"types a line at UART1 as a host; raw=true: without CR at its end",
		"type AT+CSQ", ctl_type, 1, 2, false, NULL, .answer = "typed" },
	{ "bug", "NAME|none [force=true]",
		"makes the modem anew with a field bug (none: as it was started); "
		"force=true: also while a client has the port open",
		"bug dwl-band-reset-after-upgrade", ctl_bug, 1, 2, false, NULL,
		.answer = "done" },
	{ "panel", "[port=N] [--print]",
		"opens the panel and prints its URL; where there is a display, the "
		"browser too, unless --print",
		"panel --print", ctl_panel, 0, 1, false, NULL, .whole = true,
		.answer = "panel" },
	{ "actions", "", "lists the actions, as ctl --help does", "actions", actions, 0,
		0, true, NULL, .members = action_members },
	{ NULL, NULL, NULL, NULL, NULL, 0, 0, false, NULL },
};
