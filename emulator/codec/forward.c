#include "codec/forward.h"

#include <string.h>

#include "codec/ip.h"

#define LISTENS         "listen:"
#define EXAMPLE         "tcp:www.example:80=127.0.0.1:8080"
#define EXAMPLE_LISTENS "listen:tcp:80=127.0.0.1:8080"

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

/* What is before the =. */
static const char *read_left(const char *text, size_t len, struct forward *out)
{
	const char *colon = memchr(text, ':', len);

	if (!out->listens &&
		(!colon || !read_name(text, (size_t)(colon - text), out->name)))
		return "the name before = is wrong; write NAME:PORT with letters, "
		       "digits, "
		       ". - and _ (at most 63), such as " EXAMPLE;
	if (!out->listens) {
		len -= (size_t)(colon + 1 - text);
		text = colon + 1;
	}
	if (read_port(text, len, &out->port))
		return NULL;
	return out->listens ? "the port before = is wrong; write the port of the modem, "
			      "a number "
			      "from 1 to 65535, such as " EXAMPLE_LISTENS
			    : "the port before = is wrong; write a number from 1 to "
			      "65535, such "
			      "as " EXAMPLE;
}

/* ADDRESS:PORT after the =. */
static const char *read_right(const char *text, struct forward *out)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);

	if (len == 9 && !memcmp(text, "localhost", len))
		memcpy(out->to, "\177\0\0\1", 4);
	else if (!ip_addr_read(text, len, out->to) || !out->to[0] || out->to[0] >= 224)
		return "the address after = is wrong; write an IPv4 address, such as "
		       "127.0.0.1";
	if (out->listens && out->to[0] != 127)
		return "it would be reached from other machines; write the address "
		       "127.0.0.1 after the =";
	if (colon && out->listens && !strcmp(colon + 1, "0"))
		return NULL;
	if (!colon || !read_port(colon + 1, strlen(colon + 1), &out->to_port))
		return "the port after = is wrong; write ADDRESS:PORT with a port from 1 "
		       "to "
		       "65535, such as " EXAMPLE;
	return NULL;
}

const char *forward_read(const char *text, struct forward *out)
{
	const char *equals = strchr(text, '='), *wrong;

	*out = (struct forward){ .listens = !strncmp(text, LISTENS, strlen(LISTENS)) };
	if (out->listens)
		text += strlen(LISTENS);
	out->udp = !strncmp(text, "udp:", 4);
	if (!out->udp && strncmp(text, "tcp:", 4) != 0)
		return out->listens
			       ? "tcp: or udp: must follow listen:; write "
				 "listen:tcp:PORT=ADDRESS:PORT, such as " EXAMPLE_LISTENS
			       : "it begins with neither tcp: nor udp:; write "
				 "tcp:NAME:PORT="
				 "ADDRESS:PORT, such as " EXAMPLE;
	if (!equals)
		return out->listens
			       ? "the address is missing; write where this machine "
				 "listens "
				 "after an =, such as " EXAMPLE_LISTENS
			       : "the target is missing; write what NAME:PORT leads to "
				 "after an =, "
				 "such as " EXAMPLE;
	wrong = read_left(text + 4, (size_t)(equals - text - 4), out);
	return wrong ? wrong : read_right(equals + 1, out);
}

bool forward_loops(const struct forward *f)
{
	return f->to[0] == 127;
}
