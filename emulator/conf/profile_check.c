/* Checks of profiles that the rows of a schema cannot express: digits, check digits,
 * channels of bands, entries that fit their phonebooks. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "codec/crc.h"
#include "conf/far_conf.h"
#include "conf/profile_schema.h"
#include "state/profile.h"

static bool all_digits(const char *t)
{
	return !t[strspn(t, "0123456789")];
}

const char *check_digits(const void *value)
{
	return all_digits(value)
		       ? NULL
		       : "contains characters other than digits; write digits only";
}

const char *check_plmn(const void *value)
{
	size_t len = strlen(value);

	return all_digits(value) && (len == 5 || len == 6)
		       ? NULL
		       : "is not a PLMN; write the 5 or 6 digits of MCC and MNC, such as "
			 "\"20801\"";
}

const char *check_pin(const void *value)
{
	size_t len = strlen(value);

	return all_digits(value) && len >= 4 && len <= 8
		       ? NULL
		       : "is not a PIN; write 4 to 8 digits, such as \"1234\"";
}

const char *check_puk(const void *value)
{
	return all_digits(value) && strlen(value) == 8
		       ? NULL
		       : "is not a PUK; write 8 digits, such as \"12345678\"";
}

const char *check_hex(const void *value)
{
	const char *text = value;
	size_t i;

	for (i = 0; text[i]; i++)
		if (!isxdigit((unsigned char)text[i]))
			break;
	return !text[i] && i % 2 == 0 ? NULL
				      : "is not a whole number of hexadecimal octets; "
					"write two digits per octet";
}

const char *check_number(const void *value)
{
	const char *t = value;

	t += *t == '+';
	return *t && !t[strspn(t, "0123456789*#pwPW")]
		       ? NULL
		       : "is not a number to dial; write digits, * and #, with a leading "
			 "+ if international";
}

const char *check_imsi(const void *value)
{
	size_t len = strlen(value);

	return all_digits(value) && len >= 6 && len <= 15
		       ? NULL
		       : "is not an IMSI; write 6 to 15 digits that begin with the PLMN";
}

const char *check_iccid(const void *value)
{
	size_t len = strlen(value);

	return all_digits(value) && (len == 19 || len == 20)
		       ? NULL
		       : "is not an ICCID; write the 19 or 20 digits that are printed on "
			 "the SIM";
}

const char *check_word(const void *value)
{
	const char *t = value;

	for (; *t; t++)
		if (!isalnum((unsigned char)*t) && !strchr("._-", *t))
			return "is not a single word; write letters, digits, dots and "
			       "dashes";
	return NULL;
}

/* The length of a command's name: +WMBS, &C, %D, S0, E. */
static size_t name_length(const char *key)
{
	const char *t = key;

	if (*t && strchr("+&%^$#*!\\-", *t))
		t++;
	if (!isupper((unsigned char)*t))
		return 0;
	while (isupper((unsigned char)*t) || isdigit((unsigned char)*t) || *t == '_')
		t++;
	return (size_t)(t - key);
}

const char *check_command_name(const char *key)
{
	size_t len = name_length(key);

	/* "+CSQ.name": a parameter */
	if (len && key[len] == '.')
		len += 1 + strspn(key + len + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return len && !key[len]
		       ? NULL
		       : "is not a command; write its name in capitals without AT, such "
			 "as \"+WMBS\", \"&C\" or \"S0\"";
}

const char *check_command_form(const char *key)
{
	size_t len = name_length(key);

	if (len && (!key[len] || !strcmp(key + len, "=") || !strcmp(key + len, "?") ||
			   !strcmp(key + len, "=?")))
		return NULL;
	return "is not a command; write it as \"+COPS\", \"+COPS?\", \"+COPS=\" or "
	       "\"+COPS=?\"";
}

struct doc_place check_at(const struct doc *d, const char *key)
{
	const struct doc *v = doc_get(d, key);

	return v ? v->at : d->at;
}

struct doc_place check_item_at(const struct doc *d, const char *key, size_t i)
{
	const struct doc *list = doc_get(d, key);

	return list && i < list->n ? list->items[i].value->at : check_at(d, key);
}

void check_device(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct device *v = object;
	char right = luhn_digit(v->imei, 14);

	if (v->imei[14] != right)
		doc_error(e, check_at(d, "imei"),
			"the check digit of the IMEI is wrong; write \"%.14s%c\"",
			v->imei, right);
	if (!v->n_modules)
		doc_error(e, check_at(d, "modules"),
			"a device accepts images of at least one module; write [Q2687H]");
	if (!v->bands)
		doc_error(e, check_at(d, "bands"),
			"a device has at least one band; write [850, 900, 1800, 1900]");
	check_messages(v->messages, v->n_messages, SMS_ME_MAX, d, "messages", e);
}

static const struct doc *below(const struct doc *d, const char *a, const char *b)
{
	const struct doc *v = doc_get(d, a);

	return b && v && doc_get(v, b) ? doc_get(v, b) : v ? v : d;
}

static void check_boot(
	const struct firmware *f, const struct doc *d, struct doc_errors *e)
{
	const struct boot_times *b = &f->boot;
	const struct {
		const char *name;
		usec_t time;
	} order[] = { { "sim", b->sim }, { "ready", b->ready }, { "network", b->network },
		{ "files", b->files } };
	const struct doc *boot = below(d, "timing", "boot");
	size_t i;

	if (b->rack > b->network)
		doc_error(e, check_at(boot, "rack"),
			"\"rack\" comes after \"network\"; it must come before \"ready\" "
			"or a moment after it");
	for (i = 1; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i].time < order[i - 1].time)
			doc_error(e, check_at(boot, order[i].name),
				"\"%s\" comes before \"%s\"; the order is sim, "
				"ready, network, files",
				order[i].name, order[i - 1].name);
}

