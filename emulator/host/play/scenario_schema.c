/* The language of scenarios and field bugs: tables of its keys. */
#include "host/play/scenario_int.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

#include "base/buf.h"
#include "codec/dwl.h"
#include "conf/fault_conf.h"
#include "describe/describe.h"
#include "state/image.h"

#define STEP_FIELDS 80

/* ---- the language ---------------------------------------------------------------- */

const struct name scenario_step_names[] = {
	{ STEP_TALK, "talk", NULL },
	{ STEP_RAW, "raw", NULL },
	{ STEP_TYPE, "type", NULL },
	{ STEP_SILENCE, "silence", NULL },
	{ STEP_WAIT, "wait", NULL },
	{ STEP_UNTIL, "until", NULL },
	{ STEP_PORT, "port", NULL },
	{ STEP_ECHO, "echo", NULL },
	{ STEP_STATE, "state", NULL },
	{ STEP_SEND, "send", NULL },
	{ STEP_STORE, "store", NULL },
	{ STEP_SPEED, "speed", NULL },
	{ STEP_FORMAT, "format", NULL },
	{ STEP_RTS, "rts", NULL },
	{ STEP_OUTBOX, "outbox", NULL },
	{ STEP_SENT, "sent", NULL },
	{ STEP_FAR_END, "far_end", NULL },
	{ STEP_PPP, "ppp", NULL },
	{ STEP_PEER, "peer", NULL },
	{ STEP_TYPE_BYTES, "type_bytes", NULL },
	{ STEP_RAW_BYTES, "raw_bytes", NULL },
	{ 0, NULL, NULL },
};
static const struct name on_off[] = { { 0, "off", NULL }, { 1, "on", NULL },
	{ 0, NULL, NULL } };
static const struct name open_closed[] = { { 0, "closed", NULL }, { 1, "open", NULL },
	{ 0, NULL, NULL } };
static const struct name works_fails[] = { { 0, "fails", NULL }, { 1, "works", NULL },
	{ 0, NULL, NULL } };
static const struct name boots[] = { { 0, "cold", "powered on at the start" },
	{ 1, "warm", "already booted and idle" }, { 0, NULL, NULL } };
static const struct name blocks[] = { { 0, "mixed", NULL }, { 128, "128", NULL },
	{ 1024, "1024", NULL }, { 0, NULL, NULL } };
static const struct name checks[] = { { SEND_AS_ASKED, "as-asked", NULL },
	{ SEND_CHECKSUM, "checksum", NULL }, { SEND_CRC, "crc", NULL },
	{ 0, NULL, NULL } };

#define IN(s, m) SCHEMA_AT(struct s, m)

static const struct schema_field send_fields[] = {
	{ "firmware", "the firmware of the image", SCHEMA_TEXT, IN(send_conf, firmware) },
	{ "application",
		"an application instead: a name of applications/, built for that "
		"firmware or the profile's",
		SCHEMA_TEXT, IN(send_conf, application) },
	{ "kind", "the kind of image", SCHEMA_ENUM, IN(send_conf, kind),
		.names = dwl_kind_names, .def = "firmware" },
	{ "size", "bytes of the image, header included", SCHEMA_INT, IN(send_conf, size),
		.min = 1, .max = 16 << 20, .def = "4096" },
	{ "bad", "what is wrong with the image", SCHEMA_ENUM, IN(send_conf, bad),
		.names = image_defect_names, .def = "none" },
	{ "module", "another module than the firmware's own", SCHEMA_TEXT,
		IN(send_conf, module) },
	{ "text", "not an image: a file that begins with this text", SCHEMA_TEXT,
		IN(send_conf, text) },
	{ "block", "size of the blocks", SCHEMA_ENUM, IN(send_conf, block),
		.names = blocks, .def = "1024" },
	{ "check", "how blocks are checked", SCHEMA_ENUM, IN(send_conf, check),
		.names = checks, .def = "as-asked" },
	{ "blocks", "stops after so many acknowledged blocks", SCHEMA_INT,
		IN(send_conf, blocks), .max = 1 << 20 },
	{ "cancel", "with blocks: then cancels with CAN CAN", SCHEMA_BOOL,
		IN(send_conf, cancel) },
	{ "refused", "block 1 gets no ACK; the next step expects what comes instead",
		SCHEMA_BOOL, IN(send_conf, refused) },
	{ "refused_at", "the same for block N, counted from 1", SCHEMA_INT,
		IN(send_conf, refused_at), .min = 1, .max = 1000000 },
	{ "refused_end", "the same for the EOT", SCHEMA_BOOL,
		IN(send_conf, refused_end) },
	{ "naks", "expected number of NAKs; -1: any", SCHEMA_INT, IN(send_conf, naks),
		.min = -1, .max = 100, .def = "-1" },
	{ "takes", "the exact time from block 1 to the last ACK", SCHEMA_TIME,
		IN(send_conf, takes), .max = INT64_MAX },
	{ "damage", "this block is damaged once and must get a NAK", SCHEMA_INT,
		IN(send_conf, damage), .max = 1 << 20 },
	{ "repeat", "this block is sent twice, as if its ACK were lost", SCHEMA_INT,
		IN(send_conf, repeat), .max = 1 << 20 },
	{ "corrupt", "this block has a wrong byte, but a right check", SCHEMA_INT,
		IN(send_conf, corrupt), .max = 1 << 20 },
	{ NULL },
};
static const struct schema send_schema = {
	.name = "send", .help = "a file sent by XMODEM", .fields = send_fields
};

