/* Power and the LED (device.md LED patterns). The LED state is derived and never set. */
#pragma once

#include <stdbool.h>

#include "base/names.h"

enum power_state {
	POWER_OFF,
	POWER_MUTE,        /* booting: the UART does not receive */
	POWER_ON,          /* firmware runs */
	POWER_STOPPED,     /* AT+CFUN=0: no radio, no SIM */
	POWER_NO_FIRMWARE, /* only the downloader runs */
	POWER_DOWNLOAD,    /* AT+WDWL */
	POWER_DOWN,        /* AT+CPOF=1: off until power is applied again */
	POWER_BOOT_PIN,    /* the boot pin was low: only the boot loader runs */
	POWER_FAULT,       /* the firmware outputs Fault 04 and nothing else */
};
extern const struct name power_names[];

enum led {
	LED_OFF,
	LED_STEADY,     /* on, not registered */
	LED_SLOW,       /* registered */
	LED_QUICK,      /* a call */
	LED_VERY_QUICK, /* software that cannot run */
};
extern const struct name led_names[];

/* How long it is lit and dark in turn, in milliseconds; off 0: always lit, on 0: always
 * dark. */
struct led_blink {
	int on, off;
};
struct led_blink led_blink(enum led led);

enum led led_pattern(enum power_state power, bool registered, bool in_call);
