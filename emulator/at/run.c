/* Carries out a line, command by command.
 *
 *   line -> parse -> [latency] -> needs -> arguments -> run() -> OK: next command
 *                                                            -> PENDING: more() later
 *                                                            -> else: final result
 *
 * The first command that fails ends the line; what came before it stays done. */
#include "at/run.h"

#include <assert.h>
#include <string.h>

#include "at/chapter.h"
#include "at/parse.h"
#include "at/reply.h"
#include "at/told.h"
#include "link/link.h"
#include "state/modem_state.h"

static void step(struct channel *ch);

bool at_host_was_early(const struct channel *ch)
{
	const struct buf *held = &ch->link->held;
	size_t heard = held->len - ch->link->flight;
	bool only_lf = heard == 1 && ch->at->skip_lf && held->data[0] == ch->set.s4;

	/* what is being taken out of `held` is still in it */
	return (heard && !only_lf && !ch->at->stale) || ch->at->rx != AT_RX_HUNT;
}

void at_blame_line(struct channel *ch, enum client_fault code)
{
	char text[128];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, "AT");
	buf_put_visible(&b, ch->at->line, ch->at->len < 25 ? ch->at->len : 25);
	text[b.len] = '\0';
	channel_blame(ch, LOG_AT, code, "%s", text);
}

static void finish(struct channel *ch, int result)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;

	at->answered = true;
	if (result != AT_SILENT && at_host_was_early(ch))
		at_blame_line(ch, CLIENT_EARLY);
	at->running = at->waiting = at->want_room = at->prompt = false;
	timer_stop(&m->sched, &at->latency);
	timer_stop(&m->sched, &at->delay);
	timer_stop(&m->sched, &at->late);
	at->text_late = at->drop_info = false;
	at->told = NULL;
	ch->answering = NULL;
	if (m->scope == AT_SCOPE_DOWNLOAD && result != AT_OK)
		result = AT_SILENT;
	at_final(ch, result);
}

static bool in_scope(const struct channel *ch, const struct at_call *c)
{
	unsigned flags = c->entry->cmd->flags;

	switch (ch->modem->scope) {
	case AT_SCOPE_NO_FIRMWARE:
		/* download.md Restricted commands: not even =? of its few */
		return flags & AT_F_NO_FIRMWARE && c->form != AT_TEST;
	case AT_SCOPE_DOWNLOAD:
		return flags & AT_F_DOWNLOAD && c->form == AT_SET;
	case AT_SCOPE_MUTE:
		return false;
	case AT_SCOPE_HOLLOW:
	case AT_SCOPE_ALL:
		break;
	}
	return true;
}

static int execute(struct channel *ch)
{
	struct modem *m = ch->modem;
	int result;

	ch->at->executing = true;
	if (!m->taps->instead(ch, &result))
		result = at_carry_out(ch);
	ch->at->executing = false;
	if (ch->carrier)
		channel_share(ch);
	if (ch->at->call.entry->cmd->flags & AT_F_SMS)
		result = at_sms_result(result);
	return result;
}

/* True when the line continues with the next command. */
static bool settle(struct channel *ch, int result)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	usec_t wait;

	if (!at->running)
		return false; /* a fault rule has ended it */
	at->waiting = result == AT_PENDING || result == AT_MORE;
	at->want_room = result == AT_MORE;
	at->own_time = true;
	if (at->waiting)
		return false;
	at_block_end(ch);
	wait = m->taps->result_waits(ch);
	if (wait) {
		at->waiting = true;
		at->held_result = result;
		timer_arm(&m->sched, &at->late, wait);
		return false;
	}
	result = m->taps->result(ch, result);
	if (result == AT_OK)
		return true;
	finish(ch, result);
	return false;
}

static void latency_over(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	ch->at->waiting = false;
	if (settle(ch, execute(ch)))
		step(ch);
}

