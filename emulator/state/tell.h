/* Notices to the outside: events, and protocol mistakes of the host. */
#pragma once

#include "base/log.h"
#include "state/notice.h"

struct channel;
struct modem;

/* Sends a notice about the modem, or about a channel. */
void modem_notify(struct modem *m, enum notice_kind kind, const char *text, long value);
void channel_notify(
	struct channel *ch, enum notice_kind kind, const char *text, long value);

/* The same for NOTICE_DOWNLOAD; a file with kind NULL counts as no file. */
void channel_notify_file(
	struct channel *ch, const char *text, long value, const struct notice_file *file);

/* The program at the port has made a protocol mistake: logged, and sent as NOTICE_CLIENT
 * with the text. modem_blame() is for one that shows at no particular port. */
void modem_blame(struct modem *m, enum log_cat cat, enum client_fault code,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void channel_blame(struct channel *ch, enum log_cat cat, enum client_fault code,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
