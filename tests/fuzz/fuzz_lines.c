/* Exercises pty/line_socket.c and pty/modem_lines.c with what a program with the preload
 * library, or anything else, may send to the line socket of a port. The input is a row of
 * messages: a byte with the length, then so many bytes. Each that is a request of our
 * version is answered, at once or later; any other ends the connection. */
#include <event2/event.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/loop.h"
#include "line_call.h"
#include "pty.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct log quiet;
static struct loop *loop;
static struct pty_hub *hub;
static struct sockaddr_un at = { .sun_family = AF_UNIX };

static void clean_up(void)
{
	pty_hub_free(hub);
	loop_free(loop);
}

static void open_port(void)
{
	const struct pty_options options = {
		.mode = -1,
		.group = (gid_t)-1,
		.lines = true,
		.line_socket = true,
	};
	const struct port_events none = { .ctx = NULL };
	struct port *port;
	struct stat tty;

	loop = loop_new(&quiet);
	hub = loop ? pty_hub_new(loop_base(loop), &quiet) : NULL;
	port = hub ? pty_open(hub, &options, &none) : NULL;
	if (!port || stat(port_path(port), &tty))
		abort();
	line_call_path(at.sun_path, &tty);
	atexit(clean_up);
}

static void turn(void)
{
	event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct line_call answer;
	size_t len;
	int s;

	if (!hub)
		open_port();
	s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s < 0 || connect(s, (struct sockaddr *)&at, sizeof(at)))
		abort();
	turn();
	while (size) {
		len = *data < size ? *data : size - 1;
		if (send(s, data + 1, len, MSG_NOSIGNAL) < 0)
			break;
		data += len + 1;
		size -= len + 1;
		turn();
		if (recv(s, &answer, sizeof(answer), 0) > 0 &&
			(answer.version != LINE_CALL_VERSION || answer.result > 0))
			abort();
	}
	close(s);
	turn();
	return 0;
}
