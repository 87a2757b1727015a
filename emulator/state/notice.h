/* What a modem outputs besides bytes: events for the trace, the API and the tests. */
#pragma once

#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"

enum notice_kind {
	NOTICE_POWER = 1, /* text: on, off, reset */
	NOTICE_BOOT,      /* text: the stage reached */
	NOTICE_LED,       /* text: off, steady, slow, quick, very quick */
	NOTICE_NET,       /* text: off, searching, limited, home, roaming, denied */
	NOTICE_SIM,       /* text: absent, PIN, PUK, loading, ready, failed */
	NOTICE_BAND,      /* value: +WMBS */
	NOTICE_FIRMWARE,  /* text: what flash now contains */
	NOTICE_DOWNLOAD,  /* text: waiting, receiving, progress, done, unsound, failed;
			     value: bytes; refused; value: enum flash_verdict */
	NOTICE_COMMAND,   /* text: the command as parsed */
	NOTICE_RESULT,    /* text: its final result */
	NOTICE_URC,       /* text: without framing */
	NOTICE_DROPPED,   /* text: a URC dropped for lack of room */
	NOTICE_CALL,      /* text: the new state of the call */
	NOTICE_PPP,       /* text: the new phase of the session, of ppp_phase_names */
	NOTICE_WIP,       /* text: what becomes of the stack, the bearer, a socket; value:
			     <bid>, or <protocol> * 100 + <idx> */
	NOTICE_FAR_END,   /* text: what the called party sees; value: call id */
	NOTICE_SMS,   /* text: a message sent, as its recipient reads it; value: its id */
	NOTICE_DTR,   /* text: on, off: a client has come, or the last one has gone */
	NOTICE_SPEED, /* value: baud of the client, 0 unknown */
	NOTICE_RTS,   /* text: on, off */
	NOTICE_BREAK,
	NOTICE_ACTION, /* text: the action from outside, up to 255 bytes; then possibly:
			  refused */
	NOTICE_CLIENT, /* text: details; value: enum client_fault */
	NOTICE_GAP,    /* text: the place in a sweep (sweep.h); value: its number */
	NOTICE_STK,    /* text: what the SIM toolkit asks, and its step; value: +STIN */
	NOTICE_CENTRE, /* a message for the outside service centre, also again; text: the
			  recipient's number, a blank, the DELIVER that it gets in
			  hexadecimal digits; value: the number for `acknowledge` */
};
extern const struct name notice_names[];

/* Protocol mistakes of the program at the port. */
enum client_fault {
	CLIENT_EARLY = 1,   /* a line before the final result of the last one */
	CLIENT_TEXT_EARLY,  /* a text before the prompt */
	CLIENT_UNKNOWN,     /* a command the modem does not have, or no command at all */
	CLIENT_ARGUMENTS,   /* arguments the command does not accept */
	CLIENT_REFUSED,     /* a command whose preconditions do not hold */
	CLIENT_LONG,        /* a line that is too long */
	CLIENT_PDU,         /* a PDU that is malformed, or not as long as announced */
	CLIENT_TEXT,        /* a text that cannot be sent */
	CLIENT_UNREAD,      /* the modem's output is not read */
	CLIENT_UNDELETED,   /* messages are not deleted, and the store is full */
	CLIENT_UNCONFIRMED, /* AT+CNMA is not sent */
	CLIENT_FILE,        /* a file that cannot be downloaded, or was cancelled */
	CLIENT_SPEED,       /* its line speed differs from the modem's */
	CLIENT_FORMAT,      /* ... or its character format */
	CLIENT_OVERRUN,     /* it sent more than the modem could take */
	CLIENT_MUX,         /* frames that the multiplexer cannot use */
	CLIENT_POLLS, /* polling: the same command again and again; reported by the code
			 that counts */
};
extern const struct name client_fault_names[];

/* The file being downloaded. */
struct notice_file {
	const char *kind; /* of dwl_kind_names */
	uint32_t block;   /* number of blocks taken */
	uint32_t bytes;   /* bytes in these blocks, padding included */
	uint32_t total;   /* without padding; 0: not known, because it came by --image */
};

struct notice {
	enum notice_kind kind;
	usec_t at;
	const char *text; /* valid during the callback only */
	long value;
	const struct notice_file
		*file; /* with NOTICE_DOWNLOAD, or NULL; valid as long as text */
	unsigned port; /* where it happened at a port: command, result, URC, client,
			  download, gap, DTR, RTS, break, speed; else 0 */
};
