/* What goes wrong with a modem, as data: the rules of a field bug, and those that come
 * from outside while it runs. A rule has a start, conditions, an end, and one effect:
 *
 *         when (or at once)     after        for, until, times
 *   idle --------------------> waits ----> active -------------> idle again
 *                                            |                   (over, without `when`)
 *                                            +- each time it acts: while, chance
 *
 * The modem calls fault_at() where rules may start, end or act once, and fault_find() for
 * effects that last. At a place in the middle of other work (all but start, boot, open,
 * close, line and command) a single action waits until that work is done, in the same
 * instant; only `say` acts at once. Bound from YAML and JSON by conf/fault_conf.c, whose
 * tables document each key. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/sched.h"
#include "state/ports.h"

#define FAULT_RULES     64 /* in one field bug */
#define FAULT_ADDED     8  /* added from outside while the modem runs */
#define FAULT_UNTIL     4
#define FAULT_WHILE     6
#define FAULT_COMMANDS  16
#define FAULT_TEXT      1200
#define FAULT_NOISE_MAX 64
#define FAULT_RUN_MAX   3 /* bytes that come twice together */
#define FAULT_WHY       400

struct modem;
struct channel;
struct action;
struct log;
struct rand;

enum fault_place {
	FAULT_AT_ALWAYS, /* for a rule without `when`: no place at all */
	FAULT_AT_START,  /* the emulator starts, before power comes */
	FAULT_AT_BOOT,   /* power-on or reset; text: power, reset */
	FAULT_AT_OPEN,   /* the host opens the port */
	FAULT_AT_CLOSE,  /* the host closes it */
	FAULT_AT_BYTE,   /* a byte comes; number: which */
	FAULT_AT_LINE,   /* a command line is complete and echoed, not yet answered; text:
			    what follows AT */
	FAULT_AT_COMMAND, /* before a command is carried out */
	FAULT_AT_PROMPT,  /* before the prompt */
	FAULT_AT_TYPED,   /* a line end is typed at the prompt for a PDU, where none is
			     expected */
	FAULT_AT_MESSAGE, /* Ctrl-Z has ended a text at the prompt, not yet processed;
			     text: the text, decoded for a PDU */
	FAULT_AT_INFO,    /* after an information line */
	FAULT_AT_RESULT,  /* before the final result */
	FAULT_AT_DONE,    /* after it; text: the result */
	FAULT_AT_ASK, /* before a start character of XMODEM; number: which one, from 1 */
	FAULT_AT_BLOCK,  /* a sound block of XMODEM has come; number: which one, from 1;
			   text: its size */
	FAULT_AT_EOT,    /* the end of a file has come */
	FAULT_AT_PACKET, /* an IP packet of the host comes by PPP; text: idle if none has
			    passed for two minutes, else busy */
	FAULT_AT_EVENT,  /* a notice; its kind and text */
};
extern const struct name fault_place_names[];

enum fault_effect {
	FAULT_NOTHING,
	FAULT_ACT,     /* an action */
	FAULT_SAY,     /* a line, or bytes */
	FAULT_RESET,   /* a reset */
	FAULT_ABORT,   /* the running command ends without a result */
	FAULT_ANSWER,  /* other answers to commands */
	FAULT_PROMPT,  /* the prompt comes late, or not at all */
	FAULT_MUTE,    /* the modem sends nothing */
	FAULT_HUSH,    /* some unsolicited lines are suppressed */
	FAULT_GATE,    /* unsolicited lines come at the wrong moment */
	FAULT_CORRUPT, /* bytes are lost, doubled, changed */
	FAULT_PACE,    /* bytes come slowly */
	FAULT_CTS,     /* the modem takes no bytes */
	FAULT_XMODEM,  /* blocks are answered differently */
	FAULT_STORE,   /* the memory does not keep what is written */
};
extern const struct name fault_effect_names[];

struct fault_pair {
	char key[40], value[48];
};

/* A time drawn anew each time it is needed, evenly from min to max. max 0: always min. */
struct fault_span {
	usec_t min, max;
};

#define FAULT_NAME 16 /* of a command, with its zero */

