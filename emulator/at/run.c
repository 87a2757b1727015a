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
#include "at/line.h"
#include "at/parse.h"
#include "at/reply.h"
#include "at/tables.h"
#include "link/link.h"

static void step(struct modem *m);

bool at_host_was_early(const struct modem *m)
{
	const struct buf *held = &m->link->held;
	size_t heard = held->len - m->link->flight;
	bool only_lf = heard == 1 && m->at->skip_lf && held->data[0] == m->live.s4;

	/* what is being taken out of `held` is still in it */
	return (heard && !only_lf && !m->at->stale) || m->at->rx != AT_RX_HUNT;
}

void at_blame_line(struct modem *m, enum client_fault code)
{
	char text[128];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, "AT");
	buf_put_visible(&b, m->at->line, m->at->len < 25 ? m->at->len : 25);
	text[b.len] = '\0';
	modem_blame(m, LOG_AT, code, "%s", text);
}

static void finish(struct modem *m, int result)
{
	struct at_state *at = m->at;

	at->answered = true;
	if (result != AT_SILENT && at_host_was_early(m))
		at_blame_line(m, CLIENT_EARLY);
	at->running = at->waiting = at->want_room = at->prompt = false;
	timer_stop(&m->sched, &at->latency);
	timer_stop(&m->sched, &at->delay);
	timer_stop(&m->sched, &at->late);
	at->text_late = at->drop_info = false;
	m->faults.answering = NULL;
	if (at->scope == AT_SCOPE_DOWNLOAD && result != AT_OK)
		result = AT_SILENT;
	at_final(m, result);
}

