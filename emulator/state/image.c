/* Headers and fingerprints of download images. */
#include "state/image.h"

#include <string.h>

uint32_t image_default_size(const struct firmware *f, enum dwl_kind kind)
{
	switch (kind) {
	case DWL_DOWNLOADER:
		return f->downloader.size;
	case DWL_FIRMWARE:
		return f->image_size;
	case DWL_E2P:
		return 8 * 1024;
	case DWL_APPLICATION:
		return 256 * 1024;
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
