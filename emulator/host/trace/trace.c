/* Writing a trace, whatever its format. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/trace/trace_int.h"

const struct name trace_line_names[] = {
	{ V24_DCD, "DCD", NULL },
	{ V24_DSR, "DSR", NULL },
	{ V24_RI, "RI", NULL },
	{ V24_CTS, "CTS", NULL },
	{ TRACE_DTR, "DTR", NULL },
	{ TRACE_RTS, "RTS", NULL },
	{ 0, NULL, NULL },
};

static const struct trace_format *const formats[] = { &trace_pcapng, &trace_json,
	&trace_text };

static const struct trace_format *format_of(const char *path)
{
	size_t i, n = strlen(path), len;

	for (i = 0; formats[i]->suffix; i++) {
		len = strlen(formats[i]->suffix);
		if (n > len && !strcmp(path + n - len, formats[i]->suffix))
			break;
	}
	return formats[i];
}

/* A descriptor of its own: what stands in a file before stays, and /dev need not be there. */
static FILE *standard_output(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? NULL : fdopen(fd, "w");
}

struct trace *trace_open(
	const char *path, const struct trace_header *h, const struct log *log)
{
	struct trace *t = must(calloc(1, sizeof(*t)));

	t->path = must(strdup(path ? path : "standard output"));
	t->version = must(strdup(h->version));
	t->profile = must(strdup(h->profile));
	t->speed = must(strdup(h->speed));
	t->header = (struct trace_header){ t->version, t->profile, h->seed, t->speed };
	t->log = log;
	t->format = path ? format_of(path) : &trace_text;
	t->file = path ? fopen(path, "we") : standard_output();
	if (!t->file) {
		log_error(log, LOG_PTY,
			"--trace %s: %s; its directory must exist and be writable",
			t->path, strerror(errno));
		trace_close(t);
		return NULL;
	}
	return t;
}

static void begin(struct trace *t)
{
	if (t->begun)
		return;
	t->begun = true;
	t->format->begin(t);
}

void trace_clock(struct trace *t, int64_t clock)
{
	if (!t)
		return;
	t->clock = clock;
	begin(t);
}

bool trace_close(struct trace *t)
{
	bool whole;

	if (!t)
		return true;
	if (t->file) {
		begin(t);
		trace_flush(t);
		fclose(t->file);
	}
	whole = t->file && !t->failed;
	free(t->version);
	free(t->profile);
	free(t->speed);
	free(t->path);
	free(t);
	return whole;
}

void trace_wall(struct trace *t)
{
	if (t)
		t->wall = true;
}

static void tell_wall(struct trace *t, usec_t at)
{
	struct timespec now;
	char text[64];
	struct tm tm;
	size_t n;

	if (t->wall_told && t->wall_at == at)
		return;
	t->wall_told = true;
	t->wall_at = at;
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(text, sizeof(text), "wall: %Y-%m-%dT%H:%M:%S", &tm);
	n += (size_t)snprintf(text + n, sizeof(text) - n, ".%06ldZ", now.tv_nsec / 1000);
	t->format->put(
		t, &(struct trace_item){ at, MODEM_UART1, TRACE_NOTE, text, n, 0 });
}

void trace_put(struct trace *t, const struct trace_item *item)
{
	if (!t)
		return;
	begin(t);
	if (t->wall)
		tell_wall(t, item->at);
	if (item->kind == TRACE_LINES)
		t->lines[item->port] = item->lines;
	t->format->put(t, item);
}

void trace_bytes(struct trace *t, unsigned port, usec_t at, char direction,
	const void *buf, size_t len)
{
	trace_put(t, &(struct trace_item){ at, port, direction, buf, len, 0 });
}

void trace_packet(
	struct trace *t, usec_t at, char direction, const void *packet, size_t len)
{
	trace_bytes(t, MODEM_UART1, at, direction, packet, len);
}

void trace_socket(struct trace *t, unsigned id, usec_t at, const void *buf, size_t len)
{
	trace_bytes(t, id, at, TRACE_SOCKET, buf, len);
}

void trace_note(struct trace *t, unsigned port, usec_t at, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!t)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	trace_bytes(t, port, at, TRACE_NOTE, text, strlen(text));
}

void trace_event(struct trace *t, usec_t at, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (!t)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	trace_bytes(t, MODEM_UART1, at, TRACE_EVENT, text, strlen(text));
}

static void change_lines(
	struct trace *t, unsigned port, usec_t at, unsigned which, unsigned on)
{
	unsigned now;

	if (!t)
		return;
	now = (t->lines[port] & ~which) | on;
	if (now != t->lines[port])
		trace_put(t, &(struct trace_item){ at, port, TRACE_LINES, NULL, 0, now });
}

void trace_lines(struct trace *t, unsigned port, usec_t at, unsigned v24)
{
	change_lines(t, port, at, V24_DCD | V24_DSR | V24_RI | V24_CTS, v24);
}

void trace_gone(struct trace *t, unsigned port, usec_t at)
{
	change_lines(t, port, at, TRACE_DTR | TRACE_RTS, 0);
}

