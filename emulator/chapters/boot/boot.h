/* Power-on, reset and stop, and what the modem says at each (boot.md Boot script). */
#pragma once

#include "at/at.h"

void boot_init(struct modem *m);

/* Power comes, or goes at once. */
void boot_power(struct modem *m, bool on);

/* AT+CFUN=1 and the like: restarts after the OK is out. */
void boot_reset(struct modem *m);

/* AT+CFUN=0 and 4: no network; with 0 no SIM either. AT_OK. */
int boot_stop(struct modem *m, int functionality);

/* AT+CFUN=1,0: network and SIM again, without a reset. AT_OK. */
int boot_resume(struct modem *m);

/* AT+CPOF=1: nothing more until power comes again. */
void boot_down(struct modem *m);

/* Arms the cyclic reset of AT+WRST, or stops it. */
void boot_cyclic(struct modem *m);

/* +CFUN: 0, 1 or 4. */
int boot_functionality(const struct modem *m);

/* A good PIN: the files are read, the network is asked for. */
void boot_sim_open(struct modem *m);

/* The phonebook that dialling goes by is another one now: +WIND: 4 again (boot.md
 * Indication events). */
void boot_books_exchanged(struct modem *m);

/* AT+WDWL: the firmware stops, the downloader listens. */
void boot_download(struct modem *m);

/* A header error: only the downloader's commands from now on. */
void boot_restricted(struct modem *m);
