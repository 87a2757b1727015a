/* Services, packet data, USSD and calls of a network: one row per key. */
#include <string.h>

#include "codec/ip.h"
#include "conf/far_conf.h"
#include "conf/profile_schema.h"
#include "state/profile.h"

#define LIST(type, m, n, elem)                                            \
	.offset = offsetof(type, m), .stride = sizeof(((type *)0)->m[0]), \
	.most = sizeof(((type *)0)->m) / sizeof(((type *)0)->m[0]),       \
	.count = offsetof(type, n), .item = elem

#define HOUR 3600000000

static const char see_help[] = "the source of this information, for readers";

static const char *check_password(const void *value)
{
	const char *t = value;

	return strlen(t) == 4 && !t[strspn(t, "0123456789")]
		       ? NULL
		       : "is not a barring password; write 4 digits, such as \"0000\"";
}

static const struct schema_field services_fields[] = {
	{ "barring_password", "the password that AT+CLCK=\"AO\" needs, 4 digits",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct services_conf, barring_password),
		.def = "0000", .check = check_password },
	{ "country", "country code without +; other codes are abroad", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct services_conf, country), .min = 1, .def = "33",
		.check = check_digits },
	{ "clir", "whether a call can hide the number of the SIM", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct services_conf, clir), .names = clir_names,
		.def = "allowed" },
	{ "charge_units",
		"units that an outgoing call costs per charge_period; 0: it is free",
		SCHEMA_INT, 0, SCHEMA_AT(struct services_conf, charge_units), .min = 0,
		.max = 1000, .def = "1" },
	{ "charge_period", "how long the units last; the first are charged at the answer",
		SCHEMA_TIME, 0, SCHEMA_AT(struct services_conf, charge_period),
		.min = 10000000, .max = HOUR, .def = "10s" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema services_schema = { "services", "services of the subscription",
	services_fields, NULL, NULL };

static const char *check_ipv4(const void *value)
{
	uint8_t octets[4];

	return ip_addr_read(value, strlen(value), octets)
		       ? NULL
		       : "is not an IPv4 address; write four numbers from 0 to 255, such "
			 "as \"10.128.3.4\"";
}

static const struct schema_field apn_item = { .type = SCHEMA_TEXT, .size = PROFILE_APN };
static const struct schema_field dns_item = {
	.type = SCHEMA_TEXT, .size = 16, .check = check_ipv4
};

static const struct schema_field login_fields[] = {
	{ "apn", "the access point", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct login_conf, apn) },
	{ "user", "the name that it wants", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct login_conf, user) },
	{ "password", "its password", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct login_conf, password) },
	{ "by", "the protocol that brings them", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct login_conf, way), .names = login_way_names,
		.def = "any" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema login_schema = { "login", "a login that an access point wants",
	login_fields, NULL, NULL };
static const struct schema_field login_item = { .type = SCHEMA_STRUCT,
	.schema = &login_schema };

static const struct schema_field gprs_fields[] = {
	{ "attach_error", "+CME ERROR of AT+CGATT=1, such as 148; 0: it succeeds",
		SCHEMA_INT, 0, SCHEMA_AT(struct gprs_conf, attach_error), .min = 0,
		.max = 999, .def = "0" },
	{ "activation_error", "+CME ERROR of AT+CGACT=1, such as 133; 0: it succeeds",
		SCHEMA_INT, 0, SCHEMA_AT(struct gprs_conf, activation_error), .min = 0,
		.max = 999, .def = "0" },
	{ "edge", "the cells offer EDGE, as AT+WGPRS=9,2 shows", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct gprs_conf, edge), .def = "false" },
	{ "attach_time", "from AT+CGATT=1 to its result", SCHEMA_TIME, 0,
		SCHEMA_AT(struct gprs_conf, attach_time), .max = HOUR, .def = "2s" },
	{ "activation_time", "from AT+CGACT=1 to its result", SCHEMA_TIME, 0,
		SCHEMA_AT(struct gprs_conf, activation_time), .max = HOUR,
		.def = "1500ms" },
	{ "detach_time", "from AT+CGATT=0 to its OK", SCHEMA_TIME, 0,
		SCHEMA_AT(struct gprs_conf, detach_time), .max = HOUR, .def = "1s" },
	{ "drop_after",
		"how long after its activation the network drops a context; 0s: never",
		SCHEMA_TIME, 0, SCHEMA_AT(struct gprs_conf, drop_after), .max = INT64_MAX,
		.def = "0s" },
	{ "address", "IP address of the first context; later contexts count up from it",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct gprs_conf, address), .min = 7,
		.def = "10.128.3.4", .check = check_ipv4 },
	{ "dns", "name servers that PPP tells the host; if empty, it has none",
		SCHEMA_LIST, 0, LIST(struct gprs_conf, dns, n_dns, &dns_item) },
	{ "apns", "access points that exist; if empty, all do", SCHEMA_LIST, 0,
		LIST(struct gprs_conf, apns, n_apns, &apn_item) },
	{ "logins", "logins that access points want; others take any, and none",
		SCHEMA_LIST, 0, LIST(struct gprs_conf, logins, n_logins, &login_item) },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema gprs_schema = { "gprs", "packet data", gprs_fields, NULL, NULL };

