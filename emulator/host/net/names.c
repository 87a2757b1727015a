#include "host/net/names.h"

#include <string.h>

#include "codec/ip.h"
#include "host/net/slirp_module.h"

static struct named_host *host_of(struct names *n, const struct forward *f)
{
	struct named_host *h = (struct named_host *)names_find(n, f->name);

	if (h || n->n_hosts == NAMES)
		return h;
	h = &n->host[n->n_hosts];
	strcpy(h->name, f->name);
	memcpy(h->inside, SLIRP_NET, 4);
	h->inside[3] = (uint8_t)(NAMES_FIRST + n->n_hosts++);
	if (!ip_addr_read(f->name, strlen(f->name), h->addr))
		memcpy(h->addr, h->inside, 4);
	return h;
}

bool names_add(struct names *n, const struct forward *f)
{
	const struct named_host *h;
	size_t i;

	for (i = 0; i < n->n; i++)
		if (n->forward[i].udp == f->udp && n->forward[i].port == f->port &&
			!strcmp(n->forward[i].name, f->name))
			break;
	if (i == FORWARDS)
		return false;
	n->forward[i] = *f;
	h = host_of(n, &n->forward[i]);
	if (!h)
		return false;
	n->of[i] = (size_t)(h - n->host);
	n->n += i == n->n;
	return true;
}

const struct named_host *names_find(const struct names *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->n_hosts; i++)
		if (!strcmp(n->host[i].name, name))
			return &n->host[i];
	return NULL;
}

const struct named_host *names_at(const struct names *n, const uint8_t addr[4])
{
	size_t i;

	for (i = 0; i < n->n_hosts; i++)
		if (!memcmp(n->host[i].addr, addr, 4))
			return &n->host[i];
	return NULL;
}

const struct named_host *names_inside(const struct names *n, const uint8_t addr[4])
{
	size_t i;

	for (i = 0; i < n->n_hosts; i++)
		if (!memcmp(n->host[i].inside, addr, 4))
			return &n->host[i];
	return NULL;
}

const struct forward *names_port(
	const struct names *n, const struct named_host *h, bool udp, uint16_t port)
{
	size_t i;

	for (i = 0; i < n->n; i++)
		if (&n->host[n->of[i]] == h && n->forward[i].udp == udp &&
			n->forward[i].port == port)
			return &n->forward[i];
	return NULL;
}

bool names_closed(const uint8_t addr[4])
{
	return addr[0] == 0 || addr[0] == 127 || addr[0] >= 224 ||
	       (addr[0] == 169 && addr[1] == 254) || !memcmp(addr, SLIRP_NET, 3);
}
