/* The device: pins, audio, keys, its settings (wavecom.md, call.md). */
#include "at/chapter.h"

#include <string.h>

#include "at/at.h"
#include "chapters/device/device.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_hardware[], at_cmds_audio[], at_cmds_device[],
	at_cmds_ports[], at_cmds_refused[];

static const struct at_cmd *const rows[] = { at_cmds_hardware, at_cmds_audio,
	at_cmds_device, at_cmds_ports, at_cmds_refused, NULL };

static void init(struct modem *m, int64_t epoch)
{
	const struct device *device = &m->profile->device;

	(void)epoch;
	memcpy(m->adc, device->adc, sizeof(m->adc));
}

static void start(struct modem *m)
{
	at_pins_boot(m);
	m->s.echo_algorithm = m->live.echo_asked;
}

const struct chapter chapter_device = {
	.name = "device",
	.rows = rows,
	.init = init,
	.start = start,
};
