/* V.250 clause 5.2: the prefix may follow any garbage, A/ repeats without a CR, S3
 * ends the line, S5 deletes in it.
 *
 *        A or a           T or t (same case)
 *  HUNT -------> A ------------------------------> LINE --- S3 ---> carried out
 *    ^           |  \__ '/': the last line again
 *    +-- else ---+
 */
#include "at/line.h"

#include <ctype.h>
#include <string.h>

#include "at/tables.h"
#include "link/link.h"
#include "state/modem_state.h"

#define AUTOBAUD_SILENCE (SEC(1) / 1000)

static void echo(struct channel *ch, unsigned char byte)
{
	if (ch->set.echo)
		link_send(ch, &byte, 1);
}

/* The autobaud detector needs both letters in the same case (line.md Autobauding). */
static bool is_prefix(const struct channel *ch, char a, unsigned char t)
{
	if (toupper(t) != 'T')
		return false;
	return ch->set.speed != 0 || (a == 'A') == (t == 'T');
}

static bool hunt(struct at_state *at, unsigned char byte)
{
	if (toupper(byte) == 'A') {
		at->rx = AT_RX_A;
		at->prefix = (char)byte;
	} else {
		at->rx = AT_RX_HUNT;
	}
	return false;
}

static bool after_a(struct channel *ch, unsigned char byte)
{
	struct at_state *at = ch->at;

	if (byte == '/') {
		memcpy(at->typed, at->last, at->last_len);
		at->typed_len = at->last_len;
		at->typed_long = false;
		at->rx = AT_RX_HUNT;
		return true;
	}
	if (!is_prefix(ch, at->prefix, byte))
		return hunt(at, byte);
	at->rx = AT_RX_LINE;
	at->typed_len = 0;
	at->typed_long = false;
	return false;
}

static bool complete(struct at_state *at)
{
	memcpy(at->last, at->typed, at->typed_len);
	at->last_len = at->typed_len;
	at->rx = AT_RX_HUNT;
	at->skip_lf = true;
	return true;
}

/* line.md Autobauding: the detector measures the A. It knows the rates of the first list of
 * AT+IPR=?, and needs a moment of silence after the modem's last answer. Where the line does
 * not garble, any host is heard. False: the A was lost. */
static bool autobaud(struct channel *ch)
{
	const struct modem *m = ch->modem;
	struct link *l = ch->link;
	bool hasty = m->paces && m->sched.now - l->sent_at < AUTOBAUD_SILENCE;

	if (!l->rate && l->host.baud && m->garbles &&
		(hasty || !at_autobauds(m->fw->at, l->host.baud)))
		return false;
	l->found = l->host.baud;
	return true;
}

/* The room left for answers is not touched; without it bytes are taken one by one. */
static size_t longest_run(const struct channel *ch, size_t len)
{
	const struct at_state *at = ch->at;
	size_t room = link_room(ch), left = AT_LINE_MAX - 2;

	if (room <= AT_ROOM || at->typed_len >= left)
		return 0;
	if (len > room - AT_ROOM)
		len = room - AT_ROOM;
	return len < left - at->typed_len ? len : left - at->typed_len;
}

size_t at_line_run(struct channel *ch, const unsigned char *p, size_t len)
{
	const struct faults *rules = &ch->modem->faults;
	struct at_state *at = ch->at;
	size_t n;

	if (at->rx != AT_RX_LINE || at->prompt || at->skip_lf || rules->effects ||
		rules->looks_at[FAULT_AT_BYTE])
		return 0;
	len = longest_run(ch, len);
	for (n = 0; n < len; n++)
		if (p[n] < 0x20 || p[n] == 0x7f || p[n] == ch->set.s3 ||
			p[n] == ch->set.s5)
			break;
	if (!n)
		return 0;
	at->line_done = false;
	if (ch->set.echo)
		link_send(ch, p, n);
	memcpy(at->typed + at->typed_len, p, n);
	at->typed_len += n;
	return n;
}

bool at_line_rx(struct channel *ch, unsigned char byte)
{
	struct at_state *at = ch->at;

	if (at->skip_lf) {
		at->skip_lf = false;
		if (byte == ch->set.s4)
			return false;
	}
	if (at->rx == AT_RX_HUNT && toupper(byte) == 'A' && !autobaud(ch))
		return false;
	echo(ch, byte);
	if (at->rx == AT_RX_A)
		return after_a(ch, byte);
	if (at->rx == AT_RX_HUNT)
		return hunt(at, byte);
	if (byte == ch->set.s3)
		return complete(at);
	if (byte == ch->set.s5) {
		if (at->typed_len)
			at->typed_len--;
	} else if (byte < 0x20 || byte == 0x7f) {
		/* V.250 5.2.2: other control characters are ignored */
	} else if (at->typed_len + 2 >= AT_LINE_MAX) {
		at->typed_long = true;
	} else {
		at->typed[at->typed_len++] = (char)byte;
	}
	return false;
}
