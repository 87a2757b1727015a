/* Exercises gsm/sim_apdu, gsm/sim_file and gsm/contact with arbitrary commands to a SIM.
 * A byte n below 33 is the length of the command that follows; 64 and above is a command
 * of +CRSM followed by its operands. No answer may be longer than 256 octets or without
 * status, and what is written to a phonebook must convert to every character set. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gsm/sim_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static void tell(const struct books *b, const struct sim_response *r)
{
	static const enum charset_id ids[] = { CHARSET_GSM, CHARSET_PCCP437, CHARSET_HEX,
		CHARSET_IRA, CHARSET_UCS2 };
	const struct contact *c = book_at(b, r->book, r->index);
	char text[8 * CONTACT_TEXT], number[CONTACT_NUMBER + 2];
	struct buf out;
	size_t i;

	if (!c)
		return;
	check(strlen(contact_number(c, number)) <= CONTACT_NUMBER + 1);
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct charset cs = { .id = ids[i], .policy = CHARSET_NEAREST };

		buf_init(&out, text, sizeof(text));
		contact_put_text(c, &cs, &out);
		check(!out.full);
	}
}

static size_t restricted(const struct sim_view *v, const uint8_t *data, size_t size,
	struct sim_response *r)
{
	static const int commands[] = { 176, 178, 192, 214, 220, 242, 0 };
	int p[3];
	size_t len;

	if (size < 6)
		return size;
	p[0] = data[3];
	p[1] = data[4];
	p[2] = data[5];
	len = size - 6 < data[5] ? size - 6 : data[5];
	sim_restricted(v, commands[data[0] % 7], (uint16_t)(data[1] << 8 | data[2]), p,
		data + 6, len, r);
	return 6 + len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct profile p;
	static struct contact place[64], mailboxes[CPHS_LINES];
	static struct log log;
	struct books books;
	struct sim sim;
	struct sim_selection selection = { 0 };
	struct sim_view v = { .sim = &sim,
		.books = &books,
		.plmn = "20801",
		.smsc = "+33609001390",
		.sms_records = 10 };
	struct sim_response r;
	uint8_t apdu[32];
	size_t n;

	p.sim = (struct sim_conf){ .inserted = true,
		.rack_closed = true,
		.imsi = "208010000000017",
		.iccid = "8933010000000000010",
		.mnc_digits = 2,
		.preferred_max = 4,
		.pin_tries = 3,
		.puk_tries = 10 };
	p.sim.books[BOOK_SM] = (struct book_conf){ true, 5, 20, 10, { { 0 } }, 0 };
	p.sim.books[BOOK_FD] = p.sim.books[BOOK_SM];
	memset(place, 0, sizeof(place));
	books_init(&books, &p, NULL, place);
	memset(mailboxes, 0, sizeof(mailboxes));
	sim_init(&sim, &p.sim, mailboxes, &log);
	sim_power(&sim, true);
	sim_checked(&sim);
	sim.pin2_good = size & 1;
	while (size) {
		r = (struct sim_response){ .sw = 0x9000 };
		n = *data++;
		size--;
		if (n >= 64) {
			n = restricted(&v, data, size, &r);
		} else if (n >= 5 && n <= sizeof(apdu)) {
			n = n < size ? n : size;
			memset(apdu, 0, sizeof(apdu));
			memcpy(apdu, data, n);
			/* the limits of +CSIM */
			if (apdu[1] != 0xa2 || (n > 5 && apdu[4] == n - 5))
				sim_apdu(&selection, &v, apdu, n < 5 ? 5 : n, &r);
		} else {
			continue;
		}
		check(r.len <= SIM_RESPONSE && r.sw >= 0x6000);
		if (r.index)
			tell(&books, &r);
		data += n;
		size -= n;
	}
	return 0;
}
