/* Notices to the outside: events, and protocol mistakes of the host. */
#pragma once

#include "base/log.h"
#include "state/notice.h"

struct modem;

/* The program at the port has made a protocol mistake: logged, and sent as NOTICE_CLIENT
 * with the text. */
void modem_blame(struct modem *m, enum log_cat cat, enum client_fault code,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Sends a notice. */
void modem_notify(struct modem *m, enum notice_kind kind, const char *text, long value);

/* The same for NOTICE_DOWNLOAD; a file with kind NULL counts as no file. */
void modem_notify_file(
	struct modem *m, const char *text, long value, const struct notice_file *file);
