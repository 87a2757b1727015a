#include "codec/timestamp.h"

#define MINUTE 60
#define HOUR   3600
#define DAY    86400
#define WEEK   604800

/* A swapped pair of digits; a non-digit counts as 0 and clears *good. */
static uint8_t get_pair(uint8_t octet, bool *good)
{
	unsigned tens = octet & 15, units = octet >> 4;

	if (tens > 9 || units > 9)
		*good = false;
	return (uint8_t)((tens > 9 ? 0 : tens) * 10 + (units > 9 ? 0 : units));
}

static uint8_t put_pair(unsigned value)
{
	return (uint8_t)(value % 10 << 4 | value / 10 % 10);
}

enum pdu_error timestamp_get(const uint8_t octets[TIMESTAMP_OCTETS], struct timestamp *t)
{
	bool good = true;
	uint8_t zone;

	t->year = get_pair(octets[0], &good);
	t->month = get_pair(octets[1], &good);
	t->day = get_pair(octets[2], &good);
	t->hour = get_pair(octets[3], &good);
	t->minute = get_pair(octets[4], &good);
	t->second = get_pair(octets[5], &good);
	/* bit 3, the highest of the tens, is the sign */
	zone = get_pair(octets[6] & 0xf7, &good);
	t->zone = (int8_t)(octets[6] & 8 ? -zone : zone);
	return good && timestamp_valid(t) ? PDU_OK : PDU_TIME;
}

void timestamp_put(const struct timestamp *t, uint8_t octets[TIMESTAMP_OCTETS])
{
	octets[0] = put_pair(t->year);
	octets[1] = put_pair(t->month);
	octets[2] = put_pair(t->day);
	octets[3] = put_pair(t->hour);
	octets[4] = put_pair(t->minute);
	octets[5] = put_pair(t->second);
	octets[6] = put_pair((unsigned)(t->zone < 0 ? -t->zone : t->zone));
	if (t->zone < 0)
		octets[6] |= 8;
}

static int full_year(const struct timestamp *t)
{
	return t->year < 90 ? 2000 + t->year : 1900 + t->year;
}

static int month_days(int year, int month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	/* 2000 is the only turn of a century here, and a leap year */
	return days[month - 1] + (month == 2 && year % 4 == 0);
}

bool timestamp_valid(const struct timestamp *t)
{
	return t->year <= 99 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
	       t->day <= month_days(full_year(t), t->month) && t->hour <= 23 &&
	       t->minute <= 59 && t->second <= 59 && t->zone >= -TIMESTAMP_ZONE &&
	       t->zone <= TIMESTAMP_ZONE;
}

/* Days from 1970 to 1 January of the year. */
static int64_t year_days(int year)
{
	return 365 * (year - 1970) + (year - 1969) / 4;
}

int64_t timestamp_unix(const struct timestamp *t)
{
	int year = full_year(t), month;
	int64_t days = year_days(year) + t->day - 1;

	for (month = 1; month < t->month; month++)
		days += month_days(year, month);
	return days * DAY + t->hour * HOUR + t->minute * MINUTE + t->second -
	       t->zone * (HOUR / 4);
}

void timestamp_from_unix(int64_t time, int zone, struct timestamp *t)
{
	int64_t days;
	int year, month = 1;
	int32_t rest;

	time += zone * (HOUR / 4);
	days = time / DAY;
	rest = (int32_t)(time % DAY);
	for (year = 1970; days >= year_days(year + 1); year++)
		;
	days -= year_days(year);
	while (days >= month_days(year, month))
		days -= month_days(year, month++);
	t->year = (uint8_t)(year % 100);
	t->month = (uint8_t)month;
	t->day = (uint8_t)(days + 1);
	t->hour = (uint8_t)(rest / HOUR);
	t->minute = (uint8_t)(rest / MINUTE % 60);
	t->second = (uint8_t)(rest % MINUTE);
	t->zone = (int8_t)zone;
}

bool timestamp_print(const struct timestamp *t, struct buf *out)
{
	const uint8_t value[] = { t->year, t->month, t->day, t->hour, t->minute,
		t->second, (uint8_t)(t->zone < 0 ? -t->zone : t->zone) };
	char text[] = "00/00/00,00:00:00+00";
	size_t i;

	for (i = 0; i < sizeof(value); i++) {
		text[3 * i] = (char)('0' + value[i] / 10 % 10);
		text[3 * i + 1] = (char)('0' + value[i] % 10);
	}
	if (t->zone < 0)
		text[17] = '-';
	return buf_put(out, text, 20);
}

