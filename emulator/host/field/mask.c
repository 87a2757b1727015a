#include "host/field/mask_int.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rand.h"
#include "codec/gsm7.h"
#include "conf/must.h"

#define SHORT_CODE 5 /* digits that a number of a service may have */
#define TAIL       8 /* digits that tell one subscriber from another */
#define HEAD       3 /* the first digits stay: country and kind of number */
#define TAC        8
#define IMEI       14 /* without its check digit or software version */
#define ISSUER     7  /* 89, country, issuer */
#define ICCID      18 /* without the check digit */

struct mask *mask_new(bool keep)
{
	struct mask *m = must(calloc(1, sizeof(*m)));

	m->keep = keep;
	return m;
}

void mask_free(struct mask *m)
{
	size_t i;

	if (!m)
		return;
	for (i = 0; i < m->n; i++) {
		free(m->pair[i].was);
		free(m->pair[i].is);
	}
	free(m->pair);
	free(m);
}

unsigned mask_count(const struct mask *m, enum mask_kind kind)
{
	return m->count[kind];
}

/* ---- pairs ------------------------------------------------------------------------ */

static char *copy(const char *text, size_t n)
{
	char *to = must(malloc(n + 1));

	memcpy(to, text, n);
	to[n] = '\0';
	return to;
}

/* The pair of this text. A new one has a copy of the text as its invention. */
static struct mask_pair *pair_of(
	struct mask *m, enum mask_kind kind, const char *was, size_t n, bool *fresh)
{
	struct mask_pair *p;
	size_t i;

	*fresh = false;
	for (i = 0; i < m->n; i++) {
		p = &m->pair[i];
		if (p->kind != kind || strlen(p->was) != n)
			continue;
		/* or it is replaced already: two places may claim it */
		if (!memcmp(p->was, was, n) || !memcmp(p->is, was, n))
			return p;
	}
	m->pair = must(realloc(m->pair, (m->n + 1) * sizeof(*m->pair)));
	p = &m->pair[m->n++];
	*p = (struct mask_pair){ kind, copy(was, n), copy(was, n) };
	m->count[kind]++;
	*fresh = true;
	return p;
}

