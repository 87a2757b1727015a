#include "supervisor.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "conf/must.h"
#include "modem_lines.h"

/* Before 5.5 a notified call could not go on. */
static bool kernel_is_new(void)
{
	struct utsname u;
	unsigned major, minor;

	if (uname(&u) || sscanf(u.release, "%u.%u", &major, &minor) != 2)
		return true;
	return major > 5 || (major == 5 && minor >= 5);
}

#define REQUESTS 64 /* at most, in line_call.c */

static const char *reason(int error)
{
	switch (error) {
	case EBUSY:
	case EFAULT: /* libseccomp 2.5 says so whatever the kernel has said */
	case ECANCELED:
		return "it runs under another such filter already (another exec "
		       "--lines?)";
	case EPERM:
	case EACCES:
		return "seccomp is forbidden here (a container's policy?)";
	case ENOSYS:
	case EINVAL:
		return "the kernel has no seccomp filters with user notification";
	default:
		return strerror(error);
	}
}

bool supervisor_takes_privileges(void)
{
	return geteuid() != 0;
}

bool supervisor_possible(char *why, size_t size)
{
	const uint32_t notify = SECCOMP_RET_USER_NOTIF;

	if (!kernel_is_new()) {
		snprintf(why, size, "it needs Linux 5.5 or later");
		return false;
	}
	if (!syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &notify))
		return true;
	snprintf(why, size, "%s", reason(errno));
	return false;
}

int supervisor_confine(seccomp_filter *filter, char *why, size_t size)
{
	unsigned requests[REQUESTS];
	const struct line_request *r;
	size_t n = 0;
	int listener = -EPERM;

	if (!supervisor_possible(why, size))
		return -1;
	for (r = line_requests; r->number; r++) {
		assert(n < REQUESTS);
		requests[n++] = r->number;
	}
	if (!supervisor_takes_privileges())
		listener = filter(requests, n, false);
	if (listener < 0)
		listener = filter(requests, n, true);
	if (listener >= 0)
		return listener;
	snprintf(why, size, "%s", reason(-listener));
	return -1;
}

/* ---- the requests ------------------------------------------------------------------ */

struct supervisor {
	struct pty_hub *hub;
	int listener;
	struct event *ready;
	struct seccomp_notif_sizes sizes;
	struct seccomp_notif *notif;
	struct seccomp_notif_resp *resp;
	bool told; /* that the memory of a process cannot be reached */
};

/* A notification while it is answered, or waits. */
struct request {
	struct line_wait wait; /* first: the wait is the request */
	struct supervisor *s;
	uint64_t id;
	struct line_call call;
};

static bool is_valid(const struct supervisor *s, uint64_t id)
{
	return !ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

static void respond(const struct supervisor *s, uint64_t id, int result, unsigned flags)
{
	memset(s->resp, 0, s->sizes.seccomp_notif_resp);
	s->resp->id = id;
	s->resp->error = result;
	s->resp->flags = flags;
	/* the process may have died, or a signal ended its call: then nobody waits */
	ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, s->resp);
}

static void answer(struct line_wait *w, int result)
{
	struct request *r = (struct request *)w;

	respond(r->s, r->id, result, 0);
	free(r);
}

static bool gone(const struct line_wait *w)
{
	const struct request *r = (const struct request *)w;

	return !is_valid(r->s, r->id);
}

/* The pty of a descriptor of the process, known by its device number, whatever its
 * path. A file server is not asked, for it may be slow. */
static struct pty *find_pty(const struct supervisor *s, const struct seccomp_notif *n)
{
	char path[64];
	struct statx st;
	struct pty *p;

	snprintf(path, sizeof(path), "/proc/%u/fd/%d", n->pid, (int)n->data.args[0]);
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_TYPE, &st) ||
		!S_ISCHR(st.stx_mode))
		return NULL;
	for (p = s->hub->ports; p; p = p->next)
		if (p->lines && pty_attached(p) &&
			p->s.id.st_rdev ==
				makedev(st.stx_rdev_major, st.stx_rdev_minor) &&
			p->s.id.st_dev == makedev(st.stx_dev_major, st.stx_dev_minor))
			return p;
	return NULL;
}

