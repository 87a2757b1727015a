#include "host/net/far_ends.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/loop.h"
#include "host/net/far_int.h"
#include "host/trace/trace.h"
#include "wire.h"

#define READ_MAX  4096
#define LINGERING 8           /* connections after their calls; then the oldest goes */
#define SWALLOWED (256 << 10) /* bytes that such a peer may still send */

struct listener {
	struct far_ends *home;
	struct listener *next;
	char number[48];
	struct listen_addr addr;
	int fd;
	struct loop_fd *watch;
};

struct far_ends {
	struct loop *loop;
	struct wire *wire;
	const struct log *log;
	struct trace *trace;
	struct far *first; /* the newest */
	struct listener *listeners;
};

/* ---- one far end ------------------------------------------------------------------ */

static struct far *far_new(struct far_ends *h, unsigned id, const char *name)
{
	struct far *f = must(calloc(1, sizeof(*f)));

	f->out = must(malloc(FAR_OUT));
	f->home = h;
	f->id = id;
	f->fd = f->hangs = f->file = f->keep = -1;
	snprintf(f->name, sizeof(f->name), "%s", name);
	f->next = h->first;
	h->first = f;
	return f;
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void far_free(struct far *f)
{
	struct far **p = &f->home->first;

	while (*p != f)
		p = &(*p)->next;
	*p = f->next;
	loop_fd_free(f->watch);
	loop_fd_free(f->hang_watch);
	close_fd(f->fd);
	close_fd(f->hangs);
	close_fd(f->file);
	close_fd(f->keep);
	free(f->out);
	free(f);
}

static struct far *by_id(const struct far_ends *h, unsigned id)
{
	struct far *f;

	for (f = h->first; f && f->id != id; f = f->next)
		;
	return f;
}

static const struct modem *modem_of(const struct far_ends *h)
{
	return wire_modem(h->wire);
}

static void keep(struct far *f, const char *p, size_t len)
{
	ssize_t n;

	for (; f->keep >= 0 && len; p += n, len -= (size_t)n) {
		n = write(f->keep, p, len);
		if (n > 0)
			continue;
		if (n < 0 && errno == EINTR) {
			n = 0;
			continue;
		}
		log_error(f->home->log, LOG_CALL,
			"%s: what it receives is kept no longer: %s; see df", f->name,
			strerror(errno));
		close(f->keep);
		f->keep = -1;
		return;
	}
}

static void flush(struct far *f)
{
	ssize_t n;

	while (f->out_len) {
		n = f->kind->write(f, f->out + f->out_at, f->out_len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			f->broken = true;
			f->out_len = 0;
			break;
		}
		keep(f, f->out + f->out_at, (size_t)n);
		f->out_at += (size_t)n;
		f->out_len -= (size_t)n;
	}
	f->out_at = 0;
}

/* The call is over and all is sent. */
static void finish(struct far *f)
{
	if (f->shut)
		return;
	f->shut = true;
	if (!f->connected || shutdown(f->fd, SHUT_WR))
		f->done = true;
}

static unsigned wanted(const struct far *f)
{
	const struct modem *m = modem_of(f->home);
	enum far_call call;
	unsigned what = 0;

	if (f->asked)
		return LOOP_WRITE;
	if (!f->id)
		return f->out_len ? LOOP_WRITE : LOOP_READ;
	call = modem_far_state(m, (int)f->id);
	if (f->out_len || f->starved)
		what |= LOOP_WRITE;
	if ((!f->silent && modem_far_room(m, (int)f->id)) ||
		(f->hung && (call == FAR_CALL_RINGS || call == FAR_CALL_ESCAPED)))
		what |= LOOP_READ;
	return what;
}

static void settle(struct far *f)
{
	if (f->connected)
		flush(f);
	if (!f->id && !f->out_len)
		finish(f);
	if (f->done)
		far_free(f);
	else if (f->watch)
		loop_fd_wants(f->watch, wanted(f));
}

/* ---- entries into the modem ------------------------------------------------------- */

static struct modem *enter(struct far_ends *h, usec_t *now)
{
	return wire_enter(h->wire, now);
}

static void leave(struct far_ends *h)
{
	wire_leave(h->wire);
}

static void tell_closed(struct far *f, enum far_ending why)
{
	struct far_ends *h = f->home;
	int id = (int)f->id;
	usec_t now;
	struct modem *m = enter(h, &now);

	trace_event(h->trace, now, "far %d %s", id, name_of(far_endings, (int)why));
	modem_far_closed(m, now, id, why);
	leave(h);
	f->id = 0;
}

static void tell_there(struct far *f)
{
	struct far_ends *h = f->home;
	usec_t now;
	struct modem *m = enter(h, &now);

	trace_event(h->trace, now, "far %u there", f->id);
	modem_far_there(m, now, (int)f->id);
	leave(h);
}

static void tell_ready(struct far *f)
{
	struct far_ends *h = f->home;
	usec_t now;
	struct modem *m = enter(h, &now);

	f->starved = false;
	modem_far_ready(m, now);
	leave(h);
}

/* Its bytes for the host; room is more than 0. */
static void tell_bytes(struct far *f, size_t room)
{
	struct far_ends *h = f->home;
	char buf[READ_MAX];
	ssize_t n = f->kind->read(f, buf, room < sizeof(buf) ? room : sizeof(buf));
	struct modem *m;
	usec_t now;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		m = enter(h, &now);
		trace_bytes(h->trace, MODEM_UART1, now, '(', buf, (size_t)n);
		modem_far_rx(m, now, (int)f->id, buf, (size_t)n);
		leave(h);
	} else if (f->kind->speaks_last) {
		f->silent = true;
	} else {
		log_note(h->log, LOG_CALL, "%s has closed the connection", f->name);
		tell_closed(f, FAR_HUNG_UP);
	}
}

