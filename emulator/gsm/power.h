/* Power and the LED (device.md LED patterns): the LED is derived and never set. */
#pragma once

#include <stdbool.h>

#include "base/names.h"

enum power_state {
	POWER_OFF,
	POWER_MUTE,        /* booting: the UART hears nothing */
	POWER_ON,          /* firmware runs */
	POWER_STOPPED,     /* AT+CFUN=0: no radio, no SIM */
	POWER_NO_FIRMWARE, /* only the downloader runs */
	POWER_DOWNLOAD,    /* AT+WDWL */
	POWER_DOWN,        /* AT+CPOF=1: until power comes again */
	POWER_BOOT_PIN,    /* the boot pin was low: only the boot loader runs */
	POWER_FAULT,       /* the firmware says Fault 04 and nothing else */
};
extern const struct name power_names[];

enum led {
	LED_OFF,
	LED_STEADY,     /* on, not registered */
	LED_SLOW,       /* registered: 200 ms on, 2 s off */
	LED_QUICK,      /* a call: 200 ms on, 600 ms off */
	LED_VERY_QUICK, /* software that cannot run: 100 ms on, 200 ms off */
};
extern const struct name led_names[];

enum led led_pattern(enum power_state power, bool registered, bool in_call);
