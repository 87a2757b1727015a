/* +WOPEN and +WOPENRES: the Open AT application (download.md +WOPEN). */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/tables.h"
#include "chapters/boot/boot.h"
#include "chapters/boot/lines.h"
#include "chapters/wavecom/wavecom.h"
#include "state/application.h"
#include "state/modem_state.h"
#include "state/nv.h"

/* OK comes a few seconds later (field-bugs.md dwl-binary-allocation-error-r752). */
#define ERASE_TIME SEC(3)

enum wopen_mode {
	WOPEN_STOP,
	WOPEN_START,
	WOPEN_VERSIONS,
	WOPEN_ERASE_OBJECTS,
	WOPEN_ERASE,
	WOPEN_SUSPEND,
	WOPEN_SIZE,
	WOPEN_STATE,
	WOPEN_SAFE_BOOT,
	WOPEN_VOLUME, /* since 7.5x */
};

static bool version_fits(const struct modem *m)
{
	return library_fits(m->fw->open_at.text, m->flash.app_library);
}

static bool running(const struct modem *m)
{
	return application_state(m) == APPLICATION_RUNS && !m->s.app_suspended;
}

bool open_at_crashes(const struct modem *m)
{
	return m->flash.app_fault == APP_CRASHES &&
	       application_state(m) == APPLICATION_RUNS;
}

#define CRASH SEC(8) /* from +WIND: 3 to the reset; with the boot 10 s */

/* boot.md Observed boots: +WIND: 3 about every 10 s, and commands that get OK but have no
 * effect; field-bugs.md boot-wind3-reset-loop-after-app-start: for a moment AT+WOPEN=0
 * still works. */
void open_at_crash(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (!open_at_crashes(m) || m->power == POWER_DOWN)
		return;
	if (m->scope == AT_SCOPE_HOLLOW) {
		session_restart(m);
		return;
	}
	m->scope = AT_SCOPE_HOLLOW;
	timer_arm(&m->sched, &m->s.app_crash, CRASH - OPEN_AT_WINDOW);
}

void open_at_interrupt(struct modem *m)
{
	if (!m->s.app_suspended)
		return;
	m->s.app_suspended = false;
	boot_lines(m); /* what it would have said meanwhile */
}

static int store_mode(struct modem *m, int mode)
{
	if (m->open_at.mode == mode)
		return AT_OK;
	m->open_at.mode = mode;
	return nv_save_open_at(m) ? AT_OK : AT_CME(CME_MEMORY);
}

static int stop_app(struct modem *m)
{
	bool ran = application_state(m) == APPLICATION_RUNS;
	int result = store_mode(m, 0);

	if (result == AT_OK && ran)
		boot_reset(m);
	return result;
}

static int start_app(struct modem *m)
{
	bool ran = application_state(m) == APPLICATION_RUNS;
	int result;

	if (m->flash.app_present && !version_fits(m))
		return AT_CME(CME_APP_VERSION);
	result = store_mode(m, 1);
	if (result == AT_OK && !ran && m->flash.app_present)
		boot_reset(m);
	return result;
}

static int tell_versions(struct channel *ch)
{
	struct modem *m = ch->modem;

	if (m->flash.app_present)
		at_info(ch, "+WOPEN: 2,\"%s\",\"%s\"", m->fw->open_at.text,
			m->flash.app_library);
	else
		at_info(ch, "+WOPEN: 2,\"%s\"", m->fw->open_at.text);
	return AT_OK;
}

/* CME 548 if there is nothing to erase, and on one firmware even after an erase. */
static int erase_objects(struct modem *m)
{
	bool erased;

	if (application_state(m) == APPLICATION_RUNS)
		return AT_CME(CME_APP_RUNNING);
	erased = flash_erase_objects(&m->flash);
	if (firmware_has(m->fw, QUIRK_WOPEN3_548))
		return AT_CME(CME_NO_OBJECTS);
	if (!erased && firmware_has(m->fw, QUIRK_WOPEN3_EMPTY_548))
		return AT_CME(CME_NO_OBJECTS);
	return AT_OK;
}

static int erase_app(struct channel *ch)
{
	struct modem *m = ch->modem;

	if (application_state(m) == APPLICATION_RUNS)
		return AT_CME(CME_APP_RUNNING);
	if (!m->flash.app_present)
		return AT_CME(CME_NOT_ALLOWED);
	at_wait(ch, ERASE_TIME, TIMER_OWN);
	return AT_PENDING;
}

/* The sectors are erased; nothing interrupts that. */
static int erased_app(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;

	(void)c;
	(void)why;
	return flash_erase_app(&m->flash) ? AT_OK : AT_CME(CME_MEMORY);
}

static int suspend(struct modem *m)
{
	if (!running(m))
		return AT_CME(CME_NOT_ALLOWED);
	m->s.app_suspended = true;
	return AT_OK;
}

/* True if the application in flash still fits; inferred. */
static bool leaves_room(const struct modem *m, int ad_size)
{
	return m->flash.app_size <= (uint32_t)(m->fw->wopen.total - ad_size) * 1024;
}

