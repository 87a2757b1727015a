/* The names in the YAML of a SIM toolkit. */
#include "state/toolkit_conf.h"

const struct name toolkit_asked_names[] = {
	{ TOOLKIT_SET_UP_MENU, "none", NULL },
	{ TOOLKIT_DISPLAY_TEXT, "display_text", "shows a text" },
	{ TOOLKIT_GET_INKEY, "get_inkey", "asks for one character" },
	{ TOOLKIT_GET_INPUT, "get_input", "asks for a text or digits" },
	{ TOOLKIT_SET_UP_CALL, "set_up_call", "calls a number, if the user accepts" },
	{ TOOLKIT_PLAY_TONE, "play_tone", "plays a tone" },
	{ TOOLKIT_SELECT_ITEM, "select_item", "shows a menu" },
	{ TOOLKIT_REFRESH, "refresh", "makes the modem read the card again" },
	{ TOOLKIT_SEND_SS, "send_ss", "sends a key sequence such as *21*0123456#" },
	{ TOOLKIT_SEND_SMS, "send_sms", "sends a short message" },
	{ TOOLKIT_SEND_USSD, "send_ussd", "sends a USSD string" },
	{ TOOLKIT_SET_UP_EVENT_LIST, "set_up_event_list",
		"wants to hear what the user does; `then` follows such an event" },
	{ 0, NULL, NULL },
};

const struct name toolkit_format_names[] = {
	{ TOOLKIT_DIGITS, "digits", "0 to 9, *, # and +" },
	{ TOOLKIT_GSM, "gsm", "the GSM alphabet" },
	{ TOOLKIT_UCS2, "ucs2", "any character; the host types hexadecimal digits" },
	{ TOOLKIT_UNPACKED, "unpacked", "the GSM alphabet, not packed for the card" },
	{ TOOLKIT_PACKED, "packed", "the GSM alphabet, packed for the card" },
	{ TOOLKIT_YES_NO, "yes_no", "y or n: after n `fails` follows" },
	{ 0, NULL, NULL },
};

const struct name toolkit_class_names[] = {
	{ TOOLKIT_VOICE, "voice", NULL },
	{ TOOLKIT_DATA, "data", NULL },
	{ TOOLKIT_FAX, "fax", NULL },
	{ 0, NULL, NULL },
};

const struct name toolkit_others_names[] = {
	{ TOOLKIT_ONLY_IDLE, "idle", "only while there is no call; else `fails`" },
	{ TOOLKIT_HOLD, "hold", "other calls are put on hold" },
	{ TOOLKIT_END, "end", "other calls end" },
	{ 0, NULL, NULL },
};

const struct name toolkit_unit_names[] = {
	{ TOOLKIT_MINUTES, "minutes", NULL },
	{ TOOLKIT_SECONDS, "seconds", NULL },
	{ TOOLKIT_TENTHS, "tenths", "of a second" },
	{ 0, NULL, NULL },
};

const struct name toolkit_user_names[] = {
	{ TOOLKIT_IDLE_SCREEN, "idle_screen", "returns to the idle screen" },
	{ TOOLKIT_ACTIVITY, "activity", "does anything" },
	{ TOOLKIT_BOTH, "both", "either" },
	{ TOOLKIT_CANCEL, "cancel", "nothing is to be reported any more" },
	{ 0, NULL, NULL },
};
