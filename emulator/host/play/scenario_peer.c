#include "host/play/scenario_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "host/play/scenario_int.h"

const struct name peer_verbs[] = {
	{ PEER_SERVES, "serves", NULL },
	{ PEER_SENDS, "sends", NULL },
	{ PEER_SENDS_BYTES, "sends_bytes", NULL },
	{ PEER_RECEIVED, "received", NULL },
	{ PEER_RECEIVED_BYTES, "received_bytes", NULL },
	{ PEER_DOES, "does", NULL },
	{ PEER_IS, "is", NULL },
	{ PEER_CONNECTS, "connects", NULL },
	{ PEER_DATAGRAM, "datagram", NULL },
	{ PEER_ASKED, "asked", NULL },
	{ PEER_STORED, "stored", NULL },
	{ 0, NULL, NULL },
};

static const struct name deeds[] = {
	{ PEER_CLOSES, "closes", "FIN, after what it has sent" },
	{ PEER_RESETS, "resets", "RST, at once" },
	{ PEER_STALLS, "stalls", "reads no more; 16384 octets are still taken" },
	{ PEER_READS, "reads", "reads again" },
	{ 0, NULL, NULL },
};

/* Splits "HOST:PORT"; the port may be missing: 0. */
static bool split(const char *text, char host[PEERS_NAME], uint16_t *port)
{
	size_t n = strcspn(text, ":");
	char *end = NULL;
	long value = 0;

	if (n >= PEERS_NAME || (text[n] && !text[n + 1]))
		return false;
	if (text[n])
		value = strtol(text + n + 1, &end, 10);
	if ((end && *end) || value < 0 || value > 65535)
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	*port = (uint16_t)value;
	return true;
}

static const char *check_at(const void *value)
{
	char host[PEERS_NAME];
	uint16_t port;

	return split(value, host, &port)
		       ? NULL
		       : "is no far side; write HOST:PORT such as peer.test:80, or HOST";
}

static const char *check_from(const void *value)
{
	char host[PEERS_NAME];
	uint8_t addr[4];
	uint16_t port;

	return split(value, host, &port) && port && ip_addr_read(host, strlen(host), addr)
		       ? NULL
		       : "is no sender; write ADDRESS:PORT such as 192.0.2.10:4711";
}

#define IN(m) SCHEMA_AT(struct peer_step, m)

static const struct schema_field a_file = {
	.type = SCHEMA_VALUE, .help = "its text: \\r \\n \\\\ <1A>", .size = 1
};

static const struct schema_field fields[] = {
	{ "at", "which far side, as HOST:PORT; without it the newest", SCHEMA_TEXT,
		IN(at), .min = 1, .check = check_at },
	{ "serves", "what that port does with those who connect", SCHEMA_ENUM, IN(serves),
		.names = peers_kinds },
	{ "after", "serves: octets; see stream, closes and resets", SCHEMA_INT, IN(after),
		.max = PEER_BYTES },
	{ "user", "serves: the only user who may log in", SCHEMA_TEXT, IN(user) },
	{ "password", "serves: the password of that user", SCHEMA_VALUE, IN(password) },
	{ "files", "serves: what it has; mails of pop3 are 1, 2, ...", SCHEMA_TABLE,
		SCHEMA_ELSEWHERE, .item = &a_file },
	{ "error",
		"serves: the WIP error code of every transfer; 884 comes after the "
		"upload",
		SCHEMA_INT, IN(error), .max = 999 },
	{ "status", "serves: status of every transfer in its protocol", SCHEMA_INT,
		IN(status), .max = 999 },
	{ "reason", "serves: the text of that status", SCHEMA_TEXT, IN(reason) },
	{ "sends", "it sends these octets, by UDP as one datagram: \\r \\n \\\\ <1A>",
		SCHEMA_NOTE },
	{ "sends_bytes", "it sends so many octets, of every value", SCHEMA_INT, IN(bytes),
		.min = 1, .max = PEER_BYTES },
	{ "received",
		"what it must have got since the last step of this kind, by UDP in one "
		"datagram; \"\": nothing",
		SCHEMA_NOTE },
	{ "received_bytes", "it must have got so many octets, as sends_bytes has them",
		SCHEMA_INT, IN(bytes), .min = 1, .max = PEER_BYTES },
	{ "does", "what it does with its connection", SCHEMA_ENUM, IN(does),
		.names = deeds },
	{ "is", "the state that its connection must have", SCHEMA_ENUM, IN(is),
		.names = peers_states },
	{ "connects", "a client connects to this port of the modem", SCHEMA_INT, IN(to),
		.min = 1, .max = 65535 },
	{ "datagram", "a datagram comes from anywhere; needs from and to", SCHEMA_NOTE },
	{ "to", "datagram: the port of the modem", SCHEMA_INT, IN(to), .min = 1,
		.max = 65535 },
	{ "from", "connects, datagram: the sender, as ADDRESS:PORT", SCHEMA_TEXT,
		IN(from_text), .check = check_from, .def = "192.0.2.10:4711" },
	{ "refused", "connects, datagram: nobody is there", SCHEMA_BOOL, IN(refused) },
	{ "asked", "what the last transfer of its session asked for, in words",
		SCHEMA_TEXT, IN(asked) },
	{ "stored", "files that it must have now", SCHEMA_TABLE, SCHEMA_ELSEWHERE,
		.item = &a_file },
	{ NULL },
};
const struct schema peer_step_schema = {
	.name = "peer", .help = "the far side of a socket of WIPsoft", .fields = fields
};

