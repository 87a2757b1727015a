#include "host/ctl/ctl_client.h"
#include "conf/must.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_LEN 8192
#define ANSWER_MAX   (64u << 20)

/* An answer while it is read. */
struct answer {
	FILE *in;
	int status;
	bool chunked;
	long long length; /* -1: up to the end */
	struct ctl_reply *out;
	bool (*line)(void *ctx, const char *text);
	void *ctx;
	size_t begun; /* where the incomplete line begins */
	bool enough;  /* line() wants no more */
};

/* Passes complete lines to line() and keeps the rest. */
static void split(struct answer *a)
{
	struct ctl_reply *r = a->out;
	char *end;

	while (!a->enough &&
		(end = memchr(r->body + a->begun, '\n', r->len - a->begun))) {
		*end = '\0';
		a->enough = !a->line(a->ctx, r->body + a->begun);
		a->begun = (size_t)(end + 1 - r->body);
	}
	r->len -= a->begun;
	memmove(r->body, r->body + a->begun, r->len + 1);
	a->begun = 0;
}

static bool take(struct answer *a, size_t len)
{
	struct ctl_reply *r = a->out;
	size_t got;

	if (r->len + len > ANSWER_MAX)
		return false;
	r->body = must(realloc(r->body, r->len + len + 1));
	got = fread(r->body + r->len, 1, len, a->in);
	r->len += got;
	r->body[r->len] = '\0';
	if (a->line && a->status == 200)
		split(a);
	return got == len;
}

static bool read_head(struct answer *a)
{
	char text[LINE_MAX_LEN];

	a->length = -1;
	if (!fgets(text, sizeof(text), a->in) ||
		sscanf(text, "HTTP/1.%*c %d", &a->status) != 1)
		return false;
	while (fgets(text, sizeof(text), a->in)) {
		if (text[0] == '\r' || text[0] == '\n')
			return true;
		if (!strncasecmp(text, "Content-Length:", 15))
			a->length = atoll(text + 15);
		if (!strncasecmp(text, "Transfer-Encoding:", 18) &&
			strcasestr(text, "chunked"))
			a->chunked = true;
	}
	return false;
}

static bool read_chunks(struct answer *a)
{
	char text[LINE_MAX_LEN];
	unsigned long size;

	while (!a->enough && fgets(text, sizeof(text), a->in)) {
		size = strtoul(text, NULL, 16);
		if (!size)
			return true;
		if (size > ANSWER_MAX || !take(a, size))
			return a->enough;
		if (!fgets(text, sizeof(text), a->in))
			return false;
	}
	return a->enough;
}

static bool read_answer(struct answer *a)
{
	if (!read_head(a))
		return false;
	a->out->status = a->status;
	if (a->chunked)
		return read_chunks(a);
	if (a->length >= 0)
		return a->length <= ANSWER_MAX && take(a, (size_t)a->length);
	while (take(a, 1))
		;
	return true;
}

