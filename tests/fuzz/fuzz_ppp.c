/* Exercises the modem's PPP with frames of a host: link/ppp*, codec/ppp_control, the
 * context in chapters/gprs. An input is a session after CONNECT, octet by octet:
 *
 *	0      1 s passes
 *	n      a frame follows: n octets, without flags, stuffing and check sequence
 *
 * Whatever comes, the modem says only whole frames, no longer than their host takes, few
 * for each that it gets, and the session can be ended. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chapters/gprs/gprs.h"
#include "codec/ppp_control.h"
#include "codec/ppp_frame.h"
#include "link/link.h"
#include "rig.h"
#include "state/modem_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ANSWERS_MOST 4 /* LCP again: its request and an answer; IPCP with them */

static struct profile *profile;
static struct rig rig;

static void check(bool is)
{
	if (!is)
		abort();
}

static struct channel *port(void)
{
	return channel_of_port(rig.modem, 0);
}

static void dial(void)
{
	if (!profile) {
		profile = rig_profile("fastrack-supreme-20-r74");
		rig_init(&rig, profile);
		rig_boot(&rig);
	}
	at_gprs_hang_up(rig.modem);
	rig_say(&rig, "\rAT+CGATT=0\r", SEC(5));
	rand_init(&rig.modem->rand, 1);
	rig_say(&rig, "ATE0D*99#\r", MS(100));
	check(port()->link->mode == LINK_PPP);
	rig_clear(&rig);
}

/* Returns the number of frames; what follows the last one is text. */
static unsigned check_output(bool more)
{
	struct ppp_decoder d;
	struct ppp_control packet;
	unsigned frames = 0, protocol;
	size_t i, len, head, end = 0;

	ppp_decoder_init(&d);
	for (i = 0; i < rig.len; i++) {
		len = ppp_decode(&d, (uint8_t)rig.out[i]);
		if (!len)
			continue;
		frames++;
		end = i + 1;
		head = ppp_header_read(d.data, len, &protocol);
		check(head && len - head <= 1500);
		check(protocol != PPP_IP);
		check(ppp_control_read(d.data + head, len - head, &packet));
		if (packet.code <= PPP_CONFIGURE_REJECT && protocol != PPP_PAP &&
			protocol != PPP_CHAP)
			check(ppp_options_whole(&packet));
	}
	check(!more || end == rig.len);
	rig_clear(&rig);
	return frames;
}

static void send(const uint8_t *frame, size_t len)
{
	uint8_t line[2 * (255 + 4)];
	struct buf b;

	buf_init(&b, line, sizeof(line));
	check(ppp_encode(&b, frame, len, PPP_ACCM_ALL));
	rig_type(&rig, line, b.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t i, len;
	bool on;

	dial();
	for (i = 0; i < size && port()->link->ppp.on; i += len + 1) {
		len = data[i] < size - i ? data[i] : size - i - 1;
		if (data[i])
			send(data + i + 1, len);
		else
			rig_pass(&rig, SEC(1));
		on = port()->link->ppp.on;
		check(check_output(on) <= ANSWERS_MOST);
		check(on == (port()->link->mode == LINK_PPP));
		check(rig.ip.on == (port()->link->ppp.phase == PPP_PHASE_OPEN));
	}
	if (port()->link->ppp.on)
		send((const uint8_t *)"\xff\x03\xc0\x21\5\1\0\4", 8);
	check(!port()->link->ppp.on && !rig.ip.on);
	check(port()->link->mode == LINK_COMMAND);
	check(!timer_armed(&port()->link->ppp.restart));
	return 0;
}
