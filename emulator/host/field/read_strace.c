/* strace -e read,write, best with -f, -tt and -s 4096: calls on the descriptor of the tty. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/decode.h"
#include "host/field/log_int.h"
#include "host/field/stamp.h"

#define FDS   1024
#define PATHS 32
#define PIDS  64

struct strace {
	struct field_reading *r; /* NULL: only counting */
	const char *path[PATHS]; /* [0]: descriptors that were open before */
	char *owned[PATHS];
	size_t paths;
	unsigned char of_fd[FDS];         /* index of path */
	unsigned long commands[PATHS][2]; /* writes that begin with AT; all */
	unsigned long by_fd[FDS];         /* of those that were open before */
	size_t chosen;
	unsigned chosen_fd; /* if `chosen` is 0 */
	usec_t sum;         /* of relative times */
	struct {
		unsigned long pid;
		unsigned fd;
		char call; /* 'r', 'w' */
	} waiting[PIDS];
};

struct call {
	unsigned long pid;
	const char *name;
	size_t name_len;
	char *args; /* after the parenthesis */
};

/* --- paths ---------------------------------------------------------------------------
 */

static size_t path_index(struct strace *s, const char *p, size_t len)
{
	size_t i;

	for (i = 1; i < s->paths; i++)
		if (strlen(s->path[i]) == len && !memcmp(s->path[i], p, len))
			return i;
	if (s->paths == PATHS)
		return PATHS - 1;
	s->owned[s->paths] = must(strndup(p, len));
	s->path[s->paths] = s->owned[s->paths];
	return s->paths++;
}

static void opened(struct strace *s, const char *args)
{
	const char *quote = strchr(args, '"'),
		   *end = quote ? strchr(quote + 1, '"') : NULL;
	const char *result = strrchr(args, '=');
	char *digits;
	unsigned long fd;

	if (!end || !result)
		return;
	fd = strtoul(result + 1, &digits, 10);
	if (digits == result + 1 || fd >= FDS || strchr(result, '-'))
		return;
	s->of_fd[fd] = (unsigned char)path_index(s, quote + 1, (size_t)(end - quote - 1));
}

static void duplicated(struct strace *s, const char *args)
{
	unsigned long from = strtoul(args, NULL, 10), to;
	const char *result = strrchr(args, '=');

	to = result ? strtoul(result + 1, NULL, 10) : FDS;
	if (from < FDS && to < FDS && from != to)
		s->of_fd[to] = s->of_fd[from];
}

/* --- strings -------------------------------------------------------------------------
 */

struct octets {
	char *p;
	size_t len;
	bool cut, damaged;
};

/* "AT\r"..., with the escapes of C. Returns what comes after it; NULL: there is none. */
static char *read_string(char *p, struct octets *o)
{
	struct decoded d;
	char *start;

	p = strchr(p, '"');
	if (!p)
		return NULL;
	start = ++p;
	while (*p && *p != '"')
		p += *p == '\\' && p[1] ? 2 : 1;
	if (!*p)
		return NULL;
	d = decode_text(start, (size_t)(p - start), DECODE_BACKSLASH);
	o->p = start;
	o->len = d.len;
	o->damaged = d.damaged;
	p++;
	o->cut = !strncmp(p, "...", 3);
	return o->cut ? p + 3 : p;
}

static bool is_chosen(const struct strace *s, unsigned fd)
{
	size_t index = s->of_fd[fd];

	return index == s->chosen && (index || fd == s->chosen_fd);
}

