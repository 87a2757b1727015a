#include "host/control/http_head.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool refuse(struct http_refusal *why, int status, const char *field,
	const char *message, const char *remedy)
{
	why->status = status;
	why->field = field;
	why->message = message;
	why->remedy = remedy;
	return false;
}

/* ---- text ------------------------------------------------------------------------- */

/* Bytes of the character at p (RFC 3629 clause 4); 0: not UTF-8. */
static size_t utf8_char(const unsigned char *p, size_t len)
{
	size_t n = p[0] < 0x80   ? 1
		   : p[0] < 0xc2 ? 0
		   : p[0] < 0xe0 ? 2
		   : p[0] < 0xf0 ? 3
				 : 4;
	size_t i;

	if (!n || p[0] > 0xf4 || n > len)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

size_t http_utf8_until(const char *text, size_t len)
{
	size_t i = 0, n;

	while (i < len && (n = utf8_char((const unsigned char *)text + i, len - i)))
		i += n;
	return i;
}

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Decodes %XX in place, and + as a blank with plus. False: refused. */
static bool decode(char *text, bool plus, const char *what, struct http_refusal *why)
{
	char *to = text, *from;
	size_t len, good;

	for (from = text; *from; from++) {
		*to = plus && *from == '+' ? ' ' : *from;
		if (*from == '%') {
			if (hex(from[1]) < 0 || hex(from[2]) < 0 ||
				!(hex(from[1]) | hex(from[2])))
				goto wrong;
			*to = (char)(hex(from[1]) << 4 | hex(from[2]));
			from += 2;
		}
		to++;
	}
	*to = '\0';
	len = (size_t)(to - text);
	good = http_utf8_until(text, len);
	if (good == len)
		return true;
	snprintf(why->mem, sizeof(why->mem), "byte %zu of the %s is not UTF-8", good + 1,
		what);
	return refuse(why, 400, what, why->mem, "send UTF-8, escaped as %XX");
wrong:
	snprintf(why->mem, sizeof(why->mem),
		"the %% at byte %zu of the %s does not begin a %%XX",
		(size_t)(from - text) + 1, what);
	return refuse(why, 400, what, why->mem, "write %25 for a %; %00 is not allowed");
}

/* ---- the request line ------------------------------------------------------------- */

static bool take_query(struct http_head *h, char *text, struct http_refusal *why)
{
	char *one, *value, *save = NULL;

	for (one = strtok_r(text, "&", &save); one; one = strtok_r(NULL, "&", &save)) {
		if (h->n_queries == HTTP_FIELDS)
			return refuse(why, 400, "query",
				"the query has more than 64 parameters", "send fewer");
		value = strchr(one, '=');
		if (value)
			*value++ = '\0';
		else
			value = one + strlen(one);
		if (!decode(one, true, "query", why) ||
			!decode(value, true, "query", why))
			return false;
		h->query[h->n_queries++] = (struct http_field){ one, value };
	}
	return true;
}

static bool take_target(struct http_head *h, char *target, struct http_refusal *why)
{
	char *query, *rest;

	/* absolute-form, which clients send to a proxy (RFC 9112 clause 3.2.2) */
	if (!strncasecmp(target, "http://", 7)) {
		rest = strchr(target + 7, '/');
		target = rest ? rest : target + strlen(target);
	}
	target[strcspn(target, "#")] = '\0';
	query = strchr(target, '?');
	if (query)
		*query++ = '\0';
	h->path = target;
	if (*target != '/')
		return refuse(why, 400, "path", "the request has no path",
			"request a path such as /v1/modems");
	return decode(target, false, "path", why) &&
	       (!query || take_query(h, query, why));
}

static bool take_request_line(struct http_head *h, char *line, struct http_refusal *why)
{
	char *target = strchr(line, ' ');
	char *version = target ? strrchr(line, ' ') : NULL;
	char *p;

	if (!version || version == target)
		return refuse(why, 400, NULL, "this is not an HTTP/1.1 request",
			"send METHOD PATH HTTP/1.1");
	*target++ = '\0';
	*version++ = '\0';
	for (p = line; *p; p++)
		if (!isupper((unsigned char)*p))
			return refuse(why, 400, NULL, "this is not an HTTP method",
				"use GET or POST");
	for (p = target; *p; p++)
		if (*p <= ' ' || *p == 0x7f)
			return refuse(why, 400, "path",
				"the path contains a blank or a control character",
				"escape it as %XX");
	h->method = line;
	h->old = !strcmp(version, "HTTP/1.0");
	if (!h->old && strcmp(version, "HTTP/1.1") != 0)
		return refuse(why, 505, NULL, "only HTTP/1.0 and HTTP/1.1 are supported",
			"send HTTP/1.1");
	h->keep = !h->old;
	return take_target(h, target, why);
}

/* ---- header fields ---------------------------------------------------------------- */

static const char *find(const struct http_field *f, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcasecmp(f[i].name, name))
			return f[i].value;
	return NULL;
}

