/* One thread drives the multi interface of one session. It shares with the caller what is
 * under the lock: octets, and what is to be done and has come. curl_multi_wakeup() reaches
 * the thread, an eventfd the caller. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/net/curl_int.h"

/* How long the thread waits at most, in ms; libcurl's own timers end it earlier. While it
 * has work, libcurl 7.88 wants to be called without a reason now and then: when the answer
 * to PASV comes at once, it begins the data connection with the next call only. */
#define WAIT_IDLE 60000
#define WAIT_BUSY 1000
#define WAIT_DATA 5

void curl_tell(struct curl_session *s)
{
	const uint64_t one = 1;

	/* it can only fail when the counter is full, and then it is readable */
	if (write(s->event, &one, sizeof(one)) < 0)
		return;
}

/* ---- the thread ---------------------------------------------------------------------- */

static bool peer_is_gone(int fd)
{
	char c;
	ssize_t n = recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT);

	/* what a server says by itself is its farewell: RFC 959's 421 */
	return n >= 0 || (errno != EAGAIN && errno != EINTR);
}

/* The server's end of an idle session, or -1; and how long to wait. */
static int idle(struct curl_session *s, int *wait)
{
	int fd;

	pthread_mutex_lock(&s->lock);
	fd = s->busy || s->lost ? -1 : s->control;
	*wait = !s->busy ? WAIT_IDLE : s->data_next ? WAIT_DATA : WAIT_BUSY;
	pthread_mutex_unlock(&s->lock);
	return fd;
}

static void wait_for_something(struct curl_session *s)
{
	int wait;
	struct curl_waitfd w = { .fd = idle(s, &wait), .events = CURL_WAIT_POLLIN };

	curl_multi_poll(s->multi, &w, w.fd >= 0, wait, NULL);
	if (w.fd < 0 || !w.revents || idle(s, &wait) != w.fd || !peer_is_gone(w.fd))
		return;
	pthread_mutex_lock(&s->lock);
	s->lost = true;
	pthread_mutex_unlock(&s->lock);
	curl_tell(s);
}

/* Takes what is to be done now. False: the session ends. */
static bool take_orders(struct curl_session *s)
{
	bool start, go_on, quit;

	pthread_mutex_lock(&s->lock);
	quit = s->quit;
	start = s->start && !quit;
	s->start = false;
	go_on = (s->in_waits && s->in_len == 0) ||
		(s->out_waits && (s->out_len || s->out_ends));
	s->in_waits = s->in_waits && !go_on;
	s->out_waits = s->out_waits && !go_on;
	pthread_mutex_unlock(&s->lock);
	if (start)
		curl_multi_add_handle(s->multi, s->easy);
	else if (go_on && !quit)
		curl_easy_pause(s->easy, CURLPAUSE_CONT);
	return !quit;
}

static void collect(struct curl_session *s)
{
	int left;
	const CURLMsg *m = curl_multi_info_read(s->multi, &left);

	if (!m || m->msg != CURLMSG_DONE)
		return;
	curl_outcome(s, m->data.result);
	curl_multi_remove_handle(s->multi, s->easy);
	pthread_mutex_lock(&s->lock);
	s->busy = false;
	s->ended = true;
	pthread_mutex_unlock(&s->lock);
	curl_tell(s);
}

static void free_session(struct curl_session *s)
{
	if (s->easy && s->multi)
		curl_multi_remove_handle(s->multi, s->easy);
	curl_easy_cleanup(s->easy);
	curl_multi_cleanup(s->multi);
	curl_slist_free_all(s->lead);
	curl_slist_free_all(s->headers);
	curl_slist_free_all(s->command);
	curl_slist_free_all(s->recipients);
	if (s->event >= 0)
		close(s->event);
	pthread_mutex_destroy(&s->lock);
	free(s->allowed);
	free(s);
}

static void *run(void *ctx)
{
	struct curl_session *s = ctx;
	int running;

	while (take_orders(s)) {
		curl_multi_perform(s->multi, &running);
		collect(s);
		wait_for_something(s);
	}
	free_session(s);
	return NULL;
}

/* ---- what the caller calls ----------------------------------------------------------- */

/* Signals are for the loop, which is another thread. */
static int start_thread(struct curl_session *s)
{
	sigset_t all, old;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&thread, NULL, run, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!error)
		pthread_detach(thread);
	return error;
}

static struct curl_slist *list_of(const char *const *texts)
{
	struct curl_slist *list = NULL, *longer;

	for (; texts && *texts; texts++) {
		longer = curl_slist_append(list, *texts);
		if (!longer)
			abort();
		list = longer;
	}
	return list;
}

static struct curl_session *new_session(const struct curl_setup *setup)
{
	struct curl_session *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	pthread_mutex_init(&s->lock, NULL);
	s->control = -1;
	s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->closed = setup->closed;
	s->data = setup->data;
	s->http = !strcmp(setup->protocol, "http");
	s->ttl = setup->ttl;
	s->tos = setup->tos;
	s->n_allowed = setup->n_allowed;
	s->allowed = calloc(setup->n_allowed + 1, sizeof(*s->allowed));
	if (!s->allowed)
		abort();
	if (setup->n_allowed)
		memcpy(s->allowed, setup->allowed,
			setup->n_allowed * sizeof(*s->allowed));
	s->lead = list_of(setup->lead);
	s->multi = curl_multi_init();
	s->easy = curl_easy_init();
	return s;
}

