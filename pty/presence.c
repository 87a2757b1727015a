/* Which clients have a pty open. inotify reports each open and close at once and in the
 * order of events, but the kernel merges two equal notices that follow each other, so
 * processes that open or close at the same instant are counted as one. The count is
 * therefore only a hint. The kernel's own state is always right: with our descriptor of
 * the slave closed, the master shows whether any other process has one (slave_probe()).
 * The kernel is asked
 *
 *   when the count reaches 0           before DTR falls: an open may have been missed.
 *                                      The notice of a close comes before the close, so
 *                                      the client that is still seen may be the one that
 *                                      is closing: it `lingers`, and is checked again
 *                                      1, 2, 4 ... ms later. After a quarter of a second
 *                                      it counts as present.
 *   after a close that leaves others   with the next poll and then each second until all
 *                                      have closed (`unsure`): a close may have been
 *                                      missed
 *   1 ms and 200 ms after the last     (`confirm`): our own opening also makes a notice,
 *   client has closed                  which may be merged with a client's
 *   bytes arrive while the count is 0  as after a close that leaves others
 *   notices were lost                  all ports
 *
 * While our descriptor is closed, a client may take exclusive mode, and then only root
 * can open the slave again: keep is -1, each poll tries again, and if the client leaves
 * the slave so, the device is replaced. */
#include <errno.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "modem_lines.h"

#define NOTICE_BYTES 16384
#define LINGERS      8 /* checks, 255 ms in all */
#define ASK_EVERY    5 /* in polls */

static void count(struct pty *p, unsigned mask)
{
	if (p->probing) {
		p->seen_opens += (mask & IN_OPEN) != 0;
		p->seen_closes += (mask & IN_CLOSE) != 0;
		return;
	}
	if (mask & IN_OPEN && p->phantom)
		p->phantom = false;
	else if (mask & IN_OPEN)
		p->clients++;
	if (mask & IN_CLOSE && p->clients) {
		p->clients--;
		p->turned |= !p->clients;
		p->phantom &= p->clients > 0;
		p->unsure |= p->clients > 0;
	}
	pty_put_on_list(p);
}

void hub_collect(struct pty_hub *h)
{
	char buf[NOTICE_BYTES]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *e;
	ssize_t n, at;

	do {
		n = read(h->inotify, buf, sizeof(buf));
		for (at = 0; at < n; at += (ssize_t)(sizeof(*e) + e->len)) {
			e = (const struct inotify_event *)(buf + at);
			if (e->mask & IN_Q_OVERFLOW)
				h->overflow = true;
			else if ((size_t)e->wd < h->watches && h->by_watch[e->wd])
				count(h->by_watch[e->wd], e->mask);
		}
	} while (n > (ssize_t)sizeof(buf) / 2 || (n < 0 && errno == EINTR));
}

/* A client that is not counted is found when the count reaches 0, but a count that is too
 * high hides that moment. The notice of an open comes after the open, so a client that is
 * found without a notice may still get one. */
static void be_unsure(struct pty *p)
{
	if (!p->unsure)
		p->asked = 0;
	p->unsure = true;
	hub_poll(p->hub);
}

void pty_met(struct pty *p)
{
	p->clients = 1;
	p->phantom = true;
	be_unsure(p);
}

/* Exclusive mode is off while our descriptor is closed. So a client that waits for
 * exclusive mode to end may open the slave just after the other client has closed it, and
 * must not find what that client left. */
static void unlock(struct pty *p, struct termios2 *left)
{
	if (slave_is_spoilt(&p->s, left))
		slave_clean(&p->s, left);
	slave_unlock(&p->s);
}

static void lock_again(struct pty *p, const struct termios2 *left, bool somebody)
{
	if (!somebody)
		slave_flush(&p->s);
	if (!somebody || p->seen_opens)
		return;
	slave_restore(&p->s, left);
	slave_lock(&p->s);
}

/* Replaces our descriptor; for a moment there is none. */
static bool somebody_else(struct pty *p)
{
	bool had = p->s.keep >= 0, locked = had && slave_is_locked(&p->s), somebody;
	struct termios2 left;
	int err;

	p->seen_opens = p->seen_closes = 0;
	/* all that the last client left was undone, so this lock belongs to a present one
	 */
	if (locked && !p->clients)
		return true;
	if (locked)
		unlock(p, &left);
	p->probing = true;
	err = slave_probe(&p->s, &somebody);
	hub_collect(p->hub);
	p->probing = false;
	/* the remaining notices are those of clients */
	if (had && p->seen_closes)
		p->seen_closes--;
	if (!err && p->hub->own_opens && p->seen_opens)
		p->seen_opens--;
	if (locked && !err)
		lock_again(p, &left, somebody);
	if (!err && !p->port.held)
		event_add(p->port.readable, NULL);
	if (!err)
		return somebody;
	/* a lock that was not there a moment ago belongs to a client that is present */
	somebody = !slave_deserted(&p->s);
	hub_poll(p->hub);
	if (somebody)
		return true;
	/* end of file, which would persist */
	event_del(p->port.readable);
	if (err == -EBUSY || !had)
		pty_replace(p);
	return false;
}

