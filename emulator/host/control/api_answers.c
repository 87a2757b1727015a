/* Schemas of the OpenAPI description: the answers, from tables of their members. */
#include <stdio.h>
#include <string.h>

#include "host/control/api_int.h"

/* Members of the answers. type: string, integer, boolean, each with ? where it may be
 * null, with - where the member may be missing; the name of a schema, in [] for a list of
 * it, with a leading & for all its members. */
struct member {
	const char *name, *type, *help;
};

static const struct member done_members[] = {
	{ "done", "boolean", "always true" },
	{ "events_from", "integer",
		"events caused by the action have later ids; use it as since of wait and "
		"events" },
	{ "event", "integer", "the same; the name of events_from before 0.2" },
	{ "at", "integer", "virtual time in microseconds" },
	{ "number", "integer-", "number of the thing that was made, if any" },
	{ NULL, NULL, NULL },
};
static const struct member met_members[] = {
	{ "met", "boolean", "always true" },
	{ "event", "integer", "id of the newest event" },
	{ "at", "integer", "virtual time in microseconds" },
	{ NULL, NULL, NULL },
};
static const struct member modem_members[] = {
	{ "id", "string", "its number among the modems, from 1" },
	{ "name", "string?", "GROUP.N: the Nth of its group; null: there are no groups" },
	{ "group", "string?", "its group in the fleet file" },
	{ "port", "string?", "path of its port UART1; null: unplugged" },
	{ "ports", "object", "paths of all its ports, by uart1, uart2 and usb" },
	{ "profile", "string", "the profile it was made from" },
	{ "now", "integer", "virtual time in microseconds" },
	{ "event", "integer", "id of the newest event; 0: no event yet" },
	{ "speed", "integer", "virtual seconds per real second; 0: time is stopped" },
	{ "title", "string", "the device" },
	{ "bug", "string?", "the field bug it was made with" },
	{ "client", "boolean", "a program has UART1 open" },
	{ "console", "boolean", "POST .../type stands for a client" },
	{ "led", "string", "as in its state" },
	{ "registration", "string", "as in its state" },
	{ NULL, NULL, NULL },
};
static const struct member typed_members[] = {
	{ "done", "boolean", "always true" },
	{ "events_from", "integer", "as of an action" },
	{ "at", "integer", "virtual time in microseconds" },
	{ "taken", "integer",
		"bytes that the modem has taken; send the rest again later" },
	{ NULL, NULL, NULL },
};
static const struct member bug_members[] = {
	{ "name", "string", "for POST /v1/modems/{id}/bug, and run --bug" },
	{ "title", "string", "one sentence" },
	{ "path", "string", "its file" },
	{ "profiles", "[string]", "modems that have it" },
	{ "models", "string", "the same in words" },
	{ "symptom", "string", "what the host sees" },
	{ "cause", "string", "why the modem does it" },
	{ "host", "string", "what a good host does" },
	{ "source", "string", "where it was reported" },
	{ "evidence", "string", "how far the exact lines are known" },
	{ "inferred", "string", "what has no source" },
	{ NULL, NULL, NULL },
};
static const struct member bugs_members[] = {
	{ "bugs", "[field_bug]", "by name" },
	{ NULL, NULL, NULL },
};
static const struct member panel_members[] = {
	{ "url", "string", "for a browser on this machine; it has the token" },
	{ NULL, NULL, NULL },
};
static const struct member bytes_members[] = {
	{ "id", "integer", "in one sequence with the events" },
	{ "at", "integer", "virtual time in microseconds" },
	{ "port", "string", "uart1, uart2 or usb" },
	{ "from", "string", "host or modem" },
	{ "data", "string", "each character is one byte: U+0000 to U+00FF" },
	{ NULL, NULL, NULL },
};
static const struct member modem_with_state_members[] = {
	{ "", "&modem", NULL },
	{ "state", "state", NULL },
	{ NULL, NULL, NULL },
};
static const struct member modems_members[] = {
	{ "version", "string", "version of the emulator" },
	{ "run", "string", "unique to this run of the program" },
	{ "modems", "[modem]", NULL },
	{ NULL, NULL, NULL },
};
static const struct member one_of_each_members[] = {
	{ "id", "string", "its number among the modems, from 1" },
	{ "name", "string?", "GROUP.N: the Nth of its group; null: there are no groups" },
	{ "status", "integer", "the status that the request to this modem alone has" },
	{ "answer", "object", "the answer that it has" },
	{ NULL, NULL, NULL },
};
static const struct member each_members[] = {
	{ "modems", "[one_of_each]", "in the order of their ids" },
	{ NULL, NULL, NULL },
};
static const struct member sent_members[] = {
	{ "id", "integer", "its number, from 1" },
	{ "at", "integer", "virtual time in microseconds" },
	{ "clock", "integer", "network time in seconds since 1970" },
	{ "to", "string", "the recipient's number" },
	{ "from", "string", "the sender's number" },
	{ "text", "string", "the text as the recipient reads it" },
	{ "alphabet", "sms_alphabet", NULL },
	{ "class", "integer", "message class of 3GPP 23.038; -1: no class" },
	{ "pid", "integer", "TP-PID" },
	{ "dcs", "integer", "TP-DCS" },
	{ "reference", "integer", "reference number of a long text; -1: a short text" },
	{ "parts", "integer", "number of parts that have come" },
	{ "total", "integer", "number of parts of the whole text" },
	{ "report_asked", "boolean", "whether the message requests a status report" },
	{ "report_sent", "boolean", "whether the status report has been sent" },
	{ "result", "sms_result", NULL },
	{ "status", "integer", "TP-ST of the report; -1: no report yet" },
	{ "pdus", "[string?]", "SMS-SUBMIT of each part; null: the part has not come" },
	{ NULL, NULL, NULL },
};
static const struct member outbox_members[] = {
	{ "messages", "[sent_message]", "oldest first" },
	{ NULL, NULL, NULL },
};
static const struct member handed_members[] = {
	{ "number", "integer", "for the action acknowledge" },
	{ "to", "string", "the recipient's number" },
	{ "from", "string", "the sender's number" },
	{ "message", "integer", "its id in the outbox" },
	{ "reference", "integer", "TP-MR" },
	{ "report_asked", "boolean", "whether the message requests a status report" },
	{ "expires", "integer?",
		"virtual time in microseconds at which it expires; null: never" },
	{ "pdu", "string",
		"the SMS-DELIVER that the recipient gets, as the action sms takes it" },
	{ NULL, NULL, NULL },
};
static const struct member centre_members[] = {
	{ "messages", "[handed_message]", "oldest first" },
	{ NULL, NULL, NULL },
};
static const struct member far_end_members[] = {
	{ "received", "integer", "number of bytes in the last data call" },
	{ "text", "string", "the newest of these bytes" },
	{ "hex", "string", "the same as hexadecimal digits" },
	{ NULL, NULL, NULL },
};
static const struct member fault_members[] = {
	{ "number", "integer", "number of the rule, for unfault" },
	{ "of", "string", "origin of the rule: bug or control" },
	{ "name", "string?", "name in messages" },
	{ "effect", "string", "what goes wrong" },
	{ "when", "string?", "what triggers it" },
	{ "command", "string?", "the command that triggers it" },
	{ "life", "string", "whether it waits, acts, or is over" },
	{ "acted", "integer", "how often it has acted" },
	{ NULL, NULL, NULL },
};
static const struct member faults_members[] = {
	{ "faults", "[fault_rule]", NULL },
	{ NULL, NULL, NULL },
};
static const struct member named_port_members[] = {
	{ "name", "string", "as the host asks for it" },
	{ "address", "string", "its address for the host" },
	{ "protocol", "string", "tcp or udp" },
	{ "port", "integer", "the port that the host uses" },
	{ "target", "string", "where it leads to" },
	{ "target_port", "integer", NULL },
	{ NULL, NULL, NULL },
};
static const struct member refusal_members[] = {
	{ "why", "string", "a short name of the reason" },
	{ "help", "string", "the reason" },
	{ "packets", "integer", "how many packets, or questions" },
	{ NULL, NULL, NULL },
};
static const struct member net_listener_members[] = {
	{ "protocol", "string", "tcp or udp" },
	{ "port", "integer", "of the modem" },
	{ "address", "string", "where this machine listens for it" },
	{ "address_port", "integer", NULL },
	{ "served", "boolean", "the modem has a server or socket there now" },
	{ NULL, NULL, NULL },
};
static const struct member net_sockets_members[] = {
	{ "udp", "integer", "now" },
	{ "tcp", "integer", "now" },
	{ "servers", "integer", "now" },
	{ "opened", "integer", "all so far" },
	{ "accepted", "integer", "by servers" },
	{ "failed", "integer", "could not be opened" },
	{ "refused", "integer", "of these: no name leads there" },
	{ "to_peers_octets", "integer", NULL },
	{ "from_peers_octets", "integer", NULL },
	{ "datagrams_lost", "integer", "too long, or refused by the target" },
	{ NULL, NULL, NULL },
};
static const struct member exchange_members[] = {
	{ "connected", "boolean", "the broker is there, and has told the numbers" },
	{ "connects", "integer", "how often it came" },
	{ "numbers", "integer", "of modems that are known" },
	{ "sent", "integer", "messages whose end is known" },
	{ "waiting", "integer", "messages whose receiver has not told their end" },
	{ "published", "integer", "messages, and repeats of them" },
	{ "received", "integer", "messages for modems, and repeats of them" },
	{ "ignored", "integer", "what others published and is no message of ours" },
	{ NULL, NULL, NULL },
};
static const struct member net_members[] = {
	{ "internet", "boolean", "more than the names can be reached" },
	{ "names", "[named_port]", "what the host can reach" },
	{ "from_host", "integer", "IP packets of the host" },
	{ "from_host_octets", "integer", "octets of these" },
	{ "to_host", "integer", "IP packets for the host" },
	{ "to_host_octets", "integer", "octets of these" },
	{ "connecting", "integer", "TCP connections that are being made now" },
	{ "conversations", "integer", "over UDP, now" },
	{ "refused", "[refusal]", "one entry for each reason" },
	{ "listeners", "[net_listener]", "--forward listen:" },
	{ "sockets", "net_sockets", "of WIPsoft" },
	{ "exchange", "exchange-", "with --exchange: of the whole process" },
	{ NULL, NULL, NULL },
};
static const struct member action_members[] = {
	{ "name", "string", NULL },
	{ "help", "string", NULL },
	{ "arguments", "object", "JSON Schema of its body" },
	{ NULL, NULL, NULL },
};
static const struct member actions_members[] = {
	{ "actions", "[action]", NULL },
	{ NULL, NULL, NULL },
};
static const struct member application_members[] = {
	{ "name", "string",
		"as the action flash and `application` of a profile have it" },
	{ "title", "string", NULL },
	{ "library", "string", "the Open AT library it was built with" },
	{ "size", "integer", "bytes in flash" },
	{ "provides", "[string]", "chapters of commands that it brings, such as wip" },
	{ "wip_version", "string", "the version of WIPsoft, or empty" },
	{ NULL, NULL, NULL },
};
static const struct member applications_members[] = {
	{ "applications", "[application]", NULL },
	{ NULL, NULL, NULL },
};
static const struct member command_members[] = {
	{ "name", "string", NULL },
	{ "forms", "string", "forms that the command has: =?, ?, =, or none" },
	{ "stored", "string", "where its settings are kept" },
	{ "status", "string", "how completely it is emulated" },
	{ "source", "string", "the chapter of the manual" },
	{ NULL, NULL, NULL },
};
static const struct member commands_members[] = {
	{ "firmware", "string", "the firmware that has these commands" },
	{ "commands", "[command]", NULL },
	{ NULL, NULL, NULL },
};
static const struct member description_members[] = {
	{ "openapi", "string", NULL },
	{ "info", "object", NULL },
	{ "servers", "[object]", NULL },
	{ "paths", "object", NULL },
	{ "components", "object", NULL },
	{ NULL, NULL, NULL },
};

