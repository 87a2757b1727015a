/* Between the files of `fauxtrack exec`. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "host/child.h"
#include "host/control/condition.h"
#include "host/play/fault_tally.h"
#include "host/run/exec_report.h"
#include "host/run/run_int.h"
#include "seccomp_module.h"

/* How a run ended. */
struct outcome {
	int status;  /* of exec, if this were the only run */
	bool ran;    /* COMMAND ran and has ended; if false, the status is exec's own */
	int command; /* exit status of COMMAND, -1: a signal ended it */
	int signal;  /* that signal, else 0 */
};

/* Watches the modem of a unit, for the report and for --wait. */
struct seen {
	struct exec *exec;
	struct unit *unit;
	struct wait wait; /* n is 0: no condition */
};

struct exec {
	struct run r; /* first: callbacks get it */
	char **command;
	struct child child;
	int lines[2]; /* --lines: the socket pair, while COMMAND starts */
	struct supervisor *supervisor; /* --lines: while COMMAND runs, if it may */
	seccomp_filter *filter;        /* of the module; NULL: no modem lines */
	struct wait wait;              /* from the options */
	struct seen *seen;             /* of this run, one per unit */
	bool started;
	struct outcome outcome;
	struct report report, base; /* of this run; of the run without a gap */
	struct fault_tally *rules;  /* of each group's field bug, over all runs */
	char gap[128];              /* where the gap of this run was, "": not reached */
	struct junit *results;      /* for --junit and --tap; NULL: neither */
	json_t *broken;             /* of a sweep: the gaps for --report-json */
	unsigned gaps;              /* of a sweep: the number of gaps tried */
};

/* exec_main.c: runs COMMAND once, with new modems and gap `at` of the sweep (0: no gap).
 */
struct outcome exec_once(struct exec *e, unsigned at);

/* exec_lines.c, for --lines; without it these do nothing. */
/* False (reported) if COMMAND would lose its privileges. */
bool lines_allow(const struct exec *e);
bool lines_prepare(struct exec *e);       /* false: see errno */
void lines_confine(const struct exec *e); /* in the process that becomes COMMAND */
void lines_begin(struct exec *e);         /* when COMMAND was started, or was not */
void lines_end(struct exec *e);

/* exec_sweep.c: runs COMMAND once for each gap, after a run without a gap, whose report
 * is e->base. */
struct outcome exec_sweep(struct exec *e);

/* exec_results.c: --junit and --tap. results_add() adds the result of a run, with gap `at`
 * (0: without one), if one of them was given; results_write() writes the files: false
 * after reporting why it cannot. */
void results_begin(struct exec *e);
void results_add(struct exec *e, unsigned at, bool ok, const struct outcome *o);
bool results_write(struct exec *e);

/* exec_record.c: --report-json. record_gap() adds a gap that broke COMMAND;
 * record_write() writes the file, false after reporting why it cannot. */
void record_gap(struct exec *e, unsigned at, const struct outcome *o);
bool record_write(const struct exec *e, const struct outcome *o);
