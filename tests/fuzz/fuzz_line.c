/* Exercises the whole modem with arbitrary bytes on its port: at/line, parse, run, reply,
 * urc and every handler, link/download. Some bytes are actions from outside instead:
 *
 *	0xff  20 s pass		0xfe  the client closes and reopens the port
 *	0xfd  power off and on
 *
 * Whatever comes, each line is completed, and the modem's output is well-formed as long
 * as nothing has changed the form of answers. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at/run.h"
#include "link/link.h"
#include "rig.h"
#include "state/modem_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct profile *profile;
static struct rig rig;
static bool plain; /* all output so far has the usual form */

static void look(void)
{
	const struct channel *ch = channel_of_port(rig.modem, 0);
	const struct port_settings *s = &ch->set;

	if (s->echo || !s->verbose || s->s3 != '\r' || s->s4 != '\n' ||
		ch->link->mode != LINK_COMMAND)
		plain = false;
}

static void on_notice(struct rig *r, const struct notice *n)
{
	/* held lines run one after another: each result is checked */
	if (r->modem)
		look();
	/* a header error sends its own bytes */
	if (n->kind == NOTICE_DOWNLOAD)
		plain = false;
}

/* Checks for CR LF and lines of printable characters, each ended with CR LF. */
static void check_blocks(const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end) {
		if (end - p < 4 || p[0] != '\r' || p[1] != '\n' || p[2] == '\r')
			abort();
		for (p += 2; p < end && *p != '\r';) {
			for (; p < end && *p >= ' ' && *p < 0x7f; p++)
				;
			if (end - p < 2 || p[0] != '\r' || p[1] != '\n')
				abort();
			p += 2;
		}
	}
}

static void play(uint8_t byte)
{
	switch (byte) {
	case 0xff:
		rig_pass(&rig, SEC(20));
		break;
	case 0xfe:
		modem_dtr(rig.modem, 0, rig.now, false);
		modem_dtr(rig.modem, 0, rig.now, true);
		break;
	case 0xfd:
		modem_power(rig.modem, rig.now, false);
		modem_power(rig.modem, rig.now, true);
		break;
	default:
		rig_type(&rig, &byte, 1);
		break;
	}
	look();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char first[] = "ATE0&W\r";
	const struct channel *ch;
	size_t i;

	if (!profile)
		profile = rig_profile("fastrack-supreme-20-r74");
	if (size > 4096)
		return 0;
	rig_init(&rig, profile);
	rig.notify = on_notice;
	ch = channel_of_port(rig.modem, 0);
	rig_boot(&rig);
	rig_type(&rig, first, sizeof(first) - 1);
	rig_pass(&rig, SEC(1));
	rig_clear(&rig);
	plain = true;
	for (i = 0; i < size; i++) {
		play(data[i]);
		/* complete answers only: a truncated one cannot be checked */
		if (rig.len > sizeof(rig.out) / 2)
			plain = false;
	}
	/* what was started is completed, however many lines were typed ahead */
	for (i = 0; i < 600 && (ch->at->running || ch->link->held.len); i++)
		rig_pass(&rig, SEC(60));
	if (ch->at->running || ch->link->held.len)
		abort();
	look();
	if (plain)
		check_blocks(rig.out, rig.len);
	rig_free(&rig);
	return 0;
}
