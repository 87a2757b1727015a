/* Lines that the firmware or the running application says at a stage of the boot
 * (state/say_conf.h). */
#pragma once

#include "state/say_conf.h"

struct modem;

void boot_lines_init(struct modem *m);

/* The boot has reached this stage; only the first time counts. */
void boot_stage(struct modem *m, enum boot_stage stage);

/* Says the lines whose time has come, and waits for the next. To be called when the
 * application that runs has changed. */
void boot_lines(struct modem *m);
