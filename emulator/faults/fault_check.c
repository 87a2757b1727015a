/* Finds rules that could never act. Each check says what to write instead. */
#include "faults/fault_check.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "at/at.h"
#include "at/tables.h"
#include "describe/describe.h"
#include "faults/fault_rows.h"
#include "state/modem_state.h"
#include "state/notice.h"

static bool flawed(struct fault_flaw *f, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns false, for callers that return whether all is well. */
static bool flawed(struct fault_flaw *f, const char *key, const char *fmt, ...)
{
	va_list ap;

	f->key = key;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return false;
}

/* single values */

const char *fault_wrong_command(const void *value)
{
	static const char why[] =
		"is not the name of a command; write it in capitals and without AT or "
		"form: \"+CMGS\", D, \"&F\", S0, or AT for a line without a command";
	const char *name = value;
	size_t n = strlen(name);
	const char *p;

	for (p = name; *p; p++)
		if (islower((unsigned char)*p) || strchr("=?; \"", *p))
			return why;
	if (!strcmp(name, "AT") || name[0] == '\0')
		return NULL;
	if (name[0] == '+')
		return n > 1 ? NULL : why;
	if (name[0] == 'S')
		return n > 1 && n < 5 && strspn(name + 1, "0123456789") == n - 1 ? NULL
										 : why;
	if (isalpha((unsigned char)name[0]))
		return n == 1 ? NULL : why;
	return strchr("&%\\*#$^!-", name[0]) && n > 1 ? NULL : why;
}

static bool is_result(const char *text)
{
	static const char *const known[] = { "OK", "ERROR", "NO CARRIER", "NO DIALTONE",
		"NO ANSWER", "BUSY" };
	static const char *const numbered[] = { "+CME ERROR: ", "+CMS ERROR: " };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(text, known[i]))
			return true;
	for (i = 0; i < 2; i++) {
		const char *digits = text + strlen(numbered[i]);

		if (strncmp(text, numbered[i], strlen(numbered[i])) == 0 && *digits &&
			strspn(digits, "0123456789") == strlen(digits) &&
			strlen(digits) <= 3)
			return true;
	}
	return false;
}

const char *fault_wrong_result(const void *value)
{
	const char *text = value;

	if (is_result(text) || !strcmp(text, "none") || !strcmp(text, "as-is"))
		return NULL;
	return "is not a result; write OK, ERROR, NO CARRIER, NO DIALTONE, NO ANSWER, "
	       "BUSY, \"+CME ERROR: 515\", \"+CMS ERROR: 512\", none (no final result), "
	       "as-is, or bytes: for anything else";
}

/* triggers */

/* Which values can be compared at each place. */
static const struct {
	bool command, text, number;
} has[] = {
	[FAULT_AT_BOOT] = { .text = true },
	[FAULT_AT_BYTE] = { .command = true, .number = true },
	[FAULT_AT_LINE] = { .text = true },
	[FAULT_AT_COMMAND] = { .command = true },
	[FAULT_AT_PROMPT] = { .command = true },
	[FAULT_AT_TYPED] = { .command = true },
	[FAULT_AT_MESSAGE] = { .command = true, .text = true },
	[FAULT_AT_INFO] = { .command = true },
	[FAULT_AT_RESULT] = { .command = true, .text = true },
	[FAULT_AT_DONE] = { .command = true, .text = true },
	[FAULT_AT_ASK] = { .number = true },
	[FAULT_AT_BLOCK] = { .text = true, .number = true },
	[FAULT_AT_EOT] = { .number = true },
	[FAULT_AT_PACKET] = { .text = true },
	[FAULT_AT_EVENT] = { .text = true },
};

static bool one_of(const char *text, const char *a, const char *b)
{
	return !strcmp(text, a) || !strcmp(text, b);
}

