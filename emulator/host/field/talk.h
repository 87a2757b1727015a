/* Lines of text, as logs show them, become the bytes that a port had: line ends, echo,
 * prompts. For all readers of logs that do not write the bytes themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "host/field/log_int.h"

struct talk {
	struct field_reading *r;
	char *command; /* sent last, without CR; NULL: none so far */
	char *echo;    /* sent, and not seen coming back; NULL: nothing */
	bool whole;    /* the CR of `command` has been sent */
	bool running;  /* no final result so far */
	bool prompt;   /* the modem has asked for a text */
	bool assumed;  /* ... which the log has not shown so far */
	bool data;     /* after CONNECT */
	bool echoes;   /* ATE1, as far as known */
};

void talk_init(struct talk *t, struct field_reading *r);
void talk_clear(struct talk *t);

/* The host's command line, without CR. more: its rest comes later. */
void talk_command(struct talk *t, unsigned long line, const char *text, bool more);

/* The host's text after a prompt: its end is written in it (Ctrl-Z, ESC), or Ctrl-Z is
 * added, with a doubt. */
void talk_text(struct talk *t, unsigned long line, const char *text);

/* Whether what the host sends next is a text: the prompt has come, or a command runs that
 * asks for one. */
bool talk_wants_text(const struct talk *t);

/* One line of the modem, without its line ends; "" is none. The echo is found in it. */
void talk_line(struct talk *t, unsigned long line, const char *text);

/* Bytes of a side as they were. */
void talk_bytes(
	struct talk *t, unsigned long line, char side, const char *bytes, size_t len);

/* Several lines of the modem that a log has joined by spaces: "+CSQ: 22,0 OK". */
void talk_joined(struct talk *t, unsigned long line, const char *text);
