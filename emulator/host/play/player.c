#include "host/play/player.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe/describe.h"
#include "host/play/player_int.h"

#define END_SILENCE MS(500)

const struct name play_mode_names[] = {
	{ PLAY_COALESCED, "coalesced", "a whole line in one call" },
	{ PLAY_ONE_BYTE, "one-byte", "a call for each byte" },
	{ PLAY_NARROW, "narrow", "the port takes a few bytes at a time" },
	{ PLAY_POWER_CYCLE, "power-cycle", "the memory is loaded again after each step" },
	{ 0, NULL, NULL },
};

/* ---- talk ------------------------------------------------------------------------ */

/* The end of the block that begins at line i. */
static size_t block_end(const struct step *s, size_t i)
{
	for (i++; i < s->n_lines && s->lines[i].kind == LINE_MORE; i++)
		;
	return i;
}

static void type_line(struct player *p, const struct talk_line *line)
{
	struct pattern echo = { NULL, 0 };
	char *bytes = play_alloc(strlen(line->text) + 2);
	size_t len = play_unescape(line->text, bytes);

	bytes[len++] = '\r';
	if (play_quiet(p, line->at) && play_type(p, line->at, bytes, len) && p->echo) {
		pattern_bytes(&echo, bytes, len);
		play_expect(p, line->at, &echo, 0);
		pattern_clear(&echo);
	}
	free(bytes);
}

static void check_time(struct player *p, const struct talk_line *line)
{
	usec_t came = p->came[p->seen - 1] - p->all->did;

	if (line->timed && came != line->time)
		play_fail(p, line->at,
			"expected it %.6f s after the host last did something, it came "
			"after %.6f s",
			(double)line->time / 1e6, (double)came / 1e6);
}

static void expect_block(struct player *p, const struct step *s, size_t i)
{
	struct pattern t = { NULL, 0 };
	size_t end = block_end(s, i);

	play_pattern(s, i, end, &t);
	if (play_expect(p, s->lines[i].at, &t, s->within))
		check_time(p, &s->lines[i]);
	pattern_clear(&t);
}

static void talk(struct player *p, const struct step *s)
{
	size_t i = 0, end;

	while (i < s->n_lines && !p->all->failed) {
		if (s->lines[i].kind == LINE_TYPE) {
			type_line(p, &s->lines[i++]);
			if (p->all->options->accept && !p->all->failed &&
				(i == s->n_lines || s->lines[i].kind == LINE_TYPE))
				play_accept(p, s, i, i);
		} else if (p->all->options->accept) {
			for (end = i;
				end < s->n_lines && s->lines[end].kind != LINE_TYPE;)
				end++;
			play_accept(p, s, i, end);
			i = end;
		} else {
			expect_block(p, s, i);
			i = block_end(s, i);
		}
	}
}

/* ---- the other steps ------------------------------------------------------------- */

static void raw(struct player *p, const struct step *s)
{
	struct pattern t = { NULL, 0 };

	pattern_text(&t, s->bytes);
	play_expect(p, s->at, &t, s->within);
	pattern_clear(&t);
}

static void type(struct player *p, const struct step *s)
{
	char *bytes = play_alloc(strlen(s->bytes) + 1);
	size_t len = play_unescape(s->bytes, bytes);

	play_type(p, s->at, bytes, len);
	free(bytes);
}

/* In power-cycle mode power: on makes a new modem, which knows only its records. */
static void act(struct player *p, const struct step *s)
{
	const char *why;

	p->all->did = p->all->now;
	if (action_switches_on(&s->action) && p->all->options->mode == PLAY_POWER_CYCLE) {
		fault_tally_add(&p->tally, p->modem);
		play_modem_renew(p);
	}
	why = modem_act(p->modem, p->all->now, &s->action);
	if (why)
		play_fail(p, s->at, "%s: %s", s->action.row->name, why);
	play_drain(p);
}

