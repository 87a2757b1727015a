/* The options of `fauxtrack run` and `fauxtrack exec`, from one table: it feeds
 * getopt_long() and --help. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/log.h"
#include "conf/doc.h"
#include "faults/sweep.h"
#include "host/cli.h"
#include "host/control/condition.h"
#include "host/control/control_addr.h"

#define OPTIONS_SETS   32
#define OPTIONS_IMAGES 8
#define OPTIONS_MODEMS 1000

enum options_boot {
	OPTIONS_BOOT, /* as the bug wants it, else warm */
	OPTIONS_WARM, /* booted, registered, the URCs of that time gone */
	OPTIONS_COLD, /* power comes when the first client opens the port */
};

enum options_on_exit {
	OPTIONS_REPORT = 1, /* what the host did wrong is told */
	OPTIONS_FAIL,       /* ... and is a failure */
};

/* --set KEY=VALUE, or of one modem of --count: --set 2:KEY=VALUE. */
struct option_set {
	unsigned unit; /* from 1; 0: all */
	struct kv kv;
};

struct options {
	const char *profile; /* name or path; NULL: the bug's, else the default */
	const char *bug;     /* name or path of a field bug, NULL: none */
	unsigned count;      /* modems in this process */
	const char *link;    /* symbolic link to the port; behind the first -2, -3, ... */
	const char *state; /* directory of the non-volatile memory; NULL: none is kept */
	bool sync;         /* fsync each record */
	unsigned speed;    /* virtual seconds a real one, at least 1 ... */
	bool speed_max;    /* ... or all own work at once */
	bool line_real;    /* the line garbles and paces, as device.line says where not */
	uint64_t seed;     /* 0: the bug's, else 1 */
	int64_t clock;     /* Unix time at virtual time 0 ... */
	bool clock_given;  /* ... as asked for; else a --state goes on from its own */
	bool state_repair; /* damaged records are set aside */
	enum options_boot boot;
	int mode;          /* access rights of the port, -1: the system's */
	gid_t group;       /* its group, (gid_t)-1: the system's */
	const char *trace; /* file, NULL: none */
	struct control_addr control;
	struct option_set sets[OPTIONS_SETS];
	size_t n_sets;
	const char *images[OPTIONS_IMAGES]; /* FILE=FIRMWARE:KIND */
	size_t n_images;
	bool with_parent; /* ends when the process ends that has started it ... */
	pid_t parent;     /* ... or this one, 0: that */
	enum log_level level[LOG_CATS];
	/* of exec */
	const char *waits[CONDITIONS + 1]; /* conditions, and timeout=TIME */
	size_t n_waits;
	enum sweep_kind sweep;
	const char *sweep_text;       /* NULL: the default */
	unsigned at;                  /* one place of the sweep, 0: all */
	enum options_on_exit on_exit; /* 0: nothing is told */
	const char *report_json;      /* file, NULL: none */
};

/* The options, for the cli_command of run and of exec; what else --help says. */
extern const struct cli_option options_rows[];
void options_help(FILE *out);

/* Reads argv (argv[0] is the subcommand) as cli_parse() does, and looks at what no option
 * alone can show. Texts stay in argv. */
int options_parse(struct options *o, const struct cli_command *c, int argc, char **argv);