/* What a call has moved: at most `count` octets. */
static void moved(struct strace *s, unsigned long line, unsigned fd, char call,
	const struct octets *o, size_t count)
{
	size_t index = s->of_fd[fd], len = o->len < count ? o->len : count;
	bool command = call == 'w' && o->len >= 2 &&
		       toupper((unsigned char)o->p[0]) == 'A' &&
		       toupper((unsigned char)o->p[1]) == 'T';

	if (!s->r) {
		s->commands[index][0] += command;
		s->commands[index][1] += call == 'w' && index;
		s->by_fd[fd] += command && !index;
		return;
	}
	if (!is_chosen(s, fd))
		return;
	s->r->doubt = o->damaged ? "an escape that is unknown; taken as it stands" : NULL;
	if (o->cut && count > o->len)
		s->r->doubt = "strace has cut the string; use -s 4096";
	reading_say(s->r, line, call == 'w' ? '>' : '<', o->p, len);
	s->r->doubt = NULL;
}

/* --- calls ---------------------------------------------------------------------------
 */

/* The number after the last "= "; false: an error, or none. */
static bool result_of(const char *p, size_t *value)
{
	const char *last = NULL, *at;
	char *end;

	for (at = strstr(p, ") "); at; at = strstr(at + 1, ") "))
		last = at;
	last = last ? strchr(last, '=') : NULL;
	if (!last)
		return false;
	for (last++; *last == ' '; last++)
		;
	*value = strtoul(last, &end, 10);
	return end != last && *last != '-';
}

static bool is(const struct call *c, const char *name)
{
	return c->name_len == strlen(name) && !memcmp(c->name, name, c->name_len);
}

static void wait_for(struct strace *s, unsigned long pid, unsigned fd, char call)
{
	size_t i;

	for (i = 0; i < PIDS - 1; i++)
		if (!s->waiting[i].call || s->waiting[i].pid == pid)
			break;
	s->waiting[i].pid = pid;
	s->waiting[i].fd = fd;
	s->waiting[i].call = call;
}

static void data_call(
	struct strace *s, unsigned long line, const struct call *c, char call)
{
	struct octets o = { NULL, 0, false, false };
	unsigned long fd = strtoul(c->args, NULL, 10);
	bool unfinished = strstr(c->args, "<unfinished") != NULL;
	char *p = c->args + strspn(c->args, "0123456789");
	size_t count = 0;

	if (fd >= FDS)
		return;
	/* -y writes the path after the descriptor */
	if (*p == '<' && strchr(p, '>'))
		s->of_fd[fd] = (unsigned char)path_index(
			s, p + 1, (size_t)(strchr(p, '>') - p - 1));
	if (unfinished && call == 'r') {
		wait_for(s, c->pid, (unsigned)fd, call);
		return;
	}
	if (!unfinished && !result_of(c->args, &count))
		return;
	while ((p = read_string(p, &o)) != NULL) {
		if (unfinished)
			count = o.len;
		moved(s, line, (unsigned)fd, call, &o, count);
		count = count > o.len ? count - o.len : 0;
		if (!strstr(p, "iov_base"))
			break;
	}
}

/* "<... read resumed>"\r\nOK\r\n", 255) = 6" */
static void resumed(struct strace *s, unsigned long line, unsigned long pid, char *p)
{
	struct octets o;
	size_t count, i;

	for (i = 0; i < PIDS; i++)
		if (s->waiting[i].call == 'r' && s->waiting[i].pid == pid)
			break;
	if (i == PIDS || !result_of(p, &count))
		return;
	s->waiting[i].call = 0;
	if (read_string(p, &o))
		moved(s, line, s->waiting[i].fd, 'r', &o, count);
}

static void take_call(struct strace *s, unsigned long line, const struct call *c)
{
	unsigned long fd;

	if (is(c, "open") || is(c, "openat")) {
		opened(s, c->args);
	} else if (is(c, "dup") || is(c, "dup2") || is(c, "dup3")) {
		duplicated(s, c->args);
	} else if (is(c, "close")) {
		fd = strtoul(c->args, NULL, 10);
		if (fd < FDS)
			s->of_fd[fd] = 0;
	} else if (is(c, "read") || is(c, "readv")) {
		data_call(s, line, c, 'r');
	} else if (is(c, "write") || is(c, "writev")) {
		data_call(s, line, c, 'w');
	}
}