static void check_states(struct player *p, const struct step *s)
{
	char mem[MODEM_STATE_TEXT];
	size_t i;

	for (i = 0; i < s->n_states; i++) {
		const char *is = modem_state(p->modem, s->states[i].key, mem);

		if (!is || strcmp(is, s->states[i].value) != 0)
			play_fail(p, s->at, "expected %s: %s, it is %s", s->states[i].key,
				s->states[i].value, is ? is : "unknown");
	}
}

/* Compares the last notice about the outbox or a far end. */
static void check_told(
	struct player *p, const struct step *s, const char *who, const char *told)
{
	if (strcmp(told, s->bytes) != 0)
		play_fail(p, s->at, "expected the %s to be \"%s\", it is \"%s\"", who,
			s->bytes, told);
}

static struct doc_place last_place(const struct step *s)
{
	return s->n_lines ? s->lines[s->n_lines - 1].at : s->at;
}

static void silence(struct player *p, const struct step *s)
{
	if (play_quiet(p, s->at))
		play_run(p->all, p->all->now + s->time, NULL, NULL);
}

static void wait_for(struct player *p, const struct step *s)
{
	play_run(p->all, p->all->now + s->time, NULL, NULL);
}

static void until(struct player *p, const struct step *s)
{
	if (s->time > p->all->now)
		play_run(p->all, s->time, NULL, NULL);
}

static void port(struct player *p, const struct step *s)
{
	p->all->did = p->all->now;
	modem_dtr(p->modem, p->port, p->all->now, s->on);
	play_drain(p);
}

static void rts(struct player *p, const struct step *s)
{
	p->all->did = p->all->now;
	modem_rts(p->modem, p->port, p->all->now, s->on);
	play_drain(p);
}

static void speed(struct player *p, const struct step *s)
{
	p->uart.baud = (unsigned)s->baud;
	modem_uart(p->modem, p->port, p->all->now, &p->uart);
	play_drain(p);
}

static void format(struct player *p, const struct step *s)
{
	struct uart_format f;

	if (!uart_format_parse(s->format, &f))
		return; /* checked when it was read */
	p->uart.data_bits = f.data_bits;
	p->uart.stop_bits = f.stop_bits;
	p->uart.parity = f.parity;
	modem_uart(p->modem, p->port, p->all->now, &p->uart);
	play_drain(p);
}

static void echo(struct player *p, const struct step *s)
{
	p->echo = s->on;
}

static void store(struct player *p, const struct step *s)
{
	p->store.fails = !s->on;
}

static void outbox(struct player *p, const struct step *s)
{
	check_told(p, s, "outbox", p->sent);
}

static void far_end(struct player *p, const struct step *s)
{
	check_told(p, s, "far end", p->shown);
}

static const struct {
	void (*run)(struct player *p, const struct step *s);
	bool leaves; /* the next step checks what the modem says */
} kinds[STEP_KINDS] = {
	[STEP_TALK] = { talk, false },
	[STEP_RAW] = { raw, false },
	[STEP_TYPE] = { type, true },
	[STEP_SILENCE] = { silence, false },
	[STEP_WAIT] = { wait_for, true },
	[STEP_UNTIL] = { until, true },
	[STEP_PORT] = { port, true },
	[STEP_ACTION] = { act, true },
	[STEP_ECHO] = { echo, false },
	[STEP_STATE] = { check_states, true },
	[STEP_SEND] = { play_send, false },
	[STEP_SPEED] = { speed, true },
	[STEP_FORMAT] = { format, true },
	[STEP_RTS] = { rts, true },
	[STEP_STORE] = { store, false },
	[STEP_SENT] = { play_sent, false },
	[STEP_OUTBOX] = { outbox, true },
	[STEP_FAR_END] = { far_end, true },
	[STEP_PPP] = { play_ppp, true }, /* it checks that nothing more has come */
	[STEP_TYPE_BYTES] = { play_type_bytes, true },
	[STEP_RAW_BYTES] = { play_raw_bytes, false },
	[STEP_PEER] = { play_peer, true },
};

