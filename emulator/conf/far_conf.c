#include "conf/far_conf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "conf/profile_schema.h"

#define KEEP     ",keep="
#define LOOPBACK "127.0.0.1"

/* ---- kinds ------------------------------------------------------------------------ */

static const char *take_none(const char *where, struct far_end_conf *out)
{
	(void)where;
	(void)out;
	return NULL;
}

static const char *take_file(const char *where, struct far_end_conf *out)
{
	if (!*where && !out->keep[0])
		return "names no file; write file:PATH";
	snprintf(out->path, sizeof(out->path), "%s", where);
	return NULL;
}

/* Whether it can be one; the system knows. */
static bool is_ipv6(const char *text)
{
	return strchr(text, ':') && !text[strspn(text, "0123456789abcdefABCDEF:.")];
}

/* [ADDRESS:]PORT, where an IPv6 address is in brackets. */
static const char *take_tcp(const char *where, struct far_end_conf *out)
{
	const char *colon = strrchr(where, ':'), *digits = colon ? colon + 1 : where;
	size_t len = colon ? (size_t)(colon - where) : 0;
	bool v6 = len >= 2 && where[0] == '[' && where[len - 1] == ']';
	uint8_t octets[4];
	char *end;
	unsigned long port = strtoul(digits, &end, 10);

	if (!isdigit((unsigned char)*digits) || *end || !port || port > 65535)
		return "has no port; write tcp:PORT or tcp:ADDRESS:PORT, with a port "
		       "from 1 to 65535";
	out->port = (unsigned)port;
	if (len >= sizeof(out->host))
		len = sizeof(out->host) - 1; /* no address is so long */
	snprintf(out->host, sizeof(out->host), "%.*s", (int)(v6 ? len - 2 : len),
		v6 ? where + 1 : where);
	if (!len || !strcmp(out->host, "localhost"))
		strcpy(out->host, LOOPBACK);
	if (v6 ? !is_ipv6(out->host)
	       : !ip_addr_read(out->host, strlen(out->host), octets))
		return "has no numeric address; write one such as 127.0.0.1 or [::1] "
		       "(getent hosts NAME shows that of a name)";
	return NULL;
}