/* --- lines ---------------------------------------------------------------------------
 */

/* "[pid  1234] " or "1234  ", then a time of -t, -tt, -ttt or -r. Returns what is after
 * them. */
static char *read_prefix(struct strace *s, char *p, unsigned long *pid)
{
	size_t digits = strspn(p, "0123456789");
	struct stamp stamp;

	*pid = 0;
	if (!strncmp(p, "[pid", 4) && strchr(p, ']')) {
		*pid = strtoul(p + 4, NULL, 10);
		p = strchr(p, ']') + 1;
		while (*p == ' ')
			p++;
	} else if (digits && digits < 8 && p[digits] == ' ') {
		*pid = strtoul(p, &p, 10);
		while (*p == ' ')
			p++;
	}
	if (!stamp_read(p, strlen(p), &stamp))
		return p;
	if (stamp.at < (usec_t)1000000 * 1000000 && !strchr("0123456789", *p)) {
		s->sum += stamp.at; /* -r: since the call before */
		stamp.at = s->sum;
	}
	if (s->r)
		reading_at(s->r, stamp.at, stamp.step);
	return p + stamp.len;
}

static bool read_line(struct strace *s, const struct field_line *l)
{
	char *text = field_line_text(l), *p, *name;
	struct call c;
	bool known = true;

	p = read_prefix(s, text, &c.pid);
	name = p;
	while (isalnum((unsigned char)*p) || *p == '_')
		p++;
	if (p > name && *p == '(') {
		c.name = name;
		c.name_len = (size_t)(p - name);
		c.args = p + 1;
		take_call(s, l->number, &c);
	} else if (!strncmp(name, "<... read", 9)) {
		resumed(s, l->number, c.pid, name);
	} else {
		known = !strncmp(name, "<...", 4) || !strncmp(name, "+++", 3) ||
			!strncmp(name, "---", 3) || !strncmp(name, "strace:", 7);
	}
	free(text);
	return known;
}

static void read_lines(struct strace *s, const struct field_source *source)
{
	size_t i;

	memset(s->of_fd, 0, sizeof(s->of_fd));
	memset(s->waiting, 0, sizeof(s->waiting));
	s->sum = 0;
	for (i = 0; i < source->lines; i++)
		if (read_line(s, &source->line[i]) && s->r)
			reading_understood(s->r, source->line[i].number);
}

/* The path with most commands; else the descriptor, of those that were open before. */
static void choose(struct strace *s)
{
	unsigned long most = 0;
	size_t i;

	for (i = 1; i < s->paths; i++)
		if (s->commands[i][0] > most) {
			most = s->commands[i][0];
			s->chosen = i;
		}
	for (i = 0; i < FDS; i++)
		if (s->by_fd[i] > most) {
			most = s->by_fd[i];
			s->chosen = 0;
			s->chosen_fd = (unsigned)i;
		}
}

static bool read_it(struct field_reading *r)
{
	struct strace *s = must(calloc(1, sizeof(*s)));
	size_t i;

	s->path[0] = "";
	s->paths = 1;
	read_lines(s, r->source);
	choose(s);
	if (!s->chosen)
		reading_note(r, 1,
			"the port was open before; its descriptor is the one that "
			"commands are written to");
	s->r = r;
	read_lines(s, r->source);
	for (i = 1; i < s->paths; i++)
		free(s->owned[i]);
	free(s);
	return true;
}

static int probe(const struct field_source *s)
{
	bool reads = field_contains(s, "read(") || field_contains(s, "read resumed");

	return field_contains(s, "write(") && reads && field_contains(s, ") = ") ? 88 : 0;
}

const struct field_reader read_strace = { "strace",
	"strace -f -tt -s 4096 -e trace=open,openat,close,read,write of a host program",
	probe, read_it };
