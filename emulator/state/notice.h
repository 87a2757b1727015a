/* What comes out of a modem besides bytes: happenings for the trace, the API, the tests.
 */
#pragma once

#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"

enum notice_kind {
	NOTICE_POWER = 1, /* text: on, off, reset */
	NOTICE_BOOT,      /* text: what stage was reached */
	NOTICE_LED,       /* text: off, steady, slow, quick, very quick */
	NOTICE_NET,       /* text: off, searching, limited, home, roaming, denied */
	NOTICE_SIM,       /* text: absent, PIN, PUK, loading, ready, failed */
	NOTICE_BAND,      /* value: +WMBS */
	NOTICE_FIRMWARE,  /* text: what flash holds now */
	NOTICE_DOWNLOAD,  /* text: waiting, receiving, progress, done, unsound, failed;
			     value: bytes; refused; value: enum flash_verdict */
	NOTICE_COMMAND,   /* text: the command as understood */
	NOTICE_RESULT,    /* text: its final result */
	NOTICE_URC,       /* text: without framing */
	NOTICE_DROPPED,   /* text: a URC that found no room */
	NOTICE_CALL,      /* text: what became of the call */
	NOTICE_FAR_END,   /* text: what somebody sees whom the modem calls; value: call id
			   */
	NOTICE_SMS,   /* text: a message sent, as its recipient reads it; value: its id */
	NOTICE_DTR,   /* text: on, off: a client has come, or the last one has gone */
	NOTICE_SPEED, /* value: baud of the client, 0 unknown */
	NOTICE_ACTION, /* text: what is done from outside, as far as 255 bytes tell; then
			  perhaps: refused */
	NOTICE_CLIENT, /* text: about what; value: enum client_fault */
	NOTICE_GAP,    /* text: where in a sweep (sweep.h); value: its number */
};
extern const struct name notice_names[];

/* What the program at the port does that a modem punishes. */
enum client_fault {
	CLIENT_EARLY = 1,   /* a line before the final result of the last one */
	CLIENT_TEXT_EARLY,  /* a text before the prompt */
	CLIENT_UNKNOWN,     /* a command that there is not, or no command at all */
	CLIENT_ARGUMENTS,   /* arguments that it does not take */
	CLIENT_REFUSED,     /* a command whose preconditions do not hold */
	CLIENT_LONG,        /* a line that is too long */
	CLIENT_PDU,         /* a PDU that is none, or not of the length that was said */
	CLIENT_TEXT,        /* a text that cannot be sent */
	CLIENT_UNREAD,      /* what the modem says is not read */
	CLIENT_UNDELETED,   /* messages are not deleted, and the store is full */
	CLIENT_UNCONFIRMED, /* AT+CNMA does not come */
	CLIENT_FILE,        /* a file that cannot be downloaded, or was broken off */
	CLIENT_SPEED,       /* its line is at another speed than the modem's */
	CLIENT_POLLS,       /* the same again and again; told by those who count */
};
extern const struct name client_fault_names[];

/* The file that a download is about. */
struct notice_file {
	const char *kind; /* of dwl_kind_names */
	uint32_t block;   /* how many have been taken */
	uint32_t bytes;   /* in these, padding included */
	uint32_t total;   /* without padding; 0: not known, for it came by --image */
};

struct notice {
	enum notice_kind kind;
	usec_t at;
	const char *text; /* valid during the callback only */
	long value;
	const struct notice_file *file; /* with NOTICE_DOWNLOAD, or NULL; as text */
};
