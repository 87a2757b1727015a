/* The SIM as the modem sees it: its states, PINs and counters (sim.md SIM states,
 * +CPIN, +CPIN2, +CPINC; GSM 11.11 clause 11.3). The SIM's contents are in struct
 * sim_conf. */
#pragma once

#include <stdbool.h>

#include "base/fsm.h"
#include "gsm/contact.h"
#include "gsm/sim_lock.h"
#include "state/profile.h"

enum sim_state {
	SIM_OFF,      /* no power */
	SIM_ABSENT,   /* no SIM */
	SIM_CHECKING, /* the session is being set up */
	SIM_PIN,      /* waits for its PIN */
	SIM_PUK,      /* three wrong PINs */
	SIM_LOCKED,   /* a lock of the modem refuses this SIM */
	SIM_LOADING,  /* unlocked, files being read */
	SIM_READY,
	SIM_BLOCKED, /* ten wrong PUKs */
	SIM_FAILED,  /* it no longer answers, and its removal was not detected */
};

enum sim_verdict {
	SIM_GOOD,
	SIM_WRONG,   /* the number of tries has dropped */
	SIM_NOT_NOW, /* nothing is required, or that secret is blocked */
	SIM_STAYS,   /* the SIM does not allow its PIN to be disabled */
};

/* A secret with its unblocking key; lengths as in GSM 11.11. */
struct sim_secret {
	char pin[9], puk[9];
	int pin_tries, puk_tries;
};

#define SIM_LANGUAGES 4

/* By number; the names are the spelling in the SIM's record. */
extern const struct name sim_languages[];

/* The number of the language spelt so, 255 if there is none. */
int sim_language(const char *code);

/* The lines of a CPHS SIM, line 1 first. */
struct cphs {
	bool voice_mail[CPHS_LINES], diverted[CPHS_LINES];
	struct contact *mailbox; /* CPHS_LINES; type 0: none */
};

struct sim {
	const struct sim_conf *card;
	/* of the card, but its own in each unit */
	const char *imsi, *iccid;
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
	bool dead;       /* has lost contact: until a reset, or another SIM */
	bool pin2_good;  /* entered in this session */
	bool pin2_asked; /* a command has failed because it was missing: +CPIN accepts it
			  */
	bool pin2_told;  /* +CPIN? has reported that, once */
	bool pin_again; /* +CLCK or +CPWD got a wrong PIN1: +CPIN accepts the right one */
	bool rack_closed;
	bool rack_ignored; /* the switch of the drawer is ignored */
};

#define SIM_PIN_TRIES 3
#define SIM_PUK_TRIES 10

/* A SIM as in the profile; without power. The caller may then set its numbers. mailbox:
 * memory for CPHS_LINES contacts, all zero. */
void sim_init(struct sim *s, const struct sim_conf *card, struct contact *mailbox,
	const struct log *l);

/* A SIM is inserted (with power: SIM_CHECKING) or removed; likewise the drawer. */
void sim_insert(struct sim *s, bool in);
void sim_rack(struct sim *s, bool closed);
enum sim_state sim_state(const struct sim *s);
extern const struct fsm_state sim_states[]; /* ends with a NULL name */
const char *sim_state_name(const struct sim *s);

/* A reset: a SIM that had lost contact is detected again. */
void sim_reset(struct sim *s);

/* Power: a SIM is found (SIM_CHECKING) or not (SIM_ABSENT); forgets what was entered. */
void sim_power(struct sim *s, bool on);

/* A SIM is inserted, and the modem uses it. */
bool sim_there(const struct sim *s);

/* The session is set up: requires a PIN, or starts loading. */
void sim_checked(struct sim *s);

/* Its contact was lost for a moment: it fails until it gets power again, or another SIM
 * is inserted. False when there is no SIM with a session. */
bool sim_fail(struct sim *s);

/* The first lock of the modem that refuses the SIM, LOCKS if none does. */
enum sim_lock_id sim_refused(const struct sim *s);

/* All files have been read. */
void sim_loaded(struct sim *s);

bool sim_present(
	const struct sim *s); /* a SIM with a session, whatever the state of its PIN */
bool sim_open(const struct sim *s);  /* no PIN required */
bool sim_ready(const struct sim *s); /* unlocked, and its files are loaded */

/* A command needs PIN2 (+CME ERROR: 17). */
void sim_want_pin2(struct sim *s);

/* Whether +CPIN? must ask for PIN2: true once after sim_want_pin2(). */
bool sim_asks_pin2(struct sim *s);

/* +CPIN=<pin>: verifies the secret that is required. */
enum sim_verdict sim_enter_pin(struct sim *s, const char *pin);

/* +CPIN=<puk>,<new>: unblocks. */
enum sim_verdict sim_enter_puk(struct sim *s, const char *puk, const char *new_pin);

/* +CPIN2: the same for PIN2. */
enum sim_verdict sim_enter_pin2(struct sim *s, const char *pin2);

/* PIN2 in the line of a command that needs it, entered before or not. */
enum sim_verdict sim_verify_pin2(struct sim *s, const char *pin2);
enum sim_verdict sim_enter_puk2(struct sim *s, const char *puk2, const char *new_pin2);

/* +CLCK "SC" and +CPWD "SC": PIN1 on, off, changed; a wrong one costs a try, the third
 * leads to SIM_PUK. */
enum sim_verdict sim_switch_pin(struct sim *s, bool on, const char *pin);
enum sim_verdict sim_change_pin(struct sim *s, const char *pin, const char *new_pin);

/* +CLCK "FD" and +CPWD "P2". pin2 may be NULL where it was entered before. */
enum sim_verdict sim_switch_fixed_dialling(struct sim *s, bool on, const char *pin2);
enum sim_verdict sim_change_pin2(struct sim *s, const char *pin2, const char *new_pin2);

/* The key of the lock that refuses the SIM: removes the lock and unlocks the SIM. */
enum sim_verdict sim_enter_key(struct sim *s, const char *key);
