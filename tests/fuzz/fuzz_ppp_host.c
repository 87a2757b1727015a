/* Exercises host/play/ppp_host and ppp_client with a hostile modem. The first octet has
 * what the host asks for; a series of frames follows, each a length and so many octets,
 * which are sent with a right check sequence, or (length 255) as they are in the line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/play/ppp_client.h"
#include "host/play/ppp_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ANSWERS 12 /* frames at most, to one octet */
#define AS_IS   255

static struct ppp_host host;
static struct ppp_client client;
static size_t sent;
static char mem[4096];
static struct buf in;

static void check(bool is)
{
	if (!is)
		abort();
}

static void send(void *ctx, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	(void)ctx;
	check(len >= 4 && p[0] == 0x7e && p[len - 1] == 0x7e && ++sent <= ANSWERS);
}

static void packet(void *ctx, const void *p, size_t len)
{
	(void)ctx;
	ppp_client_packet(&client, p, len);
}

static void packet_out(void *ctx, const void *p, size_t len)
{
	(void)ctx;
	ppp_host_packet(&host, p, len);
}

static void trace(void *ctx, bool out, const char *text)
{
	(void)ctx;
	(void)out;
	check(strlen(text) < 400);
}

static void hear(const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		sent = 0;
		ppp_host_rx(&host, p[i]);
	}
}

/* The first time that the link is up, a connection is made over it. */
static void connect_once(void)
{
	static const uint8_t to[4] = { 10, 0, 2, 2 };
	static const char text[4096];

	if (host.phase != PPP_HOST_UP || client.id)
		return;
	buf_init(&in, mem, sizeof(mem));
	ppp_client_connect(&client, to, 7, text, sizeof(text), &in, sizeof(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ppp_host_ops ops = { NULL, send, packet, trace };
	struct ppp_host_conf conf = { .user = "me", .password = "secret" };
	char line[2 * AS_IS + 8], text[PPP_HOST_TEXT];
	struct buf out;
	size_t len;
	int i;

	if (!size)
		return 0;
	conf.auth = data[0] & 3;
	conf.magic = conf.pfc = conf.acfc = conf.dns = data[0] >> 2 & 1;
	conf.vj = conf.ccp = conf.ipv6cp = conf.wins = data[0] >> 3 & 1;
	sent = 0;
	ppp_host_init(&host, &conf, &ops);
	client = (struct ppp_client){ .address = { 10, 128, 3, 4 }, .send = packet_out };
	ppp_host_start(&host);
	for (data++, size--; size; data += len, size -= len) {
		bool as_is = *data == AS_IS;

		len = *data++ < --size ? data[-1] : size;
		buf_init(&out, line, sizeof(line));
		if (as_is)
			hear(data, len);
		else if (ppp_encode(&out, data, len, PPP_ACCM_ALL))
			hear((const uint8_t *)line, out.len);
		connect_once();
	}
	for (i = 0; ppp_host_values[i].name; i++)
		ppp_host_value(&host, ppp_host_values[i].value, text);
	sent = 0;
	ppp_host_again(&host);
	ppp_host_terminate(&host);
	return 0;
}
