/* A chapter of the manual: one folder of chapters/, which has its commands, what it does
 * with events, and its helpers. It exports one struct chapter; chapters/chapters.c lists
 * them all, and the engine gets that list when a modem is made. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct at_cmd;
struct modem;

struct chapter {
	const char *name;
	/* Its tables of commands up to a NULL; each ends with a row without a name. */
	const struct at_cmd *const *rows;

	/* What it does at these moments, in the order of the list; each may be NULL. */

	/* The modem is made, and its memory is zero: its timers, its part of the world.
	 * epoch: Unix time in seconds at virtual time 0. Records are loaded afterwards.
	 */
	void (*init)(struct modem *m, int64_t epoch);
	/* Power goes, or comes, or a reset or download begins: what is under way ends
	 * without a word. The session is cleared afterwards. */
	void (*stop)(struct modem *m);
	/* Power-on and reset: settings are those of the firmware and of AT&W. */
	void (*start)(struct modem *m);
	/* +WIND: 3 has been said. */
	void (*ready)(struct modem *m);
	/* +WIND: 4 has been said: the files of the SIM have been read. */
	void (*files)(struct modem *m);
	/* The registration has changed; or, registered, the cell alone. */
	void (*network)(struct modem *m, bool cell_only);
	/* DTR has come or gone. */
	void (*dtr)(struct modem *m, bool on);
};

/* A walk over the rows of a list, in its order: begins as { list }. */
struct chapter_walk {
	const struct chapter *const *chapter;
	const struct at_cmd *const *table;
	const struct at_cmd *row;
};

/* The next row, NULL after the last. */
const struct at_cmd *chapter_next_row(struct chapter_walk *w);

/* Have each chapter of the modem do it. */
void chapters_init(struct modem *m, int64_t epoch);
void chapters_stop(struct modem *m);
void chapters_start(struct modem *m);
void chapters_ready(struct modem *m);
void chapters_files(struct modem *m);
void chapters_network(struct modem *m, bool cell_only);
void chapters_dtr(struct modem *m, bool on);
