/* The rules of faults as tables: the keys of `faults:`, the arguments of the action
 * `fault`. */
#include "faults/fault_rows.h"

#include <string.h>

#include "actions/rows.h"
#include "at/at.h"
#include "base/usec.h"
#include "describe/describe.h"
#include "state/notice.h"

/* triggers */

static const struct name forms[] = {
	{ AT_EXEC, "exec", "AT+X" },
	{ AT_SET, "set", "AT+X=..." },
	{ AT_READ, "read", "AT+X?" },
	{ AT_TEST, "test", "AT+X=?" },
	{ 0, NULL, NULL },
};

#define ODDS(s)                                                                         \
	{ "chance", "how many times out of `out_of`", SCHEMA_INT, ARG(s, chance),       \
		.min = 1, .max = 1000000, .def = "100" },                               \
	{                                                                               \
		"out_of", "total to which `chance` refers", SCHEMA_INT, ARG(s, out_of), \
			.min = 1, .max = 1000000, .def = "100"                          \
	}

static const struct schema_field trigger_fields[] = {
	{ "at", "the place at which it happens", SCHEMA_ENUM, ARG(fault_trigger, place),
		.names = fault_place_names, .flags = SCHEMA_REQUIRED },
	{ "command", "the running command: +CMGS, D; AT: a line without a command",
		SCHEMA_VALUE, ARG(fault_trigger, command), .check = fault_wrong_command },
	{ "form", "its form", SCHEMA_SET, ARG(fault_trigger, forms), .names = forms },
	{ "unknown", "the firmware deliberately does not have that command", SCHEMA_BOOL,
		ARG(fault_trigger, unknown), .def = "false" },
	{ "parameters", "exactly what follows its name (and =)", SCHEMA_VALUE,
		ARG(fault_trigger, parameters) },
	{ "text", "exactly the text of the place", SCHEMA_VALUE,
		ARG(fault_trigger, text) },
	{ "event", "with `at: event`: which event", SCHEMA_ENUM,
		ARG(fault_trigger, event), .names = notice_names },
	{ "number", "exactly the number of the place", SCHEMA_INT,
		ARG(fault_trigger, number), .min = 1, .max = 1 << 20 },
	{ "nth", "only this occurrence, from 1", SCHEMA_INT, ARG(fault_trigger, nth),
		.min = 1, .max = 1 << 20 },
	{ "from", "this occurrence and all after it", SCHEMA_INT,
		ARG(fault_trigger, from), .min = 1, .max = 1 << 20 },
	ODDS(fault_trigger),
	{ "note", "a note for readers", SCHEMA_NOTE },
	{ NULL },
};
static const struct schema trigger_schema = { .name = "trigger",
	.help = "an event; all given keys must match",
	.fields = trigger_fields,
	.scalar = trigger_fields,
	.apart = true };
static const struct schema_field a_trigger = { .type = SCHEMA_STRUCT,
	.schema = &trigger_schema,
	.size = sizeof(struct fault_trigger) };

static const struct schema_field span_fields[] = {
	{ "min", "shortest", SCHEMA_TIME, ARG(fault_span, min), .max = INT64_MAX,
		.flags = SCHEMA_REQUIRED },
	{ "max", "longest; any time in between is equally likely", SCHEMA_TIME,
		ARG(fault_span, max), .max = INT64_MAX },
	{ NULL },
};
static const struct schema span_schema = { .name = "span",
	.help = "a time, or a range from which it is drawn",
	.fields = span_fields,
	.scalar = span_fields,
	.apart = true };

static const struct schema_field a_state = { .type = SCHEMA_VALUE,
	.help = "its value",
	.offset = offsetof(struct fault_pair, value),
	.size = sizeof(((struct fault_pair *)0)->value) };

static const char *wrong_state(const char *key)
{
	return modem_state_known(key, NULL)
		       ? NULL
		       : "is not a state of a modem; fauxtrack list states shows all";
}

#define RULE(m) ARG(fault_rule, m)

static const struct schema_field a_port = {
	.type = SCHEMA_ENUM, .size = sizeof(int), .names = port_names
};

