/* Data coding schemes of 3GPP 23.038: clause 4 for short messages, clause 5 for cell
 * broadcast and USSD. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/names.h"

enum dcs_alphabet {
	DCS_GSM7,
	DCS_8BIT,
	DCS_UCS2,
};

enum dcs_waiting { /* what a message waiting indication says to do with its message */
	DCS_NOT_WAITING,
	DCS_WAITING_DISCARD,
	DCS_WAITING_STORE,
};

#define DCS_NO_CLASS (-1)

struct dcs {
	enum dcs_alphabet alphabet; /* reserved codings count as GSM7 */
	int class; /* 0 display at once, 1 ME, 2 SIM, 3 TE, or DCS_NO_CLASS */
	bool compressed;
	bool auto_delete;
	bool reserved; /* a coding that the clause leaves open */
	enum dcs_waiting waiting;
	bool waiting_active;  /* indicator on */
	uint8_t waiting_kind; /* 0 voice, 1 fax, 2 e-mail, 3 other */
	/* only in clause 5 */
	bool header;      /* the text begins with a user data header */
	uint8_t language; /* octets of the text that name its language: 0, 2 (UCS2), 3 */
};

/* Every octet has a meaning; groups 0 and 2 of clause 5 name a language and are plain
 * GSM7. */
struct dcs dcs_sms(uint8_t octet);
struct dcs dcs_broadcast(uint8_t octet);

/* The octet of clause 4 for an alphabet and a class, 0-3 or DCS_NO_CLASS. */
uint8_t dcs_sms_octet(enum dcs_alphabet alphabet, int class);
