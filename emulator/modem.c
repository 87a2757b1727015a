/* The facade: memory, entry points, and the order of work within an entry. */
#include "modem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "actions/action.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/boot/boot.h"
#include "chapters/chapters.h"
#include "chapters/general/indicators.h"
#include "describe/describe.h"
#include "faults/faults.h"
#include "faults/gaps.h"
#include "faults/line.h"
#include "faults/rules.h"
#include "link/link.h"
#include "link/modes.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/nv_unit.h"

static size_t round_up(size_t n)
{
	return (n + 63) & ~(size_t)63;
}

size_t modem_size(const struct profile *p)
{
	return round_up(sizeof(struct modem)) + round_up(sizeof(struct at_state)) +
	       round_up(sizeof(struct link)) + round_up(books_size(p));
}

/* entries */

/* The OK of AT+CPOF=1 or AT+CFUN=1 is the last output; after it nothing more is heard. */
static void fall_silent(struct modem *m)
{
	if ((m->power == POWER_DOWN || session_restarting(m)) && !m->at->running)
		m->at->scope = AT_SCOPE_MUTE;
}

/* Passes received bytes to the engine as far as it takes them. Returns their number. */
static size_t feed(struct modem *m, const unsigned char *p, size_t len)
{
	size_t i = 0, taken;

	while (i < len) {
		/* what the previous byte has triggered */
		sched_run(&m->sched, m->sched.now);
		at_indicate(m);
		fall_silent(m);
		if (m->at->scope == AT_SCOPE_MUTE)
			return len;
		if (fault_line_deaf(m, p[i])) {
			i++;
			continue;
		}
		taken = link_rx(m, p + i, len - i);
		if (!taken)
			break;
		i += taken;
	}
	return i;
}

static void enter(struct modem *m, usec_t now)
{
	assert(!m->inside);
	m->inside = true;
	m->at->answered = m->at->prompted = false;
	sched_run(&m->sched, now);
}

/* V.24 outputs as set by &C, &S and the mode (line.md V.24 lines). */
static void update_lines(struct modem *m)
{
	bool on = m->power == POWER_ON || m->power == POWER_STOPPED ||
		  m->power == POWER_NO_FIRMWARE || m->power == POWER_DOWNLOAD;
	/* the carrier of an escaped call stays (line.md Escape sequence) */
	bool data = m->link->mode != LINK_COMMAND || m->link->data.on;
	bool stuck = fault_line_stuck(m);
	unsigned v24 = 0;

	if (on && stuck)
		fault_line_shows_stuck(m);
	if (on)
		v24 = (stuck ? 0u : (unsigned)V24_CTS) |
		      (!m->live.dcd || data ? V24_DCD : 0u) |
		      (!m->live.dsr || data ? V24_DSR : 0u) | (m->s.ri ? V24_RI : 0u);
	link_lines(m, v24, ~v24);
}

static void update_led(struct modem *m)
{
	enum led now = led_pattern(m->power, net_registered(&m->net),
		calls_any(&m->calls) || m->link->ppp.on);

	if (now == m->led)
		return;
	m->led = now;
	modem_notify(m, NOTICE_LED, name_of(led_names, (int)now), (long)now);
}

/* AT+IPR takes effect after its OK. */
static void settle_rate(struct modem *m)
{
	if (!m->at->running && !m->link->tx.len)
		m->link->rate = (unsigned)m->live.speed;
}

static void leave(struct modem *m)
{
	struct link *l = m->link;
	struct buf *held = &l->held;
	size_t taken, here;

	do {
		at_indicate(m);
		fall_silent(m);
		link_flush(m);
		at_room(m);
		at_urc_flush(m);
		m->at->stale = true;
		/* it has just arrived, unless some of it had to wait */
		m->at->fresh = m->paces && !l->waiting;
		here = held->len > l->flight ? held->len - l->flight : 0;
		taken = here ? feed(m, (unsigned char *)held->data, here) : 0;
		m->at->stale = m->at->fresh = false;
		/* a reset may have emptied it */
		buf_take(held, taken < held->len ? taken : held->len);
		if (l->flight > held->len)
			l->flight = held->len;
		l->waiting = held->len - l->flight;
	} while (taken);
	link_flush(m);
	settle_rate(m);
	update_lines(m);
	update_led(m);
	m->inside = false;
}

size_t modem_rx_room(const struct modem *m)
{
	return fault_line_stuck(m) ? 0 : buf_room(&m->link->held);
}

void modem_rx(struct modem *m, usec_t now, const void *buf, size_t len)
{
	unsigned char noise[sizeof(m->link->held_mem)];
	const unsigned char *p = buf;
	size_t taken = 0, heard;

	assert(len <= modem_rx_room(m));
	enter(m, now);
	if (m->link->unplugged)
		len = 0;
	if (len)
		link_blame_speed(m);
	if (link_garbles(m, true))
		p = link_noise(p, len, noise);
	heard = m->link->held.len;
	if (fault_line_heard(m, p, len)) {
		if (m->paces)
			link_take_off(m, m->link->held.len - heard);
	} else if (m->paces) {
		buf_put(&m->link->held, p, len);
		link_take_off(m, len);
	} else {
		m->at->fresh = true;
		if (!m->link->held.len)
			taken = feed(m, p, len);
		m->at->fresh = false;
		buf_put(&m->link->held, p + taken, len - taken);
	}
	leave(m);
}

void modem_tx_ready(struct modem *m, usec_t now)
{
	enter(m, now);
	leave(m);
}

