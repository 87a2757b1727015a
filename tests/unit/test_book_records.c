/* state/nv_books: after a kill between any two stores, each entry of a phonebook is
 * either old or new, and the call lists are intact. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gsm/phonebook.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/nv_books.h"

#define RECORDS 200

static struct profile *profile;

/* The disk of a modem that is killed before store number `left` reaches it. */
static struct disk {
	struct {
		char name[32], data[2048];
		size_t len;
	} record[RECORDS];
	size_t n;
	int left;
} disk;

static long nv_load(void *ctx, const char *name, void *buf, size_t max)
{
	size_t i;

	(void)ctx;
	for (i = 0; i < disk.n; i++) {
		if (strcmp(disk.record[i].name, name) != 0)
			continue;
		assert_true(disk.record[i].len <= max);
		memcpy(buf, disk.record[i].data, disk.record[i].len);
		return (long)disk.record[i].len;
	}
	return -1;
}

static int nv_store(void *ctx, const char *name, const void *data, size_t len)
{
	size_t i = 0;

	(void)ctx;
	if (!disk.left)
		return 0; /* killed: nothing is stored any more */
	disk.left--;
	while (i < disk.n && strcmp(disk.record[i].name, name) != 0)
		i++;
	assert_true(i < RECORDS && len <= sizeof(disk.record[i].data));
	if (i == disk.n)
		disk.n++;
	snprintf(disk.record[i].name, sizeof(disk.record[i].name), "%s", name);
	memcpy(disk.record[i].data, data, len);
	disk.record[i].len = len;
	return 0;
}

static size_t tx_room(void *ctx, unsigned port)
{
	(void)port;
	(void)ctx;
	return 4096;
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	(void)port;
	(void)ctx;
	(void)buf;
	(void)len;
}

static struct modem *make(void)
{
	const struct ports ports = {
		.tx_room = tx_room,
		.tx = tx,
		.nv = { NULL, nv_load, nv_store, NULL },
	};
	const struct modem_options options = { .seed = 1, .speed = 1 };
	void *mem = calloc(1, modem_size(profile, 1));
	struct modem *m;

	assert_non_null(mem);
	m = modem_init(mem, profile, &ports, &options);
	assert_non_null(m);
	return m;
}

static struct contact entry(const char *number)
{
	struct contact c = { 0 };

	assert_int_equal(contact_set_number(&c, number, strlen(number), 0, 20), 0);
	return c;
}

static void write_entry(struct modem *m, enum book_id id, int index, const char *number)
{
	struct contact c = entry(number);

	book_put(&m->books, id, index, &c);
	assert_true(nv_save_contact(m, id, index, NULL));
}

static void dial(struct modem *m, const char *number)
{
	struct contact c = entry(number);

	book_push(&m->books, BOOK_LD, &c);
	assert_true(nv_save_book(m, BOOK_LD));
}

/* A sequence of changes to the books, one store each. */
static void live(struct modem *m)
{
	char number[16];
	int i;

	write_entry(m, BOOK_SM, 1, "111");
	write_entry(m, BOOK_SM, 2, "222");
	write_entry(m, BOOK_SM, 50, "555");
	write_entry(m, BOOK_ME, 500, "999");
	for (i = 0; i < 12; i++) {
		snprintf(number, sizeof(number), "%d", 100 + i);
		dial(m, number);
	}
}

static bool is(const struct modem *m, enum book_id id, int index, const char *number)
{
	const struct contact *c = book_at(&m->books, id, index);

	return number ? c && !strcmp(c->number, number) : !c;
}

/* Numbers decrease from the newest on, and none occurs twice. */
static void check_list(const struct modem *m)
{
	const struct contact *c;
	int i, newest = 0;

	for (i = 1; i <= book_capacity(&m->books, BOOK_LD); i++) {
		c = book_at(&m->books, BOOK_LD, i);
		if (i == 1 && c)
			newest = atoi(c->number);
		if (newest - i + 1 < 100)
			assert_null(c);
		else
			assert_int_equal(atoi(c->number), newest - i + 1);
	}
}

static void a_kill_leaves_entries_old_or_new(void **state)
{
	const int stores = 16;
	struct modem *m;
	int left;

	(void)state;
	for (left = 0; left <= stores; left++) {
		disk.n = 0;
		disk.left = 1000;
		m = make();
		disk.left = left;
		live(m);
		assert_int_equal(disk.left, 0);
		free(m);
		disk.left = 1000;
		m = make();
		assert_true(is(m, BOOK_SM, 1, left > 0 ? "111" : "33612345678"));
		assert_true(is(m, BOOK_SM, 2, left > 1 ? "222" : "33698765432"));
		assert_true(is(m, BOOK_SM, 3, "0145678901"));
		assert_true(is(m, BOOK_SM, 50, left > 2 ? "555" : NULL));
		assert_true(is(m, BOOK_ME, 500, left > 3 ? "999" : NULL));
		check_list(m);
		assert_int_equal(book_used(&m->books, BOOK_LD), left < 4    ? 0
								: left > 14 ? 10
									    : left - 4);
		free(m);
	}
}

/* A damaged record is refused as a whole. */
static void a_spoilt_record_stops_the_start(void **state)
{
	const struct ports ports = {
		.tx_room = tx_room, .tx = tx, .nv = { NULL, nv_load, nv_store, NULL }
	};
	static const char *const bad[] = {
		"fauxtrack book-SM-1 2\n1 145 336 -\n",
		"fauxtrack book-SM-1 1\n17 145 336 -\n",
		"fauxtrack book-SM-1 1\n0 145 336 -\n",
		"fauxtrack book-SM-1 1\n1 145 33x -\n",
		"fauxtrack book-SM-1 1\n1 145 336 4\n",
		"fauxtrack book-SM-1 1\n1 145 336\n",
		"fauxtrack book-SM-1 1\n1 145 336 - 11\n",
		"fauxtrack book-SM-1 1\n1 145 336 - 1 129 01\n",
		"fauxtrack book-SM-1 1\n1 145 336 - 1 0 - 0 - 0 - 0 - 4 -\n",
	};
	const struct modem_options options = { .seed = 1, .speed = 1 };
	void *mem = malloc(modem_size(profile, 1));
	size_t i;

	(void)state;
	assert_non_null(mem);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		disk.n = 0;
		disk.left = 1000;
		nv_store(NULL, "book-SM-1", bad[i], strlen(bad[i]));
		memset(mem, 0, modem_size(profile, 1));
		assert_null(modem_init(mem, profile, &ports, &options));
	}
	free(mem);
}

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_profile_free(profile);
	return 0;
}

static const struct CMUnitTest tests[] = {
	UNIT(a_kill_leaves_entries_old_or_new),
	UNIT(a_spoilt_record_stops_the_start),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, end);
}
