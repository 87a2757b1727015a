/* Only for the files that implement dwl_file.h. */
#pragma once

#include "host/dwl/dwl_file.h"

/* A file in memory. */
struct dwl_bytes {
	uint8_t *data; /* free() it */
	size_t len;
};
/* False, with an error, when it cannot be read or is too large for a modem. */
bool dwl_read(const char *path, struct dwl_bytes *b, struct dwl_error *e);

/* False, with an error, when an image of dwl make (DWL_FORMAT_IMAGE) is truncated or
 * damaged. */
bool dwl_sound(const char *path, const struct dwl_bytes *b, struct dwl_error *e);

#define DWL_SHA256 65 /* the digits and the end */
void dwl_sha256(const struct dwl_bytes *b, size_t len, char out[DWL_SHA256]);

/* Formats the message; returns false. */
bool dwl_fail(struct dwl_error *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
