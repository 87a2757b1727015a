/* Ports that are pseudo-terminals: opening, publishing, closing. */
#include "pty.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "conf/must.h"
#include "line_socket.h"
#include "modem_lines.h"
#include "symlink.h"

static int watch_port(struct pty *p)
{
	struct pty_hub *h = p->hub;
	struct pty **more;
	size_t n;

	if (h->directory < 0) {
		/* The kernel merges equal notices in a row. Notices of the directory come
		 * in between and keep them apart. */
		h->directory = inotify_add_watch(
			h->inotify, "/dev/pts", IN_OPEN | IN_CLOSE);
	}
	p->watch = inotify_add_watch(h->inotify, p->s.path, IN_OPEN | IN_CLOSE);
	if (p->watch < 0)
		return -errno;
	if ((size_t)p->watch >= h->watches) {
		n = (size_t)p->watch + 64;
		more = realloc(h->by_watch, n * sizeof(*more));
		if (!more)
			return -ENOMEM;
		memset(more + h->watches, 0, (n - h->watches) * sizeof(*more));
		h->by_watch = more;
		h->watches = n;
	}
	h->by_watch[p->watch] = p;
	return 0;
}

static int set_rights(const struct pty *p)
{
	const struct log *log = p->hub->log;

	if (p->group != (gid_t)-1 && chown(p->s.path, (uid_t)-1, p->group)) {
		log_error(log, LOG_PTY,
			"--group: %s: %s; only root can set a group that the user "
			"is not a member of",
			p->s.path, strerror(errno));
		return -EPERM;
	}
	if (p->mode >= 0 && chmod(p->s.path, (mode_t)p->mode)) {
		log_error(log, LOG_PTY, "--mode: %s: %s", p->s.path, strerror(errno));
		return -EPERM;
	}
	return 0;
}

int pty_attach(struct pty *p)
{
	int err = slave_open(&p->s);

	if (!err)
		err = watch_port(p);
	if (!err)
		err = port_watch(&p->port, p->hub->base, p->s.master, pty_on_readable);
	if (!err)
		pty_learn(p);
	if (err) {
		log_error(p->hub->log, LOG_PTY, "cannot open a pseudo-terminal: %s%s",
			strerror(-err),
			err == -ENOSPC   ? " (see /proc/sys/kernel/pty/max, "
					   "/proc/sys/fs/inotify/max_user_watches)"
			: err == -EMFILE ? " (see ulimit -n)"
					 : "");
		return err;
	}
	err = set_rights(p);
	if (!err && p->link) {
		p->link_mark = symlink_publish(p->s.path, p->link, p->hub->log);
		err = p->link_mark < 0 ? p->link_mark : 0;
	}
	if (!err && p->line_socket) {
		p->socket = line_socket_open(p);
		err = p->socket ? 0 : -EACCES;
	}
	return err;
}

void pty_detach(struct pty *p)
{
	struct pty **at;

	if (p->link_mark >= 0)
		symlink_retract(p->link, p->link_mark);
	p->link_mark = -1;
	for (at = &p->hub->noted; *at && *at != p; at = &(*at)->next_noted)
		;
	if (*at)
		*at = p->next_noted;
	pty_unread(p);
	if (p->watch >= 0) {
		p->hub->by_watch[p->watch] = NULL;
		inotify_rm_watch(p->hub->inotify, p->watch);
	}
	p->watch = -1;
	port_unwatch(&p->port);
	slave_close(&p->s);
	line_socket_close(p->socket);
	p->socket = NULL;
	lines_lost(p);
	p->keeps_dtr = false;
	p->clients = p->confirm = p->spoilt = 0;
	p->lingers = p->phantom = p->unsure = p->noted = p->turned = p->leaving = false;
	p->hung_up = false;
}

static struct pty *of(struct port *p)
{
	return (struct pty *)p;
}

static const char *path(const struct port *p)
{
	return ((const struct pty *)p)->s.path;
}

static unsigned clients(const struct port *port)
{
	const struct pty *p = (const struct pty *)port;

	return p->clients ? p->clients : p->lingers;
}