static bool in_scope(const struct modem *m, const struct at_call *c)
{
	unsigned flags = c->entry->cmd->flags;

	switch (m->at->scope) {
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

static int execute(struct modem *m)
{
	int result;

	m->at->executing = true;
	if (!m->taps->instead(m, &result))
		result = at_carry_out(m);
	m->at->executing = false;
	if (m->at->call.entry->cmd->flags & AT_F_SMS)
		result = at_sms_result(result);
	return result;
}

/* True when the line continues with the next command. */
static bool settle(struct modem *m, int result)
{
	struct at_state *at = m->at;
	usec_t wait;

	if (!at->running)
		return false; /* a fault rule has ended it */
	at->waiting = result == AT_PENDING || result == AT_MORE;
	at->want_room = result == AT_MORE;
	at->own_time = true;
	if (at->waiting)
		return false;
	at_block_end(m);
	wait = m->taps->result_waits(m);
	if (wait) {
		at->waiting = true;
		at->held_result = result;
		timer_arm(&m->sched, &at->late, wait);
		return false;
	}
	result = m->taps->result(m, result);
	if (result == AT_OK)
		return true;
	finish(m, result);
	return false;
}

static void latency_over(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	m->at->waiting = false;
	if (settle(m, execute(m)))
		step(m);
}

/* A command refused by its preconditions is refused without delay. */
static usec_t latency(const struct modem *m, const struct at_call *c)
{
	usec_t time;
	unsigned place = 0;

	while (!((unsigned)c->form >> place & 1))
		place++;
	time = c->entry->latency[place];
	if (time > m->fw->latency_default && at_refused(m, c) != AT_OK)
		return m->fw->latency_default;
	return time;
}

void at_notify_command(struct modem *m, const struct at_call *c)
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
	modem_notify(m, NOTICE_COMMAND, text, 0);
}

/* A command that no table has, for rules that name it. False: it has no name. */
static bool take_unknown(struct modem *m, size_t from)
{
	struct at_state *at = m->at;
	int i;

	if (!m->faults.n || at->scope != AT_SCOPE_ALL ||
		!at_parse_unknown(at->line, at->len, &from, at->unknown_name,
			sizeof(at->unknown_name), &at->call))
		return false;
	at->unknown = (struct at_cmd){
		.name = at->unknown_name,
		.forms = AT_ALL_FORMS,
		.flags = AT_F_UNKNOWN,
	};
	at->unknown_entry = (struct at_entry){ .cmd = &at->unknown };
	for (i = 0; i < AT_FORMS; i++)
		at->unknown_entry.latency[i] = m->fw->latency_default;
	at->call.entry = &at->unknown_entry;
	at->pos = from;
	return true;
}

static bool is_unknown(const struct at_call *c)
{
	return c->entry->cmd->flags & AT_F_UNKNOWN;
}

static int run_bare(struct modem *m, struct at_call *c)
{
	(void)m;
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

static void await(struct modem *m, usec_t latency)
{
	struct at_state *at = m->at;

	at->waiting = true;
	at->own_time = at->scope == AT_SCOPE_ALL && latency > m->fw->latency_default;
	timer_arm(&m->sched, &at->latency, latency);
}

/* Carries out the rest of the line as far as possible now. */
static void step(struct modem *m)
{
	struct at_state *at = m->at;
	size_t from;
	usec_t wait;

	for (;;) {
		if (link_room(m) < AT_ROOM) {
			at->want_room = true;
			return;
		}
		if (at->scope == AT_SCOPE_HOLLOW) {
			finish(m, AT_OK);
			return;
		}
		from = at->pos;
		switch (at_parse_next(
			at_tables_of(m), at->line, at->len, &at->pos, &at->call)) {
		case AT_PARSED_END:
			if (!at->bare) {
				finish(m, AT_OK);
				return;
			}
			at->bare = false;
			at->call = bare_call;
			break;
		case AT_PARSED_BAD:
			if (take_unknown(m, from))
				break;
			at_blame_line(m, CLIENT_UNKNOWN);
			finish(m, AT_ERROR);
			return;
		case AT_PARSED_COMMAND:
			break;
		}
		if (!in_scope(m, &at->call)) {
			finish(m, AT_ERROR);
			return;
		}
		if ((m->ports.notify || m->faults.n) && !is_unknown(&at->call))
			at_notify_command(m, &at->call);
		at->result_late = false;
		wait = m->taps->command(m, &at->call);
		if (!at->running)
			return; /* a fault rule has ended it */
		if (is_unknown(&at->call) && !m->faults.answering) {
			at_blame_line(m, CLIENT_UNKNOWN);
			finish(m, AT_ERROR);
			return;
		}
		wait += at->scope == AT_SCOPE_ALL ? latency(m, &at->call) : 0;
		if (wait) {
			await(m, wait);
			return;
		}
		if (!settle(m, execute(m)))
			return;
	}
}

static void begin(struct modem *m)
{
	struct at_state *at = m->at;
	const struct fault_subject typed = { .text = at->line };

	at->line_done = true;
	at->pos = 0;
	at->line[at->len] = '\0';
	if (at->scope == AT_SCOPE_DOWNLOAD && !at->overlong && at_line_ends(m))
		return;
	at->running = true;
	at->call.entry = NULL;
	at->bare = m->faults.n && at_line_ends(m);
	m->taps->place(m, FAULT_AT_LINE, &typed);
	if (!at->running)
		return; /* a fault rule has ended it */
	if (at->overlong) {
		modem_blame(
			m, LOG_AT, CLIENT_LONG, "more than %d characters", AT_LINE_MAX);
		finish(m, AT_ERROR);
		return;
	}
	step(m);
}

static void go_on(struct modem *m, enum at_why why)
{
	struct at_state *at = m->at;
	const struct at_cmd *cmd = at->call.entry->cmd;
	int result;

	assert(cmd->more);
	at->waiting = at->want_room = false;
	timer_stop(&m->sched, &at->delay);
	at->executing = true;
	result = cmd->more(m, &at->call, why);
	at->executing = false;
	if (settle(m, result))
		step(m);
}

static void delay_over(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	bool prompt = m->at->prompt;

	(void)now;
	m->at->prompt = false;
	go_on(m, prompt ? AT_WHY_ABORT : AT_WHY_TIME);
}

/* A rule has answered instead of the text: the command does nothing with it. */
static void end_by_text(struct modem *m)
{
	int result = AT_OK;

	m->at->waiting = false;
	timer_stop(&m->sched, &m->at->delay);
	m->at->executing = true;
	m->taps->instead(m, &result);
	m->at->executing = false;
	if (settle(m, result))
		step(m);
}

static void go_on_with_text(struct modem *m)
{
	const struct fault_rule *r = m->faults.answering;

	if (r && !fault_obeys(r))
		end_by_text(m);
	else
		at_wake(m, NULL, AT_WHY_TEXT);
}

void at_text_done(struct modem *m)
{
	struct at_state *at = m->at;
	usec_t wait = m->taps->text(m);

	if (!at->running)
		return; /* a fault rule has ended it */
	if (wait) {
		timer_stop(&m->sched, &at->delay);
		at->text_late = true;
		timer_arm(&m->sched, &at->late, wait);
	} else {
		go_on_with_text(m);
	}
}

static void late_over(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	struct at_state *at = m->at;

	(void)now;
	if (at->text_late) {
		at->text_late = false;
		go_on_with_text(m);
		return;
	}
	at->waiting = false;
	if (settle(m, at->held_result))
		step(m);
}

void at_room(struct modem *m)
{
	struct at_state *at = m->at;

	while (at->want_room && link_room(m) >= AT_ROOM) {
		at->want_room = false;
		if (at->waiting) {
			at->waiting = false;
			go_on(m, AT_WHY_ROOM);
		} else {
			step(m);
		}
	}
}

void at_wait(struct modem *m, usec_t delay, enum timer_kind kind)
{
	m->at->delay.kind = kind;
	timer_arm(&m->sched, &m->at->delay, delay);
}

void at_wake(struct modem *m, const char *name, enum at_why why)
{
	const struct at_cmd *cmd = at_running(m);

	if (cmd && m->at->waiting && !m->at->want_room && !timer_armed(&m->at->latency) &&
		!timer_armed(&m->at->late) && cmd->more &&
		(!name || !strcmp(cmd->name, name)))
		go_on(m, why);
}

void at_break_off(struct modem *m)
{
	struct at_state *at = m->at;

	if (!timer_armed(&at->latency) && !timer_armed(&at->late)) {
		at_wake(m, NULL, AT_WHY_ABORT);
		return;
	}
	timer_stop(&m->sched, &at->latency);
	timer_stop(&m->sched, &at->late);
	at->text_late = false;
	settle(m, at->call.entry->cmd->aborted);
}

void at_cut_short(struct modem *m, const char *name, enum at_form form, int result)
{
	const struct at_cmd *cmd = at_running(m);

	if (!cmd || !timer_armed(&m->at->latency) || m->at->call.form != form ||
		strcmp(cmd->name, name) != 0)
		return;
	timer_stop(&m->sched, &m->at->latency);
	settle(m, result);
}

bool at_line_ends(const struct modem *m)
{
	size_t i = m->at->pos;

	while (i < m->at->len && (m->at->line[i] == ' ' || m->at->line[i] == ';'))
		i++;
	return i == m->at->len;
}

bool at_semicolon_follows(const struct modem *m)
{
	return m->at->pos < m->at->len && m->at->line[m->at->pos] == ';';
}

void at_run_text(struct modem *m, const char *line)
{
	struct at_state *at = m->at;

	if (at->running || at->scope != AT_SCOPE_ALL || m->link->mode != LINK_COMMAND)
		return;
	at->len = strlen(line);
	memcpy(at->line, line, at->len);
	at->overlong = false;
	at->rx = AT_RX_HUNT;
	begin(m);
}

const struct at_cmd *at_running(const struct modem *m)
{
	return m->at->running && m->at->call.entry ? m->at->call.entry->cmd : NULL;
}

bool at_takes(const struct modem *m)
{
	/* room for the echo, and for the answer that the byte may trigger */
	if (link_room(m) < AT_URC_MAX)
		return false;
	/* Ctrl-Z is taken when there is room for its answer */
	if (m->at->prompt)
		return link_room(m) >= AT_ROOM;
	return !m->at->running || (at_works(m) && link_room(m) >= AT_ROOM);
}

static void take_typed(struct modem *m)
{
	struct at_state *at = m->at;

	if (at->running) {
		at_aside(m);
		return;
	}
	memcpy(at->line, at->typed, at->typed_len);
	at->len = at->typed_len;
	at->overlong = at->typed_long;
	begin(m);
}

/* Bytes that arrive at one moment: the host has not read the output that the first of
 * them trigger before it sent the rest. */
static void look_whether_early(struct modem *m, unsigned char byte)
{
	struct at_state *at = m->at;

	if (at->skip_lf && byte == m->live.s4)
		return;
	if (at->prompt && at->prompted)
		at_blame_line(m, CLIENT_TEXT_EARLY);
	else if (!at->prompt && at->answered && at->rx == AT_RX_HUNT &&
		 (byte | 0x20) == 'a')
		at_blame_line(m, CLIENT_EARLY);
	else
		return;
	at->prompted = at->answered = false;
}

void at_rx(struct modem *m, unsigned char byte)
{
	m->at->line_done = false;
	m->taps->byte(m, byte);
	if (m->at->fresh)
		look_whether_early(m, byte);
	if (m->at->prompt)
		at_prompt_rx(m, byte);
	else if (at_line_rx(m, byte))
		take_typed(m);
}

size_t at_typed(struct modem *m, const unsigned char *p, size_t len)
{
	const struct at_cmd *cmd;

	if (at_takes(m)) {
		at_rx(m, *p);
		return 1;
	}
	cmd = at_running(m);
	return cmd && cmd->typed ? cmd->typed(m, p, len) : 0;
}

void at_abort(struct modem *m)
{
	struct at_state *at = m->at;

	if (!at->running)
		return;
	at->aborting = true;
	if (at->prompt) {
		at->prompt = false;
		at_wake(m, NULL, AT_WHY_ABORT);
	}
	if (at->running)
		finish(m, AT_SILENT);
	at->aborting = false;
}

static void hang_up(struct modem *m)
{
	m->at->rx = AT_RX_HUNT;
	m->at->skip_lf = false;
	if (m->at->prompt) {
		m->at->prompt = false;
		at_wake(m, NULL, AT_WHY_ABORT);
	}
}

void at_dtr(struct modem *m, bool on)
{
	link_dtr(m, on);
	modem_notify(m, NOTICE_DTR, on ? "on" : "off", 0);
	m->link->cmee = m->link->cmee && on;
	m->taps->place(m, on ? FAULT_AT_OPEN : FAULT_AT_CLOSE, NULL);
	if (!on && m->link->mode == LINK_COMMAND)
		hang_up(m);
	chapters_dtr(m, on);
}

void at_init(struct modem *m)
{
	struct at_state *at = m->at;

	*at = (struct at_state){ .scope = AT_SCOPE_MUTE };
	m->faults.answering = NULL;
	buf_init(&at->urc, at->urc_mem, sizeof(at->urc_mem));
	timer_init(&at->latency, "command latency", TIMER_OWN, latency_over, m);
	timer_init(&at->delay, "command", TIMER_OWN, delay_over, m);
	timer_init(&at->late, "answer of a fault", TIMER_OWN, late_over, m);
	at_prompt_init(m);
}

void at_reset(struct modem *m, enum at_scope scope)
{
	unsigned long dropped = m->at->urc_dropped;

	timer_stop(&m->sched, &m->at->latency);
	timer_stop(&m->sched, &m->at->delay);
	timer_stop(&m->sched, &m->at->late);
	timer_stop(&m->sched, &m->at->late_prompt);
	at_init(m);
	m->at->urc_dropped = dropped;
	m->at->scope = scope;
}
