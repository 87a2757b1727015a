/* Who can be called, and what happens then: the part of a profile that calls need. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "base/usec.h"

#define PROFILE_SUBSCRIBERS 24
#define PROFILE_NUMBERS     16
#define PROFILE_FAR         400 /* bytes of a far end as text, with its zero */

enum call_bearer {
	BEARER_VOICE,
	BEARER_DATA,
	BEARER_FAX,
};

/* What a subscriber does when the modem calls. */
enum subscriber_behaviour {
	SUBSCRIBER_ANSWERS,
	SUBSCRIBER_BUSY,
	SUBSCRIBER_NO_ANSWER,
	SUBSCRIBER_REJECTS,
	SUBSCRIBER_SWITCHED_OFF,
	SUBSCRIBER_UNOBTAINABLE,
	SUBSCRIBER_BARRED,
};
extern const struct name subscriber_names[];

/* The kind of an incoming call; with UNSAID the modem chooses (+CSNS). */
enum caller_bearer {
	CALLER_USUAL, /* data if the caller has a modem, else voice */
	CALLER_VOICE,
	CALLER_DATA,
	CALLER_FAX,
	CALLER_UNSAID,
};
extern const struct name caller_names[];

/* How an incoming call has reached the modem (22.082, 22.072). */
enum call_detour {
	DETOUR_NONE,
	DETOUR_FORWARDED,
	DETOUR_DEFLECTED,
};
extern const struct name detour_names[];

/* What stands at the far end of a data call. */
enum far_kind {
	FAR_ACTION, /* the row itself, and what actions send */
	FAR_ECHO,   /* sends back what comes */
	/* outside of the modem: reached through struct far_ports */
	FAR_FILE, /* sends the content of a file */
	FAR_TCP,  /* a connection */
};

struct far_conf {
	char text[PROFILE_FAR]; /* "echo", "tcp:127.0.0.1:4000"; "": an action */
	enum far_kind kind;     /* what the text says */
};

#define TALK_ROWS  8
#define TALK_HEARS 48
#define TALK_SAYS  160

/* What a far end answers; both texts with the escapes \r, \n and <1A>. */
struct talk_row {
	char hears[TALK_HEARS]; /* when these bytes have come */
	char says[TALK_SAYS];
	usec_t after;
	bool hangs_up; /* ... after that */
};

#define GROUP_NONE      (-1) /* no closed user group (22.085) */
#define GROUP_MAX       9
#define GROUP_PREFERRED 10 /* a caller that leaves the choice to the network */

struct subscriber {
	char number[48]; /* as dialled */
	enum subscriber_behaviour behaviour;
	usec_t alert_after;   /* from dialling until it rings or fails */
	usec_t answer_after;  /* from then until it is answered or rejected */
	usec_t hang_up_after; /* from the answer, 0: never */
	bool data;            /* has a data modem */
	bool no_modem;        /* takes data calls, but no modem answers */
	bool echo;            /* data: sends back what comes, as far.kind FAR_ECHO */
	struct far_conf far;  /* data: what stands there */
	char send[160];       /* data: sent first, with \r and \n */
	struct talk_row talk[TALK_ROWS]; /* data: what it answers then */
	size_t n_talk;
	usec_t calls_back; /* from the end of a call until it calls back, 0: never */
	usec_t rings_for;  /* how long it then lets it ring, 0: without limit */
	bool withheld;     /* calls with its number withheld */
	enum caller_bearer calls_as;
	enum call_detour calls_by;
	char forwards_to[48]; /* number to which its calls are forwarded, "" if not */
	bool deflects;        /* ... by hand */
	bool in_call;         /* busy: a call waits there until it is answered */
	int group;            /* closed user group, GROUP_NONE if none */
	usec_t holds_after;   /* from the answer until it holds the call, 0: never */
	usec_t holds_for;     /* until it resumes the call, 0: never */
	bool conference;      /* ... and joins it with another call */
};

struct calls_conf {
	struct subscriber subscribers[PROFILE_SUBSCRIBERS];
	size_t n_subscribers;
	struct subscriber numbers[PROFILE_NUMBERS]; /* come before subscribers */
	size_t n_numbers;
	struct subscriber
		others; /* numbers without an entry of their own; its number is unused */
	usec_t no_answer;     /* how long the network lets a call ring */
	usec_t training;      /* of two data modems */
	usec_t training_v110; /* the same at a +CBST speed of V.110 */
	bool no_data;         /* data and fax are not subscribed: cause 50 */
};
