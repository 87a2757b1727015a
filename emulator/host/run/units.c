#include "host/run/units.h"

#include <stdbool.h>
#include <string.h>

#include "codec/crc.h"

/* Number of digits that may differ between units: enough for every unit, and few enough
 * that issuer, network and model stay the same. */
#define SERIAL_DIGITS 6 /* of an IMEI (23.003 clause 6.2.1), and of the other numbers */

/* Adds n to a number of `len` digits, in its last `most` digits; a carry beyond is lost.
 */
static void add(char *digits, size_t len, size_t most, unsigned n)
{
	for (; len && most && n; most--, n /= 10) {
		len--;
		n += (unsigned)(digits[len] - '0');
		digits[len] = (char)('0' + n % 10);
	}
}

static void add_checked(char *digits, unsigned n)
{
	size_t len = strlen(digits);

	if (len < 2 || !n)
		return;
	add(digits, len - 1, SERIAL_DIGITS, n);
	digits[len - 1] = luhn_digit(digits, len - 1);
}

/* The subscriber's part, after the codes of country and network (23.003 clause 2.2). */
static void add_imsi(char *imsi, int mnc_digits, unsigned n)
{
	size_t len = strlen(imsi), code = 3 + (size_t)mnc_digits;

	if (len > code)
		add(imsi, len, len - code < 9 ? len - code : 9, n);
}

/* The number of the SIM's owner: the digits at its end. */
static void add_number(char *number, unsigned n)
{
	size_t len = strlen(number), digits = 0;

	while (digits < len && number[len - 1 - digits] >= '0' &&
		number[len - 1 - digits] <= '9')
		digits++;
	add(number, len, digits < SERIAL_DIGITS ? digits : SERIAL_DIGITS, n);
}

/* What is added to the number at that path of the profile. */
static unsigned offset(const struct units_place *at, const char *key)
{
	unsigned n = at->number - 1;
	size_t i;

	for (i = 0; i < at->n_sets; i++) {
		if (strcmp(at->sets[i].kv.key, key) != 0)
			continue;
		if (at->sets[i].unit == at->index)
			return 0;
		if (!at->sets[i].unit && at->sets[i].at.file)
			n = at->index - 1;
	}
	return n;
}

struct unit_numbers units_numbers(const struct profile *p, const struct units_place *at)
{
	struct unit_numbers u = unit_numbers_of(p);

	add_checked(u.imei, offset(at, "device.imei"));
	add(u.serial, strlen(u.serial), SERIAL_DIGITS, offset(at, "device.serial"));
	add_imsi(u.imsi, p->sim.mnc_digits, offset(at, "sim.imsi"));
	add_checked(u.iccid, offset(at, "sim.iccid"));
	add_number(u.own, offset(at, "sim.books.ON.entries.0.number"));
	return u;
}
