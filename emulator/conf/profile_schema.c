/* The keys of device, network, SIM, operator and combination files: one row per key.
 */
#include "conf/profile_schema.h"
#include "conf/profile_conf.h"

#include "state/profile.h"

#define LIST(type, m, n, elem)                                            \
	.offset = offsetof(type, m), .stride = sizeof(((type *)0)->m[0]), \
	.most = sizeof(((type *)0)->m) / sizeof(((type *)0)->m[0]),       \
	.count = offsetof(type, n), .item = elem

static const char inherits_help[] =
	"another file of this folder; the keys of this file override its keys";
static const char title_help[] = "a one-line title for lists";
static const char see_help[] = "the source of this information, for readers";
static const char kind_help[] = "device, firmware, network, sim or profile; optional, "
				"because the folder implies it";

static const struct schema_field fact_text = { "text", "the value", SCHEMA_TEXT,
	SCHEMA_REQUIRED, SCHEMA_AT(struct fact, text) };
static const struct schema_field fact_fields[] = {
	{ "text", "the value", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct fact, text) },
	{ "provenance", "how it was learned", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct fact, provenance), .names = provenance_names,
		.def = "inferred" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
const struct schema fact_schema = { "fact", "a text, or a text with its provenance",
	fact_fields, &fact_text, NULL, true };

static const struct schema_field module_item = {
	.type = SCHEMA_TEXT, .size = 16, .min = 1, .check = check_word
};

static const struct schema_field adc_item = {
	.type = SCHEMA_INT, .size = sizeof(int), .min = 0, .max = 8000
};

static const struct schema_field port_item = {
	.type = SCHEMA_ENUM, .size = sizeof(int), .names = port_names
};

static const struct schema_field line_fields[] = {
	{ "garbles",
		"bytes at a speed other than AT+IPR's are garbled, as on real hardware",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct device, garbles), .def = "false" },
	{ "paces",
		"bytes take as long as on real hardware, ten bits each, in both "
		"directions",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct device, paces), .def = "false" },
	{ "needs_rts",
		"it sends only while RTS is on, even with AT+IFC=0,0; a "
		"pseudo-terminal has no RTS",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct device, needs_rts), .def = "false" },
	{ NULL },
};
static const struct schema line_schema = { "line", "a serial line", line_fields, NULL,
	NULL };

static const struct schema_field device_fields[] = {
	{ "kind", kind_help, SCHEMA_NOTE },
	{ "inherits", inherits_help, SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "title", title_help, SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct device, title), .min = 1 },
	{ "part", "the maker's part number", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct device, part) },
	{ "modules", "modules whose firmware images it accepts, its own first",
		SCHEMA_LIST, SCHEMA_REQUIRED,
		LIST(struct device, modules, n_modules, &module_item) },
	{ "imei", "15 digits, the last one the Luhn check digit", SCHEMA_TEXT,
		SCHEMA_REQUIRED, SCHEMA_AT(struct device, imei), .min = 15,
		.check = check_digits },
	{ "serial", "the answer of AT+WMSN; if missing, the IMEI", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct device, serial), .check = check_digits },
	{ "maker", "the answer of AT+CGMI, instead of the firmware's manufacturer",
		SCHEMA_STRUCT, 0, SCHEMA_AT(struct device, maker),
		.schema = &fact_schema },
	{ "product", "the second line of ATI, instead of the answer of AT+CGMM",
		SCHEMA_STRUCT, 0, SCHEMA_AT(struct device, product),
		.schema = &fact_schema },
	{ "hardware", "the answer of AT+WHWV", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct device, hardware), .schema = &fact_schema },
	{ "produced", "the answer of AT+WDOP: week/year", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct device, produced), .schema = &fact_schema },
	{ "bands", "frequency bands it supports", SCHEMA_SET, SCHEMA_REQUIRED,
		SCHEMA_AT(struct device, bands), .names = band_bit_names },
	{ "ports", "the ports that AT+WMFM opens and closes; UART1 is always there",
		SCHEMA_LIST, 0, LIST(struct device, ports, n_ports, &port_item) },
	{ "rack", "has a SIM drawer with a contact: +WIND: 13 and 14", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct device, rack), .def = "true" },
	{ "edge", "supports EDGE", SCHEMA_BOOL, 0, SCHEMA_AT(struct device, edge),
		.def = "false" },
	{ "line", "its serial line", SCHEMA_STRUCT, .schema = &line_schema },
	{ "boot_window",
		"how long the boot pin keeps it from starting; 0s: until a reset",
		SCHEMA_TIME, 0, SCHEMA_AT(struct device, boot_window), .max = INT64_MAX,
		.def = "1500ms" },
	{ "flash_kb", "flash size in KB", SCHEMA_INT, 0,
		SCHEMA_AT(struct device, flash_kb), .min = 1024, .max = 65536,
		.def = "4096" },
	{ "adc", "millivolts of AT+ADC=0: supply, temperature, auxiliary input",
		SCHEMA_LIST, 0, LIST(struct device, adc, adcs, &adc_item) },
	{ "phonebook", "capacity of its phonebook ME in entries", SCHEMA_INT, 0,
		SCHEMA_AT(struct device, phonebook), .min = 0, .max = 1000,
		.def = "500" },
	{ "phonebook_text", "longest name in that phonebook", SCHEMA_INT, 0,
		SCHEMA_AT(struct device, phonebook_text), .min = 0, .max = 32,
		.def = "30" },
	{ "call_lists", "capacity of each of the lists LD, MC and RC", SCHEMA_INT, 0,
		SCHEMA_AT(struct device, call_lists), .min = 0, .max = 16, .def = "10" },
	{ "messages", "messages in its store ME", SCHEMA_LIST, 0,
		LIST(struct device, messages, n_messages, &message_item) },
	{ "lock_key", "key of its SIM locks when new, 8 to 16 digits", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct device, lock_key), .min = 8, .check = check_digits,
		.def = "12345678" },
	{ NULL },
};
const struct schema device_schema = { "device", "device: a modem without its firmware",
	device_fields, NULL, check_device };

