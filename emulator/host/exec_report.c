#include "host/exec_report.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A poll: asked so often, and that often on average. */
#define POLLS      10
#define POLL_EVERY SEC(1)

static void count(struct report *r, struct report_item *items, size_t *n, int code,
	const char *text, usec_t at)
{
	char cut[REPORT_TEXT];
	size_t i;

	snprintf(cut, sizeof(cut), "%s", text);
	for (i = 0; i < *n; i++)
		if (items[i].code == code && !strcmp(items[i].text, cut))
			break;
	if (i == REPORT_ITEMS) {
		r->more += code != 0;
		return;
	}
	if (i == *n) {
		items[i] = (struct report_item){ .code = code, .first = at };
		strcpy(items[i].text, cut);
		(*n)++;
	}
	items[i].last = at;
	items[i].times++;
}

void report_notice(struct report *r, const struct notice *n)
{
	if (n->kind == NOTICE_CLIENT)
		count(r, r->item, &r->n, (int)n->value, n->text, n->at);
	else if (n->kind == NOTICE_COMMAND)
		count(r, r->command, &r->commands, 0, n->text, n->at);
}

static bool is_poll(const struct report_item *c)
{
	return c->times >= POLLS && c->last - c->first < (c->times - 1) * POLL_EVERY;
}

/* Finding i, polls behind the others; false when there are no more. */
static bool finding(const struct report *r, size_t i, struct report_item *out)
{
	size_t c;

	if (i < r->n) {
		*out = r->item[i];
		return true;
	}
	i -= r->n;
	for (c = 0; c < r->commands; c++) {
		if (!is_poll(&r->command[c]) || i--)
			continue;
		*out = r->command[c];
		out->code = CLIENT_POLLS;
		return true;
	}
	return false;
}

bool report_any(const struct report *r)
{
	struct report_item f;

	return finding(r, 0, &f);
}

static const char *help_of(int code)
{
	const struct name *n;

	for (n = client_fault_names; n->value != code; n++)
		;
	return n->help;
}

void report_print(const struct report *r, FILE *out)
{
	struct report_item f;
	size_t i;

	if (!report_any(r))
		fputs("fauxtrack exec: the modem has nothing to complain of\n", out);
	for (i = 0; finding(r, i, &f); i++) {
		fprintf(out, "fauxtrack exec: %s: %s", help_of(f.code), f.text);
		if (f.code == CLIENT_POLLS)
			fprintf(out, " %u times, every %.3f s", f.times,
				(double)(f.last - f.first) / 1e6 / (f.times - 1));
		else if (f.times > 1)
			fprintf(out, " (%u times, first at %.3f s)", f.times,
				(double)f.first / 1e6);
		else
			fprintf(out, " (at %.3f s)", (double)f.first / 1e6);
		fputc('\n', out);
	}
	if (r->more)
		fprintf(out, "fauxtrack exec: and %u more\n", r->more);
}

bool report_write_json(
	const struct report *r, const struct fault_tally *rules, const char *path)
{
	json_t *list = json_array(), *j;
	struct report_item f;
	size_t i;
	bool ok;

	for (i = 0; finding(r, i, &f); i++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:i,s:I,s:I}", "code",
				      name_of(client_fault_names, f.code), "text", f.text,
				      "times", (int)f.times, "first", (json_int_t)f.first,
				      "last", (json_int_t)f.last));
	j = json_pack("{s:o,s:i,s:o}", "findings", list, "more", (int)r->more, "rules",
		fault_tally_json(rules));
	ok = j && !json_dump_file(j, path, JSON_INDENT(2));
	if (!ok)
		fprintf(stderr, "fauxtrack exec: --report-json: cannot write %s: %s\n",
			path, strerror(errno));
	json_decref(j);
	return ok;
}
