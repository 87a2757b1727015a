#include "host/play/scenario_ppp.h"

#include <string.h>

#include "codec/hex.h"
#include "codec/ip.h"
#include "host/play/scenario_int.h"

const struct name ppp_verbs[] = {
	{ PPP_START, "start", NULL },
	{ PPP_PING, "ping", NULL },
	{ PPP_RESOLVE, "resolve", NULL },
	{ PPP_ECHO, "echo", NULL },
	{ PPP_FETCH, "fetch", NULL },
	{ PPP_IDLE, "idle", NULL },
	{ PPP_SEND, "send", NULL },
	{ PPP_FRAME, "frame", NULL },
	{ PPP_TERMINATE, "terminate", NULL },
	{ 0, NULL, NULL },
};
static const struct name sides[] = { { PPP_BY_HOST, "host", NULL },
	{ PPP_BY_MODEM, "modem", NULL }, { 0, NULL, NULL } };

static const char *check_address(const void *value)
{
	uint8_t address[4];

	return ip_addr_read(value, strlen(value), address)
		       ? NULL
		       : "is no IPv4 address; write one such as 10.0.2.2";
}

static const char *check_found(const void *value)
{
	return !strcmp(value, "none") ? NULL : check_address(value);
}

static const char *check_value(const char *key)
{
	return name_find(ppp_host_values, key)
		       ? NULL
		       : "is no value of a PPP session; see tests/scenario/README.md";
}

#define OF(s, m) SCHEMA_AT(struct s, m)

static const struct schema_field start_fields[] = {
	{ "user", "name for PAP and CHAP", SCHEMA_VALUE, OF(ppp_host_conf, user) },
	{ "password", "the password of that name", SCHEMA_VALUE,
		OF(ppp_host_conf, password) },
	{ "auth", "how the host authenticates itself", SCHEMA_ENUM,
		OF(ppp_host_conf, auth), .names = ppp_host_auths, .def = "any" },
	{ "address", "the address that it asks for", SCHEMA_VALUE,
		OF(ppp_host_conf, address), .check = check_address },
	{ "mru", "the MRU that it asks for; 0: it does not", SCHEMA_INT,
		OF(ppp_host_conf, mru), .max = 65535 },
	{ "accm", "the ACCM that it asks for; -1: it does not", SCHEMA_INT,
		OF(ppp_host_conf, accm), .min = -1, .max = 0xffffffff, .def = "0" },
	{ "magic", "asks for a magic number, 0FA4FA00", SCHEMA_BOOL,
		OF(ppp_host_conf, magic), .def = "true" },
	{ "pfc", "asks for protocol field compression", SCHEMA_BOOL,
		OF(ppp_host_conf, pfc), .def = "true" },
	{ "acfc", "asks for address and control field compression", SCHEMA_BOOL,
		OF(ppp_host_conf, acfc), .def = "true" },
	{ "dns", "asks for two name servers", SCHEMA_BOOL, OF(ppp_host_conf, dns),
		.def = "true" },
	{ "wins", "asks for two NetBIOS name servers", SCHEMA_BOOL,
		OF(ppp_host_conf, wins), .def = "false" },
	{ "vj", "asks for Van Jacobson compression", SCHEMA_BOOL, OF(ppp_host_conf, vj),
		.def = "false" },
	{ "ccp", "speaks CCP", SCHEMA_BOOL, OF(ppp_host_conf, ccp), .def = "false" },
	{ "ipv6cp", "speaks IPV6CP", SCHEMA_BOOL, OF(ppp_host_conf, ipv6cp),
		.def = "false" },
	{ NULL },
};
static const struct schema start_schema = {
	.name = "ppp_start", .help = "what the host asks for", .fields = start_fields
};

static const struct schema_field ping_fields[] = {
	{ "to", "address", SCHEMA_VALUE, OF(ppp_ping, to), .flags = SCHEMA_REQUIRED,
		.check = check_address },
	{ "bytes", "octets of data", SCHEMA_INT, OF(ppp_ping, bytes), .max = 1472,
		.def = "256" },
	{ "answered", "whether the reply comes", SCHEMA_BOOL, OF(ppp_ping, answered),
		.def = "true" },
	{ NULL },
};
static const struct schema ping_schema = { .name = "ppp_ping",
	.help = "an ICMP Echo-Request",
	.fields = ping_fields,
	.scalar = &ping_fields[0] };

