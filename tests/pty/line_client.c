/* A program that uses its port as a UART: each word of its arguments is one request, and
 * each prints one line. Linked as usual and also statically. */
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int tcdrain(int fd);
int tcsendbreak(int fd, int duration);

static const struct {
	const char *name;
	int bit;
} lines[] = { { "dtr", TIOCM_DTR }, { "rts", TIOCM_RTS }, { "cts", TIOCM_CTS },
	{ "dsr", TIOCM_DSR }, { "cd", TIOCM_CD }, { "ri", TIOCM_RNG } };

#define LINES (sizeof(lines) / sizeof(lines[0]))

static int fd;

static const char *name_of_error(int result)
{
	return result < 0 ? strerrorname_np(errno) : "ok";
}

static int bits_of(const char *names)
{
	int bits = 0;
	size_t i;

	for (i = 0; names && i < LINES; i++)
		if (strstr(names, lines[i].name))
			bits |= lines[i].bit;
	return bits;
}

static void show_lines(void)
{
	int bits = 0, result = ioctl(fd, TIOCMGET, &bits);
	size_t i;

	printf("get %s", name_of_error(result));
	for (i = 0; i < LINES; i++)
		if (bits & lines[i].bit)
			printf(" %s", lines[i].name);
	puts("");
}

static long ms_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 +
	       (now.tv_nsec - start->tv_nsec) / 1000000;
}

static void show_counts(void)
{
	struct serial_icounter_struct c;
	int result = ioctl(fd, TIOCGICOUNT, &c);

	printf("count %s rng=%d dsr=%d cts=%d dcd=%d rx=%d tx=%d\n",
		name_of_error(result), c.rng, c.dsr, c.cts, c.dcd, c.rx, c.tx);
}

static void serial(void)
{
	struct serial_struct s;
	int result = ioctl(fd, TIOCGSERIAL, &s);

	s.flags |= ASYNC_LOW_LATENCY;
	if (!result)
		result = ioctl(fd, TIOCSSERIAL, &s);
	memset(&s, 0, sizeof(s));
	if (!result)
		result = ioctl(fd, TIOCGSERIAL, &s);
	printf("serial %s type=%d base=%d low=%d\n", name_of_error(result), s.type,
		s.baud_base, (s.flags & ASYNC_LOW_LATENCY) != 0);
}

static void send_break(void)
{
	struct timespec start;
	int result;

	clock_gettime(CLOCK_MONOTONIC, &start);
	result = tcsendbreak(fd, 0);
	printf("break %s %s\n", name_of_error(result),
		ms_since(&start) >= 240 ? "slow" : "fast");
}

/* 7e1, in place of 8n1, at a speed that only termios2 has. */
static void set_format(void)
{
	struct termios2 t;
	int result = ioctl(fd, TCGETS2, &t);

	t.c_cflag = (t.c_cflag & ~(tcflag_t)(CSIZE | CBAUD)) | CS7 | PARENB | BOTHER;
	t.c_ispeed = t.c_ospeed = 9600;
	if (!result)
		result = ioctl(fd, TCSETSW2, &t);
	memset(&t, 0, sizeof(t));
	if (!result)
		result = ioctl(fd, TCGETS2, &t);
	printf("7e1 %s %s %s %u\n", name_of_error(result),
		(t.c_cflag & CSIZE) == CS7 ? "7" : "8", t.c_cflag & PARENB ? "e" : "n",
		t.c_ospeed);
}

static void hupcl_off(void)
{
	struct termios2 t;
	int result = ioctl(fd, TCGETS2, &t);

	t.c_cflag &= ~(tcflag_t)HUPCL;
	if (!result)
		result = ioctl(fd, TCSETS2, &t);
	printf("-hupcl %s\n", name_of_error(result));
}

/* Sends a line; the answer ends with OK. */
static void at(const char *text)
{
	char got[1024] = "";
	size_t n = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t r;

	dprintf(fd, "%s\r", text);
	while (n < sizeof(got) - 1 && !strstr(got, "\r\nOK\r\n") &&
		poll(&p, 1, 20000) > 0) {
		r = read(fd, got + n, sizeof(got) - 1 - n);
		if (r <= 0)
			break;
		n += (size_t)r;
		got[n] = '\0';
	}
	printf("at %s\n", strstr(got, "\r\nOK\r\n") ? "OK" : "no OK");
}

