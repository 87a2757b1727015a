/* An Open AT application as its file in profiles/applications/ describes it: what the
 * modem says and can do while it runs (download.md Open AT). Plain data, filled from YAML
 * by conf/applications.c; libmodem only reads it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "state/profile.h"

struct at_set;
struct modem;

#define APPLICATION_COMMANDS 64

/* Chapters in C that an application brings: a set of 1 << these. */
enum provides {
	PROVIDES_WIP,
};
extern const struct name provides_names[];

/* When it answers and acts: a set of 1 << these. Only a started one does either. */
enum application_life {
	LIFE_RUNNING,   /* AT+WOPEN? is 1 */
	LIFE_SUSPENDED, /* AT+WOPEN=5: AT+WOPEN? is 5 */
};
extern const struct name application_life_names[];

/* What is wrong with an application: most are states of AT+WOPEN=7 (download.md
 * Application states). */
enum app_fault {
	APP_SOUND = 0,
	APP_BAD_CHECKSUM = 2,
	APP_BAD_HEADER = 3,
	APP_TASKS = 5,
	APP_INIT = 6,
	APP_ENTRY = 7,
	APP_LINK = 8,
	APP_MEMORY = 9,
	APP_CRASHES = 100, /* it starts and crashes the modem */
};
extern const struct name app_fault_names[];

/* What AT+WOPEN=7 reads (download.md Application states). The values between them are
 * those of enum app_fault. */
enum application_state {
	APPLICATION_NOT_STARTED = 0,
	APPLICATION_ABSENT = 1,
	APPLICATION_MISFITS = 4, /* built for another library */
	APPLICATION_SAFE_BOOT = 10,
	APPLICATION_RUNS = 12, /* also while it is suspended */
};

struct application {
	char name[PROFILE_NAME]; /* of its file: "wipsoft" */
	char title[PROFILE_TEXT];
	bool base; /* only for inheritance */
	struct {
		struct fact version, name, vendor, date, checksum; /* of its "OAT" line */
		struct fact packages[PROFILE_LINES]; /* the lines of ATI9 after it */
		size_t n_packages;
	} identity;
	struct fact library; /* it was built with this one: "AT  v06.37" */
	uint32_t size;       /* bytes */
	int fault;           /* enum app_fault: why a sound image does not run */
	unsigned lives_in;   /* set of 1 << enum application_life */
	unsigned takes;      /* set of 1 << port: while it acts no AT is heard there */
	unsigned provides;   /* set of 1 << enum provides */
	char wip[8];         /* version of WIPsoft as text, "5.42"; "" if none */
	int wip_version;     /* the same in hundredths: 202, 311, 542; 0: none */
	struct command_conf commands[APPLICATION_COMMANDS];
	size_t n_commands;
	struct says_conf says;   /* what it says: at the boot, and by the action `say` */
	const struct at_set *at; /* the commands it brings as data, NULL: none */
};

/* Room for the name of an application in the header of its image, and for the version of a
 * library, each with its zero. */
#define APPLICATION_NAME    32
#define APPLICATION_LIBRARY 24

/* The applications that there are files for, by name. As firmwares they are read when
 * something asks for them. Shared by all copies of a profile. */
struct application_shelf {
	struct application_slot {
		char name[PROFILE_NAME];
		enum firmware_state state; /* FIRMWARE_OTHER: only a base */
		struct application *is;    /* FIRMWARE_READY */
		char *flaw; /* FIRMWARE_BROKEN: "file:line:col: what; remedy" */
	} * slot;
	size_t n;
	/* Reads the file of an unread slot, which is then in another state. */
	void (*read)(struct application_shelf *s, size_t index);
	/* Set by the code that needs it: an application has been read. May be NULL. */
	void (*ready)(struct application *a);
};

/* The application of that name, read if need be; NULL if there is none, or its file has
 * errors. "" is none. */
const struct application *profile_application(const struct profile *p, const char *name);

/* What is wrong with the file of that application, "file:line:col: what; remedy"; NULL if
 * it has no errors or does not exist. */
const char *profile_application_flaw(const struct profile *p, const char *name);

/* Application i in the order of their names; NULL after the last. Reads them all; those
 * whose files have errors are left out. */
const struct application *profile_application_nth(const struct profile *p, size_t i);

/* Whether an application built with the Open AT library `app` starts on `own`: the main
 * numbers match, as in "AT v06.30" and "AT  v06.37". */
bool library_fits(const char *own, const char *app);

/* What AT+WOPEN=7 reads of the application in flash: enum application_state, or why it
 * does not run, an enum app_fault. */
int application_state(const struct modem *m);

/* The application that runs now: it is in flash with a name that has a file, AT+WOPEN=1
 * has started it, it is sound and fits, neither Safe Boot nor AT+WOPEN=5 keeps it from
 * running, and the modem has booted with it up to +WIND: 3. NULL: there is none. */
const struct application *application_running(const struct modem *m);