/* Writes the number in so many digits, or its last ones. */
static void count_out(unsigned long long number, char *digits, size_t n)
{
	while (n) {
		digits[--n] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* ---- digits ----------------------------------------------------------------------- */

char mask_check_digit(const char *digits, size_t n)
{
	unsigned sum = 0, d;
	size_t i;

	for (i = 0; i < n; i++) {
		d = (unsigned)(digits[i] - '0');
		if ((n - i) % 2)
			d = d * 2 > 9 ? d * 2 - 9 : d * 2;
		sum += d;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

void mask_number(struct mask *m, char *digits, size_t n)
{
	size_t tail = n < TAIL ? n : TAIL, head = n - tail;
	struct mask_pair *p;
	bool fresh;

	if (m->keep || n <= SHORT_CODE)
		return;
	p = pair_of(m, MASK_NUMBER, digits + head, tail, &fresh);
	if (fresh) {
		memset(p->is, '5', tail);
		count_out(m->count[MASK_NUMBER], p->is + 2, tail - 2);
	}
	if (head > HEAD)
		memset(digits + HEAD, '0', head - HEAD);
	memcpy(digits + head, p->is, tail);
}

void mask_imei(struct mask *m, char *digits, size_t n)
{
	struct mask_pair *p;
	bool fresh;

	if (m->keep || n < IMEI)
		return;
	p = pair_of(m, MASK_IMEI, digits, IMEI, &fresh);
	if (fresh)
		count_out(m->count[MASK_IMEI], p->is + TAC, IMEI - TAC);
	memcpy(digits, p->is, IMEI);
	if (n == IMEI + 1)
		digits[IMEI] = mask_check_digit(digits, IMEI);
}

/* Countries of North America have networks of three digits (E.212). */
static size_t network_digits(const char *imsi)
{
	return !memcmp(imsi, "302", 3) || !memcmp(imsi, "31", 2) ||
			       !memcmp(imsi, "33", 2) || !memcmp(imsi, "34", 2)
		       ? 6
		       : 5;
}

void mask_imsi(struct mask *m, char *digits, size_t n)
{
	struct mask_pair *p;
	size_t kept;
	bool fresh;

	if (m->keep || n <= 6)
		return;
	kept = network_digits(digits);
	p = pair_of(m, MASK_IMSI, digits, n, &fresh);
	if (fresh)
		count_out(m->count[MASK_IMSI], p->is + kept, n - kept);
	memcpy(digits, p->is, n);
}

void mask_iccid(struct mask *m, char *digits, size_t n)
{
	struct mask_pair *p;
	bool fresh;
	size_t i;

	if (m->keep || n < ICCID)
		return;
	p = pair_of(m, MASK_ICCID, digits, ICCID, &fresh);
	if (fresh)
		count_out(m->count[MASK_ICCID], p->is + ISSUER, ICCID - ISSUER);
	memcpy(digits, p->is, ICCID);
	for (i = ICCID; i < n; i++)
		digits[i] = mask_check_digit(digits, i);
}

/* What record has masked already stays. */
static bool only_zeros(const char *text, size_t n)
{
	while (n && text[n - 1] == '0')
		n--;
	return !n;
}

void mask_secret(struct mask *m, char *text, size_t n)
{
	struct mask_pair *p;
	struct rand r;
	bool fresh;
	size_t i;

	if (m->keep || only_zeros(text, n))
		return;
	p = pair_of(m, MASK_SECRET, text, n, &fresh);
	rand_init(&r, m->count[MASK_SECRET]);
	for (i = 0; fresh && i < n; i++)
		p->is[i] = isalpha((unsigned char)text[i])
				   ? (char)('a' + rand_below(&r, 26))
			   : isdigit((unsigned char)text[i]) ? '0'
							     : text[i];
	if (fresh && isdigit((unsigned char)text[n - 1]))
		p->is[n - 1] = (char)('0' + m->count[MASK_SECRET] % 9 + 1);
	memcpy(text, p->is, n);
}

void mask_octets(struct mask *m, uint8_t *data, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	char *key = must(malloc(2 * n + 1));
	struct rand r;
	bool fresh;
	size_t i;

	for (i = 0; i < n; i++) {
		key[2 * i] = hex[data[i] >> 4];
		key[2 * i + 1] = hex[data[i] & 15];
	}
	if (!m->keep && n) {
		rand_init(&r, (uint64_t)(pair_of(m, MASK_OCTETS, key, 2 * n, &fresh) -
					 m->pair + 1));
		for (i = 0; i < n; i++)
			if (data[i] != 0 && data[i] != 0xff)
				data[i] = (uint8_t)(1 + rand_below(&r, 254));
	}
	free(key);
}

/* ---- characters ------------------------------------------------------------------- */

static bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

/* Letters, and all of the scripts that have no others. */
static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return isalpha((int)cp);
	return cp >= 0xc0 && cp != 0xd7 && cp != 0xf7 && !(cp >= 0x2000 && cp < 0x2c00) &&
	       !(cp >= 0x3000 && cp < 0x3040) && !(cp >= 0xd800 && cp < 0xe000) &&
	       cp < 0xfe00;
}

/* One of the same kind in the GSM alphabet, else of the same 32 characters. */
static uint32_t other_letter(struct rand *r, uint32_t cp, bool vowel)
{
	static const char vowels[] = "aeiou", consonants[] = "bdfgklmnprst";
	static const uint32_t lower[] = { 0xe0, 0xe8, 0xe9, 0xec, 0xf2, 0xf9, 0xe4, 0xf6,
		0xfc, 0xf1, 0xe5, 0xf8 };
	static const uint32_t upper[] = { 0xc4, 0xd6, 0xd1, 0xdc, 0xc9, 0xc5, 0xd8,
		0xc7 };
	static const uint32_t greek[] = { 0x394, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8,
		0x3a3, 0x398, 0x39e };
	uint8_t septets[2];
	char c;

	if (cp < 0x80) {
		c = vowel ? vowels[rand_below(r, 5)] : consonants[rand_below(r, 12)];
		return (uint32_t)(isupper((int)cp) ? toupper(c) : c);
	}
	if (gsm7_septets(cp, septets) != 1)
		return (cp & ~31u) | rand_below(r, 32);
	if (cp >= 0x370)
		return greek[rand_below(r, 10)];
	return cp < 0xdf ? upper[rand_below(r, 8)] : lower[rand_below(r, 12)];
}

static void other_word(struct rand *r, uint32_t *cp, size_t n)
{
	bool vowel = rand_below(r, 3) == 0;
	size_t i;

	for (i = 0; i < n; i++, vowel = !vowel)
		cp[i] = other_letter(r, cp[i], vowel);
}

/* The number of a run of letters or of digits among those of its kind, from 1. */
static unsigned known_as(
	struct mask *m, enum mask_kind kind, const uint32_t *cp, size_t n)
{
	char *key = must(malloc(6 * n + 1));
	size_t len = 0, i;
	unsigned number = 0;
	struct mask_pair *p;
	bool fresh;

	for (i = 0; i < n; i++)
		len += (size_t)sprintf(key + len, "%x.", (unsigned)cp[i] & 0xfffff);
	p = pair_of(m, kind, key, len, &fresh);
	for (i = 0; &m->pair[i] <= p; i++)
		number += m->pair[i].kind == kind;
	free(key);
	return number;
}

static void other_digits(struct mask *m, uint32_t *cp, size_t n)
{
	char digits[64];
	struct rand r;
	size_t i;

	if (n > SHORT_CODE && n < sizeof(digits)) {
		for (i = 0; i < n; i++)
			digits[i] = (char)cp[i];
		mask_number(m, digits, n);
		for (i = 0; i < n; i++)
			cp[i] = (unsigned char)digits[i];
		return;
	}
	rand_init(&r, 1000 + known_as(m, MASK_DIGITS, cp, n));
	for (i = 0; i < n; i++)
		cp[i] = '0' + rand_below(&r, 10);
}

void mask_characters(struct mask *m, uint32_t *cp, size_t n)
{
	struct rand r;
	size_t i = 0, end;

	while (i < n && !m->keep) {
		end = i + 1;
		if (is_letter(cp[i])) {
			while (end < n && is_letter(cp[end]))
				end++;
			rand_init(&r, known_as(m, MASK_WORD, cp + i, end - i));
			other_word(&r, cp + i, end - i);
		} else if (is_digit(cp[i])) {
			while (end < n && is_digit(cp[end]))
				end++;
			other_digits(m, cp + i, end - i);
		}
		i = end;
	}
}

/* ---- everywhere ------------------------------------------------------------------- */

void mask_again(const struct mask *m, char *text)
{
	const struct mask_pair *p;
	char *at;
	size_t i;

	for (i = 0; i < m->n && text; i++) {
		p = &m->pair[i];
		if (p->kind > MASK_ICCID || strlen(p->was) < TAIL)
			continue;
		for (at = text; (at = strstr(at, p->was)); at += strlen(p->was))
			memcpy(at, p->is, strlen(p->is));
	}
}

void mask_login(struct mask *m, char *text)
{
	mask_secret(m, text, strlen(text));
}