/* ---- what the loop calls ---------------------------------------------------------- */

static bool nothing_left(const struct far *f)
{
	char one;

	return recv(f->fd, &one, 1, MSG_PEEK | MSG_DONTWAIT) <= 0 && errno != EAGAIN;
}

/* It has ended. What it has sent before is waited for while the call will be online, but
 * not while it rings or is escaped. */
static void look_at_end(struct far *f)
{
	enum far_call call = modem_far_state(modem_of(f->home), (int)f->id);

	if (call == FAR_CALL_RINGS || call == FAR_CALL_ESCAPED || nothing_left(f))
		tell_closed(f, FAR_HUNG_UP);
}

static void on_hang(void *ctx)
{
	struct far *f = ctx;

	f->hung = true;
	loop_fd_free(f->hang_watch);
	f->hang_watch = NULL;
	f->busy = true;
	if (f->id)
		look_at_end(f);
	f->busy = false;
	settle(f);
}

static void watch_end(struct far *f)
{
	f->connected = true;
	if (f->hangs >= 0)
		f->hang_watch = loop_fd_new(f->home->loop, f->hangs, on_hang, f);
}

static void on_opened(struct far *f)
{
	int error = f->kind->opened(f);

	f->asked = false;
	if (!error) {
		watch_end(f);
		tell_there(f);
		return;
	}
	log_warn(f->home->log, LOG_CALL,
		"the far end %s cannot be reached: %s; the call ends", f->name,
		strerror(error));
	tell_closed(f, error == ETIMEDOUT ? FAR_NO_ANSWER : FAR_UNREACHABLE);
}

/* The call is over: until the peer has closed too, so that what was sent arrives. */
static void linger(struct far *f)
{
	char buf[READ_MAX];
	ssize_t n;

	flush(f);
	if (f->out_len)
		return;
	n = f->kind->read(f, buf, sizeof(buf));
	if (n > 0)
		f->swallowed += (size_t)n;
	if (!n || (n < 0 && errno != EAGAIN && errno != EINTR) ||
		f->swallowed > SWALLOWED)
		f->done = true;
}

static void on_ready(void *ctx)
{
	struct far *f = ctx;
	size_t room;

	f->busy = true;
	if (f->asked) {
		on_opened(f);
	} else if (!f->id) {
		linger(f);
	} else {
		flush(f);
		if (f->starved && f->out_len < FAR_OUT)
			tell_ready(f);
		room = f->id ? modem_far_room(modem_of(f->home), (int)f->id) : 0;
		if (room && !f->silent)
			tell_bytes(f, room);
		else if (f->id && f->hung)
			look_at_end(f);
	}
	f->busy = false;
	settle(f);
}

static void watch(struct far *f)
{
	if (f->fd >= 0)
		f->watch = loop_fd_new(f->home->loop, f->fd, on_ready, f);
	if (f->watch)
		loop_fd_wants(f->watch, wanted(f));
	else
		log_error(f->home->log, LOG_CALL,
			"%s cannot be opened: %s; see ulimit -n", f->name,
			strerror(errno));
}

/* ---- what the modem calls: only to enqueue ---------------------------------------- */

static const struct far_kind_row *const kinds[] = {
	[FAR_FILE] = &far_file_kind,
	[FAR_TCP] = &far_tcp_kind,
};

static void far_open(void *ctx, unsigned id, const char *text)
{
	struct far *f = far_new(ctx, id, text);
	struct far_end_conf c;

	far_conf_read(text, &c); /* it was checked */
	f->asked = true;
	f->kind = kinds[c.kind];
	if (c.keep[0]) {
		f->keep = open(c.keep,
			O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
			0666);
		if (f->keep < 0)
			f->error = errno;
	}
	if (f->error)
		f->fd = far_always_ready();
	else
		f->kind->open(f, &c);
	watch(f);
}

