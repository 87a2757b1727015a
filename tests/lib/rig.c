#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/read/command_tables.h"
#include "host/read/library.h"

static struct library *open_library(void)
{
	struct library *l = library_new(NULL);

	library_hook(l, &tables_hook);
	return l;
}

struct profile *rig_profile(const char *name)
{
	return rig_profile_with(name, NULL, 0);
}

struct profile *rig_profile_with(const char *name, const struct kv *sets, size_t n)
{
	struct library *l = open_library();
	struct doc_errors e;
	struct profile *p;

	doc_errors_init(&e);
	p = profile_load(l, name, sets, n, &e);
	doc_errors_print(&e, stderr);
	if (!p)
		abort();
	doc_errors_clear(&e);
	library_free(l);
	tables_build(p);
	return p;
}

void rig_profile_free(struct profile *p)
{
	tables_free(p);
	profile_free(p);
}

static void each_part(enum part_kind kind, void (*visit)(const char *name))
{
	struct library *l = open_library();
	struct library_entry *entries;
	size_t i, n = library_list(l, kind, &entries);

	for (i = 0; i < n; i++)
		if (!entries[i].base)
			visit(entries[i].name);
	free(entries);
	library_free(l);
}

void rig_each_profile(void (*visit)(const char *name))
{
	each_part(PART_PROFILE, visit);
}

void rig_each_firmware(void (*visit)(const char *name))
{
	each_part(PART_FIRMWARE, visit);
}

/* ---- ports ----------------------------------------------------------------------- */

static size_t tx_room(void *ctx, unsigned port)
{
	(void)port;
	(void)ctx;
	return sizeof(((struct rig *)0)->out);
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	struct rig *r = ctx;
	char *out = port ? r->more[port - 1].out : r->out;
	size_t *n = port ? &r->more[port - 1].len : &r->len;
	size_t size = port ? sizeof(r->more[0].out) : sizeof(r->out);

	if (len > size - *n)
		return;
	memcpy(out + *n, buf, len);
	*n += len;
}

static void lines(void *ctx, unsigned port, unsigned v24)
{
	struct rig *r = ctx;

	r->v24[port] = v24;
}

static void packets(void *ctx, const struct packet_link *link)
{
	struct rig *r = ctx;

	r->ip.on = link != NULL;
	if (link)
		r->ip.link = *link;
}

static void packet(void *ctx, const void *data, size_t len)
{
	struct rig *r = ctx;

	r->ip.packets++;
	r->ip.len = len < sizeof(r->ip.last) ? len : sizeof(r->ip.last);
	memcpy(r->ip.last, data, r->ip.len);
}

static void notify(void *ctx, const struct notice *n)
{
	struct rig *r = ctx;

	if (r->notify)
		r->notify(r, n);
}

struct rig_record *rig_record(struct rig_store *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!strcmp(s->record[i].name, name))
			return &s->record[i];
	return NULL;
}

void rig_record_put(struct rig_store *s, const char *name, const void *data, size_t len)
{
	struct rig_record *r = rig_record(s, name);

	if (!r) {
		if (s->n == RIG_RECORDS)
			abort();
		r = &s->record[s->n++];
		*r = (struct rig_record){ .len = 0 };
		snprintf(r->name, sizeof(r->name), "%s", name);
	}
	free(r->data);
	r->data = malloc(len ? len : 1);
	if (!r->data)
		abort();
	memcpy(r->data, data, len);
	r->len = len;
}

void rig_store_clear(struct rig_store *s)
{
	while (s->n)
		free(s->record[--s->n].data);
}

static long nv_load(void *ctx, const char *rec, void *buf, size_t max)
{
	struct rig *r = ctx;
	const struct rig_record *found = r->store ? rig_record(r->store, rec) : NULL;

	if (!found)
		return NV_ABSENT;
	if (found->len > max)
		return NV_TOO_LONG;
	memcpy(buf, found->data, found->len);
	return (long)found->len;
}

static int nv_store(void *ctx, const char *rec, const void *buf, size_t len)
{
	struct rig *r = ctx;

	if (r->store && r->store->storing &&
		!r->store->storing(r->store->ctx, rec, buf, len))
		return -1;
	if (r->store) {
		r->store->stores++;
		rig_record_put(r->store, rec, buf, len);
	}
	return 0;
}

static void nv_damaged(void *ctx, const char *rec, const char *what, const char *holds)
{
	struct rig *r = ctx;

	if (!r->store)
		return;
	r->store->damaged++;
	snprintf(r->store->what, sizeof(r->store->what), "%s %s: %s", rec, what, holds);
}

