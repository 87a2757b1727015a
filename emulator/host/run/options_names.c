/* What each modem of a group makes of a name or an address that is given once. */
#include "host/run/options.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "modem.h"

const char *options_name(const char *name, unsigned number, char *mem, size_t size)
{
	const char *hole = name ? strstr(name, "{}") : NULL;

	if (hole)
		snprintf(mem, size, "%.*s%u%s", (int)(hole - name), name, number,
			hole + 2);
	else if (!name || number == 1)
		return name;
	else
		snprintf(mem, size, "%s-%u", name, number);
	return mem;
}

const char *options_port_name(
	const char *name, unsigned number, unsigned port, char *mem, size_t size)
{
	static const char mark[] = "{port}";
	const char *hole = name ? strstr(name, mark) : NULL;
	const char *word = name_of(port_names, (int)port);
	char text[4096];
	struct buf b;

	if (!name || (!hole && port == MODEM_UART1))
		return options_name(name, number, mem, size);
	if (!hole)
		name = options_name(name, number, mem, size);
	buf_init(&b, text, sizeof(text) - 1);
	buf_printf(&b, "%.*s%s%s%s", hole ? (int)(hole - name) : (int)strlen(name), name,
		hole ? "" : "-", word, hole ? hole + strlen(mark) : "");
	text[b.len] = '\0';
	name = hole ? options_name(text, number, mem, size) : text;
	if (name != mem)
		snprintf(mem, size, "%s", name);
	return mem;
}

int options_next_port(const struct options *o, int port)
{
	for (port++; port < MODEM_NAMED; port++)
		if (port == MODEM_UART1 || o->ports & 1u << port)
			return port;
	return -1;
}

/* How many ports of --port come before this one. */
static unsigned place(const struct options *o, unsigned port)
{
	unsigned n = 0;
	int p;

	for (p = options_next_port(o, -1); p >= 0 && (unsigned)p != port;
		p = options_next_port(o, p))
		n++;
	return n;
}

bool options_listen(const struct options *o, unsigned number, unsigned port,
	struct listen_addr *out, char *why, size_t size)
{
	char mem[2 * UNIX_SOCKET_PATH];
	const char *path;

	if (o->listen.kind != LISTEN_UNIX)
		return listen_nth(
			&o->listen, place(o, port) * o->count + number, out, why, size);
	*out = o->listen;
	path = options_port_name(o->listen.path, number, port, mem, sizeof(mem));
	if (!unix_socket_fits(path, why, size))
		return false;
	strcpy(out->path, path);
	return true;
}
