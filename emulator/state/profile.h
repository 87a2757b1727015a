/* What a modem is before it is switched on: a device, the firmware available for it, a
 * network around it, a SIM in it. Plain data of fixed size, filled from YAML by
 * conf/profile_conf.c; libmodem only reads it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"
#include "codec/band.h"
#include "codec/pdu.h"
#include "gsm/sms.h"
#include "state/calls_conf.h"
#include "state/command_conf.h"
#include "state/cphs_conf.h"
#include "state/gprs_conf.h"
#include "state/hosts_conf.h"
#include "state/operator_table.h"
#include "state/ports.h"
#include "state/quirk.h"
#include "state/say_conf.h"
#include "state/toolkit_conf.h"

#define PROFILE_TEXT      160
#define PROFILE_FIRMWARES 96 /* files, with those of other devices */
#define PROFILE_LATENCIES 64
#define PROFILE_DEFAULTS  32
#define PROFILE_OPERATORS 16
#define PROFILE_CELLS     32
#define PROFILE_ENTRIES   32
#define PROFILE_MESSAGES  32
#define PROFILE_PREFERRED 16
#define PROFILE_LINES     12
#define PROFILE_REPORTS   8
#define PROFILE_USSD      24
#define PROFILE_USSD_CODE 48
#define PROFILE_USSD_TEXT 184      /* bytes of UTF-8 with their zero */
#define USSD_DELAY        MS(1500) /* of a string without its own row */
#define SMS_REPLIES       8
#define SMS_REPLY_TO      48
#define SMS_SUBSCRIBERS   8

/* How certain a value is. `fauxtrack list` shows `inferred`, so that people with the
 * hardware can correct it. */
enum provenance {
	PROVENANCE_INFERRED,
	PROVENANCE_STANDARD,
	PROVENANCE_FIELD,
	PROVENANCE_MANUAL,
};
extern const struct name provenance_names[];

/* +WMBS values 0-7 as sets of band_bit (0 where there is no such value). */
unsigned band_set(int wmbs);

/* A line of text with its provenance. */
struct fact {
	char text[PROFILE_TEXT];
	enum provenance provenance;
};

struct latency_conf {
	char command[12]; /* "+COPS=?", "+CIMI": a name with or without a form */
	usec_t time;
};

struct default_conf {
	char name[32]; /* "+WMBS", "&C", "S0"; the second parameter as "+CSQ.name" */
	char value[48];
};

/* When things happen after power-on or a reset, counted from that moment; decided where
 * there is no source (boot.md Boot script). */
struct boot_times {
	usec_t rack;            /* +WIND: 13 or 14 */
	usec_t sim;             /* +WIND: 0 or 1 */
	usec_t ready;           /* +WIND: 3; until then the UART hears nothing */
	usec_t network;         /* +WIND: 7 when a cell is found */
	usec_t files;           /* +WIND: 16, 4, 10, 11, with an unlocked SIM */
	usec_t files_after_pin; /* the same, counted from PIN entry */
	usec_t format;          /* before ready, for 64 KB of a resized A&D volume */
	usec_t exchange;        /* +WIND: 4 after the FD lock was changed */
	usec_t insertion;       /* from SIM insertion at run time to its session */
};

struct net_times {
	usec_t search;       /* scan of the selected bands after AT+WMBS=x,1 or loss */
	usec_t retry;        /* pause between scans without result */
	usec_t registration; /* from finding the cell to the accepted location update */
	usec_t deregistration;
};

struct dwl_times {
	usec_t start_period;      /* between two start characters */
	usec_t block_gap;         /* longest silence inside a block */
	usec_t end_text;          /* from the ACK of EOT to *** END OF DOWNLOAD *** */
	usec_t restricted_period; /* between two +WDWL of a unit without firmware */
	usec_t reset;             /* from the OK of AT+CFUN=1 to the restart */
};