#define COMMON_FIELDS                                                                   \
	{ "name", "used in messages", SCHEMA_TEXT, RULE(name) },                        \
		{ "when", "what starts it; without it the rule holds from the start",   \
			SCHEMA_STRUCT, RULE(when), .schema = &trigger_schema },         \
		{ "until", "what ends it", SCHEMA_LIST,                                 \
			.offset = offsetof(struct fault_rule, until),                   \
			.item = &a_trigger, .stride = sizeof(struct fault_trigger),     \
			.most = FAULT_UNTIL,                                            \
			.count = offsetof(struct fault_rule, n_until) },                \
		{ "while", "states that must hold when it acts", SCHEMA_TABLE,          \
			.offset = offsetof(struct fault_rule, holds), .item = &a_state, \
			.stride = sizeof(struct fault_pair), .most = FAULT_WHILE,       \
			.count = offsetof(struct fault_rule, n_holds),                  \
			.key_size = sizeof(((struct fault_pair *)0)->key),              \
			.check_key = wrong_state },                                     \
		{ "after", "delay from the trigger to the effect", SCHEMA_STRUCT,       \
			RULE(after), .schema = &span_schema },                          \
		{ "for", "how long it lasts", SCHEMA_STRUCT, RULE(last),                \
			.schema = &span_schema },                                       \
		{ "every", "interval at which a single action is repeated",             \
			SCHEMA_STRUCT, RULE(every), .schema = &span_schema },           \
		{ "times", "how often it acts at most after each start", SCHEMA_INT,    \
			RULE(times), .min = 1, .max = 1 << 20 },                        \
		{ "once", "it acts once and never again; `--state` remembers that",     \
			SCHEMA_BOOL, RULE(once), .def = "false" },                      \
		{ "port", "uart1, uart2 or usb, or a list: starts and acts only there", \
			SCHEMA_LIST, SCHEMA_OR_ONE,                                     \
			.offset = offsetof(struct fault_rule, ports), .item = &a_port,  \
			.stride = sizeof(int), .most = MODEM_NAMED,                     \
			.count = offsetof(struct fault_rule, n_ports) },                \
		ODDS(fault_rule)

/* effects */

#define EFFECT(effect, m)                                \
	.offset = offsetof(struct fault_rule, effect.m), \
	.size = sizeof(((struct fault_rule *)0)->effect.m)
/* Members of the effects lie in struct fault_rule itself, so the schema of an effect is
 * bound at the start of the rule. */
#define WHOLE .offset = 0, .size = sizeof(struct fault_rule)

static const struct schema_field say_fields[] = {
	{ "text", "a line, or bytes with raw", SCHEMA_VALUE, EFFECT(say, text), .min = 1,
		.flags = SCHEMA_REQUIRED },
	{ "raw", "send exactly these bytes: \\r \\n \\\\ <1A>", SCHEMA_BOOL,
		EFFECT(say, raw), .def = "false" },
	{ NULL },
};
static const struct schema say_schema = { .name = "say",
	.help = "sends a line framed like a URC, or bytes, at any moment",
	.fields = say_fields,
	.scalar = say_fields };

