/* What goes wrong with a modem, as data: the rules of a field bug, and those that come
 * from outside while it runs. A rule has what starts it, what must hold meanwhile, what
 * ends it, and one effect:
 *
 *              when (or at once)     after        for, until, times
 *   idle ---------------------> waits ----> active ----------------> idle again;
 *                                             |                      without when: for
 * good every time it acts: while, chance
 *
 * The places at which the modem looks here are fault_at() for what starts, ends and does
 * something once, and fault_find() for effects that last. What is done once at a place in
 * the middle of something (all but start, boot, open, close, line and command) is done as
 * soon as that is through, in the same instant; only `say` speaks at once. Bound from
 * YAML and JSON by conf/fault_conf.c, whose tables document each key. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/sched.h"

#define FAULT_RULES     24 /* of one field bug */
#define FAULT_ADDED     8  /* from outside while it runs */
#define FAULT_UNTIL     4
#define FAULT_WHILE     6
#define FAULT_COMMANDS  16
#define FAULT_TEXT      400
#define FAULT_NOISE_MAX 64

struct modem;
struct action;
struct log;
struct rand;

enum fault_place {
	FAULT_AT_ALWAYS,  /* of a rule without `when`: no place at all */
	FAULT_AT_START,   /* the emulator starts, before power comes */
	FAULT_AT_BOOT,    /* power-on or reset; text: power, reset */
	FAULT_AT_OPEN,    /* the host opens the port */
	FAULT_AT_CLOSE,   /* the host closes it */
	FAULT_AT_BYTE,    /* a byte comes; number: which */
	FAULT_AT_LINE,    /* a command line is complete and echoed, nothing is answered;
			     text: what stands behind AT */
	FAULT_AT_COMMAND, /* before a command is carried out */
	FAULT_AT_PROMPT,  /* before the prompt */
	FAULT_AT_TYPED,   /* a line end is typed at the prompt of a PDU, where none is due
			   */
	FAULT_AT_MESSAGE, /* Ctrl-Z has ended a text at the prompt, nothing is done with
			     it; text: the text, of a PDU decoded */
	FAULT_AT_INFO,    /* behind an information line */
	FAULT_AT_RESULT,  /* before the final result */
	FAULT_AT_DONE,    /* behind it; text: the result */
	FAULT_AT_ASK,     /* before a start character of XMODEM; number: which, from 1 */
	FAULT_AT_BLOCK,   /* a sound block of XMODEM has come; number: which, from 1;
			    text: its size */
	FAULT_AT_EOT,     /* the end of a file has come */
	FAULT_AT_EVENT,   /* a notice; kind and text: which */
};
extern const struct name fault_place_names[];

enum fault_effect {
	FAULT_NOTHING,
	FAULT_ACT,     /* an action */
	FAULT_SAY,     /* a line, or bytes */
	FAULT_RESET,   /* a reset */
	FAULT_ABORT,   /* the running command ends without a word */
	FAULT_ANSWER,  /* other answers to commands */
	FAULT_PROMPT,  /* the prompt comes late, or not at all */
	FAULT_MUTE,    /* nothing is said */
	FAULT_HUSH,    /* some unsolicited lines are not said */
	FAULT_GATE,    /* unsolicited lines come where none should */
	FAULT_CORRUPT, /* bytes are lost, doubled, changed */
	FAULT_PACE,    /* bytes come slowly */
	FAULT_CTS,     /* the modem takes no bytes */
	FAULT_XMODEM,  /* blocks are answered otherwise */
	FAULT_STORE,   /* the memory does not keep what it is given */
};
extern const struct name fault_effect_names[];

struct fault_pair {
	char key[40], value[48];
};

/* A time drawn anew each time it is needed, as likely from min to max. max 0: min. */
struct fault_span {
	usec_t min, max;
};

#define FAULT_NAME 16 /* of a command, with its zero */

/* What is compared is ANDed; what is empty or 0 is not looked at. */
struct fault_trigger {
	int place; /* enum fault_place */
	char command[FAULT_NAME];
	bool unknown;        /* the firmware does not have the command, on purpose */
	unsigned forms;      /* at_form set */
	char parameters[64]; /* exactly what stands behind the name and its = */
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
	FAULT_MUTE_LOST = 1, /* what is typed meanwhile is lost */
	FAULT_MUTE_LATE,     /* it is obeyed, and answered when the silence ends */
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
	FAULT_XMODEM_SILENT,  /* no answer; a block is taken all the same */
	FAULT_XMODEM_CANCEL,  /* CAN CAN */
	FAULT_XMODEM_TEXT,    /* a text, then CAN CAN, then the downloader alone */
	FAULT_XMODEM_SLOW,    /* answered late */
};
enum fault_store {
	FAULT_STORE_FAILS = 1, /* and the modem knows */
	FAULT_STORE_LOSES,     /* and it does not */
};
enum fault_gate {
	FAULT_GATE_TYPING = 1, /* within a line that is being typed */
	FAULT_GATE_ANSWER = 2, /* between information and final result */
	FAULT_GATE_PROMPT = 4, /* while a text is awaited */
};
enum fault_reset {
	FAULT_RESET_FULL = 1, /* with all that a boot says */
	FAULT_RESET_STOP,     /* and it stays down */
};

