/* A line that comes while a command works (GDW-11 pp. 295-299):
 *
 *   a command that waits for the network  what is typed is echoed at once; a line (AT...,
 *   (a row with works())                  A/) is answered +CME ERROR: 515; a few
 * commands, each alone on its line, run at once any other command what is typed waits for
 * its final result
 *
 * Neither affects the running command, whose result still follows, unless ATH, AT+WAC or
 * AT+CFUN=1 ends it. */
#include "at/aside.h"

#include "at/parse.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/tables.h"
#include "state/modem_state.h"

bool at_works_always(const struct channel *ch, const struct at_call *c)
{
	(void)ch;
	(void)c;
	return true;
}

bool at_works(const struct channel *ch)
{
	const struct modem *m = ch->modem;
	const struct at_cmd *cmd = at_running(ch);

	return cmd && cmd->works && ch->at->waiting && ch->at->own_time &&
	       !ch->at->prompt && !ch->at->want_room &&
	       !firmware_has(m->fw, QUIRK_HOLDS_LINES) && cmd->works(ch, &ch->at->call);
}

/* The only command on the typed line, if it is one that may run next to another. */
static bool runs_beside(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	struct at_known known = at_known_of(m);

	if (at->typed_long || at_parse_next(&known, at->typed, at->typed_len, &at->pos,
				      c) != AT_PARSED_COMMAND)
		return false;
	while (at->pos < at->typed_len && at->typed[at->pos] == ' ')
		at->pos++;
	if (at->pos != at->typed_len || !(c->entry->cmd->flags & AT_F_BESIDE))
		return false;
	/* only the reset runs at once; other forms of +CFUN wait */
	return !(c->entry->cmd->flags & AT_F_DOWNLOAD) ||
	       (c->form == AT_SET && c->rest_len == 1 && c->rest[0] == '1');
}

/* A command that otherwise takes time (+VTS) takes none here. */
static int beside(struct channel *ch)
{
	struct modem *m = ch->modem;
	int result;

	ch->at->executing = true;
	result = at_carry_out(ch);
	ch->at->executing = false;
	if (result == AT_PENDING) {
		timer_stop(&m->sched, &ch->at->delay);
		result = AT_OK;
	}
	return result;
}

static void put_line(struct buf *b, const char *line, size_t len)
{
	buf_puts(b, "AT");
	buf_put_visible(b, line, len < 25 ? len : 25);
}

static void blame(struct channel *ch)
{
	char text[256];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	put_line(&b, ch->at->typed, ch->at->typed_len);
	buf_puts(&b, " while the modem carries out ");
	put_line(&b, ch->at->line, ch->at->len);
	text[b.len] = '\0';
	channel_blame(ch, LOG_AT, CLIENT_EARLY, "%s", text);
}

/* What the line has done to the running command. */
static void affect(struct channel *ch, enum at_beside what)
{
	switch (what) {
	case AT_BESIDE_RESET:
		at_abort(ch);
		break;
	case AT_BESIDE_HANG_UP:
		at_wake(ch, AT_WHY_ABORT);
		break;
	case AT_BESIDE_ABORT:
		at_break_off(ch);
		break;
	case AT_BESIDE_NOTHING:
		break;
	}
}

void at_aside(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct at_state *at = ch->at;
	const struct at_call works = at->call;
	const size_t pos = at->pos;
	const bool info = at->info, in_block = at->in_block, drop_info = at->drop_info;
	const struct answer_conf *told = at->told;
	struct at_call c;
	int result = AT_CME(CME_BUSY);

	at->line_done = true;
	at->working = at->call.entry->cmd;
	at->beside = AT_BESIDE_NOTHING;
	at->pos = 0;
	at->info = at->in_block = at->drop_info = false;
	at->told = NULL;
	if (runs_beside(ch, &c)) {
		at->call = c;
		at_notify_command(ch, &at->call);
		result = beside(ch);
	} else {
		blame(ch);
		at->call.entry = NULL;
	}
	at_block_end(ch);
	at_final(ch, result);
	at->call = works;
	at->pos = pos;
	at->info = info;
	at->in_block = in_block;
	at->drop_info = drop_info;
	at->told = told;
	at->working = NULL;
	affect(ch, session_restarting(m) ? AT_BESIDE_RESET : at->beside);
}
