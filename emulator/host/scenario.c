#include "host/scenario.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/dwl.h"
#include "conf/action_conf.h"
#include "describe.h"
#include "host/doc_yaml.h"

#define STEP_FIELDS 80

/* ---- the language ---------------------------------------------------------------- */

static const struct name step_names[] = {
	{ STEP_TALK, "talk", NULL },
	{ STEP_RAW, "raw", NULL },
	{ STEP_TYPE, "type", NULL },
	{ STEP_SILENCE, "silence", NULL },
	{ STEP_WAIT, "wait", NULL },
	{ STEP_PORT, "port", NULL },
	{ STEP_ECHO, "echo", NULL },
	{ STEP_STATE, "state", NULL },
	{ STEP_SEND, "send", NULL },
	{ STEP_STORE, "store", NULL },
	{ STEP_OUTBOX, "outbox", NULL },
	{ STEP_FAR_END, "far_end", NULL },
	{ 0, NULL, NULL },
};
static const struct name on_off[] = { { 0, "off", NULL }, { 1, "on", NULL },
	{ 0, NULL, NULL } };
static const struct name open_closed[] = { { 0, "closed", NULL }, { 1, "open", NULL },
	{ 0, NULL, NULL } };
static const struct name works_fails[] = { { 0, "fails", NULL }, { 1, "works", NULL },
	{ 0, NULL, NULL } };
static const struct name boots[] = { { 0, "cold", "power comes as it begins" },
	{ 1, "warm", "booted, at rest" }, { 0, NULL, NULL } };
static const struct name blocks[] = { { 0, "mixed", NULL }, { 128, "128", NULL },
	{ 1024, "1024", NULL }, { 0, NULL, NULL } };
static const struct name checks[] = { { SEND_AS_ASKED, "as-asked", NULL },
	{ SEND_CHECKSUM, "checksum", NULL }, { SEND_CRC, "crc", NULL },
	{ 0, NULL, NULL } };

#define IN(s, m) .offset = offsetof(struct s, m), .size = sizeof(((struct s *)0)->m)

