/* What the outside is told besides bytes: happenings, and what the host does wrong. */
#pragma once

#include "base/log.h"
#include "state/notice.h"

struct modem;

/* The program at the port has done something that a modem punishes: logged, and told as
 * NOTICE_CLIENT with the text. */
void modem_blame(struct modem *m, enum log_cat cat, enum client_fault code,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Tells the outside what happened. */
void modem_notify(struct modem *m, enum notice_kind kind, const char *text, long value);

/* The same for NOTICE_DOWNLOAD; a file without kind is none. */
void modem_notify_file(
	struct modem *m, const char *text, long value, const struct notice_file *file);