static bool sound_text(
	const struct fault_trigger *t, const char *key, struct fault_flaw *f)
{
	const char *text = t->text;

	if (!text[0])
		return true;
	if (t->place == FAULT_AT_BOOT && !one_of(text, "power", "reset"))
		return flawed(f, key,
			"the text of a boot is never \"%s\"; write power or reset", text);
	if (t->place == FAULT_AT_BLOCK && !one_of(text, "128", "1024"))
		return flawed(f, key,
			"the text of a block is its size, never \"%s\"; write 128 or "
			"1024",
			text);
	if (t->place == FAULT_AT_LINE && toupper((unsigned char)text[0]) == 'A' &&
		toupper((unsigned char)text[1]) == 'T')
		return flawed(f, key,
			"the text of a line is what follows its AT; write \"%s\"",
			text + 2);
	/* bytes sent by `bytes` instead of a result are escaped, or not predictable */
	if ((t->place == FAULT_AT_RESULT || t->place == FAULT_AT_DONE) &&
		!is_result(text) && !strpbrk(text, "\\<"))
		return flawed(f, key,
			"the text there is a final result, never \"%s\"; write one, such "
			"as OK, ERROR or \"+CME ERROR: 515\"",
			text);
	return true;
}

static bool sound_command(
	const struct fault_trigger *t, const char *key, struct fault_flaw *f)
{
	bool extended = t->command[0] == '+';

	if (t->unknown && !t->command[0])
		return flawed(
			f, key, "unknown: true applies to a command; write command: too");
	if (extended && t->parameters[0] && t->forms && !(t->forms & AT_SET))
		return flawed(f, key,
			"that form of %s has no parameters; write form: [set], or omit "
			"parameters",
			t->command);
	if (extended && t->parameters[0] == '=')
		return flawed(f, key, "parameters are what follows the =; write \"%s\"",
			t->parameters + 1);
	if (!strcmp(t->command, "AT") &&
		(t->parameters[0] || (t->forms && !(t->forms & AT_EXEC))))
		return flawed(f, key,
			"AT is a line without a command, which has no form and no "
			"parameters; omit them");
	return true;
}

static bool sound_trigger(
	const struct fault_trigger *t, const char *key, struct fault_flaw *f)
{
	const char *place = name_of(fault_place_names, t->place);
	bool command = t->command[0] || t->forms || t->parameters[0] || t->unknown;

	if (t->place == FAULT_AT_ALWAYS)
		return true;
	if (command && !has[t->place].command)
		return flawed(f, key,
			"no command runs at the place \"%s\"; omit command, form and "
			"parameters, or write at: command",
			place);
	if (t->text[0] && !has[t->place].text)
		return flawed(f, key,
			"the place \"%s\" has no text; omit text, or write at: line, "
			"message, result or event",
			place);
	if (t->number && !has[t->place].number)
		return flawed(f, key,
			"the place \"%s\" has no number; omit number, or count with "
			"nth",
			place);
	if (t->place == FAULT_AT_BYTE && t->number > 255)
		return flawed(f, key,
			"no byte has the value %d; write a number from 1 to 255",
			t->number);
	if (t->event && t->place != FAULT_AT_EVENT)
		return flawed(
			f, key, "only the place \"event\" has an event; write at: event");
	if (t->nth && t->from > t->nth)
		return flawed(f, key,
			"occurrence %d comes before occurrence %d; write nth or from, "
			"not both",
			t->nth, t->from);
	if (t->place == FAULT_AT_START && (t->nth > 1 || t->from > 1))
		return flawed(f, key,
			"the emulator starts once; omit nth and from, or write at: "
			"boot");
	return sound_command(t, key, f) && sound_text(t, key, f);
}

/* what must hold */

/* True when the modem has booted at this place. */
static bool is_after_boot(int place)
{
	return place != FAULT_AT_ALWAYS && place != FAULT_AT_START &&
	       place != FAULT_AT_OPEN && place != FAULT_AT_CLOSE &&
	       place != FAULT_AT_EVENT;
}

static void list_names(const struct name *n, char *out, size_t size)
{
	size_t len = 0;

	for (out[0] = '\0'; n->name && len < size; n++)
		len += (size_t)snprintf(
			out + len, size - len, "%s%s", len ? ", " : "", n->name);
}

