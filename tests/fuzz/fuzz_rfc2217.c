/* Exercises pty/telnet and pty/rfc2217 with arbitrary bytes of a client, in pieces: the
 * answers fit, and are whole commands of telnet. What is written for the client decodes to
 * the same bytes. The first byte sets the size of the pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rfc2217.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t heard;

static void check(bool is)
{
	if (!is)
		abort();
}

static void on_data(void *ctx, const void *buf, size_t len)
{
	(void)ctx;
	check(buf && len);
	heard += len;
}

static void on_line(void *ctx, bool on)
{
	(void)ctx;
	(void)on;
}

static void on_uart(void *ctx, const struct uart *u)
{
	(void)ctx;
	check(u->baud <= 4000000 && u->data_bits <= 8 && u->stop_bits <= 2);
}

static void on_break(void *ctx)
{
	(void)ctx;
}

static void on_purge(void *ctx, bool to_client, bool to_modem)
{
	(void)ctx;
	check(to_client || to_modem);
}

static const struct rfc2217_events events = { NULL, on_data, on_line, on_line, on_uart,
	on_break, on_line, on_purge };

/* The server's output as a client reads it; returns the number of data bytes. */
static size_t decode(struct telnet *client, const uint8_t *p, size_t len, uint8_t *text)
{
	struct telnet_item i;
	size_t n, got = 0;

	for (; len; p += n, len -= n) {
		n = telnet_read(client, p, len, &i);
		check(n && n <= len);
		if (i.kind == TELNET_GOT_DATA && text)
			memcpy(text + got, i.data, i.len);
		if (i.kind == TELNET_GOT_DATA)
			got += i.len;
	}
	return got;
}

static void written_is_read(const uint8_t *data, size_t size, bool binary)
{
	static uint8_t out[8192], back[8192];
	struct telnet server = { .us = { binary ? TELNET_YES : TELNET_NO } };
	struct telnet client = { .them = { binary ? TELNET_YES : TELNET_NO } };
	size_t used, n, got;

	if (size > 2000)
		size = 2000;
	used = telnet_write(&server, data, size, out, sizeof(out), &n);
	check(used == size);
	got = decode(&client, out, n, back);
	/* a CR at the very end gets its NUL with the next byte */
	check(got == size && !memcmp(back, data, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rfc2217 r;
	struct telnet client = { .at = TELNET_IN_DATA };
	size_t piece, n;

	if (size < 2)
		return 0;
	piece = 1 + data[0];
	data++;
	size--;
	written_is_read(data, size, false);
	written_is_read(data, size, true);
	heard = 0;
	rfc2217_init(&r, &events, data[0] & 15);
	for (; size; data += n, size -= n) {
		n = size < piece ? size : piece;
		rfc2217_sent(&r, rfc2217_waiting(&r));
		rfc2217_read(&r, data, n);
		rfc2217_lines(&r, data[0] & 15);
		rfc2217_drained(&r, data[0] & 16);
		check(rfc2217_waiting(&r) <= RFC2217_ANSWERS);
		decode(&client, r.out + r.out_off, rfc2217_waiting(&r), NULL);
		check(client.at == TELNET_IN_DATA);
	}
	return 0;
}