/* A command refused by its preconditions is refused without delay. */
static usec_t latency(const struct modem *m, const struct at_call *c)
{
	usec_t time;
	unsigned place = 0;

	while (!((unsigned)c->form >> place & 1))
		place++;
	time = at_told_latency(m, c);
	if (!time)
		time = c->entry->latency[place];
	if (time > m->fw->latency_default && at_refused(m, c) != AT_OK)
		return m->fw->latency_default;
	return time;
}

void at_notify_command(struct channel *ch, const struct at_call *c)
{
	char text[160];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, c->entry->cmd->name);
	if (c->form == AT_SET || c->form == AT_TEST)
		buf_putc(&b, '=');
	if (c->form == AT_READ || c->form == AT_TEST)
		buf_putc(&b, '?');
	buf_put_visible(&b, c->rest, c->rest_len < 64 ? c->rest_len : 64);
	text[b.len] = '\0';
	channel_notify(ch, NOTICE_COMMAND, text, 0);
}

/* A command that no table has, for rules that name it. False: it has no name. */
static bool take_unknown(struct channel *ch, size_t from)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	struct at_entry *entry = &at->memory->unknown_entry;
	int i;

	if (!m->faults.n || m->scope != AT_SCOPE_ALL ||
		!at_parse_unknown(at->line, at->len, &from, at->unknown_name,
			sizeof(at->unknown_name), &at->call))
		return false;
	at->memory->unknown = (struct at_cmd){
		.name = at->unknown_name,
		.forms = AT_ALL_FORMS,
		.flags = AT_F_UNKNOWN,
	};
	*entry = (struct at_entry){ .cmd = &at->memory->unknown };
	for (i = 0; i < AT_FORMS; i++)
		entry->latency[i] = m->fw->latency_default;
	at->call.entry = entry;
	at->pos = from;
	return true;
}

static bool is_unknown(const struct at_call *c)
{
	return c->entry->cmd->flags & AT_F_UNKNOWN;
}

static int run_bare(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_OK;
}

/* A line without a command; fault rules know it as the command AT. */
static const struct at_cmd bare_cmd = {
	.name = "AT", .forms = AT_EXEC, .flags = AT_F_NO_FIRMWARE, .run = run_bare
};
static const struct at_entry bare_entry = { .cmd = &bare_cmd };
static const struct at_call bare_call = {
	.entry = &bare_entry, .form = AT_EXEC, .rest = ""
};

static void await(struct channel *ch, usec_t latency)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;

	at->waiting = true;
	at->own_time = m->scope == AT_SCOPE_ALL && latency > m->fw->latency_default;
	timer_arm(&m->sched, &at->latency, latency);
}

/* Carries out the rest of the line as far as possible now. */
static void step(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	struct at_known known;
	size_t from;
	usec_t wait;

	for (;;) {
		if (link_room(ch) < AT_ROOM) {
			at->want_room = true;
			return;
		}
		if (m->scope == AT_SCOPE_HOLLOW) {
			finish(ch, AT_OK);
			return;
		}
		from = at->pos;
		known = at_known_of(m);
		switch (at_parse_next(&known, at->line, at->len, &at->pos, &at->call)) {
		case AT_PARSED_END:
			if (!at->bare) {
				finish(ch, AT_OK);
				return;
			}
			at->bare = false;
			at->call = bare_call;
			break;
		case AT_PARSED_BAD:
			if (take_unknown(ch, from))
				break;
			at_blame_line(ch, CLIENT_UNKNOWN);
			finish(ch, AT_ERROR);
			return;
		case AT_PARSED_COMMAND:
			break;
		}
		if (!in_scope(ch, &at->call)) {
			finish(ch, AT_ERROR);
			return;
		}
		if ((m->ports.notify || m->faults.n) && !is_unknown(&at->call))
			at_notify_command(ch, &at->call);
		if (at_class_locked(ch, &at->call)) {
			finish(ch, AT_CME(CME_LOCKED));
			return;
		}
		at->result_late = false;
		wait = m->taps->command(ch, &at->call);
		if (!at->running)
			return; /* a fault rule has ended it */
		if (is_unknown(&at->call) && !ch->answering) {
			at_blame_line(ch, CLIENT_UNKNOWN);
			finish(ch, AT_ERROR);
			return;
		}
		wait += m->scope == AT_SCOPE_ALL ? latency(m, &at->call) : 0;
		if (wait) {
			await(ch, wait);
			return;
		}
		if (!settle(ch, execute(ch)))
			return;
	}
}

