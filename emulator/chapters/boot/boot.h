/* Power-on, reset and stop, and what the modem sends at each (boot.md Boot script). */
#pragma once

#include "at/at.h"

void boot_init(struct modem *m);

/* Switches the power on, or off at once. */
void boot_power(struct modem *m, bool on);

/* AT+CFUN=1 and the like: restarts after the OK has been sent. */
void boot_reset(struct modem *m);

/* AT+CFUN=0 and 4: switches the network off; 0 also the SIM. Returns AT_OK. */
int boot_stop(struct modem *m, int functionality);

/* AT+CFUN=1,0: switches network and SIM on again without a reset. Returns AT_OK. */
int boot_resume(struct modem *m);

/* AT+CPOF=1: silence until the next power-on. */
void boot_down(struct modem *m);

/* Arms the cyclic reset of AT+WRST, or stops it. */
void boot_cyclic(struct modem *m);

/* The value of +CFUN: 0, 1 or 4. */
int boot_functionality(const struct modem *m);

/* The PIN was correct: reads the SIM files, starts the network search. */
void boot_sim_open(struct modem *m);

/* The phonebook for dialling has changed between SM and FD: sends +WIND: 4 again (boot.md
 * Indication events). */
void boot_books_exchanged(struct modem *m);

/* AT+WDWL: the firmware stops, the downloader listens. */
void boot_download(struct modem *m);

/* After a header error: from now on only the downloader's commands work. */
void boot_restricted(struct modem *m);
