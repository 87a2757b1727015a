/* Damaged records: every truncation and bit flip of every kind of record is refused by
 * name before anything is written, intact records are loaded as stored, and records of
 * older versions (tests/state) load. */
#include "unit.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at/store.h"
#include "at/tables.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/record.h"

#define PROFILE "fastrack-supreme-20-r74"
#define ENDS    64 /* number of bytes at either end in which each bit is flipped */

static struct profile *profile;
static struct rig_store store;
static struct rig rig;
static void *mem;

static int begin(void **state)
{
	(void)state;
	profile = rig_profile(PROFILE);
	mem = malloc(modem_size(profile, 1));
	return mem ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	free(mem);
	rig_store_clear(&store);
	rig_profile_free(profile);
	return 0;
}

static void say(const char *line)
{
	rig_say(&rig, line, SEC(6));
	rig_say(&rig, "\r", SEC(6));
}

/* A neighbour, which never answers. */

static bool has(void *ctx, const struct address *a)
{
	(void)ctx;
	return a->len == 10;
}

static void send(void *ctx, const struct sms_post *p)
{
	(void)ctx;
	(void)p;
}

static void done(void *ctx, uint64_t sender, uint64_t ref, int status)
{
	(void)ctx;
	(void)sender;
	(void)ref;
	(void)status;
}

static uint64_t life(void *ctx)
{
	(void)ctx;
	return 7;
}

static void message_of_a_neighbour(void)
{
	struct sms_post p = { .sender = 9, .ref = 4, .left = SEC(3600) };

	tpdu_init(&p.t, TPDU_DELIVER);
	address_parse(&p.t.address, "0699999999", 10, 0);
	assert_int_equal(modem_sms_deliver(rig.modem, rig.now, &p), SMS_TAKEN);
	assert_int_equal(modem_sms_deliver(rig.modem, rig.now, &p), SMS_REPEATED);
}

/* A modem that has written one record of every kind. */
static void fill(void)
{
	rig_store_clear(&store);
	assert_true(rig_init_on(&rig, profile, &store, mem));
	rig_boot(&rig);
	say("AT+CPBS=\"SM\";+CPBW=1,\"+33612345678\",145,\"Alice\"");
	say("AT+CPBS=\"ME\";+CPBW=17,\"0612345678\",129,\"Bob\"");
	say("AT+CGDCONT=1,\"IP\",\"internet.example\"");
	say("AT+CMGF=1;+CMGW=\"0612345678\"");
	say("a draft\x1a");
	rig.modem->ports.neighbours = (struct neighbour_ports){
		.has = has, .send = send, .done = done, .life = life
	};
	say("AT+CMGS=\"0699999999\"");
	say("to a neighbour\x1a");
	say("ATS0=3&W");
	say("ATD0612345678;");
	say("ATH");
	message_of_a_neighbour();
	assert_true(flash_store(&rig.modem->flash));
	modem_close(rig.modem, rig.now);
}

/* Loads this record into the present modem. */
static bool load_one(const char *name)
{
	bool plain = false;

	if (!strcmp(name, "device"))
		return nv_load_device(rig.modem);
	if (!strcmp(name, "flash"))
		return flash_load(&rig.modem->flash, &plain);
	if (!strcmp(name, "settings"))
		return at_settings_load(rig.modem);
	return nv_load(rig.modem);
}

static void assert_refused(struct rig_record *r)
{
	size_t len = strlen(r->name);

	store.damaged = 0;
	store.what[0] = '\0';
	assert_false(load_one(r->name));
	assert_true(store.damaged >= 1);
	if (store.damaged == 1) {
		assert_memory_equal(store.what, r->name, len);
		assert_int_equal(store.what[len], ' ');
	}
}

static void try_damage(struct rig_record *r)
{
	size_t len = r->len, i, bit;
	char *whole = r->data;

	for (r->len = 0; r->len < len; r->len++) {
		/* a block of exactly that size, so that a read past its end is detected
		 */
		r->data = malloc(r->len ? r->len : 1);
		assert_non_null(r->data);
		memcpy(r->data, whole, r->len);
		assert_refused(r);
		free(r->data);
	}
	r->data = whole;
	for (i = 0; i < len; i++) {
		if (i == ENDS && len > 2 * ENDS)
			i = len - ENDS;
		for (bit = 0; bit < 8; bit++) {
			whole[i] = (char)(whole[i] ^ 1 << bit);
			assert_refused(r);
			whole[i] = (char)(whole[i] ^ 1 << bit);
		}
	}
	assert_true(load_one(r->name));
}

