#include "host/run/exec_report.h"

#include <string.h>

#include "modem.h"

/* A poll: a command sent at least POLLS times, on average one per POLL_EVERY or faster.
 */
#define POLLS      10
#define POLL_EVERY SEC(1)

void report_clear(struct report *r)
{
	r->n = 0;
	r->commands = 0;
	r->more = 0;
}

static bool same(const struct report_item *a, const struct report_item *b)
{
	return a->modem == b->modem && a->port == b->port && a->code == b->code &&
	       !strcmp(a->text, b->text);
}

static void count(struct report *r, struct report_item *items, size_t *n,
	const struct report_item *new)
{
	size_t i;

	for (i = 0; i < *n; i++)
		if (same(&items[i], new))
			break;
	if (i == REPORT_ITEMS) {
		r->more += new->code != 0;
		return;
	}
	if (i == *n)
		items[(*n)++] = *new;
	items[i].last = new->last;
	items[i].times++;
}

void report_notice(struct report *r, unsigned modem, const struct notice *n)
{
	struct report_item new = {
		.modem = modem, .port = n->port, .first = n->at, .last = n->at
	};

	if (n->kind != NOTICE_CLIENT && n->kind != NOTICE_COMMAND)
		return;
	snprintf(new.text, sizeof(new.text), "%s", n->text);
	if (n->kind == NOTICE_CLIENT) {
		new.code = (int)n->value;
		count(r, r->item, &r->n, &new);
	} else {
		count(r, r->command, &r->commands, &new);
	}
}

static bool is_poll(const struct report_item *c)
{
	return c->times >= POLLS && c->last >= c->first &&
	       c->last - c->first < (c->times - 1) * POLL_EVERY;
}

/* Finding i; polls come after the other findings. False when there are no more. */
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

/* The next finding, from *i on, that is not in `known`. */
static bool next_new(const struct report *r, const struct report *known, size_t *i,
	struct report_item *out)
{
	struct report_item old;
	size_t k;

	for (; finding(r, *i, out); (*i)++) {
		for (k = 0; known && finding(known, k, &old); k++)
			if (same(&old, out))
				break;
		if (!known || !finding(known, k, &old)) {
			(*i)++;
			return true;
		}
	}
	return false;
}

bool report_any(const struct report *r, const struct report *known)
{
	struct report_item f;
	size_t i = 0;

	return next_new(r, known, &i, &f);
}

static const char *help_of(int code)
{
	const struct name *n;

	for (n = client_fault_names; n->name && n->value != code; n++)
		;
	return n->name ? n->help : "";
}

static void print_finding(const struct report_item *f, FILE *out)
{
	if (f->port != MODEM_UART1)
		fprintf(out, "%s: ", name_of(port_names, (int)f->port));
	if (f->code == CLIENT_POLLS) {
		fprintf(out, "polling: AT%s %u times in %.1f s\n", f->text, f->times,
			(double)(f->last - f->first) / 1e6);
		return;
	}
	fprintf(out, "%s, %s: %s (", name_of(client_fault_names, f->code),
		help_of(f->code), f->text);
	if (f->times > 1)
		fprintf(out, "%u times, first ", f->times);
	fprintf(out, "at %.3f s)\n", (double)f->first / 1e6);
}

void report_print(const struct report *r, const struct report *known, const char *who,
	bool named, FILE *out)
{
	struct report_item f;
	size_t i = 0;

	if (!report_any(r, known))
		fprintf(out, "%s: no complaints\n", who);
	while (next_new(r, known, &i, &f)) {
		fprintf(out, "%s: ", who);
		if (named)
			fprintf(out, "modem %u: ", f.modem);
		print_finding(&f, out);
	}
	if (r->more)
		fprintf(out, "%s: and %u more\n", who, r->more);
}

json_t *report_json(const struct report *r, const struct report *known)
{
	json_t *list = json_array();
	struct report_item f;
	size_t i = 0;
	json_t *j;

	while (next_new(r, known, &i, &f)) {
		j = json_pack("{s:i,s:s,s:s,s:i,s:I,s:I}", "modem", (int)f.modem, "code",
			name_of(client_fault_names, f.code), "text", f.text, "times",
			(int)f.times, "first", (json_int_t)f.first, "last",
			(json_int_t)f.last);
		if (f.port != MODEM_UART1)
			json_object_set_new(
				j, "port", json_string(name_of(port_names, (int)f.port)));
		json_array_append_new(list, j);
	}
	return list;
}