void at_run_line(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	const struct fault_subject typed = { .on = ch, .text = at->line };

	at->line_done = true;
	at->pos = 0;
	at->line[at->len] = '\0';
	if (m->scope == AT_SCOPE_DOWNLOAD && !at->overlong && at_line_ends(ch))
		return;
	at->running = true;
	at->call.entry = NULL;
	at->bare = m->faults.n && at_line_ends(ch);
	m->taps->place(m, FAULT_AT_LINE, &typed);
	if (!at->running)
		return; /* a fault rule has ended it */
	if (at->overlong) {
		channel_blame(
			ch, LOG_AT, CLIENT_LONG, "more than %d characters", AT_LINE_MAX);
		finish(ch, AT_ERROR);
		return;
	}
	step(ch);
}

static void go_on(struct channel *ch, enum at_why why)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	const struct at_cmd *cmd = at->call.entry->cmd;
	int result;

	assert(cmd->more);
	at->waiting = at->want_room = false;
	timer_stop(&m->sched, &at->delay);
	at->executing = true;
	result = at_tell_answer(ch, cmd->more(ch, &at->call, why));
	at->executing = false;
	if (ch->carrier)
		channel_share(ch);
	if (settle(ch, result))
		step(ch);
}

static void delay_over(void *ctx, usec_t now)
{
	struct channel *ch = ctx;
	bool prompt = ch->at->prompt;

	(void)now;
	ch->at->prompt = false;
	go_on(ch, prompt ? AT_WHY_ABORT : AT_WHY_TIME);
}

/* A rule may answer instead of the text, which the command then does nothing with, or say
 * lines before the command goes on with it. */
static void go_on_with_text(struct channel *ch)
{
	struct modem *m = ch->modem;
	bool ends = ch->answering && !fault_obeys(ch->answering);
	int result = AT_OK;

	if (ends) {
		ch->at->waiting = false;
		timer_stop(&m->sched, &ch->at->delay);
	}
	ch->at->executing = ends;
	m->taps->instead(ch, &result);
	ch->at->executing = false;
	if (!ends)
		at_wake(ch, AT_WHY_TEXT);
	else if (settle(ch, result))
		step(ch);
}

void at_text_done(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	usec_t wait = m->taps->text(ch);

	if (!at->running)
		return; /* a fault rule has ended it */
	if (wait) {
		timer_stop(&m->sched, &at->delay);
		at->text_late = true;
		timer_arm(&m->sched, &at->late, wait);
	} else {
		go_on_with_text(ch);
	}
}

static void late_over(void *ctx, usec_t now)
{
	struct channel *ch = ctx;
	struct at_state *at = ch->at;

	(void)now;
	if (at->text_late) {
		at->text_late = false;
		go_on_with_text(ch);
		return;
	}
	at->waiting = false;
	if (settle(ch, at->held_result))
		step(ch);
}

void at_room(struct channel *ch)
{
	struct at_state *at = ch->at;

	while (at->want_room && link_room(ch) >= AT_ROOM) {
		at->want_room = false;
		if (at->waiting) {
			at->waiting = false;
			go_on(ch, AT_WHY_ROOM);
		} else {
			step(ch);
		}
	}
}

void at_wait(struct channel *ch, usec_t delay, enum timer_kind kind)
{
	struct modem *m = ch->modem;

	ch->at->delay.kind = kind;
	timer_arm(&m->sched, &ch->at->delay, delay);
}

void at_wake(struct channel *ch, enum at_why why)
{
	const struct at_cmd *cmd = at_running(ch);

	if (cmd && ch->at->waiting && !ch->at->want_room && !ch->at->prompt &&
		!timer_armed(&ch->at->latency) && !timer_armed(&ch->at->late) &&
		cmd->more)
		go_on(ch, why);
}

