/* session_client [--internet] [--room N] [FORWARD...]: sessions of host/net without a modem,
 * for test_sessions.py. Reads commands, one a line, words separated by tabs, and prints what
 * comes, one line each:
 *
 *   open KIND HOST PORT USER PASSWORD      there | ended WHY
 *   transfer KEY=VALUE...                  begun, done ERROR STATUS SIZE REASON
 *   wait                                   ended WHY
 *   close                                  closed
 *   alive                                  alive: the loop is not held up
 *
 * A transfer sends the file in=PATH and writes what comes to out=PATH; hold=1: it stops
 * after begun, and "close" breaks it off. --room N: the "modem" takes N octets at once, in
 * turns. Ends with 1 after 30 seconds in which nothing comes. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/loop.h"
#include "host/net/sessions.h"

#define ID       25
#define PATIENCE SEC(30)

extern const struct curl_ops curl_module_ops;

static struct {
	struct loop *loop;
	struct sessions *sessions;
	struct names names;
	struct log log;
	struct loop_timer *late, *pump;
	size_t room, left; /* of the modem; left: in this turn */
	FILE *in, *out;
	char line[8192];
	bool hold, opening;
} c;

static const char *const kinds[] = { "", "udp", "tcp", "server", "ftp", "http", "smtp",
	"pop3", NULL };
static const char *const deeds[] = { "get", "put", "delete", "list", "append", "send",
	NULL };

static int number_of(const char *const *list, const char *word)
{
	int i;

	for (i = 0; list[i]; i++)
		if (!strcmp(list[i], word))
			return i;
	fprintf(stderr, "session_client: what is \"%s\"?\n", word);
	exit(2);
}

/* ---- what the sessions call ---------------------------------------------------------- */

static void enter(void *ctx)
{
	(void)ctx;
}

static void there(void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	(void)ctx, (void)id, (void)local, (void)peer;
	c.opening = false;
	puts("there");
	fflush(stdout);
}

static void ended(void *ctx, unsigned id, enum socket_end why)
{
	(void)ctx, (void)id;
	c.opening = false;
	printf("ended %s\n", name_of(socket_ends, (int)why));
	fflush(stdout);
}

static size_t room(void *ctx, unsigned id)
{
	(void)ctx, (void)id;
	if (!c.left)
		loop_timer_set(c.pump, 0);
	return c.left;
}

static void rx(void *ctx, unsigned id, const struct socket_peer *from, const void *buf,
	size_t len)
{
	(void)ctx, (void)id, (void)from;
	if (len > c.left || (c.out && fwrite(buf, 1, len, c.out) != len))
		exit(3);
	c.left -= len;
}

static void send_more(void)
{
	char buf[1024];
	size_t n;

	while (c.in && (n = sessions_room(c.sessions, ID)) > 0) {
		n = fread(buf, 1, n < sizeof(buf) ? n : sizeof(buf), c.in);
		if (n) {
			sessions_tx(c.sessions, ID, buf, n);
			continue;
		}
		fclose(c.in);
		c.in = NULL;
		sessions_shut(c.sessions, ID);
	}
}

static void on_pump(void *ctx)
{
	(void)ctx;
	c.left = c.room;
	sessions_take(c.sessions, ID);
}

static void on_send(void *ctx)
{
	(void)ctx;
	send_more();
}

static void ready(void *ctx)
{
	(void)ctx;
	loop_later(c.loop, 0, on_send, NULL);
}

static void begun(void *ctx, unsigned id)
{
	(void)id;
	puts("begun");
	fflush(stdout);
	if (!c.hold)
		ready(ctx);
}

static void done(void *ctx, unsigned id, const struct socket_result *r)
{
	(void)ctx, (void)id;
	printf("%s %d %d %lld %s\n", c.opening ? "said" : "done", r->error, r->status,
		(long long)r->size, r->reason);
	if (c.in)
		fclose(c.in);
	if (c.out)
		fclose(c.out);
	c.in = c.out = NULL;
	fflush(stdout);
}

/* ---- commands ------------------------------------------------------------------------ */

static FILE *file(const char *path, const char *mode)
{
	FILE *f = fopen(path, mode);

	if (!f)
		exit(4);
	return f;
}

