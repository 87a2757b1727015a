/* A conversation at a port as commands and answers, from the bytes of both sides: for logs
 * that are imported, and for real modems that are recorded and compared. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"

#define EXCHANGE_KEPT 4096 /* octets of data that are kept of each side */

struct exchange_line {
	char *text; /* without its line end; octets that are not printable as \r, <1A> */
	usec_t at;
	bool unsolicited; /* by its form, or because no command was running */
};

/* A command with its answer, or (command "") one unsolicited line. Strings belong to the
 * exchange. */
struct exchange {
	char *command; /* as typed, without CR */
	char *text;    /* typed at its prompt, without Ctrl-Z or ESC; NULL: none */
	char *result;  /* final result; NULL: none came. "CONNECT ..." begins data */
	struct exchange_line *line;
	size_t n;
	bool prompted, cancelled; /* the prompt came; ESC ended the text */
	bool echoed;              /* the modem has sent it back */
	bool cut_short;           /* another line came before its result */
	usec_t asked, answered;   /* its CR; its result, or the last byte of it */
	usec_t cut;               /* cut_short: when the other line came */
	size_t data[2];           /* octets after CONNECT: of the host, of the modem */
	uint8_t *kept[2];         /* the first of them, at most EXCHANGE_KEPT; or NULL */
	unsigned long where;      /* as given with its first byte */
};

struct exchanges;

/* take() gets each exchange once it is complete, in the order of their beginnings but for
 * unsolicited lines, which come at once. */
struct exchanges *exchanges_new(
	void (*take)(void *ctx, const struct exchange *x), void *ctx);
void exchanges_free(struct exchanges *e); /* NULL is allowed */

/* Bytes of one side: '>' from the host, '<' from the modem. where: a place in the source,
 * such as the number of a line. */
void exchanges_bytes(struct exchanges *e, usec_t at, char side, const void *buf,
	size_t len, unsigned long where);

/* Nothing more comes: what is incomplete is taken as it is. */
void exchanges_end(struct exchanges *e);

/* What the modem's side waits for, as far as the bytes tell. */
enum exchange_state {
	EXCHANGE_IDLE,
	EXCHANGE_RUNS,   /* a command has no result yet */
	EXCHANGE_PROMPT, /* it has asked for text */
	EXCHANGE_DATA,   /* after CONNECT */
};
enum exchange_state exchanges_state(const struct exchanges *e);

/* A copy that is the caller's, to be freed with exchange_free(); NULL is allowed there. */
struct exchange *exchange_copy(const struct exchange *x);
void exchange_free(struct exchange *x);

/* Whether a line can be part of the answer to this command: "+CSQ: 3,0" to AT+CSQ, any
 * text to ATI. */
bool exchange_answers(const char *command, const char *line);

/* Whether a line is a final result of V.250, 27.007 or 27.005. */
bool exchange_is_result(const char *line);
