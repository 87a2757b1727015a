/* Messages in the stores of a new unit: one row per key, and further checks. */
#include <string.h>

#include "conf/profile_schema.h"
#include "state/profile.h"

#define LIST(type, m, n, elem)                                            \
	.offset = offsetof(type, m), .stride = sizeof(((type *)0)->m[0]), \
	.most = sizeof(((type *)0)->m) / sizeof(((type *)0)->m[0]),       \
	.count = offsetof(type, n), .item = elem

static const struct name status_names[] = {
	{ SMS_UNREAD, "unread", "received" },
	{ SMS_READ, "read", "received" },
	{ SMS_UNSENT, "unsent", "written" },
	{ SMS_SENT, "sent", "written" },
	{ 0, NULL, NULL },
};

/* ---- one message ----------------------------------------------------------------- */

/* Reports a key that does not belong here. */
static bool unwanted(const struct doc *d, const char *key, const char *where,
	const char *instead, struct doc_errors *e)
{
	if (!doc_get(d, key))
		return false;
	doc_error(e, check_at(d, key), "\"%s\" does not belong %s; %s", key, where,
		instead);
	return true;
}

/* False, with errors, when keys exclude each other or are missing. */
static bool keys_fit(
	const struct message_conf *c, const struct doc *d, struct doc_errors *e)
{
	static const char *const excluded[] = { "text", "from", "to", "time" };
	bool bad = false;
	size_t i;

	if (doc_get(d, "pdu")) {
		for (i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++)
			bad |= unwanted(d, excluded[i],
				"next to \"pdu\", which contains it",
				"remove one of them", e);
		return !bad;
	}
	if (!doc_get(d, "text")) {
		doc_error(e, d->at,
			"a message without \"text\" or \"pdu\"; add one of them");
		return false;
	}
	if (c->status == SMS_UNSENT || c->status == SMS_SENT) {
		bad = unwanted(d, "from", "in a message that was not received",
			"write \"to\", or another status", e);
		bad |= unwanted(
			d, "time", "in a message that was not received", "remove it", e);
		return !bad;
	}
	if (!doc_get(d, "from")) {
		doc_error(e, d->at, "the sender of the message is missing; add \"from\"");
		bad = true;
	}
	bad |= unwanted(
		d, "to", "in a received message", "write \"from\", or another status", e);
	return !bad;
}

static void check_message(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct message_conf *c = object;
	struct address sc;
	struct tpdu t;
	enum pdu_error why;

	if (!keys_fit(c, d, e))
		return;
	why = message_conf_read(c, "", &sc, &t);
	if (why == PDU_OK)
		return;
	if (c->pdu[0] && why == PDU_TYPE)
		doc_error(e, check_at(d, "pdu"),
			"the PDU does not fit the status; a received message is a "
			"DELIVER, any other a SUBMIT");
	else if (c->pdu[0])
		doc_error(e, check_at(d, "pdu"),
			"the PDU cannot be read: %s; write it as AT+CMGR shows it in PDU "
			"mode, the service centre first",
			name_of(pdu_error_names, (int)why));
	else if (why == PDU_TIME)
		doc_error(e, check_at(d, "time"),
			"this is not a time; write it as AT+CMGR shows it, such as "
			"\"10/01/31,13:45:00+04\"");
	else if (why == PDU_TEXT_LENGTH)
		doc_error(e, check_at(d, "text"),
			"the text is too long for one message; shorten it to 160 "
			"characters, or to 70 if any is not in the GSM alphabet");
	else
		doc_error(e, check_at(d, c->to[0] ? "to" : "from"),
			"this address is not possible: %s; write up to 20 digits%s",
			name_of(pdu_error_names, (int)why),
			c->to[0] ? "" : ", or a name of up to 11 characters");
}

static const struct schema_field message_fields[] = {
	{ "index", "its position, from 1; if missing, the lowest free one", SCHEMA_INT, 0,
		SCHEMA_AT(struct message_conf, index), .min = 1, .max = SMS_SM_MAX },
	{ "status", "whether it was received and read, or written and sent", SCHEMA_ENUM,
		SCHEMA_REQUIRED, SCHEMA_AT(struct message_conf, status),
		.names = status_names },
	{ "from", "the sender of a received message: digits or a name", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct message_conf, from), .min = 1 },
	{ "to", "the recipient of a written message: digits", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct message_conf, to), .min = 1 },
	{ "time", "time stamp of the service centre, as AT+CMGR shows it", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct message_conf, time), .def = "10/01/01,12:00:00+00" },
	{ "text", "up to 160 characters of the GSM alphabet, or 70 with others",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct message_conf, text) },
	{ "pdu",
		"instead of from, to, time and text: service centre and TPDU in "
		"hexadecimal",
		SCHEMA_VALUE, 0, SCHEMA_AT(struct message_conf, pdu), .min = 1 },
	{ NULL },
};
const struct schema message_schema = { "message", "a short message in a store",
	message_fields, NULL, check_message, true };
const struct schema_field message_item = { .type = SCHEMA_STRUCT,
	.schema = &message_schema };

/* ---- a store --------------------------------------------------------------------- */

void check_messages(const struct message_conf *c, size_t n, int capacity,
	const struct doc *d, const char *key, struct doc_errors *e)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (i >= (size_t)capacity || c[i].index > capacity)
			doc_error(e, check_item_at(d, key, i),
				"message %d does not fit in a store of %d; remove it or "
				"make room",
				c[i].index ? c[i].index : (int)i + 1, capacity);
		for (k = 0; k < i; k++)
			if (c[i].index && c[k].index == c[i].index)
				doc_error(e, check_item_at(d, key, i),
					"message %d is here twice; renumber one",
					c[i].index);
	}
}

static const char *check_centre(const void *value)
{
	return *(const char *)value ? check_number(value) : NULL;
}

static void check_card(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct sim_conf *s = object;

	check_messages(s->messages.stored, s->messages.n_stored, s->messages.capacity, d,
		"stored", e);
}

static const struct schema_field messages_fields[] = {
	{ "capacity", "capacity in messages", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, messages.capacity), .min = 1,
		.max = SMS_SM_MAX, .def = "20" },
	{ "reports", "capacity in status reports", SCHEMA_INT, 0,
		SCHEMA_AT(struct sim_conf, messages.reports), .min = 1, .max = SMS_SR_MAX,
		.def = "10" },
	{ "centre", "the number of the service centre", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct sim_conf, messages.centre), .check = check_centre },
	{ "stored", "the stored messages", SCHEMA_LIST, 0,
		LIST(struct sim_conf, messages.stored, messages.n_stored,
			&message_item) },
	{ NULL },
};
const struct schema messages_schema = { "messages", "short messages on the SIM",
	messages_fields, NULL, check_card };
