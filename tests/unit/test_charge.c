/* gsm/charge: units of a call, the limit of the SIM, the price as in EF-PUCT. */
#include "unit.h"

#include "gsm/charge.h"

struct rig {
	struct sched sched;
	struct services_conf conf;
	struct charge charge;
	int meters, limits;
};

static void happened(void *ctx, enum charge_event e)
{
	struct rig *r = ctx;

	if (e == CHARGE_EVENT_METER) {
		r->meters++;
		return;
	}
	r->limits++;
	charge_stop(&r->charge);
}

static void start(struct rig *r)
{
	charge_start(&r->charge);
	sched_run(&r->sched, r->sched.now + MS(10));
}

static void begin(struct rig *r, int units)
{
	*r = (struct rig){ .conf = { .charge_units = units, .charge_period = SEC(10) } };
	sched_init(&r->sched, 1);
	charge_init(&r->charge, &r->conf, &r->sched, happened, r);
}

static void units_count_from_the_answer_on(void **state)
{
	struct rig r;

	(void)state;
	begin(&r, 3);
	start(&r);
	assert_int_equal(r.charge.meter, 3);
	sched_run(&r.sched, SEC(25));
	assert_int_equal(r.charge.meter, 9);
	charge_stop(&r.charge);
	sched_run(&r.sched, SEC(100));
	assert_int_equal(r.charge.meter, 9);
	assert_int_equal(r.meters, 3);
}

static void a_new_call_has_a_new_meter_and_the_sim_s_goes_on(void **state)
{
	struct rig r;

	(void)state;
	begin(&r, 2);
	start(&r);
	charge_stop(&r.charge);
	start(&r);
	assert_int_equal(r.charge.meter, 2);
	assert_int_equal(r.charge.accumulated, 4);
}

static void the_limit_ends_calls_and_refuses_new_ones(void **state)
{
	struct rig r;

	(void)state;
	begin(&r, 1);
	r.charge.limit = 3;
	assert_true(charge_allows(&r.charge));
	start(&r);
	sched_run(&r.sched, SEC(60));
	assert_int_equal(r.limits, 1);
	assert_int_equal(r.charge.accumulated, 3);
	assert_false(charge_allows(&r.charge));
}

static void a_free_call_costs_nothing(void **state)
{
	struct rig r;

	(void)state;
	begin(&r, 0);
	start(&r);
	sched_run(&r.sched, SEC(60));
	assert_int_equal(r.meters, 0);
	assert_int_equal(r.charge.accumulated, 0);
}

static void the_sim_s_meter_stops_at_three_octets(void **state)
{
	struct rig r;

	(void)state;
	begin(&r, 1000);
	r.charge.accumulated = CHARGE_MAX - 1;
	start(&r);
	assert_int_equal(r.charge.accumulated, CHARGE_MAX);
}

static void a_price_is_a_number_and_a_power_of_ten(void **state)
{
	static const uint8_t puct[] = { 'F', 'F', 'R', 0x05 };
	uint8_t out[5];

	(void)state;
	/* 82 is 052 in 12 bits, times 10^-2: sign and 2 in bits 5 to 8 */
	assert_true(charge_puct("FFR", "0.82", out));
	assert_memory_equal(out, puct, 4);
	assert_int_equal(out[4], 0x2 | 0x10 | 2 << 5);
	assert_true(charge_puct("EUR", "4095", out));
	assert_int_equal(out[3], 0xff);
	assert_int_equal(out[4], 0x0f);
	assert_false(charge_puct("EUR", "4096", out));
	assert_false(charge_puct("EUR", "1.2.3", out));
	assert_false(charge_puct("EUR", "", out));
	assert_false(charge_puct("EURO", "1", out));
	assert_false(charge_puct("EUR", "0.00000001", out));
}

static const struct CMUnitTest tests[] = {
	UNIT(units_count_from_the_answer_on),
	UNIT(a_new_call_has_a_new_meter_and_the_sim_s_goes_on),
	UNIT(the_limit_ends_calls_and_refuses_new_ones),
	UNIT(a_free_call_costs_nothing),
	UNIT(the_sim_s_meter_stops_at_three_octets),
	UNIT(a_price_is_a_number_and_a_power_of_ten),
};

UNIT_MAIN(tests)
