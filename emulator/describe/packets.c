/* State: packet data beyond the modem. */
#include "describe/rows.h"

static const struct packets *packets(const struct view *v)
{
	return &v->m->packets;
}

static const char *fate(const struct view *v, char *mem)
{
	(void)mem;
	return name_of(packets_fates, packets(v)->trouble.fate);
}

static long long delay(const struct view *v)
{
	return (long long)(packets(v)->trouble.delay / 1000);
}

static long long count(const struct view *v, enum packets_way way)
{
	return (long long)packets(v)->count[way].packets;
}

static long long octets(const struct view *v, enum packets_way way)
{
	return (long long)packets(v)->count[way].octets;
}

static long long from_host(const struct view *v)
{
	return count(v, PACKETS_FROM_HOST);
}

static long long from_host_octets(const struct view *v)
{
	return octets(v, PACKETS_FROM_HOST);
}

static long long to_host(const struct view *v)
{
	return count(v, PACKETS_TO_HOST);
}

static long long to_host_octets(const struct view *v)
{
	return octets(v, PACKETS_TO_HOST);
}

static long long lost(const struct view *v)
{
	return (long long)(packets(v)->count[PACKETS_FROM_HOST].lost +
			   packets(v)->count[PACKETS_TO_HOST].lost);
}

static const struct row packets_rows[] = {
	{ "to", "what becomes of IP packets of PPP", .text = fate,
		.values = packets_fates },
	{ "loss", "how many of 100 are lost", INT_AT(packets.trouble.loss), .most = 100 },
	{ "delay", "milliseconds that each takes, in each direction", .number = delay },
	{ "no_dns", "questions to name servers are lost",
		BOOL_AT(packets.trouble.no_dns) },
	{ "from_host", "packets from the host, in all sessions", .number = from_host },
	{ "from_host_octets", "and their octets", .number = from_host_octets },
	{ "to_host", "packets to the host", .number = to_host },
	{ "to_host_octets", "and their octets", .number = to_host_octets },
	{ "lost", "packets that an action has had lost", .number = lost },
	{ NULL },
};

const struct part describe_packets[] = {
	{ "packets", packets_rows },
	{ NULL },
};
