/* What power-on and reset clear: struct session, with its values first and its timers
 * after them. */
#pragma once

#include <stdbool.h>

struct modem;

/* Which commands exist in the state the modem is in. */
enum at_scope {
	AT_SCOPE_ALL,
	AT_SCOPE_NO_FIRMWARE, /* the downloader's few; any other is ERROR */
	AT_SCOPE_HOLLOW,      /* each line is answered OK, and nothing is done */
	AT_SCOPE_DOWNLOAD, /* AT+CFUN=1 between start characters; anything else is ignored
			    */
	AT_SCOPE_MUTE,     /* nothing is heard or sent */
};

void session_stop_timers(struct modem *m);

/* Zeroes all values and stops the timers. */
void session_clear(struct modem *m);

/* A reset started by the modem, as soon as the present entry is over. */
void session_restart(struct modem *m);

/* The modem crashes as soon as the present entry is over, and stays down until
 * power-on. */
void session_halt(struct modem *m);

/* A reset is pending: until then input is ignored. */
bool session_restarting(const struct modem *m);
