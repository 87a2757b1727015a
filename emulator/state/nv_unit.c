/* The records "device" and "clock". */
#include "state/nv_unit.h"

#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"

/* device: which unit this memory belongs to */

void nv_put_device(const struct modem *m, struct buf *b)
{
	const struct device *d = &m->profile->device;
	const struct unit_id *u = &m->unit;

	record_put_text(b, "name", d->name);
	record_put_text(b, "imei", u->imei[0] ? u->imei : m->numbers.imei);
	record_put_text(b, "serial", u->serial[0] ? u->serial : unit_serial(&m->numbers));
	/* the profile that a record of version 1 was started with is not known */
	record_put_text(b, "profile", u->device[0] ? u->profile : m->profile->name);
}

bool nv_take_device(struct modem *m, const struct record *r)
{
	struct unit_id *u = &m->unit;

	if (!strcmp(r->key, "name"))
		return record_text(r, u->device, sizeof(u->device));
	if (!strcmp(r->key, "imei"))
		return record_text(r, u->imei, sizeof(u->imei));
	if (!strcmp(r->key, "serial"))
		return record_text(r, u->serial, sizeof(u->serial));
	if (!strcmp(r->key, "profile"))
		return record_text(r, u->profile, sizeof(u->profile));
	return true;
}

bool nv_check_device(const struct modem *m)
{
	const struct unit_id *u = &m->unit;
	const struct device *d = &m->profile->device;

	if (!u->device[0] || !strcmp(u->device, d->name))
		return true;
	log_error(&m->log, LOG_NV,
		"this --state is the memory of a %s (serial %s%s%s), but the profile %s "
		"is a %s: use another --state directory for it, or start this one with "
		"%s%s",
		u->device, u->serial[0] ? u->serial : u->imei,
		u->profile[0] ? ", started with the profile " : "", u->profile,
		m->profile->name, d->name,
		u->profile[0] ? "--profile " : "a profile of that device", u->profile);
	return false;
}

/* No warning: AT+WOPEN=4 or a download may have made it so. */
static void compare_application(const struct modem *m)
{
	const char *asked = m->profile->application, *has = m->flash.app_name;

	if (m->unit.device[0] && asked[0] && strcmp(asked, has) != 0)
		log_debug(&m->log, LOG_NV,
			"this --state has %s%s in flash, not the profile's application "
			"%s, which only a new unit gets; fauxtrack ctl flash "
			"application=%s puts it there",
			has[0]                 ? "the application "
			: m->flash.app_present ? "an application without a name"
					       : "no application",
			has, asked, asked);
}

void nv_compare_profile(const struct modem *m)
{
	const struct unit_id *u = &m->unit;
	const struct profile *p = m->profile;
	const char *runs = profile_at(p, m->flash.firmware)->name;
	const char *asked = profile_at(p, p->installed)->name;

	compare_application(m);
	/* a memory without a profile is old, or empty */
	if (u->profile[0] ? !strcmp(u->profile, p->name)
			  : !u->device[0] || !strcmp(runs, asked))
		return;
	log_warn(&m->log, LOG_NV,
		"this --state is a unit%s%s with firmware %s, and continues as that; the "
		"profile %s applies only to what is not stored (its firmware %s is not "
		"used): give --state an empty directory for a new unit",
		u->profile[0] ? " started with the profile " : "", u->profile, runs,
		p->name, asked);
}

/* clock */

void nv_put_clock(const struct modem *m, struct buf *b)
{
	record_put(b, "time", clock_now(&m->clock));
	record_put(b, "world", clock_world(&m->clock));
	nv_dump_clock(m, b);
}

void nv_dump_clock(const struct modem *m, struct buf *b)
{
	char key[24];
	int i;

	record_put(b, "zone", m->clock.zone);
	for (i = 0; i < CLOCK_ALARMS; i++) {
		snprintf(key, sizeof(key), "alarm.%d", i + 1);
		record_put(b, key, m->clock.alarm[i]);
	}
}

/* Accepts the years that +CCLK can express, and some more. */
static bool take_time(const struct record *r, int64_t *out)
{
	return record_int(r, out) && *out > -CLOCK_FAR && *out < CLOCK_FAR;
}

/* Reads a time from which a clock continues now, as its offset. */
static bool take_resumed(const struct modem *m, const struct record *r, int64_t *offset)
{
	if (!take_time(r, offset))
		return false;
	*offset -= (int64_t)(m->sched.now / SEC(1));
	return true;
}

bool nv_take_clock(struct modem *m, const struct record *r)
{
	struct clock *c = &m->clock;
	int i;

	if (!strcmp(r->key, "time"))
		return take_resumed(m, r, &c->offset);
	if (!strcmp(r->key, "offset")) { /* version 1 */
		if (!take_time(r, &c->offset))
			return false;
		c->world = c->offset;
		return true;
	}
	if (!strcmp(r->key, "world"))
		return take_resumed(m, r, &c->world);
	if (!strcmp(r->key, "zone"))
		return record_int_in(r, -99, 99, &c->zone);
	for (i = 0; i < CLOCK_ALARMS; i++) {
		char key[24];

		snprintf(key, sizeof(key), "alarm.%d", i + 1);
		if (!strcmp(r->key, key))
			return take_time(r, &c->alarm[i]);
	}
	return true;
}

void nv_resume_clock(struct modem *m, int64_t asked, bool given)
{
	struct clock *c = &m->clock;

	if (given && asked > c->world) {
		c->offset += asked - c->world;
		c->world = asked;
	} else if (given && asked < c->world) {
		log_note(&m->log, LOG_NV,
			"the clock of this --state is later than --clock; it continues "
			"from there");
	}
	nv_clock_stored(m);
}

void nv_clock_stored(struct modem *m)
{
	const struct clock *c = &m->clock;

	m->clock_kept.offset = c->offset;
	m->clock_kept.zone = c->zone;
	memcpy(m->clock_kept.alarm, c->alarm, sizeof(c->alarm));
	m->clock_kept.at = clock_now(c);
}

void nv_clock_restore(struct modem *m)
{
	struct clock *c = &m->clock;

	c->offset = m->clock_kept.offset;
	c->zone = m->clock_kept.zone;
	memcpy(c->alarm, m->clock_kept.alarm, sizeof(c->alarm));
	clock_restart(c);
}