/* All conditions must match; an empty one or 0 is not checked. */
struct fault_trigger {
	int place; /* enum fault_place */
	char command[FAULT_NAME];
	bool unknown;        /* the firmware deliberately lacks the command */
	unsigned forms;      /* at_form set */
	char parameters[64]; /* exactly what follows the name and its = */
	char text[96];
	int event;  /* enum notice_kind */
	int number; /* byte, block, start character */
	int nth;    /* only this occurrence, from 1 */
	int from;   /* this one and all after it */
	int chance, out_of;
};

enum fault_direction {
	FAULT_TO_HOST = 1,
	FAULT_TO_MODEM,
	FAULT_BOTH,
};
enum fault_mute {
	FAULT_MUTE_LOST = 1, /* what is typed in the meantime is lost */
	FAULT_MUTE_LATE,     /* it is obeyed; the answers come when the silence ends */
};
enum fault_corruption {
	FAULT_DROP = 1,
	FAULT_DOUBLE,
	FAULT_FLIP,
	FAULT_NOISE, /* random bytes before it */
};
enum fault_prompt {
	FAULT_PROMPT_LATE = 1,
	FAULT_PROMPT_NEVER,
};
enum fault_info {
	FAULT_INFO_KEEP,
	FAULT_INFO_DROP,
};
enum fault_xmodem {
	FAULT_XMODEM_NAK = 1, /* refused as if its check were wrong */
	FAULT_XMODEM_SILENT,  /* no answer; the block is still taken */
	FAULT_XMODEM_CANCEL,  /* CAN CAN */
	FAULT_XMODEM_TEXT,    /* a text, then CAN CAN, then only the downloader is left */
	FAULT_XMODEM_SLOW,    /* answered late */
};
enum fault_store {
	FAULT_STORE_FAILS = 1, /* the modem notices */
	FAULT_STORE_LOSES,     /* the modem does not notice */
};
enum fault_gate {
	FAULT_GATE_TYPING = 1, /* within a line being typed */
	FAULT_GATE_ANSWER = 2, /* between information and final result */
	FAULT_GATE_PROMPT = 4, /* while the prompt waits for a text */
};
enum fault_reset {
	FAULT_RESET_FULL = 1, /* with the full output of a boot */
	FAULT_RESET_STOP,     /* it does not start again */
};

struct fault_rule {
	char name[40]; /* for messages; may be empty */
	struct fault_trigger when, until[FAULT_UNTIL];
	size_t n_until;
	struct fault_pair holds[FAULT_WHILE]; /* states that must hold when it acts */
	size_t n_holds;
	struct fault_span after; /* delay from the trigger to the effect */
	struct fault_span last;  /* how long it lasts; 0: until something ends it */
	struct fault_span every; /* interval at which a single action is repeated */
	int times;               /* how often it acts at most; 0: no limit */
	bool once;               /* it acts once and never again */
	uint64_t id;             /* hash of the text it was bound from; 0: not recorded */
	int chance, out_of;      /* probability each time it would act */
	int ports[MODEM_NAMED];  /* only where these ports are concerned; none: all */
	size_t n_ports;

	/* exactly one of these is set: its first member is not empty */
	const struct action *action;
	struct {
		char text[FAULT_TEXT];
		bool raw; /* with \r \n <1A>, and without framing */
	} say;
	struct {
		int how; /* enum fault_reset */
	} reset;
	int abort;
	struct {
		char result[32]; /* OK, ERROR, +CME ERROR: 515, none, as-is, ... */
		char bytes[96];  /* exactly these bytes instead of a result, escaped */
		char commands[FAULT_COMMANDS][FAULT_NAME];
		size_t n_commands; /* 0: all commands of the firmware */
		bool unknown;      /* the firmware deliberately lacks them */
		unsigned forms;    /* 0: all */
		char parameters[64];
		bool obeyed;             /* it is still carried out */
		int info;                /* enum fault_info */
		char first[96];          /* a line before any other output */
		char lines[FAULT_TEXT];  /* information that replaces the command's own */
		struct fault_span delay; /* of the whole answer; counted from the text if
					    there is a prompt */
		struct fault_span result_delay; /* of the final result alone */
	} answer;
	struct {
		int how; /* enum fault_prompt */
		struct fault_span delay;
	} prompt;
	struct {
		int how; /* enum fault_mute */
	} mute;
	struct {
		char urc[48]; /* prefix of the lines */
	} hush;
	struct {
		unsigned at; /* enum fault_gate set */
	} gate;
	struct {
		int how;                    /* enum fault_corruption */
		int direction;              /* enum fault_direction */
		char only[32];              /* only these bytes, escaped; empty: any */
		char text[FAULT_NOISE_MAX]; /* noise, escaped; empty: random */
		int one_in;                 /* probability per byte: 1 in this many */
		int mask;                   /* bits to flip */
		int bytes;                  /* number of noise bytes */
		int run; /* double: so many bytes at most come twice, one after the other */
	} corrupt;
	struct {
		usec_t byte;
	} pace;
	int cts;
	struct {
		int how; /* enum fault_xmodem */
		char text[96];
		struct fault_span delay;
	} xmodem;
	struct {
		int how; /* enum fault_store */
	} store;
};

