/* The table of records, and how they are loaded and stored. */
#include "state/nv.h"

#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"
#include "state/nv_books.h"
#include "state/nv_card.h"
#include "state/nv_services.h"
#include "state/nv_sms.h"
#include "state/nv_smsc.h"
#include "state/nv_unit.h"
#include "state/nv_wip.h"
#include "state/record.h"

#define RECORD_MAX 57344 /* all that the service centre may know of its neighbours */
#define VERSION    2
#define PLAIN      1
#define CLOCK_AGE \
	60 /* seconds of the clock's time after which storing a record also renews the \
	      clock's */

/* One row per record: its name and contents. */
struct nv_record {
	const char *name, *holds;
	void (*put)(const struct modem *m, struct buf *b);
	/* Reads one line; false when it is not valid. */
	bool (*take)(struct modem *m, const struct record *r);
	/* Called before the first line: clears what the profile has set. NULL: nothing to
	 * clear. */
	void (*clear)(struct modem *m);
	bool seldom; /* most memories have none: it is not made at the first start */
};

/* books: fingerprints at the last boot */

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

/* selection: AT+COPS */

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
	if (!record_int_in(r, NET_AUTOMATIC, NET_MANUAL_THEN_AUTOMATIC, &mode))
		return false;
	m->selection.mode = (enum net_mode)mode;
	return true;
}

/* calls */

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
	if (!record_int_in(r, 0, 1, &on))
		return false;
	m->dialled.voice = on;
	return true;
}

/* gpio: AT+WIOM */

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

/* charset: AT+WCCS */

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
	NV_SMS_OUT,
	NV_SMS_IN,
	NV_CALLS,
	NV_BOOTS,
	NV_FAULTS,
	NV_WIP,
	NV_RECORDS,
};

static const struct nv_record records[NV_RECORDS] = {
	[NV_DEVICE] = { "device", "which device this is", nv_put_device, nv_take_device },
	[NV_SIM] = { "sim", "PINs and remaining tries, preferred networks, languages",
		nv_put_sim, nv_take_sim },
	[NV_LOCKS] = { "locks", "locks of the modem to a SIM (+CLCK \"PS\" and so on)",
		nv_put_locks, nv_take_locks },
	[NV_NUMBERS] = { "numbers",
		"voice mail number, added names of operators, groups of callers",
		nv_put_numbers, nv_take_numbers, nv_clear_numbers },
	[NV_CLOCK] = { "clock", "time of the clock, alarms", nv_put_clock,
		nv_take_clock },
	[NV_BOOKS] = { "books", "fingerprints of the phonebooks (+WIND: 10, 11)",
		put_books, take_books },
	[NV_SELECTION] = { "selection", "the selected network (+COPS)", put_selection,
		take_selection },
	[NV_OPEN_AT] = { "open_at", "settings of +WOPEN", nv_put_open_at,
		nv_take_open_at },
	[NV_GPRS] = { "gprs", "PDP contexts", nv_put_gprs, nv_take_gprs },
	[NV_SERVICES] = { "services",
		"forwarding, barring and its password, call waiting", nv_put_services,
		nv_take_services },
	[NV_CHARGE] = { "charge", "call meters, price", nv_put_charge, nv_take_charge },
	[NV_GPIO] = { "gpio", "what +WIOM has set", put_gpio, take_gpio },
	[NV_CHARSET] = { "charset", "the alphabet of +WCCS", put_charset, take_charset },
	[NV_SMS] = { "sms", "service centre, parameters of +CSAS", nv_put_sms,
		nv_take_sms },
	[NV_SMS_SM] = { "messages-sm", "the short messages on the SIM", nv_put_sms_sm,
		nv_take_sms_sm, nv_clear_sms_sm },
	[NV_SMS_ME] = { "messages-me", "the short messages in the modem", nv_put_sms_me,
		nv_take_sms_me, nv_clear_sms_me },
	[NV_SMS_SR] = { "messages-sr", "the status reports", nv_put_sms_sr,
		nv_take_sms_sr },
	[NV_SMS_OUT] = { "messages-out",
		"messages to other modems that are under way, and reports about them",
		nv_put_sms_out, nv_take_sms_out, nv_clear_sms_out, true },
	[NV_SMS_IN] = { "messages-in",
		"messages from other modems that have not reached the modem yet, and "
		"which "
		"have",
		nv_put_sms_in, nv_take_sms_in, nv_clear_sms_in, true },
	[NV_CALLS] = { "calls", "the last number dialled", put_calls, take_calls },
	[NV_FAULTS] = { "faults", "which rules with `once` have acted", nv_put_faults,
		nv_take_faults, nv_clear_faults },
	[NV_BOOTS] = { "boots", "number of starts", nv_put_boots, nv_take_boots },
	[NV_WIP] = { "wip", "the stored configuration of WIPsoft (+WIPCFG, +WIPBR)",
		nv_put_wip, nv_take_wip },
};

