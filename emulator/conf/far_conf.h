/* The far ends of data calls as text, in `network.numbers` and --number:
 *
 *   action                 what actions send
 *   echo
 *   file:PATH              sends the content of a file
 *   tcp:[ADDRESS:]PORT     a connection; loopback without an address
 *
 * file and tcp may end in ",keep=PATH": what the far end receives goes to that file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "conf/doc.h"
#include "state/profile.h"

/* For help texts. */
#define FAR_KINDS "action, echo, file:PATH, tcp:[ADDRESS:]PORT"

struct far_end_conf {
	enum far_kind kind;
	char path[PROFILE_FAR]; /* FAR_FILE; "": nothing is sent */
	char host[48];          /* FAR_TCP: an address of IPv4, or what was in [] */
	unsigned port;          /* ... 1 to 65535 */
	char keep[PROFILE_FAR]; /* "": what it receives is not kept */
};

/* Reads one. NULL, or what is wrong ("what; remedy"). */
const char *far_conf_read(const char *text, struct far_end_conf *out);

/* Whether the address is this machine's loopback. */
bool far_conf_is_loopback(const char *host);

/* The check of a row. */
const char *check_far(const void *text);

/* Checks those of a bound network, whose tree is d: only those from --number may name
 * other machines, and files elsewhere, for a profile that came by mail must open
 * nothing. */
void far_conf_check(
	const struct calls_conf *c, const struct doc *d, struct doc_errors *e);

/* Sets what the texts say. The path of a profile is relative to the profile's folder. */
void far_conf_settle(struct calls_conf *c, const struct doc *d, struct doc_errors *e);