static size_t far_room(void *ctx, unsigned id)
{
	struct far *f = by_id(ctx, id);

	if (!f || f->broken)
		return FAR_OUT;
	if (f->out_len == FAR_OUT)
		f->starved = true;
	return FAR_OUT - f->out_len;
}

static void far_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	struct far *f = by_id(ctx, id);

	if (!f || f->broken)
		return;
	if (f->out_at + f->out_len + len > FAR_OUT) {
		memmove(f->out, f->out + f->out_at, f->out_len);
		f->out_at = 0;
	}
	memcpy(f->out + f->out_at + f->out_len, buf, len);
	f->out_len += len;
}

static void forget_oldest(struct far_ends *h)
{
	struct far *f, *oldest = NULL;
	unsigned n = 0;

	for (f = h->first; f; f = f->next)
		if (!f->id) {
			oldest = f;
			n++;
		}
	if (n > LINGERING)
		oldest->done = true;
}

static void far_close(void *ctx, unsigned id)
{
	struct far *f = by_id(ctx, id);

	if (!f)
		return;
	f->id = 0;
	f->asked = f->starved = false;
	f->done = !f->connected;
	forget_oldest(ctx);
}

struct far_ports far_ends_ports(struct far_ends *h)
{
	return (struct far_ports){ h, far_open, far_room, far_tx, far_close };
}

static void on_settled(void *ctx)
{
	const struct far_ends *h = ctx;
	struct far *f, *next;

	for (f = h->first; f; f = next) {
		next = f->next;
		if (!f->busy)
			settle(f);
	}
}

/* ---- incoming calls --------------------------------------------------------------- */

static bool ring(struct listener *l, int fd)
{
	struct far_ends *h = l->home;
	char name[LISTEN_NAME];
	usec_t now;
	struct modem *m = enter(h, &now);
	int id = modem_far_call(m, now, l->number);
	struct far *f;

	if (id) {
		trace_event(h->trace, now, "far %d calls %s", id, l->number);
		listen_print(&l->addr, name);
		f = far_new(h, (unsigned)id, name);
		f->kind = &far_tcp_kind;
		far_tcp_take(f, fd);
		watch_end(f);
		watch(f);
	}
	leave(h);
	return id;
}

static void on_again(void *ctx)
{
	const struct listener *l = ctx;

	loop_fd_wants(l->watch, LOOP_READ);
}

static void on_connect(void *ctx)
{
	struct listener *l = ctx;
	int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		/* the caller waits in the backlog */
		loop_fd_wants(l->watch, 0);
		loop_later(l->home->loop, SEC(1), on_again, l);
	}
	if (fd < 0 || ring(l, fd))
		return;
	log_note(l->home->log, LOG_CALL,
		"a call from \"%s\" does not reach the modem: it is busy or away, "
		"or bars or forwards calls; the connection is closed",
		l->number);
	close(fd);
}

bool far_ends_listen(struct far_ends *h, const char *number, struct listen_addr *a,
	char *why, size_t size)
{
	struct listener *l;
	int fd = listen_open(a, -1, (gid_t)-1, why, size);

	if (fd < 0)
		return false;
	l = must(calloc(1, sizeof(*l)));
	l->home = h;
	l->addr = *a;
	l->fd = fd;
	snprintf(l->number, sizeof(l->number), "%s", number);
	l->watch = loop_fd_new(h->loop, fd, on_connect, l);
	l->next = h->listeners;
	h->listeners = l;
	if (!l->watch)
		snprintf(why, size, "cannot be watched; see ulimit -n");
	return l->watch;
}

/* ---- birth ------------------------------------------------------------------------ */

struct far_ends *far_ends_new(struct loop *l, const struct log *log, struct trace *trace)
{
	struct far_ends *h = must(calloc(1, sizeof(*h)));

	h->loop = l;
	h->log = log;
	h->trace = trace;
	return h;
}

/* The modem is made anew: all calls have ended. */
static void drop(void *ctx)
{
	const struct far_ends *h = ctx;

	while (h->first) {
		if (h->first->connected)
			flush(h->first);
		far_free(h->first);
	}
}

void far_ends_attach(struct far_ends *h, struct wire *w)
{
	const struct wire_watch watch = {
		.ctx = h, .settled = on_settled, .renewed = drop
	};

	h->wire = w;
	wire_watch(w, &watch);
}

void far_ends_free(struct far_ends *h)
{
	struct listener *l;

	if (!h)
		return;
	if (h->wire)
		wire_unwatch(h->wire, h);
	drop(h);
	while ((l = h->listeners)) {
		h->listeners = l->next;
		loop_fd_free(l->watch);
		listen_close(&l->addr, l->fd);
		free(l);
	}
	free(h);
}
