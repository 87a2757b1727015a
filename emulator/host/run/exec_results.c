/* exec --junit and --tap: how COMMAND ended, once for each gap of a sweep. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/junit.h"
#include "host/run/exec_int.h"

void results_begin(struct exec *e)
{
	if (e->r.o.junit || e->r.o.tap)
		e->results = junit_new("fauxtrack exec");
}

/* COMMAND as one text. */
static void command_text(char **command, char *out, size_t size)
{
	size_t len = 0;

	for (; *command && len < size; command++)
		len += (size_t)snprintf(
			out + len, size - len, "%s%s", len ? " " : "", *command);
}

void results_add(struct exec *e, unsigned at, bool ok, const struct outcome *o)
{
	char command[400], name[200], text[120] = "complaints about COMMAND";

	if (!e->results)
		return;
	command_text(e->command, command, sizeof(command));
	if (at)
		snprintf(name, sizeof(name), "gap %u, %s", at,
			e->gap[0] ? e->gap : "not reached");
	else
		snprintf(name, sizeof(name), "%s",
			e->r.sweep.kind ? "without a gap" : "COMMAND");
	if (o->signal)
		snprintf(text, sizeof(text), "ended by signal %d", o->signal);
	else if (o->status)
		snprintf(text, sizeof(text), "exit status %d", o->status);
	junit_add(e->results, command, name,
		!o->ran ? JUNIT_ERROR
		: ok    ? JUNIT_PASSED
			: JUNIT_FAILED,
		ok ? NULL : text);
}

static bool wrote(bool ok, const char *option, const char *path)
{
	if (!ok)
		fprintf(stderr,
			"fauxtrack exec: %s: cannot write %s: %s; check that its folder "
			"exists, is writable and has space\n",
			option, path, strerror(errno));
	return ok;
}

bool results_write(struct exec *e)
{
	const struct options *o = &e->r.o;
	bool ok = true;

	if (!e->results)
		return true;
	if (o->junit)
		ok = wrote(junit_write(e->results, o->junit), "--junit", o->junit);
	if (o->tap)
		ok &= wrote(junit_write_tap(e->results, o->tap), "--tap", o->tap);
	junit_free(e->results);
	e->results = NULL;
	return ok;
}
