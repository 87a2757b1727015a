/* What a network offers beside calls and messages: one row a key. */
#include <string.h>

#include "conf/profile_schema.h"
#include "state/profile.h"

#define AT(type, m) .offset = offsetof(type, m), .size = sizeof(((type *)0)->m)
#define LIST(type, m, n, elem)                                            \
	.offset = offsetof(type, m), .stride = sizeof(((type *)0)->m[0]), \
	.most = sizeof(((type *)0)->m) / sizeof(((type *)0)->m[0]),       \
	.count = offsetof(type, n), .item = elem

#define HOUR 3600000000

static const char see_help[] = "where this is told, for people";

static const char *check_password(const void *value)
{
	const char *t = value;

	return strlen(t) == 4 && !t[strspn(t, "0123456789")]
		       ? NULL
		       : "is no barring password; write 4 digits, such as \"0000\"";
}

static const struct schema_field services_fields[] = {
	{ "barring_password", "what AT+CLCK=\"AO\" asks for, 4 digits", SCHEMA_TEXT, 0,
		AT(struct services_conf, barring_password), .def = "0000",
		.check = check_password },
	{ "country", "country code without +: what is not abroad", SCHEMA_TEXT, 0,
		AT(struct services_conf, country), .min = 1, .def = "33",
		.check = check_digits },
	{ "clir", "whether it can hide the number of the SIM", SCHEMA_ENUM, 0,
		AT(struct services_conf, clir), .names = clir_names, .def = "allowed" },
	{ "charge_units", "what an outgoing call costs each charge_period; 0: it is free",
		SCHEMA_INT, 0, AT(struct services_conf, charge_units), .min = 0,
		.max = 1000, .def = "1" },
	{ "charge_period", "how long the units last; the first count at the answer",
		SCHEMA_TIME, 0, AT(struct services_conf, charge_period), .min = 10000000,
		.max = HOUR, .def = "10s" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema services_schema = { "services", "what the subscriber has",
	services_fields, NULL, NULL };

static const struct schema_field apn_item = { .type = SCHEMA_TEXT, .size = 104 };

static const struct schema_field gprs_fields[] = {
	{ "attach_error", "+CME ERROR of AT+CGATT=1, such as 148; 0: it succeeds",
		SCHEMA_INT, 0, AT(struct gprs_conf, attach_error), .min = 0, .max = 999,
		.def = "0" },
	{ "activation_error", "+CME ERROR of AT+CGACT=1, such as 133; 0: it succeeds",
		SCHEMA_INT, 0, AT(struct gprs_conf, activation_error), .min = 0,
		.max = 999, .def = "0" },
	{ "edge", "the cells offer EDGE, as AT+WGPRS=9,2 tells", SCHEMA_BOOL, 0,
		AT(struct gprs_conf, edge), .def = "false" },
	{ "attach_time", "from AT+CGATT=1 to its result", SCHEMA_TIME, 0,
		AT(struct gprs_conf, attach_time), .max = HOUR, .def = "2s" },
	{ "activation_time", "from AT+CGACT=1 to its result", SCHEMA_TIME, 0,
		AT(struct gprs_conf, activation_time), .max = HOUR, .def = "1500ms" },
	{ "detach_time", "from AT+CGATT=0 to its OK", SCHEMA_TIME, 0,
		AT(struct gprs_conf, detach_time), .max = HOUR, .def = "1s" },
	{ "address", "IP address of the first context; the others count on", SCHEMA_TEXT,
		0, AT(struct gprs_conf, address), .min = 7, .def = "10.128.3.4" },
	{ "apns", "access points that exist; without any all do", SCHEMA_LIST, 0,
		LIST(struct gprs_conf, apns, n_apns, &apn_item) },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema gprs_schema = { "gprs", "packet data", gprs_fields, NULL, NULL };

const char *check_ussd_code(const char *key)
{
	return key[0] && strlen(key) < PROFILE_USSD_CODE
		       ? NULL
		       : "is no USSD string; write what is dialled, such as \"*100#\", "
			 "and "
			 "a choice of its menu as \"*100#/1\"";
}

static const struct schema_field ussd_text = { "text", "what the network says",
	SCHEMA_TEXT, SCHEMA_REQUIRED, AT(struct ussd_conf, text) };
static const struct schema_field ussd_fields[] = {
	{ "text", "what the network says", SCHEMA_TEXT, SCHEMA_REQUIRED,
		AT(struct ussd_conf, text) },
	{ "dcs", "data coding scheme: 15 GSM alphabet, 72 UCS2", SCHEMA_INT, 0,
		AT(struct ussd_conf, dcs), .min = 0, .max = 255, .def = "15" },
	{ "delay", "from the OK to the answer", SCHEMA_TIME, 0,
		AT(struct ussd_conf, delay), .max = HOUR, .def = "1500ms" },
	{ "ends", "told as ended by the network (+CUSD: 2)", SCHEMA_BOOL, 0,
		AT(struct ussd_conf, ends), .def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema ussd_schema = { "ussd", "an answer of the network",
	ussd_fields, &ussd_text, NULL };
const struct schema_field ussd_item = { .type = SCHEMA_STRUCT, .schema = &ussd_schema };

/* What somebody does who is called: with a line of its own, or as one of the others. */
#define CALLED(usual_behaviour, has_data)                                                \
	{ "behaviour", "what it does when it is called", SCHEMA_ENUM, 0,                 \
		AT(struct subscriber, behaviour), .names = subscriber_names,             \
		.def = (usual_behaviour) },                                              \
		{ "alert_after", "from the dialling until it rings there, or fails",     \
			SCHEMA_TIME, 0, AT(struct subscriber, alert_after), .max = HOUR, \
			.def = "2s" },                                                   \
		{ "answer_after",                                                        \
			"from the first ring until it is answered, or rejected",         \
			SCHEMA_TIME, 0, AT(struct subscriber, answer_after),             \
			.max = HOUR, .def = "3s" },                                      \
		{ "hang_up_after", "from the answer until it hangs up; 0s: never",       \
			SCHEMA_TIME, 0, AT(struct subscriber, hang_up_after),            \
			.max = HOUR, .def = "0s" },                                      \
		{ "data", "has a data modem; without one data calls end with cause 65",  \
			SCHEMA_BOOL, 0, AT(struct subscriber, data),                     \
			.def = (has_data) },                                             \
		{ "no_modem", "takes data calls, but no modem is heard", SCHEMA_BOOL, 0, \
			AT(struct subscriber, no_modem), .def = "false" },               \
		{ "echo", "sends data back", SCHEMA_BOOL, 0,                             \
			AT(struct subscriber, echo), .def = "false" },                   \
		{ "send", "what it says first in a data call; write \"text\\r\\n\"",     \
			SCHEMA_TEXT, 0, AT(struct subscriber, send) },                   \
		{ "in_call", "is in a call, so that another one waits there: +CSSI: 3",  \
			SCHEMA_BOOL, 0, AT(struct subscriber, in_call),                  \
			.def = "false" },                                                \
		{ "group", "its closed user group; -1: none", SCHEMA_INT, 0,             \
			AT(struct subscriber, group), .min = GROUP_NONE,                 \
			.max = GROUP_MAX, .def = "-1" },                                 \
		{ "holds_after",                                                         \
			"from the answer until it puts the call on hold; 0s: never",     \
			SCHEMA_TIME, 0, AT(struct subscriber, holds_after), .max = HOUR, \
			.def = "0s" },                                                   \
		{ "holds_for", "until it takes the call back; 0s: never", SCHEMA_TIME,   \
			0, AT(struct subscriber, holds_for), .max = HOUR, .def = "0s" }, \
	{                                                                                \
		"conference", "it takes it back into a conference: +CSSU: 4",            \
			SCHEMA_BOOL, 0, AT(struct subscriber, conference),               \
			.def = "false"                                                   \
	}

static const struct schema_field subscriber_fields[] = {
	{ "number", "as it is dialled", SCHEMA_TEXT, SCHEMA_REQUIRED,
		AT(struct subscriber, number), .min = 1, .check = check_number },
	CALLED("answers", "false"),
	{ "calls_back", "from the end of a call until it calls; 0s: never", SCHEMA_TIME,
		0, AT(struct subscriber, calls_back), .max = HOUR, .def = "0s" },
	{ "rings_for", "how long it lets it ring then; 0s: for ever", SCHEMA_TIME, 0,
		AT(struct subscriber, rings_for), .max = HOUR, .def = "30s" },
	{ "withheld", "calls without telling its number", SCHEMA_BOOL, 0,
		AT(struct subscriber, withheld), .def = "false" },
	{ "calls_as", "what it wants then", SCHEMA_ENUM, 0,
		AT(struct subscriber, calls_as), .names = caller_names, .def = "usual" },
	{ "calls_by", "how its call comes", SCHEMA_ENUM, 0,
		AT(struct subscriber, calls_by), .names = detour_names, .def = "direct" },
	{ "forwards_to", "number that gets the calls for it: +CSSI: 2", SCHEMA_TEXT, 0,
		AT(struct subscriber, forwards_to), .min = 1, .check = check_number },
	{ "deflects", "it does so by hand: +CSSI: 8", SCHEMA_BOOL, 0,
		AT(struct subscriber, deflects), .def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema subscriber_schema = { "subscriber", "somebody with a phone",
	subscriber_fields, NULL, NULL };
static const struct schema_field subscriber_item = { .type = SCHEMA_STRUCT,
	.schema = &subscriber_schema };

static const struct schema_field others_fields[] = {
	CALLED("no_answer", "true"),
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema others_schema = { "others",
	"numbers without a line of their own; a single word is their behaviour",
	others_fields, &others_fields[0], NULL };

static const struct schema_field calls_fields[] = {
	{ "subscribers", "who can be called", SCHEMA_LIST, 0,
		LIST(struct calls_conf, subscribers, n_subscribers, &subscriber_item) },
	{ "others", "numbers without a line of their own", SCHEMA_STRUCT, SCHEMA_FILL,
		AT(struct calls_conf, others), .schema = &others_schema },
	{ "no_answer", "how long the network lets it ring, in real time at any speed",
		SCHEMA_TIME, 0, AT(struct calls_conf, no_answer), .max = HOUR,
		.def = "30s" },
	{ "no_data", "data and fax are not subscribed: such calls end with cause 50",
		SCHEMA_BOOL, 0, AT(struct calls_conf, no_data), .def = "false" },
	{ "training", "how long two data modems need to find each other", SCHEMA_TIME, 0,
		AT(struct calls_conf, training), .max = HOUR, .def = "10s" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema calls_schema = { "calls", "voice and data calls", calls_fields, NULL,
	NULL };
