/* The options of `fauxtrack run` and `fauxtrack exec`, from one table: it feeds
 * getopt_long() and --help. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/log.h"
#include "codec/forward.h"
#include "conf/doc.h"
#include "faults/sweep.h"
#include "host/cli.h"
#include "host/control/condition.h"
#include "host/control/control_addr.h"
#include "host/exchange/mqtt_url.h"
#include "host/run/options_number.h"
#include "listen.h"

#define OPTIONS_SETS     32
#define OPTIONS_IMAGES   8
#define OPTIONS_MODEMS   4000
#define OPTIONS_FORWARDS 64

enum options_boot {
	OPTIONS_BOOT, /* as the field bug says, else warm */
	OPTIONS_WARM, /* already booted and registered, the boot URCs discarded */
	OPTIONS_COLD, /* no power until a client first opens the port */
};

enum options_on_exit {
	OPTIONS_REPORT = 1, /* reports protocol mistakes of the host */
	OPTIONS_FAIL,       /* reports them and fails */
};

/* --set KEY=VALUE, or --set 2:KEY=VALUE for one modem of --count. */
struct option_set {
	unsigned unit; /* from 1; 0: all */
	struct kv kv;
	struct doc_place at; /* in a fleet file; file NULL: on the command line */
};

/* Of a row (cli_option.also): it is also a key of a fleet file. */
enum {
	OPTIONS_FLEET = 1,
	OPTIONS_MANY = 2, /* may be repeated: a list there */
};

struct options {
	const char *fleet;         /* file with groups of modems; NULL: not given */
	const char *profile;       /* name or path; NULL: the bug's, else the default */
	const char *bug;           /* name or path of a field bug; NULL: no bug */
	unsigned count;            /* modems in this process */
	unsigned ports;            /* set of 1 << enum modem_port, beside UART1 */
	const char *link;          /* symbolic link: see options_port_name() */
	struct listen_addr listen; /* of the first modem; LISTEN_NONE: only a pty */
	const char *state; /* directory of the non-volatile memory; NULL: not kept */
	bool sync;         /* fsync each record */
	unsigned speed;    /* virtual seconds per real second, at least 1 */
	bool speed_max;    /* the modem's own delays take no time */
	bool line_real;    /* the line garbles and paces; else as device.line says */
	bool lines;        /* clients have modem lines */
	uint64_t seed;     /* 0: the bug's, else 1 */
	int64_t clock;     /* Unix time at virtual time 0 */
	bool clock_given;  /* --clock was given; else --state continues its own clock */
	bool state_repair; /* damaged records are set aside */
	enum options_boot boot;
	int mode;          /* access mode of the port, -1: the system's default */
	gid_t group;       /* group of the port, (gid_t)-1: the system's default */
	const char *trace; /* file, NULL: no trace */
	bool trace_clock;  /* it also has the time of this machine */
	struct control_addr control;
	bool panel;          /* opens the panel ... */
	unsigned panel_port; /* ... at this port; 0: any free one */
	struct option_set sets[OPTIONS_SETS];
	size_t n_sets;
	const char *images[OPTIONS_IMAGES]; /* FILE=FIRMWARE:KIND */
	size_t n_images;
	const char *forwards[OPTIONS_FORWARDS]; /* texts of codec/forward.h */
	size_t n_forwards;
	bool internet;    /* the host reaches more than names */
	const char *pcap; /* file, NULL: none */
	struct option_number numbers[OPTIONS_NUMBERS];
	size_t n_numbers;
	bool exchange; /* with modems of other processes, over a broker: */
	struct mqtt_url broker;
	const char *broker_password, *broker_ca, *broker_cert, *broker_key; /* files */
	bool with_parent; /* ends with a process: */
	pid_t parent;     /* this one, 0: the one that started us */
	enum log_level level[LOG_CATS];
	bool log_json; /* log lines are JSON */
	/* of exec */
	const char *waits[CONDITIONS + 1]; /* conditions, and timeout=TIME */
	size_t n_waits;
	enum sweep_kind sweep;
	const char *sweep_text;       /* NULL: the default */
	unsigned at;                  /* one gap of the sweep, 0: all */
	enum options_on_exit on_exit; /* 0: no report */
	const char *report_json;      /* file, NULL: not written */
	const char *junit, *tap;      /* the same */
};

/* The options, for the cli_command of run and of exec; and the rest of --help. */
extern const struct cli_option options_rows[];
void options_help(struct page *p);

/* Reads argv (argv[0] is the subcommand) as cli_parse() does, and checks the combination
 * of options. Texts stay in argv. */
int options_parse(struct options *o, const struct cli_command *c, int argc, char **argv);

/* The options of an empty command line. */
void options_default(struct options *o);

/* Whether a --forward lets the modem connect to something; sockets that listen by them. */
bool options_connects(const struct options *o);
unsigned options_listeners(const struct options *o);

/* An error in the combination of options ("what; remedy"); NULL: no error. */
const char *options_conflict(const struct options *o);

/* The name of --link, --state or --trace for modem `number` of a group, from 1: {} in it
 * becomes the number; without {} the first has the name itself, and the others NAME-2,
 * NAME-3, ... NULL stays NULL. The result is in mem, or is `name`. */
const char *options_name(const char *name, unsigned number, char *mem, size_t size);

/* The same for a port of the modem (enum modem_port): {port} becomes its name ("usb");
 * without {port} the ports beside UART1 have NAME-usb and so on. */
const char *options_port_name(
	const char *name, unsigned number, unsigned port, char *mem, size_t size);

/* The next port of --port after `port`; -1 for the first, which is UART1. -1 after the
 * last. */
int options_next_port(const struct options *o, int port);

/* The address of --listen for a port of the modem with that number (from 1) of a group:
 * numbers follow each other, first UART1 of all modems, then the next port of all; paths
 * are those of options_port_name(). False, with "what; remedy" in why, if there is
 * none. */
bool options_listen(const struct options *o, unsigned number, unsigned port,
	struct listen_addr *out, char *why, size_t size);
