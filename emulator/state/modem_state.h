/* struct modem: everything a modem knows, split by how long it lives. The parts have
 * their own headers, and functions that take them. */
#pragma once

#include <stddef.h>

#include "base/log.h"
#include "base/rand.h"
#include "base/sched.h"
#include "codec/charset.h"
#include "gsm/air.h"
#include "gsm/call.h"
#include "gsm/charge.h"
#include "gsm/clock.h"
#include "gsm/gpio.h"
#include "gsm/gprs.h"
#include "gsm/net.h"
#include "gsm/packets.h"
#include "gsm/phonebook.h"
#include "gsm/power.h"
#include "gsm/sim.h"
#include "gsm/sim_file.h"
#include "gsm/sms.h"
#include "gsm/smsc.h"
#include "gsm/ss.h"
#include "gsm/toolkit.h"
#include "gsm/ussd.h"
#include "state/channel.h"
#include "state/fault.h"
#include "state/flash.h"
#include "state/ports.h"
#include "state/profile.h"
#include "state/session.h"
#include "state/settings.h"
#include "state/sms_state.h"
#include "state/sweep.h"
#include "state/taps.h"
#include "state/tell.h"
#include "state/unit_numbers.h"
#include "state/wip_state.h"

#define OPERATORS_ADDED 10 /* network.md +WOLM */

struct chapter;
struct mux;
struct mux_user;

/* The unit this memory belongs to, as its records say; "": no record, a new unit. */
struct unit_id {
	char device[PROFILE_NAME], profile[PROFILE_NAME];
	char imei[16], serial[16];
};

#define KEPT_VALUES 96
#define KEPT_TEXTS  96

/* What commands from YAML keep: see at/kept.h. */
struct kept_memory {
	struct kept_value {
		char key[48];
		char value[COMMAND_TEXT + 1]; /* a number, or a text after a quote */
	} value[KEPT_VALUES];
	char text[KEPT_TEXTS][COMMAND_TEXT];
};

/* What only a used modem needs. It is zero at the start and written only where there is
 * something: see README.md. */
struct cold {
	struct sms_memory sms;
	struct smsc_memory smsc;
	struct fault_memory faults;
	struct call calls[CALLS];
	struct gprs_context contexts[GPRS_CONTEXTS];
	struct packets_memory packets;
	struct operator_name added[OPERATORS_ADDED];
	struct contact mailboxes[CPHS_LINES];
	char far_end[MODEM_FAR_KEPT];
	struct wip_memory wip;
	struct kept_memory kept;
	struct toolkit_memory toolkit;
};

struct modem {
	/* given when the modem is made */
	const struct profile *profile;
	struct unit_numbers numbers; /* not those of the profile, which units share */
	const struct chapter *const *chapters;
	const struct taps *taps;
	const struct mux_user *mux_user;
	struct ports ports;
	struct nv_ops memory; /* those of ports, with fault rules applied */
	struct log log;
	struct sched sched;
	struct rand rand;

	/* survives power-off, in records: see state/nv.h */
	struct unit_id unit;
	struct flash flash;
	struct settings user; /* stored by AT&W and by commands that store at once */
	struct {
		unsigned n;         /* kept_memory.value */
		unsigned next_text; /* the newest of kept_memory.text, from 1 */
		/* the sets whose values `user` has: the firmware's, the application's */
		const struct at_set *of[2];
	} kept;
	struct {
		enum net_mode mode; /* AT+COPS */
		char plmn[8];
	} selection;
	struct {
		int mode;      /* AT+WOPEN */
		int ad_size;   /* KB */
		int formatted; /* size for which the A&D volume was formatted */
		int safe_boot, key1, key2;
	} open_at;
	struct books books;
	struct {
		char number[CALL_NUMBER]; /* the number that ATDL dials */
		bool voice;
	} dialled;
	struct clock clock;
	struct { /* contents of the newest clock record */
		int64_t offset, alarm[CLOCK_ALARMS];
		int64_t at; /* the clock's time then */
		int zone;
	} clock_kept;
	uint32_t unsaved; /* records that are to be written, by their number in nv.c */
	bool plain;       /* some are old, without a checksum */
	struct charge charge;         /* on the SIM, and the meter of a call */
	struct ss ss;                 /* kept by the network */
	struct gprs gprs;             /* definitions; the rest is not kept */
	struct charset_custom custom; /* AT+WCCS */
	struct gpio gpio;             /* reservations; levels are not kept */
	struct sim sim;
	struct {
		int on, type;
		char number[CONTACT_NUMBER + 1];
	} voice_mail;                 /* +CSVM */
	struct operator_name *added;  /* +WOLM: OPERATORS_ADDED */
	struct sms sms;               /* except BM */
	struct sms_params sms_params; /* saved by AT+CSAS */
	char cbmi[SMS_LIST];          /* EF-CBMI: AT+WCBM */

