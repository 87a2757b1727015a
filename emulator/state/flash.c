/* The contents of the flash, and the only changes to it. Each change is made on a copy
 * that replaces the contents once the record is stored, so a power cut leaves the old
 * state or the new one. */
#include "state/flash.h"

#include <assert.h>
#include <string.h>

#include "codec/crc.h"
#include "state/layout.h"

#define BLOCK_MAX 1024 /* padding fills the last block, so there is less than this */

/* What an E2P image rewrites: download.md Image kinds says "defaults". That this means
 * all settings, including those of Open AT, is inferred; identity and calibration are
 * stored elsewhere. */
#define E2P_ITEMS                                                                        \
	(INSTALL_BAND | INSTALL_WIND | INSTALL_SPEED | INSTALL_PROFILE | INSTALL_WOPEN | \
		INSTALL_AD_SIZE | INSTALL_AT_ONCE)

const struct name flash_verdict_names[] = {
	{ FLASH_ACCEPTED, "accepted" },
	{ FLASH_NOT_AN_IMAGE,
		"not an image: neither made by dwl make nor named by --image",
		"make one with fauxtrack dwl make, or name your own file with "
		"--image" },
	{ FLASH_WRONG_MODULE, "for another module",
		"use the image for this module, or the --profile of a device that has "
		"that module" },
	{ FLASH_WRONG_DOWNLOADER, "not for this generation of downloader",
		"send the matching downloader first, then AT+CFUN=1; there is no way "
		"back to an older generation" },
	{ FLASH_UNKNOWN_FIRMWARE, "for a firmware that no profile describes",
		"describe it in profiles/firmware, or use a firmware described there" },
	{ FLASH_NO_FIRMWARE, "an application, but there is no firmware to run it",
		"send a firmware first" },
	{ FLASH_NO_ROOM, "larger than the flash", "use a smaller image" },
	{ FLASH_ALLOCATION,
		"too large to fit next to the application, which AT+WOPEN=4 erases",
		"send a firmware that fits, then AT+WOPEN=4 and this one" },
	{ FLASH_LONGER, "longer than its header or the flash allows",
		"make the image again, or cut off what follows it" },
	{ FLASH_UNSOUND, "damaged: its length or CRC does not match its header",
		"send the image again, or make it again" },
	{ FLASH_MEMORY, "the record could not be stored", "see the log" },
	{ FLASH_BROKEN_FIRMWARE, "for a firmware whose file has errors",
		"correct the file; the log names it, fauxtrack check lists the errors" },
	{ FLASH_BROKEN_APPLICATION, "an application whose file has errors",
		"correct the file; the log names it, fauxtrack check lists the errors" },
	{ 0 },
};

/* Makes a change only if its record can be stored. */
static bool commit(struct flash *f, const struct flash *changed)
{
	if (!flash_store(changed))
		return false;
	*f = *changed;
	return true;
}

bool flash_find(const struct flash *f, const char *name, size_t *index)
{
	return profile_find(f->profile, name, index);
}

void flash_report_unknown(const struct flash *f, const char *name)
{
	log_warn(f->log, LOG_DWL,
		"no file describes the application \"%s\": it is in flash, but does and "
		"says nothing; put %s.yaml into profiles/applications, or set "
		"FAUXTRACK_PROFILES to the folder that has it, and start again",
		name, name);
}

/* contents */

static void put_text(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);

	memset(out, 0, size);
	memcpy(out, text, len < size ? len : size - 1);
}

/* Puts an application into flash, as the firmware that runs (or fw) places it. An
 * unsound one keeps its name. */
static void place_application(
	struct flash *f, const struct firmware *fw, const char *name, uint32_t size)
{
	const struct firmware *runs = flash_firmware(f);
	const struct application *a = profile_application(f->profile, name);

	f->app_present = true;
	f->app_fault = a ? (uint32_t)a->fault : APP_SOUND;
	f->app_at = layout_application(runs ? runs : fw);
	f->app_size = size;
	put_text(f->app_name, sizeof(f->app_name), name);
	put_text(f->app_library, sizeof(f->app_library),
		a ? a->library.text : fw->open_at.text);
}

