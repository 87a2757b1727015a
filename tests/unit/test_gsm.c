/* gsm/: clock and alarms, the secrets of the SIM, registration in a small network. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "gsm/clock.h"
#include "gsm/net.h"
#include "gsm/phonebook.h"
#include "gsm/power.h"
#include "gsm/sim.h"

static const struct log silent = { NULL };
static struct sched sched;

/* ---- clock ----------------------------------------------------------------------- */

static struct clock clock_;
static int rang[8], n_rang;

static void ring(void *ctx, int index, int64_t time)
{
	(void)ctx;
	(void)time;
	if (n_rang < 8)
		rang[n_rang++] = index;
}

static int begin_clock(void **state)
{
	(void)state;
	sched_init(&sched, 1);
	clock_init(&clock_, &sched, 0, ring, NULL);
	n_rang = 0;
	return 0;
}

static int64_t parsed(const char *text)
{
	int64_t time = -1;

	assert_true(clock_parse(text, strlen(text), &time));
	return time;
}

static void each_day_of_a_century_comes_back(void **state)
{
	struct clock_time begin = { 1998, 1, 1, 23, 59, 58 }, t;
	int64_t time = clock_join(&begin), same;
	char text[24];
	int days = 0;

	(void)state;
	assert_int_equal(time, 883699198); /* date -u -d 1998-01-01T23:59:58Z +%s */
	for (; days < 36525; days++, time += 86400) {
		clock_print(time, text);
		assert_true(clock_parse(text, strlen(text), &same));
		assert_int_equal(same, time);
	}
	clock_split(time - 86400, &t);
	assert_int_equal(t.year, 2097);
	assert_int_equal(t.month, 12);
	assert_int_equal(t.day, 31);
}

static void years_from_98_are_of_the_last_century(void **state)
{
	struct clock_time t;

	(void)state;
	clock_split(parsed("98/01/01,00:00:00"), &t);
	assert_int_equal(t.year, 1998);
	clock_split(parsed("97/12/31,23:59:59"), &t);
	assert_int_equal(t.year, 2097);
	assert_int_equal(parsed("00/06/09,17:33"), parsed("00/06/09,17:33:00"));
}

static void invalid_dates_are_refused(void **state)
{
	static const char *const bad[] = { "", "00/06/09", "00/13/01,00:00:00",
		"00/00/01,00:00:00", "00/01/00,00:00:00", "01/02/29,00:00:00",
		"00/04/31,00:00:00", "00/01/01,24:00:00", "00/01/01,00:60:00",
		"00/01/01,00:00:60", "00-01-01,00:00:00", "00/01/01 00:00:00",
		"0a/01/01,00:00:00", "00/01/01,00:00:000" };
	int64_t time;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(clock_parse(bad[i], strlen(bad[i]), &time));
	parsed("00/02/29,00:00:00");
}

static void the_clock_runs_on_virtual_time(void **state)
{
	(void)state;
	clock_set(&clock_, 1000000);
	sched_run(&sched, SEC(90));
	assert_int_equal(clock_now(&clock_), 1000090);
}

static void alarms_ring_in_order_and_once(void **state)
{
	(void)state;
	clock_set(&clock_, 1000);
	assert_int_equal(clock_alarm_add(&clock_, 1200), 1);
	assert_int_equal(clock_alarm_add(&clock_, 1100), 2);
	assert_int_equal(clock_alarm_add(&clock_, 1200), 3);
	sched_run(&sched, SEC(99));
	assert_int_equal(n_rang, 0);
	sched_run(&sched, SEC(100));
	assert_int_equal(n_rang, 1);
	assert_int_equal(rang[0], 2);
	sched_run(&sched, SEC(1000));
	assert_int_equal(n_rang, 3);
	assert_int_equal(rang[1], 1);
	assert_int_equal(rang[2], 3);
	assert_int_equal(sched_next(&sched), USEC_NEVER);
}

static void sixteen_alarms_and_no_more(void **state)
{
	int i;

	(void)state;
	for (i = 1; i <= CLOCK_ALARMS; i++)
		assert_int_equal(clock_alarm_add(&clock_, 1000 + i), i);
	assert_int_equal(clock_alarm_add(&clock_, 5000), 0);
	assert_true(clock_alarm_delete(&clock_, 7));
	assert_false(clock_alarm_delete(&clock_, 7));
	assert_false(clock_alarm_delete(&clock_, 0));
	assert_false(clock_alarm_delete(&clock_, 17));
	assert_int_equal(clock_alarm_add(&clock_, 5000), 7);
}