static const struct schema_field resolve_fields[] = {
	{ "name", "a domain name", SCHEMA_TEXT, OF(ppp_resolve, name),
		.flags = SCHEMA_REQUIRED, .min = 1 },
	{ "is", "the address that the answer must have; none: there is no such name",
		SCHEMA_VALUE, OF(ppp_resolve, is), .check = check_found },
	{ NULL },
};
static const struct schema resolve_schema = { .name = "ppp_resolve",
	.help = "a question to the first name server",
	.fields = resolve_fields,
	.scalar = &resolve_fields[0] };

static const struct schema_field echo_fields[] = {
	{ "text", "what is sent: \\r \\n \\\\ <1A>", SCHEMA_VALUE, OF(ppp_echo, text) },
	{ "bytes", "without text: so many octets, of every value", SCHEMA_INT,
		OF(ppp_echo, bytes), .min = 1, .max = PPP_BYTES, .def = "256" },
	{ "to", "address of the server", SCHEMA_VALUE, OF(ppp_echo, to),
		.def = "10.0.2.2", .check = check_address },
	{ NULL },
};
static const struct schema echo_schema = { .name = "ppp_echo",
	.help = "a TCP connection to port 7, which must return what it is sent",
	.fields = echo_fields,
	.scalar = &echo_fields[0] };

static const struct schema_field a_value = {
	.type = SCHEMA_VALUE, .help = "its text", SCHEMA_AT(struct ppp_expect, value)
};

static const struct schema_field step_fields[] = {
	{ "start", "CONNECT has come: the host asks for a link", SCHEMA_STRUCT,
		OF(ppp_step, start), .schema = &start_schema },
	{ "until", "with start: the phase that it must reach", SCHEMA_ENUM,
		OF(ppp_step, until), .names = ppp_host_phases, .def = "up" },
	{ "ping", "an ICMP Echo-Request, and its reply", SCHEMA_STRUCT,
		OF(ppp_step, ping), .schema = &ping_schema },
	{ "resolve", "a question to DNS", SCHEMA_STRUCT, OF(ppp_step, resolve),
		.schema = &resolve_schema },
	{ "echo", "a TCP connection to port 7", SCHEMA_STRUCT, OF(ppp_step, echo),
		.schema = &echo_schema },
	{ "fetch", "the page of this name or address by HTTP", SCHEMA_VALUE,
		OF(ppp_step, fetch), .min = 1 },
	{ "idle", "the host only answers, for this time", SCHEMA_TIME, OF(ppp_step, idle),
		.max = INT64_MAX },
	{ "send", "any frame from its protocol on, as hexadecimal octets", SCHEMA_NOTE },
	{ "frame", "the frame that must come, in the same form; the host says nothing",
		SCHEMA_NOTE },
	{ "terminate", "which side ends the link by a Terminate-Request", SCHEMA_ENUM,
		OF(ppp_step, terminate), .names = sides },
	{ "expect", "values of the session, after the step", SCHEMA_TABLE,
		.offset = offsetof(struct ppp_step, expect), .item = &a_value,
		.stride = sizeof(struct ppp_expect),
		.count = offsetof(struct ppp_step, n_expect),
		.key_size = sizeof(((struct ppp_expect *)0)->key), .most = PPP_EXPECTS,
		.check_key = check_value },
	{ NULL },
};
const struct schema ppp_step_schema = {
	.name = "ppp", .help = "the host speaks PPP", .fields = step_fields
};

size_t ppp_octets(const char *text, uint8_t *out, size_t max)
{
	size_t n = 0, one;

	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		if (n == max || !text[1] || !hex_decode(text, 2, out + n, 1, &one))
			return 0;
		n++;
		text += 2;
	}
	return n;
}

static void take_octets(struct ppp_step *s, const struct doc *d, struct doc_errors *e)
{
	uint8_t octets[PPP_FRAME_MAX];

	s->octets = d->kind == DOC_SCALAR ? d->text : "";
	if (!ppp_octets(s->octets, octets, sizeof(octets)))
		doc_error(e, d->at,
			"a frame is written as pairs of hexadecimal digits, from its "
			"protocol on; write something like \"C021 09 01 0008 00000000\"");
}

void ppp_step_take(struct ppp_step *s, const struct doc *d, struct doc_errors *e)
{
	const struct doc_item *found;
	int verb = (int)s->verb;

	if (d->kind != DOC_MAP)
		return; /* reported already */
	found = scenario_verb(d, ppp_verbs, &verb, e);
	s->verb = (enum ppp_verb)verb;
	if (!found && !s->n_expect)
		doc_error(e, d->at,
			"this step does nothing; add one of start, ping, resolve, echo, "
			"fetch, idle, send, frame, terminate, expect");
	if (s->verb == PPP_SEND || s->verb == PPP_FRAME)
		take_octets(s, found->value, e);
}
