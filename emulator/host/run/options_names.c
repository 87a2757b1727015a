/* What each modem of a group makes of a name or an address that is given once. */
#include "host/run/options.h"

#include <stdio.h>
#include <string.h>

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

bool options_listen(const struct options *o, unsigned number, struct listen_addr *out,
	char *why, size_t size)
{
	char mem[2 * UNIX_SOCKET_PATH];
	const char *path;

	if (o->listen.kind != LISTEN_UNIX)
		return listen_nth(&o->listen, number, out, why, size);
	*out = o->listen;
	path = options_name(o->listen.path, number, mem, sizeof(mem));
	if (!unix_socket_fits(path, why, size))
		return false;
	strcpy(out->path, path);
	return true;
}
