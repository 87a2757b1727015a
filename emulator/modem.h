/* The modem as seen from outside: bytes, actions and time go in; bytes, line states,
 * notices and records come out. No I/O, no clock, no allocation (DESIGN: five rules).
 *
 * Bytes and lines belong to a port, numbered from 0; a number that the modem does not have
 * fails an assertion. Every entry first runs the timers that are due at or before `now`. Callbacks may only
 * enqueue; calling back into the modem is a bug and fails an assertion. */
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
struct unit_numbers;
struct flash_image;
struct buf;

/* Where clocks begin unless they are told otherwise: 2010-01-01T12:00:00Z, Unix time. */
#define MODEM_CLOCK 1262347200
/* More than the longest boot takes: a limit for modem_settle(). */
#define MODEM_BOOT SEC(120)

struct modem_options {
	uint64_t seed;                      /* 0 means 1 */
	unsigned ports;                     /* at most MODEM_PORTS; 0 means 1 */
	const struct unit_numbers *numbers; /* copied; NULL: those of the profile */
	unsigned speed; /* virtual seconds per real second, at least 1 */
	usec_t begin;   /* virtual time at which the modem is made; clocks resume there */
	int64_t clock;  /* Unix time in seconds at virtual time 0 ... */
	bool clock_given; /* ... even if records hold a time: the clock then
			     keeps its distance to it and never runs backwards */
	bool settles;     /* modem_settle() is called after each line: --speed max */
	const struct fault_rule *faults; /* of a field bug; must outlive the modem */
	size_t n_faults;                 /* at most FAULT_RULES */
	/* --image; must outlive the modem, at most FLASH_IMAGES */
	const struct flash_image *images;
	size_t n_images;
	struct modem_sweep sweep;
	struct log log;
};

/* Number of bytes that modem_init() needs for a modem with so many ports (at least 1),
 * aligned as malloc aligns, better to a page. Most of them are written only when they
 * are needed: memory that the system gives when it is first written costs little. */
size_t modem_size(const struct profile *p, unsigned ports);

/* Makes a modem in mem, which is all zero, without power. profile must outlive it; ports
 * and options are copied. Loads the records. Returns NULL, with no record written, when
 * they belong to another device or one cannot be read or is damaged (logged, or reported
 * by damaged()). */
struct modem *modem_init(void *mem, const struct profile *profile,
	const struct ports *ports, const struct modem_options *options);

/* Universal time at virtual time 0, as Unix time: the requested one, or the one at which
 * the records continue. */
int64_t modem_epoch(const struct modem *m);

/* The program ends: the clock, which goes on without power, is stored as it is now. No
 * other entry may follow. */
void modem_close(struct modem *m, usec_t now);

/* Switches power on or off; the boot sequence follows as time passes. */
void modem_power(struct modem *m, usec_t now, bool on);

/* Number of bytes modem_rx() accepts now; the rest must wait at the sender, as with
 * CTS. */
size_t modem_rx_room(const struct modem *m, unsigned port);

/* Bytes from the DTE, at most modem_rx_room(). */
void modem_rx(struct modem *m, unsigned port, usec_t now, const void *buf, size_t len);

/* The port has room again for the output that is still waiting. */
void modem_tx_ready(struct modem *m, unsigned port, usec_t now);

/* DTR (V.24 108/2) as the port sees it: a client has come or gone. */
void modem_dtr(struct modem *m, unsigned port, usec_t now, bool on);

/* RTS (V.24 105, and 133 by the guides). The modem ignores it
 * until it has seen it on (line.md V.24 lines). While it is off and +IFC has the DTE use
 * it, output waits. */
void modem_rts(struct modem *m, unsigned port, usec_t now, bool on);

/* The client has sent a break. It is reported and has no effect (inferred). */
void modem_break(struct modem *m, unsigned port, usec_t now);

/* What the client has set on its side of the line. */
void modem_uart(struct modem *m, unsigned port, usec_t now, const struct uart *u);

/* An IPv4 packet for the host, at most packet_link.mtu octets. False: there is no room in
 * the output now; to be offered again after modem_tx_ready(). Without a session it is
 * lost, and the answer is true. */
bool modem_packet(struct modem *m, usec_t now, const void *packet, size_t len);