static bool sound_state(
	const struct fault_rule *r, const struct fault_pair *p, struct fault_flaw *f)
{
	char names[160];
	struct state_field row;
	const char *v = p->value;

	if (!modem_state_known(p->key, &row))
		return true; /* reported with its key */
	if (row.type == STATE_FLAG && !one_of(v, "true", "false"))
		return flawed(
			f, "while", "%s is never \"%s\"; write true or false", p->key, v);
	if (row.type == STATE_NUMBER &&
		(!*v || strspn(v + (*v == '-'), "0123456789") != strlen(v + (*v == '-'))))
		return flawed(
			f, "while", "%s is a number, never \"%s\"; write one", p->key, v);
	if (row.type == STATE_TEXT && row.values && !name_find(row.values, v)) {
		list_names(row.values, names, sizeof(names));
		return flawed(
			f, "while", "%s is never \"%s\"; it can be %s", p->key, v, names);
	}
	if (!strcmp(p->key, "boots") && !strcmp(v, "0") && is_after_boot(r->when.place))
		return flawed(f, "while",
			"boots includes the current one and is at least 1 there; write "
			"boots: 1, or when: start");
	return true;
}

/* effects */

static bool is_deed(enum fault_effect e)
{
	return e == FAULT_SAY || e == FAULT_RESET || e == FAULT_ABORT || e == FAULT_ACT;
}

/* A state while it lasts, not an action that can be counted. */
static bool never_counted(enum fault_effect e)
{
	return e == FAULT_MUTE || e == FAULT_GATE || e == FAULT_PACE || e == FAULT_CTS;
}

static bool sound_life(
	const struct fault_rule *r, enum fault_effect e, struct fault_flaw *f)
{
	if (is_deed(e) && r->when.place == FAULT_AT_ALWAYS)
		return flawed(f, NULL,
			"a single action needs to know when; write when: start, for "
			"instance");
	if (r->every.min && !is_deed(e))
		return flawed(f, NULL,
			"this effect lasts, there is nothing to repeat; omit "
			"every");
	if (r->out_of && r->chance < r->out_of && never_counted(e))
		return flawed(f, NULL,
			"this effect lasts and has no single actions with a chance; "
			"write the chance into when");
	if (r->times && never_counted(e) && e != FAULT_MUTE)
		return flawed(f, NULL,
			"this effect lasts and has no single actions to count; write for "
			"or until");
	return true;
}

static bool sound_answer(const struct fault_rule *r, struct fault_flaw *f)
{
	bool as_is = !strcmp(r->answer.result, "as-is");

	if (r->answer.bytes[0] && !as_is)
		return flawed(f, "answer",
			"bytes replace the final result; leave result or bytes "
			"out");
	if (r->answer.unknown && !r->answer.n_commands)
		return flawed(f, "answer",
			"unknown: true applies to commands; write commands: too");
	if (r->answer.result_delay.min && !strcmp(r->answer.result, "none"))
		return flawed(f, "answer",
			"no final result can be late; omit result_delay or result: none");
	if (r->answer.parameters[0] && r->answer.forms &&
		!(r->answer.forms & (AT_SET | AT_EXEC)))
		return flawed(f, "answer",
			"these forms have no parameters; write form: [set], or omit "
			"parameters");
	return true;
}

/* True unless no command runs that could be ended, or it has ended by then. */
static bool sound_abort(const struct fault_rule *r, struct fault_flaw *f)
{
	switch ((enum fault_place)r->when.place) {
	case FAULT_AT_START:
	case FAULT_AT_BOOT:
	case FAULT_AT_OPEN:
	case FAULT_AT_CLOSE:
	case FAULT_AT_RESULT:
	case FAULT_AT_DONE:
	case FAULT_AT_ASK:
	case FAULT_AT_BLOCK:
	case FAULT_AT_EOT:
	case FAULT_AT_PACKET:
		if (!r->after.min && !r->after.max)
			return flawed(f, "when",
				"no command runs then that abort could end; write at: "
				"command, prompt or typed, or set the time with after");
		break;
	case FAULT_AT_ALWAYS:
	case FAULT_AT_BYTE:
	case FAULT_AT_LINE:
	case FAULT_AT_COMMAND:
	case FAULT_AT_PROMPT:
	case FAULT_AT_TYPED:
	case FAULT_AT_MESSAGE:
	case FAULT_AT_INFO:
	case FAULT_AT_EVENT:
		break;
	}
	return true;
}