static void an_alarm_follows_a_clock_that_is_set(void **state)
{
	(void)state;
	clock_set(&clock_, 1000);
	clock_alarm_add(&clock_, 100000);
	clock_set(&clock_, 99990);
	sched_run(&sched, SEC(10));
	assert_int_equal(n_rang, 1);
}

/* ---- the SIM -------------------------------------------------------------------------
 */

static const struct sim_conf card = {
	.inserted = true,
	.rack_closed = true,
	.imsi = "208010000000017",
	.mnc_digits = 2,
	.pin = "1234",
	.puk = "99999999",
	.pin2 = "5678",
	.puk2 = "88888888",
	.pin_enabled = true,
	.pin_tries = SIM_PIN_TRIES,
	.puk_tries = SIM_PUK_TRIES,
	.pin2_tries = SIM_PIN_TRIES,
	.puk2_tries = SIM_PUK_TRIES,
};
static struct sim sim;
static struct contact mailboxes[CPHS_LINES];

static int begin_sim(void **state)
{
	(void)state;
	memset(mailboxes, 0, sizeof(mailboxes));
	sim_init(&sim, &card, mailboxes, &silent);
	sim_power(&sim, true);
	sim_checked(&sim);
	return 0;
}

static void the_pin_opens(void **state)
{
	(void)state;
	assert_int_equal(sim_state(&sim), SIM_PIN);
	assert_int_equal(sim_enter_pin(&sim, "1234"), SIM_GOOD);
	assert_true(sim_open(&sim));
	assert_false(sim_ready(&sim));
	sim_loaded(&sim);
	assert_true(sim_ready(&sim));
	assert_int_equal(sim_enter_pin(&sim, "1234"), SIM_NOT_NOW);
}

static void counters_go_down_and_come_back(void **state)
{
	(void)state;
	assert_int_equal(sim_enter_pin(&sim, "0000"), SIM_WRONG);
	assert_int_equal(sim_enter_pin(&sim, "12345"), SIM_WRONG);
	assert_int_equal(sim.chv1.pin_tries, 1);
	assert_int_equal(sim_enter_pin(&sim, "1234"), SIM_GOOD);
	assert_int_equal(sim.chv1.pin_tries, 3);
}

static void the_third_wrong_pin_asks_for_the_puk(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_int_equal(sim_enter_pin(&sim, "0000"), SIM_WRONG);
	assert_int_equal(sim_state(&sim), SIM_PUK);
	assert_int_equal(sim_enter_pin(&sim, "1234"), SIM_NOT_NOW);
	assert_int_equal(sim_enter_puk(&sim, "00000000", "4321"), SIM_WRONG);
	assert_int_equal(sim_enter_puk(&sim, "99999999", "4321"), SIM_GOOD);
	assert_true(sim_open(&sim));
	assert_int_equal(sim.chv1.puk_tries, 10);
	sim_power(&sim, false);
	sim_power(&sim, true);
	sim_checked(&sim);
	assert_int_equal(sim_enter_pin(&sim, "1234"), SIM_WRONG);
	assert_int_equal(sim_enter_pin(&sim, "4321"), SIM_GOOD);
}

static void the_tenth_wrong_puk_is_the_end(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		sim_enter_pin(&sim, "0000");
	for (i = 0; i < 10; i++)
		assert_int_equal(sim_enter_puk(&sim, "00000000", "4321"), SIM_WRONG);
	assert_int_equal(sim_state(&sim), SIM_BLOCKED);
	assert_int_equal(sim_enter_puk(&sim, "99999999", "4321"), SIM_NOT_NOW);
	sim_power(&sim, false);
	sim_power(&sim, true);
	sim_checked(&sim);
	assert_int_equal(sim_state(&sim), SIM_BLOCKED);
}

static void pin2_is_asked_for_once(void **state)
{
	(void)state;
	sim_enter_pin(&sim, "1234");
	assert_false(sim_asks_pin2(&sim));
	sim_want_pin2(&sim);
	assert_true(sim_asks_pin2(&sim));
	assert_false(sim_asks_pin2(&sim));
	assert_int_equal(sim_enter_pin(&sim, "5678"), SIM_GOOD);
	assert_true(sim.pin2_good);
	sim_power(&sim, false);
	assert_false(sim.pin2_good);
}

static void a_failed_sim_waits_for_a_reset(void **state)
{
	(void)state;
	assert_true(sim_fail(&sim));
	sim_power(&sim, false);
	sim_power(&sim, true);
	assert_int_equal(sim_state(&sim), SIM_FAILED);
	sim_power(&sim, false);
	sim_reset(&sim);
	sim_power(&sim, true);
	assert_int_equal(sim_state(&sim), SIM_CHECKING);
}