/* More lines than the modem takes at once, which work for 20 ms each. */
static void drain_many(const char *count)
{
	struct timespec start;
	int i, n = atoi(count), result;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < n; i++)
		dprintf(fd, "AT+CPBR=1\r");
	result = tcdrain(fd);
	printf("many %s %s\n", name_of_error(result),
		ms_since(&start) >= 250 ? "slow" : "fast");
}

static void on_alarm(int signo)
{
	(void)signo;
}

static void interrupted(void)
{
	const struct sigaction sa = { .sa_handler = on_alarm };
	int result;

	sigaction(SIGALRM, &sa, NULL);
	ualarm(50000, 0);
	result = ioctl(fd, TIOCMIWAIT, TIOCM_RNG);
	ualarm(0, 0);
	printf("interrupted %s\n", name_of_error(result));
}

static void *wait_in_thread(void *bits)
{
	return (void *)(long)ioctl(fd, TIOCMIWAIT, *(int *)bits);
}

/* One thread waits for a line while the other uses the port. */
static void threads(void)
{
	int bits = TIOCM_CTS | TIOCM_DSR | TIOCM_CD | TIOCM_RNG;
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, wait_in_thread, &bits);
	at("AT");
	show_lines();
	fflush(stdout);
	pthread_join(thread, &result);
	printf("thread %s\n", result ? "failed" : "ok");
}

static void in_child(void)
{
	fflush(stdout);
	if (!fork()) {
		show_lines();
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

static void carry_out(const char *word, const char *arg)
{
	int bits = bits_of(arg);

	if (!strcmp(word, "get"))
		show_lines();
	else if (!strcmp(word, "set"))
		printf("set %s\n", name_of_error(ioctl(fd, TIOCMSET, &bits)));
	else if (!strcmp(word, "bis"))
		printf("bis %s\n", name_of_error(ioctl(fd, TIOCMBIS, &bits)));
	else if (!strcmp(word, "bic"))
		printf("bic %s\n", name_of_error(ioctl(fd, TIOCMBIC, &bits)));
	else if (!strcmp(word, "wait"))
		printf("wait %s\n", name_of_error(ioctl(fd, TIOCMIWAIT, bits)));
	else if (!strcmp(word, "null"))
		printf("null %s\n", name_of_error(ioctl(fd, TIOCMGET, NULL)));
	else if (!strcmp(word, "count"))
		show_counts();
	else if (!strcmp(word, "serial"))
		serial();
	else if (!strcmp(word, "break"))
		send_break();
	else if (!strcmp(word, "sbrk"))
		printf("sbrk %s\n",
			name_of_error(ioctl(fd, TIOCSBRK) | ioctl(fd, TIOCCBRK)));
	else if (!strcmp(word, "7e1"))
		set_format();
	else if (!strcmp(word, "-hupcl"))
		hupcl_off();
	else if (!strcmp(word, "drain"))
		printf("drain %s\n", name_of_error(tcdrain(fd)));
	else if (!strcmp(word, "many"))
		drain_many(arg);
	else if (!strcmp(word, "at"))
		at(arg);
	else if (!strcmp(word, "interrupted"))
		interrupted();
	else if (!strcmp(word, "threads"))
		threads();
	else if (!strcmp(word, "child"))
		in_child();
	else if (!strcmp(word, "enter"))
		(void)!read(0, (char[1]){ 0 }, 1);
	else
		printf("%s?\n", word);
}

int main(int argc, char **argv)
{
	char *arg;
	int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		return 2;
	fd = open(argv[1], O_RDWR | O_NOCTTY);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	for (i = 2; i < argc; i++) {
		arg = strchr(argv[i], ':');
		if (arg)
			*arg++ = '\0';
		carry_out(argv[i], arg);
	}
	return 0;
}
