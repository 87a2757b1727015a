/* Telnet as a server of a serial line needs it: RFC 854 (commands, NVT), RFC 855
 * (options), RFC 856 (binary transmission), RFC 857 (echo), RFC 858 (no go-ahead). Pure
 * functions over bytes; input may be cut anywhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum telnet_command { /* RFC 854 */
	TELNET_SE = 240,
	TELNET_NOP = 241,
	TELNET_BREAK = 243,
	TELNET_AYT = 246, /* are you there */
	TELNET_SB = 250,
	TELNET_WILL = 251,
	TELNET_WONT = 252,
	TELNET_DO = 253,
	TELNET_DONT = 254,
	TELNET_IAC = 255,
};

enum telnet_option {
	TELNET_BINARY = 0,
	TELNET_ECHO = 1,
	TELNET_NO_GO_AHEAD = 3,
	TELNET_COM_PORT = 44, /* RFC 2217 */
};

#define TELNET_SUB_MAX 64 /* of a suboption that is understood; longer ones are skipped */
#define TELNET_OPTIONS 4

enum telnet_state { /* of an option on one side */
	TELNET_NO,
	TELNET_WANTED, /* asked for, not answered yet */
	TELNET_YES,
};

struct telnet {
	enum {
		TELNET_IN_DATA,
		TELNET_IN_COMMAND, /* after IAC */
		TELNET_IN_OPTION,  /* after IAC WILL and so on */
		TELNET_IN_SUB,
		TELNET_IN_SUB_COMMAND, /* after IAC in a suboption */
	} at;
	unsigned char verb; /* WILL, WONT, DO or DONT */
	unsigned char sub[TELNET_SUB_MAX];
	size_t sub_len; /* above TELNET_SUB_MAX: too long */
	bool cr_in;     /* the last byte of the client was CR */
	bool cr_out;    /* the last byte for the client was CR */
	enum telnet_state us[TELNET_OPTIONS], them[TELNET_OPTIONS];
};

enum telnet_kind {
	TELNET_GOT_NOTHING, /* the input has ended */
	TELNET_GOT_DATA,    /* data, len */
	TELNET_GOT_COMMAND, /* command */
	TELNET_GOT_OPTION,  /* command (WILL to DONT), option: see telnet_agree() */
	TELNET_GOT_SUB,     /* data, len: a suboption, its first byte the option */
};

struct telnet_item {
	enum telnet_kind kind;
	unsigned char command, option;
	const unsigned char *data; /* in the input or in struct telnet */
	size_t len;
};

/* Reads on to the first item. Returns the number of bytes it has used: all of them where
 * there is none. */
size_t telnet_read(
	struct telnet *t, const unsigned char *in, size_t len, struct telnet_item *out);

#define TELNET_ANSWER 3

/* Asks for an option: WILL for our side, DO for the client's. Returns the number of bytes
 * written to out. */
size_t telnet_ask(struct telnet *t, enum telnet_command verb, enum telnet_option option,
	unsigned char out[TELNET_ANSWER]);

/* Takes WILL, WONT, DO or DONT: known options are accepted, others refused, and an answer
 * is never answered. Returns the number of bytes written to out, 0 or 3. */
size_t telnet_agree(
	struct telnet *t, const struct telnet_item *i, unsigned char out[TELNET_ANSWER]);

/* Whether the option is on at our side, and at the client's. */
bool telnet_we(const struct telnet *t, enum telnet_option option);
bool telnet_they(const struct telnet *t, enum telnet_option option);

/* Writes data for the client: IAC is doubled, and unless our side is binary a CR without
 * LF becomes CR NUL. Returns the number of bytes used of `in`; *n is the number of bytes
 * written, at most `room`. */
size_t telnet_write(struct telnet *t, const unsigned char *in, size_t len,
	unsigned char *out, size_t room, size_t *n);
