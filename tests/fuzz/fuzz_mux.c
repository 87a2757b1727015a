/* Exercises link/mux with a host that sends what it likes: good frames with any contents,
 * bytes that are none, time, and the port. The input is a row of steps:
 *
 *	00-1f  N text  a frame of DLC n & 7: UIH, SABM, DISC or UA by bits 3 and 4
 *	20-3f  N text  a control message: its type is the first octet of the text
 *	fd     B       a byte
 *	fe             the client closes and reopens the port, or a call comes in
 *	ff             20 s pass
 *	else           1 ms passes
 *
 * Whatever comes, all that the modem sends while the multiplexer runs are good frames. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/mux.h"
#include "rig.h"
#include "state/modem_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct profile *profile;
static struct rig rig;

static void send_frame(uint8_t type, uint8_t dlci, const uint8_t *info, size_t len)
{
	uint8_t mem[MUX_FRAME_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	mux_encode(&b, &(struct mux_frame){
			       type, dlci, type != MUX_UA, type != MUX_UIH, len, info });
	rig_type(&rig, mem, b.len);
}

/* Returns how much of the input it takes. */
static size_t step(const uint8_t *p, size_t size)
{
	static const uint8_t types[] = { MUX_UIH, MUX_SABM, MUX_DISC, MUX_UA };
	static const struct call_terms terms = { .gives_up = SEC(3) };
	uint8_t message[2 + 64];
	size_t len = size < 2 ? 0 : p[1];

	if (len > size - 2)
		len = size - 2;
	if (size < 2)
		return 1;
	if (p[0] < 0x20) {
		send_frame(types[p[0] >> 3], p[0] & 7, p + 2, len);
		return 2 + len;
	}
	if (p[0] < 0x40 && len && len < 64) {
		message[0] = p[2];
		message[1] = (uint8_t)((len - 1) << 1 | 1);
		memcpy(message + 2, p + 3, len - 1);
		send_frame(MUX_UIH, 0, message, len + 1);
		return 2 + len;
	}
	switch (p[0]) {
	case 0xfd:
		rig_type(&rig, p + 1, 1);
		return 2;
	case 0xfe:
		modem_dtr(rig.modem, 0, rig.now, false);
		modem_dtr(rig.modem, 0, rig.now, true);
		call_incoming(&rig.modem->calls, "+33612345678", &terms);
		return 1;
	case 0xff:
		rig_pass(&rig, SEC(20));
		return 1;
	default:
		rig_pass(&rig, MS(1));
		return 1;
	}
}

static void check_frames(void)
{
	struct mux_decoder d;
	size_t i;

	mux_decoder_init(&d, MUX_INFO_MAX);
	for (i = 0; i < rig.len; i++)
		mux_decode(&d, (uint8_t)rig.out[i]);
	if (d.faults || (rig.len && d.at != MUX_AT_ADDRESS))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char first[] = "ATE0+CMUX=0,0,5,64\r";
	size_t taken;
	bool ran;

	if (!profile)
		profile = rig_profile("fastrack-supreme-20-r74");
	if (size > 2048)
		return 0;
	rig_init(&rig, profile);
	rig_boot(&rig);
	rig_type(&rig, first, sizeof(first) - 1);
	rig_pass(&rig, SEC(1));
	for (; size; data += taken, size -= taken) {
		ran = mux_runs(rig.modem);
		rig_clear(&rig);
		taken = step(data, size);
		if (ran && mux_runs(rig.modem) && rig.len < sizeof(rig.out) / 2)
			check_frames();
	}
	rig_pass(&rig, SEC(600));
	rig_free(&rig);
	return 0;
}
