/* A chapter of the manual: one folder of chapters/, with its commands, its event handling
 * and its helpers. It exports one struct chapter; chapters/chapters.c lists them all, and
 * the engine gets that list when a modem is made. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct at_cmd;
struct channel;
struct modem;

struct chapter {
	const char *name;
	/* Its command tables, ended by NULL; each table ends with a row without a
	 * name. */
	const struct at_cmd *const *rows;

	/* Its commands are a class: while one runs at a channel, others are refused at
	 * the other channels (errors.md Class lock). */
	bool class;

	/* Hooks, called in the order of the list; each may be NULL. */

	/* A channel is made: sets up its timers and its part of the link. It goes, while
	 * the modem goes on: what it does ends without a result. */
	void (*open)(struct channel *ch);
	void (*close)(struct channel *ch);

	/* The modem is made and its memory is zero: sets up its timers and its part of
	 * the world. epoch: Unix time in seconds at virtual time 0. Records are loaded
	 * afterwards. */
	void (*init)(struct modem *m, int64_t epoch);
	/* Power goes off or on, or a reset or download begins: work in progress ends
	 * without a result. The session is cleared afterwards. */
	void (*stop)(struct modem *m);
	/* Power-on and reset: settings come from the firmware and AT&W. */
	void (*start)(struct modem *m);
	/* +WIND: 3 has been sent. */
	void (*ready)(struct modem *m);
	/* +WIND: 4 has been sent: the SIM files have been read. */
	void (*files)(struct modem *m);
	/* The registration has changed; or only the cell, while registered. */
	void (*network)(struct modem *m, bool cell_only);
	/* A request of GPRS has ended, or a context may be gone. */
	void (*gprs)(struct modem *m);
	/* DTR of a port has been raised or dropped. */
	void (*dtr)(struct channel *ch, bool on);
};

/* Iterates over the rows of a list, in order; starts as { list }. */
struct chapter_walk {
	const struct chapter *const *chapter;
	const struct at_cmd *const *table;
	const struct at_cmd *row;
};

/* The next row, NULL after the last. */
const struct at_cmd *chapter_next_row(struct chapter_walk *w);

/* Call the hook of each chapter of the modem. */
void chapters_init(struct modem *m, int64_t epoch);
void chapters_open(struct channel *ch);
void chapters_close(struct channel *ch);
void chapters_stop(struct modem *m);
void chapters_start(struct modem *m);
void chapters_ready(struct modem *m);
void chapters_files(struct modem *m);
void chapters_network(struct modem *m, bool cell_only);
void chapters_gprs(struct modem *m);
void chapters_dtr(struct channel *ch, bool on);