void flash_init(struct flash *f, const struct profile *p, const struct nv_ops *memory,
	const struct log *l)
{
	const struct application *delivered;

	memset(f, 0, sizeof(*f));
	f->profile = p;
	f->memory = memory;
	f->log = l;
	f->downloader = p->downloader;
	f->pending = -1;
	f->firmware = f->last.firmware = p->installed;
	f->valid = true;
	f->dota = profile_at(p, p->installed)->install.dota != DOTA_NONE;
	delivered = profile_application(p, p->application);
	if (delivered)
		place_application(
			f, profile_at(p, p->installed), delivered->name, delivered->size);
}

bool flash_bind(struct flash *f, const struct flash_image *image)
{
	assert(profile_at(f->profile, image->firmware) && image->kind != DWL_NONE);
	if (f->n_images == FLASH_IMAGES)
		return false;
	f->images[f->n_images++] = image;
	return true;
}

static const char *generation(const struct flash *f)
{
	return profile_at(f->profile, f->downloader)->downloader.generation;
}

const struct firmware *flash_firmware(const struct flash *f)
{
	const struct firmware *fw = profile_at(f->profile, f->firmware);
	struct dwl_header h;

	/* a firmware does not start under a downloader that would have refused it */
	if (!f->valid || !image_header(fw, DWL_FIRMWARE, DWL_HEADER, &h) ||
		!dwl_accepted_by(&h, generation(f)))
		return NULL;
	return fw;
}

bool flash_broken_off(const struct flash *f)
{
	return !f->valid && !f->last.complete &&
	       dwl_is_firmware((enum dwl_kind)f->last.kind);
}

bool flash_lacks_dota(const struct flash *f)
{
	const struct firmware *fw = flash_firmware(f);

	return fw && fw->install.dota == DOTA_NEEDS && !f->dota;
}

void flash_boot(struct flash *f)
{
	struct flash changed;

	memset(&f->job, 0, sizeof(f->job));
	if (f->pending < 0)
		return;
	changed = *f;
	changed.downloader = (size_t)f->pending;
	changed.pending = -1;
	changed.job.kind = DWL_NONE;
	commit(f, &changed);
}

static unsigned install_rules(const struct firmware *fw)
{
	return fw->install.resets | fw->install.erases | fw->install.clears;
}

unsigned flash_install_items(const struct flash *f)
{
	const struct firmware *fw = flash_firmware(f);

	if (!fw)
		return 0;
	return (f->just_installed ? install_rules(fw) : 0) |
	       (f->ad_init ? (unsigned)INSTALL_AD_VOLUME : 0) |
	       (f->e2p ? (unsigned)E2P_ITEMS : 0);
}

static void remove_app(struct flash *f)
{
	f->app_present = false;
	f->app_fault = APP_SOUND;
	f->app_at = f->app_size = 0;
	f->app_name[0] = '\0';
	f->app_library[0] = '\0';
}

void flash_install_done(struct flash *f)
{
	unsigned items = flash_install_items(f);
	struct flash changed = *f;

	changed.just_installed = changed.ad_init = changed.e2p = false;
	if (items & INSTALL_APPLICATION)
		remove_app(&changed);
	if (items & INSTALL_FLASH_OBJECTS)
		changed.objects = false;
	commit(f, &changed);
}

bool flash_erase_app(struct flash *f)
{
	struct flash changed = *f;

	if (!f->app_present)
		return false;
	remove_app(&changed);
	return commit(f, &changed);
}

bool flash_erase_objects(struct flash *f)
{
	struct flash changed = *f;

	if (!f->objects)
		return false;
	changed.objects = false;
	return commit(f, &changed);
}