/* Non-volatile things that an install may reset, erase or clear, as a set. */
enum install_item {
	INSTALL_BAND = 1 << 0,
	INSTALL_WIND = 1 << 1,
	INSTALL_SPEED = 1 << 2,   /* +IPR */
	INSTALL_PROFILE = 1 << 3, /* what AT&W saved */
	INSTALL_WOPEN = 1 << 4,
	INSTALL_AD_SIZE = 1 << 5,
	INSTALL_APPLICATION = 1 << 6,
	INSTALL_FLASH_OBJECTS = 1 << 7,
	INSTALL_CACHE_SM = 1 << 8,
	INSTALL_CACHE_FD = 1 << 9,
	INSTALL_CACHE_ON = 1 << 10,
	INSTALL_CACHE_SN = 1 << 11,
	INSTALL_CACHE_EN = 1 << 12,
	INSTALL_AD_VOLUME = 1 << 13,
	/* of an E2P image: everything that commands store at once */
	INSTALL_AT_ONCE = 1 << 14,
};
extern const struct name install_names[];

/* The DOTA1 area of a Q24's flash, which 6.4x does not have and 6.55 needs. */
enum dota_rule {
	DOTA_NONE,
	DOTA_MAKES, /* installing the firmware creates it */
	DOTA_NEEDS, /* without it the firmware sends Fault 04 and nothing else */
};
extern const struct name dota_names[];

/* Phonebooks: those on the SIM, in the order of +WIND: 10 and 11, those in the modem, and
 * MT, which is SM followed by ME. */
enum book_id {
	BOOK_SM,
	BOOK_FD,
	BOOK_ON,
	BOOK_SN,
	BOOK_EN,
	BOOKS_WIND, /* number of books in +WIND: 10 */
	BOOK_ME = BOOKS_WIND,
	BOOK_LD,
	BOOK_MC,
	BOOK_RC,
	BOOKS_STORED, /* number of books with entries of their own */
	BOOK_MT = BOOKS_STORED,
};
extern const struct name book_names[]; /* those on the SIM */

enum dwl_start {
	DWL_START_NAK, /* asks for checksums */
	DWL_START_C,   /* asks for CRC */
};
extern const struct name dwl_start_names[];

/* The files of an upgrade, and the steps between them. */
enum path_route {
	ROUTE_FIRMWARE,
	ROUTE_SESSION,        /* downloader and firmware, no reset between them */
	ROUTE_RESET,          /* with AT+CFUN=1 between them */
	ROUTE_ERASE_FIRMWARE, /* the same with AT+WOPEN=4 first */
	ROUTE_ERASE_SESSION,
	ROUTE_ERASE_RESET,
	ROUTE_E2P, /* its E2P image and the firmware, no reset between them */
	ROUTES,
};
extern const struct name route_names[];

/* A report of how an upgrade to this firmware went. */
struct path_report {
	char from[PROFILE_NAME]; /* the firmware before */
	enum path_route route;
	char see[96];
	enum provenance provenance;
};

