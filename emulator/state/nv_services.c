/* The records "open_at", "gprs", "services", "charge", "faults" and "boots". */
#include "state/nv_services.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"

/* Reads "1,0,3" into n numbers; false for anything else. */
static bool take_numbers(const struct record *r, int *out, size_t n)
{
	char text[64];
	const char *p = text;
	size_t i;

	if (!record_text(r, text, sizeof(text)))
		return false;
	for (i = 0; i < n; i++) {
		int value = 0;

		if (*p < '0' || *p > '9')
			return false;
		for (; *p >= '0' && *p <= '9' && value < 100000; p++)
			value = value * 10 + (*p - '0');
		out[i] = value;
		if (i + 1 < n && *p++ != ',')
			return false;
	}
	return !*p;
}

/* open_at: AT+WOPEN */

#define OPEN_AT(m) offsetof(struct modem, open_at.m)

static const struct {
	const char *key;
	int most;
	size_t at;
} open_at_rows[] = {
	{ "mode", 1, OPEN_AT(mode) },
	{ "ad_size", 65536, OPEN_AT(ad_size) },
	{ "formatted", 65536, OPEN_AT(formatted) },
	{ "safe_boot", 1, OPEN_AT(safe_boot) },
	{ "key1", 24, OPEN_AT(key1) },
	{ "key2", 24, OPEN_AT(key2) },
};
#define OPEN_AT_ROWS (sizeof(open_at_rows) / sizeof(open_at_rows[0]))

void nv_put_open_at(const struct modem *m, struct buf *b)
{
	size_t i;

	for (i = 0; i < OPEN_AT_ROWS; i++)
		record_put(b, open_at_rows[i].key,
			*(const int *)((const char *)m + open_at_rows[i].at));
}

bool nv_take_open_at(struct modem *m, const struct record *r)
{
	size_t i;

	for (i = 0; i < OPEN_AT_ROWS; i++) {
		if (strcmp(open_at_rows[i].key, r->key) != 0)
			continue;
		return record_int_in(r, 0, open_at_rows[i].most,
			(int *)((char *)m + open_at_rows[i].at));
	}
	return true;
}

/* gprs: PDP contexts */

static void put_qos(struct buf *b, int cid, const char *key, const struct gprs_qos *q)
{
	char name[24], text[64];

	if (!q->set)
		return;
	snprintf(name, sizeof(name), "%d.%s", cid, key);
	snprintf(text, sizeof(text), "%d,%d,%d,%d,%d", q->value[0], q->value[1],
		q->value[2], q->value[3], q->value[4]);
	record_put_text(b, name, text);
}

/* While WIPsoft uses a context it has the bearer's access point, which is not kept. */
static const struct gprs_context *context(const struct modem *m, int cid)
{
	const struct wip_bearer *b = &m->cold->wip.wip.bearer;

	return b->shown && b->o.number[WIP_CID] == cid ? &b->kept
						       : &m->gprs.context[cid - 1];
}

void nv_put_gprs(const struct modem *m, struct buf *b)
{
	char key[24], text[24];
	int cid;

	for (cid = 1; cid <= GPRS_CONTEXTS; cid++) {
		const struct gprs_context *c = context(m, cid);

		put_qos(b, cid, "wanted", &c->wanted);
		put_qos(b, cid, "minimum", &c->minimum);
		if (!c->defined)
			continue;
		snprintf(key, sizeof(key), "%d.context", cid);
		snprintf(text, sizeof(text), "%d,%d,%d", (int)c->type, c->d_comp,
			c->h_comp);
		record_put_text(b, key, text);
		snprintf(key, sizeof(key), "%d.apn", cid);
		record_put_text(b, key, c->apn);
		snprintf(key, sizeof(key), "%d.address", cid);
		record_put_text(b, key, c->address);
	}
}

static bool take_context(struct gprs_context *c, const struct record *r)
{
	int value[3];

	if (!take_numbers(r, value, 3) || value[0] > GPRS_PPP)
		return false;
	c->defined = true;
	c->type = (enum gprs_type)value[0];
	c->d_comp = value[1];
	c->h_comp = value[2];
	return true;
}

bool nv_take_gprs(struct modem *m, const struct record *r)
{
	struct gprs_context *c;
	const char *key;

	if (r->key[0] < '1' || r->key[0] >= '1' + GPRS_CONTEXTS || r->key[1] != '.')
		return true;
	c = gprs_context(&m->gprs, r->key[0] - '0');
	key = r->key + 2;
	if (!strcmp(key, "context"))
		return take_context(c, r);
	if (!strcmp(key, "apn"))
		return record_text(r, c->apn, sizeof(c->apn));
	if (!strcmp(key, "address"))
		return record_text(r, c->address, sizeof(c->address));
	if (!strcmp(key, "wanted"))
		return c->wanted.set = take_numbers(r, c->wanted.value, GPRS_QOS);
	if (!strcmp(key, "minimum"))
		return c->minimum.set = take_numbers(r, c->minimum.value, GPRS_QOS);
	return true;
}

/* services: forwarding, barring, waiting */