struct fault_rule {
	char name[40]; /* for messages; may be empty */
	struct fault_trigger when, until[FAULT_UNTIL];
	size_t n_until;
	struct fault_pair holds[FAULT_WHILE]; /* states that must be so when it acts */
	size_t n_holds;
	struct fault_span after; /* from the trigger to the effect */
	struct fault_span last;  /* how long it lasts; 0: until something ends it */
	struct fault_span every; /* what is done once is done again each so often */
	int times;               /* how often it acts at most; 0: always */
	bool once;               /* what it has done it never does again */
	uint64_t id;             /* of the text it was bound from; 0: it is not kept */
	int chance, out_of;      /* each time it would act */

	/* one of them is there: its first member is not empty */
	const struct action *action;
	struct {
		char text[FAULT_TEXT];
		bool raw; /* with \r \n <1A>, and no framing */
	} say;
	struct {
		int how; /* enum fault_reset */
	} reset;
	int abort;
	struct {
		char result[32]; /* OK, ERROR, +CME ERROR: 515, none, as-is, ... */
		char bytes[96];  /* exactly these instead of a result, escaped */
		char commands[FAULT_COMMANDS][FAULT_NAME];
		size_t n_commands; /* 0: all that the firmware has */
		bool unknown;      /* the firmware does not have them, on purpose */
		unsigned forms;    /* 0: all */
		char parameters[64];
		bool obeyed;             /* it is carried out all the same */
		int info;                /* enum fault_info */
		char first[96];          /* a line before all else */
		char lines[FAULT_TEXT];  /* information instead of the command's own */
		struct fault_span delay; /* of all of it; from a typed text on */
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
		char urc[48]; /* the beginning of the lines */
	} hush;
	struct {
		unsigned at; /* enum fault_gate set */
	} gate;
	struct {
		int how;                    /* enum fault_corruption */
		int direction;              /* enum fault_direction */
		char only[32];              /* these bytes, escaped; empty: any */
		char text[FAULT_NOISE_MAX]; /* noise, escaped; empty: random */
		int one_in;                 /* bytes */
		int mask;                   /* of a flip */
		int bytes;                  /* of noise */
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

/* Whether the commands that it answers are carried out. */
bool fault_obeys(const struct fault_rule *r);

/* A time from min to max. */
usec_t fault_draw(struct modem *m, const struct fault_span *s);

/* Which effect a bound rule has; FAULT_NOTHING for none or more than one. */
enum fault_effect fault_effect_of(const struct fault_rule *r);

/* What happens at a place. */
struct fault_subject {
	const char *command; /* its name, NULL: none */
	bool unknown;        /* the firmware does not have it in that form */
	bool typed;          /* its text has come: rules with `at: message` only */
	unsigned form;
	const char *parameters;
	size_t parameters_len;
	const char *text; /* NULL: none */
	int event;        /* enum notice_kind, 0: none */
	long number;
};

struct fault {
	const struct fault_rule *rule; /* NULL: a free place */
	enum fault_effect effect;
	bool waiting, active, spent;
	bool shown; /* it has made a difference since it became active */
	unsigned seen, ended[FAULT_UNTIL]; /* occurrences of its triggers */
	int acted;                         /* since it became active */
	unsigned total;                    /* in all, for reports */
	struct timer next;                 /* to become active, or to do it again */
	struct timer end;
	struct modem *home;
};

struct faults {
	struct fault fault[FAULT_RULES + FAULT_ADDED];
	size_t n;
	bool of_bug; /* there were rules from the beginning */
	struct fault_rule added[FAULT_ADDED];
	size_t newest;               /* number of the rule that was added last, 0: none */
	char why[400];               /* what is wrong with one that was not added */
	uint64_t spent[FAULT_RULES]; /* ids of rules with `once` that have acted */
	size_t n_spent;
	usec_t owed; /* by the answering rule: time to wait after the text */
	bool looks_at[FAULT_AT_EVENT + 1];  /* some rule wants to know of that place */
	const struct fault_rule *answering; /* for the running command, NULL: none */
	size_t spoken;     /* of what the port is to take: said before a rule silenced the
			      modem */
	struct timer pace; /* until the next byte may leave */
	bool settles; /* --speed max: a rule that lasts some time ends when it has acted
		       */
	/* Is told of every place that is looked at; NULL: nobody. */
	void (*pass)(
		struct modem *m, enum fault_place place, const struct fault_subject *s);
	/* Does what is done once, or what a lasting effect begins with; called within an
	 * entry of the modem, never while a command's handler runs but for `say`. False:
	 * nothing came of it. */
	bool (*perform)(struct modem *m, const struct fault_rule *r);
	/* A state by its name, NULL if there is none. */
	const char *(*look)(const struct modem *m, const char *path, char *mem);
};