	/* the world: no reset affects it */
	struct air air;
	bool garbles;  /* bytes at another speed become garbage */
	bool paces;    /* bytes take time on the line */
	bool boot_pin; /* the boot pin is low */
	uint32_t keys; /* set of keypad keys held down */
	int adc[3];    /* mV at the converters, in the order of struct device */
	struct smsc smsc;
	struct far_end {
		char *newest;      /* a ring: byte i at i % MODEM_FAR_KEPT */
		uint64_t received; /* total in the last data call */
	} far_end;
	struct packets packets; /* on their way to and from PPP */
	struct sockets sockets; /* of WIPsoft */
	struct faults faults;
	struct sweep {
		struct modem_sweep o;
		unsigned gaps;
		uint64_t
			last; /* number of bytes sent before the last gap, and its time */
		usec_t when;
		uint64_t from; /* the line; len 0: not sent yet */
		size_t len;
		uint64_t base; /* number of bytes sent when the port was first opened */
		enum {
			CUT_AHEAD,
			CUT_NOW,
			CUT_DONE
		} cut;
		struct channel *on; /* the first that a client has opened */
		struct timer timer; /* until the silence, or during the pause of a cut */
	} sweep;

	/* made anew by power-on and reset */
	const struct firmware
		*fw; /* the running firmware; NULL: only the downloader runs */
	enum power_state power;
	enum at_scope scope;
	struct common_settings live;
	struct net net;
	struct calls calls;
	struct ussd ussd;
	struct toolkit toolkit;
	int band;        /* +WMBS value in effect; live.band may wait for a reset */
	struct session { /* zeroed whole by session_clear(), and by nothing else */
		bool initialised; /* +WIND: 4, or 3 without an unlocked SIM */
		bool app_started; /* an application has run since +WIND: 3 */
		bool app_suspended;
		bool safe_booted; /* its keys were held down: no application runs */
		bool halting;     /* the next restart is a halt */
		bool by_cgdata;   /* the PPP session was opened by +CGDATA */
		bool ppp_asks;    /* ... has its request for the context under way */
		bool ppp_has;     /* ... has the context, whose cid is ... */
		int ppp_cid;
		bool wip_context;   /* WIPsoft's bearer has or wants a context */
		bool ri;            /* the ring indicator is on */
		int functionality;  /* +CFUN: 0, 1, 4 */
		unsigned buses;     /* set of the buses that AT+WBM has opened */
		int echo_algorithm; /* the running one; a new one needs a reset */
		struct sim_selection selection; /* +CSIM */
		int cced_rssi;                  /* last reported by AT+CCED=1 */
		char fax_id[21];                /* AT+FLID */
		bool toolkit_on;                /* +STSF as it was at the boot */
		bool ussd_of_sim;               /* the USSD dialogue is the toolkit's */
		bool indicating;  /* +CMER: changes of `indicated` are reported */
		int indicated[7]; /* values of +CIND at the last check */
		struct sms_session sms;
		unsigned stages; /* set of 1 << enum boot_stage that were reached ... */
		usec_t stage[BOOT_STAGES]; /* ... and when */
		uint16_t said, app_said;   /* boot lines: set of 1 << position */
		/* the timers, from here to the end; stopped by walking them */
		struct timer rack, sim_checked, ready, files, card, exchange, restart;
		struct timer ring_pulse;  /* until it is off again */
		struct timer announce;    /* +CREG after AT+CREG=1 or 2 */
		struct timer cyclic;      /* AT+WRST */
		struct timer cced;        /* automatic +CCED */
		struct timer link_open;   /* +CMMS: until the link closes */
		struct timer acknowledge; /* until AT+CNMA must have come */
		struct timer no_firmware; /* the next bare +WDWL */
		struct timer fault_text;  /* the next Fault 04 */
		struct timer app_crash;   /* the next step of a crashing application */
		struct timer boot_stream, boot_window; /* while the boot pin is low */
		struct timer boot_line;                /* the next line of the boot */
	} s;
	int boots;    /* power-on and resets */
	enum led led; /* as last reported */
	bool inside;  /* an entry is running: checked by the facade */

	/* in memory after this struct */
	struct channel *channel; /* as many as ... */
	unsigned channels;
	struct cold *cold;
	struct mux *mux; /* all zero while it has not run */
};

#define SESSION_TIMERS \
	((sizeof(struct session) - offsetof(struct session, rack)) / sizeof(struct timer))

/* The channel of that port; NULL: there is none. */
static inline struct channel *channel_of_port(const struct modem *m, unsigned port)
{
	return port < m->channels ? &m->channel[port] : NULL;
}

/* The next channel after `ch`, or the first for NULL; NULL after the last. Ports come
 * first, then the DLCs that are open. One that is closed meanwhile may be `ch`. */
static inline struct channel *channel_next(
	const struct modem *m, const struct channel *ch)
{
	struct channel *next = ch ? ch->next : m->channel;

	while (next && next->absent)
		next = next->next;
	return next;
}