struct flash_contents flash_contents(const struct flash *f)
{
	struct flash_contents c = {
		.downloader = f->downloader,
		.firmware = f->firmware,
		.valid = f->valid,
		.application = f->app_present,
		.fault = (enum app_fault)f->app_fault,
		.app_size = f->app_size,
		.objects = f->objects,
	};

	memcpy(c.library, f->app_library, sizeof(c.library));
	memcpy(c.app_name, f->app_name, sizeof(c.app_name));
	return c;
}

bool flash_put(struct flash *f, const struct flash_contents *c)
{
	struct flash changed = *f;

	changed.downloader = c->downloader;
	changed.pending = -1;
	changed.firmware = c->firmware;
	changed.valid = c->valid;
	changed.just_installed = changed.ad_init = changed.e2p = false;
	/* the maker's tool installs it */
	if (profile_at(f->profile, c->firmware)->install.dota != DOTA_NONE)
		changed.dota = true;
	changed.app_present = c->application;
	changed.app_fault = c->fault;
	changed.app_size = c->app_size;
	if (!c->app_size)
		changed.app_at = 0;
	else if (c->app_size != f->app_size)
		changed.app_at = layout_application(profile_at(f->profile, c->firmware));
	memcpy(changed.app_library, c->library, sizeof(changed.app_library));
	memcpy(changed.app_name, c->app_name, sizeof(changed.app_name));
	changed.objects = c->objects;
	memset(&changed.last, 0, sizeof(changed.last));
	changed.last.firmware = c->firmware;
	changed.job.kind = DWL_NONE;
	return commit(f, &changed);
}

/* taking a file in */

static const struct flash_image *bound(const struct flash *f, const void *head)
{
	uint8_t sha256[SHA256_DIGEST_SIZE];
	size_t i;

	if (!f->n_images)
		return NULL;
	image_fingerprint(head, DWL_HEADER, sha256);
	for (i = 0; i < f->n_images; i++)
		if (memcmp(f->images[i]->sha256, sha256, sizeof(sha256)) == 0)
			return f->images[i];
	return NULL;
}

static uint32_t room(const struct flash *f, enum dwl_kind kind)
{
	const struct firmware *fw = flash_firmware(f);

	if (kind == DWL_APPLICATION && fw && fw->wopen.total > 0)
		return (uint32_t)fw->wopen.total * 1024;
	return f->profile->device.flash_kb * 1024;
}

/* Whether an application fits is checked by the operating system, not by the downloader:
 * one built for another system is accepted, and does not start. */
static enum flash_verdict judge(const struct flash *f, const struct dwl_header *h)
{
	uint32_t most = room(f, h->kind);

	if (!device_has_module(&f->profile->device, h->module))
		return FLASH_WRONG_MODULE;
	if (h->kind == DWL_APPLICATION && !flash_firmware(f))
		return FLASH_NO_FIRMWARE;
	if (h->kind != DWL_APPLICATION && !dwl_accepted_by(h, generation(f)))
		return FLASH_WRONG_DOWNLOADER;
	if (most && h->length > most)
		return FLASH_NO_ROOM;
	return FLASH_ACCEPTED;
}

/* The firmware of an image cannot be found; a device does not know the firmware of other
 * devices. */
static enum flash_verdict unknown(const struct flash *f, const struct dwl_header *h)
{
	const char *flaw;

	if (!device_has_module(&f->profile->device, h->module))
		return FLASH_WRONG_MODULE;
	flaw = profile_flaw(f->profile, h->firmware);
	if (!flaw)
		return FLASH_UNKNOWN_FIRMWARE;
	log_error(f->log, LOG_DWL,
		"the file of firmware \"%s\" has an error: %s; correct it (fauxtrack "
		"check lists all errors) and start again",
		h->firmware, flaw);
	return FLASH_BROKEN_FIRMWARE;
}

/* The name of an application. Without a file for it it is accepted as any other. */
static enum flash_verdict judge_name(const struct flash *f, const struct dwl_header *h)
{
	const char *flaw;