static bool is_refused(const struct step *s)
{
	return s->kind == STEP_SEND &&
	       (s->send.refused || s->send.refused_at || s->send.refused_end);
}

/* After CONNECT the modem speaks PPP at once, which the next step hears. */
static bool before_ppp(const struct player *p, const struct step *s)
{
	const struct scenario *all = p->all->scenario;

	return (s->kind == STEP_TALK || s->kind == STEP_RAW) &&
	       s + 1 < all->steps + all->n_steps && s[1].kind == STEP_PPP &&
	       s[1].modem == s->modem;
}

void play_step(struct play_all *all, const struct step *s)
{
	struct player *p = &all->one[s->modem];

	play_turn(p, (unsigned)s->via);
	kinds[s->kind].run(p, s);
	if (!kinds[s->kind].leaves && !is_refused(s) && !p->all->failed &&
		!before_ppp(p, s))
		play_quiet(p, last_place(s));
}

/* ---- the whole ------------------------------------------------------------------- */

/* Fails if a rule never acted, because it has tested nothing. Not in a sweep, whose line
 * may have kept a rule from acting. */
static void check_rules(struct player *p, struct doc_place end)
{
	struct fault_idle idle;
	char others[160] = "";
	size_t i, len = 0;

	fault_tally_add(&p->tally, p->modem);
	if (p->all->options->sweep.at || p->all->options->accept)
		return;
	for (i = 1; fault_tally_idle(&p->tally, i, &idle) && len < sizeof(others); i++)
		len += (size_t)snprintf(others + len, sizeof(others) - len, "%s%d",
			len ? ", " : "; nor did those in lines ",
			idle.at.file ? idle.at.line : 0);
	if (fault_tally_idle(&p->tally, 0, &idle))
		play_fail(p, idle.at.file ? idle.at : end,
			"this rule never acted: %s%s; extend the talk so that it acts, "
			"or remove it",
			idle.title, others);
}

/* Nothing may come after the end. */
static void check_silence(struct play_all *all, struct doc_place end)
{
	unsigned port;
	size_t i;

	play_run(all, all->now + END_SILENCE, NULL, NULL);
	for (i = 0; i < all->n; i++)
		for (port = 0; port < MODEM_NAMED && !all->failed; port++) {
			play_turn(&all->one[i], port);
			play_quiet(&all->one[i], end);
		}
}

/* For PLAY_POWER_CYCLE. */
static void check_records(struct play_all *all, struct doc_place at)
{
	size_t i;

	for (i = 0; i < all->n && !all->failed; i++)
		if (!all->one[i].store.fails)
			play_check_records(&all->one[i], at);
}

void play(const struct scenario *s, const struct profile *const *profiles,
	const struct play_options *options, struct play_result *result)
{
	struct play_all all;
	struct doc_place end;
	size_t i;

	assert(s->n_steps);
	end = last_place(&s->steps[s->n_steps - 1]);
	*result = (struct play_result){ .ok = false };
	play_all_open(&all, s, profiles, options, result);
	for (i = 0; i < s->n_steps && !all.failed; i++) {
		play_step(&all, &s->steps[i]);
		if (options->mode == PLAY_POWER_CYCLE)
			check_records(&all, last_place(&s->steps[i]));
	}
	if (!all.failed)
		check_silence(&all, end);
	for (i = 0; i < all.n && !all.failed; i++)
		check_rules(&all.one[i], end);
	result->ok = !all.failed;
	result->time = all.now;
	result->gaps = modem_sweep_gaps(all.one[options->sweep_modem].modem);
	play_all_close(&all);
}

void play_result_clear(struct play_result *r)
{
	size_t i;

	free(r->message);
	for (i = 0; i < r->n_edits; i++)
		free(r->edits[i].text);
	free(r->edits);
	*r = (struct play_result){ .ok = false };
}
