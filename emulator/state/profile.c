/* The names of what a profile may say, and small queries on it. */
#include "state/profile.h"

#include <assert.h>
#include <string.h>

const struct name provenance_names[] = {
	{ PROVENANCE_INFERRED, "inferred", "no source proves it" },
	{ PROVENANCE_STANDARD, "standard", "a public standard says so" },
	{ PROVENANCE_FIELD, "field", "seen on real hardware" },
	{ PROVENANCE_MANUAL, "manual", "a manual of the maker says so" },
	{ 0, NULL, NULL },
};

const struct name port_names[] = {
	{ MODEM_UART1, "uart1", "the serial port that every modem has" },
	{ MODEM_UART2, "uart2", "the second serial port" },
	{ MODEM_USB, "usb", "the USB port" },
	{ 0, NULL, NULL },
};

const struct name subscriber_names[] = {
	{ SUBSCRIBER_ANSWERS, "answers", "after answer_after" },
	{ SUBSCRIBER_BUSY, "busy", "BUSY, cause 17" },
	{ SUBSCRIBER_NO_ANSWER, "no_answer",
		"rings for calls.no_answer, in real time at any speed, then cause 19; "
		"until then the control interface can answer or reject it" },
	{ SUBSCRIBER_REJECTS, "rejects", "cause 21" },
	{ SUBSCRIBER_SWITCHED_OFF, "switched_off", "cause 18" },
	{ SUBSCRIBER_UNOBTAINABLE, "unobtainable", "cause 1" },
	{ SUBSCRIBER_BARRED, "barred", "bars incoming calls: +CSSI: 6, cause 253" },
	{ 0, NULL, NULL },
};

const struct name caller_names[] = {
	{ CALLER_USUAL, "usual", "data if it has a modem, else voice" },
	{ CALLER_VOICE, "voice", "speech" },
	{ CALLER_DATA, "data", "a data modem" },
	{ CALLER_FAX, "fax", "a fax" },
	{ CALLER_UNSAID, "unsaid", "does not say: +CSNS decides" },
	{ 0, NULL, NULL },
};

const struct name detour_names[] = {
	{ DETOUR_NONE, "direct", "a direct call" },
	{ DETOUR_FORWARDED, "forwarded", "forwarded here from another number: +CSSU: 0" },
	{ DETOUR_DEFLECTED, "deflected", "deflected here by the called party: +CSSU: 9" },
	{ 0, NULL, NULL },
};

const struct name clir_names[] = {
	{ CLIR_NONE, "none", "the number is always shown" },
	{ CLIR_PERMANENT, "permanent", "the number is never shown" },
	{ CLIR_RESTRICTED, "restricted", "hidden unless a call says otherwise" },
	{ CLIR_ALLOWED, "allowed", "shown unless a call says otherwise" },
	{ 0, NULL, NULL },
};

const struct name login_way_names[] = {
	{ LOGIN_ANY, "any", "PAP or CHAP" },
	{ LOGIN_PAP, "pap", "PAP only" },
	{ LOGIN_CHAP, "chap", "CHAP only" },
	{ 0, NULL, NULL },
};

unsigned band_set(int wmbs)
{
	static const unsigned sets[] = {
		BAND_850,
		BAND_900,
		BAND_1800,
		BAND_1900,
		BAND_850 | BAND_1900,
		BAND_900 | BAND_1800,
		BAND_900 | BAND_1900,
		BAND_850 | BAND_900 | BAND_1800 | BAND_1900,
	};

	if (wmbs < 0 || wmbs >= (int)(sizeof(sets) / sizeof(sets[0])))
		return 0;
	return sets[wmbs];
}

const struct name cphs_line_names[] = {
	{ 1 << 0, "line1", "line 1" },
	{ 1 << 1, "line2", "line 2" },
	{ 1 << 2, "data", "data" },
	{ 1 << 3, "fax", "fax" },
	{ 0, NULL, NULL },
};

