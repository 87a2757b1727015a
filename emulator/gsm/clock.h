/* The real-time clock and its alarms (general.md +CCLK, +CALA). Runs on virtual time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sched.h"

#define CLOCK_ALARMS 16
#define CLOCK_FAR    ((int64_t)1 << 36) /* seconds from 1970 that no clock reaches */

struct clock {
	struct sched *sched;
	int64_t offset;              /* seconds: the clock's time less virtual time */
	int64_t world;               /* the same of universal time, never set */
	int zone;                    /* quarter hours, as the network told it */
	int64_t alarm[CLOCK_ALARMS]; /* by index - 1, 0: free */
	struct timer timer;
	void (*ring)(void *ctx, int index, int64_t time);
	void *ctx;
};

struct clock_time {
	int year, month, day, hour, minute, second; /* year in full */
};

void clock_init(struct clock *c, struct sched *s, int64_t at_zero,
	void (*ring)(void *ctx, int index, int64_t time), void *ctx);

/* Seconds since 1970 as the clock shows them; it knows no zones. */
int64_t clock_now(const struct clock *c);
int64_t clock_at(const struct clock *c, usec_t now); /* at that virtual time */
void clock_set(struct clock *c, int64_t time);

/* Universal time, as networks know it. */
int64_t clock_world(const struct clock *c);

/* The index 1-16 of the new alarm; 0 when all are in use. Its time must be to come. */
int clock_alarm_add(struct clock *c, int64_t time);
bool clock_alarm_delete(struct clock *c, int index);

/* Arms the timer for the next alarm; after records were loaded. */
void clock_restart(struct clock *c);

/* Proleptic Gregorian calendar. */
void clock_split(int64_t time, struct clock_time *out);
int64_t clock_join(const struct clock_time *t);

/* "yy/MM/dd,hh:mm:ss": 98-97 stand for 1998-2097. The seconds may be left out. False if
 * it is not a time. */
bool clock_parse(const char *text, size_t len, int64_t *out);

/* Writes 17 characters and a zero. */
void clock_print(int64_t time, char out[24]);
