/* What a log says, exchange by exchange. */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "conf/must.h"
#include "faults/fault_check.h"
#include "host/field/import_int.h"
#include "state/application.h"

/* ---- reading ---------------------------------------------------------------------- */

static void take(void *ctx, const struct exchange *x)
{
	struct import *im = ctx;

	im->turn = must(realloc(im->turn, (im->n + 1) * sizeof(*im->turn)));
	im->turn[im->n] = (struct turn){ .x = exchange_copy(x),
		.timed = im->log->step > 0 };
	im->n++;
}

/* Times of whole seconds make gaps of up to one second where there is none. */
static void find_gaps(struct import *im)
{
	usec_t step = im->log->step, before;
	size_t i;

	for (i = 1; i < im->n; i++) {
		struct exchange *x = im->turn[i].x, *last = im->turn[i - 1].x;

		if (x->asked < last->asked)
			x->asked = last->answered; /* the last line has no time */
		if (x->answered < x->asked)
			x->answered = x->asked;
		before = last->answered + (step >= SEC(1) ? step : 0);
		im->turn[i].gap = x->asked > before ? x->asked - before : 0;
	}
}

/* ---- commands --------------------------------------------------------------------- */

/* The length of what belongs to the command at p: up to a semicolon outside quotes. */
static size_t until_semicolon(const char *p)
{
	bool quoted = false;
	size_t n;

	for (n = 0; p[n] && (quoted || p[n] != ';'); n++)
		if (p[n] == '"')
			quoted = !quoted;
	return n;
}

static bool take_name(struct import_command *c, const char *p, size_t n)
{
	size_t i;

	if (n >= sizeof(c->name))
		return false;
	for (i = 0; i < n; i++)
		c->name[i] = (char)toupper((unsigned char)p[i]);
	c->name[n] = '\0';
	return true;
}

static bool take_parameters(struct import_command *c, const char *p, size_t n)
{
	if (n >= sizeof(c->parameters))
		return false;
	memcpy(c->parameters, p, n);
	c->parameters[n] = '\0';
	return true;
}

/* "+CSQ", "+CREG?", "+CMEE=1", "+COPS=?", and what follows. */
static void extended(struct import_command *c, const char *p)
{
	size_t n = 1, whole = until_semicolon(p);

	while (isalnum((unsigned char)p[n]))
		n++;
	c->sayable = take_name(c, p, n);
	c->form = "exec";
	if (p[n] == '?')
		c->form = "read";
	else if (p[n] == '=' && p[n + 1] == '?')
		c->form = "test";
	else if (p[n] == '=') {
		c->form = "set";
		c->sayable &= take_parameters(c, p + n + 1, whole - n - 1);
	}
	c->single = !p[whole] || !p[whole + 1];
}

/* "E0", "&F", "S0=1", "D123;" and what follows. */
static void basic(struct import_command *c, const char *p)
{
	size_t n = p[0] == '&' || p[0] == '%' || p[0] == '\\' ? 2 : 1, end;

	if (toupper((unsigned char)p[0]) == 'D') {
		c->sayable = take_name(c, p, 1) &&
			     take_parameters(c, p + 1, strlen(p + 1));
		c->single = true;
		return;
	}
	if (toupper((unsigned char)p[0]) == 'S' && isdigit((unsigned char)p[1]))
		n = 1 + strspn(p + 1, "0123456789");
	if (strlen(p) < n)
		return;
	c->sayable = take_name(c, p, n);
	end = n + strspn(p + n, "=?0123456789");
	if (p[n] == '?' || p[n] == '=')
		c->form = p[n] == '?' ? "read" : "set";
	c->sayable &= take_parameters(c, p + n + (p[n] == '='), end - n - (p[n] == '='));
	if (p[n] == '?')
		c->parameters[0] = '\0';
	c->single = !p[end];
}

void turns_command(const char *line, struct import_command *c)
{
	const char *p = line + 2;

	*c = (struct import_command){ .name = "" };
	if (strncasecmp(line, "AT", 2) != 0)
		return;
	while (*p == ' ')
		p++;
	if (!*p) {
		strcpy(c->name, "AT");
		c->single = c->sayable = true;
	} else if (strchr("+#*$^!", *p)) {
		extended(c, p);
	} else if (isalpha((unsigned char)*p) || strchr("&%\\", *p)) {
		basic(c, p);
	}
}

