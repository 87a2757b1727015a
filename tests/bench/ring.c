/* Messages round a ring: each modem of one process sends so many to the next one, with
 * reports, as fast as the modems take them. Every text must arrive once and unchanged
 * from the number of its sender, and every message must have one report that says so; else
 * the exit status is 1.
 *
 * usage: ring [-n MODEMS] [-m MESSAGES] [-r ROUNDS] SERVER [ARG...]
 * SERVER prints MODEMS paths on standard output. It stays the same for all rounds. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "driver.h"

#define ROUNDS_MAX   99
#define MESSAGES_MAX 1000
#define WINDOW       16 /* without a report: a modem keeps 32 messages that are under way */
#define NUMBER_MAX   32
#define HEARD        8192

enum doing { /* what a modem is doing for the driver */
	IDLE,
	WAITS_FOR_PROMPT,
	WAITS_FOR_RESULT,
};

struct modem {
	int fd, index;
	char number[NUMBER_MAX];
	char in[HEARD];
	size_t len;
	enum doing doing;
	bool text_follows; /* of a +CMT */
	int sent, accepted, arrived, reported;
	bool has[MESSAGES_MAX];  /* texts that have come to it */
	bool awaits[256];        /* references without a report */
	struct modem *from, *to; /* its neighbours in the ring */
};

struct result {
	double rate, cpu, driver, size;
};

static struct modem *modems;
static int count = 1000, messages = 10, turn;
static long left; /* texts and reports that are still to come */

static void wrong(const struct modem *m, const char *what, const char *line)
{
	fprintf(stderr, "ring: modem %d: %s: %s\n", m->index + 1, what, line);
	exit(1);
}

/* --- sending ------------------------------------------------------------------------ */

static int text_of(const struct modem *m, int nth, char *text, size_t size)
{
	return snprintf(text, size, "%d-%d-%d is as long as a message often is", turn,
		m->index, nth);
}

static void put(const struct modem *m, const char *text, int len)
{
	if (write(m->fd, text, (size_t)len) != len)
		die("write");
}

static void send_next(struct modem *m)
{
	char line[64];
	int len;

	if (m->doing != IDLE || m->sent == messages ||
		m->accepted - m->reported >= WINDOW)
		return;
	m->doing = WAITS_FOR_PROMPT;
	len = snprintf(line, sizeof(line), "AT+CMGS=\"%s\"\r", m->to->number);
	put(m, line, len);
}

static void on_prompt(struct modem *m)
{
	char text[128];
	int len = text_of(m, m->sent, text, sizeof(text));

	text[len++] = 0x1a;
	m->sent++;
	m->doing = WAITS_FOR_RESULT;
	put(m, text, len);
}

/* --- what comes --------------------------------------------------------------------- */

static void on_text(struct modem *m, const char *line)
{
	char want[128];
	int round, from, nth;

	if (sscanf(line, "%d-%d-%d ", &round, &from, &nth) != 3 || round != turn ||
		from != m->from->index || nth < 0 || nth >= messages)
		wrong(m, "a text that nobody has sent", line);
	text_of(m->from, nth, want, sizeof(want));
	if (strcmp(line, want) != 0)
		wrong(m, "a text has changed", line);
	if (m->has[nth])
		wrong(m, "a text has come twice", line);
	m->has[nth] = true;
	m->arrived++;
	left--;
}

static void on_report(struct modem *m, const char *line)
{
	const char *status = strrchr(line, ',');
	int mr;

	if (sscanf(line, "+CDS: %*d,%d,", &mr) != 1 || mr < 0 || mr > 255)
		wrong(m, "this is no report", line);
	if (!m->awaits[mr])
		wrong(m, "a report for no message, or a second one", line);
	if (strcmp(status, ",0") != 0)
		wrong(m, "the message has not arrived", line);
	m->awaits[mr] = false;
	m->reported++;
	left--;
}

static void on_line(struct modem *m, const char *line)
{
	char from[NUMBER_MAX];
	int mr;

	if (m->text_follows) {
		m->text_follows = false;
		on_text(m, line);
	} else if (sscanf(line, "+CMT: \"%31[^\"]\"", from) == 1) {
		if (strcmp(from, m->from->number) != 0)
			wrong(m, "from another number than its sender's", line);
		m->text_follows = true;
	} else if (!strncmp(line, "+CDS: ", 6)) {
		on_report(m, line);
	} else if (sscanf(line, "+CMGS: %d", &mr) == 1) {
		m->awaits[mr & 255] = true;
		m->accepted++;
	} else if (!strcmp(line, "OK") && m->doing == WAITS_FOR_RESULT) {
		m->doing = IDLE;
	} else if (line[0]) {
		wrong(m, "unexpected", line);
	}
}

static void hear(struct modem *m)
{
	ssize_t n = read(m->fd, m->in + m->len, sizeof(m->in) - 1 - m->len);
	char *at = m->in, *end;

	if (n <= 0)
		die("read");
	m->len += (size_t)n;
	m->in[m->len] = '\0';
	while ((end = strstr(at, "\r\n"))) {
		*end = '\0';
		on_line(m, at);
		at = end + 2;
	}
	if (m->doing == WAITS_FOR_PROMPT && !strcmp(at, "> ")) {
		at += 2;
		on_prompt(m);
	}
	m->len -= (size_t)(at - m->in);
	memmove(m->in, at, m->len);
	send_next(m);
}

/* --- a round ------------------------------------------------------------------------ */