static const struct schema_field operator_fields[] = {
	{ "plmn", "MCC and MNC", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct network_operator, plmn), .check = check_plmn },
	{ "long", "its long name", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct network_operator, long_name), .min = 1 },
	{ "short", "its short name", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct network_operator, short_name), .min = 1 },
	{ "forbidden", "refuses this SIM", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct network_operator, forbidden), .def = "false" },
	{ NULL },
};
static const struct schema operator_schema = { "operator", "an operator of the network",
	operator_fields, NULL, NULL };
static const struct schema_field operator_item = { .type = SCHEMA_STRUCT,
	.schema = &operator_schema };

static const struct schema_field cell_fields[] = {
	{ "plmn", "the operator of the cell", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct cell, plmn), .check = check_plmn },
	{ "band", "its frequency band", SCHEMA_ENUM, SCHEMA_REQUIRED,
		SCHEMA_AT(struct cell, band), .names = band_bit_names },
	{ "arfcn", "its channel number, which must be in the band", SCHEMA_INT,
		SCHEMA_REQUIRED, SCHEMA_AT(struct cell, arfcn), .min = 0, .max = 1023 },
	{ "bsic", "base station colour code", SCHEMA_INT, 0, SCHEMA_AT(struct cell, bsic),
		.min = 0, .max = 63, .def = "0" },
	{ "lac", "location area, such as 0x178D", SCHEMA_INT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct cell, lac), .min = 1, .max = 0xfffe },
	{ "ci", "cell identity, such as 0x1678", SCHEMA_INT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct cell, ci), .min = 0, .max = 0xffff },
	{ "rssi", "signal strength as +CSQ reports it", SCHEMA_INT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct cell, rssi), .min = 0, .max = 31 },
	{ "ber", "bit error rate as +CSQ reports it", SCHEMA_INT, 0,
		SCHEMA_AT(struct cell, ber), .min = 0, .max = 7, .def = "0" },
	{ "timing_advance", "0 to 63, in steps of about 550 m", SCHEMA_INT, 0,
		SCHEMA_AT(struct cell, timing_advance), .min = 0, .max = 63, .def = "0" },
	{ NULL },
};
static const struct schema cell_schema = { "cell", "a cell", cell_fields, NULL, NULL };
static const struct schema_field cell_item = { .type = SCHEMA_STRUCT,
	.schema = &cell_schema };