const struct name quirk_names[] = {
	{ QUIRK_CPIN_NO_OK, "cpin-no-ok",
		"AT+CPIN? and AT+CPIN2? are not followed by OK" },
	{ QUIRK_WOPEN3_548, "wopen3-548", "AT+WOPEN=3 erases, but still answers 548" },
	{ QUIRK_WOPEN3_EMPTY_548, "wopen3-empty-548",
		"AT+WOPEN=3 answers 548 when there is nothing to erase" },
	{ QUIRK_ATI9_OK, "ati9-ok", "ATI9 is a bare OK, without the list of components" },
	{ QUIRK_CFUN_4, "cfun-4", "+CFUN accepts 4 (radio off) and <rst>" },
	{ QUIRK_CFUN_NO_RESET, "cfun-no-reset",
		"with cfun-4: AT+CFUN=1 without <rst> does not reset (27.007 clause 8.2; "
		"no Wavecom)" },
	{ QUIRK_IDENTITY_TRAILING_SPACE, "identity-trailing-space",
		"the model line ends with a space" },
	{ QUIRK_RACK_ALWAYS_TOLD, "rack-always-told",
		"+WIND: 13 and 14 are sent with any AT+WIND setting" },
	{ QUIRK_CUSD_TIMEOUT, "cusd-timeout",
		"+CUSD: 5 reports a timeout of the network; without it 2 does" },
	{ QUIRK_CMGR_EMPTY_321, "cmgr-empty-321",
		"AT+CMGR of an empty position is +CMS ERROR: 321, not a bare OK" },
	{ QUIRK_SMS_TEXT_EXT_DROP, "sms-text-ext-drop",
		"[ ] { } \\ ~ ^ | vanish from messages typed in text mode" },
	{ QUIRK_SMS_TEXT_EXT_305, "sms-text-ext-305",
		"[ ] { } \\ ~ ^ | in a message typed in text mode are +CMS ERROR: 305" },
	{ QUIRK_SEARCH_AFTER_PIN, "search-after-pin",
		"no cell search before PIN entry, so +WIND: 7 comes after it" },
	{ QUIRK_WIND11_OPEN_END, "wind11-open-end",
		"+WIND: 11 has a comma after its last value" },
	{ QUIRK_WOPEN_SIZES_BROKEN, "wopen-sizes-broken",
		"AT+WOPEN=6 and AT+WOPEN=9 are ERROR, as after half an upgrade" },
	{ QUIRK_LCP_NO_MAGIC, "lcp-no-magic",
		"the LCP request on GPRS has no magic number" },
	{ QUIRK_PPP_DUMMY_ADDRESS, "ppp-dummy-address",
		"IPCP gives 192.168.111.112 before the context is there, and PAP's Ack "
		"says Welcome!" },
	{ QUIRK_WIOM_MASKS, "wiom-masks",
		"AT+WIOM takes masks of directions and levels, not a pin" },
	{ QUIRK_NITZ_SETS_CLOCK, "nitz-sets-clock",
		"the network sets the clock with any AT+CTZU setting" },
	{ QUIRK_CLIP_THIRD_VALUE, "clip-third-value",
		"+CLIP and +COLP have a 1 before the name" },
	{ QUIRK_ALARM_TO_THE_MINUTE, "alarm-to-the-minute",
		"AT+CALA ignores the seconds" },
	{ QUIRK_DEAD_LETTERS, "dead-letters",
		"ATB, ATL, ATM and other letters of older modems are OK and do nothing" },
	{ QUIRK_CMS_ALWAYS, "cms-always",
		"errors of short messages have their code with AT+CMEE=0 too" },
	{ QUIRK_CMGL_WITHOUT_TIME, "cmgl-without-time",
		"AT+CMGL in text mode has no time stamp while +CSDH is 0" },
	{ QUIRK_CSMP_VP_WANTS_VPF, "csmp-vp-wants-format",
		"AT+CSMP refuses a new validity period if fo has none" },
	{ QUIRK_REPORTS_KEPT, "reports-kept",
		"status reports that +CNMI does not route are kept in SR" },
	{ QUIRK_CCED_BY_CELL, "cced-by-cell",
		"+CCED reports the timing advance after each cell, not at the end" },
	{ QUIRK_PIN_STAYS_521, "pin-stays-521",
		"for a SIM whose PIN cannot be disabled, AT+CLCK is +CME ERROR: 521, not "
		"526" },
	{ QUIRK_HOLDS_LINES, "holds-lines",
		"a line that comes while a command runs waits for its end, instead of "
		"+CME ERROR: 515" },
	{ QUIRK_STK_TITLE, "stk-title",
		"+STGI: 6 begins with three numbers: 0,0,0,\"title\"" },
	{ QUIRK_STSF_FOUR, "stsf-four", "+STSF has a fourth value: autoresponse" },
	{ QUIRK_FTP_NOT_LICENSED, "ftp-not-licensed",
		"AT+WIPCREATE=4 is +CME ERROR: 846; AT+WCFM=5 tells it" },
	{ 0, NULL, NULL },
};

const struct name install_names[] = {
	{ INSTALL_BAND, "band", "+WMBS" },
	{ INSTALL_WIND, "wind", "+WIND" },
	{ INSTALL_SPEED, "speed", "+IPR, +ICF, +IFC" },
	{ INSTALL_PROFILE, "profile", "the settings saved by AT&W" },
	{ INSTALL_WOPEN, "wopen", "the mode of +WOPEN" },
	{ INSTALL_AD_SIZE, "ad_size", "the size of the A&D area" },
	{ INSTALL_APPLICATION, "application", "the Open AT application" },
	{ INSTALL_FLASH_OBJECTS, "flash_objects", "what applications have stored" },
	{ INSTALL_CACHE_SM, "phonebook_cache_sm",
		"what is remembered of SM for +WIND: 10" },
	{ INSTALL_CACHE_FD, "phonebook_cache_fd", "the same for FD" },
	{ INSTALL_CACHE_ON, "phonebook_cache_on", "the same for ON" },
	{ INSTALL_CACHE_SN, "phonebook_cache_sn", "the same for SN" },
	{ INSTALL_CACHE_EN, "phonebook_cache_en", "the same for EN" },
	{ INSTALL_AD_VOLUME, "ad_volume", "the A&D volume: it is formatted" },
	{ 0, NULL, NULL },
};