	if (!h->application[0] || profile_application(f->profile, h->application))
		return FLASH_ACCEPTED;
	flaw = profile_application_flaw(f->profile, h->application);
	if (!flaw) {
		flash_report_unknown(f, h->application);
		return FLASH_ACCEPTED;
	}
	log_error(f->log, LOG_DWL,
		"the file of application \"%s\" has an error: %s; correct it (fauxtrack "
		"check lists all errors) and start again",
		h->application, flaw);
	return FLASH_BROKEN_APPLICATION;
}

enum flash_verdict flash_begin(struct flash *f, const void *head, size_t len)
{
	const struct flash_image *image;
	struct flash changed = *f;
	struct dwl_header h;
	enum flash_verdict verdict;
	size_t index;

	flash_abort(f);
	if (len < DWL_HEADER)
		return FLASH_NOT_AN_IMAGE;
	image = bound(f, head);
	if (image) {
		index = image->firmware;
		if (!image_header(profile_at(f->profile, index), image->kind, 0, &h))
			return FLASH_WRONG_DOWNLOADER;
		memcpy(h.application, image->application, sizeof(h.application));
	} else if (dwl_parse(head, len, &h) != DWL_OK) {
		return FLASH_NOT_AN_IMAGE;
	} else if (!flash_find(f, h.firmware, &index)) {
		return unknown(f, &h);
	}
	verdict = judge(f, &h);
	if (verdict == FLASH_ACCEPTED)
		verdict = judge_name(f, &h);
	if (verdict != FLASH_ACCEPTED)
		return verdict;

	/* the old content is lost as soon as the first block overwrites it */
	if (dwl_is_firmware(h.kind))
		changed.valid = changed.just_installed = false;
	if (h.kind == DWL_DOWNLOADER)
		changed.pending = -1;
	if (h.kind == DWL_APPLICATION)
		remove_app(&changed);
	memset(&changed.last, 0, sizeof(changed.last));
	changed.last.kind = h.kind;
	changed.last.firmware = index;
	memset(&changed.job, 0, sizeof(changed.job));
	changed.job.kind = h.kind;
	changed.job.firmware = index;
	changed.job.bound = image != NULL;
	put_text(changed.job.app_name, sizeof(changed.job.app_name), h.application);
	changed.job.length = h.length;
	changed.job.crc_wanted = h.crc;
	sha256_init(&changed.job.sha256);
	return commit(f, &changed) ? FLASH_ACCEPTED : FLASH_MEMORY;
}

/* How many binaries of a firmware begin in the first `size` bytes of its image. */
static size_t begun(
	const struct flash *f, const struct firmware *fw, size_t binaries, uint32_t size)
{
	uint32_t length = f->job.bound ? fw->image_size : f->job.length;

	return binaries == 1 || size <= layout_second(fw, length) ? 1 : 2;
}

/* Keeps what is left of the old firmware when there is no room for a binary of the new
 * one. */
static void give_up(struct flash *f)
{
	const struct firmware *old = profile_at(f->profile, f->firmware);
	struct flash changed = *f;

	flash_abort(f);
	changed.job.kind = DWL_NONE;
	if (!f->job.binaries || !old->half[0] ||
		!flash_find(f, old->half, &changed.firmware))
		return;
	changed.valid = true;
	commit(f, &changed);
}

static bool allocate(struct flash *f)
{
	const struct firmware *fw = profile_at(f->profile, f->job.firmware);
	const struct extent app = { f->app_at, f->app_size };
	struct extent binary[LAYOUT_BINARIES];
	size_t n;

	if (!dwl_is_firmware((enum dwl_kind)f->job.kind))
		return true;
	for (n = begun(f, fw, layout_binaries(fw, binary), f->job.size);
		f->job.binaries < n; f->job.binaries++)
		if (layout_overlap(&binary[f->job.binaries], &app))
			return false;
	return true;
}

static bool sound(const struct flash *f)
{
	return f->job.bound ||
	       (f->job.size == f->job.length && f->job.padding < BLOCK_MAX &&
		       f->job.crc == f->job.crc_wanted);
}