static bool sound_effect(
	const struct fault_rule *r, enum fault_effect e, struct fault_flaw *f)
{
	if (e == FAULT_ANSWER)
		return sound_answer(r, f);
	if (e == FAULT_ABORT)
		return sound_abort(r, f);
	if (e == FAULT_PROMPT && r->prompt.how == FAULT_PROMPT_LATE &&
		!r->prompt.delay.min && !r->prompt.delay.max)
		return flawed(f, "prompt",
			"a late prompt needs a delay; write { how: late, delay: 2s }");
	if (e == FAULT_PROMPT && r->prompt.how == FAULT_PROMPT_NEVER &&
		r->prompt.delay.min)
		return flawed(f, "prompt",
			"a prompt that never comes has no delay; write how: late, or "
			"omit delay");
	if (r->xmodem.how == FAULT_XMODEM_TEXT && !r->xmodem.text[0])
		return flawed(f, NULL,
			"xmodem: text needs the text; write { how: text, text: \"***\" "
			"}");
	if (r->xmodem.how != FAULT_XMODEM_TEXT && r->xmodem.text[0])
		return flawed(f, "xmodem",
			"the text is sent only with how: text; write that, or omit text");
	if (r->xmodem.how == FAULT_XMODEM_SLOW && !r->xmodem.delay.min &&
		!r->xmodem.delay.max)
		return flawed(f, "xmodem",
			"xmodem: slow needs a delay; write { how: slow, delay: 2s }");
	if (r->corrupt.text[0] && r->corrupt.how != FAULT_NOISE)
		return flawed(f, "corrupt",
			"the text is noise; write how: noise, or omit text");
	return true;
}

static bool sound_numbers(const struct fault_rule *r, struct fault_flaw *f)
{
	const struct fault_span spans[] = { r->after, r->last, r->every, r->answer.delay,
		r->answer.result_delay, r->prompt.delay, r->xmodem.delay };
	bool likely = r->chance > r->out_of || r->when.chance > r->when.out_of;
	size_t i;

	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		if (spans[i].max && spans[i].max < spans[i].min)
			return flawed(f, NULL,
				"max is less than min; write the longer time as max");
	for (i = 0; i < r->n_until; i++)
		likely |= r->until[i].chance > r->until[i].out_of;
	return !likely ||
	       flawed(f, NULL, "chance is more than out_of; write at most out_of");
}

bool fault_sound(const struct fault_rule *r, struct fault_flaw *f)
{
	enum fault_effect e = fault_effect_of(r);
	size_t i;

	if (e == FAULT_NOTHING)
		return flawed(f, NULL,
			"a fault needs exactly one effect; write one of say, reset, "
			"abort, answer, prompt, mute, hush, gate, corrupt, pace, cts, "
			"xmodem or store");
	if (!sound_effect(r, e, f) || !sound_life(r, e, f) || !sound_numbers(r, f) ||
		!sound_trigger(&r->when, "when", f))
		return false;
	for (i = 0; i < r->n_until; i++) {
		if (r->until[i].place == FAULT_AT_START)
			return flawed(f, "until",
				"the emulator starts before any rule can act; until: "
				"[boot] ends it at a boot");
		if (!sound_trigger(&r->until[i], "until", f))
			return false;
	}
	for (i = 0; i < r->n_holds; i++)
		if (!sound_state(r, &r->holds[i], f))
			return false;
	return true;
}

bool fault_sound_args(const void *rule, char *why, size_t size)
{
	struct fault_flaw flaw;
	bool sound = fault_sound(rule, &flaw);

	if (sound && fault_excepts(rule))
		sound = flawed(&flaw, "answer",
			"this answer changes nothing; write "
			"result, "
			"bytes, first, lines, info: drop or a delay");
	if (!sound)
		snprintf(why, size, "%s", flaw.text);
	return sound;
}

/* rules together */

bool fault_excepts(const struct fault_rule *r)
{
	return fault_effect_of(r) == FAULT_ANSWER && !strcmp(r->answer.result, "as-is") &&
	       !r->answer.bytes[0] && !r->answer.first[0] && !r->answer.lines[0] &&
	       r->answer.info == FAULT_INFO_KEEP && !r->answer.delay.min &&
	       !r->answer.delay.max && !r->answer.result_delay.min &&
	       !r->answer.result_delay.max;
}

