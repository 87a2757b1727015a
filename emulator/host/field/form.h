/* What a line of text can be, by its form: a command, a result, an answer. For logs that do
 * not say who sent it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A command line: "AT", "at+csq", "ATD123;", "A/", not "Attached to ...". */
bool form_is_command(const char *text);

/* A final result code, an intermediate one, or an unsolicited line. */
bool form_is_from_modem(const char *text);
bool form_is_result(const char *text);

/* Whether the answer to this command can be free text: ATI, +CGMR, AT&V, +CMGL. */
bool form_has_free_answer(const char *command);

/* Whether the command asks for a text at a prompt: +CMGS=..., +CMGW=...; not "=?". */
bool form_takes_text(const char *command);

/* Only hex digits, at least two, in pairs. */
bool form_is_hex(const char *text);

/* Octets of a PDU in hex whose TPDU has so many (as in +CMGS=<length>): its SMSC address
 * comes first. 0: the text is too short to say. */
size_t form_pdu_digits(const char *hex, unsigned tpdu);

/* Puts typewriter characters for what word processors and forums make of them: quotes,
 * dashes, the no-break space. In place; returns whether something changed. */
bool form_plain(char *text);

/* How many characters a written end of line takes at the end of the text: "[enter]",
 * "<CR>", "<enter>". 0: none. */
size_t form_written_end(const char *text);
