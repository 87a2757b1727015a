/* The engine: characters to lines, lines to commands, commands to answers. */
#pragma once

#include "at/aside.h"
#include "at/at.h"
#include "at/prompt.h"

/* Room in the port that the engine wants before it goes on: the largest answer of one
 * piece, a final result and a URC behind it. */
#define AT_ROOM (AT_PIECE_MAX + 2 * AT_URC_MAX)

/* Which commands exist in the state the modem is in. */
enum at_scope {
	AT_SCOPE_ALL,
	AT_SCOPE_NO_FIRMWARE, /* the downloader's few; all else is ERROR */
	AT_SCOPE_HOLLOW,      /* each line is OK, and nothing is done */
	AT_SCOPE_DOWNLOAD, /* AT+CFUN=1 between start characters; all else is unheard */
	AT_SCOPE_MUTE,     /* nothing is heard or said */
};

struct at_state {
	enum at_scope scope;
	/* line.c */
	enum {
		AT_RX_HUNT,
		AT_RX_A,
		AT_RX_LINE
	} rx;
	char prefix;
	char typed[AT_LINE_MAX + 1];
	size_t typed_len;
	bool typed_long, skip_lf, line_done;
	char last[AT_LINE_MAX + 1]; /* what A/ repeats */
	size_t last_len;
	/* run.c */
	char line[AT_LINE_MAX + 1]; /* what is carried out */
	size_t len;
	bool overlong;
	bool running;  /* a line is being carried out */
	bool waiting;  /* ... and its command is pending */
	bool own_time; /* ... for longer than the time that any command takes */
	bool latency_over;
	bool bare;      /* a line without a command, not yet carried out for faults */
	bool want_room; /* pending for room in the port only */
	/* whom the host does not wait for: bytes come now, were held before; and within
	 * this entry a final result or a prompt was said, which it cannot know yet */
	bool fresh, stale, answered, prompted;
	size_t pos;
	struct at_call call;
	struct timer latency, delay;
	/* aside.c */
	const struct at_cmd *working; /* beside which the typed line is carried out */
	enum at_beside beside;
	/* prompt.c */
	bool prompt, prompt_lines, text_full;
	char text[AT_TEXT_MAX];
	size_t text_len;
	/* faults.c */
	bool drop_info;    /* the running command says nothing of its own */
	bool aborting;     /* it ends without a word */
	bool result_late;  /* its final result has waited */
	int held_result;   /* ... and is this one */
	bool text_late;    /* what is done with its text waits */
	const char *bytes; /* of AT_BYTES, escaped */
	struct timer late_prompt, late;
	struct at_cmd unknown; /* a command that no table has */
	struct at_entry unknown_entry;
	char unknown_name[FAULT_NAME];
	/* reply.c, urc.c */
	bool info, in_block;
	bool executing; /* a handler runs: what it brings about is told behind it */
	char urc_mem[8192];
	struct buf urc; /* lines that wait: length, text, zero */
	unsigned long urc_dropped;
};

void at_init(struct modem *m);

/* Forgets all but the firmware's tables: power-on and reset. */
void at_reset(struct modem *m, enum at_scope scope);

/* True while bytes from the DTE are taken; else they must be held. */
bool at_takes(const struct modem *m);
void at_rx(struct modem *m, unsigned char byte);

/* The same, or what the running command makes of bytes while no line is taken. Returns
 * how many of len > 0 have been taken, 0: they must wait. */
size_t at_typed(struct modem *m, const unsigned char *p, size_t len);

/* The DTE has gone: half a line is forgotten. */
void at_hang_up(struct modem *m);

/* DTR (V.24 108/2) has changed: reported to rules and chapters; half a line is forgotten
 * when it falls. */
void at_dtr(struct modem *m, bool on);

/* There is room in the port. */
void at_room(struct modem *m);

/* For handlers that have returned AT_PENDING: more() is called after the delay ... */
void at_wait(struct modem *m, usec_t delay, enum timer_kind kind);

/* ... or now, for this reason, if the running command is `name` (NULL: whichever). */
void at_wake(struct modem *m, const char *name, enum at_why why);

/* The text of the running command is complete. */
void at_text_done(struct modem *m);

/* True when the host has typed on while the line ran: it waits for nothing. */
bool at_host_was_early(const struct modem *m);

/* The running line is one that the modem punishes. */
void at_blame_line(struct modem *m, enum client_fault code);

/* Tells who listens which command begins. */
void at_notify_command(struct modem *m, const struct at_call *c);

/* Ends the running command without a word. */
void at_abort(struct modem *m);

/* Ends it by AT+WAC, with the result that its row has for that. */
void at_break_off(struct modem *m);

/* That command, while it still takes its time, ends at once with this result. */
void at_cut_short(struct modem *m, const char *name, enum at_form form, int result);

/* True when nothing follows the running command on its line. */
bool at_line_ends(const struct modem *m);

/* True when a ; stands right behind the running basic command. */
bool at_semicolon_follows(const struct modem *m);

/* Carries out a line that nobody has typed, without echo; A/ does not repeat it. Nothing
 * happens while another line runs, or where none would be heard. */
void at_run_text(struct modem *m, const char *line);

/* The running command by its row, without its latency and without rules for what goes
 * wrong (carry_out.c). */
int at_carry_out(struct modem *m);

/* The result of a command whose preconditions are not met, AT_OK when they are. */
int at_refused(const struct modem *m, const struct at_call *c);

/* What short message commands say instead of a result. */
int at_sms_result(int result);

/* AT_OK, or the error of the first at_need of the set that is not met; for handlers whose
 * needs depend on their arguments. */
int at_check_needs(const struct modem *m, unsigned needs);

/* The command that runs, NULL if none. */
const struct at_cmd *at_running(const struct modem *m);

/* The error of a card that waits for a key of the modem. */
int at_locked_error(const struct modem *m);
