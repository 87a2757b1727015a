#include "codec/forward.h"

#include <string.h>

#include "codec/ip.h"

#define EXAMPLE "tcp:www.example:80=127.0.0.1:8080"

static const char name_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

/* A number of 1 to 65535. */
static bool read_port(const char *text, size_t len, uint16_t *out)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < len && i < 6; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = 10 * n + (unsigned)(text[i] - '0');
	}
	*out = (uint16_t)n;
	return len && i == len && n >= 1 && n <= 65535;
}

static bool read_name(const char *text, size_t len, char out[FORWARD_NAME])
{
	size_t i;

	if (!len || len >= FORWARD_NAME || text[0] == '.' || text[len - 1] == '.')
		return false;
	for (i = 0; i < len; i++) {
		out[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a'
								 : text[i]);
		if (!strchr(name_chars, out[i]) || (out[i] == '.' && out[i - 1] == '.'))
			return false;
	}
	out[len] = '\0';
	return true;
}

const char *forward_read(const char *text, struct forward *out)
{
	const char *equals = strchr(text, '='), *colon, *name = text + 4;
	size_t len;

	*out = (struct forward){ .udp = !strncmp(text, "udp:", 4) };
	if (!out->udp && strncmp(text, "tcp:", 4) != 0)
		return "it begins with neither tcp: nor udp:; write tcp:NAME:PORT="
		       "ADDRESS:PORT, such as " EXAMPLE;
	if (!equals)
		return "the target is missing; write what NAME:PORT leads to after an =, "
		       "such as " EXAMPLE;
	colon = memchr(name, ':', (size_t)(equals - name));
	if (!colon || !read_name(name, (size_t)(colon - name), out->name))
		return "the name before = is wrong; write NAME:PORT with letters, "
		       "digits, "
		       ". - and _ (at most 63), such as " EXAMPLE;
	colon++;
	if (!read_port(colon, (size_t)(equals - colon), &out->port))
		return "the port before = is wrong; write a number from 1 to 65535, such "
		       "as " EXAMPLE;
	text = equals + 1;
	colon = strchr(text, ':');
	len = colon ? (size_t)(colon - text) : strlen(text);
	if (len == 9 && !memcmp(text, "localhost", len))
		memcpy(out->to, "\177\0\0\1", 4);
	else if (!ip_addr_read(text, len, out->to) || !out->to[0] || out->to[0] >= 224)
		return "the address after = is wrong; write an IPv4 address, such as "
		       "127.0.0.1";
	if (!colon || !read_port(colon + 1, strlen(colon + 1), &out->to_port))
		return "the port after = is wrong; write ADDRESS:PORT with a port from 1 "
		       "to "
		       "65535, such as " EXAMPLE;
	return NULL;
}

bool forward_loops(const struct forward *f)
{
	return f->to[0] == 127;
}