static void damage_is_refused_and_nothing_written(void **state)
{
	unsigned long stores;
	size_t i;

	(void)state;
	fill();
	assert_true(store.n >= 24);
	stores = store.stores;
	for (i = 0; i < store.n; i++)
		try_damage(&store.record[i]);
	assert_int_equal(store.stores, stores);
	/* and with a whole start: all damaged records are reported, nothing is written */
	for (i = 0; i < store.n; i++)
		if (strcmp(store.record[i].name, "device") != 0)
			store.record[i].len--;
	store.damaged = 0;
	assert_false(rig_init_on(&rig, profile, &store, mem));
	assert_int_equal(store.damaged, store.n - 1);
	assert_int_equal(store.stores, stores);
}

static void strange_contents_are_refused(void **state)
{
	static const char zeros[200];
	char random[200], text[256];
	struct rig_record *r, kept;
	unsigned seed = 1;
	size_t i, k, len;

	(void)state;
	fill();
	for (i = 0; i < sizeof(random); i++) {
		seed = seed * 1103515245u + 12345u;
		random[i] = (char)(seed >> 16);
	}
	for (i = 0; i < store.n; i++) {
		const struct {
			const char *data;
			size_t len;
		} strange[] = {
			{ "", 0 },
			{ zeros, sizeof(zeros) },
			{ random, sizeof(random) },
			{ "fauxtrack other 2 00000000 00000000\n", 36 },
			{ text, 0 },
		};

		r = &store.record[i];
		kept = *r;
		/* a record of a newer version */
		len = (size_t)snprintf(text, sizeof(text), "fauxtrack %s 9\n", r->name);
		for (k = 0; k < sizeof(strange) / sizeof(strange[0]); k++) {
			r->data = (char *)strange[k].data;
			r->len = strange[k].data == text ? len : strange[k].len;
			assert_refused(r);
		}
		/* something after its end */
		r->data = malloc(kept.len + 1);
		assert_non_null(r->data);
		memcpy(r->data, kept.data, kept.len);
		r->data[kept.len] = '\n';
		r->len = kept.len + 1;
		assert_refused(r);
		free(r->data);
		*r = kept;
	}
}

/* A correct checksum over a wrong value. */
static void wrong_values_are_refused_by_name(void **state)
{
	static const struct {
		struct record_kind kind;
		const char *key, *value;
	} wrong[] = {
		{ { "sim", 2, 1, "" }, "pin_tries", "9" },
		{ { "sim", 2, 1, "" }, "pin", "123456789012345678901234567890" },
		{ { "clock", 2, 1, "" }, "time", "soon" },
		{ { "clock", 2, 1, "" }, "alarm.3", "999999999999999999" },
		{ { "settings", 2, 1, "" }, "S0", "three" },
		{ { "settings", 2, 1, "" }, "S0", "99999999999" },
		{ { "books", 2, 1, "" }, "SM", "00" },
		{ { "gprs", 2, 1, "" }, "1.context", "9" },
		{ { "messages-sm", 2, 1, "" }, "1", "xx" },
		{ { "messages-sm", 2, 1, "" }, "last", "1 x" },
		{ { "messages-out", 2, 1, "" }, "life", "0" },
		{ { "messages-out", 2, 1, "" }, "message", "1 0 0 never 00" },
		{ { "messages-out", 2, 1, "" }, "last", "18446744073709551616" },
		{ { "messages-in", 2, 1, "" }, "sender", "9 5 6" },
		{ { "messages-in", 2, 1, "" }, "sender", "9 5 5:256" },
		{ { "messages-in", 2, 1, "" }, "sender", "9 5 5:0 5:0" },
		{ { "messages-in", 2, 1, "" }, "message", "9 0 never 00" },
		{ { "book-SM-1", 2, 1, "" }, "99", "145 +1 -" },
	};
	char record[256], line[64];
	struct buf b;
	size_t i, begun;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		fill();
		buf_init(&b, record, sizeof(record));
		begun = record_begin(&b, &wrong[i].kind);
		record_put_text(&b, wrong[i].key, wrong[i].value);
		record_end(&b, begun);
		rig_record_put(&store, wrong[i].kind.name, b.data, b.len);
		store.stores = 0;
		assert_false(rig_init_on(&rig, profile, &store, mem));
		assert_int_equal(store.stores, 0);
		snprintf(line, sizeof(line), "%s has a bad line: %s", wrong[i].kind.name,
			wrong[i].key);
		assert_memory_equal(store.what, line, strlen(line));
	}
}

static void numbers_in_other_forms_are_refused(void **state)
{
	static const char *const none[] = { "", "-", "+1", " 1", "1 ", "0x1", "1.0",
		"12345678901234567890" };
	struct record r = { .len = 0 };
	int64_t n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		r.value = none[i];
		r.len = strlen(none[i]);
		assert_false(record_int(&r, &n));
	}
}

/* ---- older versions -------------------------------------------------------------- */

