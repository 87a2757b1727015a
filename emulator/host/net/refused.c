#include "host/net/refused.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/net/net_int.h"

void refusals_clear(struct refusals *r)
{
	free(r->told);
	r->told = NULL;
	r->n = 0;
}

bool refusals_remember(struct refusals *r, const struct told *t)
{
	size_t i;

	if (!r->told)
		r->told = must(calloc(TOLD, sizeof(*r->told)));
	for (i = 0; i < r->n; i++)
		if (!memcmp(&r->told[i], t, sizeof(*t)))
			return false;
	if (r->n == TOLD)
		return false;
	r->told[r->n++] = *t;
	if (r->n == TOLD)
		log_warn(r->log, LOG_NET,
			"%d destinations of the host were refused; further ones are not "
			"logged, but counted in the state",
			TOLD);
	return r->n < TOLD;
}

void refusals_port(struct refusals *r, bool udp, const uint8_t addr[4], const char *name,
	uint16_t port)
{
	const char *protocol = udp ? "udp" : "tcp";
	char mem[IP_ADDR_TEXT];
	struct told t;

	memset(&t, 0, sizeof(t));
	memcpy(t.addr, addr, 4);
	t.port = port;
	t.protocol = udp ? IP_UDP : IP_TCP;
	if (!refusals_remember(r, &t))
		return;
	if (!name)
		name = ip_addr_text(addr, mem);
	log_warn(r->log, LOG_NET,
		"the host is refused %s:%s:%u; to let it through: --forward "
		"%s:%s:%u=127.0.0.1:PORT, or --internet",
		protocol, name, port, protocol, name, port);
}

void refusals_listener(struct refusals *r, bool udp, uint16_t port)
{
	const char *protocol = udp ? "udp" : "tcp";
	struct told t;

	memset(&t, 0, sizeof(t));
	t.port = port;
	t.protocol = udp ? IP_UDP : IP_TCP;
	t.serves = true;
	if (refusals_remember(r, &t))
		log_warn(r->log, LOG_NET,
			"nobody can reach port %u (%s) of the modem; to let programs of "
			"this machine in: --forward listen:%s:%u=127.0.0.1:PORT",
			port, protocol, protocol, port);
}

void refused_packet(struct refusals *r, const struct names *names, const struct ip *p)
{
	const struct named_host *h = names_at(names, p->dst);
	char addr[IP_ADDR_TEXT];
	struct told t;

	/* what only answers is no attempt to reach anything */
	if (p->tcp.flags & IP_TCP_RST ||
		(p->protocol == IP_ICMP && p->icmp.type != IP_ICMP_ECHO))
		return;
	if (p->protocol == IP_TCP || p->protocol == IP_UDP) {
		refusals_port(
			r, p->protocol == IP_UDP, p->dst, h ? h->name : NULL, p->dport);
		return;
	}
	memset(&t, 0, sizeof(t));
	memcpy(t.addr, p->dst, 4);
	t.protocol = (uint8_t)p->protocol;
	if (refusals_remember(r, &t))
		log_warn(r->log, LOG_NET,
			"the host is refused %s (IP protocol %d); only TCP and UDP to "
			"names "
			"given with --forward are carried",
			ip_addr_text(p->dst, addr), p->protocol);
}

void refusals_name(struct refusals *r, const char *name)
{
	struct told t;

	memset(&t, 0, sizeof(t));
	if (strlen(name) >= sizeof(t.name))
		return;
	strcpy(t.name, name);
	if (refusals_remember(r, &t))
		log_warn(r->log, LOG_NET,
			"the host asks for \"%s\", which is not a name here; to give it "
			"a "
			"target: --forward tcp:%s:80=127.0.0.1:8080, or --internet",
			name, name);
}
