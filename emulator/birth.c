/* Making a modem: its memory, its records, and who is told of what. */
#include <assert.h>
#include <string.h>

#include "at/chapter.h"
#include "at/kept.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/boot/boot.h"
#include "chapters/chapters.h"
#include "chapters/general/indicators.h"
#include "chapters/mux/mux.h"
#include "describe/describe.h"
#include "faults/faults.h"
#include "faults/gaps.h"
#include "faults/line.h"
#include "faults/rules.h"
#include "link/link.h"
#include "link/mux.h"
#include "modem.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/nv_unit.h"

static size_t round_up(size_t n)
{
	return (n + 63) & ~(size_t)63;
}

/* The memory of a modem: first what every modem writes, close together, then what only a
 * used modem needs (state/README.md). */
struct parts {
	size_t channels, at, link, books, cold, at_memory, link_memory, mux, end;
};

/* The multiplexer and the engines of its DLCs. */
struct mux_part {
	struct mux mux;
	struct {
		struct at_state at;
		struct at_memory memory;
	} dlc[MUX_DLCS];
};

static size_t step(size_t *end, size_t size)
{
	size_t at = *end;

	*end += round_up(size);
	return at;
}

static struct parts parts_of(const struct profile *p, unsigned ports)
{
	struct parts o = { .end = round_up(sizeof(struct modem)) };

	o.channels = step(&o.end, ports * sizeof(struct channel));
	o.at = step(&o.end, ports * sizeof(struct at_state));
	o.link = step(&o.end, ports * sizeof(struct link));
	o.books = step(&o.end, books_size(p));
	o.cold = step(&o.end, sizeof(struct cold));
	o.at_memory = step(&o.end, ports * sizeof(struct at_memory));
	o.link_memory = step(&o.end, ports * sizeof(struct link_memory));
	o.mux = step(&o.end, sizeof(struct mux_part));
	return o;
}

size_t modem_size(const struct profile *p, unsigned ports)
{
	assert(ports >= 1 && ports <= MODEM_PORTS);
	return parts_of(p, ports).end;
}

static void load_factory(struct modem *m)
{
	const struct profile *p = m->profile;
	const struct firmware *fw = profile_at(p, p->installed);
	size_t i;

	at_set_factory(fw->at, &m->user);
	for (i = 0; i < p->memories; i++)
		if (!at_kept_default(m, fw->at, p->memory[i].name, p->memory[i].value) &&
			!at_deliver(fw->at, m, p->memory[i].name, p->memory[i].value))
			log_warn(&m->log, LOG_NV,
				"the profile's memory has a value for %s that the "
				"firmware does not accept; fauxtrack check FILE lists "
				"the values it accepts",
				p->memory[i].name);
	m->open_at.ad_size = m->open_at.formatted = fw->wopen.ad_default;
}

static int store(void *ctx, const char *rec, const void *buf, size_t len)
{
	struct modem *m = ctx;
	const struct fault_rule *r = fault_find(m, FAULT_STORE, NULL);

	int status;

	if (r)
		return r->store.how == FAULT_STORE_LOSES ? 0 : -1;
	status = m->ports.nv.store ? m->ports.nv.store(m->ports.nv.ctx, rec, buf, len)
				   : 0;
	if (!status && strcmp(rec, "clock") != 0)
		nv_renew_clock(m, false);
	return status;
}

static long load(void *ctx, const char *rec, void *buf, size_t max)
{
	const struct modem *m = ctx;

	return m->ports.nv.load ? m->ports.nv.load(m->ports.nv.ctx, rec, buf, max)
				: NV_ABSENT;
}

static void damaged(void *ctx, const char *rec, const char *what, const char *holds)
{
	const struct modem *m = ctx;

	m->ports.nv.damaged(m->ports.nv.ctx, rec, what, holds);
}

/* All records are read before any of them takes effect: nothing is written when one is
 * damaged or the memory belongs to another device. */
static bool load_records(struct modem *m, const struct modem_options *options)
{
	bool good;

	if (!nv_load_device(m))
		return false;
	good = flash_load(&m->flash, &m->plain);
	m->fw = flash_firmware(&m->flash);
	good = at_settings_load(m) && good;
	if (!nv_load(m) || !good)
		return false;
	nv_compare_profile(m);
	nv_resume_clock(m, options->clock, options->clock_given);
	m->smsc.epoch = m->clock.world;
	if (m->plain && (!flash_store(&m->flash) || !at_settings_save(m)))
		return false;
	smsc_resume(&m->smsc, m->sms.last, SMS_STORES);
	return nv_complete(m);
}