static void an_open_drawer_hides_the_sim(void **state)
{
	(void)state;
	sim_power(&sim, false);
	sim.rack_closed = false;
	sim_power(&sim, true);
	assert_int_equal(sim_state(&sim), SIM_ABSENT);
	assert_false(sim_present(&sim));
}

/* ---- registration ---------------------------------------------------------------- */

static const struct network world = {
	.operators = { { "20801", "Orange F", "Orange", false },
		{ "20810", "F SFR", "SFR", true },
		{ "20820", "BOUYGTEL", "BYTEL", false } },
	.n_operators = 3,
	.cells = { { "20801", BAND_900, 37, 1, 1, 1, 10, 0, 0 },
		{ "20801", BAND_1800, 600, 1, 2, 2, 20, 0, 0 },
		{ "20810", BAND_900, 12, 1, 3, 3, 31, 0, 0 },
		{ "20820", BAND_1800, 870, 1, 4, 4, 15, 0, 0 } },
	.n_cells = 4,
};
static const struct net_times times = { .search = SEC(5),
	.retry = SEC(20),
	.registration = SEC(1),
	.deregistration = MS(500) };
static struct air air;
static struct net net;
static char events[64]; /* a letter per event */

static void on_event(void *ctx, enum net_event e)
{
	size_t len = strlen(events);

	(void)ctx;
	if (len + 1 < sizeof(events)) {
		events[len] = "+-sxnc"[e];
		events[len + 1] = '\0';
	}
}

static int begin_net(void **state)
{
	(void)state;
	sched_init(&sched, 1);
	air_reset(&air, &world);
	net_init(&net, &air, &sched, &silent, on_event, NULL);
	events[0] = '\0';
	return 0;
}

static void start(unsigned bands, const struct sim_conf *with)
{
	net_sim(&net, with);
	net_start(&net, &times, bands, SEC(3));
}

static void the_home_network_is_found(void **state)
{
	(void)state;
	start(BAND_900 | BAND_1800, &card);
	assert_int_equal(net_stat(&net), 2);
	sched_run(&sched, SEC(3));
	assert_true(net_service(&net));
	assert_false(net_registered(&net));
	sched_run(&sched, SEC(4));
	assert_int_equal(net_stat(&net), 1);
	assert_int_equal(
		net.cell->ci, 2); /* its best cell, not the strongest one on the air */
	assert_true(net_settled(&net));
}

static void bands_without_cells_are_searched_for_ever(void **state)
{
	(void)state;
	start(BAND_850 | BAND_1900, &card);
	sched_run(&sched, SEC(86400));
	assert_int_equal(net_stat(&net), 2);
	assert_false(net_service(&net));
	assert_null(strchr(events, '+'));
	assert_true(net_settled(&net)); /* an AT+COPS does not wait for it */
	net_bands(&net, BAND_900);
	sched_run(&sched, SEC(86406));
	assert_int_equal(net_stat(&net), 1);
}

static void another_band_gives_up_the_cell(void **state)
{
	(void)state;
	start(BAND_900 | BAND_1800, &card);
	sched_run(&sched, SEC(4));
	events[0] = '\0';
	net_bands(&net, BAND_850);
	assert_int_equal(net_stat(&net), 2);
	assert_non_null(strchr(events, '-'));
}

static void without_a_sim_service_is_limited(void **state)
{
	(void)state;
	start(BAND_900, NULL);
	sched_run(&sched, SEC(10));
	assert_true(net_service(&net));
	assert_int_equal(net_stat(&net), 0);
	net_sim(&net, &card);
	sched_run(&sched, SEC(11));
	assert_int_equal(net_stat(&net), 1);
}

static void leaving_the_network_takes_its_time(void **state)
{
	(void)state;
	start(BAND_900 | BAND_1800, &card);
	sched_run(&sched, SEC(4));
	events[0] = '\0';
	net_select(&net, NET_DEREGISTERED, "");
	sched_run(&sched, SEC(4) + MS(499));
	assert_true(net_registered(&net));
	assert_false(net_settled(&net));
	sched_run(&sched, SEC(4) + MS(500));
	assert_int_equal(net_stat(&net), 0);
	assert_true(net_service(&net));
	assert_true(net_settled(&net));
	assert_string_equal(events, "sx");
}

static void a_foreign_network_is_roaming(void **state)
{
	(void)state;
	start(BAND_1800, &card);
	net_select(&net, NET_MANUAL, "20820");
	sched_run(&sched, SEC(4));
	assert_int_equal(net_stat(&net), 5);
}

