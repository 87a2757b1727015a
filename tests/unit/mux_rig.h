/* A modem and a host that speaks 27.010 to it. */
#pragma once

#include "ask.h"

#include <stdlib.h>

#include "at/run.h"
#include "link/mux.h"
#include "modem.h"
#include "octets.h"
#include "state/modem_state.h"

/* Types bytes written as in mux.md: "F9 03 3F 01 1C F9". */
static inline void put(struct rig *r, const char *hex)
{
	uint8_t mem[256];

	rig_type(r, mem, octets_of(hex, mem));
}

/* A frame of the host; UA and DM are responses. */
static inline void frame(
	struct rig *r, uint8_t type, unsigned dlci, const void *info, size_t len)
{
	bool response = type == MUX_UA || type == MUX_DM;
	uint8_t mem[MUX_FRAME_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	mux_encode(&b, &(struct mux_frame){ type, (uint8_t)dlci, !response,
			       type != MUX_UIH && type != MUX_UI, len, info });
	rig_type(r, mem, b.len);
}

static inline void sabm(struct rig *r, unsigned dlci)
{
	frame(r, MUX_SABM, dlci, NULL, 0);
}

static inline void text(struct rig *r, unsigned dlci, const char *s)
{
	frame(r, MUX_UIH, dlci, s, strlen(s));
}

/* A control message of the host: its type octet and value. */
static inline void control(struct rig *r, uint8_t type, const void *value, size_t len)
{
	uint8_t mem[64];

	mem[0] = type;
	mem[1] = (uint8_t)(len << 1 | 1);
	if (len)
		memcpy(mem + 2, value, len);
	frame(r, MUX_UIH, 0, mem, len + 2);
}

static inline void msc(struct rig *r, unsigned dlci, uint8_t signals)
{
	const uint8_t value[] = { (uint8_t)(dlci << 2 | 3), signals };

	control(r, 0xe3, value, sizeof(value));
}

/* The output as bytes in hexadecimal digits. */
static inline void said(struct rig *r, const char *want)
{
	static char got[3 * sizeof(r->out) + 1];
	size_t i;

	got[0] = '\0';
	for (i = 0; i < r->len; i++)
		sprintf(got + 3 * i, "%02X ", (unsigned char)r->out[i]);
	if (i)
		got[3 * i - 1] = '\0';
	rig_clear(r);
	assert_string_equal(got, want);
}

/* Walks over the frames of the output; `each` is called with each. */
static inline void each_frame(
	struct rig *r, void (*each)(void *ctx, const struct mux_frame *f), void *ctx)
{
	struct mux_decoder d;
	size_t i;

	mux_decoder_init(&d, MUX_INFO_MAX);
	for (i = 0; i < r->len; i++)
		if (mux_decode(&d, (uint8_t)r->out[i]))
			each(ctx, &d.frame);
	assert_int_equal(d.faults, 0);
}

/* What it holds for one DLC. */
struct heard {
	unsigned dlci;
	char text[32768];
	size_t len;
	size_t longest; /* frame */
	int frames;
};

static inline void hear(void *ctx, const struct mux_frame *f)
{
	struct heard *h = ctx;

	if (f->dlci != h->dlci || f->type != MUX_UIH)
		return;
	if (h->len + f->len < sizeof(h->text)) {
		memcpy(h->text + h->len, f->info, f->len);
		h->len += f->len;
	}
	h->frames++;
	if (f->len > h->longest)
		h->longest = f->len;
	h->text[h->len] = '\0';
}

static inline struct heard *heard(struct rig *r, unsigned dlci)
{
	static struct heard h;

	h.dlci = dlci;
	h.len = h.longest = 0;
	h.frames = 0;
	h.text[0] = '\0';
	each_frame(r, hear, &h);
	return &h;
}

/* All that a DLC has said since rig_clear(). */
static inline void dlc_said(struct rig *r, unsigned dlci, const char *want)
{
	assert_string_equal(heard(r, dlci)->text, want);
}

/* Types a line at a DLC; its answer, and nothing at another. */
static inline void ask_dlc(
	struct rig *r, unsigned dlci, const char *line, const char *want)
{
	unsigned i;

	rig_clear(r);
	text(r, dlci, line);
	rig_pass(r, SEC(1));
	for (i = 1; i <= MUX_DLCS; i++)
		dlc_said(r, i, i == dlci ? want : "");
	rig_clear(r);
}

struct search {
	uint8_t type;
	unsigned dlci;
	int n;
};

static inline void count(void *ctx, const struct mux_frame *f)
{
	struct search *s = ctx;

	s->n += f->type == s->type && f->dlci == s->dlci;
}

/* How many frames of this type the output has. */
static inline int frames_of(struct rig *r, uint8_t type, unsigned dlci)
{
	struct search s = { type, dlci, 0 };

	each_frame(r, count, &s);
	return s.n;
}

/* The newest MSC about a DLC; 0: none. */
struct lines {
	unsigned dlci;
	uint8_t signals;
	int n;
};

static inline void look_at_msc(void *ctx, const struct mux_frame *f)
{
	struct lines *l = ctx;

	if (f->dlci || f->len != 4 || f->info[0] != 0xe3 || f->info[2] >> 2 != l->dlci)
		return;
	l->signals = f->info[3];
	l->n++;
}

static inline struct lines lines_of(struct rig *r, unsigned dlci)
{
	struct lines l = { dlci, 0, 0 };

	each_frame(r, look_at_msc, &l);
	return l;
}

/* Answers the MSCs of the modem that the output has. */
static inline void answer_msc(struct rig *r)
{
	struct lines l;
	unsigned i;

	for (i = 1; i <= MUX_DLCS; i++) {
		l = lines_of(r, i);
		if (l.n)
			control(r, 0xe1, (uint8_t[]){ (uint8_t)(i << 2 | 3), l.signals },
				2);
	}
	rig_clear(r);
}

/* Starts it with this command, and opens DLC 0. */
static inline void start_with(struct rig *r, const char *command)
{
	rig_say(r, "ATE0+WIND=0;+CMEE=1\r", SEC(1));
	rig_clear(r);
	rig_say(r, command, SEC(1));
	said(r, "0D 0A 4F 4B 0D 0A");
	sabm(r, 0);
	said(r, "F9 03 73 01 D7 F9");
}

/* ... and so many DLCs with DTR and RTS. */
static inline void start(struct rig *r, unsigned dlcs)
{
	unsigned i;

	start_with(r, "AT+CMUX=0\r");
	for (i = 1; i <= dlcs; i++) {
		sabm(r, i);
		msc(r, i, 0x0d);
	}
	rig_pass(r, MS(10));
	answer_msc(r);
}

#define MUX_TEST(name) cmocka_unit_test_setup_teardown(name, rig_begin, rig_end)