static const struct {
	const char *name, *help;
	const struct member *members;
} answer_rows[] = {
	{ "done", "the request was carried out", done_members },
	{ "met", "all conditions hold", met_members },
	{ "modem", "a modem", modem_members },
	{ "modem_with_state", "a modem with its state", modem_with_state_members },
	{ "modems", "all modems of an emulator", modems_members },
	{ "typed", "what has been typed", typed_members },
	{ "field_bug", "a field bug", bug_members },
	{ "bugs", "all field bugs of the library", bugs_members },
	{ "panel", "the panel for web browsers", panel_members },
	{ "bytes_data", "the `data:` of an event `bytes`", bytes_members },
	{ "one_of_each", "the answer of one of several modems", one_of_each_members },
	{ "each", "the answers of several modems: of a group, or all", each_members },
	{ "sent_message", "a message that the modem has sent", sent_members },
	{ "outbox", "all messages that the modem has sent", outbox_members },
	{ "handed_message", "a message that waits for an outside service centre",
		handed_members },
	{ "centre", "all messages that wait for an outside service centre",
		centre_members },
	{ "far_end", "what the far end of a data call has received", far_end_members },
	{ "fault_rule", "a fault rule", fault_members },
	{ "faults", "all fault rules of a modem", faults_members },
	{ "named_port", "a port that the host can reach", named_port_members },
	{ "refusal", "why packets were refused", refusal_members },
	{ "net_listener", "a port that leads to a server of the modem",
		net_listener_members },
	{ "net_sockets", "WIPsoft's sockets", net_sockets_members },
	{ "exchange", "the exchange with modems of other processes", exchange_members },
	{ "net", "the network beyond PPP and WIPsoft", net_members },
	{ "action", "an action on a modem", action_members },
	{ "actions", "all actions", actions_members },
	{ "application", "an Open AT application", application_members },
	{ "applications", "the applications that have a file", applications_members },
	{ "command", "an AT command", command_members },
	{ "commands", "the AT commands of a firmware", commands_members },
	{ "description", "an OpenAPI 3.1 description", description_members },
};