static const struct {
	const char *word; /* without its ":" it stands alone */
	enum far_kind kind;
	const char *(*take)(const char *where, struct far_end_conf *out);
} kinds[] = {
	{ "action", FAR_ACTION, take_none },
	{ "echo", FAR_ECHO, take_none },
	{ "file:", FAR_FILE, take_file },
	{ "tcp:", FAR_TCP, take_tcp },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static bool is_kind(const char *text, size_t i)
{
	size_t len = strlen(kinds[i].word);

	return !strncmp(text, kinds[i].word, len) &&
	       (kinds[i].word[len - 1] == ':' || !text[len]);
}

const char *far_conf_read(const char *text, struct far_end_conf *out)
{
	char plain[PROFILE_FAR];
	const char *keep = strstr(text, KEEP);
	size_t i;

	*out = (struct far_end_conf){ .kind = FAR_ACTION };
	if (!*text)
		return NULL;
	for (i = 0; i < KINDS && !is_kind(text, i); i++)
		;
	if (i == KINDS)
		return "is no far end; write " FAR_KINDS;
	out->kind = kinds[i].kind;
	if (strlen(text) >= sizeof(plain))
		return "is too long; use a shorter path";
	strcpy(plain, text);
	if (keep) {
		plain[keep - text] = '\0';
		snprintf(out->keep, sizeof(out->keep), "%s", keep + strlen(KEEP));
	}
	if (keep && !out->keep[0])
		return "keeps what it receives in no file; write " KEEP "PATH";
	return kinds[i].take(plain + strlen(kinds[i].word), out);
}

bool far_conf_is_loopback(const char *host)
{
	return !strcmp(host, "::1") || (!strchr(host, ':') && !strncmp(host, "127.", 4));
}

const char *check_far(const void *text)
{
	struct far_end_conf unused;

	return far_conf_read(text, &unused);
}

const char *check_number_key(const char *key)
{
	return strlen(key) < sizeof(((struct subscriber *)0)->number)
		       ? check_number(key)
		       : "is too long for a number; write at most 47 digits";
}

/* ---- what may stand where --------------------------------------------------------- */

static bool from_command_line(struct doc_place at)
{
	return !at.line && !strncmp(at.file, "--number ", 9);
}

static bool leads_out(const char *path)
{
	return path[0] == '/' || !strcmp(path, "..") || !strncmp(path, "../", 3) ||
	       strstr(path, "/../") ||
	       (strlen(path) > 2 && !strcmp(path + strlen(path) - 3, "/.."));
}

static bool allowed(
	const struct far_end_conf *f, struct doc_place at, struct doc_errors *e)
{
	if (from_command_line(at))
		return true;
	if (f->keep[0])
		doc_error(e, at,
			"a profile may not write files; name the number on the command "
			"line: --number NUMBER=...,keep=PATH");
	else if (f->kind == FAR_FILE && leads_out(f->path))
		doc_error(e, at,
			"\"%s\" is not in the folder of the profile; put the file beside "
			"it, or use the command line: --number NUMBER=file:PATH",
			f->path);
	else if (f->kind == FAR_TCP && !far_conf_is_loopback(f->host))
		doc_error(e, at,
			"%s is another machine, and a profile may only name loopback; "
			"use the command line: --number NUMBER=tcp:%s:%u",
			f->host, f->host, f->port);
	else
		return true;
	return false;
}

/* A path of a profile is relative to its folder. */
static void locate(struct far_conf *c, const struct far_end_conf *f, struct doc_place at,
	struct doc_errors *e)
{
	const char *slash = at.line ? strrchr(at.file, '/') : NULL;
	char text[PROFILE_FAR];
	int n;

	if (f->kind != FAR_FILE || !slash || f->path[0] == '/')
		return;
	n = snprintf(text, sizeof(text), "file:%.*s/%s", (int)(slash - at.file), at.file,
		f->path);
	if (n < (int)sizeof(text))
		memcpy(c->text, text, (size_t)n + 1);
	else
		doc_error(e, at, "the path is too long; move the profile");
}

/* to: what is set by the text of s; s itself, or a copy that is thrown away. */
static void settle(const struct subscriber *s, const struct doc *d, struct subscriber *to,
	struct doc_errors *e)
{
	const struct doc *v = d && d->kind == DOC_MAP ? doc_get(d, "far") : d;
	struct far_end_conf f;

	far_conf_read(s->far.text, &f);
	to->far.kind = f.kind;
	to->data |= f.kind != FAR_ACTION || s->n_talk;
	if (d && s->n_talk && (s->echo || f.kind != FAR_ACTION)) {
		doc_error(e, v ? v->at : d->at,
			"a talk answers there already; remove it, or the far end or "
			"echo: true");
		return;
	}
	if (!v)
		return;
	if (s->echo && f.kind != FAR_ECHO && s->far.text[0])
		doc_error(e, v->at,
			"an echo stands there already (echo: true); remove one of both");
	else if (allowed(&f, v->at, e))
		locate(&to->far, &f, v->at, e);
}

static const struct doc *at_index(const struct doc *list, size_t i)
{
	return list && i < list->n ? list->items[i].value : NULL;
}

/* to: what is set, NULL: only checked. */
static void walk(const struct calls_conf *c, struct calls_conf *to, const struct doc *d,
	struct doc_errors *e)
{
	const struct doc *calls = doc_get(d, "calls"), *numbers = doc_get(d, "numbers");
	const struct doc *list = calls ? doc_get(calls, "subscribers") : NULL;
	struct subscriber unused = { .data = false };
	size_t i;

	for (i = 0; i < c->n_subscribers; i++)
		settle(&c->subscribers[i], at_index(list, i),
			to ? &to->subscribers[i] : &unused, e);
	for (i = 0; i < c->n_numbers; i++)
		settle(&c->numbers[i], at_index(numbers, i),
			to ? &to->numbers[i] : &unused, e);
	settle(&c->others, calls ? doc_get(calls, "others") : NULL,
		to ? &to->others : &unused, e);
}

void far_conf_check(const struct calls_conf *c, const struct doc *d, struct doc_errors *e)
{
	walk(c, NULL, d, e);
}

void far_conf_settle(struct calls_conf *c, const struct doc *d, struct doc_errors *e)
{
	walk(c, c, d, e);
}
