/* Each new destination that is refused is one line in the log, with the remedy. */
#include <string.h>

#include "host/net/net_int.h"

/* True if it is new and there is room to remember it. */
static bool remember(struct net *n, const struct told *t)
{
	size_t i;

	for (i = 0; i < n->n_told; i++)
		if (!memcmp(&n->told[i], t, sizeof(*t)))
			return false;
	if (n->n_told == TOLD)
		return false;
	n->told[n->n_told++] = *t;
	if (n->n_told == TOLD)
		log_warn(n->o.log, LOG_NET,
			"%d destinations of the host were refused; further ones are not "
			"logged, but counted in the state",
			TOLD);
	return n->n_told < TOLD;
}

void refused_packet(struct net *n, const struct ip *p)
{
	const struct named_host *h = names_at(n->o.names, p->dst);
	const char *protocol = p->protocol == IP_TCP ? "tcp" : "udp";
	char addr[IP_ADDR_TEXT];
	struct told t;

	memset(&t, 0, sizeof(t));
	memcpy(t.addr, p->dst, 4);
	t.port = p->dport;
	t.protocol = (uint8_t)p->protocol;
	if (p->protocol == IP_ICMP)
		t.port = 0;
	/* what only answers is no attempt to reach anything */
	if (p->tcp.flags & IP_TCP_RST ||
		(p->protocol == IP_ICMP && p->icmp.type != IP_ICMP_ECHO) ||
		!remember(n, &t))
		return;
	ip_addr_text(p->dst, addr);
	if (p->protocol != IP_TCP && p->protocol != IP_UDP)
		log_warn(n->o.log, LOG_NET,
			"the host is refused %s (IP protocol %d); only TCP and UDP to "
			"names "
			"given with --forward are carried",
			addr, p->protocol);
	else
		log_warn(n->o.log, LOG_NET,
			"the host is refused %s:%s:%u; to let it through: --forward "
			"%s:%s:%u=127.0.0.1:PORT, or --internet",
			protocol, h ? h->name : addr, p->dport, protocol,
			h ? h->name : addr, p->dport);
}

void refused_name(struct net *n, const char *name)
{
	struct told t;

	memset(&t, 0, sizeof(t));
	if (strlen(name) >= sizeof(t.name))
		return;
	strcpy(t.name, name);
	if (remember(n, &t))
		log_warn(n->o.log, LOG_NET,
			"the host asks for \"%s\", which is not a name here; to give it "
			"a "
			"target: --forward tcp:%s:80=127.0.0.1:8080, or --internet",
			name, name);
}