static const struct name resets[] = {
	{ FAULT_RESET_FULL, "full", "with the full output of a boot" },
	{ FAULT_RESET_STOP, "stop", "it does not start again until power-on" },
	{ 0, NULL, NULL },
};
static const struct schema_field reset_fields[] = {
	{ "how", "what kind", SCHEMA_ENUM, EFFECT(reset, how), .names = resets,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema reset_schema = { .name = "reset",
	.help = "the modem resets by itself",
	.fields = reset_fields,
	.scalar = reset_fields };

static const struct name aborts[] = { { 1, "silently", NULL }, { 0, NULL, NULL } };

static const struct name infos[] = {
	{ FAULT_INFO_KEEP, "keep", "the command's own information is sent" },
	{ FAULT_INFO_DROP, "drop", "the information is not sent" },
	{ 0, NULL, NULL },
};
static const struct schema_field a_command = {
	.type = SCHEMA_VALUE, .size = FAULT_NAME, .check = fault_wrong_command
};
static const struct schema_field answer_fields[] = {
	{ "result", "the final result; none; as-is: its own, so it is carried out",
		SCHEMA_VALUE, EFFECT(answer, result), .min = 1, .def = "as-is",
		.check = fault_wrong_result },
	{ "bytes", "exactly these bytes instead of a final result: \\r \\n <1A>",
		SCHEMA_VALUE, EFFECT(answer, bytes), .min = 1 },
	{ "commands",
		"the commands (AT: a line without a command); without it, all commands "
		"of the firmware",
		SCHEMA_LIST, .offset = offsetof(struct fault_rule, answer.commands),
		.item = &a_command, .stride = FAULT_NAME, .most = FAULT_COMMANDS,
		.count = offsetof(struct fault_rule, answer.n_commands) },
	{ "unknown", "the firmware deliberately does not have these commands",
		SCHEMA_BOOL, EFFECT(answer, unknown), .def = "false" },
	{ "form", "the forms; without it, all", SCHEMA_SET, EFFECT(answer, forms),
		.names = forms },
	{ "parameters", "only with exactly these parameters", SCHEMA_VALUE,
		EFFECT(answer, parameters) },
	{ "obeyed", "the command is still carried out", SCHEMA_BOOL,
		EFFECT(answer, obeyed), .def = "false" },
	{ "info", "what happens to its information", SCHEMA_ENUM, EFFECT(answer, info),
		.names = infos, .def = "keep" },
	{ "first", "a line before everything else, in a block of its own", SCHEMA_VALUE,
		EFFECT(answer, first) },
	{ "lines", "information that replaces the command's own; \\n begins a new line",
		SCHEMA_VALUE, EFFECT(answer, lines) },
	{ "delay",
		"delay of the whole answer, counted from the text if the command asks "
		"for one (the delay of the prompt itself is `prompt`)",
		SCHEMA_STRUCT, EFFECT(answer, delay), .schema = &span_schema },
	{ "result_delay", "extra delay of the final result, after the information",
		SCHEMA_STRUCT, EFFECT(answer, result_delay), .schema = &span_schema },
	{ NULL },
};
static const struct schema answer_schema = { .name = "answer",
	.help = "commands are answered differently",
	.fields = answer_fields };

static const struct name prompts[] = {
	{ FAULT_PROMPT_LATE, "late", "what is typed before it already counts as text" },
	{ FAULT_PROMPT_NEVER, "never", NULL },
	{ 0, NULL, NULL },
};
static const struct schema_field prompt_fields[] = {
	{ "how", "what happens to it", SCHEMA_ENUM, EFFECT(prompt, how), .names = prompts,
		.flags = SCHEMA_REQUIRED },
	{ "delay", "how late", SCHEMA_STRUCT, EFFECT(prompt, delay),
		.schema = &span_schema },
	{ NULL },
};
static const struct schema prompt_schema = { .name = "prompt",
	.help = "the prompt for a text",
	.fields = prompt_fields,
	.scalar = prompt_fields };

static const struct name mutes[] = {
	{ FAULT_MUTE_LOST, "lost", "input is lost, and so is output" },
	{ FAULT_MUTE_LATE, "late", "commands are obeyed; all output comes at the end" },
	{ 0, NULL, NULL },
};
static const struct schema_field mute_fields[] = {
	{ "bytes", "what happens to input and output", SCHEMA_ENUM, EFFECT(mute, how),
		.names = mutes, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema mute_schema = { .name = "mute",
	.help = "no echo, no answer; `times` counts lines",
	.fields = mute_fields,
	.scalar = mute_fields };

static const struct schema_field hush_fields[] = {
	{ "urc", "prefix of the lines", SCHEMA_VALUE, EFFECT(hush, urc), .min = 1,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema hush_schema = { .name = "hush",
	.help = "unsolicited lines that are suppressed",
	.fields = hush_fields,
	.scalar = hush_fields };

static const struct name gates[] = {
	{ FAULT_GATE_TYPING, "typing", "within a line being typed" },
	{ FAULT_GATE_ANSWER, "answer", "between information and final result" },
	{ FAULT_GATE_PROMPT, "prompt", "while the prompt waits for a text" },
	{ 0, NULL, NULL },
};
static const struct schema_field gate_fields[] = {
	{ "open", "when they come", SCHEMA_SET, EFFECT(gate, at), .names = gates,
		.flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema gate_schema = { .name = "gate",
	.help = "unsolicited lines come when they should wait",
	.fields = gate_fields };

static const struct name corruptions[] = {
	{ FAULT_DROP, "drop", "it is lost" },
	{ FAULT_DOUBLE, "double", "it comes twice, or up to `run` bytes do" },
	{ FAULT_FLIP, "flip", "bits of `mask` are inverted" },
	{ FAULT_NOISE, "noise", "random bytes come before it" },
	{ 0, NULL, NULL },
};
static const struct name directions[] = {
	{ FAULT_TO_HOST, "to-host", "output of the modem" },
	{ FAULT_TO_MODEM, "to-modem", "output of the host" },
	{ FAULT_BOTH, "both", NULL },
	{ 0, NULL, NULL },
};
static const struct schema_field corrupt_fields[] = {
	{ "how", "what happens to a byte", SCHEMA_ENUM, EFFECT(corrupt, how),
		.names = corruptions, .flags = SCHEMA_REQUIRED },
	{ "direction", "in which direction", SCHEMA_ENUM, EFFECT(corrupt, direction),
		.names = directions, .def = "both" },
	{ "only", "which characters it affects; without it, all", SCHEMA_VALUE,
		EFFECT(corrupt, only) },
	{ "text", "noise that is not random: \\r \\n <1A>", SCHEMA_VALUE,
		EFFECT(corrupt, text) },
	{ "one_in", "probability per byte: 1 in this many", SCHEMA_INT,
		EFFECT(corrupt, one_in), .min = 1, .max = 1 << 30, .def = "100" },
	{ "mask", "bits to flip", SCHEMA_INT, EFFECT(corrupt, mask), .min = 1, .max = 255,
		.def = "1" },
	{ "run", "double: so many bytes at most come twice together", SCHEMA_INT,
		EFFECT(corrupt, run), .min = 1, .max = FAULT_RUN_MAX, .def = "1" },
	{ "bytes", "number of noise bytes", SCHEMA_INT, EFFECT(corrupt, bytes), .min = 1,
		.max = FAULT_NOISE_MAX, .def = "8" },
	{ NULL },
};
static const struct schema corrupt_schema = { .name = "corrupt",
	.help = "a bad line: bytes are lost, doubled, changed",
	.fields = corrupt_fields };

static const struct schema_field pace_fields[] = {
	{ "byte", "time from one byte to the next", SCHEMA_TIME, EFFECT(pace, byte),
		.min = 1, .max = INT64_MAX, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema pace_schema = { .name = "pace",
	.help = "the modem's output is slow",
	.fields = pace_fields,
	.scalar = pace_fields };

static const struct name stuck[] = { { 1, "stuck", "the modem accepts no bytes" },
	{ 0, NULL, NULL } };

static const struct name xmodems[] = {
	{ FAULT_XMODEM_NAK, "nak", "refused as if its check were wrong" },
	{ FAULT_XMODEM_SILENT, "silent", "no answer; the block is still taken" },
	{ FAULT_XMODEM_CANCEL, "cancel", "CAN CAN" },
	{ FAULT_XMODEM_TEXT, "text",
		"a text, CAN CAN, then only the downloader is left" },
	{ FAULT_XMODEM_SLOW, "slow", "answered after `delay`" },
	{ 0, NULL, NULL },
};
static const struct schema_field xmodem_fields[] = {
	{ "how", "what happens to blocks and start characters", SCHEMA_ENUM,
		EFFECT(xmodem, how), .names = xmodems, .flags = SCHEMA_REQUIRED },
	{ "text", "the text that is sent", SCHEMA_VALUE, EFFECT(xmodem, text) },
	{ "delay", "how late", SCHEMA_STRUCT, EFFECT(xmodem, delay),
		.schema = &span_schema },
	{ NULL },
};
static const struct schema xmodem_schema = { .name = "xmodem",
	.help = "a download is answered differently",
	.fields = xmodem_fields,
	.scalar = xmodem_fields };

static const struct name stores[] = {
	{ FAULT_STORE_FAILS, "fails", "and the modem reports an error" },
	{ FAULT_STORE_LOSES, "loses", "and nobody notices until the next power-on" },
	{ 0, NULL, NULL },
};
static const struct schema_field store_fields[] = {
	{ "how", "what happens to what is stored", SCHEMA_ENUM, EFFECT(store, how),
		.names = stores, .flags = SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema store_schema = { .name = "store",
	.help = "the non-volatile memory does not keep what is written",
	.fields = store_fields,
	.scalar = store_fields };

/* rules */

const struct schema_field fault_common_fields[] = {
	COMMON_FIELDS,
	{ NULL },
};

static const struct schema_field fault_fields[] = {
	COMMON_FIELDS,
	{ "say", "sends a line, or bytes", SCHEMA_STRUCT, WHOLE, .schema = &say_schema },
	{ "reset", "resets by itself", SCHEMA_STRUCT, WHOLE, .schema = &reset_schema },
	{ "abort", "ends the running command without a result", SCHEMA_ENUM, RULE(abort),
		.names = aborts },
	{ "answer", "answers commands differently", SCHEMA_STRUCT, WHOLE,
		.schema = &answer_schema },
	{ "prompt", "the prompt is late, or missing", SCHEMA_STRUCT, WHOLE,
		.schema = &prompt_schema },
	{ "mute", "sends nothing", SCHEMA_STRUCT, WHOLE, .schema = &mute_schema },
	{ "hush", "suppresses unsolicited lines", SCHEMA_STRUCT, WHOLE,
		.schema = &hush_schema },
	{ "gate", "sends unsolicited lines when they should wait", SCHEMA_STRUCT, WHOLE,
		.schema = &gate_schema },
	{ "corrupt", "a bad line", SCHEMA_STRUCT, WHOLE, .schema = &corrupt_schema },
	{ "pace", "a slow line", SCHEMA_STRUCT, WHOLE, .schema = &pace_schema },
	{ "cts", "accepts no bytes", SCHEMA_ENUM, RULE(cts), .names = stuck },
	{ "xmodem", "answers a download differently", SCHEMA_STRUCT, WHOLE,
		.schema = &xmodem_schema },
	{ "store", "does not keep what is written", SCHEMA_STRUCT, WHOLE,
		.schema = &store_schema },
	{ "see", "source of the fault", SCHEMA_NOTE },
	{ NULL },
};
const struct schema fault_schema = { .name = "fault",
	.help = "a rule for what goes wrong, for instance answer.commands=+CMGS "
		"answer.result=\"+CMS ERROR: 512\"",
	.fields = fault_fields };
