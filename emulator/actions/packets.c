/* Actions on packet data: IP packets on their way, and the context that carries them. */
#include "actions/rows.h"

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
	.help = "IP packets of PPP are lost or late from now on; what is left out is as "
		"usual",
	.fields = packets_fields,
	.scalar = packets_fields };

static const char *packets(struct modem *m, const void *args)
{
	packets_trouble(&m->packets, args);
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

const struct action_row actions_packets[] = {
	{ "packets", &packets_schema, sizeof(struct packets_trouble), packets,
		.example = "packets loss=20 delay=300ms" },
	{ "context", &context_schema, sizeof(struct context_args), drop,
		.example = "context dropped" },
	{ NULL },
};
