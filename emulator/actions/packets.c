/* Actions on packet data: IP packets on their way, and the context that carries them. */
#include "actions/rows.h"

#include "link/sockets.h"
#include "state/modem_state.h"

static const struct schema_field packets_fields[] = {
	{ "to", "what becomes of all packets", SCHEMA_ENUM, ARG(packets_trouble, fate),
		.names = packets_fates, .def = "usual" },
	{ "loss", "how many of 100 are lost, in each direction", SCHEMA_INT,
		ARG(packets_trouble, loss), .max = 100, .def = "0" },
	{ "delay", "how long each takes, in each direction; at most 16 are on their way",
		SCHEMA_TIME, ARG(packets_trouble, delay), .max = 60000000, .def = "0s" },
	{ "no_dns", "questions to name servers and their answers are lost", SCHEMA_BOOL,
		ARG(packets_trouble, no_dns), .def = "false" },
	{ NULL },
};
static const struct schema packets_schema = { .name = "packets",
	.help = "IP packets of PPP are lost or late from now on, and sockets of WIPsoft "
		"do not flow, or are reset; what is left out is as usual",
	.fields = packets_fields,
	.scalar = packets_fields };

static const char *packets(struct modem *m, const void *args)
{
	packets_trouble(&m->packets, args);
	sockets_flow(m);
	return NULL;
}

struct context_args {
	int to;
};

static const struct name context_names[] = {
	{ 0, "dropped", "the network deactivates it" },
	{ 0, NULL, NULL },
};
static const struct schema_field context_fields[] = {
	{ "to", "what happens to it", SCHEMA_ENUM, ARG(context_args, to),
		.names = context_names, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema context_schema = { .name = "context",
	.help = "the network deactivates the PDP context, as it does by itself after "
		"network.gprs.drop_after",
	.fields = context_fields,
	.scalar = context_fields };

static const char *drop(struct modem *m, const void *args)
{
	(void)args;
	return gprs_drop(&m->gprs) ? NULL
				   : "no context is active; first AT+CGACT=1, or a PPP "
				     "session";
}

struct socket_args {
	int protocol, index, to;
};

static const struct schema_field socket_fields[] = {
	{ "protocol", "1 UDP, 2 TCP client, 3 TCP server, 4 to 7 sessions", SCHEMA_INT,
		ARG(socket_args, protocol), .min = SOCKET_UDP, .max = SOCKET_POP3,
		.flags = SCHEMA_REQUIRED },
	{ "index", "as in AT+WIPCREATE", SCHEMA_INT, ARG(socket_args, index), .min = 1,
		.max = SOCKET_TCPS, .flags = SCHEMA_REQUIRED },
	{ "to", "how it ends: shut and reset by the peer, the others while it opens",
		SCHEMA_ENUM, ARG(socket_args, to), .names = socket_ends,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema socket_schema = { .name = "socket",
	.help = "the other end of a socket of WIPsoft ends it",
	.fields = socket_fields };

static const char *end_socket(struct modem *m, const void *args)
{
	const struct socket_args *a = args;
	enum socket_kind kind = (enum socket_kind)a->protocol;
	const struct socket *s;
	bool open;

	if (a->index > socket_most(kind))
		return "TCP servers have 4 indexes, sessions one, others 8; write one of "
		       "them";
	s = socket_at(m, kind, a->index);
	open = s->state == SOCKET_OPEN && (a->to == SOCKET_SHUT || a->to == SOCKET_RESET);
	if (!open && s->state != SOCKET_OPENING)
		return "the socket is not in that state; AT+WIPCREATE opens one, and an "
		       "open one can be shut or reset";
	sockets_end(m, socket_id(m, s), (enum socket_end)a->to);
	return NULL;
}

const struct action_row actions_packets[] = {
	{ "packets", &packets_schema, sizeof(struct packets_trouble), packets,
		.example = "packets loss=20 delay=300ms" },
	{ "context", &context_schema, sizeof(struct context_args), drop,
		.example = "context dropped" },
	{ "socket", &socket_schema, sizeof(struct socket_args), end_socket,
		.example = "socket protocol=2 index=1 to=reset" },
	{ NULL },
};
