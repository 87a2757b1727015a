#include "ppp_frames.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codec/ppp_frame.h"

static size_t octets(const char *hex, uint8_t *out, size_t size)
{
	char pair[3] = { 0 };
	size_t n = 0, k = 0;

	for (; *hex; hex++) {
		if (!isxdigit((unsigned char)*hex))
			continue;
		pair[k++] = *hex;
		if (k < 2)
			continue;
		k = 0;
		if (n == size)
			abort();
		out[n++] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return n;
}

void frames_send_as(struct rig *r, uint32_t accm, const char *hex)
{
	uint8_t frame[PPP_FRAME_MAX], line[2 * PPP_FRAME_MAX + 8];
	struct buf b;

	buf_init(&b, line, sizeof(line));
	if (!ppp_encode(&b, frame, octets(hex, frame, sizeof(frame)), accm))
		abort();
	rig_type(r, line, b.len);
}

void frames_send(struct rig *r, const char *hex)
{
	frames_send_as(r, PPP_ACCM_ALL, hex);
}

const char *frames_next(struct rig *r)
{
	static char text[2 * PPP_FRAME_MAX + 1];
	struct ppp_decoder d;
	size_t i, k, len;

	ppp_decoder_init(&d);
	for (i = 0; i < r->len; i++) {
		len = ppp_decode(&d, (uint8_t)r->out[i]);
		if (!len)
			continue;
		for (k = 0; k < len; k++)
			snprintf(text + 2 * k, 3, "%02X", d.data[k]);
		r->len -= i + 1;
		memmove(r->out, r->out + i + 1, r->len);
		return text;
	}
	return "";
}

void frames_check(struct rig *r, const char *hex, const char *file, int line)
{
	char want[2 * PPP_FRAME_MAX + 1];
	const char *got = frames_next(r);
	size_t n = 0;

	for (; *hex; hex++)
		if (isxdigit((unsigned char)*hex))
			want[n++] = (char)toupper((unsigned char)*hex);
	want[n] = '\0';
	_assert_string_equal(got, want, file, line);
}

void frames_dial(struct rig *r, const char *apn, bool cgdata)
{
	char line[200];

	if (apn) {
		snprintf(line, sizeof(line), "AT+CGDCONT=1,\"IP\",\"%s\"\r", apn);
		rig_say(r, line, SEC(1));
	}
	rig_clear(r);
	rig_say(r, cgdata ? "AT+CGDATA=1\r" : "ATD*99***1#\r", MS(10));
	assert_non_null(memmem(r->out, r->len, "CONNECT 115200", 14));
}

void frames_log_in(struct rig *r, const char *user, const char *password)
{
	char hex[600];
	size_t n, i, u, p;

	frames_expect(r,
		"FF03 C021 01 01 001C 010405DC 020600000000 050600000000 0702 0802 "
		"0304C023");
	frames_send(r, user ? "FF03 C021 02 01 001C 010405DC 020600000000 050600000000 "
			      "0702 0802 0304C023"
			    : "FF03 C021 04 01 0008 0304C023");
	if (!user) {
		frames_expect(r,
			"FF03 C021 01 02 0018 010405DC 020600000000 050600000000 "
			"0702 0802");
		frames_send(r, "FF03 C021 02 02 0018 010405DC 020600000000 050600000000 "
			       "0702 0802");
	}
	frames_send(r, "FF03 C021 01 01 000A 020600000000");
	frames_expect(r, "FF03 C021 02 01 000A 020600000000");
	if (!user)
		return;
	u = strlen(user);
	p = strlen(password);
	n = (size_t)snprintf(
		hex, sizeof(hex), "FF03 C023 01 01 %04zX %02zX", 6 + u + p, u);
	for (i = 0; i < u; i++)
		n += (size_t)snprintf(hex + n, sizeof(hex) - n, "%02X", user[i]);
	n += (size_t)snprintf(hex + n, sizeof(hex) - n, "%02zX", p);
	for (i = 0; i < p; i++)
		n += (size_t)snprintf(hex + n, sizeof(hex) - n, "%02X", password[i]);
	frames_send(r, hex);
	frames_expect(r, "FF03 C023 02 01 0005 00");
}

void frames_get_address(struct rig *r)
{
	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, SEC(4));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_send(r, "FF03 8021 02 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 000A 03060A800304");
	frames_send(r, "FF03 8021 01 02 000A 03060A800304");
	frames_expect(r, "FF03 8021 02 02 000A 03060A800304");
}
