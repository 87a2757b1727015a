#include "state/nv.h"

#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"
#include "state/nv_books.h"
#include "state/nv_services.h"
#include "state/nv_sms.h"
#include "state/record.h"

#define RECORD_MAX 40960 /* a full store of messages */
#define VERSION    1

/* One row a record: what it is called, what stands in it. */
struct nv_record {
	const char *name;
	void (*put)(const struct modem *m, struct buf *b);
	/* Takes one line over; false when it makes no sense. */
	bool (*take)(struct modem *m, const struct record *r);
	/* Before the first line: what the profile has put there goes. NULL: nothing. */
	void (*clear)(struct modem *m);
};

static bool take_int(const struct record *r, int min, int max, int *out)
{
	int64_t n;

	if (!record_int(r, &n) || n < min || n > max)
		return false;
	*out = (int)n;
	return true;
}

/* ---- device: whose memory this is ----------------------------------------------------
 */

static void put_device(const struct modem *m, struct buf *b)
{
	record_put_text(b, "name", m->profile->device.name);
	record_put_text(b, "imei", m->profile->device.imei);
}

static bool take_device(struct modem *m, const struct record *r)
{
	char text[PROFILE_NAME];

	if (!record_text(r, text, sizeof(text)))
		return false;
	if (!strcmp(r->key, "name") && strcmp(text, m->profile->device.name) != 0) {
		log_error(&m->log, LOG_NV,
			"this state belongs to a %s, the profile is a %s: use another "
			"--state "
			"directory, or that device",
			text, m->profile->device.name);
		return false;
	}
	return true;
}

/* ---- sim -----------------------------------------------------------------------------
 */

static void put_sim(const struct modem *m, struct buf *b)
{
	const struct sim *s = &m->sim;
	char key[24];
	int i;

	record_put_text(b, "pin", s->chv1.pin);
	record_put(b, "fixed_dialling", s->fixed_dialling);
	record_put(b, "pin_enabled", s->pin_enabled);
	record_put(b, "pin_tries", s->chv1.pin_tries);
	record_put(b, "puk_tries", s->chv1.puk_tries);
	record_put_text(b, "pin2", s->chv2.pin);
	record_put(b, "pin2_tries", s->chv2.pin_tries);
	record_put(b, "puk2_tries", s->chv2.puk_tries);
	for (i = 0; i < s->preferred_max; i++) {
		snprintf(key, sizeof(key), "preferred.%d", i + 1);
		record_put_text(b, key, s->preferred[i]);
	}
	for (i = 0; i < SIM_LANGUAGES; i++) {
		snprintf(key, sizeof(key), "language.%d", i + 1);
		record_put_text(b, key, s->language[i]);
	}
}

