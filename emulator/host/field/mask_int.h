/* Shared by the parts of the mask: mask.c has the inventions, mask_text.c the forms in
 * which numbers and texts come, mask_sim.c files of the SIM, mask_exchange.c where they
 * come. Everything is replaced in place. */
#pragma once

#include <stdint.h>

#include "host/field/mask.h"

enum mask_charset {
	MASK_PLAIN, /* a byte a character, or UTF-8 */
	MASK_UCS2,  /* +CSCS="UCS2" */
	MASK_HEX,   /* +CSCS="HEX" */
};

struct mask_pair {
	enum mask_kind kind;
	char *was, *is;
};

struct mask {
	bool keep;
	struct mask_pair *pair;
	size_t n;
	unsigned count[MASK_KINDS];
	enum mask_charset charset;
	bool body;     /* the next line is a message */
	unsigned file; /* of the SIM, selected by +CSIM */
};

/* ---- mask.c: digits and letters, of that length ---- */
void mask_number(struct mask *m, char *digits, size_t n); /* digits alone */
void mask_imei(struct mask *m, char *digits, size_t n);   /* 14 to 17 */
void mask_imsi(struct mask *m, char *digits, size_t n);   /* 6 to 15 */
void mask_iccid(struct mask *m, char *digits, size_t n);  /* 18 to 20 */
void mask_secret(struct mask *m, char *text, size_t n);
void mask_octets(struct mask *m, uint8_t *data, size_t n);

/* The words and digits of a text. Characters stay in the GSM alphabet and as long in
 * UTF-8 and UTF-16 as they were. */
void mask_characters(struct mask *m, uint32_t *cp, size_t n);

/* The check digit after these digits (ISO/IEC 7812-1 annex B). */
char mask_check_digit(const char *digits, size_t n);

/* ---- mask_text.c ---- */

/* Runs of digits: numbers of a phone, or what their length says they are. least: shorter
 * runs stay. */
void mask_runs(struct mask *m, char *text, size_t n, size_t least);

/* A text of a host or modem, in any of its forms. */
void mask_words(struct mask *m, char *text, size_t n);

/* A number, or else a name, in any form. */
void mask_number_or_name(struct mask *m, char *text, size_t n);

/* A PDU in hexadecimal digits, or else a text. */
void mask_message(struct mask *m, char *text, size_t n, bool from_host);

/* ---- mask_sim.c ---- */

/* Content of an elementary file of the SIM (51.011), in hexadecimal digits. */
void mask_file(struct mask *m, unsigned file, char *digits, size_t n);

/* A command for the SIM as AT+CSIM has it, and its answer. */
void mask_apdu(struct mask *m, char *digits, size_t n);
void mask_apdu_answer(struct mask *m, char *digits, size_t n);
