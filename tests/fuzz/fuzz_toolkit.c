/* Exercises a session of the SIM toolkit in a whole modem: gsm/toolkit, chapters/stk and
 * the prompt. A byte below 0x80 is typed; one from 0x80 on is a whole line, an action, or
 * time. The card has a step for each command, and every step leads to the next.
 *
 * Whatever comes, each line is completed, and time alone ends the session. */
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

static const char *const lines[] = { "AT+STGI=0\r", "AT+STGI=1\r", "AT+STGI=3\r",
	"AT+STGI=6\r", "AT+STGI=9\r", "AT+STIN?\r", "AT+STGR=0,1,1\r", "AT+STGR=0,1,2\r",
	"AT+STGR=0,1,3\r", "AT+STGR=0,1,4\r", "AT+STGR=0,1,6\r", "AT+STGR=0,1,9\r",
	"AT+STGR=0,2,1\r", "AT+STGR=1\r", "AT+STGR=2,1,\"k\"\r", "AT+STGR=2,1\r",
	"AT+STGR=3,1\r", "12\032", "\033", "AT+STGR=3,2\r", "AT+STGR=4,1\r",
	"AT+STGR=4,0\r", "AT+STGR=6,1,1\r", "AT+STGR=6,3\r", "AT+STGR=11,1\r",
	"AT+STGR=95\r", "AT+STGR=97\r", "AT+STGR=99\r", "AT+STSF=2,\"5FFFFFFF7F\",1,1\r",
	"AT+STSF=0\r", "AT+CFUN=1\r", "AT+CFUN=0\r", "ATH\r", "ATD123;\r" };

#define LINES (sizeof(lines) / sizeof(lines[0]))

static void put(char *out, size_t size, const char *text, int n)
{
	snprintf(out, size, "%s%d", text, n);
}

static void make_card(struct toolkit_conf *c)
{
	struct toolkit_item *item;
	struct toolkit_step *s;
	int i;

	strcpy(c->title, "Fuzz");
	c->think = MS(500);
	for (i = TOOLKIT_DISPLAY_TEXT; i < TOOLKIT_COMMANDS; i++) {
		s = &c->step[c->steps++];
		item = &c->menu.item[c->menu.n++];
		put(s->name, sizeof(s->name), "step", i);
		put(s->then, sizeof(s->then), "step", i + 1);
		put(s->fails, sizeof(s->fails), "step", i + 2);
		put(s->text, sizeof(s->text), "{1}\\n{2}", i);
		put(s->help, sizeof(s->help), "Help ", i);
		put(s->message, sizeof(s->message), "*10", i);
		put(s->number, sizeof(s->number), "012345", i);
		put(item->label, sizeof(item->label), "Item ", i);
		put(item->then, sizeof(item->then), "step", i);
		item->next = i;
		s->command = (enum toolkit_command)i;
		s->answer = i % 2 + 1;
		s->max = 4;
		s->user = TOOLKIT_BOTH;
		s->list.item[0] = *item;
		s->list.n = 1;
	}
	strcpy(c->menu.item[0].help, "Help");
}

static void play(uint8_t byte)
{
	size_t i = byte & 0x7f;

	if (byte < 0x80)
		rig_type(&rig, &byte, 1);
	else if (i < LINES)
		rig_type(&rig, lines[i], strlen(lines[i]));
	else if (i < 0x70)
		toolkit_order(&rig.modem->toolkit,
			&profile->sim.toolkit.step[i % profile->sim.toolkit.steps]);
	else if (i == 0x70)
		toolkit_end(&rig.modem->toolkit);
	else
		rig_pass(&rig, SEC(i - 0x70));
	rig_clear(&rig);
}

static bool busy(const struct channel *ch)
{
	return ch->at->running || ch->link->held.len ||
	       toolkit_state(&rig.modem->toolkit) > TOOLKIT_IDLE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char first[] = "ATE0\rAT+STSF=1\rAT+CFUN=1\r";
	const struct channel *ch;
	size_t i;

	if (!profile) {
		profile = rig_profile("fastrack-supreme-20-r74");
		make_card(&profile->sim.toolkit);
	}
	if (size > 1024)
		return 0;
	rig_init(&rig, profile);
	ch = channel_of_port(rig.modem, 0);
	rig_boot(&rig);
	rig_type(&rig, first, sizeof(first) - 1);
	rig_pass(&rig, SEC(20));
	if (toolkit_state(&rig.modem->toolkit) != TOOLKIT_IDLE)
		abort();
	for (i = 0; i < size; i++)
		play(data[i]);
	/* a line, or a text, may be half typed */
	rig_type(&rig, "\r\033", 2);
	for (i = 0; i < 600 && busy(ch); i++)
		rig_pass(&rig, SEC(60));
	if (busy(ch))
		abort();
	rig_free(&rig);
	return 0;
}