/* The far end of a data call outside (struct far_ports), by the id of the call. An id
 * whose call has ended does nothing.
 *
 * A data call comes in from that number, "": withheld. Returns its id, or 0: it does not
 * reach the modem (busy, away, barred, forwarded). It rings until it is answered or
 * closed. */
int modem_far_call(struct modem *m, usec_t now, const char *number);

/* The far end that was asked for is connected. */
void modem_far_there(struct modem *m, usec_t now, int id);

/* It could not be reached, or has ended; all its bytes were passed on before. */
void modem_far_closed(struct modem *m, usec_t now, int id, enum far_ending why);

enum far_call modem_far_state(const struct modem *m, int id);

/* Number of bytes modem_far_rx() accepts now: 0 unless the call is online. */
size_t modem_far_room(const struct modem *m, int id);

/* Bytes of the far end for the host, at most modem_far_room(). */
void modem_far_rx(struct modem *m, usec_t now, int id, const void *buf, size_t len);

/* A far end has room again for bytes of the host that wait. */
void modem_far_ready(struct modem *m, usec_t now);

/* Sockets and sessions outside (struct socket_ports), by the modem's number. One that the
 * modem has closed does nothing.
 *
 * It is open or connected; local: its port; peer: NULL if it has none. */
void modem_socket_there(struct modem *m, usec_t now, unsigned id, uint16_t local,
	const struct socket_peer *peer);

/* A peer has connected to a server. Returns the number of the new socket, -1: none is
 * free, the peer is to be refused. */
int modem_socket_accept(
	struct modem *m, usec_t now, unsigned server, const struct socket_peer *peer);

/* Number of octets modem_socket_rx() takes now. UDP: a datagram that is longer is to
 * wait. */
size_t modem_socket_room(const struct modem *m, unsigned id);

/* Octets of the peer, at most modem_socket_room(); UDP: one datagram, and who has sent it. */
void modem_socket_rx(struct modem *m, usec_t now, unsigned id,
	const struct socket_peer *from, const void *buf, size_t len);

/* It could not be opened, or the peer has ended it. After SOCKET_SHUT the modem may still
 * send; it closes in any case. */
void modem_socket_ended(struct modem *m, usec_t now, unsigned id, enum socket_end why);

/* A peer has room again for octets that wait. */
void modem_socket_ready(struct modem *m, usec_t now);

/* The transfer of a session begins to pass octets (an upload may be sent), and has ended. */
void modem_socket_begun(struct modem *m, usec_t now, unsigned id);
void modem_socket_done(
	struct modem *m, usec_t now, unsigned id, const struct socket_result *result);

/* Carries out an action from outside. Returns NULL, or what is wrong with it ("what;
 * remedy", valid until the next call); then nothing has changed. */
const char *modem_act(struct modem *m, usec_t now, const struct action *a);

/* How the text of a message is encoded. */
enum modem_sms_alphabet {
	MODEM_SMS_AUTO, /* GSM alphabet if it suffices, else UCS2 */
	MODEM_SMS_GSM7,
	MODEM_SMS_UCS2,
	MODEM_SMS_DATA, /* the text is hexadecimal digits of 8 bit data */
};
extern const struct name modem_sms_alphabets[];

/* The outbox: messages from the modem that the service centre has accepted, as their
 * recipients read them. The newest 32 messages and their newest 128 PDUs are kept; a
 * reset of the modem does not clear them. NOTICE_SMS reports each change; its value is
 * the id. */
enum modem_sent_result {
	MODEM_SENT_WAITING, /* parts are missing, or have not reached the recipient */
	MODEM_SENT_DELIVERED,
	MODEM_SENT_EXPIRED, /* the validity period ended first */
	MODEM_SENT_FAILED,
};
extern const struct name modem_sent_results[];

struct modem_sent {
	uint32_t id;           /* counts from 1 */
	usec_t at;             /* virtual time of its first part */
	int64_t clock;         /* the same as Unix time in seconds */
	char to[40], from[24]; /* with + if international; from "" if unknown */
	const char *text;      /* UTF-8, at most 2047 octets; hexadecimal digits for data.
				  Missing parts are skipped. Valid until the next call */
	enum modem_sms_alphabet alphabet; /* never MODEM_SMS_AUTO */
	int class;                        /* 0-3, -1: no class */
	int pid, dcs;
	int reference;     /* TP-MR of the last part */
	int parts, total;  /* parts received, of how many */
	bool report_asked; /* a status report was requested */
	bool report_sent;  /* the service centre has made one */
	enum modem_sent_result result;
	int status; /* TP-ST, the worst of its parts; -1: not known yet */
};