static void cold_init(struct modem *m, struct cold *cold)
{
	m->cold = cold;
	m->faults.fault = cold->faults.fault;
	m->faults.added = cold->faults.added;
	m->faults.why = cold->faults.why;
	m->faults.spent = cold->faults.spent;
	m->added = cold->added;
	m->far_end.newest = cold->far_end;
}

/* The two ends of the way of IP packets. */
static bool pass_packet(void *ctx, enum packets_way way, const void *packet, size_t len)
{
	struct modem *m = ctx;

	if (way == PACKETS_TO_HOST)
		return ppp_packet(m, packet, len);
	if (m->ports.packet)
		m->ports.packet(m->ports.ctx, packet, len);
	return true;
}

/* The channel's own memory is set. */
static void channel_init(struct channel *ch)
{
	link_init(ch);
	download_init(ch);
	ch->link->takes = at_takes;
	ch->link->typed = at_typed;
	ch->link->download.typed = at_rx;
	ch->link->download.refused = boot_restricted;
	fault_line_init(ch);
}

static void make_dlc(struct channel *ch)
{
	struct mux_part *part = (struct mux_part *)ch->modem->mux;

	ch->at = &part->dlc[ch->dlci - 1].at;
	ch->at->memory = &part->dlc[ch->dlci - 1].memory;
	ch->link->carrier = &mux_carrier;
	channel_init(ch);
	at_channel_init(ch);
	chapters_open(ch);
}

static void close_dlc(struct channel *ch)
{
	at_channel_stop(ch);
	chapters_close(ch);
}

static const struct mux_user mux_user = {
	.make = make_dlc,
	.close = close_dlc,
	.dtr = at_dlc_dtr,
	.ended = at_mux_ended,
};

static void channels_init(struct modem *m, const struct parts *o, unsigned ports)
{
	char *mem = (char *)m;
	struct channel *ch;
	unsigned i;

	m->channel = (struct channel *)(mem + o->channels);
	for (i = 0; i < ports; i++) {
		ch = &m->channel[i];
		*ch = (struct channel){
			.modem = m, .port = i, .next = i + 1 < ports ? ch + 1 : NULL
		};
		ch->at = (struct at_state *)(mem + o->at) + i;
		ch->at->memory = (struct at_memory *)(mem + o->at_memory) + i;
		ch->link = (struct link *)(mem + o->link) + i;
		ch->link->memory = (struct link_memory *)(mem + o->link_memory) + i;
		channel_init(ch);
	}
	m->channels = ports;
}

struct modem *modem_init(void *mem, const struct profile *profile,
	const struct ports *ports, const struct modem_options *options)
{
	unsigned n = options->ports ? options->ports : 1;
	const struct parts o = parts_of(profile, n);
	struct modem *m = mem;
	struct channel *ch;
	size_t i;

	m->profile = profile;
	m->numbers = options->numbers ? *options->numbers : unit_numbers_of(profile);
	m->chapters = chapters;
	m->taps = &fault_taps;
	m->mux_user = &mux_user;
	m->mux = (struct mux *)((char *)mem + o.mux);
	m->ports = *ports;
	m->memory = (struct nv_ops){
		.ctx = m,
		.load = load,
		.store = store,
		.damaged = ports->nv.damaged ? damaged : NULL,
	};
	m->log = options->log;
	sched_init(&m->sched, options->speed);
	m->sched.now = options->begin;
	m->sched.fired = at_indicate;
	m->sched.ctx = m;
	rand_init(&m->rand, options->seed ? options->seed : 1);
	channels_init(m, &o, n);
	cold_init(m, (struct cold *)((char *)mem + o.cold));
	packets_init(&m->packets, &m->cold->packets, &m->sched, &m->rand, pass_packet, m);
	at_init(m);
	m->garbles = profile->device.garbles;
	m->paces = profile->device.paces;
	books_init(&m->books, profile, m->numbers.own, (char *)mem + o.books);
	chapters_init(m, options->clock);
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		chapters_open(ch);
	flash_init(&m->flash, profile, &m->memory, &m->log);
	load_factory(m);
	for (i = 0; i < options->n_images; i++)
		flash_bind(&m->flash, &options->images[i]);
	if (!load_records(m, options))
		return NULL;
	clock_restart(&m->clock);
	m->live = m->user.common;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		ch->set = m->user.port;
	faults_init(m, options->faults, options->n_faults, options->settles,
		fault_perform, modem_state);
	gaps_init(m, &options->sweep);
	fault_at(m, FAULT_AT_START, NULL);
	return m;
}
