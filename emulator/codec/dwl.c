/* Headers and bodies of the project's own download images. */
#include "codec/dwl.h"

#include <assert.h>
#include <string.h>

#include "codec/crc.h"

enum { /* layouts */
	LAYOUT = 1,
	LAYOUT_NAMED = 2,
};

enum { /* offsets, see dwl.h */
	AT_LAYOUT = 16,
	AT_KIND = 17,
	AT_ZERO = 18,
	AT_LENGTH = 20,
	AT_CRC = 24,
	AT_FIRMWARE = 28,
	AT_MODULE = 68,
	AT_FAMILY = 84,
	AT_ACCEPTED = 92,
	AT_HEADER_CRC = 124,
};

static const uint8_t magic[16] = "FAUXTRACK-DWL\r\n\x1a";

const struct name dwl_kind_names[] = {
	{ DWL_DOWNLOADER, "downloader", "takes effect at the next AT+CFUN=1" },
	{ DWL_FIRMWARE, "firmware", "what the module runs" },
	{ DWL_E2P, "e2p", "values of the non-volatile memory" },
	{ DWL_APPLICATION, "application", "an Open AT application" },
	{ DWL_FIRMWARE_AD, "firmware-ad-init",
		"a firmware that formats the A&D volume as well" },
	{ 0 },
};

const struct name dwl_result_names[] = {
	{ DWL_OK, "ok" },
	{ DWL_NOT_AN_IMAGE, "not an image of fauxtrack dwl make" },
	{ DWL_BAD_HEADER_CRC, "the header is damaged (its CRC does not match)" },
	{ DWL_UNKNOWN_LAYOUT, "a header layout unknown to this version" },
	{ DWL_UNKNOWN_KIND, "an unknown kind of image" },
	{ DWL_BAD_LENGTH, "the length is shorter than the header" },
	{ DWL_BAD_TEXT, "a text in the header is empty or not printable" },
	{ 0 },
};

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void put_text(uint8_t *p, size_t size, const char *text)
{
	size_t len = strnlen(text, size);

	assert(len > 0 && len < size);
	memcpy(p, text, len);
}

/* Reads a text of 1 to size - 1 printable characters, zero-padded to the end. */
static bool get_text(const uint8_t *p, size_t size, char *text)
{
	size_t len = strnlen((const char *)p, size);
	size_t i;

	if (len == 0 || len == size)
		return false;
	for (i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] > '~')
			return false;
	for (i = len; i < size; i++)
		if (p[i] != 0)
			return false;
	memcpy(text, p, size);
	return true;
}

void dwl_encode(const struct dwl_header *h, uint8_t out[DWL_HEADER])
{
	bool named = h->application[0];
	size_t i;

	assert(name_find(dwl_kind_names, name_of(dwl_kind_names, (int)h->kind)));
	assert(h->length >= DWL_HEADER && h->accepted <= DWL_GENERATIONS);
	assert(!named || (h->kind == DWL_APPLICATION && !h->accepted));
	memset(out, 0, DWL_HEADER);
	memcpy(out, magic, sizeof(magic));
	out[AT_LAYOUT] = named ? LAYOUT_NAMED : LAYOUT;
	out[AT_KIND] = (uint8_t)h->kind;
	put32(out + AT_LENGTH, h->length);
	put32(out + AT_CRC, h->crc);
	put_text(out + AT_FIRMWARE, DWL_FIRMWARE_MAX, h->firmware);
	put_text(out + AT_MODULE, DWL_MODULE_MAX, h->module);
	put_text(out + AT_FAMILY, DWL_FAMILY_MAX, h->family);
	for (i = 0; i < h->accepted; i++)
		put_text(out + AT_ACCEPTED + i * DWL_FAMILY_MAX, DWL_FAMILY_MAX,
			h->accepted_by[i]);
	if (named)
		put_text(out + AT_ACCEPTED, DWL_APPLICATION_MAX, h->application);
	put32(out + AT_HEADER_CRC, crc32_ieee(0, out, AT_HEADER_CRC));
}

static bool parse_texts(const uint8_t *p, struct dwl_header *h)
{
	const uint8_t *generation = p + AT_ACCEPTED;

	if (!get_text(p + AT_FIRMWARE, DWL_FIRMWARE_MAX, h->firmware) ||
		!get_text(p + AT_MODULE, DWL_MODULE_MAX, h->module) ||
		!get_text(p + AT_FAMILY, DWL_FAMILY_MAX, h->family))
		return false;
	if (p[AT_LAYOUT] == LAYOUT_NAMED)
		return get_text(generation, DWL_APPLICATION_MAX, h->application);
	for (; h->accepted < DWL_GENERATIONS && *generation; generation += DWL_FAMILY_MAX)
		if (!get_text(generation, DWL_FAMILY_MAX, h->accepted_by[h->accepted++]))
			return false;
	for (; generation < p + AT_HEADER_CRC; generation++)
		if (*generation != 0)
			return false;
	return true;
}