/* The message after id `after`, 0 for the oldest; false when there is none. */
bool modem_outbox_next(const struct modem *m, uint32_t after, struct modem_sent *out);

/* Appends part `part` (from 1) as the modem has sent it: the SUBMIT in hexadecimal
 * digits, without the service centre's address. False when the part has not come, is no
 * longer kept, or does not fit. */
bool modem_outbox_pdu(const struct modem *m, uint32_t id, int part, struct buf *out);

/* A message that waits for an outside service centre (`network.sms.centre`), which ends
 * that by the action `acknowledge`. NOTICE_CENTRE tells of each, again and again; its value
 * is the ref. */
struct modem_handed {
	uint64_t ref;          /* counts from 1 */
	char to[40], from[24]; /* with + if international; from "" if unknown */
	uint32_t message;      /* its id in the outbox, which may have forgotten it */
	int reference;         /* TP-MR */
	bool report_asked;
	usec_t expires; /* virtual time of the end of its validity; USEC_NEVER: none */
};

/* The one after ref `after`, 0 for the oldest; false when there is none. */
bool modem_handed_next(const struct modem *m, uint64_t after, struct modem_handed *out);

/* Appends what its recipient gets: the DELIVER in hexadecimal digits, the service centre's
 * address first, as the action `sms` takes it for any modem. False when it is not there, or
 * does not fit. */
bool modem_handed_pdu(const struct modem *m, uint64_t ref, struct buf *out);

/* What the far end of the last data call has received: the bytes from the host, including
 * those of +++. Returns the total number; the newest, at most MODEM_FAR_KEPT, are in out
 * and *len is their number. They are kept after the call and through resets, until the
 * next data call begins. */
uint64_t modem_far_received(const struct modem *m, char out[MODEM_FAR_KEPT], size_t *len);

/* Messages between modems (struct neighbour_ports). What became of one that
 * neighbour_ports.send() was given: TP-ST, or SMS_POST_NO_ROOM: the service centre sends
 * it again later. Another sender's, or a ref that is not open, does nothing, so this may
 * be told any number of times. */
void modem_sms_sent(
	struct modem *m, usec_t now, uint64_t sender, uint64_t ref, int status);

/* A neighbour's message, for this modem, any number of times. Its service centre
 * delivers it as any other: at once, or when the modem is reachable and has memory;
 * neighbour_ports.done() tells the end. */
enum sms_taken modem_sms_deliver(struct modem *m, usec_t now, const struct sms_post *p);

/* Calls between modems (struct neighbour_ports). A signal of a neighbour has come. Octets
 * of a data call pass as those of a far end outside: modem_far_rx() and the others, with
 * the id of modem_call_id(). */
void modem_call_signal(struct modem *m, usec_t now, const struct call_signal *s);

/* That unit is gone, and says nothing more: calls with it end. */
void modem_neighbour_gone(struct modem *m, usec_t now, uint64_t unit);

/* The id of a call, 1 to 7 as in AT+CLCC; 0: the modem does not have it. */
int modem_call_id(const struct modem *m, const struct call_key *key);

/* Changes the speed, at least 1, as in struct modem_options; settling ends. */
void modem_speed(struct modem *m, usec_t now, unsigned speed);

/* Lets time pass. */
void modem_advance(struct modem *m, usec_t now);

/* The virtual time it has reached. */
usec_t modem_now(const struct modem *m);

/* When to call modem_advance() again, USEC_NEVER if nothing is pending. */
usec_t modem_next(const struct modem *m);

/* Skips the time of the modem's own work until none is pending, at most `limit`; for the
 * host no time passes (--speed max, --boot warm). Returns the virtual time reached. */
usec_t modem_settle(struct modem *m, usec_t limit);

/* True when the last byte has completed a line or still belongs to one: at --speed max
 * the modem settles here before it takes the next byte. */
bool modem_line_done(const struct modem *m, unsigned port);

/* How many of these bytes to pass to modem_rx() in one call so that none follows a byte
 * that may complete a line: at least 1 of `len` > 0. */
size_t modem_line_len(const struct modem *m, unsigned port, const void *buf, size_t len);

/* The whole non-volatile memory as text, for comparisons. */
void modem_nv_dump(const struct modem *m, struct buf *out);
