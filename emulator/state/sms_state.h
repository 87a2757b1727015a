/* The modem's state of short messages, except the stores (sms.md +CSAS). */
#pragma once

#include <stdbool.h>

#include "codec/address.h"
#include "gsm/sms.h"

struct channel;

#define SMS_LIST 160 /* characters of a list of identifiers */

/* What AT+CSAS saves in addition to settings. */
struct sms_params {
	struct address centre; /* +CSCA */
	bool saved;            /* AT+CSAS has been used: the SIM has +CSMP too */
	int cb_mode;           /* +CSCB: 0 accepts, 1 stops */
	char mids[SMS_LIST], dcss[SMS_LIST];
};

/* Cleared at a reset: part of struct session. */
struct sms_session {
	struct sms_params params;
	enum sms_store_id mem[3];  /* +CPMS: read, write, receive */
	uint8_t mr;                /* TP-MR of the next attempt */
	int place;                 /* +WMGO, 0: not set */
	int cause;                 /* of the last submission that has ended */
	struct channel *submitter; /* whose message is on its way to the service centre */
	bool of_sim;               /* the message on its way is the SIM toolkit's */
	bool waits;                /* a direct message waits for +CNMA */
	bool turned_away;          /* mem[2] was full when a message came */
};