static void text_of(const struct notice *n, char *text, size_t size)
{
	const char *kind = name_of(notice_names, (int)n->kind);

	if (!n->text)
		snprintf(text, size, "%s: %ld", kind, n->value);
	else if (n->value)
		snprintf(text, size, "%s: %s (%ld)", kind, n->text, n->value);
	else
		snprintf(text, size, "%s: %s", kind, n->text);
}

void trace_notice(struct trace *t, const struct notice *n)
{
	char text[512];
	unsigned line = n->kind == NOTICE_DTR   ? TRACE_DTR
			: n->kind == NOTICE_RTS ? TRACE_RTS
						: 0;

	if (!t)
		return;
	text_of(n, text, sizeof(text));
	trace_bytes(t, n->port, n->at, TRACE_NOTE, text, strlen(text));
	if (line)
		change_lines(t, n->port, n->at, line,
			n->text && !strcmp(n->text, "on") ? line : 0);
}

void trace_print_notice(FILE *f, const struct notice *n, bool json)
{
	char text[512];

	text_of(n, text, sizeof(text));
	if (json)
		trace_print_json(f, &(struct trace_item){ n->at, n->port, TRACE_NOTE,
					    text, strlen(text), 0 });
	else
		trace_print_bytes(f, n->port, n->at, TRACE_NOTE, text, strlen(text));
}

void trace_flush(struct trace *t)
{
	if (!t || !t->file || !fflush(t->file) || t->failed)
		return;
	t->failed = true;
	log_error(t->log, LOG_PTY, "%s: %s; the trace is incomplete", t->path,
		strerror(errno));
}

/* --- reading it back ---------------------------------------------------------------- */

int trace_damaged(struct trace_reader *r, const char *what)
{
	snprintf(r->what, sizeof(r->what), "%s", what);
	return -1;
}

bool trace_read_line(struct trace_reader *r)
{
	ssize_t n = getline(&r->line, &r->line_size, r->file);

	if (n <= 0)
		return false;
	r->number++;
	r->cut = r->line[n - 1] != '\n';
	if (!r->cut)
		r->line[n - 1] = '\0';
	return true;
}

void trace_take_head(struct trace_reader *r, const char *name, const char *value)
{
	if (!strcmp(name, "version"))
		snprintf(r->version, sizeof(r->version), "%s", value);
	else if (!strcmp(name, "profile"))
		snprintf(r->profile, sizeof(r->profile), "%s", value);
	else if (!strcmp(name, "speed"))
		snprintf(r->speed, sizeof(r->speed), "%s", value);
	else if (!strcmp(name, "seed"))
		r->header.seed = strtoull(value, NULL, 10);
	else if (!strcmp(name, "clock"))
		r->clock = strtoll(value, NULL, 10);
}

static bool open_reader(struct trace_reader *r, char *why, size_t size)
{
	uint8_t start[64];
	size_t n, i;

	r->file = fopen(r->path, "re");
	if (!r->file) {
		snprintf(why, size, "%s: %s; name a file that can be read", r->path,
			strerror(errno));
		return false;
	}
	n = fread(start, 1, sizeof(start), r->file);
	if (ferror(r->file)) {
		snprintf(why, size, "%s: %s; name a file that can be read", r->path,
			strerror(errno));
		return false;
	}
	rewind(r->file);
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i]->ours(start, n))
			break;
	if (i == sizeof(formats) / sizeof(formats[0])) {
		snprintf(why, size,
			"%s: no trace of fauxtrack, and no pcapng; its first line must "
			"be \"# fauxtrack trace 1\"",
			r->path);
		return false;
	}
	r->format = formats[i];
	if (r->format->read_head(r))
		return true;
	snprintf(why, size, "%s; make the trace again", trace_read_place(r));
	return false;
}

struct trace_reader *trace_read_open(const char *path, char *why, size_t size)
{
	struct trace_reader *r = must(calloc(1, sizeof(*r)));

	r->path = must(strdup(path));
	r->header = (struct trace_header){ r->version, r->profile, 0, r->speed };
	if (open_reader(r, why, size))
		return r;
	trace_read_close(r);
	return NULL;
}

void trace_read_close(struct trace_reader *r)
{
	if (!r)
		return;
	if (r->file)
		fclose(r->file);
	free(r->line);
	free(r->path);
	free(r);
}

const struct trace_header *trace_read_header(const struct trace_reader *r)
{
	return &r->header;
}

int64_t trace_read_clock(const struct trace_reader *r)
{
	return r->clock;
}

int trace_read(struct trace_reader *r, struct trace_item *item)
{
	int result;

	*item = (struct trace_item){ .data = r->data };
	result = r->format->read(r, item);
	if (!result && ferror(r->file))
		return trace_damaged(r, "cannot be read");
	return result;
}

const char *trace_read_place(struct trace_reader *r)
{
	snprintf(r->place, sizeof(r->place), "%.150s:%lu: %s", r->path, r->number,
		r->what);
	return r->place;
}

unsigned long trace_read_number(const struct trace_reader *r)
{
	return r->number;
}