static void read_folder(const char *folder)
{
	char path[400], data[65536];
	const struct dirent *e;
	DIR *list;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", getenv("STATE_FOLDERS"), folder);
	list = opendir(path);
	assert_non_null(list);
	rig_store_clear(&store);
	while ((e = readdir(list))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/%s", getenv("STATE_FOLDERS"), folder,
			e->d_name);
		f = fopen(path, "rb");
		assert_non_null(f);
		rig_record_put(&store, e->d_name, data, fread(data, 1, sizeof(data), f));
		fclose(f);
	}
	closedir(list);
}

static void old_folders_load_and_are_written_anew(void **state)
{
	size_t i, n;

	(void)state;
	read_folder("1de5a07/r74-used");
	n = store.n;
	assert_true(rig_init_on(&rig, profile, &store, mem));
	assert_non_null(strstr(store.what, "being rewritten"));
	assert_true(store.n >= n);
	for (i = 0; i < store.n; i++) {
		const char *eol = memchr(store.record[i].data, '\n', store.record[i].len);

		/* "... 00000123 89abcdef" */
		assert_true(eol && eol[-9] == ' ' && eol[-18] == ' ');
	}
	assert_string_equal(rig.modem->sim.chv1.pin, "4711");
	assert_true(rig.modem->sim.pin_enabled);
	assert_int_equal(rig.modem->user.common.s0, 3);
	assert_int_equal(rig.modem->user.common.gprs_detached, 1);
	/* 12/03/04,05:06:07 was set shortly after 10/01/01,12:00 */
	assert_true(clock_now(&rig.modem->clock) >= 1330837559);
	rig_boot(&rig);
	say("AT+CPIN=\"4711\"");
	rig_clear(&rig);
	say("AT+CPBS=\"SM\";+CPBR=1;+CMGF=1;+CMGR=1");
	rig.out[rig.len < sizeof(rig.out) ? rig.len : sizeof(rig.out) - 1] = '\0';
	assert_non_null(strstr(rig.out, "+905321112233"));
	assert_non_null(strstr(rig.out, "a draft"));
	/* the second start reports nothing, and writes nothing */
	modem_close(rig.modem, rig.now);
	store.what[0] = '\0';
	store.stores = 0;
	assert_true(rig_init_on(&rig, profile, &store, mem));
	assert_string_equal(store.what, "");
	assert_int_equal(store.stores, 0);
}

/* Every setting has a value that is valid on no firmware: the factory values apply, and
 * the stored ones are kept. */
static void values_of_no_firmware_stay_stored_and_do_nothing(void **state)
{
	static const struct record_kind kind = { "settings", 3, 1, "" };
	static const int strange[] = { INT_MAX, INT_MIN, -1, 9 };
	static char keys[32768], record[65536];
	struct settings factory;
	struct buf b, all;
	char *line, *rest;
	size_t i, begun;

	(void)state;
	for (i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		fill();
		at_set_factory(at_tables_of(rig.modem), &factory);
		buf_init(&all, keys, sizeof(keys) - 1);
		at_settings_dump(rig.modem, &all);
		keys[all.len] = '\0';
		buf_init(&b, record, sizeof(record));
		begun = record_begin(&b, &kind);
		for (line = strtok_r(keys, "\n", &rest); line;
			line = strtok_r(NULL, "\n", &rest))
			if (strchr(line, ' '))
				record_put(&b, strtok(line, " "), strange[i]);
		record_end(&b, begun);
		rig_record_put(&store, kind.name, b.data, b.len);
		assert_true(rig_init_on(&rig, profile, &store, mem));
		rig_boot(&rig);
		assert_int_equal(rig.modem->live.wpcs, factory.common.wpcs);
		assert_int_equal(rig.modem->user.common.wpcs, strange[i]);
		say("AT&V;+WPCS?;+CSCS?;+CPBS=\"SM\";+CPBR=1,50");
		say("ATZ");
		assert_int_equal(rig.modem->live.wpcs, factory.common.wpcs);
		say("AT&V;+CRES;+CSMP?;+CNMI?;+WMBS?;+WIOM?");
		modem_close(rig.modem, rig.now);
	}
}

/* Up to version 2 the mode 0 of +WGPRS was stored as "attach", where 1 meant attached. */
static void an_older_attach_setting_is_inverted_once(void **state)
{
	static const struct record_kind older = { "settings", 2, 1, "" };
	char record[128];
	struct buf b;
	size_t begun;
	int attach, start;

	(void)state;
	for (attach = 0; attach < 2; attach++) {
		rig_store_clear(&store);
		buf_init(&b, record, sizeof(record));
		begun = record_begin(&b, &older);
		record_put(&b, "S0", 3);
		record_put(&b, "+WGPRS.attach", attach);
		record_end(&b, begun);
		rig_record_put(&store, older.name, b.data, b.len);
		/* as stored, as rewritten, and once more */
		for (start = 0; start < 3; start++) {
			assert_true(rig_init_on(&rig, profile, &store, mem));
			assert_int_equal(rig.modem->user.common.s0, 3);
			assert_int_equal(rig.modem->user.common.gprs_detached, !attach);
			assert_true(at_settings_save(rig.modem));
			modem_close(rig.modem, rig.now);
		}
	}
}

