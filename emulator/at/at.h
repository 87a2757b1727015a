/* The AT language: what a row of the command tables contains, and what handlers use. A
 * command is one row in one cmd_*.c file; the line protocol is in line.c, parse.c, run.c,
 * reply.c and urc.c, and is hidden from handlers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/names.h"
#include "base/sched.h"
#include "state/command_conf.h"
#include "state/settings.h"

struct channel;
struct chapter;
struct modem;

#define AT_LINE_MAX  2047 /* line.md Line length: longer lines are refused */
#define AT_PARAMS    16
#define AT_ARGS      16
#define AT_COMMANDS  400
#define AT_NAME_MAX  12
#define AT_PIECE_MAX 2048 /* most text one call of a handler may send */
#define AT_URC_MAX   1024 /* one URC with its framing */

/* rows */

enum at_form {       /* as a set in rows */
	AT_EXEC = 1, /* AT+X, ATX, ATX1 */
	AT_SET = 2,  /* AT+X=... */
	AT_READ = 4, /* AT+X? */
	AT_TEST = 8, /* AT+X=? */
};
#define AT_ALL_FORMS (AT_EXEC | AT_SET | AT_READ | AT_TEST)
#define AT_SRT       (AT_SET | AT_READ | AT_TEST)
#define AT_FORMS     4

enum at_type {
	AT_INT,    /* decimal digits within `values` */
	AT_CHOICE, /* one of the strings of `values`; the number is its position from 0 */
	AT_TEXT,   /* any text, quoted or not; `values` is the text for =? */
	AT_HEX,    /* text of hexadecimal digits */
};

/* How a new value of a stored parameter survives a reset, and whether AT&F restores the
 * factory value, both live and stored: a set. */
enum at_store {
	AT_RAM = 0, /* nothing */
	AT_W = 1,   /* AT&W */
	AT_EE = 2,  /* the command itself */
	AT_SAS = 4, /* AT+CSAS */
	AT_F = 8,   /* put back by AT&F */
	AT_WF = AT_W | AT_F,
	AT_EEF = AT_EE | AT_F,
	AT_SASF = AT_SAS | AT_F,
	AT_WEEF = AT_W | AT_EE | AT_F,
	AT_WSASF = AT_W | AT_SAS | AT_F,
};

#define AT_SLOT (-1) /* stored, but no code reads it */

struct at_param {
	const char *name;
	enum at_type type;
	const char
		*values; /* legal values, also the =? text: (0-3,99) or ("GSM","HEX") */
	int def;
	int field; /* SETTING(x), AT_SLOT, or 0: not stored */
	enum at_store store;
	bool optional;        /* may be left out: then it keeps its value */
	bool inner;           /* stored with the row, but not a parameter on the line */
	const char *opposite; /* an older name in records and profiles with the opposite
				 sense */
};

enum at_need { /* preconditions, as a set; each failure has one code, see run.c */
	AT_NEED_SIM = 1,     /* a SIM: else 10, or 515 while it is being checked */
	AT_NEED_PIN = 2,     /* SIM and PIN: also 11, 12, 13 */
	AT_NEED_FILES = 4,   /* loaded files: also 515 */
	AT_NEED_NO_CALL = 8, /* no call: else 3 */
	AT_NEED_NET = 16,    /* registered: else 30 or 32 */
	AT_NEED_CALL = 32,   /* a call: else 3 */
	/* the same, but only if there is a SIM; without one they are met */
	AT_NEED_OPEN = 64,    /* no PIN pending: else 11, 12, 13, 515 */
	AT_NEED_LOADED = 128, /* and its files loaded: also 515 */
};