static const struct schema_field send_fields[] = {
	{ "firmware", "whose image", SCHEMA_TEXT, IN(send_conf, firmware) },
	{ "kind", "what image", SCHEMA_ENUM, IN(send_conf, kind), .names = dwl_kind_names,
		.def = "firmware" },
	{ "size", "bytes of the image, header included", SCHEMA_INT, IN(send_conf, size),
		.min = 1, .max = 16 << 20, .def = "4096" },
	{ "module", "another module than the firmware's own", SCHEMA_TEXT,
		IN(send_conf, module) },
	{ "text", "no image: a file that begins like this", SCHEMA_TEXT,
		IN(send_conf, text) },
	{ "block", "size of the blocks", SCHEMA_ENUM, IN(send_conf, block),
		.names = blocks, .def = "1024" },
	{ "check", "how blocks are checked", SCHEMA_ENUM, IN(send_conf, check),
		.names = checks, .def = "as-asked" },
	{ "blocks", "leaves off behind so many acknowledged blocks", SCHEMA_INT,
		IN(send_conf, blocks), .max = 1 << 20 },
	{ "cancel", "... and cancels with CAN CAN", SCHEMA_BOOL, IN(send_conf, cancel) },
	{ "refused", "block 1 is answered by something else: the next lines say what",
		SCHEMA_BOOL, IN(send_conf, refused) },
	{ "damage", "this block goes wrong once and must be asked for again", SCHEMA_INT,
		IN(send_conf, damage), .max = 1 << 20 },
	{ "repeat", "this block is sent twice, as if its ACK were lost", SCHEMA_INT,
		IN(send_conf, repeat), .max = 1 << 20 },
	{ "corrupt", "a byte of this block is another, its check right", SCHEMA_INT,
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
		       : "is no state of a modem; fauxtrack list states shows all";
}

static const struct schema_field a_pair = {
	.type = SCHEMA_VALUE, .help = "its value", IN(scenario_pair, value)
};

#define PAIRS(s, m, n)                                                          \
	.offset = offsetof(struct s, m), .item = &a_pair,                       \
	.stride = sizeof(struct scenario_pair), .count = offsetof(struct s, n), \
	.key_size = sizeof(((struct scenario_pair *)0)->key)

static const struct schema_field own_fields[] = {
	{ "talk",
		"lines: > typed, < answered, <| its next line, <@2s at that time, = "
		"bytes",
		SCHEMA_NOTE },
	{ "raw", "bytes that must come: \\r \\n \\\\ <1A>", SCHEMA_NOTE },
	{ "type", "bytes to type: \\r \\n \\\\ <1A>", SCHEMA_NOTE },
	{ "silence", "nothing may come for so long", SCHEMA_TIME, IN(step, time),
		.max = INT64_MAX },
	{ "wait", "time passes; the next steps say what has come", SCHEMA_TIME,
		IN(step, time), .max = INT64_MAX },
	{ "port", "opened or closed by the host (DTR)", SCHEMA_ENUM, IN(step, on),
		.names = open_closed },
	{ "echo", "whether `>` lines expect their echo from now on", SCHEMA_ENUM,
		IN(step, on), .names = on_off },
	{ "store", "whether the non-volatile memory takes what is stored", SCHEMA_ENUM,
		IN(step, on), .names = works_fails },
	{ "state", "states the modem must be in", SCHEMA_TABLE,
		PAIRS(step, states, n_states), .most = SCENARIO_STATES,
		.check_key = is_state },
	{ "send", "a file sent by XMODEM", SCHEMA_STRUCT, IN(step, send),
		.schema = &send_schema },
	{ "outbox", "what was last told of a message that the modem has sent",
		SCHEMA_NOTE },
	{ "far_end", "what somebody was shown last whom the modem has called",
		SCHEMA_NOTE },
	{ "within", "how long each expected answer may take", SCHEMA_TIME,
		IN(step, within), .max = INT64_MAX, .def = "5s" },
	{ "note", "for people", SCHEMA_NOTE },
	{ NULL },
};
static struct schema_field step_fields[STEP_FIELDS];
static struct schema step_schema = { .name = "step", .fields = step_fields };
static const struct schema_field a_step = { .type = SCHEMA_STRUCT,
	.schema = &step_schema };
static const struct schema_field a_profile = { .type = SCHEMA_TEXT,
	.size = PROFILE_NAME };

static const struct schema_field scenario_fields[] = {
	{ "name", "the behaviour, as a sentence", SCHEMA_TEXT, IN(scenario, name),
		.min = 1, .flags = SCHEMA_REQUIRED },
	{ "see", "where the expected bytes come from", SCHEMA_NOTE },
	{ "profile", "the profile it runs on", SCHEMA_TEXT, .size = PROFILE_NAME,
		.flags = SCHEMA_NOWHERE },
	{ "profiles", "or several, each in turn", SCHEMA_LIST,
		.offset = offsetof(struct scenario, profiles), .item = &a_profile,
		.stride = PROFILE_NAME, .most = SCENARIO_PROFILES,
		.count = offsetof(struct scenario, n_profiles) },
	{ "set", "changes of the profile, by dotted path", SCHEMA_TABLE,
		PAIRS(scenario, sets, n_sets), .most = SCENARIO_SETS },
	{ "memory", "settings before the first boot", SCHEMA_TABLE,
		PAIRS(scenario, memory, n_memory), .most = SCENARIO_SETS },
	{ "seed", "of all that is random", SCHEMA_INT, IN(scenario, seed), .min = 1,
		.max = INT64_MAX, .def = "1" },
	{ "echo", "whether `>` lines expect their echo", SCHEMA_ENUM, IN(scenario, echo),
		.names = on_off, .def = "on" },
	{ "boot", "how it begins", SCHEMA_ENUM, IN(scenario, warm), .names = boots,
		.def = "warm" },
	{ "steps", "what happens, in order", SCHEMA_LIST, .item = &a_step,
		.flags = SCHEMA_ELSEWHERE | SCHEMA_REQUIRED },
	{ NULL },
};
static const struct schema whole_schema = { .name = "scenario",
	.help = "a conversation with a modem in virtual time",
	.fields = scenario_fields };

/* Lists what a step may be: one of talk, raw, ... */
static void add_key(struct buf *help, const char *key)
{
	buf_printf(help, "%s%s", help->len ? ", " : "", key);
}

static char step_keys[1024];

const struct schema *scenario_schema(void)
{
	const struct action_row *row;
	const struct name *own;
	struct buf keys;
	size_t n = sizeof(own_fields) / sizeof(own_fields[0]) - 1, i;

	if (step_schema.help)
		return &whole_schema;
	memcpy(step_fields, own_fields, sizeof(own_fields));
	buf_init(&keys, step_keys, sizeof(step_keys) - 1);
	for (own = step_names; own->name; own++)
		add_key(&keys, own->name);
	for (i = 0; (row = action_at(i)); i++) {
		assert(n + 1 < STEP_FIELDS);
		step_fields[n++] = (struct schema_field){ row->name, row->args->help,
			SCHEMA_STRUCT, SCHEMA_ELSEWHERE, .schema = row->args };
		add_key(&keys, row->name);
	}
	assert(!keys.full);
	step_schema.help = step_keys;
	return &whole_schema;
}

/* ---- talk ------------------------------------------------------------------------ */

struct reader {
	struct scenario *s;
	const char *text; /* the whole file */
	size_t len;
	struct doc_errors *errors;
};

/* Line `number` of the file, from 1; its end where there is no such line. */
static const char *line_start(const struct reader *r, int number)
{
	const char *p = r->text, *end = r->text + r->len, *eol;

	for (; number > 1 && p < end; number--) {
		eol = memchr(p, '\n', (size_t)(end - p));
		p = eol ? eol + 1 : end;
	}
	return p;
}

/* The place of the first character of a line that is not blank. */
static struct doc_place line_place(const struct reader *r, int number)
{
	struct doc_place at = { r->s->path, number, 1 };
	const char *p = line_start(r, number);

	for (; p < r->text + r->len && *p == ' '; p++)
		at.col++;
	return at;
}

/* Whether a | or > stands there, with the lines of the scalar below it. */
static bool is_block(const struct reader *r, struct doc_place at)
{
	const char *p = line_start(r, at.line) + at.col - 1;

	return p < r->text + r->len && (*p == '|' || *p == '>');
}

static const char *take_time(struct talk_line *line, const char *p)
{
	const char *end = strchr(p, ' ');
	char time[24];
	size_t len = end ? (size_t)(end - p) : strlen(p);

	if (len >= sizeof(time))
		return NULL;
	memcpy(time, p, len);
	time[len] = '\0';
	if (!schema_time(time, &line->time))
		return NULL;
	line->timed = true;
	return p + len;
}

/* Reads one line; false, with an error, when it begins in no known way. */
static bool take_line(const struct reader *r, struct talk_line *line, const char *text)
{
	const char *p = text + strspn(text, " ");

	if (*p == '>') {
		line->kind = LINE_TYPE;
		p++;
	} else if (p[0] == '<' && p[1] == '|') {
		line->kind = LINE_MORE;
		p += 2;
	} else if (*p == '=') {
		line->kind = LINE_RAW;
		p++;
	} else if (*p == '<') {
		line->kind = LINE_BLOCK;
		p++;
		if (*p == '@')
			p = take_time(line, p + 1);
	} else {
		p = NULL;
	}
	if (!p || (*p && *p != ' ')) {
		doc_error(r->errors, line->at,
			"\"%s\" is no line of a talk; begin it with \"> \", \"< \", "
			"\"<| \", \"<@TIME \", \"= \" or #",
			text);
		return false;
	}
	line->text = *p ? p + 1 : p;
	return true;
}

static bool take_talk(const struct reader *r, struct step *step, const struct doc *d)
{
	struct doc_pool *pool = r->s->pool;
	const char *p, *end;
	int number = d->at.line + is_block(r, d->at);
	bool ok = true;

	for (p = d->text; *p; p = *end ? end + 1 : end) {
		struct talk_line line = { .at = line_place(r, number++) };
		const char *text;

		end = p + strcspn(p, "\n");
		text = doc_pool_text(pool, p, (size_t)(end - p));
		if (text[strspn(text, " ")] == '\0' || text[strspn(text, " ")] == '#')
			continue;
		if (!take_line(r, &line, text)) {
			ok = false;
			continue;
		}
		step->lines = realloc(
			step->lines, (step->n_lines + 1) * sizeof(*step->lines));
		if (!step->lines) {
			fputs("fauxtrack: out of memory\n", stderr);
			exit(EXIT_FAILURE);
		}
		step->lines[step->n_lines++] = line;
	}
	return ok;
}

/* ---- steps ----------------------------------------------------------------------- */

/* Whether the key makes a step; which one. */
static bool makes_step(struct step *step, const char *key)
{
	const struct name *own = name_find(step_names, key);
	const struct action_row *row = own ? NULL : action_find(key);

	if (!own && !row)
		return false;
	step->kind = own ? (enum step_kind)own->value : STEP_ACTION;
	step->action.row = row;
	return true;
}

/* The entry that makes the step; NULL, with an error, unless there is exactly one. */
static const struct doc_item *find_kind(
	const struct reader *r, struct step *step, const struct doc *d)
{
	const struct doc_item *found = NULL;
	struct step other;
	size_t i;

	for (i = 0; d->kind == DOC_MAP && i < d->n; i++) {
		if (!makes_step(found ? &other : step, d->items[i].key))
			continue;
		if (found) {
			doc_error(r->errors, d->items[i].at,
				"a step does one thing: \"%s\" is already there; begin "
				"\"- %s\" as a step of its own",
				found->key, d->items[i].key);
			return NULL;
		}
		found = &d->items[i];
	}
	if (!found) {
		doc_error(r->errors, d->at, "this step does nothing; write one of %s",
			step_keys);
		return NULL;
	}
	step->at = found->value->at;
	if (found->value->kind == DOC_SCALAR)
		step->bytes = found->value->text;
	return found;
}

static void check_send(const struct reader *r, const struct step *step)
{
	const struct send_conf *c = &step->send;

	if (!c->firmware[0] && !c->text[0])
		doc_error(r->errors, step->at,
			"nothing to send; write firmware: NAME, or text: for a file that "
			"is no image");
	if (c->firmware[0] && c->text[0])
		doc_error(r->errors, step->at,
			"a file is the image of a firmware or a text; drop one of them");
	if (c->firmware[0] && c->size < DWL_HEADER)
		doc_error(r->errors, step->at,
			"an image has at least %d bytes; write a larger size",
			DWL_HEADER);
	if (c->cancel && !c->blocks)
		doc_error(r->errors, step->at,
			"cancel wants to know when; write blocks: N too");
}

static void take_step(const struct reader *r, struct step *step, const struct doc *d)
{
	const struct doc_item *what;
	bool text;

	if (!schema_bind(&step_schema, d, step, false, r->errors))
		return;
	what = find_kind(r, step, d);
	if (!what)
		return;
	text = step->kind == STEP_TALK || step->kind == STEP_RAW ||
	       step->kind == STEP_TYPE || step->kind == STEP_OUTBOX ||
	       step->kind == STEP_FAR_END;
	if (text && (!step->bytes || !*step->bytes))
		doc_error(r->errors, step->at,
			"here stands a text; write \"...\", or | and lines below it");
	else if (step->kind == STEP_TALK)
		take_talk(r, step, doc_get(d, "talk"));
	else if (step->kind == STEP_SEND)
		check_send(r, step);
	else if (step->kind == STEP_ACTION)
		action_bind(step->action.row, what->value, step->at, &step->action,
			r->errors);
}

static void take_steps(const struct reader *r, const struct doc *list)
{
	struct scenario *s = r->s;
	size_t i;

	if (list->kind != DOC_LIST || !list->n) {
		doc_error(r->errors, list->at,
			"\"steps\" is a list; write lines \"- ...\"");
		return;
	}
	s->steps = calloc(list->n, sizeof(*s->steps));
	if (!s->steps) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	s->n_steps = list->n;
	for (i = 0; i < list->n; i++)
		take_step(r, &s->steps[i], list->items[i].value);
}

/* ---- the whole ------------------------------------------------------------------- */

static void take_profiles(const struct reader *r, const struct doc *d)
{
	const char *one = doc_get_text(d, "profile");
	const struct doc *list = doc_get(d, "profiles");
	size_t i;

	if (!one == !r->s->n_profiles) {
		doc_error(r->errors, d->at,
			"a scenario has a profile, or a list of profiles; write one of "
			"them");
		return;
	}
	if (one) {
		snprintf(r->s->profiles[0], PROFILE_NAME, "%s", one);
		r->s->profile_at[0] = doc_get(d, "profile")->at;
		r->s->n_profiles = 1;
	}
	for (i = 0; list && i < r->s->n_profiles; i++)
		r->s->profile_at[i] = list->items[i].value->at;
}

static void take_sets(struct scenario *s)
{
	size_t i;

	for (i = 0; i < s->n_memory; i++) {
		char key[80];
		int n = snprintf(key, sizeof(key), "memory.%s", s->memory[i].key);

		s->kv[s->n_kv++] = (struct kv){ doc_pool_text(s->pool, key, (size_t)n),
			s->memory[i].value };
	}
	for (i = 0; i < s->n_sets; i++)
		s->kv[s->n_kv++] = (struct kv){ s->sets[i].key, s->sets[i].value };
}

static bool bind(struct reader *r)
{
	size_t before = r->errors->n;
	struct doc *d = doc_yaml(r->s->pool, r->s->path, r->text, r->len, r->errors);

	if (!d || !schema_bind(scenario_schema(), d, r->s, false, r->errors))
		return false;
	take_profiles(r, d);
	take_sets(r->s);
	take_steps(r, doc_get(d, "steps"));
	return r->errors->n == before;
}

struct scenario *scenario_read(
	const char *name, const char *text, size_t len, struct doc_errors *e)
{
	struct scenario *s = calloc(1, sizeof(*s));
	struct reader r = { s, text, len, e };
	struct doc_pool *pool = doc_pool_new();

	if (!s) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	s->pool = pool;
	s->path = doc_pool_text(pool, name, strlen(name));
	if (bind(&r))
		return s;
	doc_errors_sort(e);
	scenario_free(s);
	return NULL;
}

struct scenario *scenario_load(const char *path, struct doc_errors *e)
{
	struct doc_place whole = { path, 0, 0 };
	struct scenario *s;
	char *text;
	size_t len;
	FILE *f = fopen(path, "rb");

	if (!f) {
		doc_error(e, whole, "cannot be read: %s; check its name and rights",
			strerror(errno));
		return NULL;
	}
	text = malloc(DOC_BYTES + 1);
	len = text ? fread(text, 1, DOC_BYTES + 1, f) : 0;
	fclose(f);
	s = scenario_read(path, text, len, e);
	free(text);
	return s;
}

bool scenario_is(const char *path)
{
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors e;
	bool is;

	doc_errors_init(&e);
	is = doc_find(doc_yaml_file(pool, path, &e), "steps") != NULL;
	doc_errors_clear(&e);
	doc_pool_free(pool);
	return is;
}

void scenario_free(struct scenario *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->n_steps; i++) {
		free(s->steps[i].lines);
		action_clear(&s->steps[i].action);
	}
	free(s->steps);
	doc_pool_free(s->pool);
	free(s);
}