static void taken(struct port *p)
{
	if (of(p)->leaving)
		pty_last_left(of(p));
	/* there may be no more bytes, but a client that waits for this */
	else if (of(p)->lines)
		event_active(p->readable, EV_READ, 1);
}

static void lines(struct port *p, unsigned v24)
{
	lines_changed(of(p), v24);
}

static void close_pty(struct port *port)
{
	struct pty *p = of(port), **at;

	pty_detach(p);
	port_tell_gone(&p->port);
	for (at = &p->hub->ports; *at != p; at = &(*at)->next)
		;
	*at = p->next;
	lines_free(p->lines);
	free(p->link);
	free(p);
}

static const struct port_ops pty_ops = {
	.path = path,
	.clients = clients,
	.lines = lines,
	.taken = taken,
	.plug = pty_plug,
	.move = pty_move,
	.close = close_pty,
};

struct port *pty_open(struct pty_hub *h, const struct pty_options *options,
	const struct port_events *events)
{
	struct pty *p = calloc(1, sizeof(*p));

	if (!p || (options->link && !(p->link = strdup(options->link))))
		out_of_memory();
	port_init(&p->port, &pty_ops, h->log, events);
	p->hub = h;
	p->mode = options->mode;
	p->group = options->group;
	p->watch = -1;
	p->s.master = p->s.keep = p->link_mark = -1;
	p->plugged = true;
	p->lines = options->lines ? lines_new() : NULL;
	p->line_socket = options->lines && options->line_socket;
	p->next = h->ports;
	h->ports = p;
	if (!pty_attach(p))
		return &p->port;
	close_pty(&p->port);
	return NULL;
}

struct pty_hub *pty_hub_new(struct event_base *base, const struct log *log)
{
	struct pty_hub *h = calloc(1, sizeof(*h));

	must(h);
	h->turn = must(malloc(HUB_TURN));
	h->read_end = &h->read;
	port_raise_limit();
	h->base = base;
	h->log = log;
	h->directory = -1;
	h->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	h->poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (h->inotify < 0 || h->poll_fd < 0) {
		log_error(log, LOG_PTY,
			"inotify: %s (see /proc/sys/fs/inotify/max_user_instances)",
			strerror(errno));
		pty_hub_free(h);
		return NULL;
	}
	h->notices = event_new(base, h->inotify, EV_READ | EV_PERSIST, hub_on_notices, h);
	h->poll = event_new(base, h->poll_fd, EV_READ | EV_PERSIST, hub_on_poll, h);
	h->undo = evtimer_new(base, hub_on_undo, h);
	h->plug = evtimer_new(base, hub_on_plug, h);
	h->linger = evtimer_new(base, hub_on_linger, h);
	h->end_of_turn = evtimer_new(base, hub_on_end_of_turn, h);
	if (!h->notices || !h->poll || !h->undo || !h->plug || !h->linger ||
		!h->end_of_turn || event_priority_set(h->end_of_turn, 1) ||
		event_priority_set(h->undo, 1) || event_priority_set(h->linger, 1) ||
		event_priority_set(h->plug, 1) || event_priority_set(h->notices, 0) ||
		event_priority_set(h->poll, 1) || event_add(h->notices, NULL) ||
		event_add(h->poll, NULL)) {
		log_error(log, LOG_PTY, "libevent cannot add the events of the ports");
		pty_hub_free(h);
		return NULL;
	}
	return h;
}

void pty_hub_free(struct pty_hub *h)
{
	if (!h)
		return;
	while (h->ports)
		port_close(&h->ports->port);
	if (h->notices)
		event_free(h->notices);
	if (h->poll)
		event_free(h->poll);
	if (h->undo)
		event_free(h->undo);
	if (h->plug)
		event_free(h->plug);
	if (h->linger)
		event_free(h->linger);
	if (h->end_of_turn)
		event_free(h->end_of_turn);
	if (h->poll_fd >= 0)
		close(h->poll_fd);
	if (h->inotify >= 0)
		close(h->inotify);
	free(h->by_watch);
	free(h->turn);
	free(h);
}