void check_firmware(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct firmware *f = object;

	if (!f->xmodem.starts)
		doc_error(e, below(d, "xmodem", "start")->at,
			"there is no start character; write [NAK] or [C, NAK]");
	if (!f->needs)
		doc_error(e, below(d, "image", "needs_downloader")->at,
			"no downloader accepts this image; name a generation, such as "
			"[r7]");
	if (f->wopen.ad_min > f->wopen.ad_default ||
		f->wopen.ad_default > f->wopen.ad_max || f->wopen.ad_max > f->wopen.total)
		doc_error(e, below(d, "wopen", "ad_default")->at,
			"the A&D sizes do not fit together; keep ad_min <= ad_default <= "
			"ad_max "
			"<= total");
	check_boot(f, d, e);
}

static void check_cell(
	const struct network *n, size_t i, struct doc_place place, struct doc_errors *e)
{
	const struct cell *c = &n->cells[i];
	size_t k;

	if (!band_has(c->band, c->arfcn))
		doc_error(e, place, "channel %d is not in band %s; write an arfcn of %s",
			c->arfcn, name_of(band_bit_names, (int)c->band),
			band_channels(c->band));
	for (k = 0; k < n->n_operators && strcmp(n->operators[k].plmn, c->plmn); k++)
		;
	if (k == n->n_operators)
		doc_error(e, place,
			"the cell's operator %s is not in \"operators\"; add it there",
			c->plmn);
	for (k = 0; k < i; k++)
		if (n->cells[k].arfcn == c->arfcn && n->cells[k].band == c->band &&
			n->cells[k].bsic == c->bsic)
			doc_error(e, place,
				"this cell has the same channel and bsic as cell %zu; "
				"change one of them",
				k + 1);
}

/* A file, perhaps from somebody else, opens nothing of the network around. */
static void check_host(const char *text, struct doc_place at, struct doc_errors *e)
{
	struct forward f;
	const char *why = forward_read(text, &f);

	if (why)
		doc_error(e, at, "\"%s\": %s", text, why);
	else if (f.listens)
		doc_error(e, at,
			"\"%s\": a file cannot let this machine listen; start with "
			"--forward %s",
			text, text);
	else if (!forward_loops(&f))
		doc_error(e, at,
			"\"%s\": a file may only name this machine's loopback, "
			"127.0.0.1; "
			"for another target start with --forward %s",
			text, text);
}

void check_network(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct network *n = object;
	size_t i, k;

	for (i = 0; i < n->n_operators; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(n->operators[i].plmn, n->operators[k].plmn))
				doc_error(e, check_item_at(d, "operators", i),
					"operator %s is here twice; remove one",
					n->operators[i].plmn);
	for (i = 0; i < n->hosts.n; i++)
		check_host(n->hosts.text[i], check_item_at(d, "hosts", i), e);
	for (i = 0; i < n->n_cells; i++)
		check_cell(n, i, check_item_at(d, "cells", i), e);
	far_conf_check(&n->calls, d, e);
}

void check_book(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct book_conf *b = object;
	struct doc_place place;
	size_t i, k;

	for (i = 0; i < b->n_entries; i++) {
		place = check_item_at(d, "entries", i);
		if (b->entries[i].index > b->capacity)
			doc_error(e, place,
				"entry %d does not fit in a book of %d; raise "
				"\"capacity\"",
				b->entries[i].index, b->capacity);
		if (strlen(b->entries[i].number) > (size_t)b->number_max + 1)
			doc_error(e, place,
				"the number is longer than number_max %d; shorten it",
				b->number_max);
		if (strlen(b->entries[i].text) > (size_t)b->text_max)
			doc_error(e, place,
				"the name is longer than text_max %d; shorten it",
				b->text_max);
		for (k = 0; k < i; k++)
			if (b->entries[k].index == b->entries[i].index)
				doc_error(e, place,
					"entry %d is here twice; renumber one",
					b->entries[i].index);
	}
}

void check_sim(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct sim_conf *s = object;
	const struct {
		const char *name, *value, *help;
	} need[] = { { "imsi", s->imsi, "15 digits" },
		{ "iccid", s->iccid, "19 or 20 digits" },
		{ "pin", s->pin, "4 to 8 digits" }, { "puk", s->puk, "8 digits" },
		{ "pin2", s->pin2, "4 to 8 digits" }, { "puk2", s->puk2, "8 digits" } };
	size_t i;

	if (s->n_preferred > (size_t)s->preferred_max)
		doc_error(e, check_at(d, "preferred_max"),
			"%zu networks, but preferred_max is %d; remove some or raise it",
			s->n_preferred, s->preferred_max);
	if (!s->inserted)
		return;
	for (i = 0; i < sizeof(need) / sizeof(need[0]); i++)
		if (!*need[i].value)
			doc_error(e, d->at,
				"\"%s\" of the inserted SIM is missing; add it in "
				"quotes: %s",
				need[i].name, need[i].help);
}

void check_operators(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct operator_table *t = object;
	size_t i, k, ascending = 1;

	/* in a sorted table, as the shipped ones are, none is there twice */
	while (ascending < t->rows &&
		strcmp(t->row[ascending - 1].plmn, t->row[ascending].plmn) < 0)
		ascending++;
	for (i = ascending; i < t->rows; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(t->row[i].plmn, t->row[k].plmn))
				doc_error(e, check_item_at(d, "operators", i),
					"operator %s is here twice; remove one",
					t->row[i].plmn);
}
