/* How logs write bytes that are not printable: <CR>, ^M, \r, \x1a, \26. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum decode_style {
	DECODE_NONE = 0,
	DECODE_ANGLE = 1,     /* <CR> <LF> <cr> <0x1a> <ctrl-z> <26> */
	DECODE_CARET = 2,     /* ^M ^Z ^[ */
	DECODE_BACKSLASH = 4, /* of C and Python: \r \n \t \" \x1a \032 */
	DECODE_DECIMAL = 8,   /* of ModemManager: \26 is octet 26 */
	DECODE_SQUARE = 16,   /* of mgetty: [0d] */
};

struct decoded {
	size_t len;   /* octets */
	bool ends;    /* a CR, LF, Ctrl-Z or ESC was written out */
	bool damaged; /* an escape that is none, or cut off; taken as it stands */
};

/* Decodes text to octets, in place. styles: a set of enum decode_style. */
struct decoded decode_text(char *text, size_t len, unsigned styles);
