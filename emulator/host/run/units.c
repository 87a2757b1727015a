#include "host/run/units.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "codec/crc.h"
#include "conf/must.h"

/* Number of digits that may differ between units: enough for every unit, and few enough
 * that issuer, network and model stay the same. */
#define SERIAL_DIGITS 6 /* of an IMEI (23.003 clause 6.2.1), and of the other numbers */

struct units {
	int file; /* the bytes of the first profile, from which all copies are mapped */
	struct profile *copy[OPTIONS_MODEMS]; /* by number - 1 */
};

struct units *units_new(const struct profile *first)
{
	struct units *u = calloc(1, sizeof(*u));
	const char *p = (const char *)first;
	size_t left = sizeof(*first);
	ssize_t n = 1;

	must(u);
	u->file = memfd_create("fauxtrack profile", MFD_CLOEXEC);
	for (; u->file >= 0 && left && n > 0; left -= (size_t)n, p += n)
		n = write(u->file, p, left);
	if (u->file >= 0 && !left)
		return u;
	units_free(u);
	return NULL;
}

void units_free(struct units *u)
{
	size_t i;

	if (!u)
		return;
	for (i = 0; i < OPTIONS_MODEMS; i++)
		if (u->copy[i])
			munmap(u->copy[i], sizeof(struct profile));
	if (u->file >= 0)
		close(u->file);
	free(u);
}

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

	if (len < 2)
		return;
	add(digits, len - 1, SERIAL_DIGITS, n);
	digits[len - 1] = luhn_digit(digits, len - 1);
}

/* The subscriber's part, after the codes of country and network (23.003 clause 2.2). */
static void add_imsi(struct sim_conf *sim, unsigned n)
{
	size_t len = strlen(sim->imsi), code = 3 + (size_t)sim->mnc_digits;

	if (len > code)
		add(sim->imsi, len, len - code < 9 ? len - code : 9, n);
}

/* The number of the SIM's owner: the digits at its end. */
static void add_number(struct book_conf *own, unsigned n)
{
	char *number = own->entries[0].number;
	size_t len = strlen(number), digits = 0;

	if (!own->n_entries)
		return;
	while (digits < len && number[len - 1 - digits] >= '0' &&
		number[len - 1 - digits] <= '9')
		digits++;
	add(number, len, digits < SERIAL_DIGITS ? digits : SERIAL_DIGITS, n);
}

static bool has_set(
	const struct option_set *sets, size_t n, unsigned unit, const char *key)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (sets[i].unit == unit && !strcmp(sets[i].kv.key, key))
			return true;
	return false;
}

void units_differ(
	struct profile *p, unsigned number, const struct option_set *sets, size_t n_sets)
{
	unsigned n = number - 1;
	struct device *d = &p->device;
	struct sim_conf *sim = &p->sim;

	if (!has_set(sets, n_sets, number, "device.imei"))
		add_checked(d->imei, n);
	if (!has_set(sets, n_sets, number, "device.serial"))
		add(d->serial, strlen(d->serial), SERIAL_DIGITS, n);
	if (!has_set(sets, n_sets, number, "sim.imsi"))
		add_imsi(sim, n);
	if (!has_set(sets, n_sets, number, "sim.iccid"))
		add_checked(sim->iccid, n);
	if (!has_set(sets, n_sets, number, "sim.books.ON.entries.0.number"))
		add_number(&sim->books[BOOK_ON], n);
}

struct profile *units_profile(struct units *u, unsigned number)
{
	struct profile **copy = &u->copy[number - 1];
	void *p;

	if (*copy)
		return *copy;
	p = mmap(NULL, sizeof(**copy), PROT_READ | PROT_WRITE, MAP_PRIVATE, u->file, 0);
	if (p == MAP_FAILED)
		return NULL;
	*copy = p;
	units_differ(*copy, number, NULL, 0);
	return *copy;
}
