/* Between run_main.c, which has modems at ports, and exec_*.c, which have a command too.
 */
#pragma once

#include "host/cli.h"
#include "host/control/control.h"
#include "host/play/scenario.h"
#include "host/run/options.h"
#include "host/run/parent.h"
#include "host/run/units.h"
#include "modem.h"
#include "state/image.h"

struct run;

/* A modem with all that is around it. */
struct unit {
	struct run *run;
	unsigned number; /* from 1 */
	struct log log;
	struct nvdir *nv;
	struct trace *trace;
	struct wire *wire;
	struct port *port;
};

struct run {
	struct options o;
	struct scenario *bug;      /* NULL: none */
	struct profile *profile;   /* of the first, unless `profiles` has one for it */
	struct profile **profiles; /* by number - 1: of those with sets of their own */
	struct units *copies;      /* of the others */
	struct parent *watched;    /* --exit-with-parent, NULL: not */
	struct flash_image images[OPTIONS_IMAGES];
	struct loop *loop;
	struct pty_hub *hub;
	struct unit *units;
	struct control *control;
	struct modem_sweep sweep; /* of exec's first modem */
	int signo;                /* that has come to end it, 0: none */
	void (*on_signal)(struct run *r, int signo); /* NULL: it ends */
	void (*on_child)(struct run *r);
};

/* What all modems share: profile, bug, images. Gives the exit status, after saying what
 * is wrong. run_forget() in any case. */
int run_load(struct run *r);
void run_forget(struct run *r);

/* The loop, the modems at their ports, the control interface, the signals. run_close() in
 * any case; then it may be opened again, with new modems. */
int run_open(struct run *r);
void run_close(struct run *r);