const char *http_head_field(const struct http_head *h, const char *name)
{
	return find(h->field, h->n_fields, name);
}

const char *http_head_query(const struct http_head *h, const char *name)
{
	return find(h->query, h->n_queries, name);
}

static bool take_field(struct http_head *h, char *line, struct http_refusal *why)
{
	static const char token[] = "!#$%&'*+-.^_`|~";
	char *value = strchr(line, ':'), *p, *end;

	if (!value || value == line)
		return refuse(why, 400, NULL, "a header line is not \"Name: value\"",
			"send one field per line, with a colon");
	*value++ = '\0';
	for (p = line; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(token, *p))
			return refuse(why, 400, NULL,
				"the name of a header field has a character that is not "
				"allowed",
				"send one field per line, without blanks before the "
				"colon");
	value += strspn(value, " \t");
	for (end = value + strlen(value);
		end > value && (end[-1] == ' ' || end[-1] == '\t'); end--)
		end[-1] = '\0';
	if (h->n_fields == HTTP_FIELDS)
		return refuse(why, 431, NULL, "there are more than 64 header fields",
			"send fewer");
	h->field[h->n_fields++] = (struct http_field){ line, value };
	return true;
}

/* Finds the length of the body (RFC 9112 clause 6.3). More than one is ambiguous. */
static bool take_length(struct http_head *h, struct http_refusal *why)
{
	const char *length = http_head_field(h, "Content-Length");
	const char *coding = http_head_field(h, "Transfer-Encoding");
	size_t i, n = 0;
	char *end;

	for (i = 0; i < h->n_fields; i++)
		n += !strcasecmp(h->field[i].name, "Content-Length") ||
		     !strcasecmp(h->field[i].name, "Transfer-Encoding");
	if (n > 1)
		return refuse(why, 400, "Content-Length",
			"the body has more than one length", "send one Content-Length");
	if (coding && strcasecmp(coding, "chunked") != 0)
		return refuse(why, 501, "Transfer-Encoding",
			"the coding of the body is not supported",
			"send it plain, with a Content-Length");
	h->chunked = coding != NULL;
	if (!length)
		return true;
	errno = 0;
	h->length = strtoul(length, &end, 10);
	if (isdigit((unsigned char)*length) && !*end && !errno)
		return true;
	return refuse(why, 400, "Content-Length",
		"the length of the body is not a number", "send its number of bytes");
}

bool http_head_parse(
	struct http_head *out, char *text, size_t len, struct http_refusal *why)
{
	char *line = text, *end;
	const char *value;

