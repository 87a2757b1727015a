/* The keys of commands as data, shared by firmwares and applications. */
#include "conf/command_schema.h"

#include <ctype.h>
#include <string.h>

#include "conf/profile_schema.h"
#include "faults/fault_rows.h"
#include "state/profile.h"

#define HOUR       3600000000
#define ANSWER(m)  SCHEMA_AT(struct answer_conf, m)
#define PARAM(m)   SCHEMA_AT(struct param_conf, m)
#define COMMAND(m) SCHEMA_AT(struct command_conf, m)
#define BOOT(m)    SCHEMA_AT(struct boot_line, m)
#define FORM(place)                                                                 \
	.schema = &answer_schema, .offset = offsetof(struct command_conf, answer) + \
					    (place) * sizeof(struct answer_conf)

static const char see_help[] = "the source of this information, for readers";

/* what a text may contain */

/* The number of the next {1} to {4} from *text on, which is moved past it; 0: none left;
 * -1: a number that stands for nothing. */
static int next_argument(const char **text)
{
	const char *t = *text;

	for (; *t; t++) {
		if (t[0] != '{' || !isdigit((unsigned char)t[1]) || t[2] != '}')
			continue;
		*text = t + 3;
		return t[1] >= '1' && t[1] <= '0' + PROFILE_PARAMS ? t[1] - '0' : -1;
	}
	*text = t;
	return 0;
}

/* The highest {n} of a text, 0 if it has none. */
static int highest_argument(const char *text)
{
	int n, most = 0;

	while ((n = next_argument(&text)))
		most = n > most ? n : most;
	return most;
}

static const char *check_arguments(const void *value)
{
	const char *text = value;
	int n;

	while ((n = next_argument(&text)))
		if (n < 0)
			return "has a {N} that stands for no argument; write {1} to {4}";
	return NULL;
}

static const char *check_result(const void *value)
{
	if (strcmp(value, "as-is") != 0 && !fault_wrong_result(value))
		return NULL;
	return "is not a result; write OK, ERROR, NO CARRIER, NO DIALTONE, NO ANSWER, "
	       "BUSY, \"+CME ERROR: 515\", \"+CMS ERROR: 512\" or none (no final result)";
}

const char *check_name_key(const char *key)
{
	return *key ? check_word(key) : "is empty; write a name";
}

/* answers */

static const struct schema_field line_item = { .type = SCHEMA_TEXT,
	.help = "one line of information",
	.size = COMMAND_LINE,
	.check = check_arguments };
static const struct schema_field one_line = { "lines", "one line", SCHEMA_LIST,
	SCHEMA_OR_ONE, .offset = offsetof(struct answer_conf, line),
	.stride = COMMAND_LINE, .most = COMMAND_LINES,
	.count = offsetof(struct answer_conf, lines), .item = &line_item };
static const struct schema_field answer_fields[] = {
	{ "lines", "the lines of information", SCHEMA_LIST, SCHEMA_OR_ONE,
		.offset = offsetof(struct answer_conf, line), .stride = COMMAND_LINE,
		.most = COMMAND_LINES, .count = offsetof(struct answer_conf, lines),
		.item = &line_item },
	{ "raw",
		"instead of lines and result, the bytes: \\r \\n \\\\ <1A>, whatever V, "
		"Q, "
		"S3 and S4 are",
		SCHEMA_TEXT, SCHEMA_ESCAPED, ANSWER(raw), .min = 1,
		.check = check_arguments },
	{ "result", "OK, ERROR, NO CARRIER, \"+CME ERROR: 515\"; none: no final result",
		SCHEMA_VALUE, 0, ANSWER(result), .min = 1, .def = "OK",
		.check = check_result },
	{ "latency", "from the CR to the answer; if missing, the usual one", SCHEMA_TIME,
		0, ANSWER(latency), .min = 1000, .max = HOUR },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};