static json_t *type_schema(const char *type)
{
	static const char *const plain[] = { "string", "integer", "boolean", "object" };
	size_t i, len = strcspn(type, "?]-");
	char name[40];

	if (type[0] == '[')
		return json_pack(
			"{s:s,s:o}", "type", "array", "items", type_schema(type + 1));
	snprintf(name, sizeof(name), "%.*s", (int)len, type);
	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (!strcmp(plain[i], name))
			return type[len] == '?'
				       ? json_pack("{s:[s,s]}", "type", name, "null")
				       : json_pack("{s:s}", "type", name);
	return api_schema_ref(name);
}

static void add_members(
	json_t *all, json_t *properties, json_t *required, const struct member *m)
{
	const char *key;
	json_t *j;

	for (; m->name; m++) {
		if (m->type[0] == '&') {
			const json_t *other = json_object_get(all, m->type + 1);

			json_object_update(
				properties, json_object_get(other, "properties"));
			json_array_extend(required, json_object_get(other, "required"));
			continue;
		}
		j = type_schema(m->type);
		key = m->help ? "description" : NULL;
		if (key)
			json_object_set_new(j, key, json_string(m->help));
		json_object_set_new(properties, m->name, j);
		if (!strchr(m->type, '-'))
			json_array_append_new(required, json_string(m->name));
	}
}

void api_answers(json_t *all)
{
	json_t *properties, *required;
	size_t i;

	for (i = 0; i < sizeof(answer_rows) / sizeof(answer_rows[0]); i++) {
		properties = json_object();
		required = json_array();
		add_members(all, properties, required, answer_rows[i].members);
		json_object_set_new(all, answer_rows[i].name,
			json_pack("{s:s,s:s,s:o,s:o}", "type", "object", "description",
				answer_rows[i].help, "properties", properties, "required",
				required));
	}
}