struct firmware {
	char name[PROFILE_NAME]; /* "r74" */
	char title[PROFILE_TEXT];
	bool base;        /* only for inheritance */
	char version[12]; /* "7.4": the version in names of +DWL images and in lists */
	char module[16];  /* "Q2687H" */
	char family[8];   /* "r6", "r7" */
	struct fact manufacturer, revision, internal; /* +CGMI, +CGMR, +WSSW */
	struct fact model;                            /* +CGMM, "": its bands */
	struct fact open_at;                          /* library of AT+WOPEN=2 */
	struct fact capabilities;                     /* +GCAP, "" for the usual ones */
	struct fact inventory[PROFILE_LINES];         /* ATI9, line by line */
	size_t inventories;
	struct {
		struct fact version; /* AT+WDWL? when this firmware's downloader is in */
		char generation[8];  /* which downloader this is: "r7" */
		char image_accepted_by[4][8]; /* generations that take its image */
		size_t accepted;
		uint32_t size;     /* bytes of its image */
		bool at_once;      /* active without a reset (Q24) */
		bool tells_status; /* sends +WDWL: 1 or 2 without a firmware, not a bare
				      one */
	} downloader;
	uint32_t image_size;
	uint32_t image_second;   /* offset of its second binary, 0: in proportion */
	char half[PROFILE_NAME]; /* firmware profile after an upgrade that broke off
				    there, "" if none */
	struct path_report reported[PROFILE_REPORTS];
	size_t reports;
	char needs_downloader[4][8]; /* generations that take the firmware image */
	size_t needs;
	struct {
		unsigned resets, erases, clears; /* install_item */
		enum dota_rule dota;
	} install;
	struct {
		enum dwl_start start[4]; /* tried in turn; the last one repeats */
		size_t starts;
		bool nak_eot; /* refuses the first EOT, accepts the second */
	} xmodem;
	struct {
		int ad_min, ad_max, ad_default, total; /* KB, AT+WOPEN=6 */
		char modes[16];                        /* "0-8" */
		uint32_t application_at; /* address, if no line of ATI9 gives it */
	} wopen;
	int echo_told;                /* number of +ECHO values in AT&V */
	unsigned books_fingerprinted; /* set of 1 << book_id in +WIND: 11 */
	unsigned books_told;          /* set of 1 << book_id in +WIND: 10 */
	struct default_conf defaults[PROFILE_DEFAULTS];
	size_t n_defaults;
	struct command_conf commands[PROFILE_COMMANDS];
	size_t n_commands;
	struct says_conf says;
	struct latency_conf latency[PROFILE_LATENCIES];
	size_t latencies;
	usec_t prompt_timeout;  /* the text prompt times out, 0: never */
	usec_t latency_default; /* extended commands that are not listed */
	struct boot_times boot;
	struct net_times net;
	struct dwl_times dwl;
	unsigned quirks;                    /* set of 1 << quirk */
	char operators[PROFILE_NAME];       /* name of the operator table */
	const struct operator_table *names; /* ... and the table itself */
	const struct at_set *at; /* the command tables as this firmware has them */
};

/* A message in a store at delivery: a PDU, or a text with its fields. */
struct message_conf {
	int index;              /* from 1; 0: the lowest place that is free */
	enum sms_status status; /* never SMS_ALL */
	char from[48];          /* for received messages: a number, or a name */
	char to[24];            /* for others, may be "" */
	char time[24];          /* when the service centre got a received one */
	char text[484];         /* UTF-8, at most 160 characters */
	char pdu[2 * SMS_OCTETS + 1];
};

/* Builds it; centre: the service centre of received texts, "" if none. PDU_TIME,
 * PDU_NUMBER and PDU_TEXT_LENGTH are about the fields, other errors about the PDU. */
enum pdu_error message_conf_read(const struct message_conf *c, const char *centre,
	struct address *sc, struct tpdu *t);

/* Stores them in a store that has room for them. */
void message_conf_store(const struct message_conf *c, size_t n, const char *centre,
	struct sms *s, enum sms_store_id id);

struct device {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	char part[16];       /* "WM20452" */
	char modules[4][16]; /* image modules that it accepts */
	size_t n_modules;
	char imei[16];
	char serial[16];        /* +WMSN; "": the IMEI */
	struct fact maker;      /* +CGMI, "" for the firmware's */
	struct fact product;    /* second line of ATI, "" for that of +CGMM */
	struct fact hardware;   /* +WHWV, "4.75" */
	struct fact produced;   /* +WDOP, "26/2006" */
	unsigned bands;         /* band_bit */
	int ports[MODEM_NAMED]; /* enum modem_port, beside UART1 */
	size_t n_ports;
	bool rack; /* has a SIM drawer: +WIND: 13 and 14 */
	bool edge;
	bool needs_rts;     /* it sends only while RTS is on, even with +IFC=0,0 */
	bool paces;         /* bytes take time on the line */
	bool garbles;       /* bytes at a speed other than the line's become garbage */
	usec_t boot_window; /* how long the boot pin holds it, 0: until a reset */
	uint32_t flash_kb;
	int adc[3]; /* AT+ADC=0 in mV: supply, temperature, auxiliary input */
	size_t adcs;
	int phonebook,
		phonebook_text; /* entries of ME and longest name; 0: no such book */
	int call_lists;         /* entries of LD, MC and RC each */
	struct message_conf messages[PROFILE_MESSAGES]; /* in ME */
	size_t n_messages;
	char lock_key[17]; /* of +CLCK "PS", "PN" and so on */
};