/* Opened before the id is checked, so it is the memory of the process that asks. */
static int open_memory(struct supervisor *s, unsigned pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT && errno != ESRCH && !s->told) {
		s->told = true;
		log_warn(s->hub->log, LOG_PTY,
			"--lines: the memory of process %u cannot be reached: %s; it "
			"finds "
			"no modem lines",
			pid, strerror(errno));
	}
	return fd;
}

/* Answers, unless the answer comes later. */
static void carry_out(struct request *r, struct pty *p, int mem, off_t at,
	const struct line_request *row)
{
	struct supervisor *s = r->s;
	uint64_t id = r->id;
	int result = 0;

	if (row->arg == LINE_ARG_IN &&
		pread(mem, r->call.data, row->size, at) != (ssize_t)row->size)
		result = -EFAULT;
	if (!result)
		result = lines_call(p, &r->call, &r->wait);
	if (result == LINES_LATER)
		return;
	if (!result && row->arg == LINE_ARG_OUT && is_valid(s, id) &&
		pwrite(mem, r->call.data, row->size, at) != (ssize_t)row->size)
		result = -EFAULT;
	respond(s, id, result, 0);
	free(r);
}

static void serve(struct supervisor *s)
{
	const struct seccomp_notif *n = s->notif;
	const struct line_request *row = line_request_find((uint32_t)n->data.args[1]);
	struct pty *p = row ? find_pty(s, n) : NULL;
	int mem = p ? open_memory(s, n->pid) : -1;
	struct request *r;

	if (mem < 0 || !is_valid(s, n->id)) {
		/* nothing was decided by what the process could have changed since */
		respond(s, n->id, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
	} else {
		r = calloc(1, sizeof(*r));
		must(r);
		r->wait.owner = s;
		r->wait.answer = answer;
		r->wait.gone = gone;
		r->s = s;
		r->id = n->id;
		r->call.request = row->number;
		r->call.value = (uint32_t)n->data.args[2];
		carry_out(r, p, mem, (off_t)n->data.args[2], row);
	}
	if (mem >= 0)
		close(mem);
}

/* Only one that is certainly there is received, or receiving would block. */
static void on_ready(evutil_socket_t fd, short what, void *supervisor)
{
	struct supervisor *s = supervisor;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	(void)what;
	if (poll(&p, 1, 0) <= 0)
		return;
	if (!(p.revents & POLLIN)) {
		event_del(s->ready); /* the last process under the filter has gone */
		return;
	}
	memset(s->notif, 0, s->sizes.seccomp_notif);
	if (!ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, s->notif))
		serve(s);
}

struct supervisor *supervisor_new(struct pty_hub *h, int listener)
{
	struct supervisor *s = calloc(1, sizeof(*s));

	must(s);
	s->hub = h;
	s->listener = listener;
	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &s->sizes))
		s->sizes = (struct seccomp_notif_sizes){ 0 };
	if (s->sizes.seccomp_notif < sizeof(*s->notif))
		s->sizes.seccomp_notif = sizeof(*s->notif);
	if (s->sizes.seccomp_notif_resp < sizeof(*s->resp))
		s->sizes.seccomp_notif_resp = sizeof(*s->resp);
	s->notif = malloc(s->sizes.seccomp_notif);
	s->resp = malloc(s->sizes.seccomp_notif_resp);
	s->ready = event_new(h->base, listener, EV_READ | EV_PERSIST, on_ready, s);
	if (!s->notif || !s->resp || !s->ready || event_priority_set(s->ready, 1) ||
		event_add(s->ready, NULL))
		out_of_memory();
	return s;
}

static void forget(struct line_wait *w)
{
	free(w);
}

void supervisor_free(struct supervisor *s)
{
	struct pty *p;

	if (!s)
		return;
	for (p = s->hub->ports; p; p = p->next)
		lines_drop(p, s, forget);
	event_free(s->ready);
	close(s->listener);
	free(s->notif);
	free(s->resp);
	free(s);
}
