/* Times of the boot script, from power or reset (struct boot_times):
 *
 *   0      rack   sim         ready                 network       files
 *   |------|------|-----------|---------------------|-------------|----------->
 *   mute   13/14  0/1         3, UART open, search  7, +CREG      16 4 10 11
 *
 * `network` and +CREG come from gsm/net.c. `files` comes only if the SIM is unlocked;
 * after a PIN entry its time counts from there. Without a firmware +WDWL is sent at
 * `ready` and repeated. */
#include "chapters/boot/boot.h"

#include <stddef.h>
#include <string.h>

#include "at/chapter.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/boot/lines.h"
#include "link/link.h"
#include "link/mux.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define AD_SECTOR 64 /* KB */

/* field-bugs.md dwl-boot-pin-window: the byte of the boot loader's stream, and how often
 * pieces of it are sent. */
#define BOOT_BYTE   0xFC
#define BOOT_RATE   115200      /* with AT+IPR=0 */
#define BOOT_PORT   MODEM_UART1 /* that no other port speaks then is inferred */
#define BOOT_PIECE  MS(20)
#define BOOT_PIECES 500 /* baud for one byte per piece: a byte has ten bits */

static void notify_sim(struct modem *m)
{
	modem_notify(m, NOTICE_SIM, sim_state_name(&m->sim), 0);
}

static void set_power(struct modem *m, enum power_state power)
{
	if (m->power == power)
		return;
	m->power = power;
	modem_notify(m, NOTICE_POWER, name_of(power_names, power), (long)power);
}

/* A firmware that cannot run sends only this text and leaves the port's control lines
 * off. That it comes once a second, and first when +WIND: 3 would, is inferred. */
static void fault_text(void *ctx, usec_t now)
{
	static const char text[] = "Fault 04 00000000 !\r\n";
	struct modem *m = ctx;
	struct channel *ch = channel_of_port(m, BOOT_PORT);

	(void)now;
	set_power(m, POWER_FAULT);
	if (link_room(ch) >= sizeof(text) - 1)
		link_send(ch, text, sizeof(text) - 1);
	timer_arm(&m->sched, &m->s.fault_text, SEC(1));
}

static const struct firmware *downloader(const struct modem *m)
{
	return profile_at(m->profile, m->flash.downloader);
}

/* the stages of the boot */

static void rack(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	int event = m->sim.rack_closed ? 13 : 14;

	(void)now;
	if (m->profile->device.rack)
		at_wind(m, event, "%d", event);
}

static void sim_found(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	int event = sim_state(&m->sim) == SIM_ABSENT ? 0 : 1;

	(void)now;
	at_wind(m, event, "%d", event);
}

static void initialised(struct modem *m)
{
	m->s.initialised = true;
	modem_notify(m, NOTICE_BOOT, "initialised", 0);
}

static void files(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	sim_loaded(&m->sim);
	notify_sim(m);
	at_wind(m, 16, "16");
	at_wind(m, 4, "4");
	initialised(m);
	boot_stage(m, STAGE_FILES);
	chapters_files(m);
}

static void exchanged(void *ctx, usec_t now)
{
	(void)now;
	at_wind(ctx, 4, "4");
}

/* download.md Restricted commands. That these values come unsolicited, and only from 6.x,
 * is inferred. */
static void no_firmware(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (downloader(m)->downloader.tells_status)
		at_urc(m, "+WDWL: %d", flash_broken_off(&m->flash) ? 1 : 2);
	else
		at_urc(m, "+WDWL");
	timer_arm(&m->sched, &m->s.no_firmware, downloader(m)->dwl.restricted_period);
}

static void ready(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	if (!m->fw) {
		m->scope = AT_SCOPE_NO_FIRMWARE;
		set_power(m, POWER_NO_FIRMWARE);
		no_firmware(ctx, now);
		return;
	}
	m->scope = AT_SCOPE_ALL;
	set_power(m, POWER_ON);
	sim_checked(&m->sim);
	notify_sim(m);
	if (m->open_at.formatted != m->open_at.ad_size) {
		m->open_at.formatted = m->open_at.ad_size;
		nv_save_open_at(m);
	}
	at_wind(m, 3, "3");
	boot_stage(m, STAGE_READY);
	chapters_ready(m);
	net_select(&m->net, m->selection.mode, m->selection.plmn);
	net_sim(&m->net, sim_open(&m->sim) ? m->sim.card : NULL);
	if (sim_open(&m->sim) || !firmware_has(m->fw, QUIRK_SEARCH_AFTER_PIN))
		net_start(&m->net, &m->fw->net, band_set(m->band),
			m->fw->boot.network - m->fw->boot.ready);
	if (sim_open(&m->sim))
		timer_arm(&m->sched, &m->s.files, m->fw->boot.files - m->fw->boot.ready);
	else
		initialised(m);
}

