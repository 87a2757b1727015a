/* A bad line: bytes lost, doubled or changed; noise; slow output; silence; CTS. */
#include "faults/line.h"

#include <string.h>

#include "faults/gaps.h"
#include "faults/rules.h"
#include "link/link.h"
#include "state/modem_state.h"

#define CORRUPT_MAX (FAULT_NOISE_MAX + 1)

static bool next_escaped(const char **text, unsigned char *c)
{
	if (!**text)
		return false;
	buf_escaped_char(text, c);
	return true;
}

/* The byte, and then once more the last ones up to it: ABC, BC. */
static size_t double_run(struct modem *m, const struct fault_rule *r,
	const unsigned char *last, unsigned char *out)
{
	size_t run = (size_t)r->corrupt.run, n = 0;

	if (run > 1)
		run = 1 + rand_below(&m->rand, (uint32_t)run);
	while (run-- > 1)
		out[1 + n++] = last[run];
	out[0] = last[0];
	return n + 1;
}

/* Applies a rule to a byte, the newest of `last`; returns the number of bytes in out. */
static size_t corrupt(struct modem *m, const struct fault_rule *r,
	const unsigned char *last, unsigned char out[CORRUPT_MAX])
{
	unsigned char byte = last[0];
	const char *text = r->corrupt.text;
	size_t n = 0;

	switch ((enum fault_corruption)r->corrupt.how) {
	case FAULT_DROP:
		return 0;
	case FAULT_DOUBLE:
		n = double_run(m, r, last, out);
		break;
	case FAULT_FLIP:
		byte ^= (unsigned char)r->corrupt.mask;
		break;
	case FAULT_NOISE:
		while (next_escaped(&text, &out[n]))
			n++;
		if (n)
			break;
		while (n < (size_t)r->corrupt.bytes)
			out[n++] = (unsigned char)rand_below(&m->rand, 256);
		break;
	}
	out[n++] = byte;
	return n;
}

static bool hits(const struct fault_rule *r, unsigned char byte)
{
	const char *text = r->corrupt.only;
	unsigned char c;

	while (next_escaped(&text, &c))
		if (c == byte)
			return true;
	return !r->corrupt.only[0];
}

/* Bytes on a bad line: each byte, as changed, is put into `to` unless this would take
 * room needed for others; `spare` is the room available beyond the bytes themselves. */
static void put_corrupted(struct channel *ch, int direction, struct buf *to,
	const unsigned char *p, size_t len, size_t spare)
{
	struct modem *m = ch->modem;
	unsigned char out[CORRUPT_MAX], *last = ch->last[direction == FAULT_TO_MODEM];
	const struct fault_rule *r;
	size_t i, n;

	for (i = 0; i < len; i++) {
		n = 0;
		out[n++] = p[i];
		memmove(last + 1, last, FAULT_RUN_MAX - 1);
		last[0] = p[i];
		for (r = NULL; (r = fault_peek_at(ch, FAULT_CORRUPT, r));) {
			if (!(r->corrupt.direction & direction) || !hits(r, p[i]) ||
				rand_below(&m->rand, (uint32_t)r->corrupt.one_in) ||
				!fault_acts(m, r))
				continue;
			n = corrupt(m, r, last, out);
			break;
		}
		if (n > spare + 1) {
			n = 0;
			out[n++] = p[i];
		}
		spare -= n > 1 ? n - 1 : 0;
		buf_put(to, out, n);
	}
}

bool fault_line_heard(struct channel *ch, const unsigned char *p, size_t len)
{
	struct modem *m = ch->modem;
	struct buf *held = &ch->link->held;

	if (!faults_have(&m->faults, FAULT_CORRUPT) ||
		!fault_peek_at(ch, FAULT_CORRUPT, NULL))
		return false;
	put_corrupted(ch, FAULT_TO_MODEM, held, p, len, buf_room(held) - len);
	return true;
}

bool fault_line_send(struct channel *ch, const void *data, size_t len)
{
	struct modem *m = ch->modem;
	struct buf *tx = &ch->link->tx;
	size_t room, kept = LINK_PROMISED + len;

	if (!faults_have(&m->faults, FAULT_CORRUPT) ||
		!fault_peek_at(ch, FAULT_CORRUPT, NULL))
		return false;
	room = buf_room(tx);
	put_corrupted(ch, FAULT_TO_HOST, tx, data, len, room > kept ? room - kept : 0);
	return true;
}

/* Each affected line counts as one action of the rule, not each byte. */
bool fault_line_deaf(struct channel *ch, unsigned char byte)
{
	struct modem *m = ch->modem;
	const struct fault_rule *r;

	if (!faults_have(&m->faults, FAULT_MUTE))
		return false;
	r = fault_peek_at(ch, FAULT_MUTE, NULL);
	if (!r)
		return false;
	if (byte == ch->set.s3)
		fault_acts(m, r);
	return r->mute.how == FAULT_MUTE_LOST;
}

/* How much of the pending output a silence lets pass. */
static size_t not_muted(struct channel *ch, size_t len)
{
	struct modem *m = ch->modem;
	const struct fault_rule *mute;
	struct buf *tx = &ch->link->tx;
	size_t spoken = ch->spoken;

	if (!faults_have(&m->faults, FAULT_MUTE))
		return len;
	mute = fault_peek_at(ch, FAULT_MUTE, NULL);
	if (!mute)
		return len;
	if (tx->len > spoken)
		fault_shows(m, mute);
	if (mute->mute.how == FAULT_MUTE_LOST)
		tx->len = spoken;
	return len < spoken ? len : spoken;
}

size_t fault_line_leave(struct channel *ch, size_t len, bool *paced)
{
	struct modem *m = ch->modem;

	*paced = faults_have(&m->faults, FAULT_PACE) &&
		 fault_peek_at(ch, FAULT_PACE, NULL);
	len = not_muted(ch, len);
	if (*paced && timer_armed(&ch->pace))
		return 0;
	len = gap_up_to_cut(ch, len);
	return *paced && len ? 1 : len;
}

void fault_line_left(struct channel *ch, size_t len)
{
	struct modem *m = ch->modem;
	const struct fault_rule *pace = NULL;
	size_t *spoken = &ch->spoken;

	if (faults_have(&m->faults, FAULT_PACE))
		pace = fault_peek_at(ch, FAULT_PACE, NULL);
	if (pace) {
		fault_shows(m, pace);
		timer_arm(&m->sched, &ch->pace, pace->pace.byte);
	}
	*spoken -= len < *spoken ? len : *spoken;
}

void fault_line_dropped(struct channel *ch)
{
	ch->spoken = 0;
}

bool fault_line_stuck(const struct channel *ch)
{
	return faults_have(&ch->modem->faults, FAULT_CTS) &&
	       fault_peek_at(ch, FAULT_CTS, NULL);
}

void fault_line_shows_stuck(struct channel *ch)
{
	const struct fault_rule *stuck = fault_peek_at(ch, FAULT_CTS, NULL);

	if (stuck)
		fault_shows(ch->modem, stuck);
}

void fault_line_init(struct channel *ch)
{
	timer_init(&ch->pace, "next byte of a slow line", TIMER_OWN, timer_wake, ch);
}