static const char *is_state(const char *key)
{
	return modem_state_known(key, NULL)
		       ? NULL
		       : "is not a state of a modem; fauxtrack list states shows all";
}

static const struct schema_field a_pair = {
	.type = SCHEMA_VALUE, .help = "its value", IN(scenario_pair, value)
};

#define PAIRS(s, m, n)                                                          \
	.offset = offsetof(struct s, m), .item = &a_pair,                       \
	.stride = sizeof(struct scenario_pair), .count = offsetof(struct s, n), \
	.key_size = sizeof(((struct scenario_pair *)0)->key)

static const char *check_format(const void *value)
{
	struct uart_format f;

	return uart_format_parse(value, &f)
		       ? NULL
		       : "is no character format; write one such as 8N1 or 7E1";
}

static const struct schema_field own_fields[] = {
	{ "talk",
		"lines: > typed, < answered, <| next line of the answer, <@2s answered "
		"at that time, = bytes",
		SCHEMA_NOTE },
	{ "raw", "bytes that must come: \\r \\n \\\\ <1A>", SCHEMA_NOTE },
	{ "type", "bytes to type: \\r \\n \\\\ <1A>", SCHEMA_NOTE },
	{ "silence", "nothing may come for this time", SCHEMA_TIME, IN(step, time),
		.max = INT64_MAX },
	{ "wait", "time passes; the next steps expect what has come", SCHEMA_TIME,
		IN(step, time), .max = INT64_MAX },
	{ "until", "time passes until so long after the first power-on", SCHEMA_TIME,
		IN(step, time), .max = INT64_MAX },
	{ "port", "opened or closed by the host (DTR)", SCHEMA_ENUM, IN(step, on),
		.names = open_closed },
	{ "echo", "whether `>` lines expect an echo from now on", SCHEMA_ENUM,
		IN(step, on), .names = on_off },
	{ "store", "whether the non-volatile memory can store data", SCHEMA_ENUM,
		IN(step, on), .names = works_fails },
	{ "state", "state values that the modem must have", SCHEMA_TABLE,
		PAIRS(step, states, n_states), .most = SCENARIO_STATES,
		.check_key = is_state },
	{ "send", "a file sent by XMODEM", SCHEMA_STRUCT, IN(step, send),
		.schema = &send_schema },
	{ "outbox", "the last notice about a message that the modem has sent",
		SCHEMA_NOTE },
	{ "sent", "expected properties of the newest message that the modem has sent",
		SCHEMA_TABLE, SCHEMA_ELSEWHERE, .item = &a_pair },
	{ "far_end", "what the last called number was shown", SCHEMA_NOTE },
	{ "ppp", "the host speaks PPP", SCHEMA_STRUCT, IN(step, ppp),
		.schema = &ppp_step_schema },
	{ "type_bytes", "so many bytes to type, of every value", SCHEMA_INT,
		IN(step, bytes_n), .min = 1, .max = PEER_BYTES },
	{ "raw_bytes", "so many bytes that must come, of every value", SCHEMA_INT,
		IN(step, bytes_n), .min = 1, .max = PEER_BYTES },
	{ "peer", "the far side of a socket of WIPsoft", SCHEMA_STRUCT, IN(step, peer),
		.schema = &peer_step_schema },
	{ "speed", "the host sets its line to so many baud; 0: unknown", SCHEMA_INT,
		IN(step, baud), .max = 4000000 },
	{ "format", "the host sets its line to a character format such as 7E1",
		SCHEMA_TEXT, IN(step, format), .min = 3, .check = check_format },
	{ "rts", "RTS of the host", SCHEMA_ENUM, IN(step, on), .names = on_off },
	{ "modem", "which modem it is about", SCHEMA_TEXT, IN(step, modem_name), .min = 1,
		.def = "a" },
	{ "via", "the host is at this port of the modem", SCHEMA_ENUM, IN(step, via),
		.names = port_names, .def = "uart1" },
	{ "within", "how long each expected answer may take", SCHEMA_TIME,
		IN(step, within), .max = INT64_MAX, .def = "5s" },
	{ "note", "a remark for readers", SCHEMA_NOTE },
	{ NULL },
};
static struct schema_field step_fields[STEP_FIELDS];
static struct schema step_schema = { .name = "step", .fields = step_fields };
static const struct schema_field a_step = { .type = SCHEMA_STRUCT,
	.schema = &step_schema };
