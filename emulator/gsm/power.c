#include "gsm/power.h"

#include <stddef.h>

const struct name power_names[] = {
	{ POWER_OFF, "off", "no power" },
	{ POWER_MUTE, "booting", "the UART does not receive yet" },
	{ POWER_ON, "on", "the firmware runs" },
	{ POWER_STOPPED, "stopped", "AT+CFUN=0: no radio, no SIM" },
	{ POWER_NO_FIRMWARE, "no-firmware", "only the downloader runs" },
	{ POWER_DOWNLOAD, "download", "AT+WDWL" },
	{ POWER_DOWN, "down", "AT+CPOF=1: off until power is applied again" },
	{ POWER_BOOT_PIN, "boot-pin", "the boot pin was low: only the boot loader runs" },
	{ POWER_FAULT, "fault", "the firmware outputs Fault 04 and nothing else" },
	{ 0, NULL, NULL },
};

const struct name led_names[] = {
	{ LED_OFF, "off", "no power, download, no firmware" },
	{ LED_STEADY, "steady", "not registered" },
	{ LED_SLOW, "slow", "registered" },
	{ LED_QUICK, "quick", "in a call" },
	{ LED_VERY_QUICK, "very quick", "software that cannot run" },
	{ 0, NULL, NULL },
};

/* device.md LED patterns; a steady one has no dark time */
struct led_blink led_blink(enum led led)
{
	switch (led) {
	case LED_OFF:
		break;
	case LED_STEADY:
		return (struct led_blink){ 1000, 0 };
	case LED_SLOW:
		return (struct led_blink){ 200, 2000 };
	case LED_QUICK:
		return (struct led_blink){ 200, 600 };
	case LED_VERY_QUICK:
		return (struct led_blink){ 100, 200 };
	}
	return (struct led_blink){ 0, 1000 };
}

enum led led_pattern(enum power_state power, bool registered, bool in_call)
{
	switch (power) {
	case POWER_OFF:
	case POWER_DOWN:
	case POWER_DOWNLOAD:
	case POWER_NO_FIRMWARE:
	case POWER_BOOT_PIN:
		return LED_OFF;
	case POWER_MUTE:
	case POWER_STOPPED:
		return LED_STEADY;
	case POWER_FAULT:
		return LED_VERY_QUICK;
	case POWER_ON:
		break;
	}
	if (!registered)
		return LED_STEADY;
	return in_call ? LED_QUICK : LED_SLOW;
}