static bool send_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len) {
		n = send(fd, p, len, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool send_request(int fd, const struct ctl_server *s, const char *method,
	const char *path, const char *body)
{
	size_t len = body ? strlen(body) : 0;
	char *text;
	bool ok;
	int n;

	n = asprintf(&text,
		"%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
		"%s%s%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		method, path, s->token ? "Authorization: Bearer " : "",
		s->token ? s->token : "", s->token ? "\r\n" : "", len, body ? body : "");
	if (n < 0)
		out_of_memory();
	ok = send_all(fd, text, (size_t)n);
	free(text);
	return ok;
}

bool ctl_ask(const struct ctl_server *s, const char *method, const char *path,
	const char *body, struct ctl_reply *out,
	bool (*line)(void *ctx, const char *text), void *ctx, char *why, size_t size)
{
	struct answer a = { .out = out, .line = line, .ctx = ctx };
	char name[CONTROL_NAME];
	int fd = control_addr_connect(&s->addr);
	bool ok = false;

	*out = (struct ctl_reply){ 0, must(calloc(1, 1)), 0 };
	control_addr_print(&s->addr, name);
	if (fd < 0) {
		snprintf(why, size,
			"no emulator at %s: %s; is it still running? start one with "
			"fauxtrack run",
			name, strerror(errno));
		return false;
	}
	a.in = must(fdopen(fd, "r"));
	ok = send_request(fd, s, method, path, body) && read_answer(&a);
	fclose(a.in);
	if (!ok)
		snprintf(why, size,
			"%s gave no complete answer; has the emulator ended? fauxtrack "
			"ctl list shows which ones run",
			name);
	return ok;
}

/* ---- finding it ------------------------------------------------------------------- */

static bool is_socket_name(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	return digits && !strcmp(name + digits, ".sock");
}

/* Whether an emulator answers there. */
static bool serves(const struct ctl_server *s)
{
	struct ctl_reply r;
	char why[200];
	bool ok = ctl_ask(s, "GET", "/v1/modems", NULL, &r, NULL, NULL, why, sizeof(why));

	ok = ok && r.status == 200 && strstr(r.body, "\"modems\"");
	free(r.body);
	return ok;
}

static int is_socket(const struct dirent *e)
{
	return is_socket_name(e->d_name);
}

static int by_number(const struct dirent **a, const struct dirent **b)
{
	long x = atol((*a)->d_name), y = atol((*b)->d_name);

	return (x > y) - (x < y);
}

static void visit_dir(
	const char *dir, void (*visit)(void *ctx, const struct ctl_server *s), void *ctx)
{
	struct ctl_server s = { .addr = { .kind = CONTROL_PATH } };
	struct dirent **list;
	struct stat st;
	int i, n = scandir(dir, &list, is_socket, by_number);

	for (i = 0; i < n; i++) {
		if (snprintf(s.addr.path, sizeof(s.addr.path), "%s/%s", dir,
			    list[i]->d_name) < (int)sizeof(s.addr.path) &&
			!lstat(s.addr.path, &st) && S_ISSOCK(st.st_mode) &&
			st.st_uid == getuid())
			visit(ctx, &s);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

void ctl_each_socket(void (*visit)(void *ctx, const struct ctl_server *s), void *ctx)
{
	const char *name = getenv("FAUXTRACK_CONTROL");
	struct ctl_server s = { .token = getenv("FAUXTRACK_TOKEN") };
	char dir[sizeof(s.addr.path)], why[200];
	bool has_dir = control_dir(dir, sizeof(dir));
	size_t len = has_dir ? strlen(dir) : 0;

	if (name && control_addr_parse(name, &s.addr, why, sizeof(why)) &&
		s.addr.kind != CONTROL_NONE &&
		!(has_dir && !strncmp(name, dir, len) && name[len] == '/' &&
			is_socket_name(name + len + 1)))
		visit(ctx, &s);
	if (has_dir)
		visit_dir(dir, visit, ctx);
}

struct found {
	struct ctl_server *out;
	size_t n, len;
	char all[300];
};

static void on_found(void *ctx, const struct ctl_server *s)
{
	struct found *f = ctx;

	if (!serves(s))
		return;
	f->n++;
	f->out->addr = s->addr;
	if (f->len < sizeof(f->all))
		f->len += (size_t)snprintf(
			f->all + f->len, sizeof(f->all) - f->len, " %s", s->addr.path);
}

bool ctl_find(struct ctl_server *out, bool *many, char *why, size_t size)
{
	const char *name = getenv("FAUXTRACK_CONTROL");
	struct found found = { .out = out };
	char dir[108], what[200];

	*out = (struct ctl_server){ .token = getenv("FAUXTRACK_TOKEN") };
	*many = false;
	if (name && *name) {
		if (control_addr_parse(name, &out->addr, what, sizeof(what)) &&
			out->addr.kind != CONTROL_NONE)
			return true;
		snprintf(why, size,
			"$FAUXTRACK_CONTROL: \"%.100s\" is not an address; unset it, or "
			"set it to PATH or tcp:PORT",
			name);
		return false;
	}
	if (control_dir(dir, sizeof(dir)))
		visit_dir(dir, on_found, &found);
	if (found.n == 1)
		return true;
	*many = found.n > 1;
	if (found.n)
		snprintf(why, size,
			"%zu emulators are running; choose one with --control (fauxtrack "
			"ctl list shows their ports):%s",
			found.n, found.all);
	else
		snprintf(why, size,
			"no emulator is running; start one with fauxtrack run, or give "
			"its address with --control");
	return false;
}