static struct record_kind kind_of(enum nv_id id)
{
	return (struct record_kind){ records[id].name, VERSION, PLAIN,
		records[id].holds };
}

/* Loads over the present values; false when the record cannot be read or is damaged
 * (reported). */
static bool load(struct modem *m, enum nv_id id)
{
	const struct nv_record *rec = &records[id];
	const struct record_kind kind = kind_of(id);
	char mem[RECORD_MAX];
	struct record r;

	switch (record_load(&m->memory, &m->log, &kind, mem, sizeof(mem), &r)) {
	case RECORD_ABSENT:
		m->unsaved |= 1u << id;
		return true;
	case RECORD_BAD:
		return false;
	case RECORD_FOUND:
		break;
	}
	m->plain |= r.plain;
	if (rec->clear)
		rec->clear(m);
	while (record_next(&r)) {
		if (rec->take(m, &r))
			continue;
		return record_report_line(&m->memory, &m->log, &kind, &r);
	}
	return record_read(&r) || record_report_line(&m->memory, &m->log, &kind, &r);
}

static void print(const struct modem *m, enum nv_id id, struct buf *b)
{
	const struct record_kind kind = kind_of(id);
	size_t begun = record_begin(b, &kind);

	records[id].put(m, b);
	record_end(b, begun);
}

static bool store(struct modem *m, enum nv_id id, const struct nv_ops *memory)
{
	char mem[RECORD_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	/* without a memory nobody reads the text */
	if (m->ports.nv.store)
		print(m, id, &b);
	else if (!memory->store)
		return true;
	return !b.full &&
	       memory->store(memory->ctx, records[id].name, b.data, b.len) == 0;
}

static bool save(struct modem *m, enum nv_id id)
{
	if (store(m, id, &m->memory)) {
		m->unsaved &= ~(1u << id);
		if (id == NV_CLOCK)
			nv_clock_stored(m);
		return true;
	}
	log_error(&m->log, LOG_NV, "the record \"%s\" could not be stored",
		records[id].name);
	/* a value that is not stored does not count; but a used PIN try stays used */
	if (id == NV_CLOCK)
		nv_clock_restore(m);
	else if (id != NV_SIM && id != NV_LOCKS)
		load(m, id);
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

bool nv_save_wip(struct modem *m)
{
	return save(m, NV_WIP);
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

bool nv_save_smsc(struct modem *m, enum smsc_record which)
{
	enum nv_id id = which == SMSC_OUT ? NV_SMS_OUT : NV_SMS_IN;

	if (!m->ports.nv.store)
		return true;
	if (store(m, id, &m->ports.nv)) {
		nv_renew_clock(m, false);
		return true;
	}
	log_error(&m->log, LOG_NV, "the record \"%s\" could not be stored",
		records[id].name);
	return false;
}

void nv_renew_clock(struct modem *m, bool exact)
{
	int64_t age = clock_now(&m->clock) - m->clock_kept.at;

	/* a fault that makes other records fail does not affect a clock with a battery */
	if ((exact ? age > 0 : age >= CLOCK_AGE) && store(m, NV_CLOCK, &m->ports.nv))
		nv_clock_stored(m);
}

bool nv_load_device(struct modem *m)
{
	return load(m, NV_DEVICE) && nv_check_device(m);
}

bool nv_load(struct modem *m)
{
	bool good = true;
	int i;

	for (i = 0; i < NV_RECORDS; i++)
		if (i != NV_DEVICE)
			good = load(m, (enum nv_id)i) && good;
	return nv_load_books(m) && good;
}

bool nv_complete(struct modem *m)
{
	bool good = true;
	int i;

	if (!m->ports.nv.store) {
		m->unsaved = 0;
		nv_clock_stored(m);
		return true;
	}
	if (m->plain)
		log_warn(&m->log, LOG_NV,
			"the records in this --state are from an earlier fauxtrack; they "
			"are being rewritten with length and checksum");
	/* from the first start on all of them exist, so that a failed write can fall
	 * back */
	for (i = 0; good && i < NV_RECORDS; i++)
		if ((m->plain || m->unsaved & 1u << i) && !records[i].seldom)
			good = save(m, (enum nv_id)i);
	for (i = 0; good && m->plain && i < BOOKS_STORED; i++)
		good = nv_save_book(m, (enum book_id)i);
	m->plain = false;
	return good;
}

void nv_dump(const struct modem *m, struct buf *out)
{
	int i;

	for (i = 0; i < NV_RECORDS; i++) {
		buf_printf(out, "record %s\n", records[i].name);
		if (i == NV_CLOCK)
			nv_dump_clock(m, out);
		else
			records[i].put(m, out);
	}
	nv_dump_books(m, out);
}
