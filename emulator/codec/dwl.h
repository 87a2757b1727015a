/* The project's own download images. Wavecom's format is not public, so these images have
 * the project's own header in the first 128 bytes, which are one XMODEM block. The body
 * stands for the code: its bytes follow from firmware, kind and offset, so that an image
 * of any size can be streamed, and two of the same name are identical.
 *
 *	offset size
 *	     0   16  magic: "FAUXTRACK-DWL\r\n\x1a"
 *	    16    1  layout: 1; 2 with the name of an application
 *	    17    1  kind
 *	    18    2  0
 *	    20    4  length of the image in bytes, with this header
 *	    24    4  CRC-32 of the body
 *	    28   40  firmware, zero-padded like all texts
 *	    68   16  module
 *	    84    8  family
 *	    92   32  downloader generations that accept it, 4 of 8 bytes; in layout 2 the
 *	             name of the application, which every downloader takes
 *	   124    4  CRC-32 of the first 124 bytes
 *
 * Numbers are little-endian. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"

#define DWL_HEADER          128
#define DWL_FIRMWARE_MAX    40
#define DWL_MODULE_MAX      16
#define DWL_FAMILY_MAX      8
#define DWL_GENERATIONS     4
#define DWL_APPLICATION_MAX (DWL_GENERATIONS * DWL_FAMILY_MAX)

enum dwl_kind {
	DWL_NONE, /* no image; has no name */
	DWL_DOWNLOADER,
	DWL_FIRMWARE,
	DWL_E2P,
	DWL_APPLICATION,
	DWL_FIRMWARE_AD, /* a firmware that formats the A&D volume too */
};
extern const struct name dwl_kind_names[];

struct dwl_header {
	enum dwl_kind kind;
	char firmware[DWL_FIRMWARE_MAX]; /* the firmware, or the one it was built for:
					    "r74" */
	char module[DWL_MODULE_MAX];     /* "Q2687H" */
	char family[DWL_FAMILY_MAX];     /* "r7" */
	char accepted_by[DWL_GENERATIONS][DWL_FAMILY_MAX];
	size_t accepted;
	/* of DWL_APPLICATION: "wipsoft", or ""; with a name nothing is in accepted_by */
	char application[DWL_APPLICATION_MAX];
	uint32_t length; /* in bytes, at least DWL_HEADER */
	uint32_t crc;    /* of the body */
};

enum dwl_result {
	DWL_OK,
	DWL_NOT_AN_IMAGE, /* too short, or without the magic */
	DWL_BAD_HEADER_CRC,
	DWL_UNKNOWN_LAYOUT,
	DWL_UNKNOWN_KIND,
	DWL_BAD_LENGTH, /* shorter than its own header */
	DWL_BAD_TEXT,   /* a text that is empty, not printable or not terminated */
};
extern const struct name dwl_result_names[];

/* A file that is sent: an image, with its damage if it has any. */
struct dwl_file {
	struct dwl_header header;
	uint8_t head[DWL_HEADER];
	uint32_t size;    /* bytes of the file; the image has header.length */
	uint32_t spoiled; /* offset of a wrong byte after the header, 0: none */
};

/* True for both kinds of firmware, which the module runs. */
bool dwl_is_firmware(enum dwl_kind kind);

/* The first bytes of a DWLWin package that `dwl make` makes; real packages have no known
 * mark. */
#define DWL_PACKAGE_MAGIC      "FAUXTRACK-WPK"
#define DWL_PACKAGE_MAGIC_SIZE 13

/* Writes the 128 bytes of a header; its texts and length must be valid (asserted). */
void dwl_encode(const struct dwl_header *h, uint8_t out[DWL_HEADER]);

/* Reads the first 128 bytes of an image, all of which must be there. Fills *h only when
 * it returns DWL_OK. */
enum dwl_result dwl_parse(const void *start, size_t len, struct dwl_header *h);

/* Fills out with the body's bytes from `offset`, counted from the end of the header. */
void dwl_body(const struct dwl_header *h, uint32_t offset, void *out, size_t len);

/* The CRC that the header of this firmware, kind and length must have. */
uint32_t dwl_body_crc(const struct dwl_header *h);

/* Fills out with the file's bytes from `at`; returns their number, at most len. */
size_t dwl_file_bytes(const struct dwl_file *file, uint32_t at, uint8_t *out, size_t len);

/* True when a downloader of this generation accepts the image. */
bool dwl_accepted_by(const struct dwl_header *h, const char *generation);
