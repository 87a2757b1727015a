/* Taps: hooks where a fault rule may intervene. The engine, the link and boot call them;
 * faults/ implements them, and without a rule they change nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"
#include "state/fault.h"

struct at_call;
struct channel;
struct modem;

struct taps {
	/* Something happens (a place of `when`). */
	void (*place)(
		struct modem *m, enum fault_place place, const struct fault_subject *s);
	/* A client has come or gone. */
	void (*dtr)(struct channel *ch, bool on);

	/* Bytes are sent: true when the tap itself has put them into the link's tx. */
	bool (*send)(struct channel *ch, const void *data, size_t len);
	/* How many of the first len bytes of tx may leave now; *paced: true if a rule
	 * sets their pace. */
	size_t (*leave)(struct channel *ch, size_t len, bool *paced);
	/* This many have left. */
	void (*left)(struct channel *ch, size_t len);
	/* All of tx is lost: the cable is out. */
	void (*dropped)(struct channel *ch);
	/* The receiver of a download asks, or has taken a block: the rule for its answer,
	 * NULL for a normal one. */
	const struct fault_rule *(*xmodem)(struct channel *ch, enum fault_place place,
		const struct fault_subject *s);

	/* A byte from the DTE is accepted. */
	void (*byte)(struct channel *ch, unsigned char byte);
	/* The running command is about to begin: its extra delay. The delay of a command
	 * with a prompt begins when its text has come, see text(). */
	usec_t (*command)(struct channel *ch, const struct at_call *c);
	/* Sends what comes before any other output; true when the command is not carried
	 * out, and *result is its result. */
	bool (*instead)(struct channel *ch, int *result);
	/* Ctrl-Z has ended the text of the running command: how long processing waits. */
	usec_t (*text)(struct channel *ch);
	/* How long the final result of the running command waits; 0 at the second
	 * call. */
	usec_t (*result_waits)(struct channel *ch);
	/* The result after the rules have changed it. */
	int (*result)(struct channel *ch, int result);
	/* Something happens to the running command at this place. */
	void (*here)(struct channel *ch, enum fault_place place, const char *text);
	/* True when the prompt does not come now; it comes later, or never. */
	bool (*prompt)(struct channel *ch);

	/* True when a URC may be sent although the gate is shut. */
	bool (*gate)(const struct channel *ch);
	/* A URC is sent. */
	void (*gate_used)(struct channel *ch);
	/* True when this URC is suppressed. */
	bool (*hushes)(struct modem *m, const char *text);
	/* A gap of a sweep that is not a place of the fault engine: before `what`; NULL
	 * means the answer of the running line. */
	void (*gap)(struct channel *ch, const char *what);
};
