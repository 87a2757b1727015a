/* The SIM as the modem sees it: its states, PINs and counters (sim.md SIM states, +CPIN,
 * +CPIN2, +CPINC; GSM 11.11 clause 11.3). What is on the card is in struct sim_conf. */
#pragma once

#include <stdbool.h>

#include "base/fsm.h"
#include "gsm/contact.h"
#include "gsm/sim_lock.h"
#include "state/profile.h"

enum sim_state {
	SIM_OFF,      /* no power */
	SIM_ABSENT,   /* no card */
	SIM_CHECKING, /* the session is being set up */
	SIM_PIN,      /* waits for its PIN */
	SIM_PUK,      /* three wrong PINs */
	SIM_LOCKED,   /* a lock of the modem refuses this card */
	SIM_LOADING,  /* open, files being read */
	SIM_READY,
	SIM_BLOCKED, /* ten wrong PUKs */
	SIM_FAILED,  /* it no longer answers, and nobody has seen it go */
};

enum sim_verdict {
	SIM_GOOD,
	SIM_WRONG,   /* a try is gone */
	SIM_NOT_NOW, /* nothing is asked for, or that secret is blocked */
	SIM_STAYS,   /* the card forbids to switch its PIN off */
};

/* A secret with its unblocking key; lengths as GSM 11.11 has them. */
struct sim_secret {
	char pin[9], puk[9];
	int pin_tries, puk_tries;
};

#define SIM_LANGUAGES 4

/* By number; the names are how the record of the card spells them. */
extern const struct name sim_languages[];

/* The number of one so spelled, 255 for none. */
int sim_language(const char *code);

/* What a CPHS card knows of its lines, line 1 first. */
struct cphs {
	bool voice_mail[CPHS_LINES], diverted[CPHS_LINES];
	struct contact mailbox[CPHS_LINES]; /* type 0: none */
};

struct sim {
	const struct sim_conf *card;
	const struct log *log;
	struct fsm fsm;
	struct sim_secret chv1, chv2;
	bool pin_enabled;
	char preferred[PROFILE_PREFERRED][8]; /* EF-PLMNsel, "" where free */
	int preferred_max;
	char language[SIM_LANGUAGES][3]; /* EF-LP, "" where free */
	struct cphs cphs;
	bool fixed_dialling;    /* the FD lock */
	struct sim_locks locks; /* of the modem */
	bool inserted;
	bool dead;       /* has lost contact: until a reset, or another card */
	bool pin2_good;  /* entered in this session */
	bool pin2_asked; /* a command has failed for the want of it: +CPIN takes it */
	bool pin2_told;  /* +CPIN? has said so, once */
	bool pin_again;  /* a wrong PIN1 was given to +CLCK or +CPWD: +CPIN takes it */
	bool rack_closed;
	bool rack_ignored; /* the switch of the drawer does not count */
};

#define SIM_PIN_TRIES 3
#define SIM_PUK_TRIES 10

/* A card as it comes from the profile; without power. */
void sim_init(struct sim *s, const struct sim_conf *card, const struct log *l);

/* A card is put in (with power: SIM_CHECKING) or taken out; the drawer likewise. */
void sim_insert(struct sim *s, bool in);
void sim_rack(struct sim *s, bool closed);
enum sim_state sim_state(const struct sim *s);
extern const struct fsm_state sim_states[]; /* ends with a NULL name */
const char *sim_state_name(const struct sim *s);

/* A reset: a card that had lost contact is looked at anew. */
void sim_reset(struct sim *s);

/* Power: a card is found (SIM_CHECKING) or not (SIM_ABSENT); forgets what was entered. */
void sim_power(struct sim *s, bool on);

/* A card is in, and the modem looks at it. */
bool sim_there(const struct sim *s);

/* The session is set up: asks for a PIN, or begins to load. */
void sim_checked(struct sim *s);

/* Its contact was lost for a moment: it fails until power or a card comes anew. False
 * when there is no card with a session. */
bool sim_fail(struct sim *s);

/* All files are read. */
void sim_loaded(struct sim *s);

bool sim_present(const struct sim *s); /* a card with a session, whatever its PIN */
bool sim_open(const struct sim *s);    /* no PIN in the way */
bool sim_ready(const struct sim *s);   /* open, and its files are loaded */

/* A command wants PIN2 (+CME ERROR: 17). */
void sim_want_pin2(struct sim *s);

/* Whether +CPIN? has to ask for PIN2: true once after sim_want_pin2(). */
bool sim_asks_pin2(struct sim *s);

/* +CPIN=<pin>: verifies what is asked for. */
enum sim_verdict sim_enter_pin(struct sim *s, const char *pin);

/* +CPIN=<puk>,<new>: unblocks. */
enum sim_verdict sim_enter_puk(struct sim *s, const char *puk, const char *new_pin);

/* +CPIN2: the same for the second secret. */
enum sim_verdict sim_enter_pin2(struct sim *s, const char *pin2);

/* PIN2 on the line of a command that wants it, entered before or not. */
enum sim_verdict sim_verify_pin2(struct sim *s, const char *pin2);
enum sim_verdict sim_enter_puk2(struct sim *s, const char *puk2, const char *new_pin2);

/* +CLCK "SC" and +CPWD "SC": PIN1 on, off, another; a wrong one costs a try, the third
 * leaves SIM_PUK. */
enum sim_verdict sim_switch_pin(struct sim *s, bool on, const char *pin);
enum sim_verdict sim_change_pin(struct sim *s, const char *pin, const char *new_pin);

/* +CLCK "FD" and +CPWD "P2". pin2 may be NULL where it was entered before. */
enum sim_verdict sim_switch_fixed_dialling(struct sim *s, bool on, const char *pin2);
enum sim_verdict sim_change_pin2(struct sim *s, const char *pin2, const char *new_pin2);

/* The key of the lock that refuses the card: it goes, and the card is open. */
enum sim_verdict sim_enter_key(struct sim *s, const char *key);
