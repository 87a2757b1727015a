/* Mails as +WIPOPT of WIPsoft describes them: the head (RFC 5322) and the recipients. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Texts; "": not set. to and cc are lists of addresses, with commas between them. */
struct mail {
	const char *from, *from_name, *to, *cc, *subject;
};

/* The head, with its empty line, ended by a zero. Returns its length, 0: it does not fit.
 * Control characters become spaces, so that no text begins a line of its own. */
size_t mail_head(const struct mail *m, char *out, size_t size);

/* The first address of a list, without spaces around it; returns what follows it, NULL
 * when there was none left. out is "" when it is none: too long, or with characters that
 * end an address in SMTP. */
const char *mail_address(const char *list, char *out, size_t size);

/* Whether a text has characters below the space, or 0x7f. */
bool mail_has_control(const char *text);