static const struct schema_field nitz_fields[] = {
	{ "sent", "the network sends its time after registration", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct network, nitz.sent), .def = "false" },
	{ "zone", "time zone, in quarters of an hour east of Greenwich", SCHEMA_INT, 0,
		SCHEMA_AT(struct network, nitz.zone), .min = -48, .max = 56, .def = "0" },
	{ "saving", "hours of daylight saving time included in it", SCHEMA_INT, 0,
		SCHEMA_AT(struct network, nitz.saving), .min = 0, .max = 2, .def = "0" },
	{ "omits", "fields that +WIND: 15 lacks", SCHEMA_SET, 0,
		SCHEMA_AT(struct network, nitz.omits), .names = nitz_names },
	{ NULL },
};
static const struct schema nitz_schema = { "nitz", "time from the network", nitz_fields,
	NULL, NULL };

static const struct schema_field reply_item = { .type = SCHEMA_TEXT,
	.help = "the reply to it",
	.offset = offsetof(struct sms_reply, text),
	.size = PROFILE_TEXT,
	.min = 1 };

static const struct schema_field behaviour_fields[] = {
	{ "cause", "messages are refused with this RP cause or +CMS ERROR; 0: accepted",
		SCHEMA_INT, 0, SCHEMA_AT(struct sms_behaviour, cause), .min = 0,
		.max = 600, .def = "0" },
	{ "accept", "how many messages are accepted before that", SCHEMA_INT, 0,
		SCHEMA_AT(struct sms_behaviour, accept), .min = 0, .max = 1000000,
		.def = "0" },
	{ "submit", "time until the service centre has the message", SCHEMA_TIME, 0,
		SCHEMA_AT(struct sms_behaviour, submit), .max = INT64_MAX, .def = "3s" },
	{ "deliver", "time from there until the recipient has it", SCHEMA_TIME, 0,
		SCHEMA_AT(struct sms_behaviour, deliver), .max = INT64_MAX, .def = "2s" },
	{ "reports", "status reports are sent for messages that request one", SCHEMA_BOOL,
		0, SCHEMA_AT(struct sms_behaviour, reports), .def = "true" },
	{ "status", "TP-ST in status reports; 0: received", SCHEMA_INT, 0,
		SCHEMA_AT(struct sms_behaviour, status), .min = 0, .max = 255,
		.def = "0" },
	{ "twice", "messages that come back to the modem come twice", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct sms_behaviour, twice), .def = "false" },
	{ "echo", "the recipient sends each message back", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct sms_behaviour, echo), .def = "false" },
	{ "reply", "text of the recipient's reply", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct sms_behaviour, reply) },
	{ "replies",
		"the replies to messages with exactly these texts, in any case: BALANCE: "
		"\"12 EUR\"; other messages get reply",
		SCHEMA_TABLE, 0,
		LIST(struct sms_behaviour, replies, n_replies, &reply_item),
		.key_size = SMS_REPLY_TO },
	{ "reply_after", "time until the recipient sends back or replies", SCHEMA_TIME, 0,
		SCHEMA_AT(struct sms_behaviour, reply_after), .max = INT64_MAX,
		.def = "1s" },
	{ NULL },
};
const struct schema behaviour_schema = { "behaviour",
	"what happens to messages for a recipient", behaviour_fields, NULL, NULL, true };

static const struct schema_field sms_subscriber_fields[] = {
	{ "number", "digits, with + for an international one", SCHEMA_TEXT,
		SCHEMA_REQUIRED, SCHEMA_AT(struct sms_subscriber, number), .min = 1,
		.check = check_number },
	{ "behaviour", "what happens to messages for it", SCHEMA_STRUCT, SCHEMA_FILL,
		SCHEMA_AT(struct sms_subscriber, behaviour),
		.schema = &behaviour_schema },
	{ NULL },
};
static const struct schema sms_subscriber_schema = { "sms_subscriber",
	"a recipient of messages", sms_subscriber_fields, NULL, NULL };
static const struct schema_field sms_subscriber_item = { .type = SCHEMA_STRUCT,
	.schema = &sms_subscriber_schema };