/* A cut inside a line is detected in an old record too; other damage is not. */
static void old_records_cut_inside_a_line_are_refused(void **state)
{
	struct rig_record *r;

	(void)state;
	read_folder("1de5a07/r74-used");
	for (r = store.record; r < store.record + store.n; r++) {
		r->len--;
		assert_false(rig_init_on(&rig, profile, &store, mem));
		r->len++;
	}
	assert_true(rig_init_on(&rig, profile, &store, mem));
}

static void another_device_is_refused_by_name(void **state)
{
	struct profile *other = rig_profile("m1306b-r657");
	void *memory = malloc(modem_size(other, 1));
	struct rig second;

	(void)state;
	assert_non_null(memory);
	fill();
	store.stores = 0;
	assert_false(rig_init_on(&second, other, &store, memory));
	assert_int_equal(store.stores, 0);
	assert_non_null(strstr(store.what, "fastrack-supreme-20"));
	assert_non_null(strstr(store.what, "m1306b"));
	assert_non_null(strstr(store.what, "--profile " PROFILE));
	free(memory);
	rig_profile_free(other);
}

static void another_firmware_is_reported_and_the_records_are_used(void **state)
{
	struct profile *other = rig_profile("fastrack-supreme-20-r663");
	void *memory = malloc(modem_size(other, 1));
	struct rig second;
	int i;

	(void)state;
	assert_non_null(memory);
	fill();
	for (i = 0; i < 2; i++) { /* each time */
		store.what[0] = '\0';
		assert_true(rig_init_on(&second, other, &store, memory));
		assert_string_equal(second.modem->fw->name, "r74");
		assert_non_null(strstr(store.what, PROFILE));
		assert_non_null(strstr(store.what, "fastrack-supreme-20-r663"));
	}
	store.what[0] = '\0';
	assert_true(rig_init_on(&rig, profile, &store, mem));
	assert_string_equal(store.what, "");
	free(memory);
	rig_profile_free(other);
}

/* ---- the clock ------------------------------------------------------------------- */

static int64_t clock_of_next_start(void)
{
	int64_t time;

	assert_true(rig_init_on(&rig, profile, &store, mem));
	time = clock_now(&rig.modem->clock);
	return time;
}

static void the_clock_goes_on_where_it_stopped(void **state)
{
	int64_t set = 1330837567, stopped;

	(void)state;
	fill();
	assert_true(rig_init_on(&rig, profile, &store, mem));
	rig_boot(&rig);
	say("AT+CCLK=\"12/03/04,05:06:07\"");
	rig_pass(&rig, SEC(500));
	stopped = clock_now(&rig.modem->clock);
	assert_true(stopped >= set + 500);
	modem_close(rig.modem, rig.now);
	assert_int_equal(clock_of_next_start(), stopped);
	/* universal time too: networks use it to date messages */
	assert_int_equal(rig.modem->smsc.epoch, clock_world(&rig.modem->clock));
	assert_true(clock_world(&rig.modem->clock) > 1262347200 + 500);
}

static void a_kill_loses_less_than_a_minute(void **state)
{
	int64_t at;

	(void)state;
	fill();
	assert_true(rig_init_on(&rig, profile, &store, mem));
	rig_boot(&rig);
	rig_pass(&rig, SEC(3600));
	say("ATS0=4&W");
	at = clock_now(&rig.modem->clock);
	/* killed */
	assert_true(clock_of_next_start() > at - 60);
	/* and time that was read never comes again */
	rig_boot(&rig);
	rig_pass(&rig, SEC(30));
	rig_say(&rig, "AT+CCLK?\r", 0);
	at = clock_now(&rig.modem->clock);
	rig_pass(&rig, SEC(5));
	assert_int_equal(clock_of_next_start(), at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(damage_is_refused_and_nothing_written),
		UNIT(strange_contents_are_refused),
		UNIT(wrong_values_are_refused_by_name),
		UNIT(numbers_in_other_forms_are_refused),
		UNIT(values_of_no_firmware_stay_stored_and_do_nothing),
		UNIT(an_older_attach_setting_is_inverted_once),
		UNIT(old_folders_load_and_are_written_anew),
		UNIT(old_records_cut_inside_a_line_are_refused),
		UNIT(another_device_is_refused_by_name),
		UNIT(another_firmware_is_reported_and_the_records_are_used),
		UNIT(the_clock_goes_on_where_it_stopped),
		UNIT(a_kill_loses_less_than_a_minute),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