enum at_flag {
	AT_F_NO_FIRMWARE = 1,  /* known to the downloader: works without a firmware */
	AT_F_DOWNLOAD = 2,     /* accepted between the start characters of a download */
	AT_F_REST = 4,         /* basic command that takes the rest of the line (D) */
	AT_F_OFF = 8,          /* works after AT+CPOF */
	AT_F_KEPT = 16,        /* stored, read back, saved; has no observable effect */
	AT_F_REFUSED = 32,     /* known, but refused as this firmware does */
	AT_F_BARE = 64,        /* basic command without a number: ATZ0 is ATZ */
	AT_F_SMS = 128,        /* its errors are those of short messages: +CMS ERROR */
	AT_F_PROMPT = 256,     /* asks for text with a prompt */
	AT_F_UNKNOWN = 512,    /* in no table: a rule may answer it */
	AT_F_OWN_RANGE = 1024, /* its handler checks the ranges of numbers */
	AT_F_CME =
		2048, /* basic command that answers a bad number with CME 3, not ERROR */
	AT_F_DEAD = 4096,   /* exists only with dead letters: QUIRK_DEAD_LETTERS */
	AT_F_BESIDE = 8192, /* runs at once while another command works */
	AT_F_DATA = 16384,  /* the row is from YAML */
};

/* Why more() is called. */
enum at_why {
	AT_WHY_ROOM,  /* the port has room for the next piece */
	AT_WHY_TIME,  /* the delay requested by at_wait() is over */
	AT_WHY_NET,   /* the network has completed the request */
	AT_WHY_TEXT,  /* text was entered at the prompt */
	AT_WHY_CALL,  /* the call has changed */
	AT_WHY_ABORT, /* the host typed while the command ran, or hung up */
};

struct at_call;

struct at_cmd {
	const char *name; /* "+CMGF", "&C", "S0", "D" */
	const char *see;  /* where the facts come from: general.md +CGMI */
	unsigned forms;   /* at_form set */
	unsigned needs;   /* at_need set */
	unsigned open;    /* forms to which the needs do not apply */
	unsigned flags;   /* at_flag set */
	/* The chapters of an application it belongs to, a set of 1 << enum provides: it
	 * exists only while an application that provides one of them runs; 0: always. */
	unsigned provided;
	int since; /* ... from that version of WIPsoft on, in hundredths; 0: from any */
	const char *test; /* the whole =? answer if it is not made from the parameters; ""
			     is a bare OK */
	struct at_param param[AT_PARAMS]; /* up to the first without a name */
	/* For a row with a record of its own: how it is kept, and what AT&F does to it
	 * (false: it could not be stored). */
	enum at_store own;
	const char *own_value; /* the factory value, for lists */
	bool (*factory)(struct modem *m);
	/* Sets what a new unit has, one of these values, if a profile's `memory` gives it.
	 * NULL: the profile cannot. */
	void (*deliver)(struct modem *m, int value);
	const char *delivers; /* "(0,1)" */
	/* Carries it out, for each form except TEST (TEST too with test_by_run). NULL: a
	 * setting, which the engine stores and reads back by its parameters. */
	int (*run)(struct channel *ch, struct at_call *c);
	/* Continues after AT_PENDING or AT_MORE. */
	int (*more)(struct channel *ch, struct at_call *c, enum at_why why);
	bool test_by_run; /* run() answers =? too */
	/* Says whether lines that come while it takes its time are refused; without it
	 * they wait. See aside.c. */
	bool (*works)(const struct channel *ch, const struct at_call *c);
	/* Takes what is typed while it waits and no line is read; see at_typed(). NULL:
	 * the bytes wait. */
	size_t (*typed)(struct channel *ch, const unsigned char *p, size_t len);
	int aborted; /* its result when AT+WAC ends it, 0: AT+WAC cannot */
};

/* results */

enum at_result {
	AT_OK = 0,
	AT_CONNECT,
	AT_RING,
	AT_NO_CARRIER,
	AT_ERROR,
	AT_NO_DIALTONE,
	AT_BUSY,
	AT_NO_ANSWER,
	AT_SILENT,  /* end of the line, without a final result */
	AT_BYTES,   /* the bytes that a fault rule sends instead of a final result */
	AT_PENDING, /* more() will give the result */
	AT_MORE,    /* as AT_PENDING; more() is called as soon as there is room */
	AT_CME_0 = 1000,
	AT_CMS_0 = 3000,
};
#define AT_CME(n) (AT_CME_0 + (n))
#define AT_CMS(n) (AT_CMS_0 + (n))

