/* The receiving side of XMODEM: 128 and 1024 byte blocks mixed, checksum or CRC. It knows
 * bytes, time and its user's callbacks, nothing of a modem; one block is all it keeps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/sched.h"
#include "state/profile.h"

#define XMODEM_BLOCK_MAX 1024

enum xmodem_fault {
	XMODEM_CANCELLED, /* the sender sent CAN CAN */
	XMODEM_SEQUENCE,  /* a sound block out of order; it was told CAN CAN CAN */
	XMODEM_RETRIES, /* too many bad blocks or silences in turn; it was told CAN CAN */
	XMODEM_GIVEN_UP, /* the user wanted it so; it was told CAN CAN */
};
extern const struct name xmodem_fault_names[];

/* Every callback may call xmodem_stop(), and failed() and other() xmodem_start() too. */
/* What is asked about before it is answered, and what may become of it. */
enum xmodem_moment {
	XMODEM_AT_ASK,   /* a start character; number counts from 1 */
	XMODEM_AT_BLOCK, /* a sound block; number counts from 1 */
	XMODEM_AT_EOT,
};
enum xmodem_answer {
	XMODEM_NORMAL,
	XMODEM_REFUSE,  /* as if its check were wrong; an EOT gets a NAK at once, and a
			   start character is sent all the same */
	XMODEM_SILENT,  /* no word: a block is taken, an EOT is not, no start character */
	XMODEM_LATER,   /* as normal, but what is said waits for xmodem_answer_now() */
	XMODEM_GIVE_UP, /* CAN CAN, the transfer has failed */
};

struct xmodem_user {
	void *ctx;
	/* 1 to 3 bytes for the sender. */
	void (*send)(void *ctx, const void *buf, size_t len);
	/* A new block in order, before its ACK: 128 or 1024 bytes, padding included.
	 * False refuses it: the receiver stops without a word, and the user says why and
	 * sends CAN CAN by itself. */
	bool (*block)(void *ctx, const void *data, size_t len, bool first);
	/* EOT after at least one block, before its ACK. False: stops without the ACK. The
	 * receiver is stopped either way. */
	bool (*end)(void *ctx);
	/* The transfer has failed and the receiver is stopped. */
	void (*failed)(void *ctx, enum xmodem_fault why);
	/* May be NULL: all is normal. */
	enum xmodem_answer (*answer)(void *ctx, enum xmodem_moment at, uint32_t number);
	/* A byte that is no part of a transfer: typed between start characters, or come
	 * while the receiver is stopped. */
	void (*other)(void *ctx, uint8_t byte);
};

struct xmodem_conf {
	enum dwl_start start[4]; /* start characters in turn; the last one repeats */
	size_t starts;           /* at least 1 */
	usec_t start_period;     /* between two start characters */
	usec_t block_gap;  /* longest silence in a block; shortest that ends rubbish */
	usec_t block_wait; /* longest wait for the next block */
	unsigned retries;  /* NAKs in turn before it gives up */
	bool nak_eot;      /* NAK the first EOT, ACK the second */
};

enum xmodem_phase {
	XMODEM_OFF,
	XMODEM_START,   /* asks for the first block */
	XMODEM_BETWEEN, /* waits for the next */
	XMODEM_BLOCK,   /* in a block */
	XMODEM_PURGE,   /* drops what comes until the line is idle */
};
extern const struct name xmodem_phase_names[];

struct xmodem {
	struct xmodem_conf conf;
	struct xmodem_user user;
	struct sched *sched;
	struct timer timer;
	enum xmodem_phase phase;
	size_t asked;    /* start characters of conf.start that were used */
	uint32_t asks;   /* start characters sent */
	bool crc;        /* the last start character was C */
	bool ended;      /* the last transfer came to its end: its EOT may be repeated */
	bool tail;       /* after a failure: CAN and BS belong to it */
	bool eot_naked;  /* the first EOT had its NAK */
	bool eot_later;  /* an EOT waits for its answer */
	bool ack_later;  /* a block does: until then nothing is said */
	unsigned cans;   /* CANs in a row */
	unsigned backs;  /* BSs in a row behind them, in rubbish */
	unsigned faults; /* bad blocks and silences in a row */
	uint8_t expect;  /* number of the next block */
	uint32_t blocks; /* accepted in this transfer */
	size_t have, size; /* of the block: bytes so far, size of its data */
	uint8_t block[2 + XMODEM_BLOCK_MAX + 2];
};

/* Makes a stopped receiver; sched must outlive it, user is copied. */
void xmodem_init(struct xmodem *x, struct sched *sched, const struct xmodem_user *user);

/* What the downloader of a firmware asks for; values that it leaves 0 get XMODEM's own.
 */
struct xmodem_conf xmodem_conf_of(const struct firmware *f);

/* Starts to ask for a file, first after a delay of real time. A running transfer is
 * dropped without a word. */
void xmodem_start(struct xmodem *x, const struct xmodem_conf *conf, usec_t delay);

/* Stops without a word. */
void xmodem_stop(struct xmodem *x);

/* The same, and it is as xmodem_init() made it. */
void xmodem_reset(struct xmodem *x);

/* Says what XMODEM_LATER has put off: a start character, the ACK of a block, or the end
 * of the file with its ACK. Nothing when the receiver has been stopped meanwhile. */
void xmodem_answer_now(struct xmodem *x);

/* How many bytes of a block are still to come when its number is there, its check
 * included; 0: it does not wait for these. */
size_t xmodem_data_left(const struct xmodem *x);

/* Bytes from the sender, at sched's now. Takes all of them; each that is no part of a
 * transfer goes to other(). */
void xmodem_rx(struct xmodem *x, const void *data, size_t len);