static const struct schema_field sms_fields[] = {
	{ "others", "all numbers that subscribers does not list", SCHEMA_STRUCT,
		SCHEMA_FILL, SCHEMA_AT(struct sms_network, others),
		.schema = &behaviour_schema },
	{ "subscribers", "numbers with a behaviour of their own", SCHEMA_LIST, 0,
		LIST(struct sms_network, subscribers, n_subscribers,
			&sms_subscriber_item) },
	{ "retry",
		"time between two attempts while the modem is unreachable or its memory "
		"full",
		SCHEMA_TIME, 0, SCHEMA_AT(struct sms_network, retry), .min = 1,
		.max = INT64_MAX, .def = "60s" },
	{ "wake", "time from the modem's return to the next attempt", SCHEMA_TIME, 0,
		SCHEMA_AT(struct sms_network, wake), .max = INT64_MAX, .def = "1s" },
	{ "acknowledge", "how long the network waits for +CNMA", SCHEMA_TIME, 0,
		SCHEMA_AT(struct sms_network, acknowledge), .min = 1, .max = INT64_MAX,
		.def = "15s" },
	{ "centre",
		"own: the emulator decides what becomes of a message; outside: a program "
		"does, see `ctl centre`",
		SCHEMA_ENUM, 0, SCHEMA_AT(struct sms_network, centre),
		.names = sms_centre_names, .def = "own" },
	{ NULL },
};
static const struct schema sms_schema = { "sms", "the service centre", sms_fields, NULL,
	NULL };

static const struct schema_field host_item = { .type = SCHEMA_TEXT,
	.help = "tcp:NAME:PORT=127.0.0.1:PORT, or udp:",
	.size = FORWARD_TEXT };

static const struct schema_field network_fields[] = {
	{ "kind", kind_help, SCHEMA_NOTE },
	{ "inherits", inherits_help, SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "title", title_help, SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct network, title), .min = 1 },
	{ "operators", "the operators of the cells", SCHEMA_LIST, 0,
		LIST(struct network, operators, n_operators, &operator_item) },
	{ "cells", "the cells that can be received", SCHEMA_LIST, 0,
		LIST(struct network, cells, n_cells, &cell_item) },
	{ "nitz", "time from the network", SCHEMA_STRUCT, .schema = &nitz_schema },
	{ "services", "services of the subscription", SCHEMA_STRUCT, SCHEMA_FILL,
		SCHEMA_AT(struct network, services), .schema = &services_schema },
	{ "gprs", "its packet data service", SCHEMA_STRUCT, SCHEMA_FILL,
		SCHEMA_AT(struct network, gprs), .schema = &gprs_schema },
	{ "hosts",
		"names that the host reaches through PPP and WIPsoft, and the port of "
		"this machine "
		"that each leads to; more with --forward",
		SCHEMA_LIST, 0, LIST(struct network, hosts.text, hosts.n, &host_item) },
	{ "ussd",
		"answers to USSD strings; the key of a menu choice extends that of its "
		"menu: \"*101#/1\"",
		SCHEMA_TABLE, 0, LIST(struct network, ussd, n_ussd, &ussd_item),
		.key_size = PROFILE_USSD_CODE, .check_key = check_ussd_code },
	{ "ussd_timeout", "how long the network waits for a choice", SCHEMA_TIME, 0,
		SCHEMA_AT(struct network, ussd_timeout), .max = 3600000000,
		.def = "60s" },
	{ "sms", "the service centre", SCHEMA_STRUCT, SCHEMA_FILL,
		SCHEMA_AT(struct network, sms), .schema = &sms_schema },
	{ "calls", "numbers that can be called, and what they do", SCHEMA_STRUCT,
		SCHEMA_FILL, SCHEMA_AT(struct network, calls), .schema = &calls_schema },
	{ "numbers",
		"numbers with a data modem, and what stands there: \"0123456\": echo",
		SCHEMA_TABLE, 0,
		LIST(struct network, calls.numbers, calls.n_numbers, &number_item),
		.key_size = sizeof(((struct subscriber *)0)->number),
		.check_key = check_number_key },
	{ NULL },
};
const struct schema network_schema = { "network",
	"network: what is on the air around the modem", network_fields, NULL,
	check_network };

static const struct schema_field entry_fields[] = {
	{ "index", "its position, from 1", SCHEMA_INT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct book_entry, index), .min = 1, .max = 1000 },
	{ "number", "digits, with + for an international one", SCHEMA_TEXT,
		SCHEMA_REQUIRED, SCHEMA_AT(struct book_entry, number), .min = 1,
		.check = check_number },
	{ "text", "the name", SCHEMA_TEXT, 0, SCHEMA_AT(struct book_entry, text) },
	{ NULL },
};
static const struct schema entry_schema = { "entry", "an entry of a phonebook",
	entry_fields, NULL, NULL };
static const struct schema_field entry_item = { .type = SCHEMA_STRUCT,
	.schema = &entry_schema };

