/* The modem as the outside sees it: bytes, actions and time in; bytes, line states,
 * notices and records out. No I/O, no clock, no allocation (DESIGN: five rules).
 *
 * Every entry first runs the timers that are due at or before `now`. Callbacks may only
 * enqueue: calling back into the modem is a broken promise and is asserted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "base/usec.h"
#include "state/notice.h"
#include "state/ports.h"
#include "state/sweep.h"

struct action;
struct fault_rule;
struct modem;
struct profile;
struct flash_image;
struct buf;

struct modem_options {
	uint64_t seed;    /* 0 stands for 1 */
	unsigned speed;   /* virtual seconds a real one, at least 1 */
	usec_t begin;     /* the virtual time at which it is made; clocks resume there */
	int64_t clock;    /* Unix time in seconds at virtual time 0 ... */
	bool clock_given; /* ... even where records say how late it is: the clock keeps
			   * its distance to it then, and never runs backwards */
	bool settles;     /* modem_settle() follows each line: --speed max */
	const struct fault_rule *faults;  /* of a field bug; must outlive the modem */
	size_t n_faults;                  /* at most FAULT_RULES */
	const struct flash_image *images; /* --image; copied, at most FLASH_IMAGES */
	size_t n_images;
	struct modem_sweep sweep;
	struct log log;
};

/* Bytes that modem_init() wants, aligned as malloc aligns. */
size_t modem_size(const struct profile *p);

/* Makes a modem in mem, without power. profile must outlive it; ports and options are
 * copied. Loads the records; NULL, and nothing is written, when they are another device's
 * or one cannot be read or is damaged (logged, or nv_damaged). */
struct modem *modem_init(void *mem, const struct profile *profile,
	const struct ports *ports, const struct modem_options *options);

/* Universal time at virtual time 0, as Unix time: the one asked for, or where the records
 * go on. */
int64_t modem_epoch(const struct modem *m);

/* The end of the program: what runs on by itself, the clock, is stored as it is now. No
 * entry may follow. */
void modem_close(struct modem *m, usec_t now);

/* Switches it on; the boot sequence follows as time goes on. */
void modem_power(struct modem *m, usec_t now, bool on);

/* How many bytes modem_rx() takes now: the rest must wait at the sender, as CTS would
 * have it. */
size_t modem_rx_room(const struct modem *m);

/* Bytes from the DTE, at most modem_rx_room(). */
void modem_rx(struct modem *m, usec_t now, const void *buf, size_t len);

/* There is room again in the port for what the modem has still to say. */
void modem_tx_ready(struct modem *m, usec_t now);

/* DTR (V.24 108/2) as the port sees it: a client is there, or has gone. */
void modem_dtr(struct modem *m, usec_t now, bool on);

/* The speed that the client has set in baud, 0 if unknown. */
void modem_line_speed(struct modem *m, usec_t now, unsigned baud);

/* Something is done to it from outside: NULL, or what is wrong with that ("what;
 * remedy", valid until the next call), and then nothing has changed. */
const char *modem_act(struct modem *m, usec_t now, const struct action *a);

/* What a text of a message is coded in. */
enum modem_sms_alphabet {
	MODEM_SMS_AUTO, /* GSM alphabet where it suffices, else UCS2 */
	MODEM_SMS_GSM7,
	MODEM_SMS_UCS2,
	MODEM_SMS_DATA, /* the text is hexadecimal digits of 8 bit data */
};
extern const struct name modem_sms_alphabets[];

/* The outbox: messages from the modem that the service centre has taken, as their
 * recipients read them. The newest 32 and their newest 128 PDUs are kept; no reset of the
 * modem reaches them. NOTICE_SMS tells of each change, its value is the id. */
enum modem_sent_result {
	MODEM_SENT_WAITING, /* parts are missing, or not yet with the recipient */
	MODEM_SENT_DELIVERED,
	MODEM_SENT_EXPIRED, /* the validity period was over first */
	MODEM_SENT_FAILED,
};
extern const struct name modem_sent_results[];

struct modem_sent {
	uint32_t id;           /* counts from 1 */
	usec_t at;             /* virtual time of its first part */
	int64_t clock;         /* the same as Unix time in seconds */
	char to[40], from[24]; /* with + if international; from "" if unknown */
	const char *text;      /* UTF-8, at most 2047 octets; of data the digits. What is
				  missing is passed over. Valid until the next call */
	enum modem_sms_alphabet alphabet; /* never MODEM_SMS_AUTO */
	int class;                        /* 0-3, -1: none */
	int pid, dcs;
	int reference;     /* TP-MR of the last part */
	int parts, total;  /* that have come, of how many */
	bool report_asked; /* a status report was wanted */
	bool report_sent;  /* the service centre has made one */
	enum modem_sent_result result;
	int status; /* TP-ST, the worst of its parts; -1: not known yet */
};

/* The message that follows id `after`, 0 for the oldest; false when there is none. */
bool modem_outbox_next(const struct modem *m, uint32_t after, struct modem_sent *out);

/* Appends part `part` (from 1) as the modem has sent it: digits of the SUBMIT without the
 * service centre's address. False when it has not come, is forgotten, or has no room. */
bool modem_outbox_pdu(const struct modem *m, uint32_t id, int part, struct buf *out);

/* What the far end of the last data call has received: the host's bytes, those of +++
 * too. Returns how many in all; the newest of them, at most MODEM_FAR_KEPT, are in out
 * and *len says how many. They stay when the call ends and through resets; the next data
 * call begins anew. */
uint64_t modem_far_received(const struct modem *m, char out[MODEM_FAR_KEPT], size_t *len);

/* Another speed from now on, at least 1, as in struct modem_options; it settles no more.
 */
void modem_speed(struct modem *m, usec_t now, unsigned speed);

/* Lets time pass. */
void modem_advance(struct modem *m, usec_t now);

/* The virtual time that it has reached. */
usec_t modem_now(const struct modem *m);

/* When to call modem_advance() again, USEC_NEVER if nothing is pending. */
usec_t modem_next(const struct modem *m);

/* Jumps over the modem's own work until none is pending, at most `limit`, without time
 * passing for the host (--speed max, --boot warm). Gives the virtual time reached. */
usec_t modem_settle(struct modem *m, usec_t limit);

/* True when the last byte has completed a line, or is still on it: at --speed max the
 * modem settles here before it takes the next byte. */
bool modem_line_done(const struct modem *m);

/* How many of these bytes to give to modem_rx() at once so that none comes behind one
 * that may complete a line: at least 1 of `len` > 0. */
size_t modem_line_len(const struct modem *m, const void *buf, size_t len);

/* The whole non-volatile memory as text, for comparisons. */
void modem_nv_dump(const struct modem *m, struct buf *out);