/* Safe Boot: both of its keys are held down (that both are needed is inferred). */
static bool safe_keys(const struct modem *m)
{
	uint32_t keys = 1u << m->open_at.key1 | 1u << m->open_at.key2;

	return m->open_at.safe_boot && (m->keys & keys) == keys;
}

/* starting */

/* What a new firmware resets in memory at its first boot. The flag in flash is cleared
 * last: after a power cut all of it is done again. */
static void apply_install(struct modem *m)
{
	unsigned items = flash_install_items(&m->flash);

	if (items & INSTALL_WOPEN)
		m->open_at.mode = m->open_at.safe_boot = m->open_at.key1 =
			m->open_at.key2 = 0;
	if (items & INSTALL_AD_SIZE)
		m->open_at.ad_size = m->fw->wopen.ad_default;
	if (items & INSTALL_AD_VOLUME)
		m->open_at.formatted = 0;
	books_forget(&m->books, items);
	at_store_install(m, items);
	if (items && (!at_settings_save(m) || !nv_save_open_at(m) || !nv_save_books(m)))
		return;
	flash_install_done(&m->flash);
}

/* The count costs a record, so it is saved only if a field bug may need it. */
static void count_boot(struct modem *m)
{
	m->boots++;
	if (m->faults.of_bug)
		nv_save_boots(m);
}

/* After a change of its size the volume is formatted first, sector by sector; after a
 * power cut formatting starts again. */
static usec_t format_time(const struct modem *m)
{
	if (!m->fw || m->open_at.formatted == m->open_at.ad_size)
		return 0;
	return m->open_at.ad_size / AD_SECTOR * m->fw->boot.format;
}

/* Starts the firmware, or the downloader if there is none. */
static void begin(struct modem *m)
{
	const struct boot_times *t = m->fw ? &m->fw->boot : &downloader(m)->boot;

	set_power(m, POWER_MUTE);
	if (flash_lacks_dota(&m->flash)) {
		timer_arm(&m->sched, &m->s.fault_text, t->ready);
		return;
	}
	timer_arm(&m->sched, &m->s.ready, t->ready + format_time(m));
	if (!m->fw)
		return;
	boot_stage(m, STAGE_POWER);
	m->sim.rack_ignored = !m->live.drawer_watched;
	sim_power(&m->sim, true);
	boot_cyclic(m);
	timer_arm(&m->sched, &m->s.rack, t->rack);
	timer_arm(&m->sched, &m->s.sim_checked, t->sim);
}

static size_t boot_rate(const struct modem *m)
{
	int speed = channel_of_port(m, BOOT_PORT)->set.speed;

	return speed ? (size_t)speed : BOOT_RATE;
}

static void boot_stream_later(struct modem *m)
{
	size_t rate = boot_rate(m);

	timer_arm(&m->sched, &m->s.boot_stream,
		rate >= BOOT_PIECES ? BOOT_PIECE : SEC(10) / rate);
}

/* The boot loader repeats one byte without a pause, as fast as the line allows; it looks
 * for the maker's tool, whose protocol is unknown. Some units give up after a moment. */
static void boot_stream(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	size_t rate = boot_rate(m);
	size_t n = rate >= BOOT_PIECES ? rate / BOOT_PIECES : 1;
	struct channel *ch = channel_of_port(m, BOOT_PORT);
	unsigned char byte = BOOT_BYTE;

	(void)now;
	for (; n && link_room(ch); n--)
		link_send(ch, &byte, 1);
	boot_stream_later(m);
}

static void boot_window_over(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	timer_stop(&m->sched, &m->s.boot_stream);
	begin(m);
}

/* Ends all that power-on, reset and power-off end; what remains is in records or outside
 * the modem. */
static void stop_all(struct modem *m)
{
	downloads_stop(m);
	chapters_stop(m);
	session_clear(m);
}

static void start(struct modem *m)
{
	const struct fault_subject how = { .text = m->power == POWER_OFF ? "power"
									 : "reset" };

	set_power(m, POWER_MUTE);
	stop_all(m);
	flash_boot(&m->flash);
	m->fw = flash_firmware(&m->flash);
	if (m->fw && !flash_lacks_dota(&m->flash))
		apply_install(m);
	at_store_boot(m);
	m->band = m->live.band;
	m->s.safe_booted = safe_keys(m);
	m->s.functionality = 1;
	link_restart(m);
	at_reset(m, AT_SCOPE_MUTE);
	chapters_start(m);
	count_boot(m);
	modem_notify(m, NOTICE_BOOT, m->fw ? m->fw->name : "no firmware", 0);
	if (m->boot_pin) {
		set_power(m, POWER_BOOT_PIN);
		boot_stream_later(m);
		if (m->profile->device.boot_window)
			timer_arm(&m->sched, &m->s.boot_window,
				m->profile->device.boot_window);
	} else {
		begin(m);
	}
	m->taps->place(m, FAULT_AT_BOOT, &how);
}

