/* Download images: headers, test files with defects, fingerprints. */
#include "state/image.h"

#include <string.h>

#include "state/application.h"

#define APPLICATION_SIZE (256 * 1024) /* of one without a file; inferred */

uint32_t image_default_size(const struct firmware *f, enum dwl_kind kind)
{
	switch (kind) {
	case DWL_DOWNLOADER:
		return f->downloader.size;
	case DWL_FIRMWARE:
	case DWL_FIRMWARE_AD:
		return f->image_size;
	case DWL_E2P:
		return 8 * 1024;
	case DWL_APPLICATION:
		return APPLICATION_SIZE;
	case DWL_NONE:
		break;
	}
	return 0;
}

_Static_assert(sizeof(((struct firmware *)0)->family) == DWL_FAMILY_MAX &&
		       sizeof(((struct firmware *)0)->module) == DWL_MODULE_MAX &&
		       PROFILE_NAME == DWL_FIRMWARE_MAX,
	"a header has room for the texts of a profile");

bool image_header(const struct firmware *f, enum dwl_kind kind, uint32_t length,
	struct dwl_header *h)
{
	bool loader = kind == DWL_DOWNLOADER;

	memset(h, 0, sizeof(*h));
	h->kind = kind;
	h->length = length;
	memcpy(h->firmware, f->name, sizeof(h->firmware));
	memcpy(h->module, f->module, sizeof(h->module));
	memcpy(h->family, f->family, sizeof(h->family));
	h->accepted = loader ? f->downloader.accepted : f->needs;
	memcpy(h->accepted_by,
		loader ? f->downloader.image_accepted_by : f->needs_downloader,
		h->accepted * sizeof(h->accepted_by[0]));
	if (!h->accepted && f->downloader.generation[0]) {
		memcpy(h->accepted_by[0], f->downloader.generation,
			sizeof(h->accepted_by[0]));
		h->accepted = 1;
	}
	return h->firmware[0] && h->module[0] && h->family[0] && h->accepted > 0;
}

const struct name image_defect_names[] = {
	{ IMAGE_SOUND, "none", "a sound image" },
	{ IMAGE_WRONG_MODULE, "wrong-module", "it is for another module" },
	{ IMAGE_WRONG_FAMILY, "wrong-family",
		"it is for downloaders of another generation" },
	{ IMAGE_TOO_LARGE, "too-large", "it is larger than the flash" },
	{ IMAGE_BAD_HEADER, "bad-header", "one byte of its header is wrong" },
	{ IMAGE_BAD_BODY, "bad-body", "one byte in its middle is wrong" },
	{ IMAGE_BAD_CHECKSUM, "bad-checksum",
		"the checksum in its header does not match its body" },
	{ IMAGE_TRUNCATED, "truncated", "its second half is missing" },
	{ IMAGE_TOO_LONG, "too-long", "it is longer than its header says" },
	{ IMAGE_PACKAGE, "wpk", "it is a package for DWLWin, not an image" },
	{ 0, NULL, NULL },
};

static void change_module(const struct device *d, struct dwl_header *h)
{
	static const char *const others[] = { "Q24PL001", "SL6087", "Q2687H" };
	size_t i = 0;

	while (i < 2 &&
		(device_has_module(d, others[i]) || !strcmp(h->module, others[i])))
		i++;
	memset(h->module, 0, sizeof(h->module));
	strcpy(h->module, others[i]);
}

/* Names a single generation that does not accept the sound image. */
static void change_family(struct dwl_header *h)
{
	static const char *const others[] = { "r6", "q24", "r7" };
	size_t i = 0;

	while (i < 2 && dwl_accepted_by(h, others[i]))
		i++;
	memset(h->family, 0, sizeof(h->family));
	memset(h->accepted_by, 0, sizeof(h->accepted_by));
	strcpy(h->family, others[i]);
	strcpy(h->accepted_by[0], others[i]);
	h->accepted = 1;
}

static uint32_t too_large(const struct profile *p, uint32_t size)
{
	uint32_t flash = p->device.flash_kb * 1024;

	return size > flash ? size : flash + DWL_HEADER;
}

/* Every downloader takes an application, so its name has the place of their generations.
 */
static void name_application(struct dwl_header *h, const char *name)
{
	memset(h->accepted_by, 0, sizeof(h->accepted_by));
	h->accepted = 0;
	memcpy(h->application, name, strnlen(name, sizeof(h->application) - 1));
}

/* name: of an application with a file, else NULL */
static bool make_file(const struct profile *p, const struct firmware *f,
	enum dwl_kind kind, const char *name, uint32_t size, enum image_defect defect,
	struct dwl_file *file)
{
	struct dwl_header *h = &file->header;

	memset(file, 0, sizeof(*file));
	if (defect == IMAGE_TOO_LARGE)
		size = too_large(p, size);
	if (size < DWL_HEADER || (defect == IMAGE_BAD_BODY && size == DWL_HEADER) ||
		!image_header(f, kind, size, h))
		return false;
	if (defect == IMAGE_WRONG_MODULE)
		change_module(&p->device, h);
	if (defect == IMAGE_WRONG_FAMILY)
		change_family(h);
	if (name)
		name_application(h, name);
	h->crc = dwl_body_crc(h);
	if (defect == IMAGE_BAD_CHECKSUM)
		h->crc = ~h->crc;
	dwl_encode(h, file->head);
	file->size = defect == IMAGE_TRUNCATED ? size / 2 : size;
	if (defect == IMAGE_TOO_LONG)
		file->size = size + size / 2 + 2048; /* at least two blocks */
	if (defect == IMAGE_BAD_HEADER)
		file->head[DWL_HEADER / 2] ^= 0x55;
	if (defect == IMAGE_BAD_BODY)
		file->spoiled = DWL_HEADER + (size - DWL_HEADER) / 2;
	if (defect == IMAGE_PACKAGE)
		memcpy(file->head, DWL_PACKAGE_MAGIC, DWL_PACKAGE_MAGIC_SIZE);
	return true;
}

bool image_file(const struct profile *p, size_t firmware, enum dwl_kind kind,
	uint32_t size, enum image_defect defect, struct dwl_file *file)
{
	const struct firmware *f = profile_at(p, firmware);

	return make_file(p, f, kind, NULL, size ? size : image_default_size(f, kind),
		defect, file);
}

bool image_application_file(const struct profile *p, size_t firmware,
	const struct application *a, uint32_t size, enum image_defect defect,
	struct dwl_file *file)
{
	return make_file(p, profile_at(p, firmware), DWL_APPLICATION, a->name,
		size ? size : a->size, defect, file);
}

void image_fingerprint(const void *start, size_t len, uint8_t out[SHA256_DIGEST_SIZE])
{
	uint8_t head[DWL_HEADER];
	struct sha256_ctx sha;

	memset(head, IMAGE_PADDING, sizeof(head));
	if (len)
		memcpy(head, start, len < sizeof(head) ? len : sizeof(head));
	sha256_init(&sha);
	sha256_update(&sha, sizeof(head), head);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, out);
}
