/* The engine: characters to lines, lines to commands, commands to answers. */
#pragma once

#include "at/aside.h"
#include "at/at.h"
#include "at/prompt.h"
#include "state/fault.h"
#include "state/notice.h"
#include "state/session.h"

/* Room in the port that the engine needs before it goes on: the largest answer of one
 * piece, a final result and a URC after it. */
#define AT_ROOM (AT_PIECE_MAX + 2 * AT_URC_MAX)

/* What is written only when lines are typed and answered. */
struct at_memory {
	char typed[AT_LINE_MAX + 1], last[AT_LINE_MAX + 1], line[AT_LINE_MAX + 1];
	char text[AT_TEXT_MAX];
	char urc[8192];
	char told[2000]; /* a raw answer from YAML, escaped */
	struct at_cmd unknown;
	struct at_entry unknown_entry;
};

struct at_state {
	struct at_memory *memory;
	/* line.c */
	enum {
		AT_RX_HUNT,
		AT_RX_A,
		AT_RX_LINE
	} rx;
	char prefix;
	char *typed;
	size_t typed_len;
	bool typed_long, skip_lf, line_done;
	char *last; /* what A/ repeats */
	size_t last_len;
	/* run.c */
	char *line; /* the line being carried out */
	size_t len;
	bool overlong;
	bool running;  /* a line is being carried out */
	bool waiting;  /* ... and its command is pending */
	bool own_time; /* ... for longer than any command takes */
	bool latency_over;
	bool bare;      /* a line without a command, not yet seen by fault rules */
	bool want_room; /* pending only for room in the port */
	/* set when the host did not wait: bytes arrive now or were held before; and
	 * within this entry a final result or a prompt was sent that the host cannot have
	 * read yet */
	bool fresh, stale, answered, prompted;
	size_t pos;
	struct at_call call;
	struct timer latency, delay;
	/* aside.c */
	const struct at_cmd
		*working; /* the command during which the typed line is carried out */
	enum at_beside beside;
	/* prompt.c */
	bool prompt, prompt_lines, text_full;
	char *text;
	size_t text_len;
	/* faults.c */
	bool drop_info;    /* the running command sends no information */
	bool aborting;     /* it ends without a result */
	bool result_late;  /* its final result has waited */
	int held_result;   /* ... and is this one */
	bool text_late;    /* handling of its text waits */
	const char *bytes; /* of AT_BYTES, escaped */
	/* told.c */
	const struct answer_conf *told; /* what comes instead of its information */
	struct timer late_prompt, late;
	char unknown_name[FAULT_NAME]; /* of a command that no table has */
	/* reply.c, urc.c */
	bool info, in_block;
	bool executing; /* a handler runs: URCs it causes are sent after its result */
	struct buf urc; /* waiting lines: length, text, zero */
	bool urc_held;  /* at_urc_hold() */
	unsigned long urc_dropped;
};

void at_init(struct modem *m);

/* Makes the engine of a channel whose memory is set; ends all that it does, without a
 * result, before its channel goes. */
void at_channel_init(struct channel *ch);
void at_channel_stop(struct channel *ch);

/* Clears all but the firmware's tables: a new conversation. */
void at_restart(struct channel *ch);

/* The same on every channel: power-on and reset. */
void at_reset(struct modem *m, enum at_scope scope);

/* True while bytes from the DTE are accepted; otherwise they must be held. */
bool at_takes(const struct channel *ch);
void at_rx(struct channel *ch, unsigned char byte);

/* The same; also passes bytes to the running command while no line is accepted. Returns
 * how many of len > 0 were taken, 0: they must wait. */
size_t at_typed(struct channel *ch, const unsigned char *p, size_t len);

/* DTR (V.24 108/2) has changed: reported to rules and chapters; an incomplete line is
 * discarded when it drops. */
void at_dtr(struct channel *ch, bool on);

/* The same for a DLC, whose DTR is a bit of MSC: nobody has opened or closed a port. */
void at_dlc_dtr(struct channel *ch, bool on);

/* The port has room again. */
void at_room(struct channel *ch);

/* For handlers that have returned AT_PENDING: more() is called after the delay ... */
void at_wait(struct channel *ch, usec_t delay, enum timer_kind kind);

/* ... or now, for this reason. */
void at_wake(struct channel *ch, enum at_why why);

/* The same on every channel where the running command is `name`. */
void at_wake_named(struct modem *m, const char *name, enum at_why why);

/* The text of the running command is complete. */
void at_text_done(struct channel *ch);

/* True when the host kept typing while the line ran, without waiting. */
bool at_host_was_early(const struct channel *ch);

/* Reports the running line as a protocol mistake of the host. */
void at_blame_line(struct channel *ch, enum client_fault code);

/* Notifies that a command begins. */
void at_notify_command(struct channel *ch, const struct at_call *c);

/* Ends the running command without a result. */
void at_abort(struct channel *ch);

/* Ends it because of AT+WAC, with the result that its row has for that. */
void at_break_off(struct channel *ch);

/* Ends that command at once with this result, wherever it is still running. */
void at_cut_short(struct modem *m, const char *name, enum at_form form, int result);

/* True when the running command is the last on its line. */
bool at_line_ends(const struct channel *ch);

/* True when a ; directly follows the running basic command. */
bool at_semicolon_follows(const struct channel *ch);

/* Carries out the line in `line`. */
void at_run_line(struct channel *ch);

/* Carries out a line that nobody typed, without echo; A/ does not repeat it. Does nothing
 * while another line runs, or when no line would be heard. */
void at_run_text(struct channel *ch, const char *line);

/* Carries out the running command by its row, without its latency and without fault rules
 * (carry_out.c). */
int at_carry_out(struct channel *ch);

/* Whether a command of the same class runs on another channel (errors.md Class lock). */
bool at_class_locked(const struct channel *ch, const struct at_call *c);

/* The error of a command whose preconditions are not met, AT_OK when they are. */
int at_refused(const struct modem *m, const struct at_call *c);

/* The result of short message commands that corresponds to this one. */
int at_sms_result(int result);

/* AT_OK, or the error of the first at_need of the set that is not met; for handlers whose
 * needs depend on their arguments. */
int at_check_needs(const struct modem *m, unsigned needs);

/* True when the result of its line is about to be sent: nothing else is waited for. */
bool at_answers(const struct channel *ch);

/* The command that runs, NULL if none. */
const struct at_cmd *at_running(const struct channel *ch);

/* The error for a SIM to which the modem is locked out until it gets a key. */
int at_locked_error(const struct modem *m);