static void set(struct socket_transfer *t, char *word)
{
	const struct {
		const char *key;
		const char **to;
	} texts[] = { { "name", &t->name }, { "user", &t->user },
		{ "password", &t->password }, { "headers", &t->headers },
		{ "from", &t->from }, { "from_name", &t->from_name }, { "to", &t->to },
		{ "cc", &t->cc }, { "bcc", &t->bcc }, { "subject", &t->subject } };
	char *value = strchr(word, '='), *p;
	size_t i;

	*value++ = '\0';
	for (p = value; (p = strpbrk(p, "|~")); p++)
		*p = *p == '|' ? '\n' : '\r';
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(texts[i].key, word))
			*texts[i].to = value;
	if (!strcmp(word, "deed"))
		t->deed = (enum socket_deed)number_of(deeds, value);
	else if (!strcmp(word, "mode"))
		t->mode = atoi(value);
	else if (!strcmp(word, "redirects"))
		t->redirects = atoi(value);
	else if (!strcmp(word, "passive"))
		t->passive = atoi(value);
	else if (!strcmp(word, "type"))
		t->type = value[0];
	else if (!strcmp(word, "in"))
		c.in = file(value, "rb");
	else if (!strcmp(word, "out"))
		c.out = file(value, "wb");
	else if (!strcmp(word, "hold"))
		c.hold = true;
}

static void transfer(char *rest)
{
	struct socket_transfer t = { .name = "",
		.user = "",
		.password = "",
		.headers = "",
		.from = "",
		.from_name = "",
		.to = "",
		.cc = "",
		.bcc = "",
		.subject = "",
		.passive = true,
		.type = 'I' };
	char *word;

	c.hold = false;
	while ((word = strsep(&rest, "\t")))
		set(&t, word);
	sessions_transfer(c.sessions, ID, &t);
}

static void open_(char *rest)
{
	struct socket_order o = { .account = "", .ttl = 64 };

	o.kind = (enum socket_kind)number_of(kinds, strsep(&rest, "\t"));
	o.host = strsep(&rest, "\t");
	o.port = (uint16_t)atoi(strsep(&rest, "\t"));
	o.user = strsep(&rest, "\t");
	o.password = rest;
	c.opening = true;
	sessions_open(c.sessions, ID, &o);
}

static void on_late(void *ctx)
{
	(void)ctx;
	puts("late");
	fflush(stdout);
	exit(1);
}

static void on_line(void *ctx)
{
	char *rest = c.line, *word;

	(void)ctx;
	/* a line comes whole: the test writes it at once */
	ssize_t n = read(0, c.line, sizeof(c.line) - 1);

	if (n <= 0)
		exit(0);
	c.line[n] = '\0';
	c.line[strcspn(c.line, "\n")] = '\0';
	word = strsep(&rest, "\t");
	loop_timer_set(c.late, PATIENCE);
	if (!strcmp(word, "open"))
		open_(rest);
	else if (!strcmp(word, "transfer"))
		transfer(rest);
	else if (!strcmp(word, "close"))
		sessions_close(c.sessions, ID), puts("closed");
	else if (!strcmp(word, "alive"))
		puts("alive");
	fflush(stdout);
}

static const struct curl_ops *parts(char *why, size_t size)
{
	(void)why, (void)size;
	return &curl_module_ops;
}

static void log_out(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx, (void)cat, (void)level;
	printf("log %s\n", text);
}

int main(int argc, char **argv)
{
	struct net_options net = { .names = &c.names, .curl = parts, .log = &c.log };
	const struct socket_modem modem = { .enter = enter,
		.leave = enter,
		.there = there,
		.room = room,
		.rx = rx,
		.ended = ended,
		.ready = ready,
		.begun = begun,
		.done = done };
	struct forward f;
	int i;

	c.room = 65536;
	c.log.line = log_out;
	for (i = 0; i < LOG_CATS; i++)
		c.log.level[i] = LOG_LEVEL_WARN;
	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--internet"))
			net.internet = true;
		else if (!strcmp(argv[i], "--room") && argv[i + 1])
			c.room = (size_t)atoi(argv[++i]);
		else if (forward_read(argv[i], &f) || !names_add(&c.names, &f))
			return 2;
	}
	c.left = c.room;
	c.loop = loop_new(&c.log);
	c.sessions = sessions_new(c.loop, &net, &modem);
	c.late = loop_timer_new(c.loop, on_late, NULL);
	c.pump = loop_timer_new(c.loop, on_pump, NULL);
	must(loop_fd_new(c.loop, 0, on_line, NULL));
	return loop_run(c.loop);
}
