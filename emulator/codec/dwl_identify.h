/* What a file is that `fauxtrack dwl make` did not write: its kind of container, and the
 * identity strings of Wavecom software inside it. Only a report for a person; the modem
 * itself takes such a file when the user has named it (--image FILE=FIRMWARE:KIND). */
#pragma once

#include <stddef.h>

#include "base/names.h"
#include "codec/dwl.h"

#define DWL_FINDS 8

enum dwl_format {
	DWL_FORMAT_EMPTY,
	DWL_FORMAT_IMAGE, /* dwl_parse() has something to say about it */
	DWL_FORMAT_WPK, /* DWLWin's container, by its name: its bytes have no known mark,
			 * but for those that `dwl make` makes */
	DWL_FORMAT_GZIP,
	DWL_FORMAT_ZIP,
	DWL_FORMAT_ELF,
	DWL_FORMAT_HEX, /* Intel HEX or S-records */
	DWL_FORMAT_TEXT,
	DWL_FORMAT_BINARY,
};
extern const struct name dwl_format_names[]; /* help: what to do with such a file */

enum dwl_mark {
	DWL_MARK_R6,     /* 663_09gg.Q2687H, R74_00gg.Q2687H */
	DWL_MARK_R7,     /* R7.47.4.201208311102.Q26CL702 */
	DWL_MARK_LOADER, /* V06.0B, V08b13 */
};

struct dwl_find {
	enum dwl_mark mark;
	size_t offset;    /* of its first occurrence */
	char text[64];    /* the string whole */
	char version[12]; /* "6.63", "7.47"; of a downloader the string itself */
	char module[16];  /* "Q2687H", "" where the string names none */
};

struct dwl_identity {
	enum dwl_format format;
	struct dwl_find find[DWL_FINDS]; /* each string once, in file order */
	size_t finds;
	enum dwl_kind guess; /* DWL_NONE where nothing speaks for a kind */
};

/* The kind that a file's name or path promises, by the names that the maker's files have
 * (download.md Image kinds); DWL_NONE where it promises none. NULL is allowed. */
enum dwl_kind dwl_kind_by_name(const char *name);

/* Looks through the whole file. name (may be NULL) is the file's, of which the end
 * counts. */
void dwl_identify(
	const void *data, size_t len, const char *name, struct dwl_identity *id);
