/* Tests C code against the emulated modem. Build it with cc test_modem.c -lcmocka and run
 * ./a.out; fauxtrack must be in PATH or named by $FAUXTRACK. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* ---- the fixture ----------------------------------------------------------------- */

static pid_t emulator;
static int port;

/* Starts the emulator; the first line that it prints is the port's path. */
static int start(void **state)
{
	const char *program = getenv("FAUXTRACK");
	char path[256];
	int out[2];
	FILE *f;

	(void)state;
	if (pipe(out))
		return -1;
	emulator = fork();
	if (emulator == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execlp(program ? program : "fauxtrack", "fauxtrack", "run", "--speed",
			"max", "--control", "none", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (!f || !fgets(path, sizeof(path), f))
		return -1;
	fclose(f);
	path[strcspn(path, "\n")] = '\0';
	port = open(path, O_RDWR | O_NOCTTY);
	return port < 0 ? -1 : 0;
}

static int stop(void **state)
{
	(void)state;
	close(port);
	kill(emulator, SIGTERM);
	return waitpid(emulator, NULL, 0) == emulator ? 0 : -1;
}

/* ---- the code under test: replace it with your own -------------------------------- */

static void make_raw(int fd)
{
	struct termios t;

	tcgetattr(fd, &t);
	cfmakeraw(&t);
	tcsetattr(fd, TCSANOW, &t);
}

/* Sends a command; true if the answer ends with OK and fits into size bytes. */
static int ask(int fd, const char *command, char *answer, size_t size)
{
	struct pollfd p = { fd, POLLIN, 0 };
	size_t n = 0;
	ssize_t got;

	make_raw(fd);
	if (write(fd, command, strlen(command)) < 0 || write(fd, "\r", 1) < 0)
		return 0;
	while (n + 1 < size && poll(&p, 1, 10000) > 0) {
		got = read(fd, answer + n, size - 1 - n);
		if (got <= 0)
			return 0;
		n += (size_t)got;
		answer[n] = '\0';
		if (strstr(answer, "\r\nOK\r\n"))
			return 1;
		if (strstr(answer, "ERROR"))
			return 0;
	}
	return 0;
}

/* ---- tests ----------------------------------------------------------------------- */

static void it_is_registered(void **state)
{
	char answer[200];

	(void)state;
	assert_true(ask(port, "AT+CREG?", answer, sizeof(answer)));
	assert_non_null(strstr(answer, "\r\n+CREG: 0,1\r\n"));
}

static void nonsense_is_an_error(void **state)
{
	char answer[200];

	(void)state;
	assert_false(ask(port, "AT+NONSENSE", answer, sizeof(answer)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_registered, start, stop),
		cmocka_unit_test_setup_teardown(nonsense_is_an_error, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