struct network_operator {
	char plmn[8]; /* MCC and MNC, 5 or 6 digits */
	char long_name[28];
	char short_name[16];
	bool forbidden; /* refuses this SIM */
};

struct cell {
	char plmn[8];
	enum band_bit band;
	int arfcn, bsic, lac, ci;
	int rssi; /* 0-31 as in +CSQ */
	int ber;  /* 0-7 */
	int timing_advance;
};

/* Whether the network hides the subscriber's number; <m> of +CLIR (27.007 clause 7.7).
 */
enum clir_conf {
	CLIR_NONE = 0,
	CLIR_PERMANENT = 1,
	CLIR_RESTRICTED = 3, /* hidden unless a call says otherwise */
	CLIR_ALLOWED = 4,    /* shown unless a call says otherwise */
};
extern const struct name clir_names[];

/* The subscriber's services in the network. */
struct services_conf {
	char barring_password[5];
	char country[4]; /* code without +, for calls abroad */
	enum clir_conf clir;
	int charge_units; /* per period of a call */
	usec_t charge_period;
};

/* The network's answer to a USSD string; *101#/1 is choice 1 of the menu *101#. */
struct ussd_conf {
	char code[PROFILE_USSD_CODE];
	char text[PROFILE_USSD_TEXT];
	int dcs; /* 23.038 clause 5: 15 GSM alphabet, 72 UCS2 */
	usec_t delay;
	bool ends; /* sent with the session ended by the network */
};

/* What happens to a message, by recipient. */
struct sms_behaviour {
	int cause;      /* refused with this RP cause or +CMS ERROR, 0: accepted */
	int accept;     /* ... except for the first ones, this many */
	usec_t submit;  /* from the end of the message to the service centre's answer */
	usec_t deliver; /* from there to its recipient */
	bool reports;   /* status reports are sent if requested */
	int status;     /* TP-ST in them, 0: received */
	bool twice;     /* messages and reports to the modem come twice */
	bool echo;      /* what the modem sends is sent back to it */
	char reply[PROFILE_TEXT]; /* the recipient's answer, "" if none */
	struct sms_reply {        /* its answers to these texts instead */
		char to[SMS_REPLY_TO];
		char text[PROFILE_TEXT];
	} replies[SMS_REPLIES];
	size_t n_replies;
	usec_t reply_after;
};

struct sms_network {
	struct sms_behaviour others; /* numbers without an entry of their own */
	struct sms_subscriber {
		char number[24];
		struct sms_behaviour behaviour;
	} subscribers[SMS_SUBSCRIBERS];
	size_t n_subscribers;
	usec_t retry;       /* between two attempts while the modem is away or full */
	usec_t wake;        /* from its return to the next attempt */
	usec_t acknowledge; /* time the modem has to acknowledge a delivery */
	int centre;         /* enum sms_centre */
};

/* Who decides what becomes of a message that the modem has sent. */
enum sms_centre {
	SMS_CENTRE_OWN,
	SMS_CENTRE_OUTSIDE, /* a program, through the control interface */
};
extern const struct name sms_centre_names[];

/* What a network may send about itself: 24.008 clause 9.2.15a. */
enum nitz_item {
	NITZ_LONG = 1,
	NITZ_SHORT = 2,
	NITZ_ZONE = 4,
	NITZ_TIME = 8,
	NITZ_SAVING = 16,
};
extern const struct name nitz_names[];

struct network {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	struct network_operator operators[PROFILE_OPERATORS];
	size_t n_operators;
	struct cell cells[PROFILE_CELLS];
	size_t n_cells;
	struct {
		bool sent;
		int zone;       /* quarter hours */
		int saving;     /* hours of summer time, 0-2 */
		unsigned omits; /* nitz_item set that it does not send */
	} nitz;
	struct services_conf services;
	struct gprs_conf gprs;
	struct hosts_conf hosts;
	struct ussd_conf ussd[PROFILE_USSD];
	size_t n_ussd;
	usec_t ussd_timeout; /* timeout of a menu that waits for the user */
	struct sms_network sms;
	struct calls_conf calls;
};

