/* What the flash holds: the downloader, the firmware, the Open AT application, and an
 * install in progress (download.md Install stages, +WOPEN, Migration routes). Image bytes
 * are not kept, only what is known of them.
 *
 * One record, "flash", stored whole at every change that a power cut must not halve:
 *
 *   firmware valid --block 1 of a firmware--> no firmware valid --EOT--> new one valid,
 *                                                                        "just installed"
 *   downloader --EOT of a downloader image--> held aside --reset--> the new downloader
 *                                             (at once on a Q24)
 *
 *   E2P image, A&D init --EOT--> to be done at the next boot of a firmware --> done
 *   application --block 1--> none --EOT--> the new one, damaged if it is not sound
 *
 * Owns nothing; ports, profile and log must outlive it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

#include "base/log.h"
#include "base/names.h"
#include "codec/dwl.h"
#include "state/application.h"
#include "state/image.h"
#include "state/profile.h"

struct nv_ops;

#define FLASH_IMAGES 8

struct flash {
	const struct profile *profile;
	const struct nv_ops *memory;
	const struct log *log;
	const struct flash_image *images[FLASH_IMAGES]; /* --image */
	size_t n_images;
	/* stored in the record */
	size_t downloader;   /* index of the firmware whose downloader is installed */
	long pending;        /* index of the one held aside until the reset, -1: none */
	size_t firmware;     /* index of the firmware in flash ... */
	bool valid;          /* ... which can run */
	bool just_installed; /* its install rules are yet to be applied */
	bool ad_init;        /* the A&D volume is yet to be formatted */
	bool e2p;            /* the settings are yet to be reset to factory values */
	bool dota;           /* there is a DOTA1 area (Q24) */
	bool app_present;
	char app_name[PROFILE_NAME]; /* of its file; "": it has none, and says nothing */
	uint32_t app_fault;          /* enum app_fault */
	uint32_t app_at, app_size;   /* where it is, bytes */
	/* the Open AT library it was built with: "AT v06.30" */
	char app_library[APPLICATION_LIBRARY];
	bool objects; /* the application's flash objects */
	struct {
		int kind;        /* enum dwl_kind, 0: none yet */
		size_t firmware; /* with kind 0 any that has been read */
		uint32_t size;
		uint8_t sha256[SHA256_DIGEST_SIZE];
		bool complete;
	} last; /* the last file received */
	/* the install in progress */
	struct {
		int kind; /* enum dwl_kind, 0: none */
		size_t firmware;
		char app_name[PROFILE_NAME]; /* of an application */
		bool bound; /* from --image: length and CRC are not known */
		uint32_t size, padding, length, crc, crc_wanted;
		size_t binaries; /* of the firmware, number with room found for them */
		struct sha256_ctx sha256;
	} job;
};

/* The contents as delivered by the profile. */
void flash_init(struct flash *f, const struct profile *p, const struct nv_ops *memory,
	const struct log *l);

/* Loads the record; an absent one changes nothing. False: it cannot be read or is damaged
 * (reported). *plain (may be NULL) becomes true for an old record without a checksum. */
bool flash_load(struct flash *f, bool *plain);

/* Stores the record; false: it could not be stored (logged). */
bool flash_store(const struct flash *f);

/* Logs that no file describes the application of that name. */
void flash_report_unknown(const struct flash *f, const char *name);

/* The index of the firmware of that name; false when the profile has none. */
bool flash_find(const struct flash *f, const char *name, size_t *index);

/* Registers a user's own file, which must outlive the flash; false when the table is full.
 */
bool flash_bind(struct flash *f, const struct flash_image *image);

/* Judges a file by its first bytes and begins to receive it. An accepted firmware marks
 * the one in flash invalid, in the record too, before this returns. */
enum flash_verdict flash_begin(struct flash *f, const void *head, size_t len);

/* Takes all bytes, the first ones included; padding after the length does not count.
 * FLASH_ACCEPTED, or FLASH_ALLOCATION when a binary of a firmware begins for which there
 * is no room: the file is rejected, and what is left of the old firmware is in the
 * record. FLASH_LONGER when a whole block more has come than the image has: the flash is
 * as flash_end() leaves it for an unsound image. */
enum flash_verdict flash_data(struct flash *f, const void *data, size_t len);

/* The file is complete: FLASH_ACCEPTED when it is sound and its record is stored, else
 * FLASH_UNSOUND or FLASH_MEMORY, and the flash stays as flash_begin() made it; only an
 * unsound application is in flash and does not start. */
enum flash_verdict flash_end(struct flash *f);

/* The file is abandoned. */
void flash_abort(struct flash *f);

/* Power-on or reset: a downloader held aside becomes active. */
void flash_boot(struct flash *f);

/* Contents that can be set from outside, without the downloader. */
struct flash_contents {
	size_t downloader, firmware; /* indices */
	bool valid, application, objects;
	char app_name[PROFILE_NAME]; /* of the application; "": it has no file */
	char library[APPLICATION_LIBRARY];
	uint32_t app_size;
	enum app_fault fault;
};
struct flash_contents flash_contents(const struct flash *f);

/* Sets them, and forgets the last file and an install in progress; false when the record
 * could not be stored. The running firmware changes at the next boot. */
bool flash_put(struct flash *f, const struct flash_contents *c);

/* The firmware that can run; NULL: only the downloader. */
const struct firmware *flash_firmware(const struct flash *f);

/* No firmware can run, and the last file was an incomplete firmware. */
bool flash_broken_off(const struct flash *f);

/* It can run, but lacks the DOTA1 area: at boot it sends Fault 04 and nothing else. */
bool flash_lacks_dota(const struct flash *f);

/* What to do to the memory at the first boot after a download: the firmware's install
 * rules, an A&D init, an E2P image. Resets, erases and clears in one install_item set, 0
 * when there is nothing to do. Application and flash objects are handled by
 * flash_install_done(). */
unsigned flash_install_items(const struct flash *f);
void flash_install_done(struct flash *f);

/* AT+WOPEN=4 and 3: false when there was nothing to erase, or the memory failed. */
bool flash_erase_app(struct flash *f);
bool flash_erase_objects(struct flash *f);

/* The record as text, for comparisons. */
struct buf;
void flash_dump(const struct flash *f, struct buf *out);