void boot_cyclic(struct modem *m)
{
	timer_stop(&m->sched, &m->s.cyclic);
	if (m->live.reset_cyclic && m->live.reset_delay)
		timer_arm(&m->sched, &m->s.cyclic, SEC(60) * (usec_t)m->live.reset_delay);
}

static void restart(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (m->s.halting) {
		boot_power(m, false);
		set_power(m, POWER_DOWN);
		return;
	}
	start(m);
}

void boot_init(struct modem *m)
{
	struct session *s = &m->s;

	timer_init(&s->rack, "SIM rack", TIMER_OWN, rack, m);
	timer_init(&s->sim_checked, "SIM detection", TIMER_OWN, sim_found, m);
	timer_init(&s->ready, "firmware start", TIMER_OWN, ready, m);
	timer_init(&s->files, "SIM files", TIMER_OWN, files, m);
	timer_init(&s->exchange, "exchange of SM and FD", TIMER_OWN, exchanged, m);
	timer_init(&s->restart, "reset", TIMER_OWN, restart, m);
	timer_init(&s->cyclic, "cyclic reset", TIMER_DATE, restart, m);
	timer_init(&s->fault_text, "Fault 04", TIMER_WAIT, fault_text, m);
	timer_init(&s->no_firmware, "call for a download", TIMER_WAIT, no_firmware, m);
	timer_init(&s->boot_stream, "boot loader", TIMER_WAIT, boot_stream, m);
	boot_lines_init(m);
	timer_init(&s->boot_window, "boot pin", TIMER_OWN, boot_window_over, m);
}

void boot_power(struct modem *m, bool on)
{
	if (on) {
		start(m);
		return;
	}
	set_power(m, POWER_OFF);
	stop_all(m);
	at_reset(m, AT_SCOPE_MUTE);
}

void boot_reset(struct modem *m)
{
	const struct firmware *f = m->fw ? m->fw : downloader(m);

	downloads_stop(m);
	mux_keep(m);
	timer_arm(&m->sched, &m->s.restart, f->dwl.reset);
}

int boot_stop(struct modem *m, int functionality)
{
	m->s.functionality = functionality;
	timer_stop(&m->sched, &m->s.files);
	calls_release(&m->calls, CAUSE_NORMAL);
	net_stop(&m->net);
	if (functionality == 0) {
		sim_power(&m->sim, false);
		notify_sim(m);
		set_power(m, POWER_STOPPED);
	}
	return AT_OK;
}

int boot_resume(struct modem *m)
{
	if (m->s.functionality == 1)
		return AT_OK;
	m->s.functionality = 1;
	set_power(m, POWER_ON);
	if (sim_state(&m->sim) == SIM_OFF) {
		sim_power(&m->sim, true);
		sim_checked(&m->sim);
		notify_sim(m);
	}
	net_sim(&m->net, sim_open(&m->sim) ? m->sim.card : NULL);
	net_start(&m->net, &m->fw->net, band_set(m->band), m->fw->net.search);
	if (sim_state(&m->sim) == SIM_LOADING)
		timer_arm(&m->sched, &m->s.files, m->fw->boot.files_after_pin);
	return AT_OK;
}

/* The OK is sent first; the modem falls silent a moment later. */
void boot_down(struct modem *m)
{
	timer_stop(&m->sched, &m->s.cyclic);
	set_power(m, POWER_DOWN);
	/* the other end of a call or a socket learns it */
	chapters_stop(m);
}

int boot_functionality(const struct modem *m)
{
	return m->s.functionality;
}

void boot_sim_open(struct modem *m)
{
	notify_sim(m);
	m->s.initialised = false;
	net_sim(&m->net, m->sim.card);
	if (m->net.fsm.state == NET_OFF && m->s.functionality == 1)
		net_start(&m->net, &m->fw->net, band_set(m->band), m->fw->net.search);
	timer_arm(&m->sched, &m->s.files, m->fw->boot.files_after_pin);
}

void boot_books_exchanged(struct modem *m)
{
	timer_arm(&m->sched, &m->s.exchange, m->fw->boot.exchange);
}

void boot_download(struct modem *m)
{
	session_stop_timers(m);
	set_power(m, POWER_DOWNLOAD);
	chapters_stop(m);
	at_urc_clear(m);
	m->scope = AT_SCOPE_DOWNLOAD;
}

void boot_restricted(struct modem *m)
{
	m->scope = AT_SCOPE_NO_FIRMWARE;
	set_power(m, POWER_NO_FIRMWARE);
	if (!flash_firmware(&m->flash))
		timer_arm(&m->sched, &m->s.no_firmware,
			downloader(m)->dwl.restricted_period);
}