static struct curl_session *open_(const struct curl_setup *setup, char *why, size_t size)
{
	static bool ready;
	struct curl_session *s;
	int error;

	if (!ready && curl_global_init(CURL_GLOBAL_NOTHING)) {
		snprintf(why, size,
			"libcurl does not start; reinstall Debian's " CURL_PACKAGE);
		return NULL;
	}
	ready = true;
	s = new_session(setup);
	error = s->event < 0 || !s->multi || !s->easy ? errno : 0;
	if (!error && !curl_configure(s, setup))
		error = ENOTSUP;
	if (!error)
		error = start_thread(s);
	if (!error)
		return s;
	snprintf(
		why, size, "a session: %s; see ulimit -n and ulimit -u", strerror(error));
	free_session(s);
	return NULL;
}

static void close_(struct curl_session *s)
{
	size_t i;

	pthread_mutex_lock(&s->lock);
	s->quit = true;
	/* libcurl may be waiting for an answer, which is not wanted any more */
	for (i = 0; s->busy && i < CURL_SOCKETS; i++)
		if (s->socket[i])
			shutdown(s->socket[i] - 1, SHUT_RDWR);
	curl_multi_wakeup(s->multi);
	pthread_mutex_unlock(&s->lock);
}

static int fd_(const struct curl_session *s)
{
	return s->event;
}

static void look(struct curl_session *s)
{
	uint64_t count;

	if (read(s->event, &count, sizeof(count)) < 0)
		return;
}

static void start(struct curl_session *s, const struct curl_task *task)
{
	const char *const command[] = { task->command, NULL };

	/* while no task runs, the handle is not in the thread's hands */
	curl_slist_free_all(s->headers);
	curl_slist_free_all(s->command);
	curl_slist_free_all(s->recipients);
	s->headers = list_of(task->headers);
	s->command = list_of(command);
	s->recipients = list_of(task->recipients);
	curl_prepare(s, task);
	pthread_mutex_lock(&s->lock);
	memset(&s->outcome, 0, sizeof(s->outcome));
	s->refused = s->quits = false;
	s->in_len = s->out_len = 0;
	s->in_waits = s->out_waits = s->out_ends = s->begun = s->ended = false;
	s->upload = task->upload;
	s->text = task->text || (task->method && !strncmp(task->method, "LIST", 4));
	s->start = s->busy = true;
	curl_multi_wakeup(s->multi);
	pthread_mutex_unlock(&s->lock);
}

static size_t write_(struct curl_session *s, const void *buf, size_t len)
{
	size_t room;

	pthread_mutex_lock(&s->lock);
	room = s->busy && s->upload && !s->out_ends ? sizeof(s->out) - s->out_len : 0;
	if (len > room)
		len = room;
	if (len) {
		memcpy(s->out + s->out_len, buf, len);
		s->out_len += len;
		if (s->out_waits)
			curl_multi_wakeup(s->multi);
	}
	pthread_mutex_unlock(&s->lock);
	return len ? len : room;
}

static void end(struct curl_session *s)
{
	pthread_mutex_lock(&s->lock);
	s->out_ends = true;
	curl_multi_wakeup(s->multi);
	pthread_mutex_unlock(&s->lock);
}

static size_t read_(struct curl_session *s, void *buf, size_t size)
{
	pthread_mutex_lock(&s->lock);
	if (size > s->in_len)
		size = s->in_len;
	if (size) {
		memcpy(buf, s->in, size);
		memmove(s->in, s->in + size, s->in_len - size);
		s->in_len -= size;
		if (s->in_waits && !s->in_len)
			curl_multi_wakeup(s->multi);
	}
	pthread_mutex_unlock(&s->lock);
	return size;
}

static bool begun(struct curl_session *s)
{
	bool is;

	pthread_mutex_lock(&s->lock);
	is = s->begun;
	pthread_mutex_unlock(&s->lock);
	return is;
}

static bool done(struct curl_session *s, struct curl_outcome *out)
{
	bool is;

	pthread_mutex_lock(&s->lock);
	is = s->ended && !s->in_len;
	if (is)
		*out = s->outcome;
	s->ended = s->ended && !is;
	pthread_mutex_unlock(&s->lock);
	return is;
}

static bool lost(struct curl_session *s)
{
	bool is;

	pthread_mutex_lock(&s->lock);
	is = s->lost;
	pthread_mutex_unlock(&s->lock);
	return is;
}

extern const struct curl_ops curl_module_ops;

#pragma GCC visibility push(default)
const struct curl_ops curl_module_ops = { open_, close_, fd_, look, start, write_, end,
	read_, begun, done, lost };
#pragma GCC visibility pop