static void check_answer(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct answer_conf *a = object;
	static const char *const others[] = { "lines", "result" };
	size_t i;

	if (!a->raw[0])
		return;
	for (i = 0; i < 2; i++)
		if (doc_get(d, others[i]))
			doc_error(e, check_at(d, others[i]),
				"raw is the whole answer, so there is no \"%s\"; remove "
				"one of "
				"them",
				others[i]);
}

const struct schema answer_schema = { "reply",
	"what a form of a command answers: one line, or a mapping", answer_fields,
	&one_line, check_answer, .apart = true };

/* parameters */

static const struct schema_field values_item = { .type = SCHEMA_TEXT,
	.help = "legal values instead of the usual ones, such as (0-7) or "
		"(\"GSM\",\"HEX\"); absent: the command ends before this parameter",
	.offset = offsetof(struct param_conf, values),
	.size = sizeof(((struct param_conf *)0)->values),
	.min = 1 };
static const struct schema_field param_fields[] = {
	{ "values",
		"legal values: (0-7), (\"GSM\",\"HEX\"); of a text: what =? shows; "
		"absent: the "
		"command of C ends before this parameter",
		SCHEMA_TEXT, 0, PARAM(values) },
	{ "type", "of a new command: what the value is", SCHEMA_ENUM, 0, PARAM(type),
		.names = command_type_names, .def = "int" },
	{ "kept", "of a new command: what keeps a new value", SCHEMA_ENUM, 0, PARAM(kept),
		.names = command_keeps_names, .def = "not" },
	{ "default", "its factory value", SCHEMA_VALUE, 0, PARAM(def) },
	{ "restored", "AT&F restores the factory value", SCHEMA_BOOL, 0, PARAM(restored),
		.def = "false" },
	{ "optional", "may be left out on the line", SCHEMA_BOOL, 0, PARAM(optional),
		.def = "false" },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema param_schema = { "parameter", "a parameter of a command",
	param_fields, &values_item, NULL };
static const struct schema_field param_item = { .type = SCHEMA_STRUCT,
	.schema = &param_schema,
	.help = "legal values, or a mapping" };

/* commands */

static const struct schema_field form_fields[] = {
	{ "exec", "the answer to AT+X", SCHEMA_STRUCT, 0, FORM(COMMAND_EXEC) },
	{ "set", "the answer to AT+X=...", SCHEMA_STRUCT, 0, FORM(COMMAND_SET) },
	{ "read", "the answer to AT+X?", SCHEMA_STRUCT, 0, FORM(COMMAND_READ) },
	{ "test", "the answer to AT+X=?", SCHEMA_STRUCT, 0, FORM(COMMAND_TEST) },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema forms_schema = { "forms", "its answers by form", form_fields,
	NULL, NULL };

static const struct name presence[] = {
	{ 1, "absent", NULL },
	{ 0, "present", NULL },
	{ 0, NULL, NULL },
};
static const struct schema_field absent_word = { "absent", "answers ERROR", SCHEMA_ENUM,
	.offset = offsetof(struct command_conf, absent), .size = sizeof(bool),
	.names = presence };
static const struct schema_field command_fields[] = {
	{ "absent", "this firmware answers ERROR", SCHEMA_BOOL, 0, COMMAND(absent),
		.def = "false" },
	{ "after_cmee", "answers ERROR until a client has sent AT+CMEE=1", SCHEMA_BOOL, 0,
		COMMAND(after_cmee), .def = "false" },
	{ "refused", "answers +CME ERROR: 3; its read and test forms work", SCHEMA_BOOL,
		0, COMMAND(refused), .def = "false" },
	{ "test", "the whole answer to =? after the command's name", SCHEMA_TEXT, 0,
		COMMAND(test) },
	{ "params", "its parameters by name: legal values, or a mapping", SCHEMA_TABLE, 0,
		offsetof(struct command_conf, param), .stride = sizeof(struct param_conf),
		.most = PROFILE_PARAMS, .count = offsetof(struct command_conf, params),
		.key_size = 20, .item = &param_item, .check_key = check_name_key },
	{ "forms", "what its forms answer", SCHEMA_STRUCT, 0, .schema = &forms_schema },
	{ "needs", "of a new command: what must be there, else it fails", SCHEMA_SET, 0,
		COMMAND(needs), .names = command_need_names },
	{ "open", "of a new command: forms to which needs does not apply", SCHEMA_SET,
		SCHEMA_SHIFT, COMMAND(open), .names = command_form_names },
	{ "scope", "of a new command: where else it works", SCHEMA_SET, 0, COMMAND(scope),
		.names = command_scope_names },
	{ "view", "of a new command: AT&V shows its kept values", SCHEMA_BOOL, 0,
		COMMAND(view), .def = "false" },
	{ "see", see_help, SCHEMA_TEXT, 0, COMMAND(see) },
	{ NULL },
};

/* The highest {n} of an answer. */
static int answer_arguments(const struct answer_conf *a)
{
	int n, most = highest_argument(a->raw);
	size_t i;

	for (i = 0; i < a->lines; i++) {
		n = highest_argument(a->line[i]);
		most = n > most ? n : most;
	}
	return most;
}

static void check_command(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct command_conf *c = object;
	const struct doc *forms = doc_get(d, "forms");
	size_t i;

	for (i = 0; i < COMMAND_FORMS; i++) {
		int n = answer_arguments(&c->answer[i]);
		const char *form = command_form_names[i].name;

		if (n && i != COMMAND_SET)
			doc_error(e, check_at(forms, form),
				"{%d} is an argument of the set form, which \"%s\" has "
				"not; "
				"write it under set",
				n, form);
		else if (c->params && n > (int)c->params)
			doc_error(e, check_at(forms, form),
				"{%d} stands for parameter %d, but params has %zu; add "
				"it "
				"there",
				n, n, c->params);
	}
}

const struct schema command_schema = { "command",
	"how a command differs, or a new one; the word absent: it answers ERROR",
	command_fields, &absent_word, check_command, .apart = true };
const struct schema_field command_item = {
	.type = SCHEMA_STRUCT, .schema = &command_schema, .help = "absent, or a mapping"
};

/* The file with its folder. */
static const char *short_name(const char *file)
{
	const char *t = file + strlen(file);
	int slashes = 0;

	while (t > file && (t[-1] != '/' || ++slashes < 2))
		t--;
	return t;
}

void commands_note_places(struct command_conf *c, size_t n, const struct doc *commands)
{
	const struct doc_item *item;
	size_t i;

	for (i = 0; i < n; i++) {
		item = doc_find(commands, c[i].name);
		if (item)
			snprintf(c[i].from, sizeof(c[i].from), "%.50s:%d",
				short_name(item->at.file), (int)item->at.line);
	}
}

/* lines that nothing asks for */

const struct schema_field say_item = { .type = SCHEMA_TEXT,
	.help = "the line",
	.offset = offsetof(struct say_conf, text),
	.size = SAY_TEXT,
	.min = 1 };

static const struct schema_field boot_line_fields[] = {
	{ "at", "the stage", SCHEMA_ENUM, SCHEMA_REQUIRED, BOOT(at),
		.names = boot_stage_names },
	{ "after", "counted from that stage", SCHEMA_TIME, 0, BOOT(after), .max = HOUR,
		.def = "0s" },
	{ "say", "the line", SCHEMA_TEXT, SCHEMA_REQUIRED, BOOT(text), .min = 1 },
	{ "see", see_help, SCHEMA_NOTE },
	{ NULL },
};
static const struct schema boot_line_schema = { "boot_line",
	"a line said at a stage of the boot", boot_line_fields, NULL, NULL };
const struct schema_field boot_line_item = {
	.type = SCHEMA_STRUCT, .schema = &boot_line_schema, .help = "a line"
};
