#include "host/net/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/ip.h"

/* An address of this machine: what its programs offer at all addresses would be reached,
 * as on loopback. Only to such an address the way begins at the address itself. */
static bool is_this_machine(const uint8_t addr[4])
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) }, from;
	socklen_t len = sizeof(from);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is = fd < 0;

	memcpy(&to.sin_addr, addr, 4);
	/* a connected UDP socket has sent nothing yet */
	if (fd >= 0 && !connect(fd, (struct sockaddr *)&to, sizeof(to)))
		is = getsockname(fd, (struct sockaddr *)&from, &len) ||
		     !memcmp(&from.sin_addr, addr, 4);
	if (fd >= 0)
		close(fd);
	return is;
}

bool reach_is_closed(const uint8_t addr[4])
{
	return names_closed(addr) || is_this_machine(addr);
}

static bool is_zero(const uint8_t addr[4])
{
	return !memcmp(addr, "\0\0\0\0", 4);
}

static bool is_dns(const struct net_options *o, const uint8_t addr[4])
{
	return !memcmp(addr, SLIRP_DNS, 4) ||
	       (!is_zero(addr) &&
		       (!memcmp(addr, o->dns[0], 4) || !memcmp(addr, o->dns[1], 4)));
}

static enum reach port_of(const struct net_options *o, const struct named_host *h,
	bool udp, uint16_t port, struct reach_target *out)
{
	const struct forward *f = names_port(o->names, h, udp, port);

	memcpy(out->seen, h->addr, 4);
	if (!f)
		return REACH_UNNAMED;
	memcpy(out->to, f->to, 4);
	out->to_port = f->to_port;
	return REACH_TARGET;
}

static const struct named_host *host_at(
	const struct net_options *o, const uint8_t addr[4])
{
	return o->names ? names_at(o->names, addr) : NULL;
}

enum reach reach_addr(const struct net_options *o, const uint8_t addr[4], bool udp,
	uint16_t port, struct reach_target *out)
{
	const struct named_host *h = host_at(o, addr);

	if (h)
		return port_of(o, h, udp, port, out);
	memcpy(out->seen, addr, 4);
	if (!o->internet)
		return REACH_UNNAMED;
	if (is_dns(o, addr) || reach_is_closed(addr))
		return REACH_CLOSED;
	memcpy(out->to, addr, 4);
	out->to_port = port;
	return REACH_TARGET;
}

bool reach_name(const char *host, char out[REACH_NAME])
{
	size_t len = strlen(host), i;

	if (len && host[len - 1] == '.')
		len--;
	if (!len || len >= REACH_NAME)
		return false;
	for (i = 0; i < len; i++)
		out[i] = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] - 'A' + 'a'
								 : host[i]);
	out[len] = '\0';
	return true;
}

/* Letters, digits, - and _ in labels. No name of the world ends in a number: 127.1,
 * 2130706433 and 0x7f000001 are addresses for some. */
static bool is_askable(const char *name)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";
	const char *last = strrchr(name, '.');

	last = last ? last + 1 : name;
	return !name[strspn(name, chars)] && name[0] != '.' && !strstr(name, "..") &&
	       *last && (*last < '0' || *last > '9');
}

enum reach reach_host(const struct net_options *o, const char *host, bool udp,
	uint16_t port, struct reach_target *out)
{
	const struct named_host *h;
	char name[REACH_NAME];
	uint8_t addr[4];

	*out = (struct reach_target){ .to_port = 0 };
	if (!reach_name(host, name))
		return REACH_NO_NAME;
	h = o->names ? names_find(o->names, name) : NULL;
	if (h)
		return port_of(o, h, udp, port, out);
	if (ip_addr_read(name, strlen(name), addr))
		return reach_addr(o, addr, udp, port, out);
	return o->internet && is_askable(name) ? REACH_ASK : REACH_NO_NAME;
}

enum socket_end reach_refuse(struct refusals *r, const struct net_options *o,
	enum reach why, const char *host, bool udp, uint16_t port,
	const struct reach_target *out)
{
	const struct named_host *h = host_at(o, out->seen);

	if (why == REACH_NO_NAME) {
		refusals_name(r, host);
		return SOCKET_NO_NAME;
	}
	refusals_port(r, udp, out->seen, h ? h->name : NULL, port);
	return SOCKET_UNREACHABLE;
}

bool reach_echo(const struct net_options *o, const char *host, uint8_t out[4])
{
	const struct named_host *h;
	char name[REACH_NAME];

	if (!reach_name(host, name))
		return false;
	h = o->names ? names_find(o->names, name) : NULL;
	if (h)
		memcpy(out, h->addr, 4);
	return h || (ip_addr_read(name, strlen(name), out) &&
			    (!memcmp(out, SLIRP_GATEWAY, 4) || is_dns(o, out) ||
				    host_at(o, out)));
}
