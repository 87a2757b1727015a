/* A stamp is words and numbers up to a time of day, or seconds with a fraction. */
#include "host/field/stamp.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct scan {
	const char *p, *end;
	unsigned number[3]; /* of the date, as they come */
	unsigned numbers;
	int month; /* by its name, 1 to 12; 0: none */
};

static bool at_digit(const struct scan *s)
{
	return s->p < s->end && isdigit((unsigned char)*s->p);
}

/* Up to 10 digits. Returns how many there were. */
static unsigned read_number(struct scan *s, unsigned long long *value)
{
	unsigned n = 0;

	for (*value = 0; at_digit(s) && n < 10; n++)
		*value = *value * 10 + (unsigned)(*s->p++ - '0');
	return n;
}

/* The fraction after a point or a comma, in microseconds. One digit after a comma is not a
 * fraction: smsd writes the level of a message there. */
static usec_t read_fraction(struct scan *s, usec_t *step)
{
	usec_t value = 0, unit = 1000000;
	const char *p = s->p;

	*step = 1000000;
	if (p + 1 >= s->end || (*p != '.' && *p != ',') || !isdigit((unsigned char)p[1]))
		return 0;
	if (*p == ',' && (p + 2 >= s->end || !isdigit((unsigned char)p[2])))
		return 0;
	for (p++; p < s->end && isdigit((unsigned char)*p); p++)
		if (unit > 1) {
			unit /= 10;
			value += unit * (usec_t)(*p - '0');
		}
	*step = unit;
	s->p = p;
	return value;
}

/* A weekday or a month, and the separators after it. */
static bool read_word(struct scan *s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec"
				    "montuewedthufrisatsun";
	size_t i, n = strlen(names) / 3;

	if (s->end - s->p < 4)
		return false;
	for (i = 0; i < n; i++)
		if (!strncasecmp(s->p, names + 3 * i, 3))
			break;
	if (i == n || isalpha((unsigned char)s->p[3]))
		return false;
	if (i < 12)
		s->month = (int)i + 1;
	s->p += 3;
	while (s->p < s->end && strchr(" ,-/.", *s->p) && *s->p)
		s->p++;
	return true;
}

/* --- days ----------------------------------------------------------------------------
 */

static unsigned long days_of(unsigned y, unsigned m, unsigned d)
{
	static const unsigned before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273,
		304, 334 };

	if (m < 1 || m > 12)
		m = 1;
	if (y < 100)
		y += 2000;
	y %= 4000;
	return y * 365ul + y / 4 - y / 100 + y / 400 + before[m - 1] + d % 32 +
	       (m > 2 && y % 4 == 0 && (y % 100 || y % 400 == 0) ? 1 : 0);
}

/* "2009-09-01", "1/09/2009", "12-16-2009", "26/09/18". Of two readings that are possible
 * the day comes first. */
static unsigned long date_of(const struct scan *s)
{
	const unsigned *n = s->number;

	if (s->month)
		return days_of(s->numbers > 1 ? n[1] : 0, (unsigned)s->month, n[0]);
	if (s->numbers == 2) /* mgetty: month and day */
		return days_of(0, n[0], n[1]);
	if (s->numbers < 3)
		return 0;
	if (n[0] > 31)
		return days_of(n[0], n[1], n[2]);
	if (n[1] > 12)
		return days_of(n[2], n[0], n[1]);
	return days_of(n[2], n[1], n[0]);
}

/* --- the whole -----------------------------------------------------------------------
 */

static bool read_clock(struct scan *s, unsigned long long hour, struct stamp *stamp)
{
	unsigned long long minute, second;

	s->p++;
	if (hour > 23 || read_number(s, &minute) != 2 || minute > 59 || s->p >= s->end ||
		*s->p != ':')
		return false;
	s->p++;
	if (read_number(s, &second) != 2 || second > 60)
		return false;
	stamp->at = ((date_of(s) * 24 + hour) * 60 + minute) * 60 + second;
	stamp->at *= 1000000;
	stamp->at += read_fraction(s, &stamp->step);
	return true;
}

/* Separators after the stamp, a closing bracket, a zone, a year as in "Nov 18 19:29:35
 * 2021". */
static void skip_rest(struct scan *s)
{
	unsigned long long year;
	const char *p = s->p;

	if (s->p < s->end && *s->p == 'Z')
		s->p++;
	else if (s->end - s->p >= 6 && strchr("+-", s->p[0]) &&
		 isdigit((unsigned char)s->p[1]) && s->p[3] == ':')
		s->p += 6;
	else if (s->end - s->p >= 5 && s->p[0] == ' ' && s->month) {
		s->p++;
		if (read_number(s, &year) != 4 || year < 1990 || year > 2100)
			s->p = p;
	}
	while (s->p < s->end && *s->p && strchr("]): \t|", *s->p))
		s->p++;
	if (s->end - s->p >= 2 && s->p[0] == '-' && s->p[1] == ' ')
		s->p += 2;
}

/* Seconds since 1970 or since the start: at least three digits after the point. */
static bool read_seconds(struct scan *s, unsigned long long value, struct stamp *stamp)
{
	if (s->numbers || s->month)
		return false;
	stamp->at = value * 1000000 + read_fraction(s, &stamp->step);
	return stamp->step <= 1000 &&
	       (s->p == s->end || (*s->p && strchr("]): \t,|", *s->p)));
}

static bool read_stamp(struct scan *s, struct stamp *stamp)
{
	unsigned long long value;
	unsigned digits;

	for (;;) {
		if (read_word(s))
			continue;
		digits = read_number(s, &value);
		if (!digits || s->p >= s->end)
			return false;
		if (*s->p == ':')
			return digits <= 2 && read_clock(s, value, stamp);
		if (*s->p == '.' && read_seconds(s, value, stamp))
			return true;
		if (digits > 4 || s->numbers == 3)
			return false;
		s->number[s->numbers++] = (unsigned)value;
		if (!*s->p || !strchr("-/. T,", *s->p))
			return false;
		while (s->p < s->end && *s->p && strchr("-/. T,", *s->p))
			s->p++;
	}
}

bool stamp_read(const char *p, size_t len, struct stamp *stamp)
{
	struct scan s = { .p = p, .end = p + (len < 64 ? len : 64) };
	const char *end = p + len;

	while (s.p < s.end && *s.p && strchr("[( \t", *s.p))
		s.p++;
	if (!read_stamp(&s, stamp))
		return false;
	s.end = end;
	skip_rest(&s);
	stamp->len = (size_t)(s.p - p);
	return true;
}
