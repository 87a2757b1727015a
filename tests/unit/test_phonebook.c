/* gsm/contact, gsm/phonebook, gsm/sim_lock: entries as octets, order, search, the FD
 * list, locks of the modem. */
#include "unit.h"

#include <string.h>

#include "gsm/phonebook.h"
#include "gsm/sim_lock.h"

static const struct charset gsm = { .id = CHARSET_GSM, .policy = CHARSET_REFUSE };
static const struct charset ucs2 = { .id = CHARSET_UCS2, .policy = CHARSET_REFUSE };

static struct contact entry(const char *number, const char *text)
{
	struct contact c = { 0 };

	contact_set_utf8(&c, text);
	assert_int_equal(contact_set_number(&c, number, strlen(number), 0, 20), 0);
	return c;
}

static void assert_text(
	const struct contact *c, const struct charset *cs, const char *want)
{
	char mem[200];
	struct buf b;

	buf_init(&b, mem, sizeof(mem) - 1);
	contact_put_text(c, cs, &b);
	mem[b.len] = '\0';
	assert_string_equal(mem, want);
}

/* ---- entries --------------------------------------------------------------------- */

static void numbers_have_a_length_and_an_alphabet(void **state)
{
	struct contact c = { 0 };
	char out[CONTACT_NUMBER + 2];

	(void)state;
	assert_int_equal(contact_set_number(&c, "+336", 4, 0, 3), CONTACT_OK);
	assert_int_equal(c.type, 145);
	assert_string_equal(contact_number(&c, out), "+336");
	assert_int_equal(contact_set_number(&c, "12P*#?", 6, 1, 20), CONTACT_OK);
	assert_int_equal(c.type, 129);
	assert_string_equal(contact_number(&c, out), "12p*#?");
	assert_int_equal(contact_set_number(&c, "1234", 4, 0, 3), CONTACT_NUMBER_LONG);
	assert_int_equal(contact_set_number(&c, "", 0, 0, 3), CONTACT_NUMBER_EMPTY);
	assert_int_equal(contact_set_number(&c, "+", 1, 0, 3), CONTACT_NUMBER_EMPTY);
	assert_int_equal(contact_set_number(&c, "1+2", 3, 0, 3), CONTACT_NUMBER_BAD);
	assert_int_equal(contact_set_number(&c, "1\0002", 3, 0, 3), CONTACT_NUMBER_BAD);
}

static void text_is_gsm_or_ucs2(void **state)
{
	struct contact c = { 0 };

	(void)state;
	assert_int_equal(contact_set_text(&c, &ucs2, "00410042", 8, 10), CONTACT_OK);
	assert_int_equal(c.text_len, 2);
	assert_text(&c, &gsm, "AB");
	assert_int_equal(contact_set_text(&c, &ucs2, "0410", 4, 10), CONTACT_OK);
	assert_int_equal(c.text_len, 3);
	assert_text(&c, &gsm, "800410FFFF");
	assert_text(&c, &ucs2, "0410");
	assert_int_equal(contact_set_text(&c, &ucs2, "04100411041204130414", 20, 10),
		CONTACT_TEXT_LONG);
	assert_int_equal(contact_set_text(&c, &ucs2, "041", 3, 10), CONTACT_TEXT_BAD);
	assert_int_equal(
		contact_set_text(&c, &gsm, "8000410042FFFF", 14, 10), CONTACT_OK);
	assert_int_equal(c.text_len, 5);
	assert_text(&c, &gsm, "8000410042FFFF");
}