enum dwl_result dwl_parse(const void *start, size_t len, struct dwl_header *h)
{
	struct dwl_header found = { 0 };
	const uint8_t *p = start;

	if (len < DWL_HEADER || memcmp(p, magic, sizeof(magic)) != 0)
		return DWL_NOT_AN_IMAGE;
	if (get32(p + AT_HEADER_CRC) != crc32_ieee(0, p, AT_HEADER_CRC))
		return DWL_BAD_HEADER_CRC;
	if ((p[AT_LAYOUT] != LAYOUT && p[AT_LAYOUT] != LAYOUT_NAMED) || p[AT_ZERO] != 0 ||
		p[AT_ZERO + 1] != 0)
		return DWL_UNKNOWN_LAYOUT;
	if (p[AT_KIND] < DWL_DOWNLOADER || p[AT_KIND] > DWL_FIRMWARE_AD)
		return DWL_UNKNOWN_KIND;
	if (p[AT_LAYOUT] == LAYOUT_NAMED && p[AT_KIND] != DWL_APPLICATION)
		return DWL_UNKNOWN_LAYOUT;
	found.kind = (enum dwl_kind)p[AT_KIND];
	found.length = get32(p + AT_LENGTH);
	found.crc = get32(p + AT_CRC);
	if (found.length < DWL_HEADER)
		return DWL_BAD_LENGTH;
	if (!parse_texts(p, &found))
		return DWL_BAD_TEXT;
	*h = found;
	return DWL_OK;
}

/* FNV-1a of firmware, application and kind: where the body's numbers start. */
static uint64_t body_seed(const struct dwl_header *h)
{
	uint64_t hash = 0xcbf29ce484222325u;
	const char *p;

	for (p = h->firmware; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 0x100000001b3u;
	for (p = h->application; *p; p++)
		hash = (hash ^ (uint8_t)*p) * 0x100000001b3u;
	return (hash ^ (uint64_t)h->kind) * 0x100000001b3u;
}

/* SplitMix64 of the word's number: each word can be made without the ones before it. */
static uint64_t body_word(uint64_t seed, uint64_t word)
{
	uint64_t z = seed + (word + 1) * 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void dwl_body(const struct dwl_header *h, uint32_t offset, void *out, size_t len)
{
	uint64_t seed = body_seed(h);
	uint64_t at = offset, word = 0;
	uint8_t *p = out;
	size_t i;

	for (i = 0; i < len; i++, at++) {
		if (i == 0 || at % 8 == 0)
			word = body_word(seed, at / 8);
		p[i] = (uint8_t)(word >> (at % 8 * 8));
	}
}

uint32_t dwl_body_crc(const struct dwl_header *h)
{
	uint32_t left = h->length - DWL_HEADER;
	uint32_t at = 0, step, crc = 0;
	uint8_t piece[512];

	for (; left > 0; left -= step, at += step) {
		step = left < sizeof(piece) ? left : (uint32_t)sizeof(piece);
		dwl_body(h, at, piece, step);
		crc = crc32_ieee(crc, piece, step);
	}
	return crc;
}

size_t dwl_file_bytes(const struct dwl_file *file, uint32_t at, uint8_t *out, size_t len)
{
	size_t head = 0;

	if (at >= file->size)
		return 0;
	if (len > file->size - at)
		len = file->size - at;
	if (at < DWL_HEADER) {
		head = len < DWL_HEADER - at ? len : DWL_HEADER - at;
		memcpy(out, file->head + at, head);
	}
	if (head < len)
		dwl_body(&file->header, at + (uint32_t)head - DWL_HEADER, out + head,
			len - head);
	if (file->spoiled && file->spoiled >= at && file->spoiled - at < len)
		out[file->spoiled - at] ^= 0x55;
	return len;
}

bool dwl_is_firmware(enum dwl_kind kind)
{
	return kind == DWL_FIRMWARE || kind == DWL_FIRMWARE_AD;
}

bool dwl_accepted_by(const struct dwl_header *h, const char *generation)
{
	size_t i;

	for (i = 0; i < h->accepted; i++)
		if (strcmp(h->accepted_by[i], generation) == 0)
			return true;
	return false;
}
