/* A scenario: a conversation with a modem in virtual time, read from YAML; also a field
 * bug, whose faults can be armed in a live modem too. tests/scenario/README.md explains
 * the keys, player.h plays the steps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "actions/action.h"
#include "base/usec.h"
#include "conf/doc.h"
#include "conf/fault_conf.h"
#include "conf/schema.h"
#include "host/play/scenario_modem.h"
#include "host/play/scenario_peer.h"
#include "host/play/scenario_ppp.h"
#include "state/profile.h"

#define SCENARIO_PROFILES 16
#define SCENARIO_STATES   8

enum line_kind {
	LINE_TYPE,  /* "> text": typed, with a CR */
	LINE_BLOCK, /* "< text": the first line of a block */
	LINE_MORE,  /* "<| text": one more line of that block */
	LINE_RAW,   /* "= bytes": exactly these */
};

struct talk_line {
	enum line_kind kind;
	struct doc_place at; /* of the text; --accept uses its line number */
	const char *text;
	bool timed;  /* "<@2s text" */
	usec_t time; /* since the host last did something */
};

enum step_kind {
	STEP_TALK,
	STEP_RAW,
	STEP_TYPE,
	STEP_SILENCE,
	STEP_WAIT,
	STEP_UNTIL,
	STEP_PORT,
	STEP_ECHO,
	STEP_STATE,
	STEP_SEND,
	STEP_STORE,
	STEP_SPEED,
	STEP_FORMAT,
	STEP_RTS,
	STEP_OUTBOX,
	STEP_SENT,
	STEP_FAR_END,
	STEP_PPP,
	STEP_PEER,
	STEP_TYPE_BYTES,
	STEP_RAW_BYTES,
	STEP_ACTION, /* any row of action.h */
	STEP_KINDS,
};

/* A file sent by XMODEM. */
struct send_conf {
	char firmware[PROFILE_NAME];    /* the firmware of the image; "" with `text` */
	char application[PROFILE_NAME]; /* the application of the image; "": none */
	int kind;                       /* enum dwl_kind */
	uint32_t size;                  /* bytes, header included */
	int bad;                        /* enum image_defect */
	char module[16];                /* another module than the firmware's own */
	char text[64];       /* not an image: a file that begins with this text */
	int block;           /* 128, 1024, or 0: both in turn */
	int check;           /* enum send_check */
	uint32_t blocks;     /* stops after so many blocks; 0: sends all */
	bool cancel;         /* ... and then cancels */
	bool refused;        /* block 1 gets no protocol answer */
	uint32_t refused_at; /* the same for this block, counted from 1; 0: no block */
	bool refused_end;    /* the EOT gets no protocol answer */
	int naks;            /* expected number of NAKs; -1: any */
	usec_t takes;        /* from block 1 to the last ACK; 0: any time */
	uint32_t damage;     /* this block is damaged once */
	uint32_t repeat;     /* this block is sent twice */
	uint32_t corrupt;    /* this block has a wrong byte, but a right check */
};

enum send_check {
	SEND_AS_ASKED, /* as the modem's start character asks */
	SEND_CHECKSUM,
	SEND_CRC,
};

/* What a step can check of the newest message in the outbox. */
extern const struct name sent_names[];

struct step {
	enum step_kind kind;
	struct doc_place at; /* of the value after the key */
	char modem_name[SCENARIO_NAME];
	size_t modem;      /* scenario_modem_at() */
	int via;           /* enum modem_port: the host's port */
	usec_t within;     /* how long an expected answer may take */
	usec_t time;       /* silence, wait */
	int baud;          /* speed */
	char format[4];    /* format */
	bool on;           /* port, echo, store, rts */
	const char *bytes; /* raw, type: as written, with escapes */
	int bytes_n;       /* raw_bytes, type_bytes */
	struct talk_line *lines;
	size_t n_lines;
	struct scenario_pair states[SCENARIO_STATES];
	size_t n_states;
	const struct doc *sent; /* a mapping by sent_names[] */
	struct send_conf send;
	struct ppp_step ppp;
	struct peer_step peer;
	struct action action;
};

struct library;

enum evidence {
	EVIDENCE_TRANSCRIPT = 1,
	EVIDENCE_SOURCE,
	EVIDENCE_MANUAL,
	EVIDENCE_DESCRIPTION,
};

/* The description of a field bug. */
struct bug_conf {
	int evidence; /* enum evidence */
	char source[800], models[240], symptom[800], cause[800], host[800], inferred[400];
};

struct scenario {
	const char *path;
	char name[160];
	char profiles[SCENARIO_PROFILES][PROFILE_NAME];
	/* the name, or the path of its file: a text with / or .yaml is a path, from the
	 * folder of this file */
	const char *profile_file[SCENARIO_PROFILES];
	struct doc_place profile_at[SCENARIO_PROFILES];
	size_t n_profiles;
	struct scenario_modem own;   /* what is said of its modem */
	struct scenario_modem *more; /* further modems, in the order of their names */
	size_t n_more;
	bool is_bug;
	struct bug_conf bug;
	struct step *steps;
	size_t n_steps;
	struct doc_pool *pool;
};

/* Reads a scenario; NULL, with all errors in e, when anything is wrong. The library has
 * the sets of profiles that it may name; NULL: there are none. */
struct scenario *scenario_load(struct library *l, const char *path, struct doc_errors *e);

/* The same from a text in memory. */
struct scenario *scenario_read(struct library *l, const char *name, const char *text,
	size_t len, struct doc_errors *e);
void scenario_free(struct scenario *s); /* NULL is allowed */

/* Whether a file is meant as a scenario or field bug: it has steps, a demo or faults. */
bool scenario_is(const char *path);

/* For `fauxtrack schema`: a step may have the keys of the language and all actions. */
const struct schema *scenario_schema(void);
