/* Actions of the other end of a call, and of the network's services. */
#include "actions/rows.h"

#include <string.h>

#include "codec/hex.h"
#include "link/link.h"
#include "state/modem_state.h"

static const char not_there[] = "the modem is not registered; nothing reaches it";

/* incoming calls */

struct ring_args {
	char from[CALL_NUMBER];
	int bearer, detour, group;
	bool hidden;
	usec_t gives_up;
};

static const char *check_number(const void *value)
{
	const char *number = value;

	number += *number == '+';
	return !number[strspn(number, "0123456789*#ABCD")]
		       ? NULL
		       : "is not a number; write digits, with + before an international "
			 "one";
}

static const struct schema_field ring_fields[] = {
	{ "from", "the caller's number; left out: withheld", SCHEMA_VALUE,
		ARG(ring_args, from), .check = check_number },
	{ "as", "what kind of call", SCHEMA_ENUM, ARG(ring_args, bearer),
		.names = caller_names, .def = "voice" },
	{ "by", "whether the call was forwarded or deflected here (+CSSU: 0, 9)",
		SCHEMA_ENUM, ARG(ring_args, detour), .names = detour_names,
		.def = "direct" },
	{ "group", "closed user group (+CSSU: 1); -1: none", SCHEMA_INT,
		ARG(ring_args, group), .min = GROUP_NONE, .max = GROUP_MAX, .def = "-1" },
	{ "withheld", "its number is not shown", SCHEMA_BOOL, ARG(ring_args, hidden),
		.def = "false" },
	{ "for", "how long it rings until the caller gives up; 0s: no limit", SCHEMA_TIME,
		ARG(ring_args, gives_up), .max = INT64_MAX, .def = "30s" },
	{ NULL },
};
static const struct schema ring_schema = { .name = "ring",
	.help = "a call comes in",
	.fields = ring_fields,
	.scalar = ring_fields };

static const char *ring(struct modem *m, const void *args)
{
	const struct ring_args *a = args;
	const struct call_terms terms = {
		.bearer = calls_bearer(&m->calls, (enum caller_bearer)a->bearer, false),
		.hidden = a->hidden || !a->from[0],
		.group = a->group,
		.detour = (enum call_detour)a->detour,
		.gives_up = a->gives_up,
	};

	if (!net_registered(&m->net))
		return not_there;
	return call_incoming(&m->calls, a->from, &terms)
		       ? NULL
		       : "the call does not reach the modem: it is busy, bars, forwards "
			 "or refuses it; see AT+CLCC, AT+CLCK=\"AI\",2, AT+CCFC=0,2, "
			 "AT+WPGS";
}

/* the far end of a call */

struct hangup_args {
	int id, cause;
};

static const struct schema_field answer_fields[] = {
	{ NULL },
};
static const struct schema answer_schema = { .name = "far_answer",
	.help = "the party the modem calls answers now",
	.fields = answer_fields };

static const char *answer(struct modem *m, const void *args)
{
	const struct call *c = calls_find(&m->calls, CALL_ALERTING);

	(void)args;
	if (c && c->neighbour)
		return "a modem beside this one rings; answer there: ATA";
	return calls_far_answer(&m->calls)
		       ? NULL
		       : "the modem is not calling anybody; dial first: ATD";
}

static const struct schema_field hangup_fields[] = {
	{ "call", "its number in AT+CLCC, 0: all", SCHEMA_INT, ARG(hangup_args, id),
		.max = CALLS, .def = "0" },
	{ "cause", "cause in AT+CEER (24.008 annex H): 16 normal, 17 busy, 19 no answer",
		SCHEMA_INT, ARG(hangup_args, cause), .min = 1, .max = 127, .def = "16" },
	{ NULL },
};
static const struct schema hangup_schema = { .name = "hangup",
	.help = "the far end ends a call, rejects it, or gives up",
	.fields = hangup_fields };

static const char *hangup(struct modem *m, const void *args)
{
	const struct hangup_args *a = args;

	return calls_far_hang_up(&m->calls, a->id, a->cause)
		       ? NULL
		       : "there is no such call; AT+CLCC lists the calls";
}

struct farend_args {
	char text[1024], hex[2048];
};

static const struct schema_field farend_fields[] = {
	{ "text", "bytes, with \\r, \\n and \\\\", SCHEMA_TEXT, ARG(farend_args, text) },
	{ "hex", "or any bytes, in hexadecimal digits", SCHEMA_VALUE,
		ARG(farend_args, hex) },
	{ NULL },
};
static const struct schema farend_schema = { .name = "farend",
	.help = "the far end of a data call sends bytes",
	.fields = farend_fields,
	.scalar = farend_fields };

static const char *check_farend(const void *args)
{
	const struct farend_args *a = args;

	return !a->text[0] == !a->hex[0]
		       ? "nothing to send, or both given; write text or hex"
		       : NULL;
}

static const char *farend(struct modem *m, const void *args)
{
	struct channel *ch = link_online(m);
	const struct farend_args *a = args;
	unsigned char bytes[sizeof(a->hex) / 2];
	size_t n = strlen(a->text);

	if (!a->text[0] && !hex_decode(a->hex, strlen(a->hex), bytes, sizeof(bytes), &n))
		return "hex has a bad digit or an odd number of them; write two "
		       "hexadecimal digits for "
		       "each byte";
	if (!ch || ch->link->mode != LINK_DATA)
		return "no data call is online; dial one, or resume it: ATO";
	if (data_far_room(ch) < n)
		return "the port has no room: the host must read first";
	if (a->text[0])
		data_far_text(ch, a->text);
	else
		link_send(ch, bytes, n);
	return NULL;
}

/* USSD */

struct ussd_args {
	char text[PROFILE_USSD_TEXT];
	int dcs;
	bool answer;
};

static const struct schema_field ussd_fields[] = {
	{ "text", "the text, UTF-8", SCHEMA_TEXT, ARG(ussd_args, text),
		.flags = SCHEMA_REQUIRED },
	{ "dcs", "data coding scheme: 15 GSM alphabet, 72 UCS2", SCHEMA_INT,
		ARG(ussd_args, dcs), .max = 255, .def = "15" },
	{ "answer", "the network waits for an answer (+CUSD: 1)", SCHEMA_BOOL,
		ARG(ussd_args, answer), .def = "false" },
	{ NULL },
};
static const struct schema ussd_schema = { .name = "ussd_message",
	.help = "the network sends USSD without being asked",
	.fields = ussd_fields,
	.scalar = ussd_fields };

static const char *ussd(struct modem *m, const void *args)
{
	const struct ussd_args *a = args;

	if (!net_registered(&m->net))
		return not_there;
	return ussd_push(&m->ussd, a->text, a->dcs, a->answer)
		       ? NULL
		       : "a dialogue is in progress; end it first: AT+CUSD=2";
}

const struct action_row actions_call[] = {
	{ "ring", &ring_schema, sizeof(struct ring_args), ring,
		.example = "ring from=+33612345678" },
	{ "answer", &answer_schema, sizeof(struct hangup_args), answer },
	{ "hangup", &hangup_schema, sizeof(struct hangup_args), hangup,
		.example = "hangup cause=17" },
	{ "farend", &farend_schema, sizeof(struct farend_args), farend, check_farend,
		.example = "farend text=hello" },
	{ "ussd", &ussd_schema, sizeof(struct ussd_args), ussd,
		.example = "ussd text=hello answer=true" },
	{ NULL },
};
