/* The network beyond a modem's PPP and WIPsoft: what its host may reach, and what it has
 * tried. */
#include "codec/ip.h"
#include "host/control/api_int.h"
#include "host/net/listeners.h"
#include "host/net/net.h"
#include "host/net/sockets.h"

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

/* Where programs of this machine reach servers of the modem. */
static json_t *listeners_json(const struct listeners *all)
{
	json_t *list = json_array();
	const struct listener *l;
	char addr[IP_ADDR_TEXT];
	struct forward f;
	unsigned i;

	for (i = 0; (l = listeners_nth(all, i)); i++) {
		f = listener_forward(l);
		json_array_append_new(
			list, json_pack("{s:s,s:i,s:s,s:i,s:b}", "protocol",
				      f.udp ? "udp" : "tcp", "port", f.port, "address",
				      ip_addr_text(f.to, addr), "address_port", f.to_port,
				      "served", listener_is_served(l)));
	}
	return list;
}

static json_t *sockets_json(const struct api_call *c)
{
	struct sockets_counts n;

	wire_socket_counts(c->modem->wire, &n);
	return json_pack("{s:i,s:i,s:i,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "udp", (int)n.udp,
		"tcp", (int)n.tcp, "servers", (int)n.servers, "opened",
		(json_int_t)n.opened, "accepted", (json_int_t)n.accepted, "failed",
		(json_int_t)n.failed, "refused", (json_int_t)n.refused, "to_peers_octets",
		(json_int_t)n.out, "from_peers_octets", (json_int_t)n.in,
		"datagrams_lost", (json_int_t)n.lost);
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

static json_t *exchange_json(const struct api_call *c)
{
	const struct mqtt_counts n = c->modem->exchange(c->modem->exchange_ctx);

	return json_pack("{s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "connected", n.connected,
		"connects", (json_int_t)n.connects, "numbers", (json_int_t)n.numbers,
		"sent", (json_int_t)n.sent, "waiting", (json_int_t)n.waiting, "published",
		(json_int_t)n.published, "received", (json_int_t)n.received, "ignored",
		(json_int_t)n.refused);
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
		json_pack("{s:b,s:o,s:I,s:I,s:I,s:I,s:i,s:i,s:o,s:o,s:o,s:o*}",
			"internet", o->internet, "names", ports_json(o->names),
			"from_host", (json_int_t)n.out, "from_host_octets",
			(json_int_t)n.out_octets, "to_host", (json_int_t)n.in,
			"to_host_octets", (json_int_t)n.in_octets, "connecting",
			(int)n.connecting, "conversations", (int)n.relays, "refused",
			refused_json(&n), "listeners", listeners_json(o->listeners),
			"sockets", sockets_json(c), "exchange",
			c->modem->exchange ? exchange_json(c) : NULL));
}