const char *check_ussd_code(const char *key)
{
	return key[0] && strlen(key) < PROFILE_USSD_CODE
		       ? NULL
		       : "is not a USSD string; write what is dialled, such as "
			 "\"*100#\", and a choice of its menu as \"*100#/1\"";
}

static const struct schema_field ussd_text = { "text", "what the network says",
	SCHEMA_TEXT, SCHEMA_REQUIRED, SCHEMA_AT(struct ussd_conf, text) };
static const struct schema_field ussd_fields[] = {
	{ "text", "what the network says", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct ussd_conf, text) },
	{ "dcs", "data coding scheme: 15 GSM alphabet, 72 UCS2", SCHEMA_INT, 0,
		SCHEMA_AT(struct ussd_conf, dcs), .min = 0, .max = 255, .def = "15" },
	{ "delay", "from the OK to the answer", SCHEMA_TIME, 0,
		SCHEMA_AT(struct ussd_conf, delay), .max = HOUR, .def = "1500ms" },
	{ "ends", "the network ends the session (+CUSD: 2)", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct ussd_conf, ends), .def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema ussd_schema = { "ussd", "an answer of the network",
	ussd_fields, &ussd_text, NULL };
const struct schema_field ussd_item = { .type = SCHEMA_STRUCT, .schema = &ussd_schema };

#define FAR                                                                        \
	{                                                                          \
		"far", "its data modem leads to: " FAR_KINDS, SCHEMA_TEXT, 0,      \
			SCHEMA_AT(struct subscriber, far.text), .check = check_far \
	}

static const struct schema_field talk_fields[] = {
	{ "says", "the answer", SCHEMA_TEXT, SCHEMA_ESCAPED,
		SCHEMA_AT(struct talk_row, says) },
	{ "after", "time until the answer", SCHEMA_TIME, 0,
		SCHEMA_AT(struct talk_row, after), .max = HOUR, .def = "0s" },
	{ "hangs_up", "after the answer it hangs up", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct talk_row, hangs_up), .def = "false" },
	{ NULL },
};
static const struct schema talk_schema = { "talk",
	"what a far end answers; a single text is what it says", talk_fields,
	&talk_fields[0], NULL };
static const struct schema_field talk_item = { .type = SCHEMA_STRUCT,
	.schema = &talk_schema };

/* What a called number does: one that is listed, or one of the others. */
#define CALLED(usual_behaviour, has_data)                                             \
	{ "behaviour", "what it does when called", SCHEMA_ENUM, 0,                    \
		SCHEMA_AT(struct subscriber, behaviour), .names = subscriber_names,   \
		.def = (usual_behaviour) },                                           \
		{ "alert_after", "from dialling until it rings, or the call fails",   \
			SCHEMA_TIME, 0, SCHEMA_AT(struct subscriber, alert_after),    \
			.max = HOUR, .def = "2s" },                                   \
		{ "answer_after",                                                     \
			"from the first ring until it answers, or rejects the call",  \
			SCHEMA_TIME, 0, SCHEMA_AT(struct subscriber, answer_after),   \
			.max = HOUR, .def = "3s" },                                   \
		{ "hang_up_after", "from the answer until it hangs up; 0s: never",    \
			SCHEMA_TIME, 0, SCHEMA_AT(struct subscriber, hang_up_after),  \
			.max = HOUR, .def = "0s" },                                   \
		{ "data", "has a data modem; otherwise data calls end with cause 65", \
			SCHEMA_BOOL, 0, SCHEMA_AT(struct subscriber, data),           \
			.def = (has_data) },                                          \
		{ "no_modem", "accepts data calls, but its modem stays silent",       \
			SCHEMA_BOOL, 0, SCHEMA_AT(struct subscriber, no_modem),       \
			.def = "false" },                                             \
		{ "echo", "sends data back: the same as far: echo", SCHEMA_BOOL, 0,   \
			SCHEMA_AT(struct subscriber, echo), .def = "false" },         \
		{ "send", "what it sends first in a data call; write \"text\\r\\n\"", \
			SCHEMA_TEXT, 0, SCHEMA_AT(struct subscriber, send) },         \
		{ "talk",                                                             \
			"answers to exactly these bytes: 'ops\\r': 'password: '; of " \
			"several that fit the first one",                             \
			SCHEMA_TABLE, 0,                                              \
			LIST(struct subscriber, talk, n_talk, &talk_item),            \
			.key_size = TALK_HEARS },                                     \
		{ "in_call",                                                          \
			"is busy with a call, so that another call waits: +CSSI: 3",  \
			SCHEMA_BOOL, 0, SCHEMA_AT(struct subscriber, in_call),        \
			.def = "false" },                                             \
		{ "group", "its closed user group; -1: no group", SCHEMA_INT, 0,      \
			SCHEMA_AT(struct subscriber, group), .min = GROUP_NONE,       \
			.max = GROUP_MAX, .def = "-1" },                              \
		{ "holds_after",                                                      \
			"from the answer until it puts the call on hold; 0s: never",  \
			SCHEMA_TIME, 0, SCHEMA_AT(struct subscriber, holds_after),    \
			.max = HOUR, .def = "0s" },                                   \
		{ "holds_for", "from the hold until it resumes the call; 0s: never",  \
			SCHEMA_TIME, 0, SCHEMA_AT(struct subscriber, holds_for),      \
			.max = HOUR, .def = "0s" },                                   \
	{                                                                             \
		"conference", "it resumes the call into a conference: +CSSU: 4",      \
			SCHEMA_BOOL, 0, SCHEMA_AT(struct subscriber, conference),     \
			.def = "false"                                                \
	}