/* Corrects the count. `there`: somebody was present before others came and went in that
 * moment. */
static void recount(struct pty *p, bool there)
{
	/* all earlier clients had gone before these came, or may have */
	p->turned |= p->clients && (!there || (p->seen_opens && p->seen_closes));
	if (!there)
		p->clients = 0;
	p->clients += p->seen_opens;
	p->clients -= p->seen_closes < p->clients ? p->seen_closes : p->clients;
	p->unsure = p->phantom = false;
	if (!p->clients && (there || p->seen_opens)) {
		p->clients = 1;
		p->phantom = !p->seen_opens;
	}
	if (p->clients && (there || p->seen_closes))
		be_unsure(p);
}

bool pty_probe(struct pty *p)
{
	bool there;

	hub_collect(p->hub);
	if (p->turned)
		return true; /* act on that first */
	there = somebody_else(p);
	if (!pty_attached(p))
		return false;
	recount(p, there);
	return p->clients;
}

static void linger_on(struct pty_hub *h, unsigned tries)
{
	const struct timeval wait = { 0, 1000 << tries };

	event_add(h->linger, &wait);
}

bool pty_is_left(struct pty *p)
{
	bool there;

	hub_collect(p->hub);
	if (p->clients)
		return true;
	there = somebody_else(p);
	if (!pty_attached(p))
		return true;
	if (!there || p->seen_opens) {
		p->lingers = false;
		recount(p, false);
		return true;
	}
	if (!p->lingers)
		p->lingered = 0;
	p->lingers = p->lingered < LINGERS;
	if (p->lingers)
		linger_on(p->hub, p->lingered++);
	else
		recount(p, true);
	return false;
}

void hub_on_linger(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct pty *p;

	(void)fd;
	(void)what;
	hub_look(h);
	for (p = h->ports; p; p = p->next)
		if (p->lingers && !p->clients && pty_is_left(p))
			pty_left(p, false);
	hub_settle(h);
}

bool pty_in_doubt(const struct pty *p)
{
	return p->lingers || p->unsure || p->confirm ||
	       (pty_attached(p) && p->s.keep < 0);
}

/* A client that opens at the very moment of such a check may be missed again. So a check
 * that finds no client is followed by a second one, much later. */
bool pty_confirm(struct pty *p)
{
	if (p->confirm)
		p->confirm--;
	if (!pty_probe(p))
		return pty_attached(p);
	pty_put_on_list(p);
	return false;
}

void pty_doubt(struct pty *p)
{
	if (!pty_attached(p) || p->lingers)
		return;
	if (p->s.keep < 0 || (!p->spared && slave_is_hung_up(&p->s)))
		be_unsure(p);
	if (!p->clients && p->confirm && !p->spoilt)
		pty_confirm(p);
	if (!pty_attached(p) || !p->unsure || p->asked-- > 0)
		return;
	p->asked = ASK_EVERY - 1;
	pty_probe(p);
	if (pty_attached(p))
		pty_put_on_list(p);
}

void pty_learn(struct pty *p)
{
	bool somebody;

	if (p->hub->learned)
		return;
	p->hub->learned = true;
	hub_collect(p->hub);
	p->probing = true;
	p->seen_opens = 0;
	slave_probe(&p->s, &somebody);
	hub_collect(p->hub);
	p->probing = false;
	p->hub->own_opens = p->seen_opens > 0;
}

void hub_recount(struct pty_hub *h)
{
	char lost[NOTICE_BYTES];
	struct pty *p;

	h->overflow = false;
	log_warn(h->log, LOG_PTY,
		"inotify lost notices: too many clients came and went at once; the "
		"kernel is asked which ports are open");
	while (read(h->inotify, lost, sizeof(lost)) > 0)
		;
	for (p = h->ports; p; p = p->next) {
		if (!pty_attached(p) || pty_probe(p) || !pty_attached(p))
			continue;
		if (p->port.dtr || !lines_dtr(p))
			p->turned = true;
		else
			pty_undo(p, slave_is_locked(&p->s));
		pty_put_on_list(p);
	}
}
