#include "gsm/clock.h"

#include <stdio.h>

#define DAY 86400

static int64_t days_of(int year, int month, int day)
{
	/* years begin in March here, so that the leap day is the last one */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

int64_t clock_join(const struct clock_time *t)
{
	return days_of(t->year, t->month, t->day) * DAY + t->hour * 3600 +
	       t->minute * 60 + t->second;
}

void clock_split(int64_t time, struct clock_time *out)
{
	int64_t day = time / DAY;
	int64_t rest = time % DAY;

	if (rest < 0) {
		rest += DAY;
		day--;
	}
	out->hour = (int)(rest / 3600);
	out->minute = (int)(rest / 60 % 60);
	out->second = (int)(rest % 60);
	out->year = 1970 + (int)(day / 365);
	while (days_of(out->year, 1, 1) > day)
		out->year--;
	day -= days_of(out->year, 1, 1);
	out->month = 1;
	while (day >= days_in(out->year, out->month))
		day -= days_in(out->year, out->month++);
	out->day = (int)day + 1;
}

static bool two_digits(const char *p, int max, int *out)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*out = (p[0] - '0') * 10 + p[1] - '0';
	return *out <= max;
}

bool clock_parse(const char *text, size_t len, int64_t *out)
{
	struct clock_time t = { .second = 0 };

	if ((len != 17 && len != 14) || text[2] != '/' || text[5] != '/' ||
		text[8] != ',' || text[11] != ':' || (len == 17 && text[14] != ':'))
		return false;
	if (!two_digits(text, 99, &t.year) || !two_digits(text + 3, 12, &t.month) ||
		!two_digits(text + 6, 31, &t.day) || !two_digits(text + 9, 23, &t.hour) ||
		!two_digits(text + 12, 59, &t.minute) ||
		(len == 17 && !two_digits(text + 15, 59, &t.second)))
		return false;
	t.year += t.year >= 98 ? 1900 : 2000;
	if (t.month < 1 || t.day < 1 || t.day > days_in(t.year, t.month))
		return false;
	*out = clock_join(&t);
	return true;
}

void clock_print(int64_t time, char out[24])
{
	struct clock_time t;

	clock_split(time, &t);
	snprintf(out, 24, "%02u/%02u/%02u,%02u:%02u:%02u", (unsigned)t.year % 100,
		(unsigned)t.month % 100, (unsigned)t.day % 100, (unsigned)t.hour % 100,
		(unsigned)t.minute % 100, (unsigned)t.second % 100);
}

static void ring(void *ctx, usec_t now)
{
	struct clock *c = ctx;
	int64_t time = clock_now(c);
	int i;

	(void)now;
	for (i = 0; i < CLOCK_ALARMS; i++) {
		if (c->alarm[i] && c->alarm[i] <= time) {
			int64_t due = c->alarm[i];

			c->alarm[i] = 0;
			c->ring(c->ctx, i + 1, due);
		}
	}
	clock_restart(c);
}

void clock_init(struct clock *c, struct sched *s, int64_t at_zero,
	void (*ring_cb)(void *ctx, int index, int64_t time), void *ctx)
{
	*c = (struct clock){ .sched = s,
		.offset = at_zero,
		.world = at_zero,
		.ring = ring_cb,
		.ctx = ctx };
	timer_init(&c->timer, "alarm", TIMER_DATE, ring, c);
}

int64_t clock_at(const struct clock *c, usec_t now)
{
	return c->offset + (int64_t)(now / SEC(1));
}

int64_t clock_now(const struct clock *c)
{
	return clock_at(c, c->sched->now);
}

int64_t clock_world(const struct clock *c)
{
	return c->world + (int64_t)(c->sched->now / SEC(1));
}

void clock_set(struct clock *c, int64_t time)
{
	c->offset += time - clock_now(c);
	clock_restart(c);
}

void clock_restart(struct clock *c)
{
	int64_t next = 0;
	int i;

	timer_stop(c->sched, &c->timer);
	for (i = 0; i < CLOCK_ALARMS; i++)
		if (c->alarm[i] && (!next || c->alarm[i] < next))
			next = c->alarm[i];
	if (next) {
		/* the clock's seconds start together with those of virtual time */
		usec_t due = next > c->offset ? SEC(next - c->offset) : 0;

		timer_arm(c->sched, &c->timer,
			due > c->sched->now ? due - c->sched->now : 0);
	}
}

int clock_alarm_add(struct clock *c, int64_t time)
{
	int i;

	for (i = 0; i < CLOCK_ALARMS; i++) {
		if (!c->alarm[i]) {
			c->alarm[i] = time;
			clock_restart(c);
			return i + 1;
		}
	}
	return 0;
}

bool clock_alarm_delete(struct clock *c, int index)
{
	if (index < 1 || index > CLOCK_ALARMS || !c->alarm[index - 1])
		return false;
	c->alarm[index - 1] = 0;
	clock_restart(c);
	return true;
}
