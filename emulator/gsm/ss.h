/* What the network keeps for the subscriber: call forwarding, barring with its password,
 * call waiting (22.030, 27.007 clauses 7.4, 7.11, 7.12). All answers are at once: what a
 * request takes is the caller's latency. Knows no AT text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "state/profile.h"

/* Services by class, as bits of 27.007 <class>. */
enum ss_class {
	SS_VOICE = 1,
	SS_DATA = 2,
	SS_FAX = 4,
	SS_SMS = 8,
	SS_ALL = SS_VOICE | SS_DATA | SS_FAX,
};
#define SS_CLASSES 4 /* single bits: 1 << 0 to 1 << 3 */

enum ss_reason { /* <reason> of +CCFC */
	SS_UNCONDITIONAL,
	SS_BUSY,
	SS_NO_REPLY,
	SS_NOT_REACHABLE,
	SS_REASONS,
	SS_REASON_ALL = SS_REASONS,
	SS_REASON_CONDITIONAL,
};

enum ss_barring {
	SS_AO, /* all outgoing */
	SS_OI, /* outgoing international */
	SS_OX, /* outgoing international, but home */
	SS_AI, /* all incoming */
	SS_IR, /* incoming when roaming */
	SS_BARRINGS,
	SS_AG = SS_BARRINGS, /* all outgoing ones */
	SS_AC,               /* all incoming ones */
	SS_AB,               /* all */
};

enum ss_verdict {
	SS_GOOD,
	SS_PASSWORD,    /* wrong, or blocked by wrong ones */
	SS_NOT_ALLOWED, /* nothing is registered, or it makes no sense */
};

#define SS_NUMBER_MAX 24
#define SS_TRIES      3 /* of the barring password */

struct ss_forward {
	bool active;
	char number[SS_NUMBER_MAX + 1]; /* "" not registered */
	int type;                       /* 129, 145 */
	int time;                       /* seconds, of SS_NO_REPLY */
};

struct ss {
	struct ss_forward forward[SS_REASONS][SS_CLASSES];
	unsigned barred[SS_BARRINGS]; /* ss_class sets */
	unsigned waiting;             /* ss_class set */
	char password[5];
	int tries; /* of the password, left */
};

/* As the profile has the subscription: nothing active but call waiting. */
void ss_init(struct ss *s, const struct services_conf *conf);

/* What a <class> of a command means: combinations count as all (services.md +CCFC). */
unsigned ss_classes(int class);

/* ---- forwarding: reason may be SS_REASON_ALL or _CONDITIONAL ----------------------- */

/* Registers and activates. time 0 keeps 20 s. */
enum ss_verdict ss_register(struct ss *s, int reason, unsigned classes,
	const char *number, int type, int time);
enum ss_verdict ss_activate(struct ss *s, int reason, unsigned classes);
enum ss_verdict ss_deactivate(struct ss *s, int reason, unsigned classes);
enum ss_verdict ss_erase(struct ss *s, int reason, unsigned classes);

/* The forwarding in force for a class (one bit), NULL if there is none. */
const struct ss_forward *ss_forward(
	const struct ss *s, enum ss_reason reason, enum ss_class class);

/* ---- barring ----------------------------------------------------------------------- */

enum ss_verdict ss_bar(
	struct ss *s, int barring, bool on, unsigned classes, const char *password);
enum ss_verdict ss_password(struct ss *s, const char *old, const char *new_password);

/* The classes of a single barring. */
unsigned ss_barring(const struct ss *s, enum ss_barring b);

/* Whether a call of that class is barred: an outgoing one to that number (with + or 00
 * in front if international; `home` is the country's code without +), an incoming one. */
bool ss_bars_outgoing(
	const struct ss *s, enum ss_class class, const char *number, const char *home);
bool ss_bars_incoming(const struct ss *s, enum ss_class class, bool roaming);

/* ---- waiting ----------------------------------------------------------------------- */

void ss_wait(struct ss *s, bool on, unsigned classes);
bool ss_waits(const struct ss *s, enum ss_class class);
