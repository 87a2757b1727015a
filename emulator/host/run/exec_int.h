/* Between the files of `fauxtrack exec`. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "host/child.h"
#include "host/control/condition.h"
#include "host/play/fault_tally.h"
#include "host/run/exec_report.h"
#include "host/run/run_int.h"

/* How a run ended. */
struct outcome {
	int status;  /* of exec, were this run all */
	bool ran;    /* COMMAND ran and has ended; else the status is exec's own: */
	int command; /* its exit status, -1: a signal ended it */
	int signal;  /* that signal, else 0 */
};

/* What the modem of a unit tells, and what COMMAND waits for it to do. */
struct seen {
	struct exec *exec;
	struct unit *unit;
	struct wait wait; /* n 0: for nothing */
};

struct exec {
	struct run r; /* first: callbacks get it */
	char **command;
	struct child child;
	struct wait wait;  /* as the options have it */
	struct seen *seen; /* of this run, one a unit */
	bool started;
	struct outcome outcome;
	struct report report, base; /* of this run; of the one without a sweep */
	struct fault_tally rules;   /* of the field bug, over all runs */
	char gap[128];              /* where the sweep was, "": it did not get there */
	json_t *broken;             /* of a sweep: what --report-json says of each gap */
	unsigned gaps;              /* of a sweep: that were tried */
};

/* exec_main.c: COMMAND once, with new modems, and with gap `at` of the sweep (0: none).
 */
struct outcome exec_once(struct exec *e, unsigned at);

/* exec_sweep.c: COMMAND once for each gap; e->base is the report of the run without one.
 */
struct outcome exec_sweep(struct exec *e);

/* exec_record.c: --report-json. A gap that broke COMMAND; and the whole file, false after
 * saying why it cannot be written. */
void record_gap(struct exec *e, unsigned at, const struct outcome *o);
bool record_write(const struct exec *e, const struct outcome *o);
