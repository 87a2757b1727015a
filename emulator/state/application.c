/* Open AT applications: which there are, and which one runs. */
#include "state/application.h"

#include <assert.h>
#include <string.h>

#include "state/modem_state.h"

const struct name provides_names[] = {
	{ PROVIDES_WIP, "wip", "WIPsoft: the +WIP commands" },
	{ 0, NULL, NULL },
};

const struct name application_life_names[] = {
	{ LIFE_RUNNING, "running", "AT+WOPEN? is 1" },
	{ LIFE_SUSPENDED, "suspended", "AT+WOPEN=5 has suspended it" },
	{ 0, NULL, NULL },
};

const struct name app_fault_names[] = {
	{ APP_SOUND, "none", "it runs" },
	{ APP_BAD_CHECKSUM, "bad-checksum", "AT+WOPEN=7 is 2" },
	{ APP_BAD_HEADER, "bad-header", "AT+WOPEN=7 is 3" },
	{ APP_TASKS, "too-many-tasks", "AT+WOPEN=7 is 5" },
	{ APP_INIT, "bad-init", "AT+WOPEN=7 is 6" },
	{ APP_ENTRY, "bad-entry", "AT+WOPEN=7 is 7" },
	{ APP_LINK, "link", "AT+WOPEN=7 is 8" },
	{ APP_MEMORY, "memory", "AT+WOPEN=7 is 9" },
	{ APP_CRASHES, "crashes", "it starts and crashes again and again" },
	{ 0, NULL, NULL },
};

/* ---- the shelf --------------------------------------------------------------------- */

static struct application_slot *slot_read(const struct profile *p, size_t i)
{
	struct application_slot *slot = &p->applications->slot[i];

	if (slot->state == FIRMWARE_UNREAD)
		p->applications->read(p->applications, i);
	assert(slot->state != FIRMWARE_UNREAD);
	return slot;
}

static struct application_slot *slot_named(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; p->applications && i < p->applications->n; i++)
		if (!strcmp(p->applications->slot[i].name, name))
			return slot_read(p, i);
	return NULL;
}

const struct application *profile_application(const struct profile *p, const char *name)
{
	const struct application_slot *slot = *name ? slot_named(p, name) : NULL;

	return slot ? slot->is : NULL;
}

const char *profile_application_flaw(const struct profile *p, const char *name)
{
	const struct application_slot *slot = slot_named(p, name);

	return slot ? slot->flaw : NULL;
}

const struct application *profile_application_nth(const struct profile *p, size_t i)
{
	const struct application *a;
	size_t k;

	for (k = 0; p->applications && k < p->applications->n; k++) {
		a = slot_read(p, k)->is;
		if (a && !i--)
			return a;
	}
	return NULL;
}

/* ---- the one in flash -------------------------------------------------------------- */

bool library_fits(const char *own, const char *app)
{
	own = strchr(own, 'v');
	app = strchr(app, 'v');
	return own && app && !strncmp(own, app, 3);
}

int application_state(const struct modem *m)
{
	const struct flash *f = &m->flash;

	if (!m->open_at.mode)
		return APPLICATION_NOT_STARTED;
	if (!f->app_present)
		return APPLICATION_ABSENT;
	if (f->app_fault != APP_SOUND && f->app_fault != APP_CRASHES)
		return (int)f->app_fault;
	if (!m->fw || !library_fits(m->fw->open_at.text, f->app_library))
		return APPLICATION_MISFITS;
	return m->s.safe_booted ? APPLICATION_SAFE_BOOT : APPLICATION_RUNS;
}

/* Set at +WIND: 3, until the restart. */
static bool started(const struct modem *m)
{
	return m->s.app_started && (m->power == POWER_ON || m->power == POWER_STOPPED ||
					   m->power == POWER_DOWNLOAD);
}

const struct application *application_running(const struct modem *m)
{
	enum application_life life = m->s.app_suspended ? LIFE_SUSPENDED : LIFE_RUNNING;
	const struct application *a;

	if (!started(m) || application_state(m) != APPLICATION_RUNS)
		return NULL;
	a = profile_application(m->profile, m->flash.app_name);
	return a && a->lives_in & 1u << life ? a : NULL;
}
