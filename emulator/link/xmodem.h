/* The receiving side of XMODEM: 128 and 1024 byte blocks mixed, checksum or CRC. It
 * handles bytes, time and its user's callbacks, and knows nothing of a modem; it stores
 * one block only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/sched.h"
#include "state/profile.h"

#define XMODEM_BLOCK_MAX 1024
#define XMODEM_MEMORY    (2 + XMODEM_BLOCK_MAX + 2) /* with number and check */

enum xmodem_fault {
	XMODEM_CANCELLED, /* the sender sent CAN CAN */
	XMODEM_SEQUENCE,  /* a sound block out of order; answered with CAN CAN CAN */
	XMODEM_RETRIES, /* too many bad blocks or silences in a row; answered with CAN CAN
			 */
	XMODEM_GIVEN_UP, /* at the user's request; answered with CAN CAN */
};
extern const struct name xmodem_fault_names[];

/* Every callback may call xmodem_stop(), and failed() and other() xmodem_start() too. */
/* The moments at which the user is asked before an answer, and the possible answers. */
enum xmodem_moment {
	XMODEM_AT_ASK,   /* a start character; number counts from 1 */
	XMODEM_AT_BLOCK, /* a sound block; number counts from 1 */
	XMODEM_AT_EOT,
};
enum xmodem_answer {
	XMODEM_NORMAL,
	XMODEM_REFUSE, /* treat as if its check were wrong; an EOT gets a NAK at once, and
			  a start character is still sent */
	XMODEM_SILENT, /* no answer: a block is taken, an EOT is not, no start character
			*/
	XMODEM_LATER,  /* as normal, but the answer waits for xmodem_answer_now() */
	XMODEM_GIVE_UP, /* CAN CAN; the transfer has failed */
};

struct xmodem_user {
	void *ctx;
	uint8_t *memory; /* XMODEM_MEMORY bytes, for one block */
	/* 1 to 3 bytes for the sender. */
	void (*send)(void *ctx, const void *buf, size_t len);
	/* A new block in order, before its ACK: 128 or 1024 bytes, padding included.
	 * False refuses it: the receiver stops without an answer, and the user sends the
	 * reason and CAN CAN itself. */
	bool (*block)(void *ctx, const void *data, size_t len, bool first);
	/* EOT after at least one block, before its ACK. False: stops without the ACK. The
	 * receiver is stopped either way. */
	bool (*end)(void *ctx);
	/* The transfer has failed and the receiver is stopped. */
	void (*failed)(void *ctx, enum xmodem_fault why);
	/* May be NULL: all is normal. */
	enum xmodem_answer (*answer)(void *ctx, enum xmodem_moment at, uint32_t number);
	/* A byte that is not part of a transfer: typed between start characters, or
	 * received while the receiver is stopped. */
	void (*other)(void *ctx, uint8_t byte);
};

struct xmodem_conf {
	enum dwl_start start[4]; /* start characters in turn; the last one repeats */
	size_t starts;           /* at least 1 */
	usec_t start_period;     /* between two start characters */
	usec_t block_gap;  /* longest silence in a block; shortest that ends noise */
	usec_t block_wait; /* longest wait for the next block */
	unsigned retries;  /* NAKs in a row before it gives up */
	bool nak_eot;      /* NAK the first EOT, ACK the second */
};

enum xmodem_phase {
	XMODEM_OFF,
	XMODEM_START,   /* asks for the first block */
	XMODEM_BETWEEN, /* waits for the next one */
	XMODEM_BLOCK,   /* in a block */
	XMODEM_PURGE,   /* ignores bytes until the line is idle */
};
extern const struct name xmodem_phase_names[];

struct xmodem {
	struct xmodem_conf conf;
	struct xmodem_user user;
	struct sched *sched;
	struct timer timer;
	enum xmodem_phase phase;
	size_t asked;      /* start characters of conf.start used */
	uint32_t asks;     /* start characters sent */
	bool crc;          /* the last start character was C */
	bool ended;        /* the last transfer was completed: its EOT may be repeated */
	bool tail;         /* after a failure: CAN and BS are ignored */
	bool eot_naked;    /* the first EOT had its NAK */
	bool eot_later;    /* an EOT waits for its answer */
	bool ack_later;    /* a block waits for its answer; until then nothing is sent */
	unsigned cans;     /* CANs in a row */
	unsigned backs;    /* BSs in a row after them, in noise */
	unsigned faults;   /* bad blocks and silences in a row */
	uint8_t expect;    /* number of the next block */
	uint32_t blocks;   /* accepted in this transfer */
	size_t have, size; /* of the block: bytes received, size of its data */
	uint8_t *block;
};

/* Initializes a stopped receiver; sched must outlive it, user is copied. */
void xmodem_init(struct xmodem *x, struct sched *sched, const struct xmodem_user *user);

/* The configuration of a firmware's downloader; values that are 0 there get XMODEM's
 * defaults. */
struct xmodem_conf xmodem_conf_of(const struct firmware *f);

/* Starts to ask for a file, first after a delay of real time. A running transfer is
 * dropped without an answer. */
void xmodem_start(struct xmodem *x, const struct xmodem_conf *conf, usec_t delay);

/* Stops without an answer. */
void xmodem_stop(struct xmodem *x);

/* The same, and restores the state that xmodem_init() made. */
void xmodem_reset(struct xmodem *x);

/* Sends what XMODEM_LATER has deferred: a start character, the ACK of a block, or the end
 * of the file with its ACK. Does nothing when the receiver has been stopped meanwhile. */
void xmodem_answer_now(struct xmodem *x);

/* How many bytes of a block are still to come after its number, its check included; 0: it
 * is not in a block. */
size_t xmodem_data_left(const struct xmodem *x);

/* Bytes from the sender, at sched's now. Takes all of them; each that is not part of a
 * transfer goes to other(). */
void xmodem_rx(struct xmodem *x, const void *data, size_t len);