const struct name sms_centre_names[] = {
	{ SMS_CENTRE_OWN, "own", "the emulator" },
	{ SMS_CENTRE_OUTSIDE, "outside", "a program, through the control interface" },
	{ 0, NULL, NULL },
};

const struct name nitz_names[] = {
	{ NITZ_LONG, "long", "its long name" },
	{ NITZ_SHORT, "short", "its short name" },
	{ NITZ_ZONE, "zone", "only its zone" },
	{ NITZ_TIME, "time", "the time, with the zone" },
	{ NITZ_SAVING, "saving", "summer time" },
	{ 0, NULL, NULL },
};

const struct name dota_names[] = {
	{ DOTA_NONE, "none", "does not have it" },
	{ DOTA_MAKES, "makes", "creates it" },
	{ DOTA_NEEDS, "needs", "does not start without it: Fault 04" },
	{ 0, NULL, NULL },
};

const struct name route_names[] = {
	{ ROUTE_FIRMWARE, "firmware", "the firmware alone" },
	{ ROUTE_SESSION, "session", "downloader and firmware in one session" },
	{ ROUTE_RESET, "reset", "downloader, AT+CFUN=1, firmware" },
	{ ROUTE_ERASE_FIRMWARE, "erase_firmware", "AT+WOPEN=4, the firmware alone" },
	{ ROUTE_ERASE_SESSION, "erase_session",
		"AT+WOPEN=4, downloader and firmware in one session" },
	{ ROUTE_ERASE_RESET, "erase_reset",
		"AT+WOPEN=4, downloader, AT+CFUN=1, firmware" },
	{ ROUTE_E2P, "e2p", "E2P image and firmware in one session" },
	{ 0, NULL, NULL },
};

const struct name book_names[] = {
	{ BOOK_SM, "SM", "numbers on the SIM" },
	{ BOOK_FD, "FD", "fixed dialling" },
	{ BOOK_ON, "ON", "own numbers" },
	{ BOOK_SN, "SN", "service numbers" },
	{ BOOK_EN, "EN", "emergency numbers" },
	{ 0, NULL, NULL },
};

const struct name dwl_start_names[] = {
	{ DWL_START_NAK, "NAK", "asks for checksums" },
	{ DWL_START_C, "C", "asks for CRC" },
	{ 0, NULL, NULL },
};

static struct firmware_slot *slot_read(const struct profile *p, size_t i)
{
	struct firmware_slot *slot = &p->shelf->slot[i];

	if (slot->state == FIRMWARE_UNREAD)
		p->shelf->read(p->shelf, i);
	assert(slot->state != FIRMWARE_UNREAD);
	return slot;
}

static struct firmware_slot *slot_named(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->shelf->n; i++)
		if (!strcmp(p->shelf->slot[i].name, name))
			return slot_read(p, i);
	return NULL;
}

const struct firmware *profile_firmware(const struct profile *p, const char *name)
{
	const struct firmware_slot *slot = slot_named(p, name);

	return slot ? slot->is : NULL;
}

bool profile_find(const struct profile *p, const char *name, size_t *slot)
{
	const struct firmware_slot *found = slot_named(p, name);

	if (!found || !found->is)
		return false;
	*slot = (size_t)(found - p->shelf->slot);
	return true;
}

const char *profile_flaw(const struct profile *p, const char *name)
{
	const struct firmware_slot *slot = slot_named(p, name);

	return slot ? slot->flaw : NULL;
}

const struct firmware *profile_at(const struct profile *p, size_t slot)
{
	assert(slot < p->shelf->n && p->shelf->slot[slot].is);
	return p->shelf->slot[slot].is;
}

const struct firmware *profile_nth(const struct profile *p, size_t i)
{
	const struct firmware *f;
	size_t k;

	for (k = 0; k < p->shelf->n; k++) {
		f = slot_read(p, k)->is;
		if (f && !i--)
			return f;
	}
	return NULL;
}

bool device_has_module(const struct device *d, const char *module)
{
	size_t i;

	for (i = 0; i < d->n_modules; i++)
		if (!strcmp(d->modules[i], module))
			return true;
	return false;
}

bool firmware_has(const struct firmware *f, enum quirk q)
{
	return f->quirks & 1u << q;
}