static void on_log(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	struct rig *r = ctx;

	(void)cat;
	(void)level;
	if (r->store)
		snprintf(r->store->what, sizeof(r->store->what), "%s", text);
}

static bool init_on(struct rig *r, const struct profile *p, unsigned n,
	const struct unit_numbers *numbers, struct rig_store *store, void *mem)
{
	const struct nv_ops kept = {
		.ctx = r, .load = nv_load, .store = nv_store, .damaged = nv_damaged
	};
	const struct ports ports = {
		.ctx = r,
		.tx_room = tx_room,
		.tx = tx,
		.lines = lines,
		.packets = packets,
		.packet = packet,
		.notify = notify,
		.nv = store ? kept : (struct nv_ops){ .ctx = NULL },
	};
	struct modem_options options = { .seed = 1,
		.ports = n,
		.numbers = numbers,
		.speed = 1,
		.clock = MODEM_CLOCK,
		.log = { .line = on_log, .ctx = r } };
	unsigned port;
	int i;

	for (i = 0; store && i < LOG_CATS; i++)
		options.log.level[i] = LOG_LEVEL_WARN;
	r->profile = p;
	r->now = 0;
	rig_clear(r);
	r->notify = NULL;
	memset(&r->ip, 0, sizeof(r->ip));
	r->store = store;
	r->modem = modem_init(mem, p, &ports, &options);
	if (!r->modem)
		return false;
	for (port = 0; port < n; port++)
		modem_dtr(r->modem, port, 0, true);
	return true;
}

bool rig_init_on(
	struct rig *r, const struct profile *p, struct rig_store *store, void *mem)
{
	memset(mem, 0, modem_size(p, 1));
	return init_on(r, p, 1, NULL, store, mem);
}

bool rig_init_unit_on(struct rig *r, const struct profile *p,
	const struct unit_numbers *numbers, struct rig_store *store, void *mem)
{
	memset(mem, 0, modem_size(p, 1));
	return init_on(r, p, 1, numbers, store, mem);
}

static void init(struct rig *r, const struct profile *p, unsigned ports,
	const struct unit_numbers *numbers)
{
	void *mem = calloc(1, modem_size(p, ports));

	if (!mem || !init_on(r, p, ports, numbers, NULL, mem))
		abort();
}

void rig_init_zeroed(struct rig *r, const struct profile *p, void *mem)
{
	if (!init_on(r, p, 1, NULL, NULL, mem))
		abort();
}

void rig_init_ports(struct rig *r, const struct profile *p, unsigned ports)
{
	init(r, p, ports, NULL);
}

void rig_init_unit(
	struct rig *r, const struct profile *p, const struct unit_numbers *numbers)
{
	init(r, p, 1, numbers);
}

void rig_init(struct rig *r, const struct profile *p)
{
	rig_init_ports(r, p, 1);
}

void rig_free(struct rig *r)
{
	free(r->modem);
	r->modem = NULL;
}

void rig_boot(struct rig *r)
{
	modem_power(r->modem, r->now, true);
	r->now = modem_settle(r->modem, MODEM_BOOT);
	rig_clear(r);
}

void rig_type(struct rig *r, const void *bytes, size_t len)
{
	rig_type_at(r, 0, bytes, len);
}

void rig_type_at(struct rig *r, unsigned port, const void *bytes, size_t len)
{
	const char *p = bytes;
	size_t room, n;

	while (len) {
		room = modem_rx_room(r->modem, port);
		n = len < room ? len : room;
		if (!n) {
			rig_pass(r, SEC(1));
			continue;
		}
		modem_rx(r->modem, port, r->now, p, n);
		p += n;
		len -= n;
	}
}

void rig_pass(struct rig *r, usec_t time)
{
	usec_t end = r->now + time, next;

	while ((next = modem_next(r->modem)) <= end) {
		r->now = next > r->now ? next : r->now;
		modem_advance(r->modem, r->now);
	}
	r->now = end;
	modem_advance(r->modem, r->now);
}

void rig_clear(struct rig *r)
{
	size_t i;

	r->len = 0;
	for (i = 0; i < RIG_PORTS - 1; i++)
		r->more[i].len = 0;
}

void rig_say(struct rig *r, const char *text, usec_t time)
{
	rig_type(r, text, strlen(text));
	rig_pass(r, time);
}

int rig_begin(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	rig_init(r, rig_profile("fastrack-supreme-20-r74"));
	rig_boot(r);
	*state = r;
	return 0;
}

int rig_end(void **state)
{
	struct rig *r = *state;
	/* rig_begin() made it */
	struct profile *p = (struct profile *)r->profile;

	rig_free(r);
	rig_profile_free(p);
	free(r);
	return 0;
}
