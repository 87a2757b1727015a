/* 3GPP 23.040 clause 9.2: the transfer layer's messages. The octets are the truth:
 * flags stay in the first octet, times, validity and user data as coded, so that what is
 * decoded and encoded again is the same message. The service centre's address stands
 * before the TPDU in 27.005 and is not part of it (address_get_smsc). */
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

#define TPDU_MAX     176 /* no coded message is longer */
#define TPDU_UD_MAX  159 /* octets of user data; 140 in DELIVER and SUBMIT */
#define TPDU_TEXT_UD 140
#define TPDU_SEPTETS 160 /* of TPDU_TEXT_UD */

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
extern const struct name tpdu_kind_names[];

enum tpdu_fo { /* bits of the first octet */
	TPDU_MTI = 0x03,
	TPDU_MMS = 0x04, /* DELIVER, STATUS-REPORT: no more messages wait */
	TPDU_RD = 0x04,  /* SUBMIT: the SC rejects duplicates */
	TPDU_VPF = 0x18, /* SUBMIT: enum validity_format << 3 */
	TPDU_LP = 0x08,  /* DELIVER, STATUS-REPORT: loop prevention */
	TPDU_SRR = 0x20, /* SUBMIT, COMMAND: status report wanted; DELIVER: SRI */
	TPDU_SRQ = 0x20, /* STATUS-REPORT: of a COMMAND */
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
	uint8_t mr;                     /* SUBMIT, COMMAND, STATUS-REPORT */
	uint8_t pid, dcs;               /* 0 where an optional one is missing */
	uint8_t st;                     /* STATUS-REPORT: TP-ST */
	uint8_t fcs;                    /* TP-FCS of errors */
	uint8_t ct, mn;                 /* COMMAND: type, and the message it is about */
	uint8_t pi;                     /* optional fields, enum tpdu_pi */
	bool has_pi;                    /* STATUS-REPORT may end before it */
	struct address address;         /* DA, OA or RA */
	struct validity vp;             /* SUBMIT */
	uint8_t scts[TIMESTAMP_OCTETS]; /* DELIVER, STATUS-REPORT, SUBMIT reports */
	uint8_t dt[TIMESTAMP_OCTETS];   /* STATUS-REPORT: discharge time */
	uint8_t udl;                    /* TP-UDL as coded: septets or octets */
	uint8_t ud_octets;              /* octets used of ud */
	uint8_t ud[TPDU_UD_MAX];        /* TP-UD, or a COMMAND's data */
};

/* Which message a first octet begins, from the SC or from the MS. Reports are taken as
 * acknowledgements only where `report` says that one is due. -1 for MTI 3. */
int tpdu_kind(uint8_t fo, bool from_sc, bool report);

/* Decodes `len` octets as that kind of message. Every other result than PDU_OK leaves *t
 * without meaning. Reserved values pass, times of DELIVER and STATUS-REPORT may be
 * nonsense (timestamp_get says so), as receivers have to bear with them. */
enum pdu_error tpdu_decode(
	enum tpdu_kind kind, const uint8_t *data, size_t len, struct tpdu *t);

/* Appends t; MTI comes from its kind, the rest of fo as it stands. False when out is
 * full, TPDU_MAX octets suffice. */
bool tpdu_encode(const struct tpdu *t, struct buf *out);

enum validity_format tpdu_validity(const struct tpdu *t); /* of a SUBMIT's fo */

/* Most octets of user data that such a message has. */
size_t tpdu_ud_max(enum tpdu_kind kind);

/* Fills in a message that has only its kind, MTI and, where the kind wants one, an empty
 * TP-PI. */
void tpdu_init(struct tpdu *t, enum tpdu_kind kind);

/* The PDU of 27.005: service centre address and TPDU in hexadecimal digits. */

/* Reads one. `length` is the <length> of the command, the octets of the TPDU alone.
 * Checked in this order: digits, service centre, length, TPDU; smsc is without digits
 * where the PDU names none. */
enum pdu_error tpdu_read(enum tpdu_kind kind, const char *digits, size_t n, size_t length,
	struct address *smsc, struct tpdu *t);

/* The same without a command: whatever the first octet begins, from the service centre or
 * from the modem. PDU_TYPE for MTI 3. */
enum pdu_error tpdu_read_any(
	const char *digits, size_t n, bool from_sc, struct address *smsc, struct tpdu *t);

/* Appends one, all or nothing; smsc NULL leaves the address out altogether. *length is
 * the number of octets for <length>. */
bool tpdu_write(const struct address *smsc, const struct tpdu *t, struct buf *out,
	size_t *length);
