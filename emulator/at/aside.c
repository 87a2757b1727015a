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

bool at_works_always(const struct modem *m, const struct at_call *c)
{
	(void)m;
	(void)c;
	return true;
}

bool at_works(const struct modem *m)
{
	const struct at_cmd *cmd = at_running(m);

	return cmd && cmd->works && m->at->waiting && m->at->own_time && !m->at->prompt &&
	       !m->at->want_room && !firmware_has(m->fw, QUIRK_HOLDS_LINES) &&
	       cmd->works(m, &m->at->call);
}

/* The only command on the typed line, if it is one that may run next to another. */
static bool runs_beside(struct modem *m, struct at_call *c)
{
	struct at_state *at = m->at;

	if (at->typed_long || at_parse_next(at_tables_of(m), at->typed, at->typed_len,
				      &at->pos, c) != AT_PARSED_COMMAND)
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
static int beside(struct modem *m)
{
	int result;

	m->at->executing = true;
	result = at_carry_out(m);
	m->at->executing = false;
	if (result == AT_PENDING) {
		timer_stop(&m->sched, &m->at->delay);
		result = AT_OK;
	}
	return result;
}

static void put_line(struct buf *b, const char *line, size_t len)
{
	buf_puts(b, "AT");
	buf_put_visible(b, line, len < 25 ? len : 25);
}

static void blame(struct modem *m)
{
	char text[256];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	put_line(&b, m->at->typed, m->at->typed_len);
	buf_puts(&b, " while the modem carries out ");
	put_line(&b, m->at->line, m->at->len);
	text[b.len] = '\0';
	modem_blame(m, LOG_AT, CLIENT_EARLY, "%s", text);
}

/* What the line has done to the running command. */
static void affect(struct modem *m, enum at_beside what)
{
	switch (what) {
	case AT_BESIDE_RESET:
		at_abort(m);
		break;
	case AT_BESIDE_HANG_UP:
		at_wake(m, NULL, AT_WHY_ABORT);
		break;
	case AT_BESIDE_ABORT:
		at_break_off(m);
		break;
	case AT_BESIDE_NOTHING:
		break;
	}
}

void at_aside(struct modem *m)
{
	struct at_state *at = m->at;
	const struct at_call works = at->call;
	const size_t pos = at->pos;
	const bool info = at->info, in_block = at->in_block, drop_info = at->drop_info;
	struct at_call c;
	int result = AT_CME(CME_BUSY);

	at->line_done = true;
	at->working = at->call.entry->cmd;
	at->beside = AT_BESIDE_NOTHING;
	at->pos = 0;
	at->info = at->in_block = at->drop_info = false;
	if (runs_beside(m, &c)) {
		at->call = c;
		at_notify_command(m, &at->call);
		result = beside(m);
	} else {
		blame(m);
		at->call.entry = NULL;
	}
	at_block_end(m);
	at_final(m, result);
	at->call = works;
	at->pos = pos;
	at->info = info;
	at->in_block = in_block;
	at->drop_info = drop_info;
	at->working = NULL;
	affect(m, session_restarting(m) ? AT_BESIDE_RESET : at->beside);
}
