#include "host/ctl_client.h"

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
	size_t begun; /* where the line begins that is not complete */
	bool enough;
};

static void *must(void *p)
{
	if (!p) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	return p;
}

/* Hands complete lines on and keeps the rest. */
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
		must(NULL);
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
			"no emulator at %s: %s; does it still run? start one by "
			"fauxtrack run",
			name, strerror(errno));
		return false;
	}
	a.in = must(fdopen(fd, "r"));
	ok = send_request(fd, s, method, path, body) && read_answer(&a);
	fclose(a.in);
	if (!ok)
		snprintf(why, size,
			"%s has given no whole answer; the emulator may have ended",
			name);
	return ok;
}

/* ---- finding it ------------------------------------------------------------------- */

static bool is_socket_name(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	return digits && !strcmp(name + digits, ".sock");
}

/* Somebody answers, as an emulator does. */
static bool serves(const struct ctl_server *s)
{
	struct ctl_reply r;
	char why[200];
	bool ok = ctl_ask(s, "GET", "/v1/modems", NULL, &r, NULL, NULL, why, sizeof(why));

	ok = ok && r.status == 200 && strstr(r.body, "\"modems\"");
	free(r.body);
	return ok;
}

static size_t search_dir(const char *dir, struct ctl_server *out, char *all, size_t size)
{
	struct ctl_server s = { .addr = { .kind = CONTROL_PATH } };
	DIR *list = opendir(dir);
	const struct dirent *e;
	struct stat st;
	size_t n = 0, len = 0;

	all[0] = '\0';
	while (list && (e = readdir(list))) {
		if (!is_socket_name(e->d_name) ||
			snprintf(s.addr.path, sizeof(s.addr.path), "%s/%s", dir,
				e->d_name) >= (int)sizeof(s.addr.path) ||
			lstat(s.addr.path, &st) || !S_ISSOCK(st.st_mode) ||
			st.st_uid != getuid() || !serves(&s))
			continue;
		n++;
		*out = s;
		if (len < size)
			len += (size_t)snprintf(
				all + len, size - len, " %s", s.addr.path);
	}
	if (list)
		closedir(list);
	return n;
}

bool ctl_find(struct ctl_server *out, bool *many, char *why, size_t size)
{
	const char *name = getenv("FAUXTRACK_CONTROL");
	char dir[108], all[300], what[200];
	size_t n;

	*out = (struct ctl_server){ .token = getenv("FAUXTRACK_TOKEN") };
	*many = false;
	if (name && *name) {
		if (control_addr_parse(name, &out->addr, what, sizeof(what)) &&
			out->addr.kind != CONTROL_NONE)
			return true;
		snprintf(why, size,
			"$FAUXTRACK_CONTROL: \"%.100s\" is no address; unset it", name);
		return false;
	}
	n = control_dir(dir, sizeof(dir)) ? search_dir(dir, out, all, sizeof(all)) : 0;
	if (n == 1)
		return true;
	*many = n > 1;
	if (n)
		snprintf(why, size, "%zu emulators run; choose one by --control:%s", n,
			all);
	else
		snprintf(why, size,
			"no emulator runs here; start one by fauxtrack run, or say where "
			"it is by --control");
	return false;
}