/* Whether the firmware or its application has the command; prompt: and it asks for a
 * text. */
static bool has(const struct profile *p, const char *name, bool prompt)
{
	const struct firmware *f = profile_at(p, p->installed);
	const struct application *a = profile_application(p, p->application);
	const struct fault_command of = { .name = name, .key = "", .prompt = prompt };
	struct fault_flaw flaw;
	bool misspelt;

	return fault_fits(&of, &f, 1, &misspelt, &flaw) ||
	       (a && a->at && fault_fits_own(&of, a->at));
}

void turns_know(struct import *im, const struct profile *p)
{
	struct import_command *c;
	size_t i;

	for (i = 0; i < im->n; i++) {
		c = &im->turn[i].command;
		c->unknown = strcmp(c->name, "AT") != 0 && !has(p, c->name, false);
		c->prompts = c->form &&
			     (!strcmp(c->form, "set") || !strcmp(c->form, "exec")) &&
			     !c->unknown && has(p, c->name, true);
	}
}

/* ---- settings before the log ------------------------------------------------------ */

/* ATZ keeps what was stored. */
static bool sets(const struct exchange *x, const char *name)
{
	return strcasestr(x->command, name) || strcasestr(x->command, "&F");
}

static void find_echo(struct import *im)
{
	size_t i, without = 0;

	for (i = 0; i < im->n; i++) {
		const struct exchange *x = im->turn[i].x;

		if (sets(x, "E0") || sets(x, "E1"))
			break;
		without += x->command[0] && !x->echoed && (x->n || x->result);
		if (x->echoed)
			return;
	}
	im->memory_echo = without > 0;
}

/* The format of messages, by how the first of them are written. */
static void find_format(struct import *im)
{
	size_t i;

	im->memory_text = -1;
	for (i = 0; i < im->n; i++) {
		const struct exchange *x = im->turn[i].x;

		if (sets(x, "+CMGF="))
			return;
		if (strcasestr(x->command, "+CMGS=\"") ||
			strcasestr(x->command, "+CMGL=\"")) {
			im->memory_text = 1;
			return;
		}
		if (strcasestr(x->command, "+CMGS=") ||
			strcasestr(x->command, "+CMGL=")) {
			im->memory_text = 0;
			return;
		}
	}
}

/* +WIP commands are those of WIPsoft, if they were answered. */
static void find_application(struct import *im)
{
	size_t i;

	for (i = 0; i < im->n; i++)
		im->wipsoft |= !strncasecmp(im->turn[i].x->command, "AT+WIP", 6) &&
			       im->turn[i].x->result &&
			       !strcmp(im->turn[i].x->result, "OK");
}

static void find_errors(struct import *im)
{
	size_t i;

	for (i = 0; i < im->n && !sets(im->turn[i].x, "+CMEE="); i++) {
		const char *result = im->turn[i].x->result;

		if (result && !strncmp(result, "+CM", 3))
			im->memory_cme = true;
	}
}

/* ---- all -------------------------------------------------------------------------- */

void turns_read(struct import *im)
{
	struct exchanges *e = exchanges_new(take, im);
	size_t i;

	for (i = 0; i < im->log->n; i++) {
		const struct field_piece *p = &im->log->piece[i];

		exchanges_bytes(e, p->at, p->side, p->data, p->len, p->line);
	}
	exchanges_end(e);
	exchanges_free(e);
	find_gaps(im);
	find_echo(im);
	find_format(im);
	find_errors(im);
	find_application(im);
}

void turns_clear(struct import *im)
{
	size_t i;

	for (i = 0; i < im->n; i++) {
		exchange_free(im->turn[i].x);
		free(im->turn[i].why);
	}
	free(im->turn);
}

void turn_give_up(struct turn *t, enum turn_how how, const char *fmt, ...)
{
	va_list ap;

	free(t->why);
	t->how = how;
	va_start(ap, fmt);
	if (vasprintf(&t->why, fmt, ap) < 0)
		out_of_memory();
	va_end(ap);
}