static const struct schema_field a_profile = { .type = SCHEMA_TEXT,
	.size = PROFILE_NAME };

static const struct name evidences[] = {
	{ EVIDENCE_TRANSCRIPT, "transcript", "lines as somebody posted them" },
	{ EVIDENCE_SOURCE, "source",
		"in the source of a host tool, which depends on it" },
	{ EVIDENCE_MANUAL, "manual", "in a manual of the maker" },
	{ EVIDENCE_DESCRIPTION, "description",
		"only described: the lines are built from the description" },
	{ 0, NULL, NULL },
};
static const struct schema_field bug_fields[] = {
	{ "evidence", "how well it is known", SCHEMA_ENUM, IN(bug_conf, evidence),
		.names = evidences, .flags = SCHEMA_REQUIRED },
	{ "source", "where it was reported: addresses, one per line", SCHEMA_TEXT,
		IN(bug_conf, source), .min = 1, .flags = SCHEMA_REQUIRED },
	{ "models", "the modems and firmwares that have it", SCHEMA_TEXT,
		IN(bug_conf, models), .min = 1, .flags = SCHEMA_REQUIRED },
	{ "symptom", "what the host sees", SCHEMA_TEXT, IN(bug_conf, symptom), .min = 1,
		.flags = SCHEMA_REQUIRED },
	{ "cause", "the cause, as far as it is known", SCHEMA_TEXT, IN(bug_conf, cause) },
	{ "host", "what a good host program does", SCHEMA_TEXT, IN(bug_conf, host),
		.min = 1, .flags = SCHEMA_REQUIRED },
	{ "inferred", "the parts that no source reports", SCHEMA_TEXT,
		IN(bug_conf, inferred) },
	{ NULL },
};
static const struct schema bug_schema = { .name = "bug",
	.help = "a failure that somebody met in the field",
	.fields = bug_fields };
static const struct schema_field a_fault = { .type = SCHEMA_STRUCT,
	.schema = &fault_schema };
static struct schema_field an_inject = { .type = SCHEMA_STRUCT };

/* What is missing is as at the scenario's own modem, except rules. */
static const struct schema_field modem_fields[] = {
	{ "profile",
		"its profile: a name, or a path from the folder of this file; without "
		"it the modem is a twin, with the profile, set and memory of the "
		"scenario's own",
		SCHEMA_TEXT, .size = PROFILE_TEXT, .flags = SCHEMA_NOWHERE },
	{ "set", "changes to the profile, by dotted path; sim.number is its number",
		SCHEMA_TABLE, PAIRS(scenario_modem, sets, n_sets),
		.most = SCENARIO_SETS },
	{ "memory", "settings before the first boot", SCHEMA_TABLE,
		PAIRS(scenario_modem, memory, n_memory), .most = SCENARIO_SETS },
	{ "seed", "seed of all random values", SCHEMA_INT, IN(scenario_modem, seed),
		.min = 1, .max = INT64_MAX },
	{ "echo", "whether `>` lines expect an echo", SCHEMA_ENUM,
		IN(scenario_modem, echo), .names = on_off },
	{ "boot", "its condition at the start", SCHEMA_ENUM, IN(scenario_modem, warm),
		.names = boots },
	{ "faults", "rules for what goes wrong at this modem", SCHEMA_LIST,
		.item = &a_fault, .most = FAULT_RULES, .flags = SCHEMA_ELSEWHERE },
	{ "inject", "actions that events in this modem trigger", SCHEMA_LIST,
		.item = &an_inject, .most = FAULT_RULES, .flags = SCHEMA_ELSEWHERE },
	{ NULL },
};
static const struct schema modem_schema = { .name = "scenario_modem",
	.help = "a further modem of the scenario",
	.fields = modem_fields };
