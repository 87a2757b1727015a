/* Download images as files: making them, inspecting them, and using a file of the user as
 * one. An error is one sentence with its remedy. */
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

/* Reads a size: "5000", "300k" or "2M" (k is 1024, M is 1024 * 1024). False, with an
 * error, for anything else, or a size that no image can have. */
bool dwl_size(const char *text, uint32_t *size, struct dwl_error *e);

/* Finds the kind of that name, or the firmware of the profile. False, with an error that
 * lists all names. */
bool dwl_kind_named(const char *name, enum dwl_kind *kind, struct dwl_error *e);
bool dwl_firmware_named(
	const struct profile *p, const char *name, size_t *index, struct dwl_error *e);

/* Finds the application of that name. NULL, with an error that lists all names. */
const struct application *dwl_application_named(
	const struct profile *p, const char *name, struct dwl_error *e);

/* Finds the defect of that name. False, with an error that lists all names. */
bool dwl_defect_named(const char *name, enum image_defect *defect, struct dwl_error *e);

/* What to make. */
struct dwl_order {
	size_t firmware; /* slot of the profile */
	enum dwl_kind kind;
	uint32_t size; /* bytes of the image, 0: the size in the profile */
	enum image_defect defect;
	const struct application *application; /* NULL: without a file */
};

/* Writes the image to path, or to standard output for "-". An existing file is replaced
 * whole or not at all. */
bool dwl_make(const struct profile *p, const struct dwl_order *o, const char *path,
	struct dwl_error *e);

/* Prints what the file is, how a modem in the delivery state of the profile would react
 * to it, and what to do about that. False, with an error, when the file cannot be read,
 * or is a truncated or damaged image. */
bool dwl_info(const struct profile *p, const char *path, FILE *out, struct dwl_error *e);

/* Parses --image FILE=FIRMWARE:KIND, or FILE=APPLICATION:application, and reads the start of FILE. */
bool dwl_bind(const struct profile *p, const char *option, struct flash_image *image,
	struct dwl_error *e);