/* True when the rule lasts from the beginning to the end. */
static bool holds_always(const struct fault_rule *r)
{
	return r->when.place == FAULT_AT_ALWAYS && !r->n_until && !r->n_holds &&
	       !r->n_ports && !r->after.min && !r->after.max && !r->last.min &&
	       !r->last.max && !r->times && !r->once && r->chance >= r->out_of;
}

static bool answers_command(const struct fault_rule *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->answer.n_commands; i++)
		if (!strcmp(r->answer.commands[i], name))
			return true;
	return !r->answer.n_commands;
}

bool fault_hides(const struct fault_rule *a, const struct fault_rule *b)
{
	enum fault_effect e = fault_effect_of(a);
	size_t i;

	if (e != fault_effect_of(b) || !holds_always(a))
		return false;
	if (e == FAULT_PROMPT || e == FAULT_XMODEM || e == FAULT_STORE ||
		e == FAULT_MUTE || e == FAULT_PACE || e == FAULT_CTS)
		return true;
	if (e != FAULT_ANSWER || b->answer.unknown)
		return false;
	if (a->answer.forms && (!b->answer.forms || b->answer.forms & ~a->answer.forms))
		return false;
	if (a->answer.parameters[0] &&
		strcmp(a->answer.parameters, b->answer.parameters) != 0)
		return false;
	if (a->answer.n_commands && !b->answer.n_commands)
		return false;
	for (i = 0; i < b->answer.n_commands; i++)
		if (!answers_command(a, b->answer.commands[i]))
			return false;
	return true;
}

/* commands of firmwares */

static bool wants_prompt(int place)
{
	return place == FAULT_AT_PROMPT || place == FAULT_AT_TYPED ||
	       place == FAULT_AT_MESSAGE;
}

bool fault_command(const struct fault_rule *r, size_t i, struct fault_command *out)
{
	const struct fault_trigger *t;
	size_t k;

	for (k = 0; k <= r->n_until; k++) {
		t = k ? &r->until[k - 1] : &r->when;
		if (!t->command[0] || i--)
			continue;
		*out = (struct fault_command){ t->command, k ? "until" : "when", t->forms,
			t->unknown, wants_prompt(t->place) };
		return true;
	}
	if (i >= r->answer.n_commands)
		return false;
	*out = (struct fault_command){ r->answer.commands[i], "answer", r->answer.forms,
		r->answer.unknown, false };
	return true;
}

bool fault_fits_own(const struct fault_command *c, const struct at_set *own)
{
	const struct at_entry *e = own ? at_set_find(own, c->name, strlen(c->name))
				       : NULL;

	return e && !c->unknown && (!c->forms || e->cmd->forms & c->forms) &&
	       (!c->prompt || e->cmd->flags & AT_F_PROMPT);
}

bool fault_fits(const struct fault_command *c, const struct firmware *const *fw, size_t n,
	bool *misspelt, struct fault_flaw *f)
{
	bool named = false, formed = false, prompts = false;
	const struct at_entry *e;
	size_t i, all = 0;

	*misspelt = false;
	if (!strcmp(c->name, "AT"))
		return !c->unknown ||
		       flawed(f, c->key, "every firmware answers AT; omit unknown");
	for (i = 0; i < n; i++) {
		e = at_set_find(fw[i]->at, c->name, strlen(c->name));
		if (!e || e->absent)
			continue;
		named = true;
		if (c->forms && !(e->cmd->forms & c->forms))
			continue;
		formed = true;
		prompts |= (e->cmd->flags & AT_F_PROMPT) != 0;
		all++;
	}
	if (c->unknown)
		return all < n ||
		       flawed(f, c->key, "every firmware here has %s; omit unknown",
			       c->name);
	*misspelt = !named;
	if (!named)
		return flawed(f, c->key, "no firmware here has a command %s", c->name);
	if (!formed)
		return flawed(f, c->key,
			"no firmware here has that form of %s; write another "
			"form, or unknown: true if it should still be answered",
			c->name);
	return !c->prompt || prompts ||
	       flawed(f, c->key,
		       "%s does not ask for text; write a command with a prompt, +CMGS "
		       "for "
		       "instance",
		       c->name);
}
