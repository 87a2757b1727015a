/* The network beyond a modem's PPP: what its host may reach, and what it has tried. */
#include "codec/ip.h"
#include "host/control/api_int.h"
#include "host/net/net.h"

static json_t *port_json(const struct forward *f, const struct named_host *h)
{
	char addr[IP_ADDR_TEXT], to[IP_ADDR_TEXT];

	return json_pack("{s:s,s:s,s:s,s:i,s:s,s:i}", "name", h->name, "address",
		ip_addr_text(h->addr, addr), "protocol", f->udp ? "udp" : "tcp", "port",
		f->port, "target", ip_addr_text(f->to, to), "target_port", f->to_port);
}

static json_t *ports_json(const struct names *names)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; names && i < names->n; i++)
		json_array_append_new(
			list, port_json(&names->forward[i], &names->host[names->of[i]]));
	return list;
}

static json_t *refused_json(const struct net_counts *c)
{
	json_t *list = json_array();
	const struct name *n;

	for (n = net_refusal_names; n->name; n++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:I}", "why", n->name, "help", n->help,
				      "packets", (json_int_t)c->refused[n->value]));
	return list;
}

void api_net(struct api_call *c)
{
	static const struct net_options none;
	const struct net_options *o = wire_network(c->modem->wire);
	struct net_counts n;

	wire_net_counts(c->modem->wire, &n);
	if (!o)
		o = &none;
	api_answer(c, 200,
		json_pack("{s:b,s:o,s:I,s:I,s:I,s:I,s:i,s:i,s:o}", "internet",
			o->internet, "names", ports_json(o->names), "from_host",
			(json_int_t)n.out, "from_host_octets", (json_int_t)n.out_octets,
			"to_host", (json_int_t)n.in, "to_host_octets",
			(json_int_t)n.in_octets, "connecting", (int)n.connecting,
			"conversations", (int)n.relays, "refused", refused_json(&n)));
}