/* True when this command runs on the channel. */
static bool runs(const struct channel *ch, const char *name)
{
	const struct at_cmd *cmd = at_running(ch);

	return cmd && !strcmp(cmd->name, name);
}

void at_wake_named(struct modem *m, const char *name, enum at_why why)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (runs(ch, name))
			at_wake(ch, why);
}

void at_break_off(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;

	if (!timer_armed(&at->latency) && !timer_armed(&at->late)) {
		at_wake(ch, AT_WHY_ABORT);
		return;
	}
	timer_stop(&m->sched, &at->latency);
	timer_stop(&m->sched, &at->late);
	at->text_late = false;
	settle(ch, at->call.entry->cmd->aborted);
}

void at_cut_short(struct modem *m, const char *name, enum at_form form, int result)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch)) {
		if (!runs(ch, name) || !timer_armed(&ch->at->latency) ||
			ch->at->call.form != form)
			continue;
		timer_stop(&m->sched, &ch->at->latency);
		settle(ch, result);
	}
}

bool at_line_ends(const struct channel *ch)
{
	size_t i = ch->at->pos;

	while (i < ch->at->len && (ch->at->line[i] == ' ' || ch->at->line[i] == ';'))
		i++;
	return i == ch->at->len;
}

bool at_semicolon_follows(const struct channel *ch)
{
	return ch->at->pos < ch->at->len && ch->at->line[ch->at->pos] == ';';
}

void at_run_text(struct channel *ch, const char *line)
{
	struct at_state *at = ch->at;

	if (at->running || ch->modem->scope != AT_SCOPE_ALL ||
		ch->link->mode != LINK_COMMAND)
		return;
	at->len = strlen(line);
	memcpy(at->line, line, at->len);
	at->overlong = false;
	at->rx = AT_RX_HUNT;
	at_run_line(ch);
}

bool at_answers(const struct channel *ch)
{
	return ch->at->running && (!ch->at->waiting || timer_armed(&ch->at->late));
}

const struct at_cmd *at_running(const struct channel *ch)
{
	return ch->at->running && ch->at->call.entry ? ch->at->call.entry->cmd : NULL;
}

void at_abort(struct channel *ch)
{
	struct at_state *at = ch->at;

	if (!at->running)
		return;
	at->aborting = true;
	if (at->prompt) {
		at->prompt = false;
		at_wake(ch, AT_WHY_ABORT);
	}
	if (at->running)
		finish(ch, AT_SILENT);
	at->aborting = false;
}

void at_channel_init(struct channel *ch)
{
	struct at_state *at = ch->at;
	struct at_memory *mem = at->memory;

	*at = (struct at_state){
		.memory = mem,
		.typed = mem->typed,
		.last = mem->last,
		.line = mem->line,
		.text = mem->text,
	};
	ch->answering = NULL;
	buf_init(&at->urc, mem->urc, sizeof(mem->urc));
	timer_init(&at->latency, "command latency", TIMER_OWN, latency_over, ch);
	timer_init(&at->delay, "command", TIMER_OWN, delay_over, ch);
	timer_init(&at->late, "answer of a fault", TIMER_OWN, late_over, ch);
	at_prompt_init(ch);
}

void at_init(struct modem *m)
{
	struct channel *ch;

	m->scope = AT_SCOPE_MUTE;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		at_channel_init(ch);
}

static void stop_timers(struct channel *ch)
{
	struct sched *s = &ch->modem->sched;

	timer_stop(s, &ch->at->latency);
	timer_stop(s, &ch->at->delay);
	timer_stop(s, &ch->at->late);
	timer_stop(s, &ch->at->late_prompt);
}

void at_channel_stop(struct channel *ch)
{
	at_abort(ch);
	stop_timers(ch);
}

void at_restart(struct channel *ch)
{
	unsigned long dropped = ch->at->urc_dropped;

	stop_timers(ch);
	at_channel_init(ch);
	ch->at->urc_dropped = dropped;
}

void at_reset(struct modem *m, enum at_scope scope)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		at_restart(ch);
	m->scope = scope;
}