struct book_entry {
	int index; /* from 1 */
	char number[48];
	char text[32];
};

struct book_conf {
	bool present;
	int capacity, number_max, text_max;
	struct book_entry entries[PROFILE_ENTRIES];
	size_t n_entries;
};

struct sim_conf {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	bool inserted;
	bool rack_closed;
	char imsi[16];
	char iccid[24];
	char voice_mail[24];   /* number of +CSVM, "" if none */
	char provider[17];     /* EF-SPN */
	char gid1[9], gid2[9]; /* EF-GID1, EF-GID2 in hexadecimal, "" if none */
	struct cphs_conf cphs;
	int mnc_digits;
	char pin[9], puk[9], pin2[9], puk2[9];
	bool pin_enabled;
	bool pin_stays; /* cannot be disabled: CME 526 */
	int pin_tries, puk_tries, pin2_tries, puk2_tries;
	struct book_conf books[BOOKS_WIND];
	struct {
		int format; /* 2: numeric */
		char plmn[8];
	} preferred[PROFILE_PREFERRED];
	size_t n_preferred;
	int preferred_max;
	char forbidden[4][8]; /* PLMNs that have refused the SIM */
	size_t n_forbidden;
	struct {
		int capacity;    /* EF-SMS */
		int reports;     /* EF-SMSR, or the modem's store that replaces it */
		char centre[24]; /* EF-SMSP: the service centre, "" if none */
		struct message_conf stored[PROFILE_MESSAGES];
		size_t n_stored;
	} messages;
	struct toolkit_conf toolkit;
};

enum firmware_state {
	FIRMWARE_UNREAD,
	FIRMWARE_READY,
	FIRMWARE_OTHER,  /* for another device, or only a base to inherit from */
	FIRMWARE_BROKEN, /* its file has an error */
};

/* The firmwares that there are files for, by name. The host reads a file when its
 * firmware is asked for; the ones in flash are always read. Shared by all copies of a
 * profile. */
struct firmware_shelf {
	struct firmware_slot {
		char name[PROFILE_NAME];
		enum firmware_state state;
		struct firmware *is; /* FIRMWARE_READY */
		char *flaw;          /* FIRMWARE_BROKEN: "file:line:col: what; remedy" */
	} * slot;
	size_t n;
	/* Reads the file of an unread slot, which is then in another state. May be NULL
	 * if no slot is unread. */
	void (*read)(struct firmware_shelf *s, size_t index);
	/* Set by the code that needs it: a firmware has been read. May be NULL. */
	void (*ready)(struct firmware *f);
};

struct application_shelf; /* state/application.h */

struct profile {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	struct device device;
	struct firmware_shelf *shelf;
	size_t installed;  /* slot of the one in flash when the memory is empty */
	size_t downloader; /* slot of the one whose downloader is in */
	struct application_shelf *applications; /* NULL: there are none */
	char application[PROFILE_NAME];         /* the one in flash then; "": none */
	struct network network;
	struct sim_conf sim;
	struct default_conf
		memory[PROFILE_DEFAULTS]; /* non-volatile settings at delivery */
	size_t memories;
};

/* The firmware of that name for this device, read if need be; NULL if there is none or
 * its file has errors. */
const struct firmware *profile_firmware(const struct profile *p, const char *name);

/* The same, as the number of its slot; false if there is none. */
bool profile_find(const struct profile *p, const char *name, size_t *slot);

/* What is wrong with the file of that firmware, "file:line:col: what; remedy"; NULL if it
 * has no errors or does not exist. */
const char *profile_flaw(const struct profile *p, const char *name);

/* The firmware in a slot that profile_find() has returned, or that is in flash. */
const struct firmware *profile_at(const struct profile *p, size_t slot);

/* Firmware i of this device, in the order of their names; NULL after the last. Reads them
 * all; those whose files have errors are left out. */
const struct firmware *profile_nth(const struct profile *p, size_t i);

/* Whether it is built with this module, such as "Q2687H". */
bool device_has_module(const struct device *d, const char *module);
bool firmware_has(const struct firmware *f, enum quirk q);