static void put_forward(struct buf *b, int reason, int class, const struct ss_forward *f)
{
	char key[40], text[40];

	if (!f->number[0])
		return;
	snprintf(key, sizeof(key), "to.%d.%d", reason, class);
	record_put_text(b, key, f->number);
	snprintf(key, sizeof(key), "how.%d.%d", reason, class);
	snprintf(text, sizeof(text), "%d,%d,%d", f->active, f->type, f->time);
	record_put_text(b, key, text);
}

void nv_put_services(const struct modem *m, struct buf *b)
{
	const struct ss *s = &m->ss;
	char key[24];
	int r, c;

	record_put_text(b, "password", s->password);
	record_put(b, "tries", s->tries);
	record_put(b, "waiting", s->waiting);
	for (r = 0; r < SS_BARRINGS; r++) {
		snprintf(key, sizeof(key), "barred.%d", r);
		record_put(b, key, s->barred[r]);
	}
	for (r = 0; r < SS_REASONS; r++)
		for (c = 0; c < SS_CLASSES; c++)
			put_forward(b, r, c, &s->forward[r][c]);
}

static bool take_set(const struct record *r, unsigned *out)
{
	int64_t n;

	if (!record_int(r, &n) || n < 0 || n >= 1 << SS_CLASSES)
		return false;
	*out = (unsigned)n;
	return true;
}

/* The digit at a position of a key, -1 if there is none below max. */
static int digit_at(const char *key, size_t at, int max)
{
	return strlen(key) > at && key[at] >= '0' && key[at] < '0' + max ? key[at] - '0'
									 : -1;
}

static bool take_forward(struct ss *s, const struct record *r, size_t prefix)
{
	int reason = digit_at(r->key, prefix, SS_REASONS);
	int class = digit_at(r->key, prefix + 2, SS_CLASSES);
	struct ss_forward *f;
	int how[3];

	if (reason < 0 || class < 0)
		return false;
	f = &s->forward[reason][class];
	if (r->key[0] == 't')
		return record_text(r, f->number, sizeof(f->number));
	if (!take_numbers(r, how, 3))
		return false;
	f->active = how[0] != 0;
	f->type = how[1];
	f->time = how[2];
	return true;
}

bool nv_take_services(struct modem *m, const struct record *r)
{
	struct ss *s = &m->ss;
	int barring;

	if (!strcmp(r->key, "password"))
		return r->len == 4 && record_text(r, s->password, sizeof(s->password));
	if (!strcmp(r->key, "tries"))
		return record_int_in(r, 0, SS_TRIES, &s->tries);
	if (!strcmp(r->key, "waiting"))
		return take_set(r, &s->waiting);
	if (!strncmp(r->key, "barred.", 7)) {
		barring = digit_at(r->key, 7, SS_BARRINGS);
		return barring >= 0 && take_set(r, &s->barred[barring]);
	}
	if (!strncmp(r->key, "to.", 3))
		return take_forward(s, r, 3);
	if (!strncmp(r->key, "how.", 4))
		return take_forward(s, r, 4);
	return true;
}

/* charge: meters and price on the SIM */

void nv_put_charge(const struct modem *m, struct buf *b)
{
	record_put(b, "accumulated", m->charge.accumulated);
	record_put(b, "limit", m->charge.limit);
	record_put_text(b, "currency", m->charge.currency);
	record_put_text(b, "price", m->charge.price);
}

static bool take_units(const struct record *r, uint32_t *out)
{
	int64_t n;

	if (!record_int(r, &n) || n < 0 || n > CHARGE_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

bool nv_take_charge(struct modem *m, const struct record *r)
{
	struct charge *c = &m->charge;

	if (!strcmp(r->key, "accumulated"))
		return take_units(r, &c->accumulated);
	if (!strcmp(r->key, "limit"))
		return take_units(r, &c->limit);
	if (!strcmp(r->key, "currency"))
		return record_text(r, c->currency, sizeof(c->currency));
	if (!strcmp(r->key, "price"))
		return record_text(r, c->price, sizeof(c->price));
	return true;
}

void nv_put_faults(const struct modem *m, struct buf *b)
{
	size_t i;

	for (i = 0; i < m->faults.n_spent; i++)
		record_put_hex(
			b, "once", &m->faults.spent[i], sizeof(m->faults.spent[i]));
}

bool nv_take_faults(struct modem *m, const struct record *r)
{
	struct faults *a = &m->faults;

	if (strcmp(r->key, "once") != 0)
		return true;
	return a->n_spent < FAULT_RULES &&
	       record_hex(r, &a->spent[a->n_spent], sizeof(a->spent[0])) && ++a->n_spent;
}

void nv_clear_faults(struct modem *m)
{
	m->faults.n_spent = 0;
}

void nv_put_boots(const struct modem *m, struct buf *b)
{
	record_put(b, "count", m->faults.of_bug ? m->boots : 0);
}

bool nv_take_boots(struct modem *m, const struct record *r)
{
	return record_int_in(r, 0, INT_MAX, &m->boots);
}
