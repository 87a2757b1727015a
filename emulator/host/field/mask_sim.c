/* Files of the SIM as +CRSM and +CSIM show them: 3GPP 51.011 clause 10. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "codec/hex.h"
#include "conf/must.h"
#include "host/field/mask_int.h"

enum form {
	OPEN,   /* nothing personal */
	ICC,    /* swapped semi-octets */
	IMSI,   /* a length, a parity, swapped semi-octets */
	NUMBER, /* a name, then a number */
	SMS,    /* a status, then a PDU */
};

/* What is not listed counts as personal, all of it. */
static const struct {
	unsigned file;
	enum form form;
} files[] = {
	{ 0x2fe2, ICC }, { 0x6f07, IMSI }, { 0x6f05, OPEN }, /* language */
	{ 0x6f14, OPEN }, /* CPHS: name of the operator */
	{ 0x6f16, OPEN }, /* CPHS: what it has */
	{ 0x6f30, OPEN }, /* preferred networks */
	{ 0x6f31, OPEN }, /* interval of their search */
	{ 0x6f37, OPEN }, /* ACMmax */
	{ 0x6f38, OPEN }, /* services */
	{ 0x6f3a, NUMBER }, { 0x6f3b, NUMBER }, { 0x6f3c, SMS }, { 0x6f40, NUMBER },
	{ 0x6f42, NUMBER }, /* SMSP: two addresses at its end, read as one text */
	{ 0x6f43, OPEN },   /* SMSS: the last reference */
	{ 0x6f44, NUMBER }, { 0x6f45, OPEN }, /* cell broadcast */
	{ 0x6f46, OPEN },                     /* name of the operator */
	{ 0x6f49, NUMBER }, { 0x6f4b, NUMBER }, { 0x6f60, OPEN }, { 0x6f61, OPEN },
	{ 0x6f62, OPEN }, { 0x6f78, OPEN }, /* access class */
	{ 0x6f7b, OPEN },                   /* forbidden networks */
	{ 0x6fad, OPEN },                   /* administration */
	{ 0x6fae, OPEN },                   /* phase */
};

static void swap(char *digits, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2) {
		char c = digits[i];

		digits[i] = digits[i + 1];
		digits[i + 1] = c;
	}
}

static size_t digits_at(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n && isdigit((unsigned char)text[i]))
		i++;
	return i;
}

static void all_octets(struct mask *m, char *digits, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	uint8_t *data = must(malloc(n / 2 + 1));
	size_t len, i;

	if (hex_decode(digits, n & ~(size_t)1, data, n / 2, &len)) {
		mask_octets(m, data, len);
		for (i = 0; i < 2 * len; i++)
			digits[i] = hex[i % 2 ? data[i / 2] & 15 : data[i / 2] >> 4];
	}
	free(data);
}

static void icc(struct mask *m, char *digits, size_t n)
{
	swap(digits, n);
	mask_iccid(m, digits, digits_at(digits, n));
	swap(digits, n);
}

static void imsi(struct mask *m, char *digits, size_t n)
{
	if (n < 6)
		return;
	swap(digits + 2, n - 2);
	mask_imsi(m, digits + 3, digits_at(digits + 3, n - 3));
	swap(digits + 2, n - 2);
}

/* The last 14 octets: length, type, number in swapped semi-octets, two identifiers. */
static void number(struct mask *m, char *digits, size_t n)
{
	size_t name = n > 28 ? n - 28 : 0;

	all_octets(m, digits, name);
	if (n < 28)
		return;
	swap(digits + name + 4, 20);
	mask_number(m, digits + name + 4, digits_at(digits + name + 4, 20));
	swap(digits + name + 4, 20);
}

/* Filled with FF after the PDU, whose end mask_message() cannot know: by its octets. */
static void sms(struct mask *m, char *digits, size_t n)
{
	size_t end = n;

	if (n < 4)
		return;
	while (end > 2 && toupper((unsigned char)digits[end - 1]) == 'F')
		end--;
	end += end % 2;
	if (end > 2)
		mask_message(m, digits + 2, end - 2, false);
}

void mask_file(struct mask *m, unsigned file, char *digits, size_t n)
{
	size_t i;

	if (m->keep)
		return;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (files[i].file == file)
			break;
	switch (i < sizeof(files) / sizeof(files[0]) ? (int)files[i].form : -1) {
	case OPEN:
		break;
	case ICC:
		icc(m, digits, n);
		break;
	case IMSI:
		imsi(m, digits, n);
		break;
	case NUMBER:
		number(m, digits, n);
		break;
	case SMS:
		sms(m, digits, n);
		break;
	default:
		all_octets(m, digits, n);
	}
}

/* ---- +CSIM ------------------------------------------------------------------------ */

static unsigned octet(const char *digits)
{
	return (unsigned)(hex_digit(digits[0]) << 4 | hex_digit(digits[1]));
}

/* A file identifier between 2000 and 7FFF is followed from SELECT to what reads it. The
 * number in m->file is 0 while no answer of the SIM has content of a file. */
void mask_apdu(struct mask *m, char *digits, size_t n)
{
	unsigned command;
	size_t i;

	for (i = 0; i < n; i++)
		if (hex_digit(digits[i]) < 0)
			return;
	m->body = false;
	if (n < 10 || m->keep)
		return;
	command = octet(digits + 2);
	if (command == 0xa4 && n >= 14)
		m->file = octet(digits + 10) << 8 | octet(digits + 12);
	m->body = command == 0xb0 || command == 0xb2 || command == 0x88;
	if (command == 0xd6 || command == 0xdc)
		mask_file(m, m->file, digits + 10, n - 10);
	if (command == 0x20 || command == 0x24 || command == 0x26 || command == 0x28 ||
		command == 0x2c || command == 0x88)
		all_octets(m, digits + 10, n - 10);
}

void mask_apdu_answer(struct mask *m, char *digits, size_t n)
{
	if (m->body && n > 4)
		mask_file(m, m->file, digits, n - 4);
	m->body = false;
}
