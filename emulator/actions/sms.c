/* Actions of senders of messages to the modem. */
#include <string.h>

#include "actions/rows.h"
#include "chapters/sms/events_sms.h"
#include "modem.h"
#include "state/modem_state.h"

const struct name modem_sms_alphabets[] = {
	{ MODEM_SMS_AUTO, "auto", "the GSM alphabet if it suffices, else UCS2" },
	{ MODEM_SMS_GSM7, "gsm7", "the GSM alphabet" },
	{ MODEM_SMS_UCS2, "ucs2", "UTF-16" },
	{ MODEM_SMS_DATA, "data", "8 bit data" },
	{ 0, NULL, NULL },
};

struct sms_args {
	char from[40], text[2048], pdu[400];
	int alphabet; /* enum modem_sms_alphabet */
	int class, pid, copies;
	bool wide;
	usec_t delay;
};

static const struct schema_field sms_fields[] = {
	{ "from", "a number, or a name", SCHEMA_VALUE, ARG(sms_args, from) },
	{ "text", "UTF-8, or digits with `alphabet: data`; a long one comes in parts",
		SCHEMA_TEXT, ARG(sms_args, text) },
	{ "pdu", "instead of the others: the digits of a DELIVER or STATUS-REPORT",
		SCHEMA_VALUE, ARG(sms_args, pdu) },
	{ "alphabet", "how its text is encoded", SCHEMA_ENUM, ARG(sms_args, alphabet),
		.names = modem_sms_alphabets, .def = "auto" },
	{ "class", "0 to 3, -1: no class", SCHEMA_INT, ARG(sms_args, class), .min = -1,
		.max = 3, .def = "-1" },
	{ "pid", "protocol identifier", SCHEMA_INT, ARG(sms_args, pid), .max = 255,
		.def = "0" },
	{ "wide", "parts have 16-bit references", SCHEMA_BOOL, ARG(sms_args, wide),
		.def = "false" },
	{ "delay", "until the service centre has it", SCHEMA_TIME, ARG(sms_args, delay),
		.max = INT64_MAX, .def = "0s" },
	{ "copies", "how many times it comes", SCHEMA_INT, ARG(sms_args, copies),
		.min = 1, .max = 10, .def = "1" },
	{ NULL },
};

static const struct schema sms_schema = {
	.name = "message", .help = "a message for the modem", .fields = sms_fields
};

static const char *check_sms(const void *args)
{
	const struct sms_args *a = args;

	return a->pdu[0] || a->from[0] ? NULL
				       : "the sender is missing; write from: NUMBER, or "
					 "pdu: for a whole message";
}

static const char *sms(struct modem *m, const void *args)
{
	const struct sms_args *a = args;
	const struct smsc_message message = {
		.from = a->from,
		.text = a->text,
		.alphabet = a->alphabet == MODEM_SMS_GSM7   ? CONCAT_GSM7
			    : a->alphabet == MODEM_SMS_UCS2 ? CONCAT_UCS2
							    : CONCAT_AUTO,
		.data = a->alphabet == MODEM_SMS_DATA,
		.wide = a->wide,
		.class = a->class,
		.pid = (uint8_t)a->pid,
		.delay = a->delay,
		.copies = a->copies,
	};
	enum pdu_error e;

	if (a->pdu[0])
		e = smsc_send_pdu(&m->smsc, a->pdu, strlen(a->pdu), a->delay, a->copies);
	else
		smsc_send(&m->smsc, &message, &e);
	return e == PDU_OK ? NULL : name_of(pdu_error_names, (int)e);
}

struct page_args {
	int serial, id, dcs;
	char text[1024];
};

