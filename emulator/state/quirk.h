/* Differences of a modem, a firmware or a unit from others of its kind. */
#pragma once

#include "base/names.h"

/* Named deviations. Each is one row in quirk_names[] (with its help line) and one `if` in
 * C. */
enum quirk {
	QUIRK_CPIN_NO_OK,       /* AT+CPIN? and AT+CPIN2? have no OK */
	QUIRK_WOPEN3_548,       /* AT+WOPEN=3 erases, but still answers 548 */
	QUIRK_WOPEN3_EMPTY_548, /* AT+WOPEN=3 answers 548 when there is nothing to erase
				 */
	QUIRK_ATI9_OK,          /* ATI9 is a bare OK */
	QUIRK_CFUN_4,           /* +CFUN knows 4 and <rst> */
	QUIRK_CFUN_NO_RESET,    /* ... and without <rst> AT+CFUN=1 is no reset */
	QUIRK_IDENTITY_TRAILING_SPACE, /* the model line ends with a space */
	QUIRK_RACK_ALWAYS_TOLD,        /* +WIND: 13 and 14 whatever the mask */
	QUIRK_CUSD_TIMEOUT,            /* +CUSD: 5 at a timeout of the network, else 2 */
	QUIRK_CMGR_EMPTY_321,          /* AT+CMGR of an empty position is CMS 321 */
	QUIRK_SMS_TEXT_EXT_DROP,       /* characters like [ vanish from typed messages */
	QUIRK_SMS_TEXT_EXT_305,        /* they are refused */
	QUIRK_SEARCH_AFTER_PIN,        /* no cell search before PIN entry */
	QUIRK_WIND11_OPEN_END,         /* +WIND: 11 has a comma after its last value */
	QUIRK_WOPEN_SIZES_BROKEN,      /* AT+WOPEN=6 and 9 are ERROR */
	QUIRK_LCP_NO_MAGIC,            /* the LCP request on GPRS has no magic number */
	QUIRK_PPP_DUMMY_ADDRESS,       /* IPCP does not wait for the context */
	QUIRK_WIOM_MASKS,              /* +WIOM has masks of directions and levels */
	QUIRK_NITZ_SETS_CLOCK,         /* with any +CTZU setting */
	QUIRK_CLIP_THIRD_VALUE,        /* before a name, in +CLIP and +COLP */
	QUIRK_ALARM_TO_THE_MINUTE,     /* +CALA: seconds are ignored */
	QUIRK_CMS_ALWAYS,              /* +CMS ERROR: n with AT+CMEE=0 too */
	QUIRK_CMGL_WITHOUT_TIME,       /* AT+CMGL in text mode, +CSDH=0: no time stamp */
	QUIRK_CSMP_VP_WANTS_VPF,       /* AT+CSMP=33,0,0,0 is refused */
	QUIRK_REPORTS_KEPT,            /* +CNMI ds 0 keeps status reports in SR */
	QUIRK_CCED_BY_CELL,     /* +CCED: each cell has its timing advance after it */
	QUIRK_PIN_STAYS_521,    /* AT+CLCK="SC",0 of a SIM that forbids it; else 526 */
	QUIRK_HOLDS_LINES,      /* a line waits for the end of any command */
	QUIRK_DEAD_LETTERS,     /* ATL, ATM and others are OK and do nothing */
	QUIRK_STK_TITLE,        /* +STGI: 6 begins with 0,0,0 */
	QUIRK_STSF_FOUR,        /* +STSF tells its fourth value */
	QUIRK_FTP_NOT_LICENSED, /* +WCFM=5 has no FTP, and WIPsoft opens none */
	QUIRKS,
};
extern const struct name quirk_names[];
