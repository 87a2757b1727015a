/* What the download image of a firmware says about itself, and how a user's own file is
 * recognized. Plain values, for the flash that judges images and the tool that makes
 * them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/sha2.h>

#include "codec/dwl.h"
#include "state/profile.h"

#define IMAGE_PADDING 0x1a /* senders fill the last block with this */

struct application;

/* A user's own file that stands for an image: --image FILE=FIRMWARE:KIND, or
 * FILE=APPLICATION:application. */
struct flash_image {
	uint8_t sha256[SHA256_DIGEST_SIZE]; /* image_fingerprint() of its start */
	size_t firmware;                    /* slot of the profile */
	enum dwl_kind kind;
	char application[DWL_APPLICATION_MAX]; /* its name, "" without a file */
};

/* Default size of such an image in bytes, 0 if the profile does not know it. The sizes of
 * E2P and application images are inferred. */
uint32_t image_default_size(const struct firmware *f, enum dwl_kind kind);

/* Makes the header of an image of that kind and length, except for the body's CRC. If the
 * profile names no generation that accepts it, the firmware's own is used. False when the
 * profile lacks name, module, family or that generation. */
bool image_header(const struct firmware *f, enum dwl_kind kind, uint32_t length,
	struct dwl_header *h);

enum flash_verdict {
	FLASH_ACCEPTED,
	FLASH_NOT_AN_IMAGE, /* no known header */
	FLASH_WRONG_MODULE,
	FLASH_WRONG_DOWNLOADER, /* the downloader is of another generation */
	FLASH_UNKNOWN_FIRMWARE,
	FLASH_NO_FIRMWARE, /* an application, and no firmware that could run it */
	FLASH_NO_ROOM,
	FLASH_ALLOCATION, /* one of its binaries would overlap the application */
	FLASH_LONGER,     /* more data than its header says, or than the flash holds */
	FLASH_UNSOUND,    /* length or CRC do not match its header */
	FLASH_MEMORY,     /* the record could not be stored */
	FLASH_BROKEN_FIRMWARE, /* the file that describes it has errors */
	FLASH_BROKEN_APPLICATION,
};
extern const struct name flash_verdict_names[]; /* help: the remedy */

/* How a modem as delivered by the profile judges a whole file, sent in blocks of 1024
 * bytes. */
enum flash_verdict image_judge(const struct profile *p, const void *data, size_t len);

/* Defects a test file can have. */
enum image_defect {
	IMAGE_SOUND,
	IMAGE_WRONG_MODULE,
	IMAGE_WRONG_FAMILY,
	IMAGE_TOO_LARGE,
	IMAGE_BAD_HEADER,
	IMAGE_BAD_BODY,
	IMAGE_BAD_CHECKSUM,
	IMAGE_TRUNCATED,
	IMAGE_TOO_LONG,
	IMAGE_PACKAGE,
};
extern const struct name image_defect_names[]; /* help: the defect */

/* Makes the file of that firmware (an index), kind and size (0: image_default_size())
 * with that defect. False when the profile lacks what image_header() needs or knows no
 * size, or the size leaves no body to damage. */
bool image_file(const struct profile *p, size_t firmware, enum dwl_kind kind,
	uint32_t size, enum image_defect defect, struct dwl_file *file);

/* The same for the image of an application: it has the module of that firmware, carries
 * the application's name, and its default size. */
bool image_application_file(const struct profile *p, size_t firmware,
	const struct application *a, uint32_t size, enum image_defect defect,
	struct dwl_file *file);

/* The SHA-256 of a file's first DWL_HEADER bytes; a shorter file is padded as a sender
 * does. */
void image_fingerprint(const void *start, size_t len, uint8_t out[SHA256_DIGEST_SIZE]);