/* ---- after the schema ------------------------------------------------------------ */

static void take_files(struct peer_step *s, const struct doc *d, struct doc_errors *e)
{
	const struct doc_item *i;

	s->files = d;
	if (d->kind != DOC_MAP || !d->n) {
		doc_error(e, d->at,
			"files are a mapping; write { NAME: \"its text\", ... }");
		return;
	}
	for (i = d->items; i < d->items + d->n; i++)
		if (i->value->kind != DOC_SCALAR || strlen(i->key) >= PEERS_NAME)
			doc_error(e, i->at,
				"a file is a name of at most %d characters and a text; "
				"write NAME: \"its text\"",
				PEERS_NAME - 1);
	if (d->n > PEERS_FILES)
		doc_error(e, d->at, "a server has at most %d files; leave some out",
			PEERS_FILES);
}

static void take_text(struct peer_step *s, const struct doc *d, struct doc_errors *e)
{
	if (d->kind == DOC_SCALAR)
		s->text = d->text;
	else
		doc_error(e, d->at, "a text is needed here; write \"...\"");
}

/* Takes what the schema leaves to the verb. */
static void take_value(struct peer_step *s, const struct doc *d, const struct doc *value,
	struct doc_errors *e)
{
	const struct doc *files = doc_get(d, "files");

	if (s->verb == PEER_SENDS || s->verb == PEER_RECEIVED || s->verb == PEER_DATAGRAM)
		take_text(s, value, e);
	if (s->verb == PEER_STORED)
		take_files(s, value, e);
	if (s->verb == PEER_SERVES && files)
		take_files(s, files, e);
	if (s->verb == PEER_SERVES && !s->port)
		if (!*s->host || s->serves != PEERS_SILENT)
			doc_error(e, d->at,
				"a server has a host and a port; add at: HOST:PORT");
	if (s->verb == PEER_DATAGRAM && !s->to)
		doc_error(
			e, d->at, "a datagram goes to a port of the modem; add to: PORT");
}

void peer_step_take(struct peer_step *s, const struct doc *d, struct doc_errors *e)
{
	const struct doc_item *found;
	char sender[PEERS_NAME];
	int verb = (int)s->verb;

	if (d->kind != DOC_MAP)
		return; /* reported already */
	s->text = "";
	if (*s->at && !split(s->at, s->host, &s->port))
		return; /* reported already */
	if (split(s->from_text, sender, &s->from.port))
		ip_addr_read(sender, strlen(sender), s->from.addr);
	found = scenario_verb(d, peer_verbs, &verb, e);
	s->verb = (enum peer_verb)verb;
	if (found)
		take_value(s, d, found->value, e);
	else
		doc_error(e, d->at,
			"this step does nothing; add one of serves, sends, sends_bytes, "
			"received, received_bytes, does, is, connects, datagram, asked, "
			"stored");
}
