/* What a firmware or an application says about one command: changes of a row of C, other
 * bytes in its answers, or a command that C does not have. Plain data, filled from YAML
 * by conf/command_schema.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "base/usec.h"

#define PROFILE_COMMANDS 64
#define PROFILE_PARAMS   4
#define COMMAND_LINES    8   /* of one answer */
#define COMMAND_LINE     160 /* bytes of one of them, with its zero */
#define COMMAND_RAW      400
#define COMMAND_TEXT     64 /* bytes of a kept text, with its zero */

/* Kept values of the commands of one firmware, and of one application; texts are among
 * them. */
#define COMMAND_VALUES 64
#define COMMAND_TEXTS  12

enum command_form { /* positions in command_conf.answer */
	COMMAND_EXEC,
	COMMAND_SET,
	COMMAND_READ,
	COMMAND_TEST,
	COMMAND_FORMS
};
extern const struct name command_form_names[];

/* As a set; the same bits as enum at_need. */
extern const struct name command_need_names[];

enum command_scope {            /* a set */
	COMMAND_RESTRICTED = 1, /* works without a firmware, too */
	COMMAND_BESIDE = 2,     /* runs at once while another command works */
};
extern const struct name command_scope_names[];

enum command_type { /* the same numbers as the first of enum at_type */
	COMMAND_INT,
	COMMAND_CHOICE,
	COMMAND_KEEPS_TEXT,
};
extern const struct name command_type_names[];

enum command_keeps {
	KEEPS_NOT, /* the value is checked and forgotten */
	KEEPS_RAM,
	KEEPS_SAVED,   /* AT&W */
	KEEPS_AT_ONCE, /* the command itself */
};
extern const struct name command_keeps_names[];

/* The answer to one form of a command. In lines and raw {1} to {4} stand for the
 * arguments of a set form; nothing else is expanded. */
struct answer_conf {
	char line[COMMAND_LINES][COMMAND_LINE];
	size_t lines;
	char raw[COMMAND_RAW]; /* instead of lines and result: bytes, escaped */
	char result[24]; /* "OK", "+CME ERROR: 3", "none"; "": the form is not given */
	usec_t latency;  /* 0: the usual one */
};

struct param_conf {
	char name[20];   /* as in the row */
	char values[96]; /* legal values: (0-7) or ("GSM","HEX"); "" keeps the row's */
	/* the rest is for commands that C does not have */
	enum command_type type;
	enum command_keeps kept;
	char def[48];  /* the factory value */
	bool restored; /* AT&F restores it */
	bool optional;
};

struct command_conf {
	char name[12];   /* "+WMBS", "&C" */
	char from[64];   /* where it stands: firmware/r74.yaml:31 */
	bool absent;     /* this firmware answers ERROR */
	bool after_cmee; /* ... until its client has sent AT+CMEE=1 */
	bool refused;    /* it answers CME 3, but ? and =? work */
	char test[128];  /* the whole =? answer after "+NAME: ", "" for the row's own */
	char see[128];   /* where the difference is described, "" if nowhere */
	struct param_conf param[PROFILE_PARAMS];
	size_t params;
	struct answer_conf answer[COMMAND_FORMS];
	/* the rest is for commands that C does not have */
	unsigned needs; /* command_need_names */
	unsigned open;  /* 1 << enum command_form: forms to which they do not apply */
	unsigned scope; /* enum command_scope */
	bool view;      /* AT&V shows its kept values */
};

/* Whether it declares anything that makes it a command of its own. */
bool command_declares(const struct command_conf *c);

static inline bool command_answers(const struct command_conf *c, enum command_form form)
{
	return c->answer[form].result[0] != '\0';
}