static const struct schema_field a_modem = { .type = SCHEMA_STRUCT,
	.schema = &modem_schema };

static const struct schema_field scenario_fields[] = {
	{ "name", "the behaviour, as a sentence", SCHEMA_TEXT, IN(scenario, name),
		.min = 1, .flags = SCHEMA_REQUIRED },
	{ "see", "where the expected bytes come from", SCHEMA_NOTE },
	{ "profile",
		"the profile to play it on: a name, or a path from the folder of this "
		"file",
		SCHEMA_TEXT, .size = PROFILE_TEXT, .flags = SCHEMA_NOWHERE },
	{ "profiles", "or several profiles, or sets of them, each in turn", SCHEMA_LIST,
		SCHEMA_OR_ONE, .offset = offsetof(struct scenario, profiles),
		.item = &a_profile, .stride = PROFILE_NAME, .most = SCENARIO_PROFILES,
		.count = offsetof(struct scenario, n_profiles) },
	{ "set", "changes to the profile, by dotted path", SCHEMA_TABLE,
		PAIRS(scenario, own.sets, own.n_sets), .most = SCENARIO_SETS },
	{ "memory", "settings before the first boot", SCHEMA_TABLE,
		PAIRS(scenario, own.memory, own.n_memory), .most = SCENARIO_SETS },
	{ "seed", "seed of all random values", SCHEMA_INT, IN(scenario, own.seed),
		.min = 1, .max = INT64_MAX, .def = "1" },
	{ "echo", "whether `>` lines expect an echo", SCHEMA_ENUM, IN(scenario, own.echo),
		.names = on_off, .def = "on" },
	{ "boot", "the modem's condition at the start", SCHEMA_ENUM,
		IN(scenario, own.warm), .names = boots, .def = "warm" },
	{ "modems", "further modems by their names, which steps use: modem: b",
		SCHEMA_TABLE, .item = &a_modem, .most = SCENARIO_MODEMS - 1,
		.flags = SCHEMA_ELSEWHERE, .check_key = scenario_check_name },
	{ "bug", "for a field bug: its source and what a host should do", SCHEMA_STRUCT,
		IN(scenario, bug), .schema = &bug_schema },
	{ "faults", "rules for what goes wrong", SCHEMA_LIST, .item = &a_fault,
		.most = FAULT_RULES, .flags = SCHEMA_ELSEWHERE },
	{ "inject", "actions that events in the modem trigger", SCHEMA_LIST,
		.item = &an_inject, .most = FAULT_RULES, .flags = SCHEMA_ELSEWHERE },
	{ "steps", "what happens, in order", SCHEMA_LIST, .item = &a_step,
		.flags = SCHEMA_ELSEWHERE },
	{ "demo",
		"for a field bug: its steps in play; live, your tool takes the host's "
		"part",
		SCHEMA_LIST, .item = &a_step, .flags = SCHEMA_ELSEWHERE },
	{ NULL },
};
static const struct schema whole_schema = { .name = "scenario",
	.help = "a conversation with a modem in virtual time",
	.fields = scenario_fields };

/* Appends a key to the list for the help: talk, raw, ... */
static void add_key(struct buf *help, const char *key)
{
	buf_printf(help, "%s%s", help->len ? ", " : "", key);
}

static char step_keys[1024];

const char *scenario_step_keys(void)
{
	return step_keys;
}

const struct schema *scenario_step_schema(void)
{
	return &step_schema;
}

const struct schema *scenario_modem_schema(void)
{
	return &modem_schema;
}

static void make_step_schema(void)
{
	const struct action_row *row;
	const struct name *own;
	struct buf keys;
	size_t n = sizeof(own_fields) / sizeof(own_fields[0]) - 1, i;

	an_inject.schema = inject_schema();
	memcpy(step_fields, own_fields, sizeof(own_fields));
	buf_init(&keys, step_keys, sizeof(step_keys) - 1);
	for (own = scenario_step_names; own->name; own++)
		add_key(&keys, own->name);
	for (i = 0; (row = action_at(i)); i++) {
		assert(n + 1 < STEP_FIELDS);
		step_fields[n++] = (struct schema_field){ row->name, row->args->help,
			SCHEMA_STRUCT, SCHEMA_ELSEWHERE, .schema = row->args };
		add_key(&keys, row->name);
	}
	assert(!keys.full);
	step_schema.help = step_keys;
}

/* libfauxtrack may load field bugs in several threads. */
const struct schema *scenario_schema(void)
{
	static pthread_once_t made = PTHREAD_ONCE_INIT;

	pthread_once(&made, make_step_schema);
	return &whole_schema;
}
