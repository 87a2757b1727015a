/* 3GPP 23.040 clause 9.2: the messages of the transfer layer. Everything is kept as
 * coded: flags in the first octet, times, validity and user data in octets, so that
 * decoding and encoding again gives the same message. In 27.005 the service centre's
 * address comes before the TPDU and is not part of it (address_get_smsc). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/names.h"
#include "codec/address.h"
#include "codec/dcs.h"
#include "codec/pdu.h"
#include "codec/timestamp.h"

#define TPDU_MAX     176 /* the longest coded message */
#define TPDU_UD_MAX  159 /* octets of user data; 140 in DELIVER and SUBMIT */
#define TPDU_TEXT_UD 140
#define TPDU_SEPTETS 160 /* in TPDU_TEXT_UD octets */

/* The reports are the contents of an RP-ACK or an RP-ERROR, which differ in TP-FCS. */
enum tpdu_kind {
	TPDU_DELIVER,       /* SC to MS; MTI 0 */
	TPDU_SUBMIT,        /* MS to SC; MTI 1 */
	TPDU_STATUS_REPORT, /* SC to MS; MTI 2 */
	TPDU_COMMAND,       /* MS to SC; MTI 2 */
	TPDU_DELIVER_ACK,   /* MS to SC; MTI 0 */
	TPDU_DELIVER_ERROR,
	TPDU_SUBMIT_ACK, /* SC to MS; MTI 1 */
	TPDU_SUBMIT_ERROR,
};

enum tpdu_fo { /* bits of the first octet */
	TPDU_MTI = 0x03,
	TPDU_MMS = 0x04, /* DELIVER, STATUS-REPORT: no more messages wait */
	TPDU_RD = 0x04,  /* SUBMIT: the SC rejects duplicates */
	TPDU_VPF = 0x18, /* SUBMIT: enum validity_format << 3 */
	TPDU_LP = 0x08,  /* DELIVER, STATUS-REPORT: loop prevention */
	TPDU_SRR = 0x20, /* SUBMIT, COMMAND: status report wanted; DELIVER: SRI */
	TPDU_SRQ = 0x20, /* STATUS-REPORT: about a COMMAND */
	TPDU_UDHI = 0x40,
	TPDU_RP = 0x80, /* DELIVER, SUBMIT: reply path */
};

enum tpdu_pi { /* TP-PI (clause 9.2.3.27): which optional fields follow */
	TPDU_PI_PID = 1,
	TPDU_PI_DCS = 2,
	TPDU_PI_UD = 4,
};

struct tpdu {
	enum tpdu_kind kind;
	uint8_t fo;
	uint8_t mr;             /* SUBMIT, COMMAND, STATUS-REPORT */
	uint8_t pid, dcs;       /* 0 where an optional field is missing */
	uint8_t st;             /* STATUS-REPORT: TP-ST */
	uint8_t fcs;            /* TP-FCS of errors */
	uint8_t ct, mn;         /* COMMAND: type, and the message that it refers to */
	uint8_t pi;             /* optional fields, enum tpdu_pi */
	bool has_pi;            /* STATUS-REPORT may end before it */
	struct address address; /* DA, OA or RA */
	struct validity vp;     /* SUBMIT */
	uint8_t scts[TIMESTAMP_OCTETS]; /* DELIVER, STATUS-REPORT, SUBMIT reports */
	uint8_t dt[TIMESTAMP_OCTETS];   /* STATUS-REPORT: discharge time */
	uint8_t udl;                    /* TP-UDL as coded: septets or octets */
	uint8_t ud_octets;              /* octets used in ud */
	uint8_t ud[TPDU_UD_MAX];        /* TP-UD, or a COMMAND's data */
};

/* The message that a first octet begins, from the SC or from the MS. It is read as a
 * report only where `report` says that one is expected. -1 for MTI 3. */
int tpdu_kind(uint8_t fo, bool from_sc, bool report);

/* Decodes `len` octets as that kind of message. On any result other than PDU_OK, *t is
 * undefined. Reserved values are accepted, and times in DELIVER and STATUS-REPORT may be
 * invalid (timestamp_get reports it), because receivers must tolerate both. */
enum pdu_error tpdu_decode(
	enum tpdu_kind kind, const uint8_t *data, size_t len, struct tpdu *t);

/* Appends t; MTI comes from its kind, the other bits of fo unchanged. False when out is
 * full; TPDU_MAX octets are enough. */
bool tpdu_encode(const struct tpdu *t, struct buf *out);

enum validity_format tpdu_validity(const struct tpdu *t); /* of a SUBMIT's fo */

/* The maximum number of octets of user data in such a message. */
size_t tpdu_ud_max(enum tpdu_kind kind);

/* Fills in a message that has only its kind, MTI and, where the kind needs one, an empty
 * TP-PI. */
void tpdu_init(struct tpdu *t, enum tpdu_kind kind);

/* The PDU of 27.005: service centre address and TPDU in hexadecimal digits. */

/* Reads one. `length` is the <length> of the command, the octets of the TPDU alone.
 * Checked in this order: digits, service centre, length, TPDU; smsc has no digits if the
 * PDU names none. */
enum pdu_error tpdu_read(enum tpdu_kind kind, const char *digits, size_t n, size_t length,
	struct address *smsc, struct tpdu *t);

/* The same without a command: the kind follows from the first octet. from_sc: from the
 * service centre, else from the modem. PDU_TYPE for MTI 3. */
enum pdu_error tpdu_read_any(
	const char *digits, size_t n, bool from_sc, struct address *smsc, struct tpdu *t);

/* Appends one, all or nothing; with smsc NULL the address is left out altogether. *length
 * is the number of octets for <length>. */
bool tpdu_write(const struct address *smsc, const struct tpdu *t, struct buf *out,
	size_t *length);