void modem_dtr(struct modem *m, usec_t now, bool on)
{
	enter(m, now);
	if (!m->link->unplugged)
		at_dtr(m, on);
	leave(m);
}

void modem_line_speed(struct modem *m, usec_t now, unsigned baud)
{
	enter(m, now);
	m->link->baud = baud;
	modem_notify(m, NOTICE_SPEED, NULL, (long)baud);
	leave(m);
}

void modem_power(struct modem *m, usec_t now, bool on)
{
	enter(m, now);
	boot_power(m, on);
	leave(m);
}

const char *modem_act(struct modem *m, usec_t now, const struct action *a)
{
	char text[256];
	const char *why;

	enter(m, now);
	snprintf(text, sizeof(text), "%s%s%s", a->row->name, a->told ? " " : "",
		a->told ? a->told : "");
	modem_notify(m, NOTICE_ACTION, text, 0);
	why = a->row->apply(m, a->args);
	if (why)
		modem_notify(m, NOTICE_ACTION, "refused", 0);
	leave(m);
	return why;
}

void modem_speed(struct modem *m, usec_t now, unsigned speed)
{
	enter(m, now);
	sched_speed(&m->sched, speed);
	m->faults.settles = false;
	leave(m);
}

void modem_advance(struct modem *m, usec_t now)
{
	enter(m, now);
	leave(m);
}

usec_t modem_now(const struct modem *m)
{
	return m->sched.now;
}

usec_t modem_next(const struct modem *m)
{
	return sched_next(&m->sched);
}

usec_t modem_settle(struct modem *m, usec_t limit)
{
	usec_t end = m->sched.now + limit;
	usec_t next;

	assert(!m->inside);
	while ((next = sched_next_own(&m->sched)) <= end) {
		m->inside = true;
		sched_skip(&m->sched, next);
		leave(m);
	}
	return m->sched.now;
}

bool modem_line_done(const struct modem *m)
{
	return m->at->line_done || m->link->flight;
}

size_t modem_line_len(const struct modem *m, const void *buf, size_t len)
{
	const char *p = buf;
	size_t i;

	/* A/ is complete without S3 (V.250 5.2.4). */
	for (i = 0; i < len; i++)
		if (p[i] == (char)m->live.s3 || p[i] == '/')
			return i + 1;
	return len;
}

/* birth */

static void typed(struct modem *m, uint8_t byte)
{
	at_rx(m, byte);
}

static void load_factory(struct modem *m)
{
	const struct profile *p = m->profile;
	const struct firmware *fw = &p->firmware[p->installed];
	size_t i;

	at_set_factory(fw->at, &m->user);
	for (i = 0; i < p->memories; i++)
		if (!at_set_default(
			    fw->at, &m->user, p->memory[i].name, p->memory[i].value))
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
	status = m->ports.nv.store(m->ports.nv.ctx, rec, buf, len);
	if (!status && strcmp(rec, "clock") != 0)
		nv_renew_clock(m, false);
	return status;
}

static long load(void *ctx, const char *rec, void *buf, size_t max)
{
	const struct modem *m = ctx;

	return m->ports.nv.load(m->ports.nv.ctx, rec, buf, max);
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
	return nv_complete(m);
}

struct modem *modem_init(void *mem, const struct profile *profile,
	const struct ports *ports, const struct modem_options *options)
{
	struct modem *m = mem;
	char *behind = (char *)mem + round_up(sizeof(*m));
	size_t i;

	memset(mem, 0, modem_size(profile));
	m->profile = profile;
	m->chapters = chapters;
	m->taps = &fault_taps;
	m->ports = *ports;
	m->memory = (struct nv_ops){ m, load, store, ports->nv.damaged ? damaged : NULL };
	m->log = options->log;
	m->at = (struct at_state *)behind;
	m->link = (struct link *)(behind + round_up(sizeof(*m->at)));
	sched_init(&m->sched, options->speed);
	m->sched.now = options->begin;
	m->sched.fired = at_indicate;
	m->sched.ctx = m;
	rand_init(&m->rand, options->seed ? options->seed : 1);
	link_init(m);
	download_init(m);
	m->link->takes = at_takes;
	m->link->typed = at_typed;
	m->link->download.typed = typed;
	m->link->download.refused = boot_restricted;
	at_init(m);
	m->garbles = profile->device.garbles;
	m->paces = profile->device.paces;
	books_init(&m->books, profile, (char *)m->link + round_up(sizeof(*m->link)));
	chapters_init(m, options->clock);
	flash_init(&m->flash, profile, &m->memory, &m->log);
	load_factory(m);
	for (i = 0; i < options->n_images; i++)
		flash_bind(&m->flash, &options->images[i]);
	if (!load_records(m, options))
		return NULL;
	clock_restart(&m->clock);
	m->live = m->user;
	faults_init(m, options->faults, options->n_faults, options->settles,
		fault_perform, modem_state);
	fault_line_init(m);
	gaps_init(m, &options->sweep);
	fault_at(m, FAULT_AT_START, NULL);
	return m;
}

int64_t modem_epoch(const struct modem *m)
{
	return m->clock.world;
}

void modem_close(struct modem *m, usec_t now)
{
	/* nobody is left to receive what timers due in the meantime would report */
	if (now > m->sched.now)
		m->sched.now = now;
	nv_renew_clock(m, true);
}

/* looking in */

void modem_nv_dump(const struct modem *m, struct buf *out)
{
	flash_dump(&m->flash, out);
	at_settings_dump(m, out);
	nv_dump(m, out);
}