static const struct schema_field book_fields[] = {
	{ "present", "the SIM has this phonebook", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct book_conf, present), .def = "true" },
	{ "capacity", "how many entries it can hold", SCHEMA_INT, 0,
		SCHEMA_AT(struct book_conf, capacity), .min = 0, .max = 1000,
		.def = "0" },
	{ "number_max", "longest number", SCHEMA_INT, 0,
		SCHEMA_AT(struct book_conf, number_max), .min = 1, .max = 47,
		.def = "20" },
	{ "text_max", "longest name", SCHEMA_INT, 0,
		SCHEMA_AT(struct book_conf, text_max), .min = 0, .max = 31, .def = "10" },
	{ "entries", "its entries", SCHEMA_LIST, 0,
		LIST(struct book_conf, entries, n_entries, &entry_item) },
	{ NULL },
};
const struct schema book_schema = { "book", "a phonebook", book_fields, NULL, check_book,
	true };

static const struct schema_field books_fields[] = {
	{ "SM", "numbers on the SIM", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, books[BOOK_SM]), .schema = &book_schema },
	{ "FD", "fixed dialling", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, books[BOOK_FD]), .schema = &book_schema },
	{ "ON", "own numbers", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, books[BOOK_ON]), .schema = &book_schema },
	{ "SN", "service numbers", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, books[BOOK_SN]), .schema = &book_schema },
	{ "EN", "emergency numbers", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, books[BOOK_EN]), .schema = &book_schema },
	{ NULL },
};
static const struct schema books_schema = { "books", "phonebooks", books_fields, NULL,
	NULL };

static const struct schema_field mailbox_fields[] = {
	{ "line", "1 to 4: line 1, line 2, data, fax", SCHEMA_INT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct cphs_mailbox, line), .min = 1, .max = CPHS_LINES },
	{ "number", "digits, with + for an international one", SCHEMA_TEXT,
		SCHEMA_REQUIRED, SCHEMA_AT(struct cphs_mailbox, number), .min = 1,
		.check = check_number },
	{ "text", "its name", SCHEMA_TEXT, 0, SCHEMA_AT(struct cphs_mailbox, text) },
	{ NULL },
};
static const struct schema mailbox_schema = { "mailbox", "the mailbox of a line",
	mailbox_fields, NULL, NULL };
static const struct schema_field mailbox_item = { .type = SCHEMA_STRUCT,
	.schema = &mailbox_schema };

static const struct schema_field cphs_fields[] = {
	{ "present", "the SIM has CPHS files", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct cphs_conf, present), .def = "true" },
	{ "name", "the operator's name", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct cphs_conf, name) },
	{ "short_name", "the operator's short name", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct cphs_conf, short_name) },
	{ "mailboxes", "the numbers of the mailboxes", SCHEMA_LIST, 0,
		LIST(struct cphs_conf, mailboxes, n_mailboxes, &mailbox_item) },
	{ "mailboxes_fixed", "the mailbox numbers cannot be changed", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct cphs_conf, mailboxes_fixed), .def = "false" },
	{ "information", "the SIM lists information numbers", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct cphs_conf, information), .def = "false" },
	{ "voice_mail", "lines with a message waiting", SCHEMA_SET, 0,
		SCHEMA_AT(struct cphs_conf, voice_mail), .names = cphs_line_names },
	{ "diverted", "lines whose calls are diverted", SCHEMA_SET, 0,
		SCHEMA_AT(struct cphs_conf, diverted), .names = cphs_line_names },
	{ "services", "the customer service profile: EF-CSP in hexadecimal", SCHEMA_TEXT,
		0, SCHEMA_AT(struct cphs_conf, services), .check = check_hex },
	{ NULL },
};
static const struct schema cphs_schema = { "cphs",
	"SIM files of the Common PCN Handset Specification", cphs_fields, NULL, NULL };

#define PREFERRED sizeof(((struct sim_conf *)0)->preferred[0])
static const struct schema_field preferred_item = { .type = SCHEMA_TEXT,
	.offset = offsetof(struct sim_conf, preferred[0].plmn) -
		  offsetof(struct sim_conf, preferred[0]),
	.size = 8,
	.check = check_plmn };
static const struct schema_field plmn_item = {
	.type = SCHEMA_TEXT, .size = 8, .check = check_plmn
};