/* Resident memory in KiB. */
static double resident(pid_t pid)
{
	unsigned long pages = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%*u %lu", &pages) != 1)
		die(path);
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static void begin(struct modem *m)
{
	m->sent = m->accepted = m->arrived = m->reported = 0;
	memset(m->has, 0, sizeof(m->has));
	memset(m->awaits, 0, sizeof(m->awaits));
}

static void late(void)
{
	int i;

	fprintf(stderr, "ring: nothing for %d s; %ld texts and reports are missing:\n",
		GIVE_UP_MS / 1000, left);
	for (i = 0; i < count; i++)
		if (modems[i].arrived < messages || modems[i].reported < messages)
			fprintf(stderr,
				"ring: modem %d: %d sent, %d accepted, %d arrived, "
				"%d reported\n",
				i + 1, modems[i].sent, modems[i].accepted,
				modems[i].arrived, modems[i].reported);
	exit(1);
}

static void drive(int epoll)
{
	struct epoll_event ready[256];
	int n, i;

	for (i = 0; i < count; i++)
		begin(&modems[i]);
	left = 2L * count * messages;
	for (i = 0; i < count; i++)
		send_next(&modems[i]);
	while (left) {
		n = epoll_wait(epoll, ready, 256, GIVE_UP_MS);
		if (n <= 0)
			late();
		for (i = 0; i < n; i++)
			hear(ready[i].data.ptr);
	}
}

static struct result measure(pid_t server, int epoll)
{
	double cpu = cpu_ns(server), driver = cpu_ns(getpid()), n = count * messages;
	uint64_t from = now_ns();

	turn++;
	drive(epoll);
	return (struct result){
		.rate = n * 1e9 / (double)(now_ns() - from),
		.cpu = (cpu_ns(server) - cpu) / 1e3 / n,
		.driver = (cpu_ns(getpid()) - driver) / 1e3 / n,
		.size = resident(server),
	};
}

/* Nothing comes any more, and no modem is in the middle of something. */
static void quiet(int epoll)
{
	struct epoll_event ready;
	int i;

	for (i = 0; i < count; i++)
		while (modems[i].doing != IDLE || modems[i].len) {
			if (epoll_wait(epoll, &ready, 1, GIVE_UP_MS) <= 0)
				late();
			hear(ready.data.ptr);
		}
}

/* --- all ---------------------------------------------------------------------------- */

static void prepare(struct modem *m)
{
	const char *said;

	talk(m->fd, "ATE0;+CMGF=1;+CNMI=2,2,0,1,0;+CSMP=49,167,0,0\r", "OK\r\n", NULL);
	talk(m->fd, "AT+CNUM\r", "OK\r\n", &said);
	if (sscanf(said, "\r\n+CNUM: \"%*[^\"]\",\"%31[^\"]\"", m->number) != 1 &&
		sscanf(said, "\r\n+CNUM: \"\",\"%31[^\"]\"", m->number) != 1)
		wrong(m, "it has no number", said);
}

static pid_t open_ring(char **argv, int epoll)
{
	struct epoll_event e = { .events = EPOLLIN };
	char path[256];
	pid_t server;
	FILE *paths = start_server(&server, argv);
	int i;

	modems = calloc((size_t)count, sizeof(*modems));
	if (!paths || !modems)
		die("memory");
	for (i = 0; i < count; i++) {
		struct modem *m = &modems[i];

		if (!fgets(path, sizeof(path), paths)) {
			fprintf(stderr, "ring: %s printed %d paths of %d\n", argv[0], i,
				count);
			exit(1);
		}
		path[strcspn(path, "\n")] = '\0';
		m->index = i;
		m->fd = open_tty(path);
		m->to = &modems[(i + 1) % count];
		m->from = &modems[(i + count - 1) % count];
		e.data.ptr = m;
		epoll_ctl(epoll, EPOLL_CTL_ADD, m->fd, &e);
	}
	fclose(paths);
	for (i = 0; i < count; i++)
		prepare(&modems[i]);
	return server;
}

static int by_rate(const void *a, const void *b)
{
	double x = ((const struct result *)a)->rate, y = ((const struct result *)b)->rate;

	return (x > y) - (x < y);
}

static int usage(void)
{
	fputs("usage: ring [-n MODEMS] [-m MESSAGES] [-r ROUNDS] SERVER [ARG...]\n",
		stderr);
	return 2;
}

static void report(struct result *r, int rounds, double idle)
{
	double first = r[0].size, last = r[rounds - 1].size;
	const struct result *middle = &r[rounds / 2];

	qsort(r, (size_t)rounds, sizeof(r[0]), by_rate);
	printf("%d modems, each sends %d messages to the next with reports, median of %d "
	       "rounds:\n",
		count, messages, rounds);
	printf("%.0f messages/s, CPU %.1f us each (the driver: %.1f us)\n", middle->rate,
		middle->cpu, middle->driver);
	printf("memory: %.1f KiB a modem before, %.1f after the first round, %.1f after "
	       "the "
	       "last\n",
		idle / count, first / count, last / count);
}

int main(int argc, char **argv)
{
	struct result r[ROUNDS_MAX];
	int c, i, rounds = 5, epoll;
	double idle;
	pid_t server;

	while ((c = getopt(argc, argv, "+n:m:r:")) != -1) {
		if (c == 'n')
			count = atoi(optarg);
		else if (c == 'm')
			messages = atoi(optarg);
		else if (c == 'r')
			rounds = atoi(optarg);
		else
			return usage();
	}
	if (optind == argc || count < 2 || messages < 1 || messages > MESSAGES_MAX ||
		rounds < 1 || rounds > ROUNDS_MAX)
		return usage();
	raise_limit();
	atexit(end_servers);
	use_cpu(0);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	server = open_ring(argv + optind, epoll);
	idle = resident(server);
	for (i = 0; i < rounds; i++) {
		r[i] = measure(server, epoll);
		quiet(epoll);
	}
	report(r, rounds, idle);
	return 0;
}
