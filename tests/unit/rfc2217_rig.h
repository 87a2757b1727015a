/* A client of RFC 2217 for unit tests: what the server has heard and said. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "rfc2217.h"

/* ---- what the server has heard and said -------------------------------------------- */

static struct rfc2217 r;
static char heard[2000];
static unsigned char data[20000];
static size_t data_len;
static struct uart uart;

static void note(const char *what, bool on)
{
	size_t n = strlen(heard);

	snprintf(heard + n, sizeof(heard) - n, "%s%s ", what, on ? "+" : "-");
}

static void on_data(void *ctx, const void *buf, size_t len)
{
	(void)ctx;
	assert_true(data_len + len <= sizeof(data));
	memcpy(data + data_len, buf, len);
	data_len += len;
}

static void on_dtr(void *ctx, bool on)
{
	(void)ctx;
	note("dtr", on);
}

static void on_rts(void *ctx, bool on)
{
	(void)ctx;
	note("rts", on);
}

static void on_uart(void *ctx, const struct uart *u)
{
	(void)ctx;
	uart = *u;
}

static void on_break(void *ctx)
{
	(void)ctx;
	strcat(heard, "break ");
}

static void on_suspend(void *ctx, bool on)
{
	(void)ctx;
	note("suspend", on);
}

static void on_purge(void *ctx, bool to_client, bool to_modem)
{
	(void)ctx;
	note("to-client", to_client);
	note("to-modem", to_modem);
}

static const struct rfc2217_events events = { NULL, on_data, on_dtr, on_rts, on_uart,
	on_break, on_suspend, on_purge };

static void forget(void)
{
	heard[0] = '\0';
	data_len = 0;
	rfc2217_sent(&r, rfc2217_waiting(&r));
}

/* A client that has not said anything yet. */
static int fresh(void **state)
{
	(void)state;
	memset(&uart, 0, sizeof(uart));
	rfc2217_init(&r, &events, V24_DSR | V24_CTS);
	forget();
	return 0;
}

static void get(const void *buf, size_t len)
{
	const unsigned char *p = buf;
	size_t n;

	for (; len; p += n, len -= n) {
		n = len < RFC2217_READ_MAX ? len : RFC2217_READ_MAX;
		rfc2217_read(&r, p, n);
	}
}

#define GET(...)                                                \
	do {                                                    \
		const unsigned char bytes_[] = { __VA_ARGS__ }; \
		get(bytes_, sizeof(bytes_));                    \
	} while (0)

/* Exactly these bytes go to the client. */
#define SAYS(...)                                                               \
	do {                                                                    \
		const unsigned char bytes_[] = { __VA_ARGS__ };                 \
		assert_int_equal(rfc2217_waiting(&r), sizeof(bytes_));          \
		assert_memory_equal(r.out + r.out_off, bytes_, sizeof(bytes_)); \
		rfc2217_sent(&r, sizeof(bytes_));                               \
	} while (0)
#define SAYS_NOTHING() assert_int_equal(rfc2217_waiting(&r), 0)

#define HEARS(text)                               \
	do {                                      \
		assert_string_equal(heard, text); \
		heard[0] = '\0';                  \
	} while (0)

#define IAC  255
#define DONT 254
#define DO   253
#define WONT 252
#define WILL 251
#define SB   250
#define SE   240
#define COM  44

/* A command of the option 44, and its answer. */
#define ASK(...)    GET(IAC, SB, COM, __VA_ARGS__, IAC, SE)
#define ANSWER(...) SAYS(IAC, SB, COM, __VA_ARGS__, IAC, SE)

/* A client that has agreed to the option, and to binary transmission both ways. */
static int agreed(void **state)
{
	fresh(state);
	GET(IAC, WILL, COM, IAC, WILL, 0, IAC, DO, 0);
	forget();
	return 0;
}

#define FRESH(name)  cmocka_unit_test_setup(name, fresh)
#define AGREED(name) cmocka_unit_test_setup(name, agreed)