static const struct schema_field sim_fields[] = {
	{ "kind", kind_help, SCHEMA_NOTE },
	{ "inherits", inherits_help, SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "title", title_help, SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct sim_conf, title), .min = 1 },
	{ "inserted", "a SIM is inserted", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct sim_conf, inserted), .def = "true" },
	{ "rack_closed", "the SIM drawer is closed", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct sim_conf, rack_closed), .def = "true" },
	{ "imsi", "6 to 15 digits", SCHEMA_TEXT, 0, SCHEMA_AT(struct sim_conf, imsi),
		.check = check_imsi },
	{ "iccid", "19 or 20 digits", SCHEMA_TEXT, 0, SCHEMA_AT(struct sim_conf, iccid),
		.check = check_iccid },
	{ "mnc_digits", "number of MNC digits in the IMSI", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, mnc_digits), .min = 2, .max = 3, .def = "2" },
	{ "provider", "the service provider's name", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct sim_conf, provider) },
	{ "voice_mail", "the voice mail number", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct sim_conf, voice_mail), .check = check_number },
	{ "gid1", "group identifier of the service provider in hexadecimal", SCHEMA_TEXT,
		0, SCHEMA_AT(struct sim_conf, gid1), .check = check_hex },
	{ "gid2", "group identifier of the corporation in hexadecimal", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct sim_conf, gid2), .check = check_hex },
	{ "cphs", "CPHS files: mailboxes, names, flags", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, cphs), .schema = &cphs_schema },
	{ "pin", "PIN1, 4 to 8 digits", SCHEMA_TEXT, 0, SCHEMA_AT(struct sim_conf, pin),
		.check = check_pin },
	{ "puk", "PUK1, 8 digits", SCHEMA_TEXT, 0, SCHEMA_AT(struct sim_conf, puk),
		.check = check_puk },
	{ "pin2", "PIN2, 4 to 8 digits", SCHEMA_TEXT, 0, SCHEMA_AT(struct sim_conf, pin2),
		.check = check_pin },
	{ "puk2", "PUK2, 8 digits", SCHEMA_TEXT, 0, SCHEMA_AT(struct sim_conf, puk2),
		.check = check_puk },
	{ "pin_enabled", "PIN1 is required", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct sim_conf, pin_enabled), .def = "false" },
	{ "pin_stays", "PIN1 cannot be disabled", SCHEMA_BOOL, 0,
		SCHEMA_AT(struct sim_conf, pin_stays), .def = "false" },
	{ "pin_tries", "attempts left", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, pin_tries), .min = 0, .max = 3, .def = "3" },
	{ "puk_tries", "attempts left", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, puk_tries), .min = 0, .max = 10, .def = "10" },
	{ "pin2_tries", "attempts left", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, pin2_tries), .min = 0, .max = 3, .def = "3" },
	{ "puk2_tries", "attempts left", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, puk2_tries), .min = 0, .max = 10,
		.def = "10" },
	{ "books", "its phonebooks", SCHEMA_STRUCT, .schema = &books_schema },
	{ "preferred", "preferred networks, the best first", SCHEMA_LIST, 0,
		LIST(struct sim_conf, preferred, n_preferred, &preferred_item) },
	{ "preferred_max", "capacity of the list of preferred networks", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, preferred_max), .min = 0,
		.max = PROFILE_PREFERRED, .def = "8" },
	{ "forbidden", "networks that have refused this SIM", SCHEMA_LIST, 0,
		LIST(struct sim_conf, forbidden, n_forbidden, &plmn_item) },
	{ "messages", "its short messages", SCHEMA_STRUCT, SCHEMA_FILL,
		.schema = &messages_schema },
	{ "toolkit", "its SIM toolkit: a menu, and what its items do", SCHEMA_STRUCT, 0,
		SCHEMA_AT(struct sim_conf, toolkit), .schema = &toolkit_schema },
	{ NULL },
};
const struct schema sim_schema = { "sim", "sim: a SIM, or its absence", sim_fields, NULL,
	check_sim };

static const struct schema_field name_fields[] = {
	{ "plmn", "MCC and MNC", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct operator_name, plmn), .check = check_plmn },
	{ "long", "its long name", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct operator_name, long_name), .min = 1 },
	{ "short", "its short name", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct operator_name, short_name), .min = 1 },
	{ NULL },
};
static const struct schema name_schema = { "name", "an operator's names", name_fields,
	NULL, NULL };