/* Standard and Wavecom error numbers that handlers name (errors.md +CME ERROR). */
enum {
	CME_NOT_ALLOWED = 3,
	CME_NOT_SUPPORTED = 4,
	CME_PH_SIM = 5,
	CME_NO_SIM = 10,
	CME_SIM_PIN = 11,
	CME_SIM_PUK = 12,
	CME_SIM_FAILURE = 13,
	CME_BAD_PASSWORD = 16,
	CME_SIM_PIN2 = 17,
	CME_SIM_PUK2 = 18,
	CME_FULL = 20,
	CME_BAD_INDEX = 21,
	CME_NOT_FOUND = 22,
	CME_MEMORY = 23,
	CME_TEXT_LONG = 24,
	CME_TEXT_BAD = 25,
	CME_NUMBER_LONG = 26,
	CME_NUMBER_BAD = 27,
	CME_NO_SERVICE = 30,
	CME_EMERGENCY_ONLY = 32,
	CME_NOT_RESERVED = 505,
	CME_BUSY = 515,
	CME_RESET_NEEDED = 519,
	CME_LIST_ABORTED = 520,
	CME_PIN_STAYS_OLD = 521, /* until 6.41 */
	CME_PIN_STAYS = 526,
	CME_RR_BUSY = 527,
	CME_LOCATION_FAILED = 528,
	CME_PLMN_FAILED = 529,
	CME_APP_RUNNING = 532,
	CME_LOCKED = 536,
	CME_GROUP_FULL = 537,
	CME_APP_VERSION = 541,
	CME_MUX_REFUSED = 543,
	CME_MUX_TIMEOUT = 544,
	CME_MUX_RUNS = 545,
	CME_NO_OBJECTS = 548,
	CME_NUMBER_EMPTY = 549,
	CME_NO_RESIZE = 550,
	CME_NO_ABORT = 551,
	CME_OTHER_PORT = 558,
	CME_NO_CHARGE = 563,
	CME_SERVICES_STATE = 650,
};

/* a command while it runs */

struct at_arg {
	bool given, quoted;
	int num;          /* AT_INT: the number; AT_CHOICE: its position */
	const char *text; /* not zero-ended; without the quotes */
	size_t len;
};

struct at_call {
	const struct at_entry *entry;
	enum at_form form;
	struct at_arg arg[AT_ARGS];
	size_t args;      /* number of arguments on the line, including omitted ones */
	const char *rest; /* AT_F_REST: what follows the name */
	size_t rest_len;
	int step; /* the handler's own, 0 at first */
};

static inline bool at_given(const struct at_call *c, size_t i)
{
	return i < c->args && c->arg[i].given;
}

/* the tables as one firmware has them */

struct at_entry {
	const struct at_cmd *cmd;
	const struct chapter *class; /* that it locks while it runs, NULL: none */
	bool absent, after_cmee, refused;
	const char *test;
	const char *differs; /* where the firmware's difference is described, or NULL */
	const struct command_conf *conf; /* what YAML says of it, NULL: nothing */
	size_t params; /* on its lines; older firmwares may have fewer */
	const char *values[AT_PARAMS];
	int def[AT_PARAMS];                   /* of a text: 0 */
	const char *def_text[PROFILE_PARAMS]; /* of a text that is kept */
	short field[AT_PARAMS];               /* index into struct settings, 0: none */
	usec_t latency[AT_FORMS];             /* by form: exec, set, read, test */
};

/* Whether parameter i is a text that a command from YAML keeps (at/kept.h). */
static inline bool at_keeps_text(const struct at_entry *e, size_t i)
{
	return e->cmd->flags & AT_F_DATA && e->cmd->param[i].type == AT_TEXT &&
	       e->field[i];
}

struct at_set {
	size_t n;
	struct at_entry entry[]; /* sorted by name; the rows from YAML follow the last */
};
