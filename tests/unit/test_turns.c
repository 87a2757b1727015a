/* Turns of ports: a client that has sent much does not keep the others waiting. */
#include "unit.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/loop.h"
#include "port_int.h"
#include "stream.h"

#define MUCH  4000 /* one read takes it all */
#define LINE  64   /* what the modem takes at once */
#define TURNS 1000 /* of the loop, until the test gives up */

static const struct log quiet = { 0 };

struct end {
	struct listen_addr at;
	struct port *port;
	size_t got;
	int client;
};

static size_t rx(void *ctx, const void *buf, size_t len)
{
	struct end *e = ctx;

	(void)buf;
	len = len < LINE ? len : LINE;
	e->got += len;
	return len;
}

static void begin(struct end *e, struct loop *l, const char *folder, const char *name)
{
	const struct port_events events = { .ctx = e, .rx = rx };
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct stream_options o = { .mode = -1, .group = (gid_t)-1 };
	char text[200], why[200];

	snprintf(text, sizeof(text), "unix:%s/%s", folder, name);
	assert_true(listen_parse(text, &o.addr, why, sizeof(why)));
	e->port = stream_open(loop_base(l), &quiet, &o, &events);
	assert_non_null(e->port);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/%s", folder, name);
	e->client = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(e->client, (const struct sockaddr *)&at, sizeof(at)), 0);
}

static void turn(struct loop *l)
{
	event_base_loop(loop_base(l), EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static void one_that_sends_much_lets_the_others_in_between(void **state)
{
	char folder[] = "/tmp/fauxtrack-turns-XXXXXX", much[MUCH] = { 0 };
	struct loop *l = loop_new(&quiet);
	struct end a = { 0 }, b = { 0 };
	int i;

	(void)state;
	assert_non_null(l);
	assert_non_null(mkdtemp(folder));
	begin(&a, l, folder, "a");
	begin(&b, l, folder, "b");
	for (i = 0; i < TURNS && !(port_clients(a.port) && port_clients(b.port)); i++)
		turn(l);
	assert_int_equal(write(a.client, much, sizeof(much)), MUCH);
	for (i = 0; i < TURNS && !a.got; i++)
		turn(l);
	assert_int_equal(write(b.client, "A", 1), 1);
	for (i = 0; i < TURNS && !b.got; i++)
		turn(l);
	assert_int_equal(b.got, 1);
	assert_in_range(a.got, 1, 3 * PORT_TURN);
	/* nor is anything forgotten, though nothing more comes */
	for (i = 0; i < TURNS && a.got < MUCH; i++)
		turn(l);
	assert_int_equal(a.got, MUCH);
	port_close(a.port);
	port_close(b.port);
	close(a.client);
	close(b.client);
	loop_free(l);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_sends_much_lets_the_others_in_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
