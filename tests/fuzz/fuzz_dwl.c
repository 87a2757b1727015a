/* Exercises codec/dwl and codec/dwl_identify with arbitrary bytes: an accepted header
 * encodes to the same bytes, and every text is terminated. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/crc.h"
#include "codec/dwl.h"
#include "codec/dwl_identify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parse(const uint8_t *data, size_t size)
{
	uint8_t again[DWL_HEADER];
	struct dwl_header h;

	if (dwl_parse(data, size, &h) != DWL_OK)
		return;
	dwl_encode(&h, again);
	if (memcmp(again, data, DWL_HEADER) != 0)
		abort();
}

/* Corrects the CRC first, which a fuzzer would not find. */
static void check_parse_mended(const uint8_t *data, size_t size)
{
	uint8_t raw[DWL_HEADER];
	uint32_t crc;
	int i;

	if (size < DWL_HEADER)
		return;
	memcpy(raw, data, DWL_HEADER);
	crc = crc32_ieee(0, raw, DWL_HEADER - 4);
	for (i = 0; i < 4; i++)
		raw[DWL_HEADER - 4 + i] = (uint8_t)(crc >> (8 * i));
	check_parse(raw, sizeof(raw));
}

static void check_text(const char *text, size_t size)
{
	if (strnlen(text, size) == size)
		abort();
}

static void check_identity(const uint8_t *data, size_t size, const char *name)
{
	struct dwl_identity id;
	size_t i, len;

	dwl_identify(data, size, name, &id);
	if (id.finds > DWL_FINDS)
		abort();
	for (i = 0; i < id.finds; i++) {
		check_text(id.find[i].text, sizeof(id.find[i].text));
		check_text(id.find[i].version, sizeof(id.find[i].version));
		check_text(id.find[i].module, sizeof(id.find[i].module));
		len = strlen(id.find[i].text);
		if (id.find[i].offset + len > size ||
			memcmp(data + id.find[i].offset, id.find[i].text, len) != 0)
			abort();
	}
}

/* A file is the same however it is split, and ends at its size. */
static void check_file(const uint8_t *data, size_t size)
{
	struct dwl_file file = { .header = { .kind = DWL_E2P, .firmware = "r74" } };
	uint8_t whole[600], piece[600];
	size_t cut, n;

	if (size < 6 + DWL_HEADER)
		return;
	file.size = (data[0] | data[1] << 8) % sizeof(whole);
	file.spoiled = data[2] | data[3] << 8;
	memcpy(file.head, data + 6, DWL_HEADER);
	cut = (data[4] | data[5] << 8) % sizeof(whole);
	if (dwl_file_bytes(&file, 0, whole, sizeof(whole)) != file.size)
		abort();
	n = dwl_file_bytes(&file, 0, piece, cut);
	n += dwl_file_bytes(&file, (uint32_t)cut, piece + n, sizeof(piece) - n);
	if (n != file.size || memcmp(whole, piece, n) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_file(data, size);
	check_parse(data, size);
	check_parse_mended(data, size);
	check_identity(data, size, NULL);
	check_identity(data, size, "x.dwl");
	return 0;
}