enum pdu_error timestamp_parse(const char *text, size_t len, struct timestamp *t)
{
	static const char form[] = "00/00/00,00:00:00+00";
	uint8_t value[7];
	size_t i;

	if (len != 20)
		return PDU_TIME;
	for (i = 0; i < len; i++) {
		if (form[i] == '0' ? text[i] < '0' || text[i] > '9'
				   : text[i] != form[i] && !(i == 17 && text[i] == '-'))
			return PDU_TIME;
		if (i % 3 == 1)
			value[i / 3] = (uint8_t)((text[i - 1] - '0') * 10 + text[i] -
						 '0');
	}
	*t = (struct timestamp){ value[0], value[1], value[2], value[3], value[4],
		value[5], (int8_t)(text[17] == '-' ? -value[6] : value[6]) };
	return timestamp_valid(t) ? PDU_OK : PDU_TIME;
}

size_t validity_octets(enum validity_format format)
{
	switch (format) {
	case VALIDITY_NONE:
		return 0;
	case VALIDITY_RELATIVE:
		return 1;
	case VALIDITY_ENHANCED:
	case VALIDITY_ABSOLUTE:
		break;
	}
	return TIMESTAMP_OCTETS;
}

/* The enhanced format (clause 9.2.3.12.3): indicator octets as long as bit 7 is set, then
 * the value whose form the low bits of the first one give. -1 no limit, -2 malformed. */
static int64_t enhanced_seconds(const struct validity *v)
{
	size_t at = 1; /* position of the value */
	bool good = true;
	unsigned hour, minute, second;

	while (at < TIMESTAMP_OCTETS && v->octets[at - 1] & 0x80)
		at++;
	if (v->octets[at - 1] & 0x80)
		return -2;
	switch (v->octets[0] & 7) {
	case 0:
		return -1;
	case 1:
		return at < TIMESTAMP_OCTETS ? (int64_t)validity_relative(v->octets[at])
					     : -2;
	case 2:
		return at < TIMESTAMP_OCTETS && v->octets[at] ? v->octets[at] : -2;
	case 3:
		if (at + 2 >= TIMESTAMP_OCTETS)
			return -2;
		hour = get_pair(v->octets[at], &good);
		minute = get_pair(v->octets[at + 1], &good);
		second = get_pair(v->octets[at + 2], &good);
		if (!good || minute > 59 || second > 59)
			return -2;
		return hour * HOUR + minute * MINUTE + second;
	default:
		return -2;
	}
}

enum pdu_error validity_check(enum validity_format format, const struct validity *v)
{
	struct timestamp t;

	switch (format) {
	case VALIDITY_NONE:
	case VALIDITY_RELATIVE:
		return PDU_OK;
	case VALIDITY_ENHANCED:
		return enhanced_seconds(v) == -2 ? PDU_VALIDITY : PDU_OK;
	case VALIDITY_ABSOLUTE:
		break;
	}
	return timestamp_get(v->octets, &t) == PDU_OK ? PDU_OK : PDU_VALIDITY;
}

int64_t validity_seconds(
	enum validity_format format, const struct validity *v, int64_t now)
{
	struct timestamp t;
	int64_t seconds = -1;

	switch (format) {
	case VALIDITY_NONE:
		return -1;
	case VALIDITY_RELATIVE:
		return validity_relative(v->octets[0]);
	case VALIDITY_ENHANCED:
		seconds = enhanced_seconds(v);
		return seconds < 0 ? -1 : seconds;
	case VALIDITY_ABSOLUTE:
		if (timestamp_get(v->octets, &t) == PDU_OK)
			seconds = timestamp_unix(&t) > now ? timestamp_unix(&t) - now : 0;
		break;
	}
	return seconds;
}

uint32_t validity_relative(uint8_t octet)
{
	if (octet <= 143)
		return (octet + 1u) * 5 * MINUTE;
	if (octet <= 167)
		return 12 * HOUR + (octet - 143u) * 30 * MINUTE;
	if (octet <= 196)
		return (octet - 166u) * DAY;
	return (octet - 192u) * WEEK;
}

uint8_t validity_relative_octet(uint32_t seconds)
{
	uint8_t octet = 0;

	while (octet < 255 && validity_relative(octet) < seconds)
		octet++;
	return octet;
}