static const struct schema_field name_item = { .type = SCHEMA_STRUCT,
	.schema = &name_schema };

static const struct schema_field operators_fields[] = {
	{ "kind", kind_help, SCHEMA_NOTE },
	{ "title", title_help, SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "provenance", "how certain the table is", SCHEMA_ENUM, SCHEMA_NOWHERE,
		.names = provenance_names },
	{ "operators", "one entry per operator", SCHEMA_LIST, SCHEMA_REQUIRED,
		LIST(struct operator_table, row, rows, &name_item) },
	{ NULL },
};
const struct schema operators_schema = { "operators",
	"operators: the operator names in the firmware of one period", operators_fields,
	NULL, check_operators };

static const struct schema_field set_item = { .type = SCHEMA_TEXT, .size = PROFILE_NAME };
static const struct schema_field set_fields[] = {
	{ "kind", kind_help, SCHEMA_NOTE },
	{ "title", title_help, SCHEMA_NOTE, SCHEMA_REQUIRED },
	{ "see", see_help, SCHEMA_NOTE },
	{ "profiles", "the names of its combinations", SCHEMA_LIST, SCHEMA_REQUIRED,
		.offset = offsetof(struct profile_set, name), .item = &set_item,
		.stride = PROFILE_NAME, .most = PROFILE_SET,
		.count = offsetof(struct profile_set, n) },
	{ NULL },
};
const struct schema set_schema = { "set",
	"sets: combinations that scenarios name together", set_fields, NULL, NULL };

static const struct schema_field part_name = { "name", "the name of a file in the folder",
	SCHEMA_TEXT, SCHEMA_NOWHERE };
static const struct schema device_part = { "device", "a file of devices/", device_fields,
	&part_name, check_device };
static const struct schema firmware_part = { "firmware", "a file of firmware/",
	firmware_fields, &part_name, NULL };
static const struct schema network_part = { "network", "a file of networks/",
	network_fields, &part_name, check_network };
static const struct schema sim_part = { "sim", "a file of sims/", sim_fields, &part_name,
	check_sim };
static const struct schema application_part = { "application",
	"a file of applications/, or none", application_fields, &part_name, NULL };
static const struct schema_field memory_item = { .type = SCHEMA_VALUE,
	.help = "the answer of AT+NAME? in a new unit",
	SCHEMA_AT(struct default_conf, value) };

static const struct schema_field profile_fields[] = {
	{ "kind", kind_help, SCHEMA_NOTE },
	{ "inherits", "another combination; the keys of this file override its keys",
		SCHEMA_NOTE },
	{ "see", see_help, SCHEMA_NOTE },
	{ "title", title_help, SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct profile, title), .min = 1 },
	{ "device", "the modem without its firmware", SCHEMA_STRUCT,
		SCHEMA_REQUIRED | SCHEMA_ELSEWHERE, .schema = &device_part },
	{ "firmware", "the firmware of a new unit", SCHEMA_STRUCT,
		SCHEMA_REQUIRED | SCHEMA_ELSEWHERE, .schema = &firmware_part },
	{ "application", "the Open AT application in a new unit", SCHEMA_STRUCT,
		SCHEMA_ELSEWHERE, .schema = &application_part },
	{ "downloader",
		"the firmware whose downloader a new unit has; if missing, that of its "
		"own firmware",
		SCHEMA_TEXT, SCHEMA_ELSEWHERE | SCHEMA_NOWHERE },
	{ "every_firmware",
		"overrides the keys of each firmware, for --set "
		"every_firmware.quirks.X=false",
		SCHEMA_NOTE, SCHEMA_ELSEWHERE },
	{ "network", "the network around the modem", SCHEMA_STRUCT,
		SCHEMA_REQUIRED | SCHEMA_ELSEWHERE, .schema = &network_part },
	{ "sim", "the SIM in the drawer", SCHEMA_STRUCT,
		SCHEMA_REQUIRED | SCHEMA_ELSEWHERE, .schema = &sim_part },
	{ "memory", "non-volatile settings of a new unit, by command", SCHEMA_TABLE, 0,
		LIST(struct profile, memory, memories, &memory_item), .key_size = 32,
		.check_key = check_command_name },
	{ NULL },
};
const struct schema profile_schema = { "profile",
	"profile: a combination of parts, chosen with --profile", profile_fields, NULL,
	NULL };