static void put_in_place(struct flash *f)
{
	const struct firmware *fw = profile_at(f->profile, f->job.firmware);

	switch ((enum dwl_kind)f->job.kind) {
	case DWL_DOWNLOADER:
		if (fw->downloader.at_once)
			f->downloader = f->job.firmware;
		else
			f->pending = (long)f->job.firmware;
		break;
	case DWL_FIRMWARE_AD:
		f->ad_init = true;
		/* fall through */
	case DWL_FIRMWARE:
		f->firmware = f->job.firmware;
		f->valid = true;
		f->just_installed = install_rules(fw) != 0;
		f->dota = f->dota || fw->install.dota == DOTA_MAKES;
		break;
	case DWL_APPLICATION:
		place_application(f, fw, f->job.app_name, f->job.size);
		break;
	case DWL_E2P:
		f->e2p = true;
		f->dota = f->dota || fw->install.dota != DOTA_NONE;
		break;
	case DWL_NONE:
		break;
	}
}

/* The image does not match its header. The firmware checks an application only when it
 * starts it, so the application is in flash anyway. */
static void put_unsound(struct flash *f)
{
	struct flash changed = *f;

	if (f->job.kind == DWL_APPLICATION) {
		place_application(&changed, profile_at(f->profile, f->job.firmware),
			f->job.app_name, f->job.size);
		changed.app_fault = APP_BAD_CHECKSUM;
		changed.job.kind = DWL_NONE;
		commit(f, &changed);
	}
	flash_abort(f);
}

/* More than the header's length rounded up to a block, as senders do, by a whole block; a
 * file named by --image has no such length and may fill the flash. That it is cancelled
 * there is inferred: what would be overwritten does not belong to the image. */
static bool longer(const struct flash *f)
{
	uint32_t most = room(f, (enum dwl_kind)f->job.kind);

	return f->job.bound ? most && f->job.size > most : f->job.padding >= BLOCK_MAX;
}

enum flash_verdict flash_data(struct flash *f, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t head = 0, n = len;

	if (f->job.kind == DWL_NONE)
		return FLASH_ACCEPTED;
	if (!f->job.bound && n > f->job.length - f->job.size)
		n = f->job.length - f->job.size;
	if (f->job.size < DWL_HEADER)
		head = n < DWL_HEADER - f->job.size ? n : DWL_HEADER - f->job.size;
	sha256_update(&f->job.sha256, n, p);
	f->job.crc = crc32_ieee(f->job.crc, p + head, n - head);
	f->job.size += (uint32_t)n;
	/* bounded, so that no sender makes it overflow */
	if (f->job.padding < BLOCK_MAX)
		f->job.padding += (uint32_t)(len - n);
	if (longer(f)) {
		put_unsound(f);
		return FLASH_LONGER;
	}
	if (allocate(f))
		return FLASH_ACCEPTED;
	give_up(f);
	return FLASH_ALLOCATION;
}

enum flash_verdict flash_end(struct flash *f)
{
	struct flash changed = *f;

	if (f->job.kind == DWL_NONE)
		return FLASH_UNSOUND;
	if (!sound(f)) {
		log_client(f->log, LOG_DWL,
			"the image does not match its header: %u of %u bytes%s; send the "
			"file again",
			f->job.size, f->job.length,
			f->job.size == f->job.length ? ", with a wrong CRC or extra bytes"
						     : "");
		put_unsound(f);
		return FLASH_UNSOUND;
	}
	put_in_place(&changed);
	changed.last.size = f->job.size;
	changed.last.complete = true;
	sha256_digest(&changed.job.sha256, SHA256_DIGEST_SIZE, changed.last.sha256);
	changed.job.kind = DWL_NONE;
	flash_abort(f);
	return commit(f, &changed) ? FLASH_ACCEPTED : FLASH_MEMORY;
}

void flash_abort(struct flash *f)
{
	f->job.kind = DWL_NONE;
}
