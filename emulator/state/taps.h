/* Taps: where something may go wrong on purpose. The engine, the link and boot pass these
 * places; faults/ stands behind them, and a healthy modem goes through without it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"
#include "state/fault.h"

struct at_call;
struct modem;

struct taps {
	/* Something happens (a place of `when`). */
	void (*place)(
		struct modem *m, enum fault_place place, const struct fault_subject *s);
	/* A client has come, or gone. */
	void (*dtr)(struct modem *m, bool on);

	/* Bytes are said: true when they have been put into the link's tx another way. */
	bool (*send)(struct modem *m, const void *data, size_t len);
	/* How many of the first len bytes of tx may leave now; *paced: at a pace of their
	 * own. */
	size_t (*leave)(struct modem *m, size_t len, bool *paced);
	/* So many have left. */
	void (*left)(struct modem *m, size_t len);
	/* The receiver of a download asks, or has taken a block: the rule for its answer,
	 * NULL for a normal one. */
	const struct fault_rule *(*xmodem)(
		struct modem *m, enum fault_place place, const struct fault_subject *s);

	/* A byte from the DTE is taken in. */
	void (*byte)(struct modem *m, unsigned char byte);
	/* The running command is about to begin: how much longer it takes. What a command
	 * with a prompt takes longer begins when its text has come, see text(). */
	usec_t (*command)(struct modem *m, const struct at_call *c);
	/* Says what comes before all else; true when the command is not to be carried
	 * out, and *result is its result. */
	bool (*instead)(struct modem *m, int *result);
	/* Ctrl-Z has ended the text of the running command: how long what follows waits.
	 */
	usec_t (*text)(struct modem *m);
	/* How long the final result of the running command waits, 0 the second time. */
	usec_t (*result_waits)(struct modem *m);
	/* What becomes of its result. */
	int (*result)(struct modem *m, int result);
	/* Something happens to the running command at this place. */
	void (*here)(struct modem *m, enum fault_place place, const char *text);
	/* True when the prompt does not come now; it comes later, or never. */
	bool (*prompt)(struct modem *m);

	/* True when a URC goes out although the gate is shut. */
	bool (*gate)(const struct modem *m);
	/* A URC goes out. */
	void (*gate_used)(struct modem *m);
	/* True when this URC is not said. */
	bool (*hushes)(struct modem *m, const char *text);
	/* A gap of a sweep that no place tells: before `what`, NULL stands for the answer
	 * of the running line. */
	void (*gap)(struct modem *m, const char *what);
};