static const struct schema_field subscriber_fields[] = {
	{ "number", "the number as dialled", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct subscriber, number), .min = 1, .check = check_number },
	CALLED("answers", "false"),
	FAR,
	{ "calls_back", "from the end of a call until it calls back; 0s: never",
		SCHEMA_TIME, 0, SCHEMA_AT(struct subscriber, calls_back), .max = HOUR,
		.def = "0s" },
	{ "rings_for", "how long it lets that call ring; 0s: for ever", SCHEMA_TIME, 0,
		SCHEMA_AT(struct subscriber, rings_for), .max = HOUR, .def = "30s" },
	{ "withheld", "withholds its number when it calls", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct subscriber, withheld), .def = "false" },
	{ "calls_as", "the kind of call it makes", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct subscriber, calls_as), .names = caller_names,
		.def = "usual" },
	{ "calls_by", "how its call reaches the modem", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct subscriber, calls_by), .names = detour_names,
		.def = "direct" },
	{ "forwards_to", "the number that its calls are forwarded to: +CSSI: 2",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct subscriber, forwards_to), .min = 1,
		.check = check_number },
	{ "deflects", "it forwards calls by hand: +CSSI: 8", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct subscriber, deflects), .def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema subscriber_schema = { "subscriber",
	"a number that can be called", subscriber_fields, NULL, NULL };
static const struct schema_field subscriber_item = { .type = SCHEMA_STRUCT,
	.schema = &subscriber_schema };

static const struct schema_field number_fields[] = {
	FAR,
	CALLED("answers", "true"),
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema number_schema = { "number",
	"a number with a data modem; a single text is its far end", number_fields,
	&number_fields[0], NULL };
const struct schema_field number_item = { .type = SCHEMA_STRUCT,
	.schema = &number_schema };

static const struct schema_field others_fields[] = {
	CALLED("no_answer", "true"),
	FAR,
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema others_schema = { "others",
	"all numbers that subscribers does not list; a single word is their behaviour",
	others_fields, &others_fields[0], NULL };

static const struct schema_field calls_fields[] = {
	{ "subscribers", "numbers with a behaviour of their own", SCHEMA_LIST, 0,
		LIST(struct calls_conf, subscribers, n_subscribers, &subscriber_item) },
	{ "others", "all numbers that subscribers does not list", SCHEMA_STRUCT,
		SCHEMA_FILL, SCHEMA_AT(struct calls_conf, others),
		.schema = &others_schema },
	{ "no_answer", "how long the network lets a call ring, in real time at any speed",
		SCHEMA_TIME, 0, SCHEMA_AT(struct calls_conf, no_answer), .max = HOUR,
		.def = "30s" },
	{ "no_data", "the subscription has no data and fax: such calls end with cause 50",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct calls_conf, no_data), .def = "false" },
	{ "training", "how long two data modems take to connect", SCHEMA_TIME, 0,
		SCHEMA_AT(struct calls_conf, training), .max = HOUR, .def = "10s" },
	{ "training_v110", "the same by V.110 (+CBST speeds 65 to 75)", SCHEMA_TIME, 0,
		SCHEMA_AT(struct calls_conf, training_v110), .max = HOUR, .def = "2s" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema calls_schema = { "calls", "voice and data calls", calls_fields, NULL,
	NULL };
