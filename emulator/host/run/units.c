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
	unsigned count;
	struct profile *copy[]; /* by index - 1 */
};

struct units *units_new(const struct profile *first, unsigned count)
{
	struct units *u = calloc(1, sizeof(*u) + count * sizeof(u->copy[0]));
	const char *p = (const char *)first;
	size_t left = sizeof(*first);
	ssize_t n = 1;

	must(u);
	u->count = count;
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
	unsigned i;

	if (!u)
		return;
	for (i = 0; i < u->count; i++)
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

	if (len < 2 || !n)
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

void units_differ(struct profile *p, const struct units_place *at)
{
	struct device *d = &p->device;
	struct sim_conf *sim = &p->sim;

	add_checked(d->imei, offset(at, "device.imei"));
	add(d->serial, strlen(d->serial), SERIAL_DIGITS, offset(at, "device.serial"));
	add_imsi(sim, offset(at, "sim.imsi"));
	add_checked(sim->iccid, offset(at, "sim.iccid"));
	add_number(&sim->books[BOOK_ON], offset(at, "sim.books.ON.entries.0.number"));
}

struct profile *units_profile(struct units *u, const struct units_place *at)
{
	struct profile **copy = &u->copy[at->index - 1];
	void *p;

	if (*copy)
		return *copy;
	p = mmap(NULL, sizeof(**copy), PROT_READ | PROT_WRITE, MAP_PRIVATE, u->file, 0);
	if (p == MAP_FAILED)
		return NULL;
	*copy = p;
	units_differ(*copy, at);
	return *copy;
}