/* Sizes are rounded up to 64 KB sectors; a change formats the A&D volume and resets. */
static int resize(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct firmware *f = m->fw;
	int size;

	if (at_given(c, 1)) {
		size = (c->arg[1].num + 63) / 64 * 64;
		if (c->arg[1].num < f->wopen.ad_min || c->arg[1].num > f->wopen.ad_max)
			return AT_CME(CME_NOT_ALLOWED);
		if (size > f->wopen.ad_max || !leaves_room(m, size))
			return AT_CME(CME_NO_RESIZE);
		if (size != m->open_at.ad_size) {
			m->open_at.ad_size = size;
			if (!nv_save_open_at(m))
				return AT_CME(CME_MEMORY);
			boot_reset(m);
		}
	}
	at_info(ch, "+WOPEN: 6,%d,%d", m->open_at.ad_size,
		f->wopen.total - m->open_at.ad_size);
	return AT_OK;
}

static int safe_boot(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	size_t i;

	if (at_given(c, 1)) {
		for (i = 1; i < 4; i++)
			if (at_given(c, i) && c->arg[i].num > (i == 1 ? 1 : 24))
				return AT_CME(CME_NOT_ALLOWED);
		m->open_at.safe_boot = c->arg[1].num;
		if (at_given(c, 2))
			m->open_at.key1 = c->arg[2].num;
		if (at_given(c, 3))
			m->open_at.key2 = c->arg[3].num;
		if (!nv_save_open_at(m))
			return AT_CME(CME_MEMORY);
	}
	if (m->open_at.safe_boot)
		at_info(ch, "+WOPEN: 8,1,%d,%d", m->open_at.key1, m->open_at.key2);
	else
		at_info(ch, "+WOPEN: 8,0");
	return AT_OK;
}

/* S000293I p. 133: without Safe Boot only the range of modes is listed. */
static int tell_ranges(struct channel *ch)
{
	struct modem *m = ch->modem;

	if (!at_values_allow(m->fw->wopen.modes, WOPEN_SAFE_BOOT)) {
		at_info(ch, "+WOPEN: (%s)", m->fw->wopen.modes);
		return AT_OK;
	}
	at_info(ch, "+WOPEN: (%s),(%d-%d),(0-24),(0-24)", m->fw->wopen.modes,
		m->fw->wopen.ad_min, m->fw->wopen.ad_max);
	return AT_OK;
}

/* field-bugs.md stab-cme-536-515-survives-reset, Identity of R7: seen on an SL6087 with
 * 7.52; no source says what the 0 means. */
static int tell_volume(struct channel *ch)
{
	struct modem *m = ch->modem;

	at_info(ch, "+WOPEN: 9,0,%d", m->fw->wopen.total - m->open_at.ad_size);
	return AT_OK;
}

static int run_wopen(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int mode = c->arg[0].num;

	if (c->form == AT_TEST)
		return tell_ranges(ch);
	if (c->form == AT_READ) {
		/* GDW-11 p. 203 */
		at_info(ch, "+WOPEN: %d",
			m->s.app_suspended ? WOPEN_SUSPEND : m->open_at.mode);
		return AT_OK;
	}
	if (!at_values_allow(m->fw->wopen.modes, mode))
		return AT_CME(CME_NOT_ALLOWED);
	if ((mode == WOPEN_SIZE || mode == WOPEN_VOLUME) &&
		firmware_has(m->fw, QUIRK_WOPEN_SIZES_BROKEN))
		return AT_ERROR;
	switch ((enum wopen_mode)mode) {
	case WOPEN_STOP:
		return stop_app(m);
	case WOPEN_START:
		return start_app(m);
	case WOPEN_VERSIONS:
		return tell_versions(ch);
	case WOPEN_ERASE_OBJECTS:
		return erase_objects(m);
	case WOPEN_ERASE:
		return erase_app(ch);
	case WOPEN_SUSPEND:
		return suspend(m);
	case WOPEN_SIZE:
		return resize(ch, c);
	case WOPEN_STATE:
		at_info(ch, "+WOPEN: 7,%d", application_state(m));
		return AT_OK;
	case WOPEN_SAFE_BOOT:
		return safe_boot(ch, c);
	case WOPEN_VOLUME:
		return tell_volume(ch);
	}
	return AT_CME(CME_NOT_ALLOWED);
}

static int run_wopenres(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	if (!m->s.app_suspended)
		return AT_CME(CME_NOT_ALLOWED);
	open_at_interrupt(m);
	return AT_OK;
}

/* UGD_049 vol. 1, 5.2.4 */
static bool factory_wopen(struct modem *m)
{
	m->open_at.mode = m->open_at.safe_boot = 0;
	m->open_at.key1 = m->open_at.key2 = 0;
	m->open_at.ad_size = m->fw->wopen.ad_default;
	return nv_save_open_at(m);
}

static void deliver_wopen(struct modem *m, int mode)
{
	m->open_at.mode = mode;
}

const struct at_cmd at_cmds_open_at[] = {
	{ .name = "+WOPEN",
		.own = AT_EEF,
		.own_value = "0",
		.factory = factory_wopen,
		.deliver = deliver_wopen,
		.delivers = "(0,1)",
		.see = "download.md +WOPEN; GDW-11 p. 203",
		.forms = AT_SRT,
		.run = run_wopen,
		.more = erased_app,
		.test_by_run = true,
		.param = { { "mode", AT_INT, "(0-9)", 0 },
			{ "size", AT_INT, "(0-16384)", 0, .optional = true },
			{ "key1", AT_INT, "(0-24)", 0, .optional = true },
			{ "key2", AT_INT, "(0-24)", 0, .optional = true } } },
	{ .name = "+WOPENRES",
		.see = "download.md +WOPENRES",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_wopenres },
	{ 0 },
};
