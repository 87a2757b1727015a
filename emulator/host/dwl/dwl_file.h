/* Download images as files: making them, looking at them, and naming a user's own. What
 * goes wrong is told as one sentence with its remedy. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "codec/dwl.h"
#include "state/image.h"
#include "state/profile.h"

#define DWL_ERROR 400

/* A sentence without a line end, for standard error. */
struct dwl_error {
	char text[DWL_ERROR];
};

/* Bytes from "5000", "300k" or "2M" (1024 and its square): false with an error when it is
 * anything else, or no size that an image can have. */
bool dwl_size(const char *text, uint32_t *size, struct dwl_error *e);

/* The kind with that name, and the firmware of the profile: false with an error that
 * lists what there is. */
bool dwl_kind_named(const char *name, enum dwl_kind *kind, struct dwl_error *e);
bool dwl_firmware_named(
	const struct profile *p, const char *name, size_t *index, struct dwl_error *e);

/* What can be wrong with a file, by its name: false with an error that lists the names.
 */
bool dwl_defect_named(const char *name, enum image_defect *defect, struct dwl_error *e);

/* What is to be made. */
struct dwl_order {
	size_t firmware; /* index into profile->firmware[] */
	enum dwl_kind kind;
	uint32_t size; /* bytes of the image, 0: what the profile says */
	enum image_defect defect;
};

/* Writes such a file to path, or to standard output for "-". A file there is replaced by
 * a whole one or not at all. */
bool dwl_make(const struct profile *p, const struct dwl_order *o, const char *path,
	struct dwl_error *e);

/* Says on out what the file is, what a modem would say to it as the profile delivers it,
 * and what to do about that. False, with an error, when it cannot be read, or is an image
 * that no modem would take whole. */
bool dwl_info(const struct profile *p, const char *path, FILE *out, struct dwl_error *e);

/* --image FILE=FIRMWARE:KIND. Reads the start of FILE. */
bool dwl_bind(const struct profile *p, const char *option, struct flash_image *image,
	struct dwl_error *e);