/* Whether the commands that it answers are still carried out. */
bool fault_obeys(const struct fault_rule *r);

/* A time from min to max. */
usec_t fault_draw(struct modem *m, const struct fault_span *s);

/* The effect of a bound rule; FAULT_NOTHING for none or more than one. */
enum fault_effect fault_effect_of(const struct fault_rule *r);

/* What happens at a place. */
struct fault_subject {
	struct channel *on;  /* NULL: no channel, or all of them */
	const char *command; /* its name, NULL: none */
	bool unknown;        /* the firmware does not have it in that form */
	bool typed;          /* its text has come: only rules with `at: message` */
	unsigned form;
	const char *parameters;
	size_t parameters_len;
	const char *text; /* NULL: none */
	int event;        /* enum notice_kind, 0: none */
	long number;
};

struct fault {
	const struct fault_rule *rule; /* NULL: a free slot */
	enum fault_effect effect;
	bool waiting, active, spent;
	bool shown; /* it has made a difference since it became active */
	unsigned seen, ended[FAULT_UNTIL]; /* occurrences of its triggers */
	int acted;                         /* since it became active */
	unsigned total;                    /* in all, for reports */
	struct timer next;                 /* until it becomes active, or acts again */
	struct timer end;
	struct channel *on; /* where it was triggered, NULL: everywhere */
	struct modem *home;
};

/* What rules take. It is written only where there are any. */
struct fault_memory {
	struct fault fault[FAULT_RULES + FAULT_ADDED];
	struct fault_rule added[FAULT_ADDED];
	char why[FAULT_WHY];
	uint64_t spent[FAULT_RULES];
};

struct faults {
	/* asked for each byte and command: without a rule nothing else is read */
	size_t n;
	unsigned effects;                  /* set of those of active rules: 1 << effect */
	bool looks_at[FAULT_AT_EVENT + 1]; /* some rule needs to know of that place */
	bool of_bug;                       /* there were rules at the start */
	bool settles; /* --speed max: a rule with a duration ends once it has acted */
	struct fault *fault;      /* FAULT_RULES + FAULT_ADDED */
	struct fault_rule *added; /* FAULT_ADDED */
	size_t newest;            /* number of the rule added last, 0: none */
	char *why;                /* FAULT_WHY bytes: why a rule was not added */
	uint64_t *spent; /* ids of rules with `once` that have acted: FAULT_RULES */
	size_t n_spent;
	/* Called for every place that is checked; may be NULL. */
	void (*pass)(
		struct modem *m, enum fault_place place, const struct fault_subject *s);
	/* Carries out a single action, or the start of a lasting effect; called within an
	 * entry of the modem and never while a command's handler runs, except for `say`.
	 * on: where it was triggered; NULL: everywhere. False: it had no effect. */
	bool (*perform)(struct modem *m, struct channel *on, const struct fault_rule *r);
	/* A state by its name, NULL if there is none. */
	const char *(*look)(const struct modem *m, const char *path, char *mem);
};

/* Whether a rule with this effect is active; its other conditions are not checked. */
static inline bool faults_have(const struct faults *a, enum fault_effect effect)
{
	return a->effects >> effect & 1;
}