static void a_record_is_as_gsm_11_11_has_it(void **state)
{
	static const uint8_t want[10 + CONTACT_TAIL] = { 'E', 'v', 'e', 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0x06, 0x91, 0x33, 0x16, 0x32, 0xa4, 0xfb, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct contact c = entry("+3361234*#", "Eve"), back;
	uint8_t record[10 + CONTACT_TAIL];

	(void)state;
	/* 33 61 23 4* #: nibbles are swapped, F is padding */
	contact_encode(&c, 10, record);
	assert_memory_equal(record, want, sizeof(want));
	assert_true(contact_decode(&back, 10, record));
	assert_string_equal(back.number, c.number);
	assert_int_equal(back.type, c.type);
	assert_int_equal(back.text_len, 3);
	assert_memory_equal(back.text, c.text, 3);
	contact_encode(NULL, 10, record);
	assert_true(contact_decode(&back, 10, record));
	assert_int_equal(back.type, 0);
	record[10] = 12; /* longer than its field */
	assert_false(contact_decode(&back, 10, record));
	record[10] = 2;
	record[12] = 0x0e; /* E is not a digit */
	assert_false(contact_decode(&back, 10, record));
}

static void plus_and_00_are_the_same_number(void **state)
{
	struct contact a = entry("+336", "a"), b = entry("00336", "b"),
		       c = entry("336", "c");

	(void)state;
	assert_true(contact_same_number(&a, &b));
	assert_false(contact_same_number(&a, &c));
	assert_true(contact_same_number(&c, &c));
}

/* GDW-11 p. 70: +331290101 finds 01290101, and the reverse. */
static void a_country_code_stands_for_a_zero(void **state)
{
	struct contact national = entry("01290101", "a"), other = entry("01290102", "b"),
		       international = entry("+331290101", "c"),
		       far = entry("+99991290101", "d"), bare = entry("1290101", "e"),
		       zero = entry("0", "f");

	(void)state;
	assert_true(contact_same_subscriber(&national, &international));
	assert_true(contact_same_subscriber(&international, &national));
	assert_true(contact_same_subscriber(&national, &national));
	assert_false(contact_same_subscriber(&other, &international));
	assert_false(contact_same_subscriber(&national, &far));
	assert_false(contact_same_subscriber(&bare, &international));
	assert_false(contact_same_subscriber(&zero, &international));
}

/* ---- books ----------------------------------------------------------------------- */

static struct profile profile;
static struct contact place[64];
static struct books books;

static int begin_books(void **state)
{
	(void)state;
	memset(&profile, 0, sizeof(profile));
	profile.device.phonebook = 3;
	profile.device.phonebook_text = 20;
	profile.device.call_lists = 3;
	profile.sim.books[BOOK_SM] = (struct book_conf){
		.present = true, .capacity = 4, .number_max = 20, .text_max = 10
	};
	profile.sim.books[BOOK_FD] = profile.sim.books[BOOK_SM];
	assert_true(books_size(&profile) <= sizeof(place));
	memset(place, 0, sizeof(place));
	books_init(&books, &profile, NULL, place);
	return 0;
}

static void put(enum book_id id, int index, const char *number, const char *text)
{
	struct contact c = entry(number, text);

	book_put(&books, id, index, &c);
}

static void mt_is_sm_followed_by_me(void **state)
{
	enum book_id id = BOOK_MT;
	int index = 6;

	(void)state;
	assert_int_equal(book_capacity(&books, BOOK_MT), 7);
	put(BOOK_MT, 6, "1", "in ME");
	book_resolve(&books, &id, &index);
	assert_int_equal(id, BOOK_ME);
	assert_int_equal(index, 2);
	assert_non_null(book_at(&books, BOOK_ME, 2));
	assert_int_equal(book_used(&books, BOOK_MT), 1);
	assert_int_equal(book_free_place(&books, BOOK_MT), 1);
	assert_null(book_at(&books, BOOK_MT, 8));
	assert_null(book_at(&books, BOOK_MT, 0));
}

static void neighbours_go_by_the_alphabet(void **state)
{
	(void)state;
	put(BOOK_SM, 1, "1", "bob");
	put(BOOK_SM, 2, "2", "Alice");
	put(BOOK_SM, 4, "3", "Bob");
	assert_int_equal(book_next(&books, BOOK_SM, 0, false), 2);
	assert_int_equal(book_next(&books, BOOK_SM, 2, false), 1);
	assert_int_equal(book_next(&books, BOOK_SM, 1, false), 4);
	assert_int_equal(book_next(&books, BOOK_SM, 4, false), 0);
	assert_int_equal(book_next(&books, BOOK_SM, 0, true), 4);
	assert_int_equal(book_next(&books, BOOK_SM, 2, true), 0);
	assert_int_equal(book_next(&books, BOOK_FD, 0, false), 0);
}

static void entries_that_begin_alike_go_by_index_in_mt(void **state)
{
	const struct contact any = { 0 };

	(void)state;
	put(BOOK_SM, 1, "1", "Zoe");
	put(BOOK_SM, 2, "2", "Ann");
	put(BOOK_ME, 1, "3", "Max");
	assert_int_equal(book_next_like(&books, BOOK_SM, 0, &any), 2);
	assert_int_equal(book_next_like(&books, BOOK_MT, 0, &any), 1);
	assert_int_equal(book_next_like(&books, BOOK_MT, 2, &any), 5);
	assert_int_equal(book_next_like(&books, BOOK_MT, 5, &any), 0);
}

static void the_modem_has_emergency_numbers(void **state)
{
	struct book_conf *card = &profile.sim.books[BOOK_EN];

	(void)state;
	assert_int_equal(book_used(&books, BOOK_EN), 4);
	assert_string_equal(book_at(&books, BOOK_EN, 4)->number, "08");
	*card = (struct book_conf){ .capacity = 2, .number_max = 20, .n_entries = 2 };
	card->entries[0] = (struct book_entry){ .index = 1, .number = "112" };
	card->entries[1] = (struct book_entry){ .index = 2, .number = "17" };
	memset(place, 0, sizeof(place));
	books_init(&books, &profile, NULL, place);
	assert_int_equal(book_capacity(&books, BOOK_EN), 5);
	assert_string_equal(book_at(&books, BOOK_EN, 2)->number, "17");
	assert_string_equal(book_at(&books, BOOK_EN, 5)->number, "08");
}

static void a_group_turns_its_contacts_away(void **state)
{
	struct contact c = entry("01290101", "a");

	(void)state;
	c.group = 3;
	book_put(&books, BOOK_ME, 1, &c);
	assert_int_equal(book_group_used(&books, 3), 1);
	assert_false(books_refuse(&books, "+331290101"));
	books.group[2].refused = true;
	assert_false(books_refuse(&books, "+331290101"));
	books.group[2].name.type = CONTACT_NATIONAL;
	assert_true(book_group_exists(&books, 3));
	assert_true(books_refuse(&books, "+331290101"));
	assert_false(books_refuse(&books, "+331290102"));
	assert_false(book_group_exists(&books, 0));
	assert_false(book_group_exists(&books, BOOK_GROUPS + 1));
}

static void a_call_comes_first_and_once(void **state)
{
	static const char *const numbers[] = { "1", "2", "3", "1", "4" };
	static const char *const want[] = { "4", "1", "3" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct contact c = entry(numbers[i], "");

		book_push(&books, BOOK_LD, &c);
	}
	for (i = 0; i < 3; i++)
		assert_string_equal(
			book_at(&books, BOOK_LD, (int)i + 1)->number, want[i]);
}

static void fixed_dialling_goes_by_beginnings(void **state)
{
	(void)state;
	assert_false(books_fixed_allows(&books, "0129", 4));
	put(BOOK_FD, 1, "0129", "");
	put(BOOK_FD, 2, "+33", "");
	put(BOOK_FD, 3, "8??1", "");
	assert_true(books_fixed_allows(&books, "0129", 4));
	assert_true(books_fixed_allows(&books, "01290917", 8));
	assert_false(books_fixed_allows(&books, "012", 3));
	assert_true(books_fixed_allows(&books, "+33612", 6));
	assert_false(books_fixed_allows(&books, "33612", 5));
	assert_true(books_fixed_allows(&books, "8561", 4));
	assert_false(books_fixed_allows(&books, "8562", 4));
}

/* ---- locks ----------------------------------------------------------------------- */

static const struct sim_conf card = { .imsi = "208010000000017", .mnc_digits = 2 };
static const struct sim_conf other = { .imsi = "208100000000017", .mnc_digits = 2 };
static const struct sim_conf test_card = { .imsi = "001010000000017", .mnc_digits = 2 };

static void a_lock_refuses_other_sims(void **state)
{
	struct sim_locks l;

	(void)state;
	sim_locks_init(&l, "12345678");
	assert_int_equal(sim_locks_refuse(&l, &other, other.imsi), LOCKS);
	assert_int_equal(
		sim_lock_set(&l, LOCK_PN, true, "12345678", NULL, &card, card.imsi),
		LOCK_DONE);
	assert_int_equal(
		sim_lock_set(&l, LOCK_PN, true, "12345678", NULL, &card, card.imsi),
		LOCK_NOT_NOW);
	assert_int_equal(sim_locks_refuse(&l, &card, card.imsi), LOCKS);
	assert_int_equal(sim_locks_refuse(&l, &other, other.imsi), LOCK_PN);
	assert_int_equal(sim_locks_refuse(&l, &test_card, test_card.imsi), LOCKS);
	assert_int_equal(sim_lock_change(&l, LOCK_PN, "12345678", "87654321"), LOCK_DONE);
	assert_int_equal(
		sim_lock_set(&l, LOCK_PN, false, "87654321", NULL, &card, card.imsi),
		LOCK_DONE);
	assert_int_equal(sim_locks_refuse(&l, &other, other.imsi), LOCKS);
}

static void ten_wrong_keys_close_a_lock_for_ever(void **state)
{
	struct sim_locks l;
	int i;

	(void)state;
	sim_locks_init(&l, "12345678");
	for (i = 0; i < SIM_LOCK_TRIES; i++)
		assert_int_equal(sim_lock_set(&l, LOCK_PS, true, "11111111", NULL, &card,
					 card.imsi),
			LOCK_WRONG);
	assert_int_equal(
		sim_lock_set(&l, LOCK_PS, true, "12345678", NULL, &card, card.imsi),
		LOCK_NOT_NOW);
}

#define BOOKS(name) cmocka_unit_test_setup(name, begin_books)

static const struct CMUnitTest tests[] = {
	UNIT(numbers_have_a_length_and_an_alphabet),
	UNIT(text_is_gsm_or_ucs2),
	UNIT(a_record_is_as_gsm_11_11_has_it),
	UNIT(plus_and_00_are_the_same_number),
	UNIT(a_country_code_stands_for_a_zero),
	BOOKS(entries_that_begin_alike_go_by_index_in_mt),
	BOOKS(the_modem_has_emergency_numbers),
	BOOKS(a_group_turns_its_contacts_away),
	BOOKS(mt_is_sm_followed_by_me),
	BOOKS(neighbours_go_by_the_alphabet),
	BOOKS(a_call_comes_first_and_once),
	BOOKS(fixed_dialling_goes_by_beginnings),
	UNIT(a_lock_refuses_other_sims),
	UNIT(ten_wrong_keys_close_a_lock_for_ever),
};

UNIT_MAIN(tests)