static void a_forbidden_network_denies(void **state)
{
	(void)state;
	start(BAND_900, &card);
	net_select(&net, NET_MANUAL, "20810");
	sched_run(&sched, SEC(4));
	assert_int_equal(net_stat(&net), 3);
	assert_true(net_service(&net));
	net_select(&net, NET_MANUAL_THEN_AUTOMATIC, "20810");
	sched_run(&sched, SEC(6));
	assert_int_equal(net_stat(&net), 1);
	assert_int_equal(net.mode, NET_AUTOMATIC);
}

static void the_signal_is_that_of_the_cell(void **state)
{
	int rssi, ber;

	(void)state;
	net_quality(&net, &rssi, &ber);
	assert_int_equal(rssi, 99);
	assert_int_equal(ber, 99);
	start(BAND_900, &card);
	sched_run(&sched, SEC(4));
	net_quality(&net, &rssi, &ber);
	assert_int_equal(rssi, 10);
	assert_int_equal(ber, 0);
}

/* ---- books and LED --------------------------------------------------------------- */

static void a_book_is_new_once(void **state)
{
	static struct profile with;
	static char place[14 * sizeof(struct contact) +
			  BOOK_GROUPS * sizeof(struct book_group)]; /* four of EN */
	struct contact entry = { .type = CONTACT_NATIONAL, .number = "112" };
	struct books books;
	uint8_t empty[BOOK_DIGEST], full[BOOK_DIGEST];

	(void)state;
	with.sim = card;
	with.sim.books[BOOK_SM] = (struct book_conf){ .present = true, .capacity = 10 };
	assert_int_equal(books_size(&with), sizeof(place));
	books_init(&books, &with, NULL, place);
	assert_false(book_reload(&books, BOOK_SM));
	book_digest(&books, BOOK_SM, empty);
	book_put(&books, BOOK_SM, 1, &entry);
	book_digest(&books, BOOK_SM, full);
	assert_memory_not_equal(empty, full, BOOK_DIGEST);
	assert_true(book_reload(&books, BOOK_SM));
	assert_false(book_reload(&books, BOOK_SM));
	books_forget(&books, INSTALL_CACHE_SM);
	assert_true(book_reload(&books, BOOK_SM));
	assert_false(book_present(&books, BOOK_FD));
}

static void the_led_follows_power_and_network(void **state)
{
	(void)state;
	assert_int_equal(led_pattern(POWER_OFF, false, false), LED_OFF);
	assert_int_equal(led_pattern(POWER_MUTE, false, false), LED_STEADY);
	assert_int_equal(led_pattern(POWER_ON, false, false), LED_STEADY);
	assert_int_equal(led_pattern(POWER_ON, true, false), LED_SLOW);
	assert_int_equal(led_pattern(POWER_ON, true, true), LED_QUICK);
	assert_int_equal(led_pattern(POWER_DOWNLOAD, true, false), LED_OFF);
	assert_int_equal(led_pattern(POWER_NO_FIRMWARE, false, false), LED_OFF);
}

#define CLOCK(name) cmocka_unit_test_setup(name, begin_clock)
#define SIM(name)   cmocka_unit_test_setup(name, begin_sim)
#define NET(name)   cmocka_unit_test_setup(name, begin_net)

static const struct CMUnitTest tests[] = {
	CLOCK(each_day_of_a_century_comes_back),
	CLOCK(years_from_98_are_of_the_last_century),
	CLOCK(invalid_dates_are_refused),
	CLOCK(the_clock_runs_on_virtual_time),
	CLOCK(alarms_ring_in_order_and_once),
	CLOCK(sixteen_alarms_and_no_more),
	CLOCK(an_alarm_follows_a_clock_that_is_set),
	SIM(the_pin_opens),
	SIM(counters_go_down_and_come_back),
	SIM(the_third_wrong_pin_asks_for_the_puk),
	SIM(the_tenth_wrong_puk_is_the_end),
	SIM(pin2_is_asked_for_once),
	SIM(a_failed_sim_waits_for_a_reset),
	SIM(an_open_drawer_hides_the_sim),
	NET(the_home_network_is_found),
	NET(bands_without_cells_are_searched_for_ever),
	NET(another_band_gives_up_the_cell),
	NET(without_a_sim_service_is_limited),
	NET(leaving_the_network_takes_its_time),
	NET(a_foreign_network_is_roaming),
	NET(a_forbidden_network_denies),
	NET(the_signal_is_that_of_the_cell),
	UNIT(a_book_is_new_once),
	UNIT(the_led_follows_power_and_network),
};

UNIT_MAIN(tests)