	*out = (struct http_head){ .method = "GET" };
	text[len] = '\0';
	if (strlen(text) != len)
		return refuse(
			why, 400, NULL, "the head contains a zero byte", "send text");
	for (; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		if (*line && line[strlen(line) - 1] == '\r')
			line[strlen(line) - 1] = '\0';
		if (!*line)
			break;
		if (line == text ? !take_request_line(out, line, why)
				 : !take_field(out, line, why))
			return false;
	}
	if (!out->path)
		return refuse(why, 400, NULL, "this is not an HTTP/1.1 request",
			"send METHOD PATH HTTP/1.1");
	value = http_head_field(out, "Connection");
	if (value && strcasestr(value, "close"))
		out->keep = false;
	value = http_head_field(out, "Expect");
	out->expect = value && !strcasecmp(value, "100-continue");
	return take_length(out, why);
}

/* ---- access ----------------------------------------------------------------------- */

/* "localhost:8080", "[::1]": this machine, by a name that no web site can use. */
static bool is_local(const char *host)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (strncasecmp(host, names[i], len) != 0)
			continue;
		if (!host[len] ||
			(host[len] == ':' &&
				!host[len + 1 + strspn(host + len + 1, "0123456789")]))
			return true;
	}
	return false;
}

static bool is_local_origin(const char *origin)
{
	const char *host = strstr(origin, "://");

	return host && is_local(host + 3);
}

/* Compares in constant time: timing must not show how much of a token is right. */
static bool same(const char *a, const char *b)
{
	size_t i, len = strlen(a);
	unsigned differ = strlen(b) != len;

	for (i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[differ ? 0 : i]);
	return !differ;
}

bool http_head_allowed(const struct http_head *h, const char *token, size_t most,
	struct http_refusal *why)
{
	const char *host = http_head_field(h, "Host");
	const char *origin = http_head_field(h, "Origin");
	const char *type = http_head_field(h, "Content-Type");
	const char *given = http_head_field(h, "Authorization");

	if ((host && !is_local(host)) || (origin && !is_local_origin(origin)))
		return refuse(why, 403, NULL, "web pages may not use this interface",
			"use http://localhost/, without a header Origin");
	if (token &&
		(!given || strncmp(given, "Bearer ", 7) != 0 || !same(token, given + 7)))
		return refuse(why, 401, NULL, "the token is missing or wrong",
			"send the header \"Authorization: Bearer TOKEN\" with the token "
			"that the emulator printed at its start");
	if (h->length > most) {
		snprintf(why->mem, sizeof(why->mem), "the body has more than %zu bytes",
			most);
		return refuse(why, 413, NULL, why->mem, "send less");
	}
	if ((h->length || h->chunked) && type &&
		strncasecmp(type, "application/json", 16) != 0)
		return refuse(why, 415, NULL, "the body is not declared as JSON",
			"send the header \"Content-Type: application/json\"");
	return true;
}

/* A browser that has loaded another page sends its Origin with each request that could
 * change something; with a name that leads to this machine (DNS rebinding) that name is in
 * Host. */
bool http_head_own(
	const struct http_head *h, unsigned port, bool open, struct http_refusal *why)
{
	const char *host = http_head_field(h, "Host");
	const char *origin = http_head_field(h, "Origin");
	const char *from = http_head_field(h, "Sec-Fetch-Site");
	const char *colon = host ? strrchr(host, ':') : NULL;
	size_t i, hosts = 0;
	char *end;

	for (i = 0; i < h->n_fields; i++)
		hosts += !strcasecmp(h->field[i].name, "Host");
	if (hosts != 1 || !is_local(host) || !colon || colon[1] == '0' ||
		strtoul(colon + 1, &end, 10) != port || *end)
		return refuse(why, 403, NULL, "this page is not served under that name",
			"open the URL that the emulator printed");
	if ((origin && (strncmp(origin, "http://", 7) != 0 ||
			       strcasecmp(origin + 7, host) != 0)) ||
		(!open && from && strcmp(from, "same-origin") != 0 &&
			strcmp(from, "none") != 0))
		return refuse(why, 403, NULL,
			"pages of other sites may not use this interface",
			"open the URL that the emulator printed");
	return true;
}