static bool take_sim(struct modem *m, const struct record *r)
{
	struct sim *s = &m->sim;
	int i, enabled;

	if (!strcmp(r->key, "pin"))
		return record_text(r, s->chv1.pin, sizeof(s->chv1.pin));
	if (!strcmp(r->key, "pin2"))
		return record_text(r, s->chv2.pin, sizeof(s->chv2.pin));
	if (!strcmp(r->key, "pin_tries"))
		return take_int(r, 0, SIM_PIN_TRIES, &s->chv1.pin_tries);
	if (!strcmp(r->key, "puk_tries"))
		return take_int(r, 0, SIM_PUK_TRIES, &s->chv1.puk_tries);
	if (!strcmp(r->key, "pin2_tries"))
		return take_int(r, 0, SIM_PIN_TRIES, &s->chv2.pin_tries);
	if (!strcmp(r->key, "puk2_tries"))
		return take_int(r, 0, SIM_PUK_TRIES, &s->chv2.puk_tries);
	if (!strcmp(r->key, "pin_enabled")) {
		if (!take_int(r, 0, 1, &enabled))
			return false;
		s->pin_enabled = enabled;
		return true;
	}
	if (!strcmp(r->key, "fixed_dialling")) {
		if (!take_int(r, 0, 1, &enabled))
			return false;
		s->fixed_dialling = enabled;
		return true;
	}
	for (i = 0; i < s->preferred_max; i++) {
		char key[24];

		snprintf(key, sizeof(key), "preferred.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, s->preferred[i], sizeof(s->preferred[i]));
	}
	for (i = 0; i < SIM_LANGUAGES; i++) {
		char key[24];

		snprintf(key, sizeof(key), "language.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, s->language[i], sizeof(s->language[i]));
	}
	return true;
}

/* ---- locks: of the modem to a card ---------------------------------------------------
 */

static void put_locks(const struct modem *m, struct buf *b)
{
	char key[16];
	int i;

	for (i = 0; i < LOCKS; i++) {
		const struct sim_lock *lock = &m->sim.locks.lock[i];
		const char *name = name_of(sim_lock_names, i);

		snprintf(key, sizeof(key), "%s.to", name);
		record_put_text(b, key, lock->on ? lock->to : "-");
		snprintf(key, sizeof(key), "%s.key", name);
		record_put_text(b, key, lock->key);
		snprintf(key, sizeof(key), "%s.tries", name);
		record_put(b, key, lock->tries);
	}
}

static bool take_locks(struct modem *m, const struct record *r)
{
	const struct name *n;
	struct sim_lock *lock;
	char name[3] = { r->key[0], r->key[1] };

	n = name_find(sim_lock_names, name);
	if (!n || r->key[2] != '.')
		return true;
	lock = &m->sim.locks.lock[n->value];
	if (!strcmp(r->key + 3, "key"))
		return record_text(r, lock->key, sizeof(lock->key));
	if (!strcmp(r->key + 3, "tries"))
		return take_int(r, 0, SIM_LOCK_TRIES, &lock->tries);
	if (!record_text(r, lock->to, sizeof(lock->to)))
		return false;
	lock->on = strcmp(lock->to, "-") != 0;
	if (!lock->on)
		lock->to[0] = '\0';
	return true;
}

/* ---- numbers: voice mail, and names of operators that AT+WOLM has added --------------
 */

static void put_numbers(const struct modem *m, struct buf *b)
{
	char key[40];
	int i;

	record_put(b, "voice_mail.on", m->voice_mail.on);
	record_put(b, "voice_mail.type", m->voice_mail.type);
	record_put_text(b, "voice_mail.number", m->voice_mail.number);
	for (i = 0; i < OPERATORS_ADDED; i++) {
		snprintf(key, sizeof(key), "operator.%d", i + 1);
		record_put_text(b, key, m->added[i].plmn);
		snprintf(key, sizeof(key), "operator.%d.name", i + 1);
		record_put_text(b, key, m->added[i].long_name);
	}
}

static bool take_numbers(struct modem *m, const struct record *r)
{
	char key[40];
	int i;

	if (!strcmp(r->key, "voice_mail.on"))
		return take_int(r, 0, 1, &m->voice_mail.on);
	if (!strcmp(r->key, "voice_mail.type"))
		return take_int(r, 0, 255, &m->voice_mail.type);
	if (!strcmp(r->key, "voice_mail.number"))
		return record_text(r, m->voice_mail.number, sizeof(m->voice_mail.number));
	for (i = 0; i < OPERATORS_ADDED; i++) {
		struct operator_name *o = &m->added[i];

		snprintf(key, sizeof(key), "operator.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, o->plmn, sizeof(o->plmn));
		snprintf(key, sizeof(key), "operator.%d.name", i + 1);
		if (!strcmp(r->key, key))
			return record_text(r, o->long_name, sizeof(o->long_name));
	}
	return true;
}

/* ---- clock ---------------------------------------------------------------------------
 */

static void put_clock(const struct modem *m, struct buf *b)
{
	char key[24];
	int i;

	record_put(b, "offset", m->clock.offset);
	record_put(b, "zone", m->clock.zone);
	for (i = 0; i < CLOCK_ALARMS; i++) {
		snprintf(key, sizeof(key), "alarm.%d", i + 1);
		record_put(b, key, m->clock.alarm[i]);
	}
}

static bool take_clock(struct modem *m, const struct record *r)
{
	int i;

	if (!strcmp(r->key, "offset"))
		return record_int(r, &m->clock.offset);
	if (!strcmp(r->key, "zone"))
		return take_int(r, -99, 99, &m->clock.zone);
	for (i = 0; i < CLOCK_ALARMS; i++) {
		char key[24];

		snprintf(key, sizeof(key), "alarm.%d", i + 1);
		if (!strcmp(r->key, key))
			return record_int(r, &m->clock.alarm[i]);
	}
	return true;
}

/* ---- books: fingerprints of the last boot --------------------------------------------
 */

static void put_books(const struct modem *m, struct buf *b)
{
	int i;

	for (i = 0; i < BOOKS_WIND; i++)
		if (m->books.known[i])
			record_put_hex(b, name_of(book_names, i), m->books.cached[i],
				BOOK_DIGEST);
		else
			record_put_text(b, name_of(book_names, i), "none");
}

static bool take_books(struct modem *m, const struct record *r)
{
	const struct name *n = name_find(book_names, r->key);

	if (!n)
		return true;
	m->books.known[n->value] = r->len != strlen("none");
	return !m->books.known[n->value] ||
	       record_hex(r, m->books.cached[n->value], BOOK_DIGEST);
}

/* ---- selection: AT+COPS --------------------------------------------------------------
 */

static void put_selection(const struct modem *m, struct buf *b)
{
	record_put(b, "mode", m->selection.mode);
	record_put_text(b, "plmn", m->selection.plmn);
}

static bool take_selection(struct modem *m, const struct record *r)
{
	int mode;

	if (!strcmp(r->key, "plmn"))
		return record_text(r, m->selection.plmn, sizeof(m->selection.plmn));
	if (strcmp(r->key, "mode") != 0)
		return true;
	if (!take_int(r, NET_AUTOMATIC, NET_MANUAL_THEN_AUTOMATIC, &mode))
		return false;
	m->selection.mode = (enum net_mode)mode;
	return true;
}

/* ---- calls ---------------------------------------------------------------------------
 */

static void put_calls(const struct modem *m, struct buf *b)
{
	record_put_text(b, "dialled", m->dialled.number);
	record_put(b, "voice", m->dialled.voice);
}

static bool take_calls(struct modem *m, const struct record *r)
{
	int on;

	if (!strcmp(r->key, "dialled"))
		return record_text(r, m->dialled.number, sizeof(m->dialled.number));
	if (strcmp(r->key, "voice") != 0)
		return true;
	if (!take_int(r, 0, 1, &on))
		return false;
	m->dialled.voice = on;
	return true;
}

/* ---- gpio: AT+WIOM -------------------------------------------------------------------
 */

static void put_gpio(const struct modem *m, struct buf *b)
{
	const struct gpio *g = &m->gpio;

	record_put(b, "reserved", g->by_masks ? 0 : g->reserved);
	record_put(b, "output", g->by_masks ? 0 : g->output);
	record_put(b, "high", g->by_masks ? 0 : g->high);
}

static bool take_gpio(struct modem *m, const struct record *r)
{
	if (!strcmp(r->key, "reserved"))
		return record_int(r, &m->gpio.reserved);
	if (!strcmp(r->key, "output"))
		return record_int(r, &m->gpio.output);
	if (!strcmp(r->key, "high"))
		return record_int(r, &m->gpio.high);
	return true;
}

/* ---- charset: AT+WCCS ----------------------------------------------------------------
 */

static void put_charset(const struct modem *m, struct buf *b)
{
	const struct charset_custom *c = &m->custom;

	record_put_hex(b, "to_gsm", c->to_gsm, sizeof(c->to_gsm));
	record_put_hex(b, "alphabet", c->alphabet, sizeof(c->alphabet));
	record_put_hex(b, "extension", c->extension, sizeof(c->extension));
}

static bool take_charset(struct modem *m, const struct record *r)
{
	struct charset_custom *c = &m->custom;

	if (!strcmp(r->key, "to_gsm"))
		return record_hex(r, c->to_gsm, sizeof(c->to_gsm));
	if (!strcmp(r->key, "alphabet"))
		return record_hex(r, c->alphabet, sizeof(c->alphabet));
	if (!strcmp(r->key, "extension"))
		return record_hex(r, c->extension, sizeof(c->extension));
	return true;
}

/* --------------------------------------------------------------------------------------
 */

enum nv_id {
	NV_DEVICE,
	NV_SIM,
	NV_LOCKS,
	NV_NUMBERS,
	NV_CLOCK,
	NV_BOOKS,
	NV_SELECTION,
	NV_OPEN_AT,
	NV_GPRS,
	NV_SERVICES,
	NV_CHARGE,
	NV_GPIO,
	NV_CHARSET,
	NV_SMS,
	NV_SMS_SM,
	NV_SMS_ME,
	NV_SMS_SR,
	NV_CALLS,
	NV_BOOTS,
	NV_FAULTS,
	NV_RECORDS,
};

static const struct nv_record records[NV_RECORDS] = {
	[NV_BOOTS] = { "boots", nv_put_boots, nv_take_boots },
	[NV_FAULTS] = { "faults", nv_put_faults, nv_take_faults, nv_clear_faults },
	[NV_DEVICE] = { "device", put_device, take_device },
	[NV_SIM] = { "sim", put_sim, take_sim },
	[NV_LOCKS] = { "locks", put_locks, take_locks },
	[NV_NUMBERS] = { "numbers", put_numbers, take_numbers },
	[NV_CLOCK] = { "clock", put_clock, take_clock },
	[NV_BOOKS] = { "books", put_books, take_books },
	[NV_SELECTION] = { "selection", put_selection, take_selection },
	[NV_OPEN_AT] = { "open_at", nv_put_open_at, nv_take_open_at },
	[NV_GPRS] = { "gprs", nv_put_gprs, nv_take_gprs },
	[NV_SERVICES] = { "services", nv_put_services, nv_take_services },
	[NV_CHARGE] = { "charge", nv_put_charge, nv_take_charge },
	[NV_GPIO] = { "gpio", put_gpio, take_gpio },
	[NV_CHARSET] = { "charset", put_charset, take_charset },
	[NV_SMS] = { "sms", nv_put_sms, nv_take_sms },
	[NV_SMS_SM] = { "messages-sm", nv_put_sms_sm, nv_take_sms_sm, nv_clear_sms_sm },
	[NV_SMS_ME] = { "messages-me", nv_put_sms_me, nv_take_sms_me, nv_clear_sms_me },
	[NV_SMS_SR] = { "messages-sr", nv_put_sms_sr, nv_take_sms_sr },
	[NV_CALLS] = { "calls", put_calls, take_calls },
};

static void print(const struct modem *m, const struct nv_record *rec, struct buf *b)
{
	record_begin(b, rec->name, VERSION);
	rec->put(m, b);
}

static bool load(struct modem *m, const struct nv_record *rec)
{
	char mem[RECORD_MAX];
	struct record r;
	long len = m->memory.nv_load(m->memory.ctx, rec->name, mem, sizeof(mem));

	if (len < 0)
		return true;
	if (!record_open(&r, mem, (size_t)len, rec->name, VERSION)) {
		log_error(&m->log, LOG_NV,
			"the record \"%s\" is not one of version %d: use another --state "
			"directory",
			rec->name, VERSION);
		return false;
	}
	if (rec->clear)
		rec->clear(m);
	while (record_next(&r)) {
		if (rec->take(m, &r))
			continue;
		log_error(&m->log, LOG_NV,
			"the record \"%s\" has a bad value for \"%s\"; remove that file "
			"from the --state directory (what it keeps is lost), or use "
			"another directory",
			rec->name, r.key);
		return false;
	}
	return true;
}

static bool save(struct modem *m, enum nv_id id)
{
	char mem[RECORD_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	print(m, &records[id], &b);
	if (!b.full &&
		m->memory.nv_store(m->memory.ctx, records[id].name, b.data, b.len) == 0)
		return true;
	log_error(&m->log, LOG_NV, "the record \"%s\" could not be stored",
		records[id].name);
	/* what is not stored does not count; but a try of a PIN is gone */
	if (id != NV_SIM && id != NV_LOCKS)
		load(m, &records[id]);
	return false;
}

bool nv_save_boots(struct modem *m)
{
	return save(m, NV_BOOTS);
}

bool nv_save_faults(struct modem *m)
{
	return save(m, NV_FAULTS);
}

bool nv_save_sim(struct modem *m)
{
	return save(m, NV_SIM);
}

bool nv_save_locks(struct modem *m)
{
	return save(m, NV_LOCKS);
}

bool nv_save_numbers(struct modem *m)
{
	return save(m, NV_NUMBERS);
}

bool nv_save_calls(struct modem *m)
{
	return save(m, NV_CALLS);
}

bool nv_save_clock(struct modem *m)
{
	return save(m, NV_CLOCK);
}

bool nv_save_books(struct modem *m)
{
	return save(m, NV_BOOKS);
}

bool nv_save_selection(struct modem *m)
{
	return save(m, NV_SELECTION);
}

bool nv_save_open_at(struct modem *m)
{
	return save(m, NV_OPEN_AT);
}

bool nv_save_gprs(struct modem *m)
{
	return save(m, NV_GPRS);
}

bool nv_save_services(struct modem *m)
{
	return save(m, NV_SERVICES);
}

bool nv_save_charge(struct modem *m)
{
	return save(m, NV_CHARGE);
}

bool nv_save_gpio(struct modem *m)
{
	return save(m, NV_GPIO);
}

bool nv_save_charset(struct modem *m)
{
	return save(m, NV_CHARSET);
}

bool nv_save_sms(struct modem *m)
{
	return save(m, NV_SMS);
}

bool nv_save_messages(struct modem *m, enum sms_store_id id)
{
	static const enum nv_id ids[] = { NV_SMS_SM, NV_SMS_ME, NV_SMS_SR };

	return save(m, ids[id]);
}

bool nv_load(struct modem *m)
{
	size_t i;

	/* from the first start on all of them exist, so that a failure can fall back */
	for (i = 0; i < NV_RECORDS; i++)
		if (!load(m, &records[i]) || !save(m, (enum nv_id)i))
			return false;
	return nv_load_books(m);
}

void nv_dump(const struct modem *m, struct buf *out)
{
	size_t i;

	for (i = 0; i < NV_RECORDS; i++)
		print(m, &records[i], out);
	nv_dump_books(m, out);
}