static const struct schema_field page_fields[] = {
	{ "serial", "serial number", SCHEMA_INT, ARG(page_args, serial), .max = 65535,
		.def = "0" },
	{ "id", "message identifier", SCHEMA_INT, ARG(page_args, id), .max = 65535,
		.flags = SCHEMA_REQUIRED },
	{ "dcs", "data coding scheme", SCHEMA_INT, ARG(page_args, dcs), .max = 255,
		.def = "0" },
	{ "text", "UTF-8", SCHEMA_TEXT, ARG(page_args, text), .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema page_schema = { .name = "page",
	.help = "a cell broadcast message, as many pages as its text needs",
	.fields = page_fields };

static const char *page(struct modem *m, const void *args)
{
	const struct page_args *a = args;
	const struct sms_page p = { a->serial, a->id, a->dcs, a->text };

	return at_page_send(m, &p);
}

struct report_args {
	long long message;
	int status;
	usec_t delay;
};

static const struct schema_field report_fields[] = {
	{ "message", "its id in the outbox, 0: the newest", SCHEMA_INT,
		ARG(report_args, message), .max = UINT32_MAX, .def = "0" },
	{ "status", "TP-ST: 0 delivered, 32 and above still trying, 64 and above failed",
		SCHEMA_INT, ARG(report_args, status), .max = 255, .def = "0" },
	{ "delay", "until it comes", SCHEMA_TIME, ARG(report_args, delay),
		.max = INT64_MAX, .def = "0s" },
	{ NULL },
};
static const struct schema report_schema = { .name = "report",
	.help = "a status report about a message that the modem has sent, asked for or "
		"not",
	.fields = report_fields };

static const char *report(struct modem *m, const void *args)
{
	const struct report_args *a = args;

	return smsc_report(&m->smsc, (uint32_t)a->message, (uint8_t)a->status, a->delay)
		       ? NULL
		       : "the outbox has no such message; it keeps the newest 32";
}

struct acknowledge_args {
	long long message;
	int status;
	char reply[2048];
};

static const struct schema_field acknowledge_fields[] = {
	{ "message", "its number, from `centre` or the event of that name", SCHEMA_INT,
		ARG(acknowledge_args, message), .min = 1, .max = INT64_MAX,
		.flags = SCHEMA_REQUIRED },
	{ "status", "TP-ST: 0 delivered, 64 and above failed", SCHEMA_INT,
		ARG(acknowledge_args, status), .max = 255, .def = "0" },
	{ "reply", "UTF-8: what the recipient sends back", SCHEMA_TEXT,
		ARG(acknowledge_args, reply) },
	{ NULL },
};
static const struct schema acknowledge_schema = { .name = "acknowledge",
	.help = "an outside service centre says what became of a message; the modem then "
		"gets the status report that it has asked for",
	.fields = acknowledge_fields };

static const char *check_acknowledge(const void *args)
{
	const struct acknowledge_args *a = args;

	return a->status < 0x20 || a->status >= 0x40
		       ? NULL
		       : "with status 32 to 63 the message is still on its way; "
			 "acknowledge it at its end, or send a report of that";
}

static const char *acknowledge(struct modem *m, const void *args)
{
	const struct acknowledge_args *a = args;
	const struct smsc_item *it = smsc_outside_next(
		&m->smsc, (uint64_t)a->message - 1);
	char to[ADDRESS_NUMBER];
	struct smsc_message reply = {
		.from = to, .text = a->reply, .class = DCS_NO_CLASS, .copies = 1
	};
	enum pdu_error e;

	if (!it || it->ref != (uint64_t)a->message)
		return "no such message waits for a service centre; it has been "
		       "acknowledged, or its validity is over: `ctl centre` lists those "
		       "that wait";
	address_number(&it->peer, to);
	if (a->reply[0] && !smsc_send(&m->smsc, &reply, &e))
		return name_of(pdu_error_names, (int)e);
	smsc_acknowledge(&m->smsc, (uint64_t)a->message, (uint8_t)a->status);
	return NULL;
}

const struct action_row actions_sms[] = {
	{ "sms", &sms_schema, sizeof(struct sms_args), sms, check_sms,
		.example = "sms from=+33612345678 text=hello" },
	{ "report", &report_schema, sizeof(struct report_args), report,
		.example = "report message=1 status=0" },
	{ "acknowledge", &acknowledge_schema, sizeof(struct acknowledge_args),
		acknowledge, check_acknowledge,
		.example = "acknowledge message=1 status=0" },
	{ "page", &page_schema, sizeof(struct page_args), page,
		.example = "page id=50 text=hello" },
	{ NULL },
};
